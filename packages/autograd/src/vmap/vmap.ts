/** vmap: a function of one example becomes one of a batch, without a loop over the examples. */

import { ArgumentError } from "../errors.ts";
import { refuseLeaked } from "../graph/tracing.ts";
import type { Tensor } from "../graph/tensor.ts";
import { checkOptions, refuseExtra, type OptionKind, type OptionKinds } from "../options.ts";
import { withOwnType } from "../ops/conversion.ts";
import type { Batched } from "../primitives/batched.ts";
import { checkFunction, type AnyFunction } from "../transforms/trace.ts";
import { flattenTree, type Flat } from "../transforms/tree.ts";
import { axesOfArguments, axesOfResult, inBatch, outOfBatch, type Axes } from "./axes.ts";
import { runBatched } from "./replay.ts";
import type { BatchedArguments, BatchedResult } from "./types.ts";

/** The axes of the examples. */
export interface VmapOptions<In extends Axes = Axes, Out extends Axes = Axes> {
  /**
   * The axis of the examples in the arguments: one for all of them, or a list with one for each; `null` for an argument
   * that is the same for every example. Of a tree of parameters, one for all tensors in it, or a tree of them. 0 where
   * nothing is said.
   */
  readonly inAxes?: In;
  /**
   * The axis of the examples in the result, or a tree of them; `null` for what does not depend on the example. 0 where
   * nothing is said.
   */
  readonly outAxes?: Out;
}

/** Axes of arguments or results; what is in a list or an object of them is looked at beside what it is said of. */
const axes: OptionKind = {
  takes: "a whole number, null, or a list or an object of them",
  type: "number",
  accepts: (value) => Number.isSafeInteger(value) || typeof value === "object",
};
const kinds: OptionKinds<VmapOptions> = { inAxes: axes, outAxes: axes };
const call = "vmap(f, { inAxes, outAxes }), and then the function that it gives with the arguments";
const random = "draw random numbers outside, and hand them in as an argument with an example in each row";
const instead = {
  randomness: random,
  axisSize: "the size of a batch is that of the arguments that have one: inAxes",
  chunkSize: "call it with parts of the batch: split(x, parts)",
  inDims: "did you mean inAxes?",
  outDims: "did you mean outAxes?",
};

/**
 * A function that runs `f` for all examples of a batch at once. `f` is written for one example, and traced once:
 * matrices times vectors become products of matrices, and what is entry by entry goes through the whole batch.
 * Derivatives inside (`grad`, `jvp`, `hessian`) are those of each example, derivatives outside pass through; loops and
 * branches too, where the condition of a branch is one of each example, and then both sides are computed. It may stand
 * in itself, in `compile`, `scan` and `cond`.
 *
 * @param f - of one example; takes and gives tensors and trees of them; arguments that are the same for every example
 * may be anything
 * @param options - `inAxes`, `outAxes`
 * @returns a function of the same arguments, the examples along an axis
 * @throws ShapeError where arguments have different numbers of examples; IndexRangeError for an axis that a tensor does
 * not have; ArgumentError for axes that do not fit the arguments; GraphError (`TRACED`) where `f` reads the numbers of
 * an example
 *
 * @example
 * const dots = vmap((a: Tensor<[2]>, b: Tensor<[2]>) => dot(a, b))
 * dots(tensor([[1, 2], [3, 4]]), tensor([[1, 0], [0, 1]])).toArray() // => [1, 4]
 * const loss = (w: Tensor<[2]>, x: Tensor<[2]>) => { const y = dot(w, x); return mul(y, y) }
 * vmap(grad(loss), { inAxes: [null, 0] })(tensor([1, 2]), tensor([[1, 0], [0, 1]])).toArray() // => [[2, 0], [0, 4]]
 */
export function vmap<
  P extends readonly unknown[] = readonly Tensor[],
  R = unknown,
  const In extends Axes = 0,
  const Out extends Axes = 0,
>(
  f: (...args: P) => R,
  options?: VmapOptions<In, Out>,
): <const N extends number>(...args: BatchedArguments<P, N, In>) => BatchedResult<R, N, Out>;
export function vmap(f: AnyFunction, options?: VmapOptions, extra?: unknown): (...args: readonly unknown[]) => unknown {
  checkFunction("vmap", f);
  refuseExtra("vmap", extra, call);
  const { inAxes = 0, outAxes = 0 } = checkOptions("vmap", options, kinds, { call, instead });
  return (...args) => {
    const { given, size } = axesOfArguments(args, inAxes);
    // Behind each other, and how they are put back into the arguments of one example.
    const leaves = given.flatMap(({ flat, axes }) =>
      flat.leaves.map((x, k): Batched<Tensor> =>
        axes[k] === null ? { value: x, mapped: false } : { value: inBatch(x, axes[k]!), mapped: true },
      ),
    );
    let result: Flat | null = null;
    const found = runBatched("vmap", size, leaves, (example) => {
      let next = 0;
      const own = [...args];
      for (const { place, flat } of given) own[place] = flat.rebuild(flat.leaves.map(() => example[next++]!));
      const value = f(...(own as never[]));
      if (value instanceof Promise)
        throw new ArgumentError({
          op: "vmap",
          problem: "the function gives a Promise",
          hint: "it must not be async; await before you batch",
        });
      result = flattenTree("vmap", "the result", value);
      for (const leaf of result.leaves) refuseLeaked("vmap", leaf);
      return result.leaves.map(withOwnType);
    });
    const flat = result as unknown as Flat;
    const out = axesOfResult(flat, outAxes);
    return flat.rebuild(found.map((x, k) => outOfBatch(x!, out[k]!, size, flat.paths[k]!)));
  };
}
