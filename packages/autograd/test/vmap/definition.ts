/** What vmap means: the function run on each example, and the results put above each other. */

import { stack, Tensor, tensor, type DType } from "../../src/index.ts";
import { applyTo, caseOf, type Case } from "../ops/sampling.ts";
import type { Row } from "../ops/spec.ts";

/** Example `k` of a batch along an axis, cut out by plain indexing. */
export function exampleOf(x: Tensor, k: number, axis = 0): Tensor {
  const at = axis < 0 ? axis + x.shape.length : axis;
  const shape = x.shape.filter((_, place) => place !== at);
  const inner = x.shape.slice(at + 1).reduce((n, size) => n * size, 1);
  const count = shape.reduce((n, size) => n * size, 1);
  const numbers = x.toTypedArray();
  const own = Float64Array.from(
    { length: count },
    (_, i) => numbers[(Math.floor(i / inner) * x.shape[at]! + k) * inner + (i % inner)]!,
  );
  return tensor(own, { shape, dtype: x.dtype });
}

/** Tensors of examples along an axis. */
export function batchOf(examples: readonly Tensor[], axis = 0): Tensor {
  return stack(examples as never, axis as never) as Tensor;
}

/** The function run on each example: results stacked. */
export function onEach(f: (...leaves: Tensor[]) => Tensor, examples: readonly (readonly Tensor[])[]): Tensor {
  return stack(examples.map((leaves) => f(...leaves)) as never) as Tensor;
}

/** One op on a batch of examples: which of its operands have them, and along which axis. */
export interface BatchCase {
  readonly label: string;
  readonly one: Case;
  /** For each leaf the axis of its examples; `null` for one that is the same for all. */
  readonly axes: readonly (number | null)[];
  readonly examples: readonly (readonly Tensor[])[];
  readonly batch: readonly Tensor[];
  readonly f: (...leaves: Tensor[]) => Tensor;
}

/** Every choice of operands that have examples, each with another axis for these, of every sample of a row. */
export function batchCasesOf(row: Row, dtype: DType, count = 3): BatchCase[] {
  return row.samples.flatMap((sample, index) => {
    const one = caseOf(row, index, dtype);
    const { leaves } = one;
    if (leaves.length === 0 || leaves.length > 4) return [];
    let drawn: readonly (readonly Tensor[])[] | null = null;
    // Most cases are only named.
    const tensors = (): readonly (readonly Tensor[])[] =>
      (drawn ??= Array.from({ length: count }, (_, scatter) =>
        caseOf(row, index, dtype, scatter).leaves.map((leaf) => leaf.tensor),
      ));
    return Array.from({ length: 2 ** leaves.length - 1 }, (_, choice): BatchCase => {
      const axes = leaves.map(({ tensor: { shape } }, k) =>
        (choice + 1) & (2 ** k) ? (choice + index + k) % (shape.length + 1) : null,
      );
      const examples = (): Tensor[][] =>
        tensors().map((own) => own.map((x, k) => (axes[k] === null ? leaves[k]!.tensor : x)));
      return {
        label: `${one.label}, examples along ${JSON.stringify(axes)}`,
        one,
        axes,
        f: (...given) => applyTo(one, given),
        get examples() {
          return examples();
        },
        get batch() {
          return leaves.map((leaf, k) =>
            axes[k] === null
              ? leaf.tensor
              : batchOf(
                  examples().map((own) => own[k]!),
                  axes[k]!,
                ),
          );
        },
      };
    });
  });
}
