/**
 * Partial credit: a mistake costs its own equation, what follows from it nothing; what is open is neither; shares add
 * up to the last hundredth.
 */

import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  fateOf,
  gradedLines,
  pointsOf,
  type Fate,
  type GradedLine,
  type PointsScheme,
} from "../../../src/handcheck/points.ts";
import type { LineStatus } from "../../../src/handcheck/report.ts";
import { reportJson, reportText } from "../../../src/handcheck/index.ts";
import { violations } from "../report/schema.ts";
import { mistake } from "../report/reports.ts";

const line = (equation: string, layer: number, status: LineStatus): GradedLine => ({
  equation,
  layer,
  name: `${equation} ${layer}`,
  status,
});

/** Two layers, all right but for what is said. */
const lines = (...other: readonly GradedLine[]): GradedLine[] => {
  const right = [
    line("BP1", 2, "ok"),
    line("BP3", 2, "ok"),
    line("BP4", 2, "ok"),
    line("BP2", 1, "ok"),
    line("BP3", 1, "ok"),
    line("BP4", 1, "ok"),
  ];
  return right.map(
    (one) => other.find(({ equation, layer }) => equation === one.equation && layer === one.layer) ?? one,
  );
};

const named = (of: Readonly<Record<string, number>>): PointsScheme => ({
  kind: "named",
  of: new Map(Object.entries(of)),
});
const ten: PointsScheme = { kind: "total", of: 10 };
const byEquation = named({ BP1: 2, BP2: 4, BP3: 2, BP4: 2 });

const earned = (
  given: readonly GradedLine[],
  scheme: PointsScheme,
  expected: readonly GradedLine[] | null = lines(),
): readonly [gained: number, open: number] => {
  const { gained, open } = pointsOf(given, scheme, expected);
  return [gained, open];
};

describe("an equation", () => {
  it("loses its own points where it is wrong, and none where that is inherited", () => {
    expect(earned(lines(), byEquation)).toEqual([10, 0]);
    expect(
      earned(lines(line("BP2", 1, "root"), line("BP3", 1, "inherited"), line("BP4", 1, "inherited")), byEquation),
    ).toEqual([6, 0]);
    expect(earned(lines(line("BP3", 1, "root")), byEquation)).toEqual([9, 0]);
  });

  it("fares as its status says", () => {
    const fates: Readonly<Record<LineStatus, Fate>> = {
      ok: "gained",
      convention: "gained",
      kink: "gained",
      inherited: "gained",
      undecided: "open",
      root: "lost",
      shape: "lost",
      nan: "lost",
      missing: "absent",
    };
    for (const [status, fate] of Object.entries(fates)) {
      const given = lines(line("BP4", 2, status as LineStatus));
      expect(fateOf({ equation: "BP4", layer: 2 }, given), status).toBe(fate);
    }
  });

  it("is neither gained nor lost where it is undecided, and everything is where the references disagree", () => {
    expect(earned(lines(line("BP2", 1, "undecided")), byEquation)).toEqual([6, 4]);
    const { gained, open, parts } = pointsOf(lines(line("BP2", 1, "root")), byEquation, lines(), false);
    expect([gained, open, new Set(parts.map(({ fate }) => fate))]).toEqual([0, 10, new Set(["open"])]);
  });

  it("that was not handed in earns nothing, but where its gradients show it", () => {
    expect(earned(lines(line("BP3", 1, "missing")), byEquation)).toEqual([9, 0]);
    // δ¹ stands in ∂C/∂W¹: it was computed, though it was not handed in.
    expect(earned(lines(line("BP2", 1, "missing")), byEquation)).toEqual([10, 0]);
    expect(
      earned(lines(line("BP2", 1, "missing"), line("BP3", 1, "missing"), line("BP4", 1, "missing")), byEquation),
    ).toEqual([4, 0]);
    expect(
      earned(lines(line("BP2", 1, "missing"), line("BP3", 1, "shape"), line("BP4", 1, "shape")), byEquation),
    ).toEqual([4, 0]);
    expect(earned(lines(line("BP2", 1, "missing"), line("BP3", 1, "undecided")), byEquation)).toEqual([5, 5]);
    expect(earned([], byEquation)).toEqual([0, 0]);
  });
});

describe("points", () => {
  it("are for what the reference gives, and for what was handed in where there is none", () => {
    const only = lines().map((one) => (one.layer === 2 ? one : { ...one, status: "missing" as const }));
    expect(earned(only, ten)).toEqual([5.01, 0]);
    expect(earned(only, ten, null)).toEqual([10, 0]);
    expect(earned(lines(), ten, only)).toEqual([10, 0]);
    expect(earned(only, named({ BP2: 4 }), null)).toEqual([0, 0]);
  });

  it("leave the forward pass and steps out, unless they are named or all there is", () => {
    const forward = [line("forward", 1, "root"), ...lines(), line("STEP", 1, "root")];
    expect(earned(forward, ten, forward)).toEqual([10, 0]);
    expect(earned(forward, named({ forward: 3, BP1: 1 }), forward)).toEqual([1, 0]);
    expect(earned([line("STEP", 1, "ok"), line("STEP", 2, "root")], ten, null)).toEqual([5, 0]);
  });

  it("add up to the last hundredth, whatever they are shared among", () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 100_000 }),
        fc.integer({ min: 1, max: 40 }),
        fc.array(fc.boolean(), { minLength: 40, maxLength: 40 }),
        (cents, count, wrong) => {
          const given = Array.from({ length: count }, (_, i) => line("BP4", i + 1, wrong[i]! ? "root" : "ok"));
          const { of, gained, parts } = pointsOf(given, { kind: "total", of: cents / 100 }, null);
          const sum = (numbers: readonly number[]): number => Math.round(numbers.reduce((a, b) => a + b, 0) * 100);
          expect([Math.round(of * 100), Math.round(gained * 100)]).toEqual([
            sum(parts.map((part) => part.of)),
            sum(parts.map((part) => part.gained)),
          ]);
          expect(sum(parts.map((part) => part.of))).toBe(cents);
          expect(parts.every((part) => Number.isInteger(Math.round(part.of * 1e6) / 1e4))).toBe(true);
        },
      ),
    );
  });
});

describe("a report with points", () => {
  const report = { ...mistake, points: pointsOf(gradedLines(mistake), byEquation, null) };

  it("says them in text, whatever the hints", () => {
    for (const hints of [0, 1, 2, 3] as const) {
      expect(reportText(report, { hints })).toContain("6 of 10 points.");
      expect(reportText(report, { hints, lang: "zh" })).toContain("10 分得 6 分。");
    }
    expect(reportText({ ...report, points: { ...report.points, gained: 1, of: 1, open: 0.5 } })).toContain(
      "1 of 1 point, 0.5 open.",
    );
  });

  it("says them in JSON of the schema, by equation from hints 1 on", () => {
    for (const hints of [0, 1, 2, 3] as const) {
      const json = reportJson(report, hints) as {
        readonly points: { readonly gained: number; readonly parts?: readonly unknown[] };
      };
      expect(violations(JSON.stringify(json))).toEqual([]);
      expect([json.points.gained, json.points.parts?.length]).toEqual([6, hints === 0 ? undefined : 6]);
    }
  });
});
