/**
 * Exponentials far below all numbers are 0 by a factor that is 0: a product of other numbers that vanishes takes as
 * long as five exponentials, and of a masked softmax half are such.
 */

import { expect, it } from "vitest";
import * as elementary from "../../src/kernels/lanes/elementary.ts";
import type { Lanes } from "../../src/kernels/lanes/lanes.ts";
import { numberLanes } from "../../src/kernels/lanes/number-lanes.ts";
import { externals } from "../../src/kernels/special.ts";

type Formula = (l: Lanes<number, boolean>, x: number) => number;

/** Each formula, with its value far below 0. */
const formulas: readonly (readonly [name: string, formula: Formula, value: number])[] = [
  ["exp", elementary.exp, 0],
  ["sigmoid", elementary.sigmoid, 0],
  ["tanh", elementary.tanh, -1],
  ["softplus", elementary.softplus, 0],
  ["gaussian", elementary.gaussian, 0],
];

const types = [
  ["f64", 1023],
  ["f32", 127],
] as const;

it.each(types.flatMap(([type, bias]) => formulas.map((one) => [type, bias, ...one] as const)))(
  "%s, bias %i: %s",
  (type, bias, _, formula, value) => {
    const lanes = numberLanes(type, externals);
    for (const x of [-Infinity, -1e30, -2000]) {
      const exponents: number[] = [];
      const noting = {
        ...lanes,
        scale: (y: number, n: number) => {
          exponents.push(n);
          return lanes.scale(y, n);
        },
      };
      expect(formula(noting, x)).toBe(value);
      // The bits of such an exponent are those of the number 0.
      expect(exponents.length).toBeGreaterThan(0);
      expect(exponents.every((n) => n === -bias)).toBe(true);
    }
  },
);
