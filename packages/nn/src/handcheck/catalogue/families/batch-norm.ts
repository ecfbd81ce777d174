/** Batch normalization over the rows: x̂ = (x − μ)/√(σ² + ε), y = γ x̂ + β. */

import type { Tensor } from "@chainrule/autograd";
import { kernelSlips } from "../../../locales/kernel-slips.ts";
import { awayFromOne, numberOf, slipsOf, type Family, type Settings, type Slip } from "./family.ts";
import { affineNeutral, affineSlips } from "./normalization.ts";

/** x − μ, σ² with the divisor of the setting, 1/√(σ² + ε), and x̂. */
function parts(x: Tensor, settings: Settings): { centered: Tensor; variance: Tensor; istd: Tensor; xhat: Tensor } {
  const centered = x.sub(x.mean(0)) as Tensor;
  const divisor = x.shape[0]! - (settings.bessel === true ? 1 : 0);
  const variance = centered.mul(centered).sum(0).div(divisor) as Tensor;
  const istd = variance.add(numberOf(settings, "eps")).pow(-0.5) as Tensor;
  return { centered, variance, istd, xhat: centered.mul(istd) as Tensor };
}

type Ingredients = ReturnType<typeof parts> & {
  readonly x: Tensor;
  readonly gamma: Tensor;
  readonly g: Tensor;
  readonly dxhat: Tensor;
  readonly n: number;
};

// dx = istd (dx̂ − mean dx̂ − x̂ Σ(dx̂ x̂)/(n − bessel)),  dx̂ = γ g
const rule = (istd: Tensor, dxhat: Tensor, xhat: Tensor, meanPart: Tensor, sumPart: Tensor): Tensor =>
  istd.mul(dxhat.sub(meanPart).sub(xhat.mul(sumPart))) as Tensor;

type Formula = (given: Ingredients, settings: Settings) => Tensor | null;

const dx =
  (formula: Formula): Slip["value"] =>
  ([x, gamma], g, settings) => {
    const dxhat = g.mul(gamma!) as Tensor;
    return formula({ ...parts(x!, settings), x: x!, gamma: gamma!, g, dxhat, n: x!.shape[0]! }, settings);
  };

const divisorOf = (n: number, settings: Settings): number => n - (settings.bessel === true ? 1 : 0);

/** The rule with the correct sums for any scale and any x̂. */
const withParts = ({ dxhat, n }: Ingredients, settings: Settings, istd: Tensor, xhat: Tensor): Tensor =>
  rule(istd, dxhat, xhat, dxhat.mean(0) as Tensor, dxhat.mul(xhat).sum(0).div(divisorOf(n, settings)) as Tensor);

/** Running statistics after one batch, from mean 0 and variance 1. */
function running(
  { x, variance, n }: Ingredients,
  settings: Settings,
  momentum: number,
  unbiased: boolean,
): { istd: Tensor; xhat: Tensor } {
  const batch = unbiased ? variance.mul(divisorOf(n, settings) / (n - 1)) : variance;
  const istd = batch
    .mul(momentum)
    .add(1 - momentum + numberOf(settings, "eps"))
    .pow(-0.5) as Tensor;
  return { istd, xhat: x.sub(x.mean(0).mul(momentum)).mul(istd) as Tensor };
}

const runningSlips = [0.1, 0.01].flatMap((momentum) =>
  [false, true].flatMap((unbiased) => [
    {
      yours: `γ istd g,  istd of running statistics (momentum ${momentum})`,
      value: dx((i, s) => running(i, s, momentum, unbiased).istd.mul(i.dxhat) as Tensor),
    },
    {
      yours: `the rule with running statistics (momentum ${momentum})`,
      value: dx((i, s) => {
        const { istd, xhat } = running(i, s, momentum, unbiased);
        return withParts(i, s, istd, xhat);
      }),
    },
  ]),
);

