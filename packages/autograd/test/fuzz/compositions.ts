/**
 * Random compositions of two to four functions at poles, kinks and saturations, as the library runs them and written
 * out entry by entry.
 */

import * as fc from "fast-check";
import {
  abs,
  add,
  cast,
  clip,
  concat,
  cos,
  div,
  erf,
  exp,
  flip,
  full,
  gather,
  greater,
  log,
  logSigmoid,
  logSoftmax,
  logSumExp,
  matmul,
  max,
  maximum,
  mean,
  min,
  minimum,
  mul,
  neg,
  norm,
  pad,
  pow,
  prod,
  relu,
  reshape,
  sigmoid,
  sign,
  sin,
  slice,
  softmax,
  softplus,
  sqrt,
  stack,
  sub,
  sum,
  tan,
  tanh,
  tensor,
  where,
  type Tensor,
} from "../../src/index.ts";
import type { RuleName } from "../oracles/local-rules.ts";
import { Tape, type FloatType } from "../oracles/tape.ts";

/** The places of the entries of a value; `scalar` where its shape is []. */
interface Written {
  readonly scalar: boolean;
  readonly places: readonly number[];
}

interface Context {
  readonly tape: Tape;
  readonly type: FloatType;
  /** The values of the entries so far. */
  readonly valuesOf: (x: Written) => number[];
}

/** A function fitted to its operands. */
interface Fitted {
  readonly label: string;
  readonly library: (x: Tensor, other: Tensor) => Tensor;
  readonly written: (x: Written, other: Written, context: Context) => Written;
}

type Fit = (x: Written, other: Written, choice: number, type: FloatType) => Fitted | null;

const pick = <T>(list: readonly T[], choice: number): T => list[choice % list.length]!;

const mapped = (x: Written, f: (place: number, k: number) => number): Written => ({
  scalar: x.scalar,
  places: x.places.map(f),
});
const single = (place: number): Written => ({ scalar: true, places: [place] });
const vector = (places: readonly number[]): Written => ({ scalar: false, places });

/** Those with poles and saturations come up more often. */
const functions: readonly (readonly [weight: number, RuleName, (x: Tensor) => Tensor])[] = [
  [6, "exp", exp],
  [8, "log", log],
  [8, "sqrt", sqrt],
  [2, "sin", sin],
  [2, "cos", cos],
  [2, "tan", tan],
  [3, "tanh", tanh],
  [4, "sigmoid", sigmoid],
  [4, "softplus", softplus],
  [3, "logSigmoid", logSigmoid],
  [2, "erf", erf],
  [3, "neg", neg],
];

const CONSTANTS = {
  float64: [0, -0, 1, 2, -1, 0.5, 3, -2, 1000, -1000, 1e200, 1e-200, -1e-200, 5e-324],
  float32: [0, -0, 1, 2, -1, 0.5, 3, -2, 100, -100, 1e30, 1e-30, -1e-30, 1e-45].map(Math.fround),
} as const;
const EXPONENTS = [2, 3, 0.5, -1, 1, 0, -0, -2, 1.5, 1 / 3, 4, -0.5] as const;
const BASES = [2, 0.5, 0, 10, 1] as const;
const VECTORS = [
  [0, 1, 2],
  [1, 1, 1],
  [2, 0, -1],
  [-0, 0, 1],
  [-1, 0.5, 0],
  [0, -0, 0],
] as const;

const numbersOf = (choice: number, n: number): number[] =>
  Array.from({ length: n }, (_, k) => pick(VECTORS, choice)[k % 3]!);

/** A constant beside a tensor: a number, or a tensor of its type. */
const beside = (c: number, choice: number, type: FloatType): Tensor | number =>
  choice % 3 === 0 ? tensor(c, { dtype: type }) : c;

