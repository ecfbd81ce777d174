/**
 * Computes equal parts of a program at once: where results of the same operations on different values are stacked, one
 * operation with an axis more gives the stack.
 */

import { inputsOf, reachable, RESULT, type Value } from "./value.ts";
import { stridesOf } from "../../graph/shape.ts";
import type { Walk } from "../../graph/lowering.ts";
import type { Builder } from "./builder.ts";
import { buildBatch } from "./batch-build.ts";
import { BatchPlanner, type Run } from "./batch-plan.ts";
import { narrow } from "./narrow.ts";
import { Replay } from "./replay.ts";

/** Batches inside of batches are found one after the other. */
const MOST_ROUNDS = 4;

/** What gives the results of a program with equal parts computed at once. */
export function batch(builder: Builder, results: readonly Value[]): readonly Value[] {
  let current = narrow(builder, results);
  for (let round = 0; round < MOST_ROUNDS; round++) {
    const next = batchOnce(builder, current);
    if (next === null) break;
    current = next;
  }
  return current;
}

/** One round; `null` where there was nothing to do. */
function batchOnce(builder: Builder, results: readonly Value[]): readonly Value[] | null {
  const isAssembly = ({ definition }: Value): boolean => definition.kind === "assemble" && definition.inputs.length > 1;
  if (!builder.values.some(isAssembly)) return null;
  const values = reachable(builder.values, results);
  if (!values.some(isAssembly)) return null;
  const planner = new BatchPlanner(values, results);
  const planned = new Map<Value, readonly Run[]>();
  const needed = new Set<Value>(results);
  const need = (list: readonly Value[]): void => {
    for (const value of list) needed.add(value);
  };
  for (const value of [...values].reverse()) {
    if (!needed.has(value)) continue;
    const runs = value.definition.kind === "assemble" ? planner.runsOf(value) : [];
    if (runs.every(({ batch: found }) => found === null)) {
      need(inputsOf(value));
      continue;
    }
    planned.set(value, runs);
    for (const { places, batch: found } of runs) {
      if (found === null) need(places.map((k) => inputsOf(value)[k]!));
      else
        for (const tuple of found.tuples)
          if (tuple.role === "shared" || tuple.role === "stacked" || found.alone.has(tuple)) need(tuple.values);
    }
  }
  if (planned.size === 0) return null;
  const replay = new Replay(builder);
  for (const value of values) {
    if (!needed.has(value)) continue;
    const runs = planned.get(value);
    replay.set(
      value,
      runs === undefined ? replay.again(value) : assembleRuns(builder, value, runs, (x) => replay.now(x)),
    );
  }
  builder.origin = RESULT;
  return results.map((value) => builder.result(replay.now(value)));
}

/** An assembly of which some parts are computed at once. */
function assembleRuns(builder: Builder, target: Value, runs: readonly Run[], now: (x: Value) => Value): Value {
  const { inputs, walks, fill } = target.definition as Extract<Value["definition"], { kind: "assemble" }>;
  const parts = runs.flatMap(({ places, batch: found }): { value: Value; walk: Walk }[] => {
    if (found === null) return places.map((k) => ({ value: now(inputs[k]!), walk: walks[k]! }));
    const { offset, strides } = walks[places[0]!]!;
    return [
      {
        value: buildBatch(builder, found, now),
        walk: { offset, strides: [walks[places[1]!]!.offset - offset, ...strides] },
      },
    ];
  });
  builder.origin = target.origin;
  const only = parts.length === 1 ? inOrderOf(builder, parts[0]!.value, parts[0]!.walk, target) : null;
  return only ?? builder.assemble(target.shape, target.dtype, parts, fill);
}

/** The numbers of a value in the order in which a walk would write them, where it writes all; else `null`. */
function inOrderOf(builder: Builder, value: Value, walk: Walk, target: Value): Value | null {
  if (value.count !== target.count || walk.offset !== 0) return null;
  const dense = stridesOf(value.shape);
  const axes = value.shape
    .flatMap((size, axis) => (size === 1 ? [] : [{ size, to: walk.strides[axis]!, from: dense[axis]! }]))
    .sort((a, b) => b.to - a.to);
  const shape = axes.map(({ size }) => size);
  if (stridesOf(shape).some((stride, k) => stride !== axes[k]!.to)) return null;
  return builder.reshape(
    builder.view(value, shape, { offset: 0, strides: axes.map(({ from }) => from) }),
    target.shape,
  );
}
