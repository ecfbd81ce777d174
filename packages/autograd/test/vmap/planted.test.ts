/** Wrong rules, planted one at a time: each is found by comparing with the function run on each example. */

import { expect, it } from "vitest";
import {
  gather,
  grad,
  jvp,
  log,
  matmul,
  mul,
  pad,
  relu,
  scatterAdd,
  softmax,
  sqrt,
  sum,
  tensor,
  transpose,
  uniform,
  type Tensor,
} from "../../src/index.ts";
import { BatchedLowering } from "../../src/primitives/batched.ts";
import { vmap } from "../../src/vmap/index.ts";
import { differenceOf } from "../compile/bits.ts";
import { exampleOf, onEach } from "./definition.ts";

type F = (...leaves: Tensor[]) => Tensor;
type Rules = Record<string, (this: object, ...given: never[]) => unknown>;

const at = tensor([
  [0, 4, 1],
  [1, 0, 2],
  [9, 2, 0],
]) as Tensor;
const picks = tensor(
  [
    [0, 2],
    [1, 1],
    [2, 0],
  ],
  { dtype: "int32" },
) as Tensor;
const W = tensor([
  [0, 1, 2],
  [3, 0, -1],
]) as Tensor;

/** Small functions that between them use every rule, derivatives among them. */
const functions: readonly F[] = [
  (x) => softmax(x!),
  (x) => matmul(W, x!),
  (x) => matmul(x!, transpose(W)),
  (x) => sum(mul(x!, x!)),
  (x, i) => gather(x!, i!),
  (x, i) => scatterAdd(x!, [0, 1], gather(x!, i!)),
  (_, i) => uniform(i!, [3]),
  (x) => pad(x!, [1], [2]),
  (x, i) => scatterAdd(x!, i!, tensor([1, 2])),
  (x) => sum(x!.cast("float32")).cast("float64"),
  (x) => grad((y: Tensor) => sum(matmul(W, sqrt(y))) as Tensor<[]>)(x!) as Tensor,
  (x) => grad((y: Tensor) => sum(matmul(sqrt(y).reshape([1, 3]), transpose(W))) as Tensor<[]>)(x!) as Tensor,
  (x) => grad((y: Tensor) => sum(mul(relu(log(y)), y)) as Tensor<[]>)(x!) as Tensor,
  (x) => grad((y: Tensor) => sum(gather(sqrt(y), [1, 1])) as Tensor<[]>)(x!) as Tensor,
  (x) => jvp((y: Tensor) => matmul(W, sqrt(y)), [x!], [tensor([1, 1, 1]) as Tensor]).tangent,
  (x) =>
    grad(
      (y: Tensor) =>
        sum(
          sqrt(y)
            .slice([1])
            .mul(y.slice([1])),
        ) as Tensor<[]>,
    )(x!) as Tensor,
  (x) =>
    grad((y: Tensor) => sum(sqrt(y.cast("float32")).cast("float64").mul(y.add(1).mul(-1e-50))) as Tensor<[]>)(
      x!,
    ) as Tensor,
];

/** The first function of which a batch differs from its examples; `null` where none does. */
function found(): string | null {
  for (const f of functions) {
    let difference: string | null;
    try {
      difference = differenceOf(
        f.toString(),
        (vmap(f) as F)(at, picks),
        onEach(
          f,
          [0, 1, 2].map((k) => [exampleOf(at, k), exampleOf(picks, k)]),
        ),
      );
    } catch (error) {
      difference = String(error);
    }
    if (difference !== null) return difference;
  }
  return null;
}

/** Runs with a rule changed. */
function withRule<R>(
  name: string,
  change: (rule: (...given: unknown[]) => unknown) => (...given: never[]) => unknown,
  body: () => R,
): R {
  const rules = BatchedLowering.prototype as unknown as Rules;
  const right = rules[name]!;
  rules[name] = function (this: object, ...given: never[]) {
    return change((...own) => right.apply(this, own as never[]))(...given);
  };
  try {
    return body();
  } finally {
    rules[name] = right;
  }
}

interface Mapped {
  readonly value: Tensor;
  readonly mapped: boolean;
}

const exchanged = (x: unknown): unknown =>
  Array.isArray(x)
    ? x.map(exchanged)
    : (x as Mapped).mapped && typeof (x as Mapped).value.shape === "object"
      ? { ...(x as Mapped), value: (x as Mapped).value.flip(0) }
      : x;

it("finds nothing where all is right", () => {
  expect(found()).toBeNull();
});

it.each(["map", "mapAll", "cast", "reshape", "view", "assemble", "reduce", "matmul", "take", "addAt"])(
  "finds examples exchanged by %s",
  (name) => {
    expect(
      withRule(
        name,
        (rule) =>
          (...given) =>
            exchanged(rule(...given)),
        found,
      ),
    ).not.toBeNull();
  },
);

it.each<readonly [string, string, (rule: (...given: unknown[]) => unknown) => (...given: never[]) => unknown]>([
  [
    "a reduction over the axes of the batch",
    "reduce",
    (rule) => (kind: string, x: Mapped, axes: number[]) =>
      rule(
        kind,
        x,
        axes.map((axis) => axis - 1),
      ),
  ],
  [
    "a product that drops nothing",
    "matmul",
    (rule) => (a: Mapped, b: Mapped, form: object) => rule(a, b, { ...form, absorbing: null }),
  ],
  [
    "what lies outside a box, without its mark",
    "assemble",
    (rule) => (shape: number[], dtype: string, parts: unknown) => rule(shape, dtype, parts),
  ],
  ["a cast that forgets what for", "cast", (rule) => (x: Mapped, dtype: string) => rule(x, dtype)],
  [
    "positions that are not those of the example",
    "take",
    (rule) =>
      (x: Mapped, indices: Mapped, ...rest: unknown[]) =>
        rule(x, indices.mapped ? { ...indices, value: indices.value.flip(0) } : indices, ...rest),
  ],
])("finds %s", (_, name, change) => {
  expect(withRule(name, change, found)).not.toBeNull();
});
