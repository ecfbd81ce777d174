/** The reverse sweep: newest node first, each op's local derivative, products accumulated. */

import { GraphError, NonFiniteError, showShape } from "../errors.ts";
import type { Node } from "../graph/node.ts";
import type { Looped, PartAttributes, Recorded } from "../graph/op.ts";
import { firstNonFinite, isWatching, withinRule } from "../graph/record.ts";
import { sameShape } from "../graph/shape.ts";
import { isTensor, Tensor } from "../graph/tensor.ts";
import { tracing } from "../graph/tracing.ts";
import { broadcastsTo, sumTo } from "../ops/expansion.ts";
import { asOwn } from "../ops/own.ts";
import { unmarked } from "../ops/unmarked.ts";
import { Accumulator } from "./accumulator.ts";
import { isFused, localProduct, scalarProduct } from "./local.ts";
import { NodeEdges } from "./node-edges.ts";
import type { Order, SweepOptions } from "./order.ts";

const NOTHING: SweepOptions = {};

/**
 * Pulls cotangents of the outputs back to the wanted nodes.
 *
 * The rules run in the engine's own ops: where an outer transform is live they are recorded, and the result can be
 * differentiated again; where none is, scalars are swept as plain numbers and element-wise rules as one loop.
 *
 * @param order - the graph between the wanted nodes and the outputs
 * @param seeds - a cotangent for each output, of its shape and type; `null` for none
 * @returns a cotangent for each wanted node, in which -0 marks what was dropped; `null` where nothing reached it
 */
export function reverseSweep(
  order: Order,
  seeds: readonly (Tensor | null)[],
  options: SweepOptions = NOTHING,
): (Tensor | null)[] {
  const { nodes, outputs, wanted } = order;
  const cotangents = new Accumulator(nodes.length);
  for (let k = 0; k < outputs.length; k++) {
    const [place, seed] = [outputs[k]!, seeds[k] ?? null];
    if (place >= 0 && seed !== null) cotangents.add(place, seed);
  }
  const sweep: Sweep = {
    order,
    options,
    cotangents,
    leaves: countLeaves(order),
    watching: isWatching(),
    asked: null,
    isUnmarked: [],
  };
  run(sweep);
  return wanted.map((place) => {
    if (place < 0 || !cotangents.has(place)) return null;
    const found = cotangents.tensor(place, nodes[place]!.output.dtype);
    return options.plain && !sweep.isUnmarked[place] ? unmarked(found) : found;
  });
}

/** One sweep, as a plain object: the private fields of a class would cost the gradient of x² a tenth of its time. */
interface Sweep {
  readonly order: Order;
  readonly options: SweepOptions;
  readonly cotangents: Accumulator;
  readonly leaves: number;
  readonly watching: boolean;
  /** The edges that rules of tensors ask about; numbers ask nothing. */
  asked: NodeEdges | null;
  /** True for each wanted node where a share without marks has gone in: its zeros outweigh the marks of the others. */
  readonly isUnmarked: boolean[];
}

/** Sweeps: numbers here, everything else by `pull`. */
function run(sweep: Sweep): void {
  const { cotangents, leaves, watching } = sweep;
  const { nodes, edges, starts } = sweep.order;
  const { constants = "annul" } = sweep.options;
  for (let i = nodes.length - 1; i >= leaves; i--) {
    if (!cotangents.has(i)) continue;
    const node = nodes[i]!;
    const { op, inputs, output } = node;
    if (op.kind !== "elementwise" || !cotangents.isNumber(i) || node.scope.live || output.storage === null) {
      pull(sweep, node, i);
      continue;
    }
    const start = starts[i]!;
    const g = cotangents.number(i);
    cotangents.release(i);
    if (watching) watchCotangent(new Tensor([], output.dtype, g), null, node);
    for (let k = 0; k < inputs.length; k++) {
      const place = edges[start + k]!;
      if (place < 0) continue;
      const product = scalarProduct(op.partials[k]!, g, node, edges, start, constants);
      if (watching) watchCotangent(new Tensor([], output.dtype, product), k, node);
      // What has a derivative is of the type of the output.
      cotangents.addNumber(place, product, output.dtype);
    }
  }
}

