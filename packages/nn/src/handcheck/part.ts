/** A report as a part of a page, apart from its other forms: a page loads one of them. */

import type { AnyReport } from "./report.ts";
import type { Document, RenderOptions } from "./report/document.ts";
import { toPart } from "./report/html/page.ts";
import { networkDocument, type Compared } from "./report/of-network.ts";

/** Holds what the page of a report may show beyond it. */
export interface HtmlOptions extends RenderOptions {
  /** The numbers themselves, by equation and layer. */
  readonly tensors?: readonly Compared[];
  /** The network's derivation, as `derive` gives it, from hint level 3. */
  readonly derivation?: { readonly document: Document };
  /** Says what was checked: the name of a file. */
  readonly file?: string;
}

/** The report as a document that a page can show. */
export const documentFor = (report: AnyReport, { derivation, ...options }: HtmlOptions): Document =>
  networkDocument(report, { ...options, appendix: derivation?.document ?? null });

/**
 * Returns what stands on the page of `reportHtml`, for a page of your own: its elements and classes, every text
 * escaped, no style and no script.
 */
export const reportPart = (report: AnyReport, options: Omit<HtmlOptions, "file"> = {}): string =>
  toPart(documentFor(report, options));
