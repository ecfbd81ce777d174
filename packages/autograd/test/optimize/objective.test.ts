/** The objective as optimizers see it: against the transforms on the tree, compiled and not, without traces outside. */

import { describe, expect, it } from "vitest";
import { add, exp, grad, hessian, log, mul, sin, sum, tensor, valueAndGrad, type Tensor } from "../../src/index.ts";
import { objectiveOf, type Objective } from "../../src/optimize/objective.ts";
import { parametersOf } from "../../src/optimize/parameters.ts";
import type { CompileChoice } from "../../src/optimize/runner.ts";
import { runnerOf } from "../../src/optimize/runner.ts";
import type { AnyFunction } from "../../src/transforms/trace.ts";
import { refusalOf } from "../refusal.ts";

interface Tree {
  readonly w: Tensor<[2]>;
  readonly s: Tensor<[]>;
}

/** Σ w² eˢ + sin(w₀ s) */
const f = ({ w, s }: Tree): Tensor<[]> => add(mul(sum(mul(w, w)), exp(s)), sin(mul(w.at(0), s)));
const start = { w: tensor([0.5, -1]), s: 0.3 };
const flat = (v: Tensor<[3]>): Tensor<[]> => f({ w: v.slice({ 0: [0, 2] }) as Tensor<[2]>, s: v.at(2) });

const objective = (choice: CompileChoice, g: AnyFunction = f, from: unknown = start): Objective =>
  objectiveOf("minimize", g, parametersOf("minimize", from), choice);

describe("an objective", () => {
  const x = Float64Array.of(0.5, -1, 0.3);
  const point = tensor([0.5, -1, 0.3]);

  for (const choice of [false, true] as const) {
    it(`has the derivatives of the tree, ${choice ? "compiled" : "as it is"}`, () => {
      const one = objective(choice);
      const { value, gradient } = one.at(x);
      const expected = valueAndGrad(f)(start);
      expect(value).toBe(expected.value.item());
      expect(one.value(x)).toBe(value);
      expect([...gradient]).toEqual([...(expected.gradient.w.toArray() as number[]), expected.gradient.s.item()]);
      const second = hessian(flat)(point);
      const found = [...one.hessian(x)];
      (second.toTypedArray() as Float64Array).forEach((entry, k) => expect(found[k]).toBeCloseTo(entry, 13));
      const product = one.product(x, Float64Array.of(1, -2, 3));
      for (let i = 0; i < 3; i++)
        expect(product[i]).toBeCloseTo(found[3 * i]! - 2 * found[3 * i + 1]! + 3 * found[3 * i + 2]!, 12);
      expect(one.counts).toEqual({ values: 2, gradients: 1, hessians: 1, products: 1 });
    });
  }

  it("keeps what surrounds it constant", () => {
    let seen = 0;
    const outer = grad((a: Tensor<[]>) => {
      const one = objective(false, (w: Tensor<[]>) => mul(a, mul(w, w)), 3);
      seen = one.at(Float64Array.of(3)).gradient[0]!;
      return mul(a, seen);
    })(2);
    expect(seen).toBe(12);
    expect(outer.item()).toBe(12);
  });

  it("keeps numbers that take the type of what stands beside them, and float32", () => {
    const one = objective(false, ({ s, w }: Tree) => sum(mul(w, s)), {
      s: 2,
      w: tensor([0.1, 0.2], { dtype: "float32" }),
    });
    const at = Float64Array.of(2, 0.1, 0.2);
    const { gradient } = one.at(at);
    expect([...at]).toEqual([2, Math.fround(0.1), Math.fround(0.2)]);
    expect([...gradient]).toEqual([Math.fround(Math.fround(0.1) + Math.fround(0.2)), 2, 2]);
    expect([...one.hessian(at)]).toEqual([0, 1, 1, 1, 0, 0, 1, 0, 0]);
    expect([...one.product(at, Float64Array.of(1, 0, 0))]).toEqual([0, 1, 1]);
  });

  it("refuses what is no scalar, and says where a value is not finite", () => {
    expect(refusalOf(() => objective(false, ({ w }: Tree) => w).at(x)).message).toMatch(
      /^minimize: the function gives shape \[2\]/,
    );
    const one = objective(false, ({ w }: Tree) => sum(log(w)));
    const error = one.notFinite(one.at(x), "at the start");
    expect(error.message).toMatch(/^minimize: the function gives NaN at the start \(log: the value has NaN at entry 1/);
    expect(error.at).toMatch(/objective\.test\.ts:\d+:\d+$/);
    const root = objective(false, (w: Tensor<[1]>) => sum(w.sqrt()), tensor([0]));
    expect(root.notFinite(root.at(Float64Array.of(0)), "at the start").message).toMatch(
      /the derivative by x\[0\] is Infinity at the start/,
    );
  });
});

describe("a runner", () => {
  let time = 0;
  const clock = (): number => time;
  const slow = (body: (x: Tensor) => Tensor): { readonly f: (x: Tensor) => Tensor; runs: number } => {
    const counted = {
      runs: 0,
      f: (x: Tensor): Tensor => {
        counted.runs++;
        time += 60;
        return body(x);
      },
    };
    return counted;
  };

  it("compiles what runs for long, and stays with what reads numbers", () => {
    const counted = slow((x) => mul(x, x));
    const run = runnerOf("square", (x) => [counted.f(x!)], "auto", clock);
    for (let k = 0; k < 6; k++) expect(run(tensor([k]))[0]!.toArray()).toEqual([k * k]);
    // Two runs of its own, and the one that is traced.
    expect(counted.runs).toBe(3);
    const reader = slow((x) => mul(x, x.item()));
    const plain = runnerOf("square", (x) => [reader.f(x!)], "auto", clock);
    for (let k = 0; k < 4; k++) expect(plain(tensor(k))[0]!.item()).toBe(k * k);
    expect(reader.runs).toBe(5);
  });

  it("does not take a program that gives something else", () => {
    let calls = 0;
    const drifting = slow((x) => mul(x, ++calls));
    const run = runnerOf("drift", (x) => [drifting.f(x!)], "auto", clock);
    expect(
      [1, 2, 3, 4].map(() =>
        run(tensor([1]))[0]!
          .at(0)
          .item(),
      ),
    ).toEqual([1, 2, 4, 5]);
  });

  it("refuses by name what cannot be compiled and must be", () => {
    expect(refusalOf(() => runnerOf("square", (x) => [mul(x!, x!.item())], true)(tensor(2))).code).toBe("TRACED");
  });
});
