/** The imaginary parts of the reductions that have rules of their own: softmax and its kin, extremes, the norm. */

import { elementsOf } from "../graph/read.ts";
import { sameShape } from "../graph/shape.ts";
import { Tensor } from "../graph/tensor.ts";
import { repeatTo, sumOver } from "../ops/expansion.ts";
import type { Shape } from "../types/shape.ts";
import { sqrtImaginary } from "./complex-rules.ts";

/** The outcome of a reduction. */
export interface Reduced {
  readonly imaginary: Tensor;
  /** The sum of the magnitudes of the terms. */
  readonly majorant: Tensor;
  /** How far the nearest kink is, in units of what the imaginary step changes; `Infinity` where there is none. */
  readonly nearest: number;
}

/** A reduction at x + iu, with the value y that was recorded and the majorant m of u. */
type Reduction = (x: Tensor, u: Tensor, m: Tensor, y: Tensor, axes: readonly number[]) => Reduced;

/** f entry by entry over tensors that broadcast to the shape of the first. */
function zip(f: (...numbers: number[]) => number, first: Tensor, ...rest: Tensor[]): Tensor {
  const all = [first, ...rest.map((x) => (sameShape(x.shape, first.shape) ? x : repeatTo(x, first.shape)))].map(
    elementsOf,
  );
  const out = Float64Array.from(all[0]!, (_, i) => f(...all.map((numbers) => numbers[i]!)));
  return wrap(first.shape, out);
}

/** A float64 tensor over numbers. */
export function wrap(shape: Shape, numbers: Float64Array): Tensor {
  return new Tensor(shape, "float64", shape.length === 0 ? numbers[0]! : numbers);
}

/** Σ p_k e^(iu_k), for real weights p. */
function turned(p: Tensor, u: Tensor, axes: readonly number[]): { re: Tensor; im: Tensor } {
  return {
    re: sumOver(
      zip((weight, angle) => weight * Math.cos(angle), p, u),
      axes,
      true,
    ),
    im: sumOver(
      zip((weight, angle) => weight * Math.sin(angle), p, u),
      axes,
      true,
    ),
  };
}

const weighted = (p: Tensor, m: Tensor, axes: readonly number[]): Tensor =>
  sumOver(
    zip((weight, size) => weight * size, p, m),
    axes,
    true,
  );

/** p_i e^(iu_i) / Σ p_k e^(iu_k), for the real weights p that e^x / Σ e^x gives */
function shares(p: Tensor, u: Tensor, m: Tensor, axes: readonly number[]): Reduced {
  const { re, im } = turned(p, u, axes);
  const imaginary = zip(
    (weight, angle, a, b) => (weight * (Math.sin(angle) * a! - Math.cos(angle!) * b!)) / (a! * a! + b! * b!),
    p,
    u,
    re,
    im,
  );
  return {
    imaginary,
    majorant: zip((weight, size, mean) => weight! * (size! + mean!), p, m, weighted(p, m, axes)),
    nearest: Infinity,
  };
}

/** The entries where the extreme is reached decide; the others tell how far a tie is. */
const extreme: Reduction = (x, u, m, y, axes) => {
  const reached = zip((value, top) => (value === top ? 1 : 0), x, y);
  const count = sumOver(reached, axes, true);
  const imaginary = zip((sum, n) => sum! / n!, weighted(reached, u, axes), count);
  const distances = zip(
    (value, top, step, chosen) => (step === chosen ? Infinity : Math.abs(value! - top!) / Math.abs(step! - chosen!)),
    x,
    y,
    u,
    imaginary,
  );
  return {
    imaginary,
    majorant: weighted(reached, m, axes),
    nearest: Float64Array.from(elementsOf(distances)).reduce((a, b) => Math.min(a, b), Infinity),
  };
};

const reductions: Readonly<Record<string, Reduction>> = {
  softmax: (_x, u, m, y, axes) => shares(y, u, m, axes),
  logSumExpWeights: (_x, u, m, y, axes) => shares(y, u, m, axes),
  // ln (e^z_i / Σ e^z_k) = z_i - ln Σ e^z_k
  logSoftmax(_x, u, m, y, axes) {
    const p = zip((log) => Math.exp(log!), y);
    const { re, im } = turned(p, u, axes);
    return {
      imaginary: zip((angle, a, b) => angle! - Math.atan2(b!, a!), u, re, im),
      majorant: zip((size, mean) => size! + mean!, m, weighted(p, m, axes)),
      nearest: Infinity,
    };
  },
  // ln Σ e^z = y + ln Σ e^(x - y) e^(iu)
  logSumExp(x, u, m, y, axes) {
    const p = zip((value, top) => Math.exp(value! - top!), x, y);
    const { re, im } = turned(p, u, axes);
    return { imaginary: zip((b, a) => Math.atan2(b!, a!), im, re), majorant: weighted(p, m, axes), nearest: Infinity };
  },
  // √Σ z² = y √(1 - Σ (u/y)² + 2i Σ (x/y)(u/y))
  norm(x, u, m, y, axes) {
    const scaled = (a: Tensor): Tensor => zip((value, size) => value! / size!, a, y);
    const [direction, turn, size] = [scaled(x), scaled(u), scaled(m)];
    const cross = weighted(direction, turn, axes);
    const square = weighted(turn, turn, axes);
    return {
      imaginary: zip((length, a, b) => length! * sqrtImaginary(1 - b!, 2 * a!), y, cross, square),
      majorant: zip(
        (length, a) => length! * a!,
        y,
        weighted(
          zip((value) => Math.abs(value!), direction),
          size,
          axes,
        ),
      ),
      // At 0 every direction leaves a cone.
      nearest: elementsOf(y).some((length: number) => length === 0) ? 0 : Infinity,
    };
  },
  max: extreme,
  min: extreme,
};

/** How a reduction of the library continues to complex numbers; `undefined` for a rule by hand. */
export function complexReduction(
  name: string,
  attributes: unknown,
): { readonly reduce: Reduction; readonly axes: readonly number[] } | undefined {
  const reduce = Object.hasOwn(reductions, name) ? reductions[name] : undefined;
  // A user's op of the same name has no attributes.
  if (reduce === undefined || typeof attributes !== "object" || attributes === null || !("axes" in attributes))
    return undefined;
  return { reduce, axes: attributes.axes as readonly number[] };
}
