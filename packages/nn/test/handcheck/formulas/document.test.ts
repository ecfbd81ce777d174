/**
 * The document's own formulas, copied character by character: what is right, what is wrong, and what gives nothing to
 * check.
 */

import { describe, expect, it } from "vitest";
import { formulas } from "../../../src/handcheck/formulas/formulas.ts";
import { network } from "../../../src/network/network.ts";
import { failure, named, threeNet } from "./support.ts";

const deeper = network({ sizes: [5, 4, 3, 2] });

describe("the layers M, I and J", () => {
  it.each([
    ["$w_{ij}(n+1)=\\Delta w_{ij}(n)+w_{ij}(n)$"],
    ["$\\Delta w_{ij}(n)=-\\eta\\dfrac{\\partial e(n)}{\\partial w_{ij}}$"],
    [
      "$\\dfrac{\\partial e(n)}{\\partial w_{ij}}\n=\\dfrac{\\partial e}{\\partial e_j}\n\\dfrac{\\partial e_j}{\\partial v_j}\n\\dfrac{\\partial v_j}{\\partial u_j}\n\\dfrac{\\partial u_j}{\\partial w_{ij}}$  ",
    ],
    ["$e=0.5\\sum e_j^2$  "],
    ["$v_j^J=\\sigma(u_j^J)$  "],
    [
      "$\\delta_j^J=\n\\dfrac{\\partial e}{\\partial e_j}\n\\dfrac{\\partial e_j}{\\partial v_j}\n\\dfrac{\\partial v_j}{\\partial u_j}$  ",
    ],
    ["$\\dfrac{\\partial e}{\\partial w_{ij}}\n=\\delta_j^Jv^I_i$  "],
    ["$\\Delta w_{ij}(n)=-\\eta \\delta_j^J v_i^I$  "],
    ["$\\Delta w_{mi}^I= - \\eta \\dfrac{\\partial e}{\\partial w_{mi}}$"],
    [
      "$\\dfrac{\\partial e}{\\partial w_{mi}}\n=\\dfrac{\\partial e}{\\partial v_i^I}\n\\dfrac{\\partial v_i^I}{\\partial u_i^I}\n\\dfrac{\\partial u_i^I}{\\partial w_{mi}}$  ",
    ],
    ["$\\delta_i^I=\n\\dfrac{\\partial e}{\\partial v_i}\n\\dfrac{\\partial v_i}{\\partial u_i}$"],
    ["$\\dfrac{\\partial e}{\\partial v_i^I}=\\sum\\limits_{j\\in J}\\delta_j^Jw_{ij}$"],
    ["$\\delta_i^I=\n    \\sum\\limits_{j\\in J}\\delta_j^Jw_{ij}\n    \\dfrac{\\partial v_i}{\\partial u_i}$  "],
    ["$\\Delta w_{mi}^I=-\\eta \\delta_i^I v_m^M$  "],
  ])("%s is right", (text) =>
    expect(formulas(threeNet, text)).toMatchObject({ verdict: "correct", roots: [], contract: [], notes: [] }),
  );

  it("$u_j^J=\\sum\\limits_{i\\in I}w_{ij}v_i^I $ lacks its bias", () => {
    const forgotten = formulas(threeNet, "$u_j^J=\\sum\\limits_{i\\in I}w_{ij}v_i^I $  ");
    expect(forgotten).toMatchObject({ verdict: "forward-wrong", roots: [{ equation: "forward", layer: 2 }] });
  });

  it("the last layer is linear or has a sigmoid: the same formula, two derivatives", () => {
    const text =
      "$\\delta_j^J=\\dfrac{\\partial e}{\\partial e_j}\\dfrac{\\partial e_j}{\\partial v_j}\\sigma'(u_j^J)$; ";
    expect(formulas(network({ sizes: [3, 4, 2], activations: ["sigmoid", "linear"] }), text).verdict).toBe("correct");
    expect(formulas(threeNet, text).verdict).toBe("correct");
    const sigmoid = "$\\delta_j^J=(v_j^J-t_j) v_j^J (1-v_j^J)$";
    expect(formulas(network({ sizes: [3, 4, 2], activations: ["sigmoid", "linear"] }), sigmoid).verdict).toBe(
      "mistake",
    );
  });

  it.each([
    ["$\\dfrac{\\partial e}{\\partial e_j}=e_j=t_j-v_j^J$", "this is no quantity that is checked"],
    ["$\\dfrac{\\partial e_j}{\\partial v_j}=-1$", "this is no quantity that is checked"],
    ["$\\dfrac{\\partial v_j}{\\partial u_j}=\\sigma'(u_j^J)$", "this is no quantity that is checked"],
    ["$\\dfrac{dy}{dz}= y(1-y)$", "this is no quantity that is checked"],
    ["$e_j=t_j-v_j^J$", "nothing here is checked"],
    ["$v=\\sigma(u)$", "which layer?"],
    ["$z=b+\\sum\\limits_ix_iw_i$", "which layer?"],
    ["$\\delta_j^l=\\dfrac{\\partial C}{\\partial u_j^l}$", "this is only another name of the left side"],
    [
      "$\\dfrac{\\partial C}{\\partial w_i}\\approx \\dfrac{C(w+\\varepsilon e_i)-C(w)}{\\varepsilon}$",
      "an approximation is no formula to check",
    ],
  ])("%s gives nothing to check", (text, says) =>
    expect(failure(() => formulas(threeNet, text)).says.en).toContain(says),
  );
});

