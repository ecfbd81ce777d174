/** A row added to every row, a column multiplied onto every column, and the log of a sum of exponentials. */

import { logSumExp as logSumExpOf, max, reshape, softmax, equal, cast, type Tensor } from "@chainrule/autograd";
import { kernelSlips } from "../../../locales/kernel-slips.ts";
import { slipsOf, type Family, type Slip } from "./family.ts";

/** Ways to reduce a gradient over the wrong axes, by the right one. */
function reductions(of: string, axis: 0 | 1, full: (inputs: readonly Tensor[], g: Tensor) => Tensor): Slip[] {
  const keep = { keepDims: axis === 1 };
  const other = axis === 0 ? 1 : 0;
  return slipsOf(of, [
    ["I3", "missing", "not summed", kernelSlips.notSummedBack, (inputs, g) => full(inputs, g)],
    [
      "I3",
      "constant",
      "the mean in place of the sum",
      kernelSlips.broadcastAveraged,
      (inputs, g) => full(inputs, g).mean(axis, keep) as Tensor,
    ],
    [
      "I3",
      "other",
      "summed over the other axis",
      kernelSlips.otherAxis,
      (inputs, g) => full(inputs, g).sum(other, keep) as Tensor,
    ],
    ["I3", "extra", "summed over everything", kernelSlips.allAxes, (inputs, g) => full(inputs, g).sum() as Tensor],
    [
      "I3",
      "missing",
      "one line of the gradient",
      kernelSlips.oneLine,
      (inputs, g) => {
        const [rows, cols] = g.shape as readonly [number, number];
        return axis === 0
          ? (reshape(full(inputs, g).slice([rows - 1, 0], [rows, cols]), [cols]) as Tensor)
          : full(inputs, g).slice([0, cols - 1], [rows, cols]);
      },
    ],
  ]);
}

/** y = x + b, one b for all rows */
export const broadcastAdd: Family = {
  name: "broadcastAdd",
  inputs: [
    { name: "x", differentiable: true, shape: [4, 5] },
    { name: "b", differentiable: true, shape: [5] },
  ],
  settings: {},
  variants: [],
  forward: ([x, b]) => x!.add(b!) as Tensor,
  formulas: { x: "g", b: "Σₙ g" },
  slips: reductions("b", 0, (_, g) => g),
};

/** y = x s, one s for each row: s has the shape N×1 */
export const broadcastMul: Family = {
  name: "broadcastMul",
  inputs: [
    { name: "x", differentiable: true, shape: [4, 5] },
    { name: "s", differentiable: true, shape: [4, 1] },
  ],
  settings: {},
  variants: [],
  forward: ([x, s]) => x!.mul(s!) as Tensor,
  formulas: { x: "g s", s: "Σ g x over the columns" },
  slips: [
    ...reductions("s", 1, ([x], g) => g.mul(x!) as Tensor),
    ...slipsOf("x", [["I3", "missing", "g", kernelSlips.scaleMissing, (_, g) => g]]),
    ...slipsOf("s", [
      [
        "I3",
        "missing",
        "Σ g over the columns",
        kernelSlips.inputMissing,
        (_, g) => g.sum(1, { keepDims: true }) as Tensor,
      ],
    ]),
  ],
};

/** The gradient of each row beside the entries of the row. */
const column = (g: Tensor): Tensor => reshape(g, [g.shape[0]!, 1]) as Tensor;
const winners = (x: Tensor): Tensor => cast(equal(x, max(x, 1, { keepDims: true }) as Tensor) as Tensor, "float64");

/** y = ln Σ exp(x), row by row */
export const logSumExp: Family = {
  name: "logSumExp",
  inputs: [{ name: "x", differentiable: true, shape: [4, 5] }],
  settings: {},
  variants: [],
  forward: ([x]) => logSumExpOf(x!, 1) as Tensor,
  formulas: { x: "g softmax(x)" },
  slips: slipsOf("x", [
    [
      "I4",
      "other",
      "g (softmax(x) − 1[x = max])",
      kernelSlips.maximumSubtractedOnly,
      ([x], g) => softmax(x!).sub(winners(x!)).mul(column(g)) as Tensor,
    ],
    [
      "I4",
      "other",
      "g (softmax(x) + 1[x = max])",
      kernelSlips.maximumAddedOnly,
      ([x], g) => softmax(x!).add(winners(x!)).mul(column(g)) as Tensor,
    ],
    ["I4", "missing", "g 1[x = max]", kernelSlips.maximumAlone, ([x], g) => winners(x!).mul(column(g)) as Tensor],
    [
      "A16",
      "other",
      "g softmax over the rows",
      kernelSlips.softmaxOverOtherAxis,
      ([x], g) => softmax(x!, 0).mul(column(g)) as Tensor,
    ],
  ]),
  notes: [kernelSlips.maximumCancels],
};
