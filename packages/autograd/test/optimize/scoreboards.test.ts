/** The scoreboards hold: a part of both suites with each commit, all of them at night, and the page says what comes. */

import { tensor } from "@chainrule/autograd";
import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { accuracyOf, pointsOf } from "../../../../scoreboards/mgh/accuracy.ts";
import { mghProblems, mghVariants, type Problem } from "../../../../scoreboards/mgh/problems.ts";
import { FACTORS, METHODS, reachedBy, scoreMgh, type MghRow } from "../../../../scoreboards/mgh/score.ts";
import { AGREED, DERIVED, scoreDerivatives } from "../../../../scoreboards/nist/derivatives.ts";
import { digitsOf } from "../../../../scoreboards/nist/digits.ts";
import { scoreNist } from "../../../../scoreboards/nist/score.ts";
import { nistSets } from "../../../../scoreboards/nist/sets.ts";
import { decimal, errorOf, exactSum } from "../../../../scoreboards/notation/exact.ts";
import { expand } from "../../../../scoreboards/notation/expand.ts";
import { plainFunction } from "../../../../scoreboards/notation/function.ts";
import { parseRule } from "../../../../scoreboards/notation/parse.ts";
import { tensorFunction } from "../../../../scoreboards/notation/tensors.ts";
import { add, mul, sqrt, toNumber } from "../oracles/bigfloat.ts";
import { isTried, nightly } from "../size.ts";

const page = readFileSync(new URL("../../../../docs/scoreboards.md", import.meta.url), "utf8");
const sets = nistSets();
const problems = mghProblems();
const sumOf = (r: ArrayLike<number>): number => Array.from(r).reduce((sum, one) => sum + one * one, 0);

/** The cells of the row of a table of the page that begins with these. */
function rowOf(part: string, ...first: readonly string[]): string[] {
  const text = page.slice(page.indexOf(`<!-- ${part}: begin -->`), page.indexOf(`<!-- ${part}: end -->`));
  const begin = `| ${first.join(" | ")} |`;
  const line = text.split("\n").find((one) => one.startsWith(begin));
  if (line === undefined) throw new Error(`docs/scoreboards.md has no row ${begin}`);
  return line.slice(2, -2).split(" | ");
}

describe("NIST's sets", () => {
  const tried = sets.flatMap((set) =>
    [1, 2].filter((start) => isTried(6, `${set.name} ${start}`)).map((start) => [set.name, start, set] as const),
  );

  it.each(tried)("%s from start %i has the digits that are asked, as the page says", (name, start, set) => {
    const row = scoreNist(set, start);
    expect(row).toMatchObject({ passed: true });
    expect(Number(rowOf("nist", name, set.level.toLowerCase(), String(start))[3])).toBeGreaterThanOrEqual(9);
  });

  it("are all on the page, which counts them", () => {
    expect(sets).toHaveLength(27);
    for (const set of sets)
      for (const start of [1, 2])
        expect(rowOf("nist", set.name, set.level.toLowerCase(), String(start))).toHaveLength(7);
    expect(page).toContain("54 of 54 fits have 9 digits of every parameter and 7 of every standard deviation.");
    if (nightly) expect(tried).toHaveLength(54);
  });

  it("count digits as the worst of all numbers, eleven at most", () => {
    expect(digitsOf([1.001, 2], [1, 2])).toBeCloseTo(3, 10);
    expect(digitsOf([1, 2], [1, 2])).toBe(11);
    expect(digitsOf([NaN], [1])).toBe(0);
    expect(digitsOf([-1], [1])).toBe(0);
  });
});

describe("derivatives of fits by their data", () => {
  const derived = sets.filter(({ name }) => (DERIVED as readonly string[]).includes(name));

  it.each(derived.filter(({ name }) => isTried(3, `derivatives ${name}`)).map((set) => [set.name, set] as const))(
    "%s: agree with differences of the solver",
    (_, set) => {
      expect(scoreDerivatives(set).digits).toBeGreaterThanOrEqual(AGREED);
    },
  );

  it("are all on the page, which counts them", () => {
    expect(derived).toHaveLength(10);
    for (const { name, certified } of derived)
      expect(rowOf("derivatives", name, String(certified.length))).toHaveLength(3);
    expect(page).toContain(
      `10 of 10 sets have derivatives that agree with differences of the solver in ${AGREED} digits and more.`,
    );
  });
});

