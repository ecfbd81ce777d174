/** A network from its word, `3-4-2:tanh,softmax`, and its cost. */

import { network, type ActivationName, type CostName, type Network } from "@chainrule/nn";

export function networkOf(net: string, cost: string): Network {
  const [sizes = "", names = ""] = net.split(":");
  const activations = names.split(",") as ActivationName[];
  return network({ sizes: sizes.split("-").map(Number), activations, cost: cost as CostName, initialization: "zeros" });
}
