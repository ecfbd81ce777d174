/**
 * Sums of parts in -0, which changes nothing, where none lies over another: gradients of the pieces of something that
 * was split are joined so, each written once.
 */

import { sameShape } from "../../graph/shape.ts";
import { boxAlong, type Box } from "./box.ts";
import type { Builder } from "./builder.ts";
import type { Value } from "./value.ts";

/** So many pairs of parts are looked at. */
const MOST_PAIRS = 256;

/** The sum of two values as one assembly; `null` where it is none. */
export function besideEachOther(builder: Builder, a: Value, b: Value): Value | null {
  const [left, right] = [a.definition, b.definition];
  if (left.kind !== "assemble" || right.kind !== "assemble" || !sameShape(a.shape, b.shape)) return null;
  if (!Object.is(left.fill, -0) || !Object.is(right.fill, -0)) return null;
  if (left.inputs.length * right.inputs.length > MOST_PAIRS) return null;
  const boxesOf = ({ inputs, walks }: typeof left): (Box | null)[] =>
    inputs.map((part, k) => boxAlong(a.shape, part.shape, walks[k]!)?.box ?? null);
  const others = boxesOf(right);
  const apart = (one: Box | null): boolean => others.every((other) => one?.cut(other ?? one).count === 0);
  if (!boxesOf(left).every(apart)) return null;
  const parts = [left, right].flatMap(({ inputs, walks }) => inputs.map((value, k) => ({ value, walk: walks[k]! })));
  return builder.assemble(a.shape, a.dtype, parts, -0);
}
