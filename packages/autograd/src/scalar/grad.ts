/**
 * Gradients of functions of scalars, of any order: a run in a scope of its own, and a reverse sweep in the same ops.
 */

import { ArgumentError, GraphError, IndexRangeError } from "../errors.ts";
import type { Algebra } from "../graph/algebra.ts";
import type { ElementwiseOp, Partial } from "../graph/op.ts";
import { tensors } from "../ops/algebras.ts";
import { add } from "../ops/arithmetic.ts";
import { absorb, absorbBoth, pass } from "../ops/marks.ts";
import { formulaOf } from "../ops/partials.ts";
import { apply, isTracked, record, Scalar, type Node, type Scope } from "./scalar.ts";

/** The same lists and objects with a recorded number in place of each number. */
export type Recorded<T> = T extends Scalar | number ? Scalar : { -readonly [K in keyof T]: Recorded<T[K]> };

/** The type of what may be handed in where recorded numbers are expected: plain ones do. */
export type Plain<T> = T extends Scalar
  ? Scalar | number
  : T extends readonly unknown[] | object
    ? { readonly [K in keyof T]: Plain<T[K]> }
    : T;

/** The types of what may be handed in for a list of parameters. */
type PlainAll<P extends readonly unknown[]> = { [K in keyof P]: Plain<P[K]> };

/** The arguments that are differentiated. */
export interface ScalarGradOptions {
  /** The position of the argument to differentiate; 0 where nothing is said. */
  readonly argnums?: number;
}

/** A function of any arguments; what they are is checked when it runs. */
type AnyFunction = (...args: never[]) => unknown;

let nextScope = 1;

/** Every operation of a local derivative is the op itself, recorded where a derivative may be asked of it. */
const algebra = Object.fromEntries(
  Object.entries(tensors as unknown as Record<string, { readonly op: ElementwiseOp }>).map(([name, { op }]) => {
    return [name, (...inputs: readonly unknown[]) => apply(op, inputs)];
  }),
) as unknown as Algebra<Scalar>;

/** g · ∂y/∂x: the products of `sweep/local.ts`, for scalars. */
function localProduct(
  partial: Partial,
  g: Scalar,
  { inputs, output }: Node,
  isConstant: (k: number) => boolean,
): Scalar | null {
  if (partial === null) return null;
  if (partial === 1) return g;
  if (partial === -1) return apply(absorb.op, [g, -1]);
  const isAnnulled = typeof partial !== "function" && "factor" in partial && isConstant(partial.factor);
  const p = formulaOf(partial, isAnnulled)(algebra, ...inputs, output);
  if (typeof partial !== "function" && "gate" in partial) return apply(pass.op, [p, g, -0]);
  return apply(isAnnulled || (typeof partial !== "function" && "dropped" in partial) ? absorbBoth.op : absorb.op, [
    g,
    p,
  ]);
}

/** A cotangent as it leaves a sweep: what was dropped is a plain 0. */
function unmarked(x: Scalar): Scalar {
  return isTracked(x) ? apply(add.op, [x, 0]) : new Scalar(x.item() + 0);
}

/**
 * Gives what a node hands on unchanged, as a number whose cotangent is a sum of its own: the sweep of tensors adds in
 * this order.
 */
const asOwn = (g: Scalar): Scalar => (isTracked(g) ? record(new Scalar(g.item()), null, [g], g.node!.scope) : g);

/** The nodes between leaves and a result that depend on a leaf, oldest first. */
function orderBetween(leaves: readonly Node[], last: Node): Node[] {
  const oldest = leaves[0]!.id;
  const depends = new Set<Node>(leaves);
  const seen = new Set<Node>([...leaves, last]);
  const found = depends.has(last) ? [] : [last];
  for (let i = 0; i < found.length; i++) {
    for (const { node } of found[i]!.inputs) {
      if (node === null || node.id < oldest || seen.has(node)) continue;
      seen.add(node);
      found.push(node);
    }
  }
  found.sort((a, b) => a.id - b.id);
  return found.filter((node) => {
    const reached = node.inputs.some((x) => x.node !== null && depends.has(x.node));
    if (reached) depends.add(node);
    return reached;
  });
}

/** A cotangent for each leaf; `undefined` where nothing reached it. */
function reverseSweep(leaves: readonly Node[], last: Node): (Scalar | undefined)[] {
  const order = orderBetween(leaves, last);
  const within = new Set<Node>([...leaves, ...order]);
  const cotangents = new Map<Node, Scalar>([[last, new Scalar(1)]]);
  for (let i = order.length - 1; i >= 0; i--) {
    const node = order[i]!;
    const g = cotangents.get(node);
    if (g === undefined) continue;
    cotangents.delete(node);
    const isConstant = (k: number): boolean => {
      const below = node.inputs[k]!.node;
      return below === null || !within.has(below);
    };
    // All products before all sums, as in the sweep of tensors: an outer sweep then adds in the same order.
    const shares = node.inputs.map((_, k) => {
      if (isConstant(k)) return null;
      return node.op === null ? g : localProduct(node.op.partials[k]!, g, node, isConstant);
    });
    shares.forEach((share, k) => {
      if (share === null) return;
      const below = node.inputs[k]!.node!;
      const former = cotangents.get(below);
      const fitted = share === g ? asOwn(share) : share;
      cotangents.set(below, former === undefined ? fitted : apply(add.op, [former, fitted]));
    });
  }
  return leaves.map((leaf) => {
    const share = cotangents.get(leaf);
    return share === undefined ? undefined : unmarked(share);
  });
}

