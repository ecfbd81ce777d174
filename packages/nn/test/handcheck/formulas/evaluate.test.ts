/** Correct formulas in every syntax give the witness's numbers. */

import { describe, expect, it } from "vitest";
import { deep, expectTruth, given, handOf, three, world, type World } from "./support.ts";

type Case = readonly [text: string, gives: readonly string[]];

const check = (make: (samples: number) => World, [text, gives]: Case): void => {
  for (const samples of [7, 1]) {
    const one = make(samples);
    const hand = handOf(one, text);
    expect(given(hand)).toEqual([...gives].sort());
    expectTruth(one, hand);
  }
};

const delta2 = ["delta 2"];
const delta1 = ["delta 1"];

describe("plain text", () => {
  it.each<Case>([
    ["delta2 = (v2 - t) .* s'(u2)", delta2],
    ["delta_2 = (v_2 - t) .* s'(u_2)", delta2],
    ["d2 = (a2 - y) .* sigma'(z2)", delta2],
    ["dz2 = (a2 - y) .* sigmoid'(z2)", delta2],
    ["dZ2 = (A2 - Y) .* sigmoid_prime(Z2)", delta2],
    ["δ2 = (v2 − t) ⊙ σ'(u2)", delta2],
    ["δ² = (v² − t) ⊙ σ′(u²)", delta2],
    ["δ₂ = (v₂ − t) ∘ σ′(u₂)", delta2],
    ["δ^2 = (v^2 - t) ⊙ σ'(u^2)", delta2],
    ["δ^(2) = (v^(2) - t) ⊙ σ'(u^(2))", delta2],
    ["δ^L = ∇_v C ⊙ σ'(u^L)", delta2],
    ["δ^L = ∇C ⊙ σ_L'(u^L)", delta2],
    ["delta^L = nabla_a C .* sigma'(z^L)", delta2],
    ["delta^L = grad_v C .* s'(u^L)", delta2],
    ["delta2 = -(t - v2) .* v2 .* (1 - v2)", delta2],
    ["delta2 = (v2 - t) .* (v2 - v2.^2)", delta2],
    ["delta2 = (v2 - t) .* (v2 - v2^2)", delta2],
    ["delta2 = -e .* s'(u2)", delta2],
    ["delta2 = diag(s'(u2)) (v2 - t)", delta2],
    ["delta2 = 1/2 * 2 * (v2 - t) .* s'(u2)", delta2],
    ["delta2 = (yhat - y) .* s'(u2)", delta2],
    ["delta2 = (v2 - t) .* exp(-u2) ./ (1 + exp(-u2)).^2", delta2],
    ["delta2 = dC/dv2 .* s'(u2)", delta2],
    ["delta2 = ∂C/∂v² ⊙ σ′(u²)", delta2],
    ["delta2 = (v2 - t) .* s'(u2) # a comment", delta2],
    ["delta2 = (v2 - t) .* s'(u2) % a comment", delta2],
    ["// a comment\ndelta2 = (v2 - t) .* s'(u2)", delta2],
    ["delta2 = (v2 - t)\n  .* s'(u2)", delta2],
    ["delta2 = (v2 -\n t) .* s'(u2)", delta2],
    ["delta1 = (W2^T delta2) .* s'(u1)", delta1],
    ["delta1 = W2^T delta2 .* s'(u1)", delta1],
    ["delta1 = s'(u1) .* W2^T delta2", delta1],
    ["delta1 = W2' * delta2 .* sig'(u1)", delta1],
    ["delta1 = (W2' * delta2) .* (v1 .* (1 - v1))", delta1],
    ["delta1 = (delta2' * W2)' .* s'(u1)", delta1],
    ["δ¹ = (W²ᵀ δ²) ⊙ σ′(u¹)", delta1],
    ["δ¹ = ((W²)ᵀδ²) ⊙ σ′(u¹)", delta1],
    ["δˡ = ((Wˡ⁺¹)ᵀ δˡ⁺¹) ⊙ σ′(uˡ)", delta1],
    ["δˡ = (Wˡ⁺¹)⊤ δˡ⁺¹ ⊙ σ′(uˡ)", delta1],
    ["δᴵ = ((Wᴶ)ᵀ δᴶ) ⊙ σ′(uᴵ)", delta1],
    ["delta^l = ((W^{l+1})^T delta^{l+1}) .* s'(u^l)", delta1],
    ["delta^l = (W^(l+1)^T delta^(l+1)) .* s'(u^l) for l = L-1, ..., 1", delta1],
    ["delta^l = diag(s'(u^l)) (W^{l+1})^T delta^{l+1}", delta1],
    ["da1 = W2^T delta2; dz1 = da1 .* g'(z1)", delta1],
    ["q = W2^T delta2; delta1 = q .* s'(u1)", delta1],
    ["delta1 = ∂C/∂v¹ ⊙ σ′(u¹)", delta1],
    ["dW2 = delta2 v1^T ; db2 = delta2", ["gradW 2", "gradB 2"]],
    ["dW2 = delta2 * v1' ; db2 = delta2", ["gradW 2", "gradB 2"]],
    ["∂C/∂W² = δ² (v¹)ᵀ\n∂C/∂b² = δ²", ["gradW 2", "gradB 2"]],
    ["dC/dW2 = delta2 v1^T; dC/db2 = delta2", ["gradW 2", "gradB 2"]],
    ["dC_dW1 = delta1 x^T; grad_b1 = delta1", ["gradW 1", "gradB 1"]],
    ["dW^l = delta^l (v^{l-1})^T; db^l = delta^l", ["gradW 1", "gradW 2", "gradB 1", "gradB 2"]],
    ["dW2 = 1/N delta2 v1^T; db2 = delta2 / N", ["gradW 2", "gradB 2"]],
    ["dW2 = (1/N) Σ_n δ² (v¹)ᵀ", ["gradW 2"]],
    ["dW2 = outer(delta2, v1)", ["gradW 2"]],
    [
      "u1 = W1 x + b1; v1 = s(u1); u2 = W2 v1 + b2; v2 = s(u2); C = 0.5 sum((t - v2).^2)",
      ["u 1", "u 2", "v 1", "v 2", "cost"],
    ],
    ["v2 = 1 ./ (1 + exp(-u2))", ["v 2"]],
    ["W2 = W2 - eta delta2 v1^T; b2 -= eta*delta2", ["W 2", "b 2"]],
    ["W^l = W^l - η ∂C/∂W^l", ["W 1", "W 2"]],
    ["W2 := W2 - η/N δ² (v¹)ᵀ", ["W 2"]],
    ["ΔW2 = -η δ² (v¹)ᵀ; Δb2 = -η δ²", ["W 2", "b 2"]],
    ["W2^{new} = W2 + ΔW2", ["W 2"]],
    [
      "delta2 = (v2 - t) .* s'(u2); delta1 = (W2^T delta2) .* s'(u1); W2 -= eta*dW2; dW2 = delta2 v1^T",
      ["delta 1", "delta 2", "gradW 2", "W 2"],
    ],
  ])("%s", (...one) => check(three, one));
});

