/** Derivatives from values alone: central differences of second and fourth order. */

import { DTypeError } from "../errors.ts";
import { Tensor } from "../graph/tensor.ts";
import { checkOptions, option, refuseExtra, type OptionKinds } from "../options.ts";
import type { Argnums } from "../transforms/signatures.ts";
import type { AnyFunction } from "../transforms/trace.ts";
import type { LiftedAll, LooseAll } from "../transforms/tree.ts";
import { dot, unitOf, type Probe } from "./probes.ts";
import { join, sizeOf, splitLike, subjectOf, type Subject } from "./subject.ts";

/** Near ε^(1/3), where the error of the formula and that of rounding are about equal; a power of two. */
export const STEP = 2 ** -17;

/** A function along a line through the point, t ↦ f(x + t·d), each value computed once. */
export interface Line {
  /** The readings of the results at t. */
  at(t: number): Float64Array;
  /** The change of the input that t makes after rounding: what a difference is divided by. */
  shift(t: number): number;
}

/**
 * The line along one input, in its own unit max(1, |x|) so that the step shows, or along a full direction.
 */
export function lineAlong(subject: Subject, direction: Probe, readings: readonly Probe[]): Line {
  const point = join(subject.leaves);
  const known = new Map<number, Float64Array>();
  const moved = (t: number): Float64Array => {
    const place = point.slice();
    if (typeof direction === "number") place[direction]! += t * unitOf(point[direction]!);
    else for (let j = 0; j < place.length; j++) place[j]! += t * direction[j]!;
    return place;
  };
  return {
    at(t) {
      let values = known.get(t);
      if (values === undefined) {
        const results = join(t === 0 ? subject.value : subject.run(splitLike(moved(t), subject.leaves)));
        values = Float64Array.from(readings, (reading) => dot(reading, results));
        known.set(t, values);
      }
      return values;
    },
    // The realized step (x + h) - x. Along a full direction every step is a power of two, and nothing is rounded.
    shift: (t) => (typeof direction === "number" ? moved(t)[direction]! - point[direction]! : t),
  };
}

/** (f(x + h) - f(x)) / h, at one side. */
export function oneSided(line: Line, t: number, r: number): number {
  return (line.at(t)[r]! - line.at(0)[r]!) / line.shift(t);
}

/** (f(x + h) - f(x - h)) / 2h, right to h² f‴ / 6. */
export function central(line: Line, t: number, r: number): number {
  return (line.at(t)[r]! - line.at(-t)[r]!) / (line.shift(t) - line.shift(-t));
}

/** (8 (f(x + h) - f(x - h)) - (f(x + 2h) - f(x - 2h))) / 12h, right to h⁴ f⁗′ / 30. */
export function fourthOrder(line: Line, t: number, r: number): number {
  return (4 * central(line, t, r) - central(line, 2 * t, r)) / 3;
}

/** How a Jacobian is taken by differences. */
export interface NumericJacobianOptions {
  /** Which arguments; all that are made of float tensors and numbers where nothing is said. */
  readonly argnums?: Argnums;
  /** 2 (the default) takes two values for each input, good to about 1e-10; 4 takes four, good to about 1e-12. */
  readonly order?: 2 | 4;
}

const kinds: OptionKinds<NumericJacobianOptions> = { argnums: option.argnums, order: option.oneOf(2, 4) };

/** A Jacobian from values alone. */
export interface NumericJacobian {
  /** One row for each number of the result, one column for each number of the arguments, in the order of the trees. */
  readonly jacobian: Tensor<[number, number]>;
  /** How often the function was called. */
  readonly evaluations: number;
}

/**
 * The derivatives of a function by central differences, from its values alone.
 *
 * @param f - a function of tensors, numbers, or trees of them; gives a tensor or a tree
 * @param args - the point
 * @param options - `argnums`, `order`
 * @returns the Jacobian and the number of evaluations
 * @throws DTypeError for float32, whose differences have no digits worth comparing
 *
 * @example
 * numericJacobian((x: Tensor<[2]>) => sum(mul(x, x)), [tensor([1, 2])]).jacobian.shape // => [1, 2]
 */
export function numericJacobian<const A extends readonly unknown[], P extends readonly unknown[] = LiftedAll<A>>(
  f: (...args: P) => unknown,
  args: A & NoInfer<LooseAll<P>>,
  options?: NumericJacobianOptions,
): NumericJacobian;
export function numericJacobian(
  f: AnyFunction,
  args: readonly unknown[],
  options?: NumericJacobianOptions,
  extra?: unknown,
): NumericJacobian {
  const call = "numericJacobian(f, [x, y], { argnums, order })";
  refuseExtra("numericJacobian", extra, call);
  const { order = 2, argnums } = checkOptions("numericJacobian", options, kinds, { call });
  const subject = subjectOf("numericJacobian", f, args, argnums);
  if (subject.leaves.some((x) => x.dtype !== "float64")) {
    throw new DTypeError({
      op: "numericJacobian",
      problem: "an argument is float32",
      hint: 'cast(x, "float64") first',
    });
  }
  const [rows, columns] = [sizeOf(subject.value), sizeOf(subject.leaves)];
  const readings = [...Array(rows).keys()];
  const numbers = new Float64Array(rows * columns);
  for (let j = 0; j < columns; j++) {
    const line = lineAlong(subject, j, readings);
    for (let i = 0; i < rows; i++)
      numbers[i * columns + j] = order === 2 ? central(line, STEP, i) : fourthOrder(line, FOURTH_STEP, i);
  }
  return { jacobian: new Tensor([rows, columns], "float64", numbers), evaluations: subject.calls() };
}

/** Near ε^(1/5), the best step of the fourth-order formula; a power of two. */
const FOURTH_STEP = 2 ** -11;
