/**
 * Options are checked here: a name that is none, and a value of another kind, get an error that names what was meant.
 */

import { ArgumentError, ConfigError, DTypeError } from "./errors.ts";

/** The domain of one option. */
export interface OptionKind {
  /** In words, behind "give": `"true or false"`. */
  readonly takes: string;
  /** The `typeof` of every value that it takes; a value of this type outside the domain is a ConfigError. */
  readonly type: string;
  readonly accepts: (value: unknown) => boolean;
  /** The error for any other value, where it is always the same. */
  readonly Refusal?: typeof ArgumentError | typeof ConfigError | typeof DTypeError;
}

/**
 * The kind of each option of a function: a name that is missing here is missing in the type of the options, and the
 * reverse.
 */
export type OptionKinds<O> = { readonly [K in keyof O]-?: OptionKind };

/** Advice that a message gives beyond the names of the options. */
export interface OptionHelp {
  /** The call as it is written: `"sum(x, axis, { keepDims })"`. */
  readonly call?: string;
  /** Advice for names that other libraries have and this function does not. */
  readonly instead?: { readonly [name: string]: string };
}

/** Kinds of options. */
export const option = {
  flag: { takes: "true or false", type: "boolean", accepts: (value) => typeof value === "boolean" },
  text: { takes: "a text", type: "string", accepts: (value) => typeof value === "string" && value !== "" },
  callback: { takes: "a function", type: "function", accepts: (value) => typeof value === "function" },
  /** An object of any kind, whose contents the function checks itself. */
  record: { takes: "an object", type: "object", accepts: isRecord },
  /** Any value: the function checks it itself, because its domain depends on other arguments. */
  checkedLater: { takes: "a value", type: "any", accepts: () => true },
  seed: {
    takes: "a whole number or a text",
    type: "number",
    accepts: (value) => typeof value === "string" || Number.isSafeInteger(value),
  },
  /** A whole number, `from` and `to` included. */
  whole: (from: number, to = Number.MAX_SAFE_INTEGER): OptionKind => ({
    takes: to === Number.MAX_SAFE_INTEGER ? `a whole number from ${from} on` : `a whole number from ${from} to ${to}`,
    type: "number",
    accepts: (value) => Number.isSafeInteger(value) && (value as number) >= from && (value as number) <= to,
  }),
  /** A finite number that is at least, or with `above` more than, `from`. */
  finite: (from: number, above = false): OptionKind => ({
    takes: `a finite number ${above ? `above ${from}` : `from ${from} on`}`,
    type: "number",
    accepts: (value) => Number.isFinite(value) && (above ? (value as number) > from : (value as number) >= from),
  }),
  /** One of a few values. */
  oneOf: (...values: readonly (string | number)[]): OptionKind => ({
    takes: values.map(show).join(values.length === 2 ? " or " : ", "),
    type: typeof values[0],
    accepts: (value) => values.includes(value as string),
  }),
  /** Positions of arguments: a number or a list of them; negative ones count from the end. */
  argnums: {
    takes: "a whole number, or a list of them",
    type: "number",
    accepts: (value) => Number.isSafeInteger(value) || (Array.isArray(value) && value.every(Number.isSafeInteger)),
  },
} as const satisfies Record<string, OptionKind | ((...args: never[]) => OptionKind)>;

