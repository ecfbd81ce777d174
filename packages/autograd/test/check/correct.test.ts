/** What is right must pass, and what cannot be decided must be said to be so. */

import { expect, test } from "vitest";
import { assertGradients, gradientCheck, GradientCheckError } from "../../src/check/index.ts";
import * as A from "../../src/index.ts";
import { tensor, type Tensor } from "../../src/index.ts";
import { matrix, numbers, vector } from "./faults.ts";

const positive = (count: number): Tensor => tensor(numbers(count).map((x) => Math.abs(x) + 0.3)) as Tensor;
const large = matrix(300, 300, 3);

type Case = readonly [name: string, f: (...args: never[]) => unknown, at: readonly unknown[]];

const cases: readonly Case[] = [
  ...(
    [A.exp, A.sin, A.cos, A.tan, A.tanh, A.sigmoid, A.relu, A.softplus, A.logSigmoid, A.erf, A.abs, A.neg] as const
  ).map((f): Case => [f.op.name, (x: Tensor) => f(x), [matrix(2, 3)]]),
  ["log", (x: Tensor) => A.log(x), [positive(4)]],
  ["sqrt", (x: Tensor) => A.sqrt(x), [positive(4)]],
  ["a power of both operands", (x: Tensor, y: Tensor) => A.pow(x, y), [positive(4), vector(4)]],
  ["a whole power of negative numbers", (x: Tensor) => A.pow(x, 3), [vector(5)]],
  ["a high whole power of a negative number", (x: Tensor) => A.pow(x, 71), [-1.01]],
  ["a negative power", (x: Tensor) => A.pow(x, -2), [vector(5)]],
  ["a quotient with broadcasting", (x: Tensor, y: Tensor) => A.div(x, y), [matrix(3, 4), positive(4)]],
  [
    "maximum, minimum and clip",
    (x: Tensor, y: Tensor) => [A.maximum(x, y), A.minimum(x, y), A.clip(x, -0.5, 0.5)],
    [vector(6), vector(6, 2)],
  ],
  ["where", (x: Tensor) => A.where(A.greater(x, 0), A.mul(x, x), A.exp(x)), [vector(6)]],
  ["softmax", (x: Tensor) => A.softmax(x), [matrix(3, 4)]],
  ["softmax over axes apart", (x: Tensor) => A.softmax(x, [0, 2]), [tensor(numbers(12), { shape: [2, 3, 2] })]],
  ["logSoftmax", (x: Tensor) => A.logSoftmax(x, 0), [matrix(3, 4)]],
  ["logSumExp", (x: Tensor) => A.logSumExp(x, 1), [matrix(3, 4)]],
  ["norm", (x: Tensor) => A.norm(x, 0), [matrix(3, 4)]],
  ["max and min of rows", (x: Tensor) => [A.max(x, 1), A.min(x, 0)], [matrix(3, 4)]],
  ["prod with a zero", (x: Tensor) => A.prod(x), [tensor([2, 0, -3, 0.5])]],
  ["variance", (x: Tensor) => A.variance(x, 1), [matrix(3, 4)]],
  ["matmul", (a: Tensor, b: Tensor) => A.matmul(a, b), [matrix(2, 3), matrix(3, 2, 2)]],
  [
    "matmul of transposed operands",
    (a: Tensor, b: Tensor) => A.matmul(a, b, { transposeA: true, transposeB: true }),
    [matrix(3, 2), matrix(2, 3, 2)],
  ],
  ["gather with repeated indices", (x: Tensor) => A.gather(x, [0, 0, 2]), [matrix(3, 2)]],
  [
    "scatterAdd with repeated indices",
    (x: Tensor, u: Tensor) => A.scatterAdd(x, [0, 0, 2], u),
    [matrix(3, 2), matrix(3, 2, 2)],
  ],
  [
    "slice, pad and concat",
    (x: Tensor) => A.concat([A.pad(A.slice(x, [1], [3]), [1, 1]), A.reshape(x, [2, 4])], 0),
    [matrix(4, 2)],
  ],
  ["a number", (x: Tensor) => A.mul(x, A.sin(x)), [1.3]],
  ["a number as the result", () => 3, [1]],
  ["a constant result beside an argument", (x: Tensor) => [x, A.ones([2])], [vector(2)]],
  [
    "an argument that is not differentiated",
    (x: Tensor, power: Tensor, label: string) => (label === "a" ? A.pow(x, A.cast(power, "float64")) : x),
    [positive(2), tensor([2, 3], { dtype: "int32" }), "a"],
  ],
  [
    "nested parameters",
    (p: { w: Tensor[]; b: Tensor }, x: Tensor) =>
      A.mean(A.logSumExp(A.matmul(A.relu(A.add(A.matmul(x, p.w[0]!), p.b)), p.w[1]!) as Tensor, 1)),
    [{ w: [matrix(4, 5), matrix(5, 3, 2)], b: vector(5) }, matrix(6, 4, 5)],
  ],
  [
    "a rule by hand in both directions",
    A.customGradient({
      name: "square",
      forward: (x) => A.mul(x, x),
      vjp: (g, { inputs: [x] }) => A.mul(A.mul(g, x!), 2) as Tensor,
      jvp: ([t], { inputs: [x] }) => A.mul(A.mul(t!, x!), 2) as Tensor,
    }),
    [vector(3)],
  ],
  [
    "a gradient as the function",
    (x: Tensor) => A.grad((y: Tensor) => A.sum(A.sin(A.mul(y, y))) as Tensor<[]>)(x),
    [vector(3)],
  ],
  ["a Jacobian of 300 × 300", (x: Tensor) => A.tanh(A.matmul(large, x) as Tensor), [vector(300)]],
  ["a loss of 5,000 inputs", (x: Tensor) => A.mean(A.softplus(x)), [vector(5_000)]],
  ["an empty argument", (x: Tensor) => A.sum(x), [A.zeros([0, 3])]],
  ["an empty argument beside another", (x: Tensor, y: Tensor) => A.add(A.sum(x), y), [A.zeros([0, 3]), vector(2)]],
  ["an empty result", (x: Tensor) => A.slice(x, [0], [0]), [vector(2)]],
  [
    "float32",
    (w: Tensor, x: Tensor) => A.sum(A.tanh(A.matmul(w, x) as Tensor)),
    [A.cast(matrix(5, 4), "float32"), A.cast(matrix(4, 3, 2), "float32")],
  ],
  [
    "float32 beside a float32 constant",
    (x: Tensor) => A.exp(A.mul(x, tensor([0.1, 0.2], { dtype: "float32" }))),
    [A.cast(vector(2), "float32")],
  ],
  ["float32 inside a function of float64", (x: Tensor) => A.sum(A.exp(A.cast(x, "float32"))), [vector(3)]],
  ["relu within 1e-7 of its kink", (x: Tensor) => A.relu(x), [tensor([1e-7, 1, -1e-9])]],
  ["abs within 1e-5 of its kink", (x: Tensor) => A.abs(x), [tensor([1e-5, -1e-5])]],
  ["an almost tied max", (x: Tensor) => A.max(x), [tensor([1, 1 + 1e-8, 0])]],
  ["an infinite derivative at the edge of a domain", (x: Tensor) => A.sqrt(x), [tensor([0, 1])]],
  ["the same of a power", (x: Tensor) => A.pow(x, 0.5), [tensor([0, 1])]],
  ["a masked infinite value", (x: Tensor) => A.where(tensor([true, false]), x, -Infinity), [vector(2)]],
  ["a stationary point", (x: Tensor) => A.mul(x, x), [tensor([0, 1])]],
  ["values that drown the differences", (x: Tensor) => A.add(1e10, A.mul(x, x)), [tensor([0.5, 1])]],
  ["a steep function", (x: Tensor) => A.exp(A.mul(1000, x)), [tensor([0.01])]],
  ["derivatives of 1e-12", (x: Tensor) => A.mul(1e-12, A.sin(x)), [vector(2)]],
  ["saturated neurons", (x: Tensor) => [A.sigmoid(x), A.tanh(x)], [tensor([-400, 400, 40, -800])]],
  ["oscillations faster than any difference", (x: Tensor) => A.sin(x), [tensor([1e6, 1e-6, 1e12])]],
  ["a product in which one factor almost vanishes", (x: Tensor) => A.mul(A.exp(x), A.sub(1, A.tanh(x))), [20]],
];

