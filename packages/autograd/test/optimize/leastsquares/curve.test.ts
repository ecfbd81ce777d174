/** curveFit against SciPy's curve_fit, and compiledJacobian against derivatives by hand. */

import { add, at, div, exp, mul, neg, pow, reshape, sub, sum, tensor, type Tensor } from "@chainrule/autograd";
import { compiledJacobian, curveFit, leastSquares } from "@chainrule/autograd/optimize";
import { describe, expect, it } from "vitest";
import { refusalOf } from "../../refusal.ts";

type Scalar = Tensor<[]>;
const x = [0, 0.5, 1, 1.5, 2, 2.5, 3];
const y = [2.9, 2.1, 1.7, 1.05, 0.9, 0.55, 0.5];
const sigma = [0.1, 0.1, 0.2, 0.1, 0.05, 0.1, 0.3];
const decay = (t: Tensor<[number]>, { a, k }: { readonly a: Scalar; readonly k: Scalar }): Tensor =>
  mul(a, exp(neg(mul(k, t))));
const start = { a: 1, k: 1 };
const near = (value: number, expected: number, digits: number): void =>
  expect(Math.abs(value / expected - 1)).toBeLessThan(10 ** -digits);

describe("curveFit", () => {
  // scipy.optimize.curve_fit(lambda t, a, k: a*exp(-k*t), x, y, [1, 1], sigma=…, absolute_sigma=…, ftol=1e-15,
  // xtol=1e-15, gtol=1e-15) of SciPy 1.17.1
  it.each([
    [
      "plain",
      {},
      [2.904826340497658, 0.6142326647815525, 0.07656059738472415, 0.030147517445253052, 0.001429085135607522],
    ],
    [
      "sigma",
      { sigma },
      [2.8853531912851382, 0.6072836287869121, 0.06976291501089975, 0.023508780274919837, 0.001038820884015499],
    ],
    [
      "absolute sigma",
      { sigma, absoluteSigma: true },
      [2.8853531912851382, 0.6072836287869121, 0.08744270693091445, 0.02946653510051723, 0.001632069394064441],
    ],
  ] as const)("gives what SciPy gives: %s", (_, options, [a, k, sdA, sdK, cross]) => {
    const fit = curveFit(decay, x, y, start, options);
    near(fit.parameters.a.item(), a, 8);
    near(fit.parameters.k.item(), k, 8);
    near(fit.standardDeviations.a.item(), sdA, 6);
    near(fit.standardDeviations.k.item(), sdK, 6);
    near(fit.covariance.at(0, 1).item(), cross, 6);
  });

  it("takes numbers, arrays in memory, tensors, one sigma for all, and several predictors", () => {
    const plain = curveFit(decay, x, y, start);
    for (const [given, measured] of [
      [Float64Array.from(x), Float64Array.from(y)],
      [tensor(x), tensor(y)],
    ] as const) {
      expect(curveFit(decay as never, given, measured, start).covariance.toArray()).toEqual(plain.covariance.toArray());
    }
    expect(curveFit(decay, x, y, start, { sigma: 2 }).standardDeviations.a.item()).toBeCloseTo(
      plain.standardDeviations.a.item(),
      12,
    );
    const both = curveFit(
      ({ u, v }: { readonly u: Tensor; readonly v: Tensor }, p: Tensor<[2]>) => add(mul(at(p, 0), u), mul(at(p, 1), v)),
      { u: tensor([1, 0, 1]), v: tensor([0, 1, 1]) },
      [2, 3, 5],
      tensor([0, 0]),
    );
    expect(both.parameters.toArray()).toEqual([expect.closeTo(2, 13), expect.closeTo(3, 13)]);
  });

  it("counts weights beside sigma, and has residuals model − y", () => {
    const weights = [1, 0, 1, 1, 2, 1, 1];
    const fit = curveFit(decay, x, y, start, { sigma, weights });
    const other = leastSquares(
      (p: { readonly a: Scalar; readonly k: Scalar }) => sub(decay(tensor(x), p), tensor(y)),
      start,
      { weights: sigma.map((s, i) => weights[i]! / s ** 2) },
    );
    expect(fit.parameters.k.item()).toBe(other.parameters.k.item());
    expect(fit.residuals.at(0).item()).toBeCloseTo(fit.parameters.a.item() - 2.9, 14);
  });

  it("refuses what would be compared wrongly, by name", () => {
    const refused = (call: () => unknown): string => refusalOf(call).message;
    expect(refused(() => curveFit((_, { a }: { readonly a: Scalar }) => a, x, y, { a: 1 }))).toContain(
      "the model gives [] and y has [7]",
    );
    expect(refused(() => curveFit(decay, x, [1, NaN, 1, 1, 1, 1, 1], start))).toContain("y has NaN at 1");
    expect(refused(() => curveFit(decay, x, y, start, { sigma: [1, 0, 1, 1, 1, 1, 1] }))).toContain("sigma 1 is 0");
    expect(refused(() => curveFit(decay, x, y, start, { sigma: [1] }))).toContain("1 sigma for 7 measurements");
    expect(refused(() => curveFit(decay, x, y, start, { sigma: -1 }))).toContain("sigma is -1");
    expect(refused(() => curveFit(decay, x, y, start, { p0: [1] } as never))).toContain(
      "the start is the fourth argument",
    );
    expect(refused(() => curveFit(decay, x, "y" as never, start))).toContain("write curveFit(model, x, y, start)");
    expect(refused(() => curveFit((() => 3) as never, x, y, start))).toContain("the model gives 3, not a tensor");
  });
});

