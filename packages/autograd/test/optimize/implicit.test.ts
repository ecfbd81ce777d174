/**
 * Derivatives of minima by what the function captures: closed forms, differences of the solver, both modes, nested, and
 * refusals.
 */

import { describe, expect, it } from "vitest";
import { assertGradients } from "../../src/check/index.ts";
import {
  add,
  exp,
  grad,
  hessian,
  jacobian,
  jvp,
  log,
  matmul,
  mul,
  noGrad,
  pow,
  reshape,
  sin,
  sub,
  sum,
  tensor,
  transpose,
  vjp,
  type Tensor,
} from "../../src/index.ts";
import { solutionOf } from "../../src/optimize/implicit.ts";
import { minimize } from "../../src/optimize/index.ts";
import { refusalOf } from "../refusal.ts";

type Scalar = Tensor<[]>;
type Function = (a: Scalar) => Scalar;

/** eˣ − a x has its minimum at x = ln a, and its value there is a − a ln a. */
const logarithm: Function = (a) => minimize((x: Scalar) => sub(exp(x), mul(a, x)) as Scalar, 1).parameters;
const least: Function = (a) => minimize((x: Scalar) => sub(exp(x), mul(a, x)) as Scalar, 1).value;
const derivatives = (f: Function, at: number): number[] =>
  [f(tensor(at)), grad(f)(at), grad(grad(f))(at), grad(grad(grad(f)))(at), grad(grad(grad(grad(f))))(at)].map((x) =>
    x.item(),
  );

const close = (found: readonly number[], wanted: readonly number[], by = 1e-13): void => {
  expect(found).toHaveLength(wanted.length);
  found.forEach((x, k) =>
    expect(Math.abs(x - wanted[k]!), `entry ${k}: ${x} for ${wanted[k]!}`).toBeLessThanOrEqual(
      by * Math.max(1, Math.abs(wanted[k]!)),
    ),
  );
};

