/** Anomaly mode: stops at the first op whose value or cotangent is not finite, and names the line that made it. */

import { withWatch } from "../graph/record.ts";

/**
 * Runs `body` and throws a NonFiniteError at the first op that turns finite inputs into a NaN or an infinity, or whose rule
 * turns a finite cotangent into one; `error.op` names the op, `error.at` the line that recorded it. Slow: for hunting.
 *
 * @example
 * detectAnomaly(() => grad((x: Tensor<[]>) => log(x))(1)).item() // => 1
 */
export function detectAnomaly<R>(body: () => R): R {
  return withWatch(body);
}
