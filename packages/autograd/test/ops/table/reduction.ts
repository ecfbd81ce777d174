/** Rows of the reductions, over every set of axes. */

import { ConfigError, IndexRangeError, SizeError, tensor, zeros, type DType } from "../../../src/index.ts";
import * as np from "../../oracles/arrays.ts";
import type { NDArray } from "../../oracles/arrays.ts";
import {
  row,
  type Operand,
  type Planted,
  type Refusal,
  type Row,
  type RowSpec,
  type Sample,
  type Settled,
  type Shape,
} from "../spec.ts";
import { awayFromZero, every, floats, grid, impostorErrors, numeric, real, variable } from "./common.ts";

type Axis = number | readonly number[] | undefined;
interface Options {
  readonly keepDims?: boolean;
  readonly ddof?: number;
  readonly order?: number;
}
type Params = readonly [axis?: Axis, options?: Options];

/** Every set of axes, named from the front or from the end, alone or as a list, in order or not. */
function axesOf(rank: number): Axis[] {
  const sets = Array.from({ length: 2 ** rank }, (_, bits) =>
    Array.from({ length: rank }, (_, axis) => axis).filter((axis) => (bits >> axis) & 1),
  );
  const named = sets.map((axes, k): Axis =>
    k % 3 === 1 ? axes.map((axis) => axis - rank) : k % 3 === 2 ? [...axes].reverse() : axes,
  );
  const single = rank > 0 ? [0, -1] : [];
  return [undefined, ...single, ...named];
}

/** Every set of axes of each shape, with and without the axes kept. */
function reductions(shapes: readonly Shape[]): Sample<Params>[] {
  return shapes.flatMap((shape) =>
    axesOf(shape.length).flatMap((axis, k): Sample<Params>[] => [
      { shapes: [shape], params: k === 0 ? [] : [axis] },
      { shapes: [shape], params: [axis, { keepDims: true }] },
    ]),
  );
}

const full: readonly Shape[] = [[], [1], [3], [2, 3], [2, 1, 3]];
const withEmpty: readonly Shape[] = [...full, [0], [2, 0]];

const matrix = tensor([
  [1, 2],
  [3, 4],
]);
const axisErrors: readonly Refusal[] = [
  { args: [matrix, 2], error: IndexRangeError, says: "axis 2 does not exist" },
  { args: [matrix, -3], error: IndexRangeError, says: "axis -3 does not exist" },
  { args: [matrix, 0.5], error: IndexRangeError, says: "axis 0.5" },
  { args: [matrix, NaN], error: IndexRangeError, says: "axis NaN" },
  { args: [matrix, [0, 0]], error: IndexRangeError, says: "repeat an axis" },
  { args: [matrix, [0, -2]], error: IndexRangeError, says: "repeat an axis" },
  { args: [matrix, "0"], error: IndexRangeError, says: 'axis "0"' },
  { args: [matrix, null], error: IndexRangeError, says: "axis null" },
  { args: [tensor(1), 0], error: IndexRangeError, says: "a scalar has no axes" },
];

interface Spec {
  readonly name: string;
  readonly method?: string;
  readonly of: (a: NDArray, options: { axes?: number | readonly number[]; keepDims: boolean } & Options) => NDArray;
  readonly operand?: Operand;
  readonly dtypes?: readonly DType[];
  readonly shapes?: readonly Shape[];
  readonly more?: readonly Sample<Params>[];
  readonly errors?: readonly Refusal[];
  readonly planted?: readonly Planted[];
  readonly settled?: readonly Settled[];
  readonly nearness?: "exact" | "terms";
  readonly degree?: 1;
  readonly resultDType?: (dtype: DType) => DType;
  readonly errorName?: string;
}

