/** The forward sweep: oldest node first, tangents pushed through the same local derivatives. */

import { zerosLike } from "../graph/create.ts";
import { isFloat } from "../graph/dtype.ts";
import { GraphError, NonFiniteError, showShape } from "../errors.ts";
import type { Node } from "../graph/node.ts";
import { firstNonFinite, isWatching, withinRule } from "../graph/record.ts";
import { sameShape } from "../graph/shape.ts";
import { isTensor, type Tensor } from "../graph/tensor.ts";
import { apply } from "../ops/apply.ts";
import { add } from "../ops/arithmetic.ts";
import { repeatTo } from "../ops/expansion.ts";
import { Accumulator } from "./accumulator.ts";
import { localProduct, scalarProduct } from "./local.ts";
import type { Order } from "./order.ts";
import { lineHint, reverseSweep } from "./reverse.ts";
import { jvpFromVjp } from "./transposition.ts";

/**
 * Pushes tangents of the wanted nodes forward to the outputs.
 *
 * @param order - the graph between the wanted nodes and the outputs
 * @param tangents - a tangent for each wanted node, of its shape and type
 * @returns a tangent for each output; `null` where none reaches it
 */
export function forwardSweep(order: Order, tangents: readonly Tensor[]): (Tensor | null)[] {
  const { nodes, edges, starts } = order;
  const known = new Accumulator(nodes.length);
  const watching = isWatching();
  let leaves = 0;
  order.wanted.forEach((place, k) => {
    if (place < 0) return;
    known.add(place, tangents[k]!);
    leaves = Math.max(leaves, place + 1);
  });
  for (let i = leaves; i < nodes.length; i++) {
    const node = nodes[i]!;
    const start = starts[i]!;
    const { op, inputs } = node;
    if (op.kind === "elementwise" && !watching && !node.scope.live && node.output.shape.length === 0 && node.output.storage !== null && allNumbers(known, edges, start, inputs.length)) {
      for (let k = 0; k < inputs.length; k++) {
        const place = edges[start + k]!;
        const partial = op.partials[k]!;
        if (place >= 0 && partial !== null && known.has(place)) known.addNumber(i, scalarProduct(partial, known.number(place), node, "forward"), node.output.dtype);
      }
      continue;
    }
    const incoming = inputs.map((x, k) => {
      const place = edges[start + k]!;
      return place >= 0 && known.has(place) ? known.tensor(place, x.dtype) : null;
    });
    if (incoming.every((tangent) => tangent === null)) continue;
    const tangent = watching ? withinRule(node, () => pushForward(node, incoming)) : pushForward(node, incoming);
    if (tangent === null) continue;
    if (watching) watchTangent(tangent, node);
    known.add(i, tangent);
  }
  return order.outputs.map((place) => (place >= 0 && known.has(place) ? known.tensor(place, nodes[place]!.output.dtype) : null));
}

/** Whether every tangent that reaches a node is a plain number, which nothing will differentiate. */
function allNumbers(known: Accumulator, edges: Int32Array, start: number, count: number): boolean {
  for (let k = 0; k < count; k++) {
    const place = edges[start + k]!;
    if (place >= 0 && known.has(place) && !known.isNumber(place)) return false;
  }
  return true;
}

/** The tangent of one node's output, by the rule of its kind; `null` where none passes. */
function pushForward(node: Node, incoming: readonly (Tensor | null)[]): Tensor | null {
  const tangent = applyRule(node, incoming);
  return tangent === null ? null : fit(tangent, node);
}

function applyRule(node: Node, incoming: readonly (Tensor | null)[]): Tensor | null {
  const { op, inputs, attributes } = node;
  switch (op.kind) {
    case "elementwise":
      return sumOf(incoming.map((tangent, k) => (tangent === null ? null : localProduct(op.partials[k]!, k, tangent, node, "forward"))));
    case "linear":
      // What has no derivative, such as indices, is what the op is linear with.
      return apply(op, incoming.map((tangent, k) => tangent ?? (isFloat(inputs[k]!.dtype) ? zerosLike(inputs[k]!) : inputs[k]!)), attributes);
    case "bilinear":
      return sumOf([
        incoming[0] === null ? null : apply(op, [incoming[0]!, inputs[1]!], attributes),
        incoming[1] === null ? null : apply(op, [inputs[0]!, incoming[1]!], attributes),
      ]);
    case "custom":
      if (op.jvp !== undefined) return op.jvp(incoming, node);
      return jvpFromVjp(node, incoming, reverseSweep);
    case "leaf":
      return incoming[0]!;
  }
}

function sumOf(parts: readonly (Tensor | null)[]): Tensor | null {
  let sum: Tensor | null = null;
  for (const part of parts) if (part !== null) sum = sum === null ? part : add(sum, part);
  return sum;
}

/** A tangent in the shape of the output: a broadcast op repeats it; anything else is the rule's mistake. */
function fit(tangent: Tensor, node: Node): Tensor {
  const { op, output } = node;
  if (!isTensor(tangent) || (op.kind !== "elementwise" && !sameShape(tangent.shape, output.shape)) || tangent.dtype !== output.dtype) {
    throw new GraphError({
      op: op.name,
      problem: `the forward rule gives ${isTensor(tangent) ? `${tangent.dtype} ${showShape(tangent.shape)}` : typeof tangent} for an output of ${output.dtype} ${showShape(output.shape)}`,
      hint: "return the tangent in the shape and type of the output",
      code: "BAD_RULE",
      at: node.line,
    });
  }
  return sameShape(tangent.shape, output.shape) ? tangent : repeatTo(tangent, output.shape);
}

/** Refuses a tangent that is not finite. */
function watchTangent(tangent: Tensor, node: Node): void {
  const found = firstNonFinite(tangent);
  if (found === null) return;
  throw new NonFiniteError({
    op: node.op.name,
    problem: `the tangent of its output has ${found.value} at entry ${found.index}, and those of its inputs are finite`,
    hint: `its derivative is not finite at this value${lineHint(node)}`,
    shapes: [node.output.shape],
    at: node.line,
  });
}
