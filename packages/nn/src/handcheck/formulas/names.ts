/**
 * Says what words mean: the document's u and v, Nielsen's z and a, Ng's Z, A, dZ and dW, and the names of functions.
 */

import { recordNamed, recordNames } from "../../network/activation.ts";
import { plainWord } from "../../network/spoken.ts";
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
  /** True if the word can also be a variable, as g can: then it is a function only before a parenthesis or a prime. */
  readonly soft: boolean;
}

const gradientPrefix = "(?:d_?(?:[CELJ]|[Ll]oss|[Cc]ost|[Ee]rr(?:or)?)_?d_?|[dD]_?|grad_?|gradient_?|nabla_?|g)";
const of = (prefix: string, stem: string): RegExp => new RegExp(`^${prefix}${stem}_?$`);
const [weights, biases, inputs, outputs] = [
  "(?:[Ww]|[Tt]heta|[Ww]eights?)",
  "(?:[bB]|[Bb]ias(?:es)?)",
  "(?:[uUzZ]|net)",
  "(?:[vVaAoO])",
];

const layered: readonly (readonly [RegExp, Quantity])[] = [
  [/^(?:delta_?|δ|d|dnet|delta_?[uUzZ])$/, "delta"],
  [/^(?:Delta|D)$/, "gradW"],
  [of(gradientPrefix, "[uUzZ]"), "delta"],
  [of(gradientPrefix, weights), "gradW"],
  [of(gradientPrefix, biases), "gradB"],
  [of(gradientPrefix, "[aAvV]"), "gradV"],
  [of("", "(?:[Ww]|[Tt]heta|[Θθ]|[Ww]eights?)"), "W"],
  [of("", biases), "b"],
  [of("", inputs), "u"],
  [of("", outputs), "v"],
];
const gradientOf: Partial<Readonly<Record<Quantity, Quantity>>> = { W: "gradW", b: "gradB", u: "delta", v: "gradV" };

const input: Layer = { base: "input", offset: 0 };
const words = (name: Quantity, layer: Layer | null, list: string): (readonly [string, NamedQuantity])[] =>
  list.split(" ").map((word) => [word, { name, layer }]);

const plain: ReadonlyMap<string, NamedQuantity> = new Map<string, NamedQuantity>([
  ...words("v", input, "x X inputs input_data X_train x_train X_batch x_batch Xb xb"),
  ...words("v", { base: "L", offset: 0 }, "yhat y_hat Yhat Y_hat y_pred Y_pred y_prediction"),
  ...words(
    "t",
    null,
    "t y Y target targets label labels y_true Y_true y_target expected one_hot one_hot_Y one_hot_y onehot onehot_y onehot_Y y_onehot Y_onehot y_one_hot Y_one_hot Y_oh y_oh y_enc y_train Y_train y_batch Y_batch Yb yb",
  ),
  ...words("cost", null, "C E J L cost loss Cost Loss"),
  ...words("error", null, "e"),
  ...words("N", null, "N m n num_examples num_samples n_samples num_train batch_size n_examples batchsize"),
  ...words(
    "eta",
    null,
    "eta η lr LR alpha α learning_rate learningrate learningRate learn_rate learn step_size epsilon ε",
  ),
  ...words("lambda", null, "lambda λ lam lambd lmbda lmbd lambda_ reg reg_lambda Lambda"),
  // From the input to the one hidden layer, and from there to the output.
  ...words(
    "W",
    { base: "hidden", offset: 0 },
    "wih W_ih W_xh Wxh W_x weights_ih weights_input_hidden weights_input_to_hidden weights_0_1 w_ih w_xh",
  ),
  ...words(
    "W",
    { base: "L", offset: 0 },
    "who W_ho W_hy Why weights_ho weights_hidden_output weights_hidden_to_output weights_1_2 w_ho w_hy W_y",
  ),
]);

const tail = /^(.*?)(\d+|[Ll]|_?(?:hidden_layer|hidden|hid|h)|_?(?:output_layer|output|out|o))?$/;

/** True if a word is a name with all that stands behind its underscore: `y_hat`, `onehot_y`. */
export const isWholeName = (word: string): boolean => plain.has(word);

/** The quantity that a word names; null where it names none. */
export function namedQuantity(word: string): NamedQuantity | null {
  const whole = plain.get(word);
  if (whole !== undefined) return whole;
  const suffixed = /^(.+?)_?(?:[gG]rad(?:ient)?s?)$/.exec(word)?.[1];
  if (suffixed !== undefined && !/^d/.test(suffixed)) {
    const base = namedQuantity(suffixed);
    const name = base === null ? undefined : gradientOf[base.name];
    return base === null || name === undefined || base.layer?.base === "input" ? null : { ...base, name };
  }
  const known = plain.get(new RegExp(`^${gradientPrefix}(.+)$`).exec(word)?.[1] ?? "");
  if (known?.name === "W") return { ...known, name: "gradW" };
  const parts = tail.exec(word)!;
  // An o alone is an output, no end of a name.
  const [stem, end] = parts[1] === "" ? [word, undefined] : [parts[1]!, parts[2]];
  const found = layered.find(([pattern]) => pattern.test(stem));
  if (found === undefined) return null;
  const [, name] = found;
  if (end === undefined) return stem === "d" ? null : { name, layer: null };
  // A lone d is a differential; CS231n's dhidden is no δ yet.
  if (stem === "d" && !/\d|^_/.test(end)) return null;
  // The output is no quantity of its own in "do", and an o alone is none behind a word.
  if (/^[hHoO]$/.test(end) && (name === "v" || name === "gradV" || stem.length > 3))
    return /^[aAzZ]$/.test(stem) ? { name, layer: layerOf(end) } : null;
  return { name, layer: layerOf(end) };
}

