/** Says what a check of a kernel or of named intermediates says. */

import type { Hints, RenderOptions } from "../report/document.ts";
import { toHtml, toPart } from "../report/html/page.ts";
import { toLatex } from "../report/latex.ts";
import { toMarkdown } from "../report/markdown.ts";
import { opDocument, type OpOptions } from "../report/of-op.ts";
import { toText, type TextLayout } from "../report/text.ts";
import { exitCode, type ComparedArray, type ExaminedOp, type OpFindings } from "../report.ts";
import { countOf, type Numbers } from "../bounds/numbers.ts";

/** How the text is written. */
export interface OpTextOptions extends RenderOptions, TextLayout {}

/** Holds what the page may show beyond the report. */
interface OpHtmlOptions extends OpOptions {
  /** Says what was checked: the name of a file. */
  readonly file?: string;
}

/** The report, which prints itself. */
export interface OpReport extends OpFindings {
  readonly exitCode: ReturnType<typeof exitCode>;
  toText(options?: OpTextOptions): string;
  toMarkdown(options?: RenderOptions): string;
  toLatex(options?: RenderOptions): string;
  /** A page of its own, with the numbers as maps. */
  toHtml(options?: OpHtmlOptions): string;
  /**
   * Returns what stands on that page, for a page of your own: elements and classes, every text escaped, no style, no
   * script.
   */
  toPart(options?: OpOptions): string;
  /** The schema `opcheck/1`. */
  toJson(hints?: Hints): object;
}

const rowsOf = ({ data, shape }: Numbers): number[][] => {
  const width = shape.at(-1) ?? 1;
  return Array.from({ length: width === 0 ? 0 : countOf(shape) / width }, (_, i) =>
    Array.from(data.subarray(i * width, (i + 1) * width)),
  );
};

/** A gradient beside the right one, for looking at. */
export const compared = (name: string, yours: Numbers, correct: Numbers): ComparedArray => ({
  name,
  shape: correct.shape,
  yours: rowsOf(yours),
  correct: rowsOf(correct),
});

/** Findings with their printing. */
export function reported({ findings, tensors }: ExaminedOp): OpReport {
  const printing = {
    exitCode: exitCode(findings.verdict),
    toText: (options: OpTextOptions = {}) => toText(opDocument(findings, options), options),
    toMarkdown: (options?: RenderOptions) => toMarkdown(opDocument(findings, options)),
    toLatex: (options?: RenderOptions) => toLatex(opDocument(findings, options)),
    toHtml: (options: OpHtmlOptions = {}) => toHtml(opDocument(findings, { tensors, ...options }), options),
    toPart: (options: OpOptions = {}) => toPart(opDocument(findings, { tensors, ...options })),
    toJson: (hints: Hints = 3) => opDocument(findings, { hints }).data,
  };
  // As it is, so that what is worked out when it is asked for waits until then.
  return Object.defineProperties(printing, Object.getOwnPropertyDescriptors(findings)) as OpReport;
}
