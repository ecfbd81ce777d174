/** An arbitrary loss: ordinary TypeScript with a loop, an `if` and a `where`, differentiated as it stands. */

import { abs, grad, less, tensor, where, type Tensor } from "@chainrule/autograd";

/**
 * Huber's loss of a straight line: squares near the line, magnitudes far from it; a penalty only where the slope is
 * steep.
 */
function loss(
  line: { slope: Tensor<[]>; intercept: Tensor<[]> },
  points: readonly (readonly [number, number])[],
): Tensor<[]> {
  let total = tensor(0) as Tensor<[]>;
  for (const [x, y] of points) {
    const error = line.slope.mul(x).add(line.intercept).sub(y);
    const size = abs(error);
    total = total.add(where(less(size, 1), error.mul(error).mul(0.5), size.sub(0.5)));
  }
  if (line.slope.item() > 3) total = total.add(line.slope.sub(3).pow(2));
  return total;
}

const points = [
  [0, 1.1],
  [1, 2.9],
  [2, 5.2],
  [3, 30],
] as const;
const gradient = grad(loss);
let line = { slope: tensor(0) as Tensor<[]>, intercept: tensor(0) as Tensor<[]> };
for (let step = 0; step < 2000; step++) {
  const g = gradient(line, points);
  line = { slope: line.slope.sub(g.slope.mul(0.01)), intercept: line.intercept.sub(g.intercept.mul(0.01)) };
}
console.log(
  `y = ${line.slope.item().toFixed(3)} x + ${line.intercept.item().toFixed(3)}   (the outlier at x = 3 pulls, but not by its square)`,
);
