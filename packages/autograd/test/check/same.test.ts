/** The comparator's own must-fail tests: a comparator that lets something through makes every other test worthless. */

import { expect, test } from "vitest";
import { same } from "../../src/check/index.ts";
import { cast, ConfigError, tensor, zeros, type Tensor } from "../../src/index.ts";

const loose = { atol: 1e300, rtol: 1e300 };

test.each([
  ["a finite number for infinity", [1e308], [Infinity]],
  ["a finite number for minus infinity", [-1e308], [-Infinity]],
  ["infinity for a finite number", [Infinity], [1e308]],
  ["NaN for a finite number", [NaN], [0]],
  ["a finite number for NaN", [0], [NaN]],
  ["NaN for infinity", [NaN], [Infinity]],
  ["infinity for NaN", [Infinity], [NaN]],
  ["the other infinity", [-Infinity], [Infinity]],
  ["one NaN among right numbers", [1, NaN, 3], [1, 2, 3]],
])("%s fails at any tolerance", (_, actual, expected) => {
  expect(same(actual, expected, loose).ok).toBe(false);
});

test("NaN and the infinities are equal to themselves without tolerance", () => {
  expect(same([NaN, Infinity, -Infinity], [NaN, Infinity, -Infinity]).ok).toBe(true);
});

test("the two zeros are equal", () => {
  expect(same([0, -0], [-0, 0]).ok).toBe(true);
});

test("the tolerance is relative to the expected number, not to the larger one", () => {
  expect(same(2, 1, { rtol: 0.5 }).ok).toBe(false);
  expect(same(1, 2, { rtol: 0.5 }).ok).toBe(true);
});

test("a wrong sign of a small number fails at the tolerance of differences", () => {
  expect(same(-1e-7, 1e-7, { atol: 1e-8, rtol: 1e-7 }).ok).toBe(false);
});

test("the tolerance does not grow with the number of entries", () => {
  const expected = new Float64Array(10_000).fill(1);
  const actual = expected.slice();
  actual[6_789]! += 1e-6;
  const found = same(actual, expected, { rtol: 1e-7 });
  expect(found.ok).toBe(false);
  expect(found.worst?.index).toBe(6_789);
});

test("nothing compared is a failure unless it is meant", () => {
  expect(same([], []).ok).toBe(false);
  expect(same(zeros([0, 3]), zeros([0, 3])).message).toBe("nothing was compared");
  expect(same(zeros([0, 3]), zeros([0, 3]), { empty: true }).ok).toBe(true);
});

test("a different shape fails, whatever the numbers are", () => {
  expect(same(tensor([1, 2]), tensor([[1, 2]])).message).toBe("the shape is [2] where [1, 2] is expected");
  expect(same(zeros([0, 3]), zeros([3, 0]), { empty: true }).ok).toBe(false);
  expect(same(tensor([1]), 1).ok).toBe(false);
  expect(same([1, 2], [1]).ok).toBe(false);
});

test("a different dtype fails, whatever the numbers are", () => {
  const x: Tensor = tensor([1, 2]);
  expect(same(cast(x, "float32"), x).message).toBe("the dtype is float32 where float64 is expected");
});

test("the result says how many were compared and which was worst", () => {
  const found = same(
    tensor([
      [1, 2],
      [3, 5],
    ]),
    tensor([
      [1, 2],
      [3, 4],
    ]),
    { atol: 0.5 },
  );
  expect(found).toEqual({
    ok: false,
    count: 4,
    worst: { index: 3, actual: 5, expected: 4, allowed: 0.5 },
    message: "entry [1, 1] is 5 where 4 is expected: off by 1, allowed 0.5",
  });
});

test("the worst entry is the one furthest off in units of its own allowance", () => {
  expect(same([1.5, 1000.9], [1, 1000], { rtol: 1e-3 }).worst?.index).toBe(0);
});

test.each([-1, NaN, Infinity])("a tolerance of %s is refused", (atol) => {
  expect(() => same(1, 1, { atol })).toThrow(ConfigError);
});
