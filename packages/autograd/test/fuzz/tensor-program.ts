/**
 * Random programs over tensors of shapes that broadcast, sizes 0 and 1 among them; what does not fit is passed over.
 */

import * as fc from "fast-check";
import { add, mul, sum, tensor, type Tensor } from "../../src/index.ts";
import { array, sizeOf, type NDArray } from "../oracles/arrays.ts";
import type { Dual } from "../oracles/dual.ts";
import { leafValue } from "../oracles/fuzz-program.ts";
import { operations, type Fitted } from "./tensor-ops.ts";
import { Sheet } from "./written-out.ts";

export interface Leaf {
  readonly shape: readonly number[];
  readonly values: readonly number[];
}

/** One operation, the operands that it reaches back to, and a number that settles what its shapes leave open. */
interface Step {
  readonly op: number;
  readonly operands: readonly number[];
  readonly choice: number;
}

export interface TensorProgram {
  readonly leaves: readonly Leaf[];
  readonly steps: readonly Step[];
}

const shapes: readonly (readonly number[])[] = [
  [2, 3],
  [3],
  [],
  [2, 1],
  [1, 3],
  [1],
  [2],
  [3, 2],
  [2, 2],
  [1, 1],
  [2, 1, 3],
  [2, 2, 2],
  [0],
  [0, 3],
  [2, 0],
];

const leaves: fc.Arbitrary<Leaf> = fc
  .constantFrom(...shapes)
  .chain((shape) =>
    fc.array(leafValue, { minLength: sizeOf(shape), maxLength: sizeOf(shape) }).map((values) => ({ shape, values })),
  );

const steps: fc.Arbitrary<Step> = fc.record({
  op: fc.nat(operations.length - 1),
  operands: fc.tuple(fc.nat(63), fc.nat(63), fc.nat(63), fc.nat(63)),
  choice: fc.nat(255),
});

export const tensorPrograms: fc.Arbitrary<TensorProgram> = fc.record({
  leaves: fc.array(leaves, { minLength: 1, maxLength: 3 }),
  steps: fc.array(steps, { maxLength: 8, size: "max" }),
});

/** Two times in three an operand is one of the last two values. */
const reach = (choice: number, available: number): number =>
  available - 1 - ((choice < 42 ? choice % 2 : choice) % available);

/** Weights of the entries of a result, none alike, so that no permutation of entries goes unseen. */
const weightsFor = (size: number): number[] => Array.from({ length: size }, (_, i) => 1 - 0.375 * i + 0.0625 * i * i);

/** A program fitted to its shapes: its value as the library computes it, and as dual numbers. */
export interface Prepared {
  readonly names: readonly string[];
  /** The weighted sum of the last value and, more lightly, of all before it. */
  readonly loss: (leaves: readonly Tensor[]) => Tensor;
  readonly expected: Dual;
}

const LIGHT = 0.125;

/** Fits the steps one by one, writing them out on the way. */
export const prepare = (program: TensorProgram, order: 1 | 2): Prepared => {
  const sheet = new Sheet(
    program.leaves.flatMap(({ values }) => [...values]),
    order,
  );
  let next = 0;
  const values: NDArray[] = program.leaves.map(({ shape, values: entries }) =>
    array(
      shape,
      entries.map(() => next++),
    ),
  );
  const fitted: { readonly name: string; readonly operands: readonly number[]; readonly step: Fitted }[] = [];
  for (const { op, operands, choice } of program.steps) {
    const operation = operations[op]!;
    const places = operands.slice(0, operation.arity).map((back) => reach(back, values.length));
    const step = operation.fit(
      places.map((place) => values[place]!.shape),
      choice,
    );
    if (step === null) continue;
    fitted.push({ name: operation.name, operands: places, step });
    values.push(
      step.written(
        places.map((place) => values[place]!),
        sheet,
      ),
    );
  }
  const last = values.length - 1;
  const parts = values.map((value, k) => {
    const terms = weightsFor(value.data.length).map((weight, i) =>
      sheet.scalar("mul", [value.data[i]!, sheet.number(weight)]),
    );
    return sheet.scalar("mul", [sheet.sum(terms), sheet.number(k === last ? 1 : LIGHT)]);
  });
  const expected = sheet.duals[sheet.sum(parts)]!;
  const loss = (given: readonly Tensor[]): Tensor => {
    const computed = [...given];
    for (const { operands, step } of fitted) computed.push(step.library(operands.map((place) => computed[place]!)));
    return computed
      .map((value, k) =>
        mul(sum(mul(value, tensor(weightsFor(value.size), { shape: value.shape }))), k === last ? 1 : LIGHT),
      )
      .reduce((a, b) => add(a, b));
  };
  return { names: fitted.map(({ name }) => name), loss, expected };
};
