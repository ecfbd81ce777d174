/**
 * Horizontal fusion: equal parts of a program are computed at once. Where results of the same operations on different
 * values are stacked, one operation with an axis more gives the stack.
 */

import { inputsOf, reachable, RESULT, type Value } from "../ir/value.ts";
import { stridesOf } from "../../graph/shape.ts";
import type { StridedView } from "../../graph/lowering.ts";
import type { Builder } from "../ir/builder.ts";
import { BatchBuilder } from "./pack-builder.ts";
import { BatchPlanner, packsUnder, type Batch, type Run } from "./pack-planner.ts";
import type { Pack } from "./packs.ts";
import { narrowBySparsity } from "./sparsity.ts";
import { Replay } from "../ir/replay.ts";

/** Batches inside of batches are found one after the other. */
const MOST_ROUNDS = 4;

/** The results that a round leaves, and the values that compute several at once. */
interface Round {
  readonly results: readonly Value[];
  readonly joined: ReadonlySet<Value>;
}

/** Gives the results of a program with equal parts computed at once. */
export function fuseHorizontally(builder: Builder, results: readonly Value[]): readonly Value[] {
  let current: Round = { results: narrowBySparsity(builder, results), joined: new Set() };
  for (let round = 0; round < MOST_ROUNDS; round++) {
    const next = batchOnce(builder, current);
    if (next === null) break;
    current = next;
  }
  return current.results;
}

/** The plan of a round: what it computes at once. */
interface Planned {
  /** Assemblies of which some parts are. */
  readonly runs: ReadonlyMap<Value, readonly Run[]>;
  /** Values that are read one by one as well: the batch and the pack where each stands. */
  readonly shown: ReadonlyMap<Value, readonly [Batch, Pack]>;
}

/** Plans batches among values that all results need. */
function planned(values: readonly Value[], { results, joined }: Round, unshown: ReadonlySet<Value>): Planned {
  const planner = new BatchPlanner(values, results, joined, unshown);
  const runs = new Map<Value, readonly Run[]>();
  const shown = new Map<Value, readonly [Batch, Pack]>();
  const needed = new Set<Value>(results);
  const need = (list: readonly Value[]): void => {
    for (const value of list) needed.add(value);
  };
  for (const value of [...values].reverse()) {
    if (!needed.has(value)) continue;
    const found = value.definition.kind === "assemble" ? planner.runsOf(value) : [];
    if (found.every((run) => run.batch === null)) {
      need(inputsOf(value));
      continue;
    }
    runs.set(value, found);
    for (const { places, batch: one } of found) {
      if (one === null) need(places.map((k) => inputsOf(value)[k]!));
      else {
        need(one.packs.flatMap((pack) => (isLeaf(pack, one) ? pack.values : [])));
        for (const pack of one.shown) for (const x of pack.values) if (!shown.has(x)) shown.set(x, [one, pack]);
      }
    }
  }
  return { runs, shown };
}

/** True if a batch asks for the values of a pack one by one. */
function isLeaf(pack: Pack, { alone }: Batch): boolean {
  return pack.role === "shared" || pack.role === "stacked" || alone.has(pack);
}

/** One round; `null` where there was nothing to do. */
function batchOnce(builder: Builder, before: Round): Round | null {
  const { results } = before;
  const isAssembly = ({ definition }: Value): boolean => definition.kind === "assemble" && definition.inputs.length > 1;
  if (!builder.values.some(isAssembly)) return null;
  const values = reachable(builder.values, results);
  if (!values.some(isAssembly)) return null;
  // A stack of values of which one needs another is found when it is built: then these are computed by themselves.
  const unshown = new Set<Value>();
  for (;;) {
    const plan = planned(values, before, unshown);
    if (plan.runs.size === 0) return null;
    const order = inOrder(results, plan);
    if (order.circle.length === 0) return built(builder, before, plan, order.values);
    for (const value of order.circle) unshown.add(value);
  }
}

/** The values that have to be there before one is computed as planned. */
function neededFor(value: Value, { runs, shown }: Planned): Value[] {
  const ofBatch = (one: Batch, root: Pack): Value[] =>
    [...packsUnder(root, one.alone)].flatMap((pack) => (isLeaf(pack, one) ? pack.values : []));
  const place = shown.get(value);
  if (place !== undefined) return ofBatch(...place);
  const parts = runs.get(value);
  if (parts === undefined) return [...inputsOf(value)];
  return parts.flatMap(({ places, batch: one }) =>
    one === null ? places.map((k) => inputsOf(value)[k]!) : ofBatch(one, one.root),
  );
}

