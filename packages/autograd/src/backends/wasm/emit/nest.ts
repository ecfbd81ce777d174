/**
 * The nest of loops of one kernel: axes that everything walks as one are one loop, and the innermost takes a step of
 * several entries at a time.
 */

import { countOf, stridesOf } from "../../../graph/shape.ts";
import { laneCount } from "../../../kernels/lanes/machine-types.ts";
import type { Local } from "../assembler/body.ts";
import type { Expression } from "../assembler/expressions.ts";
import type { Borders } from "./chunks.ts";
import { ROWS_TOGETHER } from "../../../compile/schedule/partitioning.ts";
import type { LoopKernel } from "../../../compile/schedule/kernel.ts";
import { membersOf, type Member, type Operand } from "../../../compile/schedule/loop-members.ts";
import type { Value } from "../../../compile/ir/value.ts";
import { entryCheckOf, type EntryCheck } from "./entry-checks.ts";

/**
 * The entries of one step: eight where floats are summed, one where there is only one, else a vector of the narrowest
 * type, in long runs two.
 */
function stepOf(
  members: readonly Member[],
  reduces: boolean,
  count: number,
  long: boolean,
  isStored: (value: Value) => boolean,
): number {
  if (reduces) return 8;
  if (count === 1) return 1;
  const narrow = members.some(({ value, operands }) => {
    const types = operands.flatMap(({ access }) => (access.kind === "memory" ? [access.source.dtype] : []));
    if (value.dtype !== "bool" || isStored(value)) types.push(value.dtype);
    return types.some((dtype) => dtype !== "float64");
  });
  return (long ? 2 : 1) * (narrow ? laneCount.f32 : laneCount.f64);
}

/** Some of the rows that a loop walks. */
export interface Window {
  /** From where to where along each of the leading axes of the frame: of all but the last of them one entry. */
  readonly bounds: readonly Borders[];
  /** True if the last of them begins and ends at multiples of four, but for the end of its axis. */
  readonly aligned: boolean;
  /** The start of memory for the sums of chunks, from that of the program. */
  readonly scratch: Expression;
  /** Values of which only the rows of a window lie in memory: where row 0 would lie. */
  readonly moved: ReadonlyMap<Value, Local>;
}

/** Runs of so many entries compute two vectors side by side: the one hides how long the other takes. */
const LONG_RUN = 256;

/** Axes of a frame joined to loops. */
interface Joined {
  readonly sizes: readonly number[];
  /** For each loop the axes that it is made of. */
  readonly axes: readonly (readonly number[])[];
}

/**
 * Joins neighboring axes that everything walks as one: not the first `bound`, nor the innermost where a run is reduced
 * along it.
 */
function join(
  frame: readonly number[],
  views: readonly (readonly number[])[],
  keepInner: boolean,
  bound: number,
): Joined {
  const sizes: number[] = [];
  const axes: number[][] = [];
  frame.forEach((size, axis) => {
    const last = sizes.length - 1;
    const mayJoin = last >= 0 && axis > bound && !(keepInner && axis === frame.length - 1);
    if (mayJoin && views.every((strides) => strides[axes[last]!.at(-1)!] === strides[axis]! * size)) {
      sizes[last]! *= size;
      axes[last]!.push(axis);
    } else {
      sizes.push(size);
      axes.push([axis]);
    }
  });
  return { sizes, axes };
}

export class LoopNest {
  readonly kernel: LoopKernel;
  readonly window: Window | null;
  readonly members: readonly Member[];
  readonly reductions: readonly Value[];
  /** Values that the loop writes, entry by entry. */
  readonly stored: readonly Value[];
  /** Operands that the loop reads from memory. */
  readonly loads: readonly Operand[];
  readonly checks: ReadonlyMap<Value, EntryCheck>;
  /** The sizes of the loops, the outermost first. */
  readonly sizes: readonly number[];
  /** The size of the innermost loop, and the entries that one step of it takes. */
  readonly inner: number;
  readonly step: number;
  /** True if steps must not read or write beyond the end of a row. */
  readonly exact: boolean;
  /** Entries of the innermost loop for each row of the window; 0 where the window bounds an outer loop. */
  readonly entriesPerRow: number;
  readonly #axes: readonly (readonly number[])[];

  constructor(kernel: LoopKernel, window: Window | null, isStored: (value: Value) => boolean) {
    const { frame } = kernel;
    this.kernel = kernel;
    this.window = window;
    this.members = membersOf(kernel);
    const values = this.members.map(({ value }) => value);
    this.reductions = values.filter(({ definition }) => definition.kind === "reduce");
    this.stored = values.filter(
      (value) => value.definition.kind !== "reduce" && (isStored(value) || window?.moved.has(value) === true),
    );
    this.loads = this.members.flatMap(({ operands }) => operands.filter(({ access }) => access.kind === "memory"));
    this.checks = new Map(
      values.flatMap((value) => {
        const check = entryCheckOf(value);
        return check === null ? [] : [[value, check] as const];
      }),
    );
    const reduces = this.reductions.length > 0;
    const views = [...this.loads.map(({ strides }) => strides), stridesOf(frame)];
    const joined = join(frame, views, reduces, 0);
    // Rows that are one run in memory are walked as one.
    const inRun = window?.bounds.length === 1 && window.aligned && this.#isRun(joined);
    const { sizes, axes } = window === null || inRun ? joined : join(frame, views, reduces, window.bounds.length);
    this.sizes = sizes;
    this.#axes = axes;
    this.inner = sizes.at(-1) ?? 1;
    const isInner = window !== null && this.rank > 0 && (inRun || window.bounds.length === this.rank);
    this.entriesPerRow = isInner ? (inRun ? this.inner / frame[0]! : 1) : 0;
    // A window in the innermost loop begins and ends at a step.
    const alignment = ROWS_TOGETHER * this.entriesPerRow;
    const long = this.inner >= LONG_RUN && alignment % (2 * laneCount.f32) === 0;
    this.step = isInner && !window.aligned ? 1 : stepOf(this.members, reduces, countOf(sizes), long, isStored);
    // Beyond the end of rows of their own there are other numbers; a single row ends in padding.
    this.exact =
      this.rank !== 1 ||
      reduces ||
      this.checks.size > 0 ||
      this.loads.some(({ strides }) => ![0, 1].includes(this.along(strides, 0)));
  }

  get rank(): number {
    return this.sizes.length;
  }

  /** The stride of a view along one of the loops. */
  along(strides: readonly number[], loop: number): number {
    return strides[this.#axes[loop]!.at(-1)!] ?? 0;
  }

  #isRun({ sizes }: Joined): boolean {
    return (
      this.reductions.length === 0 &&
      sizes.length === 1 &&
      this.loads.every(({ strides }) => [0, 1].includes(strides.at(-1)!))
    );
  }
}
