/** What a check knows: the network, the data, the forward pass, and σ, each number with its rounding bound. */

import { decayShare, type DecayForm } from "./decay.ts";
import { LEAK } from "./equations/activations.ts";
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
  /** What its numbers may be off, where they were rounded. */
  readonly errors?: GivenErrors;
}

/** Half a unit of the last place for each entry of the parameters and the data, by rows; `null` where they are exact. */
export interface GivenErrors {
  readonly W: readonly (Float64Array | null)[];
  readonly b: readonly (Float64Array | null)[];
  readonly x: Float64Array | null;
  readonly t: Float64Array | null;
  /** Each entry is off by a rounding of its own. */
  readonly independent: boolean;
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
  /** The factor of W in the gradient of the regularized cost, λ/N in the network's own form; `null` where there is no λ. */
  readonly decay: number | null;
  readonly decayForm: DecayForm;
  readonly lambda: number;
  /** The learning rate, where the person gave it. */
  readonly eta: number | null;
  /** Weights after the step, where the person gave them. */
  readonly nextW: Readonly<Record<number, Tracked>>;
  /** The parameters or the data may be off by what rounding left of them: at a kink either side is possible. */
  readonly rounded: boolean;
}

/** Everything but the forward pass, which may be the person's own. */
export interface SettingOptions {
  readonly epsilon?: number;
  readonly lambda?: number | undefined;
  readonly decayForm?: DecayForm;
  readonly eta?: number | undefined;
  readonly nextW?: Readonly<Record<number, Tracked>>;
}