describe("compiledJacobian", () => {
  // p₀ e^(−(x − p₁)² / p₂)
  const peak = (at_: Tensor<[number]>, p: Tensor<[number]>): Tensor =>
    mul(at(p, 0), exp(neg(div(pow(sub(at_, at(p, 1)), 2), at(p, 2)))));
  const byHand = (x: number, [height, center, width]: readonly number[]): number[] => {
    const d = x - center!;
    const e = Math.exp((-d * d) / width!);
    return [e, height! * e * ((2 * d) / width!), height! * e * ((d * d) / (width! * width!))];
  };
  const points = [-1, 0, 0.5, 2];

  it("gives the derivatives at a point, known beforehand or not, as an array of its own", () => {
    const parameters = [2, 0.3, 1.5];
    const at_ = compiledJacobian(peak, { points })(parameters);
    const alone = compiledJacobian(peak)(parameters);
    for (const x of [...points, 7]) {
      byHand(x, parameters).forEach((expected, j) => {
        expect(at_(x)[j]!).toBeCloseTo(expected, 14);
        expect(alone(x)[j]!).toBeCloseTo(expected, 14);
      });
    }
    const first = at_(0);
    expect(at_(0)).not.toBe(first);
    expect(Array.isArray(first)).toBe(true);
  });

  it("computes all points by one call of the program for each list of parameters", () => {
    let traced = 0;
    const jacobian = compiledJacobian(
      (x, p) => {
        traced++;
        return peak(x, p);
      },
      { points },
    );
    for (const height of [1, 2, 3]) {
      // Values of the program do not come from the model again.
      const row = jacobian([height, 0.3, 1.5]);
      points.forEach((x) =>
        row(x).forEach((value, j) => expect(value).toBeCloseTo(byHand(x, [height, 0.3, 1.5])[j]!, 14)),
      );
    }
    const once = traced;
    jacobian([4, 0.3, 1.5])(0.5);
    expect(traced).toBe(once);
  });

  it("refuses a model that gives something else than a value for each point", () => {
    expect(refusalOf(() => compiledJacobian((_, p) => sum(p), { points })([1, 2])).message).toContain(
      "the model gives [] for points of shape [1]",
    );
    expect(refusalOf(() => compiledJacobian(peak, { points: 3 } as never)).message).toContain("points is 3");
    expect(
      refusalOf(() => compiledJacobian((x, p) => reshape(mul(x, at(p, 0)), [1, 1]), { points })([1])).message,
    ).toContain("the model gives [1, 1]");
  });
});