function reductionRow(spec: Spec): Row {
  const {
    of,
    operand = variable(real),
    dtypes = floats,
    shapes = withEmpty,
    more = [],
    errors = [],
    nearness = "terms",
    errorName,
    ...rest
  } = spec;
  const named = (refusal: Refusal): Refusal => (errorName === undefined ? refusal : { ...refusal, op: errorName });
  const stated: RowSpec<Params> = {
    ...rest,
    operands: [operand],
    dtypes,
    nearness,
    order: 2,
    reference: ([a], [axis, options]) =>
      of(a!, { ...options, ...(axis === undefined ? {} : { axes: axis }), keepDims: options?.keepDims ?? false }),
    samples: [...reductions(shapes), ...more],
    errors: [...impostorErrors([matrix], [0]), ...axisErrors, ...errors].map(named),
  };
  return row(stated);
}

const emptyErrors: readonly Refusal[] = [
  { args: [zeros([0])], error: SizeError, says: "empty axis of [0]" },
  { args: [zeros([2, 0]), 1], error: SizeError, says: "empty axis of [2, 0]" },
];

const sized = (numbers: readonly number[]): Sample<Params> => ({
  shapes: [[numbers.length]],
  params: [],
  data: [numbers],
  valueOnly: true,
});
const extremes = [
  sized([NaN, 1]),
  sized([1, NaN, 2]),
  sized([-Infinity, 3]),
  sized([-Infinity, -Infinity]),
  sized([Infinity, 1]),
  sized([2, 2, 1]),
];
/** Enough terms for the sums by halves, of numbers whose sums are exact. */
const long: readonly Sample<Params>[] = [
  { shapes: [[200]], params: [], valueOnly: true },
  { shapes: [[150, 3]], params: [0], valueOnly: true },
  { shapes: [[3, 131]], params: [1], valueOnly: true },
];
const absolute = (a: NDArray): NDArray => np.elementwise(Math.abs, a);
/** Reduces along the last axis where nothing is said, and keeps the shape. */
const along = (shapes: readonly Shape[]): Sample<readonly [axis?: Axis]>[] =>
  shapes.flatMap((shape) =>
    axesOf(shape.length).map((axis) => ({ shapes: [shape], params: axis === undefined ? [] : [axis] })),
  );

function sharesRow(
  name: string,
  of: (a: NDArray, axes: number | readonly number[]) => NDArray,
  extreme: readonly (readonly number[])[],
): Row {
  return row<readonly [axis?: Axis]>({
    name,
    operands: [variable(real)],
    dtypes: floats,
    nearness: "terms",
    order: 2,
    reference: ([a], [axis]) => of(a!, axis ?? -1),
    samples: [
      ...along([[1], [3], [2, 3], [2, 1, 3], [0], [2, 0]]),
      ...extreme.map((numbers): Sample<readonly [axis?: Axis]> => ({
        shapes: [[numbers.length]],
        params: [],
        data: [numbers],
        valueOnly: true,
      })),
    ],
    errors: [...impostorErrors([matrix], [0]), ...axisErrors],
  });
}

