/** Control flow that can be differentiated and compiled: scan, whileLoop, cond. */

import { callerLine } from "../caller.ts";
import type { Tensor } from "../graph/tensor.ts";
import { isTraced, tracing } from "../graph/tracing.ts";
import { withOwnType } from "../ops/conversion.ts";
import type { Shape } from "../types/shape.ts";
import { recordBody } from "./control-body.ts";
import { checkCarry, checkPredicate, checkSame, checkStep, checkSteps, lengthOf } from "./control-check.ts";
import { traceCond } from "./control-cond.ts";
import { branchResults, flattenOptional, runScan, runWhile, type ScanForm } from "./control-eager.ts";
import { zerosOf } from "./control-op.ts";
import { outputsOf, traceScan, type StepResult } from "./control-scan.ts";
import { traceWhile } from "./control-while.ts";
import { checkOptions, option, refuseExtra, type OptionKinds } from "../options.ts";
import { checkFunction } from "./trace.ts";
import { arrangedLike, flattenTree, type Flat, type Lifted, type LiftedAll } from "./tree.ts";

/** The same structure, with any shapes and types; that they stay the same is checked when a loop runs. */
export type AnyOf<T> = T extends Tensor | number ? Tensor | number : { readonly [K in keyof T]: AnyOf<T[K]> };

/** One row of each tensor: the structure without the leading axes. */
export type RowOf<X> = X extends null
  ? null
  : X extends Tensor<infer S>
    ? Tensor<S extends readonly [number, ...infer Rest extends Shape] ? Rest : number[]>
    : { readonly [K in keyof X]: RowOf<X[K]> };

/** Rows one above the other: the structure with a leading axis of `N`. */
export type StackOf<Y, N extends number> = Y extends null
  ? null
  : Y extends number
    ? Tensor<[N]>
    : Y extends Tensor<infer S>
      ? Tensor<[N, ...S]>
      : { -readonly [K in keyof Y]: StackOf<Y[K], N> };

/** The number of rows, where the types say it of a single tensor. */
export type RowCount<X> =
  X extends Tensor<infer S> ? (S extends readonly [infer N extends number, ...Shape] ? N : number) : number;

/** How long a scan is, and where it begins. */
export interface ScanOptions {
  /** The number of steps; needed where there are no `xs`. */
  readonly length?: number;
  /** Begin with the last row and end with the first; the outputs stand in the order of the rows all the same. */
  readonly reverse?: boolean;
}

type AnyStep = (carry: unknown) => unknown;

const scanKinds: OptionKinds<ScanOptions> = { length: option.checkedLater, reverse: option.flag };

/** How long a loop may go on. */
export interface WhileOptions {
  /**
   * How many steps the loop may take: a condition that still holds then is refused. Without it, memory for the reverse
   * mode of a compiled loop grows as the loop takes more steps.
   */
  readonly maxSteps?: number;
}

const whileKinds: OptionKinds<WhileOptions> = { maxSteps: option.checkedLater };

/**
 * Runs `f` once for each row of `xs`, handing a carry on from step to step: (carry, x) ↦ [carry, y]. Inside a compiled
 * function `f` is traced once and the program loops, so that its size does not depend on the number of rows;
 * derivatives of any order, in both modes, are loops too. Elsewhere it is a plain loop.
 *
 * With no rows the carry stays as it is, and `f` is traced, not run, to learn the shapes of `ys`.
 *
 * @param f - takes the carry and one row of each array; gives the next carry, in the same structure, shapes and types,
 * and an output: a tree, or `null`
 * @param initial - the first carry: a tensor, a number, or a tree of them
 * @param xs - a tensor or a tree of tensors with one leading axis, or `null`
 * @param options - `length`, where there are no `xs`; `reverse`, to begin with the last row
 * @returns `carry`, the last one, and `ys`, the outputs stacked along a new leading axis
 * @throws ShapeError, DTypeError naming the part of the carry that changes; ArgumentError where `f` gives anything but
 * a pair
 *
 * @example
 * const running = scan((total, x) => [total.add(x), total.add(x)], 0, tensor([1, 2, 3]))
 * running.ys.toArray() // => [1, 3, 6]
 * grad((w: Tensor<[]>) => scan((c, _) => [mul(c, w), null], 1, null, { length: 3 }).carry)(2).item() // => 12
 */
