/** Levels that are written as their work writes them, with its names and its network, as far as a few lines can. */

import type { Level } from "./level.ts";

export const asPublished: readonly Level[] = [
  {
    key: "reviews",
    rank: 1,
    roots: ["BP2@1 B1"],
    published: "grokking",
    net: "3-4-1:sigmoid,sigmoid",
    cost: "crossEntropy",
    text: `layer_2_delta = layer_2 - y
layer_1_delta = layer_2_delta.dot(weights_1_2.T)
weights_1_2 -= alpha * layer_1.T.dot(layer_2_delta)
weights_0_1 -= alpha * layer_0.T.dot(layer_1_delta)`,
  },
  {
    key: "all-units",
    rank: 1,
    roots: ["BP3@1 C3"],
    published: "stat453",
    net: "3-3:softmax",
    cost: "categoricalCrossEntropy",
    text: `dscores = (probs - y) / N
dW = X.T @ dscores
db = np.sum(dscores)`,
  },
  {
    key: "sums",
    rank: 1,
    roots: ["BP4@2 D7", "BP4@1 D7"],
    published: "zeroToAll",
    net: "2-3-1:sigmoid,sigmoid",
    cost: "crossEntropy",
    text: `d_l2 = y_pred - Y
d_b2 = np.mean(d_l2, axis=0)
d_W2 = np.matmul(np.transpose(l1), d_l2)
d_l1 = np.matmul(d_l2, np.transpose(W2)) * l1 * (1 - l1)
d_b1 = np.mean(d_l1, axis=0)
d_W1 = np.matmul(np.transpose(X), d_l1)`,
  },
  {
    key: "row-sums",
    rank: 2,
    roots: ["BP3@1 C10"],
    published: "languageCourse",
    net: "3-4-3:relu,softmax",
    cost: "categoricalCrossEntropy",
    text: `l1 = np.dot(W2.T, yhat - y) * (h > 0)
grad_W1 = (1/batch_size) * np.dot(l1, x.T)
grad_W2 = (1/batch_size) * np.dot(yhat - y, h.T)
grad_b1 = np.sum((1/batch_size) * np.dot(l1, x.T), axis=1, keepdims=True)
grad_b2 = np.sum((1/batch_size) * (yhat - y), axis=1, keepdims=True)`,
  },
  {
    key: "entry-by-entry",
    rank: 2,
    roots: ["BP1@2 A13"],
    published: "libnd4j",
    net: "3-4-3:sigmoid,softmax",
    cost: "quadratic",
    text: `delta2 = (a2 - y) .* a2 .* (1 - a2)
dW2 = delta2 a1^T
db2 = delta2
delta1 = (W2^T delta2) .* a1 .* (1 - a1)
dW1 = delta1 x^T
db1 = delta1`,
  },
  {
    key: "new-weights-code",
    rank: 3,
    roots: ["BP2@1 B7"],
    published: "scratch",
    net: "3-4-2:sigmoid,sigmoid",
    cost: "quadratic",
    text: `output_deltas = output * (1 - output) * (output - target)
W2 -= eta * output_deltas @ hidden.T
hidden_deltas = hidden * (1 - hidden) * (W2.T @ output_deltas)
W1 -= eta * hidden_deltas @ x.T`,
  },
  {
    key: "softmax-prime",
    rank: 3,
    roots: ["BP1@1 A13"],
    published: "homework",
    net: "3-3:softmax",
    cost: "quadratic",
    text: `dZ = (A - Y) * A * (1 - A)
dW = 1/m * np.dot(dZ, X.T)
db = 1/m * np.sum(dZ, axis=1, keepdims=True)`,
  },
  {
    key: "one-minus-p",
    rank: 3,
    roots: ["BP1@2 A21"],
    published: "neuroph",
    net: "3-4-3:sigmoid,softmax",
    cost: "quadratic",
    text: `delta2 = (a2 - y) .* (1 - a2)
dW2 = delta2 a1^T
db2 = delta2
delta1 = (W2^T delta2) .* a1 .* (1 - a1)
dW1 = delta1 x^T
db1 = delta1`,
  },
];