/** Names of options in other libraries, written without case and underscores. */
const synonyms: { readonly [name: string]: string } = {
  argnums: "argnum wrt argument arguments",
  argnum: "argnums",
  aux: "hasaux",
  axis: "axis axes dim dims dimension reductionindices",
  keepDims: "keepdim",
  order: "ord p",
  ddof: "unbiased correction",
  dtype: "type datatype",
  requiresGrad: "grad trainable",
  transposeA: "transa adjointa",
  transposeB: "transb adjointb",
  length: "steps n",
  maxSteps: "maxiter maxiterations iterations limit steps",
  maxIterations: "maxiter iterations limit maxsteps steps nit",
  stepTolerance: "xtol steptol",
  valueTolerance: "ftol functiontolerance",
  progress: "disp display verbose",
  method: "algorithm solver",
  memory: "maxcor history",
  callback: "outputfcn",
  compile: "jit",
  fusedMultiplyAdd: "fma fast",
  threads: "workers numthreads cores",
  vjp: "backward bwd pullback",
  forward: "fwd call fn",
  reverse: "backwards",
  seed: "gradient cotangent randomseed rng",
  retainGraph: "retain keepgraph",
  mode: "method",
  rtol: "tol tolerance reltol",
  atol: "tol tolerance abstol",
  gradientTolerance: "gtol optimalitytolerance tol tolerance",
  eta: "lr learningrate rate",
  batchSize: "batch",
  epochs: "iters",
  cost: "loss",
  language: "lang",
  sizes: "layers",
  activations: "activation",
  initialization: "init",
  parameters: "weights params initial",
};

const none: object = Object.freeze({});

/**
 * Options, checked: an object of known names and values of the right kinds. A value of `undefined` says nothing.
 *
 * A package built on this one checks its own options with it.
 *
 * @param op - the function, for the message
 * @param options - what was handed in
 * @param kinds - what each option takes, one of {@link option} or one like them
 * @param help - how the call is written, and what to say to names of other libraries
 * @returns the options; an empty object where none were given
 * @throws ArgumentError for a name that is no option, with the nearest one, for options that are no object, and for a
 * value of another type; ConfigError for a value outside its domain
 *
 * @example
 * checkOptions("shuffle", { seed: 3 }, { seed: option.whole(0) }).seed // => 3
 */
export function checkOptions<O extends object>(
  op: string,
  options: O | undefined,
  kinds: OptionKinds<O>,
  help?: OptionHelp,
): O {
  if (options === undefined) return none as O;
  if (!isRecord(options)) {
    const hint = help?.call === undefined ? `give an object: ${listOf(kinds)}` : `write ${help.call}`;
    throw new ArgumentError({ op, problem: `the options are ${describe(options)}, not an object`, hint });
  }
  for (const name in options) {
    if (Object.hasOwn(kinds, name)) checkValue(op, name, options[name], kinds[name]);
    // What a page has added to every object is no option of this call.
    else if (Object.hasOwn(options, name) || !Object.hasOwn(Object.prototype, name)) refuseName(op, name, kinds, help);
  }
  return options;
}

function checkValue(op: string, name: string, value: unknown, { takes, type, accepts, Refusal }: OptionKind): void {
  if (value === undefined || accepts(value)) return;
  const Refused = Refusal ?? (typeof value === type && value !== null ? ConfigError : ArgumentError);
  throw new Refused({ op, problem: `${name} is ${describe(value)}`, hint: `give ${takes}` });
}

function refuseName(op: string, name: string, kinds: object, help: OptionHelp | undefined): never {
  throw new ArgumentError({
    op,
    problem: `there is no option ${name.slice(0, 40)}`,
    hint: adviceFor(name, kinds, help),
  });
}

function adviceFor(name: string, kinds: object, help: OptionHelp | undefined): string {
  const plain = normalize(name);
  for (const [foreign, advice] of Object.entries(help?.instead ?? {})) if (normalize(foreign) === plain) return advice;
  const near = nearestName(name, Object.keys(kinds));
  if (near !== null) return `did you mean ${near}?`;
  const positional = (help?.call ?? "").replace(/\{.*\}/, "");
  const argument = [plain, ...synonymsOf(plain)].find((one) =>
    new RegExp(`[(, ]${one.replace(/\W/g, "")}[,)]`, "i").test(positional),
  );
  if (argument !== undefined) return `${argument} is an argument of its own: ${help!.call!}`;
  return help?.call === undefined ? `the options are ${listOf(kinds)}` : `write ${help.call}`;
}

