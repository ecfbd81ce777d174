/** Says what is said in words and single numbers: sizes, activations, cost, rates, conventions. */

import { intake } from "../../locales/intake.ts";
import type { Words } from "../../locales/words.ts";
import { activationsNamed, isFault, recordNames } from "../../network/activation.ts";
import { parts } from "../../network/spoken.ts";
import type { Activation } from "../equations/network.ts";
import { decayForms } from "../claims/decay.ts";
import { guess } from "../nearest.ts";
import type { Convention, ConventionChoice } from "../report.ts";
import type { Collected, Item } from "./collect.ts";
import type { Given } from "./given.ts";
import type { Role } from "./names.ts";
import { isList, plain } from "./values.ts";

/** Everything single that was told; what was not is absent. */
export interface Told {
  readonly sizes?: readonly number[];
  readonly activations?: readonly Activation[];
  /** Says, if a name may mean two of them, what else was said; `activations` is the likeliest. */
  readonly otherActivations?: readonly (readonly Activation[])[];
  /** As it was written. */
  readonly cost?: string;
  readonly biases?: boolean;
  readonly tiedBiases?: boolean;
  readonly seed?: number | string;
  readonly dtype?: string;
  readonly initialization?: string;
  readonly costValue?: number;
  readonly eta?: number;
  readonly momentum?: number;
  readonly lambda?: number;
  readonly digits?: number;
  readonly decimals?: number;
  readonly samples?: number;
  readonly convention?: ConventionChoice;
}

const same = (a: Given, b: Given): boolean => JSON.stringify(plain(a)) === JSON.stringify(plain(b));

/** The one value of a role; two that differ are refused. */
function only(items: readonly Item[], role: Role, refused: Words[]): Item | undefined {
  const own = items.filter((one) => one.role === role && one.layer.kind === "all");
  const [first] = own;
  const other = own.find(({ value }) => !same(value, first!.value));
  if (first !== undefined && other !== undefined) {
    refused.push(intake.saidTwice({ first: first.path, other: other.path, role }));
  }
  return first;
}

/** The activations that a name may mean, the likeliest first; what is no name of one is refused. */
function namedActivation(path: string, name: string, refused: Words[]): readonly Activation[] {
  const found = activationsNamed(name);
  if (!isFault(found)) return found;
  if (found.problem.startsWith("an unknown")) {
    const near = guess(name, recordNames);
    refused.push(intake.unknownActivation({ path, name, near, known: recordNames }));
  } else refused.push(intake.activationOptions({ path, problem: found.problem, hint: found.hint, name }));
  return ["linear"];
}

/** So many ways to read the activations are tried. */
const MOST = 8;

/** Each way to choose among what the layers may have; one name means one thing throughout. */
function choicesOf(list: readonly (readonly Activation[])[]): readonly (readonly Activation[])[] {
  const open = [...new Map(list.filter((one) => one.length > 1).map((one) => [one.join(), one])).values()];
  let chosen: readonly ReadonlyMap<string, Activation>[] = [new Map()];
  for (const one of open)
    chosen = one.flatMap((activation) => chosen.map((before) => new Map([...before, [one.join(), activation]])));
  return chosen.slice(0, MOST).map((by) => list.map((one) => by.get(one.join()) ?? one[0]!));
}

/** One activation for each layer, of a list, of one for all, or of what each layer says. */
function activationsOf(
  items: readonly Item[],
  last: number,
  refused: Words[],
): readonly (readonly Activation[])[] | undefined {
  const whole = only(items, "activations", refused);
  const single = items.filter(({ role, layer }) => role === "activations" && layer.kind !== "all");
  if (whole === undefined && single.length === 0) return undefined;
  const list: (readonly Activation[] | undefined)[] = new Array<readonly Activation[] | undefined>(last).fill(
    undefined,
  );
  if (whole !== undefined) {
    const { path, value } = whole;
    const names = typeof value === "string" ? parts(value) : isList(value) ? (value.entries as readonly string[]) : [];
    // The input has no activation; some write one for it all the same.
    const own =
      names.length === last + 1 && /^(?:input|none|linear|identity)$/i.test(names[0]!) ? names.slice(1) : names;
    if (own.length !== 1 && own.length !== last) {
      refused.push(intake.otherActivations({ path, count: own.length, last }));
      return undefined;
    }
    const read = own.map((name) => namedActivation(path, name, refused));
    for (let l = 0; l < last; l++) list[l] = read.length === 1 ? read[0]! : read[l]!;
  }
  for (const { layer, path, value } of single) {
    const read = namedActivation(path, typeof value === "string" ? value : "[…]", refused);
    if (layer.kind === "word")
      for (let l = 1; l <= last; l++) list[l - 1] = (l === last) === (layer.word === "output") ? read : list[l - 1];
    else if (layer.kind !== "all" && layer.n !== null && layer.n >= 1 && layer.n <= last) list[layer.n - 1] = read;
    else refused.push(intake.noSuchLayer({ path, last }));
  }
  return list.every((one) => one !== undefined) ? choicesOf(list) : undefined;
}

