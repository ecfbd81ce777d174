/** The values of a program made again where what they are computed from has changed. */

import type { Builder } from "./builder.ts";
import type { BuiltControl } from "./control.ts";
import { rulesOf } from "./kinds/table.ts";
import { inputsOf, type Value } from "./value.ts";

/** The values that stand for others. */
export class Replay {
  readonly #builder: Builder;
  /** By the ids of the values that stood before. */
  readonly #now: (Value | undefined)[];
  readonly #controls = new Map<BuiltControl, BuiltControl>();

  constructor(builder: Builder) {
    this.#builder = builder;
    this.#now = new Array<Value | undefined>(builder.values.length);
  }

  set(value: Value, now: Value): void {
    this.#now[value.id] = now;
  }

  now(value: Value): Value {
    return this.#now[value.id]!;
  }

  /** Gives what stands for the inputs of a value. */
  inputsOf(value: Value): Value[] {
    const before = inputsOf(value);
    const now = new Array<Value>(before.length);
    for (let k = 0; k < before.length; k++) now[k] = this.#now[before[k]!.id]!;
    return now;
  }

  #hasChanged(inputs: readonly Value[]): boolean {
    for (let k = 0; k < inputs.length; k++) if (this.#now[inputs[k]!.id] !== inputs[k]) return true;
    return false;
  }

  /** A value over what its inputs are now; itself where none has changed. */
  again(value: Value): Value {
    if (!this.#hasChanged(inputsOf(value))) return value;
    this.#builder.origin = value.origin;
    const { definition } = value;
    return rulesOf(definition).again(this.#builder, value, definition, this.inputsOf(value), this.#controls);
  }
}
