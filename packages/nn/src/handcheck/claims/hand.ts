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

/** Reads a hand for a network with `last` layers. */
export function readHand(hand: Hand, last: number, layerBase: 0 | 1 | undefined, looks: Looks = new Map()): RawHand {
  const [first, second] = [hand.next, hand.next?.next];
  const parts: Readonly<Record<PartName, Given>> = {
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
  const contract: Words[] = [];
  const broken: { part: PartName; layer: number; status: "nan" | "shape" }[] = [];
  // v^0 is the input in either numbering, so that v alone says nothing about it.
  const keys = Object.entries(parts).flatMap(([part, given]) =>
    part === "v" || given === undefined ? [] : Object.keys(given).map(Number),
  );
  const base = layerBase ?? (keys.includes(0) && !keys.includes(last) ? 0 : 1);
  const seen = new Map<unknown, string>();

  const read = (part: PartName): RawByLayer => {
    const found: Record<number, Raw> = {};
    for (const [key, given] of Object.entries(parts[part] ?? {})) {
      const layer = Number(key) + (1 - base);
      const name = `${part}[${key}]`;
      // δ⁰ is the gradient of the input.
      const input = part === "delta" && layer === 0 && given !== null && given !== undefined && lengthOf(given) > 0;
      if (!input && (!Number.isInteger(layer) || layer > last || layer < 1)) {
        // The input as v^0, or an empty place before the first layer, is no news.
        if (layer === 0 && (part === "v" || part === "u" || given === null || lengthOf(given) === 0)) continue;
        contract.push(judging.noSuchLayer({ name, first: base, last: last - 1 + base }));
        continue;
      }
      if (given === undefined || given === null) continue;
      if (typeof given === "object") {
        const before = seen.get(given);
        if (before !== undefined) contract.push(judging.sameArray({ name, other: before }));
        seen.set(given, name);
      }
      const raw = toRaw(given);
      if (raw === null) {
        broken.push({ part, layer, status: "shape" });
        contract.push(judging.noMatrix({ name }));
      } else if (!raw.matrix.value.every(Number.isFinite)) {
        broken.push({ part, layer, status: "nan" });
        contract.push(judging.notFinite({ name }));
      } else found[layer] = { ...raw, look: looks.get(`${part} ${key}`) ?? lookOf(raw.matrix.value) };
    }
    return found;
  };
  const result = {
    u: read("u"),
    v: read("v"),
    delta: read("delta"),
    gradW: read("gradW"),
    gradB: read("gradB"),
    nextW: read("nextW"),
    nextB: read("nextB"),
    afterW: read("afterW"),
    afterB: read("afterB"),
  };
  const cost = hand.cost ?? null;
  if (cost !== null && !Number.isFinite(cost)) contract.push(judging.costNotFinite({ cost }));
  return {
    ...result,
    momentum: hand.momentum ?? null,
    cost: cost !== null && Number.isFinite(cost) ? cost : null,
    costError: 0,
    layerBase: base,
    broken,
    contract,
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
