/** The arguments of a Python function by the names of its parameters, in one of the layouts that people use. */

import { meaningsOf, scopeOf } from "../handcheck/intake/meaning.ts";
import { packedNumbers, type Packed } from "../handcheck/intake/sources/python/values.ts";
import type { PythonFunction } from "../handcheck/intake/sources/python/python.ts";
import { cli } from "../locales/cli.ts";
import { alike, type Words } from "../locales/words.ts";
import { settle, type Problem } from "../handcheck/claims/setting.ts";
import { fromRows, toRows, transpose, type Tracked } from "../handcheck/bounds/tracked.ts";

/** How arrays lie that are handed to a function. */
export interface CallLayout {
  readonly weights: "out×in" | "in×out";
  readonly samples: "rows" | "columns";
  readonly bias: "flat" | "row" | "column";
  /** One sample a call: a column, or a flat list. */
  readonly single: "column" | "flat" | null;
  /** Targets as numbers of classes. */
  readonly labels?: boolean;
  /** Of one unit: w flat, b a number, targets flat. */
  readonly unit?: boolean;
}

const batch = (
  weights: CallLayout["weights"],
  samples: CallLayout["samples"],
  bias: CallLayout["bias"],
): CallLayout => ({ weights, samples, bias, single: null });

/** The layouts that are tried, those of most programs first. */
export const callLayouts: readonly CallLayout[] = [
  batch("in×out", "rows", "flat"),
  batch("in×out", "rows", "row"),
  batch("out×in", "columns", "column"),
  batch("out×in", "rows", "flat"),
  batch("out×in", "rows", "row"),
  batch("out×in", "columns", "flat"),
  batch("in×out", "columns", "column"),
  { weights: "out×in", samples: "columns", bias: "column", single: "column" },
  { weights: "out×in", samples: "rows", bias: "flat", single: "flat" },
  { weights: "in×out", samples: "rows", bias: "flat", single: "flat" },
];

/**
 * Those that are worth a try for a network: of one unit w may be a list, and above a softmax targets may be numbers of
 * classes.
 */
export function layoutsFor({ sizes, activations }: Pick<Problem, "sizes" | "activations">): readonly CallLayout[] {
  const one = sizes.length === 2 && sizes[1] === 1 ? [{ ...batch("out×in", "rows", "flat"), unit: true }] : [];
  const classes =
    activations.at(-1) === "softmax"
      ? callLayouts.filter(({ single }) => single === null).map((layout) => ({ ...layout, labels: true }))
      : [];
  return [...callLayouts, ...one, ...classes];
}

/** The layout in words, for "read as". */
export function layoutWords({ weights, samples, bias, single, labels = false, unit = false }: CallLayout): Words {
  if (unit) return cli.calledWithLists;
  const y = labels ? cli.targetsAsClasses : alike("");
  const b = { flat: cli.flatBiases, row: cli.rowBiases, column: cli.columnBiases }[bias];
  const x = single !== null ? cli.oneSampleACall : samples === "rows" ? cli.samplesInRows : cli.samplesInColumns;
  const w = weights === "out×in" ? cli.weightsOutIn : cli.weightsInOut;
  return cli.calledWith({ weights: w, samples: x, biases: b, targets: y });
}

/** A function of objects that computes once for each. */
function kept<Given extends object, Made>(make: (given: Given) => Made): (given: Given) => Made {
  const made = new WeakMap<Given, Made>();
  return (given) => {
    const before = made.get(given) ?? make(given);
    made.set(given, before);
    return before;
  };
}

type Rows = readonly (readonly number[])[];

const packed = ({ rows, cols, value }: Tracked): Packed => packedNumbers([rows, cols], value);
// Many layouts hold the same array, and one is sent where several are that.
const matrix = kept((rows: Rows): Packed => packed(fromRows(rows)));
const turned = kept((rows: Rows): Packed => packed(transpose(fromRows(rows))));

/** W in the layout. */
export const weightIn = (layout: CallLayout, W: Rows): Packed =>
  layout.unit === true ? packedNumbers([W[0]!.length], W[0]!) : layout.weights === "out×in" ? matrix(W) : turned(W);

/** b in the layout. */
export function biasIn({ bias, unit = false }: CallLayout, b: readonly number[]): Packed {
  if (unit) return packedNumbers([], b);
  return packedNumbers(bias === "flat" ? [b.length] : bias === "row" ? [1, b.length] : [b.length, 1], b);
}

/** Lays out one row of numbers for each sample. */
function samplesIn({ samples, single }: CallLayout, rows: Rows): Packed {
  if (single === "flat") return packedNumbers([rows[0]!.length], rows[0]!);
  return samples === "rows" && single === null ? matrix(rows) : turned(rows);
}

/** Targets in the layout. */
function targetsIn(layout: CallLayout, rows: Rows): Packed {
  if (layout.unit === true)
    return packedNumbers(
      [rows.length],
      rows.map((row) => row[0]!),
    );
  return layout.labels === true
    ? packedNumbers(
        [rows.length],
        rows.map((row) => row.indexOf(Math.max(...row))),
        "int",
      )
    : samplesIn(layout, rows);
}

/** A value for one parameter. */
type Giving = (problem: Problem, layout: CallLayout) => Packed;

/** Layers as ours: a function may count them from 0, or with the input as the first. */
function layerOf(role: "W" | "b" | "u" | "v", n: number, numbers: readonly number[], last: number): number {
  if (numbers.includes(0)) return role === "v" ? n : n + 1;
  return Math.max(...numbers) > last ? n - 1 : n;
}

