/** Decides which packs are computed at once: alike, used by nothing else, small, and worth it. */

import { bytesOf } from "../../kernels/lanes/machine-types.ts";
import { MOST_ENTRIES, Packs, type Pack } from "./packs.ts";
import { rulesOf } from "../ir/kinds/table.ts";
import { inputsOf, type Value } from "../ir/value.ts";

/** A batch holds no value of more bytes, so that it stays in a cache; longer ones are cut. */
const MOST_BYTES = 256 * 1024;

/**
 * So many times the work of its distinct values a batch may do: a value that several parts share is computed for each
 * of them.
 */
const MOST_REPEATED = 2;

/** Which values read a value. */
export type Readers = ReadonlyMap<Value, readonly Value[]>;

/** The readers of values; results have a reader that is no value of the program. */
export function readersOf(values: readonly Value[]): Readers {
  const readers = new Map<Value, Value[]>(values.map((value) => [value, []]));
  for (const value of values) for (const input of inputsOf(value)) readers.get(input)!.push(value);
  return readers;
}

/** The packs that a pack is computed from, itself among them; a pack in `alone` from nothing. */
export function packsUnder(root: Pack, alone: ReadonlySet<Pack>): ReadonlySet<Pack> {
  const found = new Set<Pack>([root]);
  for (const pack of found) if (!alone.has(pack)) for (const input of pack.inputs) found.add(input);
  return found;
}

/** A plan that computes values at once. */
export interface Batch {
  readonly root: Pack;
  /** Packs, each behind what it is computed from. */
  readonly packs: readonly Pack[];
  /** Merged packs that are computed one by one nevertheless. */
  readonly alone: ReadonlySet<Pack>;
  /** Merged packs of which others read single values: views of what is computed at once. */
  readonly shown: ReadonlySet<Pack>;
}

/** Parts of an assembly, by their places among its inputs, that are computed at once, or not. */
export interface Run {
  readonly places: readonly number[];
  readonly batch: Batch | null;
}

type Assembly = Extract<Value["definition"], { kind: "assemble" }>;

/** True if everything under a run is computed at once. */
function isPerfect({ batch }: Run): boolean {
  return batch?.packs.every((pack) => pack.role !== "stacked" && !batch.alone.has(pack)) === true;
}

/**
 * About how many kernels runs take: one for each part or batch, and one more for each part of what a batch has to
 * stack.
 */
function costOf(runs: readonly Run[]): number {
  const stacked = ({ packs, alone }: Batch): number =>
    packs.reduce((sum, pack) => sum + (pack.role === "stacked" || alone.has(pack) ? pack.values.length : 0), 0);
  return runs.reduce((sum, { places, batch }) => sum + (batch === null ? places.length : 1 + stacked(batch)), 0);
}

/** Plans batches among the values of a program. */
export class BatchPlanner {
  readonly #tuples: Packs;
  readonly #readers: Readers;
  readonly #roots: ReadonlySet<Value>;
  readonly #unshown: ReadonlySet<Value>;

  /**
   * @param joined - what an earlier round computes at once
   * @param unshown - what is computed by itself wherever it is read, as a stack of it would need itself
   */
  constructor(
    values: readonly Value[],
    roots: readonly Value[],
    joined: ReadonlySet<Value>,
    unshown: ReadonlySet<Value>,
  ) {
    this.#tuples = new Packs(joined);
    this.#readers = readersOf(values);
    this.#roots = new Set(roots);
    this.#unshown = unshown;
  }

