"""A teacher's own solution: the network, and a right backward pass."""

import numpy as np

network = {"sizes": [2, 3, 1], "activations": ["tanh", "sigmoid"], "cost": "crossEntropy"}


def backward(X, y, W1, b1, W2, b2):
    A1 = np.tanh(X @ W1 + b1)
    A2 = 1 / (1 + np.exp(-(A1 @ W2 + b2)))
    dZ2 = A2 - y
    dW2 = A1.T @ dZ2 / len(X)
    db2 = dZ2.mean(axis=0)
    dZ1 = dZ2 @ W2.T * (1 - A1**2)
    dW1 = X.T @ dZ1 / len(X)
    db1 = dZ1.mean(axis=0)
    return dW1, db1, dW2, db2
