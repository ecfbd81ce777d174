/**
 * The identity as an op: what a loop hands on from step to step, and what a sweep hands on unchanged, as tensors of
 * their own.
 */

import type { LinearOp } from "../graph/op.ts";
import { isTracked } from "../graph/record.ts";
import type { Tensor } from "../graph/tensor.ts";
import { sameValue } from "../graph/tracing.ts";
import { apply } from "./apply.ts";

// y = x        xᵀ: g, likewise a tensor of its own
const ownOp: LinearOp<null> = {
  kind: "linear",
  name: "identity",
  needs: "nothing",
  evaluate: ([x]) => sameValue(x!),
  push: ([t]) => asOwn(t!),
  transpose: (g) => [asOwn(g)],
  lower: (_, [x]) => x!,
};

/**
 * `x` as a tensor whose cotangent is a sum of its own. Sums of cotangents run node by node: where loops written out and
 * loops of a program are to add in one order, both say by this where a sum begins anew.
 */
export function asOwn(x: Tensor): Tensor {
  return isTracked(x) ? apply(ownOp, [x], null) : x;
}
