/** Running somebody's kernel: fresh arguments each time, and a look at what it did to them. */

import { ArgumentError } from "@chainrule/autograd";
import {
  argument,
  identical,
  read,
  readOrRefuse,
  sameShape,
  scaled,
  type Layout,
  type Numbers,
} from "../bounds/numbers.ts";

/** An operation with a backward written by hand, on plain arrays. */
export interface Kernel {
  readonly name: string;
  /** (...inputs) → output */
  readonly forward: (...inputs: never[]) => unknown;
  /** The forward on many lists of inputs at once, where each call by itself has a long way. */
  readonly forwards?: (all: readonly (readonly unknown[])[]) => readonly unknown[];
  /** (upstream, ...inputs, output) → one gradient for each input, as a list or as `{ dx, dw }` */
  readonly backward: (...args: never[]) => unknown;
  /** False where backward takes (...inputs, output) alone, as that of a loss may; looked at where nothing is said. */
  readonly takesUpstream?: boolean;
  /** How it takes its arguments; nested arrays where nothing is said. */
  readonly layout?: Layout;
}

/** An input as the check knows it. */
export interface Input {
  readonly name: string;
  readonly differentiable: boolean;
  readonly shape: readonly number[];
}

type Run = (...args: unknown[]) => unknown;

/** A result that is there at once. */
function settled(what: string, result: unknown): unknown {
  if (!(result instanceof Promise)) return result;
  // Nobody waits for it: a rejection is nobody's.
  result.catch(() => undefined);
  throw new ArgumentError({
    op: "checkOp",
    problem: `${what} gives a Promise`,
    hint: "compute without await: the numbers themselves are checked",
  });
}

const forwardOf = (kernel: Kernel, given: readonly unknown[]): unknown =>
  settled("forward", (kernel.forward as Run)(...given));

/** Says what the backward gave: a gradient for each differentiable input, `null` where there is none. */
type Gradients = readonly (Numbers | null)[];

/** One call of the forward and one of the backward. */
export interface Call {
  readonly output: Numbers;
  readonly gradients: Gradients;
  /** The arguments that it wrote into. */
  readonly mutated: readonly string[];
}

/** The output for these inputs. */
export function runForward(kernel: Kernel, inputs: readonly Numbers[]): Numbers {
  const layout = kernel.layout ?? "nested";
  return readOrRefuse(
    "checkOp",
    "the output of forward",
    forwardOf(
      kernel,
      inputs.map((x) => argument(x, layout)),
    ),
  );
}

/** The outputs for many inputs. */
export function runForwards(kernel: Kernel, all: readonly (readonly Numbers[])[]): Numbers[] {
  const { layout = "nested", forwards } = kernel;
  const given = all.map((inputs) => inputs.map((x) => argument(x, layout)));
  const raw =
    forwards === undefined
      ? given.map((one) => forwardOf(kernel, one))
      : forwards(given).map((one) => settled("forward", one));
  return raw.map((one) => readOrRefuse("checkOp", "the output of forward", one));
}

/**
 * Forward and backward; `dress` makes the argument of the upstream gradient where another than a fresh copy is meant.
 */
export function call(
  kernel: Kernel,
  specs: readonly Input[],
  inputs: readonly Numbers[],
  g: Numbers,
  dress?: (g: Numbers) => unknown,
): Call {
  const layout = kernel.layout ?? "nested";
  const mutated: string[] = [];
  const note = (name: string, before: Numbers, now: unknown): void => {
    const after = read(now, before.shape);
    if (after === null || !identical(before, after)) mutated.push(name);
  };
  const first = inputs.map((x) => argument(x, layout));
  const raw = forwardOf(kernel, first);
  first.forEach((x, k) => note(`forward: ${specs[k]!.name}`, inputs[k]!, x));
  const output = readOrRefuse("checkOp", "the output of forward", raw);
  const second = inputs.map((x) => argument(x, layout));
  const upstream = dress === undefined ? argument(g, layout) : dress(g);
  const bare = kernel.takesUpstream === false;
  const given = settled("backward", (kernel.backward as Run)(...(bare ? [] : [upstream]), ...second, raw));
  const own = gradientsOf(given, specs);
  const gradients = bare ? own.map((x) => (x === null ? null : scaled(g.data[0]!, x))) : own;
  note("backward: upstream", g, upstream);
  second.forEach((x, k) => note(`backward: ${specs[k]!.name}`, inputs[k]!, x));
  note("backward: output", output, raw);
  return { output, gradients, mutated };
}

