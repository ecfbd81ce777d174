/** Coordinates for layers: every item as near to its neighbors as the order allows, without overlaps. */

import { rounds, type Item } from "./layers.ts";

const SIDE = 18;
const GAP = 34;
/** Long edges are straightened first: a bend pulls harder than a box. */
const BEND_PULL = 20;
/** The pull on a box without neighbors: it stays where it is, unless others push. */
const FREE_PULL = 0.01;

/** Neighbors stand at least this far apart, center to center. */
function distance(left: Item, right: Item): number {
  return (left.width + right.width) / 2 + (left.box < 0 && right.box < 0 ? SIDE / 2 : SIDE);
}

/** Moves the items of one layer after another; its lists are used again for each, since large drawings have many. */
class Settler {
  /** For each item: how far from the first one it stands at least. */
  readonly #offsets: number[] = [];
  /** For each block of items that touch: its first item, its pull, and its pull times where it would like to stand. */
  readonly #first: number[] = [];
  readonly #pull: number[] = [];
  readonly #moment: number[] = [];

  /**
   * Gives the items of a layer the places nearest, in the sense of least squares, to the mean of their neighbors above,
   * below or on both sides: items that would come too close are joined into blocks, and a block stands at its mean
   * wish.
   */
  settle(row: readonly Item[], above: boolean, below: boolean): void {
    let blocks = 0;
    for (let k = 0; k < row.length; k++) {
      const item = row[k]!;
      const offset = k === 0 ? 0 : this.#offsets[k - 1]! + distance(row[k - 1]!, item);
      this.#offsets[k] = offset;
      let pull = 0;
      let moment = 0;
      if (above) {
        for (const { from, port } of item.ups) {
          const weight = item.box < 0 && from.box < 0 ? BEND_PULL : 1;
          pull += weight;
          moment += weight * (from.x - port - offset);
        }
      }
      if (below) {
        for (const { to, port } of item.downs) {
          const weight = item.box < 0 && to.box < 0 ? BEND_PULL : 1;
          pull += weight;
          moment += weight * (to.x + port - offset);
        }
      }
      if (pull === 0) {
        pull = FREE_PULL;
        moment = FREE_PULL * (item.x - offset);
      }
      let first = k;
      while (blocks > 0 && this.#moment[blocks - 1]! / this.#pull[blocks - 1]! >= moment / pull) {
        blocks--;
        first = this.#first[blocks]!;
        pull += this.#pull[blocks]!;
        moment += this.#moment[blocks]!;
      }
      this.#first[blocks] = first;
      this.#pull[blocks] = pull;
      this.#moment[blocks++] = moment;
    }
    for (let block = 0; block < blocks; block++) {
      const end = block + 1 < blocks ? this.#first[block + 1]! : row.length;
      const start = this.#moment[block]! / this.#pull[block]!;
      for (let k = this.#first[block]!; k < end; k++) row[k]!.x = start + this.#offsets[k]!;
    }
  }
}

/** The size of what has been placed. */
export interface Extent {
  readonly width: number;
  readonly height: number;
}

/** The beginning and the end of a layer; no box of it reaches farther. */
export interface Band {
  readonly top: number;
  readonly bottom: number;
}

/** Sets `x` and `y` of every item; the drawing begins at 0, 0. */
export function placeLayers(layers: readonly (readonly Item[])[]): Extent & { readonly bands: readonly Band[] } {
  const settler = new Settler();
  for (const row of layers) settler.settle(row, false, false);
  const upward = [...layers].reverse();
  for (let left = rounds(layers, 60); left > 0; left--) {
    for (const row of layers) settler.settle(row, true, false);
    for (const row of upward) settler.settle(row, false, true);
  }
  for (const row of [...layers, ...upward]) settler.settle(row, true, true);

  let left = Infinity;
  let right = -Infinity;
  for (const { x, width } of layers.flat()) {
    left = Math.min(left, x - width / 2);
    right = Math.max(right, x + width / 2);
  }
  const bands: Band[] = [];
  let top = 0;
  for (const row of layers) {
    const height = row.reduce((most, item) => Math.max(most, item.height), 0);
    bands.push({ top, bottom: top + height });
    let reach = 0;
    for (const item of row) {
      item.x -= left;
      item.y = top + height / 2;
    }
    for (const { downs } of row)
      for (const { from, to, port } of downs) reach = Math.max(reach, Math.abs(to.x + port - left - from.x));
    // Edges that go far to the side need room to get there.
    top += height + GAP + Math.min(60, reach / 10);
  }
  return { width: right - left, height: bands.at(-1)!.bottom, bands };
}
