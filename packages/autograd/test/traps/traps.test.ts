/**
 * Every row of `traps.json`: value, gradient, second order, forward mode; none forgotten, none left out without a
 * reason.
 */

import { afterAll, describe, expect, it } from "vitest";
import { add, cast, grad, jvp, mul, ones, sum, tensor, vjp, type DType, type Tensor } from "../../src/index.ts";
import { report } from "../report.ts";
import { layouts, losses, reductions, shapes, shares } from "./arrays.ts";
import { edges, kinks, powers, ranges, selections, type Expression } from "./pointwise.ts";
import { procedures } from "./procedures.ts";
import { differs, flat, rowNamed, rows, shapeOf, type Row } from "./rows.ts";
import { uncovered } from "./uncovered.ts";

/** May only fall. */
const UNCOVERED = 51;

const repeated =
  (times: number, step: (x: Tensor) => Tensor): Expression =>
  (x) => {
    let y = x;
    for (let i = 0; i < times; i++) y = step(y);
    return y;
  };

/** Expressions whose operands the rows tell in words. */
const told: Readonly<Record<string, { readonly at: readonly unknown[]; readonly of: Expression }>> = {
  "div@1e200": { at: [1e200, 1e200], of: edges["div@1e200"]! },
  tanh_amplified: { at: [20], of: ranges["tanh_amplified"]! },
  "chain@1e5": { at: [1], of: repeated(1e5, (y) => mul(y, 1.0000001)) },
  "chain@1e6": { at: [1], of: repeated(1e6, (y) => mul(y, 1.0000001)) },
  "ladder@2^60": { at: [1], of: repeated(60, (y) => add(y, y)) },
  py_scalar: { at: [[1]], of: (x) => mul(x, 0.1) },
  cast_grad: { at: [0.1], of: (x) => sum(cast(x, "float32")) },
  f32_overflow_cast: { at: [1e39], of: (x) => cast(x, "float32") },
  sum_cancel: { at: [[1e8, 1, -1e8, 1]], of: (x) => sum(x) },
};

const expressions: Readonly<Record<string, Expression>> = {
  ...kinks,
  ...edges,
  ...ranges,
  ...powers,
  ...selections,
  ...shares,
  ...losses,
  ...reductions,
  ...layouts,
  ...Object.fromEntries(Object.entries(told).map(([name, { of }]) => [name, of])),
};

const names = Object.keys(expressions);
const refusing = names.filter((name) => String(rowNamed(name).expected_value).startsWith("throws"));
const regular = names.filter((name) => !refusing.includes(name));

const dtypeOf = (row: Row): DType => (row.dtype === "f32" ? "float32" : "float64");

const operandsOf = (row: Row): Tensor[] => {
  const nests = told[row.name]?.at ?? (row.inputs as readonly unknown[]);
  return nests.map((nest, k) =>
    tensor(flat(nest), { shape: [...(shapes[row.name]?.[k] ?? shapeOf(nest))], dtype: dtypeOf(row) }),
  );
};

const numbers = (list: readonly Tensor[]): number[] => list.flatMap((x) => [...x.toTypedArray()]);

/** The gradient by one sweep forward for each entry of each operand. */
const pushed = (f: Expression, operands: Tensor[]): number[] =>
  operands.flatMap((x, k) =>
    Array.from({ length: x.size }, (_, entry) => {
      const directions = operands.map((y, j): Tensor => {
        const direction = new Float64Array(y.size);
        if (j === k) direction[entry] = 1;
        return tensor(direction, { shape: y.shape, dtype: y.dtype });
      });
      return sum(jvp(f, operands, directions).tangent).item();
    }),
  );

/** The gradient of the sum of all first gradients. */
const secondOrder = (f: Expression, operands: Tensor[]): Tensor[] => {
  const argnums = operands.map((_, k) => k);
  const firsts = grad((...xs: Tensor[]) => sum(f(...xs)), { argnums });
  const total = (...xs: Tensor[]): Tensor =>
    (firsts(...xs) as Tensor[]).map((g) => sum(g) as Tensor).reduce((a, b) => add(a, b));
  return grad(total, { argnums })(...operands) as Tensor[];
};