const withConstant =
  (
    name: string,
    library: (x: Tensor, c: Tensor | number) => Tensor,
    written: (tape: Tape, place: number, c: number) => number,
    accepts: (c: number) => boolean = () => true,
  ): Fit =>
  (_, __, choice, type) => {
    const c = pick(CONSTANTS[type], choice);
    if (!accepts(c)) return null;
    const given = beside(c, choice >> 4, type);
    return {
      label: `${name} ${Object.is(c, -0) ? "-0" : c}`,
      library: (x) => library(x, given),
      written: (x, _, { tape }) => mapped(x, (place) => written(tape, place, c)),
    };
  };

/** An operation of the last value and an earlier one, which broadcast. */
const ofTwo =
  (
    name: string,
    library: (a: Tensor, b: Tensor) => Tensor,
    written: (tape: Tape, a: number, b: number) => number,
  ): Fit =>
  (x, other, choice) => {
    if (!x.scalar && !other.scalar && x.places.length !== other.places.length) return null;
    const swapped = choice % 2 === 1;
    return {
      label: swapped ? `${name} of an earlier one and it` : `${name} with an earlier one`,
      library: (a, b) => (swapped ? library(b, a) : library(a, b)),
      written(a, b, { tape }) {
        const places = Array.from({ length: Math.max(a.places.length, b.places.length) }, (_, k) => {
          const [p, q] = [a.places[a.scalar ? 0 : k]!, b.places[b.scalar ? 0 : k]!];
          return swapped ? written(tape, q, p) : written(tape, p, q);
        });
        return { scalar: a.scalar && b.scalar, places };
      },
    };
  };

const reduction =
  (
    name: string,
    library: (x: Tensor) => Tensor,
    written: (places: readonly number[], context: Context) => number,
  ): Fit =>
  () => ({
    label: name,
    library,
    written: (x, _, context) => single(written(x.places, context)),
  });

/** Functions of vectors alone. */
const ofVector =
  (fit: Fit): Fit =>
  (x, ...rest) =>
    x.scalar ? null : fit(x, ...rest);

/** e^(x − c) with the largest finite value as c: a shift that shares and sums do not see. */
const shifted = (x: readonly number[], { tape, valuesOf }: Context): { powers: number[]; shift: number } => {
  const largest = Math.max(...valuesOf(vector(x)));
  const shift = Number.isFinite(largest) ? largest : 0;
  return { powers: x.map((place) => tape.local("exp", tape.add(place, tape.constant(-shift)))), shift };
};

const moved = (
  label: string,
  library: (x: Tensor) => Tensor,
  places: (x: readonly number[], tape: Tape) => readonly number[],
): Fitted => ({
  label,
  library,
  written: (x, _, { tape }) => vector(places(x.places, tape)),
});

