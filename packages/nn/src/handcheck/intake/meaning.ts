/** Reads a name: which quantity, of which layer. The words themselves are in the table of names. */

import type { Words } from "../../locales/words.ts";
import {
  ambiguous,
  containers,
  gradientPrefixes,
  gradientSuffixes,
  hiddens,
  layerPrefixes,
  layerWords,
  outputs,
  singles,
  stems,
  stepAffixes,
  type LayerRole,
  type Role,
  type Scope,
  type SingleRole,
} from "./names.ts";

/** The layer that a name speaks of, as it is written. */
export type LayerName =
  | { readonly kind: "all" }
  | { readonly kind: "number"; readonly n: number }
  /** A module of a program, `fc1` or `layers.2`: its number may count activations as well. */
  | { readonly kind: "module"; readonly key: string; readonly n: number | null }
  | { readonly kind: "word"; readonly word: "hidden" | "output" };

export interface Meaning {
  readonly role: Role;
  readonly layer: LayerName;
}

const all: LayerName = { kind: "all" };

const letters: readonly (readonly [RegExp, string])[] = [
  [/[δΔ]/g, "delta"],
  [/[θΘ]/g, "theta"],
  [/∂/g, "d"],
  [/∇/g, "nabla"],
  [/η/g, "eta"],
  [/[λΛ]/g, "lambda"],
  [/μ/g, "mu"],
  [/α/g, "alpha"],
  [/σ/g, "sigma"],
  [/\+/g, "plus"],
];

