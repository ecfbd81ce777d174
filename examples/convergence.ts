/** How each method comes to the minimum of Rosenbrock's function: writes docs/images/convergence.svg. */

import { writeFileSync } from "node:fs";
import { add, mul, pow, sub, tensor, type Tensor } from "@chainrule/autograd";
import { minimize, type MinimizeMethod } from "@chainrule/autograd/optimize";
import { drawConvergence, type Reached } from "./plot/convergence.ts";

const rosenbrock = (x: Tensor<[2]>): Tensor<[]> =>
  add(pow(sub(1, x.at(0)), 2), mul(100, pow(sub(x.at(1), pow(x.at(0), 2)), 2))) as Tensor<[]>;
const methods: readonly MinimizeMethod[] = ["trust", "newton", "bfgs", "lbfgs", "gradient"];
/** A logarithm has no place for less. */
const LEAST = 1e-32;

const points = methods.flatMap((method) => {
  const reached: Reached[] = [];
  const { iterations, evaluations, value, message } = minimize(rosenbrock, tensor([-1.2, 1]), {
    method,
    maxIterations: 60,
    callback: ({ iteration, value }) => void reached.push({ method, iteration, value: Math.max(value, LEAST) }),
  });
  console.log(
    `${method.padEnd(8)} ${iterations} iterations, ${evaluations} evaluations, value ${value.item().toExponential(1)}; ${message}`,
  );
  return reached;
});
writeFileSync(new URL("../docs/images/convergence.svg", import.meta.url), drawConvergence(points));
