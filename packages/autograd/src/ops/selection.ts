/** Picking entries by index, and adding entries at indices: two linear ops that are each other's transpose. */

import { ArgumentError, DTypeError, IndexRangeError, ShapeError, showShape } from "../errors.ts";
import { tensor } from "../graph/create.ts";
import type { LinearOp } from "../graph/op.ts";
import { elementsOf } from "../graph/read.ts";
import { checkAxis, checkShape, countOf, sameShape } from "../graph/shape.ts";
import { Tensor } from "../graph/tensor.ts";
import { isTraced, type Call } from "../graph/tracing.ts";
import { allocateUnwritten } from "../graph/unwritten.ts";
import { addAt, take } from "../kernels/movement.ts";
import { refuseExtra } from "../options.ts";
import type { NestedNumbers } from "../types/nested.ts";
import type { Shape } from "../types/shape.ts";
import { apply } from "./apply.ts";
import { add } from "./arithmetic.ts";
import { heldToInt32 } from "./conversion.ts";
import { asTensor } from "./elementwise.ts";
import { fromElements } from "./expansion.ts";

interface Picked {
  readonly axis: number;
  /** Positions along the axis, checked to lie within it; `null` where they are traced and are the second input. */
  readonly indices: ArrayLike<number> | null;
  readonly indexShape: Shape;
  /** The size of the axis that is picked from. */
  readonly size: number;
}

/** Constant positions as a program holds them. */
function picked({ indices }: Picked): Int32Array {
  return Int32Array.from(indices!);
}

// y[…, k, …] = x[…, indices[k], …]        xᵀ: the cotangent added at the indices
const gatherOp: LinearOp<Picked> = {
  kind: "linear",
  name: "gather",
  needs: "nothing",
  evaluate([x], { axis, indices, indexShape, size }) {
    const before = x!.shape.slice(0, axis);
    const behind = x!.shape.slice(axis + 1);
    const shape = checkShape("gather", [...before, ...indexShape, ...behind]);
    const out = allocateUnwritten(x!.dtype, countOf(shape));
    take(out, elementsOf(x!), indices!, countOf(before), size, countOf(behind));
    return fromElements(shape, x!.dtype, out);
  },
  transpose: (g, { inputs, attributes }) => [apply(scatterOp, [g, ...inputs.slice(1)], attributes)],
  lower(l, [x, indices], attributes) {
    const shape = l.shapeOf(x!);
    const [before, behind] = [shape.slice(0, attributes.axis), shape.slice(attributes.axis + 1)];
    const form = { outer: countOf(before), size: attributes.size, inner: countOf(behind) };
    return l.take(x!, indices ?? picked(attributes), form, [...before, ...attributes.indexShape, ...behind]);
  },
};

// y = -0, which no sum changes, then y[…, indices[k], …] += x[…, k, …]        xᵀ: the cotangent picked at the indices
const scatterOp: LinearOp<Picked> = {
  kind: "linear",
  name: "scatterAdd",
  needs: "nothing",
  evaluate([x], { axis, indices, indexShape, size }) {
    const before = x!.shape.slice(0, axis);
    const behind = x!.shape.slice(axis + indexShape.length);
    const shape = checkShape("scatterAdd", [...before, size, ...behind]);
    const sums = new Float64Array(countOf(shape)).fill(-0);
    addAt(sums, elementsOf(x!), indices!, countOf(before), size, countOf(behind));
    if (x!.dtype === "float64") return new Tensor(shape, x!.dtype, sums);
    if (x!.dtype === "int32") return new Tensor(shape, x!.dtype, heldToInt32("scatterAdd", sums));
    const out = allocateUnwritten(x!.dtype, sums.length);
    out.set(sums);
    return new Tensor(shape, x!.dtype, out);
  },
  transpose: (g, { inputs, attributes }) => [apply(gatherOp, [g, ...inputs.slice(1)], attributes)],
  lower(l, [x, indices], attributes) {
    const { axis, size, indexShape } = attributes;
    const shape = l.shapeOf(x!);
    const [before, behind] = [shape.slice(0, axis), shape.slice(axis + indexShape.length)];
    const form = { outer: countOf(before), size, inner: countOf(behind) };
    return l.addAt(x!, indices ?? picked(attributes), form, [...before, size, ...behind]);
  },
};

/** Whole-number positions: a tensor of int32, or nested arrays of whole numbers. */
export type Indices = Tensor | NestedNumbers;

