/** The public names of the package, one by one. */

import "./begin/index.ts";
import { markLibrary } from "@chainrule/autograd";

export type { Activation, ActivationName } from "./network/activation.ts";
export { compareBackprop, type CompareOptions } from "./network/compare.ts";
export type { Comparison, Difference, EquationRow, WayRow } from "./network/comparison.ts";
export type { Cost, CostName } from "./network/cost.ts";
export type { Initialization, NetworkParameters, ParametersOf } from "./network/initialize.ts";
export { descend, step, type Step } from "./network/learn.ts";
export { network, type Activities, type Network, type NetworkOptions, type Rows } from "./network/network.ts";
export { Random, type StreamKey } from "./random.ts";
export { NumpyRandomState, PythonRandom } from "./random-legacy.ts";
export { accuracy, train, type Progress, type Samples, type Trained, type TrainOptions } from "./train.ts";

markLibrary("end", new Error());
