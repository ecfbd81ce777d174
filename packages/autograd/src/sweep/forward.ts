/** The forward sweep: oldest node first, tangents pushed through the same local derivatives. */

import { droppedLike } from "../graph/create.ts";
import { isFloat } from "../graph/dtype.ts";
import { GraphError, NonFiniteError, showShape } from "../errors.ts";
import type { Node } from "../graph/node.ts";
import type { Part } from "../graph/control.ts";
import type { Looped, PartAttributes, Recorded } from "../graph/op.ts";
import { firstNonFinite, isWatching, withinRule } from "../graph/record.ts";
import { sameShape } from "../graph/shape.ts";
import { isTensor, type Tensor } from "../graph/tensor.ts";
import { apply } from "../ops/apply.ts";
import { add } from "../ops/arithmetic.ts";
import { repeatTo } from "../ops/expansion.ts";
import { unmarked } from "../ops/unmarked.ts";
import { Accumulator } from "./accumulator.ts";
import { localProduct, scalarProduct, type IsConstant } from "./local.ts";
import { NodeEdges } from "./node-edges.ts";
import type { Order, SweepOptions } from "./order.ts";
import { lineHint } from "./reverse.ts";
import { jvpFromVjp } from "./transposition.ts";

const NOTHING: SweepOptions = {};

/**
 * Pushes tangents of the wanted nodes forward to the outputs.
 *
 * @param order - the graph between the wanted nodes and the outputs
 * @param tangents - a tangent for each wanted node, of its shape and type
 * @returns a tangent for each output, in which -0 marks what was dropped; `null` where none reaches it
 */
export function forwardSweep(
  order: Order,
  tangents: readonly Tensor[],
  options: SweepOptions = NOTHING,
): (Tensor | null)[] {
  const sweep: Sweep = {
    order,
    options,
    known: new Accumulator(order.nodes.length),
    watching: isWatching(),
    leaves: 0,
    loops: null,
    asked: null,
  };
  seed(sweep, tangents);
  run(sweep);
  return resultsOf(sweep);
}

/** One sweep, as in `reverse.ts`. */
interface Sweep {
  readonly order: Order;
  readonly options: SweepOptions;
  readonly known: Accumulator;
  readonly watching: boolean;
  leaves: number;
  /** Loops and branches by their place, each as what it gives for its parts. */
  loops: ((part: Part) => Tensor | null)[] | null;
  /** Numbers ask nothing. */
  asked: NodeEdges | null;
}

function seed(sweep: Sweep, tangents: readonly Tensor[]): void {
  const { wanted } = sweep.order;
  for (let k = 0; k < wanted.length; k++) {
    const place = wanted[k]!;
    if (place < 0) continue;
    sweep.known.add(place, tangents[k]!);
    sweep.leaves = Math.max(sweep.leaves, place + 1);
  }
}

/** Sweeps: numbers here, everything else by `push`. */
function run(sweep: Sweep): void {
  const { known, watching } = sweep;
  const { nodes, edges, starts } = sweep.order;
  const { constants = "annul" } = sweep.options;
  for (let i = sweep.leaves; i < nodes.length; i++) {
    const node = nodes[i]!;
    const start = starts[i]!;
    const { op, inputs, output } = node;
    if (
      op.kind !== "elementwise" ||
      watching ||
      node.scope.live ||
      output.shape.length > 0 ||
      output.storage === null ||
      !allNumbers(known, edges, start, inputs.length)
    ) {
      push(sweep, node, i);
      continue;
    }
    for (let k = 0; k < inputs.length; k++) {
      const place = edges[start + k]!;
      const partial = op.partials[k]!;
      if (place < 0 || partial === null || !known.has(place)) continue;
      known.addNumber(i, scalarProduct(partial, known.number(place), node, edges, start, constants), output.dtype);
    }
  }
}

