// The engine on what the planted mistakes do not reach: gradients alone, functions, wrong forward passes, unnamed
// mistakes, speed.
import { describe, expect, it } from "vitest";
import { network } from "../../../src/index.ts";
import { backprop, forward } from "../../../src/handcheck/equations/index.ts";
import { handcheck } from "../../../src/handcheck/index.ts";
import type { Report } from "../../../src/handcheck/report.ts";
import { dataOf, networkOf, problemOf, rightFunction, rightHand } from "./support.ts";

const problem = problemOf([3, 4, 5, 2], ["tanh", "sigmoid", "sigmoid"], "quadratic", 6);
const net = networkOf(problem);
const roots = ({ roots: found }: Report): string[] =>
  found.map(({ id, equation, layer }) => `${id} ${equation}@${layer}`);
const changed = (rows: unknown, change: (x: number, i: number, j: number) => number): number[][] =>
  (rows as number[][]).map((row, i) => Array.from(row, (x, j) => change(x, i, j)));

describe("gradients without δ", () => {
  it("are right where they are right", () => {
    const { gradW, gradB } = rightHand(problem);
    const found = handcheck(net, dataOf(problem), { gradW, gradB });
    expect(found.verdict).toBe("correct");
    expect(found.score).toEqual({ passed: 6, given: 6 });
    expect(found.witness.agrees).toBe(true);
  });

  it("still show which δ was wrong, from ∂C/∂W and ∂C/∂b together", () => {
    const s = rightHand(problem);
    // σ' forgotten at layer 1: what follows is the bias and the weights of that layer.
    const wrong = (s.delta[2] as number[][]).map((row) =>
      problem.W[2]![0]!.map((_, j) => row.reduce((sum, d, k) => sum + d * problem.W[2]![k]![j]!, 0)),
    );
    const N = problem.x.length;
    const mean = (term: (n: number) => number): number => wrong.reduce((sum, _, n) => sum + term(n), 0) / N;
    const gradB = { ...s.gradB, 1: wrong[0]!.map((_, j) => mean((n) => wrong[n]![j]!)) };
    const gradW = {
      ...s.gradW,
      1: wrong[0]!.map((_, j) => problem.x[0]!.map((__, k) => mean((n) => wrong[n]![j]! * problem.x[n]![k]!))),
    };
    const found = handcheck(net, dataOf(problem), { gradW, gradB });
    expect(roots(found)).toEqual(["B1 BP2@1"]);
    expect(found.lines.filter(({ status }) => status === "inherited").map(({ name }) => name)).toEqual([
      "∂C/∂b¹",
      "∂C/∂W¹",
    ]);
  });

  it("leave a mistake in ∂C/∂W of one layer with BP4, where the layer below is right", () => {
    const s = rightHand(problem);
    const found = handcheck(net, dataOf(problem), { gradW: { ...s.gradW, 2: changed(s.gradW[2], (g) => -g) } });
    expect(roots(found)).toEqual(["D10 BP4@2"]);
  });
});

describe("a function", () => {
  it("is right where it is right", () => {
    const found = handcheck(net, rightFunction(problem));
    expect(found.verdict).toBe("correct");
    expect(found.network.samples).toBe(5);
  });

  it("is told its mistake", () => {
    const right = rightFunction(problem);
    const found = handcheck(net, (p, x, t) => {
      const s = right(p, x, t);
      return { ...s, gradB: { ...s.gradB, 2: Array.from(s.gradB[2] as number[], (g) => g * x.length) } };
    });
    expect(roots(found)).toEqual(["C1 BP3@2"]);
    expect(found.roots[0]!.alternatives).toEqual([]);
  });

  it("that is wrong for a single sample only is found out", () => {
    const right = rightFunction(problem);
    const found = handcheck(net, (p, x, t) => {
      const s = right(p, x, t);
      return x.length > 1 ? s : { ...s, gradB: { ...s.gradB, 1: Array.from(s.gradB[1] as number[], () => 0) } };
    });
    expect(roots(found)).toEqual(["C5 BP3@1"]);
    expect(found.network.samples).toBe(1);
  });

  it("with the layouts that are declared gets its parameters in them", () => {
    const two = problemOf([3, 4, 2], ["sigmoid", "sigmoid"], "quadratic", 5);
    let shape: number[] = [];
    handcheck(
      networkOf(two),
      (p) => {
        shape = [p.W1!.length, p.W1![0]!.length];
        return {};
      },
      { convention: { weights: "in×out" } },
    );
    expect(shape).toEqual([3, 4]);
  });
});

