/** Reads what a person hands in: arrays into matrices, layer numbers from 1, and what cannot be read into words. */

import { judging } from "../../locales/judging.ts";
import type { Words } from "../../locales/words.ts";
import type { Matrix, Vector } from "../equations/network.ts";
import { lookOf, type Look } from "../bounds/look.ts";
import type { Hand } from "../report.ts";
import { fromRows, type Tracked } from "../bounds/tracked.ts";

/** A handed array in its own layout. */
export interface Raw {
  readonly matrix: Tracked;
  /** It came as a flat list, which may be a row or a column. */
  readonly flat: boolean;
  /** How its numbers are written. */
  readonly look: Look;
}

export type RawByLayer = Readonly<Record<number, Raw>>;

/** A hand with every array read. */
export interface RawHand {
  readonly u: RawByLayer;
  readonly v: RawByLayer;
  readonly delta: RawByLayer;
  readonly gradW: RawByLayer;
  readonly gradB: RawByLayer;
  readonly nextW: RawByLayer;
  readonly nextB: RawByLayer;
  /** Parameters after the second step. */
  readonly afterW: RawByLayer;
  readonly afterB: RawByLayer;
  readonly momentum: number | null;
  readonly cost: number | null;
  /** Says what the cost may be off. */
  readonly costError: number;
  readonly layerBase: 0 | 1;
  /** Names such as `gradW[2]` whose numbers are not finite, or that are no matrix. */
  readonly broken: readonly { readonly part: PartName; readonly layer: number; readonly status: "nan" | "shape" }[];
  readonly contract: readonly Words[];
}

export type PartName = "u" | "v" | "delta" | "gradW" | "gradB" | "nextW" | "nextB" | "afterW" | "afterB";

type Given = Readonly<Record<number, Matrix | Vector | number>> | undefined;

/**
 * How the numbers of an array are written, by its name in the hand: `delta 2`; nothing where only the numbers are
 * known.
 */
export type Looks = ReadonlyMap<string, Look>;

/** The parts of a hand by the names of their arrays. */
function partsOf(hand: Hand): Readonly<Record<PartName, Given>> {
  const [first, second] = [hand.next, hand.next?.next];
  return {
    u: hand.u,
    v: hand.v,
    delta: hand.delta,
    gradW: hand.gradW,
    gradB: hand.gradB,
    nextW: first?.W,
    nextB: first?.b,
    afterW: second?.W,
    afterB: second?.b,
  };
}

/** 0 where the first layer of weights is numbered so. */
function baseOf(parts: Readonly<Record<PartName, Given>>, last: number): 0 | 1 {
  // v^0 is the input in either numbering, so that v alone says nothing about it.
  const keys = Object.entries(parts).flatMap(([part, given]) =>
    part === "v" || given === undefined ? [] : Object.keys(given).map(Number),
  );
  return keys.includes(0) && !keys.includes(last) ? 0 : 1;
}

/** The arrays of a hand while they are read, with what cannot be. */
class HandReader {
  readonly contract: Words[] = [];
  readonly broken: { part: PartName; layer: number; status: "nan" | "shape" }[] = [];
  readonly #last: number;
  readonly #base: 0 | 1;
  readonly #looks: Looks;
  readonly #seen = new Map<unknown, string>();