/** Pushes what reaches node `i` through its rule. */
function push(sweep: Sweep, node: Node, i: number): void {
  const { order, options, known, watching } = sweep;
  const { edges, starts } = order;
  const { op, inputs } = node;
  const start = starts[i]!;
  if (op.kind === "part") {
    const tangent = sweep.loops?.[edges[start]!]?.((node.attributes as PartAttributes).part) ?? null;
    if (tangent !== null) known.add(i, tangent);
    return;
  }
  const incoming = inputs.map((x, k) => {
    const place = edges[start + k]!;
    return place >= 0 && known.has(place) ? known.tensor(place, x.dtype) : null;
  });
  if (incoming.every((tangent) => tangent === null)) return;
  if (op.kind === "control") {
    (sweep.loops ??= [])[i] = op.push(incoming, node as Recorded<Looped>);
    return;
  }
  const asked = (sweep.asked ??= new NodeEdges(order, sweep.leaves, options));
  asked.start = start;
  const tangent = (watching ? pushWatched : pushForward)(node, incoming, asked.isConstant);
  if (tangent === null) return;
  if (watching) watchTangent(tangent, node);
  known.add(i, tangent);
}

function resultsOf({ order, options, known }: Sweep): (Tensor | null)[] {
  const { nodes, outputs } = order;
  return outputs.map((place) => {
    if (place < 0 || !known.has(place)) return null;
    const found = known.tensor(place, nodes[place]!.output.dtype);
    return options.plain === true ? unmarked(found) : found;
  });
}

/** True if every tangent that reaches a node is a plain number, which nothing will differentiate. */
function allNumbers(known: Accumulator, edges: Int32Array, start: number, count: number): boolean {
  for (let k = 0; k < count; k++) {
    const place = edges[start + k]!;
    if (place >= 0 && known.has(place) && !known.isNumber(place)) return false;
  }
  return true;
}

/** The tangent of one node's output, by the rule of its kind; `null` where none passes. */
function pushForward(node: Node, incoming: readonly (Tensor | null)[], isConstant: IsConstant): Tensor | null {
  const tangent = applyRule(node, incoming, isConstant);
  return tangent === null ? null : fit(tangent, node);
}

const pushWatched: typeof pushForward = (node, ...rest) => withinRule(node, () => pushForward(node, ...rest));

function applyRule(node: Node, incoming: readonly (Tensor | null)[], isConstant: IsConstant): Tensor | null {
  const { op, inputs, attributes } = node;
  const recorded = node as Recorded<unknown>;
  switch (op.kind) {
    case "elementwise":
      return sumOf(
        incoming.map((tangent, k) =>
          tangent === null ? null : localProduct(op.partials[k]!, k, tangent, node, isConstant),
        ),
      );
    case "linear": {
      // What has no derivative, such as indices, is what the op is linear with.
      const tangents = incoming.map(
        (tangent, k) => tangent ?? (isFloat(inputs[k]!.dtype) ? droppedLike(inputs[k]!) : inputs[k]!),
      );
      return op.push === undefined ? apply(op, tangents, attributes) : op.push(tangents, recorded);
    }
    case "bilinear":
      return sumOf([
        incoming[0] === null ? null : op.pushLeft(incoming[0]!, inputs[1]!, recorded, isConstant(1)),
        incoming[1] === null ? null : op.pushRight(inputs[0]!, incoming[1]!, recorded, isConstant(0)),
      ]);
    case "custom":
      return op.jvp === undefined ? jvpFromVjp(op, recorded, incoming) : op.jvp(incoming, recorded);
    case "leaf":
      return incoming[0]!;
    case "control":
    case "part":
      return null;
  }
}

function sumOf(parts: readonly (Tensor | null)[]): Tensor | null {
  let sum: Tensor | null = null;
  for (const part of parts) if (part !== null) sum = sum === null ? part : add(sum, part);
  return sum;
}

/** A tangent in the shape of the output: a broadcast op repeats it; anything else is the rule's mistake. */
export function fit(tangent: Tensor, node: Pick<Node, "op" | "output" | "line">): Tensor {
  const { op, output } = node;
  if (
    !isTensor(tangent) ||
    (op.kind !== "elementwise" && !sameShape(tangent.shape, output.shape)) ||
    tangent.dtype !== output.dtype
  ) {
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
export function watchTangent(tangent: Tensor, node: Pick<Node, "op" | "output" | "line">): void {
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
