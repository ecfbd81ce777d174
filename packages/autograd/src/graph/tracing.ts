/** Tracing: running a function on tensors without numbers, while a table keeps what each of them is computed from. */

import { callerLine } from "../caller.ts";
import { GraphError, showShape } from "../errors.ts";
import type { DType } from "./dtype.ts";
import type { BilinearOp, CustomOp, LinearOp, Op } from "./op.ts";
import type { Rooms } from "./rooms.ts";
import { lookAt } from "./runs.ts";
import { Tensor } from "./tensor.ts";
import type { Shape } from "../types/shape.ts";

/** A call of an op in the traced function: what an error names that the program meets when it gets there. */
export interface Call {
  readonly op: string;
  /** The user's line, `file:line:column`, where it was looked for. */
  readonly line: string | null;
}

/** The origin of a traced tensor. */
export type Origin =
  | { readonly kind: "argument"; readonly index: number }
  | { readonly kind: "state"; readonly key: object }
  /** The same value as another tensor, possibly in another type. */
  | { readonly kind: "alias"; readonly of: Tensor }
  | {
      readonly kind: "op";
      readonly op: Op;
      readonly inputs: readonly Tensor[];
      readonly attributes: unknown;
      readonly call: Call;
    };

/** A tensor without numbers, as long as its function is traced. */
class TracedTensor extends Tensor {
  readonly origin: Origin;
  /** The list in which it stands, and its place there. */
  readonly origins: Origins;
  readonly place: number;

  constructor(shape: Shape, dtype: DType, origin: Origin, origins: Origins, place: number) {
    super(shape, dtype, null);
    this.origin = origin;
    this.origins = origins;
    this.place = place;
  }
}

/** The origin of each tensor of a trace, in the order of recording. */
export class Origins {
  readonly #tensors: TracedTensor[] = [];

  get count(): number {
    return this.#tensors.length;
  }

