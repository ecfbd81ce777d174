/** The layout of a matrix product: which operands are packed into panels, and the sizes of tiles and blocks. */

import { BLOCK } from "./sums.ts";

/** The types of numbers that are multiplied. */
export type FloatType = "f32" | "f64";

/** How many numbers a vector of 16 bytes holds, and how many bytes one has. */
export const lanesOf = { f32: 4, f64: 2 } as const;
export const bytesOf = { f32: 4, f64: 8 } as const;

/** The sizes of C = A B: C has m rows and n columns, k products make a sum. */
export interface Sizes {
  readonly m: number;
  readonly k: number;
  readonly n: number;
}

/** How A and B lie in memory, and whether they are copied into panels first. */
export interface Layout {
  readonly type: FloatType;
  readonly fma: boolean;
  readonly transposeA: boolean;
  readonly transposeB: boolean;
  readonly packA: boolean;
  readonly packB: boolean;
}

/** A product of fixed sizes. */
export interface MatmulSpec extends Sizes {
  readonly type: FloatType;
  readonly transposeA: boolean;
  readonly transposeB: boolean;
  /** Products and sums in one rounding, where the engine has them: the bits may then differ from machine to machine. */
  readonly fma: boolean;
}

/** Bytes of the blocks of A and B that are packed at a time: small beside a cache of 1 MiB. */
const BLOCK_BYTES_A = 128 * 1024;
const BLOCK_BYTES_B = 512 * 1024;

/**
 * Two vectors wide: with four rows that are eight sums, two vectors of B, one of A and one product in V8's fifteen
 * registers.
 */
export const VECTORS = 2;

/**
 * Rows of a tile. Fused, there is no product to hold: six rows are a tenth faster than four, but not in engines whose
 * register allocator spills them; those that have Float16Array do not.
 */
export function tileRows(fma: boolean): number {
  return fma && "Float16Array" in globalThis ? 6 : 4;
}

export interface Blocking {
  /** Rows and columns of a tile. */
  readonly rows: number;
  readonly columns: number;
  /** Bytes of a panel for each inner index. */
  readonly panelA: number;
  readonly panelB: number;
  /** Rows of A and columns of B that are packed at a time. */
  readonly blockRows: number;
  readonly blockColumns: number;
}

/** Sizes of tiles, panels and blocks for one type. */
export function blockingOf(type: FloatType, fma: boolean): Blocking {
  const [lanes, bytes, rows] = [lanesOf[type], bytesOf[type], tileRows(fma)];
  const columns = VECTORS * lanes;
  const panelA = Math.ceil(rows / lanes) * 16;
  const panelB = columns * bytes;
  return {
    rows,
    columns,
    panelA,
    panelB,
    // A multiple of four.
    blockRows: 2 * rows * Math.floor(BLOCK_BYTES_A / (2 * BLOCK * panelA)),
    blockColumns: columns * Math.floor(BLOCK_BYTES_B / (BLOCK * panelB)),
  };
}

/**
 * Packs the operands of a product that are worth it, by measurement: where a block of rows is read often enough to
 * repay its copy, sooner where rows lie a multiple of 1 KiB apart and so compete for the same places of the cache.
 */
export function layoutOf({ type, fma, transposeA, transposeB, m, k, n }: MatmulSpec): Layout {
  const block = (count: number): number => Math.min(k, BLOCK) * count * bytesOf[type];
  const often = (n * bytesOf[type]) % 1024 === 0 ? 16 : 48;
  return {
    type,
    fma,
    transposeA,
    transposeB,
    packA: transposeA ? n >= 64 && block(m) > 65536 : n >= 256 && m >= 64,
    packB: transposeB || (m >= often && block(n) > 32768),
  };
}

/** Bytes of scratch memory for the panels of a product. */
export function scratchBytesOf({ type, fma, packA, packB }: Layout, m: number, n: number): number {
  const { rows, columns, panelA, panelB, blockRows, blockColumns } = blockingOf(type, fma);
  const a = packA ? Math.ceil(Math.min(m, blockRows) / rows) * BLOCK * panelA : 0;
  const b = packB ? Math.ceil(Math.min(n, blockColumns) / columns) * BLOCK * panelB : 0;
  return a + b;
}

/** Bytes of scratch memory that a product of fixed sizes needs; each thread needs its own. */
export function scratchBytes(spec: MatmulSpec): number {
  return scratchBytesOf(layoutOf(spec), spec.m, spec.n);
}
