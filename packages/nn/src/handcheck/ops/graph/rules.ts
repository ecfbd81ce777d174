/**
 * Rules that need no family: functions of one number, products with another named value, sums over broadcast axes,
 * means subtracted.
 */

import { graphs } from "../../../locales/graphs.ts";
import { kernelSlips } from "../../../locales/kernel-slips.ts";
import { relations } from "../../../locales/relations.ts";
import type { Words } from "../../../locales/words.ts";
import { largest, map, sameShape, transposed, type Numbers } from "../../bounds/numbers.ts";
import type { Kind } from "../../report.ts";
import { broadcast, gathered, scaledBy, spread } from "./broadcast.ts";
import { agrees, multiple, type Guess, type Path } from "./path.ts";

type Entry = readonly [id: string, kind: Kind, yours: string, says: Words, f: (x: number, y: number) => number];

interface Elementwise {
  readonly rule: string;
  readonly value: (x: number) => number;
  readonly slope: (x: number, y: number) => number;
  readonly wrong: readonly Entry[];
}

const squareForgotten: Entry = ["B9", "missing", "g (1 − y)", graphs.squareForgotten, (_, y) => 1 - y];

const functions: readonly Elementwise[] = [
  {
    rule: "g (1 − y²)",
    value: Math.tanh,
    slope: (_, y) => 1 - y * y,
    wrong: [
      squareForgotten,
      ["B9", "other", "g (1 − x²)", graphs.tanhBefore, (x) => 1 - x * x],
      ["B11", "other", "g y (1 − y)", graphs.sigmoidForTanh, (_, y) => y * (1 - y)],
    ],
  },
  {
    rule: "g y (1 − y)",
    value: (x) => 1 / (1 + Math.exp(-x)),
    slope: (_, y) => y * (1 - y),
    wrong: [
      ["B9", "missing", "g (1 − y)", graphs.factorOfSigmoid, (_, y) => 1 - y],
      ["A9", "other", "g x (1 − x)", graphs.sigmoidBefore, (x) => x * (1 - x)],
      ["B11", "other", "g (1 − y²)", graphs.tanhForSigmoid, (_, y) => 1 - y * y],
    ],
  },
  { rule: "g y", value: Math.exp, slope: (_, y) => y, wrong: [] },
  {
    rule: "g/x",
    value: Math.log,
    slope: (x) => 1 / x,
    wrong: [["B9", "other", "g x", graphs.timesForDivided, (x) => x]],
  },
  {
    rule: "g/(2 y)",
    value: Math.sqrt,
    slope: (_, y) => 0.5 / y,
    wrong: [["B9", "constant", "g/y", graphs.halfOfRoot, (_, y) => 1 / y]],
  },
  {
    rule: "2 g x",
    value: (x) => x * x,
    slope: (x) => 2 * x,
    wrong: [["B9", "constant", "g x", graphs.twoOfSquare, (x) => x]],
  },
  {
    rule: "−g/x²",
    value: (x) => 1 / x,
    slope: (_, y) => -y * y,
    wrong: [
      ["B9", "missing", "−g/x", graphs.powerForgotten, (_, y) => -y],
      ["B9", "other", "g ln x", graphs.integrated, (x) => Math.log(Math.abs(x))],
    ],
  },
  {
    rule: "g cos x",
    value: Math.sin,
    slope: (x) => Math.cos(x),
    wrong: [["B14", "sign", "−g cos x", kernelSlips.signTurned, (x) => -Math.cos(x)]],
  },
  {
    rule: "−g sin x",
    value: Math.cos,
    slope: (x) => -Math.sin(x),
    wrong: [["B14", "sign", "g sin x", kernelSlips.signTurned, (x) => Math.sin(x)]],
  },
  {
    rule: "g σ(x)",
    value: (x) => Math.log1p(Math.exp(-Math.abs(x))) + Math.max(x, 0),
    slope: (x) => 1 / (1 + Math.exp(-x)),
    wrong: [],
  },
];

/** 1/√(x + ε), with the ε that the values show. */
function inverseRoot({ x, y }: Path): Elementwise | null {
  const eps = y.data[0]! ** -2 - x.data[0]!;
  if (!(eps >= -1e-12)) return null;
  const near = Math.max(0, eps);
  return {
    rule: "−½ g y³",
    value: (v) => (v + near) ** -0.5,
    slope: (_, v) => -0.5 * v ** 3,
    wrong: [
      ["B9", "constant", "−g y³", graphs.halfOfRoot, (_, v) => -(v ** 3)],
      ["B9", "other", "−½ g y", graphs.samePower, (_, v) => -0.5 * v],
      ["B14", "sign", "½ g y³", kernelSlips.signTurned, (_, v) => 0.5 * v ** 3],
      ...(near > 0
        ? [["F6", "missing", "−½ g x^(−3/2)", kernelSlips.epsilonForgotten, (v: number) => -0.5 * v ** -1.5] as const]
        : []),
    ],
  };
}

