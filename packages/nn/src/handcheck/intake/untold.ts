/** Activations that nobody told: the usual ones are tried, and taken where the numbers decide. */

import { intake } from "../../locales/intake.ts";
import type { Words } from "../../locales/words.ts";
import type { Activation } from "../equations/network.ts";

const hidden: readonly Activation[] = ["sigmoid", "relu", "tanh"];
const output: readonly Activation[] = ["sigmoid", "softmax", "linear", "tanh", "relu"];

/**
 * One list for each layer after the input, the likeliest first: all hidden layers alike, and each usual output above
 * them.
 */
export function usualActivations(sizes: readonly number[]): readonly (readonly Activation[])[] {
  const last = sizes.length - 1;
  const above = output.filter((one) => one !== "softmax" || sizes[last]! > 1);
  const below = last === 1 ? [null] : hidden;
  const all = below.flatMap((inner) =>
    above.map((outer) => [...Array.from({ length: last - 1 }, () => inner!), outer]),
  );
  // The same function everywhere is what most of those have who say nothing.
  const alike = (one: readonly Activation[]): number => (one.every((name) => name === one[0]) ? 0 : 1);
  return all.sort((a, b) => alike(a) - alike(b));
}

/** The refusal where the numbers do not decide: what is missing, and what was tried. */
export function undecidedActivations(missing: Words, tried: readonly (readonly Activation[])[]): Words {
  const names = (from: number, to?: number): string[] => [...new Set(tried.flatMap((one) => one.slice(from, to)))];
  return intake.undecidedActivations({ missing, hidden: names(0, -1), output: names(-1) });
}
