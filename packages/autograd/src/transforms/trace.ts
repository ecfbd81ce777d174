/** Runs a function once inside a scope of its own and keeps the piece of graph between its arguments and its result. */

import { ArgumentError, DTypeError, GraphError, IndexRangeError, showShape } from "../errors.ts";
import { isFloat } from "../graph/dtype.ts";
import { emptyLike, isPlain, type Key } from "../graph/fields.ts";
import type { Node } from "../graph/node.ts";
import { isTracked, recordLeaf, withScope } from "../graph/record.ts";
import { WEAK } from "../graph/shape.ts";
import { isTensor, Tensor } from "../graph/tensor.ts";
import { refuseLeaked, sameValue } from "../graph/tracing.ts";
import { orderOf, type Order } from "../sweep/order.ts";
import { flattenTree, type Flat } from "./tree.ts";

/** A function that has been run, ready to be swept. */
export interface Traced {
  /** The arguments that are differentiated, flattened together. */
  readonly inputs: readonly Flat[];
  readonly leaves: readonly Tensor[];
  /** What the function gave. */
  readonly result: unknown;
}

/** A function of any arguments; which of them are tensors is checked when it runs. */
export type AnyFunction = (...args: never[]) => unknown;

/** Refuses what is no function, by name. */
export function checkFunction(op: string, f: unknown): void {
  if (typeof f === "function") return;
  throw new ArgumentError({ op, problem: `the first argument is ${f === null ? "null" : typeof f}, not a function`, hint: `write ${op}((x) => …)` });
}

/** The positions to differentiate, checked against the arguments. */
export function checkArgnums(op: string, argnums: number | readonly number[] | undefined, count: number): readonly number[] {
  const listed = argnums === undefined ? [0] : typeof argnums === "number" ? [argnums] : argnums;
  for (const position of listed) {
    if (!Number.isInteger(position) || position < 0 || position >= count) {
      throw new IndexRangeError({ op, problem: `there is no argument ${position} among ${count}`, hint: "count arguments from 0" });
    }
  }
  return listed;
}

/** Runs `f` with fresh leaves in place of the arguments at `argnums`. */
export function trace(op: string, f: AnyFunction, args: readonly unknown[], argnums: readonly number[]): Traced {
  checkFunction(op, f);
  const inputs = argnums.map((position) => flattenTree(op, `argument ${position}`, args[position], WEAK));
  return withScope((scope) => {
    const leaves: Tensor[] = [];
    const replaced = [...args];
    inputs.forEach((flat, k) => {
      const fresh = flat.leaves.map((x, i) => {
        if (!isFloat(x.dtype)) {
          throw new DTypeError({
            op,
            problem: `argument ${argnums[k]!}${flat.paths[i]!} is ${x.dtype}, which has no derivative`,
            hint: "cast it to float64, or leave the argument out of argnums",
          });
        }
        return recordLeaf(x, scope);
      });
      leaves.push(...fresh);
      replaced[argnums[k]!] = flat.rebuild(fresh);
    });
    const result: unknown = f(...(replaced as never[]));
    if (result instanceof Promise) {
      throw new ArgumentError({ op, problem: "the function gives a Promise", hint: "it must not be async; await before you differentiate" });
    }
    return { inputs, leaves, result };
  });
}

/** The one scalar that a function must give to have a gradient. */
export function scalarResult(op: string, result: unknown): Tensor {
  const value = typeof result === "number" ? new Tensor([], "float64", result) : result;
  if (!isTensor(value)) {
    throw new ArgumentError({
      op,
      problem: `the function gives ${value === undefined ? "nothing" : value === null ? "null" : Array.isArray(value) ? "an array" : typeof value}, not a tensor`,
      hint: "return the loss",
    });
  }
  refuseLeaked(op, value);
  if (!isFloat(value.dtype)) throw new DTypeError({ op, problem: `the function gives ${value.dtype}`, hint: "return a float64 or float32 loss" });
  if (value.shape.length > 0) {
    throw new GraphError({
      op,
      problem: `the function gives shape ${showShape(value.shape)}, and only a scalar has a gradient`,
      hint: "sum or average it; for all derivatives use jacobian(f), for a weighted sum of them vjp(f, x)",
      code: "NON_SCALAR",
      shapes: [value.shape],
    });
  }
  return value;
}

/** The graph between the leaves of a trace and tensors computed from them. */
export function orderBetween(leaves: readonly Tensor[], outputs: readonly Tensor[]): Order {
  const nodeOf = (x: Tensor): Node | null => x.node;
  return orderOf(outputs.map(nodeOf), leaves.map(nodeOf));
}

/** A result as it leaves its transform: what only the transform followed is a constant outside. */
export function leave(x: Tensor): Tensor {
  if (x.node === null || isTracked(x)) return x;
  return sameValue(x);
}

/** The same for every tensor of a tree; other things pass as they are. */
export function leaveAll(value: unknown): unknown {
  if (isTensor(value)) return leave(value);
  if (Array.isArray(value)) return (value as readonly unknown[]).map(leaveAll);
  if (typeof value !== "object" || value === null || !isPlain(value)) return value;
  const copy = emptyLike(value);
  for (const key of Reflect.ownKeys(value)) {
    const enumerable = Object.prototype.propertyIsEnumerable.call(value, key);
    Object.defineProperty(copy, key, { value: leaveAll((value as Record<Key, unknown>)[key]), enumerable, writable: true, configurable: true });
  }
  return copy;
}