/** Rebuilds lists and objects of numbers with something else in place of each. */
function mapNumbers(op: string, value: unknown, change: (x: Scalar) => unknown): unknown {
  if (value instanceof Scalar) return change(value);
  if (typeof value === "number") return change(new Scalar(value));
  if (Array.isArray(value)) return (value as readonly unknown[]).map((entry) => mapNumbers(op, entry, change));
  if (typeof value !== "object" || value === null) {
    const problem = `the argument holds ${value === null ? "null" : typeof value}, not a number`;
    throw new ArgumentError({ op, problem, hint: "hand it in through a closure, or as another argument" });
  }
  return Object.fromEntries(Object.entries(value).map(([name, entry]) => [name, mapNumbers(op, entry, change)]));
}

/** The position to differentiate, checked. */
function checkArgnums(op: string, { argnums = 0, ...others }: ScalarGradOptions, count: number): number {
  const unknown = Object.keys(others)[0];
  if (unknown !== undefined) {
    throw new ArgumentError({ op, problem: `there is no option ${unknown}`, hint: "the one option is argnums" });
  }
  if (!Number.isInteger(argnums) || argnums < 0 || argnums >= count) {
    const problem = `there is no argument ${String(argnums)} among ${count}`;
    throw new IndexRangeError({ op, problem, hint: "argnums is one position, counted from 0" });
  }
  return argnums;
}

/** The loss that a function must give. */
function checkLoss(op: string, loss: unknown): Scalar {
  if (loss instanceof Scalar && !loss.isCondition) return loss;
  const kind = loss === null ? "null" : Array.isArray(loss) ? "an array" : typeof loss;
  const found = loss instanceof Scalar ? "a condition" : loss instanceof Promise ? "a Promise" : kind;
  throw new GraphError({
    op,
    problem: `the function gives ${found}, which has no derivative`,
    hint: "return what the ops of this library gave, and not item()",
    code: "NON_SCALAR",
  });
}

/** One run and one reverse sweep. */
function differentiate(
  op: string,
  f: AnyFunction,
  args: readonly unknown[],
  options: ScalarGradOptions = {},
): {
  value: Scalar;
  gradient: unknown;
} {
  const argnums = checkArgnums(op, options, args.length);
  const scope: Scope = { id: nextScope++, live: true };
  const leaves: Node[] = [];
  const replaced = [...args];
  replaced[argnums] = mapNumbers(op, args[argnums], (x) => {
    const leaf = record(new Scalar(x.item()), null, [x], isTracked(x) ? x.node!.scope : scope);
    leaves.push(leaf.node!);
    return leaf;
  });
  let result: unknown;
  try {
    result = f(...(replaced as never[]));
  } finally {
    scope.live = false;
  }
  const loss = checkLoss(op, result);
  // What was recorded before the leaves does not depend on them.
  const isReached = leaves.length > 0 && loss.node !== null && loss.node.id >= leaves[0]!.id;
  const shares = isReached ? reverseSweep(leaves, loss.node!) : [];
  let next = 0;
  const gradient = mapNumbers(op, args[argnums], () => apply(add.op, [shares[next++] ?? 0, 0]));
  return { value: isTracked(loss) ? loss : new Scalar(loss.item()), gradient };
}

/** A function of numbers. */
type OfScalars<R> = (...args: (Scalar | number)[]) => R;

/**
 * A function that computes a loss and its gradient: `valueAndGrad((x) => mul(x, x))(3).value.item()` is 9.
 *
 * @throws GraphError (`NON_SCALAR`) where the function gives no recorded number
 */
export function valueAndGrad(
  f: (...args: Scalar[]) => Scalar,
  options?: ScalarGradOptions,
): OfScalars<{ value: Scalar; gradient: Scalar }>;
export function valueAndGrad<P extends readonly unknown[], const N extends number = 0>(
  f: (...args: P) => Scalar,
  options?: { readonly argnums?: N },
): (...args: PlainAll<P>) => { value: Scalar; gradient: Recorded<P[N]> };
export function valueAndGrad(f: AnyFunction, options?: ScalarGradOptions): unknown {
  checkFunction("valueAndGrad", f);
  return (...args: readonly unknown[]) => differentiate("valueAndGrad", f, args, options);
}

/**
 * A function that computes the gradient of a loss by one of its arguments: a number, or lists and objects of numbers.
 * `grad((x) => mul(x, x))(3).item()` is 6.
 *
 * @param f - gives a recorded number
 * @param options - `argnums`: which argument, 0 where nothing is said
 * @throws GraphError (`NON_SCALAR`) where the function gives no recorded number
 */
export function grad(f: (...args: Scalar[]) => Scalar, options?: ScalarGradOptions): OfScalars<Scalar>;
export function grad<P extends readonly unknown[], const N extends number = 0>(
  f: (...args: P) => Scalar,
  options?: { readonly argnums?: N },
): (...args: PlainAll<P>) => Recorded<P[N]>;
export function grad(f: AnyFunction, options?: ScalarGradOptions): unknown {
  checkFunction("grad", f);
  return (...args: readonly unknown[]) => differentiate("grad", f, args, options).gradient;
}

function checkFunction(op: string, f: unknown): void {
  if (typeof f === "function") return;
  const found = f === null ? "null" : typeof f;
  throw new ArgumentError({
    op,
    problem: `the first argument is ${found}, not a function`,
    hint: `write ${op}((x) => …)`,
  });
}