const slips: Slip[] = [
  ...slipsOf("x", [
    [
      "F1",
      "missing",
      "γ istd g",
      kernelSlips.batchStatisticsConstant,
      dx(({ istd, dxhat }) => istd.mul(dxhat) as Tensor),
    ],
    [
      "F2",
      "missing",
      "istd (γ g − mean(γ g))",
      kernelSlips.pathThroughVariance,
      dx(({ istd, dxhat }) => istd.mul(dxhat.sub(dxhat.mean(0))) as Tensor),
    ],
    [
      "F3",
      "missing",
      "istd (γ g − x̂ mean(γ g x̂))",
      kernelSlips.pathThroughMean,
      dx(
        ({ istd, dxhat, xhat, n }, s) =>
          istd.mul(dxhat.sub(xhat.mul(dxhat.mul(xhat).sum(0).div(divisorOf(n, s))))) as Tensor,
      ),
    ],
    [
      "F4",
      "missing",
      "istd (g − mean g − x̂ mean(g x̂))",
      kernelSlips.gammaForgotten,
      dx((i, s) => withParts({ ...i, dxhat: i.g }, s, i.istd, i.xhat)),
    ],
    [
      "F4",
      "constant",
      "istd (γ g − Σ γ g − x̂ Σ γ g x̂)",
      kernelSlips.correctionsNotAveraged,
      dx(({ istd, dxhat, xhat }) => rule(istd, dxhat, xhat, dxhat.sum(0) as Tensor, dxhat.mul(xhat).sum(0) as Tensor)),
    ],
    [
      "F4",
      "constant",
      "istd (γ g − mean(γ g)/N − x̂ mean(γ g x̂)/N)",
      kernelSlips.correctionsAveragedTwice,
      dx(({ istd, dxhat, xhat, n }, s) =>
        rule(
          istd,
          dxhat,
          xhat,
          dxhat.mean(0).div(n) as Tensor,
          dxhat
            .mul(xhat)
            .sum(0)
            .div(n * divisorOf(n, s)) as Tensor,
        ),
      ),
    ],
    [
      "F4",
      "other",
      "the corrections averaged over axis 1",
      kernelSlips.correctionsOverFeatures,
      dx(({ istd, dxhat, xhat }) =>
        rule(
          istd,
          dxhat,
          xhat,
          dxhat.mean(1, { keepDims: true }) as Tensor,
          dxhat.mul(xhat).mean(1, { keepDims: true }) as Tensor,
        ),
      ),
    ],
    [
      "F5",
      "constant",
      "x̂ Σ(γ g x̂) over the other of N and N − 1",
      kernelSlips.divisorsMixed,
      dx(({ istd, dxhat, xhat, n }, s) =>
        rule(
          istd,
          dxhat,
          xhat,
          dxhat.mean(0) as Tensor,
          dxhat
            .mul(xhat)
            .sum(0)
            .div(2 * n - 1 - divisorOf(n, s)) as Tensor,
        ),
      ),
    ],
    [
      "F5",
      "constant",
      "μ and σ² recomputed with the other of N and N − 1",
      kernelSlips.ownVarianceMixed,
      ([x, gamma], g, s) => {
        const other = { ...s, bessel: s.bessel !== true };
        const { istd, xhat } = parts(x!, other);
        const dxhat = g.mul(gamma!) as Tensor;
        return rule(
          istd,
          dxhat,
          xhat,
          dxhat.mean(0) as Tensor,
          dxhat.mul(xhat).sum(0).div(divisorOf(x!.shape[0]!, other)) as Tensor,
        );
      },
    ],
    [
      "F6",
      "missing",
      "1/√σ² for 1/√(σ² + ε)",
      kernelSlips.epsilonForgotten,
      dx((i, s) => withParts(i, s, i.variance.pow(-0.5) as Tensor, i.centered.mul(i.variance.pow(-0.5)) as Tensor)),
    ],
    [
      "F6",
      "missing",
      "1/√σ² before the bracket",
      kernelSlips.epsilonForgottenBefore,
      dx((i, s) => withParts(i, s, i.variance.pow(-0.5) as Tensor, i.xhat)),
    ],
    [
      "F6",
      "missing",
      "(x − μ)/√σ² inside the bracket",
      kernelSlips.epsilonForgottenInside,
      dx((i, s) => withParts(i, s, i.istd, i.centered.mul(i.variance.pow(-0.5)) as Tensor)),
    ],
  ]),
  ...runningSlips.map(({ yours, value }): Slip => ({
    id: "F7",
    kind: "other",
    of: "x",
    yours,
    says: kernelSlips.runningStatistics,
    value,
  })),
  {
    id: "F7",
    kind: "other",
    of: "x",
    yours: "c γ g with one c for each column",
    loose: true,
    value: ([, gamma], g, _, given) => {
      if (given.shape.length !== 2 || given.shape[1] !== g.shape[1]) return null;
      const dxhat = g.mul(gamma!) as Tensor;
      return dxhat.mul(given.mul(dxhat).sum(0).div(dxhat.mul(dxhat).sum(0))) as Tensor;
    },
    says: kernelSlips.otherStatistics,
  },
  ...affineSlips("F8", 0),
];

/** The family. The data is as small as √ε, so that an ε that is forgotten counts. */
export const batchNorm: Family = {
  name: "batchNorm",
  inputs: [
    {
      name: "x",
      differentiable: true,
      shape: [6, 4],
      draw: (random, shape, { settings }) => {
        const size = 1.6 * Math.sqrt(Math.max(numberOf(settings, "eps"), 1e-12));
        return random.normalArray(shape[0]! * shape[1]!).map((x, i) => size * (x + 0.3 * ((i % shape[1]!) + 1)));
      },
    },
    { name: "gamma", differentiable: true, shape: [4], draw: awayFromOne },
    { name: "beta", differentiable: true, shape: [4] },
  ],
  settings: { eps: 1e-5, bessel: false },
  variants: [
    ...[1e-8, 1e-3, 1e-6, 1e-12, 1e-2, 1e-7, 1e-10, 1e-4, 0.1].map((eps) => ({
      settings: { eps },
      says: kernelSlips.otherEpsilon({ epsilon: eps }),
    })),
    ...[1e-5, 1e-8, 1e-3, 1e-6, 1e-12].map((eps) => ({
      settings: { eps, bessel: true },
      says: kernelSlips.otherDivisor({ epsilon: eps }),
    })),
  ],
  forward: ([x, gamma, beta], settings) => parts(x!, settings).xhat.mul(gamma!).add(beta!) as Tensor,
  formulas: { x: "istd (γ g − mean(γ g) − x̂ mean(γ g x̂))", gamma: "Σₙ g x̂", beta: "Σₙ g" },
  slips,
  neutral: affineNeutral,
};