const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === "object" &&
  value !== null &&
  !Array.isArray(value) &&
  !ArrayBuffer.isView(value) &&
  !("data" in value) &&
  !("toTypedArray" in value);

/** The gradients by input, whichever way they were handed back. */
function gradientsOf(given: unknown, specs: readonly Input[]): Gradients {
  const wanted = specs.filter(({ differentiable }) => differentiable);
  if (given === undefined || given === null)
    throw new ArgumentError({
      op: "checkOp",
      problem: "backward gave nothing",
      hint: "return one gradient for each input",
    });
  if (isRecord(given)) return namedGradients(given, specs);
  if (wanted.length === 1) {
    const whole = read(given, wanted[0]!.shape);
    const listed = Array.isArray(given) && (given.length === 1 || given.length === specs.length);
    if (whole !== null && (sameShape(whole.shape, wanted[0]!.shape) || !listed)) return [whole];
    if (!listed) return [null];
    const first = read(
      (given as readonly unknown[])[specs.length === given.length ? specs.indexOf(wanted[0]!) : 0],
      wanted[0]!.shape,
    );
    // A gradient of another shape may look like a list; a list holds what fits.
    return [first !== null && (sameShape(first.shape, wanted[0]!.shape) || whole === null) ? first : whole];
  }
  if (!Array.isArray(given)) return wanted.map((_, k) => (k === 0 ? read(given) : null));
  const list = given as readonly unknown[];
  const all = list.length === specs.length;
  const first = readOne(list[all ? specs.indexOf(wanted[0]!) : 0], wanted[0]!.shape);
  const whole = read(given, wanted[0]!.shape);
  const isOf = (one: Numbers | null): boolean => one !== null && sameShape(one.shape, wanted[0]!.shape);
  // One array as large as the first input is its gradient alone: a loss has none for its labels.
  if (isOf(whole) && !isOf(first)) return wanted.map((_, k) => (k === 0 ? whole : null));
  return wanted.map((spec, k) => readOne(list[all ? specs.indexOf(spec) : k], spec.shape));
}

/** A key without its case and its separators: `dL_dGamma` and `dldgamma` are one. */
const bare = (key: string): string => key.toLowerCase().replace(/[^\p{L}\p{N}]/gu, "");

/** The input whose gradient has this key. */
function inputOf(key: string, specs: readonly Input[]): Input | undefined {
  const own = specs.find(({ name }) => key === `d${name}`) ?? specs.find(({ name }) => key === name);
  return (
    own ??
    specs.find(
      ({ name }) =>
        ["", "d", "grad", "dld", "dl"].some((before) => bare(key) === before + bare(name)) ||
        bare(key) === `${bare(name)}grad`,
    )
  );
}

/** Gradients by name: each is used, or refused. */
function namedGradients(given: Readonly<Record<string, unknown>>, specs: readonly Input[]): Gradients {
  const found = new Map<Input, unknown>();
  const wanted = specs.filter(({ differentiable }) => differentiable);
  // Of a single input there is but one gradient, whatever the input is called.
  const only = wanted.length === 1 && Object.keys(given).length === 1 ? wanted[0] : undefined;
  for (const [key, value] of Object.entries(given)) {
    const input = inputOf(key, specs) ?? (/^(?:d|grad)/iu.test(key) ? only : undefined);
    if (input === undefined) {
      const names = wanted.map(({ name }) => `d${name}`).join(", ");
      throw new ArgumentError({
        op: "checkOp",
        problem: `backward gives "${key}", and there is no such input`,
        hint: `its gradients are ${names}; names: ["x", "W"] says what its inputs are called`,
      });
    }
    if (value !== undefined && value !== null && found.has(input))
      throw new ArgumentError({
        op: "checkOp",
        problem: `the gradient by ${input.name} is given twice`,
        hint: "give it once",
      });
    if (value !== undefined && value !== null) found.set(input, value);
  }
  return wanted.map((input) => readOne(found.get(input), input.shape));
}

const readOne = (value: unknown, shape: readonly number[]): Numbers | null =>
  value === undefined || value === null ? null : read(value, shape);
