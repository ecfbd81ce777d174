/**
 * The equations between whole arrays, in the layout of the notation: one sample as a column, or a batch in columns or
 * rows.
 */

import { costOf as recordOfCost } from "../../../network/cost.ts";
import { isPlain } from "../../../network/costs/masses.ts";
import { costOnPaper, slopeOnPaper } from "../../../network/on-paper.ts";
import type { Expression, Layer, SymbolNode } from "../language/ast.ts";
import {
  apply,
  axisSum,
  fraction,
  hadamard,
  matmul,
  minus,
  negative,
  number,
  ofSample,
  partial,
  plus,
  sampleSum,
  symbol,
  times,
  transpose,
} from "../language/build.ts";
import { activationOf, isElementwise, type Subject } from "../language/subject.ts";
import { cost, costIn, count } from "./entries.ts";
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
  if (isElementwise(subject, layer))
    return [hadamard(g, apply("slope", U(layer), layer)), hadamard(g, ...slopeOfArray(subject, layer))];
  const { arrays } = subject.notation;
  const mixed =
    arrays === "sample" ? matmul(transpose(V(layer)), g) : axisSum(hadamard(V(layer), g), arrays === "columns" ? 0 : 1);
  return [hadamard(V(layer), minus(g, mixed))];
}

/** σ′(u) of a layer as factors of an elementwise product. */
function slopeOfArray(subject: Subject, layer: number): readonly Expression[] {
  const activation = activationOf(subject, layer);
  if (activation === "softmax") return [];
  const slope = slopeOnPaper(activation, ofArray, U(layer), V(layer));
  return slope.kind === "hadamard" ? slope.factors : [slope];
}

/** BP1 for the whole last layer; `normalized` is the form for targets that sum to 1. */
export function deltasOfLast(subject: Subject): {
  readonly steps: readonly Expression[];
  readonly normalized: Expression | null;
} {
  const { layers: last, notation } = subject;
  const [first, second] = throughSigma(subject, last, slopeByOutputs(subject, last));
  const apart = (a: Expression, b: Expression): Expression => (notation.deltaSign === -1 ? minus(b, a) : minus(a, b));
  const mean = (e: Expression): Expression =>
    notation.delta === "reduced" && subject.reduction === "mean" ? times(fraction(number(1), count), e) : e;
  const { squares, collapsesAbove, targets } = costIn(subject);
  const steps = second === undefined ? [first!] : [first!, second];
  const scale = squares?.scale(subject.sizes.at(-1)!);
  if (scale !== undefined)
    return {
      steps: [first!, throughSigma(subject, last, mean(times(number(scale), apart(V(last), T)))).at(-1)!],
      normalized: null,
    };
  if (collapsesAbove !== activationOf(subject, last) || !isPlain(recordOfCost(subject.cost).told))
    return { steps, normalized: null };
  if (targets === "shares") return { steps: [first!, mean(apart(V(last), T))], normalized: null };
  const isOwn = collapsesAbove === "softmax";
  return { steps: isOwn ? [first!] : [second!], normalized: mean(apart(isOwn ? V(last) : arrayOf("p", null), T)) };
}

const T = arrayOf("t", null);

/**
 * ∂C/∂v of the last layer for the whole array, as the cost gives it; null where it cannot be written so: with a sum
 * over the outputs, or weights.
 */
export function costSlopes(subject: Subject): Expression | null {
  const { layers, notation } = subject;
  const record = costIn(subject);
  const told = recordOfCost(subject.cost).told;
  if (record.targets === "one class" || subject.cost.startsWith("softmaxCrossEntropy") || told.classWeights !== null)
    return null;
  const smoothed =
    told.labelSmoothing === 0
      ? T
      : plus(
          times(number(1 - told.labelSmoothing), T),
          number(told.labelSmoothing / (record.targets === "shares" ? 2 : subject.sizes.at(-1)!)),
        );
  const place = { v: V(layers), t: smoothed, rest: minus(number(1), smoothed), share: arrayOf("p", null) };
  const slopes = costOnPaper(subject.cost).slope(ofArray, {
    here: place,
    other: place,
    error: null,
    same: number(1),
    sum: (of) => of,
    sumOther: (of) => of,
    outputs: subject.sizes.at(-1)!,
    told,
  });
  const last = slopes.at(-1)!;
  return notation.delta === "reduced" && subject.reduction === "mean" ? times(fraction(number(1), count), last) : last;
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
export function ofOneSample(
  { notation }: Subject,
  role: "W" | "b",
  layer: number,
): { readonly left: Expression; readonly right: Expression } {
  const product = role === "b" ? D(layer) : matmul(D(layer), transpose(V(layer - 1)));
  return { left: partial(cost, arrayOf(role, layer)), right: notation.deltaSign === -1 ? negative(product) : product };
}

/** The 1/N of a mean and the sign of δ, where they are not in δ already. */
function overSamples({ notation, reduction }: Subject, total: Expression): Expression {
  const mean =
    reduction === "mean" && notation.delta === "perSample" ? times(fraction(number(1), count), total) : total;
  return notation.deltaSign === -1 ? negative(mean) : mean;
}
