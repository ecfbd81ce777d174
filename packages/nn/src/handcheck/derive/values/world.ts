/** Says what every symbol and every derivative is worth for given numbers, as the equations in plain loops say. */

import { backprop, sampleDeltas } from "../../equations/backprop.ts";
import { costGradient, sampleCost } from "../../equations/costs.ts";
import { activity } from "../../equations/forward.ts";
import { jacobian, softmax } from "../../equations/activations.ts";
import { gradientBelow } from "../../equations/vector-form.ts";
import type { Backprop } from "../../equations/backprop.ts";
import type { PlainNetwork } from "../../equations/network.ts";
import type { Subject } from "../language/subject.ts";

/** Everything about one sample; index l of each list is layer l. */
export interface SampleValues {
  readonly u: readonly (readonly number[])[];
  readonly v: readonly (readonly number[])[];
  /** ∂C/∂u of this sample's own cost, in no notation's sign or scale. */
  readonly delta: readonly (readonly number[])[];
  readonly gradV: readonly (readonly number[])[];
  /** `jacobian[l][k][j]` is ∂v_k/∂u_j. */
  readonly jacobian: readonly (readonly (readonly number[])[])[];
  readonly t: readonly number[];
  readonly e: readonly number[];
  readonly p: readonly number[];
  readonly cost: number;
}

/** A network with numbers, and a batch. */
export interface World {
  readonly subject: Subject;
  readonly net: PlainNetwork;
  readonly samples: readonly SampleValues[];
  readonly batch: Backprop;
  readonly eta: number;
}

/** The values of a network on a batch, one sample in each row. */
export function worldOf(
  subject: Subject,
  net: PlainNetwork,
  x: readonly (readonly number[])[],
  t: readonly (readonly number[])[],
  eta: number,
): World {
  return {
    subject,
    net,
    eta,
    samples: x.map((row, n) => valuesOf(net, row, t[n]!)),
    batch: backprop(net, x, t, subject.reduction),
  };
}

/** True if the targets of each sample sum to 1, as shares do. */
export const sharesSumToOne = ({ samples }: World): boolean =>
  samples.every(({ t }) => Math.abs(t.reduce((a, b) => a + b, 0) - 1) < 1e-12);

function valuesOf(net: PlainNetwork, x: readonly number[], t: readonly number[]): SampleValues {
  const seen = activity(net, x);
  const last = net.weights.length;
  const { u, v } = seen;
  const delta = [[], ...sampleDeltas(net, seen, t)];
  const gradV = u.map((_, l) =>
    l === last ? costGradient(net.cost, v[last]!, t) : gradientBelow(net.weights[l]!, delta[l + 1]!, v[l]!.length),
  );
  return {
    u,
    v,
    delta,
    gradV,
    t,
    jacobian: u.map((inputs, l) => (l === 0 ? [] : jacobian(net.activations[l - 1]!, inputs))),
    e: t.map((wanted, j) => wanted - v[last]![j]!),
    p: softmax(v[last]!),
    cost: sampleCost(net.cost, net.activations[last - 1]!, u[last]!, t),
  };
}
