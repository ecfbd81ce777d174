/** Plain text: Unicode, labels, headings, fences, rows and columns, other numbers of layers. */

import type { Course } from "./course.ts";

export const plainCourses: readonly Course[] = [
  {
    name: "labels",
    net: "3-4-2:sigmoid",
    text: `
Backward pass
BP1: delta2 = (v2 - t) .* s'(u2)
(BP2) delta1 = (W2^T delta2) .* s'(u1)
3. dW2 = delta2 v1^T   (BP4)
4) db2 = delta2
- dW1 = delta1 x^T
Bias of the hidden layer: db1 = delta1`,
    slips: [
      ["db1 = delta1", "db1 = delta2", 1],
      ["(v2 - t) .* s'(u2)", "(v2 - t)", ["A2 BP1 2"]],
    ],
  },
  {
    name: "Unicode",
    net: "3-4-2:sigmoid",
    text: `
δ₂ = (a₂ − y) ⊙ σ′(z₂)
δ₁ = W₂ᵀ δ₂ ⊙ σ′(z₁)
∂L/∂W₂ = δ₂ a₁ᵀ
∂L/∂b₂ = δ₂
∂L/∂W₁ = δ₁ xᵀ
∂L/∂b₁ = δ₁`,
    slips: [["W₂ᵀ δ₂", "W₂ δ₂", 1]],
  },
  {
    name: "mathematical letters",
    net: "3-4-2:sigmoid",
    text: "𝛿² = (𝑎² − 𝑦) ⊙ 𝜎′(𝑧²)\n𝛿¹ = (𝑊²)ᵀ𝛿² ⊙ 𝜎′(𝑧¹)",
    slips: [["𝜎′(𝑧¹)", "𝜎′(𝑎¹)", ["A8 BP2 1"]]],
  },
  {
    name: "Markdown with fences",
    net: "3-4-2:tanh,linear",
    text: `
# My derivation
The output is linear, so the error is plain.

\`\`\`python
d2 = a2 - y
dW2 = np.outer(d2, a1)
db2 = d2
\`\`\`

Then the hidden layer:

\`\`\`python
d1 = (W2.T @ d2) * (1 - a1**2)
dW1 = np.outer(d1, x)
db1 = d1
\`\`\``,
    slips: [
      ["(1 - a1**2)", "(1 - a1)**2", ["unknown BP2 1"]],
      ["np.outer(d1, x)", "np.outer(d2, x)", ["D9 BP4 1"]],
    ],
  },
  {
    name: "one row for a sample",
    net: "3-4-2:tanh,softmax",
    text: `
z1 = x W1 + b1
a1 = tanh(z1)
z2 = a1 W2 + b2
delta2 = softmax(z2) - y
delta1 = delta2 W2^T .* (1 - a1.^2)
dW2 = a1^T delta2
db2 = delta2
dW1 = x^T delta1
db1 = delta1`,
    slips: [[" .* (1 - a1.^2)", "", ["B1 BP2 1"]]],
  },
  {
    name: "samples in columns, W from in to out",
    net: "3-4-2:sigmoid",
    text: `
z1 = W1^T x + b1
a1 = sigma(z1)
z2 = W2^T a1 + b2
a2 = sigma(z2)
delta2 = (a2 - y) .* a2 .* (1 - a2)
delta1 = (W2 delta2) .* a1 .* (1 - a1)
dW2 = a1 delta2^T
dW1 = x delta1^T
db2 = delta2
db1 = delta1`,
    slips: [
      ["dW1 = x delta1^T", "dW1 = z1 delta1^T", 1],
      ["(W2 delta2) .* a1 .* (1 - a1)", "(W2 delta2)", ["B1 BP2 1"]],
    ],
  },
  {
    name: "Mitchell",
    net: "3-4-2:sigmoid",
    text: `
delta2 = o2 .* (1 - o2) .* (t - o2)
delta1 = o1 .* (1 - o1) .* (W2^T delta2)
ΔW2 = eta delta2 o1^T
ΔW1 = eta delta1 x^T`,
    slips: [["o1 .* (1 - o1) .* (W2^T delta2)", "(1 - o1) .* (W2^T delta2)", 1]],
  },
  {
    name: "hidden and output by name",
    net: "3-4-2:sigmoid",
    text: `
output_delta = (output - target) * output * (1 - output)
hidden_delta = (W_ho.T @ output_delta) * hidden * (1 - hidden)
dW_ho = output_delta @ hidden.T
dW_ih = hidden_delta @ x.T`,
    slips: [
      ["(output - target) * output * (1 - output)", "(output - target) * (1 - output)", 1],
      ["hidden * (1 - hidden)", "1 - hidden**2", ["unknown BP2 1"]],
    ],
  },
  {
    name: "Rojas, from 0",
    net: "3-4-2:sigmoid",
    text: `
error = output - y
d2 = error * sigmoid_grad(output)
d1 = np.dot(d2, weights[1].T) * sigmoid_grad(hidden)
grad_w[1] = np.dot(hidden.T, d2)
grad_w[0] = np.dot(X.T, d1)`,
    slips: [["weights[1].T) * sigmoid_grad(hidden)", "weights[1].T) * hidden", ["B9 BP2 1"]]],
  },
  {
    name: "a rate that is written out",
    net: "3-4-2:sigmoid,softmax",
    text: `
learning_rate = 0.05
delta2 = yhat - y
delta1 = W2^T delta2 * (v1 * (1 - v1))
W2 = W2 - learning_rate * delta2 v1^T
W1 = W1 - learning_rate * delta1 x^T
b2 = b2 - learning_rate * delta2
b1 = b1 - learning_rate * delta1`,
    slips: [["b1 - learning_rate * delta1", "b1 + learning_rate * delta1", 1]],
  },
  {
    name: "Chinese",
    net: "3-4-2:sigmoid",
    text: `
输出层：δ2 = (v2 - t) ⊙ σ'(u2)
隐藏层：δ1 = (W2^T δ2) ⊙ σ'(u1)
权重的梯度为：
dW2 = δ2 v1^T；dW1 = δ1 x^T`,
    slips: [["(W2^T δ2) ⊙ σ'(u1)", "(W2^T δ2) ⊙ σ'(v1)", ["A8 BP2 1"]]],
  },
];
