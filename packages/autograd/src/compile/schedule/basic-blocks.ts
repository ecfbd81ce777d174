/**
 * Basic blocks of long straight-line code, scalars one after another. An engine compiles a function in a time that
 * grows faster than it, so long ones are cut; where code repeats itself, each repetition is a block of its own, and
 * equal blocks stand once (`emit/shared.ts`).
 */

import type { ElementwiseOp } from "../../graph/op.ts";
import { ById } from "../ir/by-id.ts";
import { rulesOf } from "../ir/kinds/table.ts";
import { inputsOf, sourceOf, type Value } from "../ir/value.ts";
import { weightOf } from "../ir/weight.ts";

/** Shorter code is one kernel, or a part of one. */
const LEAST_WEIGHT = 1200;
/** A block of what does not repeat itself has about so many operations: each of more takes an engine more time. */
const MOST_WEIGHT = 500;
/** A block of what does has so many members, if these take little code: each block is a step of its own. */
const LEAST_MEMBERS = 32;
const MOST_REPEATED_WEIGHT = 1000;
/** So many operations in a row tell where something has begun before, if that is no further away than `FARTHEST`. */
const WINDOW = 8;
const FARTHEST = 2048;
/** A repetition of so many turns is one; of fewer operations it is not worth a function. */
const LEAST_TURNS = 4;
const LEAST_OPERATIONS = 64;

/**
 * The place where a list begins to repeat itself, after how many members, and how many members the repetition has in
 * all.
 */
interface Repetition {
  readonly start: number;
  readonly period: number;
  readonly length: number;
}

/** Stands for any number, which may be another one in each turn. */
const NUMBER = -1;

/** Tokens of what members do: equal ones for the same op on operands from as far away. */
function tokensOf(members: readonly Value[]): Int32Array {
  const places = new ById<number>();
  const ops = new Map<ElementwiseOp, number>();
  const tokens = new Int32Array(members.length);
  for (let at = 0; at < members.length; at++) {
    const value = members[at]!;
    const { definition } = value;
    let token = definition.kind === "map" ? (ops.get(definition.op) ?? -1) : 0;
    if (definition.kind === "map" && token < 0) ops.set(definition.op, (token = ops.size + 1));
    token = Math.imul(token, 31) + value.dtype.length;
    const inputs = inputsOf(value);
    for (let k = 0; k < inputs.length; k++) {
      const x = inputs[k]!;
      const source = x.definition.kind === "view" ? sourceOf(x).source : x;
      const place = places.get(source) ?? -1;
      const distance = place >= 0 && at - place < FARTHEST ? at - place : 0;
      const operand = source.definition.kind === "scalar" ? NUMBER : distance;
      token = Math.imul(token ^ operand, 0x9e3779b1) ^ (token >>> 13);
    }
    tokens[at] = token;
    places.set(value, at);
  }
  return tokens;
}

/** The last places of windows of tokens, by their hashes: a table with open addresses, as each of them is noted. */
class Windows {
  /** For each slot 1 + the place of a window. */
  readonly #slots: Int32Array;
  readonly #hashes: Int32Array;

  constructor(tokens: Int32Array) {
    this.#slots = new Int32Array(2 ** (32 - Math.clz32(2 * tokens.length)));
    this.#hashes = new Int32Array(tokens.length);
    for (let at = 0; at + WINDOW <= tokens.length; at++) {
      let hash = 0;
      for (let k = 0; k < WINDOW; k++) hash = Math.imul(hash ^ tokens[at + k]!, 0x85ebca6b) ^ (hash >>> 15);
      this.#hashes[at] = hash;
    }
  }

  #slotOf(hash: number): number {
    const mask = this.#slots.length - 1;
    let slot = (hash ^ (hash >>> 16)) & mask;
    while (this.#slots[slot] !== 0 && this.#hashes[this.#slots[slot]! - 1] !== hash) slot = (slot + 1) & mask;
    return slot;
  }

  note(at: number): void {
    this.#slots[this.#slotOf(this.#hashes[at]!)] = at + 1;
  }

  /** The place where a window like the one at `at` was noted last; -1 where none was. */
  before(at: number): number {
    return this.#slots[this.#slotOf(this.#hashes[at]!)]! - 1;
  }
}

/** The repetitions in a list of tokens, none of which overlap. Each token is looked at a few times. */
function repetitionsIn(tokens: Int32Array): Repetition[] {
  const found: Repetition[] = [];
  const windows = new Windows(tokens);
  let [noted, free] = [0, 0];
  for (let at = 0; at + WINDOW <= tokens.length;) {
    for (; noted < at; noted++) windows.note(noted);
    const before = windows.before(at);
    if (before < free || at - before > FARTHEST) {
      at++;
      continue;
    }
    const period = at - before;
    let end = at;
    while (end < tokens.length && tokens[end] === tokens[end - period]) end++;
    const turns = Math.floor((end - before) / period);
    if (turns >= LEAST_TURNS && turns * period >= LEAST_OPERATIONS) {
      found.push({ start: before, period, length: turns * period });
      free = before + turns * period;
    }
    at = Math.max(at + 1, end - WINDOW);
  }
  return found;
}

/** Blocks of members in their order. */
class Cutter {
  readonly blocks: Value[][] = [];
  readonly #members: readonly Value[];

  constructor(members: readonly Value[]) {
    this.#members = members;
    let at = 0;
    for (const { start, period, length } of repetitionsIn(tokensOf(members))) {
      this.#cutByWeight(at, start);
      this.#cutByPeriod(start, period, length);
      at = start + length;
    }
    this.#cutByWeight(at, members.length);
  }

  #weightOf(start: number, end: number): number {
    let weight = 0;
    for (let at = start; at < end; at++) weight += weightOf(this.#members[at]!);
    return weight;
  }

  #cut(start: number, end: number): void {
    if (end > start) this.blocks.push(this.#members.slice(start, end));
  }

  #cutByWeight(start: number, end: number): void {
    let [begin, weight] = [start, 0];
    for (let at = start; at < end; at++) {
      weight += weightOf(this.#members[at]!);
      if (weight < MOST_WEIGHT) continue;
      this.#cut(begin, at + 1);
      [begin, weight] = [at + 1, 0];
    }
    this.#cut(begin, end);
  }

  /** Blocks of whole turns, and of what is left behind the last of them. */
  #cutByPeriod(start: number, period: number, length: number): void {
    const most = Math.floor(MOST_REPEATED_WEIGHT / this.#weightOf(start, start + period));
    const turns = Math.max(1, Math.min(length / period, most, Math.ceil(LEAST_MEMBERS / period)));
    const each = turns * period;
    for (let at = start; at < start + length; at += each) this.#cut(at, Math.min(at + each, start + length));
  }
}

/** Straight code as its blocks, and the place behind it. */
interface Straight {
  readonly blocks: readonly Value[][];
  readonly end: number;
}

/** Straight code that is long, by the place where it begins. */
export function straightIn(
  values: readonly Value[],
  isMember: (value: Value) => boolean,
): ReadonlyMap<number, Straight> {
  const found = new Map<number, Straight>();
  for (let at = 0; at < values.length;) {
    if (!isMember(values[at]!)) {
      at++;
      continue;
    }
    const start = at;
    const members: Value[] = [];
    let weight = 0;
    for (; at < values.length; at++) {
      const value = values[at]!;
      if (isMember(value)) {
        members.push(value);
        weight += weightOf(value);
      } else if (!rulesOf(value.definition).isPassive) break;
    }
    if (weight >= LEAST_WEIGHT) found.set(start, { blocks: new Cutter(members).blocks, end: at });
  }
  return found;
}
