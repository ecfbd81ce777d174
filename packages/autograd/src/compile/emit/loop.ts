/**
 * One kernel of entry-wise work: nested loops over its frame, everything between loads and stores kept in registers.
 */

import type { Body, Callee, Local } from "../../kernels/wasm/body.ts";
import type { External2Name, ExternalName, LaneType } from "../../kernels/lanes/lanes.ts";
import { laneCount } from "../../kernels/lanes/wasm-lanes.ts";
import { CHUNK } from "../../kernels/reduce.ts";
import { i32, load, op, plus, times, type Expression } from "../../kernels/wasm/expressions.ts";
import { countOf, stridesOf } from "../../graph/shape.ts";
import { gatherer, scratchOfRun, sumOfMemory, type Gatherer } from "./sum.ts";
import type { ElementwiseOp } from "../../graph/op.ts";
import type { Formulas } from "./formulas.ts";
import type { Kernel } from "../plan/fuse.ts";
import type { Addresses } from "../values/layout.ts";
import { bytesOf, laneTypeOf } from "../../kernels/lanes/machine-types.ts";
import { isFloatSum, membersOf, stepOf, type Operand } from "../plan/loop-members.ts";
import {
  bordersOf,
  onFirstPiece,
  onLastPiece,
  ownScratch,
  ROWS_TOGETHER,
  type Borders,
  type Part,
} from "../plan/division.ts";
import { PartsEmitter, type NumberParts, type Parts, type Position } from "../../kernels/wasm/parts.ts";
import { entryCheckOf } from "./entry-checks.ts";
import type { Refusals } from "./refusals.ts";
import type { Value } from "../values/value.ts";

/** What the emitters of kernels share. */
export interface EmitContext {
  readonly addresses: Addresses;
  /** Whether something outside its kernel reads a value. */
  readonly isStored: (value: Value) => boolean;
  /** Memory for the sums of chunks. */
  readonly scratch: number;
  /** Where a program notes what it refuses. */
  readonly refusals: Refusals;
  readonly fused: boolean;
  readonly external: (name: ExternalName | External2Name) => Callee;
  readonly formulas: Formulas;
  /** Values whose address is a variable. */
  readonly bases?: ReadonlyMap<Value, Local>;
  /**
   * Numbers of a loop that lie in memory: where, from a variable on, by their order among its operands, but for
   * conditions.
   */
  readonly numbers?: { readonly row: Local; readonly offsets: ReadonlyMap<number, number> };
  /** Which piece of the kernel is emitted; `null` where one thread does all of it. */
  readonly part: Part | null;
}

/** Bytes of scratch for the sums of the chunks of a row, and for what other reductions come to in each thread. */
export function scratchOfLoop({ members, frame }: Kernel, threads: number): number {
  const sums = members.filter(isFloatSum).length;
  const size = frame.at(-1) ?? 1;
  const others = members.filter(({ definition }) => definition.kind === "reduce").length - sums;
  const row = size <= CHUNK || sums === 0 ? 0 : sums * 8 * Math.ceil(size / CHUNK) + scratchOfRun(size);
  return frame.length > 1 ? threads * row : row + (threads > 1 ? 8 * others * threads : 0);
}

/** Some of the rows that a loop walks. */
export interface Window {
  /** From where to where along each of the leading axes of the frame: of all but the last of them one entry. */
  readonly bounds: readonly Borders[];
  /** Whether the last of them begins and ends at multiples of four, but for the end of its axis. */
  readonly aligned: boolean;
  /** Where memory for the sums of chunks lies, from that of the program. */
  readonly scratch: Expression;
  /** Values of which only the rows of a window lie in memory: where row 0 would lie. */
  readonly moved: ReadonlyMap<Value, Local>;
}

/** So many rows are divided between threads rather than their entries. */
const LEAST_ROWS = 64;

/**
 * Where so many entries follow each other, two vectors are computed side by side: the one hides how long the other
 * takes.
 */
const LONG_RUN = 256;

/** Steps of the innermost loop, and what is done at the end of it by whoever comes there. */
interface Steps extends Borders {
  readonly atEnd: (then: () => void) => void;
}