/** A problem ready to be differentiated. */
export function settle(problem: Problem, options: SettingOptions = {}): Setting {
  const by = new Arithmetic(options.epsilon ?? Number.EPSILON);
  const { decayForm = "λ/n" } = options;
  const { errors } = problem;
  const off = (one: Tracked, error: Float64Array | null | undefined): Tracked => (error === null || error === undefined ? one : { ...one, error, rounded: errors!.independent });
  const W = problem.W.map((rows, l) => (l === 0 ? exact(0, 0, new Float64Array()) : off(fromRows(rows), errors?.W[l])));
  const b = problem.b.map((entries, l) => off(fromRows([entries]), errors?.b[l]));
  const base = {
    problem, by, W, b,
    last: problem.sizes.length - 1,
    samples: problem.x.length,
    outputs: problem.sizes[problem.sizes.length - 1]!,
    t: off(fromRows(problem.t), errors?.t),
    decay: options.lambda === undefined ? null : (options.lambda * decayShare(decayForm, problem.x.length)) / problem.x.length,
    decayForm,
    lambda: options.lambda ?? 0,
    eta: options.eta ?? null,
    nextW: options.nextW ?? {},
    rounded: errors !== undefined && [...errors.W, ...errors.b, errors.x, errors.t].some((one) => one !== null),
  };
  const u = [off(fromRows(problem.x), errors?.x)];
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

/** An error so large that the curvature of σ counts. */
const CURVED = 1e-8;

/** v = σ(u) */
export function output(by: Arithmetic, activation: Activation, u: Tracked): Tracked {
  if (activation === "softmax") return softmaxOf(by, u);
  const plain = by.map(u, (x) => activateOne(activation, x), (x) => slope(activation, x));
  const { value, error } = u;
  if (error === null || activation === "linear") return plain;
  // Beyond the corner of a ReLU the slope is 1.
  if (activation === "relu") return withSlack(plain, (i) => (value[i]! <= 0 ? Math.max(0, value[i]! + error[i]!) : 0));
  // People write e^u − 1 and ln(1 + e^u), which lose what is small beside 1.
  const lost = activation === "elu" || activation === "softplus" ? 8 * by.epsilon : 0;
  // All but silu are monotone: the ends of an interval go to the ends of its image. Its slope stays below 1.1.
  return withSlack(plain, (i) => {
    const [x, dx] = [value[i]!, error[i]!];
    if (activation === "silu") return dx < CURVED ? 0.5 * dx * dx : (1.1 - Math.abs(slope(activation, x))) * dx;
    if (dx < CURVED && activation !== "leakyRelu") return lost + 0.5 * dx * dx;
    const [v, low, high] = [x, x - dx, x + dx].map((at) => activateOne(activation, at)) as [number, number, number];
    return lost + Math.max(high - v, v - low) - Math.abs(slope(activation, x)) * dx;
  });
}

/** p = softmax(u): |Δp_j| ≤ p_j [(1 − p_j) Δu_j + Σ_{k≠j} p_k Δu_k] (1 + 2 max Δu), and never more than p_j (e^{2 max Δu} − 1). */
function softmaxOf(by: Arithmetic, u: Tracked): Tracked {
  const { rows, cols } = u;
  const value = fromRows(toRows(u).map((entries) => softmax(entries))).value;
  const error = new Float64Array(value.length);
  for (let from = 0; from < rows * cols; from += cols) {
    let [widest, mean] = [0, 0];
    for (let j = from; j < from + cols; j++) {
      const du = u.error?.[j] ?? 0;
      widest = Math.max(widest, du);
      mean += value[j]! * du;
    }
    for (let j = from; j < from + cols; j++) {
      const p = value[j]!;
      const moved = p === 0 ? 0 : Math.min(p * ((1 - 2 * p) * (u.error?.[j] ?? 0) + mean) * (1 + 2 * widest), p * Math.expm1(2 * widest), Math.max(p, 1 - p));
      error[j] = by.floor + moved + (4 + cols) * by.epsilon * p;
    }
  }
  return { rows, cols, value, error };
}

/** σ'(x) entry by entry, of any matrix: also of the wrong one. */
export function slopeOf(by: Arithmetic, activation: Elementwise, x: Tracked): Tracked {
  const { value, error } = x;
  // Half of the largest |σ'''| bends it, and σ' stays between 0 and its largest. A person computes v (1 − v) and 1 − v²,
  // where 1 − … cancels: rounding then counts in units of 1, not of σ'.
  const curved = (own: Tracked, bend: number, largest: number, lost: (u: number) => number): Tracked =>
    withError(own, (i, bound) => within(bound + bend * (error?.[i] ?? 0) ** 2, own.value[i]!, largest) + 8 * by.epsilon * lost(value[i]!));
  switch (activation) {
    case "sigmoid": return curved(by.map(x, (u) => slope("sigmoid", u), (u) => slope("sigmoid", u) * (1 - 2 * sigmoid(u))), 0.07, 0.25, sigmoid);
    case "tanh": return curved(by.map(x, (u) => slope("tanh", u), (u) => -2 * Math.tanh(u) * slope("tanh", u)), 1, 1, (u) => Math.tanh(u) ** 2);
    case "relu":
    case "leakyRelu": return by.map(x, (u) => slope(activation, u), () => 0);
    case "elu":
    case "silu":
    case "softplus": return smoothSlope(by, activation, x);
    case "linear": return by.map(x, () => 1, () => 0);
  }
}

/** σ″ where σ′ bends, and the most of |σ‴|/2; whoever has σ′ from 1 − …, v + 1 or u (1 − …) loses in units of these. */
const bends = {
  elu: { curvature: (u: number): number => (u > 0 ? 0 : Math.exp(u)), most: 0.5 },
  silu: { curvature: (u: number): number => sigmoid(u) * sigmoid(-u) * (2 + u * (sigmoid(-u) - sigmoid(u))), most: 0.5 },
  softplus: { curvature: (u: number): number => slope("sigmoid", u), most: 0.07 },
} as const;

function smoothSlope(by: Arithmetic, activation: keyof typeof bends, x: Tracked): Tracked {
  const { curvature, most } = bends[activation];
  const { value, error } = x;
  return withSlack(by.map(x, (u) => slope(activation, u), curvature), (i) => {
    const dx = error?.[i] ?? 0;
    // Where an interval reaches below 0, elu bends there.
    const corner = activation === "elu" && value[i]! > 0 ? Math.max(0, dx - value[i]!) : 0;
    return corner + most * dx * dx + 8 * by.epsilon * (1 + Math.abs(value[i]!));
  });
}

/** An error of what cannot leave the interval from 0 to `largest`. */
const within = (error: number, value: number, largest: number): number => Math.min(error, Math.max(value, largest - value));

function withError(tracked: Tracked, change: (i: number, bound: number) => number): Tracked {
  return { ...tracked, error: tracked.error?.map((bound, i) => change(i, bound)) ?? null };
}

function withSlack(tracked: Tracked, slack: (i: number) => number): Tracked {
  return withError(tracked, (i, bound) => bound + slack(i));
}

/** σ'(u) for somebody who has it from u, or from v as v (1 − v) or 1 − v², where v is no better than its digits. */
export function ownSlope({ by, u, v, rounded }: Setting, l: number, activation: Elementwise): Tracked {
  const slopes = slopeOf(by, activation, u[l]!);
  const [input, { value, error }] = [u[l]!, v[l]!];
  // Where rounding hides on which side of the corner u stands, the slope is 0 or 1.
  if (activation === "relu" || activation === "leakyRelu") {
    const step = activation === "relu" ? 1 : 1 - LEAK;
    return rounded ? withSlack(slopes, (i) => (Math.abs(input.value[i]!) <= (input.error?.[i] ?? 0) ? step : 0)) : slopes;
  }
  if (error === null || activation === "linear") return slopes;
  // v + 1, 1 − e^−v and v/u + …: their slopes in v stay below 2.
  if (activation !== "sigmoid" && activation !== "tanh") return withSlack(slopes, (i) => 2 * error[i]!);
  const [steep, largest] = activation === "sigmoid" ? [(x: number) => Math.abs(1 - 2 * x), 0.25] : [(x: number) => 2 * Math.abs(x), 1];
  return withError(slopes, (i, bound) => {
    const fromOutput = error[i]! * (steep(value[i]!) + error[i]!);
    // The error of u is in that of v already: whoever goes through v is not off by both.
    return rounded ? Math.max(bound, within(fromOutput, slopes.value[i]!, largest) + 8 * by.epsilon) : bound + fromOutput;
  });
}

/** (∂v/∂u)ᵀ g for a layer: g ⊙ σ'(u), or the Jacobian of softmax v ⊙ (g - Σ_k g_k v_k). */
export function throughActivation(setting: Setting, l: number, g: Tracked): Tracked {
  const { by, v, problem } = setting;
  const activation = problem.activations[l - 1]!;
  if (activation !== "softmax") return by.mul(g, ownSlope(setting, l, activation));
  const products = by.mul(g, v[l]!);
  const sums = by.matmul(products, exact(products.cols, products.cols, new Float64Array(products.cols ** 2).fill(1)));
  return by.mul(v[l]!, by.sub(g, sums));
}

/** ∇_v C of each sample. */
export function costSlope({ by, problem, v, t, last }: Setting): Tracked {
  const value = fromRows(toRows(v[last]!).map((entries, n) => costGradient(problem.cost, entries, problem.t[n]!))).value;
  const out = v[last]!;
  // An error of v in a denominator counts at its nearer end.
  const nearer = (x: number, dx: number): number => Math.max(Math.abs(x) - dx, Math.abs(x) / 2);
  const error = value.map((g, i) => {
    const [vi, ti, dv, dt] = [out.value[i]!, t.value[i]!, out.error?.[i] ?? 0, t.error?.[i] ?? 0];
    switch (problem.cost) {
      case "quadratic":
      case "softmaxCrossEntropy": return dv + dt + by.epsilon * (Math.abs(vi) + Math.abs(ti));
      case "categoricalCrossEntropy": return (Math.abs(g) * dv + dt) / nearer(vi, dv) + 4 * by.epsilon * Math.abs(g);
      // Both ends of -t/v + (1-t)/(1-v) are steep: an error of v counts by 1/v² and 1/(1-v)².
      case "crossEntropy": {
        const [low, high] = [nearer(vi, dv), nearer(1 - vi, dv)];
        return (Math.abs(ti) / Math.abs(vi * low) + Math.abs(1 - ti) / Math.abs((1 - vi) * high)) * (dv + 4 * by.epsilon * Math.abs(vi)) + dt / low + dt / high;
      }
    }
  });
  return { rows: out.rows, cols: out.cols, value, error };
}
