/** What many rows share: domains, shapes, pairs that broadcast, operands that are no tensors. */

import { ArgumentError, DTypeError, ShapeError, tensor, type DType } from "../../../src/index.ts";
import { elementwise as apply, type NDArray } from "../../oracles/arrays.ts";
import type { Complex } from "../../oracles/complex.ts";
import {
  row,
  type Domain,
  type Nearness,
  type Operand,
  type Planted,
  type Refusal,
  type Row,
  type Sample,
  type Settled,
  type Shape,
} from "../spec.ts";

export const floats: readonly DType[] = ["float64", "float32"];
export const numeric: readonly DType[] = ["float64", "float32", "int32"];
export const every: readonly DType[] = ["float64", "float32", "int32", "bool"];

export const real: Domain = { low: -2, high: 2 };
export const positive: Domain = { low: 0.25, high: 2.5 };
/** Of either sign and away from 0, no two of one magnitude. */
export const awayFromZero: Domain = { low: 0.25, high: 2.5, signed: true };
export const grid: Domain = { low: -2, high: 2, grid: true };

export const variable = (domain: Domain): Operand => ({ domain, differentiable: true });
export const constant = (domain: Domain, dtype?: DType): Operand => ({
  domain,
  differentiable: false,
  ...(dtype === undefined ? {} : { dtype }),
});

export const shapes: readonly Shape[] = [[], [0], [1], [3], [2, 3], [2, 1, 3], [2, 0, 3]];

/** Each shape with no further arguments. */
export const unarySamples: readonly Sample<[]>[] = shapes.map((shape) => ({ shapes: [shape], params: [] }));

const pairs: readonly (readonly [Shape | "number", Shape | "number"])[] = [
  [[], []],
  [[0], [1]],
  [[1], [1]],
  [[3], [3]],
  [
    [2, 3],
    [2, 3],
  ],
  [[3], [2, 3]],
  [[2, 3], [3]],
  [
    [2, 1],
    [1, 3],
  ],
  [[], [2, 3]],
  [[2, 3], []],
  [
    [2, 1, 3],
    [2, 1],
  ],
  [[2, 0, 3], [3]],
  [[2, 3], "number"],
  ["number", [3]],
  [[], "number"],
];

/** Pairs of shapes that broadcast, and one tensor in both places. */
export const binarySamples: readonly Sample<[]>[] = [
  ...pairs.map((pair) => ({ shapes: pair, params: [] as [] })),
  { shapes: [[3], [3]], params: [], repeat: true },
  { shapes: [[], []], params: [], repeat: true },
];

/** Numbers at which functions are special. */
export const specials = [
  0,
  -0,
  1,
  -1,
  0.5,
  -0.5,
  Infinity,
  -Infinity,
  NaN,
  5e-324,
  -1e-310,
  1e200,
  -1e200,
  709.5,
  -745,
  20,
  1e-8,
];

const count = specials.length;

export const unarySpecials: Sample<[]> = { shapes: [[count]], params: [], data: [specials], valueOnly: true };

/** Every special number beside every other. */
export const binarySpecials: Sample<[]> = {
  shapes: [[count * count], [count * count]],
  params: [],
  data: [specials.flatMap((a) => specials.map(() => a)), specials.flatMap(() => specials)],
  valueOnly: true,
};

/** What is neither a tensor nor a number, and how messages call it. */
export const impostors: readonly (readonly [unknown, string])[] = [
  [null, "null"],
  [undefined, "undefined"],
  ["3", "string"],
  [[1, 2], "an array"],
  [Promise.resolve(1), "not a tensor"],
  [{ shape: [1] }, "object"],
  [() => 1, "function"],
];

/** An impostor in each place of a call that is otherwise right. */
export function impostorErrors(right: readonly unknown[], places: readonly number[]): Refusal[] {
  return places.flatMap((place) =>
    impostors.map(([impostor, says]) => ({
      args: right.map((arg, at) => (at === place ? impostor : arg)),
      error: ArgumentError,
      says,
    })),
  );
}

/** Two types that do not go together, and two shapes that do not. */
export function pairErrors(rest: readonly unknown[] = []): Refusal[] {
  const [narrow, wide, whole] = [
    tensor([1, 2], { dtype: "float32" }),
    tensor([1, 2]),
    tensor([1, 2], { dtype: "int32" }),
  ];
  return [
    { args: [narrow, wide, ...rest], error: DTypeError, says: "cast" },
    { args: [whole, wide, ...rest], error: DTypeError, says: "int32 and float64" },
    { args: [whole, 0.5, ...rest], error: DTypeError, says: "int32" },
    { args: [tensor([1, 2]), tensor([1, 2, 3]), ...rest], error: ShapeError, says: "cannot broadcast [2] with [3]" },
    {
      args: [tensor([[1, 2]]), tensor([[1], [2], [3]]), ...rest].map((x, k) =>
        k === 0
          ? tensor([
              [1, 2],
              [3, 4],
            ])
          : x,
      ),
      error: ShapeError,
      says: "[2, 2] with [3, 1]",
    },
  ];
}

/** What an entry-wise row states. */
interface EntryWise {
  readonly name: string;
  readonly value: (...x: number[]) => number;
  readonly complex?: (...z: Complex[]) => Complex;
  readonly dtypes?: readonly DType[];
  readonly nearness?: Nearness;
  readonly order?: 0 | 1 | 2;
  readonly degree?: 1 | 2;
  readonly result?: "bool";
  readonly planted?: readonly Planted[];
  readonly settled?: readonly Settled[];
}

function entryWise(
  spec: EntryWise,
  operands: readonly Operand[],
  samples: readonly Sample<[]>[],
  errors: readonly Refusal[],
): Row {
  const { value, result, dtypes = floats, nearness = "exact", order = 2, ...rest } = spec;
  return row<[]>({
    ...rest,
    operands,
    dtypes,
    nearness,
    order,
    samples,
    errors,
    reference: (arrays: readonly NDArray[]) => apply(value, ...arrays),
    resultDType: (dtype) => (result === "bool" ? "bool" : dtype),
  });
}

/** A row for y = f(x). */
export function unaryRow(spec: EntryWise & { readonly operand: Operand }): Row {
  const { operand, ...rest } = spec;
  return entryWise(rest, [operand], [...unarySamples, unarySpecials], impostorErrors([1], [0]));
}

/** A row for y = f(a, b). */
export function binaryRow(spec: EntryWise & { readonly left: Operand; readonly right: Operand }): Row {
  const { left, right, ...rest } = spec;
  return entryWise(
    rest,
    [left, right],
    [...binarySamples, binarySpecials],
    [...impostorErrors([tensor([1, 2]), 1], [0, 1]), ...pairErrors()],
  );
}
