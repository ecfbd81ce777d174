/** Newton's method for 10,000 equations, each of which knows its neighbors: the Jacobian in three directions. */

import { abs, add, exp, max, mul, pad, slice, sub, tensor, zeros, type Tensor } from "@chainrule/autograd";
import { sparseJacobian, type SparseMatrix } from "@chainrule/autograd/vmap";

const N = 10_000;
const step = 1 / (N + 1);

/** u″ + eᵘ = 0 between two ends at 0, at N points (Bratu), times the square of their distance. */
const residual = (u: Tensor<[number]>): Tensor<[number]> => {
  const padded = pad(u, [1], [1]);
  const bend = sub(add(slice(padded, [2]), slice(padded, [0], [-2])), mul(u, 2));
  return add(bend, mul(exp(u), step * step)) as Tensor<[number]>;
};

/** Solves a matrix with one diagonal on either side, from its compressed rows. */
function solveBand({ rows, columns, values }: SparseMatrix, b: Float64Array): Float64Array {
  const numbers = values.toTypedArray();
  const entry = (row: number, column: number): number => {
    for (let k = rows[row]!; k < rows[row + 1]!; k++) if (columns[k] === column) return numbers[k]!;
    return 0;
  };
  const [x, above] = [b.slice(), new Float64Array(b.length)];
  for (let i = 0; i < b.length; i++) {
    const left = i > 0 ? entry(i, i - 1) : 0;
    const pivot = entry(i, i) - (i > 0 ? left * above[i - 1]! : 0);
    above[i] = entry(i, i + 1) / pivot;
    x[i] = (x[i]! - (i > 0 ? left * x[i - 1]! : 0)) / pivot;
  }
  for (let i = b.length - 2; i >= 0; i--) x[i]! -= above[i]! * x[i + 1]!;
  return x;
}

let u = zeros([N]) as Tensor<[number]>;
// The pattern is found once; later steps are handed it.
const first = sparseJacobian(residual)(u);
const jacobian = sparseJacobian(residual, { pattern: first });
console.log(`${first.columns.length} of ${N} × ${N} entries may be other than 0, found in ${first.colors} directions`);
for (let round = 1; round <= 6; round++) {
  const left = residual(u);
  const size = max(abs(left)).item();
  console.log(`  step ${round}: residual ${(size / step ** 2).toExponential(1)}`);
  if (size < 1e-15) break;
  u = sub(u, tensor(solveBand(jacobian(u), Float64Array.from(left.toTypedArray())))) as Tensor<[number]>;
}
// The maximum of the lower solution is known: 0.1405392144.
console.log(`the largest value is ${max(u).item().toFixed(8)}, where 0.14053921 is known`);
