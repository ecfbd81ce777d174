/** Rows of the ops that cut out of a tensor by position: at, slice, split. */

import {
  ArgumentError,
  IndexRangeError,
  ShapeError,
  SizeError,
  tensor,
  zeros,
  type Tensor,
} from "../../../src/index.ts";
import type { NDArray } from "../../oracles/arrays.ts";
import * as np from "../../oracles/arrays.ts";
import type { Row } from "../spec.ts";
import { impostorErrors } from "./common.ts";
import { moving, samplesOf } from "./movement.ts";

const matrix = tensor([
  [1, 2, 3],
  [4, 5, 6],
]);

type Along = readonly [start?: number | undefined, end?: number | undefined, step?: number];
type ByLists = readonly [starts: readonly number[], ends?: readonly (number | undefined)[], steps?: readonly number[]];
type ByAxis = readonly [bounds: Readonly<Record<number, Along>>];
type Boxed = ByLists | ByAxis;

const isByLists = (params: Boxed): params is ByLists => Array.isArray(params[0]);

/** Bounds counted from the front, all axes named. */
const boxOf = (a: NDArray, params: Boxed): NDArray => {
  const along = a.shape.map((_, axis): Along => {
    if (isByLists(params)) return [params[0][axis], params[1]?.[axis], params[2]?.[axis] ?? 1];
    return params[0][axis] ?? params[0][axis - a.shape.length] ?? [];
  });
  const place = (value: number | undefined, missing: number, n: number): number =>
    value === undefined ? missing : value < 0 ? value + n : value;
  return np.slice(
    a,
    a.shape.map((n, axis) => place(along[axis]![0], 0, n)),
    a.shape.map((n, axis) => place(along[axis]![1], n, n)),
    along.map(([, , step]) => step ?? 1),
  );
};

