/** Derives the direction that a custom rule lacks from the one that it has: each is linear, and transposing a linear map is a sweep. */

import { GraphError } from "../errors.ts";
import { droppedLike, zerosLike } from "../graph/create.ts";
import type { Node } from "../graph/node.ts";
import type { CustomOp } from "../graph/op.ts";
import { recordLeaf, withScope } from "../graph/record.ts";
import type { Tensor } from "../graph/tensor.ts";
import { orderOf, type Constants, type Order } from "./order.ts";

/** The reverse sweep, handed in by the two sweeps that use this file. */
type Sweep = (order: Order, seeds: readonly (Tensor | null)[], options: { readonly constants: Constants }) => (Tensor | null)[];

/** Runs a rule on leaves; what reads their numbers cannot be transposed. */
function ruleOn<R>(node: Node, has: string, lacks: string, rule: () => R): R {
  try {
    return rule();
  } catch (error) {
    if (error instanceof GraphError && error.code === "OPAQUE" && error.op === node.op.name) refuse(node, has, lacks);
    throw error;
  }
}

function refuse(node: Node, has: string, lacks: string): never {
  throw new GraphError({
    op: node.op.name,
    problem: `has a ${has} but no ${lacks}, and none can be derived since the ${has} does not use the library's ops`,
    hint: `give the op a ${lacks}, or write its ${has} in the library's ops`,
    code: "MISSING_RULE",
    at: node.line,
  });
}

/** Jᵀg from t ↦ Jt: the tangents are made inputs of a graph of their own, which is swept in reverse. */
export function vjpFromJvp(node: Node, g: Tensor, wanted: readonly boolean[], reverseSweep: Sweep): (Tensor | null)[] {
  const op = node.op as CustomOp;
  if (op.jvp === undefined) refuse(node, "value", "vjp or jvp");
  const { leaves, pushed } = withScope((scope) => {
    const leaves = node.inputs.map((x, k) => (wanted[k] === true ? recordLeaf(zerosLike(x), scope) : null));
    return { leaves, pushed: ruleOn(node, "jvp", "vjp", () => op.jvp!(leaves, node)) };
  });
  if (pushed.node === null) refuse(node, "jvp", "vjp");
  const order = orderOf([pushed.node], leaves.map((leaf) => leaf?.node ?? null));
  return reverseSweep(order, [g], { constants: "multiply" }).map((share, k) => (wanted[k] === true ? (share ?? droppedLike(node.inputs[k]!)) : null));
}

/** Jt from g ↦ Jᵀg: the cotangent is made the input of a graph, whose transpose takes the tangents. */
export function jvpFromVjp(node: Node, tangents: readonly (Tensor | null)[], reverseSweep: Sweep): Tensor {
  const op = node.op as CustomOp;
  if (op.vjp === undefined) refuse(node, "value", "vjp or jvp");
  const wanted = tangents.map((tangent) => tangent !== null);
  const { leaf, pulled } = withScope((scope) => {
    const leaf = recordLeaf(zerosLike(node.output), scope);
    return { leaf, pulled: ruleOn(node, "vjp", "jvp", () => op.vjp!(leaf, node, wanted)) };
  });
  const connected = pulled.some((share, k) => wanted[k] === true && share !== null && share !== undefined && share.node !== null);
  if (!connected) refuse(node, "vjp", "jvp");
  const order = orderOf(pulled.map((share, k) => (wanted[k] === true ? (share?.node ?? null) : null)), [leaf.node]);
  return reverseSweep(order, pulled.map((_, k) => tangents[k] ?? null), { constants: "multiply" })[0] ?? droppedLike(node.output);
}
