/** Loops over the same rows, one after another on each block of them: behind a product of matrices, or by themselves. */

import { countOf } from "../../graph/shape.ts";
import type { Body, Local } from "../../kernels/wasm/body.ts";
import { i32, op, plus, select, times, type Expression } from "../../kernels/wasm/expressions.ts";
import { emitLoop, scratchOfLoop, type EmitContext } from "./loop.ts";
import type { Kernel } from "../plan/fuse.ts";
import { bytesOf } from "../../kernels/lanes/machine-types.ts";
import { bordersOf, ownScratch, ROWS_TOGETHER, type Borders } from "../plan/division.ts";
import type { Value } from "../values/value.ts";

type Product = Extract<Value["definition"], { kind: "matmul" }>;

/** Bytes of scratch of the passes of a kernel in each thread. */
export function scratchOfPasses({ passes }: Kernel): number {
  return Math.max(0, ...passes.map((pass) => scratchOfLoop(pass, 1)));
}

/** About so many entries, in whole rows, stay in the cache from one pass to the next. */
const BLOCK_ENTRIES = 2048;

/** Emits loops over the same rows. */
export function emitRows(body: Body, kernel: Kernel, context: EmitContext): void {
  const [rows, ...rest] = kernel.frame as readonly [number, ...number[]];
  const scratch = body.let(ownScratch(context.part, scratchOfPasses(kernel)));
  const units = bordersOf(body, context.part, Math.ceil(rows / ROWS_TOGETHER));
  const least = (row: Expression, most: Expression): Local => body.let(select(op("i32.lt_s", row, most), row, most));
  const end = least(times(units.to, ROWS_TOGETHER), i32(rows));
  const from = body.local("i32");
  const step = Math.max(1, Math.floor(BLOCK_ENTRIES / (ROWS_TOGETHER * countOf(rest)))) * ROWS_TOGETHER;
  body.for(from, times(units.from, ROWS_TOGETHER), end, step, () => {
    const to = least(plus(from, step), end);
    for (const pass of kernel.passes) emitLoop(body, pass, context, { bounds: [{ from, to }], aligned: true, scratch });
  });
}

/** Emits the passes over some rows of the product of a batch that begins at an address; `scratch` is counted from the program's. */
export function emitPasses(body: Body, { members: [product], passes }: Kernel, start: Expression, rows: Borders, scratch: Expression, context: EmitContext): void {
  const { m, n, batch } = (product!.definition as Product).sizes;
  const real = batch.filter((size) => size !== 1);
  let rest: Expression = real.length === 0 ? i32(0) : body.let(op("i32.div_u", op("i32.sub", start, i32(context.addresses(product!))), i32(m * n * bytesOf(product!.dtype))));
  const bounds: Borders[] = m === 1 ? [] : [rows];
  for (let axis = real.length - 1; axis >= 0; axis--) {
    const at = axis === 0 ? rest : body.let(op("i32.rem_u", rest, i32(real[axis]!)));
    if (axis > 0) rest = body.let(op("i32.div_u", rest, i32(real[axis]!)));
    bounds.unshift({ from: at, to: plus(at, 1) });
  }
  for (const pass of passes) emitLoop(body, pass, context, { bounds, aligned: m > 1, scratch });
}
