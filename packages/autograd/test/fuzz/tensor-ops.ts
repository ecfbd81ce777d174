/** The operations of the tensor fuzz: each as the library does it and as the sheet of dual numbers writes it out. */

import {
  abs,
  add,
  broadcastTo,
  clip,
  concat,
  div,
  erf,
  exp,
  flip,
  gather,
  greater,
  logSoftmax,
  logSumExp,
  matmul,
  max,
  maximum,
  mean,
  minimum,
  mul,
  neg,
  norm,
  pad,
  prod,
  relu,
  reshape,
  scatterAdd,
  sigmoid,
  sin,
  slice,
  softmax,
  softplus,
  stack,
  stopGradient,
  sub,
  sum,
  tanh,
  transpose,
  variance,
  where,
  min,
  type Tensor,
} from "../../src/index.ts";
import * as arrays from "../oracles/arrays.ts";
import { broadcastShape, reduce, sizeOf, type NDArray } from "../oracles/arrays.ts";
import type { OperationName } from "../oracles/dual.ts";
import type { Sheet } from "./written-out.ts";

type Shape = readonly number[];

/** An operation fitted to the shapes of its operands. */
export interface Fitted {
  readonly library: (x: readonly Tensor[]) => Tensor;
  readonly written: (x: readonly NDArray[], sheet: Sheet) => NDArray;
}

export interface TensorOperation {
  readonly name: string;
  readonly arity: number;
  /** Fits the operation to the shapes, `choice` settling what they leave open; `null` where it does not apply. */
  fit(shapes: readonly Shape[], choice: number): Fitted | null;
}

/** More entries than that make a graph slow to write out and no more telling. */
const LARGEST = 16;

const broadcasts = (shapes: readonly Shape[]): boolean => {
  try {
    return sizeOf(broadcastShape(...shapes)) <= LARGEST;
  } catch (error) {
    if (error instanceof RangeError) return false;
    throw error;
  }
};

const entrywise = (
  name: OperationName,
  arity: number,
  library: (...x: Tensor[]) => Tensor,
  params: readonly number[] = [],
): TensorOperation => ({
  name,
  arity,
  fit: (shapes) =>
    broadcasts(shapes)
      ? { library: (x) => library(...x), written: (x, sheet) => sheet.entrywise(name, x, params) }
      : null,
});

/** A reduction of one axis or of all, keeping it or not. */
const reduction = (
  name: string,
  library: (x: Tensor, axis: number | undefined, options: { keepDims: boolean }) => Tensor,
  written: (places: readonly number[], sheet: Sheet) => number,
  accepts: (count: number) => boolean = () => true,
): TensorOperation => ({
  name,
  arity: 1,
  fit([shape], choice) {
    const rank = shape!.length;
    const axis = choice % (rank + 1) === rank ? undefined : choice % (rank + 1);
    const keepDims = choice % 2 === 1;
    if (!accepts(axis === undefined ? sizeOf(shape!) : shape![axis]!)) return null;
    return {
      library: ([x]) => library(x!, axis, { keepDims }),
      written: ([x], sheet) =>
        reduce((places) => written(places, sheet), x!, { ...(axis === undefined ? {} : { axes: axis }), keepDims }),
    };
  },
});

/** An operation that moves entries: the reference moves their places. */
const movement = (
  name: string,
  arity: number,
  fit: (
    shapes: readonly Shape[],
    choice: number,
  ) => { library: (x: readonly Tensor[]) => Tensor; moved: (x: readonly NDArray[]) => NDArray } | null,
): TensorOperation => ({
  name,
  arity,
  fit(shapes, choice) {
    const fitted = fit(shapes, choice);
    return fitted === null ? null : { library: fitted.library, written: (x) => fitted.moved(x) };
  },
});

const rotated = (shape: Shape): number[] => shape.map((_, axis) => (axis + 1) % shape.length);
const some = (count: number): boolean => count > 0;
const pair = (count: number): boolean => count === 1 || count === 2;

