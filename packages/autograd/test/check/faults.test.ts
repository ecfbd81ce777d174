/** The check must find every planted fault, by the comparison that is meant for it. */

import { expect, test } from "vitest";
import { assertGradients, gradientCheck, GradientCheckError, numericJacobian, same } from "../../src/check/index.ts";
import { customGradient, jacobian, mul, tensor, type Tensor } from "../../src/index.ts";
import { faults, matrix } from "./faults.ts";

test("there are at least forty planted faults", () => {
  expect(faults.length).toBeGreaterThanOrEqual(40);
});

test.each(faults)("$name is found", ({ f, at, found }) => {
  const report = gradientCheck(f, at as never[]);
  const failed = report.checks
    .filter((check) => check.status === "failed")
    .map((check) => (check.order === 2 ? `${check.what} 2` : check.what));
  expect(report.status, report.message).toBe("failed");
  expect(report.ok).toBe(false);
  expect(failed, report.message).toContain(found);
  expect(Math.max(...report.message.split("\n").map((line) => line.length))).toBeLessThanOrEqual(80);
});

test("the error names the input, the entry, both numbers and the two methods", () => {
  const wrong = tensor(
    Float64Array.from({ length: 20 }, (_, i) => (i === 13 ? 2.0002 : 2)),
    { shape: [4, 5] },
  );
  const f = customGradient({
    name: "square",
    forward: (x) => mul(x, x),
    vjp: (g, { inputs: [x] }) => mul(mul(g, x!), wrong) as Tensor,
  });
  let caught: unknown;
  try {
    assertGradients(f, [matrix(4, 5)]);
  } catch (error) {
    caught = error;
  }
  expect(caught).toBeInstanceOf(GradientCheckError);
  const error = caught as GradientCheckError;
  expect(error.check.what).toBe("reverse vs differences");
  expect(error.deviation?.input).toEqual({ name: "argument 0", index: [2, 3] });
  expect(error.deviation?.output).toEqual({ name: "the result", index: [2, 3] });
  expect(error.deviation?.relative).toBeCloseTo(1e-4, 7);
  expect(error.message).toContain("argument 0 [2, 3]");
  expect(error.message).toContain(String(error.deviation?.got));
  expect(error.message).toContain(String(error.deviation?.expected));
  expect(error.code).toBe("GRADIENT_CHECK");
  expect(error.at).toContain("faults.test.ts");
});

test("the error names a field of nested parameters", () => {
  const { f, at } = faults.find(({ name }) => name === "one field of nested parameters")!;
  const [check] = gradientCheck(f, at as never[]).checks.filter(({ status }) => status === "failed");
  expect(check?.worst?.input?.name).toBe("argument 0.b[1]");
});

test("no fault that differences of the values show is within the default tolerance of the plain comparison", () => {
  const { f, at } = faults.find(({ name }) => name === "a factor of 1.0005")!;
  const { jacobian: expected } = numericJacobian(f, at as never[]);
  const got = jacobian(f as (x: Tensor) => Tensor)(at[0] as Tensor);
  expect(same(got, expected, { atol: 1e-8, rtol: 1e-7 }).ok).toBe(false);
  expect(
    same(jacobian((x: Tensor) => x.mul(x) as Tensor)(tensor([0.5, -1.25, 2])), expected, { atol: 1e-8, rtol: 1e-7 }).ok,
  ).toBe(true);
});