describe("lines of NumPy and MATLAB", () => {
  const batch = ["gradB 1", "gradB 2", "gradW 1", "gradW 2", "delta 1", "delta 2"];
  it.each<Case>([
    [
      `dZ2 = (A2 - Y) * A2 * (1 - A2)
      dW2 = 1/m * np.dot(dZ2, A1.T)
      db2 = 1/m * np.sum(dZ2, axis=1, keepdims=True)
      dZ1 = np.multiply(np.dot(W2.T, dZ2), A1 * (1 - A1))
      dW1 = 1./m * np.dot(dZ1, X.T)
      db1 = np.mean(dZ1, axis=1, keepdims=True)`,
      batch,
    ],
    [
      `d2 = (a2 - y) * a2 * (1 - a2)  # samples as rows, W in × out
      dW2 = a1.T @ d2 / N
      db2 = d2.mean(axis=0)
      d1 = (d2 @ W2.T) * (a1 - a1**2)
      dW1 = X.T.dot(d1) / N
      db1 = np.sum(d1, axis=0) / N`,
      batch,
    ],
    [
      `dz2 = (a2 - y) * sigmoid_prime(z2)
      dz1 = dz2 @ W2 * sigmoid_prime(z1)
      dW2 = dz2.T @ a1 / m
      dW1 = dz1.T @ x / m
      db2 = dz2.sum(0) / m
      db1 = torch.sum(dz1, dim=0) / m`,
      batch,
    ],
    [
      `d2 = (a2 - y) .* a2 .* (1 - a2);
      d1 = W2' * d2 .* sigmoidGradient(z1);
      dW2 = d2 * a1' / m; dW1 = d1 * X' / m;
      db2 = sum(d2, 2) / m; db1 = mean(d1, 2)`,
      batch,
    ],
  ])("%s", (...one) => {
    const world7 = three(7);
    const hand = handOf(world7, one[0]);
    expect(given(hand)).toEqual([...one[1]].sort());
    expectTruth(world7, hand);
  });

  it("takes * as it is told", () => {
    expectTruth(three(), handOf(three(), "delta2 = (v2 - t) * s'(u2)", { star: "elementwise" }));
    expectTruth(three(), handOf(three(), "delta1 = W2.T * delta2 .* s'(u1)", { star: "matmul" }));
  });
});

