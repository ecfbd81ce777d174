/**
 * Reductions along an axis that is not the innermost: columns side by side in vectors, a line of the cache at a time,
 * rows in the order of the definition.
 */

import { CHUNK } from "../../../kernels/reduce.ts";
import { laneCount, bytesOf, laneTypeOf } from "../../../kernels/lanes/machine-types.ts";
import type { Body, Local } from "../assembler/body.ts";
import { i32, load, op, plus, repeated, times, type Expression } from "../assembler/expressions.ts";
import type { DType } from "../../../graph/dtype.ts";
import type { EmitContext } from "./context.ts";
import { bordersOf, onLastPiece, ownScratch } from "./chunks.ts";
import { MOST_PAIRS, pairsAtOnce } from "../../../compile/schedule/partitioning.ts";
import { PartsEmitter } from "../lanes/parts.ts";
import type { Value } from "../../../compile/ir/value.ts";

/** So many sums stay in registers, beside what is added to them. */
const MOST_SUMS = 12;

/** No term yet. */
const ZERO = repeated.f64(-0);

/** The rows of some columns in memory. */
interface Rows {
  readonly dtype: DType;
  /** The first entry of row 0. */
  readonly start: Expression;
  readonly offset: number;
  /** Bytes from row to row. */
  readonly step: number;
}

/** Two columns of one row, in float64. */
function pairAt({ dtype, step, offset }: Rows, cursor: Expression, row: number, vector: number): Expression {
  const at = offset + row * step + 2 * vector * bytesOf(dtype);
  return dtype === "float64"
    ? load("v128.load", cursor, at)
    : op("f64x2.promote_low_f32x4", load("v128.load64_zero", cursor, at));
}

/** Bytes of scratch that the sums of the chunks of columns need. */
export function scratchOfColumns(size: number): number {
  return size <= CHUNK ? 0 : 16 * MOST_PAIRS * Math.ceil(size / CHUNK) + scratchOfColumns(Math.ceil(size / CHUNK));
}

/** Sums of columns in registers, two columns in each vector: eight interleaved sums of the rows of a run. */
class ColumnSums {
  /** The sums of the last run. */
  readonly results: readonly Local[];
  readonly #body: Body;
  readonly #rows: Rows;
  /** By row modulo 8, then by vector. */
  readonly #sums: readonly (readonly Local[])[];
  readonly #cursor: Local;
  /** As many rows modulo 8 at a time as keep their sums in registers; the others are walked later. */
  readonly #together: number;

  constructor(body: Body, rows: Rows, vectors: number, count: number) {
    const each = Array.from({ length: vectors }, (_, vector) => vector);
    this.#body = body;
    this.#rows = rows;
    this.#sums = Array.from({ length: Math.min(8, count) }, () => each.map(() => body.local("v128")));
    this.results = each.map(() => body.local("v128"));
    this.#cursor = body.local("i32");
    let together = 8;
    while (together > 1 && together * vectors > MOST_SUMS) together /= 2;
    this.#together = together;
  }

