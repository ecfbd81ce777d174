import numpy as np

rng = np.random.default_rng(0)
X, y = rng.normal(size=(40, 3)), rng.integers(0, 2, size=(40, 1))


class Net:
    def __init__(self):
        self.W1, self.b1 = rng.normal(size=(3, 5)), np.zeros(5)
        self.W2, self.b2 = rng.normal(size=(5, 1)), np.zeros(1)

    def train(self, X_batch, y_batch, lr=0.1):
        self.a1 = np.tanh(X_batch @ self.W1 + self.b1)
        self.a2 = 1 / (1 + np.exp(-(self.a1 @ self.W2 + self.b2)))
        n = len(X_batch)
        self.dW1 = np.zeros_like(self.W1)
        dz2 = (self.a2 - y_batch) / n
        self.dW2 = self.a1.T @ dz2
        self.db2 = dz2.sum(axis=0)
        dz1 = dz2 @ self.W2.T * (1 - self.a1 ** 2)
        self.dW1 += X_batch.T @ dz1
        self.db1 = dz1.sum(axis=0)
        self.W1 -= lr * self.dW1
        self.b1 -= lr * self.db1
        self.W2 -= lr * self.dW2
        self.b2 -= lr * self.db2


net = Net()
for epoch in range(3):
    for start in range(0, 40, 8):
        net.train(X[start:start + 8], y[start:start + 8])
