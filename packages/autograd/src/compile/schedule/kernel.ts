/** Kernels of a program: each is made whole by a stage and stays as it is; a later stage makes another one of it. */

import type { Control } from "../../graph/control.ts";
import { isDense, sourceOf, type Definition, type Value } from "../ir/value.ts";

/** One pass over memory, or one product of matrices. */
export type Kernel = LoopKernel | RowsKernel | ProductKernel | PlainKernel;

/** Values that a kernel computes, in order; a product of matrices stands first. */
export interface Members {
  readonly members: readonly Value[];
  readonly memberSet: ReadonlySet<Value>;
}

/** Values that are computed entry by entry, and reductions of rows. */
export interface LoopKernel extends Members {
  readonly kind: "loop";
  /** The sizes of the loops around each other; the outermost first. Empty for one entry. */
  readonly frame: readonly number[];
  /** True if `frame` is demanded by a member; else only the count matters. */
  readonly framed: boolean;
}

/** Loops over the same rows, which run one after another on each block of them. */
export interface RowsKernel extends Members {
  readonly kind: "rows";
  /** The sizes of the loops of the first of them. */
  readonly frame: readonly number[];
  readonly passes: readonly LoopKernel[];
}

/** A product of matrices, with loops over its rows. */
export interface ProductKernel extends Members {
  readonly kind: "matmul";
  readonly definition: Extract<Definition, { kind: "matmul" }>;
  /** Loops that compute its left operand, one after another on each block of its rows before these are multiplied. */
  readonly prologue: readonly LoopKernel[];
  /** Values that the prologue computes for it alone, and keeps for one block of rows. */
  readonly passing: ReadonlySet<Value>;
  /** Loops that run behind it, one after another on each block of its rows. */
  readonly passes: readonly LoopKernel[];
}

/** Kernels that compute one value, or what is asked of one loop or branch. */
export type PlainKernel =
  | Plain<"columns", "reduce">
  | Plain<"assemble", "assemble">
  | Plain<"take", "take">
  | Plain<"addAt", "addAt">
  | Plain<Control["kind"], "control">;

interface Plain<K extends string, D extends Definition["kind"]> extends Members {
  readonly kind: K;
  readonly definition: Extract<Definition, { kind: D }>;
}

const NONE: readonly LoopKernel[] = [];

/** The loops that run on the rows of a kernel, in their order. */
export function loopsIn(kernel: Kernel): readonly LoopKernel[] {
  if (kernel.kind === "matmul") return [...kernel.prologue, ...kernel.passes];
  return kernel.kind === "rows" ? kernel.passes : NONE;
}

/** True if a loop reads what a kernel has computed for the same entry. */
export function isOfSameEntry({ memberSet }: Members, x: Value): boolean {
  if (x.definition.kind !== "view") return x.definition.kind !== "reduce" && memberSet.has(x);
  const { source, view } = sourceOf(x);
  return (
    memberSet.has(source) && source.definition.kind !== "reduce" && source.count === x.count && isDense(x.shape, view)
  );
}
