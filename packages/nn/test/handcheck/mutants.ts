// The typical mistakes of a backprop derived by hand, each as the wrong formula somebody would write down.
import { further } from "./further.ts";
import {
  back,
  bp1,
  bp2,
  bp3,
  bp4,
  byOutput,
  decay,
  slope,
  slopes,
  squash,
  table,
  times,
  total,
  type Equation,
  type Problem,
  type Rows,
  type Slip,
  type State,
} from "./plain.ts";

/** On what a mistake is planted where it is counted as one of the typical ones. */
export type Setting = "quadratic" | "crossEntropy" | "softmax" | "decay";

export interface Mistake {
  readonly id: string;
  /** What tells it from others with the same id. */
  readonly variant: string;
  readonly equation: Equation;
  readonly setting: Setting;
  /** The layer at which it is counted on 4-4-4-4-3; `null` for those beyond the 54. */
  readonly typical: number | null;
  /** Whether the wrong formula can be evaluated at a layer. */
  readonly fits: (p: Problem, l: number) => boolean;
  readonly wrong: Slip["wrong"];
}

const always = (): boolean => true;
const L = (p: Problem): number => p.sizes.length - 1;
const elementwise = (p: Problem): boolean => p.activations[L(p)] !== "softmax";
const quadratic = (p: Problem): boolean => p.cost === "quadratic" && elementwise(p);
const sigmoidCross = (p: Problem): boolean => p.cost === "crossEntropy" && p.activations[L(p)] === "sigmoid";
const softmaxCross = (p: Problem): boolean => p.cost === "categoricalCrossEntropy" && p.activations[L(p)] === "softmax";
const same =
  (...layers: readonly number[]) =>
  (p: Problem, l: number): boolean =>
    layers.every((offset) => p.sizes[l + offset] !== undefined && p.sizes[l + offset] === p.sizes[l + layers[0]!]);
const hidden = (p: Problem, l: number): boolean => l < L(p);

/** Σ_k δ_k w_jk: the weights with their indices the other way round. */
function untransposed(s: State, W: Rows, delta: Rows): Rows {
  return table(s.N, W.length, (n, j) => total(W[0]!.length, (k) => delta[n]![k]! * W[j]![k]!));
}

/** 1 - v² for a sigmoid, v (1 - v) for all others: the derivative of the activation it is not. */
function habit(s: State, l: number): (n: number, j: number) => number {
  const sigmoid = s.problem.activations[l] === "sigmoid";
  return (n, j) => {
    const v = s.v[l]![n]![j]!;
    return sigmoid ? 1 - v * v : v * (1 - v);
  };
}

const scaled = (g: Rows, c: number): Rows => times(g, () => c);
const difference = (s: State): Rows =>
  scaled(
    s.v[s.L]!.map((row, n) => row.map((out, j) => out - s.problem.t[n]![j]!)),
    1 / s.N,
  );
const at =
  (rows: Rows) =>
  (n: number, j: number): number =>
    rows[n]![j]!;

export type Row = readonly [
  id: string,
  variant: string,
  setting: Setting,
  typical: number | null,
  fits: Mistake["fits"],
  wrong: Mistake["wrong"],
];

