/**
 * Rules by hand, whose writers know nothing of marks: they are given plain numbers, and what they dropped is learned
 * from the graph that they record, through which the cotangent or the tangents are pushed once more.
 */

import { recordLeaf, withScope, withWatch } from "../graph/record.ts";
import { sameShape } from "../graph/shape.ts";
import { isTensor, type Tensor } from "../graph/tensor.ts";
import { restore } from "../ops/marks.ts";
import { unmarked } from "../ops/unmarked.ts";
import { forwardSweep } from "./forward.ts";
import { orderOf } from "./order.ts";

/**
 * Runs a rule for a cotangent or for tangents, which it sees without marks. The values are the rule's own, since it
 * need not be linear; where one is 0, or NaN as a plain 0 beside a pole is, and the same rule drops what is pushed
 * through it, it is dropped. What the rule gives is checked where it is used.
 *
 * @param rule - is told which of its leaves no outer derivative follows
 */
export function runByHand<R extends Tensor | null | undefined>(
  given: readonly (Tensor | null)[],
  rule: (leaves: readonly (Tensor | null)[], own: readonly Tensor[]) => readonly R[],
): readonly R[] {
  const { leaves, results } = withScope((scope) => {
    const leaves = given.map((x) => (x === null ? null : recordLeaf(unmarked(x), scope)));
    return { leaves, results: rule(leaves, leaves.filter((x) => x?.node?.scope === scope) as Tensor[]) };
  });
  const present = leaves.flatMap((leaf) => (leaf === null ? [] : [leaf.node]));
  const order = orderOf(
    results.map((x) => (isTensor(x) ? x.node : null)),
    present,
  );
  // What is not finite there is not finite in what the rule gives, which is watched.
  const pushed = withWatch(
    () =>
      forwardSweep(
        order,
        given.filter((x) => x !== null),
        { constants: "multiply" },
      ),
    false,
  );
  return results.map((x, k) => {
    if (!isTensor(x)) return x;
    const tangent = pushed[k] ?? null;
    return (
      tangent !== null && sameShape(tangent.shape, x.shape) && tangent.dtype === x.dtype
        ? restore(x, tangent)
        : unmarked(x)
    ) as R;
  });
}
