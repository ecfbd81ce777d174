/**
 * RMS normalization: every row by the root of its mean square, without a mean that is subtracted: y = γ x/√(mean(x²) +
 * ε).
 */

import type { Tensor } from "@chainrule/autograd";
import { kernelSlips } from "../../../locales/kernel-slips.ts";
import { neutral } from "./without.ts";
import { awayFromOne, numberOf, slipsOf, type Family, type Settings, type Slip } from "./family.ts";

const keep = { keepDims: true } as const;

interface Ingredients {
  readonly x: Tensor;
  readonly r: Tensor;
  readonly xhat: Tensor;
  readonly dxhat: Tensor;
  readonly g: Tensor;
  readonly gamma: Tensor;
  readonly n: number;
}

/** r = 1/√(mean(x²) + ε) and x̂ = x r */
function parts(x: Tensor, settings: Settings): { readonly r: Tensor; readonly xhat: Tensor } {
  const r = x.mul(x).mean(1, keep).add(numberOf(settings, "eps")).pow(-0.5) as Tensor;
  return { r, xhat: x.mul(r) as Tensor };
}

const from =
  (formula: (given: Ingredients, settings: Settings) => Tensor): Slip["value"] =>
  ([x, gamma], g, settings) =>
    formula(
      { ...parts(x!, settings), x: x!, dxhat: g.mul(gamma!) as Tensor, g, gamma: gamma!, n: x!.shape[1]! },
      settings,
    );

// dx = r (dx̂ − x̂ mean(dx̂ x̂)) along each row,  dx̂ = γ g
const rule = (r: Tensor, dxhat: Tensor, xhat: Tensor): Tensor =>
  r.mul(dxhat.sub(xhat.mul(dxhat.mul(xhat).mean(1, keep)))) as Tensor;

/**
 * The family. Every other row is as small as √ε, so that an ε that is forgotten counts; the rest are not, so that x is
 * not lost beside x̂.
 */
export const rmsNorm: Family = {
  name: "rmsNorm",
  inputs: [
    {
      name: "x",
      differentiable: true,
      shape: [4, 6],
      draw: (random, shape, { settings }) =>
        random
          .normalArray(shape[0]! * shape[1]!)
          .map(
            (x, i) =>
              (Math.floor(i / shape[1]!) % 2 === 0
                ? 1.6 * Math.sqrt(Math.max(numberOf(settings, "eps"), 1e-12))
                : 1.7) *
              (x + 0.4),
          ),
    },
    { name: "gamma", differentiable: true, shape: [6], draw: awayFromOne },
  ],
  settings: { eps: 1e-5 },
  variants: [1e-6, 1e-8, 1e-12, 1e-3, 1e-7, 1e-2, 0.1, 0].map((eps) => ({
    settings: { eps },
    says: kernelSlips.otherEpsilon({ epsilon: eps }),
  })),
  forward: ([x, gamma], settings) => parts(x!, settings).xhat.mul(gamma!) as Tensor,
  formulas: { x: "r (γ g − x̂ mean(γ g x̂)), row by row,  r = 1/√(mean(x²) + ε)", gamma: "Σₙ g x̂" },
  neutral: { gamma: neutral(1, ([x]) => x!.shape[1]!) },
  slips: [
    ...slipsOf("x", [
      ["F9", "missing", "γ r g", kernelSlips.rootConstant, from(({ r, dxhat }) => r.mul(dxhat) as Tensor)],
      [
        "F9",
        "extra",
        "r (γ g − mean(γ g) − x̂ mean(γ g x̂))",
        kernelSlips.layerNormRule,
        from(({ r, dxhat, xhat }) => rule(r, dxhat, xhat).sub(r.mul(dxhat.mean(1, keep))) as Tensor),
      ],
      [
        "F9",
        "other",
        "γ r (g − x̂ mean(g x̂))",
        kernelSlips.gammaAfterSum,
        from(({ r, g, xhat, gamma }) => rule(r, g, xhat).mul(gamma) as Tensor),
      ],
      ["F9", "missing", "r (g − x̂ mean(g x̂))", kernelSlips.gammaForgotten, from(({ r, g, xhat }) => rule(r, g, xhat))],
      [
        "F9",
        "constant",
        "r (γ g − x̂ Σ γ g x̂)",
        kernelSlips.correctionNotAveraged,
        from(({ r, dxhat, xhat }) => r.mul(dxhat.sub(xhat.mul(dxhat.mul(xhat).sum(1, keep)))) as Tensor),
      ],
      [
        "F9",
        "sign",
        "r (γ g + x̂ mean(γ g x̂))",
        kernelSlips.correctionSign,
        from(({ r, dxhat, xhat }) => r.mul(dxhat.add(xhat.mul(dxhat.mul(xhat).mean(1, keep)))) as Tensor),
      ],
      [
        "F9",
        "missing",
        "r (γ g − x mean(γ g x̂))",
        kernelSlips.inputForNormalizedInCorrection,
        from(({ r, dxhat, xhat, x }) => r.mul(dxhat.sub(x.mul(dxhat.mul(xhat).mean(1, keep)))) as Tensor),
      ],
      [
        "F9",
        "other",
        "r (γ g − x mean(γ g x))",
        kernelSlips.inputForNormalizedTwice,
        from(({ r, dxhat, x }) => r.mul(dxhat.sub(x.mul(dxhat.mul(x).mean(1, keep)))) as Tensor),
      ],
      [
        "F9",
        "constant",
        "r (γ g − ½ x̂ mean(γ g x̂))",
        kernelSlips.correctionHalf,
        from(({ r, dxhat, xhat }) => r.mul(dxhat.sub(xhat.mul(dxhat.mul(xhat).mean(1, keep)).mul(0.5))) as Tensor),
      ],
      [
        "F9",
        "other",
        "the correction averaged over the batch",
        kernelSlips.correctionOverBatch,
        from(({ r, dxhat, xhat }) => r.mul(dxhat.sub(xhat.mul(dxhat.mul(xhat).mean(0, keep)))) as Tensor),
      ],
      [
        "F6",
        "missing",
        "1/√mean(x²) for r",
        kernelSlips.epsilonForgotten,
        from(({ x, dxhat }, s) => {
          const bare = parts(x, { ...s, eps: 0 });
          return rule(bare.r, dxhat, bare.xhat);
        }),
      ],
    ]),
    ...slipsOf("gamma", [
      ["F9", "missing", "Σₙ g x", kernelSlips.inputForRootNormalized, ([x], g) => g.mul(x!).sum(0) as Tensor],
      ["F9", "missing", "Σₙ g", kernelSlips.normalizedForgotten, (_, g) => g.sum(0) as Tensor],
      [
        "F9",
        "constant",
        "meanₙ g x̂",
        kernelSlips.samplesAveraged,
        from(({ g, xhat }) => g.mul(xhat).mean(0) as Tensor),
      ],
      ["F9", "missing", "g x̂", kernelSlips.samplesNotSummed, from(({ g, xhat }) => g.mul(xhat) as Tensor)],
      [
        "F9",
        "extra",
        "γ Σₙ g x̂",
        kernelSlips.gammaOnGamma,
        from(({ g, xhat, gamma }) => g.mul(xhat).sum(0).mul(gamma) as Tensor),
      ],
    ]),
  ],
};
