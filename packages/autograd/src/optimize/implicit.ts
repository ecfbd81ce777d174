/**
 * Solutions as functions of what their equations depend on. The numbers of a solution x come from a solver that nothing
 * follows;
 * its derivatives from the equations F(x, a) = 0 themselves, recorded at the solution:
 *
 *     x₀ = x        xₖ₊₁ = xₖ − J⁻¹ F(xₖ, a)        J = ∂F/∂x at the solution, a constant
 *
 * Each step adds nothing to the value, and makes one more order of the derivatives by a right: xₖ has k of them. So
 * there is a step for each transform that is under way, and one for `backward`. What F captures is followed as anywhere
 * else.
 */

import { GraphError } from "../errors.ts";
import type { CustomOp, LinearOp } from "../graph/op.ts";
import { elementsOf } from "../graph/read.ts";
import { isOnTape, isSweptAgain, isTracked, openScopes } from "../graph/record.ts";
import { Tensor } from "../graph/tensor.ts";
import { apply } from "../ops/apply.ts";
import { add } from "../ops/arithmetic.ts";
import { isMark } from "../ops/marks.ts";
import { factor, type Factored } from "./linear/lu.ts";

/** Equations with their solution. */
export interface Solved {
  /** Who solved them, for messages. */
  readonly op: string;
  /** F: as many equations as unknowns, of a tensor of shape `[n]`, in the library's ops. */
  readonly equations: (x: Tensor) => Tensor;
  readonly solution: Float64Array;
  /** J, row by row; asked for when a derivative is. */
  readonly jacobian: () => Float64Array;
  /** Why there is no solution, and so no derivative of one; `null` where there is. */
  readonly failure: string | null;
}

/** −J⁻¹ b and −J⁻ᵀ b. */
type Solve = (b: Float64Array, isTransposed: boolean) => Float64Array;

interface Solving {
  readonly solve: Solve;
  readonly isTransposed: boolean;
}

const vector = (numbers: Float64Array): Tensor => new Tensor([numbers.length], "float64", numbers);

// y = −J⁻¹ b        xᵀ: −J⁻ᵀ g
const solveOp: LinearOp<Solving> = {
  kind: "linear",
  name: "solution",
  needs: "nothing",
  evaluate([b], { solve, isTransposed }) {
    const numbers = elementsOf(b!) as Float64Array;
    // Every unknown depends on every equation: all are dropped, or none.
    if (numbers.every(isMark)) return vector(numbers.slice());
    return vector(solve(numbers, isTransposed).map((x) => x + 0));
  },
  transpose: (g, { attributes: { solve, isTransposed } }) => [
    apply(solveOp, [g], { solve, isTransposed: !isTransposed }),
  ],
};

// y = 0, as −J⁻¹ r is but for rounding        dy/dr = −J⁻¹
const correctOp: CustomOp<Solving> = {
  kind: "custom",
  name: "solution",
  needs: "nothing",
  evaluate: ([r]) => vector(new Float64Array(r!.shape[0]!)),
  jvp: ([t], { attributes }) => apply(solveOp, [t!], attributes),
  vjp: (g, { attributes: { solve, isTransposed } }) => [apply(solveOp, [g], { solve, isTransposed: !isTransposed })],
};

/** The solver of a linear system with J, factored when it is first used. */
function solverOf({ op, jacobian, failure, solution: { length: n } }: Solved): Solve {
  let known: Factored | null = null;
  return (b, isTransposed) => {
    if (isSweptAgain()) {
      throw new GraphError({
        op,
        problem: "backward with createGraph asks for derivatives of a solution without an end",
        hint: "nest grad, which says of how many orders",
        code: "ORDER",
      });
    }
    if (failure !== null) {
      throw new GraphError({
        op,
        problem: `the derivative of a solution is asked for that was not reached: ${failure}`,
        hint: "ask for it where converged is true",
        code: "NOT_CONVERGED",
      });
    }
    known ??= factor(jacobian(), n);
    if (!known.isRegular) {
      throw new GraphError({
        op,
        problem:
          "the solution has no derivative: the equations do not determine it, since their Jacobian there is singular",
        hint: "hold constant what is not determined, or add what determines it, as a small penalty",
        code: "SINGULAR",
      });
    }
    return (isTransposed ? known.solveTransposed(b) : known.solve(b)).map((x) => -x);
  };
}

/**
 * The solution as a tensor of shape `[n]`, which follows everything that the equations depend on: derivatives of any
 * order, in both modes. A constant where nothing is followed.
 *
 * @throws GraphError, when a derivative is asked for: `SINGULAR` where there is none, `NOT_CONVERGED` where there is no
 * solution, `ORDER` for `backward` with `createGraph`, which does not say how many orders there will be
 */
export function solutionOf(solved: Solved): Tensor {
  const { equations, solution } = solved;
  const constant = vector(solution.slice());
  if (solution.length === 0) return constant;
  const first = equations(constant);
  if (!isTracked(first)) return constant;
  const steps = openScopes() + (isOnTape(first) ? 1 : 0);
  const attributes: Solving = { solve: solverOf(solved), isTransposed: false };
  let x = constant;
  for (let k = 0; k < steps; k++) x = add(x, apply(correctOp, [k === 0 ? first : equations(x)], attributes));
  return x;
}