const conventions: { readonly [K in keyof Convention]: readonly Convention[K][] } = {
  weights: ["out×in", "in×out"],
  samples: ["rows", "columns"],
  layerBase: [0, 1],
  deltaSign: [1, -1],
  reduction: ["sum", "mean"],
  delta: ["perSample", "reduced"],
  half: [true, false],
  decay: decayForms,
};

function conventionOf(given: Collected["convention"], refused: Words[]): ConventionChoice | undefined {
  const found: Record<string, unknown> = {};
  for (const { path, value } of given) {
    if (value === "auto" || value === "ours") return value;
    if (typeof value === "string") {
      refused.push(intake.unknownConvention({ path, value }));
      continue;
    }
    for (const [key, one] of value.entries) {
      const choices: readonly unknown[] | undefined = Object.hasOwn(conventions, key)
        ? conventions[key as keyof Convention]
        : undefined;
      const spoken = plain(one);
      const meant = typeof spoken === "string" ? spoken.replace(/\s*[x*]\s*/, "×").replace("lambda", "λ") : spoken;
      const listed = (all: readonly unknown[]): string => all.map(String).join(", ");
      if (choices === undefined) {
        const names = Object.keys(conventions);
        refused.push(intake.unknownConventionKey({ path, key, near: guess(key, names), known: listed(names) }));
      } else if (!choices.includes(meant)) {
        const near = typeof meant === "string" ? guess(meant, choices.map(String)) : "";
        const value = JSON.stringify(spoken);
        refused.push(intake.unknownConventionValue({ path, key, value, near, choices: listed(choices) }));
      } else found[key] = meant;
    }
  }
  return given.length === 0 ? undefined : (found as ConventionChoice);
}

/** Reads what is single; `last` is the number of layers, where it is known. */
export function readTold({ items, convention }: Collected, last: number | null, refused: Words[]): Told {
  const number = (role: Role): number | undefined =>
    (plain(only(items, role, refused)?.value ?? null) as number | undefined) ?? undefined;
  const text = (role: Role): string | undefined =>
    (only(items, role, refused)?.value as string | undefined) ?? undefined;
  const sizes = only(items, "sizes", refused);
  const list = sizes === undefined ? undefined : (plain(sizes.value) as number[]);
  if (list !== undefined && (list.length < 2 || list.some((n) => !Number.isInteger(n) || n < 1))) {
    refused.push(intake.tooFewLayers({ path: sizes!.path, sizes: list }));
  }
  const layers = number("layers");
  if (layers !== undefined && last !== null && layers !== last && layers !== last + 1) {
    refused.push(intake.otherLayers({ given: layers, last }));
  }
  const [digits, decimals] = [number("digits"), number("decimals")];
  if (digits !== undefined && decimals !== undefined) refused.push(intake.digitsAndDecimals);
  for (const [name, count, least] of [
    ["digits", digits, 1],
    ["decimals", decimals, 0],
  ] as const) {
    if (count !== undefined && !(Number.isInteger(count) && count >= least && count <= 17)) {
      refused.push(intake.digitsOutOfRange({ name, count, least }));
    }
  }
  const dtype = text("dtype");
  if (dtype !== undefined && dtype !== "float64" && dtype !== "float32") refused.push(intake.unknownType({ dtype }));
  const [activations, ...others] = last === null ? [] : (activationsOf(items, last, refused) ?? []);
  const found = {
    sizes: list,
    activations,
    otherActivations: others.length === 0 ? undefined : others,
    cost: text("costName"),
    biases: only(items, "biases", refused)?.value as boolean | undefined,
    tiedBiases: only(items, "tiedBiases", refused)?.value as boolean | undefined,
    seed: number("seed") as number | string | undefined,
    dtype,
    initialization: text("initialization"),
    costValue: number("cost"),
    eta: number("eta"),
    momentum: number("momentum"),
    lambda: number("lambda"),
    digits,
    decimals,
    samples: number("samples"),
    convention: conventionOf(convention, refused),
  };
  return Object.fromEntries(Object.entries(found).filter(([, value]) => value !== undefined)) as Told;
}