const all: readonly (readonly [weight: number, fit: Fit])[] = [
  ...functions.map(([weight, name, library]): readonly [number, Fit] => [
    weight,
    () => ({
      label: name,
      library: (x) => library(x),
      written: (x, _, { tape }) => mapped(x, (place) => tape.local(name, place)),
    }),
  ]),
  [
    3,
    () => ({
      label: "relu",
      library: (x) => relu(x),
      written: (x, _, { tape }) => mapped(x, (place) => tape.gate("relu", [place])),
    }),
  ],
  [
    2,
    () => ({
      label: "abs",
      library: (x) => abs(x),
      written: (x, _, { tape }) => mapped(x, (place) => tape.gate("abs", [place])),
    }),
  ],
  [
    1,
    () => ({
      label: "sign",
      library: (x) => sign(x),
      written: (x, _, { tape }) => mapped(x, (place) => tape.gate("sign", [place])),
    }),
  ],
  [
    8,
    (_, __, choice, type) => {
      const c = pick(EXPONENTS, choice);
      const given = beside(c, choice >> 4, type);
      const exponent = type === "float32" ? Math.fround(c) : c;
      return {
        label: `pow ${Object.is(c, -0) ? "-0" : c}`,
        library: (x) => pow(x, given),
        written: (x, _, { tape }) =>
          mapped(x, (place) => (c === 0 ? tape.gate("dropped", [place], [1]) : tape.local("power", place, [exponent]))),
      };
    },
  ],
  [
    3,
    (_, __, choice, type) => {
      const c = pick(BASES, choice);
      const given = tensor(c, { dtype: type });
      return {
        label: `${c} to the power`,
        library: (x) => pow(given, x),
        written: (x, _, { tape }) => mapped(x, (place) => tape.local("exponential", place, [c])),
      };
    },
  ],
  [
    3,
    withConstant(
      "add",
      (x, c) => add(x, c),
      (tape, place, c) => tape.add(place, tape.constant(c)),
    ),
  ],
  [
    6,
    withConstant(
      "mul",
      (x, c) => mul(x, c),
      (tape, place, c) => tape.weigh(place, c),
    ),
  ],
  [
    2,
    withConstant(
      "div by",
      (x, c) => div(x, c),
      (tape, place, c) => tape.div(place, tape.constant(c)),
      (c) => Math.abs(c) >= 1e-30,
    ),
  ],
  [
    4,
    withConstant(
      "div into",
      (x, c) => div(c, x),
      (tape, place, c) => tape.div(tape.constant(c), place),
    ),
  ],
  [
    3,
    withConstant(
      "sub from",
      (x, c) => sub(c, x),
      (tape, place, c) => tape.sub(tape.constant(c), place),
    ),
  ],
  [
    2,
    withConstant(
      "maximum",
      (x, c) => maximum(x, c),
      (tape, place, c) => tape.gate("max", [place, tape.constant(c)]),
    ),
  ],
  [
    2,
    withConstant(
      "minimum",
      (x, c) => minimum(x, c),
      (tape, place, c) => tape.gate("min", [place, tape.constant(c)]),
    ),
  ],
  [
    3,
    withConstant(
      "where greater, else 0",
      (x, c) => where(greater(x, c), x, 0),
      (tape, place, c) => tape.gate("greater", [place, place, tape.constant(0)], [c]),
    ),
  ],
  [
    2,
    (_, __, choice) => {
      const [low, high] = pick(
        [
          [-1, 1],
          [0, 20],
          [-20, 0],
          [-1000, 1000],
        ] as const,
        choice,
      );
      return {
        label: `clip ${low} ${high}`,
        library: (x) => clip(x, low, high),
        written: (x, _, { tape }) => mapped(x, (place) => tape.gate("clip", [place], [low, high])),
      };
    },
  ],
  [4, ofTwo("add", add, (tape, a, b) => tape.add(a, b))],
  [4, ofTwo("sub", sub, (tape, a, b) => tape.sub(a, b))],
  [8, ofTwo("mul", mul, (tape, a, b) => tape.mul(a, b))],
  [5, ofTwo("div", div, (tape, a, b) => tape.div(a, b))],
  [2, ofTwo("maximum", maximum, (tape, a, b) => tape.gate("max", [a, b]))],
  [
    6,
    ofTwo(
      "where greater 0, else 0.5,",
      (a, b) => where(greater(b, 0), a, 0.5),
      (tape, a, b) => tape.gate("greater", [b, a, tape.constant(0.5)], [0]),
    ),
  ],
  [
    2,
    (_, __, choice, type) => {
      const c = pick([1, -1e-50, 1e-50], choice);
      const [there, back] = type === "float32" ? (["float64", "float32"] as const) : (["float64", "float64"] as const);
      return {
        label: `cast to float64, mul ${c}, and back`,
        library: (x) => cast(mul(cast(x, there), c), back),
        written: (x, _, { tape }) => mapped(x, (place) => tape.mul(place, tape.constant(c))),
      };
    },
  ],
  [
    3,
    reduction(
      "sum",
      (x) => sum(x),
      (places, { tape }) => tape.sum(places),
    ),
  ],
  [
    2,
    reduction(
      "mean",
      (x) => mean(x),
      (places, { tape }) => tape.div(tape.sum(places), tape.constant(places.length)),
    ),
  ],
  [
    3,
    reduction(
      "norm",
      (x) => norm(x),
      (places, context) => {
        const { tape } = context;
        // Divided by a power of two first, which neither overflows nor vanishes, has a reciprocal, and changes no
        // derivative.
        const largest = Math.max(...context.valuesOf(vector(places)).map(Math.abs));
        const least = context.type === "float32" ? -126 : -1022;
        const scale = largest > 0 && largest < Infinity ? 2 ** Math.max(least, Math.floor(Math.log2(largest))) : 1;
        const parts = places.map((place, k) =>
          tape.div(k === 0 ? tape.gate("origin", places) : place, tape.constant(scale)),
        );
        return tape.mul(tape.constant(scale), tape.local("sqrt", tape.sum(parts.map((part) => tape.mul(part, part)))));
      },
    ),
  ],
  [
    3,
    reduction(
      "logSumExp",
      (x) => logSumExp(x),
      (places, context) => {
        const { powers, shift } = shifted(places, context);
        return context.tape.add(context.tape.local("log", context.tape.sum(powers)), context.tape.constant(shift));
      },
    ),
  ],
  [
    2,
    reduction(
      "max",
      (x) => max(x),
      (places, { tape }) => tape.gate("max", places),
    ),
  ],
  [
    2,
    reduction(
      "min",
      (x) => min(x),
      (places, { tape }) => tape.gate("min", places),
    ),
  ],
  [
    1,
    reduction(
      "prod",
      (x) => prod(x),
      (places, { tape }) => places.reduce((a, b) => tape.mul(a, b)),
    ),
  ],
  [
    4,
    ofVector(() => ({
      label: "softmax",
      library: (x) => softmax(x),
      written(x, _, context) {
        const { powers } = shifted(x.places, context);
        const total = context.tape.sum(powers);
        return vector(powers.map((power) => context.tape.div(power, total)));
      },
    })),
  ],
  [
    4,
    ofVector(() => ({
      label: "logSoftmax",
      library: (x) => logSoftmax(x),
      written(x, _, context) {
        const { tape } = context;
        const { powers, shift } = shifted(x.places, context);
        const total = tape.local("log", tape.sum(powers));
        return vector(x.places.map((place) => tape.sub(tape.add(place, tape.constant(-shift)), total)));
      },
    })),
  ],
  [
    6,
    ofVector(({ places }, _, choice, type) => {
      const rows = [0, 1].map((k) => numbersOf(choice + 2 * k, places.length));
      const matrix = tensor(rows.flat(), { shape: [2, places.length], dtype: type });
      return moved(
        `matmul [${rows.join("; ")}]`,
        (x) => matmul(matrix, x),
        (x, tape) => rows.map((row) => tape.sum(x.map((place, k) => tape.weigh(place, row[k]!)))),
      );
    }),
  ],
  [
    3,
    ofVector(({ places }, _, choice, type) => {
      const weights = numbersOf(choice, places.length);
      const given = tensor(weights, { dtype: type });
      return moved(
        `mul [${weights.join()}]`,
        (x) => mul(given, x),
        (x, tape) => x.map((place, k) => tape.weigh(place, weights[k]!)),
      );
    }),
  ],
  [
    2,
    ofVector(({ places }, _, choice) => {
      const mask = places.map((_, k) => (choice >> k) % 2 === 1);
      const given = tensor(mask.map(Number), { dtype: "bool" });
      return moved(
        `where [${mask.join()}], else 0`,
        (x) => where(given, x, 0),
        (x, tape) => x.map((place, k) => (mask[k] === true ? place : tape.constant(0))),
      );
    }),
  ],
  [
    2,
    ofVector(({ places }, _, choice) => {
      const indices = [choice, choice >> 2].map((k) => k % places.length);
      return moved(
        `gather [${indices.join()}]`,
        (x) => gather(x, indices),
        (x) => indices.map((k) => x[k]!),
      );
    }),
  ],
  [
    2,
    ofVector(() =>
      moved(
        "slice from 1",
        (x) => slice(x, [1]),
        (x) => x.slice(1),
      ),
    ),
  ],
  [
    1,
    ofVector(() =>
      moved(
        "flip",
        (x) => flip(x),
        (x) => [...x].reverse(),
      ),
    ),
  ],
  [
    2,
    ofVector((_, __, choice) => {
      const border = choice % 2;
      return moved(
        `pad with ${border}`,
        (x) => pad(x, [1], [0], border),
        (x, tape) => [tape.constant(border), ...x],
      );
    }),
  ],
  [
    2,
    (x, other) =>
      x.scalar !== other.scalar
        ? null
        : {
            label: "together with an earlier one",
            library: (a, b) => (x.scalar ? stack([a, b]) : concat([a, b])) as Tensor,
            written: (a, b) => vector([...a.places, ...b.places]),
          },
  ],
  [
    2,
    (_, __, choice) => {
      const mask = [choice % 2, (choice >> 1) % 2];
      const given = tensor(mask, { shape: [2, 1], dtype: "bool" });
      // Spread over two rows, one of them masked, and summed.
      return {
        label: `two rows masked by [${mask.join()}] and summed`,
        library: (x) => sum(where(given, x, full([2, 1], 0, { dtype: x.dtype as FloatType })), 0) as Tensor,
        written: (x, _, { tape }) => ({
          scalar: false,
          places: x.places.map((place) => tape.sum(mask.map((on) => (on === 1 ? place : tape.constant(0))))),
        }),
      };
    },
  ],
];

