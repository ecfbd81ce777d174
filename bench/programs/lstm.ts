/** An LSTM of 32 units over 20 steps, batch 16: as a plain loop, and as a scan. */

import { scan, zeros, type Tensor } from "@chainrule/autograd";
import { drawn, fit } from "./program.ts";

interface Cell {
  readonly wx: Tensor<[8, 128]>;
  readonly wh: Tensor<[32, 128]>;
  readonly b: Tensor<[128]>;
  readonly out: Tensor<[32, 1]>;
}

interface Sequences {
  readonly xs: Tensor<[20, 16, 8]>;
  readonly target: Tensor<[16, 1]>;
}

type State = readonly [h: Tensor<[16, 32]>, c: Tensor<[16, 32]>];

function step(p: Cell, [h, c]: State, x: Tensor<[16, 8]>): State {
  const [i, f, g, o] = x.matmul(p.wx).add(h.matmul(p.wh)).add(p.b).split(4, 1);
  const next = f.sigmoid().mul(c).add(i.sigmoid().mul(g.tanh()));
  return [o.sigmoid().mul(next.tanh()), next];
}

const begin = (): State => [zeros([16, 32]), zeros([16, 32])];
const errorOf = (p: Cell, [h]: State, target: Sequences["target"]): Tensor<[]> =>
  h.matmul(p.out).sub(target).pow(2).mean();

function looped(p: Cell, { xs, target }: Sequences): Tensor<[]> {
  let state = begin();
  for (let k = 0; k < 20; k++) state = step(p, state, xs.at(k));
  return errorOf(p, state, target);
}

function scanned(p: Cell, { xs, target }: Sequences): Tensor<[]> {
  return errorOf(p, scan((state, x) => [step(p, state, x), null], begin(), xs).carry, target);
}

const numbers = {
  parameters: {
    wx: drawn(30, [8, 128], 0.5),
    wh: drawn(31, [32, 128], 0.5),
    b: drawn(32, [128], 0.5),
    out: drawn(33, [32, 1]),
  },
  data: { xs: drawn(34, [20, 16, 8], 2), target: drawn(35, [16, 1]) },
};

export const lstmLoop = fit({ id: "lstm-loop", name: "LSTM, loop", ...numbers, loss: looped });
export const lstmScan = fit({ id: "lstm-scan", name: "LSTM, scan", ...numbers, loss: scanned });
