/**
 * Refusals of loops and branches: conditions that are no condition, and steps and branches that do not give the same
 * shapes and types.
 */

import { ArgumentError, DTypeError, IndexRangeError, ShapeError, showShape } from "../errors.ts";
import { isTensor, Tensor } from "../graph/tensor.ts";
import { sameShape, SCALAR } from "../graph/shape.ts";
import { refuseLeaked } from "../graph/tracing.ts";
import { describe } from "../options.ts";
import { asTensor } from "../ops/elementwise.ts";
import { arrangedLike, flattenTree, type Flat } from "./tree.ts";

/** A bool scalar. */
export function checkPredicate(op: string, what: string, value: unknown): Tensor {
  const x = typeof value === "boolean" ? new Tensor(SCALAR, "bool", value ? 1 : 0) : asTensor(op, value);
  if (x.dtype !== "bool")
    throw new DTypeError({
      op,
      problem: `${what} is ${x.dtype}, not bool`,
      hint: "compare: less(x, 1)",
      shapes: [x.shape],
    });
  if (x.shape.length > 0) {
    throw new ShapeError({
      op,
      problem: `${what} has shape ${showShape(x.shape)} and is not one truth value`,
      hint: "compare single numbers, or choose entry by entry with where(condition, a, b)",
      shapes: [x.shape],
    });
  }
  refuseLeaked(op, x);
  return x;
}

/** A number of steps. */
export function checkSteps(op: string, what: string, value: unknown): number {
  if (typeof value === "number" && Number.isSafeInteger(value) && value >= 0) return value;
  throw new ArgumentError({
    op,
    problem: `${what} is ${describe(value)}, not a number of steps`,
    hint: "give a whole number from 0 on",
  });
}

/** How two things that must look the same are called in a message. */
export interface Names {
  readonly op: string;
  readonly first: string;
  readonly second: string;
  readonly hint: string;
}

/**
 * Refuses a second tree that has other leaves than the first, or leaves of other shapes or types; the first such leaf
 * is named.
 */
export function checkSame({ op, first, second, hint }: Names, a: Flat, b: Flat): void {
  const at = Array.from({ length: Math.max(a.paths.length, b.paths.length) }, (_, k) => k).find(
    (k) => a.paths[k] !== b.paths[k],
  );
  if (at !== undefined) {
    const name = (path: string | undefined): string =>
      path === undefined ? "nothing more" : path === "" ? "a single tensor" : path;
    throw new ShapeError({
      op,
      problem: `${second} has ${name(b.paths[at])} where ${first} has ${name(a.paths[at])}`,
      hint,
      shapes: [],
    });
  }
  a.leaves.forEach((x, k) => {
    const y = b.leaves[k]!;
    const path = a.paths[k]!;
    if (x.dtype !== y.dtype) {
      throw new DTypeError({
        op,
        problem: `${second}${path} is ${y.dtype} ${showShape(y.shape)} where ${first}${path} is ${x.dtype} ${showShape(x.shape)}`,
        hint: `${hint}; cast(x, "${x.dtype}")`,
        shapes: [x.shape, y.shape],
      });
    }
    if (!sameShape(x.shape, y.shape)) {
      throw new ShapeError({
        op,
        problem: `${second}${path} has shape ${showShape(y.shape)} where ${first}${path} has ${showShape(x.shape)}`,
        hint,
        shapes: [x.shape, y.shape],
      });
    }
  });
}

/** Checks what a step carries on against what it began with. */
export function checkCarry(op: string, first: Flat, given: unknown): Flat {
  const next = arrangedLike(first, flattenTree(op, "the next carry", given));
  checkSame(
    {
      op,
      first: "the initial carry",
      second: "the next carry",
      hint: "a loop carries the same structure, shapes and types from step to step",
    },
    first,
    next,
  );
  return next;
}

/** The two things that the step of a scan gives. */
export function checkStep(result: unknown): readonly [unknown, unknown] {
  if (Array.isArray(result) && result.length === 2) return result as unknown as readonly [unknown, unknown];
  const found =
    result instanceof Promise
      ? "a Promise"
      : isTensor(result)
        ? "a tensor"
        : Array.isArray(result)
          ? `a list of ${result.length}`
          : typeof result;
  throw new ArgumentError({
    op: "scan",
    problem: `the function gives ${found}, not a carry and an output`,
    hint: "return [carry, y], with null for y where there is none",
  });
}

/** The number of steps of a scan: the length of the leading axis of every array of rows, or the one that is given. */
export function lengthOf(arrays: Flat, given: number | undefined): number {
  const length = given === undefined ? undefined : checkSteps("scan", "length", given);
  let found = length;
  let from = "length";
  arrays.leaves.forEach((x, k) => {
    const name = `xs${arrays.paths[k]!}`;
    if (x.shape.length === 0)
      throw new ShapeError({
        op: "scan",
        problem: `${name} is a scalar and has no rows`,
        hint: "give tensors with a leading axis, one row for each step",
        shapes: [x.shape],
      });
    if (found !== undefined && found !== x.shape[0]) {
      throw new ShapeError({
        op: "scan",
        problem: `${name} has ${x.shape[0]!} rows ${showShape(x.shape)} where ${from} says ${found}`,
        hint: "give every array as many rows as there are steps",
        shapes: [x.shape],
      });
    }
    if (found === undefined) from = name;
    found = x.shape[0]!;
  });
  if (found !== undefined) return found;
  throw new IndexRangeError({ op: "scan", problem: "there are no rows and no length", hint: "give xs, or { length }" });
}