const drawn = all.flatMap(([weight, fit]) => Array<Fit>(weight).fill(fit));

const POINTS = {
  float64: [
    0,
    -0,
    1,
    -1,
    2,
    0.5,
    -2,
    1000,
    -1000,
    30,
    -30,
    1e200,
    -1e200,
    1e-200,
    -1e-200,
    Infinity,
    -Infinity,
    5e-324,
    700,
    -745,
  ],
  float32: [
    0,
    -0,
    1,
    -1,
    2,
    0.5,
    -2,
    110,
    -110,
    17,
    -17,
    1e30,
    -1e30,
    1e-30,
    -1e-30,
    Infinity,
    -Infinity,
    1e-45,
    88,
    -104,
  ].map(Math.fround),
} as const;

/** Half of the points are drawn from the first few. */
const coordinate = fc.oneof(
  { arbitrary: fc.nat(4), weight: 1 },
  { arbitrary: fc.nat(1), weight: 1 },
  { arbitrary: fc.nat(POINTS.float64.length - 1), weight: 1 },
);

export interface Composition {
  readonly type: FloatType;
  /** A scalar argument, or a vector of that length. */
  readonly scalar: boolean;
  readonly point: readonly number[];
  readonly steps: readonly { readonly op: number; readonly choice: number; readonly back: number }[];
  /** Whether the loss is the sum of the entries, one of them, or their sum with weights. */
  readonly weights: number;
  /** The entries by which to differentiate, first, second and third. */
  readonly directions: readonly [number, number, number];
  /** Chooses which of the many ways to run are tried. */
  readonly ways: number;
}

