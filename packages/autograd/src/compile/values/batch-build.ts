/** Builds what computes the values of a batch at once: every definition with an axis more, in front. */

import { countOf, stridesOf } from "../../graph/shape.ts";
import { stackConstants } from "./batch-constants.ts";
import { tuplesUnder, type Batch } from "./batch-plan.ts";
import { stepOf, type Tuple } from "./batch-tuples.ts";
import type { Builder } from "./builder.ts";
import { sourceOf, type Value } from "./value.ts";

/** The values of a tuple as one, or the one value that all parts share. */
interface Built {
  readonly value: Value;
  readonly shared: boolean;
}

/** Builds tuples, each once, whatever batches it stands in; `now` gives what stands for a value. */
export class BatchBuilder {
  readonly #builder: Builder;
  readonly #now: (x: Value) => Value;
  readonly #built = new Map<Tuple, Built>();

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

  #make(tuple: Tuple, alone: ReadonlySet<Tuple>): Built {
    const first = tuple.values[0]!;
    this.#builder.origin = first.origin;
    if (tuple.role === "shared") return { value: this.#now(first), shared: true };
    if (tuple.role === "constant") return { value: stackConstants(this.#builder, tuple.values), shared: false };
    if (tuple.role === "stacked" || alone.has(tuple))
      return { value: stack(this.#builder, tuple.values.map(this.#now)), shared: false };
    const inputs = tuple.inputs.map((input) => this.#built.get(input)!);
    return { value: merge(this.#builder, tuple, inputs), shared: false };
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

/** Does once what all values of a tuple do; the inputs have the axis, or are shared. */
function merge(builder: Builder, { values }: Tuple, inputs: readonly Built[]): Value {
  const first = values[0]!;
  const { definition } = first;
  const length = values.length;
  const shape = [length, ...first.shape];
  /** An input with the axis, along which a shared one goes nowhere. */
  const whole = (k: number): Value => {
    const { value, shared } = inputs[k]!;
    return shared
      ? builder.view(value, [length, ...value.shape], { offset: 0, strides: [0, ...stridesOf(value.shape)] })
      : value;
  };
  switch (definition.kind) {
    case "map":
      return builder.inShape(builder.map(definition.op, ...inputs.map(({ value }) => value)), shape);
    case "cast":
      return builder.cast(whole(0), first.dtype, definition.purpose);
    case "copy":
      return builder.dense(whole(0));
    case "view": {
      const { value, shared } = inputs[0]!;
      const between = stepOf(values.map((x) => sourceOf(x).walk))! + (shared ? 0 : value.count / length);
      return builder.view(value, shape, {
        offset: definition.walk.offset,
        strides: [between, ...definition.walk.strides],
      });
    }
    case "reduce": {
      const { outer, size, inner } = definition;
      const source = inner === 1 ? builder.rows(whole(0), size) : builder.dense(whole(0));
      return builder.define(shape, first.dtype, { ...definition, inputs: [source], outer: length * outer });
    }
    case "matmul":
      return mergeProducts(builder, first, inputs, length);
    case "assemble": {
      const parts = definition.walks.map(({ offset, strides }, k) => ({
        value: whole(k),
        walk: { offset, strides: [first.count, ...strides] },
      }));
      return builder.assemble(shape, first.dtype, parts, definition.fill);
    }
    case "take":
    case "addAt":
      return builder.define(shape, first.dtype, {
        ...definition,
        inputs: [builder.dense(whole(0)), builder.dense(inputs[1]!.value)],
        outer: length * definition.outer,
      });
    default:
      throw new Error(`internal: ${definition.kind} is no operation`);
  }
}

function mergeProducts(
  builder: Builder,
  { definition, dtype, shape }: Value,
  [a, b]: readonly Built[],
  length: number,
): Value {
  if (definition.kind !== "matmul") throw new Error("internal: not a product");
  const { form, sizes } = definition;
  const [A, B] = [builder.dense(a!.value), builder.dense(b!.value)];
  if (b!.shared && sizes.batch.length === 0 && !form.transposeA) {
    // Rows of all parts beside one matrix are the rows of one product.
    const rows = length * sizes.m;
    const product = builder.define([rows, sizes.n], dtype, {
      kind: "matmul",
      inputs: [builder.reshape(A, [rows, sizes.k]), B],
      form,
      sizes: { ...sizes, m: rows },
    });
    return builder.reshape(product, [length, ...shape]);
  }
  const step = ({ value, shared }: Built): number => (shared ? 0 : countOf(value.shape.slice(1, -2)));
  const batched = {
    ...sizes,
    batch: [length, ...sizes.batch],
    stepsA: [step(a!), ...sizes.stepsA],
    stepsB: [step(b!), ...sizes.stepsB],
  };
  return builder.define([length, ...shape], dtype, { kind: "matmul", inputs: [A, B], form, sizes: batched });
}
