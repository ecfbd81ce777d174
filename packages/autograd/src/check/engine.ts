/**
 * The derivatives that are to be checked, as the transforms give them: rows by the reverse sweep, columns by the
 * forward one.
 */

import { GraphError } from "../errors.ts";
import type { Tensor } from "../graph/tensor.ts";
import { jvp, vjp } from "../transforms/products.ts";
import { dense, type Probe } from "./probes.ts";
import { join, sizeOf, splitLike, type Subject } from "./subject.ts";

/** A function that has been run once for the reverse sweep. */
export interface Reverse {
  readonly value: readonly Tensor[];
  /** Jᵀ·reading, all inputs joined. */
  row(reading: Probe): Float64Array;
}

export function reverseOf(subject: Subject): Reverse {
  const rows = sizeOf(subject.value);
  const { value, pullback } = vjp((given: readonly Tensor[]) => subject.run(given), subject.leaves);
  return {
    value,
    row: (reading) =>
      unlessLeft(subject, sizeOf(subject.leaves), () =>
        join(pullback(splitLike(dense(reading, rows), subject.value))[0]),
      ),
  };
}

/** J·direction and the value, all results joined. */
export function columnOf(
  subject: Subject,
  direction: Probe,
): { readonly column: Float64Array; readonly value: readonly Tensor[] } {
  const tangents = splitLike(dense(direction, sizeOf(subject.leaves)), subject.leaves);
  let value = subject.value;
  const column = unlessLeft(subject, sizeOf(value), () => {
    const pushed = jvp((given: readonly Tensor[]) => subject.run(given), [subject.leaves], [tangents]);
    value = pushed.value;
    return join(pushed.tangent);
  });
  return { column, value };
}

/**
 * A derivative of what the graph knows: a rule by hand that goes on with numbers gives a gradient that no graph
 * connects with the arguments. The transforms refuse to differentiate it; the check shows where that derivative, 0, is
 * wrong.
 */
function unlessLeft(subject: Subject, size: number, body: () => Float64Array): Float64Array {
  try {
    return body();
  } catch (error) {
    if (subject.isDerivative === true && error instanceof GraphError && error.code === "LEFT_GRAPH")
      return new Float64Array(size);
    throw error;
  }
}

/** Gives what `body` gives, or why a rule says by name that it lacks a direction. */
export function unlessRefused<R>(body: () => R): { readonly result: R } | { readonly refused: string } {
  try {
    return { result: body() };
  } catch (error) {
    if (error instanceof GraphError && error.code === "MISSING_RULE") return { refused: `${error.op} lacks a rule` };
    if (error instanceof GraphError && error.code === "OPAQUE") return { refused: `${error.op} reads numbers` };
    throw error;
  }
}
