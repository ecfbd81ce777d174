/**
 * Nothing in a text is ignored: what is used is said as it was read, what is not is said too, and what cannot be read
 * has its place.
 */

import { describe, expect, it } from "vitest";
import { formulas } from "../../../src/handcheck/formulas/formulas.ts";
import { headingOf } from "../../../src/handcheck/formulas/heading.ts";
import { network, type Network } from "../../../src/network/network.ts";
import { failure, threeNet } from "./support.ts";

const notesOf = (text: string, net: Network = threeNet): string[] => formulas(net, text).notes.map(({ en }) => en);
const verdictOf = (text: string, net: Network = threeNet): string => formulas(net, text).verdict;

const softmax = network({ sizes: [3, 4], activations: "softmax", cost: "categoricalCrossEntropy" });

describe("what the report says of the reading", () => {
  it.each([
    [
      "output_delta = (output - y) * output * (1 - output)\ndW2 = output_delta @ hidden.T",
      "names are read as: output_delta = δ², output = v², hidden = v¹",
    ],
    [
      "delta3 = (a3 - y) .* a3 .* (1 - a3)\ndelta2 = (Theta2' * delta3) .* sigmoidGradient(z2)",
      "layers are counted from the input as 1",
    ],
    [
      "d2 = (v2 - t) * sigmoid_derivative(v2)",
      "the derivative of sigmoid is given the output of a layer: it is read as the derivative written in terms of the output, y (1 − y)",
    ],
    [
      "a1 = sigmoid(W1 x)\nd2 = (a2 - t) .* a2 .* (1 - a2)\ndW2 = d2 a1^T",
      "no bias is written: judged on a network without biases",
    ],
    ["import numpy as np\nd2 = (a2 - t) * a2 * (1 - a2)", "line 1, column 1: this line is not used"],
    ["W1 = np.random.randn(4, 5)\nd2 = (a2 - t) * a2 * (1 - a2)", "line 1, column 1: this line is not used"],
    ["q = W2^T delta2\ndelta2 = (v2 - t) .* s'(u2)", "line 1, column 1: q is used nowhere, and is not judged"],
    [
      "db1 = delta1\ndb2 = delta2\ndb1 = delta1",
      "line 1, column 1: ∂C/∂b¹ is given again in line 3: only that is judged",
    ],
    [
      "σ(z) = 1 / (1 + exp(-z))\nδ2 = (v2 - t) .* σ'(u2)",
      "line 1, column 1: this defines a function, and is not judged: σ is the network's own",
    ],
    [
      "The text has $\\delta^2 = (v^2 - t) \\odot \\sigma'(u^2)$\nand q = 3 outside.",
      "line 2, column 1: this line is not used",
    ],
    [
      "def sigmoid(x):\n  e = np.exp(-x)\n  e /= 2\n  return 1 / (1 + e)\nd2 = (a2 - t) * sigmoid(z2) * (1 - sigmoid(z2))",
      "the definition of sigmoid is not read: it is taken for what its name says",
    ],
    [
      "delta^l = (W^{l+1})^T delta^{l+1} .* s'(u^l)\ndelta1 = (W2^T delta2) .* s'(u1)",
      "every layer of this formula has a formula of its own: it is not used",
    ],
    [
      "dW^l = delta^l (u^{l-1})^T\ndelta2 = (v2 - t) .* s'(u2)",
      "at l = 1 this names layer 0, which does not exist: it is not judged there",
    ],
  ])("%j", (text, says) => {
    const report = formulas(threeNet, text);
    expect(report.notes.map(({ en }) => en).join("\n")).toContain(says);
    // The other language says as much.
    for (const { zh } of report.notes) expect(zh).toMatch(/[\u4e00-\u9fff]/);
  });

  it("says nothing of prose, comments and labels", () => {
    expect(notesOf("Here is the output layer.\n# a comment\nBP1: delta2 = (v2 - t) .* s'(u2)   (BP1)")).toEqual([]);
  });
});

