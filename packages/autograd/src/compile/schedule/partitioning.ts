/**
 * Work partitioning: which kernels threads divide between them, and where the parts begin and end. No bit depends on
 * either.
 */

import { countOf } from "../../graph/shape.ts";
import { CHUNK } from "../../kernels/reduce.ts";
import { COLUMNS_TOGETHER, isByColumns, piecesOfColumns } from "./columns.ts";
import type { Kernel, LoopKernel, ProductKernel, RowsKernel } from "./kernel.ts";
import { isSlow } from "../ir/weight.ts";

/** A batch of so many products is divided by products, a smaller one by the rows or columns of each. */
const MOST_IN_PARTS = 8;

/** How a product, or a batch of them, is divided between threads. */
export function divisionOfProduct(kernel: ProductKernel): "products" | "columns" | "rows" {
  const { batch } = kernel.definition.sizes;
  if ((batch[0] ?? 1) >= MOST_IN_PARTS) return "products";
  return isByColumns(kernel) ? "columns" : "rows";
}

/**
 * Pieces of rows begin at multiples of this, so that runs of them are whole vectors; tiles that are not full cost less
 * than unequal pieces.
 */
export const ROWS_TOGETHER = 4;
/** Rows of so many numbers and more are added by columns. */
const LEAST_COLUMNS = 64;

/** How rows that are added at an index are divided: blocks are independent, columns of one block as well. */
export function divisionOfAddAt(outer: number, inner: number): "blocks" | "columns" | "none" {
  if (outer >= MOST_IN_PARTS) return "blocks";
  return inner >= LEAST_COLUMNS ? "columns" : "none";
}

/**
 * So many pairs of columns are summed side by side at most: a line of the cache of float32, with their sums in half of
 * the registers.
 */
export const MOST_PAIRS = 8;
/** Columns are cut into so many blocks at least, where there are enough, so that threads have their parts. */
const LEAST_BLOCKS = 8;

/** How many pairs of columns are summed side by side: a power of two. */
export function pairsAtOnce(inner: number): number {
  let pairs = MOST_PAIRS;
  while (pairs > 1 && inner < 2 * pairs * LEAST_BLOCKS) pairs /= 2;
  return pairs;
}

/** The work of the kernels that are divided, in about nanoseconds of one thread. */
export interface LeastWork {
  /** Less than this costs more to hand out than it saves. */
  readonly alone: number;
  /** The same where other kernels of the program are divided anyway. */
  readonly beside: number;
}

export const LEAST_WORK: LeastWork = { alone: 80_000, beside: 20_000 };

/** About how many nanoseconds a kernel takes on one thread, and into how many parts it can be cut. */
function workOf(kernel: Kernel): { readonly nanoseconds: number; readonly units: number } {
  const value = kernel.members[0]!;
  switch (kernel.kind) {
    case "matmul": {
      const { batch, m, k, n } = kernel.definition.sizes;
      const units = {
        products: batch[0]!,
        columns: Math.ceil(n / COLUMNS_TOGETHER),
        rows: Math.ceil(m / ROWS_TOGETHER),
      }[divisionOfProduct(kernel)];
      return { nanoseconds: (countOf(batch) * m * k * n) / (value.dtype === "float64" ? 10 : 20), units };
    }
    case "take": {
      const { outer, inputs } = kernel.definition;
      return { nanoseconds: value.count / 4, units: Math.max(outer, inputs[1].count) };
    }
    case "addAt": {
      const { outer, inner, inputs } = kernel.definition;
      const division = divisionOfAddAt(outer, inner);
      return {
        nanoseconds: inputs[0].count,
        units: division === "blocks" ? outer : division === "columns" ? inner : 1,
      };
    }
    case "scan":
    case "while":
    case "cond":
      return { nanoseconds: 0, units: 1 };
    case "assemble":
      return { nanoseconds: value.count / 4, units: value.count };
    case "columns": {
      const { outer, size, inner } = kernel.definition;
      return {
        nanoseconds: (outer * size * inner) / 4,
        units: Math.max(outer, Math.ceil(inner / (2 * pairsAtOnce(inner)))),
      };
    }
    case "rows":
    case "loop":
      return workOfLoops(kernel);
  }
}

function workOfLoops(kernel: LoopKernel | RowsKernel): ReturnType<typeof workOf> {
  const { frame, members } = kernel;
  const entries = countOf(frame);
  const nanoseconds =
    entries *
    members.reduce(
      (sum, { definition: one, dtype }) =>
        sum + (one.kind === "map" && isSlow(one.op) ? 3 : dtype === "float64" ? 0.1 : 0.05),
      0.05,
    );
  if (kernel.kind === "rows") return { nanoseconds, units: Math.ceil(frame[0]! / ROWS_TOGETHER) };
  const reduces = members.some(({ definition }) => definition.kind === "reduce");
  const units =
    frame.length <= 1 ? Math.ceil(entries / (reduces ? CHUNK : 4)) : reduces ? frame[0]! : Math.max(...frame);
  return { nanoseconds, units };
}

/**
 * On how many threads each of some kernels runs, of so many that there are. Where one is worth other threads, they are
 * there for smaller ones as well.
 */
export function threadsAmong(
  kernels: readonly Kernel[],
  threads: number,
  { alone, beside }: LeastWork,
): (kernel: Kernel) => number {
  const least = kernels.some((kernel) => threadsOf(kernel, threads, alone) > 1) ? Math.min(alone, beside) : alone;
  return (kernel) => threadsOf(kernel, threads, least);
}

function threadsOf(kernel: Kernel, threads: number, leastWork: number): number {
  const { nanoseconds, units } = workOf(kernel);
  return nanoseconds < leastWork ? 1 : Math.max(1, Math.min(threads, units));
}

/** So many pieces each thread has where pieces cost nothing. */
const MOST_PIECES = 4;
/** A piece of a product packs its panels anew, which so many rows repay. */
const LEAST_ROWS = 64;

/** How many pieces each of so many threads has of a kernel; one where a piece waits for the others. */
export function piecesOf(kernel: Kernel, threads: number): number {
  switch (kernel.kind) {
    case "matmul": {
      switch (divisionOfProduct(kernel)) {
        case "products":
          return MOST_PIECES;
        case "columns":
          return piecesOfColumns(kernel.definition, threads, MOST_PIECES);
        case "rows":
          return Math.max(1, Math.min(MOST_PIECES, Math.floor(kernel.definition.sizes.m / (threads * LEAST_ROWS))));
      }
    }
    case "addAt":
    case "assemble":
      return 1;
    case "loop": {
      const reduces = kernel.members.some(({ definition }) => definition.kind === "reduce");
      return kernel.frame.length <= 1 && reduces ? 1 : MOST_PIECES;
    }
    default:
      return MOST_PIECES;
  }
}
