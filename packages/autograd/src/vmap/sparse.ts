/** sparseJacobian: of a Jacobian that is mostly 0, many columns or rows from one direction or seed. */

import { ArgumentError, DTypeError, GraphError, isAutogradError, ShapeError } from "../errors.ts";
import { allocate, isFloat } from "../graph/dtype.ts";
import { elementsOf } from "../graph/read.ts";
import { countOf } from "../graph/shape.ts";
import { isTensor, Tensor } from "../graph/tensor.ts";
import { tracing } from "../graph/tracing.ts";
import { checkOptions, describe, option, refuseExtra, type OptionKind, type OptionKinds } from "../options.ts";
import { zeros } from "../graph/create.ts";
import { stack } from "../ops/assembly.ts";
import { asTensor } from "../ops/elementwise.ts";
import { reshapeTo } from "../ops/layout.ts";
import { gather, scatterAdd } from "../ops/selection.ts";
import type { Sets } from "../primitives/dependence.ts";
import { linearize, vjp } from "../transforms/products.ts";
import { checkFunction } from "../transforms/trace.ts";
import type { Shape } from "../types/shape.ts";
import { colorColumns, transposed, type Coloring } from "./coloring.ts";
import { patternOf } from "./pattern.ts";
import { vmap } from "./vmap.ts";

/** The places of a matrix's entries, in compressed rows. */
export interface SparsePattern {
  /** The place where each row begins among the columns, and at the end how many there are: one more than rows. */
  readonly rows: ArrayLike<number>;
  /** The columns of each row, one behind the other. */
  readonly columns: ArrayLike<number>;
}

/** A sparse matrix in compressed rows: what is not said is 0. */
export class SparseMatrix implements SparsePattern {
  readonly shape: readonly [rows: number, columns: number];
  readonly rows: Int32Array;
  readonly columns: Int32Array;
  /** The number at each of the columns, through which derivatives pass. */
  readonly values: Tensor<[number]>;
  /** How many directions, or seeds, were needed. */
  readonly colors: number;

  /** @internal Made by `sparseJacobian`. */
  constructor(columnCount: number, { starts, items }: Sets, values: Tensor, colors: number) {
    this.shape = [starts.length - 1, columnCount];
    this.rows = starts;
    this.columns = items;
    this.values = values as Tensor<[number]>;
    this.colors = colors;
  }

  /** The matrix with all of its zeros. */
  toDense(): Tensor<[number, number]> {
    const [m, n] = this.shape;
    const places = placesOf({ starts: this.rows, items: this.columns }, (row, column) => row * n + column);
    const flat = scatterAdd(zeros([m * n], { dtype: this.values.dtype }), places, this.values);
    return reshapeTo(flat, [m, n]) as Tensor<[number, number]>;
  }
}

/** Options for what is known of the Jacobian, and how it is to be found. */
export interface SparseJacobianOptions {
  /**
   * The places where it may be other than 0, as a matrix that was found before. Where nothing is said, the function is
   * traced for it at each call.
   */
  readonly pattern?: SparsePattern;
  /** Directions forward or seeds in reverse; whichever are fewer, where nothing is said. */
  readonly mode?: "forward" | "reverse";
}

const pattern: OptionKind = {
  takes: "rows and columns in compressed form, or a matrix that was found before",
  type: "object",
  accepts: (value) => typeof value === "object" && value !== null && "rows" in value && "columns" in value,
  Refusal: ArgumentError,
};
const kinds: OptionKinds<SparseJacobianOptions> = { pattern, mode: option.oneOf("forward", "reverse") };
const call = "sparseJacobian(f, { pattern, mode }), and then the function that it gives with the arguments";

/**
 * The Jacobian of a function of one tensor whose result depends on few entries at a time, as in a band, a stencil or a
 * chain. Where it may be other than 0 is found by tracing `f`; columns that share no row (or rows that share no column)
 * are found from one direction (or seed), and all of these in one sweep of a batch.
 *
 * @param f - takes a tensor, and what it is to hold constant behind it; gives a tensor
 * @param options - `pattern`, `mode`
 * @returns a function of the same arguments that gives the Jacobian in compressed rows, its entries counted through the
 * memory of argument and result
 * @throws ShapeError, ArgumentError for a pattern that does not fit; GraphError: `PATTERN` for one that misses an
 * entry, as a direction drawn at random shows; `TRACED` where `f` reads numbers, and no pattern is given
 *
 * @example
 * const differences = (x: Tensor) => sub(slice(x, [1]), slice(x, [0], [-1])).pow(2)
 * const j = sparseJacobian(differences)(tensor([1, 2, 4, 7]))
 * [...j.rows] // => [0, 2, 4, 6]
 * [...j.columns] // => [0, 1, 1, 2, 2, 3]
 * j.values.toArray() // => [-2, 2, -4, 4, -6, 6]
 * j.colors // => 2
 */
