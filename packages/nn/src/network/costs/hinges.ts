/**
 * Costs of margins. `hinge` C = (1/K) Σ max(0, 1 − t v) for targets of ±1, one question for each output, the mean over
 * them as in Keras (Cortes and Vapnik 1995). `multiclassHinge` C = Σ_{j≠y} max(0, 1 + v_j − v_y) for one-hot targets
 * (Weston and Watkins 1999), summed as in CS231n; with outputs=mean it is PyTorch's MultiMarginLoss. Where a margin is
 * exactly met, either slope is right.
 */

import { add, mul, relu, reshape, sub } from "@chainrule/autograd";
import { before } from "./absolute.ts";
import { each, factorOf, type CostRecord, type Sample, type CostOnPaper } from "./record.ts";

export const hinge: CostRecord = {
  formula: "(1/K)Σ max(0, 1 − t v)",
  batch: "C = (1/NK) Σ max(0, 1 − t v)",
  aliases: ["hinge", "hingeloss", "svm", "svmloss", "marginloss"],
  takes: ["outputs"],
  targets: "signs",
  averages: true,
  tensor: ({ v, t }, told) =>
    relu(sub(1, mul(t, v)))
      .sum(-1)
      .mul(factorOf(told, t.shape[1]!, true)),
  slopeErrors: (one) =>
    each(one, (j) => factorOf(one.told, one.v.length, true) * one.dt[j]! + one.epsilon * Math.abs(one.g[j]!)),
  slopeRanges: (one) => {
    const { v, dv, t, dt, g, epsilon, told } = one;
    return Array.from(v, (vj, j) => {
      const margin = t[j]! * vj;
      const off = Math.abs(t[j]!) * dv[j]! + Math.abs(vj) * dt[j]! + epsilon * (1 + Math.abs(margin));
      const whole = -factorOf(told, v.length, true) * t[j]!;
      return Math.abs(1 - margin) <= off
        ? ([Math.min(0, whole), Math.max(0, whole)] as const)
        : ([g[j]!, g[j]!] as const);
    });
  },
  regions: (v, t) => Array.from(v, (vj, j) => (t[j]! * vj < 1 ? 1 : 0)),
  byTarget: (v) => Math.abs(v),
  confused: ["quadratic"],
};

export const hingeOnPaper: CostOnPaper = {
  source: "Cortes, Vapnik 1995",
  value: (by, { here, sum, outputs, told }) =>
    before(
      by,
      factorOf(told, outputs, true),
      sum(by.apply("positivePart", by.minus(by.number(1), by.times(here.t, here.v)))),
    ),
  slope: (by, { here, outputs, told }) => [
    before(
      by,
      factorOf(told, outputs, true),
      by.negative(by.times(here.t, by.positive(by.minus(by.number(1), by.times(here.t, here.v))))),
    ),
  ],
  numpy: "np.mean(np.maximum(0, 1 - t * v))",
};

/** The margins 1 + v_j − v_k of one sample, and what each may be off. */
const margin = ({ v, dv, epsilon }: Sample, j: number, k: number): readonly [number, number] => [
  1 + v[j]! - v[k]!,
  dv[j]! + dv[k]! + epsilon * (1 + Math.abs(v[j]!) + Math.abs(v[k]!)),
];

/** The least and the most of ∂C/∂v_j, by which margins may be met. */
function slopeRange(one: Sample, j: number): readonly [number, number] {
  const c = factorOf(one.told, one.v.length, false);
  let [low, high] = [0, 0];
  for (let k = 0; k < one.v.length; k++) {
    if (k === j) continue;
    for (const [mass, from, to] of [
      [one.t[k]!, j, k],
      [-one.t[j]!, k, j],
    ] as const) {
      const [gap, off] = margin(one, from, to);
      const [least, most] = gap > off ? [mass, mass] : gap < -off ? [0, 0] : [Math.min(0, mass), Math.max(0, mass)];
      low += c * least;
      high += c * most;
    }
  }
  return [low, high];
}

export const multiclassHinge: CostRecord = {
  formula: "Σ_{j≠y} max(0, 1 + v_j − v_y)",
  batch: "C = (1/N) Σ Σ_{j≠y} max(0, 1 + v_j − v_y)",
  aliases: ["multiclasshinge", "multimargin", "multimarginloss", "multiclasssvm", "westonwatkins"],
  takes: ["outputs"],
  targets: "one class",
  averages: false,
  tensor: ({ v, t }, told) => {
    const [samples, outputs] = [t.shape[0]!, t.shape[1]!];
    // margins[n, j, k] = max(0, 1 + v_j − v_k); those with j = k are 1 and taken off.
    const margins = relu(add(sub(reshape(v, [samples, outputs, 1]), reshape(v, [samples, 1, outputs])), 1));
    return mul(sub(margins.sum(1), 1), t)
      .sum(-1)
      .mul(factorOf(told, outputs, false));
  },
  slopeErrors: (one) =>
    each(
      one,
      (j) =>
        factorOf(one.told, one.v.length, false) * Array.from(one.dt).reduce((sum, dt) => sum + one.v.length * dt, 0) +
        4 * one.epsilon * Math.abs(one.g[j]!),
    ),
  slopeRanges: (one) =>
    Array.from(one.v, (_, j) => {
      const [low, high] = slopeRange(one, j);
      return low === high ? ([one.g[j]!, one.g[j]!] as const) : ([low, high] as const);
    }),
  regions: (v) =>
    Array.from(v, (vj, j) =>
      Array.from(v, (vk, k) => (j !== k && 1 + vj - vk > 0 ? 2 ** (k % 30) : 0)).reduce((sum, one) => sum + one, 0),
    ),
  byTarget: (v) => 2 + 2 * Math.abs(v),
  confused: ["quadratic"],
};

export const multiclassHingeOnPaper: CostOnPaper = {
  source: "Weston, Watkins 1999",
  value: (by, { here, other, sum, sumOther, outputs, told }) =>
    before(
      by,
      factorOf(told, outputs, false),
      sumOther(
        by.times(
          other.t,
          by.minus(sum(by.apply("positivePart", by.plus(by.number(1), by.minus(here.v, other.v)))), by.number(1)),
        ),
      ),
    ),
  slope: (by, { here, other, sumOther, outputs, told }) => [
    before(
      by,
      factorOf(told, outputs, false),
      by.minus(
        sumOther(by.times(other.t, by.positive(by.plus(by.number(1), by.minus(here.v, other.v))))),
        by.times(here.t, sumOther(by.positive(by.plus(by.number(1), by.minus(other.v, here.v))))),
      ),
    ),
  ],
  numpy: "np.sum(t * (np.sum(np.maximum(0, 1 + v[:, None] - v[None, :]), axis=0) - 1))",
};
