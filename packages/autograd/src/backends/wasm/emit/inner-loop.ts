/** The innermost loop of a nest: whole steps one after the other, and the entries that are left behind them. */

import type { Body } from "../assembler/body.ts";
import { i32, op, plus, type Expression } from "../assembler/expressions.ts";
import type { PartsEmitter } from "../lanes/parts.ts";
import type { Borders } from "./chunks.ts";
import type { Value } from "../../../compile/ir/value.ts";
import type { Cursors } from "./cursors.ts";
import type { LoopNest } from "./nest.ts";
import type { StepEmitter } from "./step.ts";
import type { Gatherer } from "./sum.ts";

/** Some of the steps of a row, and what is done at the end of the row by whoever comes there. */
export interface Steps extends Borders {
  readonly atEnd: (then: () => void) => void;
}

export class InnerLoop {
  readonly #body: Body;
  readonly #nest: LoopNest;
  readonly #cursors: Cursors;
  readonly #step: StepEmitter;

  constructor(body: Body, nest: LoopNest, cursors: Cursors, step: StepEmitter) {
    this.#body = body;
    this.#nest = nest;
    this.#cursors = cursors;
    this.#step = step;
  }

  get emitter(): PartsEmitter {
    return this.#step.emitter;
  }

  get gatherers(): ReadonlyMap<Value, Gatherer> {
    return this.#step.gatherers;
  }

  /** Begins at entry `first` of the row at which the counters stand. */
  start(first: Expression | number): void {
    this.#cursors.start(first);
  }

  /** Emits the loop over `count` entries, or over some steps of a row of so many. */
  emit(count: number, steps: Steps | null = null): void {
    const { exact, step } = this.#nest;
    const whole = exact ? count - (count % step) : Math.ceil(count / step) * step;
    const rest = count - Math.min(whole, count);
    if (steps !== null) this.#emitSteps(steps);
    else if (whole === step && rest === 0) this.#step.emit(Math.min(step, count));
    else if (whole > 0) this.#emitWhole(whole);
    if (rest > 0 && steps !== null) steps.atEnd(() => this.#step.emit(rest));
    else if (rest > 0) this.#step.emit(rest);
  }

  #emitSteps({ from, to }: Steps): void {
    const body = this.#body;
    const left = body.let(op("i32.sub", to, from));
    body.while(left, () => {
      this.#emitStep();
      body.set(left, plus(left, -1));
    });
  }

  #emitWhole(entries: number): void {
    const body = this.#body;
    const left = body.local("i32");
    body.set(left, i32(entries));
    body.loop((again) => {
      this.#emitStep();
      body.set(left, plus(left, -this.#nest.step));
      again(left);
    });
  }

  #emitStep(): void {
    this.#step.emit(this.#nest.step);
    this.#cursors.advance();
  }
}
