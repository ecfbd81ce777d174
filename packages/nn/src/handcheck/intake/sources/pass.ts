/**
 * Says what one pass of a script used, of all that lay in sight: the batch of its inputs, one array for each meaning,
 * nothing that no equation is about.
 */

import { programErrors } from "../../../locales/program-errors.ts";
import { sources } from "../../../locales/sources.ts";
import type { Words } from "../../../locales/words.ts";
import { SourceError, type Given, type GivenRecord, type NumberArray } from "../given.ts";
import { doubtOf, meaningsOf, scopeOf } from "../meaning.ts";
import type { Role } from "../names.ts";
import { isList, isNumbers, isRecord, recordOf } from "../values.ts";
import { describing, describes, having, isDecay, type ScriptRoles } from "./scripts.ts";

/** The arrays of a pass, and what was left out of them. */
interface Pass {
  readonly entries: ReadonlyMap<string, Given>;
  readonly notes: readonly Words[];
}

const ofUnits: readonly Role[] = ["u", "v", "delta"];
const ofLayers: readonly Role[] = [
  "W",
  "b",
  "u",
  "v",
  "delta",
  "gradW",
  "gradB",
  "gradV",
  "nextW",
  "nextB",
  "afterW",
  "afterB",
];
const rolesOf = (name: string): Role[] =>
  [...new Set(meaningsOf(name, "top").map(({ role }) => role))].filter((role) => ofLayers.includes(role));

/** `D_in = 64` is no derivative: a size, an index or a count of a program. */
const isCount = (value: Given): boolean => isNumbers(value) && value.shape.length === 0 && value.type === "int";

/** Names of which nobody knows which quantity they are, and ∂C/∂v, about which no equation is. */
function isUnclear(name: string): boolean {
  const roles = rolesOf(name);
  if (having(["x", "t"])(name)) return false;
  return doubtOf(name) !== null || roles.length > 1 || roles[0] === "gradV";
}

const isUnits = (name: string, value: Given): value is NumberArray =>
  isNumbers(value) && value.shape.length === 2 && rolesOf(name).length === 1 && having(ofUnits)(name);

/** The sizes that the values of layers have in common: one of them is the number of samples. */
function commonSizes(units: readonly NumberArray[]): readonly number[] {
  const [first, ...others] = units.map(({ shape }) => shape);
  return first === undefined ? [] : [...new Set(first)].filter((n) => others.every((shape) => shape.includes(n)));
}

const batch = /batch|mini|^[xy]_?b$|^b[xy]$|^[xy]_?i$|sample/i;
const same = (a: NumberArray, b: NumberArray): boolean =>
  a.data.length === b.data.length && a.data.every((x, i) => x === b.data[i]);
const short = (names: readonly string[]): string =>
  names.length > 6 ? `${names.slice(0, 6).join(", ")} …` : names.join(", ");

/** A number, or a list as long as neither side of the inputs, is of the last sample that a loop has seen. */
const isOfOne = (name: string, value: Given, x: readonly number[]): boolean =>
  isNumbers(value) &&
  having(ofUnits)(name) &&
  !having(["x", "t", "W", "b"])(name) &&
  x.every((n) => n > 1) &&
  value.shape.length < 2 &&
  (value.shape.length === 0 || !x.includes(value.shape[0]!));

interface Sight {
  readonly units: readonly NumberArray[];
  /** The sizes that the values of layers have in common. */
  readonly sizes: readonly number[];
  /** Every width that a matrix of weights has. */
  readonly widths: readonly number[];
}

/**
 * Of several arrays of one meaning the one that goes with the values of layers: the mini-batch; of labels those that
 * are one-hot.
 */
function chosen(
  names: readonly string[],
  arrays: ReadonlyMap<string, NumberArray>,
  { units, sizes, widths }: Sight,
): { readonly name: string; readonly fits: boolean } {
  const isBatch = (name: string): boolean =>
    sizes.length === 0 || arrays.get(name)!.shape.some((n) => sizes.includes(n));
  const fitting = names.filter(isBatch);
  const rank = (name: string): number => {
    const { shape } = arrays.get(name)!;
    const asOutput = units.some((one) => one.shape.join() === shape.join());
    return (asOutput ? 0 : 4) + (shape.some((n) => widths.includes(n)) ? 0 : 2) + (batch.test(name) ? 0 : 1);
  };
  const [name = ""] = [...(fitting.length > 0 ? fitting : names)].sort(
    (a, b) => rank(a) - rank(b) || arrays.get(b)!.data.length - arrays.get(a)!.data.length,
  );
  return { name, fits: fitting.length > 0 };
}

/** The values of a pass, while what does not belong to it is left out. */
class Kept {
  readonly entries: Map<string, Given>;
  readonly notes: Words[] = [];

  constructor(entries: Iterable<readonly [string, Given]>) {
    this.entries = new Map(entries);
  }

  /** Leaves values out, and says why. */
  leave(names: readonly string[], why: Words): void {
    if (names.length === 0) return;
    for (const name of names) this.entries.delete(name);
    this.notes.push(sources.leftOut({ names: short(names), why }));
  }

