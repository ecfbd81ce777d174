import numpy as np


def backward(X, y, W1, b1, W2, b2):
    # Samples in columns, as in the lecture.
    A1 = np.tanh(W1 @ X + b1)
    A2 = 1 / (1 + np.exp(-(W2 @ A1 + b2)))
    m = X.shape[1]
    dZ2 = A2 - y
    dZ1 = (W2.T @ dZ2) * (1 - A1 * A1)
    grads = {"dW2": dZ2 @ A1.T / m, "db2": dZ2.sum(axis=1, keepdims=True) / m}
    grads["dW1"] = dZ1 @ X.T / m
    grads["db1"] = dZ1.sum(axis=1, keepdims=True) / m
    return grads
