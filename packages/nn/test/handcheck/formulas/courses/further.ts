/** More of code and LaTeX: lambdas, dictionaries, softmax by hand, several formulas in a line, three layers. */

import type { Course } from "./course.ts";

export const furtherCourses: readonly Course[] = [
  {
    name: "g layer prime plain",
    net: "2-4-1:tanh,sigmoid",
    cost: "crossEntropy",
    text: `
dZ[2] = A[2] - Y
dW[2] = 1/m dZ[2] A[1].T
db[2] = 1/m np.sum(dZ[2], axis=1, keepdims=True)
dZ[1] = W[2].T dZ[2] * g[1]'(Z[1])
dW[1] = 1/m dZ[1] X.T
db[1] = 1/m np.sum(dZ[1], axis=1, keepdims=True)`,
    slips: [],
  },
  {
    name: "lambda functions",
    net: "3-4-1:sigmoid",
    text: `
sigmoid = lambda x: 1/(1+np.exp(-x))
dsigmoid = lambda x: x*(1-x)
A1 = sigmoid(np.dot(X, W1) + b1)
A2 = sigmoid(np.dot(A1, W2) + b2)
dA2 = A2 - y
dZ2 = dA2 * dsigmoid(A2)
dW2 = np.dot(A1.T, dZ2)
db2 = np.sum(dZ2, axis=0)
dZ1 = np.dot(dZ2, W2.T) * dsigmoid(A1)
dW1 = np.dot(X.T, dZ1)
db1 = np.sum(dZ1, axis=0)`,
    slips: [
      ["x*(1-x)", "x*(1+x)", 1],
      ["np.dot(dZ2, W2.T)", "np.dot(dA2, W2.T)", ["B6 BP2 1"]],
    ],
  },
  {
    name: "outer products",
    net: "3-4-2:sigmoid",
    text: `
delta_2 = (a_2 - y) * a_2 * (1 - a_2)
delta_1 = np.dot(W_2.T, delta_2) * a_1 * (1 - a_1)
grad_W_2 = np.outer(delta_2, a_1)
grad_W_1 = np.outer(delta_1, x)
grad_b_2 = delta_2
grad_b_1 = delta_1`,
    slips: [["np.outer(delta_1, x)", "np.outer(x, delta_1)", 1]],
  },
  {
    name: "nabla latex",
    net: "3-4-2:sigmoid",
    text: String.raw`
\nabla_{W^{(2)}} L = \delta^{(2)} {a^{(1)}}^{T}, \quad \nabla_{b^{(2)}} L = \delta^{(2)}
\delta^{(2)} = \nabla_{a} L \odot \sigma'(z^{(2)})`,
    slips: [],
  },
  {
    name: "aligned multi",
    net: "3-4-2:sigmoid",
    text: String.raw`
\begin{aligned}
\delta^{2} &= (a^{2} - y) \odot a^{2} \odot (1 - a^{2}), \\
\delta^{1} &= \left( (W^{2})^{T} \delta^{2} \right) \odot a^{1} \odot (1 - a^{1}), \\
\frac{\partial L}{\partial W^{2}} &= \delta^{2} (a^{1})^{T}.
\end{aligned}`,
    slips: [],
  },
  {
    name: "unicode bold vectors",
    net: "3-4-2:sigmoid",
    text: `
𝛅⁽²⁾ = (𝐚⁽²⁾ − 𝐲) ⊙ σ′(𝐳⁽²⁾)
𝛅⁽¹⁾ = (𝐖⁽²⁾)ᵀ 𝛅⁽²⁾ ⊙ σ′(𝐳⁽¹⁾)`,
    slips: [],
  },
  {
    name: "transposed superscript prime",
    net: "3-4-2:sigmoid",
    text: `
δ2 = (a2 - y) ∘ σ'(z2)
δ1 = W2' δ2 ∘ σ'(z1)
∂E/∂W1 = δ1 x'`,
    slips: [],
  },
  {
    name: "dict grads with cache",
    net: "3-4-2:tanh,softmax",
    text: `
grads = {}
dz2 = probs - onehot_y
grads['W2'] = cache['a1'].T @ dz2
grads['b2'] = dz2.sum(axis=0)
da1 = dz2 @ params['W2'].T
dz1 = da1 * (1 - cache['a1']**2)
grads['W1'] = X.T @ dz1
grads['b1'] = dz1.sum(axis=0)`,
    slips: [["(1 - cache['a1']**2)", "(1 - cache['a1'])", 1]],
  },
  {
    name: "wrong count",
    net: "3-4-2:tanh,softmax",
    text: `
z1 = X.dot(W1) + b1
a1 = np.tanh(z1)
scores = a1.dot(W2) + b2
exp_scores = np.exp(scores)
probs = exp_scores / np.sum(exp_scores, axis=1, keepdims=True)
dscores = probs.copy()
dscores[range(n), y] -= 1
dscores /= n
dW2 = a1.T.dot(dscores)
db2 = dscores.sum(axis=0)
dhidden = dscores.dot(W2.T)
dhidden = dhidden * (1 - a1 * a1)
dW1 = X.T.dot(dhidden)
db1 = dhidden.sum(axis=0)`,
    slips: [["(1 - a1 * a1)", "a1 * (1 - a1)", 1]],
  },
  {
    name: "tf style",
    net: "3-4-2:relu,softmax",
    text: `
d_logits = softmax(logits) - labels
d_W2 = tf.matmul(tf.transpose(hidden), d_logits)
d_hidden = tf.matmul(d_logits, tf.transpose(W2))
d_hidden = d_hidden * tf.cast(hidden > 0, tf.float32)
d_W1 = tf.matmul(tf.transpose(x), d_hidden)`,
    slips: [["tf.cast(hidden > 0, tf.float32)", "hidden", 1]],
  },
  {
    name: "three hidden own names",
    net: "3-4-3-2:sigmoid",
    text: `
h1 = sigmoid(x @ w1)
h2 = sigmoid(h1 @ w2)
out = sigmoid(h2 @ w3)
d3 = (out - y) * out * (1 - out)
d2 = (d3 @ w3.T) * h2 * (1 - h2)
d1 = (d2 @ w2.T) * h1 * (1 - h1)
w3 -= lr * h2.T @ d3
w2 -= lr * h1.T @ d2
w1 -= lr * x.T @ d1`,
    slips: [
      ["(d2 @ w2.T)", "(d3 @ w2.T)", ["B15 BP2 1"]],
      ["h1.T @ d2", "h1.T @ d2 * 2", 1],
    ],
  },
  {
    name: "f02 columns",
    net: "3-4:softmax",
    text: String.raw`\frac{dJ}{dW} = (\operatorname{softmax}(Wx+b) - y) x^T
\frac{dJ}{db} = (\operatorname{softmax}(Wx+b) - y)`,
    slips: [
      ["y) x^T", "y) x", 4],
      ["y) x^T", "x^T y)", 1],
    ],
  },
  {
    name: "f03 columns letters",
    net: "3-2:tanh",
    text: String.raw`\frac{\partial E}{\partial W_{pq}} = (o_p - t_p) (1 - \tanh^2(W_p x)) x_q`,
    slips: [
      ["(1 - ", "(2 - ", 1],
      ["(o_p", "(o_q", 1],
    ],
  },
];
