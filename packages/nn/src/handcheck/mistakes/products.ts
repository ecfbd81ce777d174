/** B16: ⊙ and the matrix product are confused, so that what comes out is an outer or an inner product, mostly of another shape. */

import type { Setting } from "../setting.ts";
import { slopeOf } from "../sigma.ts";
import { exact, transpose, type Tracked } from "../tracked.ts";
import { raised, slopeText } from "../text.ts";
import { candidate, type Candidate } from "./candidate.ts";

/** The candidates for δ^l from g = ∂C/∂v^l: a matrix product where ⊙ σ' should be. */
export function gateProducts(setting: Setting, l: number, name: string, text: string, g: () => Tracked): Candidate[] {
  const { by, samples, u, problem } = setting;
  const activation = problem.activations[l - 1]!;
  if (activation === "softmax" || activation === "linear") return [];
  const gate = slopeText(`u${raised(l)}`);
  const slopes = (): Tracked => slopeOf(by, activation, u[l]!);
  const edit = { kind: "replace" as const, term: `product → ⊙ ${gate}` };
  const make = (key: string, formula: string, value: () => Tracked): Candidate => candidate(["B16"], `gate ${key}`, `${name} = ${formula}`, edit, value);
  const units = problem.sizes[l]!;
  const sum = (): Tracked => by.matmul(by.mul(g(), slopes()), ones(units, 1));
  return [
    make("inner", `(${text}) · ${gate}, one number for each sample`, sum),
    make("outer", `(${text}) (${gate})ᵀ`, () => by.matmul(g(), slopes(), true)),
    make("outer turned", `${gate} (${text})ᵀ`, () => by.matmul(slopes(), g(), true)),
    ...(samples === 1 ? [make("diagonal", `diag((${text}) ⊙ ${gate})`, () => diagonal(by.mul(g(), slopes())))] : [
      make("over the units", `(${text}) (${gate})ᵀ, summed over the units`, () => by.matmul(g(), slopes(), false, true)),
      make("over the units turned", `${gate} (${text})ᵀ, summed over the units`, () => by.matmul(slopes(), g(), false, true)),
    ]),
  ];
}

/** The candidates for δ^l of a hidden layer: W ⊙ δ where Wᵀ δ should be, its rows or columns scaled and nothing summed. */
export function weightProducts(setting: Setting, l: number, name: string, delta: Tracked): Candidate[] {
  const { by, samples, W, u, problem } = setting;
  const weights = W[l + 1]!;
  const [w, d] = [`W${raised(l + 1)}`, `δ${raised(l + 1)}`];
  const activation = problem.activations[l - 1]!;
  const edit = { kind: "replace" as const, term: `${w} ⊙ ${d} → (${w})ᵀ ${d}` };
  const found: Candidate[] = [];
  const add = (key: string, formula: string, value: () => Tracked): void => {
    found.push(candidate(["B16"], `weights ${key}`, `${name} = ${formula}`, edit, value));
  };
  const gated = (value: Tracked): Tracked => {
    if (activation === "softmax" || activation === "linear") return value;
    const slopes = slopeOf(by, activation, u[l]!);
    return by.mul(value, samples === 1 ? by.matmul(ones(value.rows, 1), slopes) : slopes);
  };
  const gate = activation === "linear" || activation === "softmax" ? "" : ` ⊙ ${slopeText(`u${raised(l)}`)}`;
  if (samples === 1) {
    const rows = (): Tracked => by.matmul(diagonal(delta), weights);
    add("rows", `(${w} ⊙ ${d})${gate}, nothing summed`, () => gated(rows()));
    add("rows turned", `((${w})ᵀ ⊙ ${d})${gate}, nothing summed`, () => transpose(gated(rows())));
    add("rows bare", `${w} ⊙ ${d}`, rows);
  }
  if (weights.rows === samples && samples > 1 && weights.cols === delta.cols) {
    add("same shape", `(${w} ⊙ ${d})${gate}`, () => gated(by.mul(weights, delta)));
    if (weights.rows === weights.cols) add("same shape turned", `((${w})ᵀ ⊙ ${d})${gate}`, () => gated(by.mul(transpose(weights), delta)));
  }
  return found;
}

/** The candidates for ∂C/∂W^l: δ ⊙ v, or the product over the units, where the outer product should be. */
export function outerProducts({ by, samples, v, problem }: Setting, l: number, name: string, delta: Tracked, text: readonly [string, string]): Candidate[] {
  if (problem.sizes[l] !== problem.sizes[l - 1]) return [];
  const [d, below] = text;
  const edit = { kind: "replace" as const, term: `⊙ → outer product` };
  const make = (key: string, formula: string, value: () => Tracked): Candidate => candidate(["B16"], `outer ${key}`, `${name} = ${formula}`, edit, value);
  const entries = (): Tracked => by.mul(delta, v[l - 1]!);
  return [
    make("elementwise", `${d} ⊙ ${below}`, entries),
    ...(samples > 1 ? [make("elementwise/N", `(1/N) ${d} ⊙ ${below}`, () => by.scale(entries(), 1 / samples)), make("sum", `Σₙ ${d} ⊙ ${below}`, () => by.columnSums(entries())), make("mean", `(1/N) Σₙ ${d} ⊙ ${below}`, () => by.scale(by.columnSums(entries()), 1 / samples))] : []),
    make("inner", `(${d})ᵀ ${below}, summed over the units`, () => by.matmul(delta, v[l - 1]!, false, true)),
    make("inner/N", `(1/N) (${d})ᵀ ${below}, summed over the units`, () => by.scale(by.matmul(delta, v[l - 1]!, false, true), 1 / samples)),
  ];
}

function ones(rows: number, cols: number): Tracked {
  return exact(rows, cols, new Float64Array(rows * cols).fill(1));
}

/** One row as a diagonal matrix. */
function diagonal({ cols, value, error }: Tracked): Tracked {
  const spread = (from: Float64Array): Float64Array => {
    const to = new Float64Array(cols * cols);
    for (let j = 0; j < cols; j++) to[j * (cols + 1)] = from[j]!;
    return to;
  };
  return { rows: cols, cols, value: spread(value), error: error && spread(error) };
}
