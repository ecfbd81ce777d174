// The networks and batches on which mistakes are planted, and the ways in which numbers lose digits on paper.
import { network, Random, type ActivationName, type CostName, type Network } from "../../src/index.ts";
import type { Convention, Hand, Report } from "../../src/handcheck/report.ts";
import { layersOf, mistakes, slip, typical, type Mistake, type Setting } from "./mutants.ts";
import { backprop, byLayer, handOf, table, type Parts, type Problem, type Rows, type State } from "./plain.ts";

export const SQUARE: readonly number[] = [4, 4, 4, 4, 3];
export const RAGGED: readonly number[] = [5, 4, 6, 3];

export interface Recipe {
  readonly sizes: readonly number[];
  readonly hidden: ActivationName;
  readonly output: ActivationName;
  readonly cost: CostName;
  readonly N?: number;
  readonly lambda?: number;
  readonly seed?: number;
}

/** What was drawn: mistakes of one setting are planted on the same numbers, over and over. */
const drawn = new Map<string, Problem>();

/**
 * A network and a batch with random numbers: targets between 0 and 1, or one class for a categorical cost. One recipe
 * gives one problem, which nobody changes.
 */
export function draw({ sizes, hidden, output, cost, N = 7, lambda = 0, seed = 1 }: Recipe): Problem {
  const key = [sizes.join("-"), hidden, output, cost, N, lambda, seed].join();
  const problem = drawn.get(key) ?? drawAnew({ sizes, hidden, output, cost, N, lambda, seed });
  drawn.set(key, problem);
  return problem;
}

function drawAnew({ sizes, hidden, output, cost, N, lambda, seed }: Required<Recipe>): Problem {
  const random = new Random("planted").split(seed, sizes.join("-"));
  const L = sizes.length - 1;
  const normal = (name: string, rows: number, columns: number): Rows => {
    const stream = random.split(name);
    return table(rows, columns, () => stream.normal());
  };
  const classes = random.split("classes");
  const oneHot = (): Rows =>
    Array.from({ length: N }, () => {
      const chosen = classes.integer(sizes[L]!);
      return Array.from({ length: sizes[L]! }, (_, j) => (j === chosen ? 1 : 0));
    });
  return {
    sizes,
    activations: sizes.map((_, l) => (l === 0 ? undefined : l === L ? output : hidden)),
    cost,
    W: sizes.map((units, l) => (l === 0 ? [] : normal(`W${l}`, units, sizes[l - 1]!))),
    b: sizes.map((units, l) => (l === 0 ? [] : normal(`b${l}`, 1, units)[0]!)),
    x: normal("x", N, sizes[0]!),
    t: cost === "quadratic" ? table(N, sizes[L]!, () => 0.05 + 0.9 * classes.uniform()) : oneHot(),
    lambda,
    eta: 0.5,
  };
}

/** The recipe on which a mistake counts. */
export function recipe(setting: Setting, sizes: readonly number[], hidden: ActivationName): Recipe {
  const output = hidden === "tanh" ? "tanh" : "sigmoid";
  switch (setting) {
    case "quadratic":
      return { sizes, hidden, output, cost: "quadratic" };
    case "decay":
      return { sizes, hidden, output, cost: "quadratic", lambda: 0.7 };
    case "crossEntropy":
      return { sizes, hidden, output: "sigmoid", cost: "crossEntropy" };
    case "softmax":
      return { sizes, hidden, output: "softmax", cost: "categoricalCrossEntropy" };
  }
}

/** A mistake at a layer of a problem. */
export interface Planted {
  readonly mistake: Mistake;
  readonly layer: number;
  readonly problem: Problem;
  readonly label: string;
}

function plant(mistake: Mistake, layer: number, problem: Problem): Planted {
  return { mistake, layer, problem, label: `${mistake.id} (${mistake.variant}) at layer ${layer}` };
}

/** The 54 typical mistakes, each once. */
export function fiftyFour(change: (problem: Problem) => Problem = (problem) => problem): Planted[] {
  const problems = new Map<Setting, Problem>();
  return typical.map((mistake) => {
    if (!problems.has(mistake.setting))
      problems.set(mistake.setting, change(draw(recipe(mistake.setting, SQUARE, "sigmoid"))));
    return plant(mistake, mistake.typical!, problems.get(mistake.setting)!);
  });
}

const rights = new WeakMap<Problem, State>();

/** The right run of a problem, which nobody changes. */
export function rightOf(problem: Problem): State {
  const state = rights.get(problem) ?? backprop(problem);
  rights.set(problem, state);
  return state;
}

/** Every mistake at every layer of a network where it can be made and changes the numbers. */
export function everywhere(sizes: readonly number[], hidden: ActivationName, seed = 1): Planted[] {
  return mistakes.flatMap((mistake) => {
    const problem = draw({ ...recipe(mistake.setting, sizes, hidden), seed });
    const right = rightOf(problem);
    return layersOf(mistake, problem)
      .map((layer) => plant(mistake, layer, problem))
      .filter((planted) => gap(part(run(planted), mistake, planted.layer), part(right, mistake, planted.layer)) > 1e-3);
  });
}

export function run({ mistake, layer, problem }: Planted): State {
  return backprop(problem, [slip(mistake, layer)]);
}

