/** Rows of the arithmetic ops. */

import { ArgumentError, ConfigError, DTypeError, ShapeError, tensor } from "../../../src/index.ts";
import { elementwise } from "../../oracles/arrays.ts";
import * as c from "../../oracles/complex.ts";
import { precise } from "../../oracles/precise.ts";
import { row, type Row } from "../spec.ts";
import {
  awayFromZero,
  binaryRow,
  impostorErrors,
  numeric,
  positive,
  real,
  specials,
  unaryRow,
  variable,
} from "./common.ts";

/** a^b as IEEE 754-2019 says it, from the power of a positive finite base. */
function power(a: number, b: number): number {
  if (b === 0 || a === 1) return 1;
  if (Number.isNaN(a) || Number.isNaN(b)) return NaN;
  const size = Math.abs(a);
  const odd = Number.isInteger(b) && Math.abs(b % 2) === 1;
  if (!Number.isFinite(b)) return size === 1 ? 1 : size > 1 === b > 0 ? Infinity : 0;
  const sign = odd && (a < 0 || Object.is(a, -0)) ? -1 : 1;
  if (size === 0 || size === Infinity) return sign * ((size === 0) === b > 0 ? 0 : Infinity);
  return a < 0 && !Number.isInteger(b) ? NaN : sign * precise.pow(size, b);
}

const signOf = (x: number): number => (x > 0 ? 1 : x < 0 ? -1 : x + 0 === 0 ? 0 : NaN);
const larger = (a: number, b: number): number =>
  Number.isNaN(a + b) && (Number.isNaN(a) || Number.isNaN(b)) ? NaN : a > b ? a : b;
const smaller = (a: number, b: number): number => -larger(-a, -b);

const huge = 1e308;

/** A tie is shared; a NaN takes all, the left one of two. */
const ties = [
  { at: [[1], [1]], gradient: [[0.5], [0.5]] },
  { at: [[0], [-0]], gradient: [[0.5], [0.5]] },
  { at: [[NaN], [1]], gradient: [[1], [0]] },
  { at: [[1], [NaN]], gradient: [[0], [1]] },
  { at: [[NaN], [NaN]], gradient: [[1], [0]] },
];

export const arithmetic: readonly Row[] = [
  binaryRow({
    name: "add",
    value: (a, b) => a + b,
    complex: c.add,
    degree: 1,
    dtypes: numeric,
    left: variable(real),
    right: variable(real),
    planted: [{ args: [huge, huge] }],
  }),
  binaryRow({
    name: "sub",
    value: (a, b) => a - b,
    complex: c.sub,
    degree: 1,
    dtypes: numeric,
    left: variable(real),
    right: variable(real),
    planted: [{ args: [huge, -huge] }],
  }),
  binaryRow({
    name: "mul",
    value: (a, b) => a * b,
    complex: c.mul,
    dtypes: numeric,
    left: variable(real),
    right: variable(real),
    planted: [{ args: [huge, 10] }],
  }),
  binaryRow({
    name: "div",
    value: (a, b) => a / b,
    complex: c.div,
    left: variable(real),
    right: variable(awayFromZero),
    planted: [{ args: [1, 0] }, { args: [huge, 0.1] }],
  }),
  binaryRow({
    name: "pow",
    value: power,
    complex: c.pow,
    nearness: { ulp: 2 },
    left: variable(positive),
    right: variable(real),
    planted: [{ args: [0, -1] }, { args: [-1, 0.5] }, { args: [10, 400] }, { args: [0, 0.5], derivative: true }],
    settled: [
      { at: [[0], [0]], gradient: [[0], [0]] },
      { at: [[0], [2]], gradient: [[0], [0]] },
      { at: [[0], [1]], gradient: [[1], [0]] },
      { at: [[0], [0.5]], gradient: [[Infinity], [0]] },
      { at: [[-2], [3]], gradient: [[12], [NaN]] },
    ],
  }),
  unaryRow({ name: "neg", value: (x) => -x, complex: c.neg, degree: 1, dtypes: numeric, operand: variable(real) }),
  unaryRow({
    name: "abs",
    value: (x) => (x < 0 ? -x : x + 0 === 0 ? 0 : x),
    dtypes: numeric,
    operand: variable({ low: -2, high: 2, kinks: [0] }),
    settled: [
      { at: [[0]], gradient: [[0]] },
      { at: [[-Infinity, Infinity]], gradient: [[-1, 1]] },
    ],
  }),
  unaryRow({
    name: "sign",
    value: signOf,
    dtypes: numeric,
    operand: { domain: { low: -2, high: 2, kinks: [0] }, differentiable: false },
  }),
  binaryRow({
    name: "maximum",
    value: larger,
    dtypes: numeric,
    left: variable(real),
    right: variable(real),
    settled: ties,
  }),
  binaryRow({
    name: "minimum",
    value: smaller,
    dtypes: numeric,
    left: variable(real),
    right: variable(real),
    settled: ties,
  }),
  row<[]>({
    name: "clip",
    operands: [variable(real), variable({ low: -1.5, high: -0.5 }), variable({ low: 0.5, high: 1.5 })],
    dtypes: numeric,
    nearness: "exact",
    order: 2,
    reference: ([x, low, high]) =>
      elementwise(
        (v, l, h) => (Number.isNaN(v) || Number.isNaN(l) || Number.isNaN(h) ? NaN : v < l ? l : v > h ? h : v),
        x!,
        low!,
        high!,
      ),
    samples: [
      { shapes: [[], "number", "number"], params: [] },
      { shapes: [[0], "number", "number"], params: [] },
      { shapes: [[1], [1], [1]], params: [] },
      { shapes: [[2, 3], "number", "number"], params: [] },
      { shapes: [[2, 3], "number", [3]], params: [] },
      { shapes: [[2, 3], [2, 1], "number"], params: [] },
      { shapes: [[2, 1], [1, 3], []], params: [] },
      { shapes: [[3], [2, 1, 3], [2, 3]], params: [] },
      { shapes: [[], [], []], params: [] },
      { shapes: [[specials.length], "number", "number"], params: [], data: [specials, [-1], [1]], valueOnly: true },
      {
        shapes: [[specials.length], "number", "number"],
        params: [],
        data: [specials, [-Infinity], [Infinity]],
        valueOnly: true,
      },
    ],
    settled: [
      { at: [[-1, 1, 3, -3], [-1], [1]], gradient: [[1, 1, 0, 0], [1], [1]] },
      { at: [[NaN], [-1], [1]], gradient: [[0], [0], [0]] },
    ],
    errors: [
      ...impostorErrors([tensor([1, 2]), 0, 1], [0, 1, 2]),
      { args: [tensor([1, 2]), 2, 1], error: ConfigError, says: "low ≤ high" },
      { args: [tensor([1, 2]), NaN, 1], error: ConfigError, says: "NaN" },
      { args: [tensor([1, 2]), 0, NaN], error: ConfigError, says: "NaN" },
      { args: [tensor([1, 2]), tensor([0], { dtype: "float32" }), 1], error: DTypeError, says: "cast" },
      { args: [tensor([1, 2], { dtype: "int32" }), 0.5, 1], error: DTypeError, says: "0.5" },
      { args: [tensor([1, 2]), tensor([1, 2, 3]), 9], error: ShapeError, says: "cannot broadcast" },
      { args: [tensor([1, 2])], error: ArgumentError, says: "undefined" },
    ],
  }),
];
