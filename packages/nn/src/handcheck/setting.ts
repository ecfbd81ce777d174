/** What a check knows: the network, the data, the forward pass, and σ, each number with its rounding bound. */

import { activateOne, costGradient, sigmoid, slope, softmax, type Activation, type Cost } from "./equations/index.ts";
import { Arithmetic, exact, fromRows, repeat, toRows, type Tracked } from "./tracked.ts";

type Elementwise = Exclude<Activation, "softmax">;

/** A network and a batch in plain numbers. */
export interface Problem {
  readonly sizes: readonly number[];
  readonly activations: readonly Activation[];
  readonly cost: Cost;
  /** `W[l]`, `b[l]` from l = 1; index 0 is empty. */
  readonly W: readonly (readonly (readonly number[])[])[];
  readonly b: readonly (readonly number[])[];
  readonly x: readonly (readonly number[])[];
  readonly t: readonly (readonly number[])[];
  /** Each layer has one bias for all of its units. */
  readonly tiedBiases?: boolean;
}

/** The forward pass that everything backward reads. */
export interface Forward {
  /** Samples × units; `u[0]` is `v[0]`, the input. */
  readonly u: readonly Tracked[];
  readonly v: readonly Tracked[];
}

/** A problem with its forward pass and what else the equations read. */
export interface Setting extends Forward {
  readonly problem: Problem;
  readonly by: Arithmetic;
  /** The number of layers L, of samples N, of outputs K. */
  readonly last: number;
  readonly samples: number;
  readonly outputs: number;
  readonly W: readonly Tracked[];
  readonly b: readonly Tracked[];
  readonly t: Tracked;
  /** The factor of W in the gradient of the regularized cost: λ/N; `null` where there is no λ. */
  readonly decay: number | null;
  readonly lambda: number;
  /** The learning rate, where the person gave it. */
  readonly eta: number | null;
  /** Weights after the step, where the person gave them. */
  readonly nextW: Readonly<Record<number, Tracked>>;
}

/** Everything but the forward pass, which may be the person's own. */
export interface SettingOptions {
  readonly epsilon?: number;
  readonly lambda?: number | undefined;
  readonly decayScale?: number;
  readonly eta?: number | undefined;
  readonly nextW?: Readonly<Record<number, Tracked>>;
}

/** A problem ready to be differentiated. */
export function settle(problem: Problem, options: SettingOptions = {}): Setting {
  const by = new Arithmetic(options.epsilon ?? Number.EPSILON);
  const W = problem.W.map((rows, l) => (l === 0 ? exact(0, 0, new Float64Array()) : fromRows(rows)));
  const b = problem.b.map((entries) => fromRows([entries]));
  const base = {
    problem, by, W, b,
    last: problem.sizes.length - 1,
    samples: problem.x.length,
    outputs: problem.sizes[problem.sizes.length - 1]!,
    t: fromRows(problem.t),
    decay: options.lambda === undefined ? null : (options.lambda * (options.decayScale ?? 1)) / problem.x.length,
    lambda: options.lambda ?? 0,
    eta: options.eta ?? null,
    nextW: options.nextW ?? {},
  };
  const u = [fromRows(problem.x)];
  const v = [u[0]!];
  for (let l = 1; l <= base.last; l++) {
    u.push(input(base, l, v[l - 1]!));
    v.push(output(by, problem.activations[l - 1]!, u[l]!));
  }
  return { ...base, u, v };
}

/** What a layer was last given, and what that came to: the first layer is given the data again and again. */
const inputs = new WeakMap<Tracked, { readonly below: Tracked; readonly bias: Tracked; readonly u: Tracked }>();

/** u^l = W^l v^{l-1} + b^l */
export function input({ by, W, b, samples }: Pick<Setting, "by" | "W" | "b" | "samples">, l: number, below: Tracked): Tracked {
  const [weights, bias] = [W[l]!, b[l]!];
  const known = inputs.get(weights);
  if (known !== undefined && known.below === below && known.bias === bias) return known.u;
  const u = by.add(by.matmul(below, weights, false, true), repeat(bias, samples));
  inputs.set(weights, { below, bias, u });
  return u;
}

