/**
 * The kernels in WebAssembly vectors, where they are loaded: `compile` brings them, and so does
 * `@chainrule/autograd/vectors`.
 * Without them plain loops compute the same bits, and a page that needs no more does not load what writes WebAssembly.
 */

import type { BlockLoop, TypedFormula } from "./wasm/eager-loops.ts";
import type { Product, Sought } from "./wasm/eager-matmul.ts";

/** What runs in vectors outside of programs. */
export interface VectorKernels {
  /** A loop that runs a formula in vectors; `null` where WebAssembly is not to be had. */
  readonly makeBlockLoop: (formula: TypedFormula) => BlockLoop | null;
  /** A product of matrices: whether its result has what is sought there; `null` where it was not computed. */
  readonly multiply: (product: Product, sought: Sought) => boolean | null;
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
