/** Everything that is no formula, or fits no network, is refused at its exact place, with what was expected. */

import { describe, expect, it } from "vitest";
import { formulas } from "../../../src/handcheck/formulas/formulas.ts";
import { network } from "../../../src/network/network.ts";
import { failure, squareNet, threeNet } from "./support.ts";

/** The text, the kind, line and column, the characters that are marked, and words of the message. */
type Case = readonly [text: string, kind: string, line: number, column: number, marked: string, says: string];

const whatCannotBeRead: readonly Case[] = [
  ["", "syntax", 1, 1, "", "there is no formula: expected one such as δ² = (v² - t) ⊙ σ′(u²)"],
  ["# only a comment", "syntax", 1, 17, "", "there is no formula: expected one such as δ² = (v² - t) ⊙ σ′(u²)"],
  ["hello", "syntax", 1, 6, "", "expected = after the left side, found the end of the text"],
  ["delta2 =", "syntax", 1, 8, "=", "nothing stands to the right of this sign"],
  ["= v2", "syntax", 1, 1, "=", "expected a quantity, a number or a parenthesis, found ="],
  ["delta2 = (v2 - t", "syntax", 1, 10, "(", "this ( is never closed: one ) is missing"],
  [
    "delta2 = v2 - t)",
    "syntax",
    1,
    16,
    ")",
    "one closing parenthesis too many: nothing is open here; without it: δ² = v² - t",
  ],
  ["delta2 = (v2 - t]", "syntax", 1, 17, "]", "( is closed by ]: expected )"],
  ["delta2 = ()", "syntax", 1, 10, "()", "nothing stands in these parentheses"],
  ["delta2 = v2 -", "syntax", 1, 13, "-", "nothing stands to the right of this sign"],
  ["delta2 = .* v2", "syntax", 1, 10, ".*", "expected a quantity, a number or a parenthesis, found .*"],
  ["delta2 = v2 .* * t", "syntax", 1, 16, "*", "expected a quantity, a number or a parenthesis, found *"],
  ["delta2 = s'", "syntax", 1, 10, "s'", "s′ needs its argument in parentheses: s′(u)"],
  ["delta2 = s'(u2", "syntax", 1, 12, "(", "this ( is never closed: one ) is missing"],
  ["delta2 = σ′ ⊙ v2", "syntax", 1, 10, "σ′", "σ′ needs its argument in parentheses: σ′(u)"],
  ["delta2 = s''(u2)", "syntax", 1, 12, "'", "a second derivative does not occur in backpropagation"],
  ["delta2 = s'()", "syntax", 1, 13, ")", "s has no argument"],
  ["delta2 = v2 ? t", "syntax", 1, 13, "?", "? has no meaning in a formula"],
  ["delta2 = v2 \\foo t", "syntax", 1, 13, "\\foo", "the command \\foo is not known here"],
  ["\\delta^2 = \\frac{v^2}{}", "syntax", 1, 22, "{}", "nothing stands in these braces"],
  ["\\delta^{2 = v^2", "syntax", 1, 8, "{", "this { is never closed: one } is missing"],
  ["so $\\delta^2 = v^2", "syntax", 1, 4, "$", "this $ has no partner: formulas stand between two of them"],
  ["delta2 = v2 == t", "syntax", 1, 13, "==", "expected an operator or the end of the formula, found =="],
  [
    "v2 - t = delta2",
    "syntax",
    1,
    1,
    "v2 - t",
    "the left side must be one quantity, such as δ², ∂C/∂W², ∂C/∂b², u¹, v¹ or ΔW²",
  ],
  ["delta2 = sum(v2, 3)", "syntax", 1, 18, "3", "expected an axis, 1 or 2"],
  ["delta2 = v2.bar", "syntax", 1, 12, ".bar", ".bar is not known here: .T, .dot, .sum and .mean are"],
  ["delta2 = np.dot(v2)", "syntax", 1, 12, ".dot(v2)", "dot takes 2 arguments, 1 given"],
  ["delta2 = np.sum(v2, foo=1)", "syntax", 1, 21, "foo", "sum has no argument foo here: axis and keepdims are known"],
  ["∂C/W2 = v2", "syntax", 1, 4, "W2", "expected ∂ and a quantity, found W2"],
  ["delta2 = ∇ v2", "syntax", 1, 12, "v2", "expected the cost C after ∇, found v2"],
  ["\\delta^2 = \\hat{u}", "syntax", 1, 17, "u", "expected y under the hat: ŷ is the output, found u"],
  ["C(w) \\approx 3", "syntax", 1, 6, "\\approx", "an approximation is no formula to check: expected ="],
  ["delta2 = (v2 - t)^l", "syntax", 1, 19, "l", "only a quantity such as W has a layer"],
  ["delta2 = ΔT", "syntax", 1, 11, "T", "expected W or b after Δ, found T"],
  ["delta2 = 1e999", "syntax", 1, 10, "1e999", "this number is larger than any that can be computed with"],
  ["W2 += v2 -= v1", "syntax", 1, 10, "-=", "expected an operator or the end of the formula, found -="],
  ["delta2 = v2 } t", "syntax", 1, 13, "}", "one closing brace too many: nothing is open here; without it: δ² = v² t"],
  [
    "delta2 = v2 - t\ndelta1 = W2^T delta2)",
    "syntax",
    2,
    21,
    ")",
    "one closing parenthesis too many: nothing is open here; without it: δ¹ = W²ᵀ δ²",
  ],
  ["delta2 = (v2 - t\ndb2 = delta2", "syntax", 1, 10, "(", "this ( is never closed: one ) is missing"],
  ["W' = t", "syntax", 1, 1, "W'", "the left side must be one quantity, such as δ², ∂C/∂W², ∂C/∂b², u¹, v¹ or ΔW²"],
  [
    "delta2 = v2_1_2",
    "name",
    1,
    10,
    "v2_1_2",
    "v2_1_2 is not known: expected one of W, b, u, v, x, t, δ, ∂C/∂W, ∂C/∂b, N, η, λ with its layer, or a name defined in another formula",
  ],
];

