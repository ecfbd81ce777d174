/** Max-pooling: the largest of each window, whose gradient goes to it alone. */

import { concat, max, reshape, slice, tensor, type Tensor } from "@chainrule/autograd";
import { kernelSlips } from "../../../locales/kernel-slips.ts";
import { inner } from "../../bounds/numbers.ts";
import { numberOf, slipsOf, type Family, type Settings, type Slip } from "./family.ts";

interface Window {
  /** Positions in x, the first of them at the window's corner. */
  readonly at: readonly number[];
  /** The position of its output. */
  readonly out: number;
}

/** The windows of x: N×C×H×W, in the order of the output. */
function windowsOf(
  shape: readonly number[],
  settings: Settings,
): { readonly windows: Window[]; readonly shape: readonly number[] } {
  const [n, c, h, w] = shape as readonly [number, number, number, number];
  const [size, stride] = [numberOf(settings, "size"), numberOf(settings, "stride")];
  const [oh, ow] = [Math.floor((h - size) / stride) + 1, Math.floor((w - size) / stride) + 1];
  const windows: Window[] = [];
  for (let image = 0; image < n * c; image++) {
    for (let i = 0; i < oh; i++) {
      for (let j = 0; j < ow; j++) {
        const at: number[] = [];
        for (let di = 0; di < size; di++)
          for (let dj = 0; dj < size; dj++) at.push(image * h * w + (i * stride + di) * w + j * stride + dj);
        windows.push({ at, out: windows.length });
      }
    }
  }
  return { windows, shape: [n, c, oh, ow] };
}

/** Returns what each window gives to each of its entries. */
const shared =
  (share: (x: Float64Array, g: number, at: readonly number[]) => readonly number[]): Slip["value"] =>
  ([x], g, settings) => {
    const [numbers, upstream] = [Float64Array.from(x!.toTypedArray()), g.toTypedArray()];
    const out = new Float64Array(numbers.length);
    for (const { at, out: o } of windowsOf(x!.shape, settings).windows)
      share(numbers, upstream[o]!, at).forEach((part, k) => (out[at[k]!]! += part));
    return tensor(out, { shape: x!.shape });
  };

const largestOf = (x: Float64Array, at: readonly number[]): number => Math.max(...at.map((i) => x[i]!));

const onlyAt = (x: Float64Array, at: readonly number[], chosen: number, g: number): number[] =>
  at.map((i) => (x[i] === chosen ? g : 0));

/** The family. */
export const maxPool: Family = {
  name: "maxPool",
  inputs: [{ name: "x", differentiable: true, shape: [2, 2, 4, 6] }],
  settings: { size: 2, stride: 2 },
  variants: [],
  forward: ([x], settings) => {
    const [n, c] = x!.shape as readonly [number, number];
    const [size, stride] = [numberOf(settings, "size"), numberOf(settings, "stride")];
    const { shape } = windowsOf(x!.shape, settings);
    const [oh, ow] = [shape[2]!, shape[3]!];
    const entries: Tensor[] = [];
    for (let i = 0; i < size; i++) {
      for (let j = 0; j < size; j++) {
        const entry = slice(
          x!,
          [0, 0, i, j],
          [n, c, i + (oh - 1) * stride + 1, j + (ow - 1) * stride + 1],
          [1, 1, stride, stride],
        );
        entries.push(reshape(entry, [1, n, c, oh, ow]) as Tensor);
      }
    }
    return max(concat(entries, 0) as Tensor, 0) as Tensor;
  },
  formulas: { x: "g at the largest entry of each window, 0 elsewhere" },
  slips: slipsOf("x", [
    [
      "G6",
      "other",
      "g/k² at every entry of the window",
      kernelSlips.averagePooling,
      shared((_, g, at) => at.map(() => g / at.length)),
    ],
    [
      "G6",
      "other",
      "g at every entry of the window",
      kernelSlips.copiedToWindow,
      shared((_, g, at) => at.map(() => g)),
    ],
    [
      "G6",
      "other",
      "g at the smallest entry of the window",
      kernelSlips.smallestEntry,
      shared((x, g, at) => onlyAt(x, at, Math.min(...at.map((i) => x[i]!)), g)),
    ],
    [
      "G6",
      "extra",
      "g times the largest entry",
      kernelSlips.timesLargest,
      shared((x, g, at) => onlyAt(x, at, largestOf(x, at), g * largestOf(x, at))),
    ],
    [
      "G6",
      "other",
      "g at the first entry of the window",
      kernelSlips.firstEntry,
      shared((_, g, at) => at.map((_i, k) => (k === 0 ? g : 0))),
    ],
    [
      "G6",
      "other",
      "g at the last entry of the window",
      kernelSlips.lastEntry,
      shared((_, g, at) => at.map((_i, k) => (k === at.length - 1 ? g : 0))),
    ],
    [
      "G6",
      "other",
      "the largest entry itself, without g",
      kernelSlips.largestPassedBack,
      shared((x, _, at) => onlyAt(x, at, largestOf(x, at), largestOf(x, at))),
    ],
  ]),
  kinks: {
    draw: ([x], settings) => {
      const data = x!.data.slice();
      // Two largest entries in every window that allows it.
      for (const { at } of windowsOf(x!.shape, settings).windows) {
        if (at.length > 1) data[at[0]!] = data[at[at.length - 1]!] = 1 + largestOf(x!.data, at);
      }
      return [{ data, shape: x!.shape }];
    },
    // Overlapping windows share entries; their sums are judged together.
    accepts: ([x], g, given, settings) => {
      const { windows } = windowsOf(x!.shape, settings);
      const room = 1e-4 * (1 + Math.max(...g.data.map(Math.abs)));
      const low = new Float64Array(given.data.length);
      const high = new Float64Array(given.data.length);
      for (const { at, out } of windows) {
        const top = largestOf(x!.data, at);
        for (const i of at) {
          if (x!.data[i] !== top) continue;
          low[i]! += Math.min(0, g.data[out]!);
          high[i]! += Math.max(0, g.data[out]!);
        }
      }
      const ones = new Float64Array(given.data.length).fill(1);
      const total =
        Math.abs(inner(given.data, ones) - inner(g.data, new Float64Array(g.data.length).fill(1))) <=
        room * windows.length;
      return total && given.data.every((v, i) => v >= low[i]! - room && v <= high[i]! + room);
    },
    says: ([x], g, given, settings) => {
      const [{ at, out }] = windowsOf(x!.shape, settings).windows as [Window];
      const shares = at
        .filter((i) => x!.data[i] === largestOf(x!.data, at))
        .map((i) => String(Number((given.data[i]! / g.data[out]! + 0).toPrecision(6))));
      return kernelSlips.sharesAtTie({ shares });
    },
    slip: { id: "G6", kind: "extra", yours: "g at every largest entry", says: kernelSlips.tieCountedTwice },
  },
};