describe("a minimum as a function", () => {
  it("has the derivatives of the closed form, to fourth order", () => {
    close(derivatives(logarithm, 3), [Math.log(3), 1 / 3, -1 / 9, 2 / 27, -6 / 81]);
    close(derivatives(least, 3), [3 - 3 * Math.log(3), -Math.log(3), -1 / 3, 1 / 9, -2 / 27]);
  });

  it("has them in both modes, and in each mix of them", () => {
    const forward =
      (f: Function): Function =>
      (a) =>
        jvp(f, [a], [tensor(1)]).tangent;
    const modes = [forward, (f: Function): Function => grad(f) as Function];
    for (const first of modes) {
      close([first(logarithm)(tensor(3)).item()], [1 / 3]);
      for (const second of modes) {
        close([second(first(logarithm))(tensor(3)).item()], [-1 / 9]);
        for (const third of modes) close([third(second(first(logarithm)))(tensor(3)).item()], [2 / 27]);
      }
    }
    close([hessian(logarithm)(3).item(), vjp(logarithm, tensor(3)).pullback(tensor(2))[0].item()], [-1 / 9, 2 / 3]);
  });

  it("follows what it captures at every level, and what it is told to hold constant not", () => {
    const outer = (a: Scalar): Scalar =>
      grad((b: Scalar) => minimize((x: Scalar) => pow(sub(x, mul(a, b)), 2) as Scalar, 0).parameters)(mul(a, 2));
    // d(a b)/db = a, whatever b is.
    close([outer(tensor(3)).item(), grad(outer)(3).item()], [3, 1]);
    expect(grad((a: Scalar) => noGrad(() => logarithm(a)))(3).item()).toBe(0);
    // The minimum does not depend on where the search begins.
    expect(grad((a: Scalar) => minimize((x: Scalar) => pow(sub(x, 2), 2) as Scalar, a).parameters)(5).item()).toBe(0);
  });

  it("has them over trees and tensors: ridge regression by its normal equations", () => {
    const x = tensor([
      [1, 2],
      [3, -1],
      [0.5, 1],
      [2, 2],
    ]);
    const y = tensor([1, 2, 0.5, 3]);
    const fit = (penalty: Scalar): { w: Tensor<[2]>; b: Scalar } =>
      minimize(
        ({ w, b }: { w: Tensor<[2]>; b: Scalar }) => {
          const r = sub(add(reshape(matmul(x, reshape(w, [2, 1])), [4]), b), y);
          return add(sum(mul(r, r)), mul(penalty, add(sum(mul(w, w)), mul(b, b)))) as Scalar;
        },
        { w: tensor([0, 0]), b: 0 },
      ).parameters;
    const both = (penalty: Scalar): Scalar =>
      add(sum(mul(fit(penalty).w, tensor([1, 2]))), mul(fit(penalty).b, 3)) as Scalar;
    // (XᵀX + λ I) β = Xᵀ y, so that β′ = −(XᵀX + λ I)⁻¹ β, and β″ = 2 (XᵀX + λ I)⁻² β.
    const rows = (x.toArray() as number[][]).map((row) => [...row, 1]);
    const system = [0, 1, 2].map((i) =>
      [0, 1, 2].map((j) => rows.reduce((total, row) => total + row[i]! * row[j]!, i === j ? 0.7 : 0)),
    );
    const solve = (b: readonly number[]): number[] => {
      const det = (m: readonly (readonly number[])[]): number =>
        m[0]![0]! * (m[1]![1]! * m[2]![2]! - m[1]![2]! * m[2]![1]!) -
        m[0]![1]! * (m[1]![0]! * m[2]![2]! - m[1]![2]! * m[2]![0]!) +
        m[0]![2]! * (m[1]![0]! * m[2]![1]! - m[1]![1]! * m[2]![0]!);
      return [0, 1, 2].map(
        (k) => det(system.map((row, i) => row.map((entry, j) => (j === k ? b[i]! : entry)))) / det(system),
      );
    };
    const beta = solve(
      [0, 1, 2].map((i) => rows.reduce((total, row, k) => total + row[i]! * (y.toArray() as number[])[k]!, 0)),
    );
    const weigh = (v: readonly number[]): number => v[0]! + 2 * v[1]! + 3 * v[2]!;
    const once = solve(beta);
    close(
      [both(tensor(0.7)).item(), grad(both)(0.7).item(), grad(grad(both))(0.7).item()],
      [weigh(beta), -weigh(once), 2 * weigh(solve(once))],
      1e-11,
    );
  });

  it("agrees with differences of the solver, to second order", () => {
    const start = tensor([0.1, 0.2]);
    const solution = (a: Tensor<[2]>): Tensor<[2]> =>
      minimize(
        (x: Tensor<[2]>) =>
          add(sum(exp(sub(x, a))), add(sum(mul(sin(a), x)), mul(sum(pow(x, 2)), add(1, pow(a.at(0), 2))))) as Scalar,
        start,
      ).parameters;
    const at = tensor([0.7, -0.3]);
    const found = jacobian(solution)(at).toArray() as number[][];
    for (let j = 0; j < 2; j++) {
      const h = 1e-5;
      const moved = (by: number): number[] =>
        solution(tensor([0.7 + (j === 0 ? by : 0), -0.3 + (j === 1 ? by : 0)])).toArray() as number[];
      moved(h).forEach((x, i) => expect(Math.abs((x - moved(-h)[i]!) / (2 * h) - found[i]![j]!)).toBeLessThan(1e-9));
    }
    expect(assertGradients(solution, [at], { inconclusive: "allow" }).ok).toBe(true);
  });

  it("works with backward, once, and refuses what would be swept again", () => {
    const w = tensor(3, { requiresGrad: true });
    logarithm(w as Scalar).backward();
    expect(w.grad!.item()).toBeCloseTo(1 / 3, 14);
    const v = tensor(3, { requiresGrad: true });
    grad((a: Scalar) => logarithm(mul(a, v)))(2).backward();
    // d/dv d/da ln (a v) = 0, and of its square is not.
    expect(v.grad!.item()).toBeCloseTo(0, 14);
    const u = tensor(3, { requiresGrad: true });
    grad((a: Scalar) => pow(logarithm(mul(a, u)), 2) as Scalar)(2).backward();
    expect(u.grad!.item()).toBeCloseTo(2 / (2 * 3), 13);
    const error = refusalOf(() =>
      logarithm(tensor(3, { requiresGrad: true }) as Scalar).backward({ createGraph: true }),
    );
    expect([error.code, error.hint]).toEqual(["ORDER", expect.stringMatching(/nest grad/)]);
  });

  it("has none where the Hessian is singular, or the minimum was not reached, and says so when it is asked for", () => {
    const flat = (a: Scalar): Scalar =>
      minimize((x: Tensor<[2]>) => pow(sub(sum(x), a), 2) as Scalar, tensor([0, 0])).parameters.at(0);
    expect(flat(tensor(1)).item()).toBeCloseTo(0.5, 12);
    expect(refusalOf(() => grad(flat)(1)).code).toBe("SINGULAR");
    const early = (a: Scalar): Scalar =>
      minimize((x: Scalar) => pow(sub(x, a), 4) as Scalar, 0, { maxIterations: 2 }).parameters;
    expect(early(tensor(1)).item()).toBeGreaterThan(0);
    const error = refusalOf(() => grad(early)(1));
    expect(error.code).toBe("NOT_CONVERGED");
    expect(error.message).toMatch(/not converged: the most iterations were made/);
  });
});

