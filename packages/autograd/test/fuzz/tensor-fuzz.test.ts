/**
 * Random tensor graphs against the same graphs written out entry by entry in dual numbers: values, both modes, second
 * order.
 */

import { describe, expect, it } from "vitest";
import { report } from "../report.ts";
import { fuzz, runs, seed, type Verdict } from "./runs.ts";
import { compareFirst, compareSecond } from "./tensor-compare.ts";
import { operations } from "./tensor-ops.ts";
import { prepare, tensorPrograms, type TensorProgram } from "./tensor-program.ts";

const expectAgreement = (what: string, compare: (program: TensorProgram) => Verdict, count: number): void => {
  const { graphs, discarded, failure } = fuzz(tensorPrograms, compare, count);
  expect(failure?.text ?? "no failure", what).toBe("no failure");
  const rate = discarded / graphs;
  expect(rate).toBeLessThan(0.4);
  report(
    "fuzzed graphs",
    graphs - discarded,
    `${graphs.toLocaleString("en-US")} ${what}, ${(100 * rate).toFixed(1)} % discarded, seed ${seed}`,
  );
};

describe("random tensor graphs", () => {
  it("have the value and the gradient of the graph written out, in reverse and forward mode", () => {
    expectAgreement("tensor graphs of first order", compareFirst, Math.ceil(runs / 20));
  });

  it("have the Hessian of the graph written out, in both compositions of modes", () => {
    expectAgreement("tensor graphs of second order", compareSecond, Math.ceil(runs / 200));
  });

  it("use every operation", () => {
    const used = new Set<string>();
    const outcome = fuzz(
      tensorPrograms,
      (program) => {
        for (const name of prepare(program, 1).names) used.add(name);
        return "agrees";
      },
      2000,
    );
    expect(outcome.failure).toBeNull();
    expect([...used].sort()).toEqual([...new Set(operations.map(({ name }) => name))].sort());
  });
});