describe("BP1 to BP4", () => {
  it.each([
    ["$\\delta^L=\\nabla_vC \\odot \\sigma'(u^L)$  "],
    ["$\\delta_j^L=\\dfrac{\\partial C}{\\partial v_j}\\dfrac{\\partial v_j^L}{\\partial u_j^L} ,\\forall j$  "],
    ["$\\dfrac{\\partial C}{\\partial b_j^l}=\\delta_j^l$  "],
    ["$\\dfrac{\\partial C}{\\partial b^l}=\\delta^l$  "],
    ["$\\dfrac{\\partial C}{\\partial w_{jk}^l}=v^{l-1}_k\\delta_j^l$  "],
  ])("%s is right", (text) => {
    for (const net of [threeNet, deeper])
      expect(formulas(net, text)).toMatchObject({ verdict: "correct", roots: [], contract: [], notes: [] });
  });

  it("BP1 in scalar form holds for softmax in no neuron alone", () => {
    const softmax = network({ sizes: [4, 3, 3], activations: ["tanh", "softmax"], cost: "categoricalCrossEntropy" });
    expect(
      formulas(
        softmax,
        "$\\delta_j^L=\\dfrac{\\partial C}{\\partial v_j}\\dfrac{\\partial v_j^L}{\\partial u_j^L} ,\\forall j$",
      ).verdict,
    ).toBe("mistake");
  });

  it("BP2 in vector form has one parenthesis too many, and is right without it", () => {
    const text = "$\\delta^l=((w^{l+1})^T\\delta^{l+1}))\\odot \\sigma'(u^l)$  ";
    const error = failure(() => formulas(deeper, text));
    expect(error).toMatchObject({ kind: "syntax", line: 1, column: 36 });
    expect(error.message.split("\n")).toEqual([
      "formulas: line 1, column 36: one closing parenthesis too many: nothing is open here; without it: δ^l = W^{l+1}ᵀ δ^{l+1} ⊙ σ′(u^l)",
      "  $\\delta^l=((w^{l+1})^T\\delta^{l+1}))\\odot \\sigma'(u^l)$  ",
      `  ${" ".repeat(35)}^`,
    ]);
    expect(formulas(deeper, text.replace("}))", "})")).verdict).toBe("correct");
  });

  const scalar =
    "- 标量形式：$\\delta_j^l=\\dfrac{\\partial C}{\\partial u_j^l}=\\sum_k\\dfrac{\\partial C}{\\partial u_j^{l+1}}\\dfrac{\\partial u_k^{l+1}}{\\partial v_j^l}\\dfrac{\\partial v_j^l}{\\partial u_j^l}=\\sum_k\\delta_k^{l+1}w_{jk}^l \\sigma'(u_j^l)$";

  const report = formulas(deeper, scalar);

  it("BP2 in scalar form: the last sum has the wrong layer and the wrong order of indices", () => {
    expect(report.verdict).toBe("mistake");
    expect(named(report)).toEqual(["B4 BP2 1", "B4 BP2 2"]);
    // Layers of different widths have no such sum at all.
    expect(report.contract[0]!.en).toContain("k runs over layer 2 (d2 = 3) and here over layer 0 (d0 = 5)");
    expect(report.formulas[0]!.text).toBe(
      "δ_j^l = δ_j^l = Σ_k δ_j^{l+1} ∂u_k^{l+1}/∂v_j^l ∂v_j^l/∂u_j^l = Σ_k δ_k^{l+1} w_{jk}^l σ′(u_j^l)",
    );
  });

  it("BP2 in scalar form: the middle sum has j where the summed k belongs", () => {
    const [middle] = report.steps;
    expect(middle).toMatchObject({ line: 1, text: "Σ_k δ_j^{l+1} ∂u_k^{l+1}/∂v_j^l ∂v_j^l/∂u_j^l", right: false });
    expect(middle!.problem!.en).toContain("j runs over layer 1");
    const [mended] = formulas(deeper, scalar.replace("\\partial u_j^{l+1}", "\\partial u_k^{l+1}")).steps;
    expect(mended).toMatchObject({ right: true, problem: null, roots: [] });
  });

  it("BP2 in scalar form, mended, is right", () => {
    const mended = scalar.replace("\\partial u_j^{l+1}", "\\partial u_k^{l+1}").replace("w_{jk}^l", "w_{kj}^{l+1}");
    expect(formulas(deeper, mended)).toMatchObject({
      verdict: "correct",
      roots: [],
      contract: [],
      steps: [{ right: true }],
    });
  });

  it("BP4 in vector form is the product of two columns; read as the matrix it is meant to be, it is transposed", () => {
    const outer = formulas(deeper, "向量形式$\\dfrac{\\partial C}{\\partial w}=v^{l-1}\\delta^{l}$(其实是矩阵形式)  ");
    expect(named(outer)).toEqual(["D1 BP4 1", "D1 BP4 2", "D1 BP4 3"]);
    expect(outer.notes.map(({ en }) => en)).toEqual([
      "line 1, column 6: the left side has no layer: it is read at layer l",
      "line 1, column 37: at l = 1: v^{l-1} is d0×1 and \\delta^{l} is d1×1: two columns have no product; it is read as v^{l-1} (\\delta^{l})^T, a d0×d1 matrix",
    ]);
  });

  it("all together, with the parenthesis taken away: two roots in four equations", () => {
    const text = [
      "输出层$\\delta^L=\\nabla_vC \\odot \\sigma'(u^L)$  ",
      "上式是向量形式表达的，解释如下：  ",
      "- $\\odot$是向量对应项乘积",
      "$\\delta^l=((w^{l+1})^T\\delta^{l+1})\\odot \\sigma'(u^l)$  ",
      "### BP3",
      "向量形式$\\dfrac{\\partial C}{\\partial b^l}=\\delta^l$  ",
      "向量形式$\\dfrac{\\partial C}{\\partial w}=v^{l-1}\\delta^{l}$(其实是矩阵形式)  ",
    ].join("\n");
    expect(named(formulas(threeNet, text))).toEqual(["D1 BP4 1", "D1 BP4 2"]);
  });
});
