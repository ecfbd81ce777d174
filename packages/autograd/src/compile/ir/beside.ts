/**
 * Assemblies whose parts lie beside each other: sums of such in -0, which changes nothing, are one, in which each part
 * is written once; what parts cover together says what number most of it is.
 */

import type { StridedView } from "../../graph/lowering.ts";
import { countOf, sameShape } from "../../graph/shape.ts";
import type { Shape } from "../../types/shape.ts";
import { boxAlong, type Box } from "./box.ts";
import type { Builder } from "./builder.ts";
import { numberOf } from "./fold.ts";
import type { Value } from "./value.ts";

/** So many pairs of parts are looked at. */
const MOST_PAIRS = 256;

/** The sum of two values as one assembly; `null` where it is none. */
export function besideEachOther(builder: Builder, a: Value, b: Value): Value | null {
  const [left, right] = [a.definition, b.definition];
  if (left.kind !== "assemble" || right.kind !== "assemble" || !sameShape(a.shape, b.shape)) return null;
  if (!Object.is(left.fill, -0) || !Object.is(right.fill, -0)) return null;
  if (left.inputs.length * right.inputs.length > MOST_PAIRS) return null;
  const boxesOf = ({ inputs, views }: typeof left): (Box | null)[] =>
    inputs.map((part, k) => boxAlong(a.shape, part.shape, views[k]!)?.box ?? null);
  const others = boxesOf(right);
  const apart = (one: Box | null): boolean => others.every((other) => one?.cut(other ?? one).count === 0);
  if (!boxesOf(left).every(apart)) return null;
  const parts = [left, right].flatMap(({ inputs, views }) => inputs.map((value, k) => ({ value, view: views[k]! })));
  return builder.assemble(a.shape, a.dtype, parts, -0);
}

interface Part {
  readonly value: Value;
  readonly view: StridedView;
}

/** True if parts lie one behind the other along an axis, from start to end, and each takes all of the other axes. */
function cover(shape: Shape, parts: readonly Part[]): boolean {
  if (parts.reduce((sum, { value }) => sum + value.count, 0) !== countOf(shape)) return false;
  const boxes = parts.map(({ value, view }) => boxAlong(shape, value.shape, view)?.box ?? null);
  if (boxes.some((box, k) => box?.count !== parts[k]!.value.count)) return false;
  const axis = shape.findIndex((size, at) => boxes[0]!.shape[at] !== size);
  let next = 0;
  return (boxes as Box[])
    .sort((a, b) => a.starts[axis]! - b.starts[axis]!)
    .every((box) => {
      const isNext = box.starts[axis] === next && shape.every((size, at) => at === axis || box.shape[at] === size);
      next += box.shape[axis]!;
      return isNext;
    });
}

/**
 * The number that an assembly holds where none of its other parts lies: where parts cover all of it, the number that
 * most of its entries are known to be, so that parts that hold nothing else are left out.
 */
export function fillOf(shape: Shape, parts: readonly Part[], outside: number): number {
  const known: { readonly number: number; count: number }[] = [{ number: outside, count: 0 }];
  for (const { value } of parts) {
    const number = numberOf(value);
    if (number === null) continue;
    const found = known.find((one) => Object.is(one.number, number));
    if (found === undefined) known.push({ number, count: value.count });
    else found.count += value.count;
  }
  if (known.length === 1) return outside;
  const [first] = known.sort((a, b) => b.count - a.count);
  return cover(shape, parts) ? first!.number : outside;
}
