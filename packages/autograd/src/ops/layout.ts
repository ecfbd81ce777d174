/** Moving axes about without changing a number: reshape and transpose. */

import { IndexRangeError, ShapeError, showShape } from "../errors.ts";
import type { LinearOp } from "../graph/op.ts";
import { elementsOf } from "../graph/read.ts";
import { checkShape, countOf, sameShape, stridesOf } from "../graph/shape.ts";
import { Tensor } from "../graph/tensor.ts";
import { allocateUnwritten } from "../graph/unwritten.ts";
import { gatherStrided } from "../kernels/movement.ts";
import { describe, refuseExtra } from "../options.ts";
import type { Permutation, Reshape, Transpose } from "../types/movement.ts";
import type { Guard, Result, Shape } from "../types/shape.ts";
import { apply } from "./apply.ts";
import { asTensor } from "./elementwise.ts";

// y = x in another shape        xᵀ: the cotangent in the shape of x
const reshapeOp: LinearOp<{ readonly shape: Shape }> = {
  kind: "linear",
  name: "reshape",
  needs: "nothing",
  evaluate([x], { shape }) {
    const { storage, dtype } = x!;
    if (shape.length === 0) return new Tensor(shape, dtype, typeof storage === "number" ? storage : elementsOf(x!)[0]!);
    return new Tensor(shape, dtype, elementsOf(x!));
  },
  transpose: (g, { inputs }) => [reshapeTo(g, inputs[0]!.shape)],
  lower: (l, [x], { shape }) => l.reshape(x!, shape),
};

/** The axis of a shape whose size is left open: -1 where none is, -2 where several are. */
function openAxis(sizes: readonly unknown[]): number {
  let open = -1;
  for (let axis = 0; axis < sizes.length; axis++) {
    // What is no number is refused by name.
    if (typeof sizes[axis] !== "number") checkShape("reshape", sizes);
    if (sizes[axis] === -1) open = open === -1 ? axis : -2;
  }
  return open;
}

function refuseReshape(from: Shape, to: Shape, problem: string, hint: string): never {
  throw new ShapeError({ op: "reshape", problem, hint, shapes: [from, to] });
}

/** `x` in a shape that is known to hold as many numbers. */
export function reshapeTo(x: Tensor, shape: Shape): Tensor {
  return sameShape(x.shape, shape) ? x : apply(reshapeOp, [x], { shape });
}

/**
 * The same numbers in row-major order under another shape; one size may be -1 and is inferred.
 *
 * @param x - a tensor
 * @param shape - sizes whose product is the number of elements of `x`
 * @throws ShapeError where the counts differ, or -1 stands twice or cannot be inferred
 *
 * @example
 * reshape(tensor([1, 2, 3, 4]), [2, -1]).toArray() // => [[1, 2], [3, 4]]
 */
export function reshape<A extends Shape, const To extends Shape>(
  x: Tensor<A>,
  shape: To & Guard<Reshape<A, To>>,
): Tensor<Result<Reshape<A, To>>>;
export function reshape(x: Tensor, shape: Shape, extra?: unknown): Tensor {
  refuseExtra("reshape", extra, "reshape(x, [rows, columns])");
  const from = asTensor("reshape", x);
  if (!Array.isArray(shape)) checkShape("reshape", shape);
  const count = countOf(from.shape);
  const sizes: readonly number[] = shape;
  const free = openAxis(sizes);
  if (free === -2)
    refuseReshape(from.shape, sizes, `${showShape(sizes)} leaves two sizes open`, "write -1 at most once");
  let target = sizes;
  if (free >= 0) {
    const known = sizes.reduce((product, size, axis) => (axis === free ? product : product * size), 1);
    if (known === 0)
      refuseReshape(
        from.shape,
        sizes,
        `the size -1 in ${showShape(sizes)} could be anything, since another is 0`,
        "write all sizes",
      );
    target = sizes.map((size, axis) => (axis === free ? count / known : size));
    if (!Number.isInteger(target[free])) {
      refuseReshape(
        from.shape,
        sizes,
        `${showShape(from.shape)} holds ${count} numbers, which ${showShape(sizes)} does not divide`,
        "choose sizes that divide the count",
      );
    }
  }
  const checked = checkShape("reshape", target);
  if (countOf(checked) !== count) {
    refuseReshape(
      from.shape,
      sizes,
      `${showShape(from.shape)} holds ${count} numbers and ${showShape(checked)} holds ${countOf(checked)}`,
      "keep the count",
    );
  }
  return reshapeTo(from, checked);
}

// y[j, i, …] = x[i, j, …]        xᵀ: the inverse permutation
const transposeOp: LinearOp<{ readonly permutation: readonly number[] }> = {
  kind: "linear",
  name: "transpose",
  needs: "nothing",
  evaluate([x], { permutation }) {
    const strides = stridesOf(x!.shape);
    const shape = checkShape(
      "transpose",
      permutation.map((axis) => x!.shape[axis]),
    );
    const out = allocateUnwritten(x!.dtype, countOf(shape));
    gatherStrided(
      out,
      elementsOf(x!),
      shape,
      0,
      permutation.map((axis) => strides[axis]!),
    );
    return new Tensor(shape, x!.dtype, out);
  },
  transpose: (g, { attributes }) => [permute(g, inverse(attributes.permutation))],
  lower(l, [x], { permutation }) {
    const shape = l.shapeOf(x!);
    const strides = stridesOf(shape);
    return l.view(
      x!,
      permutation.map((axis) => shape[axis]!),
      { offset: 0, strides: permutation.map((axis) => strides[axis]!) },
    );
  },
};

function inverse(permutation: readonly number[]): readonly number[] {
  const back = new Array<number>(permutation.length);
  permutation.forEach((axis, place) => (back[axis] = place));
  return back;
}

/** `x` with its axes in the given order, known to be a permutation. */
export function permute(x: Tensor, permutation: readonly number[]): Tensor {
  return permutation.every((axis, place) => axis === place) ? x : apply(transposeOp, [x], { permutation });
}

/**
 * The axes in another order; reversed where none is given, so that a matrix is transposed.
 *
 * @param x - a tensor
 * @param permutation - which axis of `x` stands at each place of the result
 * @throws IndexRangeError where the list is no permutation of the axes
 *
 * @example
 * transpose(tensor([[1, 2], [3, 4]])).toArray() // => [[1, 3], [2, 4]]
 */
export function transpose<A extends Shape, const P extends Permutation = undefined>(
  x: Tensor<A>,
  permutation?: P & Guard<Transpose<A, P>>,
): Tensor<Result<Transpose<A, P>>>;
export function transpose(x: Tensor, permutation?: Permutation, extra?: unknown): Tensor {
  refuseExtra("transpose", extra, "transpose(x, [1, 0])");
  const from = asTensor("transpose", x);
  const rank = from.shape.length;
  if (permutation === undefined)
    return permute(
      from,
      from.shape.map((_, axis) => rank - 1 - axis),
    );
  // Callers without types may hand in anything, also what would take forever as text.
  const listed: readonly unknown[] = Array.isArray(permutation) ? permutation : [permutation];
  const order = Array.from(listed, (axis) => (typeof axis !== "number" ? NaN : axis < 0 ? axis + rank : axis));
  if (order.length !== rank || order.some((axis, place) => !(axis in from.shape) || order.indexOf(axis) !== place)) {
    throw new IndexRangeError({
      op: "transpose",
      problem: `[${listed.map(describe).join(", ")}] is no permutation of the axes of ${showShape(from.shape)}`,
      hint: `name each of the ${rank} axes once`,
      shapes: [from.shape],
    });
  }
  return permute(from, order);
}