const namesAndLayers: readonly Case[] = [
  [
    "delta2 = v2 - q .* s'(u2)",
    "name",
    1,
    15,
    "q",
    "q is not known: expected one of W, b, u, v, x, t, δ, ∂C/∂W, ∂C/∂b, N, η, λ with its layer, or a name defined in another formula",
  ],
  ["delta2 = np.foo(v2)", "name", 1, 12, ".foo", "the function foo is not known here"],
  [
    "∂C/∂q = v2",
    "name",
    1,
    1,
    "∂C/∂q",
    "nothing here is checked: give a formula for δ, ∂C/∂W, ∂C/∂b, u, v, ΔW, Δb or C",
  ],
  ["delta2 = ∂q/∂u2", "name", 1, 11, "q", "q is no quantity that can be differentiated here"],
  [
    "∂v2/∂u2 = v2",
    "name",
    1,
    1,
    "∂v2/∂u2",
    "this is no quantity that is checked: expected u, v, δ, ∂C/∂v, ∂C/∂W, ∂C/∂b, ΔW, Δb, C or a name of your own on the left",
  ],
  ["delta2 = ∂C/∂t", "name", 1, 10, "∂C/∂t", "the cost has no derivative with respect to this quantity here"],
  [
    "delta2 = ∂u2/∂u1",
    "name",
    1,
    10,
    "∂u2/∂u1",
    "this derivative is no single factor of the chain: ∂u^{l+1}/∂v^l, ∂v^l/∂u^l, ∂u^l/∂w^l, ∂u^l/∂b^l and ∂e/∂v are",
  ],
  ["delta2 = ∇_q C", "name", 1, 12, "q", "there is no gradient with respect to q here"],
  [
    "t = v2",
    "name",
    1,
    1,
    "t",
    "this is no quantity that is checked: expected u, v, δ, ∂C/∂v, ∂C/∂W, ∂C/∂b, ΔW, Δb, C or a name of your own on the left",
  ],
  ["q = v2", "name", 1, 1, "q", "nothing here is checked: give a formula for δ, ∂C/∂W, ∂C/∂b, u, v, ΔW, Δb or C"],
  [
    "delta2 = delta2",
    "name",
    1,
    10,
    "delta2",
    "this is only another name of the left side: there is nothing to compute",
  ],
  [
    "delta1 = W2^T delta2; delta2 = W2 delta1",
    "name",
    1,
    1,
    "delta1",
    "this quantity is defined by itself, directly or through others",
  ],
  ["delta4 = v2 - t", "layer", 1, 1, "delta4", "layer 4 does not exist: the network has the layers 1 to 2"],
  ["delta2 = W3^T delta2", "layer", 1, 10, "W3^T", "layer 3 does not exist: the network has the layers 1 to 2"],
  [
    "delta = v - t",
    "layer",
    1,
    1,
    "delta",
    "which layer? Write its number, as in δ², from 1 to 2, or ^l for every layer",
  ],
  [
    "delta^l = W^{l+5} delta^{l+1}",
    "layer",
    1,
    1,
    "delta^l",
    "no layer of this network has every quantity of this formula: its layers are 1 to 2",
  ],
  [
    "delta2 = s'(u^l)",
    "layer",
    1,
    1,
    "delta2",
    "the right side depends on l, the left side does not: give the left side the layer l",
  ],
];

