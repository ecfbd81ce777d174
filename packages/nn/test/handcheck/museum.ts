// Published code and derivations with a mistake in them, each written again as its authors wrote it.
import type { Hand } from "../../src/handcheck/report.ts";
import { backprop, byLayer, handOf, squash, table, total, type Problem, type Rows } from "./plain.ts";
import { draw } from "./problems.ts";

const sigmoid = (u: number): number => squash("sigmoid", u);

/** The example of mattmazur.com/2015/03/17: both neurons of a layer share one bias, which never learns. */
export const mazur: Problem = {
  sizes: [2, 2, 2],
  activations: [undefined, "sigmoid", "sigmoid"],
  cost: "quadratic",
  W: [
    [],
    [
      [0.15, 0.2],
      [0.25, 0.3],
    ],
    [
      [0.4, 0.45],
      [0.5, 0.55],
    ],
  ],
  b: [[], [0.35, 0.35], [0.6, 0.6]],
  x: [[0.05, 0.1]],
  t: [[0.01, 0.99]],
  lambda: 0,
  eta: 0.5,
};

/**
 * One step of learning, with Mazur's numbers: the hidden layer reads the output weights before or after their update.
 */
export function mazurStep(p: Problem, reads: "before" | "after"): Rows[] {
  const { v, delta, gradW } = backprop(p);
  const W2 = p.W[2]!.map((row, k) => row.map((w, j) => w - p.eta * gradW[2]![k]![j]!));
  const used = reads === "after" ? W2 : p.W[2]!;
  const W1 = p.W[1]!.map((row, j) => {
    const out = v[1]![0]![j]!;
    const error = total(2, (k) => delta[2]![0]![k]! * used[k]![j]!) * out * (1 - out);
    return row.map((w, i) => w - p.eta * error * p.x[0]![i]!);
  });
  return [[], W1, W2];
}

/** Half the sum of squares after a forward pass. */
export function quadraticCost(p: Problem): number {
  const { v, L } = backprop(p);
  return 0.5 * total(p.t[0]!.length, (j) => (p.t[0]![j]! - v[L]![0]![j]!) ** 2);
}

/**
 * `backpropagate` of Data Science from Scratch, first edition: one sample, biases as last weights, everything changed
 * in place.
 */
export function dataScienceFromScratch(p: Problem): Hand {
  const layer = (l: number): Rows => p.W[l]!.map((row, j) => [...row, p.b[l]![j]!]);
  const [hiddenLayer, outputLayer] = [layer(1), layer(2)];
  const input = [...p.x[0]!, 1];
  const output = (neuron: readonly number[], inputs: readonly number[]): number =>
    sigmoid(total(neuron.length, (k) => neuron[k]! * inputs[k]!));
  const hiddenOutputs = hiddenLayer.map((neuron) => output(neuron, input));
  const withBias = [...hiddenOutputs, 1];
  const outputs = outputLayer.map((neuron) => output(neuron, withBias));
  const outputDeltas = outputs.map((out, i) => out * (1 - out) * (out - p.t[0]![i]!));
  for (let i = 0; i < outputLayer.length; i++) {
    for (let j = 0; j < withBias.length; j++) outputLayer[i]![j]! -= outputDeltas[i]! * withBias[j]!;
  }
  const hiddenDeltas = hiddenOutputs.map(
    (out, i) => out * (1 - out) * total(outputDeltas.length, (k) => outputDeltas[k]! * outputLayer[k]![i]!),
  );
  for (let i = 0; i < hiddenLayer.length; i++) {
    for (let j = 0; j < input.length; j++) hiddenLayer[i]![j]! -= hiddenDeltas[i]! * input[j]!;
  }
  const split = (rows: Rows): Rows => rows.map((row) => row.slice(0, -1));
  return {
    delta: { 1: [hiddenDeltas], 2: [outputDeltas] },
    next: {
      W: { 1: split(hiddenLayer), 2: split(outputLayer) },
      b: { 1: hiddenLayer.map((row) => row.at(-1)!), 2: outputLayer.map((row) => row.at(-1)!) },
    },
    eta: 1,
  };
}

/**
 * `train` of Make Your Own Neural Network: errors are target less output, hidden errors are who.T dot the output
 * errors.
 */
export function makeYourOwn(p: Problem): Hand {
  const [wih, who] = [p.W[1]!, p.W[2]!];
  const dot = (row: readonly number[], v: readonly number[]): number => total(row.length, (k) => row[k]! * v[k]!);
  const inputs = p.x[0]!;
  const hidden = wih.map((row) => sigmoid(dot(row, inputs)));
  const outputs = who.map((row) => sigmoid(dot(row, hidden)));
  const outputErrors = outputs.map((out, k) => p.t[0]![k]! - out);
  const hiddenErrors = hidden.map((_, j) => total(who.length, (k) => who[k]![j]! * outputErrors[k]!));
  const grows = (errors: readonly number[], outs: readonly number[]): number[] =>
    errors.map((error, j) => error * outs[j]! * (1 - outs[j]!));
  const [top, bottom] = [grows(outputErrors, outputs), grows(hiddenErrors, hidden)];
  const learned = (W: Rows, by: readonly number[], from: readonly number[]): Rows =>
    W.map((row, j) => row.map((w, k) => w + p.eta * by[j]! * from[k]!));
  return {
    delta: { 1: [bottom], 2: [top] },
    next: { W: { 1: learned(wih, bottom, inputs), 2: learned(who, top, hidden) } },
    eta: p.eta,
  };
}