describe("a forward pass", () => {
  const plain = {
    weights: problem.W.slice(1),
    biases: problem.b.slice(1),
    activations: problem.activations,
    cost: problem.cost,
  };
  const activities = problem.x.map((row) => forward(plain, row));
  const u = (l: number): number[][] => activities.map((one) => [...one.u[l]!]);

  it("without its biases is told so, and the backward pass is judged from it", () => {
    const bare = u(1).map((row) => row.map((x, j) => x - problem.b[1]![j]!));
    const found = handcheck(net, dataOf(problem), { u: { 1: bare } });
    expect(found.verdict).toBe("forward-wrong");
    expect(roots(found)).toEqual(["V1 forward@1"]);
    expect(found.roots[0]!.yours).toBe("u¹ = W¹ x");
  });

  it("with another activation is told which", () => {
    const found = handcheck(net, dataOf(problem), { v: { 3: u(3) } });
    expect(roots(found)).toEqual(["V3 forward@3"]);
    expect(found.roots[0]!.yours).toBe("v³ = u³");
  });

  it("with the mean over the outputs in the cost is told so", () => {
    const three = problemOf([3, 4, 3], ["sigmoid", "sigmoid"], "quadratic", 5);
    const { cost } = backprop(
      { weights: three.W.slice(1), biases: three.b.slice(1), activations: three.activations, cost: three.cost },
      three.x,
      three.t,
    );
    expect(roots(handcheck(networkOf(three), dataOf(three), { cost: cost / 3 }))).toEqual(["V6 forward@2"]);
    expect(handcheck(networkOf(three), dataOf(three), { cost: 2 * cost }).verdict).toBe("correct");
  });
});

describe("what nobody has a name for", () => {
  it("is localised, and its constant is written as a fraction", () => {
    const s = rightHand(problem);
    const found = handcheck(net, dataOf(problem), {
      ...s,
      gradB: { ...s.gradB, 2: Array.from(s.gradB[2] as number[], (g) => (5 / 7) * g) },
    });
    expect(roots(found)).toEqual(["unknown BP3@2"]);
    expect(found.roots[0]!.says.en).toBe("yours / correct is 5/7 in every entry");
  });

  it("is told how many entries are off", () => {
    const s = rightHand(problem);
    const found = handcheck(net, dataOf(problem), {
      ...s,
      gradW: { ...s.gradW, 2: changed(s.gradW[2], (g, i, j) => (i === 1 && j === 1 ? g + 1 : g)) },
    });
    expect(roots(found)).toEqual(["unknown BP4@2"]);
    expect(found.roots[0]!.features[0]!.en).toBe("1 of 20 entries are off, the others are right");
    expect(found.roots[0]!.example.index).toEqual([1, 1]);
  });
});

describe("saturated units", () => {
  it("are advice and no mistake", () => {
    const far = network({ sizes: [1, 1, 1], parameters: { W1: [[50]], b1: [0], W2: [[1]], b2: [0] } });
    const v = 1 / (1 + Math.exp(-1));
    const delta = (v - 0.2) * v * (1 - v);
    const found = handcheck(far, { x: [[1]], t: [[0.2]] }, { delta: { 2: [[delta]], 1: [[0]] } });
    expect(found.verdict).toBe("correct");
    expect(found.blindness.advice.map(({ en }) => en).join(" ")).toMatch(/saturated: σ'\(u\) < 1e-15 in layer 1/);
  });
});

describe("speed", () => {
  it("judges 784-30-10 with 10 samples in less than 300 ms of computing", () => {
    const digits = problemOf([784, 30, 10], ["sigmoid", "sigmoid"], "quadratic", 10);
    const [large, data, hand] = [networkOf(digits), dataOf(digits), rightHand(digits)];
    const wrong = { ...hand, gradW: { ...hand.gradW, 1: changed(hand.gradW[1], (g) => -g) } };
    const times = Array.from({ length: 5 }, () => {
      // The time of this thread: a machine that is busy with other things says nothing about this.
      const start = process.cpuUsage();
      expect(roots(handcheck(large, data, wrong))).toEqual(["D10 BP4@1"]);
      return process.cpuUsage(start).user / 1000;
    });
    expect(Math.min(...times)).toBeLessThan(300);
  });
});