describe("what no reading explains", () => {
  it.each([
    [
      "d2 = (otput - y) * a2 * (1 - a2)",
      "name",
      1,
      7,
      "otput is not known: expected one of W, b, u, v, x, t, δ, ∂C/∂W, ∂C/∂b, N, η, λ with its layer, or a name defined in another formula; did you mean output?",
    ],
    ["l2_error = y - v2\nd2 = l2_eror * v2 * (1 - v2)", "name", 2, 6, "did you mean l2_error?"],
    ["m = 3 * X.shape[0]\nd2 = (a2 - t) * a2 * (1 - a2)", "name", 1, 1, "this letter is the number of samples"],
    ["lr = -0.1\nW2 = W2 - lr * dW2", "name", 1, 1, "a rate of -0.1 climbs or stands still"],
    ["delta = cost_derivative(a2, 2*y) * a2 * (1 - a2)", "syntax", 1, 29, "expected the output and the target"],
    ["p[range(N), y] -= 2", "syntax", 1, 16, "expected -= 1"],
    ["d1[z1 <= 0] = 1", "syntax", 1, 13, "expected = 0"],
    ["p[range(N), q] -= 1", "syntax", 1, 13, "expected the classes, as in p[range(N), y]"],
    ["d2 = nonlin(a2, foo)", "syntax", 1, 17, "expected deriv=True, found foo"],
    ["d2 = W2(:,1) .* a2", "syntax", 1, 8, "of an array all can be taken, or all but the bias"],
    ["d2 = np.maximum(a2, t)", "syntax", 1, 8, "of the larger of two only max(0, x) is known here"],
  ])("%j", (text, kind, line, column, says) => {
    const error = failure(() => formulas(threeNet, text));
    expect(error).toMatchObject({ kind, line, column });
    expect(error.says.en).toContain(says);
    expect(error.says.zh).toMatch(/[\u4e00-\u9fff]/);
  });
});

describe("a derivative by name", () => {
  it("that is given u in one place is σ′ of its argument in all", () => {
    const text = "d2 = (a2 - t) * sigmoid_prime(z2)\nd1 = np.dot(W2.T, d2) * sigmoid_prime(a1)";
    expect(formulas(threeNet, text).roots.map(({ id, layer }) => [id, layer])).toEqual([["A8", 1]]);
    expect(verdictOf(text.replace("a1)", "z1)"))).toBe("correct");
  });

  it("is what the text defines it to be", () => {
    const define = (body: string): string => `def f_prime(x):\n  return ${body}\nd2 = (a2 - t) * f_prime(a2)`;
    expect(verdictOf(define("x * (1 - x)"))).toBe("correct");
    expect(verdictOf(define("sigmoid(x) * (1 - sigmoid(x))"))).toBe("mistake");
    expect(verdictOf(define("x * (1 + x)"))).toBe("mistake");
  });
});

describe("rows and columns", () => {
  it("two vectors side by side are undecided, and one with a transpose is not", () => {
    const text = "dW1 = (v1 - t) x\ndb1 = v1 - t";
    expect(verdictOf(text, softmax)).toBe("inconclusive");
    expect(notesOf(text, softmax).join("\n")).toContain("nothing here fixes which vector is a row and which a column");
    expect(verdictOf(text.replace(" x", " x^T"), softmax)).toBe("correct");
  });

  it("factors in an order that cannot be multiplied are a mistake where the text says what is a row", () => {
    const report = formulas(softmax, "dW = (softmax(x W + b) - y) x\ndb = softmax(x W + b) - y");
    expect(report.verdict).toBe("mistake");
    expect(report.contract[0]!.en).toContain("(softmax(x W + b) - y)^T x fits, (softmax(x W + b) - y) x does not");
    expect(report.lines.find(({ equation }) => equation === "BP4")!.status).toBe("shape");
    expect(report.score.passed).toBeLessThan(report.score.given);
  });
});

describe("a heading", () => {
  it.each([
    ["# net 3-4-2:tanh,softmax", "3-4-2:tanh,softmax", null],
    ["net: 2-1", "2-1", null],
    ["% network 2-3-1:relu\n% cost: crossEntropy", "2-3-1:relu", "crossEntropy"],
    ["// net = 3-2\nloss: quadratic", "3-2", "quadratic"],
    ["net = W1 x + b1", null, null],
    ["cost = error", null, null],
    ["# the net is small", null, null],
  ])("%j", (text, net, cost) => expect(headingOf(text)).toEqual({ net, cost }));
});