  /** A new tensor of the trace. */
  make(shape: Shape, dtype: DType, origin: Origin): Tensor {
    const x = new TracedTensor(shape, dtype, origin, this, this.#tensors.length);
    this.#tensors.push(x);
    return x;
  }

  has(x: Tensor): boolean {
    return x instanceof TracedTensor && x.origins === this;
  }

  /** The place of a tensor in the order of recording; -1 for one that is not of this trace. */
  placeOf(x: Tensor): number {
    return x instanceof TracedTensor && x.origins === this ? x.place : -1;
  }

  /** The tensor at a place, and where it comes from. */
  at(place: number): { readonly tensor: Tensor; readonly origin: Origin } {
    const tensor = this.#tensors[place]!;
    return { tensor, origin: tensor.origin };
  }

  keys(): readonly Tensor[] {
    return this.#tensors;
  }

  /** All of them, the last first: what needs a value comes before the value. */
  *backwards(): Generator<readonly [Tensor, Origin]> {
    for (let at = this.#tensors.length - 1; at >= 0; at--) yield [this.#tensors[at]!, this.#tensors[at]!.origin];
  }
}

/** One run of a function on tensors without numbers. */
export interface Trace {
  /** The name of what is being traced, for messages. */
  readonly name: string;
  readonly origins: Origins;
  /** The states that the function has read or assigned: what stood for each before, and what stands for it now. */
  readonly states: Map<object, { readonly before: Tensor; now: Tensor }>;
  /**
   * Gives the output of an op that declares its own evaluation, where an input is traced; see `ops/apply-traced.ts`.
   */
  evaluate<A>(op: LinearOp<A> | BilinearOp<A> | CustomOp<A>, inputs: readonly Tensor[], attributes: A): Tensor;
  /** The rooms of its loops. */
  readonly rooms: Rooms;
  /** The trace in which this one runs: that of a loop's body inside the function that has the loop. */
  readonly outer?: Trace;
  /** True if its ops are going to be computed one by one, as for a batch outside of programs. */
  readonly isReplayed?: boolean;
}

let current: Trace | null = null;

/** The trace that is running; `null` almost always. */
export function tracing(): Trace | null {
  return current;
}

/** The trace of the whole function around the one that is running. */
export function outermost(trace: Trace): Trace {
  let found = trace;
  while (found.outer !== undefined) found = found.outer;
  return found;
}

/** The trace that noted where a tensor comes from, the running one or one around it. */
export function homeTrace(x: Tensor): Trace {
  let trace = current ?? undefined;
  while (trace !== undefined && !trace.origins.has(x)) trace = trace.outer;
  if (trace === undefined)
    throw new GraphError({ op: "compile", problem: "internal: a traced value outside a trace", hint: "report this" });
  return trace;
}

/** True if a value is known only when the traced function runs as a program. */
export function isTraced(x: Tensor): boolean {
  if (x.storage !== null || !(x instanceof TracedTensor)) return false;
  for (let trace = current ?? undefined; trace !== undefined; trace = trace.outer)
    if (trace.origins === x.origins) return true;
  return false;
}

/** Runs `body` as a trace. */
export function withTrace<R>(trace: Trace, body: () => R): R {
  const former = current;
  current = trace;
  try {
    return body();
  } finally {
    current = former;
  }
}

/** A new tensor without numbers. */
export function traced(shape: Shape, dtype: DType, origin: Origin, trace = current): Tensor {
  if (trace === null)
    throw new GraphError({ op: "compile", problem: "internal: a traced value outside a trace", hint: "report this" });
  return trace.origins.make(shape, dtype, origin);
}

/** A tensor of its own with the value of `x`. */
export function sameValue(x: Tensor): Tensor {
  lookAt([x], "value");
  if (isTraced(x)) return traced(x.shape, x.dtype, { kind: "alias", of: x });
  refuseLeaked(x.node?.op.name ?? "read", x);
  return new Tensor(x.shape, x.dtype, x.storage);
}

/** The call that is being repeated: what is traced meanwhile belongs to it. */
let repeated: Call | null = null;
/** The calls by the attributes of their ops: a rule that hands these on to another op is part of the call. */
const callsByAttributes = new WeakMap<object, Call>();

/** Runs `body`, which repeats what a call has traced. */
export function withCall<R>(call: Call, body: () => R): R {
  const former = repeated;
  repeated = call;
  try {
    return body();
  } finally {
    repeated = former;
  }
}

const calls = new Map<string, Call>();

/** A call of which no line is known: the same for all of an op. */
function callOf(op: string): Call {
  const known = calls.get(op);
  if (known !== undefined) return known;
  const call = { op, line: null };
  calls.set(op, call);
  return call;
}

/** The call behind an op that is being traced. */
function callNow(op: Op, inputs: readonly Tensor[], attributes: unknown, dtype: DType): Call {
  const known =
    repeated ?? (typeof attributes === "object" && attributes !== null ? callsByAttributes.get(attributes) : undefined);
  if (known !== undefined) return known;
  // Whole numbers are what a program may refuse: indices, casts, sums that int32 does not have. Looking for a line
  // takes time.
  const call =
    dtype === "int32" || inputs.some((x) => x.dtype === "int32")
      ? { op: op.name, line: callerLine() }
      : callOf(op.name);
  if (typeof attributes === "object" && attributes !== null) callsByAttributes.set(attributes, call);
  return call;
}

/** The output of an op of which an input is traced: a shape and a type, and where they come from. */
export function traceOp(op: Op, inputs: readonly Tensor[], attributes: unknown, shape: Shape, dtype: DType): Tensor {
  return traced(shape, dtype, { kind: "op", op, inputs, attributes, call: callNow(op, inputs, attributes, dtype) });
}

/** Refuses a value that has left its trace: it never gets numbers. */
export function refuseLeaked(op: string, x: Tensor): void {
  if (x.storage !== null || !(x instanceof TracedTensor) || isTraced(x)) return;
  // A rule by hand is told what to do instead.
  lookAt([x], "op");
  throw new GraphError({
    op,
    problem: `a value of shape ${showShape(x.shape)} left the function that was compiled, or the body of a loop or a branch, without being returned`,
    hint: "return it from the function",
    code: "TRACED",
  });
}

/** Refuses to read what has no numbers: inside a trace, or what has leaked out of one. */
export function refuseTraced(op: string, x: Tensor): void {
  if (x.storage !== null || !(x instanceof TracedTensor)) return;
  refuseLeaked(op, x);
  throw new GraphError({
    op,
    problem: `the value of shape ${showShape(x.shape)} is not known while ${current!.name} is traced`,
    hint: "choose with where(condition, a, b) or cond instead of if, repeat with scan or whileLoop, or return the value and read it outside",
    code: "TRACED",
  });
}
