// What a reading may come to, seen without names, never says more than what comes of it: nothing is left out that would
// have asked for less.
import { describe, expect, it } from "vitest";
import { report as count } from "../../../autograd/test/report.ts";
import { seed, sized } from "../../../autograd/test/size.ts";
import { examine } from "../../src/handcheck/judge/examine.ts";
import type { Examined } from "../../src/handcheck/judge/options.ts";
import { checkFunction, checkFunctionBelow } from "../../src/handcheck/judge/handcheck.ts";
import { handOf, problemOf } from "../../src/handcheck/intake/plain.ts";
import { readJson } from "../../src/handcheck/intake/sources/json.ts";
import { submissionOf, type Reading, type Submission } from "../../src/handcheck/intake/submission.ts";
import { burden, least } from "../../src/handcheck/judge/least.ts";
import { outlook, type Outlook } from "../../src/handcheck/judge/outlook.ts";
import { network } from "../../src/index.ts";
import { Random } from "../../src/random.ts";
import { drawManner, drawTruth, handedIn } from "./intake/handed.ts";

type Parts = Record<string, unknown>;

const each = (value: unknown, change: (x: number) => number): unknown =>
  typeof value === "number" ? change(value) : Array.isArray(value) ? value.map((one) => each(one, change)) : value;

/** What people leave out, round and get wrong. */
function drawSubmission(draws: Random): Submission {
  const manner = { ...drawManner(draws), names: "top" as const, bias: "flat" as const };
  const truth = drawTruth(draws, true);
  const parts: Parts = { ...handedIn(truth, manner) };
  if (!manner.columns && draws.integer(2) === 0) for (let l = 1; l <= truth.last; l++) parts[`A${l}`] = truth.v[l];
  if (draws.integer(2) === 0) delete parts["cost"];
  if (draws.integer(3) === 0) delete parts["activations"];
  if (draws.integer(3) === 0)
    for (const name of Object.keys(parts)) parts[name] = each(parts[name], (x) => Number(x.toFixed(4)));
  const wrong = Object.keys(parts).filter((name) => /^(?:d|a\d|delta)/i.test(name));
  for (const name of wrong) if (draws.integer(4) === 0) parts[name] = each(parts[name], (x) => -1.5 * x);
  return submissionOf(readJson("work.json", JSON.stringify(parts)).values);
}

/** Some of the readings, seen and examined. */
function* seen(submission: Submission, draws: Random): Generator<readonly [Reading, Outlook, Examined]> {
  const all = [...submission.readings];
  for (const reading of draws
    .permutation(all.length)
    .slice(0, 4)
    .map((at) => all[at]!)) {
    const [problem, hand] = [problemOf(reading), handOf(reading.hand, submission.told)];
    const { sizes, activations, cost } = reading;
    yield [reading, outlook(problem, hand, {}), examine(network({ sizes, activations, cost }), problem, hand, {})];
  }
}

describe("the outlook of a reading", () => {
  it("asks for no more than what comes of it, and leaves most wrong ones out", () => {
    const draws = new Random(seed).split("outlook");
    const wrong: string[] = [];
    let [tried, hopeless] = [0, 0];
    for (let n = 0; n < sized(25, 2000); n++) {
      for (const [reading, hope, found] of seen(drawSubmission(draws), draws)) {
        tried += 1;
        hopeless += Number(!hope.right);
        const fits = found.lines.every(({ equation, status }) => equation !== "forward" || status === "ok");
        if (
          hope.asks <= burden(found) &&
          (hope.right || found.verdict !== "correct") &&
          (hope.forward || !fits || found.lines.every(({ equation, name }) => equation !== "forward" || name === "C"))
        )
          continue;
        wrong.push(
          `${n}: ${reading.activations.join()} ${reading.cost}: ${JSON.stringify(hope)}, and it is ${found.verdict} (${burden(found)})`,
        );
      }
    }
    count("readings whose outlook was held against what came of them", tried);
    expect(wrong).toEqual([]);
    expect(hopeless / tried).toBeGreaterThan(0.3);
  });

  it("knows that at a corner several δ are right", () => {
    const problem = {
      sizes: [1, 1, 1],
      activations: ["relu", "linear"] as const,
      cost: "quadratic" as const,
      W: [[], [[1]], [[2]]],
      b: [[], [-1], [0.5]],
      x: [[1]],
      t: [[0]],
    };
    // u¹ is 0, whose slope may be 1 as well: ∂C/∂u¹ is then 0.5 · 2.
    const hand = { gradW: { 1: [[1]], 2: [[0]] }, gradB: { 1: [1], 2: [0.5] } };
    const { sizes, activations, cost } = problem;
    expect(examine(network({ sizes, activations: [...activations], cost }), problem, hand, {}).verdict).toBe("correct");
    expect(outlook(problem, hand, {})).toEqual({ forward: true, right: true, asks: 0 });
  });

  it("of a function takes one call, where that cannot ask for less", () => {
    const net = network({ sizes: [3, 4, 2], activations: ["tanh", "sigmoid"], cost: "crossEntropy" });
    let calls = 0;
    // Right for squares.
    const backward = (
      { W1, b1, W2, b2 }: Readonly<Record<string, unknown>>,
      x: number[][],
      t: number[][],
    ): { delta: Record<number, number[][]> } => {
      calls += 1;
      const layer = (W: number[][], b: number[], v: readonly number[], f: (u: number) => number): number[] =>
        W.map((row, j) => f(row.reduce((sum, w, k) => sum + w * v[k]!, b[j]!)));
      const v = x.map((one) =>
        layer(
          W2 as number[][],
          b2 as number[],
          layer(W1 as number[][], b1 as number[], one, Math.tanh),
          (u) => 1 / (1 + Math.exp(-u)),
        ),
      );
      return { delta: { 2: v.map((one, n) => one.map((out, j) => (out - t[n]![j]!) * out * (1 - out))) } };
    };
    const whole = checkFunction(net, backward, {});
    expect([whole.verdict, calls > 1]).toEqual(["mistake", true]);
    calls = 0;
    expect(checkFunctionBelow(1.5, net, backward, {}, {})).toBeNull();
    expect(calls).toBe(1);
    expect(checkFunctionBelow(burden(whole) + 1, net, backward, {}, {})?.verdict).toBe("mistake");
  });
});

describe("the least of several", () => {
  const roots = (n: number): { verdict: "mistake" | "correct"; roots: { id: string; alternatives: [] }[] } => ({
    verdict: n === 0 ? "correct" : "mistake",
    roots: Array.from({ length: n }, () => ({ id: "B1", alternatives: [] })),
  });
  const found = (list: readonly (number | null)[]): { at: number; asked: number[] } => {
    const asked: number[] = [];
    const best = least(
      list.entries(),
      ([at, n], beyond) => {
        asked.push(beyond);
        return n === null ? null : { at, n };
      },
      ({ n }) => roots(n) as never,
    );
    return { at: best === null ? -1 : best.at, asked };
  };

  it("is the first of equals, what is none counts for nothing, and nothing comes after what holds", () => {
    expect(found([3, null, 2, 2])).toEqual({ at: 2, asked: [Infinity, 3.5, 3.5, 2.5] });
    expect(found([3, 0, 2])).toEqual({ at: 1, asked: [Infinity, 3.5] });
    expect(found([null])).toEqual({ at: -1, asked: [Infinity] });
  });
});
