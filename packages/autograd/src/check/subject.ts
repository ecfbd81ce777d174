/**
 * The function under test as the checks see it: a list of tensors in, a list of tensors out, every entry with a name.
 */

import { ArgumentError } from "../errors.ts";
import { allocate, isFloat } from "../graph/dtype.ts";
import { elementsOf } from "../graph/read.ts";
import { countOf } from "../graph/shape.ts";
import { Tensor } from "../graph/tensor.ts";
import { describe } from "../options.ts";
import type { Argnums } from "../transforms/signatures.ts";
import { checkArgnums, checkFunction } from "../transforms/trace.ts";
import { flattenTree, type Flat } from "../transforms/tree.ts";
import { unravel } from "./same.ts";

/** Which entry of which argument or result. */
export interface Entry {
  /** `"argument 0.layers[1].w"`, or `"the result"`. */
  readonly name: string;
  /** The position along each axis; `[]` for a scalar. */
  readonly index: readonly number[];
}

/** A function at a point. */
export interface Subject {
  readonly run: (leaves: readonly Tensor[]) => Tensor[];
  /** The tensors that are differentiated, at the point. */
  readonly leaves: readonly Tensor[];
  /** The value of the function there. */
  readonly value: readonly Tensor[];
  /** A name for each leaf and for each result. */
  readonly inputNames: readonly string[];
  readonly outputNames: readonly string[];
  /** How often the function has been called. */
  readonly calls: () => number;
  /** True for a derivative of the function that was handed in. */
  readonly isDerivative?: boolean;
}

/** How many numbers a list of tensors holds. */
export function sizeOf(list: readonly Tensor[]): number {
  return list.reduce((sum, x) => sum + countOf(x.shape), 0);
}

/** The numbers of a list of tensors, one after another. */
export function join(list: readonly Tensor[]): Float64Array {
  const all = new Float64Array(sizeOf(list));
  let at = 0;
  for (const x of list) {
    const numbers = elementsOf(x);
    all.set(numbers, at);
    at += numbers.length;
  }
  return all;
}

/** Tensors of the shapes and types of others, filled from one list of numbers. */
export function splitLike(numbers: Float64Array, like: readonly Tensor[]): Tensor[] {
  let at = 0;
  return like.map(({ shape, dtype }) => {
    const elements = allocate(dtype, countOf(shape));
    elements.set(numbers.subarray(at, (at += elements.length)));
    return new Tensor(shape, dtype, shape.length === 0 ? elements[0]! : elements);
  });
}

/** The name of one number in the joined list. */
export function entryOf(at: number, list: readonly Tensor[], names: readonly string[]): Entry {
  let rest = at;
  let leaf = 0;
  while (rest >= countOf(list[leaf]!.shape)) rest -= countOf(list[leaf++]!.shape);
  return { name: names[leaf]!, index: unravel(rest, list[leaf]!.shape) };
}

/** The arguments that can be differentiated, flattened; `null` for one that is handed on as it is. */
function flattenArguments(op: string, args: readonly unknown[], argnums: Argnums | undefined): (Flat | null)[] {
  const wanted = argnums === undefined ? null : checkArgnums(op, argnums, args.length);
  return args.map((argument, position) => {
    if (wanted !== null) return wanted.includes(position) ? flattenTree(op, `argument ${position}`, argument) : null;
    try {
      return flattenTree(op, `argument ${position}`, argument);
    } catch (error) {
      // A label, a setting, a function: no derivative is asked of it.
      if (error instanceof ArgumentError) return null;
      throw error;
    }
  });
}

/**
 * Prepares a function of any arguments. What is not made of float tensors and numbers counts as constant.
 *
 * @param op - who asks, for messages
 * @param argnums - the arguments to differentiate; all that can be, where nothing is said
 * @throws ArgumentError where there is nothing to differentiate
 */
export function subjectOf(
  op: string,
  f: (...args: never[]) => unknown,
  args: readonly unknown[],
  argnums?: Argnums,
): Subject {
  checkFunction(op, f);
  const given: unknown = args;
  if (!Array.isArray(given))
    throw new ArgumentError({
      op,
      problem: `the arguments of the function are ${describe(given)}, not a list`,
      hint: `write ${op}(f, [x, y])`,
    });
  const flats = flattenArguments(op, args, argnums);
  const leaves: Tensor[] = [];
  const inputNames: string[] = [];
  flats.forEach((flat, position) =>
    flat?.leaves.forEach((leaf, k) => {
      if (!isFloat(leaf.dtype)) return;
      leaves.push(leaf);
      inputNames.push(`argument ${position}${flat.paths[k]!}`);
    }),
  );
  if (leaves.length === 0) {
    throw new ArgumentError({
      op,
      problem: "no argument is a float tensor, a number, or a tree of them",
      hint: "give the point at which to check",
    });
  }
  let calls = 0;
  const call = (given: readonly Tensor[]): Flat => {
    calls++;
    let next = 0;
    const replaced = args.map((argument, position) => {
      const flat = flats[position]!;
      return flat === null
        ? argument
        : flat.rebuild(flat.leaves.map((leaf) => (isFloat(leaf.dtype) ? given[next++]! : leaf)));
    });
    const flat = flattenTree(op, "the result", f(...(replaced as never[])));
    const kept = flat.leaves.map((_, k) => k).filter((k) => isFloat(flat.leaves[k]!.dtype));
    return { ...flat, leaves: kept.map((k) => flat.leaves[k]!), paths: kept.map((k) => flat.paths[k]!) };
  };
  const { leaves: value, paths } = call(leaves);
  return {
    run: (given) => [...call(given).leaves],
    leaves,
    value,
    inputNames,
    outputNames: paths.map((path) => `the result${path}`),
    calls: () => calls,
  };
}

/** The subject of another function at the same point. */
export function derivedSubject(from: Subject, run: Subject["run"], outputNames: readonly string[]): Subject {
  return { ...from, run, value: run(from.leaves), outputNames, isDerivative: true };
}
