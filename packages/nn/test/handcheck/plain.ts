// Backprop as a person writes it, in loops over rows of numbers, where any one equation can be replaced by a wrong one.
import type { ActivationName, CostName } from "../../src/index.ts";
import type { Hand } from "../../src/handcheck/report.ts";

export type Rows = number[][];

/** A network with numbers, a batch with one sample in each row, and the settings of one step of learning. */
export interface Problem {
  readonly sizes: readonly number[];
  /** `activations[l]` is σ_l; there is none at 0. */
  readonly activations: readonly (ActivationName | undefined)[];
  readonly cost: CostName;
  /** `W[l]` is W^l, out × in; `W[0]` is empty. */
  readonly W: readonly Rows[];
  readonly b: readonly number[][];
  readonly x: Rows;
  readonly t: Rows;
  readonly lambda: number;
  readonly eta: number;
}

/** All that backprop has computed so far; index 0 is the input layer. */
export interface State {
  readonly problem: Problem;
  /** The number of samples. */
  readonly N: number;
  /** The last layer. */
  readonly L: number;
  readonly u: Rows[];
  readonly v: Rows[];
  /** δ^l with the 1/N of the mean in it, one sample in each row. */
  readonly delta: Rows[];
  readonly gradW: Rows[];
  readonly gradB: (number[] | Rows | number)[];
}

export type Equation = "BP1" | "BP2" | "BP3" | "BP4" | "REG";

/** One equation at one layer, replaced. */
export interface Slip {
  readonly equation: Equation;
  readonly layer: number;
  readonly wrong: (s: State, l: number) => number[] | Rows | number;
}

export function table(rows: number, columns: number, entry: (r: number, c: number) => number): Rows {
  const result: Rows = [];
  for (let r = 0; r < rows; r++) {
    const row: number[] = [];
    for (let c = 0; c < columns; c++) row.push(entry(r, c));
    result.push(row);
  }
  return result;
}

/** term(0) + … + term(count − 1) */
export function total(count: number, term: (k: number) => number): number {
  let sum = 0;
  for (let k = 0; k < count; k++) sum += term(k);
  return sum;
}

export function squash(kind: ActivationName | undefined, u: number): number {
  if (kind === "sigmoid") return 1 / (1 + Math.exp(-u));
  if (kind === "tanh") return Math.tanh(u);
  if (kind === "relu") return Math.max(0, u);
  return u;
}

export function slope(kind: ActivationName | undefined, u: number): number {
  if (kind === "sigmoid") return squash(kind, u) * (1 - squash(kind, u));
  if (kind === "tanh") return 1 - Math.tanh(u) ** 2;
  if (kind === "relu") return u > 0 ? 1 : 0;
  return 1;
}

function shares(row: readonly number[]): number[] {
  const top = Math.max(...row);
  const powers = row.map((u) => Math.exp(u - top));
  const sum = total(powers.length, (k) => powers[k]!);
  return powers.map((power) => power / sum);
}

function forward(problem: Problem): State {
  const { sizes, W, b, x, activations } = problem;
  const [N, L] = [x.length, sizes.length - 1];
  const u: Rows[] = [x];
  const v: Rows[] = [x];
  for (let l = 1; l <= L; l++) {
    u.push(table(N, sizes[l]!, (n, j) => total(sizes[l - 1]!, (k) => W[l]![j]![k]! * v[l - 1]![n]![k]!) + b[l]![j]!));
    v.push(
      activations[l] === "softmax"
        ? u[l]!.map(shares)
        : u[l]!.map((row) => row.map((one) => squash(activations[l], one))),
    );
  }
  return { problem, N, L, u, v, delta: [], gradW: [], gradB: [] };
}

/** ∂C/∂v^L of the mean cost. */
export function costByOutput({ problem: { cost, t }, N, L, v }: State): Rows {
  const units = v[L]![0]!.length;
  const s = cost === "softmaxCrossEntropy" ? v[L]!.map(shares) : v[L]!;
  return table(N, units, (n, j) => {
    const [out, target] = [s[n]![j]!, t[n]![j]!];
    if (cost === "crossEntropy") return (out - target) / (out * (1 - out)) / N;
    if (cost === "categoricalCrossEntropy") return -target / out / N;
    return (out - target) / N;
  });
}

/** (W^(l+1))ᵀ δ^(l+1), which is ∂C/∂v^l below the last layer. */
export function back(s: State, l: number, W = s.problem.W[l + 1]!, delta = s.delta[l + 1]!): Rows {
  return table(s.N, W[0]!.length, (n, j) => total(W.length, (k) => delta[n]![k]! * W[k]![j]!));
}

