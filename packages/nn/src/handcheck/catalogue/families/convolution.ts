/**
 * Convolution as networks have it (a cross-correlation): y = Σ w x over the windows, + b; x is N×C×H×W, w is F×C×K×K.
 */

import {
  broadcastTo,
  concat,
  flip,
  matmul,
  pad,
  reshape,
  slice,
  transpose,
  zeros,
  type Tensor,
} from "@chainrule/autograd";
import { kernelSlips } from "../../../locales/kernel-slips.ts";
import { numberOf, pull, slipsOf, type Family, type Settings, type Slip } from "./family.ts";
import { neutral } from "./without.ts";

/** One matrix product for each entry of the kernel. */
function convolve(x: Tensor, w: Tensor, stride: number, padding: number): Tensor {
  const [n, c, h, wide] = x.shape as readonly [number, number, number, number];
  const [f, , kh, kw] = w.shape as readonly [number, number, number, number];
  const [oh, ow] = [
    Math.floor((h + 2 * padding - kh) / stride) + 1,
    Math.floor((wide + 2 * padding - kw) / stride) + 1,
  ];
  const padded = padding === 0 ? x : pad(x, [0, 0, padding, padding]);
  let sum: Tensor = zeros([n, f, oh * ow], { dtype: x.dtype });
  for (let i = 0; i < kh; i++) {
    for (let j = 0; j < kw; j++) {
      const patch = slice(
        padded,
        [0, 0, i, j],
        [n, c, i + (oh - 1) * stride + 1, j + (ow - 1) * stride + 1],
        [1, 1, stride, stride],
      );
      const tap: Tensor = reshape(slice(w, [0, 0, i, j], [f, c, i + 1, j + 1]), [1, f, c]);
      sum = sum.add(matmul(broadcastTo(tap, [n, f, c]) as Tensor, reshape(patch, [n, c, oh * ow]) as Tensor)) as Tensor;
    }
  }
  return reshape(sum, [n, f, oh, ow]) as Tensor;
}

const strideOf = (s: Settings): number => numberOf(s, "stride");
const paddingOf = (s: Settings): number => numberOf(s, "pad");

/** Jᵀg with other weights, or on another grid. */
const back = (x: Tensor, w: Tensor, g: Tensor, stride: number, padding: number): readonly Tensor[] =>
  pull(([a, k]) => convolve(a!, k!, stride, padding), [x, w], g);

const dX =
  (change: (w: Tensor) => Tensor | null): Slip["value"] =>
  ([x, w], g, s) => {
    const other = change(w!);
    return other === null ? null : back(x!, other, g, strideOf(s), paddingOf(s))[0]!;
  };

const square = (w: Tensor): boolean => w.shape[2] === w.shape[3];
const turned = (w: Tensor): Tensor => transpose(w, [0, 1, 3, 2]) as Tensor;

/** x moved by whole entries along the two last axes, zeros coming in. */
function shifted(x: Tensor, down: number, right: number): Tensor {
  const [n, c, h, w] = x.shape as readonly [number, number, number, number];
  const padded = pad(x, [0, 0, Math.max(down, 0), Math.max(right, 0)], [0, 0, Math.max(-down, 0), Math.max(-right, 0)]);
  const [top, left] = [Math.max(-down, 0), Math.max(-right, 0)];
  return slice(padded, [0, 0, top, left], [n, c, top + h, left + w]);
}

/** dX and dW on the grid of stride 1, with g put at its corner: what a missing dilation gives. */
function undilated(x: Tensor, w: Tensor, g: Tensor, s: Settings): readonly Tensor[] | null {
  if (strideOf(s) === 1) return null;
  const [n, f, oh, ow] = g.shape as readonly [number, number, number, number];
  const [h, wide] = [
    x.shape[2]! + 2 * paddingOf(s) - w.shape[2]! + 1,
    x.shape[3]! + 2 * paddingOf(s) - w.shape[3]! + 1,
  ];
  const wider = concat([g, zeros([n, f, oh, wide - ow])] as Tensor[], 3) as Tensor;
  return back(x, w, concat([wider, zeros([n, f, h - oh, wide])] as Tensor[], 2) as Tensor, 1, paddingOf(s));
}

/** dW where the padding lies more on one side: x stands aside in its frame. */
function aside(x: Tensor, w: Tensor, g: Tensor, s: Settings, down: number, right: number): Tensor | null {
  const p = paddingOf(s);
  if (p < 1) return null;
  const framed = pad(x, [0, 0, p + down, p + right], [0, 0, p - down, p - right]) as Tensor;
  return back(framed, w, g, strideOf(s), 0)[1]!;
}

/** The full correlation of g with w turned by 180°, without dilation: (OH + K − 1)². */
function compact(w: Tensor, g: Tensor): Tensor {
  const small = zeros([g.shape[0]!, w.shape[1]!, g.shape[2]! + w.shape[2]! - 1, g.shape[3]! + w.shape[3]! - 1]);
  return back(small as Tensor, w, g, 1, 0)[0]!;
}

/** The windows that lie within g: (OH − K + 1)². */
function valid(w: Tensor, g: Tensor): Tensor | null {
  if (g.shape[2]! < w.shape[2]! || g.shape[3]! < w.shape[3]!) return null;
  const across = transpose(flip(w, [2, 3]) as Tensor, [1, 0, 2, 3]) as Tensor;
  return convolve(g, across, 1, 0);
}

