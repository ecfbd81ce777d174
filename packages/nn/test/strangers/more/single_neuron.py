import numpy as np

# a single neuron, one sample at a time (SO question)
inputs = np.array([0.5, -1.2, 0.8])
weights = np.array([0.1, 0.4, -0.2])
bias = 0.05
target = 1.0

def sigmoid(x): return 1 / (1 + np.exp(-x))

z = np.dot(inputs, weights) + bias
output = sigmoid(z)
loss = 0.5 * (output - target) ** 2
d_weights = (output - target) * output * (1 - output) * inputs
d_bias = (output - target) * output * (1 - output)
print("loss", loss)
print("gradients:", d_weights, d_bias)
