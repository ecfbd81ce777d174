import numpy as np
rng = np.random.default_rng(5)
X = rng.normal(size=(10, 3)); Y = (X.sum(axis=1, keepdims=True) > 0).astype(float)
W1 = rng.normal(size=(4, 3)) * .5; b1 = np.zeros((4, 1))
W2 = rng.normal(size=(1, 4)) * .5; b2 = np.zeros((1, 1))
sig = lambda z: 1 / (1 + np.exp(-z))
for epoch in range(3):
    for i in range(len(X)):
        x = X[i].reshape(-1, 1)
        y = Y[i].reshape(-1, 1)
        a1 = sig(W1 @ x + b1)
        a2 = sig(W2 @ a1 + b2)
        delta2 = a2 - y
        delta1 = W2.T @ delta2 * a1 * (1 - a1)
        dW2 = delta2 @ a1.T
        dW1 = delta1 @ x.T
        W2 -= .1 * dW2; b2 -= .1 * delta2
        W1 -= .1 * dW1; b1 -= .1 * delta1
