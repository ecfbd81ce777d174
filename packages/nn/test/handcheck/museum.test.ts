// Published mistakes are named, published numbers are confirmed to their last printed digit, published conventions
// pass.
import { describe, expect, it } from "vitest";
import { report as count } from "../../../autograd/test/report.ts";
import { handcheck } from "../../src/handcheck/index.ts";
import { exitCode, type Hand, type Report } from "../../src/handcheck/report.ts";
import {
  cs231nWriteUp,
  dataScienceFromScratch,
  documentBp2,
  documentBp4,
  gradientChecking,
  makeYourOwn,
  mazur,
  mazurStep,
  quadraticCost,
  rooms,
  stepped,
} from "./museum.ts";
import { back, backprop, handOf, table, type Problem, type Rows } from "./plain.ts";
import { dataOf, draw, networkOf, OWN } from "./problems.ts";

const check = (problem: Problem, hand: Hand): Report => handcheck(networkOf(problem), dataOf(problem), hand);
const roots = ({ roots: all }: Report): string[] =>
  all.map(({ id, equation, layer }) => `${id} ${equation}@${layer}`).sort();

/** Looks at one exhibit: what it must be called, and that nothing else is blamed. */
function exhibit(found: Report, expected: readonly string[]): void {
  count("published exhibits", 1);
  expect(roots(found)).toEqual(expected);
  expect(found.verdict).toBe(expected.length === 0 ? "correct" : "mistake");
  expect(exitCode(found.verdict)).toBe(expected.length === 0 ? 0 : 1);
}

describe("Mazur's step by step example", () => {
  const after = mazurStep(mazur, "after");
  const costAfter = (W: Rows[]): number => quadraticCost({ ...mazur, W });

  it("has its published cost after one step only with the mistake, which is named from the new weights alone", () => {
    expect(costAfter(after).toFixed(9)).toBe("0.291027924");
    expect(costAfter(mazurStep(mazur, "before"))).toBeCloseTo(0.29102777369359933, 15);
    exhibit(check(mazur, { next: { W: { 1: after[1]!, 2: after[2]! } }, eta: 0.5 }), ["B7 BP2@1"]);
  });

  it("is right with the weights of before the update", () => {
    const before = mazurStep(mazur, "before");
    exhibit(check(mazur, { next: { W: { 1: before[1]!, 2: before[2]! } }, eta: 0.5 }), []);
  });

  it("is right in every number that the post prints of the first step, to the last digit", () => {
    exhibit(
      check(mazur, {
        // Mazur cuts: −0.038098236516 is printed as −0.038098236, which is more than half a unit of the ninth digit
        // away.
        digits: 8,
        v: { 1: [[0.593269992, 0.596884378]], 2: [[0.75136507, 0.772928465]] },
        cost: 0.298371109,
        delta: { 2: [[0.138498562, -0.038098236]] },
      }),
      [],
    );
    exhibit(
      check(mazur, {
        digits: 8,
        next: {
          W: {
            1: [
              [0.149780716, 0.19956143],
              [0.24975114, 0.29950229],
            ],
            2: [
              [0.35891648, 0.408666186],
              [0.51130127, 0.561370121],
            ],
          },
        },
        eta: 0.5,
      }),
      [],
    );
  });

  it("without σ′ has δ¹ 4.14420665 and 4.15604421 times too large", () => {
    const s = backprop(mazur, [{ equation: "BP2", layer: 1, wrong: back }]);
    const right = backprop(mazur);
    expect(s.delta[1]![0]!.map((one, j) => (one / right.delta[1]![0]![j]!).toFixed(8))).toEqual([
      "4.14420665",
      "4.15604421",
    ]);
    exhibit(check(mazur, handOf(s)), ["B1 BP2@1"]);
  });

  it("with the linear output that the document announces has the numbers of half the sum of squares", () => {
    const linear: Problem = { ...mazur, activations: [undefined, "sigmoid", "linear"] };
    exhibit(
      check(linear, {
        cost: 0.6280989773699321,
        delta: { 1: [[0.1341205051857061, 0.1497492388766766]], 2: [[1.09590596705977, 0.2349214040964653]] },
        gradW: {
          1: [
            [0.006706025259285303, 0.013412050518570607],
            [0.007487461943833829, 0.014974923887667657],
          ],
          2: [
            [0.6501681244277691, 0.6541291517796395],
            [0.13937181955411934, 0.1402209162240302],
          ],
        },
      }),
      [],
    );
  });
});

