/** From when to when each value of a program is needed: its lifetime, which is that of the memory where it lies. */

import { ById, Marks } from "../ir/by-id.ts";
import { sizeOf } from "../ir/layout.ts";
import type { Value } from "../ir/value.ts";
import type { Interval } from "./memory-planning.ts";
import type { Kernel } from "./kernel.ts";
import { readsOf } from "./reads.ts";

/** Arguments of so many bytes have their places for themselves, so that one that comes again is not copied again. */
const KEPT_BYTES = 16384;
/** Numbers that only loops read and write, one by one, lie side by side: many are in few lines of the cache. */
const SCALAR_BYTES = 8;

/** Marks of lifetimes without a place. */
const UNSEEN = -2;
const SEEN = -1;

/** True if nothing but the argument itself is ever written to its place. */
export function isKept(value: Value): boolean {
  return value.definition.kind === "argument" && sizeOf(value) >= KEPT_BYTES;
}

/** Marks what may be read or written by vectors that reach over its end. */
function ofWholeVectors(kernels: readonly Kernel[], reads: readonly (readonly Value[])[]): Marks {
  const found = new Marks();
  kernels.forEach(({ kind, members }, at) => {
    if (kind !== "loop") for (const value of [...members, ...reads[at]!]) found.add(value);
  });
  return found;
}

/** A lifetime with the place that is given to it. */
interface Placed extends Interval {
  start: number;
}

/** The lifetimes of the values that lie in memory, by the places of kernels in their order. */
export class Lifetimes {
  /** Values that each kernel reads from memory. */
  readonly reads: readonly (readonly Value[])[];
  /** Values that are read from memory, results among them. */
  readonly stored = new Marks();
  /** Values that are written when the program is made: constants, and repeated numbers. */
  readonly lasting = new Set<Value>();
  /** In the order in which they are first needed. */
  readonly #values: Value[] = [];
  readonly #intervals = new ById<Placed | null>();
  readonly #whole: Marks;
  readonly #end: number;

  constructor(kernels: readonly Kernel[], results: readonly Value[]) {
    this.reads = kernels.map(readsOf);
    this.#whole = ofWholeVectors(kernels, this.reads);
    this.#end = kernels.length;
    for (const value of results) this.stored.add(value);
    for (const values of this.reads) for (const value of values) this.stored.add(value);
    kernels.forEach(({ members }, at) => {
      for (const member of members) if (this.stored.has(member)) this.#use(member, at);
      for (const value of this.reads[at]!) this.#use(value, at);
    });
    for (const value of results) this.#use(value, kernels.length);
  }

  #use(value: Value, at: number): void {
    const { kind } = value.definition;
    if (kind === "state") return;
    if (kind === "constant" || kind === "scalar") {
      this.lasting.add(value);
      return;
    }
    const interval = this.#intervals.get(value);
    const last = isKept(value) ? this.#end : at;
    if (interval !== undefined) interval!.to = Math.max(interval!.to, last);
    else {
      const bytes = value.count === 1 && !this.#whole.has(value) ? SCALAR_BYTES : sizeOf(value);
      this.#intervals.set(value, { bytes, from: kind === "argument" ? -1 : last, to: last, start: UNSEEN });
      this.#values.push(value);
    }
  }

  get(value: Value): Placed | undefined {
    return this.#intervals.get(value) ?? undefined;
  }

  /** Lets a value lie in the place of another, which is not needed any longer. */
  replace(value: Value, before: Value): void {
    const shared = this.get(before)!;
    shared.to = this.get(value)!.to;
    this.#intervals.set(value, shared);
  }

  /** Lets a value have no memory of its own. */
  drop(value: Value): void {
    this.#intervals.set(value, null);
  }

  /** Gives each lifetime a place, and says where each value with memory of its own lies; values may share one. */
  place(
    planMemory: (all: readonly Interval[]) => readonly number[],
    tell: (value: Value, start: number) => void,
  ): void {
    const distinct: Placed[] = [];
    for (const value of this.#values) {
      const one = this.get(value);
      if (one?.start !== UNSEEN) continue;
      one.start = SEEN;
      distinct.push(one);
    }
    const starts = planMemory(distinct);
    distinct.forEach((one, k) => (one.start = starts[k]!));
    for (const value of this.#values) {
      const one = this.get(value);
      if (one !== undefined) tell(value, one.start);
    }
  }
}
