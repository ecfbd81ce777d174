/**
 * The equations between single entries: every formula of the derivation, for one neuron or one weight, in one place.
 */

import { costOf as recordOfCost } from "../../../network/cost.ts";
import type { CostRecord, Place, Terms } from "../../../network/costs/record.ts";
import { costOnPaper, slopeOnPaper, valueOnPaper } from "../../../network/on-paper.ts";
import type { Expression, Index, Layer, Letter, SymbolNode } from "../language/ast.ts";
import {
  apply,
  chain,
  fraction,
  minus,
  negative,
  number,
  partial,
  plus,
  same,
  sum,
  sums,
  symbol,
  times,
} from "../language/build.ts";
import { ofEntry } from "./writers.ts";
import { activationOf, isElementwise, isLast, letterOf, type Subject } from "../language/subject.ts";

export const u = (layer: Layer, j: Index): SymbolNode => symbol("u", layer, [j]);
export const v = (layer: Layer, j: Index): SymbolNode => symbol("v", layer, [j]);
export const delta = (layer: Layer, j: Index): SymbolNode => symbol("delta", layer, [j]);
export const bias = (layer: Layer, j: Index): SymbolNode => symbol("b", layer, [j]);
export const weight = (layer: Layer, to: Index, from: Index): SymbolNode => symbol("W", layer, [to, from]);
export const target = (j: Index): SymbolNode => symbol("t", null, [j]);
export const error = (j: Index): SymbolNode => symbol("e", null, [j]);
export const share = (j: Index): SymbolNode => symbol("p", null, [j]);
export const classWeight = (j: Index): SymbolNode => symbol("c", null, [j]);
export const cost = symbol("sampleCost");
export const count = symbol("count");

/** u_j = Σ_i w_ji v_i + b_j */
export function inputOf(subject: Subject, layer: number, j: Index): Expression {
  const i = letterOf(subject, layer - 1);
  return plus(sum(i, times(weight(layer, j, i), v(layer - 1, i))), bias(layer, j));
}

/** v_j = σ(u_j), with the activation written out. */
export function outputOf(subject: Subject, layer: number, j: Index): Expression {
  const activation = activationOf(subject, layer);
  return activation === "softmax"
    ? softmaxOf((index) => u(layer, index), subject, j)
    : valueOnPaper(activation, ofEntry, u(layer, j));
}

/** e^x_j / Σ_k e^x_k over the last layer's neurons or those of x's layer. */
function softmaxOf(x: (index: Index) => SymbolNode, subject: Subject, j: Index): Expression {
  const k = otherThan(subject, x(0).layer as number, j);
  return fraction(apply("exp", x(j)), sum(k, apply("exp", x(k))));
}

/** A letter of the layer that is not taken by `j`. */
function otherThan(subject: Subject, layer: number, j: Index): Letter {
  const plain = letterOf(subject, layer);
  return typeof j !== "number" && j.letter === plain.letter ? letterOf(subject, layer, true) : plain;
}

/** p_j = softmax(v)_j, the shares within the cost `softmaxCrossEntropy`. */
export function shareOf(subject: Subject, j: Index): Expression {
  return softmaxOf((index) => v(subject.layers, index), subject, j);
}

/** True if the cost is written with e_j = t_j − v_j. */
export const hasError = (subject: Subject): boolean =>
  subject.notation.errorSignal && costIn(subject).squares !== undefined;

/** The cost's record. */
export const costIn = (subject: Subject): CostRecord => recordOfCost(subject.cost).record;

/**
 * t_j, or what stands for it where the cost is told to smooth or to weigh; and what counts against the output, 1 − t_j.
 */
function massesOf(subject: Subject, j: Index): { readonly t: Expression; readonly rest: Expression } {
  const { record, told } = recordOfCost(subject.cost);
  const outputs = subject.sizes.at(-1)!;
  const smoothed =
    told.labelSmoothing === 0
      ? target(j)
      : plus(
          times(number(1 - told.labelSmoothing), target(j)),
          number(told.labelSmoothing / (record.targets === "shares" ? 2 : outputs)),
        );
  const rest = minus(number(1), smoothed);
  if (told.classWeights === null) return { t: smoothed, rest };
  const two = outputs === 1 && told.classWeights.length === 2;
  const weightBy = (side: 0 | 1): Expression => (two ? number(told.classWeights![side]!) : classWeight(j));
  return { t: times(weightBy(1), smoothed), rest: times(weightBy(0), rest) };
}

