/** A report as it leaves the page: what the command writes, by the same writers. */

import {
  reportHtml,
  reportJson,
  reportLatex,
  type CheckedFiles,
  type Hints,
  type Language,
} from "@chainrule/nn/handcheck";
import type { Form } from "./protocol.ts";

export function download(
  { report, tensors }: CheckedFiles,
  {
    form,
    lang,
    hints,
    file,
  }: { readonly form: Form; readonly lang: Language; readonly hints: Hints; readonly file?: string },
): string {
  if (form === "html") return reportHtml(report, { lang, hints, tensors, ...(file === undefined ? {} : { file }) });
  if (form === "latex") return reportLatex(report, { lang, hints });
  return `${JSON.stringify(reportJson(report, hints), null, 2)}\n`;
}
