/**
 * The derivatives computed apart, against closed forms, against differences in big numbers, and where there is none.
 */

import { describe, expect, it } from "vitest";
import { random } from "../ops/sampling.ts";
import { add, div, fromNumber, mul, scale, sub, toNumber, withPrecision, type Big } from "./bigfloat.ts";
import { Limit, type Truth } from "./limits.ts";
import { localRules, type LocalRule, type RuleName } from "./local-rules.ts";
import { Tape } from "./tape.ts";

type Written = (tape: Tape, ...leaves: number[]) => number;

const truthsOf = (
  f: Written,
  point: readonly number[],
  directions: readonly number[] = [0, 0, 0],
): readonly Truth[] => {
  const tape = new Tape();
  f(tape, ...point.map((_, k) => tape.leaf(k)));
  return new Limit(tape, tape.plain(point, directions, "float64", 3), point, directions).truths();
};

const shown = (truths: readonly Truth[]): (number | string)[] =>
  truths.map((truth) => ("value" in truth ? truth.value : truth.none));

const chain =
  (...names: readonly (RuleName | readonly [RuleName, number])[]): Written =>
  (tape, x) =>
    names.reduce<number>(
      (at, name) => (typeof name === "string" ? tape.local(name, at) : tape.local(name[0], at, [name[1]])),
      x,
    );

describe("limits of derivatives", () => {
  it.each<[string, Written, number, (number | string)[]]>([
    ["exp(log x) at 0", chain("log", "exp"), 0, [1, 0, 0]],
    ["(√x)² at 0", chain("sqrt", ["power", 2]), 0, [1, 0, 0]],
    ["1/(1/x) at 0", chain("reciprocal", "reciprocal"), 0, [1, 0, 0]],
    ["σ(log x) at 0", chain("log", "sigmoid"), 0, [1, -2, 6]],
    ["softplus(log x) at 0", chain("log", "softplus"), 0, [1, -1, 2]],
    ["log σ(x) at -1000", chain("sigmoid", "log"), -1000, [1, 0, 0]],
    ["log(exp x) at -1000", chain("exp", "log"), -1000, [1, 0, 0]],
    ["log(exp x) at 1000", chain("exp", "log"), 1000, [1, 0, 0]],
    ["x √x at 0", (tape, x) => tape.mul(x, tape.local("sqrt", x)), 0, [0, "infinite", "infinite"]],
    ["x log x at 0", (tape, x) => tape.mul(x, tape.local("log", x)), 0, ["infinite", "infinite", "infinite"]],
    ["sin x / x at 0", (tape, x) => tape.div(tape.local("sin", x), x), 0, [0, -1 / 3, 0]],
    [
      "(1 − (1 − √x))² at 0",
      (tape, x) => {
        const one = tape.constant(1);
        return tape.local("power", tape.sub(one, tape.sub(one, tape.local("sqrt", x))), [2]);
      },
      0,
      [1, 0, 0],
    ],
    ["1/x at ∞", chain("reciprocal"), Infinity, [0, 0, 0]],
    ["log x at -1, which lies outside", chain("log"), -1, ["outside", "outside", "outside"]],
    ["√(x²) at 0, which has two sides", chain(["power", 2], "sqrt"), 0, ["different sides", 0, 0]],
    ["exp(exp(exp x)) at 1000", chain("exp", "exp", "exp"), 1000, ["undecided", "undecided", "undecided"]],
    [
      "where(x > 0, log x, 0) at 0",
      (tape, x) => tape.gate("greater", [x, tape.local("log", x), tape.constant(0)], [0]),
      0,
      [0, 0, 0],
    ],
    ["relu(log x) at 0", (tape, x) => tape.gate("relu", [tape.local("log", x)]), 0, [0, 0, 0]],
    ["√x · 0 at 0", (tape, x) => tape.weigh(tape.local("sqrt", x), 0), 0, [0, 0, 0]],
    [
      "max(x, 0)² at the tie, whose halves are shared",
      (tape, x) => tape.local("power", tape.gate("max", [x, tape.constant(0)]), [2]),
      0,
      [0, 0.5, 0],
    ],
  ])("%s", (_, f, x, expected) => {
    shown(truthsOf(f, [x])).forEach((found, k) => {
      const right = expected[k]!;
      if (typeof right === "number" && typeof found === "number")
        expect(Math.abs(found - right), `order ${k + 1}: ${found}`).toBeLessThanOrEqual(
          1e-15 * Math.abs(right) + 1e-300,
        );
      else expect(found, `order ${k + 1}`).toBe(right);
    });
  });

  it("mixed, of x² y³ and of √x + √y with a pole in the other entry", () => {
    const product: Written = (tape, x, y) => tape.mul(tape.local("power", x, [2]), tape.local("power", y, [3]));
    expect(shown(truthsOf(product, [3, 2], [0, 1, 1]))).toEqual([48, 72, 72]);
    const roots: Written = (tape, x, y) => tape.add(tape.local("sqrt", x), tape.local("sqrt", y));
    expect(shown(truthsOf(roots, [0, 4], [1, 1, 1]))).toEqual([0.25, -1 / 32, 3 / 256]);
    expect(shown(truthsOf(roots, [0, 4], [1, 0, 0]))).toEqual([0.25, 0, 0]);
  });
});

