// Random networks and their right backprop as a program computes it, in float64 or in float32, fresh, trained or
// saturated.
import { Random, type ActivationName, type CostName } from "../../../src/index.ts";
import { table, type Problem, type Rows, type State } from "../plain.ts";

const ends: readonly (readonly [ActivationName, CostName])[] = [
  ["sigmoid", "quadratic"],
  ["tanh", "quadratic"],
  ["linear", "quadratic"],
  ["relu", "quadratic"],
  ["softmax", "quadratic"],
  ["sigmoid", "crossEntropy"],
  ["softmax", "categoricalCrossEntropy"],
  ["linear", "softmaxCrossEntropy"],
];
const insides: readonly ActivationName[] = ["sigmoid", "tanh", "relu", "linear"];

export type Age = "fresh" | "trained" | "saturated";

/** What a program that computes in this type makes of each number. */
export type Type = (x: number) => number;
export const float64: Type = (x) => x;
export const float32: Type = Math.fround;

/** A network with widths 1 to 5, 1 to 3 layers, 1 to 8 samples, with biases or without. */
export function anyNetwork(index: number, age: Age): Problem {
  const random = new Random("rounding").split(index);
  const [output, cost] = ends[index % ends.length]!;
  const hidden = insides[Math.floor(index / ends.length) % insides.length]!;
  const sizes = Array.from({ length: 2 + random.integer(3) }, () => 1 + random.integer(5));
  const [N, L] = [1 + random.integer(8), sizes.length - 1];
  // A softmax of one output is always 1.
  if (output === "softmax" || cost === "softmaxCrossEntropy") sizes[L] = Math.max(2, sizes[L]!);
  const biased = random.uniform() < 0.8;
  const far = age === "saturated" ? 6 : 1;
  const normal = (rows: number, columns: number, scale: number): Rows =>
    table(rows, columns, () => scale * random.normal());
  const oneHot = (): Rows =>
    Array.from({ length: N }, () => {
      const chosen = random.integer(sizes[L]!);
      return Array.from({ length: sizes[L]! }, (_, j) => Number(j === chosen));
    });
  const classes = cost !== "quadratic" || random.uniform() < 0.4;
  const problem: Problem = {
    sizes,
    cost,
    lambda: 0,
    eta: 0.5,
    activations: sizes.map((_, l) => (l === 0 ? undefined : l === L ? output : hidden)),
    W: sizes.map((units, l) => (l === 0 ? [] : normal(units, sizes[l - 1]!, far))),
    b: sizes.map((units, l) => (l === 0 ? [] : biased ? normal(1, units, 0.5)[0]! : new Array<number>(units).fill(0))),
    x: normal(N, sizes[0]!, 1),
    t: classes ? oneHot() : table(N, sizes[L]!, () => 0.05 + 0.9 * random.uniform()),
  };
  return age === "trained" ? trained(problem) : problem;
}

/** A network after sixty steps, or as many as do not diverge. */
export function trained(problem: Problem): Problem {
  let current = problem;
  for (let step = 0; step < 60; step++) {
    const { gradW, gradB } = compute(current, float64);
    const next = {
      ...current,
      W: current.W.map((rows, l) => rows.map((row, j) => row.map((w, k) => w - current.eta * gradW[l]![j]![k]!))),
      b: current.b.map((row, l) => row.map((one, j) => one - current.eta * (gradB[l] as number[])[j]!)),
    };
    // What diverges is left where it was.
    if (!next.W.flat(2).every((w) => Math.abs(w) < 50)) return current;
    current = next;
  }
  return current;
}

function activate(kind: ActivationName | undefined, row: readonly number[], as: Type): number[] {
  switch (kind) {
    case "sigmoid":
      return row.map((u) => as(1 / as(1 + as(Math.exp(-u)))));
    case "tanh":
      return row.map((u) => as(Math.tanh(u)));
    case "relu":
      return row.map((u) => Math.max(0, u));
    case "softmax": {
      const top = Math.max(...row);
      const powers = row.map((u) => as(Math.exp(as(u - top))));
      const sum = powers.reduce((all, power) => as(all + power), 0);
      return powers.map((power) => as(power / sum));
    }
    default:
      return [...row];
  }
}

/** σ′ as a program has it, from the output. */
function slope(kind: ActivationName | undefined, v: number, as: Type): number {
  if (kind === "sigmoid") return as(v * as(1 - v));
  if (kind === "tanh") return as(1 - as(v * v));
  return kind === "relu" ? Number(v > 0) : 1;
}

/** The backprop of the network with every operation rounded to a type; its own numbers must be of that type already. */
export function compute(problem: Problem, as: Type): State {
  const { sizes, W, b, x, t, activations, cost } = problem;
  const [N, L] = [x.length, sizes.length - 1];
  const sum = (count: number, term: (k: number) => number): number => {
    let all = 0;
    for (let k = 0; k < count; k++) all = as(all + as(term(k)));
    return all;
  };
  const [u, v, delta, gradW, gradB]: [Rows[], Rows[], Rows[], Rows[], number[][]] = [[x], [x], [], [], []];
  for (let l = 1; l <= L; l++) {
    u[l] = table(N, sizes[l]!, (n, j) => as(sum(sizes[l - 1]!, (k) => W[l]![j]![k]! * v[l - 1]![n]![k]!) + b[l]![j]!));
    v[l] = u[l]!.map((row) => activate(activations[l], row, as));
  }
  const out = cost === "softmaxCrossEntropy" ? v[L]!.map((row) => activate("softmax", row, as)) : v[L]!;
  const kind = activations[L];
  const error = table(N, sizes[L]!, (n, j) => as(out[n]![j]! - t[n]![j]!));
  const collapses = cost !== "quadratic";
  delta[L] = collapses
    ? error
    : kind === "softmax"
      ? table(N, sizes[L]!, (n, j) =>
          as(out[n]![j]! * as(error[n]![j]! - sum(sizes[L]!, (k) => error[n]![k]! * out[n]![k]!))),
        )
      : table(N, sizes[L]!, (n, j) => as(error[n]![j]! * slope(kind, out[n]![j]!, as)));
  for (let l = L - 1; l >= 1; l--) {
    delta[l] = table(N, sizes[l]!, (n, j) =>
      as(
        sum(sizes[l + 1]!, (k) => delta[l + 1]![n]![k]! * W[l + 1]![k]![j]!) * slope(activations[l], v[l]![n]![j]!, as),
      ),
    );
  }
  for (let l = 1; l <= L; l++) {
    gradB[l] = Array.from({ length: sizes[l]! }, (_, j) => as(sum(N, (n) => delta[l]![n]![j]!) / N));
    gradW[l] = table(sizes[l]!, sizes[l - 1]!, (j, k) => as(sum(N, (n) => delta[l]![n]![j]! * v[l - 1]![n]![k]!) / N));
  }
  return { problem, N, L, u, v, delta, gradW, gradB };
}

/** The network with its numbers rounded to a type. */
export function typed(problem: Problem, as: Type): Problem {
  const rows = (given: Rows): Rows => given.map((row) => row.map(as));
  return {
    ...problem,
    W: problem.W.map(rows),
    b: problem.b.map((row) => row.map(as)),
    x: rows(problem.x),
    t: rows(problem.t),
  };
}
