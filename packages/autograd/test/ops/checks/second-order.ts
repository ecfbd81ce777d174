/**
 * Second derivatives: the four ways to combine the modes agree with each other and with differences of the first
 * gradient.
 */

import { jacobian, mul, sum, type Tensor } from "../../../src/index.ts";
import { near, scaleOf } from "../compare.ts";
import { random, tensorOf, type Case } from "../sampling.ts";
import { floatOf, type Mode } from "./jacobians.ts";

/** Large samples add time and no new paths. */
const LARGEST = 6;

const pairs: readonly (readonly [Mode, Mode])[] = [
  ["forward", "reverse"],
  ["forward", "forward"],
  ["reverse", "forward"],
];

/** Signed weights, so that no entry of the result can hide another. */
function weightsFor(result: Tensor): Tensor {
  const next = random(97);
  return tensorOf(
    result.shape,
    result.toTypedArray().map(() => (next() < 0.5 ? -1 : 1) * (0.5 + next())),
    result.dtype,
  );
}

export function checkSecondOrder(one: Case): void {
  const { leaves, label } = one;
  const points = leaves.map((leaf) => leaf.tensor);
  const f = floatOf(one);
  const result = f(...points);
  if (result.size === 0 || result.size > 2 * LARGEST || points.some((x) => x.size === 0 || x.size > LARGEST)) return;
  const weights = weightsFor(result);
  const loss = (...x: Tensor[]): Tensor => sum(mul(f(...x), weights)) as Tensor;
  leaves.forEach((_, k) => {
    const gradient = jacobian(loss, { mode: "reverse", argnums: k });
    leaves.forEach((leaf, l) => {
      const what = `${label}: second derivative by leaves ${k} and ${l}`;
      const second = jacobian((...x: Tensor[]) => gradient(...x), { mode: "reverse", argnums: l })(
        ...points,
      ).toTypedArray();
      const atol = 1e-11 * scaleOf(second);
      for (const [outer, inner] of pairs) {
        const first = jacobian(loss, { mode: inner, argnums: k });
        near(
          `${what}, ${outer} over ${inner}`,
          jacobian((...x: Tensor[]) => first(...x), { mode: outer, argnums: l })(...points).toTypedArray(),
          second,
          { atol },
          "modes of second order",
        );
      }
      const rows = points[k]!.size;
      const columns = points[l]!.size;
      const differences = new Float64Array(rows * columns);
      for (let column = 0; column < columns; column++) {
        const x = leaf.array.data[column]!;
        const h = 2 ** -17 * Math.max(1, Math.abs(x));
        const at = (value: number): ArrayLike<number> => {
          const moved = leaf.array.data.map((y, entry) => (entry === column ? value : y));
          return gradient(
            ...points.map((point, place) => (place === l ? tensorOf(leaf.array.shape, moved, "float64") : point)),
          ).toTypedArray();
        };
        const [right, left] = [x + h, x - h];
        const [above, below] = [at(right), at(left)];
        for (let row = 0; row < rows; row++)
          differences[row * columns + column] = (above[row]! - below[row]!) / (right - left);
      }
      near(
        `${what}, differences`,
        second,
        differences,
        { rtol: 1e-7, atol: 1e-8 * scaleOf(second) },
        "differences of the gradient",
      );
    });
  });
}
