/** Matrix products in WebAssembly: a function of addresses, and of the rows or columns that a call computes. */

import type { Callee } from "../assembler/body.ts";
import { emitCallees } from "./callees.ts";
import { layoutOf, type Layout, type MatmulSpec, type Sizes } from "../../../kernels/product-layout.ts";
import { ProductLoops } from "./loops.ts";
import type { ModuleBuilder } from "../assembler/module.ts";

/** Work of a product beside multiplying, and the part of it that a call computes. */
export interface ProductOptions {
  /**
   * Takes the same parameters, and is called once for each block of rows before any of A is read there; not for
   * columns.
   */
  readonly prepare?: Callee | null;
  /**
   * Called once for each block of rows as soon as they are whole and still in the cache; blocks begin at multiples of
   * four rows from the first. Takes the same parameters, and for columns the rows before these: (A, B, C, scratch,
   * rowBegin, rowEnd, columnBegin, columnEnd).
   */
  readonly finish?: Callee | null;
  /**
   * The part that a call computes: some rows of C, some columns, which begin at multiples of sixteen, or all of it,
   * whatever begin and end are.
   * Whoever computes rows packs all of B, who computes columns all of A.
   */
  readonly part?: "rows" | "columns" | "all";
  readonly exported?: boolean;
}

/**
 * A function (A, B, C, scratch, begin, end) that computes rows or columns of C = op(A) op(B), each sum by the
 * definition in `kernels/matmul.ts`. Addresses are of bytes. Up to 16 bytes after A, B and C may be read, none are
 * written.
 */
export function emitMatmul(builder: ModuleBuilder, spec: MatmulSpec, options: ProductOptions = {}): Callee {
  return emitProduct(builder, layoutOf(spec), spec, options);
}

/** As `emitMatmul`, for sizes fixed or given with each call: (…, end, m, k, n). */
export function emitProduct(
  builder: ModuleBuilder,
  layout: Layout,
  sizes: Sizes | null,
  options: ProductOptions,
): Callee {
  const { prepare = null, finish = null, part = "rows", exported = false } = options;
  const callees = emitCallees(builder, layout, sizes, part === "all");
  const takes = new Array<"i32">(sizes === null ? 9 : 6).fill("i32");
  return builder.function(
    "matmul",
    takes,
    null,
    (body) => new ProductLoops(body, layout, sizes, callees, { prepare, finish, part }).emit(),
    exported,
  );
}
