/** Decides which parts of a program are computed at once: alike, used by nothing else, small, and worth it. */

import { bytesOf } from "../../kernels/lanes/machine-types.ts";
import { MOST_ENTRIES, Tuples, type Tuple } from "./batch-tuples.ts";
import { inputsOf, type Value } from "./value.ts";

/** A batch holds no value of more bytes, so that it stays in a cache; longer ones are cut. */
const MOST_BYTES = 256 * 1024;

/** So many times the work of its distinct values a batch may do: a value that several parts share is computed for each of them. */
const MOST_REPEATED = 2;

/** Which values read a value. */
export type Readers = ReadonlyMap<Value, readonly Value[]>;

/** The readers of values; results have a reader that is no value of the program. */
export function readersOf(values: readonly Value[]): Readers {
  const readers = new Map<Value, Value[]>(values.map((value) => [value, []]));
  for (const value of values) for (const input of inputsOf(value)) readers.get(input)!.push(value);
  return readers;
}

/** The tuples that a tuple is computed from, itself among them; a tuple in `alone` from nothing. */
function tuplesUnder(root: Tuple, alone: ReadonlySet<Tuple>): Tuple[] {
  const found = new Set<Tuple>([root]);
  for (const tuple of found) if (!alone.has(tuple)) for (const input of tuple.inputs) found.add(input);
  return [...found];
}

/** What computes values at once. */
export interface Batch {
  readonly root: Tuple;
  /** Tuples, each behind what it is computed from. */
  readonly tuples: readonly Tuple[];
  /** Merged tuples that are computed one by one nevertheless. */
  readonly alone: ReadonlySet<Tuple>;
}

/** Parts of an assembly that are computed at once, or not. */
export interface Run {
  readonly start: number;
  readonly end: number;
  readonly batch: Batch | null;
}

/** Plans batches among the values of a program. */
export class BatchPlanner {
  readonly #tuples = new Tuples();
  readonly #readers: Readers;
  readonly #roots: ReadonlySet<Value>;

  constructor(values: readonly Value[], roots: readonly Value[]) {
    this.#readers = readersOf(values);
    this.#roots = new Set(roots);
  }

