/** Matrix products in WebAssembly: which tiles and panels a product needs, and the loops around them. */

import { BLOCK } from "../sums.ts";
import type { Body, Callee, Local } from "./body.ts";
import { wasmHost } from "./host.ts";
import { i32, op, plus, select, times, type Expression } from "./expressions.ts";
import { emitStraightPack, emitTransposedPack } from "./matmul-pack.ts";
import {
  bytesOf,
  emitPartialStore,
  emitTile,
  lanesOf,
  tileOperands,
  type FloatType,
  type Steps,
} from "./matmul-tile.ts";
import type { ModuleBuilder } from "./module.ts";

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
const VECTORS = 2;

/**
 * Rows of a tile. Fused, there is no product to hold: six rows are a tenth faster than four, but not in engines whose
 * register allocator spills them; those that have Float16Array do not.
 */
export function tileRows(fma: boolean): number {
  return fma && "Float16Array" in globalThis ? 6 : 4;
}

const shapes = (
  type: FloatType,
  fma: boolean,
): { rows: number; columns: number; panelA: number; panelB: number; blockRows: number; blockColumns: number } => {
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
};

/**
 * Which operands of a product are worth packing, by measurement: where a block of rows is read often enough to repay
 * its copy, sooner where rows lie a multiple of 1 KiB apart and so compete for the same places of the cache.
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
  const { rows, columns, panelA, panelB, blockRows, blockColumns } = shapes(type, fma);
  const a = packA ? Math.ceil(Math.min(m, blockRows) / rows) * BLOCK * panelA : 0;
  const b = packB ? Math.ceil(Math.min(n, blockColumns) / columns) * BLOCK * panelB : 0;
  return a + b;
}

/** Bytes of scratch memory that a product of fixed sizes needs; each thread needs its own. */
export function scratchBytes(spec: MatmulSpec): number {
  return scratchBytesOf(layoutOf(spec), spec.m, spec.n);
}

/** What a product does beside multiplying, and what a call of it computes. */
export interface ProductOptions {
  /**
   * Takes the same parameters, and is called once for each block of rows before any of A is read there; not for
   * columns.
   */
  readonly prepare?: Callee | null;
  /**
   * Called once for each block of rows as soon as they are whole and still in the cache; blocks begin at multiples of
   * four rows from the first. Takes the same parameters, and for columns the rows before these: (A, B, C, scratch,
   * rowBegin, rowEnd, columnBegin, columnEnd).
   */
  readonly finish?: Callee | null;
  /**
   * What a call computes: some rows of C, some columns, which begin at multiples of sixteen, or all of it, whatever
   * begin and end are.
   * Whoever computes rows packs all of B, who computes columns all of A.
   */
  readonly part?: "rows" | "columns" | "all";
  readonly exported?: boolean;
}

/**
 * A function (A, B, C, scratch, begin, end) that computes rows or columns of C = op(A) op(B), each sum by the
 * definition in `kernels/matmul.ts`. Addresses are of bytes. Up to 16 bytes after A, B and C may be read, none are
 * written.
 */
export function emitMatmul(builder: ModuleBuilder, spec: MatmulSpec, options: ProductOptions = {}): Callee {
  return emitProduct(builder, layoutOf(spec), spec, options);
}

const least = (a: Expression, b: Expression): Expression =>
  a.constant !== undefined && b.constant !== undefined
    ? i32(Math.min(a.constant, b.constant))
    : select(op("i32.lt_s", a, b), a, b);

const minus = (a: Expression, b: Expression): Expression =>
  a.constant !== undefined && b.constant !== undefined ? i32(a.constant - b.constant) : op("i32.sub", a, b);

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

