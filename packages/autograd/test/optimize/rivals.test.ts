/** Rivals are asked the same questions: their functions are the problems', and each of them solves one that is easy. */

import { describe, expect, it } from "vitest";
import { mghProblems, type Problem } from "../../../../scoreboards/mgh/problems.ts";
import { expand } from "../../../../scoreboards/notation/expand.ts";
import { plainFunction } from "../../../../scoreboards/notation/function.ts";
import { askAll, thrownLines } from "../../../../scoreboards/rivals/all.ts";
import { javascriptRivals } from "../../../../scoreboards/rivals/javascript.ts";
import { runScipy } from "../../../../scoreboards/rivals/scipy.ts";
import { pythonSource } from "../../../../scoreboards/notation/source.ts";

const sumOf = (r: ArrayLike<number>): number => Array.from(r).reduce((sum, one) => sum + one * one, 0);
const line = expand({ residuals: ["f[i] = x1 + x2*i - y[i], i = 1..4"], data: { y: [3, 5, 7, 9] } }, 2, 4);

describe("the rivals", () => {
  it.each(javascriptRivals.map((rival) => [rival.name, rival] as const))(
    "%s draws a line through points, and its evaluations are counted",
    (_, { solve }) => {
      let calls = 0;
      const f = plainFunction(line);
      const { x, evaluations } = solve({ f: (p) => (calls++, f(p)), start: [0.5, 0.5], rows: 4 });
      expect(x[0]).toBeCloseTo(1, 4);
      expect(x[1]).toBeCloseTo(2, 4);
      expect(evaluations).toBe(calls);
    },
  );

  it("that throw are said to, and miss their fit", () => {
    // Not finite anywhere: differences and matrices fail.
    const nowhere = expand({ residuals: ["f1 = ln(0 - 1 - x1^2)"] }, 1, 1);
    let turns = 0;
    const { scores } = askAll([{ residuals: nowhere, start: [1] }], () => turns++, "no-such-python");
    expect(turns).toBe(1);
    expect(scores).toHaveLength(javascriptRivals.length);
    for (const { answers, thrown } of scores) expect(answers[0] === null).toBe(thrown.size > 0);
    expect(thrownLines(scores).length).toBe(scores.filter(({ thrown }) => thrown.size > 0).length);
  });

  it("name a Python that is not there", () => {
    expect(runScipy([], "no-such-python")).toContain("no-such-python cannot be run");
  });

  const asked: readonly Problem[] = mghProblems().filter(({ number }) => [1, 7, 8, 11, 35].includes(number));
  const scipy = runScipy(asked.map(({ residuals, start }) => ({ source: pythonSource(residuals), start })));

  it.skipIf(typeof scipy === "string")("solve in NumPy what is solved in JavaScript", () => {
    if (typeof scipy === "string") return;
    asked.forEach(({ residuals, minima, name }, k) => {
      const { x } = scipy.exact[k]!;
      const value = sumOf(plainFunction(residuals)(x!));
      expect(
        Math.min(...minima.map(({ value: one, computedValue }) => Math.abs(value - (computedValue ?? one)))),
        name,
      ).toBeLessThan(1e-9);
    });
  });
});
