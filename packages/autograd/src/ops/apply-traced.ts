/**
 * An op that declares its own evaluation, in a trace: its shape alone. What begins traces brings it along; other pages
 * do not load it.
 */

import { GraphError } from "../errors.ts";
import type { BilinearOp, CustomOp, LinearOp } from "../graph/op.ts";
import { shapes } from "../graph/shapes-only.ts";
import { strong } from "../graph/shape.ts";
import type { Tensor } from "../graph/tensor.ts";
import { isTraced, traceOp } from "../graph/tracing.ts";

/** The output of an op of which an input is traced. */
export function evaluateTraced<A>(
  op: LinearOp<A> | BilinearOp<A> | CustomOp<A>,
  inputs: readonly Tensor[],
  attributes: A,
): Tensor {
  if (op.lower !== undefined) {
    const { shape, dtype } = op.lower(shapes, inputs, attributes);
    return traceOp(op, inputs, attributes, strong(shape), dtype);
  }
  // A rule by hand in the library's own ops traces itself; one that reads numbers is refused where it does.
  const output = op.evaluate(inputs, attributes);
  if (isTraced(output)) return output;
  throw new GraphError({
    op: op.name,
    problem: "cannot be compiled: it does not say what it is made of",
    hint: "compute this part outside the compiled function",
    code: "NOT_COMPILABLE",
  });
}
