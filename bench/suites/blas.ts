/** Products of matrices in WebAssembly and in the BLAS of this machine: proved right, then timed in turns. */

import { availableParallelism } from "node:os";
import { setTimeout } from "node:timers/promises";
import { compile, logSoftmax, matmul, relu, tensor, valueAndGrad, variable, type Tensor } from "@chainrule/autograd";
import { useBlas, type BlasOptions } from "@chainrule/autograd/blas";
import { Random } from "@chainrule/nn";
import { backprop } from "@chainrule/nn/equations";

/** Who multiplies. */
interface Engine {
  readonly name: string;
  readonly options: BlasOptions;
}

/** Some work, which each engine does. */
interface Work {
  readonly name: string;
  /** Multiplications and additions of its products. */
  readonly flops: number;
  /** Throws where the result is wrong. */
  readonly validate: () => void;
  readonly run: () => unknown;
}

let sink: unknown;

const float32 = (shape: readonly number[], numbers: ArrayLike<number>): Tensor =>
  tensor(Float32Array.from(numbers), { shape, dtype: "float32" }) as Tensor;

/** The product of two square matrices; a few of its entries against sums in float64. */
function squares(size: number): Work {
  const random = new Random(size);
  const [a, b] = [
    float32([size, size], random.normalArray(size * size)),
    float32([size, size], random.normalArray(size * size)),
  ];
  const run = (): Tensor => matmul(a, b) as Tensor;
  const validate = (): void => {
    const [x, y, got] = [a.toTypedArray(), b.toTypedArray(), run().toTypedArray()];
    for (let turn = 0; turn < 200; turn++) {
      const [row, column] = [random.integer(size), random.integer(size)];
      let [sum, magnitude] = [0, 0];
      for (let i = 0; i < size; i++) {
        const term = x[row * size + i]! * y[i * size + column]!;
        sum += term;
        magnitude += Math.abs(term);
      }
      if (!(Math.abs(got[row * size + column]! - sum) <= size * 2 ** -24 * magnitude))
        throw new Error(
          `bench: ${size}³, entry [${row}, ${column}] is ${got[row * size + column]!} where ${sum} is right`,
        );
    }
  };
  return { name: `${size} × ${size} · ${size} × ${size}, float32, eager`, flops: 2 * size ** 3, validate, run };
}

const rowsOf = (x: Tensor): number[][] => x.toArray() as number[][];
const transposed = (rows: readonly number[][]): number[][] => rows[0]!.map((_, j) => rows.map((row) => row[j]!));

/** Refuses a step of weights that is not -η ∂C/∂W. */
function checkStep(layer: number, from: Tensor, to: Tensor, slopes: readonly number[], eta: number): void {
  const largest = slopes.reduce((most, slope) => Math.max(most, Math.abs(slope)), 0);
  const [before, after] = [from.toTypedArray(), to.toTypedArray()];
  const wrong = slopes.findIndex((slope, i) => !(Math.abs((before[i]! - after[i]!) / eta - slope) <= 1e-3 * largest));
  if (wrong >= 0)
    throw new Error(
      `bench: weight ${wrong} of layer ${layer} moved by ${before[wrong]! - after[wrong]!} where ${eta * slopes[wrong]!} is right`,
    );
}

/** Layers of normal numbers, for relu. */
function randomLayers(random: Random, sizes: readonly number[]): { readonly w: Tensor; readonly b: Tensor }[] {
  return sizes.slice(1).map((units, l) => {
    const below = sizes[l]!;
    const weights = random.normalArray(below * units).map((w) => w * Math.sqrt(2 / below));
    const biases = random.normalArray(units).map((b) => 0.1 * b);
    return { w: float32([below, units], weights), b: float32([units], biases) };
  });
}

