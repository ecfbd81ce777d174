/**
 * One kernel of entry-wise work: nested loops over its frame, everything between loads and stores kept in registers.
 */

import { countOf } from "../../../graph/shape.ts";
import type { Body, Local } from "../assembler/body.ts";
import { i32, op, plus, times, type Expression } from "../assembler/expressions.ts";
import { bordersOf, onLastPiece, ownScratch, type Borders, type Part } from "./chunks.ts";
import type { LoopKernel } from "../../../compile/schedule/kernel.ts";
import type { EmitContext } from "./context.ts";
import { Cursors } from "./cursors.ts";
import { InnerLoop, type Steps } from "./inner-loop.ts";
import { LoopNest, type Window } from "./nest.ts";
import { RowReduction, scratchOfLoop } from "./row-reduction.ts";
import { StepEmitter } from "./step.ts";

/** So many rows are divided between threads rather than their entries. */
const LEAST_ROWS = 64;

/** Emits a loop kernel into a function body, or a window of it: then `context.part` is none of its business. */
export function emitLoop(body: Body, kernel: LoopKernel, context: EmitContext, window: Window | null = null): void {
  const nest = new LoopNest(kernel, window, context.isStored);
  const { sizes, inner, step } = nest;
  const reduces = nest.reductions.length > 0;
  const cursors = new Cursors(body, nest, context);
  const innerLoop = new InnerLoop(body, nest, cursors, new StepEmitter(body, nest, cursors, context));
  const row = body.local("i32");
  // Pieces are cut from the outermost loop, or the innermost where it alone is long enough, or the chunks of a single
  // row.
  const part = window === null ? context.part : null;
  const byRows = nest.rank > 1 && (reduces || sizes[0]! >= Math.min(LEAST_ROWS, inner));
  const rows = bordersOf(body, byRows ? part : null, sizes[0] ?? 1);
  const rowPart = byRows ? null : part;
  const steps = stepsOf(body, nest, reduces ? null : rowPart);
  const scratch = body.let(
    window === null ? ownScratch(byRows ? part : null, scratchOfLoop(kernel, 1)) : window.scratch,
  );
  const reduction = new RowReduction(body, nest, innerLoop, { row, scratch, part: rowPart }, context);
  const emitRow = (): void => {
    if (reduces) {
      reduction.emit();
      body.set(row, plus(row, 1));
    } else {
      innerLoop.start(steps === null ? 0 : times(steps.from, step));
      innerLoop.emit(inner, steps);
    }
  };
  const emitAxis = (axis: number): void => {
    if (axis >= cursors.counters.length) return emitRow();
    const { from, to } = window?.bounds[axis] ?? (axis === 0 ? rows : { from: i32(0), to: i32(sizes[axis]!) });
    body.for(cursors.counters[axis]!, from, to, 1, () => emitAxis(axis + 1));
  };
  const bounds = window?.bounds ?? [rows];
  const firstRow = bounds.reduce((sum: Expression, { from }, axis) => plus(times(sum, sizes[axis] ?? 1), from), i32(0));
  if (reduces) body.set(row, times(firstRow, countOf(sizes.slice(bounds.length, -1))));
  emitAxis(0);
}

/** The steps of the innermost loop that a window or a piece takes; `null` where it takes all of them. */
function stepsOf(body: Body, nest: LoopNest, part: Part | null): Steps | null {
  const { window, inner, step, exact, entriesPerRow } = nest;
  if (entriesPerRow > 0) return stepsOfWindow(body, nest, window!.bounds.at(-1)!);
  if (part === null) return null;
  const wholeSteps = exact ? Math.floor(inner / step) : Math.ceil(inner / step);
  return { ...bordersOf(body, part, wholeSteps), atEnd: (then) => onLastPiece(body, part, then) };
}

/** The steps of a window whose rows are entries of the innermost loop, or runs of it; windows begin at whole steps. */
function stepsOfWindow(body: Body, { inner, step, exact, entriesPerRow }: LoopNest, { from, to }: Borders): Steps {
  const stepsTo = (row: Expression, more: number): Local =>
    body.let(op("i32.div_u", plus(times(row, entriesPerRow), more), i32(step)));
  const isEnd = op("i32.eq", times(to, entriesPerRow), i32(inner));
  return { from: stepsTo(from, 0), to: stepsTo(to, exact ? 0 : step - 1), atEnd: (then) => body.if(isEnd, then) };
}
