import numpy as np

def backward_propagation(parameters, cache, X, Y):
    """
    Arguments: parameters -- dict W1 b1 W2 b2; cache -- dict Z1 A1 Z2 A2; X (2, m); Y (1, m)
    """
    m = X.shape[1]
    W2 = parameters["W2"]
    A1 = cache["A1"]
    A2 = cache["A2"]
    dZ2 = A2
    dZ2 -= Y
    dW2 = np.matmul(dZ2, A1.T) / m
    db2 = dZ2.sum(axis=1, keepdims=True) / m
    dZ1 = W2.T @ dZ2 * (1 - A1 ** 2)
    dW1 = dZ1 @ X.T / m
    db1 = dZ1.sum(axis=1, keepdims=True) / m
    return {"dW1": dW1, "db1": db1, "dW2": dW2, "db2": db2}
