/** Says what a check of formulas is asked, and what it says beside the report of every check. */

import type { Words } from "../../locales/words.ts";
import type { HandcheckOptions } from "../judge/options.ts";
import type { Diagnosis, Report } from "../report.ts";
import type { ReadOptions } from "./read.ts";

/** How formulas are read and checked. */
export interface FormulaOptions extends HandcheckOptions, ReadOptions {
  /** η and λ of the probes; generic where nothing is said. */
  readonly eta?: number;
  readonly lambda?: number;
}

/** A formula as it was understood. */
export interface ReadFormula {
  readonly line: number;
  readonly column: number;
  /** In one canonical form, which can be read again. */
  readonly text: string;
  readonly latex: string;
  /** The layers for which it was read. */
  readonly layers: readonly number[];
}

/** A right-hand side before the last of `δ = a = b`, judged on its own. */
export interface ChainStep {
  readonly line: number;
  readonly text: string;
  readonly right: boolean;
  /** Says what does not fit in it; null where everything does. */
  readonly problem: Words | null;
  readonly roots: readonly Diagnosis[];
}

/** The report on formulas, with what was understood. */
export interface FormulaReport extends Report {
  readonly formulas: readonly ReadFormula[];
  readonly steps: readonly ChainStep[];
  /** Says what fits only because layers are equally wide, and how things without a layer were read. */
  readonly notes: readonly Words[];
}
