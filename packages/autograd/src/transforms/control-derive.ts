/**
 * The derivatives of one run of a body: its graph, with the values of that run in the places of those that were traced,
 * swept either way.
 */

import type { Body, Part } from "../graph/control.ts";
import type { CustomOp, Looped, Recorded } from "../graph/op.ts";
import type { Node } from "../graph/node.ts";
import { isFloat } from "../graph/dtype.ts";
import { endOf, isTracked, renewed } from "../graph/record.ts";
import { Tensor } from "../graph/tensor.ts";
import { forwardSweep } from "../sweep/forward.ts";
import type { Order } from "../sweep/order.ts";
import { reverseSweep } from "../sweep/reverse.ts";
import { extend } from "./control-body.ts";
import { partOf } from "./control-op.ts";

/** One run of a body. */
export interface Run {
  readonly body: Body;
  /** The value of a tensor of the body, or of what it reads of outside. */
  readonly valueOf: (x: Tensor) => Tensor;
  /** The value of a part of a loop inside the body. */
  readonly partOf: (whole: Tensor, part: Part) => Tensor;
  /** True if something outside of the whole loop follows what is made of it. */
  readonly isFollowed: boolean;
}

/** True if a derivative of the tangents of a loop may be asked for. */
export function isFollowed({ inputs, attributes }: Recorded<Looped>, tangents: readonly (Tensor | null)[]): boolean {
  return attributes.isFollowed ?? [...inputs, ...tangents].some((x) => x !== null && isTracked(x));
}

/** The graph of a body. */
interface BodyGraph {
  /** The parameters of the body's own, by the leaves under which it reads them. */
  readonly parameters: ReadonlyMap<Tensor, Tensor>;
  /** The tensors that have a node, in the order of recording. */
  readonly recorded: readonly Tensor[];
  readonly homes: ReadonlyMap<Node, Tensor>;
}

function graphOf({ parameters, steps }: Body): BodyGraph {
  const own = new Set(parameters);
  const leaves = new Map<Tensor, Tensor>();
  const recorded: Tensor[] = [];
  for (const { tensor, origin } of steps) {
    if (tensor.node === null) continue;
    if (origin.kind === "alias" && tensor.node.op.kind === "leaf" && origin.of.node === null && own.has(origin.of))
      leaves.set(tensor, origin.of);
    else recorded.push(tensor);
  }
  recorded.sort((a, b) => a.node!.id - b.node!.id);
  return { parameters: leaves, recorded, homes: new Map([...leaves.keys(), ...recorded].map((x) => [x.node!, x])) };
}

/**
 * The values of a run that are found one by one.
 *
 * @param inputs - what stands for each parameter; `null` for one whose value `kept` gives
 * @param kept - the value of a tensor of the body
 */
export function runOf(
  body: Body,
  inputs: readonly (Tensor | null)[],
  kept: (x: Tensor) => Tensor,
  isFollowed = false,
): Run {
  const values = new Map<Tensor, Tensor>();
  const { parameters } = graphOf(body);
  const find = (x: Tensor): Tensor => {
    const own = parameters.get(x) ?? x;
    const input = inputs[body.parameters.indexOf(own)];
    if (input !== undefined && input !== null) return input;
    return own.storage === null ? kept(own) : own;
  };
  const valueOf = (x: Tensor): Tensor => {
    const value = values.get(x) ?? find(x);
    values.set(x, value);
    return value;
  };
  return { body, valueOf, isFollowed, partOf: (whole, part) => valueOf(extend(body, () => partOf(whole, part))) };
}

/** The node of a tensor of the body, as it would have been recorded in this run. */
function inRun({ valueOf, partOf: partIn, isFollowed }: Run, x: Tensor, homes: ReadonlyMap<Node, Tensor>): Node {
  const node = x.node!;
  const { op, attributes } = node;
  const bare = ({ shape, dtype }: Tensor): Tensor => new Tensor(shape, dtype, null);
  const isRead = (which: "inputs" | "output"): boolean =>
    op.needs === which || (op.needs === "both" && (which === "inputs" || op.kind !== "control"));
  const inputs = node.inputs.map((input) => {
    const home = (input.node === null ? undefined : homes.get(input.node)) ?? input;
    // What has no derivative, such as indices, is a part of what an op is.
    return isRead("inputs") || !isFloat(input.dtype) ? valueOf(home) : bare(input);
  });
  const own = (): unknown => {
    if (op.kind === "control")
      return { ...(attributes as Looped), part: (part: Part) => partIn(x, part), isFollowed } satisfies Looped;
    return op.kind === "custom" ? withValues(op, attributes, valueOf) : attributes;
  };
  return renewed(node, inputs, isRead("output") ? valueOf(x) : bare(x), own());
}

/** The graph of a body between what is followed, by places among its parameters, and some of its tensors. */
function orderIn(run: Run, followed: readonly number[], outputs: readonly Tensor[]): Order {
  const { parameters, recorded, homes } = graphOf(run.body);
  const leafOf = new Map([...parameters].map(([leaf, parameter]) => [parameter, leaf]));
  const places = new Map<Tensor | Node, number>();
  const nodes = followed.map((k, place) => {
    const x = run.body.parameters[k]!;
    const leaf = leafOf.get(x) ?? x;
    for (const one of [x, leaf, leaf.node]) if (one !== null) places.set(one, place);
    return endOf(x);
  });
  const edges: number[] = [];
  const starts = nodes.map(() => 0);
  for (const x of recorded) {
    const below = x.node!.inputs.map((input) => (input.node === null ? undefined : places.get(input.node)) ?? -1);
    if (below.every((place) => place < 0)) continue;
    for (const one of [x, x.node!]) places.set(one, nodes.length);
    starts.push(edges.length);
    edges.push(...below);
    nodes.push(inRun(run, x, homes));
  }
  return {
    nodes,
    edges: Int32Array.from(edges),
    starts: Int32Array.from(starts),
    wanted: followed.map((_, place) => place),
    outputs: outputs.map((x) => places.get(x) ?? -1),
  };
}

/** Attributes with the values of a run in place of tensors among them. */
function withValues(op: CustomOp, attributes: unknown, valueOf: (x: Tensor) => Tensor): unknown {
  return op.held === undefined || op.withHeld === undefined
    ? attributes
    : op.withHeld(attributes, op.held(attributes).map(valueOf));
}

/**
 * Pulls cotangents back through a run.
 *
 * @param followed - the places of the parameters whose cotangents are asked for
 * @param seeds - cotangents of tensors of the body, in the order in which they are added
 */
export function pullThrough(
  run: Run,
  followed: readonly number[],
  seeds: readonly (readonly [Tensor, Tensor])[],
): (Tensor | null)[] {
  return reverseSweep(
    orderIn(
      run,
      followed,
      seeds.map(([x]) => x),
    ),
    seeds.map(([, g]) => g),
  );
}

/** The tangents of tensors of the body; `null` where none reaches them. */
export function pushThrough(
  run: Run,
  followed: readonly number[],
  tangents: readonly Tensor[],
  of: readonly Tensor[],
): (Tensor | null)[] {
  return forwardSweep(orderIn(run, followed, of), tangents);
}

/** True for each tensor of a body that depends on what is followed. */
export function dependsOn(body: Body, followed: readonly number[], of: readonly Tensor[]): boolean[] {
  const blind: Run = { body, valueOf: (x) => x, partOf: (whole) => whole, isFollowed: false };
  return orderIn(blind, followed, of).outputs.map((place) => place >= 0);
}
