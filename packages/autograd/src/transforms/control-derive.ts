/** The derivatives of one run of a body: its graph recorded again from inputs that are followed, and swept either way. */

import type { Body } from "../graph/control.ts";
import { isFloat } from "../graph/dtype.ts";
import type { Tensor } from "../graph/tensor.ts";
import { forwardSweep } from "../sweep/forward.ts";
import { reverseSweep } from "../sweep/reverse.ts";
import { replay } from "./control-body.ts";
import { orderBetween, trace } from "./trace.ts";

/** The float ones among the first `count` tensors, by their places. */
export function floatPlaces(list: readonly { readonly dtype: Tensor["dtype"] }[], count = list.length): number[] {
  return list.slice(0, count).flatMap(({ dtype }, k) => (isFloat(dtype) ? [k] : []));
}

/** A body that has been run with some of its inputs followed. */
function follow(op: string, body: Body, point: readonly Tensor[], followed: readonly number[]): { leaves: readonly Tensor[]; results: readonly Tensor[] } {
  const run = (list: readonly Tensor[]): readonly Tensor[] => replay(body, point.map((x, k) => (followed.includes(k) ? list[followed.indexOf(k)]! : x)));
  const { leaves, result } = trace(op, run, [followed.map((k) => point[k]!)], [0]);
  return { leaves, results: result as readonly Tensor[] };
}

/**
 * Pulls cotangents back through one run.
 *
 * @param followed - the places in `point` of the inputs whose cotangents are asked for
 * @param seeds - a cotangent for each result, `null` for none
 * @param before - a cotangent that each followed input has already; what the run adds is added to it, newest first, as in one long sweep
 */
export function pullThrough(op: string, body: Body, point: readonly Tensor[], followed: readonly number[], seeds: readonly (Tensor | null)[], before: readonly (Tensor | null)[]): (Tensor | null)[] {
  const { leaves, results } = follow(op, body, point, followed);
  return reverseSweep(orderBetween(leaves, [...results, ...leaves]), [...seeds, ...before]);
}

/** The results of one run, and the tangent of each; `null` where none reaches it. */
export function pushThrough(op: string, body: Body, point: readonly Tensor[], followed: readonly number[], tangents: readonly Tensor[]): { readonly results: readonly Tensor[]; readonly tangents: readonly (Tensor | null)[] } {
  const { leaves, results } = follow(op, body, point, followed);
  return { results, tangents: forwardSweep(orderBetween(leaves, results), tangents) };
}
