/**
 * Column partitioning: products that threads divide by columns. Each packs a part of the right operand, where threads
 * that divide rows pack all of it.
 */

import { sameShape, stridesOf } from "../../graph/shape.ts";
import { layoutOf } from "../../kernels/product-layout.ts";
import { squeezed } from "./fuse.ts";
import type { LoopKernel, Members, ProductKernel } from "./kernel.ts";
import { membersOf } from "./loop-members.ts";
import { specOf, type Product } from "./product.ts";

/** Columns of a piece begin at multiples of this: whole lines of the cache, so that no two threads write to one. */
export const COLUMNS_TOGETHER = 16;
/** So many columns repay the panels of the left operand, of which each piece packs its own. */
export const LEAST_COLUMNS_OF_PIECE = 128;

/**
 * True if a product has fewer rows than columns, packs its right operand, and is followed by nothing that looks beside
 * its own entry.
 */
export function isByColumns(kernel: ProductKernel): boolean {
  const product = kernel.members[0]!;
  if (kernel.prologue.length > 0) return false;
  const { m, k, n } = kernel.definition.sizes;
  if (k === 0 || n <= m || n < 2 * LEAST_COLUMNS_OF_PIECE || !layoutOf(specOf(product, false)).packB) return false;
  return kernel.passes.every((pass) => staysInEntries(pass, squeezed(product.shape), kernel.memberSet));
}

/** True if a loop walks the entries of a shape, and reads of some values nothing but the same entry. */
function staysInEntries(loop: LoopKernel, shape: readonly number[], values: Members["memberSet"]): boolean {
  if (!sameShape(loop.frame, shape)) return false;
  const dense = stridesOf(shape);
  return membersOf(loop).every(
    ({ value, operands }) =>
      value.definition.kind !== "reduce" &&
      operands.every(
        ({ access, strides, offset }) =>
          access.kind !== "memory" ||
          !values.has(access.source) ||
          (offset === 0 && strides.every((stride, axis) => stride === dense[axis])),
      ),
  );
}

/** How many pieces each of so many threads has of the columns of a product. */
export function piecesOfColumns({ sizes: { n } }: Product, threads: number, most: number): number {
  return Math.max(1, Math.min(most, Math.floor(n / (threads * LEAST_COLUMNS_OF_PIECE))));
}