test.each(cases)("%s passes", (_, f, at) => {
  const report = gradientCheck(f, at as never[]);
  expect(report.status, report.message).toBe("passed");
  expect(report.ok).toBe(true);
});

test.each<Case>([
  ["relu", (x: Tensor) => A.relu(x), [tensor([0, 1])]],
  ["abs, whose derivative happens to agree with differences", (x: Tensor) => A.abs(x), [tensor([0, 1])]],
  ["a tie of max", (x: Tensor) => A.max(x), [tensor([1, 1])]],
  ["the norm of zeros", (x: Tensor) => A.norm(x), [tensor([0, 0])]],
  ["a jump", (x: Tensor) => A.sign(x), [tensor([0, 1])]],
  ["a branch of a condition", (x: Tensor) => A.where(A.greater(x, 0), A.mul(2, x), x), [tensor([0, 1])]],
  ["a pole", (x: Tensor) => A.div(1, x), [tensor([0, 1])]],
  ["a value outside the domain", (x: Tensor) => A.log(x), [tensor([-1, 1])]],
])("the point at %s is inconclusive", (_, f, at) => {
  const report = gradientCheck(f, at as never[]);
  expect(report.status, report.message).toBe("inconclusive");
  expect(report.ok).toBe(false);
});

test("a rule by hand within reach of its kink is inconclusive, since nothing looks inside it", () => {
  const ramp = A.customGradient({
    name: "ramp",
    forward: (x) => A.relu(x),
    vjp: (g, { inputs: [x] }) => A.mul(g, A.cast(A.greater(x!, 0), "float64")) as Tensor,
  });
  expect(gradientCheck(ramp, [tensor([1e-9])]).status).toBe("inconclusive");
  expect(gradientCheck(ramp, [tensor([1e-3])]).status).toBe("passed");
});

