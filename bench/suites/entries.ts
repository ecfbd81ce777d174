/**
 * Ops on the entries of tensors, in plain loops and in blocks of vectors: the same bits first, then nanoseconds an
 * entry in turns.
 */

import {
  add,
  exp,
  greater,
  mul,
  pow,
  relu,
  sigmoid,
  softmax,
  tanh,
  tensor,
  vjp,
  where,
  type DType,
  type Tensor,
} from "@chainrule/autograd";
import { Random } from "@chainrule/nn";
import { ElementwiseLoop, setWasmLoops } from "../../packages/autograd/src/kernels/elementwise.ts";
import { exp as exponential } from "../../packages/autograd/src/kernels/lanes/elementary.ts";
import { wasmBlocks } from "../../packages/autograd/src/backends/wasm/eager/loops.ts";
import { measure, timed, type Timed } from "../machine.ts";

const counts = [128, 256, 512, 2048, 131072];
const COLUMNS = 64;

/** One computation on tensors of so many entries. */
interface Work {
  readonly name: string;
  readonly run: () => Tensor;
}

function worksOf(count: number, dtype: DType, random: Random): readonly Work[] {
  const filled = (shape: readonly number[]): Tensor =>
    tensor(random.normalArray(shape.reduce((a, b) => a * b, 1)), { shape, dtype }) as Tensor;
  const [x, y] = [filled([count]), filled([count])];
  const [table, row, column] = [filled([count / COLUMNS, COLUMNS]), filled([COLUMNS]), filled([count / COLUMNS, 1])];
  const positive = greater(x, y);
  const gradientOf =
    (f: (a: Tensor) => Tensor): (() => Tensor) =>
    () =>
      vjp(f, x).pullback(y)[0] as Tensor;
  return [
    { name: "a + b", run: () => add(x, y) },
    { name: "rows + a row", run: () => add(table, row) },
    { name: "rows · a column", run: () => mul(table, column) },
    { name: "a > b", run: () => greater(x, y) },
    { name: "where(c, a, b)", run: () => where(positive, x, y) },
    { name: "exp", run: () => exp(x) },
    { name: "tanh", run: () => tanh(x) },
    { name: "relu, with its gradient", run: gradientOf(relu) },
    { name: "sigmoid, with its gradient", run: gradientOf(sigmoid) },
    { name: "softmax of rows", run: () => softmax(table) },
    { name: "pow(a, 1.5): the host's", run: () => pow(x, 1.5) },
  ];
}

let sink: unknown;

/**
 * Milliseconds to make the kernel of a function, with its first block: the median of some, the first of which are the
 * slowest.
 */
function makingOfKernel(): number {
  const times = Array.from({ length: 15 }, () => {
    const loop = new ElementwiseLoop({
      type: "f64",
      operands: ["number"],
      read: (l, [a]) => ({ value: exponential(l, (a as { readonly value: never }).value) }),
    });
    const former = setWasmLoops("always");
    const begin = performance.now();
    loop.dense(new Float64Array(1), new Float64Array(1));
    const took = performance.now() - begin;
    setWasmLoops(former);
    return took;
  });
  return times.sort((a, b) => a - b)[7]!;
}

/** The same work both ways, after both gave the same bits. */
function bothWays({ name, run }: Work): readonly [plain: Timed, blocks: Timed] {
  const inMode = (mode: "never" | "always") => (): Tensor => {
    const former = setWasmLoops(mode);
    const result = run();
    setWasmLoops(former);
    return result;
  };
  const [plain, blocks] = [inMode("never"), inMode("always")];
  const expected = plain().toTypedArray();
  const before = wasmBlocks();
  blocks()
    .toTypedArray()
    .forEach((value, i) => {
      if (!Object.is(value, expected[i]))
        throw new Error(`${name}: entry ${i} is ${value} where ${expected[i]} is right; nothing is timed`);
    });
  if (wasmBlocks() === before && !name.startsWith("pow")) throw new Error(`${name}: nothing was computed in blocks`);
  return [
    timed(1, () => {
      sink = plain();
    }),
    timed(1, () => {
      sink = blocks();
    }),
  ];
}

/** Validates everything and prints nanoseconds an entry, plain loops first. */
export function runEntries(smoke: boolean): void {
  const random = new Random(5);
  const chosen = smoke ? [128, 2048] : counts;
  const rows = (["float64", "float32"] as const).flatMap((dtype) => {
    const columns = chosen.map((count) => worksOf(count, dtype, random).map(bothWays));
    return worksOf(128, dtype, random).map(({ name }, k) => ({
      dtype,
      name,
      cells: columns.map((column) => column[k]!),
    }));
  });
  for (const { cells } of rows) measure(cells.flat(), smoke ? 1 : 30);
  if (sink === undefined) throw new Error("bench: nothing was computed");
  const making = makingOfKernel();
  if (smoke)
    return console.log(
      `${rows.length} ops validated in plain loops and in blocks; the times of a smoke run say nothing.`,
    );
  console.log(`\nMaking the kernel of exp, with its first block: ${making.toFixed(2)} ms`);
  for (const dtype of ["float64", "float32"] as const) {
    console.log(
      `\n${dtype}: nanoseconds an entry in plain loops, in blocks of vectors, and their ratio\n| entries | ${chosen.join(" | ")} |\n|---|${chosen.map(() => "---").join("|")}|`,
    );
    for (const { name, cells } of rows.filter((row) => row.dtype === dtype)) {
      const shown = cells.map(([plain, blocks], k) => {
        const each = ({ best }: Timed): number => (best * 1e6) / chosen[k]!;
        return `${each(plain).toFixed(1)}, ${each(blocks).toFixed(1)}: ${(plain.best / blocks.best).toFixed(1)}`;
      });
      console.log(`| ${name} | ${shown.join(" | ")} |`);
    }
  }
}
