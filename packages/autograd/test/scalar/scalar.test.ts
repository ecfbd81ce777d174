/**
 * The engine of scalars gives what the engine of tensors gives, to the bit: compositions, any order, at poles and kinks
 * too.
 */

import { runInThisContext } from "node:vm";
import { afterAll, describe, expect, it } from "vitest";
import * as full from "../../src/index.ts";
import * as scalar from "../../src/scalar/index.ts";
import { seed, sized } from "../size.ts";
import { report } from "../report.ts";

/** As much of both entries as a composition uses. */
type Api = Readonly<Record<string, (...operands: unknown[]) => unknown>>;

const unary = [
  "neg",
  "abs",
  "sign",
  "exp",
  "log",
  "sqrt",
  "sin",
  "cos",
  "tan",
  "tanh",
  "sigmoid",
  "relu",
  "softplus",
  "logSigmoid",
  "erf",
] as const;
const binary = ["add", "sub", "mul", "div", "pow", "maximum", "minimum"] as const;
const comparisons = ["greater", "greaterEqual", "less", "lessEqual", "equal", "notEqual"] as const;

const points = [0, -0, 1, -1, 2, 0.5, -0.75, 3.25, 20, -40, 1e-9, 800, -800];

/** A generator of whole numbers below a bound (mulberry32). */
function generator(from: number): (below: number) => number {
  let state = from;
  return (below) => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) % below;
  };
}

/** A composition as code over `api`, `x` and `y`. */
function composition(draw: (below: number) => number, depth: number): string {
  const part = (): string => composition(draw, depth - 1);
  const constant = String(points[draw(points.length)]!);
  if (depth === 0) return ["x", "x", "y", constant][draw(4)]!;
  switch (draw(5)) {
    case 0:
    case 1:
      return `api.${unary[draw(unary.length)]!}(${part()})`;
    case 2:
    case 3:
      return `api.${binary[draw(binary.length)]!}(${part()}, ${draw(3) === 0 ? constant : part()})`;
    default:
      return `api.where(api.${comparisons[draw(comparisons.length)]!}(${part()}, ${part()}), ${part()}, ${part()})`;
  }
}

interface Read {
  item(): number;
}

type F = (x: unknown, y: unknown) => unknown;

/** The value and the derivatives in x up to the third order, and the mixed one. */
function derivatives(api: Api, code: string, x: number, y: number): number[] {
  const compose = runInThisContext(`(api) => (x, y) => api.add(api.mul(0, x), ${code})`) as (api: Api) => F;
  const f = compose(api);
  const by = (g: F, argnums: number): F => api["grad"]!(g, { argnums }) as F;
  const first = by(f, 0);
  const all = [api["valueAndGrad"]!(f) as F, first, by(f, 1), by(first, 0), by(first, 1), by(by(first, 0), 0)];
  return all.map((one, k) => {
    const given = one(x, y);
    // The sign of a derivative of 0 says how the sweep came to it, which is its own affair.
    return k === 0 ? (given as { value: Read }).value.item() : (given as Read).item() + 0;
  });
}

/** Where the third derivative stands. */
const THIRD = 5;

let compared = 0;
afterAll(() => report("checks", compared));

describe("the engine of scalars", () => {
  it("has the bits of the engine of tensors, and its third derivatives but for the last", () => {
    for (let k = 0; k < sized(400, 20_000); k++) {
      const draw = generator(seed + k);
      const code = composition(draw, 1 + draw(3));
      const [x, y] = [points[draw(points.length)]!, points[draw(points.length)]!];
      const expected = derivatives(full as unknown as Api, code, x, y);
      // Where there is no value there is no derivative to agree on.
      if (Number.isNaN(expected[0])) continue;
      const found = derivatives(scalar as unknown as Api, code, x, y);
      const told = `${code} at ${x}, ${y} (seed ${seed + k})`;
      expect(found.slice(0, THIRD), told).toEqual(expected.slice(0, THIRD));
      // A third derivative adds its many terms in another order now and then.
      if (Number.isFinite(expected[THIRD]))
        expect(Math.abs(found[THIRD]! / expected[THIRD]! - 1) || 0, told).toBeLessThan(1e-9);
      else expect(found[THIRD], told).toBe(expected[THIRD]);
      compared += expected.length;
    }
  });

  it("differentiates lists and objects, and leaves the others alone", () => {
    const { add, grad, mul, sin, Scalar, valueAndGrad } = scalar;
    type P = { readonly a: scalar.Scalar; readonly b: readonly scalar.Scalar[] };
    const gradient = grad((p: P, x: number) => add(mul(p.a, x), sin(p.b[1]!)))({ a: 2, b: [7, 0] }, 3);
    expect([gradient.a.item(), gradient.b.map((x) => x.item())]).toEqual([3, [0, 1]]);
    expect(grad((x, y) => mul(x, y), { argnums: 1 })(2, 3).item()).toBe(2);
    expect(valueAndGrad((x) => mul(x, x))(3).value.item()).toBe(9);
    expect(grad(() => new Scalar(4))(2).item()).toBe(0);
  });

  it("keeps transforms inside one another apart", () => {
    const { add, grad, mul } = scalar;
    // d/dx x · d/dy (x + y) at y = 1: the inner derivative is 1, and does not see the outer x.
    expect(grad((x) => mul(x, grad((y) => add(x, y))(1)))(5).item()).toBe(1);
    expect(grad((x) => grad((y) => mul(mul(x, x), y))(1))(3).item()).toBe(6);
  });

  it("sweeps a long chain", () => {
    const { add, grad } = scalar;
    const chain = grad((x) => {
      let y = add(x, 0);
      for (let i = 0; i < 100_000; i++) y = add(y, x);
      return y;
    });
    expect(chain(1).item()).toBe(100_001);
  });

  it("refuses by name what has no derivative, and names the line", () => {
    const { grad, greater, mul, Scalar, sin } = scalar;
    const loose = grad as (f: unknown, options?: object) => (...args: unknown[]) => scalar.Scalar;
    expect(() => loose((x: scalar.Scalar) => x.item() * 2)(3)).toThrow(
      /grad: the function gives number, which has no derivative/,
    );
    expect(() => loose((x: scalar.Scalar) => greater(x, 0))(3)).toThrow(/gives a condition/);
    expect(() => loose(3)).toThrow(/the first argument is number, not a function/);
    expect(() => loose(sin, { argnum: 0 })(3)).toThrow(/no option argnum/);
    expect(() => loose(sin, { argnums: 1 })(3)).toThrow(/no argument 1 among 1/);
    expect(() => loose(sin)("3")).toThrow(/holds string/);
    expect(() => mul(greater(1, 0), 2)).toThrow(/an operand is a condition/);
    expect(() => (sin as (x: unknown) => unknown)([1])).toThrow(/an operand is an array, not a number/);
    expect(() => Number(new Scalar(2))).toThrow(/wants a plain one/);
    expect(String(new Scalar(2))).toBe("2");
    try {
      sin("1" as unknown as number);
    } catch (error) {
      expect((error as { at: string }).at).toMatch(/scalar\.test\.ts:\d+:\d+$/);
    }
  });
});
