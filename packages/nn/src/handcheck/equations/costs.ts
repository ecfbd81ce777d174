// The cost C of one sample, its gradient ∇_v C with respect to the output of the last layer, and δ where σ′ cancels; a
// row for each cost.
import { activate, negativeLogSoftmax, sumExcept, softmax } from "./activations.ts";
import type { Activation, Cost, Vector } from "./network.ts";
import { sigmoid, softplus } from "./neurons.ts";

/** Holds what a cost is told besides its name. */
interface Told {
  /** Says where Huber's parabola becomes a line. */
  readonly delta: number;
  /** The share of each target that is spread over the classes. */
  readonly labelSmoothing: number;
  readonly classWeights: readonly number[] | null;
  /** Says whether the terms of the outputs are averaged or summed, where that is told. */
  readonly outputs: "mean" | "sum" | null;
}

/** The last layer of one sample: its input, its output, the target. */
interface Last {
  readonly activation: Activation;
  readonly u: Vector;
  readonly v: Vector;
  readonly t: Vector;
}

interface Row {
  readonly value: (last: Last, told: Told) => number;
  /** ∂C/∂v_j */
  readonly gradient: (v: Vector, t: Vector, told: Told) => number[];
  /** δ^L = ∂C/∂u where σ′ cancels against ∇_v C; undefined for activations where nothing does. */
  readonly collapsed?: (last: Omit<Last, "v">, told: Told) => number[] | undefined;
}

// 0 · ln 0 = 0: a class that the target excludes costs nothing, however sure the network is.
function weighted(weight: number, term: number): number {
  return weight === 0 ? 0 : weight * term;
}

function sumOver(t: Vector, term: (tj: number, j: number) => number): number {
  let sum = 0;
  for (let j = 0; j < t.length; j++) sum += term(t[j]!, j);
  return sum;
}

/** c Σ_j f(v_j, t_j), with the slope c ∂f/∂v. */
const separate = (
  factor: (outputs: number, told: Told) => number,
  f: (v: number, t: number, told: Told) => number,
  slope: (v: number, t: number, told: Told) => number,
): Row => ({
  value: ({ v, t }, told) => factor(t.length, told) * sumOver(t, (tj, j) => f(v[j]!, tj, told)),
  gradient: (v, t, told) => Array.from(t, (tj, j) => factor(t.length, told) * slope(v[j]!, tj, told)),
});

const squares = (factor: (outputs: number) => number): Row =>
  separate(
    factor,
    (v, t) => (t - v) ** 2,
    (v, t) => 2 * (v - t),
  );
const average = (outputs: number, told: Told): number => (told.outputs === "sum" ? 1 : 1 / outputs);
const total = (outputs: number, told: Told): number => (told.outputs === "mean" ? 1 / outputs : 1);

/** How much of a sample counts for each class: w_j ((1 − s) t_j + s/K). */
function classes(t: Vector, { labelSmoothing: s, classWeights }: Told): number[] {
  return Array.from(t, (tj, j) => (classWeights?.[j] ?? 1) * (s === 0 ? tj : (1 - s) * tj + s / t.length));
}

/**
 * How much of a sample counts for and against each output: w ((1 − s) t + s/2) and w times the rest; two weights of one
 * output are those of the classes 0 and 1.
 */
function sides(
  t: Vector,
  { labelSmoothing: s, classWeights: w }: Told,
): { readonly hit: number[]; readonly miss: number[] } {
  const two = t.length === 1 && w !== null && w.length === 2;
  const smooth = Array.from(t, (tj) => (s === 0 ? tj : (1 - s) * tj + s / 2));
  const weightOf = (j: number, hit: boolean): number => (w === null ? 1 : two ? w[hit ? 1 : 0]! : w[j]!);
  return {
    hit: smooth.map((tj, j) => weightOf(j, true) * tj),
    miss: smooth.map((tj, j) => weightOf(j, false) * (1 - tj)),
  };
}

