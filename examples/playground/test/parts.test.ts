/**
 * What parts compute and keep, without a browser: addresses, what is drawn, the paths of a weight, the curves of
 * differences.
 */

import { network, type CostName } from "@chainrule/nn";
import { describe, expect, it } from "vitest";
import { drawnOf, drawnPairs, withOtherNumbers } from "../src/network/figures.ts";
import { differences } from "../src/parts/differences/answer.ts";
import { exponents, type Way } from "../src/parts/differences/place.ts";
import { flow } from "../src/parts/flow/answer.ts";
import { drawnUnits } from "../src/parts/flow/layout.ts";
import { atOf, placeOf } from "../src/parts/flow/place.ts";
import { activeEdges, edgesOfPaths, knownAt } from "../src/parts/flow/progress.ts";
import { en } from "../src/words/en.ts";
import { zh } from "../src/words/zh.ts";
import { figureText, valueText } from "../src/ui/figure.ts";

const first = { seed: 1, own: {} };
const sample = {
  net: "2-3-2:tanh,sigmoid",
  cost: "quadratic",
  drawn: first,
  notation: "document",
  columns: 40,
} as const;

describe("the words of the page", () => {
  it("name costs that there are", () => {
    for (const cost of Object.keys(en.costs))
      expect(network({ sizes: [2, 2], activations: "linear", cost: cost as CostName }).cost).toBe(cost);
    expect(Object.keys(zh.costs)).toEqual(Object.keys(en.costs));
  });
});

describe("the address of a part", () => {
  it("keeps numbers, step, weight and notation, and nothing that is as at first", () => {
    const place = {
      drawn: { seed: 7, own: { "x.0": 0.5, "W2.0.1": -3e-5 } },
      step: 4,
      weight: { layer: 2, to: 0, from: 1 },
      notation: "ng",
    } as const;
    expect(placeOf(atOf(place))).toEqual(place);
    expect(atOf(placeOf(""))).toBe("");
  });

  it("passes over what is no number or no place", () => {
    expect(drawnOf(new URLSearchParams({ seed: "-3", own: "x.0:NaN x.1: constructor:1 b1.0:2 W1.0:x" }))).toEqual({
      seed: 1,
      own: { "b1.0": 2 },
    });
    expect(placeOf("step=-1&weight=a.b.c&notation=leibniz")).toEqual({
      drawn: first,
      step: 0,
      weight: null,
      notation: "document",
    });
  });

  it("gives other numbers and keeps the rest", () => {
    expect(withOtherNumbers("seed=4&own=x.0:1&step=3")).toBe("step=3&seed=5");
    expect(drawnPairs(first)).toEqual([]);
  });
});

describe("a sample followed on the page", () => {
  it("has the numbers that were typed, and others by each seed", () => {
    const typed = flow({
      ...sample,
      weight: null,
      drawn: { seed: 1, own: { "x.1": 9, "W1.2.0": 4, "b2.1": 5, "t.0": 6 } },
    }).figures;
    expect([typed.x[1], typed.W[0]![2]![0], typed.b[1]![1], typed.t[0]]).toEqual([9, 4, 5, 6]);
    expect(flow({ ...sample, weight: null }).figures).toEqual(flow({ ...sample, weight: null }).figures);
    expect(flow({ ...sample, weight: null, drawn: { seed: 2, own: {} } }).figures.W).not.toEqual(
      flow({ ...sample, weight: null }).figures.W,
    );
  });

  it("knows after each step what has been computed by then", () => {
    const { steps } = flow({ ...sample, weight: null });
    const known = knownAt(steps, 5);
    expect([known.v(1, 2), known.v(2, 1), known.cost, known.delta(2, 0)]).toEqual([true, true, true, false]);
    expect(activeEdges({ sizes: [2, 3, 2] }, steps[0]!)).toEqual({
      kind: "forward",
      edges: new Set(["1.0.0", "1.0.1"]),
    });
    const back = steps.find(({ knows, layer }) => knows.includes("delta") && layer === 1)!;
    expect(activeEdges({ sizes: [2, 3, 2] }, back)).toEqual({ kind: "backward", edges: new Set(["2.0.0", "2.1.0"]) });
  });

  it("lights the lines that lie on the paths of a weight, or on one of them", () => {
    const told = flow({ ...sample, weight: { layer: 1, to: 2, from: 0 } });
    const lines = (path: number | null): string[] =>
      [...edgesOfPaths(told, path)].filter((one) => !one.startsWith("unit")).sort();
    expect(lines(null)).toEqual(["1.2.0", "2.0.2", "2.1.2", "out.0", "out.1"]);
    expect(lines(1)).toEqual(["1.2.0", "2.1.2", "out.1"]);
    expect(flow({ ...sample, weight: { layer: 3, to: 0, from: 0 } }).chosen).toBeNull();
  });

  it("draws some of many units, and always the one that matters", () => {
    expect(drawnUnits(3, 6, -1)).toEqual([0, 1, 2]);
    expect(drawnUnits(9, 5, -1)).toEqual([0, 1, 2, null, 8]);
    expect(drawnUnits(9, 5, 6)).toEqual([0, 1, 2, null, 6]);
    expect(drawnUnits(9, 5, 1)).toEqual([0, 1, 2, null, 8]);
  });
});

describe("differences on the page", () => {
  it("are off by ε, ε² and ε² where ε is large, by rounding where it is small, the complex step by nothing", () => {
    const { curves, parameters, followed } = differences({
      net: "2-3-2:tanh,sigmoid",
      cost: "quadratic",
      drawn: first,
    });
    const off = (way: Way, exponent: number): number => curves[way].readings[exponents.indexOf(exponent)]!.error;
    const power = (way: Way): number => Math.round(Math.log10(off(way, -2) / off(way, -3)));
    expect([power("forward"), power("central"), power("complex")]).toEqual([1, 2, 2]);
    for (const way of ["forward", "central"] as const)
      expect(off(way, -14)).toBeGreaterThan(1e5 * off(way, way === "forward" ? -8 : -5));
    expect(off("complex", -16)).toBeLessThan(1e-15);
    expect([parameters, followed]).toEqual([17, 17]);
    expect([curves.forward.evaluations, curves.central.evaluations, curves.complex.evaluations]).toEqual([18, 34, 17]);
  });

  it("follow some of many weights, and count for all", () => {
    const { curves, parameters, followed, place } = differences({
      net: "12-10-3:relu,softmax",
      cost: "categoricalCrossEntropy",
      drawn: first,
    });
    expect([parameters, followed, curves.central.evaluations]).toEqual([163, 64, 326]);
    expect(place).toMatch(/^(?:W\d\.\d+\.\d+|b\d\.\d+)$/);
  });
});

describe("numbers in little room", () => {
  it.each([
    [0, "0"],
    [0.734, "0.73"],
    [-12.345, "−12.35"],
    [0.00031, "3.1e−4"],
    [-1e-12, "−1e−12"],
    [123.4, "123"],
    [45678, "4.6e4"],
    [Infinity, "∞"],
    [NaN, "NaN"],
  ])("writes %s as %s", (value, text) => {
    expect(figureText(value)).toBe(text);
  });

  it.each([
    [0.123456, "0.1235"],
    [-2, "−2"],
    [0.000012345, "1.234e−5"],
    [1e21, "1e21"],
    [0, "0"],
  ])("writes %s to four digits as %s", (value, text) => {
    expect(valueText(value)).toBe(text);
  });
});
