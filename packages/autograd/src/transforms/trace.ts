/** Runs a function once inside a scope of its own and keeps the piece of graph between its arguments and its result. */

import { ArgumentError, DTypeError, GraphError, IndexRangeError, isAutogradError, showShape } from "../errors.ts";
import { zerosLike } from "../graph/create.ts";
import { isFloat } from "../graph/dtype.ts";
import { emptyLike, isPlain, type Key } from "../graph/fields.ts";
import { refuseForeign } from "../graph/foreign.ts";
import type { Node } from "../graph/node.ts";
import { isTracked, recordLeaf, withReads, withScope } from "../graph/record.ts";
import { WEAK } from "../graph/shape.ts";
import { isTensor, Tensor } from "../graph/tensor.ts";
import { refuseLeaked, sameValue } from "../graph/tracing.ts";
import { describe } from "../options.ts";
import { orderOf, type Order } from "../sweep/order.ts";
import type { Argnums } from "./signatures.ts";
import { flattenTree, type Flat } from "./tree.ts";

/** A function that has been run, ready to be swept. */
export interface Traced {
  /** The arguments that are differentiated, flattened together. */
  readonly inputs: readonly Flat[];
  readonly leaves: readonly Tensor[];
  /** The positions of those arguments. */
  readonly places: readonly number[];
  /** The value of the function. */
  readonly result: unknown;
  /** Of which nodes it has read the numbers. */
  readonly reads: ReadonlySet<Node>;
}

/** A function of any arguments; which of them are tensors is checked when it runs. */
export type AnyFunction = (...args: never[]) => unknown;

/** Refuses what is no function, by name. */
export function checkFunction(op: string, f: unknown): void {
  if (typeof f === "function") return;
  throw new ArgumentError({
    op,
    problem: `the first argument is ${describe(f)}, not a function`,
    hint: `write ${op}((x) => …)`,
  });
}

const FIRST: readonly number[] = [0];

/** The positions to differentiate, counted from the front and checked against the arguments. */
export function checkArgnums(op: string, argnums: Argnums | undefined, count: number): readonly number[] {
  // Almost every call says nothing, and has a first argument.
  if (argnums === undefined && count > 0) return FIRST;
  const listed = argnums === undefined ? FIRST : typeof argnums === "number" ? [argnums] : argnums;
  const places = Array.from(listed, (position) => {
    if (Number.isInteger(position) && position >= -count && position < count)
      return position < 0 ? position + count : position;
    const hint = count === 0 ? "call it with the arguments of the function" : `use ${-count} to ${count - 1}`;
    throw new IndexRangeError({ op, problem: `there is no argument ${describe(position)} among ${count}`, hint });
  });
  const twice = places.find((place, k) => places.indexOf(place) !== k);
  if (twice !== undefined)
    throw new IndexRangeError({
      op,
      problem: `argnums ${describe(listed)} name argument ${twice} twice`,
      hint: "name each argument once",
    });
  return places;
}

/** Refuses an argument that holds numbers without a derivative. */
export function checkDifferentiable(op: string, position: number, { leaves, paths }: Flat): void {
  const at = leaves.findIndex((x) => !isFloat(x.dtype));
  if (at < 0) return;
  throw new DTypeError({
    op,
    problem: `argument ${position}${paths[at]!} is ${leaves[at]!.dtype}, which has no derivative`,
    hint: "cast it to float64, or leave the argument out of argnums",
  });
}

/**
 * Runs `f`. Where it takes a list of numbers for a tensor, it fails at the first method that a list lacks, in words
 * that say nothing of the argument: the error that comes then says what the argument is.
 */
function runOnLists(
  op: string,
  f: AnyFunction,
  args: readonly unknown[],
  places: readonly number[],
  replaced: readonly unknown[],
): unknown {
  try {
    return f(...(replaced as never[]));
  } catch (error) {
    const at = places.find((place) => isArrayOfNumbers(args[place]));
    if (at === undefined || isAutogradError(error) || !(error instanceof TypeError)) throw error;
    const refusal = new ArgumentError({
      op,
      problem: `argument ${at} is an array of numbers, which the function gets as an array of scalar tensors, and it fails: ${error.message}`,
      hint: "hand in one tensor: tensor([…])",
    });
    throw Object.assign(refusal, { cause: error });
  }
}