describe("index notation", () => {
  it.each<Case>([
    ["delta_j^l = sum_k delta_k^{l+1} w_{kj}^{l+1} s'(u_j^l)", ["delta 1", "delta 2"]],
    ["delta_j^l = sum_k delta_k^{l+1} w_kj^{l+1} s'(u_j^l)", ["delta 1", "delta 2"]],
    ["δ_j^l = Σ_k δ_k^{l+1} w_{kj}^{l+1} σ'(u_j^l), ∀ j", ["delta 1", "delta 2"]],
    ["δⱼˡ = Σₖ δₖˡ⁺¹ wₖⱼˡ⁺¹ σ′(uⱼˡ)", ["delta 1", "delta 2"]],
    ["δ^l_j = σ'(z^l_j) Σ_k w^{l+1}_{kj} δ^{l+1}_k", ["delta 1", "delta 2"]],
    ["delta_i^2 = (sum_{k=1}^{2} delta_k^3 w_{ki}^3) v_i^2 (1 - v_i^2)", ["delta 2"]],
    ["δ_j^l = Σ_k ∂C/∂u_k^{l+1} ∂u_k^{l+1}/∂v_j^l ∂v_j^l/∂u_j^l", ["delta 1", "delta 2"]],
    ["δ_j^L = ∂C/∂v_j ∂v_j^L/∂u_j^L", ["delta 3"]],
    ["δ_j^L = Σ_k ∂C/∂v_k^L ∂v_k^L/∂u_j^L", ["delta 3"]],
    ["δ_j^L = (v_j^L - t_j) s'(u_j^L)", ["delta 3"]],
    ["dC/dw_{jk}^l = v_k^{l-1} delta_j^l", ["gradW 1", "gradW 2", "gradW 3"]],
    ["∂C/∂w_{jk}^l = (1/N) Σ_n v_k^{l-1} δ_j^l", ["gradW 1", "gradW 2", "gradW 3"]],
    ["dC/dw_{ij}^l = v_i^{l-1} delta_j^l", ["gradW 1", "gradW 2", "gradW 3"]],
    ["∂C/∂b_j^l = δ_j^l", ["gradB 1", "gradB 2", "gradB 3"]],
    ["u_j^l = Σ_k w_{jk}^l v_k^{l-1} + b_j^l; v_j^l = σ(u_j^l)", ["u 1", "u 2", "u 3", "v 1", "v 2", "v 3"]],
    ["C = 1/2 Σ_j (t_j - v_j^L)^2", ["cost"]],
    ["C = ½ Σ e_j²", ["cost"]],
    ["Δw_{jk}^l = -η δ_j^l v_k^{l-1}", ["W 1", "W 2", "W 3"]],
    [
      "δ_j^l = Σ_k δ_k^{l+1} w_{jk}^{l+1} σ'(u_j^l); ∂C/∂w_{kj}^l = v_k^{l-1} δ_j^l",
      ["delta 1", "delta 2", "gradW 1", "gradW 2", "gradW 3"],
    ],
  ])("%s", (...one) => check(deep, one));

  it("sums over all outputs where softmax mixes them", () => {
    const one = world([4, 3, 3], ["tanh", "softmax"], "categoricalCrossEntropy", 5);
    expectTruth(one, handOf(one, "δ_j^L = Σ_k ∂C/∂v_k^L ∂v_k^L/∂u_j^L"));
    expectTruth(one, handOf(one, "δ^L = v^L - t; v^L = softmax(u^L)"));
  });
});