export function scan<const C, const X, Y>(
  f: (carry: Lifted<C>, x: RowOf<X>) => readonly [AnyOf<C>, Y],
  initial: C,
  xs: X,
  options?: ScanOptions,
): { carry: Lifted<C>; ys: StackOf<Y, RowCount<X>> };
export function scan(
  f: (carry: never, x: never) => readonly [unknown, unknown],
  initial: unknown,
  xs: unknown,
  options?: ScanOptions,
  extra?: unknown,
): { carry: unknown; ys: unknown } {
  checkFunction("scan", f);
  const call = "scan(f, initial, xs, { length, reverse })";
  refuseExtra("scan", extra, call);
  const { length: asked, reverse: backwards = false } = checkOptions("scan", options, scanKinds, { call });
  const first = flattenTree("scan", "the initial carry", initial);
  const arrays = flattenOptional("xs", xs);
  const length = lengthOf(arrays, asked);
  const step = f as (carry: unknown, row: unknown) => unknown;
  const { carry, ys, output } =
    tracing() === null && length > 0
      ? runScan(step, { first, arrays, length, backwards })
      : scanTraced(step, { first, arrays, length, backwards });
  return { carry: first.rebuild(carry), ys: output.rebuild(ys) };
}

/** A scan in a compiled function, and one of no steps: its body is traced. */
function scanTraced(
  f: (carry: unknown, row: unknown) => unknown,
  { first, arrays, length, backwards }: ScanForm,
): ReturnType<typeof runScan> {
  let output: Flat | null = null;
  const step = (carry: readonly Tensor[], rows: readonly Tensor[]): StepResult => {
    const [next, y] = checkStep(f(first.rebuild(carry), arrays.rebuild(rows)));
    const ys = (output = flattenOptional("the output", y));
    return { carry: checkCarry("scan", first, next).leaves, ys: ys.leaves };
  };
  if (length > 0) {
    const outputs = outputsOf(traceScan({ length, backwards, swept: false }, step, first.leaves, arrays.leaves));
    return { ...outputs, output: output! };
  }
  const rows = arrays.leaves.map(({ shape, dtype }) => ({ shape: shape.slice(1), dtype }));
  const count = first.leaves.length;
  const { results } = recordBody(
    "scan",
    [...first.leaves, ...rows],
    (leaves) => step(leaves.slice(0, count), leaves.slice(count)).ys,
  );
  return {
    carry: first.leaves,
    ys: results.map(({ shape, dtype }) => zerosOf({ shape: [0, ...shape], dtype })),
    output: output!,
  };
}

/**
 * Runs `body` as long as `condition` holds, which is looked at first. Inside a compiled function both are traced once
 * and the program loops. Forward mode goes along with it; reverse mode keeps what the steps have computed, and sweeps
 * through as many as were taken. Without `maxSteps` a call that takes more steps than any before it is run again, with
 * more memory. Elsewhere it is a plain loop, with derivatives in both modes.
 *
 * A loop that is not over after `maxSteps` has no result: it is refused, eagerly and by the program alike. What is to
 * stop after a number of steps counts them in its carry.
 *
 * @param condition - takes the carry; gives a bool scalar
 * @param body - takes the carry; gives the next one, in the same structure, shapes and types
 * @param initial - the first carry: a tensor, a number, or a tree of them
 * @param options - `maxSteps`
 * @returns the last carry
 * @throws ShapeError, DTypeError naming the part of the carry that changes, or for a condition that is no bool scalar;
 * ConfigError (`MAX_STEPS`) where the condition still holds after `maxSteps`; OutOfMemoryError where reverse mode of a
 * compiled loop cannot keep its steps
 *
 * @example
 * const newton = (a: Tensor<[]>) =>
 *   whileLoop((x) => greater(abs(x.mul(x).sub(a)), 1e-12), (x) => x.add(a.div(x)).mul(0.5), 1)
 * [newton(tensor(9)).item(), jvp(newton, [9], [6]).tangent.item()] // => [3, 1]
 */