describe("books and courses", () => {
  it("Data Science from Scratch, first edition, reads updated weights", () => {
    exhibit(check(rooms.scratch, dataScienceFromScratch(rooms.scratch)), ["B7 BP2@1"]);
  });

  it("Make Your Own Neural Network sends the error back instead of δ", () => {
    exhibit(check(rooms.ownNetwork, makeYourOwn(rooms.ownNetwork)), ["B6 BP2@1"]);
  });

  it("Coursera's gradient checking has twice ∂C/∂W² and four times ∂C/∂b¹", () => {
    exhibit(check(rooms.coursera, gradientChecking(rooms.coursera)), ["C9 BP3@1", "D8 BP4@2"]);
  });

  it("a write-up of CS231n's assignment cuts the gradient instead of the input", () => {
    exhibit(check(rooms.cs231n, cs231nWriteUp(rooms.cs231n)), ["B12 BP2@1"]);
  });

  it("a quadratic cost without ½, differentiated with it, is out by 2", () => {
    const p = draw({ sizes: [4, 3], hidden: "sigmoid", output: "linear", cost: "quadratic", N: 6, seed: 17 });
    const doubled = backprop(p, [
      { equation: "BP1", layer: 1, wrong: (s) => table(s.N, 3, (n, j) => (2 / s.N) * (s.v[1]![n]![j]! - p.t[n]![j]!)) },
    ]);
    exhibit(check(p, { ...handOf(doubled), convention: OWN }), ["A4 BP1@1"]);
    // Whoever leaves the ½ out of the cost has a gradient twice as large by right.
    exhibit(check(p, { ...handOf(doubled), convention: { ...OWN, half: false } }), []);
  });
});

describe("the document", () => {
  it("has BP2 with the weights of the wrong layer and their indices exchanged", () => {
    const literal = documentBp2(mazur);
    expect(Array.from(literal.delta![1] as Rows)[0]!.map((one) => one.toFixed(10))).toEqual([
      "0.0031743439",
      "0.0055810690",
    ]);
    exhibit(check(mazur, literal), ["B4 BP2@1"]);
    exhibit(check(rooms.square, { ...documentBp2(rooms.square), convention: OWN }), ["B4 BP2@1", "B4 BP2@2"]);
  });

  it("has BP4 as the transpose, which is a mistake for weights that are out × in", () => {
    exhibit(check(rooms.square, { ...documentBp4(rooms.square), convention: OWN }), [
      "D1 BP4@1",
      "D1 BP4@2",
      "D1 BP4@3",
    ]);
    // Nobody told the layout, but the new weights are near the old ones as they lie.
    const turned = documentBp4(rooms.square);
    exhibit(check(rooms.square, { ...turned, ...stepped(rooms.square, turned.gradW) }), [
      "D1 BP4@1",
      "D1 BP4@2",
      "D1 BP4@3",
    ]);
  });

  it("has BP4 as somebody writes it whose weights are in × out", () => {
    exhibit(check(rooms.cs231n, documentBp4(rooms.cs231n)), []);
  });
});

