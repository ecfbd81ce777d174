/**
 * Mistakes that no rule of BP1 to BP4 is searched for: what is seen in shapes, in the forward pass, in steps, in how a
 * function behaves.
 */

import { networkSlips } from "../../locales/network-slips.ts";
import type { Mistake } from "./mistake.ts";

const named = (id: string, short: string, says: Mistake["says"], also?: Mistake["says"]): Mistake => ({
  id,
  rules: ["elsewhere"],
  short,
  says,
  ...(also === undefined ? {} : { also }),
});

/** The mistakes that are looked for by what is judged there. */
export const elsewhere: readonly Mistake[] = [
  named("B17", "the entry of the bias kept", networkSlips.B17),
  named("B18", "the input's gradient with a σ′", networkSlips.B18),
  named("B19", "a path overwritten (graphs)", networkSlips.B19),
  named("B20", "only the last step of shared weights, which is B19 there", networkSlips.B20),
  named("D12", "one buffer for two layers", networkSlips.D12),
  named("E5", "the step is not −η ∂C/∂w", networkSlips.E5),
  named("E6", "another form of momentum", networkSlips.E6, networkSlips.momentumNotTold),
  named("E7", "gradients never set to 0", networkSlips.E7),
  named("E8", "weights changed in place", networkSlips.E8),
  named("E9", "upstream gradient ignored (kernels)", networkSlips.E9),
  named("E10", "arguments changed", networkSlips.E10),
  named("E11", "chance", networkSlips.E11),
  named("E12", "memory taken to lie in one piece (kernels)", networkSlips.E12),
  named("V1", "bias forgotten", networkSlips.V1),
  named("V2", "W transposed", networkSlips.V2),
  named("V3", "another activation", networkSlips.V3),
  named("V4", "bias subtracted, or twice", networkSlips.V4),
  named("V5", "weights of another layer", networkSlips.V5),
  named("V6", "cost scaled", networkSlips.V6),
  named("V7", "another cost", networkSlips.V7),
];
