/**
 * The 35 problems of Moré, Garbow and Hillstrom, each at its usual size and at others: formulas, starts and published
 * minima.
 */

import { readFileSync } from "node:fs";
import { expand, startBy, type Expression, type Texts } from "../notation/expand.ts";

/** A published minimum: a figure, where it is, and what was computed from that with fifty digits. */
export interface Minimum {
  readonly value: number;
  readonly computedValue?: number;
  readonly computedAt?: readonly (number | string)[];
  readonly at?: readonly (number | string)[];
  readonly atRule?: string;
  readonly note?: string;
}

interface Size {
  readonly n: number;
  readonly m: number;
  readonly valueAtStartDigits: string;
  readonly gradientNormAtStartDigits: string;
  readonly minima: readonly Minimum[];
}

interface Published extends Texts, Size {
  readonly number: number;
  readonly name: string;
  readonly start: readonly number[];
  readonly startRule?: string;
  readonly otherMinima?: readonly Minimum[];
  readonly variants?: readonly Size[];
  readonly checkPoint: { readonly x: readonly number[]; readonly value: number; readonly gradient: readonly number[] };
}

/** One problem at one size. */
export interface Problem {
  readonly number: number;
  readonly name: string;
  readonly n: number;
  readonly m: number;
  readonly start: readonly number[];
  /** The published ones. */
  readonly minima: readonly Minimum[];
  /** Local minima that were found beside them, and count as none of them. */
  readonly others: readonly Minimum[];
  /** Σ f² and the length of its gradient at the start, to 20 figures. */
  readonly atStart: { readonly value: string; readonly gradientNorm: string };
  /** A point where no term is hidden; that of the usual size. */
  readonly checkPoint: Published["checkPoint"] | null;
  readonly residuals: readonly Expression[];
}

const problemOf = (of: Published, size: Size): Problem => ({
  number: of.number,
  name: of.name,
  n: size.n,
  m: size.m,
  start: size === of ? of.start : startBy(of.startRule!, of, size.n, size.m),
  minima: size.minima,
  others: size === of ? (of.otherMinima ?? []) : [],
  atStart: { value: size.valueAtStartDigits, gradientNorm: size.gradientNormAtStartDigits },
  checkPoint: size === of ? of.checkPoint : null,
  residuals: expand(of, size.n, size.m),
});

const published = (): readonly Published[] =>
  JSON.parse(readFileSync(new URL("../data/mgh.json", import.meta.url), "utf8")) as readonly Published[];

/** The problems at their usual sizes. */
export const mghProblems = (): Problem[] => published().map((of) => problemOf(of, of));

/** The problems at their other sizes. */
export const mghVariants = (): Problem[] =>
  published().flatMap((of) => (of.variants ?? []).map((size) => problemOf(of, size)));
