/** Numbers with a shape, as people hand them in and as their kernels take them. */

import { ArgumentError, tensor, type Tensor } from "@chainrule/autograd";

/** Numbers in row-major order. */
export interface Numbers {
  readonly data: Float64Array;
  readonly shape: readonly number[];
}

/** How a kernel takes its arguments: nested arrays, `{ data, shape }`, or the same with `strides` and `offset`. */
export type Layout = "nested" | "flat" | "strided";

/** Holds what a kernel of layout `"strided"` takes: entry (i, j) lies at `offset + i * strides[0] + j * strides[1]`. */
export interface Strided extends Numbers {
  readonly strides: readonly number[];
  readonly offset: number;
}

export const countOf = (shape: readonly number[]): number => shape.reduce((product, size) => product * size, 1);

export const showShape = (shape: readonly number[]): string => (shape.length === 0 ? "a scalar" : shape.join("×"));

export const sameShape = (a: readonly number[], b: readonly number[]): boolean =>
  a.length === b.length && a.every((size, k) => size === b[k]);

/** The steps between neighbors along each axis in row-major order. */
export function stridesOf(shape: readonly number[]): number[] {
  const strides = new Array<number>(shape.length).fill(1);
  for (let axis = shape.length - 2; axis >= 0; axis--) strides[axis] = strides[axis + 1]! * shape[axis + 1]!;
  return strides;
}

/** The position along each axis of an entry. */
export const positionOf = (index: number, shape: readonly number[]): number[] =>
  stridesOf(shape).map((stride, axis) => Math.floor(index / stride) % shape[axis]!);

/** The index of the entry at a position. */
export const indexOf = (at: readonly number[], shape: readonly number[]): number =>
  at.reduce((index, i, axis) => index * shape[axis]! + i, 0);

const isTyped = (value: unknown): value is Float64Array | Float32Array =>
  value instanceof Float64Array || value instanceof Float32Array || value instanceof Int32Array;

const isTensor = (value: unknown): value is Tensor =>
  typeof value === "object" && value !== null && "toTypedArray" in value && "shape" in value;

/** Returns what somebody handed in as numbers with a shape; `null` where it is nothing of the kind. */
export function read(value: unknown, shapeWanted?: readonly number[]): Numbers | null {
  if (typeof value === "number") return { data: Float64Array.of(value), shape: [] };
  if (isTensor(value)) return { data: Float64Array.from(value.toTypedArray()), shape: value.shape };
  if (isTyped(value)) {
    const data = Float64Array.from(value);
    // A flat array of the right length can only mean the shape that is needed.
    return {
      data,
      shape: shapeWanted !== undefined && countOf(shapeWanted) === data.length ? shapeWanted : [data.length],
    };
  }
  if (Array.isArray(value)) return readNested(value);
  if (typeof value === "object" && value !== null && "data" in value) {
    const { data, shape, strides, offset } = value as {
      readonly data: unknown;
      readonly shape?: unknown;
      readonly strides?: unknown;
      readonly offset?: unknown;
    };
    const flat = isTyped(data) || Array.isArray(data) ? Float64Array.from(data as ArrayLike<number>) : null;
    if (flat === null) return null;
    const sizes = Array.isArray(shape) ? (shape as number[]) : (shapeWanted ?? [flat.length]);
    if (Array.isArray(strides))
      return gathered(flat, sizes, strides as number[], typeof offset === "number" ? offset : 0);
    return countOf(sizes) === flat.length ? { data: flat, shape: sizes } : null;
  }
  return null;
}

function readNested(value: readonly unknown[]): Numbers | null {
  const parts = value.map((entry) => read(entry));
  const shape = parts[0] === undefined ? [] : (parts[0]?.shape ?? []);
  if (parts.some((part) => part === null || !sameShape(part.shape, shape))) return null;
  return { data: Float64Array.from(parts.flatMap((part) => Array.from(part!.data))), shape: [value.length, ...shape] };
}

function gathered(flat: Float64Array, shape: readonly number[], strides: readonly number[], offset: number): Numbers {
  const data = Float64Array.from(
    { length: countOf(shape) },
    (_, index) => flat[positionOf(index, shape).reduce((at, i, axis) => at + i * strides[axis]!, offset)]!,
  );
  return { data, shape };
}

/** The same, refusing by name what is no array of numbers. */
export function readOrRefuse(op: string, what: string, value: unknown): Numbers {
  const found = read(value);
  if (found === null)
    throw new ArgumentError({
      op,
      problem: `${what} is no rectangular array of numbers`,
      hint: "give nested arrays, a typed array, or { data, shape }",
    });
  return found;
}

/** Nested arrays of the shape; a number for a scalar. */
export function nested({ data, shape }: Numbers): unknown {
  const build = (axis: number, at: number, count: number): unknown => {
    if (axis === shape.length) return data[at]!;
    const inner = count / shape[axis]!;
    return Array.from({ length: shape[axis]! }, (_, i) => build(axis + 1, at + i * inner, inner));
  };
  return build(0, 0, data.length);
}

/** A fresh argument in the layout of a kernel. */
export function argument(x: Numbers, layout: Layout): unknown {
  if (layout === "nested") return nested(x);
  const flat = { data: x.data.slice(), shape: [...x.shape] };
  return layout === "flat" ? flat : { ...flat, strides: stridesOf(x.shape), offset: 0 };
}

/** The numbers as a tensor. */
export const toTensor = ({ data, shape }: Numbers): Tensor => tensor(data, { shape });

/** The numbers of a tensor. */
export const fromTensor = (x: Tensor): Numbers => ({ data: Float64Array.from(x.toTypedArray()), shape: x.shape });

/** f of every entry. */
export const map = ({ shape, data }: Numbers, f: (x: number, i: number) => number): Numbers => ({
  shape,
  data: data.map(f),
});

/** The numbers multiplied by c. */
export const scaled = (c: number, x: Numbers): Numbers => map(x, (entry) => c * entry);
export const zero = (x: Numbers): Numbers => map(x, () => 0);
export const plus = (a: Numbers, b: Numbers): Numbers => map(a, (x, i) => x + b.data[i]!);
export const minus = (a: Numbers, b: Numbers): Numbers => map(a, (x, i) => x - b.data[i]!);

/** Rows become columns; of a matrix alone. */
export function transposed({ data, shape }: Numbers): Numbers {
  const [rows, cols] = shape as readonly [number, number];
  return {
    shape: [cols, rows],
    data: Float64Array.from(data, (_, i) => data[(i % rows) * cols + Math.floor(i / rows)]!),
  };
}

/** Σ a b */
export function inner(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += a[i]! * b[i]!;
  return sum;
}

/** The largest |x|; NaN where one is NaN. */
export function largest(data: Float64Array): number {
  let most = 0;
  for (const x of data) most = Math.max(most, Math.abs(x));
  return most;
}

/** True if two arrays have the same bits, up to the sign of zero. */
export const identical = (a: Numbers, b: Numbers): boolean =>
  sameShape(a.shape, b.shape) &&
  a.data.every((x, i) => x === b.data[i] || (Number.isNaN(x) && Number.isNaN(b.data[i])));
