/**
 * A batch at once, in turns with a loop over its examples or seeds: Jacobians, per-example gradients, forward passes.
 */

import {
  checkpoint,
  compile,
  grad,
  hessian,
  jacobian,
  key,
  matmul,
  mul,
  sigmoid,
  sin,
  slice,
  stack,
  sub,
  sum,
  tanh,
  tensor,
  uniform,
  type Tensor,
} from "@chainrule/autograd";
import { sparseJacobian, vmap } from "@chainrule/autograd/vmap";
import { Random } from "@chainrule/nn";
import { fraction53, drawn as words } from "../../packages/autograd/src/ops/threefry.ts";
import { sweepAtOnceBy } from "../../packages/autograd/src/transforms/matrices.ts";
import { interleave, lastOfTurns, showTime } from "../interleave.ts";

type F = (...given: readonly unknown[]) => Tensor;

/** One work, in a way and without it, which is the definition: for a batch, that is a loop. */
interface Row {
  readonly name: string;
  readonly atOnce: () => Tensor | readonly Tensor[];
  readonly looped: () => Tensor | readonly Tensor[];
}

const random = new Random(5);
const drawn = (name: string, shape: readonly number[]): Tensor => {
  const count = shape.reduce((n, size) => n * size, 1);
  return tensor(
    random
      .split(name)
      .normalArray(count)
      .map((x) => x / Math.sqrt(shape.at(-1)!)),
    { shape, dtype: "float64" },
  ) as Tensor;
};

const WIDTH = 64;
const layers = [1, 2].map((l) => ({ w: drawn(`w${l}`, [WIDTH, WIDTH]), b: drawn(`b${l}`, [WIDTH]) }));
const at = drawn("at", [WIDTH]);
const net = (x: Tensor): Tensor => layers.reduce((v, { w, b }) => tanh(matmul(w, v).add(b)) as Tensor, x);
const total = (x: Tensor): Tensor<[]> => sum(net(x)) as Tensor<[]>;

/** Runs with one sweep after the other, as where `@chainrule/autograd/vmap` is not loaded. */
function sweepBySweep<R>(run: () => R): R {
  const former = sweepAtOnceBy(() => null);
  try {
    return run();
  } finally {
    sweepAtOnceBy(former);
  }
}

const rows = jacobian(net, { mode: "reverse" }) as (x: Tensor) => Tensor;
const columns = jacobian(net, { mode: "forward" }) as (x: Tensor) => Tensor;
const second = hessian(total) as (x: Tensor) => Tensor;

const BATCH = 100;
const parameters = {
  w1: drawn("W1", [30, 784]),
  b1: drawn("B1", [30]),
  w2: drawn("W2", [10, 30]),
  b2: drawn("B2", [10]),
};
const [x, t] = [drawn("x", [BATCH, 784]), drawn("t", [BATCH, 10])];
const examples = Array.from({ length: BATCH }, (_, k) => [x.at(k), t.at(k)] as const);

const loss = (p: typeof parameters, one: Tensor, target: Tensor): Tensor<[]> => {
  const v = sigmoid(matmul(p.w1, one).add(p.b1));
  const e = sub(sigmoid(matmul(p.w2, v).add(p.b2)), target);
  return mul(0.5, sum(mul(e, e))) as Tensor<[]>;
};
const gradient = grad(loss as never) as unknown as (
  p: typeof parameters,
  one: Tensor,
  target: Tensor,
) => typeof parameters;
const gradients = vmap(gradient as never, { inAxes: [null, 0, 0] }) as unknown as typeof gradient;
const compiledGradients = compile(gradients as never, { threads: 1 }) as unknown as typeof gradient;
const compiledGradient = compile(gradient as never, { threads: 1 }) as unknown as typeof gradient;
const losses = vmap(loss as never, { inAxes: [null, 0, 0] }) as unknown as F;

const each = (f: typeof gradient): readonly Tensor[] => {
  const found = examples.map(([one, target]) => Object.values(f(parameters, one, target)));
  return found[0]!.map((_, k) => stack(found.map((list) => list[k]!) as never) as Tensor);
};

const SPARSE = 300;
const line = drawn("line", [SPARSE]);
const stencil = (y: Tensor): Tensor => sin(mul(slice(y, [1]), slice(y, [0], [-1])) as Tensor);

