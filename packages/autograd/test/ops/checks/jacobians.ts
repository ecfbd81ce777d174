/** Jacobians: by the engine in each mode, by complex steps, by differences of the reference. */

import { cast, jacobian, reshape, sum, type Tensor } from "../../../src/index.ts";
import { indicesOf, offsetOf, sizeOf } from "../../oracles/arrays.ts";
import { complexGradient } from "../../oracles/complex.ts";
import { equalNumbers, near, scaleOf } from "../compare.ts";
import { applyTo, referenceWith, tensorOf, type Case, type Leaf } from "../sampling.ts";
import { invoke, type Row } from "../spec.ts";

const EPSILON = 2 ** -52;

/** The op as a function of its leaves with a float result, so that a derivative may be asked of a comparison too. */
export function floatOf(one: Case): (...leaves: Tensor[]) => Tensor {
  return (...leaves) => {
    const result = applyTo(one, leaves);
    return result.dtype === "float64" || result.dtype === "float32" ? result : cast(result, one.dtype);
  };
}

export type Mode = "forward" | "reverse";

/** ∂result/∂leaf by the engine, one row for each entry of the result. */
export function engineJacobian(one: Case, k: number, mode: Mode): ArrayLike<number> {
  const points = one.leaves.map((leaf) => leaf.tensor);
  return jacobian(floatOf(one), { mode, argnums: k })(...points).toTypedArray();
}

/** The entry of an operand that an entry of a broadcast result is computed from. */
function sourceOf(shape: readonly number[], index: readonly number[]): number {
  return offsetOf(
    shape,
    shape.map((n, axis) => (n === 1 ? 0 : index[axis - shape.length + index.length]!)),
  );
}

/** ∂result/∂leaf from the complex form of an entry-wise op. */
function complexJacobian(one: Case, leaf: Leaf, resultShape: readonly number[]): number[] {
  const columns = sizeOf(leaf.array.shape);
  const jacobian = new Array<number>(sizeOf(resultShape) * columns).fill(0);
  indicesOf(resultShape).forEach((index, row) => {
    const point = one.arrays.map((a) => a.data[sourceOf(a.shape, index)]!);
    const gradient = complexGradient((...z) => one.row.complex!(...z), point);
    for (const place of leaf.places) jacobian[row * columns + sourceOf(leaf.array.shape, index)]! += gradient[place]!;
  });
  return jacobian;
}

/** ∂result/∂leaf by central differences of the reference, with the step that was really taken. */
function differenceJacobian(one: Case, leaf: Leaf, rows: number): number[] {
  const columns = sizeOf(leaf.array.shape);
  const jacobian = new Array<number>(rows * columns).fill(0);
  leaf.array.data.forEach((x, column) => {
    const h = one.row.degree === undefined ? Math.cbrt(EPSILON) * Math.max(1, Math.abs(x)) : 1;
    const [right, left] = [x + h, x - h];
    const above = referenceWith(one, leaf, column, right).data;
    const below = referenceWith(one, leaf, column, left).data;
    for (let row = 0; row < rows; row++)
      jacobian[row * columns + column] = (above[row]! - below[row]!) / (right - left);
  });
  return jacobian;
}

/**
 * At the points that a row settles, the gradient is exactly the stated one, in both modes, for vectors and for single
 * numbers.
 */
export function checkSettled(row: Row, dtype: "float64" | "float32"): void {
  for (const { at, gradient, params = [] } of row.settled ?? []) {
    const vectors = at.map((numbers) => tensorOf([numbers.length], numbers, dtype));
    const single = vectors.every((x) => x.size === 1) && params.length === 0;
    const points = [vectors, ...(single ? [vectors.map((x) => reshape(x, []))] : [])];
    for (const point of points) {
      const f = (...x: Tensor[]): Tensor => sum(invoke(row, x, params)) as Tensor;
      gradient.forEach((expected, k) => {
        for (const mode of ["reverse", "forward"] as const) {
          const got = jacobian(f, { mode, argnums: k })(...point).toTypedArray();
          equalNumbers(
            `${row.name} ${dtype} at ${JSON.stringify(at)}, ${mode} derivative by operand ${k}`,
            got,
            expected,
          );
        }
      });
    }
  }
}

/** The reverse Jacobian is that of an oracle, and the forward Jacobian is the reverse one. */
export function checkFirstOrder(one: Case): void {
  const { row, leaves, arrays, sample, label } = one;
  const result = row.reference(arrays, sample.params);
  leaves.forEach((leaf, k) => {
    const reverse = engineJacobian(one, k, "reverse");
    const what = `${label}: derivative by leaf ${k}`;
    if (!leaf.differentiable) equalNumbers(what, reverse, new Float64Array(reverse.length));
    else if (row.complex !== undefined) {
      near(
        what,
        reverse,
        complexJacobian(one, leaf, result.shape),
        { rtol: 8 * EPSILON, atol: 1e-300 },
        "complex step",
      );
    } else if (row.degree !== undefined) {
      near(
        what,
        reverse,
        differenceJacobian(one, leaf, result.data.length),
        { rtol: 1e-13, atol: 1e-13 },
        "exact difference",
      );
    } else
      near(
        what,
        reverse,
        differenceJacobian(one, leaf, result.data.length),
        { rtol: 1e-7, atol: 1e-8 },
        "central difference",
      );
    near(
      `${what}, forward`,
      engineJacobian(one, k, "forward"),
      reverse,
      { atol: 1e-12 * scaleOf(reverse) },
      "forward against reverse",
    );
  });
}
