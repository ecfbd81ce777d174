/** Products with the Jacobian: vjp pulls a cotangent back, jvp pushes a tangent forward. */

import { DTypeError, GraphError, ShapeError, showShape } from "../errors.ts";
import { lookAt } from "../graph/runs.ts";
import { sameShape } from "../graph/shape.ts";
import type { Tensor } from "../graph/tensor.ts";
import { refuseLeaked } from "../graph/tracing.ts";
import { annul } from "../ops/marks.ts";
import { checkOptions, option, refuseExtra, type OptionKinds } from "../options.ts";
import { forwardSweep } from "../sweep/forward.ts";
import { reverseSweep } from "../sweep/reverse.ts";
import { refuseLeft } from "./left-graph.ts";
import type { Argnums, DirectionOf, GradientOf } from "./signatures.ts";
import {
  checkArgnums,
  checkDifferentiable,
  checkFunction,
  leaveAll,
  orderBetween,
  resultOf,
  trace,
  type AnyFunction,
} from "./trace.ts";
import { arrangedLike, flattenTree, type Flat, type LiftedAll, type Loose, type LooseAll } from "./tree.ts";

/** A cotangent or tangent checked against what it belongs to, as a sweep takes it. */
function matching(op: string, what: string, given: unknown, like: Flat): readonly Tensor[] {
  const flat = arrangedLike(like, flattenTree(op, what, given));
  if (flat.leaves.length !== like.leaves.length || flat.paths.some((path, k) => path !== like.paths[k])) {
    throw new ShapeError({
      op,
      problem: `${what} has other entries than what it belongs to`,
      hint: "give it the same structure",
    });
  }
  return flat.leaves.map((x, k) => {
    const expected = like.leaves[k]!;
    if (!sameShape(x.shape, expected.shape)) {
      throw new ShapeError({
        op,
        problem: `${what}${like.paths[k]!} has shape ${showShape(x.shape)} where ${showShape(expected.shape)} is needed`,
        hint: "give it the shape of what it belongs to",
        shapes: [x.shape, expected.shape],
      });
    }
    if (x.dtype !== expected.dtype) {
      throw new DTypeError({
        op,
        problem: `${what}${like.paths[k]!} is ${x.dtype} where ${expected.dtype} is needed`,
        hint: `cast(x, "${expected.dtype}")`,
      });
    }
    return asked(x);
  });
}

/**
 * A direction or cotangent as it is swept: where the caller says 0, nothing is asked. A constant other than 0 stands as
 * it is.
 */
function asked(x: Tensor): Tensor {
  return x.node === null && typeof x.storage === "number" && x.storage !== 0 ? x : annul(x);
}

/** Which arguments' cotangents a pullback gives. */
export interface PullbackOptions<N extends Argnums = Argnums> {
  /** The position of the argument, or several; negative ones count from the end, all where nothing is said. */
  readonly argnums?: N;
}

/** Along which arguments a tangent goes. */
export interface JvpOptions<N extends Argnums = Argnums> {
  /**
   * The positions of the arguments that have a tangent; negative ones count from the end, all where nothing is said.
   */
  readonly argnums?: N;
}

const argnumsKinds: OptionKinds<PullbackOptions> = { argnums: option.argnums };

/** Takes a cotangent of the value back to the arguments: to all of them as a list, to one, or to several. */
export interface Pullback<P extends readonly unknown[], R> {
  (cotangent: Loose<R>): LiftedAll<P>;
  <const N extends Argnums>(cotangent: Loose<R>, options: PullbackOptions<N>): GradientOf<P, N>;
}

/** The arguments that can be differentiated, and for each other one what is in the way. */
function differentiable(
  op: string,
  args: readonly unknown[],
): { readonly places: readonly number[]; readonly refusals: ReadonlyMap<number, Error> } {
  const refusals = new Map<number, Error>();
  const places = args.flatMap((argument, k) => {
    try {
      checkDifferentiable(op, k, flattenTree(op, `argument ${k}`, argument));
      return [k];
    } catch (error) {
      refusals.set(k, error as Error);
      return [];
    }
  });
  return { places, refusals };
}

