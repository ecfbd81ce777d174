/**
 * Cross-entropies. Of two classes for each output C = −Σ [t ln v + (1 − t) ln(1 − v)]: `crossEntropy`, and `bce` where
 * that is meant whatever the last layer. Of classes C = −Σ t ln v: `categoricalCrossEntropy`, also called
 * log-likelihood (Nielsen) and nll. `softmaxCrossEntropy` takes the softmax itself, −Σ t ln softmax(v), for a linear
 * last layer. Label smoothing (Szegedy et al. 2015) puts (1 − s) t + s/K in place of t, of two classes (1 − s) t + s/2;
 * class weights multiply the terms of each class. Nothing is divided by the sum of the weights.
 */

import { log, logSoftmax, softplus, sub } from "@chainrule/autograd";
import type { Writer } from "../activations/record.ts";
import { massTensor, weighted } from "./masses.ts";
import { each, type CostRecord, type Sample, type CostOnPaper } from "./record.ts";

/** An error of v in a denominator counts at its nearer end. */
const nearer = (x: number, dx: number): number => Math.max(Math.abs(x) - dx, Math.abs(x) / 2);

/** How much of an error of t counts. */
const heaviest = ({ told: { classWeights } }: Pick<Sample, "told">): number => Math.max(1, ...(classWeights ?? []));

const twoClass: Omit<CostRecord, "aliases"> = {
  formula: "−Σ[t ln v + (1 − t) ln(1 − v)]",
  batch: "C = −(1/N) Σ [t ln v + (1 − t) ln(1 − v)]",
  takes: ["labelSmoothing", "classWeights"],
  targets: "shares",
  collapsesAbove: "sigmoid",
  // Of a sigmoid −ln v = ln(1 + e^−u) and −ln(1 − v) = ln(1 + e^u).
  tensor: ({ u, v, t, activation }, told) => {
    const sure = activation === "sigmoid";
    const hit = sure ? softplus(u.neg()) : log(v).neg();
    const miss = sure ? softplus(u) : log(sub(1, v)).neg();
    return weighted(massTensor(t, told, true), hit)
      .add(weighted(massTensor(t, told, true, "miss"), miss))
      .sum(-1);
  },
  // Both ends of −t/v + (1 − t)/(1 − v) are steep: an error of v counts by 1/v² and 1/(1 − v)².
  slopeErrors: (one) =>
    each(one, (j) => {
      const [v, dv] = [one.v[j]!, one.dv[j]!];
      const [low, high] = [nearer(v, dv), nearer(1 - v, dv)];
      const dt = heaviest(one) * one.dt[j]!;
      return (
        (Math.abs(one.hit[j]!) / Math.abs(v * low) + Math.abs(one.miss[j]!) / Math.abs((1 - v) * high)) *
          (dv + 4 * one.epsilon * Math.abs(v)) +
        dt / low +
        dt / high
      );
    }),
  byTarget: (v) => 1 + Math.abs(Math.log(v)) + Math.abs(Math.log1p(-v)),
  confused: ["quadratic", "categoricalCrossEntropy"],
};

/** Of two classes for each output, `crossEntropy` and `bce` alike. */
export const twoClassOnPaper: CostOnPaper = {
  source: "Cox 1958; Hinton 1989",
  value: (by, { here, sum }) =>
    by.negative(
      sum(by.plus(by.times(here.t, by.apply("ln", here.v)), by.times(here.rest, by.apply("ln", rest(by, here.v))))),
    ),
  slope: (by, { here, told }) => [
    by.plus(by.negative(by.over(here.t, here.v)), by.over(here.rest, rest(by, here.v))),
    // With weights t and its rest do not sum to 1.
    ...(told.classWeights === null ? [by.over(by.minus(here.v, here.t), by.times(here.v, rest(by, here.v)))] : []),
  ],
  collapsed: (by, { here, told }, activation) => {
    if (activation !== "sigmoid") return null;
    return told.classWeights === null
      ? { plus: here.v, minus: here.t }
      : { plus: by.times(here.v, by.plus(here.t, here.rest)), minus: here.t };
  },
  numpy: "-np.sum(t * np.log(v) + (1 - t) * np.log(1 - v))",
};

function rest<E>(by: Writer<E>, of: E): E {
  return by.minus(by.number(1), of);
}

