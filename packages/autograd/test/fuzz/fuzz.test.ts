/**
 * Random scalar graphs against dual numbers that share no code with the library: values, gradients both ways, Hessians
 * both ways.
 */

import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import type { Program } from "../oracles/dual.ts";
import { programs } from "../oracles/fuzz-program.ts";
import { report } from "../report.ts";
import { compareFirst, compareSecond } from "./compare.ts";
import { fuzz, runs, seed, type Verdict } from "./runs.ts";

const regressions = JSON.parse(readFileSync(new URL("fuzz-regressions.json", import.meta.url), "utf8")) as readonly {
  readonly found: string;
  readonly program: Program;
}[];

const expectAgreement = (what: string, compare: (program: Program) => Verdict, count: number): void => {
  const { graphs, discarded, failure } = fuzz(programs(), compare, count);
  expect(failure?.text ?? "no failure", what).toBe("no failure");
  const rate = discarded / graphs;
  expect(rate).toBeLessThan(0.4);
  report(
    "fuzzed graphs",
    graphs - discarded,
    `${graphs.toLocaleString("en-US")} ${what}, ${(100 * rate).toFixed(1)} % discarded, seed ${seed}`,
  );
};

describe("random scalar graphs", () => {
  it("have the value and the gradient of the dual numbers, in reverse and forward mode", () => {
    expectAgreement("scalar graphs of first order", compareFirst, runs);
  });

  it("have the Hessian of the dual numbers, in reverse over reverse and forward over reverse", () => {
    expectAgreement("scalar graphs of second order", compareSecond, Math.ceil(runs / 25));
  });

  it.each(regressions)("still agree where once $found", ({ program }) => {
    expect(compareFirst(program)).toBe("agrees");
    expect(compareSecond(program)).toBe("agrees");
  });
});