describe("published numbers of right gradients", () => {
  it("are right for Nielsen's one neuron", () => {
    const neuron = (w: number, b: number, cost: Problem["cost"]): Problem => ({
      sizes: [1, 1],
      activations: [undefined, "sigmoid"],
      cost,
      W: [[], [[w]]],
      b: [[], [b]],
      x: [[1]],
      t: [[0]],
      lambda: 0,
      eta: 0.15,
    });
    exhibit(
      check(neuron(0.6, 0.9, "quadratic"), {
        gradW: { 1: [[0.12193833242754278]] },
        gradB: { 1: [0.12193833242754278] },
      }),
      [],
    );
    exhibit(check(neuron(2, 2, "quadratic"), { gradW: { 1: [[0.017345021070840114]] } }), []);
    exhibit(check(neuron(0.6, 0.9, "crossEntropy"), { delta: { 1: [[0.8175744761936437]] } }), []);
  });

  it("are right for the gradient check of Coursera's exercise 4, without and with weight decay", () => {
    const sines = (rows: number, columns: number): Rows =>
      table(rows, columns, (r, c) => Math.sin(1 + r + rows * c) / 10);
    const thetas = [sines(5, 4), sines(3, 6)];
    const p: Problem = {
      sizes: [3, 5, 3],
      activations: [undefined, "sigmoid", "sigmoid"],
      cost: "crossEntropy",
      W: [[], ...thetas.map((theta) => theta.map((row) => row.slice(1)))],
      b: [[], ...thetas.map((theta) => theta.map((row) => row[0]!))],
      x: sines(5, 3),
      t: [1, 2, 0, 1, 2].map((label) => [0, 1, 2].map((k) => (k === label ? 1 : 0))),
      lambda: 0,
      eta: 1,
    };
    exhibit(
      check(p, {
        cost: 2.100950569902465,
        digits: 5,
        gradB: { 1: [-9.2783e-3, 8.8991e-3, -8.3601e-3, 7.6281e-3, -6.748e-3] },
      }),
      [],
    );
    const s = backprop({ ...p, lambda: 3 });
    expect(s.gradW[1]!.map((row) => row[0]!.toFixed(4))).toEqual(["-0.0168", "0.0394", "0.0593", "0.0248", "-0.0327"]);
    const { delta: _, ...gradients } = handOf(s);
    exhibit(check(p, gradients), []);
  });
});

describe("conventions that others teach", () => {
  const p = draw({ sizes: [4, 5, 3], hidden: "tanh", output: "sigmoid", cost: "crossEntropy", N: 6, seed: 18 });
  const s = backprop(p);

  it("Ng's dZ without 1/m is right", () => {
    const columns = (rows: Rows): Rows => table(rows[0]!.length, rows.length, (j, n) => rows[n]![j]! * s.N);
    exhibit(check(p, { ...handOf(s), delta: { 1: columns(s.delta[1]!), 2: columns(s.delta[2]!) } }), []);
  });

  it("Haykin's δ, which is −∂E/∂u, is right", () => {
    exhibit(
      check(p, {
        ...handOf(s),
        delta: {
          1: s.delta[1]!.map((row) => row.map((one) => -one)),
          2: s.delta[2]!.map((row) => row.map((one) => -one)),
        },
      }),
      [],
    );
  });

  it("Haykin's corrections, which are added, are right as he writes them and wrong for somebody who subtracts them", () => {
    const turned = (rows: Rows): Rows => rows.map((row) => row.map((one) => -one));
    const minus = {
      delta: { 1: turned(s.delta[1]!), 2: turned(s.delta[2]!) },
      gradW: { 1: turned(s.gradW[1]!), 2: turned(s.gradW[2]!) },
      gradB: { 1: turned([s.gradB[1] as number[]])[0]!, 2: turned([s.gradB[2] as number[]])[0]! },
    };
    const step = (sign: number): Hand => ({ eta: p.eta, next: { W: { 1: moved(1, sign), 2: moved(2, sign) } } });
    const moved = (l: 1 | 2, sign: number): Rows =>
      p.W[l]!.map((row, j) => row.map((w, k) => w + sign * p.eta * minus.gradW[l][j]![k]!));
    exhibit(check(p, { ...minus, ...step(1) }), []);
    exhibit(check(p, { ...minus, ...step(-1) }), ["A1 BP1@2"]);
  });
});
