/** From what a trace has noted to the values of a program: only what the results need, in the order of recording. */

import { GraphError } from "../../errors.ts";
import { elementsOf } from "../../graph/read.ts";
import { isTracked } from "../../graph/record.ts";
import type { Tensor } from "../../graph/tensor.ts";
import type { Trace } from "../../graph/tracing.ts";
import { Builder } from "./builder.ts";
import { lowerOrigin } from "./lower-origin.ts";
import type { Value } from "./value.ts";

/** The values that a list of tensors needs; `resolve` gives the value of each. `states` numbers those that the trace has used. */
export function readTrace(trace: Trace, roots: readonly Tensor[], states: readonly object[]): { builder: Builder; resolve: (x: Tensor) => Value } {
  const { origins } = trace;
  const needed = new Set<Tensor>(roots);
  // Origins stand in the order of recording: walked backwards, what needs a value comes before the value.
  for (const [x, origin] of [...origins].reverse()) {
    if (!needed.has(x)) continue;
    if (origin.kind === "alias") needed.add(origin.of);
    else if (origin.kind === "op") for (const input of origin.inputs) needed.add(input);
  }
  const builder = new Builder();
  const values = new Map<Tensor, Value>();
  const resolve = (x: Tensor): Value => {
    const found = values.get(x);
    if (found !== undefined) return found;
    const value = constantOf(builder, trace, x);
    values.set(x, value);
    return value;
  };
  for (const [x, origin] of origins) {
    if (!needed.has(x)) continue;
    switch (origin.kind) {
      case "argument":
        values.set(x, builder.argument(origin.index, x.shape, x.dtype));
        break;
      case "state":
        values.set(x, builder.state(states.indexOf(origin.key), x.shape, x.dtype));
        break;
      case "alias":
      case "op":
        values.set(x, lowerOrigin(builder, origin, x.dtype, resolve));
    }
  }
  return { builder, resolve };
}

/** A tensor with numbers, which the program holds as a constant. */
function constantOf(builder: Builder, trace: Trace, x: Tensor): Value {
  if (isTracked(x)) {
    throw new GraphError({
      op: trace.name,
      problem: "the compiled function captures a tensor that is being differentiated outside",
      hint: "hand it in as an argument, so that the derivative can reach it",
      code: "CAPTURED",
    });
  }
  return builder.constant(x.shape, x.dtype, elementsOf(x));
}
