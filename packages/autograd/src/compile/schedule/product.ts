/** A product of matrices as its emitter is told of it, and who computes it. */

import { isNative, type NativeProducts } from "../../kernels/native.ts";
import type { MatmulSpec } from "../../kernels/product-layout.ts";
import type { Value } from "../ir/value.ts";

/** How a product of matrices is defined. */
export type Product = Extract<Value["definition"], { kind: "matmul" }>;

/** One product of a batch. */
export function specOf(value: Value, fused: boolean): MatmulSpec {
  const { form, sizes } = value.definition as Product;
  return {
    type: value.dtype === "float64" ? "f64" : "f32",
    m: sizes.m,
    k: sizes.k,
    n: sizes.n,
    transposeA: form.transposeA,
    transposeB: form.transposeB,
    fma: fused,
  };
}

/** True if a library of the system computes a product. */
export function isNativeProduct({ definition }: Value, native: NativeProducts | null): native is NativeProducts {
  if (native === null || definition.kind !== "matmul") return false;
  const { m, k, n } = definition.sizes;
  return isNative(native.leastWorkInProgram, m, k, n);
}
