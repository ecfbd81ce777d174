/**
 * Whose layer is whose: numbers from 1 or from 0, with the input as layer 1, by module, by word, or by place in a list.
 */

import { intake } from "../../locales/intake.ts";
import type { Words } from "../../locales/words.ts";
import { isLayerRole, type Item } from "./collect.ts";
import type { NumberArray } from "./given.ts";
import type { LayerRole } from "./names.ts";
import { equalNumbers, isList, isNumbers, kindOf, slice } from "./values.ts";

/** An array of a layer, from 1; layer 0 is the input. */
export interface Placed {
  readonly role: LayerRole;
  readonly layer: number;
  readonly path: string;
  readonly value: NumberArray;
}

interface Numbered {
  readonly placed: readonly Placed[];
  readonly refused: readonly Words[];
  /** How the layers were counted, where it was otherwise. */
  readonly notes: readonly Words[];
}

type Written = Omit<Placed, "layer"> & { readonly n: number };

const units: readonly LayerRole[] = ["u", "v", "delta", "gradV"];
const isUnits = (role: LayerRole): boolean => units.includes(role);

/** The layers of a network, counted by what is known of it; `null` where nothing says it. */
export function countLayers(items: readonly Item[]): number | null {
  const number = (role: Item["role"]): NumberArray | undefined =>
    items.find((one) => one.role === role)?.value as NumberArray | undefined;
  const sizes = number("sizes");
  if (sizes !== undefined) return sizes.data.length - 1;
  const named = items.filter(({ role, layer }) => role === "activations" && layer.kind === "number").length;
  const activations = items.find(({ role, layer }) => role === "activations" && layer.kind === "all")?.value;
  const count = isList(activations) ? activations.entries.length : named > 0 ? named : null;
  for (const role of ["W", "gradW", "nextW", "b", "gradB", "delta"] as const) {
    const own = withFirst(items).filter((one) => one.role === role);
    if (own.length === 0) continue;
    const whole = own.find(({ layer }) => layer.kind === "all")?.value;
    if (whole === undefined) return Math.max(count ?? 0, own.length);
    if (isList(whole)) return whole.entries.length;
    if (isNumbers(whole) && whole.shape.length > 2) return whole.shape[0]!;
    return count ?? 1;
  }
  return count;
}

/** Puts every array of a layer where it belongs; `fits` says whether its shape could be that of a layer. */
export function number(
  items: readonly Item[],
  last: number,
  base: 0 | 1 | undefined,
  fits: (role: LayerRole, layer: number, value: NumberArray) => boolean,
): Numbered {
  const refused: Words[] = [];
  const named = withFirst(items);
  const written = named.flatMap((item) => expand(item, last, refused));
  const modules = moduleOrder(named);
  const numbered: Written[] = [];
  const placed: Placed[] = [];
  for (const { item, n, value } of written) {
    const role = item.role as LayerRole;
    const one = { role, path: item.path, value };
    const { layer } = item;
    if (n !== null) placed.push({ ...one, layer: n });
    else if (layer.kind === "number") numbered.push({ ...one, n: layer.n });
    else if (layer.kind === "module" && !isUnits(role) && modules.length === last)
      placed.push({ ...one, layer: modules.indexOf(layer.key) + 1 });
    else if (layer.kind === "module" && layer.n !== null) numbered.push({ ...one, n: layer.n });
    else if (layer.kind === "word" && (layer.word === "output" || last === 2))
      placed.push({ ...one, layer: layer.word === "output" ? last : 1 });
    else refused.push(intake.whichLayer({ path: item.path, last }));
  }
  const notes: Words[] = [];
  for (const family of [numbered.filter(({ role }) => !isUnits(role)), numbered.filter(({ role }) => isUnits(role))])
    placed.push(...shifted(family, last, base, fits, refused, notes));
  return { placed: distinct(placed, refused), refused, notes };
}

/** `W`, `b` beside `W2`, `b2`: where others have numbers from 2 on, what has none is of layer 1. */
function withFirst(items: readonly Item[]): Item[] {
  const numbers = (role: Item["role"]): number[] =>
    items.flatMap((one) => (one.role === role && one.layer.kind === "number" ? [one.layer.n] : []));
  return items.map((item) => {
    const others = numbers(item.role);
    const isMatrix = isNumbers(item.value) && item.value.shape.length < 3;
    return item.layer.kind === "all" && isMatrix && others.includes(2) && Math.min(...others) === 2
      ? { ...item, layer: { kind: "number", n: 1 } }
      : item;
  });
}

interface Piece {
  readonly item: Item;
  /** The layer, where a place in a list says it. */
  readonly n: number | null;
  readonly value: NumberArray;
}

