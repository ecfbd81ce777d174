/** A convolutional network: two layers of 3 × 3 filters with relu and pooling, and the cross-entropy of ten classes. */

import { stack, tensor, type Tensor } from "@chainrule/autograd";
import { drawn, fit } from "./program.ts";

interface Net {
  readonly w1: Tensor<[9, 8]>;
  readonly b1: Tensor<[8]>;
  readonly w2: Tensor<[72, 16]>;
  readonly b2: Tensor<[16]>;
  readonly w3: Tensor<[144, 10]>;
  readonly b3: Tensor<[10]>;
}

interface Images {
  readonly x: Tensor<[8, 18, 18, 1]>;
  readonly labels: Tensor<[8, 10]>;
}

/** The nine shifted copies side by side, times a matrix. */
function filtered(x: Tensor, w: Tensor, b: Tensor): Tensor {
  const [n, height, width, channels] = x.shape as readonly [number, number, number, number];
  const copies = Array.from({ length: 9 }, (_, k) => {
    const [i, j] = [Math.floor(k / 3), k % 3];
    return x.slice([0, i, j, 0], [n, height - 2 + i, width - 2 + j, channels]);
  });
  const patches = stack(copies, 3).reshape([n * (height - 2) * (width - 2), 9 * channels]);
  return patches
    .matmul(w)
    .add(b)
    .reshape([n, height - 2, width - 2, -1]);
}

/** The largest of each 2 × 2. */
function pooled(x: Tensor): Tensor {
  const [n, height, width, channels] = x.shape as readonly [number, number, number, number];
  return x.reshape([n, height / 2, 2, width / 2, 2, channels]).max([2, 4]);
}

function loss(p: Net, { x, labels }: Images): Tensor<[]> {
  const first = pooled(filtered(x as Tensor, p.w1 as Tensor, p.b1 as Tensor).relu());
  const second = pooled(filtered(first, p.w2 as Tensor, p.b2 as Tensor).relu());
  const scores = (second.reshape([8, 144]) as Tensor<[8, 144]>).matmul(p.w3).add(p.b3);
  return scores.logSoftmax().mul(labels).sum().div(-8);
}

export const convolution = fit({
  id: "convolution",
  name: "convolutional network, batch 8",
  parameters: {
    w1: drawn(60, [9, 8]),
    b1: drawn(61, [8]),
    w2: drawn(62, [72, 16], 0.5),
    b2: drawn(63, [16]),
    w3: drawn(64, [144, 10], 0.5),
    b3: drawn(65, [10]),
  },
  data: {
    x: drawn(66, [8, 18, 18, 1], 2),
    labels: tensor(
      Array.from({ length: 80 }, (_, k) => (k % 10 === (3 * Math.floor(k / 10)) % 10 ? 1 : 0)),
      { shape: [8, 10], dtype: "float64" },
    ),
  },
  loss,
});
