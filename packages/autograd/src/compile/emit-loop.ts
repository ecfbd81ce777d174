/** One kernel of entry-wise work: nested loops over its frame, everything between loads and stores kept in registers. */

import type { Body, Callee, Local } from "../kernels/wasm/body.ts";
import type { External2Name, ExternalName, LaneType } from "../kernels/lanes/lanes.ts";
import { readForms } from "../kernels/lanes/forms.ts";
import { laneCount } from "../kernels/lanes/wasm-lanes.ts";
import { CHUNK } from "../kernels/reduce.ts";
import { i32, load, op, plus, times, type Expression } from "../kernels/wasm/expressions.ts";
import { countOf, stridesOf } from "../graph/shape.ts";
import type { DType } from "../graph/dtype.ts";
import { gatherer, scratchOfRun, sumOfMemory, type Gatherer } from "./emit-sum.ts";
import { accessOf, type Access, type Kernel } from "./fuse.ts";
import { bytesOf, laneTypeOf, type Addresses } from "./layout.ts";
import { bordersOf, onFirstPiece, onLastPiece, ownScratch, type Borders, type Part } from "./threads.ts";
import { PartsEmitter, type NumberParts, type Parts, type Position } from "./parts.ts";
import type { Value } from "./value.ts";

/** What the emitters of kernels share. */
export interface EmitContext {
  readonly addresses: Addresses;
  /** Whether something outside its kernel reads a value. */
  readonly isStored: (value: Value) => boolean;
  /** Memory for the sums of chunks. */
  readonly scratch: number;
  readonly fused: boolean;
  readonly external: (name: ExternalName | External2Name) => Callee;
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

/** So many rows are divided between threads rather than their entries. */
const LEAST_ROWS = 64;

/** Where so many entries follow each other, two vectors are computed side by side: the one hides how long the other takes. */
const LONG_RUN = 256;

/** One input of a member, its walk along the axes of the frame. */
interface Operand {
  readonly access: Access;
  readonly strides: readonly number[];
  readonly offset: number;
}

interface Member {
  readonly value: Value;
  readonly operands: readonly Operand[];
}

/** The strides of a walk along the axes of a frame: as the shape that it belongs to lies in the frame. */
function stridesInFrame(frame: readonly number[], shape: readonly number[], strides: readonly number[]): readonly number[] {
  const real = shape.map((size, axis) => ({ size, stride: strides[axis]! })).filter(({ size }) => size !== 1);
  if (real.length === frame.length && real.every(({ size }, axis) => size === frame[axis])) return real.map(({ stride }) => stride);
  // A shape that is not the frame's is dense, or one number everywhere.
  return real.every(({ stride }) => stride === 0) ? frame.map(() => 0) : stridesOf(frame);
}

function membersOf(kernel: Kernel): Member[] {
  return kernel.members.map((value) => {
    const { inputs } = value.definition as { readonly inputs: readonly Value[] };
    const operands = inputs.map((x, k): Operand => {
      const access = accessOf(kernel, value, k);
      if (access.kind !== "memory") return { access, strides: [], offset: 0 };
      return { access, strides: stridesInFrame(kernel.frame, x.shape, access.walk.strides), offset: access.walk.offset };
    });
    return { value, operands };
  });
}

/** Joins neighboring axes that everything walks as one; the innermost is left alone where a run is reduced along it. */
function collapse(frame: readonly number[], walks: readonly (readonly number[])[], keepInner: boolean): { sizes: number[]; axes: number[][] } {
  const sizes: number[] = [];
  /** For each joined axis the last of the axes that it is made of. */
  const axes: number[][] = [];
  frame.forEach((size, axis) => {
    const last = sizes.length - 1;
    const mayJoin = last >= 0 && !(keepInner && axis === frame.length - 1);
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

/** Emits a loop kernel into a function body. */
export function emitLoop(body: Body, kernel: Kernel, context: EmitContext): void {
  const members = membersOf(kernel);
  const reductions = members.filter(({ value }) => value.definition.kind === "reduce");
  const memory = members.flatMap(({ operands }) => operands.filter(({ access }) => access.kind === "memory"));
  const { sizes, axes } = collapse(kernel.frame, [...memory.map(({ strides }) => strides), stridesOf(kernel.frame)], reductions.length > 0);
  const rank = sizes.length;
  const along = (strides: readonly number[], axis: number): number => strides[axes[axis]!.at(-1)!] ?? 0;
  const inner = sizes[rank - 1] ?? 1;
  const step = stepOf(members, reductions.length > 0, countOf(sizes), inner, context);
  const emitter = new PartsEmitter(body, step, context.fused, context.external);
  const innerStride = (operand: Operand): number => (rank === 0 ? 0 : along(operand.strides, rank - 1));
  // Beyond the end of rows of their own there are other numbers; a single row ends in padding.
  const exact = rank !== 1 || reductions.length > 0 || memory.some((operand) => ![0, 1].includes(innerStride(operand)));

  const counters = sizes.slice(0, -1).map(() => body.local("i32"));
  const cursors = new Map<string, { readonly local: Local; readonly perStep: number; readonly strides: readonly number[]; readonly base: number }>();
  const positionOf = (strides: readonly number[], bytes: number, address: number): Position => {
    const reduced = sizes.map((_, axis) => along(strides, axis) * bytes);
    if (reduced.every((stride) => stride === 0)) return { cursor: i32(0), offset: address };
    // A cursor that walks down begins at the address itself: it must not be negative.
    const down = reduced.some((stride) => stride < 0);
    const key = down ? `${reduced.join()} ${address}` : reduced.join();
    const found = cursors.get(key) ?? { local: body.local("i32"), perStep: (reduced[rank - 1] ?? 0) * step, strides: reduced, base: down ? address : 0 };
    cursors.set(key, found);
    return { cursor: found.local, offset: down ? 0 : address };
  };
  const dense = stridesOf(kernel.frame);
  const stored = members.filter(({ value }) => value.definition.kind !== "reduce" && context.isStored(value));
  // Every cursor is known before the first loop is written.
  const sourcePosition = ({ access, strides, offset }: Operand): Position => {
    const { source } = access as { readonly source: Value };
    const bytes = bytesOf(source.dtype);
    return positionOf(strides, bytes, context.addresses(source) + offset * bytes);
  };
  const targetPosition = (value: Value): Position => positionOf(dense, bytesOf(value.dtype), context.addresses(value));
  memory.forEach(sourcePosition);
  for (const { value } of stored) targetPosition(value);

  const gatherers = new Map<Value, Gatherer>();
  for (const { value } of reductions) {
    const { reduction, inputs } = value.definition as { reduction: "sum" | "max" | "min"; inputs: readonly [Value] };
    gatherers.set(value, gatherer(emitter, reduction, laneTypeOf(inputs[0].dtype as Exclude<DType, "bool">)));
  }

  /** Everything for one step of entries, of which the first `valid` exist. */
  const emitStep = (valid: number): void => body.straight(() => {
    emitter.computed.clear();
    const known = new Map<Value, Parts>();
    const loaded = new Map<string, Parts>();
    const read = (operand: Operand, like: Value): Parts => {
      const { access, strides, offset } = operand;
      if (access.kind === "number") return emitter.number(access.number, like.dtype);
      if (access.kind === "member") return known.get(access.value)!;
      const { source } = access;
      const key = `${source.id} ${offset} ${strides.join()}`;
      const stride = rank === 0 ? 1 : along(strides, rank - 1);
      const parts = loaded.get(key) ?? emitter.load(source.dtype, sourcePosition(operand), stride, exact ? valid : step);
      loaded.set(key, parts);
      return parts;
    };
    for (const { value, operands } of members) {
      const { definition } = value;
      const { inputs } = definition as { readonly inputs: readonly Value[] };
      const parts = operands.map((operand, k) => read(operand, inputs[k]!));
      if (definition.kind === "reduce") gatherers.get(value)!.add(parts[0]!, valid);
      else if (definition.kind === "copy") known.set(value, parts[0]!);
      else if (definition.kind === "cast") known.set(value, emitter.convert(parts[0]!, value.dtype));
      else known.set(value, emitMap(emitter, value, parts));
    }
    for (const { value } of stored) {
      emitter.store(value.dtype, targetPosition(value), known.get(value)!, exact ? valid : step);
    }
  });

  /** The innermost loop over `count` entries, or over a piece of a row of so many; the cursors stand at the first of them. */
  const emitSpan = (count: number, steps: Borders | null = null): void => {
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
    if (rest > 0) onLastPiece(body, steps === null ? null : context.part, () => emitStep(rest));
  };

  const startRow = (first: Expression | number): void => {
    for (const { local, strides, base } of cursors.values()) {
      let at: Expression = plus(times(typeof first === "number" ? i32(first) : first, strides[rank - 1] ?? 0), base);
      counters.forEach((counter, axis) => (at = plus(times(counter, strides[axis]!), at)));
      body.set(local, at);
    }
  };
  const row = body.local("i32");
  // Pieces are cut from the outermost loop, or the innermost where it alone is long enough, or the chunks of a single row.
  const { part } = context;
  const byRows = rank > 1 && (reductions.length > 0 || sizes[0]! >= Math.min(LEAST_ROWS, inner));
  const rows = bordersOf(body, byRows ? part : null, sizes[0] ?? 1);
  const rowPart = byRows ? null : part;
  const steps = rowPart === null || reductions.length > 0 ? null : bordersOf(body, rowPart, exact ? Math.floor(inner / step) : Math.ceil(inner / step));
  const scratch = body.let(ownScratch(byRows ? part : null, scratchOfLoop(kernel, 1)));
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
      sums.forEach(({ value }, k) => body.store("f64.store", plus(times(chunk, 8), scratch), gatherers.get(value)!.result(), context.scratch + k * room));
    };
    const full = Math.floor(inner / CHUNK);
    const mine = bordersOf(body, rowPart, full);
    body.for(chunk, mine.from, mine.to, 1, () => one(CHUNK));
    if (inner % CHUNK > 0) onLastPiece(body, rowPart, () => {
      body.set(chunk, i32(full));
      one(inner % CHUNK);
    });
    const others = reductions.filter(({ value }) => !isFloatSum(value));
    const gathered = context.scratch + scratchOfLoop(kernel, 1);
    if (rowPart !== null) {
      others.forEach(({ value }, k) => body.store(`${typeOf(value)}.store`, times(rowPart.piece, 8), gatherers.get(value)!.result(), gathered + 8 * k * rowPart.most));
      rowPart.barrier();
    }
    onFirstPiece(body, rowPart, () => {
      sums.forEach(({ value }, k) => {
        // The sums of chunks are summed in place, with room behind the last of them for their own.
        if (sums.length > 1) body.copyMemory(plus(scratch, context.scratch + sums.length * room), plus(scratch, context.scratch + k * room), i32(room));
        storeResult(value, sumOfMemory(emitter, scratch, sums.length > 1 ? context.scratch + sums.length * room : context.scratch, chunks));
      });
      others.forEach(({ value }, k) => {
        storeResult(value, rowPart === null ? gatherers.get(value)!.result() : combined(value, gathered + 8 * k * rowPart.most, rowPart));
      });
    });
  };
  const typeOf = (value: Value): LaneType => laneTypeOf(value.dtype as Exclude<DType, "bool">);
  /** What the results of all threads come to, where the order does not matter. */
  const combined = (value: Value, address: number, { pieces }: Part): Local => {
    const { reduction } = value.definition as { reduction: "sum" | "max" | "min" };
    const type = typeOf(value);
    const [total, next, other] = [body.let(load(`${type}.load`, i32(0), address)), body.local(type), body.local("i32")];
    body.for(other, i32(1), pieces, 1, () => {
      body.set(next, load(`${type}.load`, times(other, 8), address));
      body.set(total, reduction === "sum" ? plus(total, next) : emitter.extremum(type, reduction, total, next));
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
    const { from, to } = axis === 0 ? rows : { from: i32(0), to: i32(sizes[axis]!) };
    body.for(counters[axis]!, from, to, 1, () => emitAxis(axis + 1));
  };
  if (byRows && reductions.length > 0) body.set(row, times(rows.from, countOf(sizes.slice(1, -1))));
  emitAxis(0);
}

/** Whether a reduction sums floats, in the order that their definition says. */
export function isFloatSum({ definition }: Value): boolean {
  return definition.kind === "reduce" && definition.reduction === "sum" && definition.inputs[0].dtype !== "int32";
}

/** The entries of one step: eight where floats are summed, one where there is only one, else a vector or two of the narrowest type. */
function stepOf(members: readonly Member[], reduces: boolean, count: number, inner: number, context: EmitContext): number {
  if (reduces) return 8;
  if (count === 1) return 1;
  const narrow = members.some(({ value, operands }) => {
    const types = operands.flatMap(({ access }) => (access.kind === "memory" ? [access.source.dtype] : []));
    if (value.dtype !== "bool" || context.isStored(value)) types.push(value.dtype);
    return types.some((dtype) => dtype !== "float64");
  });
  const lanes = narrow ? laneCount.f32 : laneCount.f64;
  return inner < LONG_RUN ? lanes : 2 * lanes;
}

/** One op, part by part. */
function emitMap(emitter: PartsEmitter, value: Value, operands: readonly Parts[]): Parts {
  const { op: rule } = value.definition as Extract<Value["definition"], { kind: "map" }>;
  const numbers = operands.find((x): x is NumberParts => x.kind === "numbers");
  // Conditions alone may be of either width; a step of two entries has only the wider one.
  const wide = emitter.step === 2 || operands.every((x) => x.kind === "mask" && x.width === 64);
  const type = numbers?.type ?? (wide ? "f64" : "f32");
  const results = Array.from({ length: emitter.partCount(type) }, (_, part) =>
    readForms(rule.lanes, emitter.lanes(type), operands.map((x) => emitter.operand(x, type, part))),
  );
  if (value.dtype === "bool") {
    const parts = results.map((one) => emitter.lanes(type).share("mask" in one ? one.mask : one.value));
    return { kind: "mask", width: type === "f64" ? 64 : 32, parts };
  }
  const parts = results.map((one) => emitter.lanes(type).share("value" in one ? one.value : one.mask));
  return { kind: "numbers", type, parts };
}