const outputs: readonly Row[] = [
  ["A1", "t − v", "quadratic", 4, always, (s) => scaled(bp1(s), -1)],
  ["A2", "σ′ forgotten", "quadratic", 4, quadratic, difference],
  ["A3", "σ′ kept", "crossEntropy", 4, sigmoidCross, (s) => times(difference(s), slopes(s, s.L))],
  ["A4", "twice", "quadratic", 4, quadratic, (s) => scaled(bp1(s), 2)],
  ["A4", "half", "quadratic", null, quadratic, (s) => scaled(bp1(s), 0.5)],
  ["A5", "1/K", "quadratic", 4, always, (s) => scaled(bp1(s), 1 / s.problem.sizes[s.L]!)],
  ["A5", "2/K", "quadratic", null, quadratic, (s) => scaled(bp1(s), 2 / s.problem.sizes[s.L]!)],
  ["A6", "1/N missing", "quadratic", 4, always, (s) => scaled(bp1(s), s.N)],
  ["A7", "1/N twice", "quadratic", 4, always, (s) => scaled(bp1(s), 1 / s.N)],
  [
    "A8",
    "σ′(v)",
    "quadratic",
    4,
    quadratic,
    (s) => times(difference(s), (n, j) => slope(s.problem.activations[s.L], s.v[s.L]![n]![j]!)),
  ],
  [
    "A9",
    "u (1 − u)",
    "quadratic",
    4,
    quadratic,
    (s) => times(difference(s), (n, j) => s.u[s.L]![n]![j]! * (1 - s.u[s.L]![n]![j]!)),
  ],
  ["A10", "σ′ of another activation", "quadratic", 4, quadratic, (s) => times(difference(s), habit(s, s.L))],
  ["A11", "p", "softmax", 4, softmaxCross, (s) => scaled(s.v[s.L]!, 1 / s.N)],
  ["A12", "−t / p", "softmax", 4, softmaxCross, (s) => byOutput(s, s.L)],
  [
    "A13",
    "−t (1 − p)",
    "softmax",
    4,
    softmaxCross,
    (s) => times(s.problem.t, (n, j) => -(1 - s.v[s.L]![n]![j]!) / s.N),
  ],
  [
    "A14",
    "(p − t) p (1 − p)",
    "softmax",
    4,
    softmaxCross,
    (s) => times(difference(s), (n, j) => s.v[s.L]![n]![j]! * (1 - s.v[s.L]![n]![j]!)),
  ],
  [
    "A15",
    "−t (1 − v)",
    "crossEntropy",
    null,
    sigmoidCross,
    (s) => times(s.problem.t, (n, j) => -(1 - s.v[s.L]![n]![j]!) / s.N),
  ],
];

