/** A report of a network in each form, as one call. */

import { documentFor, type HtmlOptions } from "./part.ts";
import type { AnyReport } from "./report.ts";
import type { Hints, RenderOptions } from "./report/document.ts";
import { toHtml } from "./report/html/page.ts";
import { toLatex } from "./report/latex.ts";
import { toMarkdown } from "./report/markdown.ts";
import { networkDocument } from "./report/of-network.ts";
import { toText, type TextLayout } from "./report/text.ts";

/** How the text of a report is written. */
export interface TextOptions extends RenderOptions, TextLayout {}

/**
 * The report for a terminal: plain lines of at most `width` columns, 80 where nothing is said.
 *
 * @param report - what `handcheck` or `formulas` gave
 * @param options - language, hints, width, colors
 * @returns the text, ending with a line break
 */
export const reportText = (report: AnyReport, options: TextOptions = {}): string =>
  toText(networkDocument(report, options), options);

/**
 * The report in Markdown, for a comment on somebody's work or a notebook: a table of the equations, with formulas as
 * code.
 */
export const reportMarkdown = (report: AnyReport, options: RenderOptions = {}): string =>
  toMarkdown(networkDocument(report, options));

/** A document of LaTeX that compiles as it is. */
export const reportLatex = (report: AnyReport, options: RenderOptions = {}): string =>
  toLatex(networkDocument(report, options));

/** A page that needs nothing beside itself. */
export const reportHtml = (report: AnyReport, options: HtmlOptions = {}): string =>
  toHtml(documentFor(report, options), options);

/** A value of the schema `handcheck/1`. */
export const reportJson = (report: AnyReport, hints: Hints = 3): object => networkDocument(report, { hints }).data;
