import numpy as np

class Dense:
    def __init__(self, n_in, n_out):
        self.W = np.random.randn(n_in, n_out) * 0.3
        self.b = np.zeros(n_out)
    def forward(self, x):
        self.x = x
        return x @ self.W + self.b
    def backward(self, grad):
        self.dW = self.x.T @ grad
        self.db = grad.sum(axis=0)
        return grad @ self.W.T

class ReLU:
    def forward(self, x):
        self.mask = x > 0
        return x * self.mask
    def backward(self, grad):
        return grad

np.random.seed(1)
x = np.random.randn(7, 4); y = np.random.randn(7, 2)
layers = [Dense(4, 5), ReLU(), Dense(5, 2)]
out = x
for layer in layers:
    out = layer.forward(out)
grad = 2 * (out - y) / len(x)
for layer in reversed(layers):
    grad = layer.backward(grad)
W1, b1, W2, b2 = layers[0].W, layers[0].b, layers[2].W, layers[2].b
dW1, db1, dW2, db2 = layers[0].dW, layers[0].db, layers[2].dW, layers[2].db
print(dW1.shape)