/**
 * ∂/∂z_j of −Σ_k m_k ln softmax(z)_k = s_j Σ_k m_k − m_j with s = softmax(z): s − m for masses that sum to 1.
 * Written as Σ_{k≠j} (s_j m_k − m_j s_k), which is the same because Σ_k s_k = 1, and does not cancel when s_j is near
 * m_j = 1.
 */
export function logitGradient(z: Vector, m: Vector): number[] {
  const s = softmax(z);
  return s.map((sj, j) => sj * sumExcept(m, j) - m[j]! * sumExcept(s, j));
}

/**
 * C = −Σ_j [a_j ln v_j + b_j ln(1 − v_j)], a and b the sides: t and 1 − t; of a sigmoid, −ln v = softplus(−u) and −ln(1
 * − v) = softplus(u)
 */
const twoClass: Row = {
  value: ({ activation, u, v, t }, told) => {
    const { hit, miss } = sides(t, told);
    return activation === "sigmoid"
      ? sumOver(hit, (a, j) => weighted(a, softplus(-u[j]!)) + weighted(miss[j]!, softplus(u[j]!)))
      : sumOver(hit, (a, j) => weighted(a, -Math.log(v[j]!)) + weighted(miss[j]!, -Math.log1p(-v[j]!)));
  },
  // ∂C/∂v_j = −a_j / v_j + b_j / (1 − v_j)
  gradient: (v, t, told) => {
    const { hit, miss } = sides(t, told);
    return hit.map((a, j) => weighted(miss[j]!, 1 / (1 - v[j]!)) - weighted(a, 1 / v[j]!));
  },
  // v − t = (1 − t) σ(u) − t σ(−u), exact for v near 1 as well
  collapsed: ({ activation, u, t }, told) => {
    const { hit, miss } = sides(t, told);
    return activation === "sigmoid" ? hit.map((a, j) => miss[j]! * sigmoid(u[j]!) - a * sigmoid(-u[j]!)) : undefined;
  },
};

const rows = {
  // C = ½ Σ_j (t_j − v_j)², ∂C/∂v_j = v_j − t_j, that is −e_j
  quadratic: { ...squares(() => 0.5), gradient: (v, t) => Array.from(t, (tj, j) => v[j]! - tj) },
  sse: squares(() => 1),
  mse: squares((outputs) => 1 / outputs),
  // sign(0) = 0 by agreement.
  mae: separate(
    average,
    (v, t) => Math.abs(v - t),
    (v, t) => Math.sign(v - t),
  ),
  // ½ e² up to δ, δ (|e| − ½ δ) beyond
  huber: separate(
    average,
    (v, t, { delta }) => (Math.abs(v - t) <= delta ? 0.5 * (v - t) ** 2 : delta * (Math.abs(v - t) - 0.5 * delta)),
    (v, t, { delta }) => Math.max(-delta, Math.min(delta, v - t)),
  ),
  // max(0, 1 − t v), t = ±1; at t v = 1 the slope is 0 by agreement.
  hinge: separate(
    average,
    (v, t) => Math.max(0, 1 - t * v),
    (v, t) => (t * v < 1 ? -t : 0),
  ),
  // Σ_k t_k Σ_{j≠k} max(0, 1 + v_j − v_k)
  multiclassHinge: {
    value: ({ v, t }, told) =>
      total(t.length, told) *
      sumOver(t, (tk, k) =>
        weighted(
          tk,
          sumOver(t, (_, j) => (j === k ? 0 : Math.max(0, 1 + v[j]! - v[k]!))),
        ),
      ),
    gradient: (v, t, told) => {
      const gradient = new Array<number>(t.length).fill(0);
      for (let k = 0; k < t.length; k++) {
        for (let j = 0; j < t.length; j++) {
          if (j === k || !(1 + v[j]! - v[k]! > 0)) continue;
          gradient[j]! += total(t.length, told) * t[k]!;
          gradient[k]! -= total(t.length, told) * t[k]!;
        }
      }
      return gradient;
    },
  },
  crossEntropy: twoClass,
  bce: twoClass,
  // C = −Σ_j m_j ln v_j, m the classes: t
  categoricalCrossEntropy: {
    value: ({ activation, u, v, t }, told) => {
      const logs = activation === "softmax" ? negativeLogSoftmax(u) : Array.from(v, (vj) => -Math.log(vj));
      return sumOver(classes(t, told), (m, j) => weighted(m, activation === "sigmoid" ? softplus(-u[j]!) : logs[j]!));
    },
    // ∂C/∂v_j = −m_j / v_j
    gradient: (v, t, told) => classes(t, told).map((m, j) => weighted(-m, 1 / v[j]!)),
    collapsed: ({ activation, u, t }, told) => {
      // v Σm − m, that is v − t for targets that sum to 1
      if (activation === "softmax") return logitGradient(u, classes(t, told));
      // −m/v · v (1 − v) = −m σ(−u)
      return activation === "sigmoid" ? classes(t, told).map((m, j) => -m * sigmoid(-u[j]!)) : undefined;
    },
  },
  // C = −Σ_j m_j ln softmax(v)_j
  softmaxCrossEntropy: {
    value: ({ v, t }, told) => {
      const logs = negativeLogSoftmax(v);
      return sumOver(classes(t, told), (m, j) => weighted(m, logs[j]!));
    },
    gradient: (v, t, told) => logitGradient(v, classes(t, told)),
    collapsed: ({ activation, u, t }, told) =>
      activation === "linear" ? logitGradient(u, classes(t, told)) : undefined,
  },
} satisfies Record<string, Row>;

