/** Rows and entries that are picked: dropout, and the embedding. */

import { cast, gather, tensor, type Tensor } from "@chainrule/autograd";
import { kernelSlips } from "../../../locales/kernel-slips.ts";
import { numberOf, slipsOf, type Family, type Settings, type Slip } from "./family.ts";

const scale = (s: Settings): number => (s.inverted === true ? 1 / (1 - numberOf(s, "p")) : 1);

/** y = x ⊙ mask/(1 − p) */
export const dropout: Family = {
  name: "dropout",
  inputs: [
    { name: "x", differentiable: true, shape: [4, 5] },
    {
      name: "mask",
      differentiable: false,
      shape: [4, 5],
      // Both kinds of entries whatever is drawn.
      draw: (random, shape, { settings }) =>
        random
          .uniformArray(shape[0]! * shape[1]!)
          .map((u, i) => (i === 0 ? 0 : i === 1 ? 1 : u < numberOf(settings, "p") ? 0 : 1)),
    },
  ],
  settings: { p: 0.3, inverted: true },
  variants: [
    { settings: { p: 0.5 }, says: kernelSlips.dropsHalf },
    { settings: { inverted: false }, says: kernelSlips.scaledAtTest },
  ],
  forward: ([x, mask], s) => x!.mul(mask!).mul(scale(s)) as Tensor,
  formulas: { x: "g ⊙ mask/(1 − p)" },
  slips: slipsOf("x", [
    [
      "I1",
      "missing",
      "g/(1 − p)",
      kernelSlips.maskNotApplied,
      (_, g, s) => (s.inverted === true ? (g.mul(scale(s)) as Tensor) : null),
    ],
    [
      "I1",
      "constant",
      "g ⊙ mask",
      kernelSlips.keepScaleMissing,
      ([, mask], g, s) => (s.inverted === true ? (g.mul(mask!) as Tensor) : null),
    ],
    ["I1", "missing", "g", kernelSlips.dropoutIgnored, (_, g) => g],
    [
      "I1",
      "constant",
      "g ⊙ mask/(1 − p)²",
      kernelSlips.keepScaleTwice,
      ([, mask], g, s) => (s.inverted === true ? (g.mul(mask!).mul(scale(s) ** 2) as Tensor) : null),
    ],
    [
      "I1",
      "constant",
      "g ⊙ mask/p",
      kernelSlips.dropForKeep,
      ([, mask], g, s) => (numberOf(s, "p") === 0.5 ? null : (g.mul(mask!).div(numberOf(s, "p")) as Tensor)),
    ],
    [
      "I1",
      "constant",
      "g ⊙ mask (1 − p)",
      kernelSlips.keepMultiplied,
      ([, mask], g, s) => g.mul(mask!).mul(1 - numberOf(s, "p")) as Tensor,
    ],
    [
      "I1",
      "other",
      "g ⊙ (1 − mask)/(1 − p)",
      kernelSlips.maskTurned,
      ([, mask], g, s) => g.sub(g.mul(mask!)).mul(scale(s)) as Tensor,
    ],
  ]),
};

/** Rows of g at their ids, put together by `join`. */
const collected =
  (join: (row: Float64Array, g: Float64Array, times: number) => void): Slip["value"] =>
  ([table, ids], g) => {
    const [width, numbers] = [table!.shape[1]!, Float64Array.from(g.toTypedArray())];
    const out = new Float64Array(table!.shape[0]! * width);
    const seen = new Map<number, number>();
    ids!.toTypedArray().forEach((id, n) => {
      seen.set(id, (seen.get(id) ?? 0) + 1);
      join(out.subarray(id * width, (id + 1) * width), numbers.subarray(n * width, (n + 1) * width), seen.get(id)!);
    });
    return tensor(out, { shape: table!.shape });
  };

/** y = C[ids] */
export const embedding: Family = {
  name: "embedding",
  inputs: [
    { name: "table", differentiable: true, shape: [5, 3] },
    {
      name: "ids",
      differentiable: false,
      shape: [7],
      // Repeated ids whatever is drawn, one of them three times where there is room.
      draw: (random, shape, { shapes }) => {
        const count = shape.reduce((product, size) => product * size, 1);
        return Float64Array.from({ length: count }, (_, n) =>
          n < 3 ? 1 % shapes[0]![0]! : random.integer(shapes[0]![0]!),
        );
      },
    },
  ],
  settings: {},
  variants: [],
  forward: ([table, ids]) => gather(table!, cast(ids!, "int32")),
  formulas: { table: "Σ g of each id at its row: dC[ids] += g" },
  slips: slipsOf("table", [
    ["I2", "missing", "dC[ids] = g", kernelSlips.repeatedOverwrites, collected((row, g) => row.set(g))],
    [
      "I2",
      "missing",
      "the first g of each id",
      kernelSlips.firstOccurrence,
      collected((row, g, times) => (times === 1 ? row.set(g) : undefined)),
    ],
    [
      "I2",
      "constant",
      "the mean of g of each id",
      kernelSlips.repeatedAveraged,
      collected((row, g, times) => row.forEach((x, i) => (row[i] = x + (g[i]! - x) / times))),
    ],
  ]),
};
