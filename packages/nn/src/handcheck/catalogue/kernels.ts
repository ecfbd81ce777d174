/**
 * Mistakes of kernels and graphs beside those that networks have as well; the wrong formulas of each stand in the
 * families.
 */

import type { Mistake } from "./mistake.ts";

/** By letter, in the order of their numbers. */
const names = {
  F: [
    "mean and variance of the batch as constants",
    "no path through the variance",
    "no path through the mean",
    "γ or 1/N in the corrections",
    "N and N − 1 mixed",
    "ε forgotten",
    "running statistics",
    "dγ and dβ",
    "layer norm and RMS norm",
  ],
  G: [
    "kernel not turned",
    "'valid' for 'full'",
    "padding off by one",
    "dw turned or averaged",
    "bias not summed, or averaged",
    "not to the largest entry alone",
    "stride ignored",
  ],
  H: [
    "1/√d",
    "Jacobian of the softmax",
    "an operand exchanged or transposed",
    "mask forgotten",
    "one block of the sum",
  ],
  I: [
    "mask or scale of dropout",
    "repeated ids not added",
    "broadcast axis not summed",
    "the maximum taken away",
    "no subgradient",
    "clipping",
  ],
} as const;

/** The names in the order of their ids. */
export const kernels: readonly Pick<Mistake, "id" | "short">[] = Object.entries(names).flatMap(([letter, all]) =>
  all.map((short, k) => ({ id: `${letter}${k + 1}`, short })),
);