  /** Of several arrays of one meaning keeps the one of the pass; false where none goes with the values of layers. */
  keepOne(group: readonly string[], sight: Sight): boolean {
    const arrays = new Map(
      group.flatMap((name) => {
        const value = this.entries.get(name);
        return isNumbers(value) ? [[name, value] as const] : [];
      }),
    );
    const names = [...arrays.keys()];
    if (names.length === 0) return true;
    const { name, fits } = chosen(names, arrays, sight);
    const others = names.filter((other) => other !== name);
    const different = others.filter((other) => !same(arrays.get(other)!, arrays.get(name)!));
    for (const other of others) this.entries.delete(other);
    if (different.length > 0) this.notes.push(sources.leftOutBeside({ names: short(different), name }));
    return fits;
  }
}

/** Returns what a pass used; throws where the data of its batch are nowhere. */
export function passOf(
  found: ReadonlyMap<string, Given>,
  { data, wanted }: Pick<ScriptRoles, "data" | "wanted">,
): Pass {
  const descriptions = describing(wanted).filter((name) => !having(["x", "t", "u", "v", "W", "b"])(name));
  const all = new Kept(
    [...found].filter(
      ([name, value]) =>
        value !== null &&
        !isCount(value) &&
        (!descriptions.includes(name) || describes(value)) &&
        !(isList(value) && scopeOf(name, "top") === "forward"),
    ),
  );
  const { entries: kept, notes } = all;
  for (const [name, value] of kept) if (isRecord(value)) kept.set(name, withoutSlopes(name, value));
  accumulated(kept);
  decay(kept);
  const isArray = (name: string): boolean => isNumbers(kept.get(name)) || isList(kept.get(name));
  all.leave(
    [...kept.keys()].filter((name) => isArray(name) && isUnclear(name)),
    sources.perhapsDelta,
  );
  for (const name of passing(kept)) kept.delete(name);
  const units = [...kept].filter((one): one is [string, NumberArray] => isUnits(...one));
  const sizes = commonSizes(units.map(([, value]) => value));
  const widths = [...kept].flatMap(([name, value]) => (isNumbers(value) && having(["W"])(name) ? value.shape : []));
  const sight = { units: units.map(([, value]) => value), sizes, widths };
  const fitting = data.map((group) => all.keepOne(group, sight));
  if (fitting.includes(false) && units.length > 0) {
    // A loop over samples that adds up its gradients leaves the values of one sample.
    if (!sizes.includes(1))
      throw new SourceError(
        programErrors.otherSamples({ names: short(units.map(([name]) => name)) }),
        programErrors.nameBatch,
      );
    all.leave(
      units.map(([name]) => name),
      sources.ofOneSample,
    );
  }
  const [x] = [...kept].flatMap(([name, value]) =>
    having(["x"])(name) && isNumbers(value) && value.shape.length === 2 ? [value.shape] : [],
  );
  const ofOne = [...kept].flatMap(([name, value]) => (x !== undefined && isOfOne(name, value, x) ? [name] : []));
  all.leave(ofOne, sources.ofOneSample);
  return { entries: kept, notes };
}

/** `W`, `dW`, `Z` of a function that is called for each layer, where `W1`, `W2`, … are all in sight. */
function passing(kept: ReadonlyMap<string, Given>): string[] {
  const names = [...kept].flatMap(([name, value]) => (isRecord(value) ? [...value.entries.keys()] : [name]));
  const numbers = names.flatMap((name) =>
    meaningsOf(name, "top").flatMap(({ role, layer }) => (role === "W" && layer.kind === "number" ? [layer.n] : [])),
  );
  if (new Set(numbers).size < 2 || !numbers.some((n) => n < 2)) return [];
  return [...kept].flatMap(([name, value]) =>
    isNumbers(value) &&
    !having(["x", "t"])(name) &&
    meaningsOf(name, "top").some(({ role, layer }) => ofLayers.includes(role) && layer.kind === "all")
      ? [name]
      : [],
  );
}

/** A dictionary without ∂C/∂v, about which no equation is. */
function withoutSlopes(name: string, { entries }: GivenRecord): GivenRecord {
  const scope = scopeOf(name, "top") ?? "top";
  return recordOf(new Map([...entries].filter(([key]) => meaningsOf(key, scope)[0]?.role !== "gradV")));
}

/**
 * `Delta1 = Delta1 + delta2 * a1'`, as large as Theta1, is its gradient before it is divided: only the gradient itself
 * counts beside it.
 */
function accumulated(kept: Map<string, Given>): void {
  for (const [name, value] of [...kept]) {
    const number = /^Delta_?(\d+)$/.exec(name)?.[1];
    if (number === undefined || !isNumbers(value)) continue;
    const weights = [...kept].find(
      ([other, one]) =>
        having(["W"])(other) && other.endsWith(number) && isNumbers(one) && one.shape.join() === value.shape.join(),
    );
    if (weights === undefined) continue;
    kept.delete(name);
    const has = [...kept.keys()].some((other) => having(["gradW"])(other) && other.includes(number));
    if (!has) kept.set(`grad_${weights[0]}`, value);
  }
}

/** The strength of L2, whatever it is called; of several none. */
function decay(kept: Map<string, Given>): void {
  const names = [...kept.keys()].filter(isDecay);
  const [only] = names.flatMap((name) => (isNumbers(kept.get(name)) ? [kept.get(name) as NumberArray] : []));
  for (const name of names) kept.delete(name);
  if (names.length === 1 && only !== undefined && only.data[0] !== 0) kept.set("lambda", only);
}
