/** Products of matrices. */

import { countOf } from "../../../graph/shape.ts";
import type { Builder } from "../builder.ts";
import { inputsOf, type Definition, type Value } from "../value.ts";
import type { KindRules } from "./rules.ts";
import type { Stacked } from "./stacked.ts";

type Product = Extract<Definition, { kind: "matmul" }>;

export const matmul: KindRules<Product> = {
  isPassive: false,
  readsViews: false,
  kernel: () => "matmul",
  entries: (_, count) => count,
  isUnmarked: () => false,
  seesSign: () => true,
  again: (builder, { shape, dtype }, definition, [a, b]) =>
    builder.define(shape, dtype, { ...definition, inputs: [builder.dense(a!), builder.dense(b!)] }),
  atOnce: {
    operation: ({ form, sizes }) => `matmul ${JSON.stringify([form, sizes])}`,
    starts: () => [],
    // What differs from part to part may have to be copied side by side.
    mayMerge: ({ inputs }, values, most) =>
      values[0]!.count <= most &&
      inputs.every((input, k) => input.count <= most || values.every((value) => inputsOf(value)[k] === input)),
    merge,
    copiesSaved: 4,
  },
  known: null,
  box: () => null,
};

function merge(
  builder: Builder,
  { form, sizes }: Product,
  values: readonly Value[],
  [a, b]: readonly Stacked[],
): Value {
  const { dtype, shape } = values[0]!;
  const length = values.length;
  const [A, B] = [builder.dense(a!.value), builder.dense(b!.value)];
  if (b!.shared && sizes.batch.length === 0 && !form.transposeA) {
    // Rows of all parts beside one matrix are the rows of one product.
    const rows = length * sizes.m;
    const product = builder.define([rows, sizes.n], dtype, {
      kind: "matmul",
      inputs: [builder.reshape(A, [rows, sizes.k]), B],
      form,
      sizes: { ...sizes, m: rows },
    });
    return builder.reshape(product, [length, ...shape]);
  }
  const step = ({ value, shared }: Stacked): number => (shared ? 0 : countOf(value.shape.slice(1, -2)));
  const batched = {
    ...sizes,
    batch: [length, ...sizes.batch],
    stepsA: [step(a!), ...sizes.stepsA],
    stepsB: [step(b!), ...sizes.stepsB],
  };
  return builder.define([length, ...shape], dtype, { kind: "matmul", inputs: [A, B], form, sizes: batched });
}
