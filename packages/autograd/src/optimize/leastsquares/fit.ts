/** The result of a fit: where it ended, how well the data determine the parameters, and what a reader must be told. */

import { strong } from "../../graph/shape.ts";
import { Tensor } from "../../graph/tensor.ts";
import type { Parameters } from "../parameters.ts";
import { CONVERGED, type Outcome } from "../result.ts";
import type { Bounds, Ended } from "./levenberg.ts";
import type { Loss } from "./losses.ts";
import { statisticsOf, unasked, type Statistics } from "./statistics.ts";

/** A fit. */
export interface Fit<P> extends Outcome<P> {
  /** The residuals as the function gives them, in one row. */
  readonly residuals: Tensor<[number]>;
  /** Σ weight · residual². Where the loss is another one, `value` is that of the loss. */
  readonly residualSum: number;
  /**
   * One for each parameter, in the structure of the parameters; infinite where the data do not determine it, 0 where a
   * bound holds it.
   */
  readonly standardDeviations: P;
  /** In the order of `names`. */
  readonly covariance: Tensor<[number, number]>;
  /** The name of each number among the parameters. */
  readonly names: readonly string[];
  /** How many parameters the data determine, those that bounds hold aside. */
  readonly rank: number;
  /** How much larger relative errors can become on the way from data to parameters; ∞ where some are not determined. */
  readonly condition: number;
  /** The names of parameters that a bound holds. */
  readonly active: readonly string[];
  /** The names of parameters that can move without changing the residuals. */
  readonly undetermined: readonly string[];
  /** Sentences that a reader must be told. */
  readonly warnings: readonly string[];
}

/** A search at its end, and what it was about. */
export interface Finished {
  readonly ended: Ended;
  /** The residuals without weights. */
  readonly plain: Float64Array;
  readonly roots: Float64Array | null;
  readonly parameters: Parameters;
  readonly bounds: Bounds | null;
  readonly loss: Loss;
  readonly absolute: boolean;
  /** True if anybody wants to know how well the data determine the parameters. */
  readonly known: boolean;
}

export function fitOf(finished: Finished): Fit<unknown> {
  const { ended, plain, roots, parameters, loss, absolute, known } = finished;
  const rows = ended.residuals.length;
  const held = heldBy(finished);
  const free = Array.from({ length: parameters.size }, (_, j) => j).filter((j) => held[j] === null);
  const jacobian = ended.jacobian.slice();
  // The covariance of a robust fit comes from the plain Jacobian and how the loss bends.
  const counted = roots === null ? rows : roots.reduce((count, root) => count + (root > 0 ? 1 : 0), 0);
  const statistics = !known
    ? unasked(parameters.size)
    : statisticsOf({ residuals: ended.residuals, jacobian, counted, free, columns: parameters.size, loss, absolute });
  const names = Array.from({ length: parameters.size }, (_, j) => parameters.name(j));
  const size = parameters.size;
  return {
    parameters: parameters.result(ended.x),
    value: new Tensor([], "float64", ended.value),
    gradient: parameters.result(ended.slope.map((one) => 2 * one)),
    iterations: ended.iterations,
    evaluations: ended.evaluations,
    converged: CONVERGED.has(ended.reason),
    reason: ended.reason,
    message: messageOf(ended, parameters),
    residuals: new Tensor([rows], "float64", plain),
    residualSum: ended.residuals.reduce((sum, r) => sum + r * r, 0),
    standardDeviations: parameters.result(statistics.standardDeviations),
    covariance: new Tensor(strong([size, size]) as [number, number], "float64", statistics.covariance),
    names,
    rank: statistics.rank,
    condition: statistics.condition,
    active: names.filter((_, j) => held[j] !== null),
    undetermined: statistics.undetermined.map((j) => names[j]!),
    warnings: warningsOf(statistics, names, held, counted, finished),
  };
}

/** The bound that holds each parameter, with its name. */
function heldBy({ ended, bounds }: Finished): readonly (string | null)[] {
  return Array.from(ended.x, (value, j) => {
    if (bounds === null) return null;
    if (value === bounds.lower[j] && ended.slope[j]! >= 0) return `its lower bound ${value}`;
    return value === bounds.upper[j] && ended.slope[j]! <= 0 ? `its upper bound ${value}` : null;
  });
}

function warningsOf(
  statistics: Statistics,
  names: readonly string[],
  held: readonly (string | null)[],
  counted: number,
  { absolute, ended }: Finished,
): string[] {
  const { undetermined, degreesOfFreedom } = statistics;
  const warnings: string[] = [];
  if (undetermined.length > 0) {
    const one = undetermined.length === 1;
    warnings.push(
      `the data do not determine ${undetermined.map((j) => names[j]!).join(", ")}: ${one ? "it can" : "they can"} move without changing the residuals`,
    );
  }
  held.forEach((by, j) => {
    if (by !== null) warnings.push(`${names[j]!} is held by ${by}; the other standard deviations take it as known`);
  });
  if (!absolute && degreesOfFreedom <= 0 && names.length > 0) {
    warnings.push(
      `${counted} residuals for ${statistics.rank} parameters leave nothing to estimate standard deviations from`,
    );
  }
  if (!CONVERGED.has(ended.reason))
    warnings.push("it did not converge: parameters and standard deviations are those of where it stopped");
  return warnings;
}

function messageOf({ reason, iterations, slope }: Ended, parameters: Parameters): string {
  const steepest = slope.reduce((best, one, j) => (Math.abs(one) > Math.abs(slope[best]!) ? j : best), 0);
  switch (reason) {
    case "gradient":
      return "converged: the gradient is 0";
    case "step":
      return "converged: the last step is as small as the tolerance";
    case "rounding":
      return "converged: what is left of the steps is rounding";
    case "maxIterations":
      return `stopped after ${iterations} iterations: begin nearer, or give maxIterations`;
    case "aborted":
      return `stopped by its signal after ${iterations} iterations`;
    case "callback":
      return `stopped by the callback after ${iterations} iterations`;
    case "notFinite":
      return "the steps end where residuals or derivatives are not finite, however short they are";
    default:
      return `no step lowers the sum, although its derivative by ${parameters.name(steepest)} is ${2 * slope[steepest]!}: there may be a kink, or a rule by hand that is wrong`;
  }
}
