/** Rows of the ops that pick by index, change the type, or hold a value constant. */

import {
  ArgumentError,
  DTypeError,
  IndexRangeError,
  NonFiniteError,
  ShapeError,
  tensor,
  zeros,
  type DType,
  type Tensor,
} from "../../../src/index.ts";
import * as np from "../../oracles/arrays.ts";
import { row, type Row, type Sample, type Shape } from "../spec.ts";
import { constant, every, grid, impostorErrors, numeric, real, shapes, specials, variable } from "./common.ts";

type Positions = number | readonly Positions[];
type Picked = readonly [indices: Positions | Tensor, axis?: number];

const matrix = tensor([
  [1, 2, 3],
  [4, 5, 6],
]);

function indexArray(indices: Positions | Tensor): np.NDArray {
  const nested = typeof indices === "object" && "dtype" in indices ? indices.toArray() : indices;
  return np.fromNested(nested as np.Nested);
}

const whole = (positions: readonly number[]): Tensor => tensor([...positions], { dtype: "int32" }) as Tensor;

const picks: readonly (readonly [Shape, ...Picked])[] = [
  [[3], [0, 2]],
  [[3], 1],
  [[1], [0, 0, 0]],
  [[3], [2, 2, 0, 2]],
  [[2, 3], [1]],
  [[2, 3], [2, 0], 1],
  [[2, 3], [2, 0, 2], -1],
  [[2, 3], 1, 1],
  [
    [2, 3],
    [
      [0, 1],
      [1, 1],
    ],
  ],
  [[2, 1, 3], [[2], [0]], 2],
  [[3], []],
  [[0], []],
  [
    [2, 0],
    [0, 0],
  ],
  [[2, 3], whole([1, 0])],
  [[2, 3], whole([0, 2]), 1],
];

/** The shape of what is picked. */
const pickedShape = (shape: Shape, indices: Positions | Tensor, axis = 0): Shape => {
  const along = axis < 0 ? axis + shape.length : axis;
  return [...shape.slice(0, along), ...indexArray(indices).shape, ...shape.slice(along + 1)];
};

const indexErrors = (...rest: readonly unknown[]): Row["errors"] => [
  { args: [matrix, [2], ...rest], error: IndexRangeError, says: "index 2 at position 0" },
  { args: [matrix, [0, -1], ...rest], error: IndexRangeError, says: "index -1 at position 1" },
  { args: [matrix, [0.5], ...rest], error: IndexRangeError, says: "index 0.5" },
  { args: [matrix, [NaN], ...rest], error: IndexRangeError, says: "index NaN" },
  { args: [matrix, tensor([0, 1]), ...rest], error: DTypeError, says: "the indices are float64" },
  { args: [matrix, tensor([true, false]), ...rest], error: DTypeError, says: "the indices are bool" },
  { args: [matrix, null, ...rest], error: ArgumentError, says: "no indices" },
  { args: [matrix, "0", ...rest], error: ArgumentError, says: "not a number", op: "tensor" },
];

export const selection: readonly Row[] = [
  row<Picked>({
    name: "gather",
    operands: [variable(grid)],
    dtypes: every,
    nearness: "exact",
    order: 2,
    degree: 1,
    reference: ([a], [indices, axis]) => np.gather(a!, indexArray(indices), axis),
    samples: picks.map(([shape, ...params]) => ({ shapes: [shape], params })),
    errors: [
      ...impostorErrors([matrix, [0]], [0]),
      ...indexErrors(),
      { args: [matrix, [0], 2], error: IndexRangeError, says: "axis 2" },
      { args: [tensor(1), [0]], error: IndexRangeError, says: "a scalar has no axes" },
      { args: [zeros([0]), [0]], error: IndexRangeError, says: "the axis is empty" },
    ],
  }),
  row<Picked>({
    name: "scatterAdd",
    operands: [variable(grid)],
    dtypes: numeric,
    nearness: "exact",
    order: 2,
    degree: 1,
    arguments: ([x, updates], [indices, axis]) => [x, indices, updates, ...(axis === undefined ? [] : [axis])],
    reference: ([x, updates], [indices, axis]) =>
      np.elementwise((a, b) => a + b, x!, np.scatterAdd(x!.shape, indexArray(indices), updates!, axis)),
    samples: [
      ...picks.map(([shape, ...params]): Sample<Picked> => ({
        shapes: [shape, pickedShape(shape, ...params)],
        params,
      })),
      {
        shapes: [
          [2, 3],
          [2, 3],
        ],
        params: [[1, 1]],
        repeat: true,
      },
    ],
    errors: [
      ...impostorErrors([matrix, [0], zeros([1, 3])], [0, 2]),
      ...indexErrors(zeros([1, 3])),
      { args: [matrix, [0], zeros([3])], error: ShapeError, says: "[1, 3] is picked from [2, 3]" },
      { args: [matrix, [0], zeros([1, 3], { dtype: "float32" })], error: DTypeError, says: "cast" },
      { args: [matrix, [0], zeros([1, 3]), 2], error: IndexRangeError, says: "axis 2" },
    ],
    planted: [{ args: [tensor([1e308]), tensor([1e308])], params: [[0]], op: "add" }],
  }),
  row<readonly [to: DType]>({
    name: "cast",
    operands: [variable(grid)],
    dtypes: every,
    nearness: "exact",
    order: 2,
    degree: 1,
    resultDType: (_, [to]) => to,
    reference: ([a], [to]) =>
      np.elementwise(
        (x) =>
          to === "float32" ? Math.fround(x) : to === "int32" ? Math.trunc(x) : to === "bool" ? (x === 0 ? 0 : 1) : x,
        a!,
      ),
    samples: [
      ...(["float64", "float32"] as const).flatMap((to) =>
        shapes.map((shape): Sample<readonly [DType]> => ({ shapes: [shape], params: [to] })),
      ),
      ...(["int32", "bool"] as const).flatMap((to) =>
        [[], [0], [3], [2, 3]].map((shape): Sample<readonly [DType]> => ({
          shapes: [shape],
          params: [to],
          valueOnly: true,
        })),
      ),
      { shapes: [[specials.length]], params: ["float32"], data: [specials], valueOnly: true },
      { shapes: [[specials.length]], params: ["bool"], data: [specials], valueOnly: true },
      {
        shapes: [[4]],
        params: ["int32"],
        data: [[1.9, -1.9, 2147483647.5, -2147483648.5].map((x) => x / 4)],
        valueOnly: true,
      },
    ],
    errors: [
      ...impostorErrors([matrix, "float32"], [0]),
      { args: [matrix, "float16"], error: DTypeError, says: "unknown dtype float16" },
      { args: [matrix, undefined], error: DTypeError, says: "unknown dtype undefined" },
      { args: [tensor([NaN]), "int32"], error: NonFiniteError, says: "NaN at entry 0" },
      { args: [tensor([1, Infinity]), "int32"], error: NonFiniteError, says: "Infinity at entry 1" },
      { args: [tensor([2 ** 31]), "int32"], error: NonFiniteError, says: "2147483648" },
    ],
    planted: [{ args: [1e300], params: ["float32"] }],
  }),
  row<[]>({
    name: "stopGradient",
    operands: [constant(real)],
    dtypes: every,
    nearness: "exact",
    order: 1,
    reference: ([a]) => a!,
    samples: shapes.map((shape) => ({ shapes: [shape], params: [] })),
    errors: impostorErrors([matrix], [0]),
  }),
];
