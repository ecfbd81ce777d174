// Activations that nobody told are taken where the numbers decide which they are, and asked for where they do not.
import { describe, expect, it } from "vitest";
import { sized } from "../../../../autograd/test/size.ts";
import { Refusal } from "../../../src/handcheck/intake/refusal.ts";
import { readJson } from "../../../src/handcheck/intake/sources/json.ts";
import { submissionOf } from "../../../src/handcheck/intake/submission.ts";
import { usualActivations } from "../../../src/handcheck/intake/untold.ts";
import { checkSubmission } from "../../../src/handcheck/judge/submitted.ts";
import type { Problem, Rows } from "../plain.ts";
import { anyNetwork, compute, float64 } from "../rounding/networks.ts";

/** Networks whose hidden layers have one of the usual activations. */
const problems: readonly Problem[] = Array.from({ length: sized(10, 640) }, (_, index) =>
  anyNetwork(index, "fresh"),
).filter(({ activations }) => activations.length === 2 || activations[1] !== "linear");

const layered = (name: string, list: readonly unknown[]): Record<string, unknown> =>
  Object.fromEntries(list.flatMap((one, l) => (l === 0 ? [] : [[`${name}${l}`, one]])));

/** What a person hands in who says nothing of activations. */
function handedIn(
  { sizes, cost, W, b, x, t }: Problem,
  gradW: readonly Rows[],
  gradB: readonly unknown[],
  v: readonly Rows[] | null,
): unknown {
  return {
    sizes,
    cost,
    x,
    t,
    ...layered("W", W),
    ...layered("b", b),
    ...layered("dW", gradW),
    ...layered("db", gradB),
    ...(v === null ? {} : layered("A", v)),
  };
}

function outcome(given: unknown): string {
  try {
    const { report } = checkSubmission(submissionOf(readJson("a.json", JSON.stringify(given)).values));
    return `${report.verdict} ${report.roots.map(({ equation, layer }) => `${equation}@${layer}`).join(" ")}`.trim();
  } catch (error) {
    if (error instanceof Refusal) return error.says.map(({ en }) => en).join("; ");
    throw error;
  }
}

/** Wrong by more than a last digit, also where all gradients are 0: 0.1 is 0 to one decimal, give or take one. */
const slipped = (gradW: readonly Rows[]): Rows[] =>
  gradW.map((rows, l) => (l === 1 ? rows.map((row) => row.map((x) => 1.5 * x + 0.125)) : [...rows]));

describe("activations that were not told", () => {
  it("are taken where everything holds", () => {
    const wrong = problems.flatMap((problem, k) => {
      const { gradW, gradB } = compute(problem, float64);
      const found = outcome(handedIn(problem, gradW, gradB, null));
      return found === "correct" ? [] : [`${k} ${problem.activations.slice(1).join(",")} ${problem.cost}: ${found}`];
    });
    expect(wrong).toEqual([]);
  });

  it("are taken where the outputs of all layers are theirs, so that a slip has its place", () => {
    const telling = problems.filter(({ sizes }) => sizes.length > 2).slice(0, sized(2, 200));
    const wrong = telling.flatMap((problem, k) => {
      const { gradW, gradB, v } = compute(problem, float64);
      const found = outcome(handedIn(problem, slipped(gradW), gradB, v));
      // Where no unit is below 0, relu and linear are one function.
      return found === "mistake BP4@1" || found.startsWith("nothing says which activations")
        ? []
        : [`${k} ${problem.activations.slice(1).join(",")} ${problem.cost}: ${found}`];
    });
    expect(wrong).toEqual([]);
    expect(
      outcome(
        handedIn(
          telling[0]!,
          slipped(compute(telling[0]!, float64).gradW),
          compute(telling[0]!, float64).gradB,
          compute(telling[0]!, float64).v,
        ),
      ),
    ).toBe("mistake BP4@1");
  });

  it("are asked for where a slip leaves them open", () => {
    for (const problem of problems.filter(({ sizes }) => sizes.length > 2).slice(0, sized(1, 60))) {
      const { gradW, gradB } = compute(problem, float64);
      expect(outcome(handedIn(problem, slipped(gradW), gradB, null))).toMatch(
        /nothing says which activations the layers have; add .*; tried: sigmoid, relu, tanh below sigmoid/,
      );
    }
  });

  it("are tried alike in all layers first, and softmax only above several units", () => {
    expect(usualActivations([2, 3, 1])[0]).toEqual(["sigmoid", "sigmoid"]);
    expect(usualActivations([2, 3, 1]).flat()).not.toContain("softmax");
    expect(usualActivations([4, 3]).map(([only]) => only)).toEqual(["sigmoid", "softmax", "linear", "tanh", "relu"]);
  });
});
