/** What the library gives for a random tensor graph against the same graph written out in dual numbers. */

import { hvp, jvp, sum, tensor, valueAndGrad, type Tensor } from "../../src/index.ts";
import { isComparable, type Dual } from "../oracles/dual.ts";
import type { Verdict } from "./runs.ts";
import { prepare, type TensorProgram } from "./tensor-program.ts";

const tensors = ({ leaves }: TensorProgram): Tensor[] =>
  leaves.map(({ shape, values }) => tensor([...values], { shape }));

const numbers = (list: readonly Tensor[]): number[] => list.flatMap((x) => [...x.toTypedArray()]);

/** Directions without a pattern, in the shapes of the leaves. */
const directions = ({ leaves }: TensorProgram): { readonly flat: number[]; readonly tensors: Tensor[] } => {
  let next = 0;
  const parts = leaves.map(({ values }) => values.map(() => ((next++ * 7) % 5) - 1.75));
  return { flat: parts.flat(), tensors: parts.map((part, k) => tensor(part, { shape: leaves[k]!.shape })) };
};

/** Sums in another order round otherwise; the bounds of the dual numbers count one order. */
const SLACK = 400;

const dot = (a: readonly number[], b: readonly number[]): number => a.reduce((total, x, i) => total + x * b[i]!, 0);

const differing = (
  what: string,
  actual: readonly number[],
  expected: readonly number[],
  bound: readonly number[],
  names: readonly string[],
): Verdict | null => {
  const k = expected.findIndex((e, i) => !(Math.abs(actual[i]! - e) <= bound[i]! + 1e-300));
  if (k < 0 && actual.length === expected.length) return null;
  return {
    difference: `${what}: ${actual.join()} instead of ${expected.join()} ± ${bound.join()} in ${names.join(", ")}`,
  };
};

const bounds = ({ gradientError, pathBound }: Dual): number[] =>
  gradientError.map((error, i) => SLACK * Number.EPSILON * (error + pathBound[i]!));

/** Terms that cancel in one order round by their size in another. */
const valueBound = ({ value, valueError, largest }: Dual): number =>
  SLACK * Number.EPSILON * (valueError + Math.abs(value)) + 4 * Number.EPSILON * largest;

/** Value, reverse gradient, and one derivative along a direction by forward mode. */
export const compareFirst = (program: TensorProgram): Verdict => {
  const { names, loss, expected } = prepare(program, 1);
  if (!isComparable(expected, 1e8)) return "discarded";
  const leaves = tensors(program);
  const { value, gradient } = valueAndGrad(loss)(leaves);
  const shares = gradient as Tensor[];
  if (shares.some((share, k) => share.shape.join() !== leaves[k]!.shape.join()))
    return { difference: "a gradient has another shape than its leaf" };
  const bound = bounds(expected);
  const { flat, tensors: tangents } = directions(program);
  const slopes = expected.gradient.slice(0, flat.length);
  const pushed = jvp(loss, [leaves], [tangents]).tangent.item();
  const allowed = dot(bound.slice(0, flat.length), flat.map(Math.abs));
  return (
    differing("value", [value.item()], [expected.value], [valueBound(expected)], names) ??
    differing("reverse gradient", numbers(shares), slopes, bound, names) ??
    differing("forward derivative", [pushed], [dot(slopes, flat)], [2 * allowed], names) ??
    "agrees"
  );
};

/** The Hessian times a direction, forward over reverse and reverse over reverse. */
export const compareSecond = (program: TensorProgram): Verdict => {
  const { names, loss, expected } = prepare(program, 2);
  if (!isComparable(expected, 1e4) || !expected.hessianFinite) return "discarded";
  const { flat, tensors: tangents } = directions(program);
  const k = flat.length;
  const rows = (list: readonly number[]): number[][] =>
    Array.from({ length: k }, (_, i) => list.slice(i * k, (i + 1) * k));
  const product = rows(expected.hessian!).map((row) => dot(row, flat));
  const scale = 1e-13 * Math.max(1, expected.largest) ** 2;
  const bound = rows(expected.hessianBound!).map((row) => dot(row, flat.map(Math.abs)) * 1e-11 + scale);
  const forwardOverReverse = numbers(hvp(loss as (x: Tensor[]) => Tensor)(tensors(program), tangents));
  const along = (leaves: readonly Tensor[]): Tensor =>
    (valueAndGrad(loss)(leaves).gradient as Tensor[])
      .map((share, i) => sum(share.mul(tangents[i]!)) as Tensor)
      .reduce((a, b) => a.add(b));
  const reverseOverReverse = numbers(valueAndGrad(along)(tensors(program)).gradient as Tensor[]);
  return (
    differing("Hessian times direction, forward over reverse", forwardOverReverse, product, bound, names) ??
    differing("Hessian times direction, reverse over reverse", reverseOverReverse, product, bound, names) ??
    "agrees"
  );
};
