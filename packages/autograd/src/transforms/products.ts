/** Products with the Jacobian: vjp pulls a cotangent back, jvp pushes a tangent forward. */

import { zerosLike } from "../graph/create.ts";
import { DTypeError, GraphError, ShapeError, showShape } from "../errors.ts";
import { lookAt } from "../graph/runs.ts";
import { sameShape } from "../graph/shape.ts";
import type { Tensor } from "../graph/tensor.ts";
import { refuseLeaked } from "../graph/tracing.ts";
import { forwardSweep } from "../sweep/forward.ts";
import { reverseSweep } from "../sweep/reverse.ts";
import { leaveAll, orderBetween, trace } from "./trace.ts";
import { flattenTree, type Flat, type LiftedAll, type Loose, type LooseAll } from "./tree.ts";

/** A cotangent or tangent checked against what it belongs to. */
function matching(op: string, what: string, given: unknown, like: Flat): readonly Tensor[] {
  const flat = flattenTree(op, what, given);
  if (flat.leaves.length !== like.leaves.length || flat.paths.some((path, k) => path !== like.paths[k])) {
    throw new ShapeError({ op, problem: `${what} has other entries than what it belongs to`, hint: "give it the same structure" });
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
      throw new DTypeError({ op, problem: `${what}${like.paths[k]!} is ${x.dtype} where ${expected.dtype} is needed`, hint: `cast(x, "${expected.dtype}")` });
    }
    return x;
  });
}

/**
 * The value of `f` and its pullback: cotangent ↦ Jᵀ·cotangent. The function runs once; the pullback may be called any number
 * of times, and may itself be differentiated.
 *
 * @param f - gives a tensor, or a tree of them
 * @param primals - its arguments; all are differentiated
 * @returns `value`, and `pullback(cotangent)` giving one cotangent for each argument, in its structure
 *
 * @example
 * vjp((x: Tensor<[2]>) => mul(x, x), tensor([1, 2])).pullback(tensor([1, 1]))[0].toArray() // => [2, 4]
 */
export function vjp<P extends readonly unknown[], R>(
  f: (...args: P) => R,
  ...primals: LooseAll<P>
): { value: R; pullback: (cotangent: Loose<R>) => LiftedAll<P> } {
  const args: readonly unknown[] = primals;
  const { inputs, leaves, result } = trace("vjp", f, args, args.map((_, k) => k));
  const outputs = flattenTree("vjp", "the result", result);
  const order = orderBetween(leaves, outputs.leaves);
  const pullback = (cotangent: unknown): unknown => {
    for (const output of outputs.leaves) refuseLeaked("vjp", output);
    lookAt(outputs.leaves, "value");
    const shares = reverseSweep(order, matching("vjp", "the cotangent", cotangent, outputs));
    let next = 0;
    return inputs.map((flat) => flat.rebuild(flat.leaves.map((leaf) => shares[next++] ?? zerosLike(leaf))));
  };
  return { value: leaveAll(result) as R, pullback: pullback as (cotangent: Loose<R>) => LiftedAll<P> };
}

/**
 * The value of `f` and its derivative along a direction: J·tangent.
 *
 * @param f - gives a tensor, or a tree of them
 * @param primals - its arguments
 * @param tangents - a direction for each argument, in its structure
 * @returns `value`, and `tangent` in the structure of the value
 * @throws ShapeError where a tangent does not fit its argument
 *
 * @example
 * jvp((x: Tensor<[]>) => mul(x, x), [3], [1]).tangent.item() // => 6
 */
export function jvp<P extends readonly unknown[], R>(f: (...args: P) => R, primals: LooseAll<P>, tangents: LooseAll<P>): { value: R; tangent: R } {
  const args: readonly unknown[] = primals;
  const directions: readonly unknown[] = tangents;
  if (!Array.isArray(primals) || !Array.isArray(tangents) || args.length !== directions.length) {
    throw new GraphError({ op: "jvp", problem: "there is not one tangent for each argument", hint: "give jvp(f, [x, y], [dx, dy])" });
  }
  const { inputs, leaves, result } = trace("jvp", f, args, args.map((_, k) => k));
  const outputs = flattenTree("jvp", "the result", result);
  const seeds = inputs.flatMap((flat, k) => [...matching("jvp", `tangent ${k}`, directions[k], flat)]);
  const pushed = forwardSweep(orderBetween(leaves, outputs.leaves), seeds);
  const tangent = outputs.rebuild(outputs.leaves.map((output, k) => pushed[k] ?? zerosLike(output)));
  return { value: leaveAll(result) as R, tangent: tangent as R };
}
