/** The words that relations are told in: functions of the named arrays, their products, sums and means. */

import { countOf, indexOf, positionOf, sameShape } from "../bounds/numbers.ts";
import { distinct, endsRaised, factorText, transposedText, type Piece } from "./piece.ts";

type Unary = readonly [
  text: (x: string, bare: string) => string,
  cost: number,
  closed: boolean,
  value: (x: number) => number,
];

const sigma = (x: number): number => 1 / (1 + Math.exp(-x));

/** x² of a name that ends in an index goes into brackets. */
const power = (x: string, exponent: string): string => `${endsRaised(x) ? `(${x})` : x}${exponent}`;

/** Holds what is done to anything, made up or not. */
const powers: readonly Unary[] = [
  [(x) => power(x, "²"), 1, true, (x) => x * x],
  [(x) => `1/${x}`, 1, true, (x) => 1 / x],
  [(x) => `1/${power(x, "²")}`, 1.5, true, (x) => 1 / (x * x)],
  [(x) => `√${x}`, 1, true, Math.sqrt],
  [(x) => `1/√${x}`, 1.5, true, (x) => 1 / Math.sqrt(x)],
];

const squashed: readonly Unary[] = [
  [(_, x) => `σ(${x})`, 1, true, sigma],
  [(_, x) => `σ(−${x})`, 1.25, true, (x) => sigma(-x)],
  [(_, x) => `σ′(${x})`, 1.25, true, (x) => sigma(x) * sigma(-x)],
  [(_, x) => `exp(${x})`, 1, true, Math.exp],
];

/** Holds what is done to an output. */
const ofOutputs: readonly Unary[] = [
  ...powers,
  [(_, x) => `exp(${x})`, 1, true, Math.exp],
  [(x) => `1 − ${x}`, 1, false, (x) => 1 - x],
  [(x) => `1 − ${power(x, "²")}`, 1.25, false, (x) => 1 - x * x],
  [(x) => `1 + ${x}`, 1.25, false, (x) => 1 + x],
  [(_, x) => `[${x} > 0]`, 0.75, true, (x) => (x > 0 ? 1 : 0)],
];

/** Holds what is done to an input. */
const functions: readonly Unary[] = [
  ...powers,
  ...squashed,
  [(x) => power(x, "³"), 1.5, true, (x) => x ** 3],
  [(_, x) => `exp(−${x})`, 1.25, true, (x) => Math.exp(-x)],
  [(_, x) => `ln ${x}`, 1, true, Math.log],
  [(_, x) => `ln |${x}|`, 1, true, (x) => Math.log(Math.abs(x))],
  [(_, x) => `|${x}|`, 1, true, Math.abs],
  [(x) => `sign ${x}`, 1, true, Math.sign],
  [(x) => `1 − ${x}`, 1, false, (x) => 1 - x],
  [(x) => `1 + ${x}`, 1.25, false, (x) => 1 + x],
  [(_, x) => `1 + |${x}|`, 1.25, false, (x) => 1 + Math.abs(x)],
  [(x) => `1 − ${power(x, "²")}`, 1.25, false, (x) => 1 - x * x],
  [(x) => `1 + ${power(x, "²")}`, 1.5, false, (x) => 1 + x * x],
  [(_, x) => `1/(1 + |${x}|)`, 1.5, true, (x) => 1 / (1 + Math.abs(x))],
  [(x) => `1/(1 + ${x}²)`, 1.5, true, (x) => 1 / (1 + x * x)],
  [(x) => `1/√(1 + ${x}²)`, 1.5, true, (x) => 1 / Math.sqrt(1 + x * x)],
  [(_, x) => `tanh ${x}`, 1, true, Math.tanh],
  [(_, x) => `1 − tanh ${x}`, 1.5, false, (x) => 1 - Math.tanh(x)],
  [(_, x) => `1 − tanh² ${x}`, 1.25, false, (x) => 1 - Math.tanh(x) ** 2],
  [(_, x) => `tanh ${x} (1 − tanh ${x})`, 1.75, true, (x) => Math.tanh(x) * (1 - Math.tanh(x))],
  [(_, x) => `cos ${x}`, 1, true, Math.cos],
  [(_, x) => `sin ${x}`, 1, true, Math.sin],
  [(_, x) => `[${x} > 0]`, 0.75, true, (x) => (x > 0 ? 1 : 0)],
];

const applied = (piece: Piece, table: readonly Unary[]): Piece[] =>
  table.map(([text, cost, closed, value]): Piece => ({
    ...piece,
    text: text(factorText(piece), piece.text),
    cost: piece.cost + cost,
    closed,
    values: piece.values.map((numbers) => numbers.map(value)),
  }));

/** A matrix as it is used in a product; a vector is a column. */
interface Operand {
  readonly piece: Piece;
  readonly rows: number;
  readonly cols: number;
  readonly turned: boolean;
}

function operands(piece: Piece): Operand[] {
  const { shape } = piece;
  if (shape.length === 1)
    return [
      { piece, rows: shape[0]!, cols: 1, turned: false },
      { piece, rows: 1, cols: shape[0]!, turned: true },
    ];
  if (shape.length !== 2) return [];
  return [
    { piece, rows: shape[0]!, cols: shape[1]!, turned: false },
    { piece, rows: shape[1]!, cols: shape[0]!, turned: true },
  ];
}

