/** Right work is right under whatever names and in whatever layout; what nothing can read is refused by name. */

import { describe, expect, it } from "vitest";
import { report as count } from "../../../../autograd/test/report.ts";
import { seed, sized } from "../../../../autograd/test/size.ts";
import { Refusal } from "../../../src/handcheck/intake/refusal.ts";
import { readJson } from "../../../src/handcheck/intake/sources/json.ts";
import { submissionOf } from "../../../src/handcheck/intake/submission.ts";
import { checkSubmission } from "../../../src/handcheck/judge/submitted.ts";
import type { Report } from "../../../src/handcheck/report.ts";
import { Random } from "../../../src/random.ts";
import { drawManner, drawTruth, handedIn, type Manner } from "./handed.ts";

const check = (given: unknown): Report =>
  checkSubmission(submissionOf(readJson("a.json", JSON.stringify(given)).values)).report;
const read = (given: unknown): string => (check(given).readAs ?? []).map(({ en }) => en).join("; ");

function refusal(given: unknown): string {
  try {
    const { verdict } = check(given);
    return `judged: ${verdict}`;
  } catch (error) {
    if (error instanceof Refusal) return error.says.map(({ en }) => en).join("; ");
    throw error;
  }
}

const outcome = (given: unknown): string => {
  try {
    return check(given).verdict;
  } catch (error) {
    if (error instanceof Refusal) return error.message;
    throw error;
  }
};

const random = (name: string): Random => new Random(seed).split(name);

describe("right work", () => {
  it("is right as people write it", () => {
    const draws = random("manners");
    const wrong: string[] = [];
    const tries = sized(100, 6000);
    for (let n = 0; n < tries; n++) {
      const manner = drawManner(draws);
      const given = handedIn(drawTruth(draws, manner.bias !== "none"), manner);
      const verdict = outcome(given);
      if (verdict !== "correct") wrong.push(`${JSON.stringify(manner)}: ${verdict}: ${JSON.stringify(given)}`);
    }
    count("submissions under somebody's names and in somebody's layout", tries);
    expect(wrong).toEqual([]);
  });

  it("is right without sizes and without a cost, where both can be found", () => {
    const draws = random("untold");
    const wrong: string[] = [];
    for (let n = 0; n < sized(30, 1500); n++) {
      const manner: Manner = { ...drawManner(draws), names: "top", bias: "flat" };
      const { sizes: _sizes, cost: _cost, ...rest } = handedIn(drawTruth(draws, true), manner);
      const verdict = outcome(rest);
      if (verdict !== "correct") wrong.push(`${JSON.stringify(manner)}: ${verdict}: ${JSON.stringify(rest)}`);
    }
    expect(wrong).toEqual([]);
  });
});

const plain: Manner = { inOut: false, columns: false, bias: "flat", names: "top" };
const base = (manner: Partial<Manner> = {}): Record<string, unknown> => {
  const truth = drawTruth(new Random("base"), true);
  return { ...handedIn(truth, { ...plain, ...manner }) };
};

describe("the report", () => {
  it("says how names and layout were read", () => {
    const said = read(base({ columns: true, inOut: true }));
    expect(said).toMatch(/w1 as W¹/);
    expect(said).toMatch(/dW1 as ∂C\/∂W¹/);
    expect(said).toMatch(/X as x/);
  });

  it("says that there are no biases, and where they stand otherwise", () => {
    expect(read({ ...handedIn(drawTruth(new Random("none"), false), { ...plain, bias: "none" }) })).toMatch(
      /no biases were handed in: judged without/,
    );
    expect(read(base({ bias: "first" }))).toMatch(/b1 is the first column of W1/);
  });

  it("says of v − t above sigmoids what it would be for squares", () => {
    const draws = new Random("sigmoids");
    let truth = drawTruth(draws, true);
    while (!(truth.problem.cost === "crossEntropy" && truth.problem.activations.at(-1) === "sigmoid"))
      truth = drawTruth(draws, true);
    const { cost: _cost, ...rest } = handedIn(truth, plain);
    const { verdict, condition, readAs } = check(rest);
    expect([verdict, condition?.en]).toEqual(["correct", "Right for cross-entropy; for squares it lacks σ′ (A2)."]);
    expect(readAs!.map(({ en }) => en)).toContain("no cost was told: it holds for crossEntropy");
  });
});