  /**
   * Runs of parts of an assembly that are computed at once; the batch of a run that is not is `null`. Each part is in
   * one run. Neighbors are tried first; where these differ, parts of one structure are, wherever they lie, as long as
   * their places are equally far apart.
   */
  runsOf(target: Value): Run[] {
    const { inputs } = target.definition as Assembly;
    const all = inputs.map((_, k) => k);
    const near = this.#progressions(target, all).flatMap((places) => this.#planAlike(target, places));
    if (near.every(isPerfect)) return near;
    const classes = new Map<number, number[]>();
    inputs.forEach((part, k) => {
      const structure = this.#tuples.structureOf(part);
      const list = classes.get(structure);
      if (list === undefined) classes.set(structure, [k]);
      else list.push(k);
    });
    if (classes.size === inputs.length) return near;
    const alike = [...classes.values()].flatMap((list) => this.#progressions(target, list));
    const apart = alike.flatMap((places) => this.#planSteps(target, places, this.#planRun(target, places)));
    return costOf(apart) < costOf(near) ? apart : near;
  }

  /** Parts that are alike cut into stretches of which the places in the assembly are equally far apart. */
  #progressions(target: Value, list: readonly number[]): number[][] {
    const { inputs, views } = target.definition as Assembly;
    const found: number[][] = [];
    for (let start = 0; start < list.length;) {
      const [first, second] = [list[start]!, list[start + 1]];
      const step = second === undefined ? 0 : views[second]!.offset - views[first]!.offset;
      let end = start + 1;
      for (; end < list.length; end++) {
        const [at, before] = [list[end]!, list[end - 1]!];
        if (views[at]!.offset !== views[before]!.offset + step) break;
        if (views[at]!.strides.join() !== views[first]!.strides.join()) break;
        if (!this.#tuples.alike(inputs[first]!, inputs[at]!)) break;
      }
      found.push(list.slice(start, end));
      start = end;
    }
    return found;
  }

  /** A run that does not merge down to the ground is cut where its structure changes, if that makes few pieces. */
  #planAlike(target: Value, places: readonly number[]): Run[] {
    const { inputs } = target.definition as Assembly;
    const whole = this.#planRun(target, places);
    if (whole.every(isPerfect)) return whole;
    const structure = (k: number): number => this.#tuples.structureOf(inputs[places[k]!]!);
    const borders = [0];
    for (let k = 1; k < places.length; k++) if (structure(k) !== structure(k - 1)) borders.push(k);
    if (borders.length === 1) return this.#planSteps(target, places, whole);
    if (2 * borders.length > places.length) return whole;
    return borders.flatMap((border, k) => {
      const piece = places.slice(border, borders[k + 1]);
      return this.#planSteps(target, piece, this.#planRun(target, piece));
    });
  }

  /** A run of one structure is cut where steps change, if that makes few pieces that merge better. */
  #planSteps(target: Value, places: readonly number[], whole: Run[]): Run[] {
    if (whole.every(isPerfect)) return whole;
    const { inputs } = target.definition as Assembly;
    const root = this.#tuples.find(
      places.map((k) => inputs[k]!),
      this.#readers.size,
    );
    const cuts = root === null ? null : this.#tuples.cutsUnder(root);
    if (cuts === null || 2 * cuts.length > places.length) return whole;
    const pieces = cuts.flatMap((cut, k) => this.#planRun(target, places.slice(cut, cuts[k + 1])));
    return costOf(pieces) < costOf(whole) ? pieces : whole;
  }

  #planRun(target: Value, places: readonly number[]): Run[] {
    const batch = this.#plan(target, places);
    if (batch === null) return [{ places, batch }];
    // Views have no memory.
    const kept = batch.packs.filter(
      ({ values: [first], role }) => role !== "shared" && (role === "constant" || first!.definition.kind !== "view"),
    );
    const largest = Math.max(1, ...kept.map(({ values: [first] }) => first!.count * bytesOf(first!.dtype)));
    const length = Math.floor(MOST_BYTES / largest);
    if (length >= places.length) return [{ places, batch }];
    if (length < 2) return [{ places, batch: null }];
    const pieces = Math.ceil(places.length / length);
    const border = (k: number): number => Math.floor((k * places.length) / pieces);
    return Array.from({ length: pieces }, (_, k) => {
      const some = places.slice(border(k), border(k + 1));
      return { places: some, batch: this.#plan(target, some) };
    });
  }