describe("the problems of Moré, Garbow and Hillstrom", () => {
  // Derivatives of large ones take their time.
  const sizes = [...problems, ...mghVariants()].filter(({ n, name }) => n <= 12 || isTried(8, name));

  it.each(sizes.map((problem) => [problem.number, problem.name, problem.n, problem] as const))(
    "%i %s (%i) have the published value and gradient at the start",
    (_, __, ___, problem) => {
      const { value, gradient } = exactSum(problem.residuals, problem.start, 1);
      const norm = sqrt(gradient.reduce((sum, one) => add(sum, mul(one, one)), decimal("0")));
      // The starts are float64, and 1/3 is not: the figures are of the nearest ones to some 16 digits.
      expect(toNumber(value) / Number(problem.atStart.value)).toBeCloseTo(1, 12);
      expect(toNumber(norm) / Number(problem.atStart.gradientNorm)).toBeCloseTo(1, 11);
    },
  );

  const points = problems.flatMap((problem) =>
    pointsOf(problem).map(([where, x], k) => [problem.number, problem.name, where, k, x, problem] as const),
  );

  it.each(points.filter(([number, , , k]) => isTried(4, `${number} ${k}`)))(
    "%i %s, %s %i: gradient and Hessian have 12 digits",
    (_, __, where, ___, x, problem) => {
      const { gradient, hessian } = accuracyOf(problem, where, x);
      expect(gradient).toBeLessThan(1e-12);
      expect(hessian).toBeLessThan(1e-12);
    },
  );

  it("are the same in plain JavaScript and in the library's ops, and at the generic points as published", () => {
    for (const { residuals, checkPoint, name } of problems) {
      const x = [...checkPoint!.x];
      const plain = plainFunction(residuals)(x);
      const tensors = tensorFunction(residuals)(tensor(x)).toTypedArray();
      plain.forEach((one, i) =>
        expect(Math.abs(tensors[i]! - one), name).toBeLessThanOrEqual(1e-11 * Math.max(1, Math.abs(one))),
      );
      expect(sumOf(plain) / checkPoint!.value, name).toBeCloseTo(1, 11);
    }
  });

  /** What the page says of a search, in its own words. */
  const said = (row: MghRow): string =>
    row.reached === null ? "– " : `${String(Number(row.reached.toPrecision(6)))} (`;
  const searches = problems.flatMap((problem) =>
    FACTORS.flatMap((factor) => METHODS.map((method) => [problem.number, factor, method, problem] as const)),
  );
  const pageOf = (method: string): string => page.slice(page.indexOf(`\n\`${method}\`: the published minimum`));

  it.each(searches.filter(([number, factor, method]) => isTried(10, `${number} ${factor} ${method}`)))(
    "%i from %i times the start by %s ends where the page says",
    (number, factor, method, problem) => {
      const row = scoreMgh(problem, factor, method);
      const line = pageOf(method)
        .split("\n")
        .find((one) => one.startsWith(`| ${number} |`))!;
      expect(
        line.slice(2, -2).split(" | ")[2 + FACTORS.indexOf(factor)]!.startsWith(said(row)),
        `${said(row)}: ${line}`,
      ).toBe(true);
    },
  );

  it("are counted on the page by the cells of its tables", () => {
    for (const method of METHODS) {
      const rows = pageOf(method)
        .split("\n")
        .filter((line) => /^\| \d+ \|/.test(line))
        .slice(0, 35);
      const cells = rows.flatMap((line) => line.slice(2, -2).split(" | ").slice(2));
      expect(cells).toHaveLength(105);
      expect(page).toContain(
        `\`${method}\` reaches a published minimum from ${cells.filter((cell) => !cell.startsWith("–")).length} of 105 starts.`,
      );
    }
  });

  it("count no local minimum that was not published", () => {
    const { minima, others } = problems.find(({ number }) => number === 26)!;
    expect(others).toHaveLength(1);
    expect(reachedBy({ minima } as Problem, others[0]!.value)).toBeNull();
    expect(reachedBy({ minima } as Problem, 1e-13)).toBe(0);
  });
});

describe("the notation", () => {
  it("says what it does not understand", () => {
    for (const [text, message] of [
      ["f1 = x1 +", "ends too early"],
      ["f1 = x1 x2", "left over"],
      ["f1 = #", "not understood"],
      ["f1 x1", "= is expected"],
    ] as const) {
      expect(() => parseRule(text)).toThrow(message);
    }
    expect(() => expand({ residuals: ["f1 = x1"] }, 1, 2)).toThrow("residual 2 has no rule");
    expect(() => expand({ residuals: ["f1 = k"] }, 1, 1)).toThrow("k is not defined");
  });

  it("measures an error by its terms, and finds one that is planted", () => {
    const [f] = [expand({ residuals: ["f1 = 3*x1^2 - exp(x2)"] }, 2, 1)];
    const exact = exactSum(f, [1.5, 0.25]);
    const value = 3 * 2.25 - Math.exp(0.25);
    expect(errorOf(2 * value * 9, exact.gradient[0]!, exact.gradientTerms[0]!)).toBeLessThan(1e-15);
    expect(errorOf(2 * value * 9 * (1 + 1e-9), exact.gradient[0]!, exact.gradientTerms[0]!)).toBeCloseTo(1e-9, 12);
    expect(toNumber(exact.hessian[1]!)).toBeCloseTo(-2 * 9 * Math.exp(0.25), 10);
  });
});
