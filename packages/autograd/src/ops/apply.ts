/** Runs an op that declares its own evaluation: value first, then the node. */

import type { BilinearOp, CustomOp, LinearOp } from "../graph/op.ts";
import { record } from "../graph/record.ts";
import type { Tensor } from "../graph/tensor.ts";

/** The output of an op on checked inputs, recorded where a derivative may be asked of it. */
export function apply<A>(op: LinearOp<A> | BilinearOp<A> | CustomOp<A>, inputs: readonly Tensor[], attributes: A): Tensor {
  return record(op, inputs, attributes, op.evaluate(inputs, attributes));
}
