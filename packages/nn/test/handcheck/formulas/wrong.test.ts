/** Wrong formulas are named: the equation, the layer and the mistake, also where they fit no ragged network. */

import { describe, expect, it } from "vitest";
import { formulas } from "../../../src/handcheck/formulas/formulas.ts";
import { network } from "../../../src/network/network.ts";
import { deepNet, named, roots, squareNet, threeNet } from "./support.ts";

const right = [
  "delta3 = (v3 - t) .* s'(u3)",
  "delta2 = (W3^T delta3) .* s'(u2)",
  "delta1 = (W2^T delta2) .* s'(u1)",
  "dW3 = delta3 v2^T",
  "db3 = delta3",
  "dW2 = delta2 v1^T",
  "db2 = delta2",
  "dW1 = delta1 x^T",
  "db1 = delta1",
];

/** The correct derivation with one formula replaced by a wrong one for the same quantity. */
function derivation(wrong: string): string {
  const target = wrong.split("=")[0]!.trim();
  return [...right.filter((formula) => !formula.startsWith(`${target} `)), wrong].join("\n");
}

describe("one wrong formula in a derivation", () => {
  it("the correct one is correct", () => {
    for (const net of [deepNet, squareNet])
      expect(formulas(net, right.join("; "))).toMatchObject({
        verdict: "correct",
        roots: [],
        contract: [],
        score: { passed: 9, given: 9 },
      });
  });

  it.each([
    // BP1
    ["delta3 = v3 - t", "A2 BP1 3"],
    ["delta3 = (v3 - t) .* s'(v3)", "A8 BP1 3"],
    ["delta3 = (v3 - t) .* u3 .* (1 - u3)", "A9 BP1 3"],
    ["delta3 = (v3 - t) .* (1 - v3.^2)", "A10 BP1 3"],
    // BP2
    ["delta1 = W2^T delta2", "B1 BP2 1"],
    ["delta2 = W3^T delta3", "B1 BP2 2"],
    ["delta1 = (W2 delta2) .* s'(u1)", "B2 BP2 1"],
    ["delta2 = (W3 delta3) .* s'(u2)", "B2 BP2 2"],
    ["delta1 = (W1^T delta2) .* s'(u1)", "B3 BP2 1"],
    ["delta2 = (W2^T delta3) .* s'(u2)", "B3 BP2 2"],
    ["delta1 = (W1 delta2) .* s'(u1)", "B4 BP2 1"],
    ["delta1 = (W2^T delta2) .* s'(u2)", "B5 BP2 1"],
    ["delta2 = (W3^T (v3 - t)) .* s'(u2)", "B6 BP2 2"],
    ["delta1 = (W2^T delta2) .* s'(v1)", "A8 BP2 1"],
    ["delta1 = (W2^T delta2) .* s'(u1) .* s'(u1)", "B10 BP2 1"],
    ["delta1 = -(W2^T delta2) .* s'(u1)", "B14 BP2 1"],
    ["delta1 = (W2^T delta3) .* s'(u1)", "B15 BP2 1"],
    // BP3
    ["db2 = 0 delta2", "C5 BP3 2"],
    ["db2 = 2 delta2", "C9 BP3 2"],
    ["db2 = W3^T delta3", "C7 BP3 2"],
    ["db2 = delta2 .* v1", "C7 BP3 2"],
    // BP4
    ["dW2 = v1 delta2^T", "D1 BP4 2"],
    ["dW1 = x delta1^T", "D1 BP4 1"],
    ["dW2 = delta2 v2^T", "D2 BP4 2"],
    ["dW2 = delta2 u1^T", "D3 BP4 2"],
    ["dW2 = (W3^T delta3) v1^T", "D4 BP4 2"],
    ["dW2 = 2 delta2 v1^T", "D8 BP4 2"],
    ["dW2 = delta3 v1^T", "D9 BP4 2"],
    ["dW2 = -delta2 v1^T", "D10 BP4 2"],
  ])("%s → %s", (wrong, id) => {
    const net = wrong.includes("1 - v3.^2") || wrong.includes("u3 .*") ? squareNet : deepNet;
    expect(roots(net, derivation(wrong))).toEqual([id]);
    // On layers of one width every one of them computes something, and is the same mistake.
    expect(roots(squareNet, derivation(wrong))).toEqual([id]);
  });

  it("names two mistakes at once", () => {
    const two = [
      ...right.filter((formula) => !/^(delta2|dW1) /.test(formula)),
      "delta2 = W3^T delta3",
      "dW1 = 2 delta1 x^T",
    ];
    expect(roots(deepNet, two.join("\n"))).toEqual(["B1 BP2 2", "D8 BP4 1"]);
  });
});

