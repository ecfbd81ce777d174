// The planted mistakes are mistakes: the backprop they are planted in is right, and each breaks its own equation.
import { describe, expect, it } from "vitest";
import { backprop as reference } from "../../src/handcheck/equations/index.ts";
import { mistakes } from "./mutants.ts";
import { backprop, type Problem } from "./plain.ts";
import { draw, everywhere, fiftyFour, gap, part, RAGGED, recipe, run, SQUARE, type Planted } from "./problems.ts";

const settings = ["quadratic", "crossEntropy", "softmax"] as const;
const activations = ["sigmoid", "tanh", "relu"] as const;

function distanceFromReference(problem: Problem): number {
  const { W, b, activations: kinds, cost, x, t } = problem;
  const { layers } = reference(
    { weights: W.slice(1), biases: b.slice(1), activations: kinds.slice(1).map((kind) => kind!), cost },
    x,
    t,
  );
  const own = backprop(problem);
  return Math.max(
    ...layers.map(({ delta, gradW, gradB }, index) =>
      Math.max(
        gap(
          own.delta[index + 1]!.map((row) => row.map((one) => one * own.N)),
          delta,
        ),
        gap(own.gradW[index + 1]!, gradW),
        gap(own.gradB[index + 1]!, gradB),
      ),
    ),
  );
}

describe("the backprop in which mistakes are planted", () => {
  it.each(settings.flatMap((setting) => activations.map((hidden) => [setting, hidden] as const)))(
    "is right without a mistake, for %s and %s",
    (setting, hidden) => {
      for (const sizes of [SQUARE, RAGGED])
        expect(distanceFromReference(draw(recipe(setting, sizes, hidden)))).toBeLessThan(1e-13);
    },
  );
});

/** Which parts of a run a mistake leaves as they were, of those that are computed before its own. */
function untouched(planted: Planted): boolean {
  const [right, wrong] = [backprop(planted.problem), run(planted)];
  const above = Array.from({ length: right.L - planted.layer }, (_, index) => planted.layer + 1 + index);
  return above.every((l) => gap(wrong.delta[l]!, right.delta[l]!) === 0 && gap(wrong.gradW[l]!, right.gradW[l]!) === 0);
}

describe("the planted mistakes", () => {
  it("are 54 where each is made once", () => {
    expect(fiftyFour().length).toBe(54);
  });

  it("change what their own equation gives and nothing before it", () => {
    for (const planted of fiftyFour()) {
      const { mistake, layer, problem, label } = planted;
      expect(gap(part(run(planted), mistake, layer), part(backprop(problem), mistake, layer)), label).toBeGreaterThan(
        1e-3,
      );
      expect(untouched(planted), label).toBe(true);
    }
  });

  it("each can be made somewhere on a ragged network or on one with equal widths", () => {
    const made = new Set(
      [SQUARE, RAGGED].flatMap((sizes) => everywhere(sizes, "sigmoid")).map(({ mistake }) => mistake),
    );
    expect(mistakes.filter((mistake) => !made.has(mistake))).toEqual([]);
  });
});
