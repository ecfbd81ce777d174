/** Rows of the elementary functions and of the activations built on them. */

import * as c from "../../oracles/complex.ts";
import { precise } from "../../oracles/precise.ts";
import type { Row } from "../spec.ts";
import { numeric, positive, real, unaryRow, variable } from "./common.ts";

const close = { nearness: { ulp: 2 } } as const;

export const transcendental: readonly Row[] = [
  unaryRow({
    ...close,
    name: "exp",
    value: precise.exp,
    complex: c.exp,
    operand: variable(real),
    planted: [{ args: [1000] }],
  }),
  unaryRow({
    ...close,
    name: "log",
    value: precise.log,
    complex: c.log,
    operand: variable(positive),
    planted: [{ args: [0] }, { args: [-1] }, { args: [1e-310], derivative: true }],
    settled: [
      { at: [[0]], gradient: [[Infinity]] },
      { at: [[Infinity]], gradient: [[0]] },
    ],
  }),
  unaryRow({
    ...close,
    name: "sqrt",
    value: precise.sqrt,
    complex: c.sqrt,
    operand: variable(positive),
    planted: [{ args: [-1] }, { args: [0], derivative: true }],
    settled: [
      { at: [[0]], gradient: [[Infinity]] },
      { at: [[Infinity]], gradient: [[0]] },
    ],
  }),
  unaryRow({ ...close, name: "sin", value: precise.sin, complex: c.sin, operand: variable({ low: -6, high: 6 }) }),
  unaryRow({ ...close, name: "cos", value: precise.cos, complex: c.cos, operand: variable({ low: -6, high: 6 }) }),
  unaryRow({ ...close, name: "tan", value: precise.tan, complex: c.tan, operand: variable({ low: -1.2, high: 1.2 }) }),
  unaryRow({
    ...close,
    name: "tanh",
    value: precise.tanh,
    complex: c.tanh,
    operand: variable({ low: -4, high: 4 }),
    settled: [{ at: [[Infinity, -Infinity, 0]], gradient: [[0, 0, 1]] }],
  }),
  unaryRow({
    ...close,
    name: "sigmoid",
    value: precise.sigmoid,
    complex: c.sigmoid,
    operand: variable({ low: -9, high: 9 }),
    settled: [{ at: [[Infinity, -Infinity, 0]], gradient: [[0, 0, 0.25]] }],
  }),
  unaryRow({
    ...close,
    name: "softplus",
    value: precise.softplus,
    complex: c.softplus,
    operand: variable({ low: -9, high: 9 }),
    settled: [{ at: [[1000, -1000, 0]], gradient: [[1, 0, 0.5]] }],
  }),
  unaryRow({
    ...close,
    name: "logSigmoid",
    value: precise.logSigmoid,
    complex: c.logSigmoid,
    operand: variable({ low: -9, high: 9 }),
    settled: [{ at: [[1000, -1000, 0]], gradient: [[0, 1, 0.5]] }],
  }),
  unaryRow({
    ...close,
    name: "erf",
    value: precise.erf,
    complex: c.erf,
    operand: variable({ low: -2.5, high: 2.5 }),
    settled: [{ at: [[Infinity, -30]], gradient: [[0, 0]] }],
  }),
  unaryRow({
    name: "relu",
    value: (x) => (x > 0 ? x : Number.isNaN(x) ? NaN : 0),
    dtypes: numeric,
    operand: variable({ low: -2, high: 2, kinks: [0] }),
    settled: [
      { at: [[0]], gradient: [[0]] },
      { at: [[-0]], gradient: [[0]] },
      { at: [[NaN]], gradient: [[0]] },
      { at: [[-1, 0, 1]], gradient: [[0, 0, 1]] },
    ],
  }),
];
