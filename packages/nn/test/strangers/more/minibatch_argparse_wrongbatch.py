#!/usr/bin/env python3
# -*- coding: utf-8 -*-
"""Zweischichtiges Netz, Mini-Batches."""
import argparse
import logging
import numpy as np

logging.basicConfig(level=logging.INFO, format="%(asctime)s %(message)s")
log = logging.getLogger(__name__)


def relu(z):
    return np.maximum(z, 0.0)


def softmax(z):
    e = np.exp(z - z.max(axis=1, keepdims=True))   # stabil
    return e / e.sum(axis=1, keepdims=True)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--epochs", type=int, default=2)
    parser.add_argument("--batch", type=int, default=5)
    parser.add_argument("--lr", type=float, default=0.1)
    args = parser.parse_args()

    rng = np.random.default_rng(3)
    X = rng.normal(size=(23, 4))
    Y = np.eye(3)[rng.integers(0, 3, size=23)]
    W1 = rng.normal(0, 0.6, (4, 6)); b1 = np.full(6, 0.1)
    W2 = rng.normal(0, 0.6, (6, 3)); b2 = np.zeros(3)

    for epoch in range(args.epochs):
        idx = rng.permutation(len(X))
        for start in range(0, len(X), args.batch):
            batch = idx[start:start + args.batch]
            xb, yb = X[batch], Y[batch]
            # Vorwaertsschritt
            z1 = xb @ W1 + b1
            a1 = relu(z1)
            z2 = a1 @ W2 + b2
            p = softmax(z2)
            # Rückwärtsschritt
            d2 = (p - yb) / len(xb)
            dW2 = a1.T @ d2
            db2 = d2.sum(axis=0)
            d1 = d2 @ W2.T
            d1[z1 < 0] = 0
            dW1 = X[:len(xb)].T @ d1
            db1 = d1.sum(axis=0)
            W1 -= args.lr * dW1; b1 -= args.lr * db1
            W2 -= args.lr * dW2; b2 -= args.lr * db2
        log.info(f"Epoche {epoch + 1}: Genauigkeit {(np.argmax(softmax(relu(X @ W1 + b1) @ W2 + b2), 1) == Y.argmax(1)).mean():.2%}")


if __name__ == "__main__":
    main()
