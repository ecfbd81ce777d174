/** Derivations as courses, books and posts write them: right as they stand, and named where a slip is planted. */

import { describe, expect, it } from "vitest";
import { networkSpec } from "../../../src/cli/network-spec.ts";
import { formulas } from "../../../src/handcheck/formulas/formulas.ts";
import { FormulaError } from "../../../src/handcheck/formulas/problem.ts";
import { exitCode } from "../../../src/handcheck/report.ts";
import { network, type Network, type NetworkOptions } from "../../../src/network/network.ts";
import type { Course } from "./courses/course.ts";
import { furtherCourses } from "./courses/further.ts";
import { latexCourses } from "./courses/latex.ts";
import { numpyCourses } from "./courses/numpy.ts";
import { octaveCourses } from "./courses/octave.ts";
import { plainCourses } from "./courses/plain.ts";
import { postCourses } from "./courses/posts.ts";
import { named } from "./support.ts";

/** The network of a course; above a softmax stands its own cost. */
function netOf({ net, cost = net.endsWith("softmax") ? "categoricalCrossEntropy" : "quadratic" }: Course): Network {
  return network({ ...networkSpec(net, (path) => path), cost } as NetworkOptions);
}

/** The roots of a text, or its exit status where it cannot be read. */
function judged(net: Network, text: string): { readonly exit: number; readonly roots: readonly string[] } {
  try {
    const report = formulas(net, text);
    return { exit: exitCode(report.verdict), roots: named(report) };
  } catch (error) {
    if (error instanceof FormulaError) return { exit: 3, roots: [] };
    throw error;
  }
}

describe.each([
  ["NumPy", numpyCourses],
  ["Octave", octaveCourses],
  ["LaTeX", latexCourses],
  ["plain text", plainCourses],
  ["posts", postCourses],
  ["further", furtherCourses],
] as const)("%s", (_, courses) => {
  describe.each(courses.map((course) => [course.name, course] as const))("%s", (__, course) => {
    it("is right", () => {
      const report = formulas(netOf(course), course.text);
      expect(report).toMatchObject({ verdict: "correct", roots: [], contract: [] });
      for (const words of course.says ?? []) expect(report.notes.map(({ en }) => en).join("\n")).toContain(words);
    });

    it.each(course.slips)("%s → %s", (there, instead, expected) => {
      expect(course.text).toContain(there);
      const { exit, roots } = judged(netOf(course), course.text.replace(there, instead));
      if (typeof expected === "number") expect(exit).toBe(expected);
      else expect({ exit, roots }).toEqual({ exit: 1, roots: [...expected].sort() });
    });
  });
});