/** ∂C/∂v^l */
export function byOutput(s: State, l: number): Rows {
  return l === s.L ? costByOutput(s) : back(s, l);
}

/** Entry by entry, g ⊙ factor. */
export function times(g: Rows, factor: (n: number, j: number) => number): Rows {
  return g.map((row, n) => row.map((one, j) => one * factor(n, j)));
}

export function slopes(s: State, l: number): (n: number, j: number) => number {
  return (n, j) => slope(s.problem.activations[l], s.u[l]![n]![j]!);
}

export function bp1(s: State): Rows {
  const {
    problem: { cost, t, activations },
    N,
    L,
    v,
  } = s;
  const kind = activations[L];
  const collapses =
    (kind === "sigmoid" && cost === "crossEntropy") || (kind === "softmax" && cost === "categoricalCrossEntropy");
  if (collapses)
    return times(
      v[L]!.map((row, n) => row.map((out, j) => out - t[n]![j]!)),
      () => 1 / N,
    );
  const g = costByOutput(s);
  if (kind !== "softmax") return times(g, slopes(s, L));
  // Σ_k ∂C/∂v_k v_k ([k = j] − v_j)
  return v[L]!.map((row, n) => row.map((p, j) => p * (g[n]![j]! - total(row.length, (k) => g[n]![k]! * row[k]!))));
}

export function bp2(s: State, l: number): Rows {
  return times(back(s, l), slopes(s, l));
}

export function bp3(s: State, l: number): number[] {
  return Array.from({ length: s.problem.sizes[l]! }, (_, j) => total(s.N, (n) => s.delta[l]![n]![j]!));
}

export function bp4(s: State, l: number, delta = s.delta[l]!, v = s.v[l - 1]!): Rows {
  return table(delta[0]!.length, v[0]!.length, (j, k) => total(s.N, (n) => delta[n]![j]! * v[n]![k]!));
}

/** The gradient of the data plus (λ/n) W, with `share` for another multiple of it. */
export function decay(s: State, l: number, share = 1): Rows {
  const { lambda, W } = s.problem;
  return s.gradW[l]!.map((row, j) => row.map((one, k) => one + share * (lambda / s.N) * W[l]![j]![k]!));
}

/** Backprop from the last layer down, the gradients of a layer before the δ of the one below. */
export function backprop(problem: Problem, slips: readonly Slip[] = []): State {
  const s = forward(problem);
  const wrong = (equation: Equation, l: number): ReturnType<Slip["wrong"]> | undefined =>
    slips.find((slip) => slip.equation === equation && slip.layer === l)?.wrong(s, l);
  for (let l = s.L; l >= 1; l--) {
    s.delta[l] = (l === s.L ? (wrong("BP1", l) ?? bp1(s)) : (wrong("BP2", l) ?? bp2(s, l))) as Rows;
    s.gradB[l] = wrong("BP3", l) ?? bp3(s, l);
    s.gradW[l] = (wrong("BP4", l) ?? bp4(s, l)) as Rows;
    if (problem.lambda !== 0) s.gradW[l] = (wrong("REG", l) ?? decay(s, l)) as Rows;
  }
  return s;
}

/** What of a run is handed in besides δ and the gradients. */
export interface Parts {
  readonly forward?: boolean;
  readonly next?: boolean;
}

/** Layers from 1 as a record. */
export function byLayer<T>(list: readonly T[]): Record<number, T> {
  return Object.fromEntries(list.map((one, l) => [l, one] as const).filter(([l]) => l > 0));
}

/** The run as somebody hands it in, with δ as it is: reduced by the mean. */
export function handOf(s: State, parts: Parts = {}): Hand {
  const { W, eta, lambda } = s.problem;
  return {
    delta: byLayer(s.delta),
    gradW: byLayer(s.gradW),
    gradB: byLayer(s.gradB),
    ...(parts.forward ? { u: byLayer(s.u), v: byLayer(s.v) } : {}),
    ...(parts.next
      ? {
          eta,
          next: {
            W: byLayer(
              W.map((rows, l) => rows.map((row, j) => row.map((w, k) => w - eta * (s.gradW[l]?.[j]?.[k] ?? 0)))),
            ),
          },
        }
      : {}),
    ...(lambda === 0 ? {} : { lambda }),
  };
}