const indices: readonly Case[] = [
  [
    "delta_j^l = delta_k^{l+1} w_{kj}^{l+1} s'(u_j^l)",
    "index",
    1,
    13,
    "delta_k^{l+1}",
    "k is neither on the left nor summed: write Σ_k before it",
  ],
  [
    "delta_j^l = sum_j delta_j^{l+1} w_{jk}^{l+1}",
    "index",
    1,
    13,
    "sum_j delta_j^{l+1} w_{jk}^{l+1}",
    "j is summed, but it stands on the left too: take another letter",
  ],
  ["delta_j^l = sum_k delta_j^l", "index", 1, 13, "sum_k delta_j^l", "k does not occur in what is summed"],
  [
    "delta_j^l = sum_k delta_k^{l+1} w_{kji}^{l+1}",
    "index",
    1,
    35,
    "{kji}",
    "3 indices, k and j and i, where 2 are needed",
  ],
  [
    "delta_j^l = sum_k delta_k^{l+1} w_{k}^{l+1}",
    "index",
    1,
    33,
    "w_{k}^{l+1}",
    "a weight has two indices, to which neuron and from which, as in w_{jk}",
  ],
  [
    "delta_1^2 = v_1^2",
    "index",
    1,
    1,
    "delta_1^2",
    "write the formula for any neuron, with a letter such as j, not for a single one",
  ],
  ["delta_jk^2 = v_j^2", "index", 1, 7, "jk", "2 indices, j and k, where one is needed"],
  [
    "dC/dw_{jj}^2 = delta_j v_j",
    "index",
    1,
    1,
    "dC/dw_{jj}^2",
    "the two indices on the left are the same: w_{jk} has two",
  ],
  ["delta_j^2 = v_j^2 - v_9^2", "index", 1, 21, "v_9^2", "there is no neuron 9 in layer 2, which has 3"],
  [
    "delta_j^2 = Σ w_{jk}^2 v_i^1",
    "index",
    1,
    13,
    "Σ w_{jk}^2 v_i^1",
    "over which index is summed, k or i? Write it below the Σ",
  ],
  ["delta_j^2 = Σ_K v_j^2", "index", 1, 15, "K", "K is no index: write a small letter, as in Σ_k"],
];