export const cutting: readonly Row[] = [
  moving<readonly number[]>({
    name: "at",
    reference: ([a], indices) => {
      const starts = a!.shape.map((n, axis) => ((i) => (i < 0 ? i + n : i))(indices[axis] ?? 0));
      const box = np.slice(
        a!,
        starts,
        a!.shape.map((n, axis) => (axis < indices.length ? starts[axis]! + 1 : n)),
      );
      return np.reshape(box, a!.shape.slice(indices.length));
    },
    samples: samplesOf<readonly number[]>(
      [[]],
      [[1], 0],
      [[3], 1],
      [[3], -1],
      [[3], -3],
      [[2, 3], 1],
      [[2, 3], -2],
      [[2, 3], 0, 2],
      [[2, 3], -1, -3],
      [[2, 3]],
      [[2, 1, 3], 1],
      [[2, 1, 3], 1, 0],
      [[2, 1, 3], -1, -1, 1],
      [[2, 0], 1],
      [[2, 0, 3], -1],
      [[2, 2, 2, 2], 1, 0, 1, 0],
      [[2, 2, 2, 2], 1, 0],
    ),
    errors: [
      ...impostorErrors([matrix, 0], [0]),
      { args: [matrix, 2], error: IndexRangeError, says: "index 2 lies outside axis 0 of [2, 3]: use -2 to 1" },
      { args: [matrix, 0, -4], error: IndexRangeError, says: "index -4 lies outside axis 1 of [2, 3]: use -3 to 2" },
      { args: [matrix, 0.5], error: IndexRangeError, says: "index 0.5 lies outside axis 0" },
      { args: [matrix, NaN], error: IndexRangeError, says: "index NaN" },
      { args: [matrix, -Infinity], error: IndexRangeError, says: "index -Infinity" },
      { args: [zeros([0]), 0], error: IndexRangeError, says: "the axis is empty" },
      { args: [matrix, 0, 0, 0], error: ShapeError, says: "3 indices for the 2 axes of [2, 3]" },
      { args: [tensor(1), 0], error: ShapeError, says: "1 indices for the 0 axes of []" },
      { args: [matrix, "0"], error: ArgumentError, says: 'index 0 is "0", not a whole number' },
      { args: [matrix, 0, undefined], error: ArgumentError, says: "index 1 is undefined" },
      { args: [matrix, [0, 1]], error: ArgumentError, says: "index 0 is [0, 1]" },
      { args: [matrix, tensor(0)], error: ArgumentError, says: "gather(x, indices) takes" },
    ],
  }),
  moving<Boxed>({
    name: "slice",
    reference: ([a], params) => boxOf(a!, params),
    samples: samplesOf<Boxed>(
      [[], []],
      [[3], [1]],
      [[3], [0], [2]],
      [[3], [-2], [-1]],
      [[3], [3]],
      [[3], [2], [1]],
      [[5], [0], [5], [2]],
      [[5], [1], [undefined], [3]],
      [[2, 3], [1]],
      [
        [2, 3],
        [0, 1],
        [2, 3],
      ],
      [
        [2, 3],
        [0, 0],
        [undefined, 1],
      ],
      [[2, 3], []],
      [[2, 3], [1, 0], [], [1, 2]],
      [
        [2, 1, 3],
        [0, 0, 1],
      ],
      [[0], [0]],
      [[2, 0], [1]],
      [[], {}],
      [[3], { 0: [1, 3] }],
      [[3], { 0: [-2] }],
      [[5], { 0: [undefined, undefined, 2] }],
      [[5], { 0: [1, -1, 3] }],
      [[3], { 0: [2, 1] }],
      [[3], { 0: [] }],
      [[2, 3], { 1: [1, 3] }],
      [[2, 3], { [-1]: [0, 2], 0: [1] }],
      [[2, 1, 3], { [-3]: [1], 2: [0, undefined, 2] }],
      [[2, 0], { 0: [1] }],
    ),
    errors: [
      ...impostorErrors([matrix, [1]], [0]),
      { args: [matrix, [3]], error: IndexRangeError, says: "bound 3 lies outside axis 0" },
      { args: [matrix, [0, -4]], error: IndexRangeError, says: "bound -4 lies outside axis 1" },
      { args: [matrix, [0.5]], error: IndexRangeError, says: "bound 0.5" },
      { args: [matrix, [NaN]], error: IndexRangeError, says: "bound NaN" },
      { args: [matrix, ["1"]], error: IndexRangeError, says: 'bound "1"' },
      { args: [matrix, [null]], error: IndexRangeError, says: "bound null" },
      { args: [matrix, [0], [3]], error: IndexRangeError, says: "bound 3" },
      { args: [matrix, [0], 2], error: ArgumentError, says: "the ends are 2, not a list" },
      { args: [matrix, [0], [2], 1], error: ArgumentError, says: "the steps are 1, not a list" },
      { args: [matrix, [0], [2], [0]], error: IndexRangeError, says: "step 0" },
      { args: [matrix, [0], [2], [-1]], error: IndexRangeError, says: "flip(x) reverses" },
      { args: [matrix, [0, 0, 0]], error: ShapeError, says: "bounds for 3 axes" },
      { args: [matrix], error: ArgumentError, says: "list" },
      { args: [matrix, 1], error: ArgumentError, says: "list" },
      { args: [matrix, { 0: [0, 3] }], error: IndexRangeError, says: "bound 3 lies outside axis 0 of [2, 3]" },
      { args: [matrix, { 1: [0, 2, 0] }], error: IndexRangeError, says: "step 0 along axis 1 of [2, 3]" },
      { args: [matrix, { 2: [0, 1] }], error: IndexRangeError, says: "axis 2" },
      { args: [matrix, { 0: [0, 1], [-2]: [1, 2] }], error: IndexRangeError, says: "axis 0 of [2, 3] is named twice" },
      {
        args: [matrix, { 0: 1 }],
        error: ArgumentError,
        says: "the bounds of axis 0 of [2, 3] are not [start, end, step]",
      },
      { args: [matrix, { 0: [0, 1, 1, 1] }], error: ArgumentError, says: "are not [start, end, step]" },
      { args: [matrix, { rows: [0, 1] }], error: ArgumentError, says: '"rows" is no axis of [2, 3]' },
      { args: [matrix, { 0: [0, 1] }, [1]], error: ArgumentError, says: "bounds by axis and a list of ends" },
    ],
  }),
  moving<readonly [part: number, sections: number | readonly number[], axis?: number]>({
    name: "split",
    arguments: ([x], [, ...rest]) => [x, ...rest],
    pick: (result, [part]) => (result as readonly Tensor[])[part]!,
    reference: ([a], [part, sections, axis]) => np.split(a!, sections, axis)[part]!,
    samples: samplesOf<readonly [number, number | readonly number[], number?]>(
      [[1], 0, 1],
      [[3], 1, 3],
      [[4], 1, 2],
      [[3], 0, [1, 2]],
      [[3], 1, [1, 2]],
      [[3], 1, [3, 0]],
      [[2, 3], 1, 2],
      [[2, 3], 2, 3, 1],
      [[2, 3], 1, [2, 1], -1],
      [[2, 1, 3], 0, [1, 2], 2],
      [[0], 0, 2],
      [[2, 0], 1, 2],
    ),
    errors: [
      ...impostorErrors([matrix, 1], [0]),
      { args: [matrix, 3], error: ShapeError, says: "3 equal parts do not fill 2, axis 0 of [2, 3]" },
      { args: [matrix, [1]], error: ShapeError, says: "do not add up to 2" },
      { args: [matrix, [3, -1]], error: SizeError, says: "size -1" },
      { args: [matrix, 0], error: ArgumentError, says: "0 parts of axis 0 of [2, 3]" },
      { args: [matrix, 0.5], error: ArgumentError, says: "0.5 parts" },
      { args: [matrix, 1e9], error: ShapeError, says: "1000000000 equal parts do not fill" },
      { args: [zeros([0]), 1e9], error: SizeError, says: "1000000000 parts of [0]" },
      { args: [matrix, 1, 2], error: IndexRangeError, says: "axis 2" },
      { args: [matrix, undefined], error: ArgumentError, says: "list" },
      { args: [tensor(1), 1], error: IndexRangeError, says: "a scalar has no axes" },
    ],
  }),
];
