/** Reductions along an axis that is not the innermost: columns side by side in vectors, rows in the order of the definition. */

import { CHUNK } from "../kernels/reduce.ts";
import { laneCount, laneShape } from "../kernels/lanes/wasm-lanes.ts";
import type { Body, Local } from "../kernels/wasm/body.ts";
import { i32, load, op, plus, repeated, times, type Expression } from "../kernels/wasm/expressions.ts";
import type { DType } from "../graph/dtype.ts";
import type { EmitContext } from "./emit-loop.ts";
import { bordersOf, onLastPiece, ownScratch } from "./threads.ts";
import { bytesOf, laneTypeOf } from "./layout.ts";
import { PartsEmitter } from "./parts.ts";
import type { Value } from "./value.ts";

/** Where the rows of a pair of columns lie. */
interface Rows {
  readonly dtype: "float32" | "float64";
  /** The first entry of row 0. */
  readonly start: Expression;
  readonly offset: number;
  /** Bytes from row to row. */
  readonly step: number;
}

/** Two columns of one row, in float64. */
function pairAt({ dtype, step, offset }: Rows, cursor: Expression, row: number): Expression {
  const at = offset + row * step;
  return dtype === "float64" ? load("v128.load", cursor, at) : op("f64x2.promote_low_f32x4", load("v128.load64_zero", cursor, at));
}

/** Bytes of scratch that the sums of a pair of columns need. */
export function scratchOfColumns(size: number): number {
  return size <= CHUNK ? 0 : 16 * Math.ceil(size / CHUNK) + scratchOfColumns(Math.ceil(size / CHUNK));
}

/** The sums of two columns, as one vector. */
function sumOfPair(body: Body, rows: Rows, count: number, base: Expression, scratch: number): Local {
  const used = Math.min(8, count);
  const sums = Array.from({ length: used }, () => body.local("v128"));
  const cursor = body.local("i32");
  const result = body.local("v128");
  const zero = repeated.f64(0);
  const sumAt = (k: number): Expression => sums[k] ?? zero;
  const span = (from: Expression, entries: number): void => {
    for (const sum of sums) body.set(sum, zero);
    body.set(cursor, from);
    const add = (terms: number): void => {
      for (let row = 0; row < terms; row++) body.set(sums[row]!, op("f64x2.add", sums[row]!, pairAt(rows, cursor, row)));
    };
    const whole = Math.floor(entries / 8);
    if (whole > 0) {
      const left = body.let(i32(whole));
      body.loop((again) => {
        add(8);
        body.set(cursor, plus(cursor, 8 * rows.step));
        body.set(left, plus(left, -1));
        again(left);
      });
    }
    add(entries % 8);
    const even = op("f64x2.add", op("f64x2.add", sumAt(0), sumAt(4)), op("f64x2.add", sumAt(2), sumAt(6)));
    const odd = op("f64x2.add", op("f64x2.add", sumAt(1), sumAt(5)), op("f64x2.add", sumAt(3), sumAt(7)));
    body.set(result, op("f64x2.add", even, odd));
  };
  if (count <= CHUNK) {
    span(rows.start, count);
    return result;
  }
  const chunks = Math.ceil(count / CHUNK);
  const full = Math.floor(count / CHUNK);
  const k = body.local("i32");
  body.for(k, i32(0), i32(full), 1, () => {
    span(plus(rows.start, times(k, CHUNK * rows.step)), CHUNK);
    body.store("v128.store", plus(times(k, 16), base), result, scratch);
  });
  if (full < chunks) {
    span(plus(rows.start, full * CHUNK * rows.step), count - full * CHUNK);
    body.store("v128.store", plus(base, 16 * full), result, scratch);
  }
  return sumOfPair(body, { dtype: "float64", start: plus(base, scratch), offset: 0, step: 16 }, chunks, base, scratch + 16 * chunks);
}

/** Emits a reduction over the middle axis of outer × size × inner. */
export function emitColumns(body: Body, value: Value, context: EmitContext): void {
  const { reduction, inputs: [source], outer, size, inner } = value.definition as Extract<Value["definition"], { kind: "reduce" }>;
  const bytes = bytesOf(source.dtype);
  const type = laneTypeOf(source.dtype as Exclude<DType, "bool">);
  const floatSum = reduction === "sum" && type !== "i32";
  const step = floatSum ? 2 : laneCount[type];
  const emitter = new PartsEmitter(body, step, false, context.external);
  const block = body.local("i32");
  const column = body.local("i32");
  const scratch = body.let(ownScratch(context.part, scratchOfColumns(size)));
  const resultBytes = bytesOf(value.dtype);
  const resultType = laneTypeOf(value.dtype as Exclude<DType, "bool">);
  const columns = (valid: number): void => {
    const start = body.let(plus(times(block, size * inner * bytes), times(column, bytes)));
    let result: Local;
    if (floatSum) {
      result = sumOfPair(body, { dtype: source.dtype as "float32" | "float64", start, offset: context.addresses(source), step: inner * bytes }, size, scratch, context.scratch);
    } else {
      const shape = laneShape[type];
      const lanes = emitter.lanes(type);
      result = body.let(load("v128.load", start, context.addresses(source)));
      const row = body.local("i32");
      const cursor = body.let(plus(start, inner * bytes));
      body.for(row, i32(1), i32(size), 1, () => {
        const next = load("v128.load", cursor, context.addresses(source));
        body.set(result, reduction === "sum" ? op(`${shape}.add`, result, next) : lanes[reduction](result, next));
        body.set(cursor, plus(cursor, inner * bytes));
      });
    }
    const cursor = body.let(plus(times(block, inner * resultBytes), times(column, resultBytes)));
    emitter.store(value.dtype, { cursor, offset: context.addresses(value) }, { kind: "numbers", type: resultType, parts: [result] }, valid);
  };
  const whole = inner - (inner % step);
  // Whole blocks for each thread where there are many, else columns of each of them.
  const byBlocks = outer >= whole / step;
  const blocks = bordersOf(body, byBlocks ? context.part : null, outer);
  const vectors = bordersOf(body, byBlocks ? null : context.part, whole / step);
  body.for(block, blocks.from, blocks.to, 1, () => {
    body.for(column, times(vectors.from, step), times(vectors.to, step), step, () => columns(step));
    if (inner > whole) onLastPiece(body, byBlocks ? null : context.part, () => {
      body.set(column, i32(whole));
      columns(inner - whole);
    });
  });
}
