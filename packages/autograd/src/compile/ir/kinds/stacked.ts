/** Values that are computed at once, one behind the other. */

import { stridesOf } from "../../../graph/shape.ts";
import type { Builder } from "../builder.ts";
import type { Value } from "../value.ts";

/** Values as one, with an axis more in front, or the one value that all parts share. */
export interface Stacked {
  readonly value: Value;
  readonly shared: boolean;
}

/** How far apart neighbors begin, where all of them are equally far apart; else `null`. */
export function stepOf(starts: readonly number[]): number | null {
  const step = starts[1]! - starts[0]!;
  return starts.every((start, k) => start === starts[0]! + k * step) ? step : null;
}

/** Gives a value with the axis, along which a shared one goes nowhere. */
export function withAxis(builder: Builder, { value, shared }: Stacked, length: number): Value {
  if (!shared) return value;
  return builder.view(value, [length, ...value.shape], { offset: 0, strides: [0, ...stridesOf(value.shape)] });
}