/** One compiled step of a network with relu and a softmax cross-entropy; its parameters stay in the program. */
function trainingStep(sizes: readonly number[], batch: number): Work {
  const random = new Random(11);
  const [inputs, outputs] = [sizes[0]!, sizes.at(-1)!];
  const layers = randomLayers(random, sizes);
  const x = float32([batch, inputs], random.uniformArray(batch * inputs));
  const t = float32(
    [batch, outputs],
    Array.from({ length: batch }, () => random.integer(outputs)).flatMap((label) =>
      Array.from({ length: outputs }, (_, j) => (j === label ? 1 : 0)),
    ),
  );
  const states = layers.map(({ w, b }) => ({ w: variable(w), b: variable(b) }));
  const eta = 0.1;
  const step = compile((input: Tensor, target: Tensor) => {
    const { value, gradient } = valueAndGrad((parameters: readonly { readonly w: Tensor; readonly b: Tensor }[]) => {
      const u = parameters.reduce((v, { w, b }, l) => (l === 0 ? v : relu(v)).matmul(w).add(b), input);
      return logSoftmax(u, -1)
        .mul(target)
        .sum()
        .mul(-1 / batch);
    })(states.map(({ w, b }) => ({ w: w.read(), b: b.read() })));
    states.forEach(({ w, b }, l) => {
      w.assign(w.read().sub(gradient[l]!.w.mul(eta)));
      b.assign(b.read().sub(gradient[l]!.b.mul(eta)));
    });
    return value;
  });
  // C = -1/N Σ_n Σ_j t_nj ln softmax(u_n)_j, and by the equations of back-propagation in plain loops what a step must
  // give.
  const expected = backprop(
    {
      weights: layers.map(({ w }) => transposed(rowsOf(w))),
      biases: layers.map(({ b }) => b.toArray() as number[]),
      activations: layers.map((_, l) => (l === layers.length - 1 ? "linear" : "relu")),
      cost: "softmaxCrossEntropy",
    },
    rowsOf(x),
    rowsOf(t),
  );
  const validate = (): void => {
    states.forEach(({ w, b }, l) => {
      w.assign(layers[l]!.w);
      b.assign(layers[l]!.b);
    });
    const cost = step(x, t).item();
    if (!(Math.abs(cost - expected.cost) <= 1e-5 * expected.cost))
      throw new Error(`bench: the cost is ${cost} where ${expected.cost} is right`);
    states.forEach(({ w }, l) =>
      checkStep(l + 1, layers[l]!.w, w.read(), transposed(expected.layers[l]!.gradW).flat(), eta),
    );
  };
  // Forward and back by the weights for each layer, and back by the inputs for all but the first.
  const flops = sizes.slice(1).reduce((sum, units, l) => sum + (l === 0 ? 4 : 6) * batch * sizes[l]! * units, 0);
  return {
    name: `${sizes.join("-")}, relu, softmax cross-entropy, batch ${batch}, float32, compiled: one step`,
    flops,
    validate,
    run: () => step(x, t),
  };
}

/** Times every work with every engine in turns; the best of the rounds is the time that nothing disturbed. */
async function measure(works: readonly Work[], engines: readonly Engine[], rounds: number): Promise<number[][]> {
  const best = works.map(() => engines.map(() => Infinity));
  for (const [w, work] of works.entries()) {
    const calls = engines.map(() => 1);
    for (let round = 0; round < rounds; round++) {
      for (const [e, { options }] of engines.entries()) {
        await useBlas(options);
        // Workers of programs start between turns.
        await setTimeout(1);
        if (round === 0) work.validate();
        // Caches and branches are those of the engine before.
        sink = work.run();
        const begin = performance.now();
        for (let call = 0; call < calls[e]!; call++) sink = work.run();
        const took = performance.now() - begin;
        best[w]![e] = Math.min(best[w]![e]!, took / calls[e]!);
        if (took < 1) calls[e]! *= 2;
      }
    }
  }
  await useBlas({ enabled: false });
  return best;
}

/** Validates every work in every engine and prints times beside each other; says why where there is no BLAS. */
export async function runBlas(smoke: boolean): Promise<void> {
  const blas = await useBlas();
  if (!blas.found) {
    console.log(`no BLAS is timed:\n  ${blas.reasons.join("\n  ")}`);
    return;
  }
  const cores = availableParallelism();
  const engines: Engine[] = [{ name: "WebAssembly", options: { enabled: false } }];
  if (blas.threads === null) engines.push({ name: blas.library, options: {} });
  else
    for (const threads of cores > 1 ? [1, cores] : [1])
      engines.push({
        name: `${blas.library}, ${threads} ${threads === 1 ? "thread" : "threads"}`,
        options: { threads },
      });
  const works = smoke
    ? [squares(64), trainingStep([20, 16, 16, 3], 8)]
    : [
        ...[64, 128, 256, 512, 1024].map(squares),
        trainingStep([784, 512, 512, 10], 128),
        trainingStep([784, 30, 10], 10),
      ];
  const best = await measure(works, engines, smoke ? 1 : 40);
  if (sink === undefined) throw new Error("bench: nothing was computed");
  if (smoke) {
    console.log(
      `${works.length} works validated and run in ${engines.length} engines; the times of a smoke run say nothing.`,
    );
    return;
  }
  console.log(
    `\n${blas.library} as ${blas.path}\n| work | ${engines.map(({ name }) => name).join(" | ")} |\n|---|${engines.map(() => "---|").join("")}`,
  );
  works.forEach(({ name, flops }, w) => {
    const cells = best[w]!.map(
      (milliseconds) =>
        `${milliseconds < 1 ? `${(1000 * milliseconds).toPrecision(3)} µs` : `${milliseconds.toPrecision(3)} ms`}, ${(flops / milliseconds / 1e6).toPrecision(3)} GFLOP/s`,
    );
    console.log(`| ${name} | ${cells.join(" | ")} |`);
  });
}
