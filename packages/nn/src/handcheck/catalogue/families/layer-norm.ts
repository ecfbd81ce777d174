/** Layer normalization: every row by its own mean and variance, y = γ x̂ + β. */

import type { Tensor } from "@chainrule/autograd";
import { kernelSlips } from "../../../locales/kernel-slips.ts";
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

const dx =
  (formula: (given: Ingredients) => Tensor): Slip["value"] =>
  ([x, gamma], g, settings) =>
    formula({ ...normalized(x!, 1, settings), dxhat: g.mul(gamma!) as Tensor, g, gamma: gamma! });

// dx = istd (dx̂ − mean dx̂ − x̂ mean(dx̂ x̂)) along each row,  dx̂ = γ g
const corrected = (dxhat: Tensor, xhat: Tensor, axis: 0 | 1): Tensor =>
  dxhat.sub(dxhat.mean(axis, keep)).sub(xhat.mul(dxhat.mul(xhat).mean(axis, keep))) as Tensor;

/** The corrections multiplied by c. */
const weighed = (dxhat: Tensor, xhat: Tensor, c: number): Tensor =>
  dxhat.sub(
    dxhat
      .mean(1, keep)
      .add(xhat.mul(dxhat.mul(xhat).mean(1, keep)))
      .mul(c),
  ) as Tensor;

/** The family. */
export const layerNorm: Family = {
  name: "layerNorm",
  inputs: [
    {
      name: "x",
      differentiable: true,
      shape: [4, 6],
      draw: (random, shape, { settings }) =>
        random
          .normalArray(shape[0]! * shape[1]!)
          .map((x) => 1.6 * Math.sqrt(Math.max(numberOf(settings, "eps"), 1e-12)) * (x + 0.4)),
    },
    { name: "gamma", differentiable: true, shape: [6], draw: awayFromOne },
    { name: "beta", differentiable: true, shape: [6] },
  ],
  settings: { eps: 1e-5, bessel: false },
  variants: [1e-8, 1e-6, 1e-12, 1e-3, 1e-7, 1e-2, 0.1].map((eps) => ({
    settings: { eps },
    says: kernelSlips.otherEpsilon({ epsilon: eps }),
  })),
  forward: ([x, gamma, beta], settings) => normalized(x!, 1, settings).xhat.mul(gamma!).add(beta!) as Tensor,
  formulas: { x: "istd (γ g − mean(γ g) − x̂ mean(γ g x̂)), row by row", gamma: "Σₙ g x̂", beta: "Σₙ g" },
  neutral: affineNeutral,
  slips: [
    ...slipsOf("x", [
      [
        "F9",
        "missing",
        "γ istd g",
        kernelSlips.rowStatisticsConstant,
        dx(({ istd, dxhat }) => istd.mul(dxhat) as Tensor),
      ],
      [
        "F9",
        "other",
        "the corrections averaged over the batch",
        kernelSlips.batchNormalization,
        dx(({ istd, dxhat, xhat }) => istd.mul(corrected(dxhat, xhat, 0)) as Tensor),
      ],
      [
        "F9",
        "other",
        "γ istd (g − mean g − x̂ mean(g x̂))",
        kernelSlips.gammaAfterSums,
        dx(({ istd, g, xhat, gamma }) => istd.mul(corrected(g, xhat, 1)).mul(gamma) as Tensor),
      ],
      [
        "F9",
        "missing",
        "istd (γ g − x̂ mean(γ g x̂))",
        kernelSlips.rootMeanSquareRule,
        dx(({ istd, dxhat, xhat }) => istd.mul(dxhat.sub(xhat.mul(dxhat.mul(xhat).mean(1, keep)))) as Tensor),
      ],
      [
        "F9",
        "extra",
        "istd (γ g − 2 mean(γ g) − x̂ mean(γ g x̂))",
        kernelSlips.meanTakenTwice,
        dx(({ istd, dxhat, xhat }) => istd.mul(corrected(dxhat, xhat, 1).sub(dxhat.mean(1, keep))) as Tensor),
      ],
      [
        "F9",
        "constant",
        "istd (γ g − mean(γ g)/N − x̂ mean(γ g x̂)/N)",
        kernelSlips.correctionsMeanTwice,
        dx(({ istd, dxhat, xhat }) => istd.mul(weighed(dxhat, xhat, 1 / dxhat.shape[1]!)) as Tensor),
      ],
      [
        "F9",
        "constant",
        "istd (γ g − Σ γ g − x̂ Σ γ g x̂)",
        kernelSlips.correctionsNotAveraged,
        dx(({ istd, dxhat, xhat }) => istd.mul(weighed(dxhat, xhat, dxhat.shape[1]!)) as Tensor),
      ],
      [
        "F9",
        "constant",
        "istd (γ g − mean(γ g) − x̂ mean(γ g x̂)/N)",
        kernelSlips.variancePathMeanTwice,
        dx(
          ({ istd, dxhat, xhat }) =>
            istd.mul(
              dxhat.sub(dxhat.mean(1, keep)).sub(xhat.mul(dxhat.mul(xhat).mean(1, keep)).div(dxhat.shape[1]!)),
            ) as Tensor,
        ),
      ],
      [
        "F9",
        "constant",
        "istd (γ g − mean(γ g)/N − x̂ mean(γ g x̂))",
        kernelSlips.meanPathMeanTwice,
        dx(
          ({ istd, dxhat, xhat }) =>
            istd.mul(
              dxhat.sub(dxhat.mean(1, keep).div(dxhat.shape[1]!)).sub(xhat.mul(dxhat.mul(xhat).mean(1, keep))),
            ) as Tensor,
        ),
      ],
      [
        "F9",
        "missing",
        "istd (γ g − mean(γ g))",
        kernelSlips.rowPathThroughVariance,
        dx(({ istd, dxhat }) => istd.mul(dxhat.sub(dxhat.mean(1, keep))) as Tensor),
      ],
      [
        "F9",
        "missing",
        "istd (g − mean g − x̂ mean(g x̂))",
        kernelSlips.gammaForgotten,
        dx(({ istd, g, xhat }) => istd.mul(corrected(g, xhat, 1)) as Tensor),
      ],
    ]),
    ...affineSlips("F9", 1),
  ],
};
