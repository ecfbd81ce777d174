/** Says what batch and layer normalization share: the gradients of γ and β, dγ = Σₙ g x̂ and dβ = Σₙ g. */

import type { Tensor } from "@chainrule/autograd";
import { kernelSlips } from "../../../locales/kernel-slips.ts";
import { numberOf, type Settings, type Slip } from "./family.ts";
import { neutral } from "./without.ts";

/** x̂ normalized over an axis. */
export function normalized(
  x: Tensor,
  axis: 0 | 1,
  settings: Settings,
): { centered: Tensor; istd: Tensor; xhat: Tensor } {
  const centered = x.sub(x.mean(axis, { keepDims: true })) as Tensor;
  const divisor = x.shape[axis]! - (settings.bessel === true ? 1 : 0);
  const istd = centered
    .mul(centered)
    .sum(axis, { keepDims: true })
    .div(divisor)
    .add(numberOf(settings, "eps"))
    .pow(-0.5) as Tensor;
  return { centered, istd, xhat: centered.mul(istd) as Tensor };
}

/** No γ and no β. */
export const affineNeutral = {
  gamma: neutral(1, ([x]) => x!.shape[1]!),
  beta: neutral(0, ([x]) => x!.shape[1]!),
} as const;

/** Wrong dγ and dβ, by the id of the family and the axis of its statistics. */
export function affineSlips(id: string, axis: 0 | 1): Slip[] {
  const swapped = kernelSlips.affineSwapped;
  const mean = kernelSlips.samplesAveraged;
  const unsummed = kernelSlips.samplesNotSummed;
  const product = (x: Tensor, g: Tensor, settings: Settings): Tensor =>
    g.mul(normalized(x, axis, settings).xhat) as Tensor;
  return [
    {
      id,
      kind: "other",
      of: "gamma",
      yours: "Σₙ g x",
      says: kernelSlips.inputForNormalized,
      value: ([x], g) => g.mul(x!).sum(0) as Tensor,
    },
    {
      id,
      kind: "missing",
      of: "gamma",
      yours: "Σₙ g (x − μ)",
      says: kernelSlips.centeredForNormalized,
      value: ([x], g, s) => g.mul(normalized(x!, axis, s).centered).sum(0) as Tensor,
    },
    { id, kind: "other", of: "gamma", yours: "Σₙ g", says: swapped, value: (_, g) => g.sum(0) as Tensor },
    {
      id,
      kind: "constant",
      of: "gamma",
      yours: "meanₙ g x̂",
      says: mean,
      value: ([x], g, s) => product(x!, g, s).mean(0) as Tensor,
    },
    { id, kind: "missing", of: "gamma", yours: "g x̂", says: unsummed, value: ([x], g, s) => product(x!, g, s) },
    {
      id,
      kind: "other",
      of: "beta",
      yours: "Σₙ g x̂",
      says: swapped,
      value: ([x], g, s) => product(x!, g, s).sum(0) as Tensor,
    },
    { id, kind: "constant", of: "beta", yours: "meanₙ g", says: mean, value: (_, g) => g.mean(0) as Tensor },
    { id, kind: "missing", of: "beta", yours: "g", says: unsummed, value: (_, g) => g },
    {
      id,
      kind: "extra",
      of: "beta",
      yours: "γ Σₙ g",
      says: kernelSlips.gammaOnBeta,
      value: ([, gamma], g) => g.sum(0).mul(gamma!) as Tensor,
    },
  ];
}
