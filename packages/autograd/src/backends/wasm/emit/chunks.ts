/** Chunks of kernels that several threads run: where each begins and ends, and what belongs to one of them alone. */

import type { Body, Local } from "../assembler/body.ts";
import { i32, op, plus, select, times, type Expression } from "../assembler/expressions.ts";

/**
 * The piece of a kernel that several threads run, as it is known while the kernel is emitted: which piece it is, of how
 * many, and which thread runs it.
 */
export interface Part {
  readonly piece: Local;
  readonly pieces: Local;
  readonly thread: Local;
  /** How many there are at most: each has scratch of its own. */
  readonly most: number;
  /** Waits until every thread has come here; for kernels whose threads have one piece each. */
  readonly barrier: () => void;
}

/** From the first unit of a piece up to the first of the next. */
export interface Borders {
  readonly from: Expression;
  readonly to: Expression;
}

/** The units of work of a piece: all of them where nothing is divided, and a piece may have none. */
export function bordersOf(body: Body, part: Part | null, units: number): Borders {
  if (part === null) return { from: i32(0), to: i32(units) };
  // The first pieces have one unit more where there is a rest; piece · units / pieces would leave 32 bits.
  const each = body.let(op("i32.div_u", i32(units), part.pieces));
  const rest = body.let(op("i32.rem_u", i32(units), part.pieces));
  const border = (piece: Expression): Local =>
    body.let(plus(op("i32.mul", piece, each), select(op("i32.lt_u", piece, rest), piece, rest)));
  return { from: border(part.piece), to: border(plus(part.piece, 1)) };
}

/** Emits what belongs to the last piece alone. */
export function onLastPiece(body: Body, part: Part | null, then: () => void): void {
  if (part === null) then();
  else body.if(op("i32.eq", plus(part.piece, 1), part.pieces), then);
}

/** Emits what belongs to the first piece alone. */
export function onFirstPiece(body: Body, part: Part | null, then: () => void): void {
  if (part === null) then();
  else body.if(op("i32.eqz", part.piece), then);
}

/** The scratch of a thread, from that of the first. */
export function ownScratch(part: Part | null, bytes: number): Expression {
  return part === null ? i32(0) : times(part.thread, bytes);
}
