/**
 * Sparsity propagation: of the parts of a stack only the box is computed outside of which they are known to be 0; of a
 * direction, what it reaches.
 */

import type { StridedView } from "../../graph/lowering.ts";
import { countOf, stridesOf } from "../../graph/shape.ts";
import { readersOf } from "./pack-planner.ts";
import { boxOf, type Box } from "../ir/box.ts";
import type { Builder } from "../ir/builder.ts";
import type { Boxes } from "../ir/kinds/rules.ts";
import { rulesOf } from "../ir/kinds/table.ts";
import { KnownEntries } from "./known-entries.ts";
import { Replay } from "../ir/replay.ts";
import { inputsOf, reachable, RESULT, sourceOf, type Value } from "../ir/value.ts";

type Part = { readonly value: Value; readonly view: StridedView };

/** Stacks of fewer parts are left as they are. */
const LEAST_PARTS = 4;

/**
 * The entries that must be saved: what deviates at the borders has kernels of its own, which cost as much as so many
 * entries.
 */
const LEAST_SAVED = 4096;

/** So far down from a stack values are narrowed; deeper ones are read whole. */
const MOST_DEPTH = 256;

/** Gives the results of a program with zeros left out of its stacks. */
export function narrowBySparsity(builder: Builder, results: readonly Value[]): readonly Value[] {
  const isStack = ({ definition }: Value): boolean =>
    definition.kind === "assemble" && definition.inputs.length >= LEAST_PARTS;
  if (!builder.values.some(isStack)) return results;
  const values = reachable(builder.values, results);
  if (!values.some(isStack)) return results;
  const known = new KnownEntries(values);
  const readers = readersOf(values);
  const replay = new Replay(builder);
  const stacks = new Map<Value, readonly Part[]>();
  /** The parts of a stack that nothing reads but this copy, where the copy has them. */
  const copied = ({ definition }: Value): readonly Part[] | null => {
    if (definition.kind !== "copy") return null;
    const [view] = definition.inputs;
    const parts = stacks.get(sourceOf(view).source);
    return parts !== undefined &&
      [view, sourceOf(view).source].every((x) => readers.get(x)!.length === 1 && !results.includes(x))
      ? reorder(parts, view)
      : null;
  };
  for (const value of values) {
    const parts = isStack(value) ? new Narrower(builder, known, replay).stack(value) : null;
    if (parts !== null) stacks.set(value, parts);
    const placed = parts ?? copied(value);
    builder.origin = value.origin;
    replay.set(
      value,
      placed === null ? replay.again(value) : builder.assemble(value.shape, value.dtype, placed, fillOf(value)),
    );
  }
  if (stacks.size === 0) return results;
  builder.origin = RESULT;
  return results.map((value) => builder.result(replay.now(value)));
}

/** The number that a stack holds where no part lies, or the stack of which a value is a copy. */
function fillOf({ definition }: Value): number {
  if (definition.kind === "assemble") return definition.fill;
  return definition.kind === "copy" ? fillOf(sourceOf(definition.inputs[0]).source) : 0;
}

/**
 * Parts of a stack where a view that reads each of its entries once has them; `null` where they do not lie along its
 * axes.
 */