function isArrayOfNumbers(x: unknown): boolean {
  return Array.isArray(x) && x.length > 0 && x.every((entry) => typeof entry === "number" || isArrayOfNumbers(entry));
}

/** Runs `f` with fresh leaves in place of the arguments at `argnums`. */
export function trace(op: string, f: AnyFunction, args: readonly unknown[], argnums: readonly number[]): Traced {
  checkFunction(op, f);
  const inputs = argnums.map((position) => {
    const flat = flattenTree(op, `argument ${position}`, args[position], WEAK);
    checkDifferentiable(op, position, flat);
    return flat;
  });
  const { result: run, reads } = withReads(() =>
    withScope((scope) => {
      const leaves: Tensor[] = [];
      const replaced = [...args];
      inputs.forEach((flat, k) => {
        const fresh = flat.leaves.map((x) => recordLeaf(x, scope));
        leaves.push(...fresh);
        replaced[argnums[k]!] = flat.rebuild(fresh);
      });
      const result = runOnLists(op, f, args, argnums, replaced);
      if (result instanceof Promise) {
        throw new ArgumentError({
          op,
          problem: "the function gives a Promise",
          hint: "it must not be async; await before you differentiate",
        });
      }
      return { leaves, result };
    }),
  );
  return { inputs, leaves: run.leaves, places: argnums, result: run.result, reads };
}

/** The one scalar that a function must give to have a gradient. */
export function scalarResult(op: string, value: unknown): Tensor {
  if (typeof value === "number") {
    throw new GraphError({
      op,
      problem: `the loss is the number ${value}, which has left the graph and has no derivative`,
      hint: `return a tensor: compute with x.mul(2), not with x.item() * 2; a constant is tensor(${value})`,
      code: "LEFT_GRAPH",
    });
  }
  if (!isTensor(value)) {
    refuseForeign(op, "what the function gives", value);
    throw new ArgumentError({
      op,
      problem: `the function gives ${value === undefined ? "nothing" : describe(value)}, not a tensor`,
      hint: "return the loss",
    });
  }
  refuseLeaked(op, value);
  if (!isFloat(value.dtype))
    throw new DTypeError({
      op,
      problem: `the function gives ${value.dtype}`,
      hint: "return a float64 or float32 loss",
    });
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

/** The result of a plain sweep for a tensor; zeros where nothing came. */
export function resultOf(swept: Tensor | null | undefined, like: Tensor): Tensor {
  return swept ?? zerosLike(like);
}

/** A result as it leaves its transform: what only the transform followed is a constant outside. */
export function leave(x: Tensor): Tensor {
  if (x.node === null || isTracked(x)) return x;
  return sameValue(x);
}

/**
 * The same for every tensor of a tree, which may be as deep as it likes, and hold itself; other things pass as they
 * are. With `made`, a tree with what that gives in place of each tensor.
 */
export function leaveAll(value: unknown, made = leave): unknown {
  if (isTensor(value)) return made(value);
  const copies = new Map<object, object>();
  const pending: [from: object, to: object][] = [];
  const copyOf = (x: unknown): unknown => {
    if (isTensor(x)) return made(x);
    if (typeof x !== "object" || x === null || !(Array.isArray(x) || isPlain(x))) return x;
    const known = copies.get(x);
    if (known !== undefined) return known;
    const copy: object = Array.isArray(x) ? new Array<unknown>(x.length) : emptyLike(x);
    copies.set(x, copy);
    pending.push([x, copy]);
    return copy;
  };
  const root = copyOf(value);
  for (let next = pending.pop(); next !== undefined; next = pending.pop()) {
    const [from, to] = next;
    for (const key of Reflect.ownKeys(from)) {
      if (key === "length" && Array.isArray(from)) continue;
      const enumerable = Object.prototype.propertyIsEnumerable.call(from, key);
      Object.defineProperty(to, key, {
        value: copyOf((from as Record<Key, unknown>)[key]),
        enumerable,
        writable: true,
        configurable: true,
      });
    }
  }
  return root;
}