/** Hands the cotangent of node `i` on to its inputs, or to the parts of its loop. */
function pull(sweep: Sweep, node: Node, i: number): void {
  const { order, options, cotangents, leaves, watching } = sweep;
  const { op, output } = node;
  const { edges } = order;
  const start = order.starts[i]!;
  const asked = (sweep.asked ??= new NodeEdges(order, leaves, options));
  asked.start = start;
  if (op.kind === "control") return op.gather(node as Recorded<Looped>, i, asked.placeOf, cotangents);
  const g = cotangents.tensor(i, output.dtype);
  cotangents.release(i);
  if (op.kind === "part") return op.gather(g, node.attributes as PartAttributes, edges[start]!, cotangents);
  if (watching) watchCotangent(g, null, node);
  const shares = watching ? withinRule(node, () => pullBack(node, g, asked)) : pullBack(node, g, asked);
  for (let k = 0; k < node.inputs.length; k++) {
    const place = edges[start + k]!;
    const share = shares[k] ?? null;
    if (place < 0 || share === null) continue;
    const shaped = watching ? withinRule(node, () => fit(share, k, node)) : fit(share, k, node);
    // What several inputs are handed has a sum of its own in each.
    const fitted = shaped === g ? asOwn(shaped) : shaped;
    if (watching) watchCotangent(fitted, k, node);
    cotangents.add(place, fitted);
    // Its zeros outweigh the marks of the others.
    if (options.plain && place < leaves && fitted === share && leavesNoMarks(node, k, g, share))
      sweep.isUnmarked[place] = true;
  }
}

/** The wanted nodes stand at the beginning of an order; the sweep ends before them. */
function countLeaves(order: Order): number {
  let count = 0;
  for (const place of order.wanted) count = Math.max(count, place + 1);
  return count;
}

/** True if the share of an input has no marks because it was said that they are not needed. */
function leavesNoMarks(node: Node, k: number, g: Tensor, share: Tensor): boolean {
  const { op } = node;
  return (
    (op.kind === "bilinear" && (share.storage !== null || tracing()?.isReplayed === true)) ||
    (op.kind === "elementwise" && typeof op.partials[k] !== "number" && isFused(g, node))
  );
}

/** The contributions of one node to its inputs, by the rule of its kind. */
function pullBack(
  node: Node,
  g: Tensor,
  { wants, isConstant, isPlain }: NodeEdges,
): readonly (Tensor | null | undefined)[] {
  const { op, inputs } = node;
  const recorded = node as Recorded<unknown>;
  switch (op.kind) {
    case "elementwise":
      return inputs.map((_, k) =>
        wants(k) ? localProduct(op.partials[k]!, k, g, node, isConstant, isPlain(k)) : null,
      );
    case "linear":
      return op.transpose(
        g,
        recorded,
        inputs.map((_, k) => wants(k)),
      );
    case "bilinear":
      return [
        wants(0) ? op.transposeLeft(g, inputs[1]!, recorded, isConstant(1), isPlain(0)) : null,
        wants(1) ? op.transposeRight(g, inputs[0]!, recorded, isConstant(0), isPlain(1)) : null,
      ];
    case "custom":
      return op.vjp(
        g,
        recorded,
        inputs.map((_, k) => wants(k)),
      );
    case "leaf":
      return [g];
    case "control":
    case "part":
      return [];
  }
}

/**
 * The contribution in the shape of the input: a broadcast is undone here, once; anything else is the rule's mistake.
 */
export function fit(share: Tensor, k: number, node: Node): Tensor {
  const input = node.inputs[k]!;
  const { op } = node;
  const refuse = (problem: string, hint: string): never => {
    throw new GraphError({
      op: op.name,
      problem,
      hint,
      code: "BAD_RULE",
      shapes: [share.shape, input.shape],
      at: node.line,
    });
  };
  if (!isTensor(share)) {
    return refuse(
      `the rule gives ${typeof share} for input ${k}, not a tensor`,
      "return one cotangent for each input, or null",
    );
  }
  if (share.dtype !== input.dtype)
    refuse(
      `the rule gives a cotangent of ${share.dtype} for input ${k}, which is ${input.dtype}`,
      "cast it to the type of the input",
    );
  if (sameShape(share.shape, input.shape)) return share;
  const mayBroadcast = op.kind === "elementwise" || op.kind === "bilinear";
  if (mayBroadcast && broadcastsTo(input.shape, share.shape)) return sumTo(share, input.shape);
  return refuse(
    `the rule gives a cotangent of shape ${showShape(share.shape)} for input ${k}, which has shape ${showShape(input.shape)}`,
    "return it in the shape of the input",
  );
}

/**
 * Refuses a cotangent that is not finite: what arrives at a node (`k` is `null`), or what its rule makes of it for an
 * input.
 */
export function watchCotangent(x: Tensor, k: number | null, node: Node): void {
  const found = firstNonFinite(x);
  if (found === null) return;
  throw new NonFiniteError({
    op: node.op.name,
    problem:
      k === null
        ? `the cotangent of its output has ${found.value} at entry ${found.index}, and what it is the sum of is finite`
        : `the cotangent of input ${k} has ${found.value} at entry ${found.index}, and the cotangent of its output is finite`,
    hint:
      k === null
        ? "the sum overflows, unless the cotangent was handed in like this"
        : `its derivative is not finite at this value${lineHint(node)}`,
    shapes: [x.shape],
    at: node.line,
  });
}

/** Says why an error names no line. */
export function lineHint(node: Pick<Node, "line">): string {
  return node.line === null ? "; compute the forward pass in anomaly mode too, to see its line" : "";
}
