from __future__ import annotations
import numpy as np
from dataclasses import dataclass

@dataclass
class Params:
    W1: np.ndarray
    b1: np.ndarray
    W2: np.ndarray
    b2: np.ndarray

rng = np.random.RandomState(9)
X_train = rng.randn(30, 4)
y_train = np.eye(3)[rng.randint(3, size=30)]
p = Params(rng.randn(4, 5) * .3, np.zeros(5), rng.randn(5, 3) * .3, np.zeros(3))
vW1 = np.zeros_like(p.W1); vW2 = np.zeros_like(p.W2)
beta, lr = 0.9, 0.05
for step in range(20):
    Z1 = X_train @ p.W1 + p.b1
    A1 = np.maximum(0, Z1)
    logits = A1 @ p.W2 + p.b2
    logits -= logits.max(axis=1, keepdims=True)
    probs = np.exp(logits); probs /= probs.sum(axis=1, keepdims=True)
    loss = -(y_train * np.log(probs + 1e-12)).sum() / len(X_train)
    dlogits = (probs - y_train) / len(X_train)
    dW2 = A1.T @ dlogits
    db2 = dlogits.sum(axis=0) / len(X_train)
    dA1 = dlogits @ p.W2.T
    dZ1 = dA1 * (Z1 > 0)
    dW1 = X_train.T @ dZ1
    db1 = dZ1.sum(axis=0)
    vW1 = beta * vW1 - lr * dW1
    vW2 = beta * vW2 - lr * dW2
    p.W1 += vW1; p.W2 += vW2
    p.b1 -= lr * db1; p.b2 -= lr * db2
    if step % 5 == 0:
        print(f"step {step}: loss={loss:.4f}, acc={(probs.argmax(1) == y_train.argmax(1)).mean():.1%}")
