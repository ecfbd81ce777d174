/** Rows of the ops that move entries: layout, expansion, assembly. */

import {
  ArgumentError,
  DTypeError,
  IndexRangeError,
  ShapeError,
  SizeError,
  Tensor,
  tensor,
  zeros,
} from "../../../src/index.ts";
import * as np from "../../oracles/arrays.ts";
import { row, type RowSpec, type Row, type Sample, type Shape } from "../spec.ts";
import { every, grid, impostorErrors, variable } from "./common.ts";

const matrix = tensor([
  [1, 2, 3],
  [4, 5, 6],
]);

type Moving<P extends readonly unknown[]> = Pick<
  RowSpec<P>,
  "name" | "method" | "reference" | "samples" | "errors" | "arguments" | "pick" | "dtypes" | "planted"
>;

/** A linear op that only moves numbers about: its values are exact, in every type. */
export function moving<P extends readonly unknown[]>(
  spec: Partial<Pick<RowSpec<P>, "dtypes">> & Omit<Moving<P>, "dtypes">,
): Row {
  return row<P>({ operands: [variable(grid)], dtypes: every, nearness: "exact", order: 2, degree: 1, ...spec });
}

type Axis = number | readonly number[];
type Border = readonly [before: readonly number[], after?: readonly number[], value?: number];

export const samplesOf = <P extends readonly unknown[]>(...list: readonly (readonly [Shape, ...P])[]): Sample<P>[] =>
  list.map(([shape, ...params]) => ({ shapes: [shape], params: params as unknown as P }));

const parts =
  (...shapes: readonly Shape[]) =>
  (axis?: number): Sample<readonly [axis?: number]> => ({ shapes, params: axis === undefined ? [] : [axis] });
/** The operands as one list, as concat and stack take them. */
const asList = (operands: readonly (Tensor | number)[], params: readonly unknown[]): readonly unknown[] => [
  operands,
  ...params,
];

