# no numpy at all
import math, random
random.seed(4)
def sig(z): return 1 / (1 + math.exp(-z))
X = [[0.0, 0.0], [0.0, 1.0], [1.0, 0.0], [1.0, 1.0]]
Y = [[0.0], [1.0], [1.0], [0.0]]
W1 = [[random.uniform(-1, 1) for _ in range(2)] for _ in range(3)]
b1 = [0.1, -0.2, 0.3]
W2 = [[random.uniform(-1, 1) for _ in range(3)]]
b2 = [0.05]
for epoch in range(2):
    dW1 = [[0.0] * 2 for _ in range(3)]
    db1 = [0.0] * 3
    dW2 = [[0.0] * 3]
    db2 = [0.0]
    for inp, tgt in zip(X, Y):
        h = [sig(sum(w * v for w, v in zip(row, inp)) + b) for row, b in zip(W1, b1)]
        o = sig(sum(w * v for w, v in zip(W2[0], h)) + b2[0])
        d_out = (o - tgt[0]) * o * (1 - o)
        for j in range(3):
            dW2[0][j] += d_out * h[j]
            d_hid = d_out * W2[0][j] * h[j] * (1 - h[j])
            for i in range(2):
                dW1[j][i] += d_hid * inp[i]
        db1[j] += d_hid
        db2[0] += d_out
    for j in range(3):
        for i in range(2):
            W1[j][i] -= 0.5 * dW1[j][i]
        b1[j] -= 0.5 * db1[j]
        W2[0][j] -= 0.5 * dW2[0][j]
    b2[0] -= 0.5 * db2[0]
