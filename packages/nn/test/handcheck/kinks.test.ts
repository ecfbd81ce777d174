// Where ReLU bends, any slope between its two sides is right, and what lies beyond them is not.
import { describe, expect, it } from "vitest";
import { report as count } from "../../../autograd/test/report.ts";
import { handcheck } from "../../src/handcheck/index.ts";
import { exitCode, type Report } from "../../src/handcheck/report.ts";
import { back, backprop, handOf, slope, times, type Problem, type Slip } from "./plain.ts";
import { dataOf, draw, networkOf, OWN } from "./problems.ts";

const drawn = draw({ sizes: [3, 4, 4, 2], hidden: "relu", output: "sigmoid", cost: "quadratic", N: 5, seed: 4 });

/** The second neuron of layer 1 reads exactly 0 from every sample, the first of layer 2 from none. */
const kinked: Problem = {
  ...drawn,
  W: drawn.W.map((rows, l) => (l === 1 ? rows.map((row, j) => (j === 1 ? row.map(() => 0) : row)) : rows)),
  b: drawn.b.map((row, l) => (l === 1 ? row.map((one, j) => (j === 1 ? 0 : one)) : row)),
};

/** δ of a layer with another slope where u is 0. */
const atZero = (layer: number, chosen: number): Slip => ({
  equation: "BP2",
  layer,
  wrong: (s, l) => times(back(s, l), (n, j) => (s.u[l]![n]![j] === 0 ? chosen : slope("relu", s.u[l]![n]![j]!))),
});

function check(problem: Problem, slips: readonly Slip[]): Report {
  return handcheck(networkOf(problem), dataOf(problem), { ...handOf(backprop(problem, slips)), convention: OWN });
}

describe("a neuron whose input is exactly 0", () => {
  it.each([0, 0.25, 0.5, 1])("may have the slope %d", (chosen) => {
    const found = check(kinked, [atZero(1, chosen)]);
    expect(found.roots).toEqual([]);
    expect(found.verdict).toBe("correct");
    expect(exitCode(found.verdict)).toBe(0);
    count("kinks", 1);
  });

  it("is named as a kink where the slope differs from the one used here", () => {
    const line = check(kinked, [atZero(1, 1)]).lines.find(({ equation, layer }) => equation === "BP2" && layer === 1);
    expect(line?.status).toBe("kink");
  });

  it.each([-0.5, 1.5, 2])("may not have the slope %d", (chosen) => {
    const found = check(kinked, [atZero(1, chosen)]);
    expect(found.verdict).toBe("mistake");
    expect(found.roots.map(({ equation, layer }) => [equation, layer])).toEqual([["BP2", 1]]);
    count("kinks", 1);
  });

  it("excuses no other mistake of its layer", () => {
    const found = check(kinked, [{ equation: "BP2", layer: 1, wrong: (s, l) => back(s, l) }]);
    expect(found.roots.map(({ id, equation, layer }) => [id, equation, layer])).toEqual([["B1", "BP2", 1]]);
    count("kinks", 1);
  });
});

describe("a neuron whose input is nearly 0", () => {
  const near: Problem = {
    ...kinked,
    b: kinked.b.map((row, l) => (l === 1 ? row.map((one, j) => (j === 1 ? 1e-9 : one)) : row)),
  };

  it("has one slope, and the independent difference quotient does not cross the bend", () => {
    const found = check(near, []);
    expect(found.verdict).toBe("correct");
    expect(found.witness.agrees).toBe(true);
    count("kinks", 1);
  });

  it("may not have the slope of the other side", () => {
    const other: Slip = {
      equation: "BP2",
      layer: 1,
      wrong: (s, l) => times(back(s, l), (n, j) => (j === 1 ? 0 : slope("relu", s.u[l]![n]![j]!))),
    };
    const found = check(near, [other]);
    expect(found.verdict).toBe("mistake");
    expect(found.roots.map(({ equation, layer }) => [equation, layer])).toEqual([["BP2", 1]]);
    count("kinks", 1);
  });
});

describe("a layer of which no neuron fires", () => {
  const dead: Problem = { ...drawn, b: drawn.b.map((row, l) => (l === 2 ? row.map(() => -100) : row)) };

  it("is right with zeros, and said to reveal little", () => {
    const found = check(dead, []);
    expect(found.verdict).toBe("correct");
    expect(found.blindness.missed.length).toBeGreaterThan(check(drawn, []).blindness.missed.length);
    count("kinks", 1);
  });
});
