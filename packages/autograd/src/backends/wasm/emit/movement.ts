/** Kernels that move numbers: parts written into a larger array, rows picked by index, rows added at an index. */

import { countOf } from "../../../graph/shape.ts";
import type { Body, Local } from "../assembler/body.ts";
import { f32, f64, i32, load, op, plus, repeated, times, type Expression } from "../assembler/expressions.ts";
import { copyBytes } from "./copy.ts";
import type { EmitContext } from "./context.ts";
import { bytesOf } from "../../../kernels/lanes/machine-types.ts";
import { bordersOf, onFirstPiece } from "./chunks.ts";
import { divisionOfAddAt } from "../../../compile/schedule/partitioning.ts";
import { canRefuse } from "./traps.ts";
import { sourceOf, type Value } from "../../../compile/ir/value.ts";

/** So many bytes are filled at a time. */
const LINE = 64;

/** The bits of a constant as the memory of its type holds them. */
function storeConstant(body: Body, value: Value, number: number, to: Expression, offset: number): void {
  switch (value.dtype) {
    case "float64":
      return body.store("f64.store", to, f64(number), offset);
    case "float32":
      return body.store("f32.store", to, f32(number), offset);
    case "int32":
      return body.store("i32.store", to, i32(number), offset);
    case "bool":
      return body.store("i32.store8", to, i32(number), offset);
  }
}

/** Emits one number throughout, into which parts are written. */
export function emitAssemble(body: Body, value: Value, context: EmitContext): void {
  const { inputs, views, fill } = value.definition as Extract<Value["definition"], { kind: "assemble" }>;
  const bytes = bytesOf(value.dtype);
  const target = context.addresses(value);
  const covered = inputs.reduce((sum, part) => sum + part.count, 0);
  if (covered < value.count) {
    fillPart(body, target, value.count, bytes, fill, context);
    context.part?.barrier();
  }
  inputs.forEach((part, k) => {
    if (part.count > 0) emitPart(body, part, views[k]!, target, context);
  });
}

/** Fills a piece of so many numbers with one; only floats have another one than 0. */
function fillPart(
  body: Body,
  target: number,
  count: number,
  bytes: number,
  number: number,
  { part }: EmitContext,
): void {
  const { from, to } = bordersOf(body, part, count);
  if (!Object.is(number, 0)) {
    const [type, one] = bytes === 8 ? (["f64", f64(number)] as const) : (["f32", f32(number)] as const);
    const [at, end] = [body.let(plus(times(from, bytes), target)), body.let(plus(times(to, bytes), target))];
    const vector = body.let(repeated[type](number));
    body.while(op("i32.le_u", plus(at, LINE), end), () => {
      for (let k = 0; k < LINE; k += 16) body.store("v128.store", at, vector, k);
      body.set(at, plus(at, LINE));
    });
    body.while(op("i32.lt_u", at, end), () => {
      body.store(`${type}.store`, at, one);
      body.set(at, plus(at, bytes));
    });
    return;
  }
  const size =
    from.constant === undefined || to.constant === undefined
      ? op("i32.sub", to, from)
      : i32(to.constant - from.constant);
  body.fillMemory(plus(times(from, bytes), target), i32(0), times(size, bytes));
}

function emitPart(
  body: Body,
  part: Value,
  view: { readonly offset: number; readonly strides: readonly number[] },
  target: number,
  context: EmitContext,
): void {
  const bytes = bytesOf(part.dtype);
  const uniform = part.definition.kind === "scalar" ? part.definition.number : null;
  const { source, view: read } = sourceOf(part);
  // Axes of one entry go nowhere; neighbors that both sides walk as one are joined.
  const sizes: number[] = [];
  const steps: { to: number; from: number }[] = [];
  part.shape.forEach((size, axis) => {
    if (size === 1) return;
    const step = { to: view.strides[axis]!, from: uniform === null ? read.strides[axis]! : 0 };
    const last = steps.at(-1);
    if (last !== undefined && last.to === step.to * size && (uniform !== null || last.from === step.from * size)) {
      sizes[sizes.length - 1]! *= size;
      steps[steps.length - 1] = step;
    } else {
      sizes.push(size);
      steps.push(step);
    }
  });
  const rank = sizes.length;
  const inner = steps[rank - 1];
  const whole = uniform === null && inner?.to === 1 && inner.from === 1;
  const axes = whole ? rank - 1 : rank;
  const counters = Array.from({ length: axes }, () => body.local("i32"));
  const at = (side: "to" | "from"): Expression =>
    counters.reduce((sum: Expression, counter, axis) => plus(times(counter, steps[axis]![side] * bytes), sum), i32(0));
  const toOffset = target + view.offset * bytes;
  const fromOffset = uniform === null ? context.addresses(source) + read.offset * bytes : 0;
  // A part without a loop is left to the first thread.
  const outermost = bordersOf(body, axes === 0 ? null : context.part, sizes[0] ?? 1);
  const emitAxis = (axis: number): void => {
    const { from, to } = axis === 0 ? outermost : { from: i32(0), to: i32(sizes[axis]!) };
    if (axis < axes) return body.for(counters[axis]!, from, to, 1, () => emitAxis(axis + 1));
    if (whole) return copyBytes(body, plus(at("to"), toOffset), plus(at("from"), fromOffset), sizes[rank - 1]! * bytes);
    if (uniform !== null) return storeConstant(body, part, uniform, plus(at("to"), toOffset), 0);
    // A flipped axis walks down; its distances are added to the cursor before they could be negative.
    copyBytes(body, plus(at("to"), toOffset), plus(at("from"), fromOffset), bytes);
  };
  if (axes > 0) emitAxis(0);
  else onFirstPiece(body, context.part, () => emitAxis(0));
}