describe("in every syntax", () => {
  it.each([
    ["delta_j^l = sum_k delta_k^{l+1} w_{jk}^l s'(u_j^l)", ["B4 BP2 1", "B4 BP2 2"]],
    ["δ_j^l = Σ_k δ_k^{l+1} w_{kj}^{l+1}", ["B1 BP2 1", "B1 BP2 2"]],
    ["δ_j^l = Σ_k δ_k^{l+1} w_{kj}^l σ'(u_j^l)", ["B3 BP2 1", "B3 BP2 2"]],
    ["∂C/∂w_{jk}^l = v_k^l δ_j^l", ["D2 BP4 1", "D2 BP4 2", "D2 BP4 3"]],
    ["\\delta^l = (w^{l+1})^T \\delta^{l+1}", ["B1 BP2 1", "B1 BP2 2"]],
    ["\\delta^l = ((w^{l})^T \\delta^{l+1}) \\odot \\sigma'(u^l)", ["B3 BP2 1", "B3 BP2 2"]],
    ["\\delta^L = (v^L - t)", ["A2 BP1 3"]],
    ["\\frac{\\partial C}{\\partial w^l} = v^{l-1} \\delta^l", ["D1 BP4 1", "D1 BP4 2", "D1 BP4 3"]],
  ])("%s", (text, expected) => expect(roots(deepNet, text)).toEqual(expected));

  it("a factor N in lines of code", () => {
    const code = "dZ2 = (A2 - Y) * A2 * (1 - A2)\ndW2 = np.dot(dZ2, A1.T) / m\ndb2 = np.sum(dZ2, axis=1)";
    expect(named(formulas(threeNet, code))).toEqual(["C1 BP3 2"]);
    expect(named(formulas(threeNet, code.replace("np.sum(dZ2, axis=1)", "dZ2 / m")))).toEqual(["C4 BP3 2"]);
  });

  it("updated weights, read in the order of the lines", () => {
    const lines = [
      "delta2 = (v2 - t) .* s'(u2)",
      "dW2 = delta2 v1^T",
      "W2 = W2 - eta*dW2",
      "delta1 = (W2^T delta2) .* s'(u1)",
    ];
    expect(roots(threeNet, lines.join("\n"))).toEqual(["B7 BP2 1"]);
    expect(formulas(threeNet, [lines[0], lines[1], lines[3], lines[2]].join("\n"))).toMatchObject({
      verdict: "correct",
      roots: [],
    });
  });

  it("a forgotten bias in the forward pass", () => {
    expect(formulas(threeNet, "u1 = W1 x; v1 = s(u1)")).toMatchObject({
      verdict: "forward-wrong",
      roots: [{ layer: 1 }],
    });
  });
});

describe("formulas that fit no ragged network", () => {
  it("have their shape error and their mistake in one report", () => {
    const report = formulas(deepNet, "delta1 = (W1^T delta2) .* s'(u1)");
    expect(report.verdict).toBe("mistake");
    expect(report.contract[0]!.en).toBe(
      "line 1, column 10: W1^T is d0×d1 and delta2 is d2×1: W2^T delta2 fits, W1^T delta2 does not unless d1 = d2",
    );
    expect(report.contract[0]!.zh).toContain("第 1 行第 10 列");
    expect(named(report)).toEqual(["B3 BP2 1"]);
  });

  it("are read as an outer product where one layer has one neuron", () => {
    const report = formulas(network({ sizes: [3, 1] }), "dW1 = delta1 x");
    expect(report).toMatchObject({ verdict: "correct", roots: [] });
    expect(report.notes[0]!.en).toContain("it is read as delta1 (x)^T, a d1×d0 matrix");
  });

  it("are read as written where the widths agree", () => {
    const report = formulas(squareNet, "δ_j^l = Σ_k δ_k^{l+1} w_{jk}^l σ'(u_j^l)");
    expect(report.contract).toEqual([]);
    expect(report.notes[0]!.en).toContain("k runs over layer 2 (d2 = 4) and here over layer 0 (d0 = 4)");
    expect(named(report)).toEqual(["B4 BP2 1", "B4 BP2 2"]);
  });
});

describe("costs and activations", () => {
  it("δ = v - t is right for the cross entropy and wrong for the quadratic cost", () => {
    expect(formulas(network({ sizes: [3, 2], cost: "crossEntropy" }), "delta1 = v1 - t").verdict).toBe("correct");
    expect(roots(network({ sizes: [3, 2] }), "delta1 = v1 - t")).toEqual(["A2 BP1 1"]);
    expect(roots(network({ sizes: [3, 2], cost: "crossEntropy" }), "delta1 = (v1 - t) .* s'(u1)")).toEqual([
      "A3 BP1 1",
    ]);
  });

  it("softmax is no function of one neuron", () => {
    const net = network({ sizes: [4, 3, 3], activations: ["tanh", "softmax"], cost: "categoricalCrossEntropy" });
    expect(formulas(net, "delta2 = v2 - t; delta1 = (W2^T delta2) .* (1 - v1.^2)").verdict).toBe("correct");
    expect(roots(net, "delta2 = -t ./ v2 .* s'(u2)")).toEqual(["A13 BP1 2"]);
    expect(roots(net, "delta2 = (v2 - t) .* v2 .* (1 - v2)")).toEqual(["A14 BP1 2"]);
  });

  it("the sign of Haykin and a cost without ½ are conventions", () => {
    const haykin = formulas(threeNet, "delta2 = (t - v2) .* s'(u2); delta1 = (W2^T delta2) .* s'(u1)");
    expect(haykin).toMatchObject({ verdict: "correct", convention: { used: { deltaSign: -1 } } });
  });

  it("a linear, a tanh and a ReLU layer have their own σ′", () => {
    const net = network({ sizes: [3, 4, 3, 2], activations: ["relu", "tanh", "linear"] });
    expect(
      formulas(net, "delta3 = v3 - t; delta2 = W3^T delta3 .* (1 - v2.^2); delta1 = W2^T delta2 .* (u1 > 0)").verdict,
    ).toBe("correct");
    expect(formulas(net, "delta^L = (v^L - t) .* s'(u^L); delta^l = (W^{l+1})^T delta^{l+1} .* s'(u^l)").verdict).toBe(
      "correct",
    );
    expect(roots(net, "delta1 = W2^T delta2 .* v1 .* (1 - v1)")[0]).toMatch(/^B\d+ BP2 1$/);
  });
});
