import numpy as np

class NeuralNet:
    """Zwei Schichten, Sigmoid, MSE (halbe Summe)."""
    def __init__(self, n_inputs, n_hidden, n_outputs, learning_rate=0.1):
        self.lr = learning_rate
        self.W1 = np.random.randn(n_inputs, n_hidden)
        self.b1 = np.zeros((1, n_hidden))
        self.W2 = np.random.randn(n_hidden, n_outputs)
        self.b2 = np.zeros((1, n_outputs))

    @staticmethod
    def sigmoid(z):
        return 1 / (1 + np.exp(-z))

    def forward(self, X):
        self.z1 = X @ self.W1 + self.b1
        self.a1 = self.sigmoid(self.z1)
        self.z2 = self.a1 @ self.W2 + self.b2
        self.a2 = self.sigmoid(self.z2)
        return self.a2

    def backward(self, X, y):
        self.forward(X)
        delta2 = (self.a2 - y) * self.a2 * (1 - self.a2)
        dW2 = self.a1.T @ delta2
        db2 = np.sum(delta2, axis=0, keepdims=True)
        delta1 = (delta2 @ self.W2.T) * self.a1 * (1 - self.a1)
        dW1 = X.T @ delta1
        db1 = np.sum(delta1, axis=0, keepdims=True)
        return dW1, db1, dW2, db2

    def train(self, X, y, epochs):
        for _ in range(epochs):
            dW1, db1, dW2, db2 = self.backward(X, y)
            self.W1 -= self.lr * dW1
            self.b1 -= self.lr * db1
            self.W2 -= self.lr * dW2
            self.b2 -= self.lr * db2

if __name__ == '__main__':
    X = np.array([[0, 0], [0, 1], [1, 0], [1, 1]])
    y = np.array([[0], [1], [1], [0]])
    net = NeuralNet(2, 3, 1)
    net.train(X, y, 100)
    print(net.forward(X))
