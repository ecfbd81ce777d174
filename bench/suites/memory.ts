/**
 * What new memory costs a large eager operation: a call, the same kernel into an array that is there, and a mere copy
 * into it.
 */

import { add, tensor, type DType, type Tensor } from "@chainrule/autograd";
import { ElementwiseLoop } from "../../packages/autograd/src/kernels/elementwise.ts";
import { showTime } from "../interleave.ts";

const COUNT = 1_000_000;
/** What was computed last, kept so that it is computed. */
export let sink: unknown;

/** The mean and the median time of a call, and how many pages of 4 kB the system gave for each. */
function timeOf(run: () => unknown, calls: number): string {
  for (let k = 0; k < calls / 4; k++) sink = run();
  const pages = process.resourceUsage().minorPageFault;
  const times = Array.from({ length: calls }, () => {
    const begin = performance.now();
    sink = run();
    return performance.now() - begin;
  });
  const taken = (process.resourceUsage().minorPageFault - pages) / calls;
  const mean = times.reduce((sum, time) => sum + time, 0) / calls;
  return `${showTime(mean)} (median ${showTime(times.sort((a, b) => a - b)[calls >> 1]!)}), ${taken.toFixed(0)} pages`;
}

/** Prints mean times; a loop of calls lets no finalizer run, so the mean has what collecting the results costs. */
export function runMemory(smoke: boolean): void {
  const calls = smoke ? 8 : 400;
  console.log(
    `\nAdding a million numbers: mean time of ${calls} calls in a row, and pages taken from the system for each`,
  );
  for (const dtype of ["float32", "float64"] as const satisfies readonly DType[]) {
    const make = (step: number): Tensor =>
      tensor(
        Float64Array.from({ length: COUNT }, (_, i) => (i * step) % 1000),
        { dtype },
      ) as Tensor;
    const [x, y] = [make(7), make(11)];
    const [a, b, expected] = [x.toTypedArray(), y.toTypedArray(), add(x, y).toTypedArray()];
    const out = a.slice();
    const loop = new ElementwiseLoop({
      type: dtype === "float32" ? "f32" : "f64",
      operands: ["number", "number"],
      read: (l, [p, q]) => ({
        value: l.add((p as { readonly value: never }).value, (q as { readonly value: never }).value),
      }),
    });
    loop.dense(out, a, b);
    out.forEach((value, i) => {
      if (value !== expected[i])
        throw new Error(`add: entry ${i} is ${expected[i]} where ${value} is right; nothing is timed`);
    });
    console.log(`  ${dtype}: a call ${timeOf(() => add(x, y), calls)}`);
    console.log(`    the kernel into an array that is there ${timeOf(() => loop.dense(out, a, b), calls)}`);
    console.log(`    a copy into it ${timeOf(() => out.set(a), calls)}`);
  }
}