export const reduction: readonly Row[] = [
  reductionRow({
    name: "sum",
    of: np.sum,
    operand: variable(grid),
    more: long,
    dtypes: every,
    degree: 1,
    resultDType: (dtype) => (dtype === "bool" ? "int32" : dtype),
    planted: [{ args: [tensor([1e308, 1e308])] }],
  }),
  reductionRow({
    name: "mean",
    of: np.mean,
    operand: variable(grid),
    more: [...long, sized([Infinity, 1])],
    degree: 1,
    planted: [{ args: [tensor([1e308, 1e308])] }, { args: [zeros([0])] }],
  }),
  reductionRow({
    name: "prod",
    of: np.prod,
    dtypes: numeric,
    planted: [{ args: [tensor([1e308, 10])], op: "mul" }],
    more: [sized([0, 2, 3]), sized([0, 0, 3]), sized([2, 3, 4, 5, 6, 7, 8]), sized([Infinity, 0, 2]), sized([NaN, 0])],
    settled: [
      { at: [[0, 2, 3]], gradient: [[6, 0, 0]] },
      { at: [[0, 0, 3]], gradient: [[0, 0, 0]] },
    ],
  }),
  reductionRow({
    name: "max",
    of: np.max,
    dtypes: every,
    shapes: full,
    nearness: "exact",
    errors: emptyErrors,
    more: [...extremes, { shapes: [[2, 0, 3]], params: [0] }],
    settled: [
      { at: [[2, 1, 2]], gradient: [[0.5, 0, 0.5]] },
      { at: [[1, NaN, 2]], gradient: [[0, 1, 0]] },
    ],
  }),
  reductionRow({
    name: "min",
    of: np.min,
    dtypes: every,
    shapes: full,
    nearness: "exact",
    errors: emptyErrors,
    more: [...extremes, { shapes: [[2, 0, 3]], params: [-1] }],
    settled: [
      { at: [[1, 2, 1]], gradient: [[0.5, 0, 0.5]] },
      { at: [[1, NaN, 2]], gradient: [[0, 1, 0]] },
    ],
  }),
  reductionRow({
    name: "logSumExp",
    of: np.logSumExp,
    more: [...extremes, sized([1000, 1000]), sized([-1000, -1001])],
    settled: [
      { at: [[-Infinity, -Infinity]], gradient: [[0, 0]] },
      { at: [[1e5, 1e5]], gradient: [[0.5, 0.5]] },
      { at: [[-Infinity, 3]], gradient: [[0, 1]] },
    ],
  }),
  reductionRow({
    name: "variance",
    method: "var",
    of: np.variance,
    errorName: "var",
    errors: [-1, NaN].map((ddof) => ({ args: [matrix, 0, { ddof }], error: ConfigError, says: `ddof is ${ddof}` })),
    planted: [{ args: [tensor([1e200, -1e200])], op: "mul" }],
    more: [
      { shapes: [[3]], params: [0, { ddof: 1 }] },
      { shapes: [[2, 3]], params: [undefined, { ddof: 1, keepDims: true }] },
      { shapes: [[2, 3]], params: [1, { ddof: 2.5 }] },
      { shapes: [[1]], params: [0, { ddof: 1 }], valueOnly: true },
      sized([Infinity, 1]),
    ],
  }),
  reductionRow({
    name: "norm",
    operand: variable(awayFromZero),
    of: (a, { order = 2, ...options }) =>
      order === 2 ? np.norm(a, options) : order === 1 ? np.sum(absolute(a), options) : np.max(absolute(a), options),
    errors: [3, 0, -1, NaN].map((order) => ({
      args: [matrix, 0, { order }],
      error: ConfigError,
      says: `order is ${order}`,
    })),
    planted: [{ args: [tensor([1.5e308, 1.5e308])] }],
    settled: [
      { at: [[0, 0]], gradient: [[0, 0]] },
      { at: [[0, 3]], gradient: [[0, 1]] },
      { at: [[0, 3]], gradient: [[0, 1]], params: [0, { order: 1 }] },
      { at: [[-3, 3]], gradient: [[-0.5, 0.5]], params: [0, { order: Infinity }] },
      { at: [[0, 0]], gradient: [[0, 0]], params: [0, { order: Infinity }] },
    ],
    more: [
      ...[1, 2, Infinity].flatMap((order): Sample<Params>[] => [
        { shapes: [[]], params: [undefined, { order }] },
        { shapes: [[2, 3]], params: [undefined, { order }] },
        { shapes: [[2, 1, 3]], params: [[0, 2], { order, keepDims: true }] },
      ]),
      { shapes: [[0]], params: [0, { order: 1 }] },
      ...[
        [0, 0],
        [3e200, 4e200],
        [3e-200, 4e-200],
        [3e-320, 4e-320],
        [Infinity, 1],
        [-Infinity, NaN],
        [NaN, 1],
        [1.6e308, 1e300],
      ].map(sized),
    ],
  }),
  sharesRow("softmax", np.softmax, [
    [1000, 1000],
    [0, 1000],
    [-1000, -1000],
    [-Infinity, 1],
    [Infinity, 1],
    [NaN, 1],
    [-Infinity, -Infinity],
  ]),
  sharesRow("logSoftmax", np.logSoftmax, [
    [0, 1000],
    [-Infinity, 1],
    [NaN, 1],
  ]),
];