/** Returns what a cost's formulas are written with, for the output j and another one. */
export function termsOf(subject: Subject, j: Index): Terms<Expression> {
  const k = otherThan(subject, subject.layers, j);
  const place = (index: Index): Place<Expression> => ({
    v: v(subject.layers, index),
    ...massesOf(subject, index),
    share: share(index),
  });
  return {
    here: place(j),
    other: place(k),
    error: hasError(subject) ? error(j) : null,
    same: same(k, j),
    sum: (of) => sum(j as Letter, of),
    sumOther: (of) => sum(k, of),
    outputs: subject.sizes.at(-1)!,
    told: recordOfCost(subject.cost).told,
  };
}

/** True if the softmax is part of the cost. */
export const hasShares = (subject: Subject): boolean => recordOfCost(subject.cost).name === "softmaxCrossEntropy";

/** True if each output has a weight of its own. */
export function hasWeights({ cost: said, sizes }: Subject): boolean {
  const { classWeights } = recordOfCost(said).told;
  return classWeights !== null && classWeights.length === sizes.at(-1);
}

/** C of one sample. */
export const costOf = (subject: Subject): Expression =>
  costOnPaper(subject.cost).value(ofEntry, termsOf(subject, letterOf(subject, subject.layers)));

/** ∂C/∂v_j as the cost alone gives it; its steps, the last one the simplest. */
export const costSlope = (subject: Subject, j: Index): readonly Expression[] =>
  costOnPaper(subject.cost).slope(ofEntry, termsOf(subject, j));

/** σ′(u_j), in terms of v_j where that is usual. */
export function slopeOf(subject: Subject, layer: number, j: Index): Expression {
  const activation = activationOf(subject, layer);
  return activation === "softmax"
    ? jacobianOf(layer, j, j)
    : slopeOnPaper(activation, ofEntry, u(layer, j), v(layer, j));
}

/** ∂v_k/∂u_j of a softmax: v_k ([k = j] − v_j). */
export function jacobianOf(layer: number, k: Index, j: Index): Expression {
  return times(v(layer, k), minus(same(k, j), v(layer, j)));
}

/** The letter of the outputs that u_j reaches within its layer: j itself, another one for softmax. */
export function reached(subject: Subject, layer: number, j: Index): Index {
  return isElementwise(subject, layer) ? j : letterOf(subject, layer, true);
}

/** ∂C/∂v_j as factors, the error signal first where the notation has one. */
export function costFactors(subject: Subject, layer: number, j: Index): Expression[] {
  if (!isLast(subject, layer) || !hasError(subject)) return [partial(cost, v(layer, j))];
  return [partial(cost, error(j)), partial(error(j), v(layer, j))];
}

/**
 * Returns what stands between a derivative of one sample's cost and δ: the sign of the notation, and 1/N where δ
 * carries it.
 */
export function scaled(subject: Subject, derivative: Expression): Expression {
  const { notation, reduction } = subject;
  const signed = notation.deltaSign === -1 ? negative(derivative) : derivative;
  return notation.delta === "reduced" && reduction === "mean" ? times(fraction(number(1), count), signed) : signed;
}

/** δ_j = ∂C/∂u_j, by the factors of the chain rule. */
export function deltaByChain(subject: Subject, layer: number, j: Index): Expression {
  const k = reached(subject, layer, j);
  const product = chain(...costFactors(subject, layer, k), partial(v(layer, k), u(layer, j)));
  return scaled(subject, typeof k !== "number" && k !== j ? sum(k, product) : product);
}

/**
 * δ_j of the last layer, from ∂C/∂v and σ′ to the simplest form; `normalized` adds the form for targets that sum to 1.
 */
