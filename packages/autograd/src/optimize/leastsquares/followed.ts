/**
 * A fit as a function of what its residuals depend on. Its parameters are where the gradient of the loss vanishes,
 * those aside that a bound holds: these stay where they are. What follows from the parameters follows along; standard
 * deviations do not, and say so.
 */

import { GraphError } from "../../errors.ts";
import type { CustomOp } from "../../graph/op.ts";
import { strong } from "../../graph/shape.ts";
import { Tensor } from "../../graph/tensor.ts";
import { apply } from "../../ops/apply.ts";
import { add, mul, sub } from "../../ops/arithmetic.ts";
import { greater, where } from "../../ops/comparison.ts";
import { sum } from "../../ops/expansion.ts";
import { log, sqrt } from "../../ops/transcendental.ts";
import { solutionOf } from "../implicit.ts";
import { objectiveOf } from "../objective.ts";
import type { Parameters } from "../parameters.ts";
import type { Fit } from "./fit.ts";
import type { Loss, LossName } from "./losses.ts";
import type { Residuals } from "./residuals.ts";

/** ρ(z) in the library's ops; `null` where there are none for it. */
const terms: { readonly [name in LossName]: ((z: Tensor) => Tensor) | null } = {
  // ρ = z
  linear: (z) => z,
  // ρ = z up to 1, then 2√z − 1
  huber: (z) => where(greater(z, 1), sub(mul(2, sqrt(z)), 1), z),
  // ρ = 2 (√(1 + z) − 1)
  softL1: (z) => mul(2, sub(sqrt(add(1, z)), 1)),
  // ρ = log(1 + z)
  cauchy: (z) => log(add(1, z)),
  // ρ = atan z
  arctan: null,
};

/** The loss that is minimized: scale² Σ ρ(w r²/scale²). */
function lossOfResiduals({ name, scale }: Loss, roots: Float64Array | null, residuals: Tensor): Tensor<[]> {
  const rho = terms[name];
  if (rho === null)
    return refuse(
      "a fit with the loss arctan has no derivative here",
      'take "cauchy", or minimize your own sum of losses',
    );
  const weights = roots === null ? null : new Tensor([roots.length], "float64", roots);
  // A residual that counts nothing may be anything.
  const weighted = weights === null ? residuals : where(greater(weights, 0), mul(weights, residuals), 0);
  if (name === "linear") return sum(mul(weighted, weighted)) as Tensor<[]>;
  const relative = mul(weighted, 1 / scale);
  return mul(scale * scale, sum(rho(mul(relative, relative)))) as Tensor<[]>;
}

function refuse(problem: string, hint: string): never {
  throw new GraphError({ op: "leastSquares", problem, hint, code: "NOT_FOLLOWED" });
}

interface Unfollowed {
  readonly value: Tensor;
  readonly name: string;
}

const refuseUnfollowed = (name: string): never =>
  refuse(
    `the derivative of ${name} is not known, since nothing follows them`,
    "parameters, value, gradient and residuals are followed",
  );

// y = what is known of the fit, with no derivative but an error that says so
const unfollowedOp: CustomOp<Unfollowed> = {
  kind: "custom",
  name: "leastSquares",
  needs: "nothing",
  evaluate: (_, { value }) => value,
  jvp: (_, { attributes }) => refuseUnfollowed(attributes.name),
  vjp: (_, { attributes }) => refuseUnfollowed(attributes.name),
};

/** A fit at its end, and what its derivatives are made of. */
export interface Followed {
  readonly op: string;
  readonly fit: Fit<unknown>;
  readonly solution: Float64Array;
  readonly system: Residuals;
  readonly parameters: Parameters;
  readonly roots: Float64Array | null;
  readonly loss: Loss;
}

/** The fit with parameters, value, gradient and residuals that follow what the residuals depend on. */
export function followed({ op, fit, solution, system, parameters, roots, loss }: Followed): Fit<unknown> {
  const objective = objectiveOf(
    op,
    (tree: unknown) => lossOfResiduals(loss, roots, system.vector(tree)),
    parameters,
    false,
  );
  const active = new Set(fit.active);
  const held = Float64Array.from(fit.names, (name) => (active.has(name) ? 1 : 0));
  const [isHeld, place] = [
    new Tensor([held.length], "float64", held),
    new Tensor([solution.length], "float64", solution.slice()),
  ];
  const x = solutionOf({
    op,
    // ∂loss/∂x = 0, and x = its bound where one holds it
    equations: (at) => where(greater(isHeld, 0), sub(at, place), objective.slopes(parameters.cut(at))),
    solution,
    jacobian: () =>
      objective.hessian(solution).map((entry, k) => {
        const [row, column] = [Math.floor(k / held.length), k % held.length];
        return held[row] === 0 ? entry : row === column ? 1 : 0;
      }),
    failure: fit.converged ? null : fit.message,
  });
  const leaves = parameters.cut(x);
  const residuals = system.vector(parameters.rebuild(leaves));
  const unfollowed = (name: string, value: Tensor): Tensor => apply(unfollowedOp, [residuals], { value, name });
  const deviations = parameters.numbers(fit.standardDeviations);
  return {
    ...fit,
    parameters: parameters.result(x),
    value: lossOfResiduals(loss, roots, residuals),
    gradient: parameters.result(objective.slopes(leaves)),
    residuals: residuals as Tensor<[number]>,
    standardDeviations: parameters.result(
      unfollowed("standard deviations", new Tensor(strong([deviations.length]), "float64", deviations)),
    ),
    covariance: unfollowed("covariances", fit.covariance) as Tensor<[number, number]>,
  };
}