/** A name without case, separators and what a program adds to it; its number apart, `#` in its place. */
export function plainName(name: string): { readonly text: string; readonly numbers: readonly number[] } {
  // Keras ends the names of its variables with :0.
  let text = name.replace(/:0$/, "").normalize("NFKC");
  for (const [letter, word] of letters) text = text.replace(letter, word);
  text = text.toLowerCase();
  const numbers = [...text.matchAll(/\d+/g)].map(([digits]) => Number(digits));
  text = text.replace(/\d+/g, "#");
  return { text: singles.remark.includes(text) ? text : text.replace(/[\s_\-.,:;'"`^{}[\]()\\/|*]/g, ""), numbers };
}

type Quantity = keyof typeof stems;

const quantities = Object.keys(stems) as readonly Quantity[];

/** Returns what remains of a stem once its layer is taken from it. */
function quantityOf(
  text: string,
  n: number | null,
): readonly { readonly quantity: Quantity; readonly layer: LayerName }[] {
  const found: { quantity: Quantity; layer: LayerName }[] = [];
  const words = Object.entries(layerWords) as readonly (readonly ["hidden" | "output", readonly string[]])[];
  for (const quantity of quantities) {
    for (const stem of stems[quantity]) {
      if (text === stem) found.push({ quantity, layer: all });
      else if (n !== null && text === `${stem}#`) found.push({ quantity, layer: { kind: "number", n } });
      else if (n !== null && text.endsWith(`#${stem}`) && isPrefix(text.slice(0, -stem.length - 1)))
        found.push({
          quantity,
          layer: { kind: "module", key: text.slice(0, -stem.length).replace("#", String(n)), n },
        });
      else if (text.startsWith(stem) || text.endsWith(stem)) {
        const rests = [
          text.startsWith(stem) ? text.slice(stem.length) : "",
          text.endsWith(stem) ? text.slice(0, -stem.length) : "",
        ];
        const word = words.find(([, list]) => rests.some((rest) => list.includes(rest)))?.[0];
        if (word !== undefined) found.push({ quantity, layer: { kind: "word", word } });
      }
    }
  }
  if (outputs.u.includes(text)) found.push({ quantity: "u", layer: { kind: "word", word: "output" } });
  if (outputs.v.includes(text)) found.push({ quantity: "v", layer: { kind: "word", word: "output" } });
  if (hiddens.includes(text)) found.push({ quantity: "v", layer: { kind: "word", word: "hidden" } });
  return found;
}

const isPrefix = (text: string): boolean => text === "" || layerPrefixes.some((one) => one === text);

const gradients: Readonly<Record<Quantity, LayerRole | null>> = {
  W: "gradW",
  b: "gradB",
  u: "delta",
  v: "gradV",
  delta: null,
};
const steps: Readonly<Record<Quantity, LayerRole | null>> = { W: "nextW", b: "nextB", u: null, v: null, delta: null };
const later: Readonly<Record<Quantity, LayerRole | null>> = { W: "afterW", b: "afterB", u: null, v: null, delta: null };
const plain: Readonly<Record<Quantity, LayerRole>> = { W: "W", b: "b", u: "u", v: "v", delta: "delta" };

/** Returns what a stem without affixes means in a scope. */
function roleIn(scope: Scope, quantity: Quantity): LayerRole | null {
  switch (scope) {
    case "gradients":
      return gradients[quantity] ?? plain[quantity];
    case "next":
      return steps[quantity];
    case "after":
      return later[quantity];
    default:
      return plain[quantity];
  }
}

/** The text without an affix that it has before or behind it, for each that it has. */
function without(text: string, before: readonly string[], behind: readonly string[]): string[] {
  return [
    ...before.flatMap((affix) =>
      text.startsWith(affix) && text.length > affix.length ? [text.slice(affix.length)] : [],
    ),
    ...behind.flatMap((affix) =>
      text.endsWith(affix) && text.length > affix.length ? [text.slice(0, -affix.length)] : [],
    ),
  ];
}

/** `conv.weight`, `stack.2.bias.grad`: a module of any name, with its weights or its bias. */
const moduleName = /^(.*[^.\s/])[./](weight|kernel|bias)(?::0)?([._]?grad)?$/i;

function ofModule(name: string, scope: Scope): Meaning | null {
  const found = moduleName.exec(name);
  if (found === null) return null;
  const [, key = "", what = "", grad] = found;
  const n = /\d+(?!.*\d)/.exec(key)?.[0];
  const quantity: Quantity = what.toLowerCase() === "bias" ? "b" : "W";
  const role = grad === undefined ? roleIn(scope, quantity) : gradients[quantity];
  return role === null ? null : { role, layer: { kind: "module", key, n: n === undefined ? null : Number(n) } };
}

/** Everything that a name may mean in a scope, the likeliest first. */
export function meaningsOf(name: string, scope: Scope): Meaning[] {
  const module = ofModule(name, scope);
  if (module !== null) return [module];
  const { text, numbers } = plainName(name);
  if (numbers.length > 1) return [];
  const n = numbers[0] ?? null;
  const found: Meaning[] = [];
  const add = (role: Role | null, layer: LayerName): void => {
    if (role !== null && !found.some((one) => one.role === role && JSON.stringify(one.layer) === JSON.stringify(layer)))
      found.push({ role, layer });
  };
  for (const { quantity, layer } of quantityOf(text, n)) add(roleIn(scope, quantity), layer);
  for (const rest of without(text, gradientPrefixes, gradientSuffixes)) {
    for (const { quantity, layer } of quantityOf(rest, n)) add(gradients[quantity], layer);
    if (singles.x.includes(rest)) add("delta", { kind: "number", n: 0 });
    if (n !== null && rest === "#" && text === "d#") add("delta", { kind: "number", n });
  }
  for (const rest of without(text, stepAffixes, stepAffixes)) {
    for (const { quantity, layer } of quantityOf(rest, n))
      add(scope === "next" ? later[quantity] : steps[quantity], layer);
  }
  if (n === null) {
    for (const word of ["hidden", "output"] as const) {
      if (layerWords[word].some((one) => singles.activations.some((own) => text === one + own || text === own + one)))
        add("activations", { kind: "word", word });
    }
    for (const role of Object.keys(singles) as SingleRole[]) if (singles[role].includes(text)) add(role, all);
    // What holds gradients by name may be the gradient itself: of one layer, or a list of all of them.
    if (scope !== "gradients" && containers.gradients.includes(text)) add("gradW", all);
    // The outputs of a data set are its targets.
    if (scope === "data" && (stems.v.includes(text) || outputs.v.includes(text))) return [{ role: "t", layer: all }];
    if (scope === "gradients" && singles.x.includes(text)) return [{ role: "delta", layer: { kind: "number", n: 0 } }];
  }
  return found;
}

/** Returns what a name opens, where its value holds further names. */
export function scopeOf(name: string, within: Scope): Exclude<Scope, "top"> | null {
  const { text, numbers } = plainName(name);
  if (numbers.length > 0) return null;
  const own = (Object.keys(containers) as Exclude<Scope, "top">[]).filter((scope) => containers[scope].includes(text));
  if (within === "next" && own.includes("after")) return "after";
  return own.find((scope) => scope !== "after") ?? null;
}

/** A key that says nothing but the layer: `2`, `layer1`, `fc2`, `hidden`. */
export function layerKey(name: string): LayerName | null {
  const { text, numbers } = plainName(name);
  if (numbers.length === 1 && (text === "#" || layerPrefixes.some((prefix) => text === `${prefix}#`))) {
    return text === "#" ? { kind: "number", n: numbers[0]! } : { kind: "module", key: name, n: numbers[0]! };
  }
  for (const word of ["hidden", "output"] as const)
    if (numbers.length === 0 && layerWords[word].includes(text)) return { kind: "word", word };
  return null;
}

/** Why a name is not taken for what it may be. */
export function doubtOf(name: string): Words | null {
  return ambiguous[plainName(name).text] ?? null;
}

/** Names that people could have meant, for an offer: those of the table, each as it is usually written. */
export const offered: readonly string[] = [
  "network",
  "parameters",
  "data",
  "hand",
  "grads",
  "next",
  "convention",
  "sizes",
  "activations",
  "cost",
  "biases",
  "x",
  "t",
  "eta",
  "lambda",
  "momentum",
  "digits",
  "decimals",
  "seed",
  "tiedBiases",
  "W",
  "b",
  "u",
  "v",
  "delta",
  "gradW",
  "gradB",
  "W1",
  "b1",
  "dW1",
  "db1",
  "dZ1",
  "delta1",
  "weights",
  "loss",
  "targets",
  "labels",
  "inputs",
  "activation",
  "formulas",
  "backward",
  "dtype",
  "initialization",
];
