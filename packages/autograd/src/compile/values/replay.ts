/** The values of a program made again where what they are computed from has changed. */

import type { Builder } from "./builder.ts";
import type { BuiltControl } from "./control.ts";
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
    const inputs = this.inputsOf(value);
    const builder = this.#builder;
    const { definition, shape, dtype } = value;
    builder.origin = value.origin;
    const dense = (k: number): Value => builder.dense(inputs[k]!);
    switch (definition.kind) {
      case "map":
        return builder.map(definition.op, ...inputs);
      case "cast":
        return builder.cast(inputs[0]!, dtype, definition.purpose);
      case "copy":
        return builder.result(inputs[0]!);
      case "view":
        return builder.view(inputs[0]!, shape, definition.walk);
      case "reduce": {
        const source = definition.inner === 1 ? builder.rows(inputs[0]!, definition.size) : dense(0);
        return builder.define(shape, dtype, { ...definition, inputs: [source] });
      }
      case "assemble":
        return builder.assemble(
          shape,
          dtype,
          inputs.map((part, k) => ({ value: part, walk: definition.walks[k]! })),
          definition.fill,
        );
      case "matmul":
      case "take":
      case "addAt":
        return builder.define(shape, dtype, { ...definition, inputs: [dense(0), dense(1)] });
      case "control": {
        const { built, output } = definition;
        const again = this.#controls.get(built) ?? { ...built, inputs: inputs.map((_, k) => dense(k)) };
        this.#controls.set(built, again);
        return builder.define(shape, dtype, { kind: "control", built: again, output, inputs: again.inputs });
      }
      default:
        return value;
    }
  }
}
