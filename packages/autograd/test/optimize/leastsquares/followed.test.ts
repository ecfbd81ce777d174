/**
 * Derivatives of fits by what their residuals capture: closed forms, differences of the fit itself, minimize, and what
 * is refused.
 */

import {
  add,
  compile,
  exp,
  grad,
  hessian,
  jacobian,
  jvp,
  mul,
  neg,
  pow,
  stack,
  stopGradient,
  sub,
  tensor,
  type Tensor,
} from "@chainrule/autograd";
import { curveFit, leastSquares, minimize, type LeastSquaresOptions } from "@chainrule/autograd/optimize";
import { describe, expect, it } from "vitest";
import { refusalOf } from "../../refusal.ts";

type Scalar = Tensor<[]>;
const t = tensor([0, 1, 2, 3, 4, 5]);
const decay = [10.1, 6.2, 3.55, 2.3, 1.3, 0.85];

/** a e^{−kt} through y: [a, k] */
const fitted = (y: Tensor, options: LeastSquaresOptions<never> = {}): Tensor => {
  const { parameters } = leastSquares(
    ({ a, k }: { readonly a: Scalar; readonly k: Scalar }) => sub(mul(a, exp(neg(mul(k, t)))), y),
    { a: 8, k: 0.4 },
    options as object,
  );
  return stack([parameters.a, parameters.k]);
};

/** Central differences of the fit by each measurement. */
function differences(f: (y: Tensor) => Tensor, at: readonly number[], step = 1e-4): number[][] {
  const moved = (j: number, by: number): number[] => [
    ...f(tensor(at.map((y, i) => (i === j ? y + by : y)))).toTypedArray(),
  ];
  const columns = at.map((_, j) => moved(j, step).map((value, i) => (value - moved(j, -step)[i]!) / (2 * step)));
  return columns[0]!.map((_, i) => columns.map((column) => column[i]!));
}

function expectNear(got: readonly (readonly number[])[], wanted: readonly (readonly number[])[], digits: number): void {
  got.forEach((row, i) => row.forEach((value, j) => expect(value).toBeCloseTo(wanted[i]![j]!, digits)));
}

