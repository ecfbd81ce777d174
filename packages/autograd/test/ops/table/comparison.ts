/** Rows of the comparisons, of logic, and of the choice between two tensors. */

import { DTypeError, ShapeError, tensor } from "../../../src/index.ts";
import { elementwise } from "../../oracles/arrays.ts";
import { row, type Row } from "../spec.ts";
import { binaryRow, constant, every, impostorErrors, numeric, real, specials, unaryRow, variable } from "./common.ts";

const compared = { result: "bool", order: 1, left: constant(real), right: constant(real) } as const;
const truth = (condition: boolean): number => (condition ? 1 : 0);

const mask = tensor([true, false]);

export const comparison: readonly Row[] = [
  binaryRow({ ...compared, name: "greater", dtypes: numeric, value: (a, b) => truth(a > b) }),
  binaryRow({ ...compared, name: "greaterEqual", dtypes: numeric, value: (a, b) => truth(a >= b) }),
  binaryRow({ ...compared, name: "less", dtypes: numeric, value: (a, b) => truth(b > a) }),
  binaryRow({ ...compared, name: "lessEqual", dtypes: numeric, value: (a, b) => truth(b >= a) }),
  binaryRow({ ...compared, name: "equal", dtypes: every, value: (a, b) => truth(a === b) }),
  binaryRow({ ...compared, name: "notEqual", dtypes: every, value: (a, b) => truth(!(a === b)) }),
  binaryRow({ ...compared, name: "logicalAnd", dtypes: every, value: (a, b) => truth(a !== 0) * truth(b !== 0) }),
  binaryRow({
    ...compared,
    name: "logicalOr",
    dtypes: every,
    value: (a, b) => Math.max(truth(a !== 0), truth(b !== 0)),
  }),
  unaryRow({
    name: "logicalNot",
    result: "bool",
    order: 1,
    dtypes: every,
    value: (x) => truth(x === 0),
    operand: constant(real),
  }),
  row<[]>({
    name: "where",
    method: null,
    operands: [constant({ low: 0, high: 1 }, "bool"), variable(real), variable(real)],
    dtypes: every,
    nearness: "exact",
    order: 2,
    degree: 1,
    reference: ([condition, a, b]) => elementwise((c, x, y) => (c === 1 ? x : y), condition!, a!, b!),
    samples: [
      { shapes: [[], [], []], params: [] },
      { shapes: [[0], [0], [1]], params: [] },
      { shapes: [[4], [4], [4]], params: [] },
      { shapes: [[2, 3], [3], "number"], params: [] },
      { shapes: [[2, 3], "number", [2, 1]], params: [] },
      { shapes: [[2, 1], [1, 3], []], params: [] },
      { shapes: [[3], [2, 1, 3], [2, 3]], params: [] },
      { shapes: [[], [2, 3], [3]], params: [] },
      { shapes: [[2], [specials.length, 1], [1]], params: [], data: [[1, 0], specials, [0.5]], valueOnly: true },
    ],
    errors: [
      ...impostorErrors([mask, tensor([1, 2]), 0], [0, 1, 2]),
      { args: [tensor([1, 0]), tensor([1, 2]), 0], error: DTypeError, says: "the condition is float64, not bool" },
      { args: [mask, tensor([1, 2]), tensor([1, 2], { dtype: "float32" })], error: DTypeError, says: "cast" },
      { args: [mask, tensor([1, 2], { dtype: "int32" }), 0.5], error: DTypeError, says: "0.5" },
      { args: [mask, tensor([1, 2, 3]), 0], error: ShapeError, says: "cannot broadcast [2] with [3]" },
    ],
  }),
];