/** The k-th index of what is picked or added; one outside the axis is refused, and counts as 0. */
function checkedIndex(body: Body, value: Value, k: Local, context: EmitContext): Local {
  const {
    inputs: [, indices],
    size,
  } = value.definition as Extract<Value["definition"], { kind: "take" | "addAt" }>;
  const index = body.let(load("i32.load", times(k, 4), context.addresses(indices)));
  if (canRefuse(value))
    body.if(op("i32.ge_u", index, i32(size)), () => {
      context.traps.note(body, value, k, [[index]]);
      body.set(index, i32(0));
    });
  return index;
}

/** Emits y[o, k, i] = x[o, indices[k], i]. */
export function emitTake(body: Body, value: Value, context: EmitContext): void {
  const {
    inputs: [x, indices],
    outer,
    size,
    inner,
  } = value.definition as Extract<Value["definition"], { kind: "take" }>;
  const bytes = bytesOf(value.dtype);
  const [o, k] = [body.local("i32"), body.local("i32")];
  const target = body.local("i32");
  // Whatever there is more of is divided: blocks, or indices.
  const byBlocks = outer > indices.count;
  const blocks = bordersOf(body, byBlocks ? context.part : null, outer);
  const picked = bordersOf(body, byBlocks ? null : context.part, indices.count);
  body.for(o, blocks.from, blocks.to, 1, () => {
    body.set(target, plus(times(plus(times(o, indices.count), picked.from), inner * bytes), context.addresses(value)));
    body.for(k, picked.from, picked.to, 1, () => {
      const index = checkedIndex(body, value, k, context);
      const from = body.let(plus(times(plus(times(o, size), index), inner * bytes), context.addresses(x)));
      copyBytes(body, target, from, inner * bytes);
      body.set(target, plus(target, inner * bytes));
    });
  });
}

/** Bytes of scratch in which rows are added in float64. */
export function scratchOfAddAt(value: Value): number {
  return value.dtype === "float32" ? 8 * value.count : 0;
}

/** Emits y[o, indices[k], i] += x[o, k, i] in order, from -0, which no sum changes. */
export function emitAddAt(body: Body, value: Value, context: EmitContext): void {
  const {
    inputs: [x, indices],
    outer,
    size,
    inner,
  } = value.definition as Extract<Value["definition"], { kind: "addAt" }>;
  const single = value.dtype === "float32";
  const sums = single ? context.scratch : context.addresses(value);
  const width = 8;
  const bytes = bytesOf(x.dtype);
  const division = divisionOfAddAt(outer, inner);
  const blocks = bordersOf(body, division === "blocks" ? context.part : null, outer);
  const columns = bordersOf(body, division === "columns" ? context.part : null, inner);
  fillPart(body, sums, value.count, width, -0, context);
  context.part?.barrier();
  const [o, k, i] = [body.local("i32"), body.local("i32"), body.local("i32")];
  const from = body.local("i32");
  body.for(o, blocks.from, blocks.to, 1, () => {
    body.for(k, i32(0), i32(indices.count), 1, () => {
      const index = checkedIndex(body, value, k, context);
      const to = body.let(plus(times(plus(times(o, size), index), inner * width), sums));
      body.set(
        from,
        plus(times(plus(times(plus(times(o, indices.count), k), inner), columns.from), bytes), context.addresses(x)),
      );
      body.for(i, columns.from, columns.to, 1, () => {
        const cell = body.let(plus(to, times(i, width)));
        const term = load(single ? "f32.load" : "f64.load", from);
        body.store(
          "f64.store",
          cell,
          op("f64.add", load("f64.load", cell), single ? op("f64.promote_f32", term) : term),
        );
        body.set(from, plus(from, bytes));
      });
    });
  });
  if (!single) return;
  context.part?.barrier();
  const n = body.local("i32");
  const numbers = bordersOf(body, context.part, countOf(value.shape));
  body.for(n, numbers.from, numbers.to, 1, () => {
    body.store(
      "f32.store",
      times(n, 4),
      op("f32.demote_f64", load("f64.load", times(n, 8), sums)),
      context.addresses(value),
    );
  });
}
