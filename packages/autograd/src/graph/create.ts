/** Tensors from numbers: data, constant fills, ranges, the identity matrix. */

import { ArgumentError, DTypeError, ShapeError, showShape } from "../errors.ts";
import { checkOptions, describe, option, refuseExtra, type OptionKinds } from "../options.ts";
import type { NestedNumbers, ShapeOf } from "../types/nested.ts";
import type { Guard, Mutable, Result, Shape } from "../types/shape.ts";
import { readData, type NumbersInMemory } from "./data.ts";
import { allocate, checkDType, dtypeOption, holds, isFloat, store, type DType } from "./dtype.ts";
import { refuseForeign } from "./foreign.ts";
import { recordVariable } from "./record.ts";
import { refuseNumber } from "./refusals.ts";
import { checkShape, countOf, SCALAR, WEAK } from "./shape.ts";
import { isTensor, Tensor } from "./tensor.ts";
import { allocateUnwritten } from "./unwritten.ts";

/** So many numbers are copied one by one. */
const SHORT = 32;

/** How a new tensor holds its numbers. */
export interface TensorOptions {
  /** The type of number; `"float64"` where nothing is said, `"bool"` for true and false. */
  readonly dtype?: DType;
  /** True if `backward()` leaves a gradient in `.grad`. */
  readonly requiresGrad?: boolean;
}

const tensorKinds: OptionKinds<TensorOptions> = { dtype: dtypeOption, requiresGrad: option.flag };
const dataKinds: OptionKinds<TensorOptions & { readonly shape?: Shape }> = {
  ...tensorKinds,
  shape: option.checkedLater,
};

/** The options of a function that makes a tensor. */
function readOptions(
  op: string,
  options: TensorOptions | undefined,
  extra: unknown,
  call: string,
): TensorOptions | undefined {
  if (extra !== undefined) refuseExtra(op, extra, call);
  return options === undefined ? undefined : checkOptions(op, options, tensorKinds, { call });
}

function finish<S extends Shape>(x: Tensor<S>, options: TensorOptions | undefined): Tensor<S> {
  if (options?.requiresGrad !== true) return x;
  if (!isFloat(x.dtype)) {
    throw new DTypeError({
      op: "tensor",
      problem: `requiresGrad on ${x.dtype}`,
      hint: "only float64 and float32 have derivatives",
    });
  }
  return recordVariable(x) as Tensor<S>;
}

/** A number that the type does not have would be another number afterwards. */
function refuseOthers(op: string, numbers: ArrayLike<number>, dtype: DType): void {
  if (isFloat(dtype)) return;
  for (let i = 0; i < numbers.length; i++) {
    if (holds(dtype, numbers[i]!)) continue;
    const hint = dtype === "bool" ? "give true and false, or compare: notEqual(x, 0)" : 'round it, or keep "float64"';
    throw new DTypeError({ op, problem: `${numbers[i]!} at entry ${i} is no ${dtype}`, hint });
  }
}

/**
 * A tensor of the given numbers: one number, nested arrays, or a typed array with a shape. The numbers are copied.
 *
 * @param value - a number, true or false, nested arrays of them of equal length, or a typed array, of which a
 * Float32Array gives float32, an Int32Array int32 and any other float64, where `dtype` does not say otherwise
 * @param options - `dtype`, `requiresGrad`, and `shape` where the data is flat
 * @returns a tensor of the nested shape, or of `shape`
 * @throws ShapeError for ragged rows or data that does not fill `shape`; ArgumentError for entries that are no numbers
 *
 * @example
 * tensor([[1, 2], [3, 4]]).shape // => [2, 2]
 */
export function tensor<const V extends NestedNumbers>(
  value: V & Guard<ShapeOf<V>>,
  options?: TensorOptions,
): Tensor<Result<ShapeOf<V>>>;
export function tensor<const S extends Shape>(
  value: ArrayLike<number> & { readonly BYTES_PER_ELEMENT?: number },
  options: TensorOptions & { readonly shape: S },
): Tensor<Mutable<S>>;
export function tensor(value: NumbersInMemory, options?: TensorOptions): Tensor<[number]>;
export function tensor(value: unknown, options?: TensorOptions & { readonly shape?: Shape }, extra?: unknown): Tensor {
  if (options === undefined && extra === undefined) {
    if (typeof value === "number") return new Tensor(SCALAR, "float64", value);
  } else {
    const call = "tensor(value, { dtype, requiresGrad, shape })";
    refuseExtra("tensor", extra, call);
    checkOptions("tensor", options, dataKinds, { call });
  }
  if (isTensor(value)) {
    throw new ArgumentError({
      op: "tensor",
      problem: "the value is a tensor already",
      hint: "use it as it is, or cast(x, dtype)",
    });
  }
  const { numbers, shape, dtype } = readData(value);
  const to = options?.dtype === undefined ? dtype : checkDType("tensor", options.dtype);
  return fromNumbers("tensor", numbers, options?.shape ?? shape, to, options);
}

/** A tensor of numbers in row-major order, made in the name of `op`. */
function fromNumbers(
  op: string,
  numbers: ArrayLike<number>,
  shape: Shape,
  dtype: DType,
  options: TensorOptions | undefined,
): Tensor {
  const checked = checkShape(op, shape);
  const count = countOf(checked);
  if (count !== numbers.length) {
    throw new ShapeError({
      op,
      problem: `${numbers.length} numbers do not fill the shape ${showShape(checked)}, which holds ${count}`,
      hint: "change the shape or the data",
      shapes: [checked],
    });
  }
  refuseOthers(op, numbers, dtype);
  if (checked.length === 0) return finish(new Tensor(SCALAR, dtype, store(dtype, numbers[0]!)), options);
  const elements = allocate(dtype, count);
  // The memory's own method takes longer to call than a short list to copy.
  if (count > SHORT || ArrayBuffer.isView(numbers)) elements.set(numbers);
  else for (let i = 0; i < count; i++) elements[i] = numbers[i]!;
  return finish(new Tensor(checked, dtype, elements), options);
}

