/**
 * Reductions along the rows of a loop: long sums go chunk by chunk through memory, in the order of their definition,
 * and threads that share a row leave there what their pieces come to.
 */

import { CHUNK } from "../../../kernels/reduce.ts";
import { bytesOf, laneTypeOf } from "../../../kernels/lanes/machine-types.ts";
import type { Body, Local } from "../assembler/body.ts";
import { i32, load, plus, times, type Expression } from "../assembler/expressions.ts";
import { bordersOf, onFirstPiece, onLastPiece, type Part } from "./chunks.ts";
import type { LoopKernel } from "../../../compile/schedule/kernel.ts";
import { isFloatSum } from "../../../compile/schedule/loop-members.ts";
import type { Value } from "../../../compile/ir/value.ts";
import type { EmitContext } from "./context.ts";
import type { InnerLoop } from "./inner-loop.ts";
import type { LoopNest } from "./nest.ts";
import { scratchOfRun, sumOfMemory, type Gatherer } from "./sum.ts";

/** Bytes of scratch for the sums of the chunks of a row, and for what other reductions come to in each thread. */
export function scratchOfLoop({ members, frame }: LoopKernel, threads: number): number {
  const sums = members.filter(isFloatSum).length;
  const size = frame.at(-1) ?? 1;
  const others = members.filter(({ definition }) => definition.kind === "reduce").length - sums;
  const row = size <= CHUNK || sums === 0 ? 0 : sums * 8 * Math.ceil(size / CHUNK) + scratchOfRun(size);
  return frame.length > 1 ? threads * row : row + (threads > 1 ? 8 * others * threads : 0);
}

/** The place of the reductions of one loop in memory. */
interface Place {
  /** The row that is reduced, among all of the results. */
  readonly row: Local;
  /** Scratch of this thread, from that of the program. */
  readonly scratch: Expression;
  /** The pieces that rows are cut into; `null` where one thread reduces all of a row. */
  readonly part: Part | null;
}

export class RowReduction {
  readonly #body: Body;
  readonly #nest: LoopNest;
  readonly #inner: InnerLoop;
  readonly #context: EmitContext;
  readonly #place: Place;
  /** Sums of floats, which go by chunks, and all other reductions. */
  readonly #sums: readonly Value[];
  readonly #others: readonly Value[];

  constructor(body: Body, nest: LoopNest, inner: InnerLoop, place: Place, context: EmitContext) {
    this.#body = body;
    this.#nest = nest;
    this.#inner = inner;
    this.#place = place;
    this.#context = context;
    this.#sums = nest.reductions.filter(isFloatSum);
    this.#others = nest.reductions.filter((value) => !isFloatSum(value));
  }

  /** Emits the reductions of the row at which the counters stand. */
  emit(): void {
    const { inner, reductions } = this.#nest;
    if ((inner > CHUNK && this.#sums.length > 0) || this.#place.part !== null) return this.#emitChunked();
    this.#inner.start(0);
    this.#reset(reductions);
    this.#inner.emit(inner);
    for (const value of reductions) this.#store(value, this.#gathererOf(value).result());
  }

  #emitChunked(): void {
    const { part } = this.#place;
    this.#reset(this.#others);
    this.#emitChunks();
    if (part !== null) this.#leaveResults(part);
    onFirstPiece(this.#body, part, () => {
      this.#sums.forEach((value, k) => this.#store(value, this.#sumOfChunks(k)));
      this.#others.forEach((value, k) => {
        this.#store(value, part === null ? this.#gathererOf(value).result() : this.#combine(value, k, part));
      });
    });
  }

  #emitChunks(): void {
    const { inner } = this.#nest;
    const { scratch, part } = this.#place;
    const body = this.#body;
    const chunk = body.local("i32");
    const emitChunk = (count: number): void => {
      this.#reset(this.#sums);
      this.#inner.start(times(chunk, CHUNK));
      this.#inner.emit(count);
      this.#sums.forEach((value, k) => {
        const at = plus(times(chunk, 8), scratch);
        body.store("f64.store", at, this.#gathererOf(value).result(), this.#chunksOf(k));
      });
    };
    const full = Math.floor(inner / CHUNK);
    const own = bordersOf(body, part, full);
    body.for(chunk, own.from, own.to, 1, () => emitChunk(CHUNK));
    if (inner % CHUNK > 0)
      onLastPiece(body, part, () => {
        body.set(chunk, i32(full));
        emitChunk(inner % CHUNK);
      });
  }

  /** The sum of the chunks of sum `k`, which are summed in place, with room behind the last of them for their own. */
  #sumOfChunks(k: number): Local {
    const { scratch } = this.#place;
    const last = this.#sums.length > 1 ? this.#chunksOf(this.#sums.length) : this.#chunksOf(0);
    if (this.#sums.length > 1)
      this.#body.copyMemory(plus(scratch, last), plus(scratch, this.#chunksOf(k)), i32(8 * this.#chunks));
    return sumOfMemory(this.#inner.emitter, scratch, last, this.#chunks);
  }

  /** Leaves in memory what the other reductions of a piece come to, and waits for all pieces. */
  #leaveResults(part: Part): void {
    this.#others.forEach((value, k) => {
      const result = this.#gathererOf(value).result();
      this.#body.store(`${laneTypeOf(value.dtype)}.store`, times(part.piece, 8), result, this.#resultsOf(k, part));
    });
    part.barrier();
  }

  /** The results of all pieces combined, where the order does not matter. */
  #combine(value: Value, k: number, part: Part): Local {
    const body = this.#body;
    const { reduction } = value.definition as { readonly reduction: "max" | "min" };
    const address = this.#resultsOf(k, part);
    const type = laneTypeOf(value.dtype);
    const [total, next, other] = [body.let(load(`${type}.load`, i32(0), address)), body.local(type), body.local("i32")];
    body.for(other, i32(1), part.pieces, 1, () => {
      body.set(next, load(`${type}.load`, times(other, 8), address));
      body.set(total, this.#inner.emitter.extremum(type, reduction, total, next));
    });
    return total;
  }

  #store(value: Value, result: Local): void {
    const at = times(this.#place.row, bytesOf(value.dtype));
    this.#body.store(`${laneTypeOf(value.dtype)}.store`, at, result, this.#context.addresses(value));
  }

  #reset(values: readonly Value[]): void {
    for (const value of values) this.#gathererOf(value).reset();
  }

  #gathererOf(value: Value): Gatherer {
    return this.#inner.gatherers.get(value)!;
  }

  get #chunks(): number {
    return Math.ceil(this.#nest.inner / CHUNK);
  }

  /** The address of the sums of the chunks of sum `k`. */
  #chunksOf(k: number): number {
    return this.#context.scratch + k * 8 * this.#chunks;
  }

  /** The address of what the pieces of reduction `k` of the others come to. */
  #resultsOf(k: number, part: Part): number {
    return this.#context.scratch + scratchOfLoop(this.#nest.kernel, 1) + 8 * k * part.most;
  }
}