/** Mistakes that people make with any function of one number. */
const general = ({ value, slope }: Elementwise): readonly Entry[] => [
  ["B1", "missing", "g", graphs.slopeForgotten, () => 1],
  ["B9", "other", "g f(x)", graphs.valueForSlope, (_, y) => y],
  ["A8", "other", "g f′(f(x))", graphs.slopeAfter, (_, y) => slope(y, value(y))],
  ["B10", "extra", "g f′(x)²", graphs.slopeTwice, (x, y) => slope(x, y) ** 2],
];

function elementwise(path: Path): Guess[] {
  const { x, y, g, correct } = path;
  if (!sameShape(x.shape, y.shape)) return [];
  const at = (f: (x: number, y: number) => number): Numbers => map(g, (v, i) => v * f(x.data[i]!, y.data[i]!));
  const root = inverseRoot(path);
  const found = [...functions, ...(root === null ? [] : [root])].find(
    ({ value, slope }) =>
      agrees(
        map(x, (v) => value(v)),
        y,
      ) && agrees(at(slope), correct),
  );
  if (found === undefined) return [];
  const { rule } = found;
  return [...found.wrong, ...general(found)].map(([id, kind, yours, says, f]) => ({
    id,
    kind,
    yours,
    rule,
    says,
    value: at(f),
  }));
}

function product(a: Numbers, b: Numbers): Numbers | null {
  const [n, k] = a.shape as readonly [number, number];
  if (b.shape[0] !== k) return null;
  const m = b.shape[1]!;
  const data = new Float64Array(n * m);
  for (let i = 0; i < n; i++)
    for (let l = 0; l < k; l++) for (let j = 0; j < m; j++) data[i * m + j]! += a.data[i * k + l]! * b.data[l * m + j]!;
  return { shape: [n, m], data };
}

const matrix = ({ shape }: Numbers): boolean => shape.length === 2;

/** A way in which a gradient goes back through a product with A: on which side A stands, and what is transposed. */
interface Way {
  readonly left: boolean;
  readonly a: boolean;
  readonly g: boolean;
}

const ways: readonly Way[] = [false, true].flatMap((g) =>
  [false, true].flatMap((left) => [true, false].map((a): Way => ({ left, a, g }))),
);

const made = ({ left, a, g }: Way, upstream: Numbers, value: Numbers): Numbers | null => {
  const [one, other] = [g ? transposed(upstream) : upstream, a ? transposed(value) : value];
  return left ? product(other, one) : product(one, other);
};

const written = ({ left, a, g }: Way, name: string): string => {
  const [one, other] = [g ? "gᵀ" : "g", a ? `${name}ᵀ` : name];
  return left ? `${other} ${one}` : `${one} ${other}`;
};

const isAttention = ({ data, shape }: Numbers): boolean => {
  const width = shape[1]!;
  return (
    data.every((x) => x >= 0) &&
    Array.from({ length: shape[0]! }, (_, i) =>
      data.subarray(i * width, (i + 1) * width).reduce((sum, x) => sum + x, 0),
    ).every((sum) => Math.abs(sum - 1) < 1e-9)
  );
};

/** Returns what the mistakes of a product are called: in attention, at parameters, elsewhere. */
const namesOf = (attends: boolean, leaf: boolean): { readonly turned: string; readonly other: string } =>
  attends ? { turned: "H3", other: "H3" } : leaf ? { turned: "D1", other: "D2" } : { turned: "B2", other: "B3" };

/** A product with another named value, c A x or c x A, either of them transposed. */
function matrixProduct({ g, x, correct, named, name, leaf }: Path): Guess[] {
  if (!matrix(g) || !matrix(correct)) return [];
  const matrices = Object.entries(named).filter(([other, value]) => other !== name && matrix(value));
  for (const [a, value] of matrices) {
    for (const way of ways) {
      const right = made(way, g, value);
      const c = right === null ? null : multiple(correct, right);
      if (right === null || c === null) continue;
      const root = [x, value]
        .flatMap(({ shape }) => shape)
        .find((size) => size > 1 && Math.abs(c * Math.sqrt(size) - 1) < 1e-9);
      const { turned, other } = namesOf(root !== undefined || isAttention(value), leaf);
      const factor = Math.abs(c - 1) < 1e-9 ? "" : `${shown(c)} `;
      const rule = `${factor}${written(way, a)}`;
      const guess = (id: string, yours: string, says: Words, wrong: Numbers | null, kind: Kind = "other"): Guess[] =>
        wrong !== null && sameShape(wrong.shape, correct.shape)
          ? [{ id, kind, yours, rule, says, value: scaledBy(c, wrong) }]
          : [];
      const [otherA, otherG] = [
        { ...way, a: !way.a },
        { ...way, g: !way.g },
      ];
      return [
        ...(factor === "" ? [] : factorGuesses(c, root, written(way, a), rule, right)),
        ...guess(
          turned,
          `${factor}${written(otherA, a)}`,
          graphs.transposedWrongly({ name: a }),
          made(otherA, g, value),
        ),
        ...guess(turned, `${factor}${written(otherG, a)}`, graphs.upstreamTransposed, made(otherG, g, value)),
        ...guess(turned, `(${rule})ᵀ`, graphs.resultTransposed, transposed(right)),
        ...Object.entries(named)
          .filter(([name_, one]) => name_ !== a && sameShape(one.shape, value.shape))
          .flatMap(([name_, one]) => {
            const says = relations.standsFor({ given: name_, needed: a });
            return guess(other, `${factor}${written(way, name_)}`, says, made(way, g, one));
          }),
        ...(way.left !== way.g
          ? guess("B19", `${rule} of the last row`, graphs.lastRowOnly, made(way, lastRow(g), value), "missing")
          : []),
      ];
    }
  }
  return [];
}