describe("the derivative of equations", () => {
  /** x² = a b and y = log a, of which J is diagonal but for one entry. */
  const solved = (a: Scalar, b: Scalar, jacobianAt: (x: number) => readonly number[]): Tensor => {
    const [p, q] = [a, b].map((x) => x.storage as number) as [number, number];
    const x = Math.sqrt(p * q);
    return solutionOf({
      op: "root",
      equations: (v) => {
        const [first, second] = [v.slice({ 0: [0, 1] }), v.slice({ 0: [1, 2] })];
        return add(
          mul(tensor([1, 0]), sub(pow(first, 2), mul(a, b))),
          mul(tensor([0, 1]), sub(add(second, first), add(log(a), first))),
        ) as Tensor;
      },
      solution: Float64Array.of(x, Math.log(p)),
      jacobian: () => Float64Array.from(jacobianAt(x)),
      failure: null,
    });
  };
  const right = (x: number): readonly number[] => [2 * x, 0, 0, 1];
  const both =
    (jacobianAt: (x: number) => readonly number[]): Function =>
    (a) =>
      sum(solved(a, tensor(2), jacobianAt)) as Scalar;
  /** √(2a) + ln a and its derivatives. */
  const wanted = (a: number): number[] => [
    Math.sqrt(2 * a) + Math.log(a),
    1 / Math.sqrt(2 * a) + 1 / a,
    -((2 * a) ** -1.5) - a ** -2,
    3 * (2 * a) ** -2.5 + 2 * a ** -3,
  ];

  it("is right with the Jacobian, and is not with another one", () => {
    close(derivatives(both(right), 3).slice(0, 4), wanted(3));
    for (const wrong of [
      (x: number): readonly number[] => [x, 0, 0, 1],
      (x: number): readonly number[] => [2 * x, 1, 0, 1],
      (x: number): readonly number[] => [2 * x, 0, 1, 1],
    ]) {
      expect(Math.abs(grad(both(wrong))(3).item() - wanted(3)[1]!)).toBeGreaterThan(0.01);
    }
  });

  it("transposes J where it must: the two modes agree on one that is not symmetric", () => {
    const f = (a: Tensor<[2]>): Tensor => {
      const matrix = tensor([
        [2, 1],
        [-3, 0.5],
      ]);
      const product = (v: Tensor): Tensor => reshape(matmul(matrix, reshape(v, [2, 1])), [2]);
      // M x = a²
      const [p, q] = (a.storage as Float64Array).map((x) => x * x) as unknown as [number, number];
      return solutionOf({
        op: "root",
        equations: (x) => sub(product(x), mul(a, a)) as Tensor,
        solution: Float64Array.of((0.5 * p - q) / 4, (3 * p + 2 * q) / 4),
        jacobian: () => Float64Array.of(2, 1, -3, 0.5),
        failure: null,
      });
    };
    const inverse = [
      [0.125, -0.25],
      [0.75, 0.5],
    ];
    const expected = inverse.map((row) => [row[0]! * 2 * 1.5, row[1]! * 2 * -0.5]);
    for (const mode of ["forward", "reverse"] as const) {
      close((jacobian(f, { mode })(tensor([1.5, -0.5])).toArray() as number[][]).flat(), expected.flat());
    }
    expect(transpose(tensor(inverse)).shape).toEqual([2, 2]);
  });
});
