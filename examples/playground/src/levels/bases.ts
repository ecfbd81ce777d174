/** Backward passes as courses, books and libraries write them, each right as it stands: slips are put into them. */

/** A right backward pass, a line for each equation. */
export interface Base {
  readonly net: string;
  readonly cost: string;
  readonly text: string;
}

export const bases = {
  columns: {
    net: "2-4-1:tanh,sigmoid",
    cost: "crossEntropy",
    text: `dZ2 = A2 - Y
dW2 = 1/m * np.dot(dZ2, A1.T)
db2 = 1/m * np.sum(dZ2, axis=1, keepdims=True)
dZ1 = np.dot(W2.T, dZ2) * (1 - np.power(A1, 2))
dW1 = 1/m * np.dot(dZ1, X.T)
db1 = 1/m * np.sum(dZ1, axis=1, keepdims=True)`,
  },
  deep: {
    net: "4-5-3-1:relu,relu,sigmoid",
    cost: "crossEntropy",
    text: `dZ3 = A3 - Y
dW3 = 1/m * dZ3 @ A2.T
db3 = 1/m * np.sum(dZ3, axis=1, keepdims=True)
dZ2 = (W3.T @ dZ3) * (A2 > 0)
dW2 = 1/m * dZ2 @ A1.T
db2 = 1/m * np.sum(dZ2, axis=1, keepdims=True)
dZ1 = (W2.T @ dZ2) * (A1 > 0)
dW1 = 1/m * dZ1 @ X.T
db1 = 1/m * np.sum(dZ1, axis=1, keepdims=True)`,
  },
  rows: {
    net: "3-4-3:relu,softmax",
    cost: "categoricalCrossEntropy",
    text: `dscores = (probs - y) / N
dW2 = np.dot(hidden.T, dscores)
db2 = np.sum(dscores, axis=0)
dhidden = np.dot(dscores, W2.T) * (hidden > 0)
dW1 = np.dot(X.T, dhidden)
db1 = np.sum(dhidden, axis=0)`,
  },
  torch: {
    net: "3-4-3:tanh,softmax",
    cost: "categoricalCrossEntropy",
    text: `dlogits = (probs - Y) / n
dW2 = h.T @ dlogits
db2 = dlogits.sum(0)
dhpreact = (1 - h**2) * (dlogits @ W2.T)
dW1 = X.T @ dhpreact
db1 = dhpreact.sum(0)`,
  },
  plain: {
    net: "3-4-2:sigmoid,sigmoid",
    cost: "quadratic",
    text: `delta2 = (a2 - y) .* s'(z2)
dW2 = delta2 a1^T
db2 = delta2
delta1 = (W2^T delta2) .* s'(z1)
dW1 = delta1 x^T
db1 = delta1`,
  },
  unicode: {
    net: "3-4-2:sigmoid,sigmoid",
    cost: "quadratic",
    text: `δ² = (v² − t) ⊙ σ′(u²)
∂C/∂W² = δ² (v¹)ᵀ
∂C/∂b² = δ²
δ¹ = (W²)ᵀ δ² ⊙ σ′(u¹)
∂C/∂W¹ = δ¹ xᵀ
∂C/∂b¹ = δ¹`,
  },
  square: {
    net: "3-3-3-2:sigmoid,sigmoid,sigmoid",
    cost: "quadratic",
    text: `delta^3 = (a^3 - y) .* s'(z^3)
delta^2 = ((W^3)^T delta^3) .* s'(z^2)
delta^1 = ((W^2)^T delta^2) .* s'(z^1)
dC/dW^3 = delta^3 (a^2)^T
dC/dW^2 = delta^2 (a^1)^T
dC/dW^1 = delta^1 x^T
dC/db^3 = delta^3
dC/db^2 = delta^2
dC/db^1 = delta^1`,
  },
  chapter: {
    net: "4-5-3:sigmoid,sigmoid",
    cost: "quadratic",
    text: String.raw`\delta^L = \nabla_a C \odot \sigma'(z^L)
\delta^l = ((w^{l+1})^T \delta^{l+1}) \odot \sigma'(z^l)
\frac{\partial C}{\partial b^l_j} = \delta^l_j
\frac{\partial C}{\partial w^l_{jk}} = a^{l-1}_k \delta^l_j`,
  },
  octave: {
    net: "4-5-3:sigmoid,sigmoid",
    cost: "crossEntropy",
    text: `delta3 = a3 - y;
delta2 = (Theta2' * delta3) .* sigmoidGradient(z2);
Theta2_grad = (1/m) * delta3 * a2';
Theta1_grad = (1/m) * delta2 * a1';`,
  },
  regression: {
    net: "3-4-2:tanh,linear",
    cost: "quadratic",
    text: `dy = (y_pred - y) / N
dW2 = h.T @ dy
db2 = dy.sum(0)
dz1 = (dy @ W2.T) * (1 - h**2)
dW1 = X.T @ dz1
db1 = dz1.sum(0)`,
  },
  script: {
    net: "3-4-2:sigmoid,sigmoid",
    cost: "quadratic",
    text: `output_delta = (output - target) * output * (1 - output)
hidden_delta = (W_ho.T @ output_delta) * hidden * (1 - hidden)
dW_ho = output_delta @ hidden.T
dW_ih = hidden_delta @ x.T`,
  },
  logistic: {
    net: "3-1:sigmoid",
    cost: "crossEntropy",
    text: `dZ = A - Y
dw = 1/m * np.dot(dZ, X.T)
db = 1/m * np.sum(dZ)`,
  },
  decayed: {
    net: "3-4-2:sigmoid,softmax",
    cost: "categoricalCrossEntropy",
    text: `dZ2 = A2 - Y
dW2 = 1/m * np.dot(dZ2, A1.T) + lambd/m * W2
db2 = 1/m * np.sum(dZ2, axis=1, keepdims=True)
dZ1 = np.dot(W2.T, dZ2) * A1 * (1 - A1)
dW1 = 1/m * np.dot(dZ1, X.T) + lambd/m * W1
db1 = 1/m * np.sum(dZ1, axis=1, keepdims=True)`,
  },
} as const satisfies Readonly<Record<string, Base>>;

export type BaseName = keyof typeof bases;
