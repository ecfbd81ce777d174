/** One block of a transformer: causal attention of four heads, layer norms, a feed-forward part with GELU. */

import { arange, erf, lessEqual, where, type Tensor } from "@chainrule/autograd";
import { drawn, fit } from "./program.ts";

/** Batch, places, width, heads, width of a head. */
const [B, T, D, H, K] = [2, 16, 32, 4, 8] as const;

type Sequence = Tensor<[2, 16, 32]>;
type Square = Tensor<[32, 32]>;
type Row = Tensor<[32]>;

interface Block {
  readonly wq: Square;
  readonly wk: Square;
  readonly wv: Square;
  readonly wo: Square;
  readonly w1: Tensor<[32, 128]>;
  readonly b1: Tensor<[128]>;
  readonly w2: Tensor<[128, 32]>;
  readonly b2: Row;
  readonly gain1: Row;
  readonly shift1: Row;
  readonly gain2: Row;
  readonly shift2: Row;
}

function layerNorm(x: Sequence, gain: Row, shift: Row): Sequence {
  const centered = x.sub(x.mean(-1, { keepDims: true }));
  return centered
    .div(x.var(-1, { keepDims: true }).add(1e-5).sqrt())
    .mul(gain)
    .add(shift);
}

const gelu = (x: Tensor<[2, 16, 128]>): Tensor<[2, 16, 128]> => x.mul(erf(x.div(Math.SQRT2)).add(1)).mul(0.5);

/** softmax(Q Kᵀ/√k) V of each head, in which no place sees a later one. */
function attention(p: Block, x: Sequence): Sequence {
  const heads = (w: Square): Tensor<[2, 4, 16, 8]> => x.matmul(w).reshape([B, T, H, K]).transpose([0, 2, 1, 3]);
  const scores = heads(p.wq).matmul(heads(p.wk), { transposeB: true }).div(Math.sqrt(K));
  const earlier = lessEqual(arange(0, T).reshape([1, T]), arange(0, T).reshape([T, 1]));
  const attended = where(earlier, scores, -Infinity).softmax().matmul(heads(p.wv));
  return attended.transpose([0, 2, 1, 3]).reshape([B, T, D]).matmul(p.wo);
}

function loss(p: Block, { x, target }: { readonly x: Sequence; readonly target: Sequence }): Tensor<[]> {
  const a = x.add(attention(p, layerNorm(x, p.gain1, p.shift1)));
  const hidden = gelu(layerNorm(a, p.gain2, p.shift2).matmul(p.w1).add(p.b1));
  return a.add(hidden.matmul(p.w2).add(p.b2)).sub(target).pow(2).mean();
}

export const transformer = fit({
  id: "transformer",
  name: "transformer block",
  parameters: {
    wq: drawn(40, [32, 32], 0.5),
    wk: drawn(41, [32, 32], 0.5),
    wv: drawn(42, [32, 32], 0.5),
    wo: drawn(43, [32, 32], 0.5),
    w1: drawn(44, [32, 128], 0.5),
    b1: drawn(45, [128]),
    w2: drawn(46, [128, 32], 0.5),
    b2: drawn(47, [32]),
    gain1: drawn(48, [32]).add(1),
    shift1: drawn(49, [32]),
    gain2: drawn(50, [32]).add(1),
    shift2: drawn(51, [32]),
  },
  data: { x: drawn(52, [2, 16, 32], 2), target: drawn(53, [2, 16, 32], 2) },
  loss,
});
