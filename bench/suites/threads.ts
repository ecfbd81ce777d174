/**
 * Compiled programs on one thread and on several, in turns, after every bit was compared: with the engine, and with
 * each other.
 */

import {
  add,
  broadcastTo,
  compile,
  exp,
  log,
  matmul,
  max,
  mean,
  mul,
  relu,
  sigmoid,
  sub,
  sum,
  tensor,
  valueAndGrad,
  variable,
  type DType,
  type Tensor,
} from "@chainrule/autograd";
import { Random } from "@chainrule/nn";
import { mostThreads, pool } from "../../packages/autograd/src/backends/wasm/threads/pool.ts";

/** A case: makes a function that works on so many threads, or as the engine does without compiling. */
interface Work {
  readonly name: string;
  readonly make: (threads: number | null) => () => readonly Tensor[];
}

interface Timed {
  readonly threads: number;
  readonly run: () => readonly Tensor[];
  readonly times: number[];
}

const random = new Random(1);
const filled = (shape: readonly number[], dtype: DType, scale = 1): Tensor =>
  tensor(
    random.uniformArray(shape.reduce((count, size) => count * size, 1)).map((u) => scale * (2 * u - 1)),
    { shape, dtype },
  ) as Tensor;

function onThreads<P extends readonly Tensor[]>(
  f: (...args: P) => readonly Tensor[],
  threads: number | null,
): (...args: P) => readonly Tensor[] {
  return threads === null ? f : (compile(f, { threads }) as unknown as (...args: P) => readonly Tensor[]);
}

function chain(count: number): Work {
  const x = filled([count], "float64");
  const cost = (a: Tensor): Tensor => sum(mul(sigmoid(mul(a, 3)), exp(mul(a, a))));
  const f = (a: Tensor): readonly Tensor[] => {
    const { value, gradient } = valueAndGrad(cost)(a);
    return [value, gradient as Tensor];
  };
  return {
    name: `Σ σ(3 x) exp(x²) and its gradient, ${count} float64`,
    make(threads) {
      const g = onThreads(f, threads);
      return () => g(x);
    },
  };
}

function product(size: number): Work {
  const [a, b] = [filled([size, size], "float64"), filled([size, size], "float64")];
  return {
    name: `matrix product ${size}³, float64`,
    make(threads) {
      const g = onThreads((x: Tensor, y: Tensor) => [matmul(x, y)], threads);
      return () => g(a, b);
    },
  };
}

/**
 * A left operand larger than the caches, which is computed before a thin right side: one block of its rows at a time.
 */
function masked(rows: number): Work {
  const [x, keep, w] = [filled([rows, 784], "float32"), filled([rows, 784], "float32"), filled([784, 10], "float32")];
  return {
    name: `(mask ∘ x) W, ${rows} × 784 · 784 × 10, float32`,
    make(threads) {
      const g = onThreads((a: Tensor, b: Tensor) => [matmul(mul(a, b), w)], threads);
      return () => g(keep, x);
    },
  };
}

/** Softmax cross-entropy behind layers of relu, and gradient descent. */
function step(sizes: readonly number[], batch: number): Work {
  const x = filled([batch, sizes[0]!], "float32");
  const classes = sizes.at(-1)!;
  const target = tensor(
    Array.from({ length: batch }, (_, row) =>
      Array.from({ length: classes }, (__, k) => (k === row % classes ? 1 : 0)),
    ),
    { dtype: "float32" },
  ) as Tensor;
  const weights = sizes.slice(1).map((out, k) => filled([sizes[k]!, out], "float32", Math.sqrt(3 / sizes[k]!)));
  const biases = sizes.slice(1).map((out) => filled([out], "float32", 0.1));
  return {
    name: `${sizes.join("-")}, relu, cross-entropy, batch ${batch}, float32: one step`,
    make(threads) {
      const parameters = [...weights, ...biases].map((value) => variable(value));
      const cost = (p: readonly Tensor[]): Tensor => {
        let y = x;
        for (let k = 0; k < weights.length; k++) {
          const v = add(matmul(y, p[k]!), p[weights.length + k]!);
          y = k === weights.length - 1 ? v : relu(v);
        }
        const shifted = sub(y, broadcastTo(max(y, 1).reshape([batch, 1]), [batch, classes]));
        return mean(sub(log(sum(exp(shifted), 1)), sum(mul(shifted, target), 1)));
      };
      const g = onThreads((): readonly Tensor[] => {
        const { value, gradient } = valueAndGrad(cost)(parameters.map((one) => one.read() as Tensor));
        parameters.forEach((one, k) => one.assign(sub(one.read() as Tensor, mul(gradient[k]!, 0.1))));
        return [value];
      }, threads);
      return () => [...g(), parameters[0]!.read() as Tensor];
    },
  };
}

/** Says where two lists of tensors differ, bit by bit. */
function expectSame(what: string, found: readonly Tensor[], expected: readonly Tensor[]): void {
  expected.forEach((x, k) => {
    const [a, b] = [found[k]!.toTypedArray(), x.toTypedArray()];
    const at = b.findIndex((number, i) => !Object.is(number, a[i]));
    if (at >= 0)
      throw new Error(`${what}: entry ${at} of result ${k} is ${a[at]!} where ${b[at]!} is right; nothing is timed`);
  });
}

/** Waits until the workers are there: the first calls of a program do not wait for them. */
async function untilReady(threads: number): Promise<void> {
  const end = performance.now() + 10_000;
  while ((pool()?.ready(threads) ?? threads) < threads) {
    if (performance.now() > end) throw new Error(`bench: ${threads} threads are not ready after 10 s`);
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}

const median = (times: readonly number[]): number => [...times].sort((a, b) => a - b)[Math.floor(times.length / 2)]!;

/** Validates each case, times it on 1, 2 and all threads in turns, and prints the best and the median times. */
export async function runThreads(smoke: boolean): Promise<void> {
  const counts = [...new Set([1, 2, mostThreads("auto")])].filter(
    (threads) => threads <= Math.max(2, mostThreads("auto")),
  );
  await untilReady(Math.max(...counts));
  const works = smoke
    ? [chain(100_000), product(128), masked(500), step([64, 32, 10], 16)]
    : [chain(1_000_000), product(1024), masked(20_000), step([784, 512, 512, 10], 128)];
  console.log(`\nThreads: milliseconds, best and median of ${smoke ? 2 : 40} rounds in turns`);
  for (const { name, make } of works) {
    const all = counts.map((threads): Timed => ({ threads, run: make(threads), times: [] }));
    const plain = make(null);
    const expected = [plain(), plain()];
    for (const { threads, run } of all)
      expected.forEach((results, k) => expectSame(`${name}, ${threads} threads, call ${k}`, run(), results));
    for (let round = 0; round < (smoke ? 2 : 40); round++) {
      for (const { run, times } of all) {
        const begin = performance.now();
        run();
        times.push(performance.now() - begin);
      }
    }
    const one = all[0]!;
    console.log(`  ${name}`);
    for (const { threads, times } of all) {
      const [best, middle] = [Math.min(...times), median(times)];
      console.log(
        `      ${threads} ${threads === 1 ? "thread: " : "threads:"} ${best.toFixed(2).padStart(8)}  ${middle.toFixed(2).padStart(8)}   ×${(Math.min(...one.times) / best).toFixed(2)}  ×${(median(one.times) / middle).toFixed(2)}`,
      );
    }
  }
}