/**
 * A tensor that repeats one number.
 *
 * @example
 * full([2], 7).toArray() // => [7, 7]
 */
export function full<const S extends Shape>(shape: S, value: number, options?: TensorOptions): Tensor<Mutable<S>>;
export function full(shape: Shape, value: number, options?: TensorOptions, extra?: unknown): Tensor {
  return filled("full", shape, value, readOptions("full", options, extra, "full([rows, columns], value, { dtype })"));
}

/** A tensor of one number, made in the name of `op`. */
function filled<const S extends Shape>(
  op: string,
  shape: S,
  value: number,
  options: TensorOptions | undefined,
): Tensor<Mutable<S>> {
  const checked = checkShape(op, shape);
  const dtype = checkDType(op, options?.dtype ?? "float64");
  if (typeof value !== "number") {
    throw new ArgumentError({ op, problem: `the value is ${describe(value)}, not a number`, hint: "give one number" });
  }
  refuseOthers(op, [value], dtype);
  const made =
    checked.length === 0
      ? new Tensor(checked, dtype, store(dtype, value))
      : new Tensor(
          checked,
          dtype,
          Object.is(value, 0)
            ? allocate(dtype, countOf(checked))
            : allocateUnwritten(dtype, countOf(checked)).fill(store(dtype, value)),
        );
  return finish(made as Tensor as Tensor<Mutable<S>>, options);
}

/**
 * A tensor of zeros.
 *
 * @example
 * zeros([2, 2]).toArray() // => [[0, 0], [0, 0]]
 */
export function zeros<const S extends Shape>(shape: S, options?: TensorOptions): Tensor<Mutable<S>>;
export function zeros(shape: Shape, options?: TensorOptions, extra?: unknown): Tensor {
  return filled("zeros", shape, 0, readOptions("zeros", options, extra, "zeros([rows, columns], { dtype })"));
}

/**
 * A tensor of ones.
 *
 * @example
 * ones([3]).toArray() // => [1, 1, 1]
 */
export function ones<const S extends Shape>(shape: S, options?: TensorOptions): Tensor<Mutable<S>>;
export function ones(shape: Shape, options?: TensorOptions, extra?: unknown): Tensor {
  return filled("ones", shape, 1, readOptions("ones", options, extra, "ones([rows, columns], { dtype })"));
}

/**
 * The whole numbers from `start` up to but not including `end`.
 *
 * @example
 * arange(0, 4).toArray() // => [0, 1, 2, 3]
 */
export function arange(start: number, end: number, options?: TensorOptions): Tensor<[number]>;
export function arange(start: number, end: number, options?: TensorOptions, extra?: unknown): Tensor {
  const read = readOptions("arange", options, extra, "arange(start, end, { dtype }); steps: mul(arange(0, n), step)");
  for (const bound of [start, end] as unknown[]) {
    if (typeof bound !== "number")
      throw new ArgumentError({
        op: "arange",
        problem: `a bound is ${describe(bound)}, not a number`,
        hint: "give two finite numbers",
      });
  }
  const count = Math.max(0, Math.ceil(end - start));
  if (!Number.isFinite(count)) {
    throw new ArgumentError({
      op: "arange",
      problem: `no whole numbers from ${start} to ${end}`,
      hint: "give two finite numbers",
    });
  }
  const shape = checkShape("arange", [count]);
  const numbers = allocate("float64", count);
  for (let i = 0; i < count; i++) numbers[i] = start + i;
  return fromNumbers("arange", numbers, shape, checkDType("arange", read?.dtype ?? "float64"), read);
}

/**
 * The identity matrix of `size` rows.
 *
 * @example
 * eye(2).toArray() // => [[1, 0], [0, 1]]
 */
export function eye<const N extends number>(size: N, options?: TensorOptions): Tensor<[N, N]>;
export function eye(size: number, options?: TensorOptions, extra?: unknown): Tensor {
  const read = readOptions("eye", options, extra, "eye(size, { dtype }), which is square");
  const shape = checkShape("eye", [size, size]);
  const dtype = checkDType("eye", read?.dtype ?? "float64");
  const elements = allocate(dtype, countOf(shape));
  for (let i = 0; i < size; i++) elements[i * size + i] = 1;
  return finish(new Tensor(shape, dtype, elements), read);
}

/** Zeros of the shape and type of `x`: the cotangent or tangent of what nothing reached. */
export function zerosLike(x: Tensor): Tensor {
  return full(x.shape, 0, { dtype: x.dtype });
}

/** The same where no path leads: -0 marks what was dropped, and adds nothing to any sum. */
export function droppedLike(x: { readonly shape: Shape; readonly dtype: DType }): Tensor {
  return full(x.shape, -0, { dtype: x.dtype });
}

/** A number as a constant of the type of the tensor beside it; numbers are weakly typed. */
export function constantLike(op: string, value: number, dtype: DType): Tensor<[]> {
  if (typeof value !== "number") {
    refuseForeign(op, "an operand", value);
    throw new ArgumentError({
      op,
      problem: `an operand is ${value === null ? "null" : Array.isArray(value) ? "an array" : typeof value}, not a tensor or a number`,
      hint: "wrap data with tensor(…)",
    });
  }
  if (!holds(dtype, value)) throw refuseNumber({ op, line: null }, value, dtype);
  return new Tensor(dtype === "float64" ? WEAK : SCALAR, dtype, store(dtype, value));
}
