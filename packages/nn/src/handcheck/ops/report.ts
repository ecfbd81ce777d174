/** What a check of a kernel or of named intermediates says. */

import { exitCode, type LineStatus, type Residual, type Verdict, type Words } from "../report.ts";
import type { Points } from "../points.ts";
import type { Hints } from "../render/view.ts";
import { countOf, type Numbers } from "./numbers.ts";
import { opHtml, type OpHtmlOptions } from "./render/html.ts";
import { opJson } from "./render/json.ts";
import { opLatex } from "./render/latex.ts";
import { opMarkdown } from "./render/markdown.ts";
import type { OpRenderOptions } from "./render/view.ts";
import { opText, type OpTextOptions } from "./text.ts";

/** One gradient: of an input of the kernel, or at a name of the graph. */
export interface OpLine {
  /** `dx` */
  readonly name: string;
  /** The right-hand side where it is known. */
  readonly formula: string;
  readonly status: LineStatus;
  /** Against the rule applied to the person's own upstream. */
  readonly local: Residual | null;
  /** Against the truth. */
  readonly global: Residual | null;
}

/** A mistake, with its name where the catalogue has one. */
export interface OpDiagnosis {
  /** The stable id of the catalogue: `F1`; `unknown` where nothing in it explains the numbers. */
  readonly id: string;
  /** The gradients that it explains. */
  readonly of: readonly string[];
  /** From 0 to 1. */
  readonly confidence: number;
  readonly yours: string;
  readonly correct: string;
  readonly says: Words;
  /** Other explanations that fit as well. */
  readonly alternatives: readonly { readonly id: string; readonly yours: string; readonly says: Words }[];
  /** The entry that is furthest off; `null` where it is not about an entry. */
  readonly example: { readonly index: readonly number[]; readonly yours: number; readonly correct: number } | null;
  /** What the numbers show. */
  readonly features: readonly Words[];
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
  readonly forward: OpLine | null;
  readonly lines: readonly OpLine[];
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
  toMarkdown(options?: OpRenderOptions): string;
  toLatex(options?: OpRenderOptions): string;
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
    toText: (options) => opText(findings, options),
    toMarkdown: (options) => opMarkdown(findings, options),
    toLatex: (options) => opLatex(findings, options),
    toHtml: (options) => opHtml(findings, { tensors, ...options }),
    toJson: (hints) => opJson(findings, hints),
  };
}
