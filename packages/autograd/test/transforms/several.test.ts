/** Ops with several results: what their rules are given, how often they run, and where they stand. */

import { describe, expect, it } from "vitest";
import {
  add,
  checkpoint,
  compile,
  cond,
  cos,
  defineOp,
  detectAnomaly,
  div,
  exp,
  grad,
  greater,
  jvp,
  log,
  mul,
  scan,
  sin,
  sum,
  tensor,
  toText,
  whileLoop,
  type Tensor,
} from "../../src/index.ts";
import { gradientCheck } from "../../src/check/index.ts";
import { sparseJacobian, vmap } from "../../src/vmap/index.ts";
import { differenceOf } from "../compile/bits.ts";
import { refusalOf } from "../refusal.ts";
import { lowest, seen, sincos, total } from "./several-ops.ts";

type F = (...inputs: Tensor[]) => Tensor;
const loose = <G>(g: unknown): G => g as G;
const x = tensor([0.5, -1.5, 2]) as Tensor;
const plain = (y: Tensor): readonly Tensor[] => [sin(y), cos(y)];

describe("the rule", () => {
  it("runs once for all results, and is told which of them nothing reads", () => {
    const before = seen.length;
    grad((y: Tensor<[3]>) => sum(add(sincos(y)[0]!, sincos(y)[1]!)) as Tensor<[]>)(x as Tensor<[3]>);
    expect(seen.slice(before).map((list) => list.map((g) => g === null))).toEqual([
      [true, false],
      [false, true],
    ]);
    grad((y: Tensor<[3]>) => {
      const [s, c] = sincos(y);
      return sum(mul(s!, c!)) as Tensor<[]>;
    })(x as Tensor<[3]>);
    expect(seen.slice(before + 2).map((list) => list.map((g) => g === null))).toEqual([[false, false]]);
  });

  it("keeps what nothing reads out of the derivative, also where it is infinite", () => {
    const withLog = defineOp({
      name: "withLog",
      inputs: 1,
      results: 2,
      lower: (p, [y]) => [p.map(exp, y!), p.map(log, y!)],
      vjp: ([g, h], { inputs: [y], outputs: [power] }) => total(g?.mul(power!), h?.mul(div(1, y!))),
    });
    const f = (y: Tensor<[]>): Tensor<[]> => withLog(y)[0]! as Tensor<[]>;
    expect(grad(f)(0).item()).toBe(1);
    expect(compile(grad(f))(0).item()).toBe(1);
    expect(loose<F>(vmap(grad(f) as never))(tensor([0, 0])).toArray()).toEqual([1, 1]);
  });

  it("is refused where it gives another number of tensors, or of another shape", () => {
    const wrong = (rules: object): (() => unknown) => {
      const op = defineOp({ name: "wrong", inputs: 1, results: 2, lower: (p, [y]) => [y!, p.map(sin, y!)], ...rules });
      const f = (y: Tensor): Tensor => sum(mul(op(y)[0]!, op(y)[1]!)) as Tensor;
      return () => ("jvp" in rules ? jvp(f as never, [x] as never, [x] as never) : grad(f as never)(x as never));
    };
    expect(refusalOf(wrong({ vjp: () => [x, x] })).message).toMatch(/wrong: vjp gives 2 cotangents for 1 inputs/);
    expect(refusalOf(wrong({ vjp: () => sum(x) })).message).toMatch(
      /wrong: the rule gives a cotangent of shape \[\] for input 0/,
    );
    expect(refusalOf(wrong({ jvp: () => [x] })).message).toMatch(/wrong: jvp gives 1 tangents for 2 results/);
    expect(refusalOf(wrong({ jvp: () => [x, sum(x)] })).message).toMatch(/wrong: the forward rule gives float64 \[\]/);
  });

  it("that does not fit is found by gradientCheck, for each result", () => {
    const sign = (k: number): F => {
      const op = defineOp({
        name: "signed",
        inputs: 1,
        results: 2,
        lower: (p, [y]) => [p.map(sin, y!), p.map(cos, y!)],
        vjp: ([g, h], { inputs: [y] }) => total(g?.mul(cos(y!)), h?.mul(sin(y!))),
      });
      return (y) => op(y!)[k]!;
    };
    expect(gradientCheck(sign(0) as never, [x] as never).ok).toBe(true);
    expect(gradientCheck(sign(1) as never, [x] as never).ok).toBe(false);
  });
});

