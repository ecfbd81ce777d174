/** A family without its last parameters, as people write it who leave γ, β or the bias out. */

import { full, type Tensor } from "@chainrule/autograd";
import type { Family } from "./family.ts";

/** The parameter that changes nothing, for somebody who has none. */
export const neutral =
  (value: number, width: (inputs: readonly Tensor[]) => number) =>
  (inputs: readonly Tensor[]): Tensor =>
    full([width(inputs)], value, { dtype: inputs[0]!.dtype });

/** The family with its first `count` inputs only; `null` where one of the others cannot be left out. */
export function without(family: Family, count: number): Family | null {
  const left = family.inputs.slice(count);
  const fillers = left.map(({ name }) => family.neutral?.[name]);
  if (count < 1 || fillers.some((fill) => fill === undefined)) return null;
  const filled = (inputs: readonly Tensor[]): readonly Tensor[] => [
    ...inputs.slice(0, count),
    ...fillers.map((fill) => fill!(inputs)),
  ];
  const kept = family.inputs.slice(0, count);
  const letter = left.some(({ name }) => name === "gamma") ? /γ /gu : /(?!)/u;
  return {
    ...family,
    inputs: kept,
    forward: (inputs, settings) => family.forward(filled(inputs), settings),
    formulas: Object.fromEntries(
      Object.entries(family.formulas).map(([name, formula]) => [name, formula.replace(letter, "")]),
    ),
    slips: family.slips
      .filter(({ of }) => kept.some(({ name }) => name === of))
      .map((slip) => ({
        ...slip,
        yours: slip.yours.replace(letter, ""),
        value: (inputs, g, settings, given) => slip.value(filled(inputs), g, settings, given),
      })),
  };
}
