/** Memory of a gradient: 64 layers whose values are kept, or computed again where the sweep reads them. */

import { checkpoint, compile, grad, matmul, mean, mul, sigmoid, tanh, tensor, type Tensor } from "@chainrule/autograd";
import { Random } from "@chainrule/nn";

const [LAYERS, ROWS, WIDTH] = [64, 512, 32] as const;
type Rows = Tensor<[512, 32]>;
type Weights = Tensor<[32, 32]>;

const random = new Random(1);
const drawn = (name: string, count: number): Float64Array => random.split(name).normalArray(count);
const weights = Array.from({ length: LAYERS }, (_, k) =>
  tensor(
    drawn(`w${k}`, WIDTH * WIDTH).map((w) => w / Math.sqrt(WIDTH)),
    { shape: [WIDTH, WIDTH] },
  ),
);
const x = tensor(drawn("x", ROWS * WIDTH), { shape: [ROWS, WIDTH] });

/** A gated layer, whose rule reads five arrays of the size of what goes through it. */
const layer = (h: Rows, w: Weights): Rows => {
  const u = matmul(h, w);
  return mul(tanh(u), sigmoid(mul(u, u))).add(h);
};
type Layer = typeof layer;

const loss =
  (one: Layer) =>
  (list: readonly Weights[], rows: Rows): Tensor<[]> => {
    const y = list.reduce((h, w) => one(h, w), rows);
    return mean(mul(y, y));
  };

/** Eight layers at a time, each of which is computed again by itself. */
const nested = (list: readonly Weights[], rows: Rows): Tensor<[]> => {
  const inner = checkpoint(layer);
  const eight = checkpoint((h: Rows, own: readonly Weights[]) => own.reduce((y, w) => inner(y, w), h));
  let h = rows;
  for (let k = 0; k < LAYERS; k += 8) h = eight(h, list.slice(k, k + 8));
  return mean(mul(h, h));
};

const ways = { "all kept": loss(layer), "each layer again": loss(checkpoint(layer)), "eight layers again": nested };
const megabytes = (bytes: number): string => `${(bytes / 1e6).toFixed(1)} MB`;
const one = ROWS * WIDTH * 8;
console.log(`the gradient of ${LAYERS} layers, ${megabytes(one)} of numbers between two of them`);
let first: Float64Array | null = null;
for (const [name, f] of Object.entries(ways)) {
  const program = compile(grad(f));
  const gradient = Float64Array.from(program(weights, x).flatMap((g) => [...g.toTypedArray()]));
  first ??= gradient;
  const same = gradient.every((g, k) => Object.is(g, first![k])) ? "the same bits" : "other bits";
  console.log(`  ${name.padEnd(20)} ${megabytes(program.explain().arenaBytes).padStart(8)} in the program, ${same}`);
}
