import numpy as np
def tanh_(x): return np.tanh(x)
rs = np.random.RandomState(11)
x = rs.randn(8, 3); t = rs.randn(8, 2)
W1 = rs.randn(3, 4); W2 = rs.randn(4, 4); W3 = rs.randn(4, 2)
b1 = rs.randn(4); b2 = rs.randn(4); b3 = rs.randn(2)
for it in range(5):
    h1 = tanh_(x @ W1 + b1)
    h2 = tanh_(h1 @ W2 + b2)
    y = h2 @ W3 + b3
    d3 = y - t
    d2 = (d3 @ W3.T) * (1 - h2 * h2)
    d1 = (d2 @ W2) * (1 - h1 * h1)
    gW3 = h2.T @ d3; gW2 = h1.T @ d2; gW1 = x.T @ d1
    gb3 = d3.sum(0); gb2 = d2.sum(0); gb1 = d1.sum(0)
    for P, G in ((W1, gW1), (W2, gW2), (W3, gW3), (b1, gb1), (b2, gb2), (b3, gb3)):
        P -= 0.01 * G