const CHAIN = 12;
const chainBy = (around: (f: typeof net) => typeof net): F => {
  const part = around(net);
  const loss = (y: Tensor): Tensor<[]> =>
    sum(Array.from({ length: CHAIN }).reduce((v: Tensor) => part(v), y)) as Tensor<[]>;
  return grad(loss as never) as unknown as F;
};
const [again, kept] = [chainBy(checkpoint), chainBy((f) => f)];
const [compiledAgain, compiledKept] = [again, kept].map((f) => compile(f as never, { threads: 1 }) as unknown as F) as [
  F,
  F,
];

const DRAWN = 100_000;
const seed = key(3);
/** The same numbers, each of the two words of a block by itself. */
function wordByWord(): Tensor {
  const numbers = new Int32Array(DRAWN);
  for (let k = 0; k < DRAWN; k++) numbers[k] = k;
  const places = tensor(numbers, { dtype: "int32" });
  const [high, low] = words.words.map(
    (word) => word(seed.at(0) as never, seed.at(1) as never, places as never) as Tensor,
  );
  return fraction53(high!.cast("float64") as never, low!.cast("float64") as never) as unknown as Tensor;
}

const table: readonly Row[] = [
  {
    name: `Jacobian [${WIDTH}] → [${WIDTH}] of two layers, reverse`,
    atOnce: () => rows(at),
    looped: () => sweepBySweep(() => rows(at)),
  },
  {
    name: `Jacobian [${WIDTH}] → [${WIDTH}] of two layers, forward`,
    atOnce: () => columns(at),
    looped: () => sweepBySweep(() => columns(at)),
  },
  {
    name: `Hessian of ${WIDTH} variables through two layers`,
    atOnce: () => second(at),
    looped: () => sweepBySweep(() => second(at)),
  },
  {
    name: `losses of 784-30-10, ${BATCH} examples`,
    atOnce: () => losses(parameters, x, t),
    looped: () => stack(examples.map(([one, target]) => loss(parameters, one, target)) as never) as Tensor,
  },
  {
    name: `per-example gradients of 784-30-10, ${BATCH} examples`,
    atOnce: () => Object.values(gradients(parameters, x, t)),
    looped: () => each(gradient),
  },
  {
    name: "the same, compiled, beside a compiled gradient in a loop",
    atOnce: () => Object.values(compiledGradients(parameters, x, t)),
    looped: () => each(compiledGradient),
  },
  {
    name: `Jacobian of a stencil of ${SPARSE}, by its pattern`,
    atOnce: () => sparseJacobian(stencil)(line).toDense() as Tensor,
    looped: () => (jacobian(stencil) as F)(line),
  },
  {
    name: `gradient of ${CHAIN} parts of two layers, computed again`,
    atOnce: () => again(at),
    looped: () => kept(at),
  },
  {
    name: "the same, compiled",
    atOnce: () => compiledAgain(at),
    looped: () => compiledKept(at),
  },
  {
    name: `${DRAWN} random numbers, beside word by word`,
    atOnce: () => uniform(seed, [DRAWN]),
    looped: wordByWord,
  },
];

function validate({ name, atOnce, looped }: Row): void {
  const [found, expected] = [atOnce(), looped()].map((given) =>
    Array.isArray(given) ? (given as Tensor[]) : [given as Tensor],
  ) as [Tensor[], Tensor[]];
  expected.forEach((right, k) => {
    const [a, b] = [found[k]!.toTypedArray(), right.toTypedArray()];
    const wrong = b.findIndex((y, i) => !Object.is(y, a[i]));
    if (a.length !== b.length || wrong >= 0)
      throw new Error(`${name}: entry ${wrong} is ${a[wrong]!} where ${b[wrong]!} is right; nothing is timed`);
  });
}

/** Validates everything to the last bit, and prints the times and their ratio. */
export async function runVmap(smoke: boolean): Promise<void> {
  table.forEach(validate);
  if (smoke) {
    console.log(`${table.length} batches validated; the times of a smoke run say nothing.`);
    return;
  }
  console.log(
    "\nA batch at once, the loop over its examples or seeds, and how many times as long that takes (a quarter of the rounds below and above)",
  );
  for (const { name, atOnce, looped } of table) {
    const { first, second, ratio, low, high } = await interleave(looped, atOnce, 41);
    console.log(
      `  ${name.padEnd(58)} ${showTime(second).padStart(8)}  ${showTime(first).padStart(8)}  ${ratio.toFixed(1)} (${low.toFixed(1)} to ${high.toFixed(1)})`,
    );
  }
  if (lastOfTurns() === undefined) throw new Error("bench: nothing was computed");
}
