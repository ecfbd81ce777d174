/** How far a gradient is from another, and how far rounding explains. */

import type { Residual } from "../report.ts";
import { largest, positionOf, sameShape, type Numbers } from "./numbers.ts";
import { unitOf, type KernelType } from "./precision.ts";

/** A result and what is allowed beside it. */
export interface Known {
  readonly value: Numbers;
  readonly allowed: number;
}

/** |a − b| at its largest; infinite for other shapes and for NaN. */
export function gapOf(a: Numbers, b: Numbers): number {
  if (!sameShape(a.shape, b.shape)) return Infinity;
  let most = 0;
  for (let i = 0; i < a.data.length; i++) {
    const gap = Math.abs(a.data[i]! - b.data[i]!);
    if (!(gap <= most)) most = Number.isNaN(gap) ? Infinity : gap;
  }
  return most;
}

/** Returns where `yours` is furthest from `correct`, in units of what is allowed; `null` for other shapes. */
export function residualOf(yours: Numbers, correct: Numbers, allowed: number): Residual | null {
  if (!sameShape(yours.shape, correct.shape) || yours.data.length === 0) return null;
  let [at, most] = [0, -1];
  yours.data.forEach((x, i) => {
    const gap = Math.abs(x - correct.data[i]!);
    if (!(gap <= most)) [at, most] = [i, gap];
  });
  const scale = largest(correct.data);
  return {
    maxAbs: most,
    maxRel: most === 0 ? 0 : most / scale,
    ulps: most === 0 ? 0 : Math.round(most / (scale * Number.EPSILON)),
    overTolerance: most === 0 ? 0 : most / (allowed + 1e-300),
    at: positionOf(at, yours.shape),
    yours: yours.data[at]!,
    correct: correct.data[at]!,
  };
}

/**
 * Another order of the same sums may round otherwise. In float64 there is room for that, in lower types each bit
 * counts.
 */
const room: Readonly<Record<KernelType, number>> = { float64: 256, float32: 3, float16: 3, bfloat16: 3 };

// |yours − float64| ≤ 3 |straightforward − float64|
/**
 * Returns what a result in `dtype` may be off: a multiple of the error of the straightforward float32 computation, in
 * the units of `dtype`, since rounding errors are proportional to the unit; and a few units of the result itself.
 */
export function allowedFor(dtype: KernelType, exact: Numbers, single: Numbers | null): number {
  const unit = unitOf[dtype];
  const straightforward = single === null ? 8 * unitOf.float32 * largest(exact.data) : gapOf(single, exact);
  const own = (dtype === "float64" ? 64 : 4) * unit * largest(exact.data);
  return room[dtype] * straightforward * (unit / unitOf.float32) + own;
}