export const compositions: fc.Arbitrary<Composition> = fc
  .record({
    single: fc.nat(3),
    scalar: fc.boolean(),
    point: fc.array(coordinate, { minLength: 1, maxLength: 3 }),
    steps: fc.array(fc.record({ op: fc.nat(drawn.length - 1), choice: fc.nat(255), back: fc.nat(7) }), {
      minLength: 2,
      maxLength: 4,
    }),
    weights: fc.nat(17),
    directions: fc.tuple(fc.nat(2), fc.nat(2), fc.nat(2)),
    ways: fc.nat(1 << 20),
  })
  .map(({ single, scalar, point, directions, ...rest }) => {
    const type = single === 0 ? ("float32" as const) : ("float64" as const);
    const coordinates = (scalar ? point.slice(0, 1) : point).map((k) => POINTS[type][k]!);
    return {
      ...rest,
      type,
      scalar,
      point: coordinates,
      directions: directions.map((k) => k % coordinates.length) as unknown as [number, number, number],
    };
  });

/** A composition fitted to its shapes. */
export interface Fittings {
  readonly label: string;
  readonly count: number;
  readonly f: Loss;
  readonly tape: Tape;
  /** The vector of which the loss is one entry. */
  readonly whole: { readonly f: (x: Tensor) => Tensor; readonly row: number } | null;
}

