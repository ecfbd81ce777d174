/**
 * Runs an op that declares its own evaluation: value first, then the node; where an input is traced, its shape alone.
 */

import type { BilinearOp, CustomOp, LinearOp } from "../graph/op.ts";
import { record } from "../graph/record.ts";
import { SCALAR } from "../graph/shape.ts";
import { isWeak, Tensor } from "../graph/tensor.ts";
import { isTraced, tracing } from "../graph/tracing.ts";

/** The output of an op on checked inputs, recorded where a derivative may be asked of it. */
export function apply<A>(
  op: LinearOp<A> | BilinearOp<A> | CustomOp<A>,
  inputs: readonly Tensor[],
  attributes: A,
): Tensor {
  const trace = tracing();
  return record(
    op,
    inputs,
    attributes,
    trace !== null && inputs.some(isTraced)
      ? trace.evaluate(op, inputs, attributes)
      : kept(op.evaluate(inputs, attributes)),
  );
}

/**
 * A value that keeps its type beside others: only entry-wise work on numbers of the caller gives what stands for a
 * number itself.
 */
function kept(x: Tensor): Tensor {
  return isWeak(x) ? new Tensor(SCALAR, x.dtype, x.storage) : x;
}
