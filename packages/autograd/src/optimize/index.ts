/** The public names of `@chainrule/autograd/optimize`, one by one. */

import "../begin/optimize.ts";
import { markLibrary } from "../caller.ts";

export { compiledJacobian, type CompiledJacobianOptions, type JacobianFunction } from "./compiled-jacobian.ts";
export { curveFit, type CurveFitOptions, type Data, type Predictor } from "./curve-fit.ts";
export { leastSquares, type BoundsOption, type Fit, type LeastSquaresOptions, type LossName } from "./least-squares.ts";
export { minimize, type MinimizeMethod, type MinimizeOptions } from "./minimize.ts";
export type { ProgressStream } from "./progress.ts";
export type { Outcome, Reason } from "./result.ts";
export { fixedPoint, root, type RootOptions, type RootOutcome } from "./root.ts";
export type { CompileChoice } from "./runner.ts";
export type { Interruption, Iteration, StopOptions } from "./stopping.ts";

markLibrary("end", new Error());