export const movement: readonly Row[] = [
  moving<readonly [shape: Shape]>({
    name: "reshape",
    reference: ([a], [shape]) =>
      np.reshape(
        a!,
        shape.map((n) => (n < 0 ? a!.data.length / -shape.reduce((product, size) => product * size, 1) : n)),
      ),
    samples: samplesOf<readonly [Shape]>(
      [[], []],
      [[], [1, 1]],
      [[], [-1]],
      [[1], []],
      [[1, 1], []],
      [[0], [2, 0]],
      [[2, 0], [0]],
      [[6], [2, 3]],
      [
        [2, 3],
        [3, -1],
      ],
      [[2, 3], [-1]],
      [
        [2, 3],
        [2, 3],
      ],
      [
        [2, 1, 3],
        [3, 2],
      ],
      [[0], [-1]],
    ),
    errors: [
      ...impostorErrors([matrix, [6]], [0]),
      { args: [matrix, [4]], error: ShapeError, says: "[2, 3] holds 6 numbers and [4] holds 4" },
      { args: [matrix, [-1, -1]], error: ShapeError, says: "leaves two sizes open" },
      { args: [matrix, [4, -1]], error: ShapeError, says: "does not divide" },
      { args: [zeros([0]), [0, -1]], error: ShapeError, says: "could be anything" },
      { args: [matrix, [-2, -3]], error: SizeError, says: "size -2" },
      { args: [matrix, [1.5, 4]], error: SizeError, says: "size 1.5" },
      { args: [matrix, 6], error: ArgumentError, says: "a shape must be a list" },
      { args: [matrix, undefined], error: ArgumentError, says: "a shape must be a list" },
    ],
  }),
  moving<readonly [permutation?: readonly number[]]>({
    name: "transpose",
    reference: ([a], [permutation]) => np.transpose(a!, permutation),
    samples: samplesOf<readonly [permutation?: readonly number[]]>(
      [[]],
      [[1]],
      [[3]],
      [[2, 3]],
      [[0, 3]],
      [[2, 1, 3]],
      [
        [2, 3],
        [0, 1],
      ],
      [
        [2, 3],
        [-1, 0],
      ],
      [
        [2, 1, 3],
        [0, 2, 1],
      ],
      [
        [2, 1, 3],
        [1, 2, 0],
      ],
      [
        [2, 1, 3],
        [2, 0, 1],
      ],
      [
        [2, 2, 3],
        [-2, -1, -3],
      ],
      [
        [2, 0, 3],
        [2, 1, 0],
      ],
    ),
    errors: [
      ...impostorErrors([matrix], [0]),
      { args: [matrix, [0]], error: IndexRangeError, says: "is no permutation" },
      { args: [matrix, [0, 0]], error: IndexRangeError, says: "is no permutation" },
      { args: [matrix, [0, 2]], error: IndexRangeError, says: "is no permutation" },
      { args: [matrix, [0, 0.5]], error: IndexRangeError, says: "is no permutation" },
      { args: [matrix, 1], error: IndexRangeError, says: "[1] is no permutation" },
      { args: [matrix, null], error: IndexRangeError, says: "is no permutation" },
    ],
  }),
  moving<readonly [shape: Shape]>({
    name: "broadcastTo",
    reference: ([a], [shape]) => np.broadcastTo(a!, shape),
    samples: samplesOf<readonly [Shape]>(
      [[], []],
      [[], [3]],
      [[], [2, 3]],
      [[1], [3]],
      [[1], [0]],
      [[3], [2, 3]],
      [
        [2, 1],
        [2, 3],
      ],
      [
        [2, 1],
        [2, 2, 3],
      ],
      [
        [1, 3],
        [2, 3],
      ],
      [
        [2, 1, 3],
        [2, 2, 3],
      ],
      [[0], [2, 0]],
      [
        [2, 3],
        [2, 3],
      ],
      [
        [3, 1, 1],
        [3, 2, 2],
      ],
    ),
    errors: [
      ...impostorErrors([matrix, [2, 3]], [0]),
      { args: [matrix, [3]], error: ShapeError, says: "[2, 3] does not broadcast to [3]" },
      { args: [matrix, [4, 3]], error: ShapeError, says: "does not broadcast" },
      { args: [matrix, [1, 3]], error: ShapeError, says: "does not broadcast" },
      { args: [matrix, [-1, 3]], error: SizeError, says: "size -1" },
      { args: [matrix, 6], error: ArgumentError, says: "a shape must be a list" },
      { args: [tensor(1), [2 ** 20, 2 ** 20]], error: SizeError, says: "more than" },
    ],
  }),
  moving<Border>({
    name: "pad",
    reference: ([a], [before, after, value]) => np.pad(a!, before, after ?? before, value ?? 0),
    samples: samplesOf<Border>(
      [[], []],
      [[3], [1]],
      [[3], [0], [2]],
      [[3], [1], [2], 1],
      [
        [2, 3],
        [1, 0],
        [0, 2],
      ],
      [[2, 3], [1, 1], [1, 1], 1],
      [
        [2, 1, 3],
        [0, 2, 0],
      ],
      [[0], [2]],
      [[2, 0], [0, 1], [1, 0], 1],
      [[2, 3], [0, 0], [0, 0], 1],
    ),
    errors: [
      ...impostorErrors([matrix, [1, 1]], [0]),
      { args: [matrix, [1]], error: ShapeError, says: "widths for 1 and 1 axes" },
      { args: [matrix, [1, 1], [1]], error: ShapeError, says: "widths for 2 and 1 axes" },
      { args: [matrix, [-1, 0]], error: SizeError, says: "size -1" },
      { args: [matrix, [0.5, 0]], error: SizeError, says: "size 0.5" },
      { args: [matrix, 1], error: ArgumentError, says: "list" },
      { args: [tensor([1, 2], { dtype: "int32" }), [1], [1], 0.5], error: DTypeError, says: "0.5" },
      { args: [tensor([true]), [1], [1], 7], error: DTypeError, says: "the number 7 beside a bool tensor" },
    ],
  }),
  moving<readonly [axis?: number]>({
    name: "concat",
    method: null,
    arguments: asList,
    reference: (arrays, [axis]) => np.concat(arrays, axis),
    samples: [
      parts([3])(),
      parts([2], [3])(),
      parts([1], [0], [2])(0),
      parts([2], [2])(-1),
      parts([2, 1], [2, 3])(1),
      parts([2, 1], [2, 3], [2, 0])(-1),
      parts([1, 3], [2, 3])(),
      parts([2, 1, 3], [2, 2, 3])(1),
      parts([0], [0])(),
      { shapes: [[2], [2]], params: [], repeat: true },
      {
        shapes: [
          [2, 1],
          [2, 1],
          [2, 1],
        ],
        params: [1],
        repeat: true,
      },
    ],
    errors: [
      { args: [[]], error: ArgumentError, says: "no tensor to put together" },
      { args: [undefined], error: ArgumentError, says: "no tensor to put together" },
      { args: [matrix], error: ArgumentError, says: "no tensor to put together" },
      { args: [[null]], error: ArgumentError, says: "null" },
      { args: [[matrix, null]], error: ArgumentError, says: "null" },
      { args: [[matrix, "3"]], error: ArgumentError, says: "string" },
      { args: [[matrix, tensor([1])]], error: ShapeError, says: "do not fit together" },
      { args: [[matrix, zeros([2, 4])]], error: ShapeError, says: "[2, 3] and [2, 4]" },
      { args: [[matrix], 2], error: IndexRangeError, says: "axis 2" },
      { args: [[tensor(1)]], error: IndexRangeError, says: "a scalar has no axes" },
      { args: [[matrix, tensor([[1, 2, 3]], { dtype: "float32" })]], error: DTypeError, says: "cast" },
    ],
  }),
  moving<readonly [axis?: number]>({
    name: "stack",
    method: null,
    arguments: asList,
    reference: (arrays, [axis]) => np.stack(arrays, axis),
    samples: [
      parts([])(),
      parts([], [])(),
      parts([3])(),
      parts([3], [3])(1),
      parts([3], [3], [3])(-1),
      parts([2, 3], [2, 3])(),
      parts([2, 3], [2, 3])(1),
      parts([2, 3], [2, 3])(2),
      parts([0], [0])(),
      parts([2, 1], [2, 1])(-2),
      { shapes: [[2], [2]], params: [1], repeat: true },
    ],
    errors: [
      { args: [[]], error: ArgumentError, says: "no tensor to put together" },
      { args: [null], error: ArgumentError, says: "no tensor to put together" },
      { args: [[matrix, undefined]], error: ArgumentError, says: "undefined" },
      { args: [[matrix, zeros([3, 2])]], error: ShapeError, says: "all shapes must be equal" },
      { args: [[matrix], 3], error: IndexRangeError, says: "axis 3" },
      { args: [[matrix], -4], error: IndexRangeError, says: "axis -4" },
      { args: [[matrix, zeros([2, 3], { dtype: "int32" })]], error: DTypeError, says: "cast" },
    ],
  }),
  moving<readonly [axis?: Axis]>({
    name: "flip",
    reference: ([a], [axis]) => np.flip(a!, axis),
    samples: samplesOf<readonly [axis?: Axis]>(
      [[]],
      [[1]],
      [[3]],
      [[0]],
      [[2, 3]],
      [[2, 3], 0],
      [[2, 3], -1],
      [
        [2, 3],
        [1, 0],
      ],
      [[2, 3], []],
      [
        [2, 1, 3],
        [0, 2],
      ],
      [[2, 0], 1],
    ),
    errors: [
      ...impostorErrors([matrix], [0]),
      { args: [matrix, 2], error: IndexRangeError, says: "axis 2" },
      { args: [matrix, [0, 0]], error: IndexRangeError, says: "repeat an axis" },
      { args: [matrix, 0.5], error: IndexRangeError, says: "axis 0.5" },
    ],
  }),
];