export const crossEntropy: CostRecord = {
  ...twoClass,
  aliases: ["crossentropy", "ce", "xent", "crossentropycost", "entropy", "crossentropyerror"],
};

export const bce: CostRecord = {
  ...twoClass,
  aliases: ["bce", "binarycrossentropy", "bceloss", "logloss", "logisticloss", "binaryce"],
};

export const categoricalCrossEntropy: CostRecord = {
  formula: "−Σ t ln v",
  batch: "C = −(1/N) Σ t ln v",
  aliases: [
    "categoricalcrossentropy",
    "loglikelihood",
    "nll",
    "negativeloglikelihood",
    "nllloss",
    "multiclasscrossentropy",
    "categoricalce",
    "sparsecategoricalcrossentropy",
  ],
  takes: ["labelSmoothing", "classWeights"],
  targets: "classes",
  collapsesAbove: "softmax",
  tensor: ({ u, v, t, activation }, told) => {
    const logs =
      activation === "softmax" ? logSoftmax(u, -1) : activation === "sigmoid" ? softplus(u.neg()).neg() : log(v);
    // The negative of no cost is no cost: 0, not −0.
    return sub(0, weighted(massTensor(t, told, false), logs).sum(-1));
  },
  slopeErrors: (one) =>
    each(
      one,
      (j) =>
        (Math.abs(one.g[j]!) * one.dv[j]! + heaviest(one) * one.dt[j]!) / nearer(one.v[j]!, one.dv[j]!) +
        4 * one.epsilon * Math.abs(one.g[j]!),
    ),
  byTarget: (v) => 1 + Math.abs(Math.log(v)),
  confused: ["quadratic", "crossEntropy"],
};

export const categoricalCrossEntropyOnPaper: CostOnPaper = {
  source: "Bridle 1990",
  value: (by, { here, sum }) => by.negative(sum(by.times(here.t, by.apply("ln", here.v)))),
  slope: (by, { here }) => [by.negative(by.over(here.t, here.v))],
  collapsed: (by, { here, other, sumOther }, activation) => {
    if (activation === "sigmoid") return { plus: null, minus: by.times(here.t, rest(by, here.v)) };
    return activation === "softmax"
      ? { plus: by.times(here.v, sumOther(other.t)), minus: here.t, sumsToOne: here.v }
      : null;
  },
  numpy: "-np.sum(t * np.log(v))",
};

export const softmaxCrossEntropy: CostRecord = {
  formula: "−Σ t ln softmax(v)",
  batch: "C = −(1/N) Σ t ln softmax(v)",
  aliases: [
    "softmaxcrossentropy",
    "crossentropywithlogits",
    "softmaxloss",
    "crossentropyloss",
    "softmaxcrossentropywithlogits",
  ],
  takes: ["labelSmoothing", "classWeights"],
  targets: "classes",
  collapsesAbove: "linear",
  tensor: ({ v, t }, told) => sub(0, weighted(massTensor(t, told, false), logSoftmax(v, -1)).sum(-1)),
  slopeErrors: (one) =>
    each(
      one,
      (j) => heaviest(one) * (one.dv[j]! + one.dt[j]! + one.epsilon * (Math.abs(one.v[j]!) + Math.abs(one.t[j]!))),
    ),
  byTarget: (v) => 1 + Math.abs(Math.log(v)),
  confused: ["quadratic"],
};

export const softmaxCrossEntropyOnPaper: CostOnPaper = {
  source: "Bridle 1990",
  value: (by, { here, sum }) => by.negative(sum(by.times(here.t, by.apply("ln", here.share)))),
  slope: (by, { here, other, sumOther, same }) => [
    by.negative(sumOther(by.times(by.over(other.t, other.share), other.share, by.minus(same, here.share)))),
    by.minus(by.times(here.share, sumOther(other.t)), here.t),
  ],
  collapsed: (by, { here, other, sumOther }, activation) =>
    activation === "linear"
      ? { plus: by.times(here.share, sumOther(other.t)), minus: here.t, sumsToOne: here.share }
      : null,
  numpy: "-np.sum(t * (v - np.max(v) - np.log(np.sum(np.exp(v - np.max(v))))))",
};

/** True if two classes are meant for each output. */
export const hasSides = (record: CostRecord): boolean => record.targets === "shares";
