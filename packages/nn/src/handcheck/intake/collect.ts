/** Takes apart what came in: every value under the role that its name gives it, and every name that gives none. */

import { intake } from "../../locales/intake.ts";
import type { Words } from "../../locales/words.ts";
import { nearest } from "../nearest.ts";
import type { Given, GivenList, GivenRecord } from "./given.ts";
import { doubtOf, layerKey, meaningsOf, offered, scopeOf, type LayerName, type Meaning } from "./meaning.ts";
import type { LayerRole, Role, Scope } from "./names.ts";
import { isList, isNumbers, isRecord, kindOf } from "./values.ts";

/** One value and what it is. */
export interface Item {
  /** Says where it stood: `hand.grads.dW1`. */
  readonly path: string;
  readonly role: Role;
  readonly layer: LayerName;
  readonly value: Given;
}

export interface Collected {
  readonly items: readonly Item[];
  /** Says what is told of conventions: parts by name, or the name of somebody's. */
  readonly convention: readonly { readonly path: string; readonly value: GivenRecord | string }[];
  /** Names that cannot be used. */
  readonly refused: readonly Words[];
}

const layerRoles: readonly Role[] = [
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

export const isLayerRole = (role: Role): role is LayerRole => layerRoles.includes(role);

/** The names within the value of a role that holds names: of `gradW: { W1: … }`. */
const scopeWithin: Readonly<Record<LayerRole, Scope>> = {
  W: "parameters",
  b: "parameters",
  u: "forward",
  v: "forward",
  delta: "gradients",
  gradW: "gradients",
  gradB: "gradients",
  gradV: "gradients",
  nextW: "next",
  nextB: "next",
  afterW: "after",
  afterB: "after",
};

const isText = (given: Given): boolean =>
  typeof given === "string" ||
  (isList(given) && given.entries.length > 0 && given.entries.every((entry) => typeof entry === "string"));

/** True if a value can be what a role needs. */
function suits(role: Role, given: Given): boolean {
  const rank = isNumbers(given) ? given.shape.length : null;
  switch (role) {
    case "costName":
    case "dtype":
    case "initialization":
    case "remark":
      return typeof given === "string";
    case "activations":
      return isText(given);
    case "sizes":
      return rank === 1;
    case "biases":
    case "tiedBiases":
      return typeof given === "boolean";
    case "cost":
    case "eta":
    case "momentum":
    case "lambda":
    case "digits":
    case "decimals":
    case "samples":
    case "layers":
      return rank === 0;
    case "seed":
      return rank === 0 || typeof given === "string";
    case "x":
    case "t":
      return rank !== null;
    default:
      return rank !== null || (isList(given) && !isText(given));
  }
}

const numbersOnly = (given: Given): boolean => isNumbers(given) || isList(given);

/** Returns what a name and its value leave: one meaning, several, or none. */
function readings(name: string, scope: Scope, value: Given): Meaning[] {
  const fitting = meaningsOf(name, scope).filter(({ role }) => suits(role, value));
  // An unnumbered `h` or `out` is a layer's own values; in a list it is every layer's.
  const byLayer = isList(value) || (isNumbers(value) && value.shape.length > 2);
  return fitting.filter(
    (one) =>
      !fitting.some(
        (other) =>
          other !== one &&
          other.role === one.role &&
          (byLayer
            ? other.layer.kind === "all" && one.layer.kind === "word"
            : one.layer.kind === "all" && other.layer.kind === "word"),
      ),
  );
}

/** `{ name: "huber", delta: 0.5 }` as `huber(delta=0.5)`; `null` where it is no name with numbers. */
function asName(given: Given): string | null {
  if (typeof given === "string") return given;
  if (!isRecord(given)) return null;
  const name = given.entries.get("name");
  const options = [...given.entries].filter(([key, value]) => key !== "name" && value !== null);
  const written = options.map(([key, value]) =>
    isNumbers(value) && value.shape.length < 2
      ? `${key}=${value.shape.length === 0 ? value.data[0]! : `[${value.data.join(",")}]`}`
      : typeof value === "string"
        ? `${key}="${value}"`
        : typeof value === "boolean"
          ? `${key}=${value}`
          : null,
  );
  if (typeof name !== "string" || !written.every((one) => one !== null)) return null;
  return written.length === 0 ? name : `${name}(${written.join(", ")})`;
}

/** A value with activations and costs as texts, where they came with their numbers as objects. */
function spokenIn(name: string, scope: Scope, value: Given): Given {
  if (!isRecord(value) && !(isList(value) && value.entries.some(isRecord))) return value;
  if (!meaningsOf(name, scope).some(({ role }) => role === "activations" || role === "costName")) return value;
  if (isRecord(value)) return asName(value) ?? value;
  const texts = value.entries.map(asName);
  return texts.every((one) => one !== null) ? { kind: "list", entries: texts } : value;
}

/** Walks through names; what it finds is in `items`. */
class Walk {
  readonly items: Item[] = [];
  readonly convention: { path: string; value: GivenRecord | string }[] = [];
  readonly refused: Words[] = [];

  record(record: GivenRecord, scope: Scope, path: string, bound: LayerName | null): void {
    for (const [name, given] of record.entries) {
      if (given === null) continue;
      const value = spokenIn(name, scope, given);
      const here = path === "" ? name : `${path}.${name}`;
      if (isRecord(value)) this.#opened(name, value, scope, here, bound);
      else if (isList(value) && value.entries.some(isRecord)) this.#listed(name, value, scope, here);
      else if (isList(value) && this.#paired(name, value, scope, here)) continue;
      else if (typeof value === "string" && scopeOf(name, scope) === "convention")
        this.convention.push({ path: here, value });
      else this.#value(name, value, scope, here, bound);
    }
  }

  #opened(name: string, value: GivenRecord, scope: Scope, path: string, bound: LayerName | null): void {
    const roles = bound === null ? meaningsOf(name, scope).filter(({ role }) => isLayerRole(role)) : [];
    const keys = [...value.entries.keys()];
    const [first] = roles;
    const byLayer =
      keys.length > 0 &&
      keys.every((key) => layerKey(key) !== null) &&
      [...value.entries.values()].every((entry) => !isRecord(entry));
    if (first !== undefined && first.layer.kind === "all" && (byLayer || keys.length === 0)) {
      for (const [key, entry] of value.entries)
        if (entry !== null) this.#item(first.role, layerKey(key)!, entry, `${path}.${key}`);
      return;
    }
    const inner = scopeOf(name, scope);
    if (inner === "convention") this.convention.push({ path, value });
    else if (inner !== null) this.record(value, inner, path, bound);
    else if (layerKey(name) !== null && bound === null) this.record(value, scope, path, layerKey(name));
    else if (first !== undefined && first.layer.kind === "all")
      this.record(value, scopeWithin[first.role as LayerRole], path, bound);
    else this.#refuse(path, name, value, scope);
  }

  /** `layers: [{ W, b }, { W, b }]`: a list of what each layer has. */
  #listed(name: string, list: GivenList, scope: Scope, path: string): void {
    const inner = scopeOf(name, scope);
    if (inner === null || !list.entries.every((entry) => isRecord(entry) || entry === null))
      return this.#refuse(path, name, list, scope);
    list.entries.forEach((entry, i) => {
      if (isRecord(entry))
        this.record(entry, inner === "network" ? scope : inner, `${path}[${i}]`, {
          kind: "number",
          n: i + (list.entries[0] === null ? 0 : 1),
        });
    });
  }

  /** `[W1, b1, W2, b2]`, as Keras and others list parameters and their gradients. */
  #paired(name: string, { entries }: GivenList, scope: Scope, path: string): boolean {
    const inner = scopeOf(name, scope);
    const arrays = entries.filter(isNumbers);
    const isPaired =
      arrays.length === entries.length &&
      entries.length >= 4 &&
      entries.length % 2 === 0 &&
      arrays.every(({ shape, data }, i) =>
        i % 2 === 0 ? shape.length === 2 : shape.length === 1 && arrays[i - 1]!.shape.includes(data.length),
      );
    if (!isPaired || (inner !== "parameters" && inner !== "gradients")) return false;
    arrays.forEach((value, i) =>
      this.#item(
        inner === "parameters" ? (i % 2 === 0 ? "W" : "b") : i % 2 === 0 ? "gradW" : "gradB",
        { kind: "number", n: Math.floor(i / 2) + 1 },
        value,
        `${path}[${i}]`,
      ),
    );
    return true;
  }

  #value(name: string, value: Given, scope: Scope, path: string, bound: LayerName | null): void {
    const found = readings(name, scope, value);
    const [first] = found;
    const doubt = numbersOnly(value) && (first === undefined || first.role === "gradV") ? doubtOf(name) : null;
    if (doubt !== null) {
      this.refused.push(intake.couldBe({ path, doubt }));
    } else if (first === undefined) {
      this.#refuse(path, name, value, scope);
    } else if (found.length > 1) {
      const names = found.map(({ role }) => role);
      this.refused.push(intake.couldBeOneOf({ path, roles: names }));
    } else
      this.#item(
        first.role,
        bound !== null && (isLayerRole(first.role) || first.role === "activations") && first.layer.kind === "all"
          ? bound
          : first.layer,
        value,
        path,
      );
  }

  #item(role: Role, layer: LayerName, value: Given, path: string): void {
    if (suits(role, value)) this.items.push({ path, role, layer, value });
    else this.refused.push(intake.noNumbers({ path, kind: kindOf(value), role }));
  }

  #refuse(path: string, name: string, value: Given, scope: Scope): void {
    const known = meaningsOf(name, scope);
    if (known.length > 0 || scopeOf(name, scope) !== null) {
      this.refused.push(intake.cannotBe({ path, kind: kindOf(value) }));
      return;
    }
    const near = nearest(name, offered);
    this.refused.push(intake.unknownName({ path, name, near }));
  }
}

/** Everything in what came in, by its role. */
export function collect(values: GivenRecord, scope: Scope = "top"): Collected {
  const walk = new Walk();
  walk.record(values, scope, "", null);
  return walk;
}
