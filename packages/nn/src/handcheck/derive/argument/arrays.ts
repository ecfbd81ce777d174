/** The equations between whole arrays, in the layout of the notation: one sample as a column, or a batch in columns or rows. */

import { neuronOf } from "../../../network/activation.ts";
import type { Expression, Layer, SymbolNode } from "../language/ast.ts";
import { apply, axisSum, fraction, hadamard, matmul, minus, negative, number, ofSample, partial, plus, sampleSum, symbol, times, transpose } from "../language/build.ts";
import { activationOf, isElementwise, type Subject } from "../language/subject.ts";
import { cost, count } from "./entries.ts";
import { ofArray } from "./writers.ts";

export const arrayOf = (role: SymbolNode["role"], layer: Layer | null): SymbolNode => symbol(role, layer);

const U = (layer: Layer): SymbolNode => arrayOf("u", layer);
const V = (layer: Layer): SymbolNode => arrayOf("v", layer);
const D = (layer: Layer): SymbolNode => arrayOf("delta", layer);
const W = (layer: Layer): SymbolNode => arrayOf("W", layer);

/** u = W v + b */
export function inputsOf({ notation }: Subject, layer: number): Expression {
  const product = notation.arrays === "rows" ? matmul(V(layer - 1), W(layer)) : matmul(W(layer), V(layer - 1));
  return plus(product, arrayOf("b", layer));
}

/** ∂C/∂v of a layer, by its own name or as a partial derivative with the sign of δ. */
export function slopeByOutputs({ notation }: Subject, layer: Layer): Expression {
  if (notation.derivatives === "named") return arrayOf("gradV", layer);
  const derivative = partial(cost, V(layer));
  return notation.deltaSign === -1 ? negative(derivative) : derivative;
}

/** ∂C/∂W or ∂C/∂b of the batch. */
export function slopeByParameters({ notation }: Subject, role: "W" | "b", layer: Layer): Expression {
  if (notation.derivatives === "named") return arrayOf(role === "W" ? "gradW" : "gradB", layer);
  return partial(symbol("cost"), arrayOf(role, layer));
}

/** (W^{l+1})ᵀ δ^{l+1}: what comes back to the outputs of layer l. */
export function comingBack({ notation }: Subject, above: Layer): Expression {
  return notation.arrays === "rows" ? matmul(D(above), transpose(W(above))) : matmul(transpose(W(above)), D(above));
}

/** g through σ of a layer: g ⊙ σ′(u), then with σ′ written out; for softmax v ⊙ (g − vᵀ g). */
function throughSigma(subject: Subject, layer: number, g: Expression): Expression[] {
  if (isElementwise(subject, layer)) return [hadamard(g, apply("slope", U(layer), layer)), hadamard(g, ...slopeOfArray(subject, layer))];
  const { arrays } = subject.notation;
  const mixed = arrays === "sample" ? matmul(transpose(V(layer)), g) : axisSum(hadamard(V(layer), g), arrays === "columns" ? 0 : 1);
  return [hadamard(V(layer), minus(g, mixed))];
}

/** σ′(u) of a layer as factors of an elementwise product. */
function slopeOfArray(subject: Subject, layer: number): readonly Expression[] {
  const activation = activationOf(subject, layer);
  if (activation === "softmax") return [];
  const slope = neuronOf(activation).slope(ofArray, U(layer), V(layer));
  return slope.kind === "hadamard" ? slope.factors : [slope];
}

/** BP1 for the whole last layer; `normalized` is the form for targets that sum to 1. */
export function deltasOfLast(subject: Subject): { readonly steps: readonly Expression[]; readonly normalized: Expression | null } {
  const { layers: last, notation } = subject;
  const [first, second] = throughSigma(subject, last, slopeByOutputs(subject, last));
  const apart = (output: SymbolNode): Expression => (notation.deltaSign === -1 ? minus(arrayOf("t", null), output) : minus(output, arrayOf("t", null)));
  const mean = (e: Expression): Expression => (notation.delta === "reduced" && subject.reduction === "mean" ? times(fraction(number(1), count), e) : e);
  const pair = `${activationOf(subject, last)} ${subject.cost}` as const;
  if (pair === "softmax categoricalCrossEntropy") return { steps: [first!], normalized: mean(apart(V(last))) };
  if (pair === "linear softmaxCrossEntropy") return { steps: [second!], normalized: mean(apart(arrayOf("p", null))) };
  if (pair === "sigmoid crossEntropy") return { steps: [first!, mean(apart(V(last)))], normalized: null };
  if (subject.cost !== "quadratic") return { steps: second === undefined ? [first!] : [first!, second], normalized: null };
  return { steps: [first!, throughSigma(subject, last, mean(apart(V(last)))).at(-1)!], normalized: null };
}

/** ∂C/∂v of the last layer for the whole array, as the cost gives it; null where it needs targets that sum to 1. */
export function costSlopes(subject: Subject): Expression | null {
  const [output, wanted] = [V(subject.layers), arrayOf("t", null)];
  const mean = (e: Expression): Expression => (subject.notation.delta === "reduced" && subject.reduction === "mean" ? times(fraction(number(1), count), e) : e);
  switch (subject.cost) {
    case "quadratic":
      return mean(minus(output, wanted));
    case "crossEntropy":
      return mean(fraction(minus(output, wanted), hadamard(output, minus(number(1), output))));
    case "categoricalCrossEntropy":
      return mean(negative(fraction(wanted, output)));
    case "softmaxCrossEntropy":
      return null;
  }
}

/** BP2 for a whole hidden layer. */
export function deltasOfHidden(subject: Subject, layer: number): Expression[] {
  const named = subject.notation.derivatives === "named";
  return throughSigma(subject, layer, named ? arrayOf("gradV", layer) : comingBack(subject, layer + 1));
}

/** BP3 for the batch. */
export function biasSlopes(subject: Subject, layer: Layer): Expression {
  const { arrays } = subject.notation;
  if (arrays !== "sample") return overSamples(subject, axisSum(D(layer), arrays === "columns" ? 1 : 0));
  return overSamples(subject, sampleSum(ofSample(D(layer))));
}

/** BP4 for the batch. */
export function weightSlopes(subject: Subject, layer: Layer): Expression {
  const { arrays } = subject.notation;
  const below: Layer = typeof layer === "number" ? layer - 1 : { ...layer, plus: layer.plus - 1 };
  if (arrays === "columns") return overSamples(subject, matmul(D(layer), transpose(V(below))));
  if (arrays === "rows") return overSamples(subject, matmul(transpose(V(below)), D(layer)));
  return overSamples(subject, sampleSum(matmul(ofSample(D(layer)), transpose(ofSample(V(below))))));
}

/** BP3 and BP4 of one sample, for notations whose arrays hold one. */
export function ofOneSample({ notation }: Subject, role: "W" | "b", layer: number): { readonly left: Expression; readonly right: Expression } {
  const product = role === "b" ? D(layer) : matmul(D(layer), transpose(V(layer - 1)));
  return { left: partial(cost, arrayOf(role, layer)), right: notation.deltaSign === -1 ? negative(product) : product };
}

/** The 1/N of a mean and the sign of δ, where they are not in δ already. */
function overSamples({ notation, reduction }: Subject, total: Expression): Expression {
  const mean = reduction === "mean" && notation.delta === "perSample" ? times(fraction(number(1), count), total) : total;
  return notation.deltaSign === -1 ? negative(mean) : mean;
}
