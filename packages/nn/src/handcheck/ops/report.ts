/** What a check of a kernel or of named intermediates says. */

import type { Points } from "../points.ts";
import type { Hints, RenderOptions } from "../report/document.ts";
import { toHtml } from "../report/html/page.ts";
import { toLatex } from "../report/latex.ts";
import { toMarkdown } from "../report/markdown.ts";
import { opDocument, type OpOptions } from "../report/of-op.ts";
import { toText, type TextLayout } from "../report/text.ts";
import { exitCode, type JudgedLine, type Kind, type Mistake, type Verdict, type Words } from "../report.ts";
import { countOf, type Numbers } from "../bounds/numbers.ts";

/** A mistake in gradients of a kernel or of a graph. */
export interface OpDiagnosis extends Mistake {
  /** The gradients that it explains. */
  readonly of: readonly string[];
  readonly kind: Kind;
}

/** How the text is written. */
export interface OpTextOptions extends RenderOptions, TextLayout {}

/** What the page may show beyond the report. */
export interface OpHtmlOptions extends OpOptions {
  /** What was checked: the name of a file. */
  readonly file?: string;
}

/** The report as data. */
export interface OpFindings {
  readonly schema: "opcheck/1";
  readonly name: string;
  readonly verdict: Verdict;
  /** What the gradients are compared with. */
  readonly reference: "autograd" | "differences";
  /** Who wrote what autograd differentiates, where it is no operation that is known by name: whoever wrote the file decides by it what is right. */
  readonly referenceBy?: "file" | "teacher";
  readonly dtype: string;
  /** The output of the kernel against the reference; `null` where there is none. */
  readonly forward: JudgedLine | null;
  readonly lines: readonly JudgedLine[];
  readonly roots: readonly OpDiagnosis[];
  /** What is no mistake and worth knowing: conventions, kinks, what cancels. */
  readonly notes: readonly Words[];
  /** ⟨g, Jv⟩ by differences of the person's own forward, beside ⟨Jᵀg, v⟩ by the reference: the relative gap. */
  readonly witness: { readonly adjoint: number; readonly agrees: boolean } | null;
  readonly score: { readonly passed: number; readonly given: number };
  /** Partial credit, where points were asked for. */
  readonly points?: Points;
  /** Why it could not be judged, where that is no matter of one gradient. */
  readonly contract: readonly Words[];
}

/** A gradient as it was given, beside the right one: all axes but the last are rows. */
export interface Compared {
  readonly name: string;
  readonly shape: readonly number[];
  readonly yours: readonly (readonly number[])[];
  readonly correct: readonly (readonly number[])[];
}

/** Findings, and the numbers behind them. */
export interface Examined {
  readonly findings: OpFindings;
  readonly tensors: readonly Compared[];
}

/** The report, which prints itself. */
export interface OpReport extends OpFindings {
  readonly exitCode: ReturnType<typeof exitCode>;
  toText(options?: OpTextOptions): string;
  toMarkdown(options?: RenderOptions): string;
  toLatex(options?: RenderOptions): string;
  /** A page of its own, with the numbers as maps. */
  toHtml(options?: OpHtmlOptions): string;
  /** The schema `opcheck/1`. */
  toJson(hints?: Hints): object;
}

const rowsOf = ({ data, shape }: Numbers): number[][] => {
  const width = shape.at(-1) ?? 1;
  return Array.from({ length: width === 0 ? 0 : countOf(shape) / width }, (_, i) => Array.from(data.subarray(i * width, (i + 1) * width)));
};

/** A gradient beside the right one, for looking at. */
export const compared = (name: string, yours: Numbers, correct: Numbers): Compared => ({ name, shape: correct.shape, yours: rowsOf(yours), correct: rowsOf(correct) });

/** Findings with their printing. */
export function reported({ findings, tensors }: Examined): OpReport {
  return {
    ...findings,
    exitCode: exitCode(findings.verdict),
    toText: (options = {}) => toText(opDocument(findings, options), options),
    toMarkdown: (options) => toMarkdown(opDocument(findings, options)),
    toLatex: (options) => toLatex(opDocument(findings, options)),
    toHtml: (options = {}) => toHtml(opDocument(findings, { tensors, ...options }), options),
    toJson: (hints = 3) => opDocument(findings, { hints }).data,
  };
}
