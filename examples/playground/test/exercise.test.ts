/** The exercise of the first screen: what the course's checker says of it, and what the check does. */

import { network } from "@chainrule/nn";
import { formulas } from "@chainrule/nn/handcheck";
import { describe, expect, it } from "vitest";
import { exercise } from "../src/exercise/exercise.ts";
import { checkerSays } from "./checker.ts";

const judged = (text: string) =>
  formulas(network({ sizes: [4, 5, 3, 1], activations: ["relu", "relu", "sigmoid"], cost: "crossEntropy" }), text);

describe("the exercise", () => {
  it("gets from the course's checker the number that the page says", () => {
    // The differences leave 1e-9 of it to rounding.
    expect(Math.abs(checkerSays([2, 4]) - Number(exercise.checker))).toBeLessThan(1e-8);
    expect(checkerSays([1, 1])).toBeLessThan(1e-6);
  });

  it("has two slips, by equation, layer and factor", () => {
    const { roots, score, lines } = judged(exercise.text);
    expect(roots.map(({ equation, layer, yours }) => [equation, layer, yours])).toEqual([
      ["BP4", 2, "∂C/∂W² = 2·(1/N) Σₙ δ² (v¹)ᵀ"],
      ["BP3", 1, "∂C/∂b¹ = 4·(1/N) Σₙ δ¹"],
    ]);
    expect(score).toEqual({ given: lines.length, passed: lines.length - 2 });
  });

  it("is right once they are mended", () => {
    expect(judged(exercise.text.replace(" * 2", "").replace("4./m", "1./m")).verdict).toBe("correct");
  });
});