  /** Emits the sums of a run of so many rows. */
  emit(from: Expression, rows: number): void {
    for (let first = 0; first < this.#sums.length; first += this.#together) this.#emitSome(first, from, rows);
    this.results.forEach((result, vector) => {
      const sumAt = (k: number): Expression => this.#sums[k]?.[vector] ?? ZERO;
      const even = op("f64x2.add", op("f64x2.add", sumAt(0), sumAt(4)), op("f64x2.add", sumAt(2), sumAt(6)));
      const odd = op("f64x2.add", op("f64x2.add", sumAt(1), sumAt(5)), op("f64x2.add", sumAt(3), sumAt(7)));
      this.#body.set(result, op("f64x2.add", even, odd));
    });
  }

  /** Emits the sums of some of the rows modulo 8, from `first` on. */
  #emitSome(first: number, from: Expression, rows: number): void {
    const body = this.#body;
    const some = this.#sums.slice(first, first + this.#together);
    const add = (terms: number): void => {
      some.forEach((ofRow, k) => {
        if (first + k < terms)
          ofRow.forEach((sum, vector) =>
            body.set(sum, op("f64x2.add", sum, pairAt(this.#rows, this.#cursor, first + k, vector))),
          );
      });
    };
    for (const sum of some.flat()) body.set(sum, ZERO);
    body.set(this.#cursor, from);
    const whole = Math.floor(rows / 8);
    if (whole > 0) {
      const left = body.let(i32(whole));
      body.loop((again) => {
        add(8);
        body.set(this.#cursor, plus(this.#cursor, 8 * this.#rows.step));
        body.set(left, plus(left, -1));
        again(left);
      });
    }
    add(rows % 8);
  }
}

/** The sums of columns, two in each of so many vectors. */
function sumsOfColumns(
  body: Body,
  rows: Rows,
  vectors: number,
  count: number,
  base: Expression,
  scratch: number,
): readonly Local[] {
  const sums = new ColumnSums(body, rows, vectors, count);
  if (count <= CHUNK) {
    sums.emit(rows.start, count);
    return sums.results;
  }
  const chunks = Math.ceil(count / CHUNK);
  const full = Math.floor(count / CHUNK);
  const k = body.local("i32");
  const step = 16 * vectors;
  const store = (at: Expression): void =>
    sums.results.forEach((result, vector) => body.store("v128.store", at, result, scratch + 16 * vector));
  body.for(k, i32(0), i32(full), 1, () => {
    sums.emit(plus(rows.start, times(k, CHUNK * rows.step)), CHUNK);
    store(plus(times(k, step), base));
  });
  if (full < chunks) {
    sums.emit(plus(rows.start, full * CHUNK * rows.step), count - full * CHUNK);
    store(plus(base, step * full));
  }
  const ofChunks: Rows = { dtype: "float64", start: plus(base, scratch), offset: 0, step };
  return sumsOfColumns(body, ofChunks, vectors, chunks, base, scratch + step * chunks);
}

/** The extremes of columns, a vector of them each: the order does not matter. */
function extremesOfColumns(
  emitter: PartsEmitter,
  kind: "max" | "min",
  { dtype, start, offset, step }: Rows,
  vectors: number,
  count: number,
): readonly Local[] {
  const { body } = emitter;
  const lanes = emitter.lanes(laneTypeOf(dtype));
  const at = (cursor: Expression, vector: number): Expression => load("v128.load", cursor, offset + 16 * vector);
  const results = Array.from({ length: vectors }, (_, vector) => body.let(at(start, vector)));
  const row = body.local("i32");
  const cursor = body.let(plus(start, step));
  body.for(row, i32(1), i32(count), 1, () => {
    results.forEach((result, vector) => body.set(result, lanes[kind](result, at(cursor, vector))));
    body.set(cursor, plus(cursor, step));
  });
  return results;
}

/** Emits a reduction over the middle axis of outer × size × inner. */
export function emitColumns(body: Body, value: Value, context: EmitContext): void {
  const {
    reduction,
    inputs: [source],
    outer,
    size,
    inner,
  } = value.definition as Extract<Value["definition"], { kind: "reduce" }>;
  const bytes = bytesOf(source.dtype);
  const type = laneTypeOf(source.dtype);
  const isSum = reduction === "sum";
  const width = isSum ? 2 : laneCount[type];
  const step = width * pairsAtOnce(inner);
  const emitter = new PartsEmitter(body, width, false, context.external);
  const block = body.local("i32");
  const column = body.local("i32");
  const scratch = body.let(ownScratch(context.part, scratchOfColumns(size)));
  const resultBytes = bytesOf(value.dtype);
  const resultType = laneTypeOf(value.dtype);
  const columns = (valid: number): void => {
    const start = body.let(plus(times(block, size * inner * bytes), times(column, bytes)));
    const vectors = Math.ceil(valid / width);
    const rows: Rows = { dtype: source.dtype, start, offset: context.addresses(source), step: inner * bytes };
    const results = isSum
      ? sumsOfColumns(body, rows, vectors, size, scratch, context.scratch)
      : extremesOfColumns(emitter, reduction, rows, vectors, size);
    const cursor = body.let(plus(times(block, inner * resultBytes), times(column, resultBytes)));
    results.forEach((result, vector) => {
      const position = { cursor, offset: context.addresses(value) + width * vector * resultBytes };
      emitter.store(
        value.dtype,
        position,
        { kind: "numbers", type: resultType, parts: [result] },
        Math.min(width, valid - width * vector),
      );
    });
  };
  const whole = inner - (inner % step);
  // Whole blocks for each thread where there are many, else columns of each of them.
  const byBlocks = outer >= whole / step;
  const blocks = bordersOf(body, byBlocks ? context.part : null, outer);
  const vectors = bordersOf(body, byBlocks ? null : context.part, whole / step);
  body.for(block, blocks.from, blocks.to, 1, () => {
    body.for(column, times(vectors.from, step), times(vectors.to, step), step, () => columns(step));
    if (inner > whole)
      onLastPiece(body, byBlocks ? null : context.part, () => {
        body.set(column, i32(whole));
        columns(inner - whole);
      });
  });
}