/** One piece for each layer of a list; a piece on its own stays what it is. */
function expand(item: Item, last: number, refused: Words[]): Piece[] {
  const { value, layer, path, role } = item;
  if (!isLayerRole(role)) return [];
  if (layer.kind !== "all") {
    if (isNumbers(value)) return [{ item, n: null, value }];
    if (!(isList(value) && value.entries.length === 0)) refused.push(intake.noMatrix({ path, kind: kindOf(value) }));
    return [];
  }
  const whole = isNumbers(value) ? value : null;
  const rank = whole === null ? null : whole.shape.length;
  const length = whole === null ? (isList(value) ? value.entries.length : 0) : (whole.shape[0] ?? 1);
  // Of a network of one layer the matrix itself may stand there.
  if (whole !== null && rank !== null && (last === 1 ? rank < 3 : rank === 0))
    return [{ item: { ...item, layer: { kind: "number", n: 1 } }, n: last === 1 ? 1 : null, value: whole }];
  if (length === 0) return [];
  if (length !== last && length !== last + 1) {
    refused.push(intake.otherCount({ path, count: length, last }));
    return [];
  }
  const from = length === last ? 1 : 0;
  return Array.from({ length }, (_, i) => i).flatMap((i): Piece[] => {
    const entry = whole === null ? (isList(value) ? value.entries[i]! : null) : slice(whole, i);
    if (entry === null || (isList(entry) && entry.entries.length === 0)) return [];
    const one = { ...item, path: `${path}[${i}]` };
    if (isNumbers(entry)) return [{ item: one, n: from + i, value: entry }];
    refused.push(intake.noMatrix({ path: one.path, kind: kindOf(entry) }));
    return [];
  });
}

/** Modules with weights in their order: by number where all have one, otherwise as they stand. */
function moduleOrder(items: readonly Item[]): string[] {
  const seen = new Map<string, number | null>();
  for (const { layer, role } of items)
    if (layer.kind === "module" && isLayerRole(role) && !isUnits(role)) seen.set(layer.key, layer.n);
  const keys = [...seen];
  return (keys.every(([, n]) => n !== null) ? keys.sort(([, a], [, b]) => a! - b!) : keys).map(([key]) => key);
}

/** Returns what is added to a written number: nothing, 1 where layers count from 0, −1 where the input is layer 1. */
function shifted(
  family: readonly Written[],
  last: number,
  base: 0 | 1 | undefined,
  fits: (role: LayerRole, layer: number, value: NumberArray) => boolean,
  refused: Words[],
  notes: Words[],
): Placed[] {
  if (family.length === 0) return [];
  const ofUnits = isUnits(family[0]!.role);
  const shifts = base === 0 ? [1] : ofUnits ? [0, -1, 1] : [0, 1];
  const least = (role: LayerRole, shift: number): number =>
    role === "v" || role === "u" ? 0 : role === "delta" && shift === 0 ? 0 : 1;
  const best = (group: readonly Written[]): number | null => {
    const ranked = shifts
      .filter((shift) => group.every(({ role, n }) => n + shift >= least(role, shift) && n + shift <= last))
      .map((shift, order) => ({
        shift,
        order,
        odd: group.filter(({ role, n, value }) => n + shift > 0 && !fits(role, n + shift, value)).length,
      }))
      .sort((a, b) => a.odd - b.odd || a.order - b.order);
    return ranked[0]?.shift ?? null;
  };
  const together = best(family);
  const groups =
    together !== null
      ? [family]
      : [...new Set(family.map(({ role }) => role))].map((role) => family.filter((one) => one.role === role));
  return groups.flatMap((group) => {
    const shift = best(group);
    if (shift === null) {
      const odd = group.filter(({ n }) => n < 1 || n > last);
      refused.push(...(odd.length === 0 ? group : odd).map(({ path }) => intake.noSuchLayerHere({ path, last })));
      return [];
    }
    const first = group[0]!;
    if (shift === 1) notes.push(intake.layersFromZero({ path: first.path, layer: first.n + 1 }));
    if (shift === -1) notes.push(intake.inputIsLayerOne({ path: first.path, layer: first.n - 1 }));
    return group.map(({ n, ...one }) => ({ ...one, layer: n + shift }));
  });
}

/** One array for each role and layer: two that say the same are one. */
function distinct(placed: readonly Placed[], refused: Words[]): Placed[] {
  const kept: Placed[] = [];
  for (const one of placed) {
    const other = kept.find(({ role, layer }) => role === one.role && layer === one.layer);
    if (other === undefined) kept.push(one);
    else if (!equalNumbers(other.value, one.value)) {
      refused.push(intake.bothAre({ other: other.path, one: one.path, role: one.role, layer: one.layer }));
    }
  }
  return kept;
}