/**
 * The value of `f` and its pullback: cotangent ↦ Jᵀ·cotangent. The function runs once; the pullback may be called any
 * number of times, and may itself be differentiated.
 *
 * @param f - gives a tensor, or a tree of them
 * @param primals - its arguments
 * @returns `value`, and `pullback(cotangent)` giving one cotangent for each argument, in its structure; with `{ argnums
 * }` behind the cotangent, those of the arguments asked for, and no others need be differentiable
 * @throws DTypeError, ArgumentError where an argument has no derivative; GraphError (`LEFT_GRAPH`) where the value
 * depends on an argument that was read as a number
 *
 * @example
 * vjp((x: Tensor<[2]>) => mul(x, x), tensor([1, 2])).pullback(tensor([1, 1]))[0].toArray() // => [2, 4]
 * vjp((x, y) => mul(x, y), 2, 3).pullback(1, { argnums: 1 }).item() // => 2
 */
export function vjp<A extends readonly unknown[], P extends readonly unknown[] = LiftedAll<A>, R = unknown>(
  f: (...args: P) => R,
  ...primals: A & NoInfer<LooseAll<P>>
): { value: R; pullback: Pullback<P, R> };
export function vjp(
  f: AnyFunction,
  ...args: readonly unknown[]
): { value: unknown; pullback: (cotangent: unknown, options?: PullbackOptions) => unknown } {
  checkFunction("vjp", f);
  const { places, refusals } = differentiable("vjp", args);
  // Where nothing can be differentiated there is nothing to ask of the pullback.
  if (args.length > 0 && places.length === 0) throw refusals.get(0)!;
  const traced = trace("vjp", f, args, places);
  const { inputs, leaves, result } = traced;
  const outputs = flattenTree("vjp", "the result", result);
  const order = orderBetween(leaves, outputs.leaves);
  const pullback = (cotangent: unknown, options?: PullbackOptions, extra?: unknown): unknown => {
    const call = "pullback(cotangent, { argnums })";
    refuseExtra("vjp", extra, call);
    const { argnums } = checkOptions("vjp", options, argnumsKinds, { call });
    const wanted = argnums === undefined ? args.map((_, k) => k) : checkArgnums("vjp", argnums, args.length);
    for (const place of wanted) if (refusals.has(place)) throw refusals.get(place)!;
    for (const output of outputs.leaves) refuseLeaked("vjp", output);
    lookAt(outputs.leaves, "value");
    const seeds = matching("vjp", "the cotangent", cotangent, outputs);
    const owners = inputs.flatMap((flat, k) => flat.leaves.map(() => places[k]!));
    refuseLeft("vjp", f, args, traced, order, outputs.leaves, (leaf) => wanted.includes(owners[leaf]!));
    const shares = reverseSweep(order, seeds, { plain: true });
    let next = 0;
    const all = new Map(
      inputs.map((flat, k) => [places[k]!, flat.rebuild(flat.leaves.map((leaf) => resultOf(shares[next++], leaf)))]),
    );
    const given = wanted.map((place) => all.get(place));
    return typeof argnums === "number" ? given[0] : given;
  };
  return { value: leaveAll(result), pullback };
}

/**
 * The value of `f` and its derivative along a direction: J·tangent.
 *
 * @param f - gives a tensor, or a tree of them
 * @param primals - its arguments
 * @param tangents - a direction for each argument, in its structure; with `argnums`, for those alone: a single one for
 * a number
 * @param options - `argnums`: which arguments have a tangent; the others are constants, and may be anything
 * @returns `value`, and `tangent` in the structure of the value
 * @throws ShapeError where a tangent does not fit its argument; GraphError (`LEFT_GRAPH`) where the value depends on an
 * argument that was read as a number
 *
 * @example
 * jvp((x: Tensor<[]>) => mul(x, x), [3], [1]).tangent.item() // => 6
 * jvp((x, y) => mul(x, y), [2, 3], 1, { argnums: 1 }).tangent.item() // => 2
 */
export function jvp<const A extends readonly unknown[], P extends readonly unknown[] = LiftedAll<A>, R = unknown>(
  f: (...args: P) => R,
  primals: A & NoInfer<LooseAll<P>>,
  tangents: NoInfer<LooseAll<P>>,
): { value: R; tangent: R };
export function jvp<
  const A extends readonly unknown[],
  const N extends Argnums,
  P extends readonly unknown[] = LiftedAll<A>,
  R = unknown,
