/** Kinks: where a ReLU stands exactly at 0, every slope between those of its sides is a subgradient, and none is wrong. */

import { LEAK } from "./equations/activations.ts";
import type { Activation } from "./equations/index.ts";
import { costSlope, type Setting } from "./setting.ts";
import type { Tracked } from "./tracked.ts";

/** The lower of the two slopes at a corner. */
const lower: Readonly<Partial<Record<Activation, number>>> = { relu: 0, leakyRelu: LEAK };

/** Where layer l stands at a kink, and ∂C/∂v^l there; `null` where it has none. */
function kinkOf(setting: Setting, l: number, above: Tracked | null): { readonly at: (i: number) => boolean; readonly slope: Tracked; readonly low: number } | null {
  const low = lower[setting.problem.activations[l - 1]!];
  if (low === undefined) return null;
  const { value, error } = setting.u[l]!;
  const at = (i: number): boolean => Math.abs(value[i]!) <= (error?.[i] ?? 0);
  if (!value.some((_, i) => at(i))) return null;
  const slope = l === setting.last ? costSlope(setting) : above === null ? null : setting.by.matmul(above, setting.W[l + 1]!);
  return slope === null ? null : { at, slope, low };
}

/** Whether `given` differs from `expected` at kinks alone, and lies between 0 and ∂C/∂v there. */
export function acceptsKinks(setting: Setting, l: number, given: Tracked, expected: Tracked, above: Tracked | null): boolean {
  const kink = kinkOf(setting, l, above);
  if (kink === null || given.value.length !== expected.value.length) return false;
  return given.value.every((x, i) => {
    const slack = (given.error?.[i] ?? 0) + (expected.error?.[i] ?? 0);
    if (Math.abs(x - expected.value[i]!) <= slack) return true;
    const [g, room] = [kink.slope.value[i]!, slack + (kink.slope.error?.[i] ?? 0)];
    const other = kink.low * g;
    return kink.at(i) && x >= Math.min(other, g) - room && x <= Math.max(other, g) + room;
  });
}

/** δ^l with the other usual choices of relu'(0), 1 and ½; empty where no unit stands at 0. */
export function kinkChoices(setting: Setting, l: number, above: Tracked | null): Tracked[] {
  const kink = kinkOf(setting, l, above);
  if (kink === null) return [];
  const { slope, at, low } = kink;
  return [1, (1 + low) / 2].map((choice) => ({
    ...slope,
    value: slope.value.map((g, i) => (at(i) ? choice * g : setting.u[l]!.value[i]! > 0 ? g : low * g)),
  }));
}

/** δ^l with what is known of gates that rounding cannot have opened: a printed 0 is 0 there. */
export function closed({ problem, u, rounded }: Setting, l: number, given: Tracked | undefined): Tracked | undefined {
  if (given === undefined || !rounded || problem.activations[l - 1] !== "relu" || given.error === null || given.value.length !== u[l]!.value.length) return given;
  const { value, error } = u[l]!;
  return { ...given, error: given.error.map((bound, i) => (given.value[i] === 0 && value[i]! < -(error?.[i] ?? 0) ? 0 : bound)) };
}