/** The costs without what they are told. */
export type BaseCost = keyof typeof rows;

const known = new Map<string, { readonly row: Row; readonly told: Told }>();

/** The row of a cost, and what it is told: `huber(0.5)`, `crossEntropy(labelSmoothing=0.1,classWeights=[1,2])`. */
function rowOf(cost: Cost): { readonly row: Row; readonly told: Told } {
  const before = known.get(cost);
  if (before !== undefined) return before;
  const [, name = "", inside = ""] = /^(\w+)(?:\((.*)\))?$/.exec(cost) ?? [];
  if (!Object.hasOwn(rows, name))
    throw new RangeError(`network: there is no cost ${cost}: use ${Object.keys(rows).join(", ")}`);
  const said = (key: string): string | undefined => new RegExp(`(?:^|,)${key}=(\\[[^\\]]*\\]|[^,]*)`).exec(inside)?.[1];
  const outputs = said("outputs");
  const found = {
    row: rows[name as BaseCost],
    told: {
      delta: Number(/^[\d.e+-]+/i.exec(inside)?.[0] ?? 1),
      labelSmoothing: Number(said("labelSmoothing") ?? 0),
      classWeights: JSON.parse(said("classWeights") ?? "null") as number[] | null,
      outputs: outputs === "mean" || outputs === "sum" ? outputs : null,
    },
  } as const;
  known.set(cost, found);
  return found;
}

/**
 * C of one sample, from the input u of the last layer, so that saturated outputs lose nothing.
 *
 * The document calls the cost C, then e, then C again, and uses e for the error signal e_j and for a unit vector too;
 * here the cost is C, the error signal e_j = t_j − v_j.
 */
export function sampleCost(cost: Cost, activation: Activation, u: Vector, t: Vector): number {
  const { row, told } = rowOf(cost);
  return row.value({ activation, u, v: activate(activation, u), t }, told);
}

/** ∇_v C: the entries ∂C/∂v_j of one sample. */
export function costGradient(cost: Cost, v: Vector, t: Vector): number[] {
  const { row, told } = rowOf(cost);
  return row.gradient(v, t, told);
}

/** δ^L where σ′ cancels against ∇_v C; undefined for the pairs where nothing cancels. */
export function collapsedDelta(cost: Cost, activation: Activation, u: Vector, t: Vector): number[] | undefined {
  const { row, told } = rowOf(cost);
  return row.collapsed?.({ activation, u, t }, told);
}
