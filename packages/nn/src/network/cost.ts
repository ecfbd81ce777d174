/** Costs: what one sample's outputs cost against its targets, computed from the last layer's inputs where that is exact. */

import { ArgumentError, equal, log, logSoftmax, mul, ShapeError, softplus, sub, where, type Tensor } from "@chainrule/autograd";
import type { LayerActivation } from "./activation.ts";

/**
 * `quadratic` ½ Σ (t - v)²; `crossEntropy` -Σ [t ln v + (1 - t) ln(1 - v)]; `categoricalCrossEntropy` -Σ t ln v;
 * `softmaxCrossEntropy` -Σ t ln softmax(v), for a linear last layer.
 */
export type CostName = "quadratic" | "crossEntropy" | "categoricalCrossEntropy" | "softmaxCrossEntropy";

/** A name, or a function of your own from outputs and targets (samples × units) to one cost for each sample, or to one scalar. */
export type Cost = CostName | ((v: Tensor, t: Tensor) => Tensor);

/** What a named cost may look at. */
interface LastLayer {
  readonly u: Tensor;
  readonly v: Tensor;
  readonly t: Tensor;
  readonly activation: LayerActivation;
}

/** t · x where a target of 0 silences even an infinite x: 0 ln 0 = 0. */
function weighted(t: Tensor, x: Tensor): Tensor {
  const silent = equal(t, 0);
  return where(silent, 0, mul(t, where(silent, 0, x)));
}

/** -x, where the negative of no cost is no cost: 0, not -0. */
const negated = (x: Tensor): Tensor => sub(0, x);

const costs: Readonly<Record<CostName, (last: LastLayer) => Tensor>> = {
  // C = ½ Σ_j (t_j - v_j)²
  quadratic({ v, t }) {
    const e = sub(t, v);
    return mul(e, e).sum(-1).mul(0.5);
  },
  // C = -Σ_j [t_j ln v_j + (1 - t_j) ln(1 - v_j)]; of a sigmoid -ln v = ln(1 + e^-u) and -ln(1 - v) = ln(1 + e^u)
  crossEntropy({ u, v, t, activation }) {
    const rest = sub(1, t);
    const sure = activation === "sigmoid";
    const hit = sure ? softplus(u.neg()) : log(v).neg();
    const miss = sure ? softplus(u) : log(sub(1, v)).neg();
    return weighted(t, hit).add(weighted(rest, miss)).sum(-1);
  },
  // C = -Σ_j t_j ln v_j
  categoricalCrossEntropy({ u, v, t, activation }) {
    const logs = activation === "softmax" ? logSoftmax(u, -1) : activation === "sigmoid" ? softplus(u.neg()).neg() : log(v);
    return negated(weighted(t, logs).sum(-1));
  },
  // C = -Σ_j t_j ln softmax(v)_j
  softmaxCrossEntropy: ({ v, t }) => negated(weighted(t, logSoftmax(v, -1)).sum(-1)),
};

/** Refuses what is no cost. */
export function checkCost(cost: Cost | undefined): Cost {
  const given = cost ?? "quadratic";
  if (typeof given === "function" || Object.hasOwn(costs, given)) return given;
  throw new ArgumentError({
    op: "network",
    problem: `unknown cost ${given as string}`,
    hint: `use ${Object.keys(costs).join(", ")}, or a function of v and t`,
  });
}

/** The mean cost of a batch. */
export function meanCost(cost: Cost, last: LastLayer): Tensor<[]> {
  const each = typeof cost === "function" ? cost(last.v, last.t) : costs[cost](last);
  const samples = last.v.shape[0]!;
  if (each.shape.length === 0) return each as Tensor<[]>;
  if (each.shape.length === 1 && each.shape[0] === samples) return each.mean();
  throw new ShapeError({
    op: "network",
    problem: `the cost gives shape [${each.shape.join(", ")}] for ${samples} samples`,
    hint: "return one cost for each sample, or one scalar",
    shapes: [each.shape],
  });
}
