/** Posts and answers: regressions, names of frameworks, equations with numbers, prose around formulas. */

import type { Course } from "./course.ts";

export const postCourses: readonly Course[] = [
  {
    name: "Keras from scratch numbers",
    net: "3-4-2:relu,softmax",
    text: `
Z1 = W1 @ X + b1
A1 = ReLU(Z1)
Z2 = W2 @ A1 + b2
A2 = softmax(Z2)
dZ2 = A2 - one_hot_Y
dW2 = 1 / m * dZ2.dot(A1.T)
db2 = 1 / m * np.sum(dZ2, 1)
dZ1 = W2.T.dot(dZ2) * ReLU_deriv(Z1)
dW1 = 1 / m * dZ1.dot(X.T)
db1 = 1 / m * np.sum(dZ1, 1)
W1 = W1 - alpha * dW1
b1 = b1 - alpha * db1`,
    slips: [
      ["np.sum(dZ1, 1)", "np.sum(dZ1)", ["C3 BP3 1"]],
      ["* ReLU_deriv(Z1)", "* ReLU(Z1)", ["B9 BP2 1"]],
    ],
  },
  {
    name: "loss derivative with mse",
    net: "3-4-1:tanh,linear",
    text: `
error = 2 * (y_pred - y_true)
dW2 = h1.T @ error
db2 = np.sum(error, axis=0)
dh1 = error @ W2.T
dz1 = dh1 * (1 - h1 ** 2)
dW1 = X.T @ dz1
db1 = np.sum(dz1, axis=0)`,
    slips: [["dz1 = dh1 * (1 - h1 ** 2)", "dz1 = dh1 * (1 - h1) ** 2", ["unknown BP2 1"]]],
  },
  {
    name: "logistic regression",
    net: "3-1:sigmoid",
    cost: "crossEntropy",
    text: `
A = sigmoid(np.dot(w.T, X) + b)
dZ = A - Y
dw = 1/m * np.dot(X, dZ.T)
db = 1/m * np.sum(dZ)
w = w - learning_rate * dw
b = b - learning_rate * db`,
    slips: [
      ["1/m * np.dot(X, dZ.T)", "np.dot(X, dZ.T)", ["D7 BP4 1"]],
      ["A - Y", "Y - A", 1],
    ],
  },
  {
    name: "logistic regression rows",
    net: "3-1:sigmoid",
    cost: "crossEntropy",
    text: `
h = sigmoid(X @ theta)
gradient = X.T @ (h - y) / m
theta = theta - alpha * gradient`,
    slips: [["(h - y)", "(y - h)", 1]],
  },
  {
    name: "linear regression octave",
    net: "3-1:linear",
    text: `
h = X * theta;
grad = (1/m) * X' * (h - y);
theta = theta - alpha * grad;`,
    slips: [["theta - alpha", "theta + alpha", 1]],
  },
  {
    name: "softmax regression",
    net: "4-3:softmax",
    text: `
scores = X.dot(W) + b
dscores = (probs - Y) / N
dW = X.T.dot(dscores)
db = dscores.sum(axis=0)`,
    slips: [["X.T.dot(dscores)", "X.T.dot(scores)", 1]],
  },
  {
    name: "transposed handed",
    net: "3-4-2:sigmoid",
    text: `
d2 = (a2 - t) * a2 * (1 - a2)
d1 = np.dot(W2.T, d2) * a1 * (1 - a1)
dW2 = np.dot(d2, a1.T)
dW1 = np.dot(d1, x.T)`,
    slips: [["np.dot(W2.T, d2)", "np.dot(W2, d2)", 1]],
  },
  {
    name: "prose around",
    net: "3-4-2:sigmoid",
    text: `
First I compute the error of the output layer.
delta2 = (v2 - t) .* s'(u2)
Then it goes back through the weights of the second layer:
delta1 = (W2^T delta2) .* s'(u1)
where s is the sigmoid.
`,
    slips: [["W2^T", "W1^T", 1]],
  },
  {
    name: "equation numbers (1)",
    net: "3-4-2:sigmoid",
    text: `
(1) δ² = (v² − t) ⊙ σ′(u²)
(2) δ¹ = (W²)ᵀ δ² ⊙ σ′(u¹)
(3) ∂C/∂W² = δ² (v¹)ᵀ
(4) ∂C/∂W¹ = δ¹ xᵀ`,
    slips: [["(v¹)ᵀ", "(v²)ᵀ", ["D2 BP4 2"]]],
  },
  {
    name: "arrow notation",
    net: "3-4-2:sigmoid",
    text: `
W2 ← W2 − η δ2 v1ᵀ
b2 ← b2 − η δ2
δ2 ← (v2 − t) ⊙ v2 ⊙ (1 − v2)`,
    slips: [["− η δ2 v1ᵀ", "+ η δ2 v1ᵀ", 1]],
  },
  {
    name: "index plain m i j",
    net: "3-4-2:sigmoid",
    text: `
delta_j = (y_j - t_j) y_j (1 - y_j)
delta_i = y_i (1 - y_i) sum_j delta_j w_{ij}
dE/dw_{ij} = delta_j y_i
dE/dw_{mi} = delta_i x_m`,
    slips: [["y_i (1 - y_i) sum_j", "sum_j", 1]],
  },
  {
    name: "Wikipedia",
    net: "3-4-2:sigmoid",
    text: String.raw`
\delta_j = (o_j - t_j) o_j (1 - o_j)
\delta_i = \left(\sum_j w_{ij} \delta_j\right) o_i (1 - o_i)
\Delta w_{ij} = -\eta o_i \delta_j`,
    slips: [["(o_j - t_j)", "(o_j + t_j)", 1]],
  },
  {
    name: "LaTeX frac chain",
    net: "3-4-2:sigmoid",
    text: String.raw`
\frac{\partial C}{\partial w_{jk}^{2}} = \frac{\partial C}{\partial v_j^2} \frac{\partial v_j^2}{\partial u_j^2} \frac{\partial u_j^2}{\partial w_{jk}^2}
`,
    slips: [],
  },
  {
    name: "LaTeX document",
    net: "3-4-2:tanh,softmax",
    text: String.raw`
\documentclass{article}
\begin{document}
\section{Backprop}
The output error is
\begin{equation}
\delta^{(2)} = \hat{y} - y
\end{equation}
and the hidden error is
\[ \delta^{(1)} = \left(W^{(2)}\right)^T \delta^{(2)} \odot \left(1 - \tanh^2(z^{(1)})\right) \]
\end{document}`,
    slips: [["- \\tanh^2", "- \\tanh", 1]],
  },
  {
    name: "torch autograd style",
    net: "3-4-2:tanh,linear",
    text: `
dlogits = logits - y
dW2 = h.T @ dlogits
db2 = dlogits.sum(0)
dh = dlogits @ W2.T
dhpreact = (1.0 - h**2) * dh
dW1 = x.T @ dhpreact
db1 = dhpreact.sum(0)`,
    slips: [["(1.0 - h**2) * dh", "(1.0 - h) * dh", 1]],
  },
  {
    name: "makememore zero",
    net: "3-4-2:tanh,softmax",
    text: `
dlogits = F.softmax(logits, 1)
dlogits[range(n), Yb] -= 1
dlogits /= n
dh = dlogits @ W2.T
dW2 = h.T @ dlogits
db2 = dlogits.sum(0)
dhpreact = (1.0 - h**2) * dh
dW1 = X.T @ dhpreact
db1 = dhpreact.sum(0)`,
    slips: [["dlogits.sum(0)", "dlogits.mean(0)", 1]],
  },
  {
    name: "input as layer 1 Nielsen",
    net: "3-4-2:sigmoid",
    text: `
delta3 = (a3 - y) .* a3 .* (1 - a3)
delta2 = (W3^T delta3) .* a2 .* (1 - a2)
dW3 = delta3 a2^T
dW2 = delta2 a1^T
db3 = delta3
db2 = delta2`,
    slips: [
      ["W3^T", "W2^T", 1],
      ["dW2 = delta2 a1^T", "dW2 = delta2 a2^T", 1],
    ],
  },
  {
    name: "dL prefix",
    net: "3-4-2:sigmoid,softmax",
    text: `
dL_dz2 = y_hat - y
dL_dW2 = dL_dz2 @ a1.T
dL_db2 = dL_dz2
dL_da1 = W2.T @ dL_dz2
dL_dz1 = dL_da1 * sigmoid(z1) * (1 - sigmoid(z1))
dL_dW1 = dL_dz1 @ x.T
dL_db1 = dL_dz1`,
    slips: [["W2.T @ dL_dz2", "W2.T @ dL_dz2 * 2", 1]],
  },
  {
    name: "minus error plain",
    net: "3-4-2:sigmoid",
    text: `
e2 = t - v2
delta2 = e2 .* v2 .* (1 - v2)
delta1 = (W2^T delta2) .* v1 .* (1 - v1)
W2 = W2 + eta delta2 v1^T
W1 = W1 + eta delta1 x^T`,
    slips: [["W1 + eta", "W1 - eta", 1]],
  },
  {
    name: "ReLU with leaky words",
    net: "3-4-2:relu,linear",
    text: `
delta2 = v2 - t
delta1 = (W2^T delta2) .* (u1 > 0)
dW2 = delta2 v1^T
dW1 = delta1 x^T`,
    slips: [["(u1 > 0)", "(delta2 > 0)", 1]],
  },
  {
    name: "np.where relu",
    net: "3-4-2:relu,linear",
    text: `
dz2 = a2 - y
dz1 = np.where(z1 > 0, W2.T @ dz2, 0)
dW1 = dz1 @ x.T`,
    slips: [["z1 > 0", "z1 < 0", 1]],
  },
  {
    name: "l2 in code",
    net: "3-4-2:sigmoid,softmax",
    text: `
dZ2 = A2 - Y
dW2 = 1/m * np.dot(dZ2, A1.T) + lambd/m * W2
dZ1 = np.dot(W2.T, dZ2) * A1 * (1 - A1)
dW1 = 1/m * np.dot(dZ1, X.T) + lambd/m * W1`,
    slips: [["lambd/m * W1", "lambd/m * W1 * 2", 1]],
  },
];