export function whileLoop<const C>(
  condition: (carry: Lifted<C>) => Tensor | boolean,
  body: (carry: Lifted<C>) => AnyOf<C>,
  initial: C,
  options?: WhileOptions,
): Lifted<C>;
export function whileLoop(
  condition: AnyStep,
  body: AnyStep,
  initial: unknown,
  options?: WhileOptions,
  extra?: unknown,
): unknown {
  checkFunction("whileLoop", condition);
  checkFunction("whileLoop", body);
  const call = "whileLoop(condition, body, initial, { maxSteps })";
  refuseExtra("whileLoop", extra, call);
  const { maxSteps } = checkOptions("whileLoop", options, whileKinds, { call });
  const first = flattenTree("whileLoop", "the initial carry", initial);
  const most = maxSteps === undefined ? null : checkSteps("whileLoop", "maxSteps", maxSteps);
  const running = tracing();
  if (running === null) return first.rebuild(runWhile(condition, body, first, most));
  const holds = (carry: readonly Tensor[]): Tensor =>
    checkPredicate("whileLoop", "the condition", condition(first.rebuild(carry)));
  const step = (carry: readonly Tensor[]): readonly Tensor[] =>
    checkCarry("whileLoop", first, body(first.rebuild(carry))).leaves;
  const room = most === null ? running.rooms.take() : null;
  const bound = { most: most ?? room!.steps, room, before: 0, line: callerLine() };
  return first.rebuild(traceWhile(bound, holds, step, first.leaves));
}

/**
 * Runs one of two functions: `onTrue` where the predicate holds, `onFalse` elsewhere. Inside a compiled function, where
 * the predicate is known only when the program runs, both are traced, must give the same structure, shapes and types,
 * and one of them runs; a predicate that is known already decides at once. Derivatives pass through the side that runs.
 *
 * @param predicate - a bool scalar, true or false
 * @param onTrue - takes the operands
 * @param onFalse - takes the operands
 * @param operands - tensors, numbers, and trees of them
 * @returns what the chosen function gives, with tensors for numbers
 * @throws DTypeError, ShapeError for a predicate that is no bool scalar, and where the two sides differ
 *
 * @example
 * const root = (x: Tensor<[]>) => cond(greater(x, 0), (y) => sqrt(y), (y) => mul(y, 0), x)
 * [root(tensor(9)).item(), grad(root)(tensor(-9)).item()] // => [3, 0]
 */
export function cond<P extends readonly unknown[], R>(
  predicate: Tensor | boolean,
  onTrue: (...operands: LiftedAll<P>) => R,
  onFalse: (...operands: LiftedAll<P>) => AnyOf<R>,
  ...operands: P
): Lifted<R> {
  checkFunction("cond", onTrue);
  checkFunction("cond", onFalse);
  const lifted = operands.map((operand, k) => {
    const flat = flattenTree("cond", `operand ${k}`, operand);
    return flat.rebuild(flat.leaves.map(withOwnType));
  }) as LiftedAll<P>;
  const given = checkPredicate("cond", "the predicate", predicate);
  const sides: Flat[] = [];
  const side = (name: string, f: (...list: LiftedAll<P>) => unknown) => (): readonly Tensor[] => {
    const given = flattenTree("cond", `what ${name} gives`, f(...lifted));
    const flat = sides[0] === undefined ? given : arrangedLike(sides[0], given);
    sides.push(flat);
    return flat.leaves.map(withOwnType);
  };
  const onTrueSide = side("onTrue", onTrue);
  const onFalseSide = side("onFalse", onFalse);
  const results = isTraced(given)
    ? traceCond(given, onTrueSide, onFalseSide, () =>
        checkSame(
          {
            op: "cond",
            first: "what onTrue gives",
            second: "what onFalse gives",
            hint: "both sides give the same structure, shapes and types",
          },
          sides[0]!,
          sides[1]!,
        ),
      )
    : branchResults(given.storage === 1 ? onTrueSide : onFalseSide);
  return sides[0]!.rebuild(results) as Lifted<R>;
}
