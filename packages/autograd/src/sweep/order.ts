/**
 * The part of a graph between wanted inputs and outputs, in an order in which every node follows what it was computed
 * from.
 */

import type { Node } from "../graph/node.ts";

/** A piece of graph ready to be swept, forward or backward, any number of times. */
export interface Order {
  /** The nodes that depend on a wanted one, inputs before what is computed from them. */
  readonly nodes: readonly Node[];
  /**
   * For the k-th input of the i-th node, at `starts[i] + k`: its place in `nodes`, or -1 where nothing wanted lies
   * behind it.
   */
  readonly edges: Int32Array;
  readonly starts: Int32Array;
  /** The place of each wanted node and of each output; -1 for one that is not connected. */
  readonly wanted: readonly number[];
  readonly outputs: readonly number[];
}

/**
 * The treatment of an exact 0 that a wanted node does not reach, where it is a factor: it drops what it multiplies, or,
 * in the graph of a rule, where it is a slope that somebody computed, it multiplies as any number does.
 */
export type Constants = "annul" | "multiply";

/** How a sweep goes. */
export interface SweepOptions {
  /** `"annul"` where nothing is said. */
  readonly constants?: Constants;
  /** True if what comes out leaves its marks behind, and is a plain 0 where it was dropped. */
  readonly plain?: boolean;
}

let marks = 0;

/**
 * Brings the nodes of a list from a place on into the order of recording; their ids lie between two. A chain is found
 * newest first, so that turning it round is enough; elsewhere ids that were given together lie close together, and a
 * table by id does it; a sort does it otherwise.
 */
function putInOrder(nodes: Node[], begin: number, first: number, last: number, isDescending: boolean): void {
  if (isDescending) {
    for (let i = begin, j = nodes.length - 1; i < j; i++, j--) {
      const node = nodes[i]!;
      nodes[i] = nodes[j]!;
      nodes[j] = node;
    }
    return;
  }
  let sorted: (Node | undefined)[];
  if (last - first >= 4 * (nodes.length - begin)) sorted = nodes.slice(begin).sort((a, b) => a.id - b.id);
  else {
    sorted = new Array<Node | undefined>(last - first + 1);
    for (let i = begin; i < nodes.length; i++) sorted[nodes[i]!.id - first] = nodes[i]!;
  }
  let at = begin;
  for (let i = 0; i < sorted.length; i++) {
    const node = sorted[i];
    if (node !== undefined) nodes[at++] = node;
  }
}

/**
 * Walks back from the outputs without recursion, so that a chain of a million nodes is as good as a short one.
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
  for (const output of outputs) {
    // What was recorded before the oldest wanted node cannot depend on it.
    if (output === null || output.mark === mark || output.id < oldest) continue;
    output.mark = mark;
    nodes.push(output);
  }
  let edgeCount = 0;
  let first = Infinity;
  let last = -Infinity;
  let isDescending = true;
  for (let i = leaves; i < nodes.length; i++) {
    const { id, inputs } = nodes[i]!;
    if (id < first) first = id;
    else isDescending = false;
    if (id > last) last = id;
    edgeCount += inputs.length;
    for (let k = 0; k < inputs.length; k++) {
      const below = inputs[k]!.node;
      if (below === null || below.mark === mark || below.id < oldest) continue;
      below.mark = mark;
      nodes.push(below);
    }
  }
  putInOrder(nodes, leaves, first, last, isDescending);
  const table = keepDependent(nodes, leaves, edgeCount, mark);
  const place = (node: Node | null): number => (node !== null && node.mark === mark ? node.position : -1);
  return { nodes, edges: table, starts: table, wanted: wanted.map(place), outputs: outputs.map(place) };
}

/**
 * Keeps of the nodes from `leaves` on those that depend on one before them, and gives each its place.
 *
 * @returns where edges start, and behind it the edges: two memories take twice as long to make
 */
function keepDependent(nodes: Node[], leaves: number, edgeCount: number, mark: number): Int32Array {
  const table = new Int32Array(nodes.length + edgeCount);
  let at = nodes.length;
  let count = leaves;
  for (let i = leaves; i < nodes.length; i++) {
    const node = nodes[i]!;
    const { inputs } = node;
    const start = at;
    let depends = false;
    for (let k = 0; k < inputs.length; k++) {
      const below = inputs[k]!.node;
      const place = below !== null && below.mark === mark ? below.position : -1;
      if (place >= 0) depends = true;
      table[at++] = place;
    }
    if (depends) {
      table[count] = start;
      node.position = count;
      nodes[count++] = node;
    } else {
      node.position = -1;
      at = start;
    }
  }
  if (count < nodes.length) nodes.length = count;
  return table;
}
