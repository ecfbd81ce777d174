/**
 * Derives the direction that a custom rule lacks from the one that it has: each is linear, and transposing a linear map
 * is a sweep.
 */

import { GraphError } from "../errors.ts";
import { droppedLike, zerosLike } from "../graph/create.ts";
import { isFloat } from "../graph/dtype.ts";
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

/** The setting in which a rule is transposed: whose it is, and the user's line. */
interface RuleOf {
  readonly name: string;
  readonly line: string | null;
}

/**
 * Jᵀg from t ↦ Jt of several results: the tangents are made inputs of a graph of their own, which is swept in reverse.
 *
 * @param gs - the cotangents; `null` of a result that nothing reads
 */
export function pullFromPush(
  { name, line }: RuleOf,
  inputs: readonly Tensor[],
  push: (tangents: readonly (Tensor | null)[]) => readonly (Tensor | null)[],
  gs: readonly (Tensor | null)[],
  wanted: readonly boolean[],
): (Tensor | null)[] {
  const { leaves, pushed } = withScope((scope) => {
    const leaves = inputs.map((x, k) => (wanted[k] === true ? recordLeaf(zerosLike(x), scope) : null));
    return { leaves, pushed: ruleOn(name, line, "jvp", "vjp", () => push(leaves)) };
  });
  const ends = pushed.map((tangent) => tangent?.node ?? null);
  if (ends.every((node) => node === null)) refuse(name, line, "jvp", "vjp");
  const order = orderOf(
    ends,
    leaves.map((leaf) => leaf?.node ?? null),
  );
  return reverseSweep(order, gs, { constants: "multiply" }).map((share, k) =>
    wanted[k] === true ? (share ?? droppedLike(inputs[k]!)) : null,
  );
}

/** The same of one result. */
export function vjpFromJvp<A>(
  op: Pick<CustomOp<A>, "name" | "jvp">,
  recorded: Recorded<A>,
  g: Tensor,
  wanted: readonly boolean[],
): (Tensor | null)[] {
  const { inputs, line } = recorded;
  return pullFromPush({ name: op.name, line }, inputs, (leaves) => [op.jvp!(leaves, recorded)], [g], wanted);
}

/**
 * Jt from g ↦ Jᵀg of several results: the cotangents are made inputs of a graph, whose transpose takes the tangents.
 * `null` stands for the tangent of a result that has none.
 */
export function pushFromPull(
  { name, line }: RuleOf,
  outputs: readonly Tensor[],
  pull: (cotangents: readonly (Tensor | null)[], wanted: readonly boolean[]) => readonly (Tensor | null | undefined)[],
  tangents: readonly (Tensor | null)[],
): (Tensor | null)[] {
  const wanted = tangents.map((tangent) => tangent !== null);
  const { leaves, pulled } = withScope((scope) => {
    const leaves = outputs.map((x) => (isFloat(x.dtype) ? recordLeaf(zerosLike(x), scope) : null));
    return { leaves, pulled: ruleOn(name, line, "vjp", "jvp", () => pull(leaves, wanted)) };
  });
  const ends = pulled.map((share, k) => (wanted[k] === true ? (share?.node ?? null) : null));
  if (ends.every((node) => node === null)) refuse(name, line, "vjp", "jvp");
  const order = orderOf(
    ends,
    leaves.map((leaf) => leaf?.node ?? null),
  );
  const seeds = pulled.map((_, k) => tangents[k] ?? null);
  return reverseSweep(order, seeds, { constants: "multiply" }).map((tangent, k) =>
    leaves[k] === null ? null : (tangent ?? droppedLike(outputs[k]!)),
  );
}

/** The same of one result. */
export function jvpFromVjp<A>(op: CustomOp<A>, recorded: Recorded<A>, tangents: readonly (Tensor | null)[]): Tensor {
  const { output, line } = recorded;
  const pull = (leaves: readonly (Tensor | null)[], wanted: readonly boolean[]): readonly (Tensor | null)[] =>
    op.vjp(leaves[0]!, recorded, wanted);
  return pushFromPull({ name: op.name, line }, [output], pull, tangents)[0]!;
}
