/**
 * Single operations, eager and compiled, each with the plain loop that does the same: what `bench beside` and
 * `bench --against` time.
 */

import { add, compile, concat, gather, mul, sigmoid, sum, tensor, type Tensor } from "@chainrule/autograd";
import { Random } from "@chainrule/nn";
import type { Case } from "../suite.ts";

/** An operation and a plain loop for it. */
export interface Operation extends Case {
  readonly plain: () => unknown;
}

const random = new Random(3);
const numbers = (count: number): Float64Array => Float64Array.from(random.uniformArray(count));

/** A case that is right where the two give the same numbers, up to the order of a sum. */
function operation(name: string, run: () => Tensor, plain: () => ArrayLike<number>): Operation {
  const validate = (): void => {
    const [got, expected] = [run().toTypedArray(), plain()];
    if (got.length !== expected.length)
      throw new Error(`${name}: ${got.length} numbers where ${expected.length} are right; nothing is timed`);
    for (let i = 0; i < got.length; i++) {
      const right = expected[i]!;
      if (!(Math.abs(got[i]! - right) <= 1e-6 * Math.abs(right)))
        throw new Error(`${name}: entry ${i} is ${got[i]!} where ${right} is right; nothing is timed`);
    }
  };
  return { name, units: 1, unit: "call", validate, run, plain };
}

function additions(count: number): Operation {
  const [a, b] = [Float32Array.from(numbers(count)), Float32Array.from(numbers(count))];
  const [x, y] = [tensor(a, { dtype: "float32" }) as Tensor, tensor(b, { dtype: "float32" }) as Tensor];
  return operation(
    `add of ${count} float32`,
    () => add(x, y),
    () => {
      const out = new Float32Array(count);
      for (let i = 0; i < count; i++) out[i] = a[i]! + b[i]!;
      return out;
    },
  );
}

function picks(rows: number, width: number, picked: number): Operation {
  const table = numbers(rows * width);
  const at = Int32Array.from(random.uniformArray(picked), (u) => Math.floor(u * rows));
  const [x, indices] = [tensor(table, { shape: [rows, width] }) as Tensor, tensor(at, { dtype: "int32" }) as Tensor];
  return operation(
    `gather of ${picked} rows of ${width} out of ${rows}`,
    () => gather(x, indices),
    () => {
      const out = new Float64Array(picked * width);
      for (let k = 0; k < picked; k++) {
        const [from, to] = [at[k]! * width, k * width];
        for (let i = 0; i < width; i++) out[to + i] = table[from + i]!;
      }
      return out;
    },
  );
}

function columnSums(rows: number, width: number): Operation {
  const table = numbers(rows * width);
  const x = tensor(table, { shape: [rows, width] }) as Tensor;
  return operation(
    `sum over the ${rows} rows of ${rows} × ${width}`,
    () => sum(x, 0),
    () => {
      const out = new Float64Array(width);
      for (let row = 0; row < rows; row++) for (let i = 0; i < width; i++) out[i]! += table[row * width + i]!;
      return out;
    },
  );
}

function compiledConcat(parts: number, rows: number, width: number): Operation {
  const tables = Array.from({ length: parts }, () => numbers(rows * width));
  const tensors = tables.map((table) => tensor(table, { shape: [rows, width] }) as Tensor);
  const f = compile((...xs: Tensor[]) => concat(xs as Tensor<[number, number]>[], 1) as Tensor, { threads: 1 });
  return operation(
    `compiled concat of ${parts} × [${rows}, ${width}] side by side`,
    () => f(...tensors),
    () => {
      const out = new Float64Array(parts * rows * width);
      for (let row = 0; row < rows; row++) {
        for (let part = 0; part < parts; part++) {
          const [table, from, to] = [tables[part]!, row * width, (row * parts + part) * width];
          for (let i = 0; i < width; i++) out[to + i] = table[from + i]!;
        }
      }
      return out;
    },
  );
}

function manyArguments(count: number): Operation {
  const lists = Array.from({ length: count }, () => numbers(3));
  const tensors = lists.map((list) => tensor(list) as Tensor);
  const f = compile((xs: readonly Tensor[]) => xs.map((x) => mul(x, 2) as Tensor), { threads: 1 });
  return operation(
    `compiled function of ${count} tensors of 3`,
    () => f(tensors)[count - 1]!,
    () => {
      const out = lists.map((list) => list.map((x) => 2 * x));
      return out[count - 1]!;
    },
  );
}

/**
 * A kernel of a quarter of a millisecond, on as many threads as there are; the plain side is the same program on one.
 */
function smallKernel(count: number): Operation {
  const x = tensor(numbers(count)) as Tensor;
  const f = (a: Tensor): Tensor => sigmoid(mul(a, 3)) as Tensor;
  const [all, one] = [compile(f), compile(f, { threads: 1 })];
  return operation(
    `compiled σ(3x) of ${count} float64 on all threads, beside one`,
    () => all(x),
    () => one(x).toTypedArray(),
  );
}

/** The operations, by what they do. */
export const operations: readonly Operation[] = [
  additions(1000),
  additions(1_000_000),
  picks(10_000, 1, 100_000),
  picks(1000, 8, 20_000),
  picks(1000, 64, 10_000),
  columnSums(1000, 1000),
  columnSums(100_000, 10),
  columnSums(100_000, 3),
  columnSums(10, 100_000),
  compiledConcat(4, 1000, 32),
  compiledConcat(2, 4000, 3),
  manyArguments(500),
  manyArguments(5000),
  smallKernel(50_000),
  smallKernel(100_000),
];
