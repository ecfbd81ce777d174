/**
 * Every row of the op table for a batch, against the function run on each example: bits of the value, both modes,
 * second order; inside and outside, compiled and not.
 */

import { afterAll, describe, expect, it } from "vitest";
import { compile, grad, jvp, mul, sum, Tensor, tensor, type DType } from "../../src/index.ts";
import { vmap } from "../../src/vmap/index.ts";
import { differenceOf } from "../compile/bits.ts";
import { random } from "../ops/sampling.ts";
import { families } from "../ops/table/index.ts";
import { report } from "../report.ts";
import { isTried } from "../size.ts";
import { batchCasesOf, batchOf, exampleOf, onEach, type BatchCase } from "./definition.ts";

let checks = 0;

afterAll(() =>
  report(
    "batched",
    checks,
    `op table, batched: ${checks.toLocaleString("en-US")} batches with the bits of the function on each example`,
  ),
);

const isFloat = (dtype: DType): boolean => dtype === "float64" || dtype === "float32";

type F = (...leaves: Tensor[]) => Tensor;

/** Expects a function of one example to give the same bits for a batch at once. */
function expectSame(f: F, { label, axes, batch, examples }: BatchCase, what: string, isCompiled = false): void {
  const batched = vmap(f, { inAxes: axes }) as F;
  const found = isCompiled ? compile(batched)(...batch) : batched(...batch);
  const difference = differenceOf(`${label}, ${what}`, found, onEach(f, examples));
  if (difference !== null) throw new Error(difference);
  checks++;
}

/** Weights of the shape of `x`, so that no sum hides an entry. */
function weightsLike({ shape, dtype }: Pick<Tensor, "shape" | "dtype">): Tensor {
  const next = random(5);
  return tensor(
    Float64Array.from({ length: shape.reduce((n, size) => n * size, 1) }, () => 0.5 + next()),
    { shape, dtype },
  );
}

const smooth = ({ one }: BatchCase): number[] =>
  one.leaves.flatMap((leaf, k) => (leaf.differentiable && isFloat(leaf.tensor.dtype) ? [k] : []));

describe.each(Object.entries(families))("%s", (_, rows) => {
  describe.each(rows.map((row) => [row.name, row] as const))("%s", (_, row) => {
    it.each(row.dtypes)("has the value of the function on each example in %s", (dtype) => {
      for (const one of batchCasesOf(row, dtype)) {
        if (isTried(20, `${row.name} ${dtype} ${one.label}`)) expectSame(one.f, one, "value");
        if (isTried(150, `${row.name} ${dtype} ${one.label} compiled`)) expectSame(one.f, one, "value, compiled", true);
      }
    });

    it.each(row.dtypes.filter(isFloat))("has the derivatives of each example in %s", (dtype) => {
      for (const one of batchCasesOf(row, dtype)) {
        const value = one.f(...one.one.leaves.map((leaf) => leaf.tensor));
        if (!isFloat(value.dtype)) continue;
        const weights = weightsLike(value);
        for (const k of smooth(one)) {
          const gradient: F = (...given) =>
            grad((...x: Tensor[]) => sum(mul(weights, one.f(...x))) as Tensor<[]>, { argnums: k })(...given) as Tensor;
          const key = `${row.name} ${dtype} ${one.label} ${k}`;
          const direction = weightsLike(one.one.leaves[k]!.tensor);
          const along =
            (f: F): F =>
            (...given) =>
              jvp((x: Tensor) => f(...given.map((leaf, place) => (place === k ? x : leaf))), [given[k]!], [direction])
                .tangent;
          if (isTried(50, `${key} gradient`)) expectSame(gradient, one, `gradient ${k}`);
          if (isTried(50, `${key} tangent`)) expectSame(along(one.f), one, `tangent ${k}`);
          if (row.order === 2 && isTried(125, `${key} second`))
            expectSame(along(gradient), one, `second derivative ${k}`);
          if (row.order === 2 && isTried(500, `${key} second compiled`))
            expectSame(along(gradient), one, `second derivative ${k}, compiled`, true);
        }
      }
    });

    it("lets derivatives outside pass through", () => {
      for (const one of batchCasesOf(row, "float64")) {
        if (one.one.sample.valueOnly === true) continue;
        const value = one.f(...one.one.leaves.map((leaf) => leaf.tensor));
        if (!isFloat(value.dtype)) continue;
        for (const k of smooth(one)) {
          if (!isTried(50, `${row.name} ${one.label} outside ${k}`)) continue;
          expectOutside(one, k, value);
        }
      }
    });
  });
});

/** Expects the gradient of a batch to be that of each example, and of what is the same for all of them, the sum. */
function expectOutside({ f, label, axes, batch, examples }: BatchCase, k: number, value: Tensor): void {
  const batched = vmap(f, { inAxes: axes }) as F;
  const weights = weightsLike({ shape: [examples.length, ...value.shape], dtype: value.dtype });
  const loss = (...x: Tensor[]): Tensor<[]> => sum(mul(weights, batched(...x)));
  const found = grad(loss, { argnums: k })(...batch) as Tensor;
  const own = examples.map(
    (leaves, example) =>
      grad((...x: Tensor[]) => sum(mul(exampleOf(weights, example), f(...x))) as Tensor<[]>, { argnums: k })(
        ...leaves,
      ) as Tensor,
  );
  const expected = axes[k] === null ? (sum(batchOf(own), 0) as Tensor) : batchOf(own, axes[k]!);
  expect(found.shape, label).toEqual(expected.shape);
  const [a, b] = [found.toTypedArray(), expected.toTypedArray()];
  for (let i = 0; i < b.length; i++) {
    if (Object.is(a[i], b[i]) || Math.abs(a[i]! - b[i]!) <= 1e-13 * (1 + Math.abs(b[i]!))) continue;
    throw new Error(`${label}, gradient ${k} outside: entry ${i} is ${a[i]!} and ${b[i]!} for each example`);
  }
  const passed = jvp(
    (x: Tensor) => batched(...batch.map((leaf, place) => (place === k ? x : leaf))),
    [batch[k]!],
    [weightsLike(batch[k]!)],
  ).tangent;
  const moved = onEach(
    (...leaves) => leaves[leaves.length - 1]!,
    examples.map((leaves, example) => {
      const direction =
        axes[k] === null ? weightsLike(batch[k]!) : exampleOf(weightsLike(batch[k]!), example, axes[k]!);
      return [
        jvp((x: Tensor) => f(...leaves.map((leaf, place) => (place === k ? x : leaf))), [leaves[k]!], [direction])
          .tangent,
      ];
    }),
  );
  const difference = differenceOf(`${label}, tangent ${k} outside`, passed, moved);
  if (difference !== null) throw new Error(difference);
  checks++;
}
