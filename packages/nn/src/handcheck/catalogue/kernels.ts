/** Mistakes of kernels and graphs beside those that networks have as well; the wrong formulas of each stand in the families. */

import type { Mistake } from "./mistake.ts";

const named = (id: string, short: string): Pick<Mistake, "id" | "short"> => ({ id, short });

/** The names in the order of their ids. */
export const kernels: readonly Pick<Mistake, "id" | "short">[] = [
  named("F1", "mean and variance of the batch as constants"),
  named("F2", "no path through the variance"),
  named("F3", "no path through the mean"),
  named("F4", "γ or 1/N in the corrections"),
  named("F5", "N and N − 1 mixed"),
  named("F6", "ε forgotten"),
  named("F7", "running statistics"),
  named("F8", "dγ and dβ"),
  named("F9", "layer norm and RMS norm"),
  named("G1", "kernel not turned"),
  named("G2", "'valid' for 'full'"),
  named("G3", "padding off by one"),
  named("G4", "dw turned or averaged"),
  named("G5", "bias not summed, or averaged"),
  named("G6", "not to the largest entry alone"),
  named("G7", "stride ignored"),
  named("H1", "1/√d"),
  named("H2", "Jacobian of the softmax"),
  named("H3", "an operand exchanged or transposed"),
  named("H4", "mask forgotten"),
  named("H5", "one block of the sum"),
  named("I1", "mask or scale of dropout"),
  named("I2", "repeated ids not added"),
  named("I3", "broadcast axis not summed"),
  named("I4", "the maximum taken away"),
  named("I5", "no subgradient"),
  named("I6", "clipping"),
];