function layerOf(end: string): Layer {
  if (end === "L" || end === "l") return { base: end, offset: 0 };
  if (/^\d+$/.test(end)) return { base: "number", offset: Number(end) };
  return { base: /^_?h/.test(end) ? "hidden" : "L", offset: 0 };
}

const functions: ReadonlyMap<string, FunctionName> = new Map<string, FunctionName>([
  ["sigma", "activation"],
  ["σ", "activation"],
  ["sig", "activation"],
  ["phi", "activation"],
  ["φ", "activation"],
  ["act", "activation"],
  ["activation", "activation"],
  ["activate", "activation"],
  ["activation_function", "activation"],
  ["nonlin", "activation"],
  ["nonlinearity", "activation"],
  ["transfer", "activation"],
  ["sigmoid", "sigmoid"],
  ["Sigmoid", "sigmoid"],
  ["logistic", "sigmoid"],
  ["logsig", "sigmoid"],
  ["expit", "sigmoid"],
  ["tanh", "tanh"],
  ["tansig", "tanh"],
  ["relu", "relu"],
  ["ReLU", "relu"],
  ["Relu", "relu"],
  ["RELU", "relu"],
  ["softmax", "softmax"],
  ["Softmax", "softmax"],
  ["exp", "exp"],
  ["log", "log"],
  ["ln", "log"],
  ["sqrt", "sqrt"],
  ["abs", "abs"],
  ["sign", "sign"],
]);
const softFunctions: ReadonlySet<string> = new Set(["s", "g", "f", "h"]);
/** Functions that cannot be meant where a word is built of more than their name. */
const derived: ReadonlySet<string> = new Set(["activation", ...recordNames]);

/**
 * The activation that a word names by an alias of its record: `leaky_relu`, `GELU`, `swish`. Short words are somebody's
 * own.
 */
function byAlias(word: string): FunctionName | undefined {
  const plain = plainWord(word);
  return plain.length < 3 || plain === "none" || plain === "lin" || plain === "sigma" ? undefined : recordNamed(plain);
}

const derivativeWord =
  /^(.+?)_?(?:[pP]rime|[dD]erivative|[dD]eriv|[dD]er|[gG]rad|[gG]radient|2deriv|_p|output_to_derivative|_backward)$/;
const derivativeOf = /^(?:der(?:iv(?:atives?)?)?_?(?:of_)?(?:the_)?|grad_?|d_?)(.+)$/;

/** The function that a word names, as σ or as σ′: `sigmoid_prime`, `dsigmoid`, `sigmoidGradient`. */
export function namedFunction(word: string): NamedFunction | null {
  if (softFunctions.has(word)) return { name: "activation", prime: false, soft: true };
  const whole = functions.get(word) ?? byAlias(word);
  if (whole !== undefined) return { name: whole, prime: false, soft: false };
  const stem = derivativeWord.exec(word)?.[1] ?? derivativeOf.exec(word)?.[1];
  if (stem === undefined) return null;
  const bare = stem.replace(/_+$/, "");
  const name = softFunctions.has(bare) ? "activation" : (functions.get(bare) ?? byAlias(bare));
  return name === undefined || !derived.has(name) ? null : { name, prime: true, soft: bare.length === 1 };
}

/** The derivative of the cost by the output, as Nielsen's `cost_derivative(a, y)` is called. */
export const costDerivative = /^(?:cost|loss|error|mse|C|J)_?(?:derivative|prime|deriv|grad|gradient)$/;

/** Functions that change no number of what they are given. */
export const unchanging: ReadonlySet<string> = new Set([
  "copy",
  "array",
  "asarray",
  "atleast_2d",
  "float",
  "int",
  "int64",
  "int32",
  "float32",
  "float64",
]);

/** Functions that are not applied entry by entry, in NumPy's, MATLAB's and torch's names. */
export const arrayFunctions: ReadonlySet<string> = new Set([
  "sum",
  "mean",
  "dot",
  "matmul",
  "mm",
  "outer",
  "multiply",
  "power",
  "square",
  "transpose",
  "divide",
  "add",
  "subtract",
  "diag",
  "negative",
  "maximum",
  "max",
  "where",
  "cast",
  ...unchanging,
  "len",
  "length",
  "size",
]);

/** The names before the dot of a library's function. */
export const libraries: ReadonlySet<string> = new Set(["np", "numpy", "torch", "tf", "jnp", "cp", "F"]);

/** The document's letters for its three layers. */
export const layerLetters: ReadonlyMap<string, number> = new Map([
  ["M", 0],
  ["I", 1],
  ["J", 2],
]);

/**
 * True if what follows an underscore is a script of the word before it, as in `delta_j`, and not part of a name like
 * `y_hat`.
 */
export function isIndexable(base: string, rest: string): boolean {
  if (rest === "" || !/^(?:[a-zA-Z]{1,2}|\d+)$/.test(rest)) return false;
  // The hidden and the output layer by their first letters are no indices.
  if (
    /^(?:[ho]|xh|hy|ih|ho)$/.test(rest) &&
    namedQuantity(base) !== null &&
    (namedQuantity(`${base}_${rest}`)?.name === namedQuantity(base)?.name ||
      (rest.length === 1 && namedQuantity(base)?.layer === null))
  )
    return false;
  return base === "sum" || base === "nabla" || namedQuantity(base) !== null || namedFunction(base) !== null;
}
