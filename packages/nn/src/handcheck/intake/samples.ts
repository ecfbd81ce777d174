/** Inputs and targets as samples, one in each row. */

import { intake } from "../../locales/intake.ts";
import type { Words } from "../../locales/words.ts";
import type { NumberArray } from "./given.ts";
import { batches, classBatches, pairs, type Pair } from "./layout.ts";
import type { Told } from "./told.ts";

/** Every way to read inputs and targets as samples. */
export function samplesOf(
  sizes: readonly number[],
  x: NumberArray,
  t: NumberArray,
  told: Told,
  refused: Words[],
): Pair[] {
  const last = sizes.length - 1;
  const found = pairs(x, t, sizes[0]!, sizes[last]!);
  if (found.length === 0) {
    refused.push(...misfits(x, t, sizes[0]!, sizes[last]!));
    return [];
  }
  const count = found[0]!.x.rows.shape[0];
  if (told.samples !== undefined && told.samples !== count) {
    refused.push(intake.otherSamples({ given: told.samples, count: count! }));
  }
  return found;
}

/** Why two arrays are no inputs and targets. */
function misfits(x: NumberArray, t: NumberArray, inputs: number, outputs: number): Words[] {
  const shown = ({ shape }: NumberArray): string => `[${shape.join(", ")}]`;
  const odd = (name: string, one: NumberArray, count: number, units: Words): Words =>
    intake.oddShape({ name, shape: shown(one), count, units });
  const isTargets = batches(t, outputs).length + classBatches(t, outputs).length > 0;
  const found = [
    ...(batches(x, inputs).length === 0 ? [odd("x", x, inputs, intake.inputs({ count: inputs }))] : []),
    ...(isTargets ? [] : [odd("t", t, outputs, intake.outputs({ count: outputs }))]),
  ];
  if (found.length > 0) return found;
  return [intake.unequalSamples({ x: shown(x), t: shown(t) })];
}

/** How they lay, where not one sample in each row. */
export function dataNotes(x: Pair["x"], t: Pair["t"]): Words[] {
  const notes: Words[] = [];
  const columns = (
    [
      ["x", x],
      ["t", t],
    ] as const
  )
    .filter(([, { samples, how }]) => samples === "columns" && how === "as is")
    .map(([name]) => name);
  if (columns.length > 0) notes.push(intake.samplesAsColumns({ names: columns }));
  for (const [name, { how }] of [
    ["x", x],
    ["t", t],
  ] as const) {
    if (how === "ones left out") notes.push(intake.onesOfBias({ name }));
    if (how === "classes from 0" || how === "classes from 1") {
      notes.push(intake.classNumbers({ name, from: how.at(-1)! }));
    }
  }
  return notes;
}