const shapes: readonly Case[] = [
  [
    "delta2 = (v2 - t) s'(u2)",
    "shape",
    1,
    10,
    "(v2 - t) s'(u2)",
    "v2 - t is d2×1 and s'(u2) is d2×1: two columns have no matrix product: write (v2 - t) ⊙ s'(u2) for entry by entry, or (v2 - t) (s'(u2))^T for a matrix",
  ],
  [
    "delta1 = W2^T delta2 s'(u1)",
    "shape",
    1,
    10,
    "W2^T delta2 s'(u1)",
    "W2^T delta2 is d1×1 and s'(u1) is d1×1: two columns have no matrix product: write W2^T delta2 ⊙ s'(u1) for entry by entry, or W2^T delta2 (s'(u1))^T for a matrix",
  ],
  [
    "delta2 = v2 - t^T",
    "shape",
    1,
    10,
    "v2 - t^T",
    "v2 is d2×1 and t^T is 1×d2: they cannot be added; v2 and the transpose of t^T fit",
  ],
  ["delta2 = v2 t^T", "shape", 1, 10, "v2 t^T", "delta2 is d2×1, the right side is d2×d2"],
  [
    "dW2 = delta2 .* v1",
    "shape",
    1,
    7,
    "delta2 .* v1",
    "delta2 is d2×1 and v1 is d1×1: they cannot be combined entry by entry unless d2 = d1",
  ],
  ["dW2 = delta2", "shape", 1, 7, "delta2", "dW2 is d2×d1, the right side is d2×1"],
  ["delta2 = diag(W2) t", "shape", 1, 10, "diag(W2)", "diag needs a vector, W2 is d2×d1"],
  [
    "delta_j^2 = (v2 - t) s'(u_j^2)",
    "shape",
    1,
    13,
    "(v2 - t) s'(u_j^2)",
    "the left side is one number for each index, the right side a d2×1 matrix: write its indices",
  ],
  [
    "delta_j^2 = Σ_k W2 v_k^1",
    "shape",
    1,
    17,
    "W2 v_k^1",
    "a sum over k adds numbers, but here stands a d2×d1 matrix without its index",
  ],
  ["delta2 = v2 + W2", "shape", 1, 10, "v2 + W2", "v2 is d2×1 and W2 is d2×d1: they cannot be added"],
];

describe.each([
  ["what cannot be read", whatCannotBeRead],
  ["names and layers", namesAndLayers],
  ["indices", indices],
  ["shapes", shapes],
] as const)("%s", (_, cases) => {
  it.each(cases)("%s", (text, kind, line, column, marked, says) => {
    const error = failure(() => formulas(threeNet, text));
    expect(error).toMatchObject({ name: "FormulaError", kind, line, column });
    expect(error.says.en).toBe(says);
    // The other language says it too, and not in English.
    expect(error.says.zh).toMatch(/[\u4e00-\u9fff]/);
    expect(error.message).toBe(`formulas: line ${line}, column ${column}: ${says}\n${error.mark}`);
    const [shown, carets] = error.mark.split("\n") as [string, string];
    expect(shown.slice(2)).toBe(text.split("\n")[line - 1]);
    expect(carets.length - carets.trimStart().length - 2).toBe(column - 1);
    expect(shown.slice(carets.indexOf("^"), carets.length)).toBe(marked);
  });
});

describe("the place of an error", () => {
  it("keeps tabs above the mark", () => {
    expect(failure(() => formulas(threeNet, "\tdelta2 = v2 ? t")).mark).toBe("  \tdelta2 = v2 ? t\n  \t            ^");
  });

  it("is within a line although the formula goes on", () => {
    const error = failure(() => formulas(threeNet, "delta2 = (v2 -\n  t) s'(u2)"));
    expect(error).toMatchObject({ line: 1, column: 10 });
    expect(error.mark).toBe("  delta2 = (v2 -\n           ^^^^^");
  });

  it("counts lines of Windows", () => {
    const error = failure(() => formulas(threeNet, "db2 = delta2\r\ndelta2 = v2 ? t\r\n"));
    expect(error).toMatchObject({ line: 2, column: 13 });
    expect(error.mark).toBe("  delta2 = v2 ? t\n              ^");
  });
});

describe("a network with functions of the user's own", () => {
  it("has no formulas", () => {
    const own = network({ sizes: [2, 2], activations: (u) => u });
    expect(() => formulas(own, "delta1 = v1 - t")).toThrow("formulas: the network has a function of your own");
  });
});

describe("shapes that fit by accident", () => {
  it("are read, and noted", () => {
    const { notes, verdict } = formulas(squareNet, "delta2 = W3 delta3 .* s'(u2)");
    expect(verdict).toBe("mistake");
    expect(notes.map(({ en }) => en)).toEqual([
      "line 1, column 10: W3 is d3×d2 and delta3 is d3×1: W3^T delta3 fits, W3 delta3 does not unless d2 = d3",
    ]);
  });
});
