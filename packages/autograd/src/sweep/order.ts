/** The part of a graph between wanted inputs and outputs, in an order in which every node follows what it was computed from. */

import type { Node } from "../graph/node.ts";

/** A piece of graph ready to be swept, forward or backward, any number of times. */
export interface Order {
  /** The nodes that depend on a wanted one, inputs before what is computed from them. */
  readonly nodes: readonly Node[];
  /** For the k-th input of the i-th node, at `starts[i] + k`: its place in `nodes`, or -1 where nothing wanted lies behind it. */
  readonly edges: Int32Array;
  readonly starts: Int32Array;
  /** The place of each wanted node and of each output; -1 for one that is not connected. */
  readonly wanted: readonly number[];
  readonly outputs: readonly number[];
}

let marks = 0;

/**
 * Walks back from the outputs, depth first and without recursion, so that a chain of a million nodes is as good as a short one.
 *
 * @param outputs - where the walk begins; `null` for a constant
 * @param wanted - where it ends; `null` entries are not looked for, and a list of `null` alone finds nothing
 */
export function orderOf(outputs: readonly (Node | null)[], wanted: readonly (Node | null)[]): Order {
  const mark = ++marks;
  let oldest = Infinity;
  const nodes: Node[] = [];
  for (const node of wanted) {
    if (node === null || node.mark === mark) continue;
    node.mark = mark;
    node.position = nodes.length;
    nodes.push(node);
    oldest = Math.min(oldest, node.id);
  }
  const leaves = nodes.length;
  const stack: Node[] = [];
  const next: number[] = [];
  let edgeCount = 0;
  for (const output of outputs) {
    if (output === null || output.mark === mark || output.id < oldest) continue;
    output.mark = mark;
    stack.push(output);
    next.push(0);
    while (stack.length > 0) {
      const top = stack.length - 1;
      const node = stack[top]!;
      const { inputs } = node;
      let k = next[top]!;
      let below: Node | null = null;
      for (; k < inputs.length && below === null; k++) {
        const input = inputs[k]!.node;
        // What was recorded before the oldest wanted node cannot depend on it.
        if (input !== null && input.mark !== mark && input.id >= oldest) below = input;
      }
      if (below !== null) {
        next[top] = k;
        below.mark = mark;
        stack.push(below);
        next.push(0);
        continue;
      }
      stack.pop();
      next.pop();
      node.position = -1;
      for (let i = 0; i < inputs.length; i++) {
        const input = inputs[i]!.node;
        if (input !== null && input.mark === mark && input.position >= 0) {
          node.position = nodes.length;
          nodes.push(node);
          edgeCount += inputs.length;
          break;
        }
      }
    }
  }
  const starts = new Int32Array(nodes.length + 1);
  const edges = new Int32Array(edgeCount);
  let at = 0;
  for (let i = leaves; i < nodes.length; i++) {
    starts[i] = at;
    const { inputs } = nodes[i]!;
    for (let k = 0; k < inputs.length; k++) {
      const input = inputs[k]!.node;
      edges[at++] = input !== null && input.mark === mark ? input.position : -1;
    }
  }
  const place = (node: Node | null): number => (node !== null && node.mark === mark ? node.position : -1);
  return { nodes, edges, starts, wanted: wanted.map(place), outputs: outputs.map(place) };
}