export function deltaOfLast(
  subject: Subject,
  j: Index,
): { readonly steps: readonly Expression[]; readonly normalized: Expression | null } {
  const layer = subject.layers;
  const slopes = (index: Index): Expression => costSlope(subject, index).at(-1)!;
  // Haykin's δ is t − v, not −(v − t).
  const apart = (a: Expression, b: Expression): Expression =>
    subject.notation.deltaSign === -1 ? minus(b, a) : minus(a, b);
  const outward = (e: Expression): Expression => scaledPositive(subject, e);
  const terms = termsOf(subject, j);
  const collapsed = costOnPaper(subject.cost).collapsed?.(ofEntry, terms, activationOf(subject, layer)) ?? null;
  const left =
    collapsed === null
      ? []
      : [
          outward(
            collapsed.plus === null
              ? signedBy(subject, negative(collapsed.minus))
              : apart(collapsed.plus, collapsed.minus),
          ),
        ];
  const normalized =
    collapsed?.sumsToOne === undefined || terms.told.classWeights !== null
      ? null
      : outward(apart(collapsed.sumsToOne, terms.here.t));
  if (isElementwise(subject, layer)) {
    const sigma = slopeOf(subject, layer, j);
    const scale = costIn(subject).squares?.scale(terms.outputs);
    const signed =
      scale === undefined ? signedBy(subject, slopes(j)) : times(number(scale), apart(terms.here.v, terms.here.t));
    const steps: Expression[] = [];
    if (hasError(subject))
      steps.push(
        outward(signedBy(subject, negative(times(number(scale ?? 1), error(j), apply("slope", u(layer, j), layer))))),
      );
    // Above a linear layer nothing is left to cancel: σ′ is 1.
    steps.push(outward(times(signed, sigma)), ...(activationOf(subject, layer) === "linear" ? [] : left));
    return { steps, normalized };
  }
  const k = letterOf(subject, layer, true);
  const through = outward(signedBy(subject, sum(k, times(slopes(k), jacobianOf(layer, k, j)))));
  return { steps: [through, ...left], normalized };
}

function signedBy(subject: Subject, e: Expression): Expression {
  return subject.notation.deltaSign === -1 ? negative(e) : e;
}

/** 1/N in front where δ carries it, the sign being inside already. */
function scaledPositive({ notation, reduction }: Subject, e: Expression): Expression {
  return notation.delta === "reduced" && reduction === "mean" ? times(fraction(number(1), count), e) : e;
}

/** ∂C/∂v_i below a layer, as δ says it: Σ_j δ_j w_ji. */
export function arriving(subject: Subject, layer: number, i: Index): Expression {
  const j = letterOf(subject, layer + 1);
  return sum(j, times(delta(layer + 1, j), weight(layer + 1, j, i)));
}

/** BP2: δ_i = (Σ_j δ_j w_ji) σ′(u_i), first with σ′ and then written out. */
export function deltaOfHidden(subject: Subject, layer: number, i: Index): Expression[] {
  if (!isElementwise(subject, layer)) {
    const k = letterOf(subject, layer, true);
    return [sum(k, times(arriving(subject, layer, k), jacobianOf(layer, k, i)))];
  }
  const below = arriving(subject, layer, i);
  return [chain(below, apply("slope", u(layer, i), layer)), times(below, slopeOf(subject, layer, i))];
}

/** BP3 and BP4: the derivative by a bias or a weight on the left, what δ says of it on the right. */
export function slopeBy(
  subject: Subject,
  parameter: SymbolNode,
  product: Expression,
): { readonly left: Expression; readonly right: Expression } {
  const derivative = partial(cost, parameter);
  // A sign goes to the right, a factor 1/N stays on the left: δ carries it.
  return subject.notation.deltaSign === -1
    ? { left: derivative, right: negative(product) }
    : { left: scaled(subject, derivative), right: product };
}

/**
 * The factors of ∂C/∂w_ji along every path from the weight to the cost, and the letters that the paths are summed over.
 */
export function paths(
  subject: Subject,
  layer: number,
  to: Index,
  from: Index,
): { readonly over: readonly Index[]; readonly factors: readonly Expression[] } {
  const over: Index[] = [];
  const factors: Expression[] = [];
  let entry: Index = to;
  factors.unshift(partial(u(layer, to), weight(layer, to, from)));
  for (let l = layer; l <= subject.layers; l++) {
    const exit = reached(subject, l, entry);
    if (exit !== entry) over.unshift(exit);
    factors.unshift(partial(v(l, exit), u(l, entry)));
    if (isLast(subject, l)) factors.unshift(...costFactors(subject, l, exit));
    else {
      entry = letterOf(subject, l + 1);
      over.unshift(entry);
      factors.unshift(partial(u(l + 1, entry), v(l, exit)));
    }
  }
  return { over, factors };
}

/** ∂C/∂w_ji as a sum over all paths. */
export function sumOfPaths(subject: Subject, layer: number, to: Index, from: Index): Expression {
  const { over, factors } = paths(subject, layer, to, from);
  return sums(
    over.filter((index) => typeof index !== "number"),
    chain(...factors),
  );
}