/** v = σ(u) */
export function output(by: Arithmetic, activation: Activation, u: Tracked): Tracked {
  if (activation !== "softmax") {
    const plain = by.map(u, (x) => activateOne(activation, x), (x) => slope(activation, x));
    const { value, error } = u;
    if (error === null || activation === "linear") return plain;
    // Of few digits an error of u is so large that the curvature counts, |σ''| ≤ 0.77, and the corner of a ReLU.
    return withSlack(plain, activation === "relu" ? (i) => (value[i]! <= 0 ? Math.max(0, value[i]! + error[i]!) : 0) : (i) => 0.4 * error[i]! ** 2);
  }
  const value = fromRows(toRows(u).map((entries) => softmax(entries))).value;
  const error = new Float64Array(value.length);
  for (let i = 0; i < u.rows; i++) {
    let widest = 0;
    for (let j = 0; j < u.cols; j++) widest = Math.max(widest, u.error?.[i * u.cols + j] ?? 0);
    for (let j = 0; j < u.cols; j++) error[i * u.cols + j] = value[i * u.cols + j]! * (2 * widest + (4 + u.cols) * by.epsilon);
  }
  return { rows: u.rows, cols: u.cols, value, error };
}

/** σ'(x) entry by entry, of any matrix: also of the wrong one. */
export function slopeOf(by: Arithmetic, activation: Elementwise, x: Tracked): Tracked {
  switch (activation) {
    // A person computes v (1 − v) and 1 − v², where 1 − … cancels: rounding then counts in units of 1, not of σ'.
    case "sigmoid": return withSlack(by.map(x, (u) => slope("sigmoid", u), (u) => slope("sigmoid", u) * (1 - 2 * sigmoid(u))), (i) => 8 * by.epsilon * sigmoid(x.value[i]!));
    case "tanh": return withSlack(by.map(x, (u) => slope("tanh", u), (u) => -2 * Math.tanh(u) * slope("tanh", u)), (i) => 8 * by.epsilon * Math.tanh(x.value[i]!) ** 2);
    case "relu": return by.map(x, (u) => slope("relu", u), () => 0);
    case "linear": return by.map(x, () => 1, () => 0);
  }
}

function withSlack(tracked: Tracked, slack: (i: number) => number): Tracked {
  return { ...tracked, error: tracked.error?.map((bound, i) => bound + slack(i)) ?? null };
}

/** σ'(u) with room for somebody who has it from v, v (1 − v) or 1 − v², where v is no better than its digits. */
function fromOutput(activation: Elementwise, slopes: Tracked, { value, error }: Tracked): Tracked {
  if (error === null || activation === "relu" || activation === "linear") return slopes;
  const steep = activation === "sigmoid" ? (v: number): number => Math.abs(1 - 2 * v) : (v: number): number => 2 * Math.abs(v);
  return withSlack(slopes, (i) => error[i]! * (steep(value[i]!) + error[i]!));
}

/** (∂v/∂u)ᵀ g for a layer: g ⊙ σ'(u), or the Jacobian of softmax v ⊙ (g - Σ_k g_k v_k). */
export function throughActivation(setting: Setting, l: number, g: Tracked): Tracked {
  const { by, u, v, problem } = setting;
  const activation = problem.activations[l - 1]!;
  if (activation !== "softmax") return by.mul(g, fromOutput(activation, slopeOf(by, activation, u[l]!), v[l]!));
  const products = by.mul(g, v[l]!);
  const sums = by.matmul(products, exact(products.cols, products.cols, new Float64Array(products.cols ** 2).fill(1)));
  return by.mul(v[l]!, by.sub(g, sums));
}

/** ∇_v C of each sample. */
export function costSlope({ by, problem, v, t, last }: Setting): Tracked {
  const value = fromRows(toRows(v[last]!).map((entries, n) => costGradient(problem.cost, entries, problem.t[n]!))).value;
  const out = v[last]!;
  const error = value.map((g, i) => {
    const [vi, ti, dv] = [out.value[i]!, t.value[i]!, out.error?.[i] ?? 0];
    switch (problem.cost) {
      case "quadratic":
      case "softmaxCrossEntropy": return dv + by.epsilon * (Math.abs(vi) + Math.abs(ti));
      case "categoricalCrossEntropy": return Math.abs(g) * (dv / Math.abs(vi) + 4 * by.epsilon);
      // Both ends of -t/v + (1-t)/(1-v) are steep: an error of v counts by 1/v² and 1/(1-v)².
      case "crossEntropy": return (Math.abs(ti) / vi ** 2 + Math.abs(1 - ti) / (1 - vi) ** 2) * (dv + 4 * by.epsilon * Math.abs(vi));
    }
  });
  return { rows: out.rows, cols: out.cols, value, error };
}