/** The name that was probably meant; `null` where none is near. */
export function nearestName(given: string, names: readonly string[]): string | null {
  const plain = normalize(given);
  const found =
    names.find((name) => normalize(name) === plain) ?? synonymsOf(plain).find((name) => names.includes(name));
  if (found !== undefined) return found;
  const distances = names.map((name) => distance(plain, normalize(name)));
  const least = Math.min(...distances);
  return least <= Math.max(1, Math.floor(plain.length / 3)) && least < plain.length
    ? names[distances.indexOf(least)]!
    : null;
}

const synonymsOf = (plain: string): readonly string[] =>
  Object.keys(synonyms).filter((name) => synonyms[name]!.split(" ").includes(plain));

const normalize = (name: string): string => name.replace(/[_\-\s]/g, "").toLowerCase();

/** How many letters must be put in, taken away, exchanged or swapped with their neighbor. */
function distance(a: string, b: string): number {
  // A name beyond any option's length is near to none, and costs nothing.
  if (Math.abs(a.length - b.length) > 8) return Infinity;
  let [before, last] = [[] as number[], Array.from({ length: b.length + 1 }, (_, j) => j)];
  for (let i = 1; i <= a.length; i++) {
    const row = [i];
    for (let j = 1; j <= b.length; j++) {
      const same = a[i - 1] === b[j - 1];
      row[j] = Math.min(last[j]! + 1, row[j - 1]! + 1, last[j - 1]! + (same ? 0 : 1));
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1])
        row[j] = Math.min(row[j]!, before[j - 2]! + 1);
    }
    [before, last] = [last, row];
  }
  return last[b.length]!;
}

/**
 * Refuses an argument behind the last one that a function takes: it would be ignored. What `list.map(f)` hands in
 * behind the entry, its place and the list, passes where a function of one argument gives all three.
 */
export function refuseExtra(op: string, extra: unknown, call: string, list?: unknown, entry?: unknown): void {
  if (extra === undefined || (Array.isArray(list) && list[extra as number] === entry)) return;
  throw new ArgumentError({ op, problem: `an argument too many: ${describe(extra)}`, hint: `write ${call}` });
}

/** An object of names and values: no list, no map, no date, nothing with a meaning of its own. */
function isRecord(value: unknown): value is object {
  return typeof value === "object" && value !== null && tagOf(value) === "Object" && !isTensorLike(value);
}

/** "Object", "Date", "Map", … */
const tagOf = (value: object): string => Object.prototype.toString.call(value).slice(8, -1);

function listOf(kinds: object): string {
  const names = Object.keys(kinds);
  return names.length === 0 ? "none" : names.join(", ");
}

function show(value: string | number): string {
  return typeof value === "number" ? String(value) : JSON.stringify(value);
}

/**
 * Describes a value for a message: numbers, truths and short texts as they are, anything else by its kind. Never fails,
 * whatever the value's own methods do: a symbol, an object without a prototype, a proxy that throws.
 */
export function describe(value: unknown): string {
  switch (typeof value) {
    case "number":
      return Object.is(value, -0) ? "-0" : String(value);
    case "boolean":
    case "undefined":
      return String(value);
    case "bigint":
      return "a BigInt";
    case "symbol":
      return "a symbol";
    case "function":
      return "a function";
    case "string":
      return value.length <= 40 ? JSON.stringify(value) : "a text";
    case "object":
      return describeObject(value);
  }
}

function describeObject(value: object | null): string {
  if (value === null) return "null";
  try {
    if (Array.isArray(value))
      return value.length <= 4 && value.every((entry) => typeof entry === "number")
        ? `[${value.join(", ")}]`
        : "an array";
    if (isTensorLike(value)) return "a tensor";
    if (value instanceof Promise) return "a Promise";
    const name = tagOf(value);
    return name === "Object" ? "an object" : `a ${name}`;
  } catch {
    return "an object";
  }
}

/** A tensor, of this copy of the library or of another. */
function isTensorLike(value: object): boolean {
  return "storage" in value && "node" in value && "dtype" in value;
}