/** What the equation of a mistake gives. */
export function part(s: State, { equation }: Mistake, l: number): number | number[] | Rows {
  if (equation === "BP1" || equation === "BP2") return s.delta[l]!;
  return equation === "BP3" ? s.gradB[l]! : s.gradW[l]!;
}

/** max |a − b| over max |b|, infinite where the shapes differ. */
export function gap(a: number | number[] | Rows, b: number | number[] | Rows): number {
  const [left, right] = [[a].flat(2), [b].flat(2)];
  if (left.length !== right.length || Array.isArray(a) !== Array.isArray(b)) return Infinity;
  const size = Math.max(...right.map(Math.abs));
  const off = Math.max(...left.map((one, i) => Math.abs(one - right[i]!)));
  return off === 0 ? 0 : off / size;
}

/**
 * Whether an id names a mistake: its own does, and that of another which gives the same numbers in the same equation at
 * the same layer.
 */
export function accepts(planted: Planted, id: string | undefined): boolean {
  const { mistake, layer, problem } = planted;
  if (id === mistake.id) return true;
  const others = mistakes.filter(
    (other) => other.id === id && other.equation === mistake.equation && layersOf(other, problem).includes(layer),
  );
  if (others.length === 0) return false;
  const numbers = part(run(planted), mistake, layer);
  return others.some((other) => gap(part(backprop(problem, [slip(other, layer)]), other, layer), numbers) < 1e-12);
}

/** The convention of the planted problems: as the network has it, δ with the 1/N of the mean. */
export const OWN: Convention = {
  weights: "out×in",
  samples: "rows",
  layerBase: 1,
  deltaSign: 1,
  reduction: "mean",
  delta: "reduced",
  half: true,
  decay: "λ/n",
};

export type Precision = "float64" | "float32" | "9 digits" | "6 digits" | "4 digits" | "3 digits";

function rounded(rows: Rows, digits: number): Rows {
  const largest = Math.max(...rows.flat().map(Math.abs));
  if (largest === 0) return rows;
  const decimals = digits - 1 - Math.floor(Math.log10(largest));
  // Through text, as on paper: a power of ten is not exact in binary below 1.
  return rows.map((row) =>
    row.map((one) =>
      decimals >= 0 ? Number(one.toFixed(decimals)) : Math.round(one * 10 ** decimals) / 10 ** decimals,
    ),
  );
}

/** A hand with its numbers as they are, in float32, or with so many digits of the largest entry of each tensor. */
export function copied(hand: Hand, precision: Precision): Hand {
  if (precision === "float64") return hand;
  const digits = precision === "float32" ? 0 : Number.parseInt(precision);
  const one = (value: unknown): unknown => {
    if (typeof value === "number") return digits === 0 ? Math.fround(value) : rounded([[value]], digits)[0]![0]!;
    const matrix = Array.isArray((value as unknown[])[0]);
    const rows = (matrix ? value : [value]) as Rows;
    const kept = digits === 0 ? rows.map((row) => Float32Array.from(row)) : rounded(rows, digits);
    return matrix ? kept : kept[0]!;
  };
  const all = (record: Readonly<Record<number, unknown>> | undefined): object | undefined =>
    record && Object.fromEntries(Object.entries(record).map(([l, value]) => [l, one(value)]));
  const { next } = hand;
  const step = ({ W, b }: NonNullable<Hand["next"]>): object => ({ W: all(W), ...(b ? { b: all(b) } : {}) });
  const copy = {
    ...hand,
    u: all(hand.u),
    v: all(hand.v),
    delta: all(hand.delta),
    gradW: all(hand.gradW),
    gradB: all(hand.gradB),
    next: next && { ...step(next), ...(next.next ? { next: step(next.next) } : {}) },
    ...(digits === 0 ? {} : { digits }),
  };
  return Object.fromEntries(Object.entries(copy).filter(([, value]) => value !== undefined)) as Hand;
}

/** What is handed in for a planted mistake, the convention told. */
export function handedIn(planted: Planted, precision: Precision = "float64", parts: Parts = {}): Hand {
  // Only the step tells updated weights, and which sign of δ the person means.
  const next = planted.mistake.id === "B7" || planted.mistake.id === "A1";
  return { ...copied(handOf(run(planted), { next, ...parts }), precision), convention: OWN };
}

const networks = new WeakMap<Problem, Network>();

/** The network of a problem, as the library has it. */
export function networkOf(problem: Problem): Network {
  const known = networks.get(problem);
  if (known !== undefined) return known;
  const { sizes, activations, cost, W, b } = problem;
  const made = network({
    sizes,
    activations: activations.slice(1) as ActivationName[],
    cost,
    parameters: { ...named("W", W), ...named("b", b) },
  });
  networks.set(problem, made);
  return made;
}

function named<T>(letter: string, list: readonly T[]): Record<string, T> {
  return Object.fromEntries(Object.entries(byLayer(list)).map(([l, value]) => [`${letter}${l}`, value]));
}

/** The data of a problem. */
export function dataOf({ x, t }: Problem): { x: Rows; t: Rows } {
  return { x, t };
}

/** Whether the equation of a root is that of a mistake; weight decay is a part of BP4. */
export function places(report: Report, { mistake, layer }: Planted): boolean {
  const equations = mistake.equation === "REG" ? ["REG", "BP4"] : [mistake.equation];
  return report.roots.some((root) => equations.includes(root.equation) && root.layer === layer);
}