test("assertGradients throws at a kink and names the op, unless that is allowed", () => {
  const f = (x: Tensor): Tensor => A.relu(x);
  expect(() => assertGradients(f, [tensor([0, 1]) as Tensor])).toThrow(GradientCheckError);
  expect(() => assertGradients(f, [tensor([0, 1]) as Tensor])).toThrow("a kink of relu");
  expect(assertGradients(f, [tensor([0, 1]) as Tensor], { inconclusive: "allow" }).status).toBe("inconclusive");
});

test("order 1 leaves out the second derivatives", () => {
  const f = A.customGradient({
    name: "square",
    forward: (x) => A.mul(x, x),
    vjp: (g, { inputs: [x] }) => A.mul(A.mul(g, A.stopGradient(x!)), 2) as Tensor,
  });
  expect(gradientCheck(f, [vector(3)], { order: 1 }).status).toBe("passed");
  expect(gradientCheck(f, [vector(3)]).status).toBe("failed");
});

test("argnums leaves the other arguments as they are", () => {
  const f = (x: Tensor, y: Tensor): Tensor => A.mul(x, A.stopGradient(y)) as Tensor;
  expect(gradientCheck(f, [vector(2), vector(2, 2)]).status).toBe("failed");
  expect(gradientCheck(f, [vector(2), vector(2, 2)], { argnums: [0] }).status).toBe("passed");
});

test("a rule that lacks a direction is skipped by name", () => {
  const f = A.customGradient({
    name: "opaque",
    forward: (x) => A.exp(x),
    vjp: (g, { output }) =>
      tensor(Float64Array.from(g.toTypedArray(), (x, i) => x * output.toTypedArray()[i]!)) as Tensor,
  });
  const report = gradientCheck(f, [vector(2)], { order: 1 });
  expect(report.status).toBe("passed");
  expect(report.checks.find(({ what }) => what === "forward vs reverse")).toMatchObject({
    status: "skipped",
    note: "opaque lacks a rule",
  });
});

test("second derivatives of a rule in plain numbers are inconclusive, by name", () => {
  const f = A.customGradient({
    name: "opaque",
    forward: (x) => A.exp(x),
    vjp: (g, { output }) => A.mul(g, tensor(output.toTypedArray() as Float64Array)) as Tensor,
  });
  const report = gradientCheck(f, [vector(2)]);
  expect(report.status).toBe("inconclusive");
  expect(report.checks.at(-1)).toMatchObject({ status: "inconclusive", note: "opaque reads numbers: set order to 1" });
});

test("the same seed gives the same report", () => {
  const w = matrix(100, 100, 3);
  const run = (): string =>
    gradientCheck((x: Tensor) => A.tanh(A.matmul(w, x) as Tensor), [vector(100)], { order: 1, seed: 5 }).message;
  expect(run()).toBe(run());
});

test("the report is text of at most 80 columns and counts what was done", () => {
  const report = gradientCheck((x: Tensor) => A.sum(A.mul(x, x)), [vector(3)], { order: 1 });
  expect(String(report)).toBe(report.message);
  expect(report.message.split("\n")[0]).toBe("gradientCheck: all derivatives agree");
  expect(report.checks.find(({ what }) => what === "reverse vs differences")?.compared).toBe(3);
  expect(report.evaluations).toBeGreaterThan(6);
});

test("there must be something to differentiate, and settings must make sense", () => {
  expect(() => gradientCheck(() => 1, [])).toThrow(A.ArgumentError);
  expect(() => gradientCheck((_: string) => 1, ["label"])).toThrow("no argument is a float tensor");
  expect(() => gradientCheck((x: Tensor<[]>) => x, [1], { order: 3 as 2 })).toThrow(A.ConfigError);
  expect(() => gradientCheck((x: Tensor<[]>) => x, [1], { rtol: -1 })).toThrow(A.ConfigError);
});