export function sparseJacobian<S extends Shape, Rest extends readonly unknown[] = []>(
  f: (x: Tensor<S>, ...rest: Rest) => Tensor,
  options?: SparseJacobianOptions,
): (x: Tensor<S>, ...rest: Rest) => SparseMatrix;
export function sparseJacobian(
  f: (x: never, ...rest: never[]) => Tensor,
  options?: SparseJacobianOptions,
  extra?: unknown,
): (x: Tensor, ...rest: never[]) => SparseMatrix {
  checkFunction("sparseJacobian", f);
  refuseExtra("sparseJacobian", extra, call);
  const { pattern: given, mode } = checkOptions("sparseJacobian", options, kinds, { call });
  return (argument, ...rest) => {
    const x = asTensor("sparseJacobian", argument);
    if (!isFloat(x.dtype))
      throw new DTypeError({
        op: "sparseJacobian",
        problem: `the argument is ${x.dtype}, which has no derivative`,
        hint: "cast it to float64",
      });
    const run = (y: Tensor): Tensor => checkResult(f(y as never, ...rest));
    const n = countOf(x.shape);
    const found = given === undefined ? patternOf("sparseJacobian", run, x) : null;
    const sets = found ?? readPattern(given!, n);
    return compressed(run, x, sets, mode, found === null && tracing() === null);
  };
}

function checkResult(y: unknown): Tensor {
  if (isTensor(y) && isFloat(y.dtype)) return y;
  const problem = `the function gives ${isTensor(y) ? y.dtype : describe(y)}`;
  throw new ArgumentError({ op: "sparseJacobian", problem, hint: "return one tensor of floats" });
}

/** A pattern of the caller, checked against itself and the number of columns. */
function readPattern({ rows, columns }: SparsePattern, count: number): Sets {
  const [starts, items] = [Int32Array.from(rows), Int32Array.from(columns)];
  const refuse = (problem: string): never => {
    const hint = "rows say where each row begins among the columns, and end with how many these are";
    throw new ShapeError({ op: "sparseJacobian", problem: `the pattern ${problem}`, hint });
  };
  if (starts[0] !== 0 || starts.at(-1) !== items.length)
    refuse(`begins with ${starts[0]} and ends with ${starts.at(-1)} for ${items.length} columns`);
  for (let row = 0; row + 1 < starts.length; row++) {
    const own = items.subarray(starts[row]!, starts[row + 1]!);
    if (starts[row + 1]! < starts[row]!) refuse(`has row ${row} end before it begins`);
    const outside = own.find((column) => !(column >= 0 && column < count));
    if (outside !== undefined) refuse(`has column ${outside} in row ${row}, and the argument has ${count} entries`);
    if (new Set(own).size < own.length) refuse(`has a column twice in row ${row}`);
  }
  return { starts, items };
}

/** Sums of columns that share no row, or of rows that share no column, and the entries picked from these. */
function compressed(
  f: (x: Tensor) => Tensor,
  x: Tensor,
  sets: Sets,
  mode: "forward" | "reverse" | undefined,
  isProbed: boolean,
): SparseMatrix {
  const [m, n] = [sets.starts.length - 1, countOf(x.shape)];
  const forward = mode === "reverse" ? null : colorColumns(sets, n);
  const reverse = mode === "forward" ? null : colorColumns(transposed(sets, n), m);
  const isForward = reverse === null || (forward !== null && forward.count <= reverse.count);
  const { value, along } = isForward ? pushed(f, x) : pulled(f, x);
  if (countOf(value.shape) !== m)
    throw new ShapeError({
      op: "sparseJacobian",
      problem: `the pattern has ${m} rows, and the function gives ${countOf(value.shape)} entries`,
      hint: "give a row for each entry of the result",
      shapes: [value.shape],
    });
  const coloring = isForward ? forward! : reverse;
  const from = isForward ? x : value;
  const matrixOf = (values: Tensor): SparseMatrix => {
    const matrix = new SparseMatrix(n, sets, values, coloring.count);
    if (isProbed) probe(along, from, matrix, isForward);
    return matrix;
  };
  if (sets.items.length === 0) return matrixOf(zeros([0], { dtype: x.dtype }));
  const sums = atOnce(along, seedsOf(coloring, from), coloring.count);
  const { colors } = coloring;
  const width = isForward ? m : n;
  const places = placesOf(sets, (row, column) =>
    isForward ? colors[column]! * width + row : colors[row]! * width + column,
  );
  return matrixOf(gather(reshapeTo(sums, [coloring.count * width]), places));
}