describe("LaTeX", () => {
  it.each<Case>([
    ["\\delta^l = ((w^{l+1})^T \\delta^{l+1}) \\odot \\sigma'(u^l)", ["delta 1", "delta 2"]],
    [
      "$\\delta^l = \\left((w^{l+1})^\\top \\delta^{l+1}\\right) \\odot \\sigma'\\left(u^l\\right)$",
      ["delta 1", "delta 2"],
    ],
    ["\\delta^{l} = {w^{l+1}}^{T} \\delta^{l+1} \\circ \\sigma^{\\prime}(u^{l})", ["delta 1", "delta 2"]],
    [
      "\\mathbf{\\delta}^{l} = (\\mathbf{W}^{l+1})^{\\mathsf{T}} \\boldsymbol{\\delta}^{l+1} \\odot \\sigma_l'(\\mathbf{u}^{l})",
      ["delta 1", "delta 2"],
    ],
    ["\\delta^{x,l} = ((w^{l+1})^T \\delta^{x,l+1}) \\odot \\sigma'(z^{x,l})", ["delta 1", "delta 2"]],
    ["$$\\delta_j^l = \\sum_k \\delta_k^{l+1} w_{kj}^{l+1} \\sigma'(u_j^l)$$", ["delta 1", "delta 2"]],
    [
      "\\delta_j^l = \\sum\\limits_{k} \\delta_k^{l+1} \\cdot w_{kj}^{l+1} \\cdot \\sigma'(u_j^l)",
      ["delta 1", "delta 2"],
    ],
    ["\\delta^l_j = \\sum_{k=1}^{n} w^{l+1}_{kj}\\,\\delta^{l+1}_k\\,\\sigma'(z^l_j)", ["delta 1", "delta 2"]],
    ["\\delta^L = \\nabla_v C \\odot \\sigma'(u^L)", ["delta 3"]],
    ["\\delta^L = \\nabla_{v^L}C \\odot \\sigma'(u^L)", ["delta 3"]],
    ["\\delta^L = \\frac{\\partial C}{\\partial v^L} \\odot \\sigma'(u^L)", ["delta 3"]],
    ["\\frac{\\partial C}{\\partial w_{jk}^l} = v_k^{l-1}\\delta_j^l", ["gradW 1", "gradW 2", "gradW 3"]],
    ["\\dfrac{\\partial C}{\\partial W^{l}} = \\delta^{l} (v^{l-1})^{\\top}", ["gradW 1", "gradW 2", "gradW 3"]],
    ["\\frac{dC}{db^l} = \\delta^l", ["gradB 1", "gradB 2", "gradB 3"]],
    ["dW^{[2]} = \\frac{1}{m} dZ^{[2]} A^{[1]T}", ["gradW 2"]],
    ["dZ^{[2]} = W^{[3]T} dZ^{[3]} \\odot g'(Z^{[2]})", ["delta 2"]],
    ["\\[ \\frac{\\partial C}{\\partial b_j^l} = \\delta_j^l \\]", ["gradB 1", "gradB 2", "gradB 3"]],
    [
      "\\begin{align}\n\\delta^L &= \\nabla_v C \\odot \\sigma'(u^L) \\\\\n\\delta^l &= (w^{l+1})^T\\delta^{l+1} \\odot \\sigma'(u^l)\n\\end{align}",
      ["delta 1", "delta 2", "delta 3"],
    ],
    ["\\delta^L\n&= \\nabla_v C\n\\odot \\sigma'(u^L)", ["delta 3"]],
    ["The output layer has $\\delta^L=(v^L-t)\\odot\\sigma'(u^L)$, with $\\odot$ entry by entry.", ["delta 3"]],
    ["W^{l} \\leftarrow W^{l} - \\eta \\frac{\\partial C}{\\partial W^{l}}", ["W 1", "W 2", "W 3"]],
    ["v^L = \\frac{1}{1 + e^{-u^L}}", ["v 3"]],
  ])("%s", (...one) => check(deep, one));
});

describe("what is defined", () => {
  it("is used where it is named, the truth elsewhere", () => {
    const doubled = handOf(three(), "delta2 = 2 (v2 - t) .* s'(u2); delta1 = (W2^T delta2) .* s'(u1)");
    const single = handOf(three(), "delta1 = (W2^T delta2) .* s'(u1)");
    const [a, b] = [doubled.delta![1] as number[][], single.delta![1] as number[][]];
    a.flat().forEach((x, i) => expect(x).toBeCloseTo(2 * b.flat()[i]!, 14));
  });

  it("for one layer goes before what is defined for all", () => {
    const one = deep();
    expectTruth(
      one,
      handOf(
        one,
        "delta^l = 0 delta^l; delta1 = (W2^T delta2) .* s'(u1); delta2 = (W3^T delta3) .* s'(u2); delta3 = (v3 - t) .* s'(u3)",
      ),
    );
  });

  it("keeps the regularization out of the mean", () => {
    const { net, x, t } = three();
    const hand = handOf({ net, x, t }, "dW2 = (1/N) delta2 v1^T + (lambda/N) W2", { lambda: 0.5 });
    const plain = handOf({ net, x, t }, "dW2 = delta2 v1^T").gradW![2] as number[][];
    (hand.gradW![2] as number[][]).forEach((row, j) =>
      row.forEach((g, k) => expect(g).toBeCloseTo(plain[j]![k]! + (0.5 / 7) * net.weights[1]![j]![k]!, 14)),
    );
    expect(hand.lambda).toBe(0.5);
  });
});
