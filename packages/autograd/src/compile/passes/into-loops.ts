/**
 * Loop code motion: slow work of a loop on what another one kept of the same step, as σ(-x) in the sweep back through
 * an LSTM, is done by the other loop, where the formula shares its exponential with those of the step; it keeps what
 * comes of it instead.
 */

import type { Builder } from "../ir/builder.ts";
import { scanOf, type BuiltControl } from "../ir/control.ts";
import { Replay } from "../ir/replay.ts";
import { StepWork } from "./step-work.ts";
import { inputsOf, reachable, type Output, type Value } from "../ir/value.ts";

/** Who reads the outputs of scans: scans, other values, and whoever asks for results. */
class Readers {
  readonly #of = new Map<Value, Set<unknown>>();

  constructor(values: readonly Value[], asked: readonly Value[]) {
    for (const x of asked) this.#add(x, asked);
    for (const value of values) for (const x of inputsOf(value)) this.#add(x, scanOf(value) ?? value);
  }

  #add(x: Value, reader: unknown): void {
    if (scanOf(x) === null) return;
    const readers = this.#of.get(x) ?? new Set();
    this.#of.set(x, readers.add(reader));
  }

  /** True if one loop reads an output of another, and nothing else does. */
  isAlone(x: Value, reader: BuiltControl): boolean {
    const readers = this.#of.get(x);
    return readers !== undefined && readers.size === 1 && readers.has(reader);
  }
}

/** The outputs that are needed of each scan. */
function outputsIn(values: readonly Value[]): ReadonlyMap<BuiltControl, readonly Output[]> {
  const found = new Map<BuiltControl, Output[]>();
  for (const { definition } of values) {
    if (definition.kind !== "control" || definition.output === null) continue;
    const { built, output } = definition;
    if (built.control.kind !== "scan") continue;
    const list = found.get(built);
    if (list === undefined) found.set(built, [output]);
    else list.push(output);
  }
  return found;
}

/** The values that are asked for, with such work moved. */
export function moveIntoLoops(builder: Builder, asked: readonly Value[]): readonly Value[] {
  const values = reachable(builder.values, asked);
  const outputs = outputsIn(values);
  if (outputs.size < 2) return asked;
  const readers = new Readers(values, asked);
  const replay = new Replay(builder);
  const lighter = new Map<BuiltControl, StepWork | null>();
  /** The work of a loop that another one does from now on; what the loop reads is there. */
  const workOf = (built: BuiltControl): StepWork | null => {
    const known = lighter.get(built);
    if (known !== undefined) return known;
    const inputs = built.inputs.map((x) => replay.now(x));
    const alone = built.inputs.map((x) => readers.isAlone(x, built));
    const loops = new Set(inputs.flatMap((x) => scanOf(x) ?? []));
    const work = [...loops]
      .map((loop) => new StepWork({ built, inputs, alone, outputs: outputs.get(built)! }, loop))
      .find((one) => one.isWorthMoving);
    work?.move(builder);
    lighter.set(built, work ?? null);
    return work ?? null;
  };
  for (const value of values) {
    const { definition, shape, dtype } = value;
    const built = scanOf(value);
    const work = built === null ? null : workOf(built);
    builder.origin = value.origin;
    if (work === null || definition.kind !== "control" || definition.output === null)
      replay.set(value, replay.again(value));
    else replay.set(value, builder.define(shape, dtype, work.definitionOf(definition.output)));
  }
  return asked.map((x) => replay.now(x));
}
