/** Cursors of a loop: addresses that advance with it, one for all that is walked alike. */

import { stridesOf } from "../../../graph/shape.ts";
import { bytesOf } from "../../../kernels/lanes/machine-types.ts";
import type { Body, Local } from "../assembler/body.ts";
import { i32, plus, times, type Expression } from "../assembler/expressions.ts";
import type { Position } from "../lanes/parts.ts";
import type { Operand } from "../../../compile/schedule/loop-members.ts";
import type { Value } from "../../../compile/ir/value.ts";
import type { EmitContext } from "./context.ts";
import type { LoopNest } from "./nest.ts";

interface Cursor {
  readonly local: Local;
  readonly perStep: number;
  /** Along each loop. */
  readonly strides: readonly number[];
  readonly base: Expression;
}

/** Of a position that is all in its offset. */
const START = i32(0);

export class Cursors {
  /** The variables of the outer loops. */
  readonly counters: readonly Local[];
  /** The entry of the frame at which a step begins, where an error may have to name it. */
  readonly entry: Local | null;
  readonly #body: Body;
  readonly #nest: LoopNest;
  readonly #context: EmitContext;
  readonly #dense: readonly number[];
  readonly #cursors = new Map<string, Cursor>();

  /** Knows every cursor before the first loop is written. */
  constructor(body: Body, nest: LoopNest, context: EmitContext) {
    this.#body = body;
    this.#nest = nest;
    this.#context = context;
    this.#dense = stridesOf(nest.kernel.frame);
    this.counters = nest.sizes.slice(0, -1).map(() => body.local("i32"));
    nest.loads.forEach((operand) => this.ofOperand(operand));
    nest.stored.forEach((value) => this.ofTarget(value));
    this.entry = nest.checks.size === 0 ? null : body.local("i32");
    if (this.entry !== null)
      this.#cursors.set("entry", {
        local: this.entry,
        perStep: nest.rank === 0 ? 0 : nest.step,
        strides: nest.sizes.map((_, loop) => nest.along(this.#dense, loop)),
        base: i32(0),
      });
  }

  /** The place of an operand that is read from memory. */
  ofOperand({ access, strides, offset }: Operand): Position {
    return this.#positionOf((access as { readonly source: Value }).source, strides, offset);
  }

  /** The place of a value that the loop writes. */
  ofTarget(value: Value): Position {
    return this.#positionOf(value, this.#dense, 0);
  }

  #positionOf(value: Value, view: readonly number[], offset: number): Position {
    const { addresses, bases } = this.#context;
    const { rank, window, sizes, step } = this.#nest;
    const bytes = bytesOf(value.dtype);
    if (rank === 0 && window === null && bases === undefined)
      return { cursor: START, offset: addresses(value) + offset * bytes };
    const moved = window?.moved.get(value) ?? bases?.get(value);
    const address = (moved === undefined ? addresses(value) : 0) + offset * bytes;
    const strides = sizes.map((_, loop) => this.#nest.along(view, loop) * bytes);
    if (moved === undefined && strides.every((stride) => stride === 0)) return { cursor: i32(0), offset: address };
    // A cursor that walks down, or of what is moved, begins at the address itself: it must not be negative.
    const whole = moved !== undefined || strides.some((stride) => stride < 0);
    const key = whole ? `${strides.join()} ${address} ${moved === undefined ? "" : value.id}` : strides.join();
    const base = moved === undefined ? i32(whole ? address : 0) : plus(moved, address);
    const perStep = (strides[rank - 1] ?? 0) * step;
    const cursor = this.#cursors.get(key) ?? { local: this.#body.local("i32"), perStep, strides, base };
    this.#cursors.set(key, cursor);
    return { cursor: cursor.local, offset: whole ? 0 : address };
  }

  /** Sets all of them to entry `first` of the innermost loop. */
  start(first: Expression | number): void {
    const { rank } = this.#nest;
    for (const { local, strides, base } of this.#cursors.values()) {
      let at: Expression = plus(times(typeof first === "number" ? i32(first) : first, strides[rank - 1] ?? 0), base);
      this.counters.forEach((counter, loop) => (at = plus(times(counter, strides[loop]!), at)));
      this.#body.set(local, at);
    }
  }

  /** Moves all of them by one step. */
  advance(): void {
    for (const { local, perStep } of this.#cursors.values())
      if (perStep !== 0) this.#body.set(local, plus(local, perStep));
  }
}
