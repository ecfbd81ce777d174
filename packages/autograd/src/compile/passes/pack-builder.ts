/** Builds what computes a pack at once: every definition with an axis more, in front. */

import { stridesOf } from "../../graph/shape.ts";
import { stackConstants } from "./pack-constants.ts";
import { packsUnder, type Batch } from "./pack-planner.ts";
import type { Pack } from "./packs.ts";
import type { Builder } from "../ir/builder.ts";
import type { Stacked } from "../ir/kinds/stacked.ts";
import { rulesOf } from "../ir/kinds/table.ts";
import type { Value } from "../ir/value.ts";

/** Builds packs, each once, whatever batches it stands in; `now` gives what stands for a value. */
export class BatchBuilder {
  readonly #builder: Builder;
  readonly #now: (x: Value) => Value;
  readonly #built = new Map<Pack, Stacked>();
  /** All that computes several values at once. */
  readonly joined = new Set<Value>();

  constructor(builder: Builder, now: (x: Value) => Value) {
    this.#builder = builder;
    this.#now = now;
  }

  /** The value in which those of a pack of a batch lie one behind the other. */
  build({ packs, alone }: Batch, root: Pack): Value {
    const under = packsUnder(root, alone);
    for (const pack of packs)
      if (under.has(pack) && !this.#built.has(pack)) this.#built.set(pack, this.#make(pack, alone));
    return this.#built.get(root)!.value;
  }

  #make(pack: Pack, alone: ReadonlySet<Pack>): Stacked {
    const first = pack.values[0]!;
    this.#builder.origin = first.origin;
    if (pack.role === "shared") return { value: this.#now(first), shared: true };
    if (pack.role === "constant") return { value: stackConstants(this.#builder, pack.values), shared: false };
    if (pack.role === "stacked" || alone.has(pack))
      return { value: stack(this.#builder, pack.values.map(this.#now)), shared: false };
    const inputs = pack.inputs.map((input) => this.#built.get(input)!);
    const { definition } = first;
    const before = this.#builder.values.length;
    const value = rulesOf(definition).atOnce!.merge(this.#builder, definition, pack.values, inputs);
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
    values.map((value, k) => ({ value, view: { offset: k * count, strides } })),
  );
}