const backward: readonly Row[] = [
  ["B1", "σ′ forgotten", "quadratic", 2, always, (s, l) => back(s, l)],
  [
    "B2",
    "W not transposed",
    "quadratic",
    2,
    same(0, 1),
    (s, l) => times(untransposed(s, s.problem.W[l + 1]!, s.delta[l + 1]!), slopes(s, l)),
  ],
  ["B3", "(W^l)ᵀ", "quadratic", 2, same(-1, 0, 1), (s, l) => times(back(s, l, s.problem.W[l]!), slopes(s, l))],
  [
    "B4",
    "W^l",
    "quadratic",
    2,
    same(-1, 1),
    (s, l) => times(untransposed(s, s.problem.W[l]!, s.delta[l + 1]!), slopes(s, l)),
  ],
  [
    "B5",
    "σ′(u^(l+1))",
    "quadratic",
    2,
    (p, l) => same(0, 1)(p, l) && p.activations[l + 1] !== "softmax",
    (s, l) => times(back(s, l), slopes(s, l + 1)),
  ],
  [
    "B5",
    "σ′(u^(l−1))",
    "quadratic",
    2,
    (p, l) => l > 1 && same(-1, 0)(p, l),
    (s, l) => times(back(s, l), slopes(s, l - 1)),
  ],
  [
    "B6",
    "∂C/∂v for δ",
    "quadratic",
    2,
    always,
    (s, l) => times(back(s, l, s.problem.W[l + 1]!, byOutput(s, l + 1)), slopes(s, l)),
  ],
  [
    "B7",
    "updated weights",
    "quadratic",
    3,
    always,
    (s, l) => {
      const { W, eta } = s.problem;
      const updated = W[l + 1]!.map((row, k) => row.map((w, j) => w - eta * s.gradW[l + 1]![k]![j]!));
      return times(back(s, l, updated), slopes(s, l));
    },
  ],
  [
    "B8",
    "the last k alone",
    "quadratic",
    2,
    always,
    (s, l) => {
      const last = s.problem.sizes[l + 1]! - 1;
      return table(
        s.N,
        s.problem.sizes[l]!,
        (n, j) => s.delta[l + 1]![n]![last]! * s.problem.W[l + 1]![last]![j]! * slopes(s, l)(n, j),
      );
    },
  ],
  [
    "B8",
    "the first k alone",
    "quadratic",
    null,
    always,
    (s, l) =>
      table(
        s.N,
        s.problem.sizes[l]!,
        (n, j) => s.delta[l + 1]![n]![0]! * s.problem.W[l + 1]![0]![j]! * slopes(s, l)(n, j),
      ),
  ],
  [
    "A8",
    "σ′(v)",
    "quadratic",
    2,
    always,
    (s, l) => times(back(s, l), (n, j) => slope(s.problem.activations[l], s.v[l]![n]![j]!)),
  ],
  ["B9", "v", "quadratic", 2, always, (s, l) => times(back(s, l), at(s.v[l]!))],
  ["B9", "1 − v", "quadratic", 2, always, (s, l) => times(back(s, l), (n, j) => 1 - s.v[l]![n]![j]!)],
  ["B9", "v²", "quadratic", 2, always, (s, l) => times(back(s, l), (n, j) => s.v[l]![n]![j]! ** 2)],
  ["B10", "σ′ twice", "quadratic", 2, always, (s, l) => times(bp2(s, l), slopes(s, l))],
  ["B11", "σ′ of another activation", "quadratic", 2, always, (s, l) => times(back(s, l), habit(s, l))],
  ["B11", "relu′", "quadratic", null, always, (s, l) => times(back(s, l), (n, j) => slope("relu", s.u[l]![n]![j]!))],
  [
    "B12",
    "max(0, ∂C/∂v)",
    "quadratic",
    2,
    always,
    (s, l) => back(s, l).map((row) => row.map((one) => squash("relu", one))),
  ],
  ["B13", "1/N again", "quadratic", 2, always, (s, l) => scaled(bp2(s, l), 1 / s.N)],
  ["B14", "sign", "quadratic", 2, always, (s, l) => scaled(bp2(s, l), -1)],
  [
    "B15",
    "δ^(l+2)",
    "quadratic",
    1,
    (p, l) => l + 2 <= L(p) && same(1, 2)(p, l),
    (s, l) => times(back(s, l, s.problem.W[l + 1]!, s.delta[l + 2]!), slopes(s, l)),
  ],
];

const biases: readonly Row[] = [
  ["C1", "mean for sum", "quadratic", 2, always, (s, l) => bp3(s, l).map((one) => one / s.N)],
  ["C2", "the last sample alone", "quadratic", 2, always, (s, l) => [...s.delta[l]![s.N - 1]!]],
  [
    "C3",
    "one number for all",
    "quadratic",
    2,
    (p, l) => p.sizes[l]! > 1,
    (s, l) => {
      const each = bp3(s, l);
      return each.map(() => total(each.length, (j) => each[j]!));
    },
  ],
  [
    "C3",
    "a scalar",
    "quadratic",
    null,
    (p, l) => p.sizes[l]! > 1,
    (s, l) => {
      const each = bp3(s, l);
      return total(each.length, (j) => each[j]!);
    },
  ],
  ["C4", "not summed", "quadratic", 2, always, (s, l) => s.delta[l]!.map((row) => [...row])],
  ["C5", "forgotten", "quadratic", 2, always, (s, l) => bp3(s, l).map(() => 0)],
  [
    "C6",
    "weight decay",
    "decay",
    2,
    (p) => p.lambda !== 0,
    (s, l) => bp3(s, l).map((one, j) => one + (s.problem.lambda / s.N) * s.problem.b[l]![j]!),
  ],
  ["C9", "twice", "quadratic", 2, always, (s, l) => bp3(s, l).map((one) => 2 * one)],
  ["C9", "four times", "quadratic", null, always, (s, l) => bp3(s, l).map((one) => 4 * one)],
];

