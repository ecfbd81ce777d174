/** Runs an op that declares its own evaluation: value first, then the node; where an input is traced, its shape alone. */

import { GraphError } from "../errors.ts";
import type { BilinearOp, CustomOp, LinearOp } from "../graph/op.ts";
import { record } from "../graph/record.ts";
import { shapes } from "../graph/shapes-only.ts";
import { SCALAR, strong } from "../graph/shape.ts";
import { isWeak, Tensor } from "../graph/tensor.ts";
import { isTraced, traceOp, tracing } from "../graph/tracing.ts";

/** The output of an op on checked inputs, recorded where a derivative may be asked of it. */
export function apply<A>(op: LinearOp<A> | BilinearOp<A> | CustomOp<A>, inputs: readonly Tensor[], attributes: A): Tensor {
  return record(op, inputs, attributes, tracing() !== null && inputs.some(isTraced) ? evaluateTraced(op, inputs, attributes) : kept(op.evaluate(inputs, attributes)));
}

/** A value that keeps its type beside others: only entry-wise work on numbers of the caller gives what stands for a number itself. */
function kept(x: Tensor): Tensor {
  return isWeak(x) ? new Tensor(SCALAR, x.dtype, x.storage) : x;
}

function evaluateTraced<A>(op: LinearOp<A> | BilinearOp<A> | CustomOp<A>, inputs: readonly Tensor[], attributes: A): Tensor {
  if (op.lower !== undefined) {
    const { shape, dtype } = op.lower(shapes, inputs, attributes);
    return traceOp(op, inputs, attributes, strong(shape), dtype);
  }
  // A rule by hand in the library's own ops traces itself; one that reads numbers is refused where it does.
  const output = op.evaluate(inputs, attributes);
  if (isTraced(output)) return output;
  throw new GraphError({ op: op.name, problem: "cannot be compiled: it does not say what it is made of", hint: "compute this part outside the compiled function", code: "NOT_COMPILABLE" });
}