>(
  f: (...args: P) => R,
  primals: A & NoInfer<LooseAll<P>>,
  tangents: NoInfer<DirectionOf<P, N>>,
  options: JvpOptions<N>,
): { value: R; tangent: R };
export function jvp(
  f: AnyFunction,
  primals: readonly unknown[],
  tangents: unknown,
  options?: JvpOptions,
  extra?: unknown,
): { value: unknown; tangent: unknown } {
  checkFunction("jvp", f);
  const call = "jvp(f, [x, y], [dx, dy]), or jvp(f, [x, y], dy, { argnums: 1 })";
  refuseExtra("jvp", extra, call);
  const { argnums } = checkOptions("jvp", options, argnumsKinds, { call });
  const directions = typeof argnums === "number" ? [tangents] : tangents;
  const refuse = (): never => {
    throw new GraphError({ op: "jvp", problem: "there is not one tangent for each argument", hint: `write ${call}` });
  };
  if (!Array.isArray(primals) || !Array.isArray(directions)) return refuse();
  const places = argnums === undefined ? primals.map((_, k) => k) : checkArgnums("jvp", argnums, primals.length);
  if (places.length !== directions.length) return refuse();
  return pushForward("jvp", f, primals, places, directions);
}

/** The value of `f`, and its derivative along directions of the arguments at some places. */
export function pushForward(
  op: string,
  f: AnyFunction,
  args: readonly unknown[],
  places: readonly number[],
  directions: readonly unknown[],
): { value: unknown; tangent: unknown } {
  const { result, push } = linearized(op, f, args, places);
  const tangent = push(directions);
  return { value: leaveAll(result), tangent };
}

/** A function that has been run, with its derivative along any directions of the arguments at some places. */
function linearized(
  op: string,
  f: AnyFunction,
  args: readonly unknown[],
  places: readonly number[],
): { readonly result: unknown; readonly push: (directions: readonly unknown[]) => unknown } {
  const traced = trace(op, f, args, places);
  const { inputs, leaves, result } = traced;
  const outputs = flattenTree(op, "the result", result);
  const order = orderBetween(leaves, outputs.leaves);
  const push = (directions: readonly unknown[]): unknown => {
    for (const output of outputs.leaves) refuseLeaked(op, output);
    const seeds: Tensor[] = [];
    const nameOf = (k: number): string => (op === "hvp" ? "the direction" : `tangent ${k}`);
    inputs.forEach((flat, k) => seeds.push(...matching(op, nameOf(k), directions[k], flat)));
    // What does not move has no influence on a derivative.
    refuseLeft(op, f, args, traced, order, outputs.leaves, (leaf) => !isZero(seeds[leaf]!));
    const pushed = forwardSweep(order, seeds, { plain: true });
    return outputs.rebuild(outputs.leaves.map((output, k) => resultOf(pushed[k], output)));
  };
  return { result, push };
}

/**
 * The value of `f` and its linear part: tangents ↦ J·tangents. The function runs once; the pushforward may be called
 * any number of times, and may itself be differentiated. It is to `jvp` what the pullback of `vjp` is to a gradient.
 *
 * @param f - gives a tensor, or a tree of them
 * @param primals - its arguments
 * @returns `value`, and `pushforward(…tangents)`, which takes a direction for each argument, in its structure, and
 * gives a tangent in that of the value
 * @throws DTypeError, ArgumentError where an argument has no derivative; ShapeError where a tangent does not fit its
 * argument;
 * GraphError (`LEFT_GRAPH`) where the value depends on an argument that was read as a number
 *
 * @example
 * const { value, pushforward } = linearize((x: Tensor<[]>, y: Tensor<[]>) => mul(x, y), 2, 3)
 * [value.item(), pushforward(1, 0).item(), pushforward(0, 1).item()] // => [6, 3, 2]
 */
export function linearize<A extends readonly unknown[], P extends readonly unknown[] = LiftedAll<A>, R = unknown>(
  f: (...args: P) => R,
  ...primals: A & NoInfer<LooseAll<P>>
): { value: R; pushforward: (...tangents: LooseAll<P>) => R };
export function linearize(
  f: AnyFunction,
  ...args: readonly unknown[]
): { value: unknown; pushforward: (...tangents: readonly unknown[]) => unknown } {
  checkFunction("linearize", f);
  const { result, push } = linearized(
    "linearize",
    f,
    args,
    args.map((_, k) => k),
  );
  const pushforward = (...tangents: readonly unknown[]): unknown => {
    if (tangents.length !== args.length) {
      const problem = `${tangents.length} tangents for ${args.length} arguments`;
      throw new GraphError({
        op: "linearize",
        problem,
        hint: "give a direction for each argument; zeros for one that does not move",
      });
    }
    return push(tangents);
  };
  return { value: leaveAll(result), pushforward };
}

function isZero(x: Tensor): boolean {
  return (
    x.storage !== null &&
    (typeof x.storage === "number" ? x.storage === 0 : x.storage.every((value: number) => value === 0))
  );
}
