/**
 * B16: ⊙ and the matrix product are confused, so that what comes out is an outer or an inner product, mostly of another
 * shape.
 */

import { networkSlips } from "../../locales/network-slips.ts";
import { collapses } from "../claims/setting.ts";
import { slopeOf } from "../claims/sigma.ts";
import { transpose, type Tracked } from "../bounds/tracked.ts";
import { deltaName, raised, slopeText, vName, wName } from "../claims/text.ts";
import { ones, type Mistake, type Scene, type Whole } from "./mistake.ts";
import { rightError } from "./output.ts";

/** δ^l from g = ∂C/∂v^l: a matrix product where ⊙ σ' should be. */
function gateProducts(
  { setting: { by, samples, u, problem }, layer: l }: Scene,
  text: string,
  g: () => Tracked,
): Whole[] {
  const activation = problem.activations[l - 1]!;
  if (activation === "softmax" || activation === "linear") return [];
  const gate = slopeText(`u${raised(l)}`);
  const slopes = (): Tracked => slopeOf(by, activation, u[l]!);
  const make = (key: string, formula: string, value: () => Tracked): Whole => ({
    key: `gate ${key}`,
    text: formula,
    edit: { kind: "replace", term: `product → ⊙ ${gate}` },
    value,
  });
  return [
    make("inner", `(${text}) · ${gate}, one number for each sample`, () =>
      by.matmul(by.mul(g(), slopes()), ones(problem.sizes[l]!, 1)),
    ),
    make("outer", `(${text}) (${gate})ᵀ`, () => by.matmul(g(), slopes(), true)),
    make("outer turned", `${gate} (${text})ᵀ`, () => by.matmul(slopes(), g(), true)),
    ...(samples === 1
      ? [make("diagonal", `diag((${text}) ⊙ ${gate})`, () => diagonal(by.mul(g(), slopes())))]
      : [
          make("over the units", `(${text}) (${gate})ᵀ, summed over the units`, () =>
            by.matmul(g(), slopes(), false, true),
          ),
          make("over the units turned", `${gate} (${text})ᵀ, summed over the units`, () =>
            by.matmul(slopes(), g(), false, true),
          ),
        ]),
  ];
}

/** At the output, where nothing cancels. */
function ofOutput(scene: Scene): Whole[] {
  const { setting } = scene;
  if (collapses(setting)) return [];
  const { text, value } = rightError(scene);
  return gateProducts(scene, text, value);
}

/** δ^l of a hidden layer: W ⊙ δ where Wᵀ δ should be, its rows or columns scaled and nothing summed. */
function weightProducts({ setting: { by, samples, W, u, problem }, layer: l, above }: Scene): Whole[] {
  const weights = W[l + 1]!;
  const delta = above!;
  const [w, d] = [wName(l + 1), deltaName(l + 1)];
  const activation = problem.activations[l - 1]!;
  const found: Whole[] = [];
  const add = (key: string, text: string, value: () => Tracked): void => {
    found.push({ key: `weights ${key}`, text, edit: { kind: "replace", term: `${w} ⊙ ${d} → (${w})ᵀ ${d}` }, value });
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
    if (weights.rows === weights.cols)
      add("same shape turned", `((${w})ᵀ ⊙ ${d})${gate}`, () => gated(by.mul(transpose(weights), delta)));
  }
  return found;
}

const ofHidden = (scene: Scene): Whole[] => {
  const {
    setting: { by, W },
    layer: l,
    above,
  } = scene;
  return [
    ...gateProducts(scene, `(${wName(l + 1)})ᵀ ${deltaName(l + 1)}`, () => by.matmul(above!, W[l + 1]!)),
    ...weightProducts(scene),
  ];
};

/** ∂C/∂W^l: δ ⊙ v, or the product over the units, where the outer product should be. */
function ofWeights({ setting: { by, samples, v, problem }, layer: l, delta }: Scene): Whole[] {
  if (problem.sizes[l] !== problem.sizes[l - 1]) return [];
  const [d, below, source] = [deltaName(l), vName(l - 1), delta!];
  const make = (key: string, text: string, value: () => Tracked): Whole => ({
    key: `outer ${key}`,
    text,
    edit: { kind: "replace", term: "⊙ → outer product" },
    value,
  });
  const entries = (): Tracked => by.mul(source, v[l - 1]!);
  return [
    make("elementwise", `${d} ⊙ ${below}`, entries),
    ...(samples > 1
      ? [
          make("elementwise/N", `(1/N) ${d} ⊙ ${below}`, () => by.scale(entries(), 1 / samples)),
          make("sum", `Σₙ ${d} ⊙ ${below}`, () => by.columnSums(entries())),
          make("mean", `(1/N) Σₙ ${d} ⊙ ${below}`, () => by.scale(by.columnSums(entries()), 1 / samples)),
        ]
      : []),
    make("inner", `(${d})ᵀ ${below}, summed over the units`, () => by.matmul(source, v[l - 1]!, false, true)),
    make("inner/N", `(1/N) (${d})ᵀ ${below}, summed over the units`, () =>
      by.scale(by.matmul(source, v[l - 1]!, false, true), 1 / samples),
    ),
  ];
}

/** B16 */
export const products: Mistake = {
  id: "B16",
  rules: ["BP2", "BP1", "BP4"],
  short: "⊙ and the matrix product confused",
  says: networkSlips.B16,
  whole: (scene, rule) => (rule === "BP4" ? ofWeights(scene) : rule === "BP1" ? ofOutput(scene) : ofHidden(scene)),
};

/** One row as a diagonal matrix. */
function diagonal({ cols, value, error }: Tracked): Tracked {
  const spread = (from: Float64Array): Float64Array => {
    const to = new Float64Array(cols * cols);
    for (let j = 0; j < cols; j++) to[j * (cols + 1)] = from[j]!;
    return to;
  };
  return { rows: cols, cols, value: spread(value), error: error && spread(error) };
}
