// Right numbers stay right when they are rounded, to float32 or to the digits that fit on paper, and no more than that
// is forgiven.
import { describe, expect, it } from "vitest";
import { report as count } from "../../../autograd/test/report.ts";
import { isTried, sized } from "../../../autograd/test/size.ts";
import { handcheck } from "../../src/handcheck/index.ts";
import type { Hand } from "../../src/handcheck/report.ts";
import { backprop, handOf } from "./plain.ts";
import { copied, dataOf, draw, networkOf, OWN, RAGGED, recipe, SQUARE, type Precision } from "./problems.ts";
import { anyProblem } from "./styles.ts";

const NETWORKS = sized(20, 120);

/** How many of the right networks may be left open: with few digits a mistake would hold as well. */
const open: Readonly<Record<Precision, number>> = {
  float64: 0,
  float32: 0,
  "9 digits": 0,
  "6 digits": 0,
  "4 digits": 0.05,
  "3 digits": 0.2,
};

/** The right networks that are called anything but correct; undecided is one more where they are more than may be. */
function alarms(precision: Precision, told: boolean): string[] {
  const all: string[] = [];
  let undecided = 0;
  for (let index = 0; index < NETWORKS; index++) {
    const problem = anyProblem(index, index % 2 === 0 ? 0 : 0.7);
    const { digits, ...hand } = copied(
      handOf(backprop(problem), { forward: index % 3 === 0, next: index % 5 === 0 }),
      precision,
    );
    const given: Hand = told && digits !== undefined ? { ...hand, digits } : hand;
    const found = handcheck(networkOf(problem), dataOf(problem), given);
    if (found.verdict === "inconclusive") undecided += 1;
    else if (found.verdict !== "correct") {
      all.push(
        `${index}: ${problem.sizes.join("-")} ${problem.activations.slice(1).join(",")}, ${found.verdict} ${found.roots.map(({ id, equation, layer }) => `${id} ${equation}@${layer}`).join(", ")}`,
      );
    }
  }
  count(
    "right networks",
    NETWORKS,
    `right backprop in ${precision}${told ? "" : ", not told"}: ${all.length} false alarms on ${NETWORKS} networks (goal 0), ${undecided} undecided`,
  );
  return undecided > open[precision] * NETWORKS ? [...all, `${undecided} undecided`] : all;
}

describe("right backprop, rounded", () => {
  it.each(["float32", "9 digits", "6 digits", "4 digits", "3 digits"] as const)("to %s is right", (precision) => {
    expect(alarms(precision, true)).toEqual([]);
  });

  it.each(["9 digits", "6 digits", "4 digits", "3 digits"] as const)(
    "to %s is right, though nobody told the digits",
    (precision) => {
      expect(alarms(precision, false)).toEqual([]);
    },
  );
});

/** Right numbers but for the largest entry of one tensor, which is off by a share of itself. */
function nudged(precision: Precision, share: number, told: boolean): { tried: number; unseen: string[] } {
  const unseen: string[] = [];
  let tried = 0;
  for (const sizes of [SQUARE, RAGGED])
    for (const hidden of ["sigmoid", "tanh", "relu"] as const) {
      const problem = draw(recipe("quadratic", sizes, hidden));
      const net = networkOf(problem);
      for (const part of ["delta", "gradW", "gradB"] as const)
        for (let l = 1; l < sizes.length; l++) {
          if (!isTried(8, `${precision} ${told} ${sizes.join("-")} ${hidden} ${part} ${l}`)) continue;
          const s = backprop(problem);
          const rows = part === "gradB" ? [s.gradB[l] as number[]] : s[part][l]!;
          const largest = Math.max(...rows.flat().map(Math.abs));
          for (const row of rows)
            row.forEach((one, k) => {
              if (Math.abs(one) === largest) row[k] = one * (1 + share);
            });
          const { digits, ...hand } = copied(handOf(s), precision);
          const found = handcheck(net, dataOf(problem), {
            ...hand,
            ...(told && digits !== undefined ? { digits } : {}),
            convention: OWN,
          });
          tried += 1;
          // A wrong δ is wrong in its own equation, and in those that others were computed from rightly.
          const equation = part === "gradW" ? "BP4" : part === "gradB" ? "BP3" : l === sizes.length - 1 ? "BP1" : "BP2";
          if (!found.roots.some((root) => root.equation === equation && root.layer === l))
            unseen.push(`${sizes.join("-")} ${hidden} ${part} ${l}`);
        }
    }
  count(
    "checks",
    tried,
    `one entry off by ${share} of itself, in ${precision}${told ? "" : ", not told"}: found in ${tried - unseen.length} of ${tried}`,
  );
  return { tried, unseen };
}

describe("backprop with one entry that is slightly off", () => {
  it.each([
    ["float64", 1e-11, true],
    ["float32", 1e-4, true],
    ["9 digits", 1e-6, true],
    ["6 digits", 1e-3, true],
    ["4 digits", 0.1, true],
    ["9 digits", 1e-6, false],
    ["6 digits", 1e-3, false],
    ["4 digits", 0.1, false],
  ] as const)("in %s, by %d of the entry, is wrong", (precision, share, told) => {
    expect(nudged(precision, share, told).unseen).toEqual([]);
  });
});
