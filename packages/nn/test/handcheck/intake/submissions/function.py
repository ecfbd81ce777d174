import numpy as np
def sigmoid(z): return 1/(1+np.exp(-z))
def backward(X, y, W1, b1, W2, b2):
    A1 = sigmoid(X @ W1 + b1)
    A2 = sigmoid(A1 @ W2 + b2)
    m = X.shape[0]
    dZ2 = (A2 - y) * A2 * (1 - A2)
    dW2 = A1.T @ dZ2 / m
    db2 = dZ2.mean(axis=0)
    dZ1 = dZ2 @ W2.T * A1 * (1 - A1)
    dW1 = X.T @ dZ1 / m
    db1 = dZ1.mean(axis=0)
    return dW1, db1, dW2, db2