const weights: readonly Row[] = [
  ["D1", "v δᵀ", "quadratic", 2, same(-1, 0), (s, l) => bp4(s, l, s.v[l - 1]!, s.delta[l]!)],
  ["D2", "v^l", "quadratic", 2, same(-1, 0), (s, l) => bp4(s, l, s.delta[l]!, s.v[l]!)],
  ["D3", "u^(l−1)", "quadratic", 2, (_, l) => l > 1, (s, l) => bp4(s, l, s.delta[l]!, s.u[l - 1]!)],
  ["D4", "σ′ forgotten", "quadratic", 2, (p, l) => p.activations[l] !== "softmax", (s, l) => bp4(s, l, byOutput(s, l))],
  [
    "D5",
    "the last sample alone",
    "quadratic",
    2,
    always,
    (s, l) =>
      table(
        s.problem.sizes[l]!,
        s.problem.sizes[l - 1]!,
        (j, k) => s.delta[l]![s.N - 1]![j]! * s.v[l - 1]![s.N - 1]![k]!,
      ),
  ],
  [
    "D6",
    "means multiplied",
    "quadratic",
    2,
    always,
    (s, l) => {
      const mean = (k: number): number => total(s.N, (n) => s.v[l - 1]![n]![k]!) / s.N;
      return table(s.problem.sizes[l]!, s.problem.sizes[l - 1]!, (j, k) => bp3(s, l)[j]! * mean(k));
    },
  ],
  ["D7", "1/N missing", "quadratic", 2, always, (s, l) => scaled(bp4(s, l), s.N)],
  ["D7", "1/N twice", "quadratic", 2, always, (s, l) => scaled(bp4(s, l), 1 / s.N)],
  ["D8", "twice", "quadratic", 2, always, (s, l) => scaled(bp4(s, l), 2)],
  ["D9", "δ^(l+1)", "quadratic", 2, (p, l) => hidden(p, l) && same(0, 1)(p, l), (s, l) => bp4(s, l, s.delta[l + 1]!)],
  ["D10", "sign", "quadratic", 2, always, (s, l) => scaled(bp4(s, l), -1)],
];

const decays: readonly Row[] = [
  ["E1", "forgotten", "decay", 2, always, (s, l) => decay(s, l, 0)],
  ["E2", "λ for λ/n", "decay", 2, always, (s, l) => decay(s, l, s.N)],
  ["E2", "2λ/n", "decay", null, always, (s, l) => decay(s, l, 2)],
  ["E2", "λ/2n", "decay", null, always, (s, l) => decay(s, l, 0.5)],
  ["E3", "sign", "decay", 2, always, (s, l) => decay(s, l, -1)],
];

const families: readonly (readonly [Equation, readonly Row[]])[] = [
  ["BP1", outputs],
  ["BP2", backward],
  ["BP3", biases],
  ["BP4", weights],
  ["REG", decays],
  ...further,
];

/** Every mistake that can be planted. */
export const mistakes: readonly Mistake[] = families.flatMap(([equation, rows]) =>
  rows.map(([id, variant, setting, typical, fits, wrong]) => ({
    id,
    variant,
    equation,
    setting,
    typical,
    fits,
    wrong,
  })),
);

/** The 54 typical ones. */
export const typical: readonly Mistake[] = mistakes.filter((mistake) => mistake.typical !== null);

/** The layers of a network at which a mistake can be made. */
export function layersOf({ equation, fits }: Mistake, p: Problem): number[] {
  const last = L(p);
  const candidates = Array.from({ length: last }, (_, index) => index + 1);
  const legal = candidates.filter((l) =>
    equation === "BP1" ? l === last : equation === "BP2" ? l < last : equation === "REG" ? p.lambda !== 0 : true,
  );
  return legal.filter((l) => fits(p, l));
}

export function slip({ equation, wrong }: Mistake, layer: number): Slip {
  return { equation, layer, wrong };
}