/** A value of a function in big numbers. */
const valueAt = (rule: LocalRule, x: Big, params: readonly number[]): Big => rule.exact(x, params)[0];

const entries: readonly (readonly [RuleName, readonly number[]])[] = (Object.keys(localRules) as RuleName[]).flatMap(
  (name) =>
    (name === "power" ? [[3], [-2], [0.5], [1 / 3], [2], [1]] : name === "exponential" ? [[2], [0.5], [0]] : [[]]).map(
      (params) => [name, params] as const,
    ),
);

describe("the derivatives of a function", () => {
  // f(x ± h), f(x ± 2h) with h = 2⁻¹²⁰ and 1000 bits: the first three derivatives to 60 digits and more.
  it.each(entries)("%s %j are its differences to 60 digits", (name, params) => {
    const rule: LocalRule = localRules[name];
    const next = random(17);
    for (let k = 0; k < 4; k++) {
      const x = 0.25 + 2 * next();
      withPrecision(1000, () => {
        const h = 120;
        const step = scale(fromNumber(1), -h);
        const at = (n: number): Big => valueAt(rule, add(fromNumber(x), mul(fromNumber(n), step)), params);
        const [m2, m1, p0, p1, p2] = [at(-2), at(-1), at(0), at(1), at(2)];
        const differences = [
          scale(sub(p1, m1), h - 1),
          scale(add(sub(p1, p0), sub(m1, p0)), 2 * h),
          scale(sub(sub(p2, m2), scale(sub(p1, m1), 1)), 3 * h - 1),
        ];
        rule
          .exact(fromNumber(x), params)
          .slice(1)
          .forEach((slope, order) => {
            const off = toNumber(sub(slope ?? fromNumber(0), differences[order]!));
            expect(Math.abs(off), `order ${order + 1} at ${x}`).toBeLessThan(1e-60);
          });
      });
    }
  });

  it.each(entries)("%s %j are the same in floating point", (name, params) => {
    const rule: LocalRule = localRules[name];
    const next = random(19);
    for (let k = 0; k < 20; k++) {
      const x = 0.25 + 3 * next();
      const exact = rule.exact(fromNumber(x), params);
      rule.plain(x, params).forEach((found, order) => {
        const right = exact[order] === null ? 0 : toNumber(exact[order]!);
        expect(Math.abs((found ?? 0) - right), `order ${order} at ${x}`).toBeLessThanOrEqual(
          1e-13 * (1 + Math.abs(right)),
        );
      });
    }
  });

  it("of log 2 is known to 60 digits", () => {
    // 0.693147180559945309417232121458176568075500134360255254120680009…
    const digits = 693147180559945309417232121458176568075500134360255254120680009n;
    const found = withPrecision(320, () => valueAt(localRules.log, fromNumber(2), []));
    const expected = div({ m: digits, e: 0 }, { m: 10n ** 63n, e: 0 });
    expect(Math.abs(toNumber(sub(found, expected)))).toBeLessThan(1e-62);
  });
});
