/** Says what a check knows: the network, the data, the forward pass, and σ, each number with its rounding bound. */

import { costOf } from "../../network/cost.ts";
import { isPlain, massesOf } from "../../network/costs/masses.ts";
import type { Sample } from "../../network/costs/record.ts";
import type { DecayForm } from "../report.ts";
import { decayShare } from "./decay.ts";
import { costGradient } from "../equations/costs.ts";
import type { Activation, Cost } from "../equations/network.ts";
import type { NeuronActivation } from "../equations/neurons.ts";
import { output, ownSlopeOf } from "./sigma.ts";
import { Arithmetic, exact, fromRows, repeat, type Tracked } from "../bounds/tracked.ts";

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
  /** Says what its numbers may be off, where they were rounded. */
  readonly errors?: GivenErrors;
}

/**
 * Half a unit of the last place for each entry of the parameters and the data, by rows; `null` where they are exact.
 */
interface GivenErrors {
  readonly W: readonly (Float64Array | null)[];
  readonly b: readonly (Float64Array | null)[];
  readonly x: Float64Array | null;
  readonly t: Float64Array | null;
  /** Each entry is off by a rounding of its own. */
  readonly independent: boolean;
}

/** The forward pass that everything backward reads. */
interface Forward {
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
  /**
   * The factor of W in the gradient of the regularized cost, λ/N in the network's own form; `null` where there is no λ.
   */
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
interface SettingOptions {
  readonly epsilon?: number;
  readonly lambda?: number | undefined;
  readonly decayForm?: DecayForm;
  readonly eta?: number | undefined;
  readonly nextW?: Readonly<Record<number, Tracked>>;
}

/** Lists of numbers that were read, by the lists themselves: most ways to read one submission share them. */
const matrices = new WeakMap<object, Tracked>();

function matrixOf(key: object, rows: readonly (readonly number[])[]): Tracked {
  const before = matrices.get(key);
  if (before !== undefined) return before;
  const read = fromRows(rows);
  matrices.set(key, read);
  return read;
}

/** A problem ready to be differentiated. */
export function settle(problem: Problem, options: SettingOptions = {}): Setting {
  const by = new Arithmetic(options.epsilon ?? Number.EPSILON);
  const { decayForm = "λ/n" } = options;
  const { errors } = problem;
  const off = (one: Tracked, error: Float64Array | null | undefined): Tracked =>
    error === null || error === undefined ? one : { ...one, error, rounded: errors!.independent };
  const W = problem.W.map((rows, l) =>
    l === 0 ? exact(0, 0, new Float64Array()) : off(matrixOf(rows, rows), errors?.W[l]),
  );
  const b = problem.b.map((entries, l) => off(matrixOf(entries, [entries]), errors?.b[l]));
  const base = {
    problem,
    by,
    W,
    b,
    last: problem.sizes.length - 1,
    samples: problem.x.length,
    outputs: problem.sizes[problem.sizes.length - 1]!,
    t: off(fromRows(problem.t), errors?.t),
    decay:
      options.lambda === undefined
        ? null
        : (options.lambda * decayShare(decayForm, problem.x.length)) / problem.x.length,
    decayForm,
    lambda: options.lambda ?? 0,
    eta: options.eta ?? null,
    nextW: options.nextW ?? {},
    rounded: errors !== undefined && [...errors.W, ...errors.b, errors.x, errors.t].some((one) => one !== null),
  };
  const u = [off(matrixOf(problem.x, problem.x), errors?.x)];
  const v = [u[0]!];
  for (let l = 1; l <= base.last; l++) {
    u.push(input(base, l, v[l - 1]!));
    v.push(output(by, problem.activations[l - 1]!, u[l]!));
  }
  return { ...base, u, v };
}

/** Holds what a layer was last given, and what that came to: the first layer is given the data again and again. */
const inputs = new WeakMap<
  Tracked,
  { readonly below: Tracked; readonly bias: Tracked; readonly epsilon: number; readonly u: Tracked }
>();

/** u^l = W^l v^{l-1} + b^l */
export function input(
  { by, W, b, samples }: Pick<Setting, "by" | "W" | "b" | "samples">,
  l: number,
  below: Tracked,
): Tracked {
  const [weights, bias] = [W[l]!, b[l]!];
  const known = inputs.get(weights);
  if (known?.below === below && known.bias === bias && known.epsilon === by.epsilon) return known.u;
  const u = by.add(by.matmul(below, weights, false, true), repeat(bias, samples));
  inputs.set(weights, { below, bias, epsilon: by.epsilon, u });
  return u;
}

/** σ'(u) for somebody who has it from u or from v. */
export function ownSlope({ by, u, v, rounded }: Setting, l: number, activation: NeuronActivation): Tracked {
  return ownSlopeOf(by, activation, u[l]!, v[l]!, rounded);
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

/** Each sample of the last layer in numbers, with what they may be off, and its ∇_v C. */
export function lastOf({ by, problem: { cost, t: targets }, v, t, last, samples }: Setting): Sample[] {
  const { record, told } = costOf(cost);
  const out = v[last]!;
  const row = (from: Float64Array | null, n: number): Float64Array =>
    from === null ? new Float64Array(out.cols) : from.subarray(n * out.cols, (n + 1) * out.cols);
  return Array.from({ length: samples }, (_, n) => {
    const own = row(out.value, n);
    const sides = record.targets === "shares";
    return {
      v: own,
      dv: row(out.error, n),
      t: targets[n]!,
      dt: row(t.error, n),
      epsilon: by.epsilon,
      told,
      g: costGradient(cost, own, targets[n]!),
      hit: massesOf(targets[n]!, told, sides),
      miss: massesOf(targets[n]!, told, sides, "miss"),
    };
  });
}

/** ∇_v C of each sample. Where rounding hides on which side of a kink v and t stand, it is that of either. */
export function costSlope(setting: Setting): Tracked {
  const { record } = costOf(setting.problem.cost);
  const { rows, cols } = setting.v[setting.last]!;
  const [value, error] = [new Float64Array(rows * cols), new Float64Array(rows * cols)];
  lastOf(setting).forEach((sample, n) => {
    const [errors, ranges] = [record.slopeErrors(sample), setting.rounded ? record.slopeRanges?.(sample) : undefined];
    for (let j = 0; j < cols; j++) {
      const [g, range] = [sample.g[j]!, ranges?.[j]];
      value[n * cols + j] = g;
      error[n * cols + j] = errors[j]! + (range === undefined ? 0 : Math.max(g - range[0], range[1] - g));
    }
  });
  return { rows, cols, value, error };
}

/**
 * t, or what stands for it where the cost is told to smooth or to weigh: how much of each sample counts for its
 * outputs, and against them.
 */
export function massesIn({ problem: { cost, t: targets }, t }: Setting, side: "hit" | "miss" = "hit"): Tracked {
  const { record, told } = costOf(cost);
  if (side === "hit" && isPlain(told)) return t;
  const heaviest = Math.max(1, ...(told.classWeights ?? []));
  return {
    ...fromRows(targets.map((entries) => massesOf(entries, told, record.targets === "shares", side))),
    error: t.error?.map((error) => heaviest * error) ?? null,
  };
}

/** True if σ' cancels against ∇_v C, so that δ^L = v - t. */
export function collapses({ problem: { cost, activations } }: Pick<Setting, "problem">): boolean {
  return costOf(cost).record.collapsesAbove === activations[activations.length - 1];
}
