/**
 * Row blocks: products that are computed one block of rows after another, and what a prologue computes for them alone,
 * which needs memory for one block.
 */

import { layoutOf } from "../../kernels/product-layout.ts";
import { countOf } from "../../graph/shape.ts";
import { bytesOf } from "../../kernels/lanes/machine-types.ts";
import { padded } from "../ir/layout.ts";
import type { Value } from "../ir/value.ts";
import { ROWS_TOGETHER } from "./partitioning.ts";
import type { Kernel, ProductKernel } from "./kernel.ts";
import { specOf } from "./product.ts";
import { readsOf } from "./reads.ts";

/**
 * A right operand of so many bytes stays in the cache beside a block of rows, so that every block may read all of it.
 */
const MOST_BYTES_B = 256 * 1024;
/** A block of rows, with what is computed for it, is to stay in the cache until it is multiplied. */
const BLOCK_BYTES = 128 * 1024;
/** Whole tiles, of four rows or of six. */
const LEAST_ROWS = 3 * ROWS_TOGETHER;
const MOST_ROWS = 10 * LEAST_ROWS;

/**
 * True if a product is computed one block of rows after another, each right behind its prologue: its right operand is
 * neither packed nor large.
 */
export function isByBlocks({ members: [value], prologue }: ProductKernel): boolean {
  if (prologue.length === 0) return false;
  const spec = specOf(value!, false);
  return spec.k * spec.n * bytesOf(value!.dtype) <= MOST_BYTES_B && !layoutOf(spec).packB;
}

/** Bytes of a row of a value, of which each row of a product has one. */
export function rowBytesOf(value: Value, { definition }: ProductKernel): number {
  const { batch, m } = definition.sizes;
  return (value.count / (countOf(batch) * m)) * bytesOf(value.dtype);
}

/** How many rows are computed at a time. */
export function rowsOfBlock(kernel: ProductKernel): number {
  const { m, k } = kernel.definition.sizes;
  const computed = [...kernel.passing].reduce((sum, value) => sum + rowBytesOf(value, kernel), 0);
  const rowBytes = Math.max(computed, k * bytesOf(kernel.members[0]!.dtype));
  return Math.min(
    m,
    Math.max(LEAST_ROWS, Math.min(MOST_ROWS, Math.floor(BLOCK_BYTES / (LEAST_ROWS * rowBytes)) * LEAST_ROWS)),
  );
}

/**
 * The place of each value that is needed for one block, counted from the first of them, and how many bytes they take.
 */
export function placesOfBlock(kernel: ProductKernel): {
  readonly starts: ReadonlyMap<Value, number>;
  readonly bytes: number;
} {
  const starts = new Map<Value, number>();
  let bytes = 0;
  for (const value of kernel.passing) {
    starts.set(value, bytes);
    bytes += padded(rowsOfBlock(kernel) * rowBytesOf(value, kernel));
  }
  return { starts, bytes };
}

/**
 * Kernels in which products keep for one block what nothing else reads than they and their prologue. `isHosted` says
 * which products a library computes, all rows at once.
 */
export function withPassing(
  kernels: readonly Kernel[],
  results: readonly Value[],
  isHosted: (kernel: Kernel) => boolean,
): readonly Kernel[] {
  const isBlocked = (kernel: Kernel): kernel is ProductKernel =>
    kernel.kind === "matmul" && isByBlocks(kernel) && !isHosted(kernel);
  if (!kernels.some(isBlocked)) return kernels;
  const readers = new Map<Value, Set<Kernel>>();
  for (const kernel of kernels)
    for (const value of readsOf(kernel)) readers.set(value, (readers.get(value) ?? new Set()).add(kernel));
  return kernels.map((kernel) => {
    if (!isBlocked(kernel)) return kernel;
    const behind = new Set(kernel.passes.flatMap(readsOf));
    const passing = new Set<Value>();
    for (const value of kernel.prologue.flatMap(({ members }) => members)) {
      const isPassing =
        value.definition.kind !== "reduce" && readers.get(value)?.size === 1 && readers.get(value)!.has(kernel);
      if (isPassing && !behind.has(value) && !results.includes(value)) passing.add(value);
    }
    return { ...kernel, passing };
  });
}