/** Of a position that is all in its offset. */
const START = i32(0);

/**
 * Joins neighboring axes that everything walks as one: not the first `bound`, nor the innermost where a run is reduced
 * along it.
 */
function collapse(
  frame: readonly number[],
  walks: readonly (readonly number[])[],
  keepInner: boolean,
  bound: number,
): { sizes: number[]; axes: number[][] } {
  const sizes: number[] = [];
  /** For each joined axis the last of the axes that it is made of. */
  const axes: number[][] = [];
  frame.forEach((size, axis) => {
    const last = sizes.length - 1;
    const mayJoin = last >= 0 && axis > bound && !(keepInner && axis === frame.length - 1);
    if (mayJoin && walks.every((strides) => strides[axes[last]!.at(-1)!] === strides[axis]! * size)) {
      sizes[last]! *= size;
      axes[last]!.push(axis);
    } else {
      sizes.push(size);
      axes.push([axis]);
    }
  });
  return { sizes, axes };
}

/** Emits a loop kernel into a function body, or a window of it: then `context.part` is none of its business. */
export function emitLoop(body: Body, kernel: Kernel, context: EmitContext, window: Window | null = null): void {
  const members = membersOf(kernel);
  const reductions = members.filter(({ value }) => value.definition.kind === "reduce");
  const memory = members.flatMap(({ operands }) => operands.filter(({ access }) => access.kind === "memory"));
  const walks = [...memory.map(({ strides }) => strides), stridesOf(kernel.frame)];
  const isRun = (collapsed: { readonly sizes: readonly number[] }): boolean =>
    reductions.length === 0 &&
    collapsed.sizes.length === 1 &&
    memory.every(({ strides }) => [0, 1].includes(strides.at(-1)!));
  const joined = collapse(kernel.frame, walks, reductions.length > 0, 0);
  // Rows that are one run in memory are walked as one.
  const inRun = window?.bounds.length === 1 && window.aligned && isRun(joined);
  const { sizes, axes } =
    window === null || inRun ? joined : collapse(kernel.frame, walks, reductions.length > 0, window.bounds.length);
  const rank = sizes.length;
  const along = (strides: readonly number[], axis: number): number => strides[axes[axis]!.at(-1)!] ?? 0;
  const inner = sizes[rank - 1] ?? 1;
  const isInner = window !== null && rank > 0 && (inRun || window.bounds.length === rank);
  // A window in the innermost loop begins and ends at a step.
  const alignment = isInner ? ROWS_TOGETHER * (inRun ? inner / kernel.frame[0]! : 1) : 0;
  const long = inner >= LONG_RUN && alignment % (2 * laneCount.f32) === 0;
  const step =
    isInner && !window.aligned ? 1 : stepOf(members, reductions.length > 0, countOf(sizes), long, context.isStored);
  const emitter = new PartsEmitter(body, step, context.fused, context.external);
  const innerStride = (operand: Operand): number => (rank === 0 ? 0 : along(operand.strides, rank - 1));
  const checks = new Map(
    members.flatMap(({ value }) => {
      const check = entryCheckOf(value);
      return check === null ? [] : [[value, check]];
    }),
  );
  // Beyond the end of rows of their own there are other numbers; a single row ends in padding.
  const exact =
    rank !== 1 ||
    reductions.length > 0 ||
    checks.size > 0 ||
    memory.some((operand) => ![0, 1].includes(innerStride(operand)));

  const counters = sizes.slice(0, -1).map(() => body.local("i32"));
  const cursors = new Map<
    string,
    { readonly local: Local; readonly perStep: number; readonly strides: readonly number[]; readonly base: Expression }
  >();
  const positionOf = (value: Value, strides: readonly number[], offset: number): Position => {
    const bytes = bytesOf(value.dtype);
    if (rank === 0 && window === null && context.bases === undefined)
      return { cursor: START, offset: context.addresses(value) + offset * bytes };
    const moved = window?.moved.get(value) ?? context.bases?.get(value);
    const address = (moved === undefined ? context.addresses(value) : 0) + offset * bytes;
    const reduced = sizes.map((_, axis) => along(strides, axis) * bytes);
    if (moved === undefined && reduced.every((stride) => stride === 0)) return { cursor: i32(0), offset: address };
    // A cursor that walks down, or of what is moved, begins at the address itself: it must not be negative.
    const whole = moved !== undefined || reduced.some((stride) => stride < 0);
    const key = whole ? `${reduced.join()} ${address} ${moved === undefined ? "" : value.id}` : reduced.join();
    const base = moved === undefined ? i32(whole ? address : 0) : plus(moved, address);
    const found = cursors.get(key) ?? {
      local: body.local("i32"),
      perStep: (reduced[rank - 1] ?? 0) * step,
      strides: reduced,
      base,
    };
    cursors.set(key, found);
    return { cursor: found.local, offset: whole ? 0 : address };
  };
  const dense = stridesOf(kernel.frame);
  const stored = members.filter(
    ({ value }) => value.definition.kind !== "reduce" && (context.isStored(value) || window?.moved.has(value) === true),
  );
  // Every cursor is known before the first loop is written.
  const sourcePosition = ({ access, strides, offset }: Operand): Position => {
    return positionOf((access as { readonly source: Value }).source, strides, offset);
  };
  const targetPosition = (value: Value): Position => positionOf(value, dense, 0);
  memory.forEach(sourcePosition);
  for (const { value } of stored) targetPosition(value);
  /** The entry of the frame at which a step begins, where an error may have to name it. */
  const entry = checks.size === 0 ? null : body.local("i32");
  if (entry !== null)
    cursors.set("entry", {
      local: entry,
      perStep: rank === 0 ? 0 : step,
      strides: sizes.map((_, axis) => along(dense, axis)),
      base: i32(0),
    });

  const gatherers = new Map<Value, Gatherer>();
  for (const { value } of reductions) {
    const { reduction, inputs } = value.definition as { reduction: "sum" | "max" | "min"; inputs: readonly [Value] };
    gatherers.set(value, gatherer(emitter, reduction, laneTypeOf(inputs[0].dtype)));
  }

  /** Everything for one step of entries, of which the first `valid` exist. */
  const emitStep = (valid: number): void => {
    const found: { readonly value: Value; readonly refused: Local; readonly operands: readonly NumberParts[] }[] = [];
    body.straight(() =>
      computeStep(valid, (value, operands) => {
        found.push({ value, refused: body.let(checks.get(value)!.refuses(emitter, operands, valid)), operands });
      }),
    );
    for (const { value, refused, operands } of found)
      body.if(refused, () =>
        context.refusals.note(
          body,
          value,
          entry!,
          operands.map(({ parts }) => parts),
        ),
      );
  };
  const mapped = (op: ElementwiseOp, parts: readonly Parts[]): Parts => {
    const called = emitter.vector ? null : context.formulas.call(op, parts);
    if (called !== null) return { ...called, parts: called.parts.map((part) => body.let(part)) };
    return emitter.formula(op.lanes, parts);
  };
  const computeStep = (valid: number, check: (value: Value, operands: readonly NumberParts[]) => void): void => {
    emitter.computed.clear();
    const known = new Map<Value, Parts>();
    const loaded = new Map<string | number, Parts>();
    let numbers = 0;
    const read = (operand: Operand, like: Value): Parts => {
      const { access, strides, offset } = operand;
      if (access.kind === "number") {
        const place = like.dtype === "bool" ? undefined : context.numbers?.offsets.get(numbers++);
        if (place === undefined) return emitter.number(access.number, like.dtype);
        return emitter.load(like.dtype, { cursor: context.numbers!.row, offset: place }, 0, valid);
      }
      if (access.kind === "member") return known.get(access.value)!;
      const { source } = access;
      const key = strides.length === 0 && offset === 0 ? source.id : `${source.id} ${offset} ${strides.join()}`;
      const stride = rank === 0 ? 1 : along(strides, rank - 1);
      const parts =
        loaded.get(key) ?? emitter.load(source.dtype, sourcePosition(operand), stride, exact ? valid : step);
      loaded.set(key, parts);
      return parts;
    };
    for (const { value, operands } of members) {
      const { definition } = value;
      const { inputs } = definition as { readonly inputs: readonly Value[] };
      const parts = operands.map((operand, k) => read(operand, inputs[k]!));
      if (checks.has(value)) check(value, parts as NumberParts[]);
      if (definition.kind === "reduce") gatherers.get(value)!.add(parts[0]!, valid);
      else if (definition.kind === "copy") known.set(value, parts[0]!);
      else if (definition.kind === "cast") known.set(value, emitter.convert(parts[0]!, value.dtype));
      else if (definition.kind === "map") known.set(value, mapped(definition.op, parts));
    }
    for (const { value } of stored) {
      emitter.store(value.dtype, targetPosition(value), known.get(value)!, exact ? valid : step);
    }
  };

  /**
   * The innermost loop over `count` entries, or over a piece of a row of so many; the cursors stand at the first of
   * them.
   */
  const emitSpan = (count: number, steps: Steps | null = null): void => {
    const advance = (): void => {
      for (const { local, perStep } of cursors.values()) if (perStep !== 0) body.set(local, plus(local, perStep));
    };
    const whole = exact ? count - (count % step) : Math.ceil(count / step) * step;
    const rest = count - Math.min(whole, count);
    if (steps !== null) {
      const left = body.let(op("i32.sub", steps.to, steps.from));
      body.while(left, () => {
        emitStep(step);
        advance();
        body.set(left, plus(left, -1));
      });
    } else if (whole === step && rest === 0) emitStep(Math.min(step, count));
    else if (whole > 0) {
      const i = body.local("i32");
      body.set(i, i32(whole));
      body.loop((again) => {
        emitStep(step);
        advance();
        body.set(i, plus(i, -step));
        again(i);
      });
    }
    if (rest > 0 && steps !== null) steps.atEnd(() => emitStep(rest));
    else if (rest > 0) emitStep(rest);
  };

  const startRow = (first: Expression | number): void => {
    for (const { local, strides, base } of cursors.values()) {
      let at: Expression = plus(times(typeof first === "number" ? i32(first) : first, strides[rank - 1] ?? 0), base);
      counters.forEach((counter, axis) => (at = plus(times(counter, strides[axis]!), at)));
      body.set(local, at);
    }
  };
  const row = body.local("i32");
  // Pieces are cut from the outermost loop, or the innermost where it alone is long enough, or the chunks of a single
  // row.
  const part = window === null ? context.part : null;
  const byRows = rank > 1 && (reductions.length > 0 || sizes[0]! >= Math.min(LEAST_ROWS, inner));
  const rows = bordersOf(body, byRows ? part : null, sizes[0] ?? 1);
  const rowPart = byRows ? null : part;
  const wholeSteps = exact ? Math.floor(inner / step) : Math.ceil(inner / step);
  const piece = (): Steps => ({
    ...bordersOf(body, rowPart, wholeSteps),
    atEnd: (then) => onLastPiece(body, rowPart, then),
  });
  /**
   * The steps of a window whose rows are entries of the innermost loop, or runs of it; windows begin at whole steps.
   */
  const within = ({ from, to }: Borders): Steps => {
    const entries = inRun ? inner / kernel.frame[0]! : 1;
    const stepsTo = (row: Expression, more: number): Local =>
      body.let(op("i32.div_u", plus(times(row, entries), more), i32(step)));
    const isEnd = op("i32.eq", times(to, entries), i32(inner));
    return { from: stepsTo(from, 0), to: stepsTo(to, exact ? 0 : step - 1), atEnd: (then) => body.if(isEnd, then) };
  };
  const steps = isInner ? within(window.bounds.at(-1)!) : rowPart === null || reductions.length > 0 ? null : piece();
  const scratch = body.let(
    window === null ? ownScratch(byRows ? part : null, scratchOfLoop(kernel, 1)) : window.scratch,
  );
  const emitRow = (): void => {
    if (reductions.length === 0) {
      startRow(steps === null ? 0 : times(steps.from, step));
      return emitSpan(inner, steps);
    }
    const chunked = (inner > CHUNK && reductions.some(({ value }) => isFloatSum(value))) || rowPart !== null;
    if (!chunked) {
      startRow(0);
      for (const one of gatherers.values()) one.reset();
      emitSpan(inner);
      for (const { value } of reductions) storeResult(value, gatherers.get(value)!.result());
      return;
    }
    const sums = reductions.filter(({ value }) => isFloatSum(value));
    const chunks = Math.ceil(inner / CHUNK);
    const room = 8 * chunks;
    for (const { value } of reductions) if (!isFloatSum(value)) gatherers.get(value)!.reset();
    const chunk = body.local("i32");
    const one = (count: number): void => {
      for (const { value } of sums) gatherers.get(value)!.reset();
      startRow(times(chunk, CHUNK));
      emitSpan(count);
      sums.forEach(({ value }, k) =>
        body.store(
          "f64.store",
          plus(times(chunk, 8), scratch),
          gatherers.get(value)!.result(),
          context.scratch + k * room,
        ),
      );
    };
    const full = Math.floor(inner / CHUNK);
    const mine = bordersOf(body, rowPart, full);
    body.for(chunk, mine.from, mine.to, 1, () => one(CHUNK));
    if (inner % CHUNK > 0)
      onLastPiece(body, rowPart, () => {
        body.set(chunk, i32(full));
        one(inner % CHUNK);
      });
    const others = reductions.filter(({ value }) => !isFloatSum(value));
    const gathered = context.scratch + scratchOfLoop(kernel, 1);
    if (rowPart !== null) {
      others.forEach(({ value }, k) =>
        body.store(
          `${typeOf(value)}.store`,
          times(rowPart.piece, 8),
          gatherers.get(value)!.result(),
          gathered + 8 * k * rowPart.most,
        ),
      );
      rowPart.barrier();
    }
    onFirstPiece(body, rowPart, () => {
      sums.forEach(({ value }, k) => {
        // The sums of chunks are summed in place, with room behind the last of them for their own.
        if (sums.length > 1)
          body.copyMemory(
            plus(scratch, context.scratch + sums.length * room),
            plus(scratch, context.scratch + k * room),
            i32(room),
          );
        storeResult(
          value,
          sumOfMemory(
            emitter,
            scratch,
            sums.length > 1 ? context.scratch + sums.length * room : context.scratch,
            chunks,
          ),
        );
      });
      others.forEach(({ value }, k) => {
        storeResult(
          value,
          rowPart === null ? gatherers.get(value)!.result() : combined(value, gathered + 8 * k * rowPart.most, rowPart),
        );
      });
    });
  };
  const typeOf = (value: Value): LaneType => laneTypeOf(value.dtype);
  /** What the results of all threads come to, where the order does not matter. */
  const combined = (value: Value, address: number, { pieces }: Part): Local => {
    const { reduction } = value.definition as { reduction: "max" | "min" };
    const type = typeOf(value);
    const [total, next, other] = [body.let(load(`${type}.load`, i32(0), address)), body.local(type), body.local("i32")];
    body.for(other, i32(1), pieces, 1, () => {
      body.set(next, load(`${type}.load`, times(other, 8), address));
      body.set(total, emitter.extremum(type, reduction, total, next));
    });
    return total;
  };
  const storeResult = (value: Value, result: Local): void => {
    const bytes = bytesOf(value.dtype);
    body.store(`${typeOf(value)}.store`, times(row, bytes), result, context.addresses(value));
  };

  const emitAxis = (axis: number): void => {
    if (axis >= counters.length) {
      emitRow();
      if (reductions.length > 0) body.set(row, plus(row, 1));
      return;
    }
    const { from, to } = window?.bounds[axis] ?? (axis === 0 ? rows : { from: i32(0), to: i32(sizes[axis]!) });
    body.for(counters[axis]!, from, to, 1, () => emitAxis(axis + 1));
  };
  const bounds = window?.bounds ?? [rows];
  const firstRow = bounds.reduce((sum: Expression, { from }, axis) => plus(times(sum, sizes[axis] ?? 1), from), i32(0));
  if (reductions.length > 0) body.set(row, times(firstRow, countOf(sizes.slice(bounds.length, -1))));
  emitAxis(0);
}
