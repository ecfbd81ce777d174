/** A graph in layers: each box below what it is computed from, long edges cut into bends, few crossings. */

/** A box to lay out. */
export interface Box {
  readonly width: number;
  readonly height: number;
  /** The places of its operands, each smaller than its own place. */
  readonly inputs: readonly number[];
}

/** A box, or the bend of an edge that passes a layer. */
export interface Item {
  /** The place of the box; -1 for a bend. */
  readonly box: number;
  readonly layer: number;
  readonly width: number;
  readonly height: number;
  /** Links that arrive from the layer above, and those that leave to the layer below. */
  readonly ups: Link[];
  readonly downs: Link[];
  /** The position within the layer, and the center. */
  order: number;
  x: number;
  y: number;
}

/** A piece of an edge between neighboring layers. */
export interface Link {
  readonly from: Item;
  readonly to: Item;
  /** Which operand arrives; -1 at a bend. */
  readonly operand: number;
  /** The place where it arrives, from the center of `to`, and the same as a fraction of the width. */
  readonly port: number;
  readonly share: number;
}

const BEND_WIDTH = 6;

/**
 * How often a large drawing is gone through: as often as a small one where that is quick, a few times where it is not.
 */
export function rounds(layers: readonly (readonly Item[])[], most: number): number {
  const items = layers.reduce((count, row) => count + row.length, 0);
  return Math.max(2, Math.min(most, Math.floor(40_000 / items)));
}

/**
 * The layer of each box: one below its lowest operand. What is given, and what is computed from nothing else, stands
 * right above its first use, and not at the top of the drawing.
 */
function assign(boxes: readonly Box[]): number[] {
  const layer = boxes.map(() => 0);
  boxes.forEach(({ inputs }, k) => {
    for (const place of inputs) layer[k] = Math.max(layer[k]!, layer[place]! + 1);
  });
  const firstUse = boxes.map(() => Infinity);
  for (let k = boxes.length - 1; k >= 0; k--) {
    const { inputs } = boxes[k]!;
    const movable = inputs.every((place) => boxes[place]!.inputs.length === 0);
    if (movable && firstUse[k]! < Infinity) layer[k] = firstUse[k]! - 1;
    for (const place of inputs) firstUse[place] = Math.min(firstUse[place]!, layer[k]!);
  }
  return layer;
}

function link(from: Item, to: Item, operand: number, operands: number): void {
  const share = operand < 0 ? 0 : (operand + 1) / (operands + 1) - 0.5;
  const piece: Link = { from, to, operand, port: share * to.width, share };
  from.downs.push(piece);
  to.ups.push(piece);
}

/** Layers of items; all edges that leave a box share one chain of bends as far as they go together. */
function build(boxes: readonly Box[]): Item[][] {
  const layer = assign(boxes);
  const layers: Item[][] = Array.from({ length: layer.reduce((last, at) => Math.max(last, at), 0) + 1 }, () => []);
  const place = (box: number, at: number, width: number, height: number): Item => {
    const row = layers[at]!;
    const item: Item = { box, layer: at, width, height, ups: [], downs: [], order: row.length, x: 0, y: 0 };
    row.push(item);
    return item;
  };
  const chains = boxes.map(({ width, height }, k) => [place(k, layer[k]!, width, height)]);
  boxes.forEach(({ inputs }, k) => {
    inputs.forEach((source, operand) => {
      const chain = chains[source]!;
      const steps = layer[k]! - layer[source]! - 1;
      while (chain.length <= steps) {
        const last = chain.at(-1)!;
        const bend = place(-1, last.layer + 1, BEND_WIDTH, 0);
        link(last, bend, -1, 0);
        chain.push(bend);
      }
      link(chain[steps]!, chains[k]![0]!, operand, inputs.length);
    });
  });
  return layers;
}

/** How many pairs stand in the wrong order; sorts the list by halves on the way. */
function inversions(list: number[]): number {
  let count = 0;
  let from = list;
  for (let width = 1; width < list.length; width *= 2) {
    const merged: number[] = [];
    for (let start = 0; start < from.length; start += 2 * width) {
      const middle = Math.min(start + width, from.length);
      const end = Math.min(start + 2 * width, from.length);
      let left = start;
      let right = middle;
      while (left < middle || right < end) {
        if (right >= end || (left < middle && from[left]! <= from[right]!)) merged.push(from[left++]!);
        else {
          count += middle - left;
          merged.push(from[right++]!);
        }
      }
    }
    from = merged;
  }
  return count;
}

function crossings(layers: readonly (readonly Item[])[]): number {
  return layers.reduce((sum, row) => {
    const arrivals: number[] = [];
    for (const { downs } of row) {
      if (downs.length === 1) arrivals.push(downs[0]!.to.order + downs[0]!.share);
      else arrivals.push(...downs.map(({ to, share }) => to.order + share).sort((a, b) => a - b));
    }
    return sum + inversions(arrivals);
  }, 0);
}

function renumber(row: readonly Item[]): void {
  row.forEach((item, order) => (item.order = order));
}

/** Sorts a layer by the mean place of its neighbors on one side; what has none there keeps its place. */
function sortBy(row: Item[], linksOf: (item: Item) => readonly Link[], placeOf: (link: Link) => number): void {
  const keys = row.map((item) => {
    const links = linksOf(item);
    let sum = 0;
    for (const piece of links) sum += placeOf(piece);
    return links.length === 0 ? item.order : sum / links.length;
  });
  row.sort((a, b) => keys[a.order]! - keys[b.order]! || a.order - b.order);
  renumber(row);
}

/** Sweeps down and up until the edges cross as little as this gets; the best order that was seen remains. */
function untangle(layers: Item[][]): void {
  let fewest = crossings(layers);
  let best = layers.map((row) => [...row]);
  for (let left = rounds(layers, 12); left > 0 && fewest > 0; left--) {
    for (const row of layers.slice(1))
      sortBy(
        row,
        ({ ups }) => ups,
        ({ from, share }) => from.order - share,
      );
    for (const row of layers.slice(0, -1).reverse())
      sortBy(
        row,
        ({ downs }) => downs,
        ({ to, share }) => to.order + share,
      );
    const count = crossings(layers);
    if (count >= fewest) continue;
    fewest = count;
    best = layers.map((row) => [...row]);
  }
  best.forEach((row, at) => {
    layers[at] = row;
    renumber(row);
  });
}

/** The layers of a graph from top to bottom, each from left to right. */
export function layersOf(boxes: readonly Box[]): readonly (readonly Item[])[] {
  const layers = build(boxes);
  untangle(layers);
  return layers;
}
