/**
 * The kernels in WebAssembly vectors, where they are loaded: `compile` brings them, and so does
 * `@chainrule/autograd/vectors`.
 * Without them plain loops compute the same bits, and a page that needs no more does not load what writes WebAssembly.
 */

import type { DType, Elements } from "../graph/dtype.ts";
import type { Rows } from "./broadcast.ts";
import type { LaneOperand } from "./lanes/forms.ts";
import type { Lanes } from "./lanes/lanes.ts";
import type { Absorbing } from "./matmul.ts";

/** A formula with the types of what it takes and gives, and which of its operands it looks at. */
export interface TypedFormula {
  readonly operands: readonly DType[];
  readonly used: readonly number[];
  readonly result: DType;
  readonly read: <V, M>(l: Lanes<V, M>, operands: readonly LaneOperand<V, M>[]) => LaneOperand<V, M>;
}

/** The same with several results of one type. */
export interface JointTypedFormula extends Omit<TypedFormula, "read"> {
  readonly results: number;
  readonly read: <V, M>(l: Lanes<V, M>, operands: readonly LaneOperand<V, M>[]) => readonly LaneOperand<V, M>[];
}

/** Fills rows of the result from operands in vectors. */
export type BlockLoop = (out: Elements, rows: Rows, memory: readonly Elements[]) => void;

/** Fills rows of several results. */
export type JointBlockLoop = (outs: readonly Elements[], rows: Rows, memory: readonly Elements[]) => void;

/** One product C = op(A) op(B). */
export interface Product {
  readonly out: Elements;
  readonly outAt: number;
  readonly a: Elements;
  readonly aAt: number;
  readonly b: Elements;
  readonly bAt: number;
  readonly m: number;
  readonly k: number;
  readonly n: number;
  readonly transposeA: boolean;
  readonly transposeB: boolean;
}

/** The kernels that run in vectors outside of programs. */
export interface VectorKernels {
  /** A loop that runs a formula in vectors; `null` where WebAssembly is not to be had. */
  readonly makeBlockLoop: (formula: TypedFormula) => BlockLoop | null;
  /** The same of a formula with several results. */
  readonly makeJointBlockLoop: (formula: JointTypedFormula) => JointBlockLoop | null;
  /**
   * A product of matrices: whether its result has entries that dropped terms may have to do with, which are NaN or 0;
   * `null` where it was not computed.
   */
  readonly multiply: (product: Product, absorbing: Absorbing) => boolean | null;
}

let loaded: VectorKernels | null = null;

/** The kernels in vectors; `null` where they are not loaded. */
export function vectorKernels(): VectorKernels | null {
  return loaded;
}

/** Has large tensors go through vectors from now on. */
export function loadVectorKernels(kernels: VectorKernels): void {
  loaded = kernels;
}
