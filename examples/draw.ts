/** Draws the loss of a 2-2-1 network, with its numbers and with δ at every node: writes docs/images/graph.svg. */

import { writeFileSync } from "node:fs";
import { add, matmul, mul, print, sigmoid, sub, sum, tensor, toSvg, type Tensor } from "@chainrule/autograd";

function loss({ W1, b1, W2, b2, x, y }: Record<"W1" | "b1" | "W2" | "b2" | "x" | "y", Tensor>): Tensor {
  const hidden = sigmoid(add(matmul(W1, x), b1));
  const output = sigmoid(add(matmul(W2, hidden), b2));
  const error = sub(output, y);
  return mul(0.5, sum(mul(error, error)));
}

const point = {
  W1: tensor([
    [0.15, 0.2],
    [0.25, 0.3],
  ]),
  b1: tensor([[0.35], [0.35]]),
  W2: tensor([[0.4, 0.45]]),
  b2: tensor([[0.6]]),
  x: tensor([[0.05], [0.1]]),
  y: tensor([[0.01]]),
};

print(loss, [point], { values: true, cotangents: true });
writeFileSync(
  new URL("../docs/images/graph.svg", import.meta.url),
  toSvg(loss, [point], { values: true, cotangents: true }),
);
