/**
 * Costs of squares: `quadratic` C = ½ Σ (t − v)², as in the back-propagation document, Bishop and Nielsen; `sse`
 * without the ½; `mse` the mean over the outputs too, as in PyTorch and Keras. ∂C/∂v_j = c (v_j − t_j) with c = 1, 2
 * and 2/K.
 */

import { mul, sub } from "@chainrule/autograd";
import { each, type CostOnPaper, type CostRecord } from "./record.ts";

const [ofHalf, ofSum, ofMean] = [() => 1, () => 2, (outputs: number) => 2 / outputs];

type Own = Pick<CostRecord, "formula" | "batch" | "aliases">;

function squares(scale: (outputs: number) => number, half: boolean, own: Own): CostRecord {
  return {
    ...own,
    takes: [],
    targets: "numbers",
    squares: { scale, half },
    tensor: ({ v, t }) => {
      const e = sub(t, v);
      return mul(e, e)
        .sum(-1)
        .mul(0.5 * scale(t.shape[1]!));
    },
    slopeErrors: (one) =>
      each(
        one,
        (j) =>
          scale(one.v.length) * (one.dv[j]! + one.dt[j]! + one.epsilon * (Math.abs(one.v[j]!) + Math.abs(one.t[j]!))),
      ),
    byTarget: (v, t) => 2 * Math.abs(v - t),
    confused: ["mae"],
  };
}

// Marked as pure where it is called: a page that derives nothing leaves it out.
const written = (scale: (outputs: number) => number, own: Pick<CostOnPaper, "source" | "numpy">): CostOnPaper => ({
  ...own,
  value: (by, { here, error, sum, outputs }) => {
    const all = sum(by.square(error ?? by.minus(here.t, here.v)));
    const c = 0.5 * scale(outputs);
    return c === 1 ? all : by.times(by.over(by.number(1), by.number(Math.round(1 / c))), all);
  },
  slope: (by, { here, outputs }) => [by.scaled(scale(outputs), by.minus(here.v, here.t))],
});

export const quadratic = squares(ofHalf, true, {
  formula: "½Σ(t − v)²",
  batch: "C = ½ (1/N) Σ (t − v)²",
  aliases: ["quadratic", "halfmse", "halfsse", "halfsquarederror", "squares", "quadraticcost", "leastsquares"],
});

export const quadraticOnPaper = /* @__PURE__ */ written(ofHalf, {
  source: "Rumelhart, Hinton, Williams 1986",
  numpy: "0.5 * np.sum((t - v) ** 2)",
});

export const sse = squares(ofSum, false, {
  formula: "Σ(t − v)²",
  batch: "C = (1/N) Σ (t − v)²",
  aliases: ["sse", "sumofsquares", "sumofsquarederrors", "sumsquarederror", "sumsquares", "rss"],
});

export const sseOnPaper = /* @__PURE__ */ written(ofSum, { source: "Legendre 1805", numpy: "np.sum((t - v) ** 2)" });

export const mse = squares(ofMean, false, {
  formula: "(1/K)Σ(t − v)²",
  batch: "C = (1/NK) Σ (t − v)²",
  aliases: [
    "mse",
    "mseloss",
    "meansquarederror",
    "meansquare",
    "meansquares",
    "l2loss",
    "squaredloss",
    "squarederror",
    "l2",
  ],
});

export const mseOnPaper = /* @__PURE__ */ written(ofMean, { source: "PyTorch, Keras", numpy: "np.mean((t - v) ** 2)" });
