/** Inputs and targets as samples, one in each row. */

import type { Words } from "../report.ts";
import type { NumberArray } from "./given.ts";
import { batches, classBatches, pairs, type Pair } from "./layout.ts";
import type { Told } from "./told.ts";

/** Every way to read inputs and targets as samples. */
export function samplesOf(sizes: readonly number[], x: NumberArray, t: NumberArray, told: Told, refused: Words[]): Pair[] {
  const last = sizes.length - 1;
  const found = pairs(x, t, sizes[0]!, sizes[last]!);
  if (found.length === 0) {
    refused.push(...misfits(x, t, sizes[0]!, sizes[last]!));
    return [];
  }
  const count = found[0]!.x.rows.shape[0];
  if (told.samples !== undefined && told.samples !== count) refused.push({ en: `${told.samples} samples are told, and x has ${count!}`, zh: `说是 ${told.samples} 个样本，x 却有 ${count!} 个` });
  return found;
}

/** Why two arrays are no inputs and targets. */
function misfits(x: NumberArray, t: NumberArray, inputs: number, outputs: number): Words[] {
  const shown = ({ shape }: NumberArray): string => `[${shape.join(", ")}]`;
  const odd = (name: string, one: NumberArray, count: number, en: string, zh: string): Words => (
    { en: `${name} has shape ${shown(one)}, and the network ${count} ${en}: give one sample in each row, [samples, ${count}]`, zh: `${name} 的形状是 ${shown(one)}，而网络有 ${count} 个${zh}：请每行一个样本，[样本数, ${count}]` }
  );
  const found = [
    ...(batches(x, inputs).length === 0 ? [odd("x", x, inputs, inputs === 1 ? "input" : "inputs", "输入")] : []),
    ...(batches(t, outputs).length + classBatches(t, outputs).length === 0 ? [odd("t", t, outputs, outputs === 1 ? "output" : "outputs", "输出")] : []),
  ];
  if (found.length > 0) return found;
  return [{ en: `x has shape ${shown(x)} and t ${shown(t)}, which are not as many samples: give one target for each input`, zh: `x 的形状是 ${shown(x)}，t 是 ${shown(t)}，样本数不同：请每个输入给一个目标` }];
}

/** How they lay, where not one sample in each row. */
export function dataNotes(x: Pair["x"], t: Pair["t"]): Words[] {
  const notes: Words[] = [];
  const columns = ([["x", x], ["t", t]] as const).filter(([, { samples, how }]) => samples === "columns" && how === "as is").map(([name]) => name);
  if (columns.length > 0) notes.push({ en: `samples as columns of ${columns.join(" and ")}`, zh: `${columns.join("、")} 的样本按列排列` });
  for (const [name, { how }] of [["x", x], ["t", t]] as const) {
    if (how === "ones left out") notes.push({ en: `the ones in ${name} are of the bias`, zh: `${name} 里的一列 1 属于偏置` });
    if (how === "classes from 0" || how === "classes from 1") notes.push({ en: `${name} are numbers of classes, from ${how.at(-1)!}: one-hot`, zh: `${name} 是类别编号，从 ${how.at(-1)!} 起：化为独热` });
  }
  return notes;
}

