/** The two references on their own: differences and the complex step, against derivatives in closed form. */

import { expect, test } from "vitest";
import { complexJacobian, numericJacobian, same } from "../../src/check/index.ts";
import { complexRule } from "../../src/check/complex-rules.ts";
import * as A from "../../src/index.ts";
import { tensor, type Tensor } from "../../src/index.ts";
import * as arithmetic from "../../src/ops/arithmetic.ts";
import * as transcendental from "../../src/ops/transcendental.ts";
import { numbers } from "./faults.ts";

const points = numbers(20).map((x) => 1.2 * x);

/** f and f′ in closed form. */
const pairs: readonly (readonly [string, (x: Tensor) => Tensor, (x: number) => number])[] = [
  ["exp", (x) => A.exp(x), Math.exp],
  ["sin", (x) => A.sin(x), Math.cos],
  ["cos", (x) => A.cos(x), (x) => -Math.sin(x)],
  ["tan", (x) => A.tan(x), (x) => 1 / Math.cos(x) ** 2],
  ["tanh", (x) => A.tanh(x), (x) => 1 / Math.cosh(x) ** 2],
  ["sigmoid", (x) => A.sigmoid(x), (x) => 1 / (2 + 2 * Math.cosh(x))],
  ["softplus", (x) => A.softplus(x), (x) => 1 / (1 + Math.exp(-x))],
  ["logSigmoid", (x) => A.logSigmoid(x), (x) => 1 / (1 + Math.exp(x))],
  ["erf", (x) => A.erf(x), (x) => (2 / Math.sqrt(Math.PI)) * Math.exp(-x * x)],
  ["gaussian", (x) => transcendental.gaussian(x), (x) => -2 * x * Math.exp(-x * x)],
  ["x^5", (x) => A.pow(x, 5), (x) => 5 * x ** 4],
  ["2^x", (x) => A.pow(2, x), (x) => 2 ** x * Math.LN2],
  ["1/(x²+1)", (x) => A.div(1, A.add(A.mul(x, x), 1)) as Tensor, (x) => (-2 * x) / (x * x + 1) ** 2],
  ["√(x²+1)", (x) => A.sqrt(A.add(A.mul(x, x), 1)) as Tensor, (x) => x / Math.sqrt(x * x + 1)],
  ["ln(x²+1)", (x) => A.log(A.add(A.mul(x, x), 1)) as Tensor, (x) => (2 * x) / (x * x + 1)],
  ["|x|", (x) => A.abs(x), Math.sign],
];

const diagonal = (f: (x: number) => number): Tensor =>
  tensor(
    Float64Array.from({ length: 400 }, (_, k) => (k % 21 === 0 ? f(points[Math.floor(k / 20)]!) : 0)),
    { shape: [20, 20] },
  ) as Tensor;

test.each(pairs)("the complex step of %s is right to a few units in the last place", (_, f, derivative) => {
  const { jacobian, refused } = complexJacobian(f, [tensor(points) as Tensor]);
  expect(refused).toBeNull();
  const found = same(jacobian!, diagonal(derivative), { rtol: 8 * 2 ** -52 });
  expect(found.ok, found.message).toBe(true);
});

test.each(pairs)("central differences of %s are right to 1e-8, and of fourth order to 1e-10", (_, f, derivative) => {
  const expected = diagonal(derivative);
  const second = numericJacobian(f, [tensor(points) as Tensor]);
  const fourth = numericJacobian(f, [tensor(points) as Tensor], { order: 4 });
  expect(same(second.jacobian, expected, { atol: 1e-8 }).message).toBe("400 entries agree");
  expect(same(fourth.jacobian, expected, { atol: 1e-10 }).message).toBe("400 entries agree");
  expect(second.evaluations).toBe(1 + 2 * 20);
  expect(fourth.evaluations).toBe(1 + 4 * 20);
});

test("differences use the step that was really made, however large the number", () => {
  const { jacobian } = numericJacobian((x: Tensor) => A.mul(3, x), [tensor([1e15, 123456789.123, 1e-300]) as Tensor]);
  expect(
    same(
      jacobian,
      tensor([
        [3, 0, 0],
        [0, 3, 0],
        [0, 0, 3],
      ]),
      { rtol: 1e-9 },
    ).ok,
  ).toBe(true);
});

test("the rows and columns follow the trees", () => {
  const f = (p: { a: Tensor; b: Tensor }): unknown => ({ first: A.mul(p.a, p.b), second: A.sum(p.b) });
  const args = [{ a: tensor([2, 3]) as Tensor, b: tensor([5, 7]) as Tensor }] as const;
  const expected = tensor([
    [5, 0, 2, 0],
    [0, 7, 0, 3],
    [0, 0, 1, 1],
  ]);
  expect(same(complexJacobian(f, args as never).jacobian!, expected, { rtol: 1e-15 }).ok).toBe(true);
  expect(same(numericJacobian(f, args as never).jacobian, expected, { atol: 1e-9 }).ok).toBe(true);
});

test("the complex step takes a softmax of large logits, and a net of float32 in float64", () => {
  const logits = tensor([1000, 1001, 999]) as Tensor;
  const [p, q, r] = (A.softmax(logits).toArray() as number[]).map(Number);
  const row = (a: number, b: number, c: number): number[] => [a * (1 - a), -a * b, -a * c];
  const { jacobian } = complexJacobian((x: Tensor) => A.slice(A.softmax(x), [0], [1]), [logits]);
  expect(same(jacobian!, tensor([row(p!, q!, r!)]), { rtol: 1e-14 }).ok).toBe(true);
  const narrow = complexJacobian((x: Tensor) => A.mul(x, x), [A.cast(tensor([0.5, 3]), "float32") as Tensor]);
  expect(
    same(
      narrow.jacobian!,
      tensor([
        [1, 0],
        [0, 6],
      ]),
      { rtol: 1e-15 },
    ).ok,
  ).toBe(true);
});

test.each<readonly [string, (x: Tensor) => Tensor, number, string]>([
  [
    "a rule by hand",
    A.customGradient({ name: "mine", forward: (x) => A.exp(x), vjp: (g) => g }),
    1,
    "mine has a rule by hand",
  ],
  [
    "a rule by hand under the name of one of the library's",
    A.customGradient({ name: "softmax", forward: (x) => A.exp(x), vjp: (g) => g }),
    1,
    "softmax has a rule by hand",
  ],
  ["relu at 0", (x) => A.relu(x), 0, "relu is at its kink"],
  ["the logarithm of 0", (x) => A.log(x), 0, "the function has a pole or an edge here"],
  ["the root of a square at 0", (x) => A.sqrt(A.mul(x, x)) as Tensor, 0, "the function has a pole or an edge here"],
])("the complex step refuses %s", (_, f, at, refused) => {
  expect(complexJacobian(f, [tensor([at]) as Tensor])).toEqual({ jacobian: null, refused });
});

test("every op of arithmetic and every function continues to complex numbers", () => {
  const ops = [...Object.values(arithmetic), ...Object.values(transcendental)].flatMap((f) =>
    "op" in f ? [f.op] : [],
  );
  expect(ops.length).toBeGreaterThan(20);
  expect(ops.filter((op) => complexRule(op) === undefined).map((op) => op.name)).toEqual([]);
});

test("differences refuse float32, and an order that there is not", () => {
  expect(() => numericJacobian((x: Tensor) => x, [A.cast(tensor([1]), "float32") as Tensor])).toThrow(A.DTypeError);
  expect(() => numericJacobian((x: Tensor) => x, [tensor([1]) as Tensor], { order: 3 as 2 })).toThrow(A.ConfigError);
});
