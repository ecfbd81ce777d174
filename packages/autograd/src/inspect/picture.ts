/**
 * The graph behind a result as a drawing needs it: one part for each input, constant and op, in the order of recording.
 */

import { GraphError } from "../errors.ts";
import { full } from "../graph/create.ts";
import type { DType } from "../graph/dtype.ts";
import type { Node } from "../graph/node.ts";
import { withoutRecording } from "../graph/record.ts";
import { Tensor } from "../graph/tensor.ts";
import { add } from "../ops/arithmetic.ts";
import { orderOf } from "../sweep/order.ts";
import { reverseSweep } from "../sweep/reverse.ts";
import { scalarResult } from "../transforms/trace.ts";
import type { Shape } from "../types/shape.ts";
import { subjectOf, type Subject } from "./subject.ts";

/** One thing to draw. */
export interface Part {
  readonly kind: "input" | "constant" | "op";
  readonly name: string | null;
  /** The name of the op; `"input"` or `"constant"`. */
  readonly op: string;
  readonly attributes: unknown;
  /** The places of the operands, each smaller than the place of this part. */
  readonly inputs: readonly number[];
  readonly dtype: DType;
  readonly shape: Shape;
  /** With its numbers where they are known. */
  readonly value: Tensor;
  readonly cotangent: Tensor | null;
  /** Its place in the result: `""` for all of it, a path; `null` for a part that is not in it. */
  readonly result: string | null;
}

/** A graph to draw. */
export interface Picture {
  readonly title: string;
  readonly parts: readonly Part[];
  /** The results of the function, in its order: a path, and the place of the part. */
  readonly results: readonly { readonly path: string; readonly place: number }[];
}

/** A leaf that only passes on what an outer transform follows is not drawn: what stands behind it is. */
function seenThrough(node: Node, stops: ReadonlySet<Node>): Node {
  let at = node;
  while (at.op.kind === "leaf" && !stops.has(at)) {
    const behind = at.inputs[0]?.node ?? null;
    if (behind === null) break;
    at = behind;
  }
  return at;
}

/** Every node behind the results, oldest first; what stands behind an argument is not looked at. */
function nodesBehind(op: string, subject: Subject, stops: ReadonlySet<Node>): Node[] {
  const seen = new Set<Node>();
  for (const { tensor } of subject.results) if (tensor.node !== null) seen.add(tensor.node);
  for (const node of seen) {
    if (stops.has(node)) continue;
    if (node.op.kind !== "leaf" && node.inputs.length === 0) {
      throw new GraphError({
        op,
        problem: "the graph behind this tensor was freed by backward",
        hint: "draw it before, or call backward({ retainGraph: true })",
        code: "GRAPH_FREED",
      });
    }
    for (const input of node.inputs) if (input.node !== null) seen.add(input.node);
  }
  return [...seen].sort((a, b) => a.id - b.id);
}

/** ∂result/∂node for every node: the reverse sweep, one node at a time, so that no cotangent is let go. */
function cotangentsOf(op: string, subject: Subject, nodes: readonly Node[]): Map<Node, Tensor> {
  const result = scalarResult(op, subject.results.length === 1 ? subject.results[0]!.tensor : subject.results);
  const known = new Map<Node, Tensor>();
  if (result.node === null) return known;
  known.set(result.node, full([], 1, { dtype: result.dtype }));
  const drawn = new Set(nodes);
  return withoutRecording(() => {
    for (const node of [...nodes].reverse()) {
      const g = known.get(node);
      if (g === undefined) continue;
      const behind = [...new Set(node.inputs.map((x) => x.node))].filter(
        (input): input is Node => input !== null && drawn.has(input),
      );
      const shares = reverseSweep(orderOf([node], behind), [g]);
      behind.forEach((input, k) => {
        const share = shares[k];
        if (share === null || share === undefined) return;
        const sum = known.get(input);
        known.set(input, sum === undefined ? share : add<Shape, Shape>(sum, share));
      });
    }
    return known;
  });
}

/** Tensors with numbers for the nodes whose numbers something has kept. */
function valuesOf(subject: Subject, nodes: readonly Node[], stops: ReadonlySet<Node>): Map<Node, Tensor> {
  const values = new Map<Node, Tensor>();
  const keep = (x: Tensor): void => {
    if (x.node !== null && x.storage !== null) values.set(seenThrough(x.node, stops), x);
  };
  for (const node of nodes) {
    node.inputs.forEach(keep);
    if (node.output.storage !== null) values.set(node, node.output);
  }
  subject.inputs.forEach(keep);
  for (const { tensor } of subject.results) keep(tensor);
  return values;
}

/** Collects what a drawing function was asked to show; its parameters are those of {@link subjectOf}. */
export function pictureOf(op: string, what: unknown, ...rest: readonly unknown[]): Picture {
  const subject = subjectOf(op, what, ...rest);
  const { names, options } = subject;
  const stops = new Set(subject.inputs.flatMap((x) => x.node ?? []));
  const nodes = nodesBehind(op, subject, stops);
  const values = valuesOf(subject, nodes, stops);
  const cotangents = options.cotangents === true ? cotangentsOf(op, subject, nodes) : new Map<Node, Tensor>();
  const results = new Map<Node | Tensor, string>();
  const keyOf = (x: Tensor): Node | Tensor => (x.node === null ? x : seenThrough(x.node, stops));
  for (const { path, tensor } of subject.results)
    results.set(keyOf(tensor), [results.get(keyOf(tensor)), path].filter(Boolean).join(", "));

  const parts: Part[] = [];
  const places = new Map<Node | Tensor, number>();
  const addPart = (kind: Part["kind"], key: Node | Tensor, x: Tensor, inputs: readonly number[]): number => {
    const node = key instanceof Tensor ? null : key;
    const value = node === null ? x : (values.get(node) ?? x);
    parts.push({
      kind,
      name: names.get(key) ?? null,
      op: kind === "op" ? node!.op.name : kind,
      attributes: kind === "op" ? node!.attributes : null,
      inputs,
      dtype: x.dtype,
      shape: x.shape,
      value: options.values === true || kind === "constant" ? value : new Tensor(x.shape, x.dtype, null),
      cotangent: node === null ? null : (cotangents.get(node) ?? null),
      result: results.get(key) ?? null,
    });
    places.set(key, parts.length - 1);
    return parts.length - 1;
  };
  for (const x of subject.inputs) if (!places.has(x.node ?? x)) addPart("input", x.node ?? x, x, []);
  const drawn = nodes.filter((node) => seenThrough(node, stops) === node && !places.has(node));
  for (const node of drawn) if (node.op.kind === "leaf") addPart("input", node, node.output, []);
  for (const node of drawn) {
    if (node.op.kind === "leaf") continue;
    const inputs = node.inputs.map((x) => places.get(keyOf(x)) ?? addPart("constant", x, x, []));
    addPart("op", node, node.output, inputs);
  }
  const given = subject.results.map(({ path, tensor }) => ({
    path,
    place: places.get(keyOf(tensor)) ?? addPart("constant", tensor, tensor, []),
  }));
  return { title: subject.title, parts, results: given };
}
