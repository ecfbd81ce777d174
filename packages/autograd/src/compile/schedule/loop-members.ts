/** The members of a loop, and the strided views by which they read their operands. */

import type { StridedView } from "../../graph/lowering.ts";
import { inputsOf, sourceOf, type Value } from "../ir/value.ts";
import { stridesOf } from "../../graph/shape.ts";
import { isOfSameEntry, type LoopKernel, type Members } from "./kernel.ts";

/** How a member of a loop reads an input. */
export type Access =
  | { readonly kind: "number"; readonly number: number }
  /** A value that the same kernel has computed for the same entry. */
  | { readonly kind: "member"; readonly value: Value }
  /** Memory, along a view over the shape of the input. */
  | { readonly kind: "memory"; readonly source: Value; readonly view: StridedView };

/** How a looped value reads its k-th input when it stands in a kernel. */
function accessOf(kernel: Members, member: Value, k: number): Access {
  const x = inputsOf(member)[k]!;
  if (x.definition.kind === "scalar") return { kind: "number", number: x.definition.number };
  const { source, view } = sourceOf(x);
  return isOfSameEntry(kernel, x) ? { kind: "member", value: source } : { kind: "memory", source, view };
}

/** One input of a member, its view along the axes of the frame. */
export interface Operand {
  readonly access: Access;
  readonly strides: readonly number[];
  readonly offset: number;
}

export interface Member {
  readonly value: Value;
  readonly operands: readonly Operand[];
}

const NO_AXES: readonly number[] = [];

/** The strides of a view along the axes of a frame: as the shape that it belongs to lies in the frame. */
function stridesInFrame(
  frame: readonly number[],
  shape: readonly number[],
  strides: readonly number[],
): readonly number[] {
  if (frame.length === 0) return NO_AXES;
  const real = shape.map((size, axis) => ({ size, stride: strides[axis]! })).filter(({ size }) => size !== 1);
  if (real.length === frame.length && real.every(({ size }, axis) => size === frame[axis]))
    return real.map(({ stride }) => stride);
  // A shape that is not the frame's is dense, or one number everywhere.
  return real.every(({ stride }) => stride === 0) ? frame.map(() => 0) : stridesOf(frame);
}

export function membersOf(kernel: LoopKernel): Member[] {
  return kernel.members.map((value) => {
    const { inputs } = value.definition as { readonly inputs: readonly Value[] };
    const operands = inputs.map((x, k): Operand => {
      const access = accessOf(kernel, value, k);
      if (access.kind !== "memory") return { access, strides: NO_AXES, offset: 0 };
      return {
        access,
        strides: stridesInFrame(kernel.frame, x.shape, access.view.strides),
        offset: access.view.offset,
      };
    });
    return { value, operands };
  });
}

/** True if a reduction is a sum, which is one of floats, in the order that their definition says. */
export function isFloatSum({ definition }: Value): boolean {
  return definition.kind === "reduce" && definition.reduction === "sum";
}