describe("the rows of traps.json", () => {
  it.each(regular)("%s has the expected value and gradient", (name) => {
    const row = rowNamed(name);
    const operands = operandsOf(row);
    const { value, pullback } = vjp(expressions[name]!, ...operands);
    expect(differs(numbers([value]), flat(row.expected_value), row), `value of ${row.expression}`).toBeNull();
    const shares = pullback(ones(value.shape, { dtype: value.dtype })) as Tensor[];
    const expected = flat(row.expected_gradient);
    expect(differs(numbers(shares), expected, row), `gradient of ${row.expression}`).toBeNull();
    shares.forEach((share, k) => {
      expect(share.shape).toEqual(operands[k]!.shape);
      expect(share.dtype).toBe(operands[k]!.dtype);
    });
  });

  it.each(refusing)("%s is refused, alone and under grad", (name) => {
    const row = rowNamed(name);
    expect(row.expected_value).toBe("throws RangeError");
    expect(() => expressions[name]!(...operandsOf(row))).toThrow(RangeError);
    expect(() => grad((...xs: Tensor[]) => sum(expressions[name]!(...xs)))(...operandsOf(row))).toThrow(RangeError);
  });

  const second = names.filter((name) => rowNamed(name).expected_second_order_sum !== undefined);
  it.each(second)("%s has the expected second derivatives", (name) => {
    const row = rowNamed(name);
    const sums = secondOrder(expressions[name]!, operandsOf(row));
    expect(differs(numbers(sums), flat(row.expected_second_order_sum), row), row.expression).toBeNull();
  });

  // The longest chain goes forward among the tests of long chains.
  it.each(regular.filter((name) => name !== "chain@1e6"))("%s has the same gradient in forward mode", (name) => {
    const row = rowNamed(name);
    const f = expressions[name]!;
    const expected = flat(row.expected_gradient);
    // Terms that cancel leave an error of their own size, not of the size of their sum.
    const largest = expected.reduce((most, g) => (Number.isFinite(g) ? Math.max(most, Math.abs(g)) : most), 0);
    const atol = Math.max(row.atol ?? 0, 1e-15 * largest);
    expect(differs(pushed(f, operandsOf(row)), expected, { ...row, atol }), row.expression).toBeNull();
  });

  it.each(Object.keys(procedures))("%s goes as the row says", (name) => procedures[name]!(rowNamed(name)));
});

describe("the table", () => {
  it("answers every row once, or says why not", () => {
    const lists = [...names, ...Object.keys(procedures), ...Object.keys(uncovered)];
    expect([...lists].sort()).toEqual(rows.map(({ name }) => name).sort());
  });

  it(`leaves at most ${UNCOVERED} rows uncovered`, () => {
    expect(Object.keys(uncovered).length).toBeLessThanOrEqual(UNCOVERED);
  });

  it("compares non-finite numbers by identity and finite ones by the tolerance of the row", () => {
    expect(differs([1], [Infinity], { rtol: 1 })).not.toBeNull();
    expect(differs([NaN], [1], { atol: 1 })).not.toBeNull();
    expect(differs([1], [NaN], {})).not.toBeNull();
    expect(differs([-Infinity], [Infinity], {})).not.toBeNull();
    expect(differs([1 + 1e-12], [1], {})).not.toBeNull();
    expect(differs([], [1], {})).not.toBeNull();
    expect(differs([0, NaN, 1 + 1e-15], [-0, NaN, 1], {})).toBeNull();
  });
});

afterAll(() => {
  const answered = names.length + Object.keys(procedures).length;
  report(
    "traps",
    answered,
    `${answered} of ${rows.length} trap rows answered, ${Object.keys(uncovered).length} listed with the reason why not`,
  );
});