export const operations: readonly TensorOperation[] = [
  entrywise("sin", 1, sin),
  entrywise("tanh", 1, tanh),
  entrywise("sigmoid", 1, sigmoid),
  entrywise("softplus", 1, softplus),
  entrywise("exp", 1, exp),
  entrywise("neg", 1, neg),
  entrywise("abs", 1, abs),
  entrywise("relu", 1, relu),
  entrywise("erf", 1, erf),
  entrywise("detach", 1, stopGradient),
  entrywise("clip", 1, (x) => clip(x, -1, 2), [-1, 2]),
  ...[1, 2].map(() => entrywise("add", 2, (a, b) => add(a, b))),
  entrywise("sub", 2, (a, b) => sub(a, b)),
  ...[1, 2].map(() => entrywise("mul", 2, (a, b) => mul(a, b))),
  entrywise("div", 2, (a, b) => div(a, b)),
  entrywise("maximum", 2, (a, b) => maximum(a, b)),
  entrywise("minimum", 2, (a, b) => minimum(a, b)),
  entrywise("whereGreater", 4, (a, b, c, d) => where(greater(a, b), c, d)),
  ...[1, 2].map(() =>
    reduction(
      "sum",
      (x, axis, options) => sum(x, axis, options),
      (places, sheet) => sheet.sum(places),
    ),
  ),
  reduction(
    "mean",
    (x, axis, options) => mean(x, axis, options),
    (places, sheet) => sheet.mean(places),
    some,
  ),
  reduction(
    "prod",
    (x, axis, options) => prod(x, axis, options),
    (places, sheet) => sheet.fold("mul", places, 1),
  ),
  // A tie of three would be shared otherwise by a chain of binary maxima.
  reduction(
    "max",
    (x, axis, options) => max(x, axis, options),
    ([a, b], sheet) => (b === undefined ? a! : sheet.scalar("maximum", [a!, b])),
    pair,
  ),
  reduction(
    "min",
    (x, axis, options) => min(x, axis, options),
    ([a, b], sheet) => (b === undefined ? a! : sheet.scalar("minimum", [a!, b])),
    pair,
  ),
  reduction(
    "variance",
    (x, axis, options) => variance(x, axis, options),
    (places, sheet) => sheet.variance(places),
    some,
  ),
  reduction(
    "norm",
    (x, axis, options) => norm(x, axis, options),
    (places, sheet) => sheet.norm(places),
    some,
  ),
  reduction(
    "logSumExp",
    (x, axis, options) => logSumExp(x, axis, options),
    (places, sheet) => sheet.scalar("log", [sheet.sumOfExponentials(places)]),
    some,
  ),
  ...[softmax, logSoftmax].map((f): TensorOperation => ({
    name: f.name,
    arity: 1,
    fit([shape], choice) {
      if (shape!.length === 0) return null;
      const axis = choice % shape!.length;
      return { library: ([x]) => f(x!, axis), written: ([x], sheet) => sheet.share(x!, axis, f === logSoftmax) };
    },
  })),
  ...[0, 1, 2, 3].map((flags): TensorOperation => ({
    name: `matmul ${flags}`,
    arity: 2,
    fit([a, b]) {
      const left = flags % 2 === 1 && a!.length > 1;
      const right = flags > 1 && b!.length > 1;
      const turn = (x: NDArray): NDArray => {
        const rank = x.shape.length;
        return arrays.transpose(
          x,
          x.shape.map((_, axis) => (axis < rank - 2 ? axis : 2 * rank - 3 - axis)),
        );
      };
      const facing = (shape: Shape, turned: boolean, side: number): number =>
        shape.length === 1 ? shape[0]! : shape.at(turned ? -3 - side : side)!;
      if (a!.length === 0 || b!.length === 0 || facing(a!, left, -1) !== facing(b!, right, -2)) return null;
      if (!broadcasts([a!.slice(0, -2), b!.slice(0, -2)]) || sizeOf(a!) * sizeOf(b!) > 6 * LARGEST) return null;
      return {
        library: ([x, y]) => matmul(x!, y!, { transposeA: left, transposeB: right }),
        written: ([x, y], sheet) => sheet.matmul(left ? turn(x!) : x!, right ? turn(y!) : y!),
      };
    },
  })),
  {
    name: "scatterAdd",
    arity: 2,
    fit([a, b], choice) {
      if (a!.length === 0 || a![0] === 0 || a!.slice(1).join() !== b!.slice(1).join() || b!.length !== a!.length)
        return null;
      const positions = Array.from({ length: b![0]! }, (_, k) => (choice + k * k) % a![0]!);
      return {
        library: ([x, y]) => scatterAdd(x!, positions, y!),
        written: ([x, y], sheet) => sheet.scatterAdd(x!, positions, y!),
      };
    },
  },
  movement("transpose", 1, ([shape], choice) => {
    const permutation = choice % 2 === 0 ? rotated(shape!) : shape!.map((_, axis) => shape!.length - 1 - axis);
    return { library: ([x]) => transpose(x!, permutation), moved: ([x]) => arrays.transpose(x!, permutation) };
  }),
  movement("reshape", 1, ([shape], choice) => {
    const size = sizeOf(shape!);
    const to = [[size], [1, size], [size, 1], [...shape!].reverse(), size % 2 === 0 ? [2, size / 2] : [size]][
      choice % 5
    ]!;
    return { library: ([x]) => reshape(x!, to), moved: ([x]) => arrays.reshape(x!, to) };
  }),
  movement("broadcastTo", 1, ([shape], choice) => {
    const to = [[2, ...shape!], shape!.map((n) => (n === 1 ? 3 : n)), [0, ...shape!]][
      choice % 8 === 7 ? 2 : choice % 2
    ]!;
    return sizeOf(to) > LARGEST
      ? null
      : { library: ([x]) => broadcastTo(x!, to), moved: ([x]) => arrays.broadcastTo(x!, to) };
  }),
  movement("slice", 1, ([shape], choice) => {
    const starts = shape!.map((n, axis) => Math.min(n, (choice >> axis) % 2));
    const steps = shape!.map((_, axis) => 1 + ((choice >> (axis + 2)) % 2));
    return {
      library: ([x]) => slice(x!, starts, [], steps),
      moved: ([x]) => arrays.slice(x!, starts, undefined, steps),
    };
  }),
  movement("flip", 1, ([shape], choice) => {
    const axis = shape!.length === 0 ? undefined : choice % shape!.length;
    return { library: ([x]) => flip(x!, axis), moved: ([x]) => arrays.flip(x!, axis) };
  }),
  movement("gather", 1, ([shape], choice) => {
    if (shape!.length === 0) return null;
    const axis = choice % shape!.length;
    const size = shape![axis]!;
    const picked = size === 0 ? [] : Array.from({ length: 1 + (choice % 3) }, (_, k) => (choice + k * k) % size);
    if (sizeOf(shape!) * picked.length > LARGEST * Math.max(1, size)) return null;
    return {
      library: ([x]) => gather(x!, picked, axis),
      moved: ([x]) => arrays.gather(x!, arrays.array([picked.length], picked), axis),
    };
  }),
  movement("stack", 2, ([a, b], choice) => {
    if (a!.join() !== b!.join() || a!.length !== b!.length || 2 * sizeOf(a!) > LARGEST) return null;
    const axis = choice % (a!.length + 1);
    return { library: ([x, y]) => stack([x!, y!], axis), moved: ([x, y]) => arrays.stack([x!, y!], axis) };
  }),
  movement("concat", 2, ([a, b], choice) => {
    const axis = a!.length === 0 ? 0 : choice % a!.length;
    const others = (shape: Shape): string => shape.filter((_, at) => at !== axis).join();
    if (a!.length === 0 || a!.length !== b!.length || others(a!) !== others(b!) || sizeOf(a!) + sizeOf(b!) > LARGEST)
      return null;
    return { library: ([x, y]) => concat([x!, y!], axis), moved: ([x, y]) => arrays.concat([x!, y!], axis) };
  }),
  {
    name: "pad",
    arity: 1,
    fit([shape], choice) {
      const before = shape!.map((_, axis) => (choice >> axis) % 2);
      const after = shape!.map((_, axis) => (choice >> (axis + 1)) % 2);
      if (sizeOf(shape!.map((n, axis) => n + before[axis]! + after[axis]!)) > LARGEST) return null;
      const value = choice % 3;
      return {
        library: ([x]) => pad(x!, before, after, value),
        written: ([x], sheet) => arrays.pad(x!, before, after, sheet.number(value)),
      };
    },
  },
];
