/** Activations: the function by which a layer turns its inputs u into its outputs v. */

import { add, ArgumentError, ConfigError, exp, greater, minimum, mul, relu, sigmoid, softmax, softplus, sub, tanh, where, type Tensor } from "@chainrule/autograd";

/** The activations that the equations BP1 to BP4 know by name. */
export type ActivationName = "sigmoid" | "tanh" | "relu" | "leakyRelu" | "elu" | "silu" | "softplus" | "linear" | "softmax";

/** A name, or a function of your own from the inputs of a layer (samples × units) to its outputs. */
export type Activation = ActivationName | ((u: Tensor) => Tensor);

const functions: Readonly<Record<ActivationName, (u: Tensor) => Tensor>> = {
  sigmoid: (u) => sigmoid(u),
  tanh: (u) => tanh(u),
  relu: (u) => relu(u),
  // u above 0, 0.01 u below
  leakyRelu: (u) => where(greater(u, 0), u, mul(u, 0.01)),
  // u above 0, e^u − 1 below; an exponential that nobody reads must not overflow
  elu: (u) => add(relu(u), sub(exp(minimum(u, 0)), 1)),
  silu: (u) => mul(u, sigmoid(u)),
  softplus: (u) => softplus(u),
  linear: (u) => u,
  // The shares of one sample: along the units.
  softmax: (u) => softmax(u, -1),
};

/** The function of an activation. */
export function activationFunction(activation: Activation): (u: Tensor) => Tensor {
  return typeof activation === "function" ? activation : functions[activation];
}

/** One checked activation for each layer; a single one stands for all. */
export function checkActivations(activations: Activation | readonly Activation[] | undefined, layers: number): readonly Activation[] {
  const given = activations ?? "sigmoid";
  const list = Array.isArray(given) ? (given as readonly Activation[]) : Array.from({ length: layers }, () => given as Activation);
  if (list.length !== layers) {
    throw new ConfigError({
      op: "network",
      problem: `${list.length} activations for ${layers} layers`,
      hint: "give one for each layer after the input, or a single one for all",
    });
  }
  list.forEach((activation, index) => {
    if (typeof activation === "function" || Object.hasOwn(functions, activation)) return;
    throw new ArgumentError({
      op: "network",
      problem: `layer ${index + 1} has an unknown activation ${activation as string}`,
      hint: `use ${Object.keys(functions).join(", ")}, or a function of u`,
    });
  });
  return list;
}