interface Linear {
  readonly value: Tensor;
  readonly along: (t: Tensor) => Tensor;
}

function pushed(f: (x: Tensor) => Tensor, x: Tensor): Linear {
  const { value, pushforward } = linearize(f, x as never) as { value: Tensor; pushforward: (t: Tensor) => Tensor };
  return { value, along: pushforward };
}

function pulled(f: (x: Tensor) => Tensor, x: Tensor): Linear {
  const { value, pullback } = vjp(f, x as never) as unknown as { value: Tensor; pullback: (g: Tensor) => [Tensor] };
  return { value, along: (g) => pullback(g)[0] };
}

/** For each color a direction: 1 at its entries, and nothing asked of the others. */
function seedsOf({ colors, count }: Coloring, { shape, dtype }: Tensor): Tensor {
  const size = colors.length;
  const numbers = allocate(dtype, count * size).fill(-0);
  for (let k = 0; k < size; k++) numbers[colors[k]! * size + k] = 1;
  return new Tensor([count, ...shape], dtype, numbers);
}

/** All directions in one sweep; one by one where a rule by hand reads numbers. */
function atOnce(along: (t: Tensor) => Tensor, seeds: Tensor, count: number): Tensor {
  try {
    return vmap(along as never)(seeds as never) as unknown as Tensor;
  } catch (error) {
    if (!isAutogradError(error) || error.code !== "TRACED") throw error;
    return stack(Array.from({ length: count }, (_, k) => along(seeds.at(k))) as never) as Tensor;
  }
}

/** A number for each entry of a pattern. */
function placesOf({ starts, items }: Sets, of: (row: number, column: number) => number): Tensor {
  const places = new Int32Array(items.length);
  for (let row = 0; row + 1 < starts.length; row++)
    for (let k = starts[row]!; k < starts[row + 1]!; k++) places[k] = of(row, items[k]!);
  return new Tensor([items.length], "int32", places);
}

/** Compares with one sweep along a direction, or from a seed, which sees entries that the pattern does not have. */
function probe(
  along: (t: Tensor) => Tensor,
  { shape, dtype }: Tensor,
  { rows, columns, values }: SparseMatrix,
  isForward: boolean,
): void {
  let state = 0x2545f491;
  const direction = allocate(dtype, countOf(shape)).map(() => {
    state = (Math.imul(state ^ (state >>> 15), 0x2c1b3c6d) + 0x9e3779b9) | 0;
    return 0.5 + (state >>> 0) / 2 ** 32;
  });
  const found = elementsOf(along(new Tensor(shape, dtype, shape.length === 0 ? direction[0]! : direction)));
  const numbers = elementsOf(values);
  const sums = new Float64Array(found.length);
  const sizes = Float64Array.from(found, Math.abs);
  for (let row = 0; row + 1 < rows.length; row++)
    for (let k = rows[row]!; k < rows[row + 1]!; k++) {
      const [to, from] = isForward ? [row, columns[k]!] : [columns[k]!, row];
      const term = numbers[k]! * direction[from]!;
      sums[to]! += term;
      sizes[to]! += Math.abs(term);
    }
  const tolerance = dtype === "float32" ? 1e-4 : 1e-9;
  const at = sums.findIndex((sum, k) => Math.abs(sum - found[k]!) > tolerance * sizes[k]!);
  if (at < 0) return;
  const line = isForward ? "row" : "column";
  throw new GraphError({
    op: "sparseJacobian",
    problem: `the pattern misses an entry of ${line} ${at}: there a random direction gives ${found[at]!}, and the entries of the pattern ${sums[at]!}`,
    hint: "let the pattern be found: leave it out",
    code: "PATTERN",
  });
}
