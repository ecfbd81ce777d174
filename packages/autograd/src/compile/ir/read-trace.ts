/**
 * Trace to IR: from what a trace has noted to the values of a program, only what the results need, in the order of
 * recording.
 */

import { GraphError } from "../../errors.ts";
import { elementsOf } from "../../graph/read.ts";
import { isTracked } from "../../graph/record.ts";
import type { Tensor } from "../../graph/tensor.ts";
import type { Trace } from "../../graph/tracing.ts";
import { Builder } from "./builder.ts";
import { lowerOrigin } from "./lower-origin.ts";
import type { Value } from "./value.ts";

/**
 * The values that a list of tensors needs; `resolve` gives the value of each. `states` numbers those that the trace has
 * used.
 */
export function readTrace(
  trace: Trace,
  roots: readonly Tensor[],
  states: readonly object[],
): { builder: Builder; resolve: (x: Tensor) => Value } {
  const { origins } = trace;
  const needed = new Uint8Array(origins.count);
  const need = (x: Tensor): void => {
    const place = origins.placeOf(x);
    if (place >= 0) needed[place] = 1;
  };
  roots.forEach(need);
  for (let place = origins.count - 1; place >= 0; place--) {
    if (needed[place] === 0) continue;
    const { origin } = origins.at(place);
    if (origin.kind === "alias") need(origin.of);
    else if (origin.kind === "op") origin.inputs.forEach(need);
  }
  const builder = new Builder();
  const values = new Array<Value | undefined>(origins.count);
  const constants = new Map<Tensor, Value>();
  const resolve = (x: Tensor): Value => {
    const place = origins.placeOf(x);
    const found = place >= 0 ? values[place] : constants.get(x);
    if (found !== undefined) return found;
    const value = constantOf(builder, trace, x);
    constants.set(x, value);
    return value;
  };
  const numbers = new Map(states.map((state, k) => [state, k]));
  for (let place = 0; place < origins.count; place++) {
    if (needed[place] === 0) continue;
    const { tensor: x, origin } = origins.at(place);
    switch (origin.kind) {
      case "argument":
        values[place] = builder.argument(origin.index, x.shape, x.dtype);
        break;
      case "state":
        values[place] = builder.state(numbers.get(origin.key)!, x.shape, x.dtype);
        break;
      case "alias":
      case "op":
        values[place] = lowerOrigin(builder, origin, x.dtype, resolve);
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
  if (typeof x.storage === "number") return builder.scalar(x.storage, x.dtype);
  return builder.constant(x.shape, x.dtype, elementsOf(x));
}