/**
 * The backward pass that Coursera's gradient checking exercise hands out, with the two mistakes its students look for.
 */
export function gradientChecking(p: Problem): Hand {
  const s = backprop(p);
  const m = s.N;
  // dZ3 = A3 - Y; dZ2 = np.multiply(np.dot(W3.T, dZ3), np.int64(A2 > 0)); dW2 = 1./m * np.dot(dZ2, A1.T) * 2; db1 =
  // 4./m * np.sum(dZ1)
  const columns = (rows: Rows): Rows => table(rows[0]!.length, rows.length, (j, n) => rows[n]![j]! * m);
  const sums = (l: number, c: number): Rows => columns(s.delta[l]!).map((row) => [(c / m) * total(m, (n) => row[n]!)]);
  return {
    delta: { 1: columns(s.delta[1]!), 2: columns(s.delta[2]!), 3: columns(s.delta[3]!) },
    gradW: { 1: s.gradW[1]!, 2: s.gradW[2]!.map((row) => row.map((one) => 2 * one)), 3: s.gradW[3]! },
    gradB: { 1: sums(1, 4), 2: sums(2, 1), 3: sums(3, 1) },
  };
}

/** A two-layer ReLU and softmax network in the rows of CS231n, where dH = maximum(dH, 0) stands for dH[H <= 0] = 0. */
export function cs231nWriteUp(p: Problem): Hand {
  const s = backprop(p);
  const turned = (rows: Rows): Rows => table(rows[0]!.length, rows.length, (k, j) => rows[j]![k]!);
  const W2 = turned(p.W[2]!);
  const dscores = s.delta[2]!;
  const dH = table(s.N, W2.length, (n, k) =>
    Math.max(
      0,
      total(dscores[0]!.length, (c) => dscores[n]![c]! * W2[k]![c]!),
    ),
  );
  const dW1 = table(p.sizes[0]!, W2.length, (i, k) => total(s.N, (n) => p.x[n]![i]! * dH[n]![k]!));
  const down = (rows: Rows): number[] => rows[0]!.map((_, k) => total(s.N, (n) => rows[n]![k]!));
  return {
    delta: { 1: dH, 2: dscores },
    gradW: { 1: dW1, 2: turned(s.gradW[2]!) },
    gradB: { 1: [down(dH)], 2: [down(dscores)] },
  };
}

/** The document's BP2, index by index as printed: Σ_k δ_k^(l+1) w_jk^l σ′(u_j^l), on any network of one width. */
export function documentBp2(p: Problem): Hand {
  const wrong = Array.from({ length: p.sizes.length - 2 }, (_, index) => ({
    equation: "BP2" as const,
    layer: index + 1,
    wrong: (s: ReturnType<typeof backprop>, l: number): Rows =>
      table(s.N, p.sizes[l]!, (n, j) => {
        const v = s.v[l]![n]![j]!;
        return total(p.sizes[l + 1]!, (k) => s.delta[l + 1]![n]![k]! * p.W[l]![j]![k]! * v * (1 - v));
      }),
  }));
  return handOf(backprop(p, wrong));
}

/** The document's BP4 as a product: v^(l-1) times δ^l, "really a matrix", which is in × out. */
export function documentBp4(p: Problem): Hand & { readonly gradW: Record<number, Rows> } {
  const s = backprop(p);
  const product = (l: number): Rows =>
    table(p.sizes[l - 1]!, p.sizes[l]!, (k, j) => total(s.N, (n) => s.v[l - 1]![n]![k]! * s.delta[l]![n]![j]!));
  return { ...handOf(s), gradW: byLayer(p.sizes.map((_, l) => (l === 0 ? [] : product(l)))) };
}

/** The weights after a step by gradients that are taken entry by entry, whatever their layout. */
export function stepped(p: Problem, gradW: Readonly<Record<number, Rows>>): Hand {
  return {
    next: { W: byLayer(p.W.map((rows, l) => rows.map((row, j) => row.map((w, k) => w - p.eta * gradW[l]![j]![k]!)))) },
    eta: p.eta,
  };
}

/** Networks of the sizes that the exhibits are about. */
export const rooms: Readonly<Record<"scratch" | "ownNetwork" | "coursera" | "cs231n" | "square", Problem>> = {
  scratch: draw({ sizes: [4, 5, 3], hidden: "sigmoid", output: "sigmoid", cost: "quadratic", N: 1, seed: 11 }),
  ownNetwork: (() => {
    const p = draw({ sizes: [5, 4, 3], hidden: "sigmoid", output: "sigmoid", cost: "quadratic", N: 1, seed: 12 });
    return { ...p, b: p.b.map((row) => row.map(() => 0)), eta: 0.3 };
  })(),
  coursera: {
    ...draw({ sizes: [4, 5, 3, 1], hidden: "relu", output: "sigmoid", cost: "crossEntropy", N: 3, seed: 15 }),
    t: [[1], [1], [0]],
  },
  cs231n: draw({
    sizes: [4, 10, 3],
    hidden: "relu",
    output: "softmax",
    cost: "categoricalCrossEntropy",
    N: 5,
    seed: 14,
  }),
  square: draw({ sizes: [3, 3, 3, 3], hidden: "sigmoid", output: "sigmoid", cost: "quadratic", N: 4, seed: 16 }),
};
