/**
 * Jacobians and Hessians outside of programs: the sweeps from all entries of a tensor as one sweep of a batch of seeds.
 */

import { isAutogradError } from "../errors.ts";
import { isTracked, isWatching } from "../graph/record.ts";
import { running } from "../graph/runs.ts";
import { countOf } from "../graph/shape.ts";
import { Tensor } from "../graph/tensor.ts";
import { tracing } from "../graph/tracing.ts";
import { allocateUnwritten } from "../graph/unwritten.ts";
import { concat } from "../ops/assembly.ts";
import { unmarked } from "../ops/unmarked.ts";
import type { Order } from "../sweep/order.ts";
import { sweepAtOnceBy, type Sweep, type SweepAtOnce } from "../transforms/matrices.ts";
import { resultOf } from "../transforms/trace.ts";
import { spread } from "./batched-op.ts";
import { runBatched } from "./replay.ts";

/** Of fewer seeds, tracing the sweep takes as long as running it for each. */
const FEWEST = 8;
/** So many numbers of the largest tensor on the way stay in the cache, and cost no memory that counts. */
const MOST_NUMBERS = 2 ** 18;

let count = 0;

/** How many sweeps were run for a batch of seeds. */
export function sweepsAtOnce(): number {
  return count;
}

/** Units of a tensor from one entry up to another, above each other; nothing is asked of what is not 1. */
function units({ shape, dtype }: Tensor, begin: number, end: number): Tensor {
  const size = countOf(shape);
  const numbers = allocateUnwritten(dtype, (end - begin) * size).fill(-0);
  for (let k = begin; k < end; k++) numbers[(k - begin) * size + k] = 1;
  return new Tensor([end - begin, ...shape], dtype, numbers);
}

/** The largest tensor on the way. */
function largest({ nodes }: Order): number {
  let most = 1;
  for (const { output } of nodes) most = Math.max(most, countOf(output.shape));
  return most;
}

/**
 * Sweeps for batches of seeds: of at least so many, and of so many at a time that a tensor on the way has no more
 * numbers than that.
 */
export function batchesOf(fewest = FEWEST, numbers = MOST_NUMBERS): SweepAtOnce {
  return (order, from, to, sweep) => {
    const size = countOf(from.shape);
    const most = Math.floor(numbers / largest(order));
    if (size < fewest || most < fewest || !mayBeTraced(order, from)) return null;
    const parts: (readonly Tensor[])[] = [];
    try {
      for (let begin = 0; begin < size; begin += most)
        parts.push(sweepPart(from, begin, Math.min(size, begin + most), to, sweep));
    } catch (error) {
      // A rule by hand that reads numbers is run with each seed, and says itself what is wrong otherwise.
      if (isAutogradError(error)) return null;
      throw error;
    }
    count += parts.length;
    return parts.length === 1 ? parts[0]! : to.map((_, k) => joined(parts.map((part) => part[k]!)));
  };
}

/**
 * True where nothing looks at each sweep, and nothing is asked of it later: then its sums have one order, whichever way
 * it runs.
 */
function mayBeTraced({ nodes }: Order, from: Tensor): boolean {
  return (
    tracing() === null &&
    !isWatching() &&
    running === null &&
    !isTracked(from) &&
    !nodes.some(({ output }) => isTracked(output))
  );
}

/** Sweeps the units of some entries. */
function sweepPart(from: Tensor, begin: number, end: number, to: readonly Tensor[], sweep: Sweep): readonly Tensor[] {
  const found = runBatched("jacobian", end - begin, [{ value: units(from, begin, end), mapped: true }], ([seed]) => {
    // Marks are looked for when there are numbers.
    const swept = sweep(seed!, false);
    return to.map((x, k) => resultOf(swept[k], x));
  });
  return found.map((x) => unmarked(spread(x!, end - begin)));
}

/** Parts of a batch above each other. */
function joined(parts: readonly Tensor[]): Tensor {
  return concat(parts as never) as Tensor;
}

sweepAtOnceBy(batchesOf());
