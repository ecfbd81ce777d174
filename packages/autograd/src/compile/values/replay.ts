/** The values of a program made again where what they are computed from has changed. */

import type { Builder } from "./builder.ts";
import type { BuiltControl } from "./control.ts";
import { inputsOf, type Value } from "./value.ts";

/** What stands for each value. */
export class Replay {
  readonly #builder: Builder;
  readonly #now = new Map<Value, Value>();
  readonly #controls = new Map<BuiltControl, BuiltControl>();

  constructor(builder: Builder) {
    this.#builder = builder;
  }

  set(value: Value, now: Value): void {
    this.#now.set(value, now);
  }

  now(value: Value): Value {
    return this.#now.get(value)!;
  }

  /** A value over what its inputs are now; itself where none has changed. */
  again(value: Value): Value {
    const inputs = inputsOf(value).map((input) => this.now(input));
    const builder = this.#builder;
    const { definition, shape, dtype } = value;
    if (inputs.every((input, k) => input === inputsOf(value)[k])) return value;
    builder.origin = value.origin;
    const dense = (k: number): Value => builder.dense(inputs[k]!);
    switch (definition.kind) {
      case "map": return builder.map(definition.op, ...inputs);
      case "cast": return builder.cast(inputs[0]!, dtype, definition.purpose);
      case "copy": return builder.result(inputs[0]!);
      case "view": return builder.view(inputs[0]!, shape, definition.walk);
      case "reduce": {
        const source = definition.inner === 1 ? builder.rows(inputs[0]!, definition.size) : dense(0);
        return builder.define(shape, dtype, { ...definition, inputs: [source] });
      }
      case "assemble": return builder.assemble(shape, dtype, inputs.map((part, k) => ({ value: part, walk: definition.walks[k]! })), definition.fill);
      case "matmul":
      case "take":
      case "addAt": return builder.define(shape, dtype, { ...definition, inputs: [dense(0), dense(1)] });
      case "control": {
        const { built, output } = definition;
        const again = this.#controls.get(built) ?? { ...built, inputs: inputs.map((_, k) => dense(k)) };
        this.#controls.set(built, again);
        return builder.define(shape, dtype, { kind: "control", built: again, output, inputs: again.inputs });
      }
      default: return value;
    }
  }
}