function multiplied(a: Operand, b: Operand, probe: number): Float64Array {
  const [left, right] = [a.piece.values[probe]!, b.piece.values[probe]!];
  const out = new Float64Array(a.rows * b.cols);
  for (let i = 0; i < a.rows; i++) {
    for (let k = 0; k < a.cols; k++) {
      const x = left[a.turned ? k * a.rows + i : i * a.cols + k]!;
      for (let j = 0; j < b.cols; j++) out[i * b.cols + j]! += x * right[b.turned ? j * b.rows + k : k * b.cols + j]!;
    }
  }
  return out;
}

const operandText = ({ piece, turned }: Operand): string =>
  turned && piece.shape.length === 2 ? transposedText(piece) : factorText(piece);

/** Every product of two arrays that sums over an axis: `A x`, `Aᵀ x`, `a·b`, `g Wᵀ`. */
function products(pieces: readonly Piece[]): Piece[] {
  const all = pieces.flatMap(operands);
  return all.flatMap((a) =>
    all.flatMap((b): Piece[] => {
      if (a.cols !== b.rows || a.cols < 2 || (a.piece.upstream && b.piece.upstream)) return [];
      const dot = a.rows === 1 && b.cols === 1;
      const shape = [...(a.piece.shape.length === 2 || b.piece.shape.length === 2 ? [a.rows, b.cols] : [])].filter(
        (size) => size > 1,
      );
      return [
        {
          text: dot ? `${factorText(a.piece)}·${factorText(b.piece)}` : `${operandText(a)} ${operandText(b)}`,
          cost: 1 + (a.turned && !dot ? 0.1 : 0) + (b.turned ? 0.1 : 0),
          shape,
          closed: dot,
          made: true,
          upstream: a.piece.upstream || b.piece.upstream,
          values: a.piece.values.map((_, probe) => multiplied(a, b, probe)),
        },
      ];
    }),
  );
}

/** Sums and means along one axis, and over everything. */
function reductions(piece: Piece): Piece[] {
  const { shape } = piece;
  return [null, ...shape.keys()].flatMap((axis): Piece[] => {
    const size = axis === null ? countOf(shape) : shape[axis]!;
    if (size < 2 || (axis === null && shape.filter((one) => one > 1).length < 2)) return [];
    const rest = axis === null ? [] : shape.filter((_, k) => k !== axis);
    const places = Array.from({ length: countOf(shape) }, (_, i) =>
      axis === null
        ? 0
        : indexOf(
            positionOf(i, shape).filter((__, k) => k !== axis),
            rest,
          ),
    );
    const values = piece.values.map((numbers) => {
      const out = new Float64Array(countOf(rest));
      numbers.forEach((x, i) => (out[places[i]!]! += x));
      return out;
    });
    // Kept with its axis, so that it lies where it came from.
    const kept = axis === null ? [] : shape.map((one, k) => (k === axis ? 1 : one));
    const along =
      axis === null
        ? ""
        : (piece.axes?.[axis] ?? (shape.filter((one) => one > 1).length < 2 ? "" : ("₀₁₂₃₄"[axis] ?? "")));
    const made = { ...piece, shape: kept, closed: true };
    return [
      { ...made, text: `Σ${along} ${factorText(piece)}`, cost: piece.cost + 1, values },
      {
        ...made,
        text: `mean${along}(${piece.text})`,
        cost: piece.cost + 1,
        values: values.map((numbers) => numbers.map((x) => x / size)),
      },
    ];
  });
}

/** Products entry by entry of arrays of one shape. */
const entrywise = (pieces: readonly Piece[], times: string): Piece[] =>
  pieces.flatMap((a, k) =>
    pieces.slice(k).flatMap((b): Piece[] => {
      if (!sameShape(a.shape, b.shape) || a.shape.length === 0 || (a.upstream && b.upstream)) return [];
      return [
        {
          text: a === b ? power(factorText(a), "²") : `${factorText(a)}${times}${factorText(b)}`,
          cost: 0.5,
          shape: a.shape,
          closed: a === b,
          made: true,
          upstream: a.upstream || b.upstream,
          values: a.values.map((numbers, p) => numbers.map((x, i) => x * b.values[p]![i]!)),
        },
      ];
    }),
  );

/** Holds what a gradient may be made of. */
interface Vocabulary {
  /** Without the upstream gradient. */
  readonly plain: readonly Piece[];
  /** With it. */
  readonly upstream: readonly Piece[];
}

/** The words made of named arrays. */
export function vocabularyOf(arrays: readonly Piece[], times: string): Vocabulary {
  const contracted = products(arrays);
  const plain = (pieces: readonly Piece[]): Piece[] => pieces.filter(({ upstream }) => !upstream);
  const sums = [...arrays, ...entrywise(arrays, times)].flatMap(reductions);
  const all = distinct([
    ...arrays,
    ...contracted,
    ...sums,
    ...plain(arrays).flatMap((piece) => applied(piece, piece.made ? ofOutputs : functions)),
    ...plain(contracted).flatMap((piece) => applied(piece, [...powers, ...squashed])),
    ...plain(sums).flatMap((piece) => applied(piece, powers)),
  ]);
  return { plain: plain(all), upstream: all.filter(({ upstream }) => upstream) };
}
