import numpy as np
sigma = lambda z: 1.0 / (1.0 + np.exp(-z))

def backprop(x, y, weights, biases):
    # one sample, column vectors (Nielsen)
    a = [x]; zs = []
    for w, b in zip(weights, biases):
        zs.append(w @ a[-1] + b)
        a.append(sigma(zs[-1]))
    delta = (a[-1] - y) * sigma(zs[-1]) * (1 - sigma(zs[-1]))
    nabla_w = [None] * len(weights); nabla_b = [None] * len(biases)
    nabla_w[-1], nabla_b[-1] = delta @ a[-2].T, delta
    for l in range(2, len(weights) + 1):
        delta = (weights[-l + 1].T @ delta) * sigma(zs[-l]) * (1 - sigma(zs[-l]))
        nabla_w[-l], nabla_b[-l] = delta @ a[0].T, delta
    return nabla_w, nabla_b
