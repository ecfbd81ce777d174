/** Losses to begin with. */

const bend = `import { exp, neg, sum, tensor } from "@chainrule/autograd";
import type { Tensor } from "@chainrule/autograd";

// where it is computed
export const point = { a: [1.2, 0.7], k: [0.3, 1.1], b: 0.1 };

const t = tensor([0, 1, 2, 4]);
const y = tensor([2.4, 1.1, 0.7, 0.4]);

type Pair = Tensor<[2]>;
type P = { a: Pair; k: Pair; b: Tensor<[]> };

// decays on a ground, and a price on the second rate
export function loss({ a, k, b }: P) {
  let model = b.broadcastTo([4]);
  let price = tensor(0);
  for (let i = 0; i < 2; i++) {
    model = model.add(a.at(i).mul(exp(neg(k.at(i).mul(t)))));
    if (i % 2 === 1) price = price.add(k.at(i).mul(k.at(i)));
  }
  const r = model.sub(y);
  return sum(r.mul(r)).add(price.mul(0.01));
}
`;

const layers = `import { matmul, sum, tanh, tensor } from "@chainrule/autograd";
import type { Tensor } from "@chainrule/autograd";

export const point = [
  [[0.4, -0.3], [0.1, 0.8], [-0.6, 0.2]],
  [0.1, 0, -0.1],
  [[0.7, -0.5, 0.3]],
];

const x = tensor([[0, 0], [0, 1], [1, 0], [1, 1]]);
const t = tensor([[0], [1], [1], [0]]);

// a network 2-3-1 on the exclusive or
export function loss(W1: Tensor<[3, 2]>, b1: Tensor<[3]>,
                     W2: Tensor<[1, 3]>) {
  const v = tanh(matmul(x, W1.transpose()).add(b1));
  const r = tanh(matmul(v, W2.transpose())).sub(t);
  return sum(r.mul(r)).mul(0.5);
}
`;

const branch = `import type { Tensor } from "@chainrule/autograd";

export const point = [0.6, 7];

// Newton's method for √c, as long as it takes: which way it goes
// depends on the numbers themselves
export function loss(start: Tensor<[]>, c: Tensor<[]>) {
  let x = start;
  for (let k = 0; k < 50; k++) {
    const next = x.add(c.div(x)).mul(0.5);
    if (Math.abs(next.sub(x).item()) < 1e-12) break;
    x = next;
  }
  return x;
}
`;

export const examples = { bend, layers, branch };
export type Example = keyof typeof examples;
export const exampleNames = Object.keys(examples) as Example[];
