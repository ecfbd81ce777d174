// Random programs: their shape, how many are worth comparing, and a perturbed reverse sweep that must stay within the
// error bounds.

import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { hessianTolerance, isComparable, runDual } from "./dual.ts";
import { sized } from "../size.ts";
import type { Program } from "./dual.ts";
import { rules } from "./dual-rules.ts";
import { operations, programs } from "./fuzz-program.ts";

const sample = (count: number): Program[] => fc.sample(programs(), { numRuns: count, seed: 1729 });

/** Local value and derivatives of one instruction by its rule, as a reverse sweep needs them. */
const localStep = (program: Program, index: number, values: readonly number[]): { value: number; slopes: number[] } => {
  const { op, operands, params = [] } = program.instructions[index]!;
  const rule = rules[op];
  const [a = NaN, b = NaN, c = NaN, d = NaN] = operands.map((operand) => values[operand]!);
  if (rule.arity === 4)
    return rule.holds(a, b) ? { value: c, slopes: [0, 0, 1, 0] } : { value: d, slopes: [0, 0, 0, 1] };
  if (rule.arity === 2) {
    const [value, pa, pb] = rule.jet(a, b);
    return { value, slopes: [pa, pb] };
  }
  const [value, p] = rule.jet(a, params);
  return { value, slopes: [p] };
};

/** A reverse sweep whose library functions and derivatives are off by up to two units in the last place. */
const perturbedReverse = (program: Program, noise: () => number): { value: number; gradient: number[] } => {
  const off = (x: number): number => x * (1 + 2 * noise() * Number.EPSILON);
  const values = [...program.leaves];
  const slopes: number[][] = [];
  program.instructions.forEach(({ op }, index) => {
    const step = localStep(program, index, values);
    values.push(rules[op].exact ? step.value : off(step.value));
    // A selection passes its cotangent on untouched.
    slopes.push(rules[op].arity === 4 ? step.slopes : step.slopes.map(off));
  });
  const cotangents = values.map(() => 0);
  cotangents[values.length - 1] = 1;
  for (let index = slopes.length - 1; index >= 0; index--) {
    const cotangent = cotangents[program.leaves.length + index]!;
    program.instructions[index]!.operands.forEach((operand, i) => {
      if (cotangent !== 0 && slopes[index]![i] !== 0) cotangents[operand]! += cotangent * slopes[index]![i]!;
    });
  }
  return { value: values.at(-1)!, gradient: cotangents.slice(0, program.leaves.length) };
};

describe("random programs", () => {
  it("refer to earlier values only and have one to thirty instructions over one to four leaves", () => {
    for (const { leaves, instructions } of sample(3000)) {
      expect(leaves.length).toBeGreaterThanOrEqual(1);
      expect(leaves.length).toBeLessThanOrEqual(4);
      expect(instructions.length).toBeGreaterThanOrEqual(1);
      expect(instructions.length).toBeLessThanOrEqual(30);
      for (const value of leaves) expect(value === 0 || value === 1e-8 || Math.abs(value) >= 1e-6).toBe(true);
      instructions.forEach(({ op, operands }, index) => {
        expect(operands.length).toBe(rules[op].arity);
        for (const operand of operands) expect(operand >= 0 && operand < leaves.length + index).toBe(true);
      });
    }
  });

  it("use every operation, repeated operands, fan-out and dead values", () => {
    const seen = new Set<string>();
    let [repeated, dead] = [0, 0];
    for (const { leaves, instructions } of sample(3000)) {
      const used = new Set(instructions.flatMap(({ operands }) => [...operands]));
      if (instructions.some((_, i) => i < instructions.length - 1 && !used.has(leaves.length + i))) dead++;
      if (instructions.some(({ operands }) => new Set(operands).size < operands.length)) repeated++;
      for (const { op } of instructions) seen.add(op);
    }
    expect([...seen].sort()).toEqual([...operations].sort());
    expect([...operations].sort()).toEqual(Object.keys(rules).sort());
    expect(repeated).toBeGreaterThan(1000);
    expect(dead).toBeGreaterThan(1000);
  });

  it("are comparable in at least three cases of four, and mostly with a gradient that is not zero", () => {
    const results = sample(5000).map((program) => runDual(program));
    const comparable = results.filter((result) => isComparable(result));
    expect(comparable.length).toBeGreaterThan(3750);
    expect(comparable.filter(({ gradient }) => gradient.some((g) => g !== 0)).length).toBeGreaterThan(
      0.7 * comparable.length,
    );
  });

  it("shrink to the shortest program that shows a fault", () => {
    const outcome = fc.check(
      fc.property(programs(), ({ instructions }) => instructions.every(({ op }) => op !== "tanh")),
      { seed: 7, numRuns: 1000 },
    );
    expect(outcome.counterexample![0].instructions).toEqual([{ op: "tanh", operands: [0] }]);
    expect(outcome.counterexample![0].leaves).toEqual([0]);
  });

  it("have symmetric Hessians and the same gradient in both orders", () => {
    for (const program of sample(2000)) {
      const [first, second] = [runDual(program), runDual(program, 2)];
      expect(second.gradient).toEqual(first.gradient);
      const k = program.leaves.length;
      if (!second.hessianFinite) continue;
      second.hessian!.forEach((h, index) => {
        const mirrored = second.hessian![(index % k) * k + Math.floor(index / k)]!;
        expect(Math.abs(h - mirrored)).toBeLessThanOrEqual(1e-13 * second.hessianBound![index]! + 1e-300);
      });
    }
  });

  it("move their Hessians under perturbed roundings by no more than the tolerance", () => {
    let state = 1;
    const noise = (): number => (state = (state * 48271) % 2147483647) / 536870911.75 - 2;
    for (const program of sample(sized(800, 5000))) {
      const expected = runDual(program, 2);
      if (!isComparable(expected) || !expected.hessianFinite) continue;
      const tolerance = hessianTolerance(program, expected);
      runDual(program, 2, noise).hessian!.forEach((h, i) =>
        expect(Math.abs(h - expected.hessian![i]!), JSON.stringify(program)).toBeLessThanOrEqual(tolerance[i]!),
      );
    }
  });

  it("differ from a reverse sweep with perturbed roundings by no more than their error bounds", () => {
    let state = 1;
    const noise = (): number => (state = (state * 48271) % 2147483647) / 1073741823.5 - 1;
    for (const program of sample(sized(2500, 20_000))) {
      const expected = runDual(program);
      if (!isComparable(expected)) continue;
      const got = perturbedReverse(program, noise);
      const text = JSON.stringify(program);
      expect(Math.abs(got.value - expected.value), text).toBeLessThanOrEqual(Number.EPSILON * expected.valueError);
      got.gradient.forEach((g, i) => {
        const bound = 2 * Number.EPSILON * expected.gradientError[i]! + 1e-300;
        expect(Math.abs(g - expected.gradient[i]!), text).toBeLessThanOrEqual(bound);
      });
    }
  });
});