/** The error for an index that lies outside its axis. */
export function refuseIndex({ op, line }: Call, index: number, position: number, size: number): IndexRangeError {
  return new IndexRangeError({
    op,
    problem: `index ${index} at position ${position} lies outside an axis of size ${size}`,
    hint: size === 0 ? "the axis is empty" : `use 0 to ${size - 1}; negative indices are not counted from the end here`,
    at: line,
  });
}

function checkIndices(
  op: string,
  given: Indices,
  size: number,
): { indices: ArrayLike<number> | null; indexShape: Shape; traced: readonly Tensor[] } {
  if (given === null || given === undefined)
    throw new ArgumentError({ op, problem: "there are no indices", hint: "give whole numbers" });
  const list = given instanceof Tensor ? given : tensor(given);
  if (list.dtype === "bool")
    throw new DTypeError({ op, problem: "the indices are bool", hint: "where(mask, a, b) selects by condition" });
  if (given instanceof Tensor && list.dtype !== "int32") {
    throw new DTypeError({ op, problem: `the indices are ${list.dtype}`, hint: 'cast them: cast(indices, "int32")' });
  }
  // A program looks at the range while it runs.
  if (isTraced(list)) return { indices: null, indexShape: list.shape, traced: [list] };
  const indices = elementsOf(list);
  const isWhole = indices instanceof Int32Array;
  for (let k = 0; k < indices.length; k++) {
    const index = indices[k]!;
    if (index >= 0 && index < size && (isWhole || Number.isInteger(index))) continue;
    throw refuseIndex({ op, line: null }, index, k, size);
  }
  return { indices, indexShape: list.shape, traced: [] };
}

/**
 * The entries of `x` at the given positions of one axis; the shape of the indices takes the place of the axis.
 *
 * @param x - a tensor
 * @param indices - whole numbers from 0 to the size of the axis less 1; an int32 tensor or nested arrays
 * @param axis - the axis to pick from; the first where nothing is said
 * @throws IndexRangeError naming the position of an index outside the axis
 *
 * @example
 * gather(tensor([10, 20, 30]), [2, 0]).toArray() // => [30, 10]
 */
export function gather(x: Tensor, indices: Indices, axis?: number): Tensor;
export function gather(x: Tensor, indices: Indices, axis = 0, extra?: unknown): Tensor {
  refuseExtra("gather", extra, "gather(x, indices, axis)");
  const from = asTensor("gather", x);
  const along = checkAxis("gather", axis, from.shape.length);
  const size = from.shape[along]!;
  const { traced, indices: places, indexShape } = checkIndices("gather", indices, size);
  return apply(gatherOp, [from, ...traced], { axis: along, size, indices: places, indexShape });
}

/**
 * `x` with `updates` added at the given positions of one axis; what is added at a repeated position sums.
 *
 * @param x - a tensor
 * @param indices - whole numbers within the axis
 * @param updates - a tensor of the shape of `gather(x, indices, axis)`
 * @param axis - the axis; the first where nothing is said
 * @throws IndexRangeError, ShapeError
 *
 * @example
 * scatterAdd(zeros([3]), [0, 0, 1], tensor([1, 2, 3])).toArray() // => [3, 3, 0]
 */
export function scatterAdd<S extends Shape>(x: Tensor<S>, indices: Indices, updates: Tensor, axis?: number): Tensor<S>;
export function scatterAdd(x: Tensor, indices: Indices, updates: Tensor, axis = 0, extra?: unknown): Tensor {
  refuseExtra("scatterAdd", extra, "scatterAdd(x, indices, updates, axis)");
  const onto = asTensor("scatterAdd", x);
  const along = checkAxis("scatterAdd", axis, onto.shape.length);
  const size = onto.shape[along]!;
  const { traced, ...checked } = checkIndices("scatterAdd", indices, size);
  const picked = { axis: along, size, ...checked };
  const expected = [...onto.shape.slice(0, along), ...picked.indexShape, ...onto.shape.slice(along + 1)];
  const values = asTensor("scatterAdd", updates);
  if (values.dtype !== onto.dtype)
    throw new DTypeError({
      op: "scatterAdd",
      problem: `operands are ${onto.dtype} and ${values.dtype}`,
      hint: `cast one of them: cast(x, "${onto.dtype}")`,
    });
  if (!sameShape(values.shape, expected)) {
    throw new ShapeError({
      op: "scatterAdd",
      problem: `the updates have shape ${showShape(values.shape)} where ${showShape(expected)} is picked from ${showShape(onto.shape)}`,
      hint: "give the updates the shape of gather(x, indices, axis)",
      shapes: [onto.shape, values.shape],
    });
  }
  return add(onto, apply(scatterOp, [values, ...traced], picked));
}
