import numpy as np
rng = np.random.RandomState(42)
X = 2 * rng.rand(30, 1)
y = 4 + 3 * X + rng.randn(30, 1)

w = rng.randn(1)
b = 0.0
lr = 0.1
n = len(X)
history = []
for epoch in range(50):
    y_pred = X * w + b
    error = y_pred - y
    loss = (error ** 2).mean()
    dw = 2 / n * (X * error).sum()
    db = 1 / n * error.sum()
    w = w - lr * dw
    b = b - lr * db
    history.append(loss)
    if epoch % 10 == 0:
        print(f"epoch {epoch:3d}  loss={loss:.4f}  w={w[0]:.3f} b={b:.3f}")
