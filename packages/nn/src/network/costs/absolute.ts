/**
 * Costs of the size of the error, means over the outputs as in PyTorch and Keras. `mae` C = (1/K) Σ |t − v| (Laplace
 * 1774), ∂C/∂v = sign(v − t)/K, at v = t anything between −1/K and 1/K. `huber` C = (1/K) Σ {½ e² up to δ, δ (|e| − ½
 * δ) beyond} with e = v − t (Huber 1964), ∂C/∂v = e/K held between ±δ/K; δ = 1 where nothing is said, where it is
 * PyTorch's smooth L1.
 */

import { abs, clip, mul, sub } from "@chainrule/autograd";
import type { Writer } from "../activations/record.ts";
import { each, factorOf, type CostRecord, type Sample, type CostOnPaper } from "./record.ts";

const gap = ({ v, t }: Pick<Sample, "v" | "t">, j: number): number => v[j]! - t[j]!;
const room = ({ dv, dt, epsilon, v, t }: Sample, j: number): number =>
  dv[j]! + dt[j]! + epsilon * (Math.abs(v[j]!) + Math.abs(t[j]!));

export const mae: CostRecord = {
  formula: "(1/K)Σ|t − v|",
  batch: "C = (1/NK) Σ |t − v|",
  aliases: ["mae", "maeloss", "meanabsoluteerror", "l1", "l1loss", "absolute", "absoluteerror"],
  takes: ["outputs"],
  targets: "numbers",
  averages: true,
  tensor: ({ v, t }, told) =>
    abs(sub(v, t))
      .sum(-1)
      .mul(factorOf(told, t.shape[1]!, true)),
  slopeErrors: (one) => each(one, (j) => one.epsilon * Math.abs(one.g[j]!)),
  slopeRanges: (one) => {
    const c = factorOf(one.told, one.v.length, true);
    return Array.from(one.v, (_, j) =>
      Math.abs(gap(one, j)) <= room(one, j) ? ([-c, c] as const) : ([one.g[j]!, one.g[j]!] as const),
    );
  },
  regions: (v, t) => Array.from(v, (vj, j) => Math.sign(vj - t[j]!)),
  byTarget: () => 1,
  confused: ["quadratic", "mse"],
};

export const maeOnPaper: CostOnPaper = {
  source: "Laplace 1774",
  value: (by, { here, sum, outputs, told }) =>
    before(by, factorOf(told, outputs, true), sum(by.apply("abs", by.minus(here.t, here.v)))),
  slope: (by, { here, outputs, told }) => [
    before(by, factorOf(told, outputs, true), by.apply("sign", by.minus(here.v, here.t))),
  ],
  numpy: "np.mean(np.abs(t - v))",
};

export const huber: CostRecord = {
  formula: "(1/K)Σ{½e² | δ(|e| − ½δ)}",
  batch: "C = (1/NK) Σ {½ e² up to δ, δ (|e| − ½ δ) beyond}",
  aliases: ["huber", "huberloss", "smoothl1", "smoothl1loss"],
  takes: ["delta", "outputs"],
  targets: "numbers",
  averages: true,
  tensor: ({ v, t }, told) => {
    const e = sub(v, t);
    // With c = e held between ±δ it is c e − ½ c², whose slope is c on both sides.
    const held = clip(e, -told.delta, told.delta);
    return sub(mul(held, e), mul(mul(held, held), 0.5))
      .sum(-1)
      .mul(factorOf(told, t.shape[1]!, true));
  },
  // The slope is continuous at the joints: an error of e counts no more than once.
  slopeErrors: (one) =>
    each(one, (j) => factorOf(one.told, one.v.length, true) * room(one, j) + 2 * one.epsilon * Math.abs(one.g[j]!)),
  byTarget: (v, t) => Math.abs(v - t),
  confused: ["quadratic", "mae", "mse"],
};

export const huberOnPaper: CostOnPaper = {
  source: "Huber 1964",
  value: (by, { here, sum, outputs, told }) => {
    const c = held(by, by.minus(here.v, here.t), told.delta);
    return before(
      by,
      factorOf(told, outputs, true),
      sum(by.minus(by.times(c, by.minus(here.v, here.t)), by.scaled(0.5, by.square(c)))),
    );
  },
  slope: (by, { here, outputs, told }) => [
    before(by, factorOf(told, outputs, true), held(by, by.minus(here.v, here.t), told.delta)),
  ],
  numpy: "np.mean(np.where(np.abs(t - v) <= delta, 0.5 * (t - v) ** 2, delta * (np.abs(t - v) - 0.5 * delta)))",
};

/** e held between ±δ: −δ + max(0, e + δ) − max(0, e − δ) */
function held<E>(by: Writer<E>, e: E, delta: number): E {
  return by.plus(
    by.number(-delta),
    by.apply("positivePart", by.plus(e, by.number(delta))),
    by.negative(by.apply("positivePart", by.minus(e, by.number(delta)))),
  );
}

/** 1/K in front, where it is one. */
export function before<E>(by: Writer<E>, factor: number, of: E): E {
  return factor === 1 ? of : by.times(by.over(by.number(1), by.number(Math.round(1 / factor))), of);
}
