/**
 * Derives the direction that a custom rule lacks from the one that it has: each is linear, and transposing a linear map
 * is a sweep.
 */

import { GraphError } from "../errors.ts";
import { droppedLike, zerosLike } from "../graph/create.ts";
import type { CustomOp, Recorded } from "../graph/op.ts";
import { recordLeaf, withScope } from "../graph/record.ts";
import type { Tensor } from "../graph/tensor.ts";
import { orderOf } from "./order.ts";
import { reverseSweep } from "./reverse.ts";

/** Runs a rule on leaves; what reads their numbers cannot be transposed. */
function ruleOn<R>(op: string, line: string | null, has: string, lacks: string, rule: () => R): R {
  try {
    return rule();
  } catch (error) {
    if (error instanceof GraphError && error.code === "OPAQUE" && error.op === op) refuse(op, line, has, lacks);
    throw error;
  }
}

function refuse(op: string, line: string | null, has: string, lacks: string): never {
  throw new GraphError({
    op,
    problem: `has a ${has} but no ${lacks}, and none can be derived since the ${has} does not use the library's ops`,
    hint: `give the op a ${lacks}, or write its ${has} in the library's ops`,
    code: "MISSING_RULE",
    at: line,
  });
}

/** Jᵀg from t ↦ Jt: the tangents are made inputs of a graph of their own, which is swept in reverse. */
export function vjpFromJvp<A>(
  op: Pick<CustomOp<A>, "name" | "jvp">,
  recorded: Recorded<A>,
  g: Tensor,
  wanted: readonly boolean[],
): (Tensor | null)[] {
  const { inputs, line } = recorded;
  const { leaves, pushed } = withScope((scope) => {
    const leaves = inputs.map((x, k) => (wanted[k] === true ? recordLeaf(zerosLike(x), scope) : null));
    return { leaves, pushed: ruleOn(op.name, line, "jvp", "vjp", () => op.jvp!(leaves, recorded)) };
  });
  if (pushed.node === null) refuse(op.name, line, "jvp", "vjp");
  const order = orderOf(
    [pushed.node],
    leaves.map((leaf) => leaf?.node ?? null),
  );
  return reverseSweep(order, [g], { constants: "multiply" }).map((share, k) =>
    wanted[k] === true ? (share ?? droppedLike(inputs[k]!)) : null,
  );
}

/** Jt from g ↦ Jᵀg: the cotangent is made the input of a graph, whose transpose takes the tangents. */
export function jvpFromVjp<A>(op: CustomOp<A>, recorded: Recorded<A>, tangents: readonly (Tensor | null)[]): Tensor {
  const { output, line } = recorded;
  const wanted = tangents.map((tangent) => tangent !== null);
  const { leaf, pulled } = withScope((scope) => {
    const leaf = recordLeaf(zerosLike(output), scope);
    return { leaf, pulled: ruleOn(op.name, line, "vjp", "jvp", () => op.vjp(leaf, recorded, wanted)) };
  });
  const connected = pulled.some(
    (share, k) => wanted[k] === true && share !== null && share !== undefined && share.node !== null,
  );
  if (!connected) refuse(op.name, line, "vjp", "jvp");
  const order = orderOf(
    pulled.map((share, k) => (wanted[k] === true ? (share?.node ?? null) : null)),
    [leaf.node],
  );
  return (
    reverseSweep(
      order,
      pulled.map((_, k) => tangents[k] ?? null),
      { constants: "multiply" },
    )[0] ?? droppedLike(output)
  );
}