const forward = kept((problem: Problem): { readonly u: readonly number[][][]; readonly v: readonly number[][][] } => {
  const { u, v } = settle(problem);
  return { u: u.map(toRows), v: v.map(toRows) };
});

const bySample = kept((problem: Problem): readonly Problem[] =>
  problem.x.map((row, n) => ({ ...problem, x: [row], t: [problem.t[n]!] })),
);

/** A problem as a layout is called with it: at once, or sample by sample. */
export const batchesOf = (problem: Problem, { single }: CallLayout): readonly Problem[] =>
  single === null ? [problem] : bySample(problem);

/** Everything under the names that courses use: W1, b1, … */
const allParameters: Giving = (problem, layout) => ({
  record: problem.sizes.flatMap((_, l) =>
    l === 0
      ? []
      : [[`W${l}`, weightIn(layout, problem.W[l]!)] as const, [`b${l}`, biasIn(layout, problem.b[l]!)] as const],
  ),
});

/** The forward pass under the names that courses use: A0, Z1, A1, … and the parameters beside them. */
const cache: Giving = (problem, layout) => {
  const { u, v } = forward(problem);
  const named = (name: string, rows: readonly number[][][], from: number): (readonly [string, Packed])[] =>
    rows.flatMap((one, l) => (l < from ? [] : [[`${name}${l}`, samplesIn(layout, one)] as const]));
  const own = allParameters(problem, layout) as { readonly record: readonly (readonly [string, Packed])[] };
  return {
    record: [
      ...own.record,
      ...named("Z", u, 1),
      ...named("z", u, 1),
      ...named("A", v, 0),
      ...named("a", v, 0),
      ["X", samplesIn(layout, problem.x)],
      ["Y", samplesIn(layout, problem.t)],
      ["y", samplesIn(layout, problem.t)],
    ],
  };
};

const byScope: Readonly<Record<string, Giving>> = { parameters: allParameters, forward: cache };

type LayerRole = "W" | "b" | "u" | "v";

/** The numbers of layers that the parameters of a function have, by role. */
type Numbers = Readonly<Record<LayerRole, readonly number[]>> & { readonly byLayer: boolean };

/** One array of a layer, or all of them. */
const ofLayer: Readonly<Record<LayerRole, (problem: Problem, l: number, layout: CallLayout) => Packed>> = {
  W: ({ W }, l, layout) => weightIn(layout, W[l]!),
  b: ({ b }, l, layout) => biasIn(layout, b[l]!),
  u: (problem, l, layout) => samplesIn(layout, forward(problem).u[l]!),
  v: (problem, l, layout) => samplesIn(layout, forward(problem).v[l]!),
};

/** Chooses what to give for a parameter; `null` where its name does not say. */
function givingFor(name: string, numbers: Numbers): Giving | null {
  const scope = byScope[scopeOf(name, "top") ?? ""];
  // `weights` beside `biases` is a list by layer, and alone all parameters.
  const isList =
    numbers.byLayer && meaningsOf(name, "top").some(({ role, layer }) => role === "W" && layer.kind === "all");
  if (scope !== undefined && !isList) return scope;
  for (const { role, layer } of meaningsOf(name, "top")) {
    if (role === "x") return (problem, layout) => samplesIn(layout, problem.x);
    if (role === "t") return (problem, layout) => targetsIn(layout, problem.t);
    if (role === "samples") return ({ x }) => packedNumbers([], [x.length], "int");
    if (role === "lambda") return () => packedNumbers([], [0]);
    if (role !== "W" && role !== "b" && role !== "u" && role !== "v") continue;
    const array = ofLayer[role];
    const byLayer: Giving = (problem, layout) => ({
      list: problem.sizes.slice(1).map((_, index) => array(problem, index + 1, layout)),
    });
    // Of a network of one layer `W` is its matrix, and `weights` a list of one.
    if (layer.kind === "all" && !/s_?$/i.test(name))
      return (problem, layout) => (problem.sizes.length === 2 ? array(problem, 1, layout) : byLayer(problem, layout));
    if (layer.kind === "all") return byLayer;
    return (problem, layout) => {
      const last = problem.sizes.length - 1;
      const own =
        layer.kind === "word"
          ? layer.word === "hidden"
            ? 1
            : last
          : layerOf(role, layer.n ?? last, numbers[role], last);
      return array(problem, own, layout);
    };
  }
  return null;
}

/** Gives the arguments of a function for a problem; or names the parameters that no name explains. */
export function argumentsFor({ parameters }: PythonFunction): {
  readonly unknown: readonly string[];
  readonly give: (problem: Problem, layout: CallLayout) => Packed;
} {
  const own = parameters.filter(({ name }) => name !== "self");
  const numbersOf = (wanted: LayerRole): number[] =>
    own.flatMap(({ name }) =>
      meaningsOf(name, "top").flatMap(({ role, layer }) =>
        role === wanted && layer.kind !== "all" && layer.kind !== "word" && layer.n !== null ? [layer.n] : [],
      ),
    );
  const byLayer = own.some(({ name }) =>
    meaningsOf(name, "top").some(({ role, layer }) => role === "b" && layer.kind === "all"),
  );
  const numbers: Numbers = { byLayer, W: numbersOf("W"), b: numbersOf("b"), u: numbersOf("u"), v: numbersOf("v") };
  const givings = own.map(({ name, optional }) => ({ name, optional, giving: givingFor(name, numbers) }));
  return {
    unknown: givings.filter(({ giving, optional }) => giving === null && !optional).map(({ name }) => name),
    give: (problem, layout) => ({
      record: givings.flatMap(({ name, giving }) =>
        giving === null ? [] : [[name, giving(problem, layout)] as const],
      ),
    }),
  };
}
