/** The public names of `@chainrule/autograd/check`, one by one. */

import "../begin/check.ts";
import { markLibrary } from "../caller.ts";

export { complexJacobian, type ComplexJacobian, type ComplexJacobianOptions } from "./complex-step.ts";
export { numericJacobian, type NumericJacobian, type NumericJacobianOptions } from "./finite-difference.ts";
export {
  assertGradients,
  gradientCheck,
  GradientCheckError,
  type AssertGradientsOptions,
  type GradientCheckOptions,
} from "./gradient-check.ts";
export type { Check, Deviation, GradientReport, Status } from "./report.ts";
export { same, type Comparable, type Comparison, type Pair, type SameOptions } from "./same.ts";
export type { Entry } from "./subject.ts";

markLibrary("end", new Error());