describe("what cannot be used", () => {
  it.each([
    ["a name that is not known", { gardW1: [[1]] }, /gardW1: the name gardW1 is not known; did you mean gradW\?/],
    ["a λ of an unknown factor", { reg: 0.1 }, /reg could be the λ/],
    ["a rate without a step", { lr: 0.1 }, /eta is told, and no parameters after a step are handed in/],
    [
      "two names for one thing, with different numbers",
      { Theta1: [[1]] },
      /w1 and Theta1 are both W1, with different numbers/,
    ],
    [
      "a convention that is none",
      { convention: { reduction: "summ" } },
      /convention\.reduction is "summ"; did you mean sum\?/,
    ],
    [
      "a part of a convention that is none",
      { convention: { reducton: "sum" } },
      /convention\.reducton: the name reducton is not known; did you mean reduction\?/,
    ],
    [
      "an activation that is none",
      { activations: "sigmod" },
      /the activation sigmod is not known; did you mean sigmoid\?/,
    ],
    ["a cost that is none", { cost: "crossEntrpy" }, /the cost crossEntrpy is not known/],
    ["∂C/∂v", { dA1: [[1]] }, /dA1: ∂C\/∂v is none of the equations that are judged/],
    ["a layer that is not there", { dW7: [[1]] }, /dW7: the network has the layers 1 to/],
    ["rows of unequal length", { dW1: [[1], [1, 2]] }, /dW1 is a list and no matrix/],
    ["data that hold NaN", { X: [[NaN]] }, /X/],
    ["an input that is another one", { a0: [[9]] }, /a0 is the input, and x has other numbers/],
    ["a type that is none", { dtype: "float61" }, /dtype is float61/],
    ["digits beside decimals", { digits: 4, decimals: 4 }, /digits and decimals say two things of the same numbers/],
    ["decimals that are none", { decimals: -1 }, /decimals is -1: it is a whole number from 0 to 17/],
    ["another number of samples", { samples: 99 }, /99 samples are told/],
  ])("is refused by name: %s", (_, more, says) => {
    expect(refusal({ ...base(), ...more })).toMatch(says);
  });

  const zeros = (rows: unknown): unknown => (rows as number[][]).map((row) => row.map(() => 0));

  it("is offered what is missing, with the line that adds it", () => {
    const { w1: _w, ...rest } = base();
    expect(refusal(rest)).toMatch(/W¹ is missing.*add "parameters": \{ "W1": \[…\]/);
    const { activations: _a, dW1: _g, ...unnamed } = base();
    expect(refusal({ ...unnamed, dW1: zeros(base()["dW1"]) })).toMatch(
      /nothing says which activations the layers have.*"activations": \["…"/,
    );
    const { X: _x, ...blind } = base();
    expect(refusal(blind)).toMatch(/x is missing.*"data"/);
  });

  it("may say how many decimals it was copied with", () => {
    const rounded = Object.fromEntries(
      Object.entries(base()).map(([name, value]) => [
        name,
        /^d[Wb]\d/.test(name)
          ? (JSON.parse(JSON.stringify(value), (_, x: unknown) =>
              typeof x === "number" ? Number(x.toFixed(2)) : x,
            ) as unknown)
          : value,
      ]),
    );
    const { rounding } = check({ ...rounded, decimals: 2 });
    expect(rounding?.en).toMatch(/2 decimals/);
    expect(check({ ...rounded, decimals: 2 }).roots).toEqual([]);
    expect(outcome({ ...rounded, decimals: 9 })).toBe("mistake");
  });

  it("is a gradient of a bias that was not handed in, unless all holds without", () => {
    const truth = drawTruth(new Random("biased"), true);
    const given = { ...handedIn(truth, plain) };
    const without = Object.fromEntries(Object.entries(given).filter(([name]) => !name.startsWith("bias")));
    expect(refusal(without)).toMatch(/b1 is missing: db1 is the gradient of it/);
    const zero = drawTruth(new Random("biased"), false);
    const held = Object.fromEntries(Object.entries(handedIn(zero, plain)).filter(([name]) => !name.startsWith("bias")));
    expect(outcome(held)).toBe("correct");
    expect(refusal({ ...held, use_bias: false })).toMatch(/biases is false/);
  });
});
