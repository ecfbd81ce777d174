/** The cost of a forward pass in numbers: the mean over the samples, and how far rounding lets it be off. */

import { costOf } from "../../network/cost.ts";
import { sampleCost } from "../equations/costs.ts";
import { toRows, type Tracked } from "../bounds/tracked.ts";
import { bp1 } from "./local.ts";
import type { Setting } from "./setting.ts";

/** C = (1/N) Σₙ Cₙ of the setting's forward pass, by its own cost or by another. */
export function meanCost({ problem, u, last, samples }: Setting, cost = problem.cost): number {
  const { activations, t } = problem;
  return (
    toRows(u[last]!).reduce((sum, entries, n) => sum + sampleCost(cost, activations[last - 1]!, entries, t[n]!), 0) /
    samples
  );
}

/**
 * Returns what the cost may be off where parameters or data were rounded: Σ (|δ| + Δδ) Δu, and Δt through its slope.
 */
function costError(setting: Setting): number {
  const { problem, u, v, t, last, samples, rounded } = setting;
  if (!rounded) return 0;
  const { record, told } = costOf(problem.cost);
  const heaviest = Math.max(1, ...(told.classWeights ?? []));
  const delta = bp1(setting);
  let sum = 0;
  for (let i = 0; i < delta.value.length; i++) {
    const [out, dt] = [v[last]!.value[i]!, t.error?.[i] ?? 0];
    const byTarget = dt === 0 ? 0 : heaviest * record.byTarget(out, t.value[i]!) + dt;
    sum += (Math.abs(delta.value[i]!) + (delta.error?.[i] ?? 0)) * (u[last]!.error?.[i] ?? 0) + dt * byTarget;
  }
  return sum / samples;
}

/** Costs of one forward pass with their bounds: its own, multiples of it, and those by other costs. */
export function costsIn(setting: Setting): {
  readonly times: (c: number) => Tracked;
  readonly by: (cost: Setting["problem"]["cost"]) => Tracked;
} {
  const { samples, outputs, by } = setting;
  const own = meanCost(setting);
  // A cost sums many terms, each with a logarithm or a square: more than its own last digit.
  const slack = 64 * (samples + outputs) * by.epsilon + costError(setting) / (Math.abs(own) + 1e-300);
  const bounded = (value: number): Tracked => ({ ...single(value), error: Float64Array.of(Math.abs(value) * slack) });
  return { times: (c) => bounded(c * own), by: (cost) => bounded(meanCost(setting, cost)) };
}

/** One number as a matrix. */
export const single = (value: number, error = 0): Tracked => ({
  rows: 1,
  cols: 1,
  value: Float64Array.of(value),
  error: Float64Array.of(error),
});
