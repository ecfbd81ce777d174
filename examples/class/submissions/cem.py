import numpy as np


def backward(X, y, W1, b1, W2, b2):
    A1 = np.tanh(X @ W1 + b1)
    A2 = 1 / (1 + np.exp(-(A1 @ W2 + b2)))
    dZ2 = A2 - y
    dW2 = A1.T @ dz2 / len(X)
    return dW2