function reorder(parts: readonly Part[], view: Value): readonly Part[] | null {
  const {
    source,
    view: { offset, strides },
  } = sourceOf(view);
  if (view.count !== source.count || offset !== 0) return null;
  const dense = stridesOf(view.shape);
  const axes = view.shape
    .flatMap((size, axis) => (size === 1 ? [] : [{ size, from: strides[axis]!, to: dense[axis]! }]))
    .sort((a, b) => b.from - a.from);
  if (axes.some(({ from }, k) => from !== countOf(axes.slice(k + 1).map(({ size }) => size)))) return null;
  const split = (distance: number): number[] => {
    let rest = distance;
    return axes.map(({ from }) => {
      const steps = Math.floor(rest / from);
      rest -= steps * from;
      return steps;
    });
  };
  const along = (steps: readonly number[]): number => steps.reduce((sum, count, k) => sum + count * axes[k]!.to, 0);
  const placed = parts.map(({ value, view }): Part | null => {
    const start = split(view.offset);
    const steps = view.strides.map((stride, axis) => (value.shape[axis] === 1 ? axes.map(() => 0) : split(stride)));
    const stays = axes.every(
      ({ size }, k) =>
        start[k]! + steps.reduce((sum, step, axis) => sum + step[k]! * (value.shape[axis]! - 1), 0) < size,
    );
    return stays && view.strides.every((stride) => stride >= 0)
      ? { value, view: { offset: along(start), strides: steps.map(along) } }
      : null;
  });
  return placed.some((part) => part === null) ? null : (placed as Part[]);
}

/** Builds boxes of values. */
class Narrower implements Boxes {
  readonly builder: Builder;
  readonly #known: KnownEntries;
  readonly #replay: Replay;
  readonly #boxes = new Map<string, Value>();
  /** Values that are known in parts and read whole all the same. */
  readonly #whole = new Set<Value>();
  #entries = 0;
  #depth = 0;

  constructor(builder: Builder, known: KnownEntries, replay: Replay) {
    this.builder = builder;
    this.#known = known;
    this.#replay = replay;
  }

  /** The parts of a stack, narrowed; `null` where that saves little. */
  stack(target: Value): readonly Part[] | null {
    const { inputs, views, fill } = target.definition as Extract<Value["definition"], { kind: "assemble" }>;
    const boxes = inputs.map((part) =>
      this.#known.has(part) ? boxOf(part.shape, this.#known.mayDiffer(part, fill)) : null,
    );
    if (boxes.every((box, k) => box === null || 2 * box.count > inputs[k]!.count)) return null;
    const parts = inputs.flatMap((part, k): Part[] => {
      const { offset, strides } = views[k]!;
      const box = boxes[k]!;
      if (box === null) return [{ value: this.#replay.now(part), view: views[k]! }];
      return box.count === 0
        ? []
        : [
            {
              value: this.of(part, box),
              view: { offset: box.starts.reduce((sum, start, axis) => sum + start * strides[axis]!, offset), strides },
            },
          ];
    });
    const before = this.#entriesUnder(inputs);
    const after = this.#entries + this.#entriesUnder([...this.#whole]);
    return 2 * after <= before && before - after >= LEAST_SAVED ? parts : null;
  }

  /** The entries of what parts are computed from, as far as zeros are known in it. */
  #entriesUnder(parts: readonly Value[]): number {
    const seen = new Set<Value>(parts.filter((part) => this.#known.has(part)));
    let entries = 0;
    for (const value of seen) {
      if (value.definition.kind === "map" || value.definition.kind === "assemble") entries += value.count;
      for (const input of inputsOf(value)) if (this.#known.has(input)) seen.add(input);
    }
    return entries;
  }

  of(x: Value, box: Box): Value {
    const key = `${x.id} ${box.starts.join()} ${box.shape.join()}`;
    const found = this.#boxes.get(key);
    if (found !== undefined) return found;
    this.builder.origin = x.origin;
    this.#depth++;
    const value = this.#build(x, box);
    this.#depth--;
    this.#boxes.set(key, value);
    return value;
  }

  #build(x: Value, box: Box): Value {
    const made =
      this.isKnown(x) && this.#depth <= MOST_DEPTH ? rulesOf(x.definition).box(this, x, x.definition, box) : null;
    return made ?? this.builder.view(this.whole(x), box.shape, box.viewIn(x.shape));
  }

  whole(x: Value): Value {
    this.#whole.add(x);
    return this.#replay.now(x);
  }

  isKnown(x: Value): boolean {
    return this.#known.has(x);
  }

  count(entries: number): void {
    this.#entries += entries;
  }
}