const shown = (x: number): string => String(Number(x.toPrecision(6)));

/** A constant in front of a product, left out or applied twice; 1/√d is that of attention. */
function factorGuesses(c: number, root: number | undefined, text: string, rule: string, right: Numbers): Guess[] {
  const twice = { yours: `${shown(c * c)} ${text}`, rule, value: scaledBy(c * c, right) };
  const bare = { yours: text, rule, value: right };
  if (root !== undefined) {
    return [
      { id: "H1", kind: "constant", says: graphs.scaleForgotten({ size: root }), ...bare },
      { id: "H1", kind: "constant", says: kernelSlips.scaleTwice, ...twice },
    ];
  }
  return [
    { id: "B13", kind: "constant", says: graphs.factorForgotten({ factor: shown(c) }), ...bare },
    { id: "B13", kind: "constant", says: graphs.factorTwice({ factor: shown(c) }), ...twice },
  ];
}

/** The upstream gradient with its last row alone. */
const lastRow = (g: Numbers): Numbers => map(g, (x, i) => (i >= g.data.length - g.shape[1]! ? x : 0));

/** y = x − mean(x) along an axis, the step that batch normalization begins with. */
function centering({ x, y, g, correct }: Path): Guess[] {
  if (!sameShape(x.shape, y.shape)) return [];
  for (const axis of x.shape.keys()) {
    const size = x.shape[axis]!;
    const reduced = x.shape.map((n, k) => (k === axis ? 1 : n));
    const minus = (value: Numbers, share: number): Numbers => {
      const sums = spread(gathered(value, reduced)!, value.shape)!;
      return map(value, (v, i) => v - share * sums.data[i]!);
    };
    if (!agrees(minus(x, 1 / size), y) || !agrees(minus(g, 1 / size), correct)) continue;
    const rule = "g − mean(g)";
    return [
      { id: "F3", kind: "missing", yours: "g", rule, says: kernelSlips.pathThroughMean, value: g },
      { id: "F4", kind: "constant", yours: "g − Σ g", rule, says: graphs.divisorOfMeanMissing, value: minus(g, 1) },
      { id: "F4", kind: "sign", yours: "g + mean(g)", rule, says: graphs.signOfMeanTurned, value: minus(g, -1 / size) },
    ];
  }
  return [];
}

/** The largest along an axis: the gradient goes to it alone. */
function largestOf({ x, y, g, correct }: Path): Guess[] {
  for (const axis of x.shape.keys()) {
    const reduced = x.shape.map((n, k) => (k === axis ? 1 : n));
    if (y.data.length !== reduced.reduce((product_, size) => product_ * size, 1)) continue;
    const [top, upstream] = [
      spread({ data: y.data, shape: reduced }, x.shape)!,
      spread({ data: g.data, shape: reduced }, x.shape)!,
    ];
    const winners = map(upstream, (v, i) => (x.data[i] === top.data[i] ? v : 0));
    if (!agrees(winners, correct)) continue;
    const rule = "g at the largest entry, 0 elsewhere";
    return [
      { id: "G6", kind: "other", yours: "g at every entry", rule, says: graphs.copiedEverywhere, value: upstream },
      {
        id: "G6",
        kind: "other",
        yours: "g/n at every entry",
        rule,
        says: graphs.spreadEverywhere,
        value: scaledBy(1 / x.shape[axis]!, upstream),
      },
    ];
  }
  return [];
}

/** The mistakes of whatever rule the path follows. */
export function ruleGuesses(path: Path): Guess[] {
  if (largest(path.correct.data) === 0) return [];
  for (const rule of [elementwise, centering, matrixProduct, broadcast, largestOf]) {
    const guesses = rule(path);
    if (guesses.length > 0) return guesses;
  }
  return [];
}