  #plan(target: Value, places: readonly number[]): Batch | null {
    const { inputs } = target.definition as Assembly;
    if (places.length < 2) return null;
    const parts = places.map((k) => inputs[k]!);
    const root = this.#tuples.find(parts, this.#readers.size);
    if (root === null || root.role === "shared" || root.role === "stacked") return null;
    const own = new Set(places);
    const others = new Set(inputs.filter((_, k) => !own.has(k)));
    const { alone, shown } = this.#readElsewhere(root, target, others);
    if (alone.has(root)) return null;
    const packs = [...packsUnder(root, alone)].sort((a, b) => a.values[0]!.id - b.values[0]!.id);
    return pays(packs, alone, parts.length) ? { root, packs, alone, shown } : null;
  }

  /**
   * Merged packs with a value that is read outside of the batch: shown, or alone where it has to lie in memory of its
   * own.
   */
  #readElsewhere(root: Pack, target: Value, others: ReadonlySet<Value>): Pick<Batch, "alone" | "shown"> {
    const alone = new Set<Pack>();
    const shown = new Set<Pack>();
    for (let changed = true; changed && !alone.has(root);) {
      changed = false;
      shown.clear();
      const packs = [...packsUnder(root, alone)];
      const merged = packs.filter((pack) => pack.role === "merged" && !alone.has(pack));
      const inside = new Set(merged.flatMap(({ values }) => values));
      const outside = new Set(packs.flatMap((pack) => (pack.role === "merged" && !alone.has(pack) ? [] : pack.values)));
      const readersOutside = (value: Value): Value[] =>
        this.#readers
          .get(value)!
          .flatMap((reader) =>
            reader === target
              ? []
              : !inside.has(reader)
                ? [reader]
                : reader.definition.kind === "view"
                  ? readersOutside(reader)
                  : [],
          );
      const needsMemory = (value: Value): boolean =>
        outside.has(value) ||
        this.#roots.has(value) ||
        this.#unshown.has(value) ||
        readersOutside(value).some((reader) => !rulesOf(reader.definition).readsViews);
      for (const pack of merged) {
        const stacksLarge = pack.inputs.some(
          (input) =>
            input.role !== "shared" &&
            (input.role !== "merged" || alone.has(input)) &&
            input.values[0]!.count > (input.role === "constant" ? this.#tuples.mostOf(pack.values) : MOST_ENTRIES),
        );
        // A view costs nothing, wherever else it is read.
        const isView = pack.values[0]!.definition.kind === "view";
        if (stacksLarge || (!isView && pack.values.some(needsMemory))) {
          alone.add(pack);
          changed = true;
        } else if (!isView && pack.values.some((value) => others.has(value) || readersOutside(value).length > 0))
          shown.add(pack);
      }
    }
    return { alone, shown };
  }
}

const copiesSaved = ({ definition }: Value): number => rulesOf(definition).atOnce!.copiesSaved;

/** True if a batch saves more than it copies, and computes little twice. */
function pays(packs: readonly Pack[], alone: ReadonlySet<Pack>, length: number): boolean {
  let gain = length;
  let entries = 0;
  const distinct = new Set<Value>();
  for (const pack of packs) {
    if (pack.role === "shared" || pack.role === "constant") continue;
    if (pack.role === "stacked" || alone.has(pack)) gain -= 2 * length;
    else {
      const weight = copiesSaved(pack.values[0]!);
      gain += weight * (length - 1);
      entries += weight * length * pack.values[0]!.count;
      for (const value of pack.values) distinct.add(value);
    }
  }
  let before = 0;
  for (const value of distinct) before += copiesSaved(value) * value.count;
  return gain > 0 && entries <= MOST_REPEATED * before;
}