/** The values that results need as planned, each behind what it needs; those that need themselves, where there are. */
function inOrder(results: readonly Value[], plan: Planned): { values: readonly Value[]; circle: readonly Value[] } {
  const values: Value[] = [];
  /** Values that are being looked at, and those that are done. */
  const open = new Set<Value>();
  const done = new Set<Value>();
  const stack = [...results];
  while (stack.length > 0) {
    const value = stack.at(-1)!;
    if (done.has(value)) {
      stack.pop();
    } else if (open.has(value)) {
      stack.pop();
      done.add(value);
      values.push(value);
    } else {
      open.add(value);
      const missing = neededFor(value, plan).filter((x) => !done.has(x));
      const circle = missing.filter((x) => open.has(x));
      // One of those that are open is shown: without that, what a value needs was made before it.
      if (circle.length > 0) return { values, circle: [...open].filter((x) => !done.has(x) && plan.shown.has(x)) };
      stack.push(...missing);
    }
  }
  return { values, circle: [] };
}

/** The results with what is planned computed at once. */
function built(
  builder: Builder,
  { results, joined }: Round,
  { runs, shown }: Planned,
  values: readonly Value[],
): Round {
  const replay = new Replay(builder);
  const batches = new BatchBuilder(builder, (x) => replay.now(x));
  for (const value of values) {
    const place = shown.get(value);
    const parts = runs.get(value);
    if (place !== undefined) replay.set(value, shownIn(builder, value, place[1], batches.build(...place)));
    else if (parts === undefined) replay.set(value, replay.again(value));
    else
      replay.set(
        value,
        assembleRuns(builder, value, parts, batches, (x) => replay.now(x)),
      );
  }
  builder.origin = RESULT;
  for (const value of values) if (joined.has(value)) batches.joined.add(replay.now(value));
  return { results: results.map((value) => builder.result(replay.now(value))), joined: batches.joined };
}

/** One of the values that are computed at once, as a view of all. */
function shownIn(builder: Builder, value: Value, { values }: Pack, all: Value): Value {
  builder.origin = value.origin;
  const offset = values.indexOf(value) * value.count;
  return builder.view(builder.dense(all), value.shape, { offset, strides: stridesOf(value.shape) });
}

/** An assembly of which some parts are computed at once. */
function assembleRuns(
  builder: Builder,
  target: Value,
  runs: readonly Run[],
  batches: BatchBuilder,
  now: (x: Value) => Value,
): Value {
  const { inputs, views, fill } = target.definition as Extract<Value["definition"], { kind: "assemble" }>;
  const parts = runs.flatMap(({ places, batch: found }): { value: Value; view: StridedView }[] => {
    if (found === null) return places.map((k) => ({ value: now(inputs[k]!), view: views[k]! }));
    const { offset, strides } = views[places[0]!]!;
    return [
      {
        value: batches.build(found, found.root),
        view: { offset, strides: [views[places[1]!]!.offset - offset, ...strides] },
      },
    ];
  });
  builder.origin = target.origin;
  const only = parts.length === 1 ? inOrderOf(builder, parts[0]!.value, parts[0]!.view, target) : null;
  return only ?? builder.assemble(target.shape, target.dtype, parts, fill);
}

/** The numbers of a value in the order in which a view would write them, where it writes all; else `null`. */
function inOrderOf(builder: Builder, value: Value, view: StridedView, target: Value): Value | null {
  if (value.count !== target.count || view.offset !== 0) return null;
  const dense = stridesOf(value.shape);
  const axes = value.shape
    .flatMap((size, axis) => (size === 1 ? [] : [{ size, to: view.strides[axis]!, from: dense[axis]! }]))
    .sort((a, b) => b.to - a.to);
  const shape = axes.map(({ size }) => size);
  if (stridesOf(shape).some((stride, k) => stride !== axes[k]!.to)) return null;
  return builder.reshape(
    builder.view(value, shape, { offset: 0, strides: axes.map(({ from }) => from) }),
    target.shape,
  );
}
