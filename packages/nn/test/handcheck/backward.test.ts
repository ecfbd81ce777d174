/** checkBackward: the judge here, the function elsewhere; the report is that of a function that runs here. */

import { network } from "@chainrule/nn";
import {
  checkBackward,
  handcheck,
  Refusal,
  type BackwardAnswer,
  type BackwardCall,
  type PlainParameters,
} from "@chainrule/nn/handcheck";
import { describe, expect, it } from "vitest";

const sizes = [2, 3, 1];
const told = { sizes, activations: ["tanh", "sigmoid"], cost: "crossEntropy" };
type Matrix = number[][];
type Gradients = Record<string, Matrix | number[]>;

const layer = (W: Matrix, b: number[], v: Matrix, f: (u: number) => number): Matrix =>
  v.map((row) => W.map((w, j) => f(w.reduce((sum, one, k) => sum + one * row[k]!, b[j]!))));
const outer = (delta: Matrix, v: Matrix): Matrix =>
  delta[0]!.map((_, j) =>
    v[0]!.map((__, k) => delta.reduce((sum, row, n) => sum + row[j]! * v[n]![k]!, 0) / delta.length),
  );
const mean = (delta: Matrix): number[] =>
  delta[0]!.map((_, j) => delta.reduce((sum, row) => sum + row[j]!, 0) / delta.length);

/** By hand, with σ′ of the hidden layer or without. */
const backwardOf =
  (slope: (v: number) => number) =>
  (parameters: PlainParameters, x: Matrix, t: Matrix): Gradients => {
    const [W1, b1, W2, b2] = [parameters.W1!, parameters.b1!, parameters.W2!, parameters.b2!];
    const v1 = layer(W1, b1, x, Math.tanh);
    const v2 = layer(W2, b2, v1, (u) => 1 / (1 + Math.exp(-u)));
    const delta2 = v2.map((row, n) => row.map((v, j) => v - t[n]![j]!));
    const delta1 = v1.map((row, n) =>
      row.map((v, k) => delta2[n]!.reduce((sum, d, j) => sum + W2[j]![k]! * d, 0) * slope(v)),
    );
    return { dW1: outer(delta1, x), db1: mean(delta1), dW2: outer(delta2, v1), db2: mean(delta2) };
  };
const right = backwardOf((v) => 1 - v * v);
const forgotten = backwardOf(() => 1);

type Code = (parameters: PlainParameters, x: Matrix, t: Matrix) => unknown;

/** Runs it on copies, as what lies behind a channel does, and counts the batches. */
function elsewhere(code: Code): {
  readonly ask: (calls: readonly BackwardCall[]) => BackwardAnswer[];
  readonly batches: number[];
} {
  const batches: number[] = [];
  return {
    batches,
    ask: (calls) => {
      batches.push(calls.length);
      const answers: BackwardAnswer[] = [];
      for (const call of structuredClone(calls)) {
        try {
          answers.push({ value: code(...call), given: call });
        } catch (error) {
          answers.push({ thrown: (error as Error).message });
          break;
        }
      }
      return answers;
    },
  };
}

describe("checkBackward", () => {
  it("judges as if the function ran here, and asks for all calls at once", async () => {
    for (const code of [right, forgotten]) {
      const { ask, batches } = elsewhere(code);
      const { report } = await checkBackward(ask, { network: told });
      const here = handcheck(
        network({ sizes, activations: ["tanh", "sigmoid"], cost: "crossEntropy" }),
        ({ W1, b1, W2, b2 }, x, t) => {
          const { dW1, db1, dW2, db2 } = code({ W1: W1!, b1: b1!, W2: W2!, b2: b2! } as PlainParameters, x, t);
          return { gradW: { 1: dW1, 2: dW2 }, gradB: { 1: db1, 2: db2 } } as never;
        },
      );
      expect(report.verdict).toBe(here.verdict);
      expect(report.roots.map(({ equation, layer: l, id }) => [equation, l, id])).toEqual(
        here.roots.map(({ equation, layer: l, id }) => [equation, l, id]),
      );
      expect(batches[0]).toBe(4);
    }
  });

  it("takes the network that stands in, and finds the cost where none is told", async () => {
    const { report, network: read } = await checkBackward(elsewhere(right).ask, {}, { network: told });
    expect([report.verdict, read.cost]).toEqual(["correct", "crossEntropy"]);
    const { cost: _, ...untold } = told;
    const found = await checkBackward(elsewhere(right).ask, { network: untold });
    expect([found.report.verdict, found.network.cost]).toEqual(["correct", "crossEntropy"]);
  });

  it("judges the data beside the function as well", async () => {
    const { report, tensors } = await checkBackward(elsewhere(forgotten).ask, {
      network: told,
      x: [
        [0.1, 0.2],
        [0.3, -0.5],
      ],
      t: [[1], [0]],
    });
    expect(report.verdict).toBe("mistake");
    expect(report.network.samples).toBe(2);
    expect(tensors.length).toBeGreaterThan(0);
  });

  it("sees what a function does to its arguments, keeps from call to call, and throws", async () => {
    const changing: Code = (parameters, x, t) => {
      const found = right(parameters, x, t);
      parameters.W1![0]![0] = 7;
      return found;
    };
    const said = async (code: Code): Promise<string> => {
      const { report } = await checkBackward(elsewhere(code).ask, { network: told });
      expect(report.verdict).toBe("contract");
      return report.contract.map(({ en }) => en).join(" ");
    };
    expect(await said(changing)).toContain("E8");
    let kept = 0;
    expect(await said((parameters, x, t) => ({ ...right(parameters, x, t), db2: [kept++] }))).toContain("E11");
    expect(
      await said(() => {
        throw new TypeError("line 3: W1 is not iterable");
      }),
    ).toContain("line 3: W1 is not iterable");
  });

  it("refuses answers by names that mean nothing, and a network that nobody told", async () => {
    await expect(checkBackward(elsewhere(() => ({ foo: [[1]] })).ask, { network: told })).rejects.toThrow(Refusal);
    await expect(checkBackward(elsewhere(right).ask)).rejects.toThrow();
  });
});
