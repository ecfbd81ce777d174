/** What words mean: the document's u and v, Nielsen's z and a, Ng's Z, A, dZ and dW, and the names of functions. */

import type { FunctionName, Layer, Quantity } from "./ast.ts";

/** A word that names a quantity, with the layer that is part of the word: `W2`, `dZ1`, `AL`. */
export interface NamedQuantity {
  readonly name: Quantity;
  readonly layer: Layer | null;
}

/** A word that names a function, or its derivative. */
export interface NamedFunction {
  readonly name: FunctionName;
  readonly prime: boolean;
  /** Whether the word can also be a variable, as g can: then it is a function only before a parenthesis or a prime. */
  readonly soft: boolean;
}

const layered: readonly (readonly [RegExp, Quantity])[] = [
  [/^(?:delta_?|δ|d|d_?[zZuU]|dnet|grad_?[zZuU])$/, "delta"],
  [/^(?:d_?[Ww]|grad_?[Ww]|g[Ww]|nabla_?[Ww])$/, "gradW"],
  [/^(?:d_?[bB]|grad_?[bB]|g[bB]|nabla_?[bB])$/, "gradB"],
  [/^(?:d_?[aAvV]|grad_?[aAvV])$/, "gradV"],
  [/^[Ww]$/, "W"],
  [/^[bB]$/, "b"],
  [/^(?:[uUzZ]|net)$/, "u"],
  [/^[vVaA]$/, "v"],
];

const plain: ReadonlyMap<string, NamedQuantity> = new Map<string, NamedQuantity>([
  ...["x", "X"].map((word) => [word, { name: "v", layer: { base: "number", offset: 0 } }] as const),
  ...["yhat", "y_hat"].map((word) => [word, { name: "v", layer: { base: "L", offset: 0 } }] as const),
  ...["t", "y", "Y"].map((word) => [word, { name: "t", layer: null }] as const),
  ...["C", "E", "J", "L", "cost", "loss", "Cost"].map((word) => [word, { name: "cost", layer: null }] as const),
  ["e", { name: "error", layer: null }],
  ...["N", "m", "n"].map((word) => [word, { name: "N", layer: null }] as const),
  ...["eta", "η", "lr", "alpha", "α", "learning_rate"].map((word) => [word, { name: "eta", layer: null }] as const),
  ...["lambda", "λ", "lam", "lambd", "lmbda"].map((word) => [word, { name: "lambda", layer: null }] as const),
]);

/** The quantity that a word names; null where it names none. */
export function namedQuantity(word: string): NamedQuantity | null {
  const whole = plain.get(word);
  if (whole !== undefined) return whole;
  const parts = /^(.*?)(\d+|[Ll])?$/.exec(word)!;
  const stem = parts[1]!;
  const found = layered.find(([pattern]) => pattern.test(stem));
  if (found === undefined) return null;
  const tail = parts[2];
  // A lone d is a differential, and "al" or "bl" would be a word: one letter takes L only after a capital or a number sign.
  if (stem === "d" && (tail === undefined || !/\d/.test(tail))) return null;
  if (tail === undefined) return { name: found[1], layer: null };
  if (tail === "L" || tail === "l") return { name: found[1], layer: { base: tail, offset: 0 } };
  return { name: found[1], layer: { base: "number", offset: Number(tail) } };
}

const functions: ReadonlyMap<string, FunctionName> = new Map<string, FunctionName>([
  ["sigma", "activation"], ["σ", "activation"], ["sig", "activation"], ["phi", "activation"], ["φ", "activation"],
  ["act", "activation"], ["activation", "activation"], ["sigmoid", "sigmoid"], ["logistic", "sigmoid"], ["logsig", "sigmoid"], ["tanh", "tanh"],
  ["relu", "relu"], ["ReLU", "relu"], ["softmax", "softmax"], ["exp", "exp"], ["log", "log"], ["ln", "log"], ["sqrt", "sqrt"],
  ["abs", "abs"], ["sign", "sign"],
]);
const softFunctions: ReadonlySet<string> = new Set(["s", "g", "f", "h"]);

/** The function that a word names, as σ or as σ′: `sigmoid_prime`, `dsigmoid`, `sigmoidGradient`. */
export function namedFunction(word: string): NamedFunction | null {
  if (softFunctions.has(word)) return { name: "activation", prime: false, soft: true };
  const whole = functions.get(word);
  if (whole !== undefined) return { name: whole, prime: false, soft: false };
  const stem = /^(.+?)_?(?:[pP]rime|[dD]erivative|[dD]eriv|[gG]rad|[gG]radient)$/.exec(word)?.[1] ?? /^d_?(.+)$/.exec(word)?.[1];
  if (stem === undefined) return null;
  const name = softFunctions.has(stem) ? "activation" : functions.get(stem);
  return name === undefined ? null : { name, prime: true, soft: stem.length === 1 };
}

/** Functions that are not applied entry by entry, in NumPy's, MATLAB's and torch's names. */
export const arrayFunctions: ReadonlySet<string> = new Set([
  "sum", "mean", "dot", "matmul", "outer", "multiply", "power", "square", "transpose", "divide", "add", "subtract", "diag", "negative",
]);

/** The names before the dot of a library's function. */
export const libraries: ReadonlySet<string> = new Set(["np", "numpy", "torch", "jnp", "cp", "F"]);

/** The document's letters for its three layers. */
export const layerLetters: ReadonlyMap<string, number> = new Map([["M", 0], ["I", 1], ["J", 2]]);

/** Whether what follows an underscore is a script of the word before it, as in `delta_j`, and not part of a name like `y_hat`. */
export function isIndexable(base: string, rest: string): boolean {
  if (rest === "" || !/^(?:[a-zA-Z]{1,2}|\d+)$/.test(rest)) return false;
  return base === "sum" || base === "nabla" || namedQuantity(base) !== null || namedFunction(base) !== null;
}
