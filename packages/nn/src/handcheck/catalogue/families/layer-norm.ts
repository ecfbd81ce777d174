/** Layer normalization: every row by its own mean and variance, y = γ x̂ + β. */

import type { Tensor } from "@chainrule/autograd";
import { awayFromOne, numberOf, slipsOf, type Family, type Slip } from "./family.ts";
import { affineNeutral, affineSlips, normalized } from "./normalization.ts";

interface Ingredients {
  readonly istd: Tensor;
  readonly xhat: Tensor;
  readonly dxhat: Tensor;
  readonly g: Tensor;
  readonly gamma: Tensor;
}

const keep = { keepDims: true } as const;

const dx = (formula: (given: Ingredients) => Tensor): Slip["value"] => ([x, gamma], g, settings) =>
  formula({ ...normalized(x!, 1, settings), dxhat: g.mul(gamma!) as Tensor, g, gamma: gamma! });

// dx = istd (dx̂ − mean dx̂ − x̂ mean(dx̂ x̂)) along each row,  dx̂ = γ g
const corrected = (dxhat: Tensor, xhat: Tensor, axis: 0 | 1): Tensor => dxhat.sub(dxhat.mean(axis, keep)).sub(xhat.mul(dxhat.mul(xhat).mean(axis, keep))) as Tensor;

/** The corrections multiplied by c. */
const weighed = (dxhat: Tensor, xhat: Tensor, c: number): Tensor => dxhat.sub(dxhat.mean(1, keep).add(xhat.mul(dxhat.mul(xhat).mean(1, keep))).mul(c)) as Tensor;

/** The family. */
export const layerNorm: Family = {
  name: "layerNorm",
  inputs: [
    {
      name: "x", differentiable: true, shape: [4, 6],
      draw: (random, shape, { settings }) => random.normalArray(shape[0]! * shape[1]!).map((x) => 1.6 * Math.sqrt(Math.max(numberOf(settings, "eps"), 1e-12)) * (x + 0.4)),
    },
    { name: "gamma", differentiable: true, shape: [6], draw: awayFromOne },
    { name: "beta", differentiable: true, shape: [6] },
  ],
  settings: { eps: 1e-5, bessel: false },
  variants: [1e-8, 1e-6, 1e-12, 1e-3, 1e-7, 1e-2, 0.1].map((eps) => ({ settings: { eps }, says: { en: `your ε is ${eps}`, zh: `你的 ε 是 ${eps}` } })),
  forward: ([x, gamma, beta], settings) => normalized(x!, 1, settings).xhat.mul(gamma!).add(beta!) as Tensor,
  formulas: { x: "istd (γ g − mean(γ g) − x̂ mean(γ g x̂)), row by row", gamma: "Σₙ g x̂", beta: "Σₙ g" },
  neutral: affineNeutral,
  slips: [
    ...slipsOf("x", [
      ["F9", "missing", "γ istd g", "the mean and the variance of a row are treated as constants", "把每行的均值和方差当成了常数", dx(({ istd, dxhat }) => istd.mul(dxhat) as Tensor)],
      ["F9", "other", "the corrections averaged over the batch", "the corrections are averaged over the batch: this is batch normalization's rule", "修正项沿批取了平均：这是批归一化的公式", dx(({ istd, dxhat, xhat }) => istd.mul(corrected(dxhat, xhat, 0)) as Tensor)],
      ["F9", "other", "γ istd (g − mean g − x̂ mean(g x̂))", "γ is applied after the sums; it belongs inside them", "γ 在求和之后才乘，应当在求和里面", dx(({ istd, g, xhat, gamma }) => istd.mul(corrected(g, xhat, 1)).mul(gamma) as Tensor)],
      ["F9", "missing", "istd (γ g − x̂ mean(γ g x̂))", "the path through the mean is forgotten: this is RMSNorm's rule", "漏了经过均值的路径：这是 RMSNorm 的公式", dx(({ istd, dxhat, xhat }) => istd.mul(dxhat.sub(xhat.mul(dxhat.mul(xhat).mean(1, keep)))) as Tensor)],
      ["F9", "extra", "istd (γ g − 2 mean(γ g) − x̂ mean(γ g x̂))", "the mean is taken away twice", "均值减了两次", dx(({ istd, dxhat, xhat }) => istd.mul(corrected(dxhat, xhat, 1).sub(dxhat.mean(1, keep))) as Tensor)],
      ["F9", "constant", "istd (γ g − mean(γ g)/N − x̂ mean(γ g x̂)/N)", "the mean of both corrections is taken twice: a factor 1/N too many", "两个修正项取了两次平均：多了因子 1/N",
        dx(({ istd, dxhat, xhat }) => istd.mul(weighed(dxhat, xhat, 1 / dxhat.shape[1]!)) as Tensor)],
      ["F9", "constant", "istd (γ g − Σ γ g − x̂ Σ γ g x̂)", "the 1/N of both corrections is missing", "两个修正项都漏了 1/N", dx(({ istd, dxhat, xhat }) => istd.mul(weighed(dxhat, xhat, dxhat.shape[1]!)) as Tensor)],
      ["F9", "constant", "istd (γ g − mean(γ g) − x̂ mean(γ g x̂)/N)", "the mean in the path through the variance is taken twice: a factor 1/N too many", "经过方差的路径取了两次平均：多了因子 1/N",
        dx(({ istd, dxhat, xhat }) => istd.mul(dxhat.sub(dxhat.mean(1, keep)).sub(xhat.mul(dxhat.mul(xhat).mean(1, keep)).div(dxhat.shape[1]!))) as Tensor)],
      ["F9", "constant", "istd (γ g − mean(γ g)/N − x̂ mean(γ g x̂))", "the mean in the path through the mean is taken twice: a factor 1/N too many", "经过均值的路径取了两次平均：多了因子 1/N",
        dx(({ istd, dxhat, xhat }) => istd.mul(dxhat.sub(dxhat.mean(1, keep).div(dxhat.shape[1]!)).sub(xhat.mul(dxhat.mul(xhat).mean(1, keep)))) as Tensor)],
      ["F9", "missing", "istd (γ g − mean(γ g))", "the path through the variance is forgotten", "漏了经过方差的路径", dx(({ istd, dxhat }) => istd.mul(dxhat.sub(dxhat.mean(1, keep))) as Tensor)],
      ["F9", "missing", "istd (g − mean g − x̂ mean(g x̂))", "γ is forgotten", "漏了 γ", dx(({ istd, g, xhat }) => istd.mul(corrected(g, xhat, 1)) as Tensor)],
    ]),
    ...affineSlips("F9", 1),
  ],
};