  constructor(last: number, base: 0 | 1, looks: Looks) {
    [this.#last, this.#base, this.#looks] = [last, base, looks];
  }

  /** The layer of a key; `null` where there is none, which is said unless it is no news. */
  #layerOf(part: PartName, key: string, given: unknown): number | null {
    const layer = Number(key) + (1 - this.#base);
    const isEmpty = given === null || given === undefined || lengthOf(given as Matrix) === 0;
    // δ⁰ is the gradient of the input.
    if (part === "delta" && layer === 0 && !isEmpty) return layer;
    if (Number.isInteger(layer) && layer >= 1 && layer <= this.#last) return layer;
    // The input as v^0, or an empty place before the first layer, is no news.
    const isInput = layer === 0 && (part === "v" || part === "u" || isEmpty);
    const first = this.#base;
    if (!isInput)
      this.contract.push(judging.noSuchLayer({ name: `${part}[${key}]`, first, last: this.#last - 1 + first }));
    return null;
  }

  /** One array of all that stand under a name. */
  #array(part: PartName, key: string, layer: number, given: Matrix | Vector | number): Raw | null {
    const name = `${part}[${key}]`;
    if (typeof given === "object") {
      const before = this.#seen.get(given);
      if (before !== undefined) this.contract.push(judging.sameArray({ name, other: before }));
      this.#seen.set(given, name);
    }
    const raw = toRaw(given);
    if (raw === null) {
      this.broken.push({ part, layer, status: "shape" });
      this.contract.push(judging.noMatrix({ name }));
      return null;
    }
    if (!raw.matrix.value.every(Number.isFinite)) {
      this.broken.push({ part, layer, status: "nan" });
      this.contract.push(judging.notFinite({ name }));
      return null;
    }
    return { ...raw, look: this.#looks.get(`${part} ${key}`) ?? lookOf(raw.matrix.value) };
  }

  /** The arrays of a part, by layer from 1. */
  read(part: PartName, all: Given): RawByLayer {
    const found: Record<number, Raw> = {};
    for (const [key, given] of Object.entries(all ?? {})) {
      const layer = this.#layerOf(part, key, given);
      if (layer === null || given === undefined || given === null) continue;
      const raw = this.#array(part, key, layer, given);
      if (raw !== null) found[layer] = raw;
    }
    return found;
  }
}

/** Reads a hand for a network with `last` layers. */
export function readHand(hand: Hand, last: number, layerBase: 0 | 1 | undefined, looks: Looks = new Map()): RawHand {
  const parts = partsOf(hand);
  const base = layerBase ?? baseOf(parts, last);
  const reader = new HandReader(last, base, looks);
  const result = {
    u: reader.read("u", parts.u),
    v: reader.read("v", parts.v),
    delta: reader.read("delta", parts.delta),
    gradW: reader.read("gradW", parts.gradW),
    gradB: reader.read("gradB", parts.gradB),
    nextW: reader.read("nextW", parts.nextW),
    nextB: reader.read("nextB", parts.nextB),
    afterW: reader.read("afterW", parts.afterW),
    afterB: reader.read("afterB", parts.afterB),
  };
  const cost = hand.cost ?? null;
  const isFinite = cost !== null && Number.isFinite(cost);
  if (cost !== null && !isFinite) reader.contract.push(judging.costNotFinite({ cost }));
  return {
    ...result,
    momentum: hand.momentum ?? null,
    cost: isFinite ? cost : null,
    costError: 0,
    layerBase: base,
    broken: reader.broken,
    contract: reader.contract,
  };
}

function lengthOf(given: Matrix | Vector | number): number {
  return typeof given === "number" ? 1 : given.length;
}

/** A number, a list or rows as a matrix; `null` for anything else. */
function toRaw(given: Matrix | Vector | number): Omit<Raw, "look"> | null {
  if (typeof given === "number") return { matrix: fromRows([[given]]), flat: true };
  if (typeof given !== "object" || typeof given.length !== "number" || given.length === 0) return null;
  const entries = Array.from(given as ArrayLike<unknown>);
  if (entries.every((entry) => typeof entry === "number")) return { matrix: fromRows([entries]), flat: true };
  const rows = entries as readonly unknown[];
  const isRow = (entry: unknown): entry is ArrayLike<number> =>
    typeof entry === "object" &&
    entry !== null &&
    "length" in entry &&
    typeof entry.length === "number" &&
    Array.from(entry as ArrayLike<unknown>).every((x) => typeof x === "number");
  if (!rows.every(isRow)) return null;
  const width = rows[0]!.length;
  if (width === 0 || rows.some((entry) => entry.length !== width)) return null;
  return { matrix: fromRows(rows), flat: false };
}
