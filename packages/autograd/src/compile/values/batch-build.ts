/** Builds what computes the values of a batch at once: every definition with an axis more, in front. */

import { stridesOf } from "../../graph/shape.ts";
import { stackConstants } from "./batch-constants.ts";
import { tuplesUnder, type Batch } from "./batch-plan.ts";
import type { Tuple } from "./batch-tuples.ts";
import type { Builder } from "./builder.ts";
import type { Stacked } from "./kinds/stacked.ts";
import { rulesOf } from "./kinds/table.ts";
import type { Value } from "./value.ts";

/** Builds tuples, each once, whatever batches it stands in; `now` gives what stands for a value. */
export class BatchBuilder {
  readonly #builder: Builder;
  readonly #now: (x: Value) => Value;
  readonly #built = new Map<Tuple, Stacked>();
  /** All that computes several values at once. */
  readonly joined = new Set<Value>();

  constructor(builder: Builder, now: (x: Value) => Value) {
    this.#builder = builder;
    this.#now = now;
  }

  /** The value in which those of a tuple of a batch lie one behind the other. */
  build({ tuples, alone }: Batch, root: Tuple): Value {
    const under = tuplesUnder(root, alone);
    for (const tuple of tuples)
      if (under.has(tuple) && !this.#built.has(tuple)) this.#built.set(tuple, this.#make(tuple, alone));
    return this.#built.get(root)!.value;
  }

  #make(tuple: Tuple, alone: ReadonlySet<Tuple>): Stacked {
    const first = tuple.values[0]!;
    this.#builder.origin = first.origin;
    if (tuple.role === "shared") return { value: this.#now(first), shared: true };
    if (tuple.role === "constant") return { value: stackConstants(this.#builder, tuple.values), shared: false };
    if (tuple.role === "stacked" || alone.has(tuple))
      return { value: stack(this.#builder, tuple.values.map(this.#now)), shared: false };
    const inputs = tuple.inputs.map((input) => this.#built.get(input)!);
    const { definition } = first;
    const before = this.#builder.values.length;
    const value = rulesOf(definition).atOnce!.merge(this.#builder, definition, tuple.values, inputs);
    for (const made of [value, ...this.#builder.values.slice(before)]) this.joined.add(made);
    return { value, shared: false };
  }
}

function stack(builder: Builder, values: readonly Value[]): Value {
  const { shape, count, dtype } = values[0]!;
  const strides = stridesOf(shape);
  return builder.assemble(
    [values.length, ...shape],
    dtype,
    values.map((value, k) => ({ value, walk: { offset: k * count, strides } })),
  );
}