const shifts = [-1, 0, 1]
  .flatMap((down) => [-1, 0, 1].map((right) => [down, right] as const))
  .filter(([down, right]) => down !== 0 || right !== 0);

const slips: Slip[] = [
  ...slipsOf("x", [
    [
      "G1",
      "other",
      "full correlation of g with w, not turned",
      kernelSlips.notTurned,
      dX((w) => flip(w, [2, 3]) as Tensor),
    ],
    ["G1", "other", "w flipped along its columns only", kernelSlips.flippedOnly, dX((w) => flip(w, 2) as Tensor)],
    ["G1", "other", "w flipped along its rows only", kernelSlips.flippedOnly, dX((w) => flip(w, 3) as Tensor)],
    [
      "G1",
      "other",
      "w transposed",
      kernelSlips.transposedForTurned,
      dX((w) => (square(w) ? (flip(turned(w), [2, 3]) as Tensor) : null)),
    ],
    [
      "G1",
      "extra",
      "w turned by 180° and transposed",
      kernelSlips.transposedAndTurned,
      dX((w) => (square(w) ? turned(w) : null)),
    ],
    [
      "G2",
      "other",
      "the 'valid' correlation of g with w",
      kernelSlips.validForFull,
      ([, w], g, s) => (strideOf(s) === 1 ? valid(w!, g) : null),
    ],
    [
      "G7",
      "missing",
      "dx from g without zeros between its entries",
      kernelSlips.notDilated,
      ([x, w], g, s) => undilated(x!, w!, g, s)?.[0] ?? null,
    ],
    [
      "G7",
      "missing",
      "dx from g without zeros between its entries",
      kernelSlips.notDilated,
      ([, w], g, s) => (strideOf(s) === 1 ? null : compact(w!, g)),
    ],
    ...shifts.map(
      ([down, right]) =>
        [
          "G3",
          "other",
          `dx moved by (${down}, ${right})`,
          kernelSlips.inputGradientMoved({ down, right }),
          ([x, w]: readonly Tensor[], g: Tensor, s: Settings) =>
            shifted(back(x!, w!, g, strideOf(s), paddingOf(s))[0]!, down, right),
        ] as const,
    ),
  ]),
  ...slipsOf("w", [
    [
      "G4",
      "extra",
      "dw turned by 180°",
      kernelSlips.kernelGradientTurned,
      ([x, w], g, s) => flip(back(x!, w!, g, strideOf(s), paddingOf(s))[1]!, [2, 3]) as Tensor,
    ],
    [
      "G4",
      "other",
      "dw with h and w transposed",
      kernelSlips.kernelGradientTransposed,
      ([x, w], g, s) => turned(back(x!, w!, g, strideOf(s), paddingOf(s))[1]!),
    ],
    [
      "G4",
      "other",
      "dw with its channels swapped",
      kernelSlips.channelsSwapped,
      ([x, w], g, s) => transpose(back(x!, w!, g, strideOf(s), paddingOf(s))[1]!, [1, 0, 2, 3]) as Tensor,
    ],
    [
      "G7",
      "missing",
      "dw from g without zeros between its entries",
      kernelSlips.windowsSideBySide,
      ([x, w], g, s) => undilated(x!, w!, g, s)?.[1] ?? null,
    ],
    ...shifts.map(
      ([down, right]) =>
        [
          "G3",
          "other",
          `dw from x moved by (${down}, ${right})`,
          kernelSlips.inputMoved({ down, right }),
          ([x, w]: readonly Tensor[], g: Tensor, s: Settings) => aside(x!, w!, g, s, down, right),
        ] as const,
    ),
    [
      "G4",
      "constant",
      "dw / N",
      kernelSlips.samplesAveraged,
      ([x, w], g, s) => back(x!, w!, g, strideOf(s), paddingOf(s))[1]!.div(x!.shape[0]!) as Tensor,
    ],
  ]),
  ...slipsOf("b", [
    [
      "G5",
      "constant",
      "mean of g over the positions",
      kernelSlips.positionsAveraged,
      (_, g) => g.mean([2, 3]).sum(0) as Tensor,
    ],
    [
      "G5",
      "constant",
      "mean of g over samples and positions",
      kernelSlips.samplesAndPositionsAveraged,
      (_, g) => g.mean([0, 2, 3]) as Tensor,
    ],
    ["G5", "missing", "Σₙ g", kernelSlips.positionsNotSummed, (_, g) => g.sum(0) as Tensor],
    ["G5", "missing", "Σ g over the positions", kernelSlips.samplesNotSummed, (_, g) => g.sum([2, 3]) as Tensor],
    ["G5", "extra", "Σ g over everything", kernelSlips.channelsSummed, (_, g) => g.sum() as Tensor],
  ]),
];

/** The family. */
export const convolution: Family = {
  name: "conv2d",
  inputs: [
    { name: "x", differentiable: true, shape: [2, 3, 5, 6] },
    { name: "w", differentiable: true, shape: [4, 3, 3, 3] },
    { name: "b", differentiable: true, shape: [4] },
  ],
  settings: { stride: 1, pad: 0 },
  variants: [],
  forward: ([x, w, b], s) =>
    convolve(x!, w!, strideOf(s), paddingOf(s)).add(reshape(b!, [1, b!.shape[0]!, 1, 1])) as Tensor,
  neutral: { b: neutral(0, ([, w]) => w!.shape[0]!) },
  formulas: {
    x: "full correlation of g with w turned by 180°",
    w: "Σₙ correlation of x with g",
    b: "Σ g over samples and positions",
  },
  slips,
};
