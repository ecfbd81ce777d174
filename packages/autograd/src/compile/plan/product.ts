/** A product of matrices as its emitter is told of it. */

import type { MatmulSpec } from "../../kernels/wasm/matmul.ts";
import { add } from "../../ops/arithmetic.ts";
import { readersOf } from "../values/batch-plan.ts";
import type { Value } from "../values/value.ts";

/** How a product of matrices is defined. */
export type Product = Extract<Value["definition"], { kind: "matmul" }>;

/** One product of a batch. */
export function specOf(value: Value, fused: boolean): MatmulSpec {
  const { form, sizes } = value.definition as Product;
  return {
    type: value.dtype === "float64" ? "f64" : "f32",
    m: sizes.m, k: sizes.k, n: sizes.n,
    transposeA: form.transposeA, transposeB: form.transposeB,
    fma: fused,
  };
}

/**
 * Products of cotangents whose marks nobody looks at: whatever reads them adds 0 first, as what leaves a sweep does. Their zeros need
 * no second look.
 */
export function productsWithoutMarks(values: readonly Value[], roots: readonly Value[]): ReadonlySet<Value> {
  const readers = readersOf(values);
  const isPlainly = (value: Value): boolean => {
    if (roots.includes(value)) return false;
    return readers.get(value)!.every((reader) => {
      const { definition } = reader;
      if (definition.kind === "view") return isPlainly(reader);
      return definition.kind === "map" && definition.op === add.op && definition.inputs.some((x) => x.definition.kind === "scalar" && Object.is(x.definition.number, 0));
    });
  };
  return new Set(values.filter((value) => value.definition.kind === "matmul" && value.definition.form.absorbing !== null && isPlainly(value)));
}