/** As `emitMatmul`, for sizes fixed or given with each call: (…, end, m, k, n). */
export function emitProduct(
  builder: ModuleBuilder,
  layout: Layout,
  sizes: Sizes | null,
  { prepare = null, finish = null, part = "rows", exported = false }: ProductOptions,
): Callee {
  const { type, fma, transposeA, transposeB, packA, packB } = layout;
  const [lanes, bytes] = [lanesOf[type], bytesOf[type]];
  const { rows, columns, panelA, panelB, blockRows, blockColumns } = shapes(type, fma);
  const adjacent = transposeA || packA;
  const known = (value: number | undefined): number | null => (value === undefined ? null : value * bytes);

  const steps: Steps = {
    aRow: known(sizes?.k),
    aInner: packA ? panelA : transposeA ? known(sizes?.m) : bytes,
    bInner: packB ? panelB : known(sizes?.n),
    cRow: known(sizes?.n),
  };
  const tileSteps: Steps = adjacent ? { ...steps, aRow: bytes } : steps;
  const partialStore = emitPartialStore(builder, type);
  const mostRows = sizes === null ? rows : Math.max(1, Math.min(rows, sizes.m));
  const heights =
    sizes !== null && part === "all"
      ? heightsOf(sizes.m, rows, blockRows, packA)
      : Array.from({ length: mostRows }, (_, r) => mostRows - r);
  const widths = sizes !== null && part === "all" ? widthsOf(sizes.n, lanes) : [2, 1];
  const tiles = new Map(
    widths.map((vectors) => [
      vectors,
      heights.map(
        (height) =>
          [height, emitTile(builder, { type, fma, rows: height, vectors, adjacent }, tileSteps, partialStore)] as const,
      ),
    ]),
  );
  // A product of one or two rows reads B once, in whole cache lines: eight sums side by side instead of below each
  // other.
  const wideTiles =
    packA || packB || (sizes !== null && sizes.m > 2)
      ? []
      : [1, 2]
          .slice(0, mostRows)
          .map((r) => emitTile(builder, { type, fma, rows: r, vectors: 8 / r, adjacent }, tileSteps, partialStore));
  // The inner index walks down the rows of the source where those are rows of the panel.
  const packing = (panel: number, most: number, isStraight: boolean): readonly Callee[] =>
    isStraight
      ? Array.from({ length: Math.ceil(most / lanes) }, (_, v) => emitStraightPack(builder, v + 1, panel))
      : [emitTransposedPack(builder, type, panel)];
  const packsOfA = packA ? packing(panelA, rows, transposeA) : [];
  const packsOfB = packB ? packing(panelB, columns, !transposeB) : [];

  const takes = new Array<"i32">(sizes === null ? 9 : 6).fill("i32");
  return builder.function(
    "matmul",
    takes,
    null,
    (body) => {
      const [a, b, c, scratch, begin, end] = [0, 1, 2, 3, 4, 5].map((at) => body.parameter(at)) as [
        Local,
        Local,
        Local,
        Local,
        Local,
        Local,
      ];
      const [m, k, n] =
        sizes === null
          ? ([6, 7, 8].map((at) => body.parameter(at)) as [Local, Local, Local])
          : [i32(sizes.m), i32(sizes.k), i32(sizes.n)];
      const [rowBegin, rowEnd] = part === "rows" ? [begin, end] : [i32(0), m];
      const [columnBegin, columnEnd] = part === "columns" ? [begin, end] : [i32(0), n];
      const held = (value: Expression): Expression => (value.constant === undefined ? body.let(value) : value);
      const rowA = held(times(transposeA ? m : k, bytes));
      const rowB = held(times(transposeB ? k : n, bytes));
      const rowC = held(times(n, bytes));
      const at = (base: Expression, row: Expression, step: Expression, column: Expression): Expression =>
        plus(
          base,
          plus(
            step.constant === undefined ? op("i32.mul", row, step) : times(row, step.constant),
            times(column, bytes),
          ),
        );
      const panelsA =
        packA && packB
          ? body.let(plus(scratch, held(times(ceiling(body, least(n, i32(blockColumns)), columns), BLOCK * bytes))))
          : scratch;

      const [firstColumn, firstInner, firstRow, column, row] = [0, 1, 2, 3, 4].map(() => body.local("i32")) as [
        Local,
        Local,
        Local,
        Local,
        Local,
      ];
      const [depth, lastColumn, lastRow, wide, high] = [0, 1, 2, 3, 4].map(() => body.local("i32")) as [
        Local,
        Local,
        Local,
        Local,
        Local,
      ];
      const [from, to, tileA, tileB, tileC] = [0, 1, 2, 3, 4].map(() => body.local("i32")) as [
        Local,
        Local,
        Local,
        Local,
        Local,
      ];

      /** Packs `count` rows or columns, from `first` on, into panels of `most` of them. */
      const pack = (which: "a" | "b", first: Expression, last: Expression): void => {
        const [base, step, panel, most, packs] =
          which === "a" ? [a, rowA, panelA, rows, packsOfA] : [b, rowB, panelB, columns, packsOfB];
        const isStraight = which === "a" ? transposeA : !transposeB;
        const vectors = Math.ceil(most / lanes);
        body.set(to, which === "a" ? panelsA : scratch);
        body.for(row, first, last, most, () => {
          const left = body.let(minus(last, row));
          if (isStraight) {
            body.set(from, at(base, firstInner, step, row));
            const copy = (count: number): void => body.call(packs[count - 1]!, from, to, depth, step);
            const choose = (count: number): void => {
              if (count === vectors) copy(count);
              else
                body.if(
                  op("i32.le_s", left, i32(count * lanes)),
                  () => copy(count),
                  () => choose(count + 1),
                );
            };
            choose(1);
          } else {
            body.set(from, at(base, row, step, firstInner));
            for (let v = 0; v < vectors; v++) {
              const copy = (): void =>
                body.call(
                  packs[0]!,
                  plus(from, times(step, v * lanes)),
                  plus(to, 16 * v),
                  depth,
                  step,
                  plus(left, -v * lanes),
                );
              if (v === 0) copy();
              else body.if(op("i32.gt_s", left, i32(v * lanes)), copy);
            }
          }
          body.set(to, plus(to, BLOCK * panel));
        });
      };

      const call = {
        a: tileA,
        b: tileB,
        c: tileC,
        depth,
        accumulate: firstInner,
        aRow: rowA,
        aInner: packA ? i32(panelA) : transposeA ? rowA : i32(bytes),
        bInner: packB ? i32(panelB) : rowB,
        cRow: rowC,
      };
      const finishRows = (from: Expression, to: Expression): void => {
        if (finish !== null) body.call(finish, a, b, c, scratch, from, to, ...(part === "columns" ? [begin, end] : []));
      };

      const startA = (): Expression => (transposeA ? at(a, firstInner, rowA, row) : at(a, row, rowA, firstInner));
      /**
       * All tiles of a product of `r + 1` rows that are wholly covered; what is left of the columns is left to the
       * others.
       */
      const overWide = (r: number): void =>
        body.if(op("i32.eq", minus(lastRow, firstRow), i32(r + 1)), () => {
          body.set(row, firstRow);
          body.set(high, i32(r + 1));
          body.set(wide, i32((8 / (r + 1)) * lanes));
          body.while(op("i32.le_s", plus(column, wide), lastColumn), () => {
            body.set(tileA, startA());
            body.set(tileB, at(b, firstInner, rowB, column));
            body.set(tileC, at(c, row, rowC, column));
            body.call(wideTiles[r]!, ...tileOperands(tileSteps, { ...call, lanes: i32(lanes) }));
            body.set(column, plus(column, wide));
          });
        });

      const multiply = (): void => {
        const ofWidth = (vectors: number): void => {
          const ofHeight = tiles.get(vectors)!;
          const choose = (k: number): void => {
            const [height, tile] = ofHeight[k]!;
            const run = (): void =>
              body.call(tile, ...tileOperands(tileSteps, { ...call, lanes: plus(wide, (1 - vectors) * lanes) }));
            if (k === ofHeight.length - 1) run();
            else body.if(op("i32.eq", high, i32(height)), run, () => choose(k + 1));
          };
          choose(0);
        };
        if (widths.length === 1) ofWidth(widths[0]!);
        else
          body.if(
            op("i32.gt_s", wide, i32(lanes)),
            () => ofWidth(2),
            () => ofWidth(1),
          );
      };

      const overRows = (): void =>
        body.while(op("i32.lt_s", row, lastRow), () => {
          body.set(high, minus(lastRow, row));
          if (packA) body.set(high, least(high, i32(rows)));
          // Two tiles of about equal height are faster than a full one and a low one.
          else
            body.if(op("i32.gt_s", high, i32(rows)), () =>
              body.set(
                high,
                select(op("i32.ge_s", high, i32(2 * rows - 1)), i32(rows), op("i32.shr_u", plus(high, 1), i32(1))),
              ),
            );
          if (!packA) body.set(tileA, startA());
          body.set(tileC, at(c, row, rowC, column));
          multiply();
          if (packA) body.set(tileA, plus(tileA, BLOCK * panelA));
          body.set(row, plus(row, high));
        });

      const overColumns = (): void =>
        body.while(op("i32.lt_s", column, lastColumn), () => {
          body.set(wide, least(body.let(minus(lastColumn, column)), i32(columns)));
          if (!packB) body.set(tileB, at(b, firstInner, rowB, column));
          body.set(row, firstRow);
          if (packA) body.set(tileA, panelsA);
          overRows();
          if (packB) body.set(tileB, plus(tileB, BLOCK * panelB));
          body.set(column, plus(column, columns));
        });

      body.if(
        op("i32.eqz", k),
        () => {
          body.fillMemory(at(c, rowBegin, rowC, i32(0)), i32(0), op("i32.mul", minus(rowEnd, rowBegin), rowC));
          finishRows(rowBegin, rowEnd);
        },
        () => {
          body.set(firstColumn, columnBegin);
          body.while(op("i32.lt_s", firstColumn, columnEnd), () => {
            body.set(lastColumn, least(body.let(plus(firstColumn, blockColumns)), columnEnd));
            body.set(firstInner, i32(0));
            body.while(op("i32.lt_s", firstInner, k), () => {
              body.set(depth, least(body.let(minus(k, firstInner)), i32(BLOCK)));
              if (packB) pack("b", firstColumn, lastColumn);
              body.set(firstRow, rowBegin);
              body.while(op("i32.lt_s", firstRow, rowEnd), () => {
                body.set(lastRow, least(body.let(plus(firstRow, blockRows)), rowEnd));
                if (prepare !== null)
                  body.if(op("i32.eqz", op("i32.or", firstColumn, firstInner)), () =>
                    body.call(prepare, a, b, c, scratch, firstRow, lastRow),
                  );
                if (packA) pack("a", firstRow, lastRow);
                body.set(column, firstColumn);
                if (packB) body.set(tileB, scratch);
                for (let r = 0; r < wideTiles.length; r++) overWide(r);
                overColumns();
                if (finish !== null)
                  body.if(
                    op("i32.and", op("i32.ge_s", lastColumn, columnEnd), op("i32.ge_s", plus(firstInner, depth), k)),
                    () => finishRows(firstRow, lastRow),
                  );
                body.set(firstRow, lastRow);
              });
              body.set(firstInner, plus(firstInner, BLOCK));
            });
            body.set(firstColumn, lastColumn);
          });
        },
      );
    },
    exported,
  );
}

/** A value rounded up to a multiple of a power of two, or of a constant. */
function ceiling(body: Body, value: Expression, unit: number): Expression {
  if (value.constant !== undefined) return i32(Math.ceil(value.constant / unit) * unit);
  return body.let(op("i32.and", plus(value, unit - 1), i32(-unit)));
}

/** A module with the one function (a) → a · a + a, fused: engines without relaxed SIMD refuse it. */
const probe = [
  0, 97, 115, 109, 1, 0, 0, 0, 1, 6, 1, 96, 1, 123, 1, 123, 3, 2, 1, 0, 10, 13, 1, 11, 0, 32, 0, 32, 0, 32, 0, 253, 133,
  2, 11,
];

/** Whether this engine has fused products (relaxed SIMD). */
export function relaxedSimd(): boolean {
  return wasmHost()?.validate(new Uint8Array(probe)) ?? false;
}
