/** Functions of one number with a corner or a bound: ReLU, clipping, and the Huber loss whose gradient is clipped. */

import {
  abs as absOf,
  clip as clipTo,
  lessEqual,
  logicalAnd,
  maximum,
  relu as reluOf,
  where,
  zeros,
  greaterEqual,
  greater,
  minimum,
  sign,
  type Tensor,
} from "@chainrule/autograd";
import { kernelSlips } from "../../../locales/kernel-slips.ts";
import type { Numbers } from "../../bounds/numbers.ts";
import { numberOf, slipsOf, type Family, type Settings } from "./family.ts";

const nothing = (x: Tensor): Tensor => zeros(x.shape) as Tensor;
const gated = (gate: Tensor, g: Tensor): Tensor => where(gate, g, nothing(g)) as Tensor;
const inside = (x: Tensor, s: Settings): Tensor =>
  logicalAnd(greaterEqual(x, numberOf(s, "low")) as Tensor, lessEqual(x, numberOf(s, "high")) as Tensor) as Tensor;
const room = 1e-6;

const shown = (x: number): string => String(Number(x.toPrecision(6)));

/** The corner at x = 0 of a function whose slope is `below` on its left and 1 on its right. */
const cornerAtZero = (below: number, written: string): NonNullable<Family["kinks"]> => ({
  draw: ([x]) => [{ ...x!, data: x!.data.map((v, i) => (i % 3 === 0 ? 0 : v)) }],
  accepts: ([x], g, given) =>
    given.data.every((v, i) => {
      const [at, slope] = [x!.data[i]!, g.data[i]!];
      const left = below * slope;
      const [low, high] =
        at > 0 ? [slope, slope] : at < 0 ? [left, left] : [Math.min(left, slope), Math.max(left, slope)];
      return v >= low - room * (1 + Math.abs(slope)) && v <= high + room * (1 + Math.abs(slope));
    }),
  says: ([x], g, given) => {
    const chosen = slopesAtZero(x!, g, given);
    return kernelSlips.slopesAtCorner({ below: written, yours: chosen });
  },
  slip: { id: "I5", kind: "other", yours: "", says: kernelSlips.noSubgradient({ below: written }) },
});

/** The slopes that somebody chose at 0, each once. */
const slopesAtZero = (x: Numbers, g: Numbers, given: Numbers): readonly string[] => [
  ...new Set(
    Array.from(x.data).flatMap((v, i) => (v === 0 && g.data[i] !== 0 ? [shown(given.data[i]! / g.data[i]! + 0)] : [])),
  ),
];

/** relu(x) */
export const relu: Family = {
  name: "relu",
  inputs: [{ name: "x", differentiable: true, shape: [4, 5] }],
  settings: {},
  variants: [],
  forward: ([x]) => reluOf(x!),
  formulas: { x: "g where x > 0, 0 elsewhere" },
  slips: slipsOf("x", [
    ["B12", "other", "max(0, g)", kernelSlips.gateOfGradient, (_, g) => reluOf(g)],
    [
      "B12",
      "extra",
      "max(0, g) where x > 0",
      kernelSlips.gateOfBoth,
      ([x], g) => gated(greater(x!, 0) as Tensor, reluOf(g)),
    ],
    ["B1", "missing", "g", kernelSlips.reluSlopeForgotten, (_, g) => g],
    ["B9", "other", "g relu(x)", kernelSlips.reluForSlope, ([x], g) => g.mul(reluOf(x!)) as Tensor],
    ["B9", "other", "g where x < 0", kernelSlips.gateTurned, ([x], g) => gated(greater(x!.neg(), 0) as Tensor, g)],
  ]),
  kinks: cornerAtZero(0, "0"),
};

/** |x| */
export const abs: Family = {
  name: "abs",
  inputs: [{ name: "x", differentiable: true, shape: [4, 5] }],
  settings: {},
  variants: [],
  forward: ([x]) => absOf(x!),
  formulas: { x: "g sign(x)" },
  slips: slipsOf("x", [
    ["B1", "missing", "g", kernelSlips.absoluteSlopeForgotten, (_, g) => g],
    ["B9", "other", "|g|", kernelSlips.absoluteOfGradient, (_, g) => absOf(g)],
    ["B9", "other", "g |x|", kernelSlips.absoluteForSlope, ([x], g) => g.mul(absOf(x!)) as Tensor],
    ["B9", "other", "g x", kernelSlips.inputForSign, ([x], g) => g.mul(x!) as Tensor],
    ["B14", "sign", "−g sign(x)", kernelSlips.signTurned, ([x], g) => g.mul(sign(x!)).neg() as Tensor],
  ]),
  kinks: cornerAtZero(-1, "−1"),
};

/** min(max(x, low), high) */
export const clip: Family = {
  name: "clip",
  inputs: [{ name: "x", differentiable: true, shape: [4, 5] }],
  settings: { low: -0.5, high: 0.5 },
  variants: [{ settings: { low: -1, high: 1 }, says: kernelSlips.otherBounds }],
  forward: ([x], s) => clipTo(x!, numberOf(s, "low"), numberOf(s, "high")),
  formulas: { x: "g where low ≤ x ≤ high, 0 elsewhere" },
  slips: slipsOf("x", [
    ["I6", "missing", "g", kernelSlips.clippingIgnored, (_, g) => g],
    [
      "I6",
      "other",
      "clip(g, low, high)",
      kernelSlips.gradientClipped,
      (_, g, s) => clipTo(g, numberOf(s, "low"), numberOf(s, "high")),
    ],
    [
      "I6",
      "other",
      "g outside low … high",
      kernelSlips.outsidePasses,
      ([x], g, s) => g.sub(gated(inside(x!, s), g)) as Tensor,
    ],
  ]),
};

/** ½ x² up to |x| = δ, then straight on: the loss whose gradient is clip(x, −δ, δ). */
export const huber: Family = {
  name: "huber",
  inputs: [
    {
      name: "x",
      differentiable: true,
      shape: [4, 5],
      draw: (random, shape) => random.normalArray(shape[0]! * shape[1]!).map((x) => 1.7 * x),
    },
  ],
  settings: { delta: 1 },
  variants: [],
  forward: ([x], s) => {
    const size = absOf(x!);
    const near = minimum(size, numberOf(s, "delta")) as Tensor;
    return near
      .mul(near)
      .mul(0.5)
      .add(maximum(size.sub(numberOf(s, "delta")) as Tensor, 0).mul(numberOf(s, "delta"))) as Tensor;
  },
  formulas: { x: "g clip(x, −δ, δ)" },
  slips: slipsOf("x", [
    [
      "I6",
      "other",
      "g x where |x| ≤ δ, 0 elsewhere",
      kernelSlips.valueClipped,
      ([x], g, s) => gated(lessEqual(absOf(x!), numberOf(s, "delta")) as Tensor, g.mul(x!) as Tensor),
    ],
    ["I6", "missing", "g x", kernelSlips.gradientNotClipped, ([x], g) => g.mul(x!) as Tensor],
    [
      "I6",
      "other",
      "clip(g x, −δ, δ)",
      kernelSlips.productClipped,
      ([x], g, s) => clipTo(g.mul(x!) as Tensor, -numberOf(s, "delta"), numberOf(s, "delta")),
    ],
  ]),
};