  /** Runs of parts of an assembly that are computed at once; `null` for a run that is not. The runs cover all parts in their order. */
  runsOf(target: Value): Run[] {
    const { inputs, walks } = target.definition as Extract<Value["definition"], { kind: "assemble" }>;
    const runs: Run[] = [];
    for (let start = 0; start < inputs.length; ) {
      let end = start + 1;
      const step = end < inputs.length ? walks[end]!.offset - walks[start]!.offset : 0;
      while (
        end < inputs.length && this.#tuples.alike(inputs[start]!, inputs[end]!) &&
        walks[end]!.offset === walks[end - 1]!.offset + step && walks[end]!.strides.join() === walks[start]!.strides.join()
      ) end++;
      runs.push(...this.#planAlike(target, inputs, start, end));
      start = end;
    }
    return runs;
  }

  /** A run that does not merge down to the ground is cut where its structure changes, if that makes few pieces. */
  #planAlike(target: Value, inputs: readonly Value[], start: number, end: number): Run[] {
    const whole = this.#planRun(target, inputs, start, end);
    if (whole.every(({ batch }) => batch?.tuples.every((tuple) => tuple.role !== "stacked" && !batch.alone.has(tuple)) === true)) return whole;
    const borders = [start];
    for (let k = start + 1; k < end; k++) if (this.#tuples.structureOf(inputs[k]!) !== this.#tuples.structureOf(inputs[k - 1]!)) borders.push(k);
    if (borders.length === 1 || 2 * borders.length > end - start) return whole;
    return borders.flatMap((border, k) => this.#planRun(target, inputs, border, borders[k + 1] ?? end));
  }

  #planRun(target: Value, inputs: readonly Value[], start: number, end: number): Run[] {
    const batch = this.#plan(target, inputs, start, end);
    if (batch === null) return [{ start, end, batch }];
    // Views have no memory.
    const kept = batch.tuples.filter(({ values: [first], role }) => role !== "shared" && (role === "constant" || first!.definition.kind !== "view"));
    const largest = Math.max(1, ...kept.map(({ values: [first] }) => first!.count * bytesOf(first!.dtype)));
    const length = Math.floor(MOST_BYTES / largest);
    if (length >= end - start) return [{ start, end, batch }];
    if (length < 2) return [{ start, end, batch: null }];
    const pieces = Math.ceil((end - start) / length);
    const border = (k: number): number => start + Math.floor((k * (end - start)) / pieces);
    return Array.from({ length: pieces }, (_, k) => ({ start: border(k), end: border(k + 1), batch: this.#plan(target, inputs, border(k), border(k + 1)) }));
  }

  #plan(target: Value, inputs: readonly Value[], start: number, end: number): Batch | null {
    const parts = inputs.slice(start, end);
    if (parts.length < 2) return null;
    const root = this.#tuples.find(parts, this.#readers.size);
    if (root === null || root.role === "shared" || root.role === "stacked") return null;
    const others = new Set([...inputs.slice(0, start), ...inputs.slice(end)]);
    const alone = this.#computedElsewhere(root, target, others);
    if (alone.has(root)) return null;
    const tuples = tuplesUnder(root, alone).sort((a, b) => a.values[0]!.id - b.values[0]!.id);
    return pays(tuples, alone, parts.length) ? { root, tuples, alone } : null;
  }

  /** Merged tuples with a value that is needed outside of the batch: they would be computed twice. */
  #computedElsewhere(root: Tuple, target: Value, others: ReadonlySet<Value>): Set<Tuple> {
    const alone = new Set<Tuple>();
    for (let changed = true; changed && !alone.has(root); ) {
      changed = false;
      const tuples = tuplesUnder(root, alone);
      const merged = tuples.filter((tuple) => tuple.role === "merged" && !alone.has(tuple));
      const inside = new Set(merged.flatMap(({ values }) => values));
      const outside = new Set(tuples.flatMap((tuple) => (tuple.role === "merged" && !alone.has(tuple) ? [] : tuple.values)));
      const isOutside = (value: Value): boolean =>
        outside.has(value) || others.has(value) || this.#roots.has(value) ||
        this.#readers.get(value)!.some((reader) => reader !== target && (!inside.has(reader) || (reader.definition.kind === "view" && isOutside(reader))));
      for (const tuple of merged) {
        const stacksLarge = tuple.inputs.some((input) => input.role !== "shared" && (input.role !== "merged" || alone.has(input)) && input.values[0]!.count > MOST_ENTRIES);
        // A view costs nothing, wherever else it is read.
        if (!stacksLarge && (tuple.values[0]!.definition.kind === "view" || !tuple.values.some(isOutside))) continue;
        alone.add(tuple);
        changed = true;
      }
    }
    return alone;
  }
}

/** What computing a value with others saves, in copies of a part: entry-wise work shares a kernel with its neighbors, the rest has one of its own. */
function weightOf({ definition }: Value): number {
  switch (definition.kind) {
    case "view": return 0;
    case "map":
    case "cast":
    case "copy": return 1;
    default: return 4;
  }
}

/** Whether a batch saves more than it copies, and computes little twice. */
function pays(tuples: readonly Tuple[], alone: ReadonlySet<Tuple>, length: number): boolean {
  let gain = length;
  let entries = 0;
  const distinct = new Set<Value>();
  for (const tuple of tuples) {
    if (tuple.role === "shared" || tuple.role === "constant") continue;
    if (tuple.role === "stacked" || alone.has(tuple)) gain -= 2 * length;
    else {
      const weight = weightOf(tuple.values[0]!);
      gain += weight * (length - 1);
      entries += weight * length * tuple.values[0]!.count;
      for (const value of tuple.values) distinct.add(value);
    }
  }
  let before = 0;
  for (const value of distinct) before += weightOf(value) * value.count;
  return gain > 0 && entries <= MOST_REPEATED * before;
}
