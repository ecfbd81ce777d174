/** Rows of the products that sum over a shared axis. */

import { DTypeError, ShapeError, tensor, zeros } from "../../../src/index.ts";
import * as np from "../../oracles/arrays.ts";
import type { NDArray } from "../../oracles/arrays.ts";
import { row, type Row, type Sample, type Shape } from "../spec.ts";
import { floats, grid, impostorErrors, variable } from "./common.ts";

interface Options {
  readonly transposeA?: boolean;
  readonly transposeB?: boolean;
}

const matrix = tensor([
  [1, 2, 3],
  [4, 5, 6],
]);
const narrow = tensor([[1, 2, 3]], { dtype: "float32" });

/** The last two axes exchanged; a vector stays as it is. */
function turned(a: NDArray, yes: boolean | undefined): NDArray {
  const rank = a.shape.length;
  if (yes !== true || rank < 2) return a;
  return np.transpose(a, [...Array.from({ length: rank - 2 }, (_, axis) => axis), rank - 1, rank - 2]);
}

const pairs: readonly (readonly [Shape, Shape])[] = [
  [[3], [3]],
  [[3], [3, 2]],
  [[2, 3], [3]],
  [
    [1, 1],
    [1, 1],
  ],
  [
    [2, 3],
    [3, 2],
  ],
  [
    [3, 1],
    [1, 2],
  ],
  [
    [2, 5],
    [5, 3],
  ],
  [
    [2, 0],
    [0, 3],
  ],
  [
    [0, 2],
    [2, 3],
  ],
  [[0], [0]],
  [
    [2, 2, 3],
    [3, 2],
  ],
  [
    [2, 3],
    [2, 3, 1],
  ],
  [
    [2, 1, 2, 3],
    [2, 3, 2],
  ],
  [
    [2, 1, 1, 2],
    [1, 2, 2, 1],
  ],
  [[3], [2, 3, 2]],
  [[2, 2, 3], [3]],
  [
    [0, 2, 3],
    [3, 2],
  ],
];
const flip = (shape: Shape): Shape =>
  shape.length < 2 ? shape : [...shape.slice(0, -2), shape[shape.length - 1]!, shape[shape.length - 2]!];

const vectors: readonly Sample<[]>[] = [[0], [1], [3], [7]].map((shape) => ({ shapes: [shape, shape], params: [] }));
const repeated: Sample<[]> = { shapes: [[3], [3]], params: [], repeat: true };

const vectorErrors: Row["errors"] = [
  ...impostorErrors([tensor([1, 2]), tensor([1, 2])], [0, 1]),
  { args: [matrix, tensor([1, 2])], error: ShapeError, says: "give two vectors" },
  { args: [tensor([1, 2]), 2], error: ShapeError, says: "give two vectors" },
  {
    args: [tensor([1, 2], { dtype: "int32" }), tensor([1, 2], { dtype: "int32" })],
    error: DTypeError,
    says: "not defined for int32",
  },
];

export const contraction: readonly Row[] = [
  row<readonly [options?: Options]>({
    name: "matmul",
    operands: [variable(grid)],
    dtypes: floats,
    nearness: "terms",
    order: 2,
    degree: 2,
    reference: ([a, b], [options]) => np.matmul(turned(a!, options?.transposeA), turned(b!, options?.transposeB)),
    samples: [
      ...pairs.map((pair): Sample<readonly [Options?]> => ({ shapes: pair, params: [] })),
      ...pairs.slice(0, 13).flatMap(([a, b]): Sample<readonly [Options?]>[] => [
        { shapes: [flip(a), b], params: [{ transposeA: true }] },
        { shapes: [a, flip(b)], params: [{ transposeB: true }] },
        { shapes: [flip(a), flip(b)], params: [{ transposeA: true, transposeB: true }] },
      ]),
      {
        shapes: [
          [2, 2],
          [2, 2],
        ],
        params: [],
        repeat: true,
      },
      {
        shapes: [
          [2, 2],
          [2, 2],
        ],
        params: [],
        data: [
          [Infinity, NaN, 1, 2],
          [1, 3, 0, -Infinity],
        ],
        valueOnly: true,
      },
      {
        shapes: [
          [2, 3],
          [2, 3],
        ],
        params: [{ transposeB: true }],
        repeat: true,
      },
      {
        shapes: [
          [2, 3],
          [2, 3],
        ],
        params: [{ transposeA: true }],
        repeat: true,
      },
      { shapes: [[3], [3]], params: [], repeat: true },
    ],
    errors: [
      ...impostorErrors([matrix, matrix], [0, 1]),
      { args: [matrix, matrix], error: ShapeError, says: "inner sizes 3 and 2 differ ([2, 3] and [2, 3])" },
      { args: [matrix, zeros([3, 2]), { transposeA: true }], error: ShapeError, says: "[2, 3]ᵀ" },
      { args: [matrix, 2], error: ShapeError, says: "a scalar has no rows" },
      { args: [zeros([2, 2, 3]), zeros([3, 3, 2])], error: ShapeError, says: "cannot broadcast [2] with [3]" },
      { args: [narrow, zeros([3, 1])], error: DTypeError, says: "cast" },
      { args: [zeros([2, 2], { dtype: "int32" }), zeros([2, 2])], error: DTypeError, says: "not defined for int32" },
    ],
    planted: [{ args: [tensor([[1e200]]), tensor([[1e200]])] }],
  }),
  row<[]>({
    name: "dot",
    operands: [variable(grid)],
    dtypes: floats,
    nearness: "terms",
    order: 2,
    degree: 2,
    reference: ([a, b]) => np.dot(a!, b!),
    samples: [...vectors, repeated],
    errors: [
      ...vectorErrors,
      { args: [tensor([1, 2]), tensor([1, 2, 3])], error: ShapeError, says: "lengths 2 and 3 differ" },
      { args: [tensor([1, 2]), tensor([1, 2], { dtype: "float32" })], error: DTypeError, says: "cast" },
    ],
    planted: [{ args: [tensor([1e200]), tensor([1e200])], op: "mul" }],
  }),
  row<[]>({
    name: "outer",
    operands: [variable(grid)],
    dtypes: floats,
    nearness: "exact",
    order: 2,
    degree: 2,
    reference: ([a, b]) => np.outer(a!, b!),
    samples: [...vectors, { shapes: [[2], [3]], params: [] }, { shapes: [[0], [3]], params: [] }, repeated],
    errors: [
      ...vectorErrors,
      { args: [tensor([1, 2]), tensor([1, 2], { dtype: "float32" })], error: DTypeError, says: "cast" },
    ],
    planted: [{ args: [tensor([1e200]), tensor([1e200])], op: "mul" }],
  }),
];