describe("derivatives of a fit by its data", () => {
  it("are those of the closed form, of a line: (XᵀX)⁻¹ Xᵀ", () => {
    const slopeOf = (y: Tensor): Scalar =>
      leastSquares(({ m, c }: { readonly m: Scalar; readonly c: Scalar }) => sub(add(mul(m, t), c), y), { m: 0, c: 0 })
        .parameters.m;
    const mean = 2.5;
    expectNear(
      [grad(slopeOf)(tensor(decay)).toArray() as number[]],
      [[0, 1, 2, 3, 4, 5].map((at) => (at - mean) / 17.5)],
      12,
    );
    expect(
      hessian(slopeOf)(tensor(decay))
        .toTypedArray()
        .every((x) => Math.abs(x) < 1e-12),
    ).toBe(true);
  });

  it.each([
    ["linear", {}],
    ["huber", { loss: "huber", lossScale: 0.05 }],
    ["softL1", { loss: "softL1", lossScale: 0.05 }],
    ["cauchy", { loss: "cauchy", lossScale: 0.2 }],
    ["weighted", { weights: [1, 2, 0, 4, 1, 0.5] }],
  ] as const)("are differences of the fit: %s", (_, options) => {
    const fit = (y: Tensor): Tensor => fitted(y, options);
    const exact = jacobian(fit)(tensor(decay)).toArray() as number[][];
    expectNear(exact, differences(fit, decay), 6);
    // Forward mode sees the same.
    const along = jvp(fit, [tensor(decay)], [tensor([1, 0, 0, 0, 0, 0])]).tangent.toTypedArray();
    expectNear([[...along]], [exact.map((row) => row[0]!)], 11);
  });

  it("are those of minimize, to third order and in mixed modes", () => {
    const close = (c: Scalar): Scalar =>
      leastSquares(({ x }: { readonly x: Scalar }) => stack([sub(mul(x, x), c), mul(0.3, sub(x, 1))]), { x: 2 })
        .parameters.x;
    const loss =
      (c: Scalar) =>
      (x: Scalar): Scalar =>
        add(pow(sub(mul(x, x), c), 2), pow(mul(0.3, sub(x, 1)), 2));
    const same = (c: Scalar): Scalar => minimize(loss(c), 2).parameters;
    const orders = (f: (c: Scalar) => Scalar): number[] =>
      [f, grad(f), grad(grad(f)), grad(grad(grad(f)))].map((g) => g(tensor(5)).item());
    orders(close).forEach((value, k) => expect(value).toBeCloseTo(orders(same)[k]!, 9));
    const mixed = jvp((c: Scalar) => grad(close)(c), [5], [1]).tangent.item();
    expect(mixed).toBeCloseTo(grad(grad(same))(5).item(), 9);
  });

  it("keep a parameter where a bound holds it, and let the others follow", () => {
    const held = (y: Tensor): Tensor => fitted(y, { bounds: { lower: 0, upper: { a: 100, k: 0.45 } } } as never);
    const [, k] = jacobian(held)(tensor(decay)).toArray() as number[][];
    expect(k).toEqual([0, 0, 0, 0, 0, 0]);
    expectNear(jacobian(held)(tensor(decay)).toArray() as number[][], differences(held, decay), 6);
  });

  it("pass through the value, the residuals and the gradient, and through curveFit", () => {
    const run = (y: Tensor) => leastSquares(({ m }: { readonly m: Scalar }) => sub(mul(m, t), y), { m: 0 });
    const y = tensor(decay);
    // d/dy Σ r² = −2 r where the parameters have their best
    expectNear(
      [grad((at: Tensor) => run(at).value)(y).toArray() as number[]],
      [[...run(y).residuals.toTypedArray()].map((r) => -2 * r)],
      12,
    );
    expectNear(
      jacobian((at: Tensor) => run(at).residuals)(y).toArray() as number[][],
      differences((at) => run(at).residuals, decay),
      7,
    );
    expect(
      jacobian((at: Tensor) => run(at).gradient.m)(y)
        .toTypedArray()
        .every((x) => Math.abs(x) < 1e-11),
    ).toBe(true);
    const drawn = (at: Tensor): Scalar =>
      curveFit((x, { m }: { readonly m: Scalar }) => mul(m, x), t, at, { m: 0 }).parameters.m;
    expectNear([grad(drawn)(y).toArray() as number[]], [[0, 1, 2, 3, 4, 5].map((at) => at / 55)], 12);
  });

  it("have the numbers of the fit that nothing follows", () => {
    const options = { loss: "softL1", lossScale: 0.05, weights: [1, 2, 0, 4, 1, 0.5] } as const;
    const plain = leastSquares(({ m }: { readonly m: Scalar }) => sub(mul(m, t), tensor(decay)), { m: 0 }, options);
    let inside = plain;
    grad((y: Tensor) => {
      inside = leastSquares(({ m }: { readonly m: Scalar }) => sub(mul(m, t), y), { m: 0 }, options);
      return inside.parameters.m;
    })(tensor(decay));
    expect(inside.parameters.m.item()).toBe(plain.parameters.m.item());
    expect(inside.value.item()).toBeCloseTo(plain.value.item(), 12);
    expect(inside.standardDeviations.m.item()).toBe(plain.standardDeviations.m.item());
    expect(inside.residuals.toArray()).toEqual(plain.residuals.toArray());
  });

  it("are refused by name where there are none", () => {
    const at = tensor(decay);
    const fit = (y: Tensor, options: object = {}) =>
      leastSquares(({ m }: { readonly m: Scalar }) => sub(mul(m, t), y), { m: 0 }, options);
    const deviation = refusalOf(() => grad((y: Tensor) => fit(y).standardDeviations.m)(at));
    expect([deviation.code, deviation.message]).toEqual([
      "NOT_FOLLOWED",
      expect.stringContaining("the derivative of standard deviations is not known"),
    ]);
    expect(refusalOf(() => jvp((y: Tensor) => fit(y).covariance, [at], [at])).code).toBe("NOT_FOLLOWED");
    expect(refusalOf(() => grad((y: Tensor) => fit(y, { loss: "arctan" }).parameters.m)(at)).message).toContain(
      "the loss arctan",
    );
    expect(refusalOf(() => grad((y: Tensor) => fit(y, { maxIterations: 0 }).parameters.m)(at)).code).toBe(
      "NOT_CONVERGED",
    );
    const undetermined = (y: Tensor): Scalar =>
      leastSquares(({ a, b }: { readonly a: Scalar; readonly b: Scalar }) => sub(mul(add(a, b), t), y), { a: 0, b: 0 })
        .parameters.a;
    expect(refusalOf(() => grad(undetermined)(at)).code).toBe("SINGULAR");
    expect(refusalOf(() => compile((y: Tensor) => fit(y).parameters.m)(at)).code).toBe("TRACED");
    expect(leastSquares((x: Scalar) => sub(x, stopGradient(tensor(3))), 1).parameters.item()).toBe(3);
  });
});