describe("a call", () => {
  it("is refused where lower gives something else than so many values", () => {
    const op = (lower: unknown): (() => unknown) => {
      const made = defineOp({ name: "pair", inputs: 1, results: 2, lower: lower as never, vjp: () => null });
      return () => made(x);
    };
    expect(refusalOf(op((_: unknown, [y]: unknown[]) => [y])).message).toMatch(
      /pair: lower gives 1 values for 2 results/,
    );
    expect(refusalOf(op((_: unknown, [y]: unknown[]) => y)).message).toMatch(/pair: lower gives .* for 2 results/);
    expect(refusalOf(op((_: unknown, [y]: unknown[]) => [y, x])).message).toMatch(/pair: result 1 is given a tensor/);
  });

  it("gives tensors of its own, in types of their own, drawn by their numbers", () => {
    const same = defineOp({
      name: "same",
      inputs: 1,
      results: 2,
      lower: (_, [y]) => [y!, y!],
      vjp: ([g, h]) => total(g, h),
    });
    const [a, b] = same(x);
    expect([a, b].every((y) => y !== x)).toBe(true);
    expect(a).not.toBe(b);
    expect(
      grad((y: Tensor<[3]>) => sum(mul(same(y)[0]!, same(y)[1]!)) as Tensor<[]>)(x as Tensor<[3]>).toArray(),
    ).toEqual(mul(x, 2).toArray());
    expect(lowest(x).map((y) => [y.dtype, y.toArray()])).toEqual([
      ["float64", -1.5],
      ["int32", [1]],
    ]);
    expect(toText(((y: Tensor) => sincos(y)[1]!) as never, [x] as never)).toMatch(/sincos\(.*part=1/);
  });

  it("computes in a program what both results need once", () => {
    const squares = defineOp({
      name: "squares",
      inputs: 1,
      results: 2,
      lower(p, [y]) {
        const high = p.map(exp, y!);
        return [p.map(mul, high, high), p.map(add, high, high)];
      },
      vjp: () => null,
    });
    const program = compile(((y: Tensor) => squares(y)) as never);
    program(x as never);
    const { kernels } = program.explain();
    expect(kernels).toHaveLength(1);
    // An exponential, a product and a sum.
    expect(kernels[0]!.ops).toEqual([["squares", 3]]);
  });

  it("names the op whose result is not finite, in anomaly mode", () => {
    const inverse = defineOp({
      name: "inverse",
      inputs: 1,
      results: 2,
      lower: (p, [y]) => [y!, p.map(div, p.scalar(1, p.dtypeOf(y!)), y!)],
      vjp: ([g, h], { outputs: [, r] }) => total(g, h?.mul(r!).mul(r!).mul(-1)),
    });
    expect(refusalOf(() => detectAnomaly(() => inverse(tensor([1, 0])))).message).toMatch(
      /inverse: the value has Infinity/,
    );
    const steep = defineOp({
      name: "steep",
      inputs: 1,
      results: 1,
      lower: (_, [y]) => [y!],
      vjp: ([g], { inputs: [y] }) => g!.mul(div(1, y!)),
    });
    const slope = (): unknown => detectAnomaly(() => grad((y: Tensor<[]>) => steep(y)[0]! as Tensor<[]>)(0));
    expect(refusalOf(slope).message).toMatch(/the cotangent of input 0 has Infinity/);
  });

  it("depends on what its primitives say, result by result", () => {
    const op = defineOp({
      name: "mixed",
      inputs: 1,
      results: 2,
      lower: (p, [y]) => [p.map(sin, y!), p.reduce("sum", y!, [0])],
      vjp: ([g, h], { inputs: [y] }) =>
        total(g?.mul(cos(y!)), h === null ? null : (mul(h!, add(mul(y!, 0), 1)) as Tensor)),
    });
    const columns = (k: number): Int32Array => sparseJacobian(((y: Tensor) => op(y)[k]!) as never)(x as never).columns;
    expect([...columns(0)]).toEqual([0, 1, 2]);
    expect(sparseJacobian(((y: Tensor) => op(y)[0]!) as never)(x as never).colors).toBe(1);
    expect(sparseJacobian(((y: Tensor) => mul(op(y)[0]!, op(y)[1]!)) as never)(x as never).colors).toBe(3);
  });
});

type Pair = (y: Tensor) => readonly Tensor[];
const places: Readonly<Record<string, (pair: Pair) => F>> = {
  "a loop": (pair) => (y) =>
    scan(
      (c: Tensor, row: Tensor) => {
        const [s, t] = pair(add(c, row) as Tensor);
        return [mul(s!, t!) as Tensor, s!] as const;
      },
      sum(y!) as Tensor,
      y!,
    ).carry as Tensor,
  "a loop with a condition": (pair) => (y) =>
    sum(
      whileLoop(
        (c: Tensor) => greater(5, sum(c) as never),
        (c: Tensor) => {
          const [s, t] = pair(c);
          return add(add(c, mul(s!, t!)), 1) as Tensor;
        },
        y!,
        { maxSteps: 9 },
      ) as Tensor,
    ) as Tensor,
  "a branch": (pair) => (y) =>
    cond(
      greater(sum(y!) as never, 0),
      () => sum(mul(...(pair(y!) as [Tensor, Tensor]))) as Tensor,
      () => sum(pair(y!)[1]!) as Tensor,
    ) as Tensor,
  "a checkpoint": (pair) =>
    checkpoint((y: Tensor) => {
      const [s, t] = pair(y);
      return sum(mul(s!, mul(t!, t!))) as Tensor;
    }) as unknown as F,
};

describe.each(Object.entries(places))("in %s", (_, place) => {
  const batch = tensor([
    [0.5, -1.5, 2],
    [1, 0.25, -0.5],
  ]) as Tensor;
  const ways: ((f: F) => F)[] = [
    (f) => f,
    (f) => loose(grad(f as never)),
    (f) => (y) => jvp(f as never, [y!] as never, [sin(y!)] as never).tangent as Tensor,
    (f) => loose(grad(((y: Tensor) => sum(sin(loose<F>(grad(f as never))(y)))) as never)),
  ];

  it("has the values and derivatives of the plain function, at once, compiled and for a batch", () => {
    for (const [k, way] of ways.entries()) {
      const [own, expected] = [way(place((y) => sincos(y))), way(place(plain))];
      const near = (found: Tensor, wanted: Tensor): void => {
        const [a, b] = [found.toTypedArray(), wanted.toTypedArray()];
        expect(a).toHaveLength(b.length);
        a.forEach((v: number, i: number) => expect(Math.abs(v - b[i]!)).toBeLessThan(1e-12 * (1 + Math.abs(b[i]!))));
      };
      near(own(x), expected(x));
      const program = loose<F>(compile(own as never));
      if (k === 0) expect(differenceOf("compiled", program(x), own(x))).toBeNull();
      near(program(x), expected(x));
      near(loose<F>(vmap(own as never))(batch), loose<F>(vmap(expected as never))(batch));
    }
  });
});
