/**
 * The gradient of each example: clipped before they are averaged, as learning with privacy does, and by which examples
 * pull hardest.
 */

import {
  compile,
  concat,
  div,
  grad,
  matmul,
  maximum,
  mean,
  mul,
  norm,
  sigmoid,
  sub,
  sum,
  tensor,
  type Tensor,
} from "@chainrule/autograd";
import { vmap } from "@chainrule/autograd/vmap";
import { Random } from "@chainrule/nn";
import { loadDigits } from "./digits.ts";

interface Parameters {
  readonly w1: Tensor<[30, 64]>;
  readonly b1: Tensor<[30]>;
  readonly w2: Tensor<[10, 30]>;
  readonly b2: Tensor<[10]>;
}

/** No example moves the parameters by more than this, before the learning rate. */
const LONGEST = 1;
const BATCH = 50;

/** What the network gives for one image. */
const output = ({ w1, b1, w2, b2 }: Parameters, x: Tensor<[64]>): Tensor<[10]> =>
  sigmoid(matmul(w2, sigmoid(matmul(w1, x).add(b1))).add(b2));

/** The cost of one example: all that follows is written for one example. */
function cost(p: Parameters, x: Tensor<[64]>, t: Tensor<[10]>): Tensor<[]> {
  const error = sub(output(p, x), t);
  return mul(0.5, sum(mul(error, error)));
}

/** The gradient of one example, shortened where it is too long, and how long it was. */
function clipped(
  p: Parameters,
  x: Tensor<[64]>,
  t: Tensor<[10]>,
): { readonly gradient: Parameters; readonly length: Tensor<[]> } {
  const { w1, b1, w2, b2 } = grad(cost)(p, x, t);
  const length = norm(concat([w1.reshape([1920]), b1, w2.reshape([300]), b2]));
  const scale = div(LONGEST, maximum(length, LONGEST));
  return { gradient: { w1: mul(w1, scale), b1: mul(b1, scale), w2: mul(w2, scale), b2: mul(b2, scale) }, length };
}

const perExample = vmap(clipped, { inAxes: [null, 0, 0] });

/** One step of learning by the mean of the clipped gradients of a batch: one program. */
const step = compile((p: Parameters, x: Tensor<[number, 64]>, t: Tensor<[number, 10]>, eta: Tensor<[]>): Parameters => {
  const { gradient: g } = perExample(p, x, t);
  const moved = <T extends Tensor>(before: T, slopes: Tensor): T =>
    sub(before, mul(eta, mean(slopes, 0))) as unknown as T;
  return { w1: moved(p.w1, g.w1), b1: moved(p.b1, g.b1), w2: moved(p.w2, g.w2), b2: moved(p.b2, g.b2) };
});

const lengths = compile(
  (p: Parameters, x: Tensor<[number, 64]>, t: Tensor<[number, 10]>) => perExample(p, x, t).length,
);
const outputs = compile((p: Parameters, x: Tensor<[number, 64]>) => vmap(output, { inAxes: [null, 0] })(p, x));

const { training, heldOut } = loadDigits(1);
const [images, targets] = [training.x as Tensor<[number, 64]>, training.t as Tensor<[number, 10]>];
const random = new Random(3);
const drawn = (name: string, count: number, scale: number): Float64Array =>
  random
    .split(name)
    .normalArray(count)
    .map((w) => w * scale);
let p: Parameters = {
  w1: tensor(drawn("w1", 1920, 1 / 8), { shape: [30, 64] }),
  b1: tensor(drawn("b1", 30, 1 / 8), { shape: [30] }),
  w2: tensor(drawn("w2", 300, 0.2), { shape: [10, 30] }),
  b2: tensor(drawn("b2", 10, 0.2), { shape: [10] }),
};

/** The share of images whose largest output is that of their digit. */
function accuracy(): number {
  const given = outputs(p, heldOut.x as Tensor<[number, 64]>).toArray() as number[][];
  const right = heldOut.t.toArray() as number[][];
  return given.filter((row, n) => right[n]![row.indexOf(Math.max(...row))] === 1).length / given.length;
}

for (let epoch = 0; epoch < 20; epoch++) {
  const order = random.split("epoch", epoch).permutation(images.shape[0]);
  for (let begin = 0; begin + BATCH <= order.length; begin += BATCH) {
    const picked = order.slice(begin, begin + BATCH);
    p = step(
      p,
      images.gather(picked) as Tensor<[number, 64]>,
      targets.gather(picked) as Tensor<[number, 10]>,
      tensor(3) as Tensor<[]>,
    );
  }
}
console.log(
  `learned by gradients of examples, none longer than ${LONGEST}: ${(100 * accuracy()).toFixed(1)} % of the held-out images are right`,
);

const found = Array.from(lengths(p, images, targets).toTypedArray(), (length, n) => ({ n, length })).sort(
  (a, b) => b.length - a.length,
);
const digitOf = (n: number): number => (targets.at(n).toArray() as number[]).indexOf(1);
console.log(
  `half of the ${found.length} gradients are shorter than ${found[found.length >> 1]!.length.toExponential(1)}; these images pull hardest:`,
);
for (const { n, length } of found.slice(0, 3)) console.log(`  image ${n}, a ${digitOf(n)}: ${length.toFixed(2)}`);
