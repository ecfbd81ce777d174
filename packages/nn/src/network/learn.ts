/** The learning rule w(n+1) = w(n) - η ∂e/∂w, for one batch. */

import { ConfigError, valueAndGrad, type Tensor } from "@chainrule/autograd";
import type { NetworkParameters } from "./initialize.ts";
import type { Network, Rows } from "./network.ts";

/**
 * The parameters after one update by gradients that are already known.
 *
 * @param parameters - w(n)
 * @param gradient - ∂e/∂w by name, as `grad` gives it
 * @param eta - the learning rate η > 0
 * @throws ConfigError for a learning rate that is not a positive number
 *
 * @example
 * descend({ W1: tensor([[1]]), b1: tensor([0]) }, { W1: tensor([[2]]), b1: tensor([4]) }, 0.25).W1.item() // => 0.5
 */
export function descend<P extends NetworkParameters>(parameters: P, gradient: NetworkParameters, eta: number): P {
  if (!(eta > 0) || !Number.isFinite(eta)) {
    throw new ConfigError({ op: "descend", problem: `the learning rate is ${eta}`, hint: "give a positive number" });
  }
  const next: Record<string, Tensor> = {};
  // w(n+1) = w(n) - η ∂e/∂w: every gradient is of w(n), since nothing here changes in place.
  for (const [name, w] of Object.entries<Tensor>(parameters)) {
    const slope = gradient[name];
    if (slope === undefined)
      throw new ConfigError({
        op: "descend",
        problem: `there is no gradient for ${name}`,
        hint: "give one for each parameter",
      });
    next[name] = w.sub(slope.mul(eta));
  }
  return next as NetworkParameters as P;
}

/** One step of the learning rule. */
export interface Step<P extends NetworkParameters = NetworkParameters> {
  /** The mean cost of the batch, before the step. */
  readonly cost: number;
  /** The parameters after it. */
  readonly parameters: P;
}

/**
 * One step of the learning rule on one batch: online where the batch is a single sample.
 *
 * @param net - the network
 * @param parameters - w(n)
 * @param x - the inputs, samples × units
 * @param t - the targets, samples × units
 * @param eta - the learning rate η
 * @returns the cost before the step and w(n+1)
 */
export function step<P extends NetworkParameters>(
  net: Network<P>,
  parameters: P,
  x: Rows,
  t: Rows,
  eta: number,
): Step<P> {
  const { value, gradient } = valueAndGrad((w: NetworkParameters) => net.loss(w as P, x, t))(parameters);
  return { cost: value.item(), parameters: descend(parameters, gradient, eta) };
}
