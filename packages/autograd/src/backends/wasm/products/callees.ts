/** The functions that a matrix product calls: tiles of the heights and widths that cover it, and packs of panels. */

import type { Callee } from "../assembler/body.ts";
import { emitStraightPack, emitTransposedPack } from "./pack.ts";
import { VECTORS, blockingOf, bytesOf, lanesOf, type Layout, type Sizes } from "../../../kernels/product-layout.ts";
import { emitPartialStore, emitTile, type Steps } from "./tile.ts";
import type { ModuleBuilder } from "../assembler/module.ts";

export interface ProductCallees {
  /** The steps that the tiles know. */
  readonly steps: Steps;
  /** Tiles by how many vectors wide they are, the widest first, each with its height, the highest first. */
  readonly tiles: ReadonlyMap<number, readonly (readonly [height: number, tile: Callee])[]>;
  /** Tiles of one row and of two that are eight vectors in all. */
  readonly wideTiles: readonly Callee[];
  readonly packsOfA: readonly Callee[];
  readonly packsOfB: readonly Callee[];
}

/** The heights of the tiles that all rows are covered by, the highest first. */
function heightsOf(m: number, rows: number, blockRows: number, packA: boolean): number[] {
  const heights = new Set<number>();
  for (let row = 0; row < m;) {
    const left = Math.min(m, (Math.floor(row / blockRows) + 1) * blockRows) - row;
    const high = left <= rows ? left : packA || left >= 2 * rows - 1 ? rows : (left + 1) >> 1;
    heights.add(high);
    row += high;
  }
  return heights.size === 0 ? [1] : [...heights].sort((a, b) => b - a);
}

/** How many vectors wide the tiles are that all columns are covered by, the widest first. */
function widthsOf(n: number, lanes: number): number[] {
  const rest = n % (VECTORS * lanes);
  if (rest === 0 || rest > lanes) return [2];
  return n > lanes ? [2, 1] : [1];
}

function stepsOf(
  { type, transposeA, packA, packB }: Layout,
  sizes: Sizes | null,
  panelA: number,
  panelB: number,
): Steps {
  const bytes = bytesOf[type];
  const known = (value: number | undefined): number | null => (value === undefined ? null : value * bytes);
  return {
    aRow: transposeA || packA ? bytes : known(sizes?.k),
    aInner: packA ? panelA : transposeA ? known(sizes?.m) : bytes,
    bInner: packB ? panelB : known(sizes?.n),
    cRow: known(sizes?.n),
  };
}

/** Emits them, for sizes that are fixed, or for all; `isWhole` where one call computes all of C. */
export function emitCallees(
  builder: ModuleBuilder,
  layout: Layout,
  sizes: Sizes | null,
  isWhole: boolean,
): ProductCallees {
  const { type, fma, transposeA, transposeB, packA, packB } = layout;
  const lanes = lanesOf[type];
  const { rows, columns, panelA, panelB, blockRows } = blockingOf(type, fma);
  const adjacent = transposeA || packA;
  const steps = stepsOf(layout, sizes, panelA, panelB);
  const partialStore = emitPartialStore(builder, type);
  const emit = (height: number, vectors: number): Callee =>
    emitTile(builder, { type, fma, rows: height, vectors, adjacent }, steps, partialStore);
  const mostRows = sizes === null ? rows : Math.max(1, Math.min(rows, sizes.m));
  const heights =
    sizes !== null && isWhole
      ? heightsOf(sizes.m, rows, blockRows, packA)
      : Array.from({ length: mostRows }, (_, r) => mostRows - r);
  const widths = sizes !== null && isWhole ? widthsOf(sizes.n, lanes) : [2, 1];
  const tiles = new Map(
    widths.map((vectors) => [vectors, heights.map((height) => [height, emit(height, vectors)] as const)]),
  );
  // A product of one or two rows reads B once, in whole cache lines: eight sums side by side instead of below each
  // other.
  const wideTiles =
    packA || packB || (sizes !== null && sizes.m > 2) ? [] : [1, 2].slice(0, mostRows).map((r) => emit(r, 8 / r));
  // The inner index walks down the rows of the source where those are rows of the panel.
  const packing = (panel: number, most: number, isStraight: boolean): readonly Callee[] =>
    isStraight
      ? Array.from({ length: Math.ceil(most / lanes) }, (_, v) => emitStraightPack(builder, v + 1, panel))
      : [emitTransposedPack(builder, type, panel)];
  const packsOfA = packA ? packing(panelA, rows, transposeA) : [];
  const packsOfB = packB ? packing(panelB, columns, !transposeB) : [];
  return { steps, tiles, wideTiles, packsOfA, packsOfB };
}
