/**
 * The exercise that half of all courses set: a backward pass as it is handed out, with two slips that its students look
 * for.
 */

/** What is drawn and checked on the first screen. */
export const exercise = {
  net: "4-5-3-1:relu,relu,sigmoid",
  cost: "crossEntropy",
  /** What the course's own checker says of it: ‖grad − gradapprox‖ / (‖grad‖ + ‖gradapprox‖). */
  checker: "0.285093156781",
  text: `# forward
Z1 = W1 @ X + b1
A1 = relu(Z1)
Z2 = W2 @ A1 + b2
A2 = relu(Z2)
Z3 = W3 @ A2 + b3
A3 = sigmoid(Z3)

# backward
dZ3 = A3 - Y
dW3 = 1./m * dZ3 @ A2.T
db3 = 1./m * np.sum(dZ3, axis=1, keepdims=True)

dZ2 = (W3.T @ dZ3) * (A2 > 0)
dW2 = 1./m * dZ2 @ A1.T * 2
db2 = 1./m * np.sum(dZ2, axis=1, keepdims=True)

dZ1 = (W2.T @ dZ2) * (A1 > 0)
dW1 = 1./m * dZ1 @ X.T
db1 = 4./m * np.sum(dZ1, axis=1, keepdims=True)
`,
} as const;
