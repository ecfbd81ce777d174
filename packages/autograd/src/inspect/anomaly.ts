/**
 * Anomaly mode: stops at the first op whose value, cotangent or tangent is not finite, and names the line that made it.
 */

import { ArgumentError } from "../errors.ts";
import { withWatch } from "../graph/record.ts";
import { refuseExtra } from "../options.ts";
import { checkFunction } from "../transforms/trace.ts";

/**
 * Runs `body` and throws at the first op that makes a NaN or an infinity: in its value, in the cotangents of a reverse
 * sweep, or in the tangents of a forward sweep. `error.op` names the op, `error.at` the line that recorded it. A NaN in
 * the data is reported where it is first used; infinite data is taken as meant, as in a mask of `-Infinity`. Slow: for
 * hunting.
 *
 * @param body - computes something; both the forward pass and the derivatives, so that every line is known
 * @returns what `body` gives
 * @throws NonFiniteError at the first anomaly; ArgumentError for an async body, most of which would run unwatched
 *
 * @example
 * detectAnomaly(() => grad((x: Tensor<[]>) => log(x))(1)).item() // => 1
 */
export function detectAnomaly<R>(body: () => R): R;
export function detectAnomaly<R>(body: () => R, extra?: unknown): R {
  refuseExtra("detectAnomaly", extra, "detectAnomaly(() => …)");
  checkFunction("detectAnomaly", body);
  const result = withWatch(body);
  if (result instanceof Promise) {
    throw new ArgumentError({
      op: "detectAnomaly",
      problem: "the body gives a Promise",
      hint: "watch the synchronous steps one by one",
    });
  }
  return result;
}
