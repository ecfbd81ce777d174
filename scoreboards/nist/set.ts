/**
 * A set of NIST's nonlinear regression, from what is published of it: its model in the notation of the problems, data,
 * starts and certified values.
 */

import type { Texts } from "../notation/expand.ts";

/** What the file says of a set. */
export interface Published {
  readonly model: string;
  readonly level: string;
  readonly start1: readonly number[];
  readonly start2: readonly number[];
  readonly certified: readonly number[];
  readonly standardDeviation: readonly number[];
  readonly residualSumOfSquares: number;
  readonly residualStandardDeviation: number;
  readonly y: readonly number[];
  /** The predictor; two lists where there are two. */
  readonly x: readonly number[] | readonly (readonly number[])[];
}

/** One set. */
export interface NistSet {
  readonly name: string;
  readonly level: string;
  /** As it is published. */
  readonly model: string;
  readonly starts: readonly (readonly number[])[];
  readonly certified: readonly number[];
  readonly standardDeviations: readonly number[];
  readonly residualSum: number;
  /** √(sum / (residuals − parameters)) */
  readonly residualDeviation: number;
  /** The response, as it was measured. */
  readonly y: readonly number[];
  /** The predictors, one list for each. */
  readonly predictors: readonly (readonly number[])[];
  /** The residuals y − model in the notation. */
  readonly texts: Texts;
}

/** Models that the data write in words, or with products without a sign. */
const written: { readonly [name: string]: string } = {
  ENSO: "b1 + b2*cos(2*pi*x/12) + b3*sin(2*pi*x/12) + b5*cos(2*pi*x/b4) + b6*sin(2*pi*x/b4) + b8*cos(2*pi*x/b7) + b9*sin(2*pi*x/b7)",
  Nelson: "b1 - b2*u*exp(-b3*v)",
};

function modelOf(name: string, sets: { readonly [name: string]: Published }): string {
  const text = written[name] ?? sets[name]!.model;
  const like = /^as (\w+)$/.exec(text);
  return like === null ? text : modelOf(like[1]!, sets);
}

/** `b1` is the parameter x[1], `x` the datum t[i]. */
const inNotation = (model: string): string =>
  model
    .replace(/\bx\b/g, "t[i]")
    .replace(/\b([uv])\b/g, "$1[i]")
    .replace(/\bb(\d)/g, "x[$1]")
    .replace(/\barctan\b/g, "atan");

const columnsOf = (x: Published["x"]): readonly (readonly number[])[] =>
  typeof x[0] === "number" ? [x as readonly number[]] : (x as readonly (readonly number[])[]);

function textsOf(name: string, sets: { readonly [name: string]: Published }): Texts {
  const { x, y } = sets[name]!;
  const [u, v] = columnsOf(x);
  const model = inNotation(modelOf(name, sets));
  const left = name === "Nelson" ? "ln(y[i])" : "y[i]";
  return {
    residuals: [`f[i] = ${left} - (${model}), i = 1..m`],
    data: v === undefined ? { y, t: u! } : { y, u: u!, v },
  };
}

/** All of them, in the order of the file. */
export function setsOf(datasets: { readonly [name: string]: Published }): NistSet[] {
  return Object.entries(datasets).map(([name, set]) => ({
    name,
    level: set.level,
    model: modelOf(name, datasets),
    starts: [set.start1, set.start2],
    certified: set.certified,
    standardDeviations: set.standardDeviation,
    residualSum: set.residualSumOfSquares,
    residualDeviation: set.residualStandardDeviation,
    predictors: columnsOf(set.x),
    y: set.y,
    texts: textsOf(name, datasets),
  }));
}
