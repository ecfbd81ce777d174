/**
 * Epilogues and prologues: loops over the same rows, one after another on each block of them, before and behind a
 * product of matrices, or by themselves.
 */

import { countOf } from "../../../graph/shape.ts";
import type { Body, Local } from "../assembler/body.ts";
import { i32, op, plus, select, times, type Expression } from "../assembler/expressions.ts";
import type { EmitContext } from "./context.ts";
import { emitLoop } from "./loop.ts";
import { scratchOfLoop } from "./row-reduction.ts";
import { placesOfBlock, rowBytesOf } from "../../../compile/schedule/blocks.ts";
import { loopsIn, type LoopKernel, type ProductKernel, type RowsKernel } from "../../../compile/schedule/kernel.ts";
import { bytesOf } from "../../../kernels/lanes/machine-types.ts";
import { bordersOf, ownScratch, type Borders } from "./chunks.ts";
import { ROWS_TOGETHER } from "../../../compile/schedule/partitioning.ts";
import type { Value } from "../../../compile/ir/value.ts";

/** Bytes of scratch of the passes of a kernel in each thread. */
export function scratchOfEpilogues(kernel: RowsKernel | ProductKernel): number {
  return Math.max(0, ...loopsIn(kernel).map((pass) => scratchOfLoop(pass, 1)));
}

/** About so many entries, in whole rows, stay in the cache from one pass to the next. */
const BLOCK_ENTRIES = 2048;

const nothing: ReadonlyMap<Value, Local> = new Map();

/** Emits loops over the same rows. */
export function emitRows(body: Body, kernel: RowsKernel, context: EmitContext): void {
  const [rows, ...rest] = kernel.frame as readonly [number, ...number[]];
  const scratch = body.let(ownScratch(context.part, scratchOfEpilogues(kernel)));
  const units = bordersOf(body, context.part, Math.ceil(rows / ROWS_TOGETHER));
  const least = (row: Expression, most: Expression): Local => body.let(select(op("i32.lt_s", row, most), row, most));
  const end = least(times(units.to, ROWS_TOGETHER), i32(rows));
  const from = body.local("i32");
  const step = Math.max(1, Math.floor(BLOCK_ENTRIES / (ROWS_TOGETHER * countOf(rest)))) * ROWS_TOGETHER;
  body.for(from, times(units.from, ROWS_TOGETHER), end, step, () => {
    const to = least(plus(from, step), end);
    for (const pass of kernel.passes)
      emitLoop(body, pass, context, { bounds: [{ from, to }], aligned: true, scratch, moved: nothing });
  });
}

/** Some rows of one product of a batch, or some columns of them, as its loops are told of them. */
export interface ProductRows extends Borders {
  /** `null` where all columns are walked. */
  readonly columns: Borders | null;
  /** The start of this product of the batch. */
  readonly start: Expression;
  /** The start of memory for the sums of chunks, from that of the program. */
  readonly scratch: Expression;
  /** The start of what is kept for these rows alone; `null` where all rows lie in memory. */
  readonly block: Expression | null;
}

/** Emits loops of the prologue or the passes of a product over some of its rows. */
export function emitEpilogues(
  body: Body,
  kernel: ProductKernel,
  passes: readonly LoopKernel[],
  { from, to, columns, start, scratch, block }: ProductRows,
  context: EmitContext,
): void {
  const product = kernel.members[0]!;
  const { m, n, batch } = kernel.definition.sizes;
  const real = batch.filter((size) => size !== 1);
  const which =
    real.length === 0
      ? i32(0)
      : body.let(
          op("i32.div_u", op("i32.sub", start, i32(context.addresses(product))), i32(m * n * bytesOf(product.dtype))),
        );
  let rest: Expression = which;
  const bounds: Borders[] = m === 1 ? [] : [{ from, to }];
  for (let axis = real.length - 1; axis >= 0; axis--) {
    const at = axis === 0 ? rest : body.let(op("i32.rem_u", rest, i32(real[axis]!)));
    if (axis > 0) rest = body.let(op("i32.div_u", rest, i32(real[axis]!)));
    bounds.unshift({ from: at, to: plus(at, 1) });
  }
  const moved = new Map<Value, Local>();
  if (block !== null) {
    const row = body.let(plus(times(which, m), from));
    for (const [value, place] of placesOfBlock(kernel).starts)
      moved.set(value, body.let(op("i32.sub", plus(block, place), times(row, rowBytesOf(value, kernel)))));
  }
  const over = (some: readonly Borders[]): void => {
    for (const pass of passes) emitLoop(body, pass, context, { bounds: some, aligned: m > 1, scratch, moved });
  };
  if (columns === null) return over(bounds);
  const row = body.local("i32");
  body.for(row, from, to, 1, () => over([...bounds.slice(0, -1), { from: row, to: plus(row, 1) }, columns]));
}