type Loss = (x: Tensor) => Tensor<[]>;

const shown = (x: number): string => (Object.is(x, -0) ? "-0" : String(x));

export const fit = ({ type, scalar, point, steps, weights }: Composition): Fittings => {
  const tape = new Tape();
  const context: Context = {
    tape,
    type,
    valuesOf(x) {
      const values = tape.values(point, type);
      return x.places.map((place) => values[place]!);
    },
  };
  const values: Written[] = [{ scalar, places: point.map((_, k) => tape.leaf(k)) }];
  const fitted: { readonly step: Fitted; readonly other: number }[] = [];
  for (const { op, choice, back } of steps) {
    const x = values.at(-1)!;
    const other = Math.max(0, values.length - 1 - (back % values.length));
    // Nothing but the sum at the end goes on from an empty vector.
    const step =
      Math.min(x.places.length, values[other]!.places.length) === 0
        ? null
        : drawn[op]!(x, values[other]!, choice, type);
    if (step === null) continue;
    fitted.push({ step, other });
    values.push(step.written(x, values[other]!, context));
  }
  const last = values.at(-1)!;
  const computed = (x: Tensor): Tensor => {
    const all = [x];
    for (const { step, other } of fitted) all.push(step.library(all.at(-1)!, all[other]!));
    return all.at(-1)!;
  };
  const text = fitted
    .map(({ step, other }) => (step.label.includes("earlier") ? `${step.label} (${other})` : step.label))
    .join(" → ");
  const label = (end: string): string =>
    `${type} ${scalar ? "x" : "[x]"} → ${text}${end} at ${point.map(shown).join()}`;
  const zero = tape.constant(-0);
  const n = last.places.length;
  if (last.scalar) {
    tape.add(last.places[0]!, zero);
    return { label: label(""), count: fitted.length, f: computed as Loss, tape, whole: null };
  }
  if (weights % 3 === 0 || n === 0) {
    tape.sum([...last.places, zero]);
    return {
      label: label(" → sum"),
      count: fitted.length,
      f: (x) => sum(computed(x)) as Tensor<[]>,
      tape,
      whole: null,
    };
  }
  if (weights % 3 === 1) {
    const row = weights % n;
    tape.add(last.places[row]!, zero);
    const f: Loss = (x) => reshape(slice(computed(x), [row], [row + 1]), []);
    return { label: label(` → entry ${row}`), count: fitted.length, f, tape, whole: { f: computed, row } };
  }
  const given = numbersOf(weights, n);
  const factors = tensor(given, { dtype: type });
  tape.sum([...last.places.map((place, k) => tape.weigh(place, given[k]!)), zero]);
  return {
    label: label(` → · [${given.map(shown).join()}]`),
    count: fitted.length,
    f: (x) => sum(mul(computed(x), factors)) as Tensor<[]>,
    tape,
    whole: null,
  };
};

/** The argument as a tensor. */
export const argumentOf = ({ type, scalar, point }: Composition): Tensor => {
  const list = tensor([...point], { dtype: type }) as Tensor;
  return scalar ? (reshape(list, []) as Tensor) : list;
};
