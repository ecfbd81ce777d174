/**
 * The loops of a matrix product around its tiles: over blocks of columns of B, of the inner size, and of rows of A,
 * packed into panels where that pays, and over the tiles of each.
 */

import { BLOCK } from "../../../kernels/sums.ts";
import type { Body, Callee, Local } from "../assembler/body.ts";
import { i32, op, plus, select, times, type Expression } from "../assembler/expressions.ts";
import type { ProductCallees } from "./callees.ts";
import {
  blockingOf,
  bytesOf,
  lanesOf,
  type Blocking,
  type Layout,
  type Sizes,
} from "../../../kernels/product-layout.ts";
import { tileOperands, type TileCall } from "./tile.ts";

const least = (a: Expression, b: Expression): Expression =>
  a.constant !== undefined && b.constant !== undefined
    ? i32(Math.min(a.constant, b.constant))
    : select(op("i32.lt_s", a, b), a, b);

const minus = (a: Expression, b: Expression): Expression =>
  a.constant !== undefined && b.constant !== undefined ? i32(a.constant - b.constant) : op("i32.sub", a, b);

/** A value rounded up to a multiple of a power of two, or of a constant. */
function ceiling(body: Body, value: Expression, unit: number): Expression {
  if (value.constant !== undefined) return i32(Math.ceil(value.constant / unit) * unit);
  return body.let(op("i32.and", plus(value, unit - 1), i32(-unit)));
}

/** Work beside the product, and the part of it that a call computes: see `ProductOptions`. */
interface Around {
  readonly prepare: Callee | null;
  readonly finish: Callee | null;
  readonly part: "rows" | "columns" | "all";
}

/** An operand that is packed: its rows or columns go into panels of `most` of them. */
interface Packing {
  readonly base: Expression;
  /** Bytes from row to row. */
  readonly row: Expression;
  readonly panels: Expression;
  readonly panel: number;
  readonly most: number;
  readonly packs: readonly Callee[];
  /** True if the inner index walks down the rows of the source. */
  readonly isStraight: boolean;
}

export class ProductLoops {
  readonly #body: Body;
  readonly #layout: Layout;
  readonly #callees: ProductCallees;
  readonly #around: Around;
  readonly #blocking: Blocking;
  readonly #lanes: number;
  readonly #bytes: number;
  /** The matrices, and scratch for panels: of B first. */
  readonly #a: Local;
  readonly #b: Local;
  readonly #c: Local;
  readonly #scratch: Local;
  readonly #panelsA: Expression;
  readonly #m: Expression;
  readonly #k: Expression;
  readonly #n: Expression;
  /** Bytes from row to row. */
  readonly #rowA: Expression;
  readonly #rowB: Expression;
  readonly #rowC: Expression;
  /** The block that is multiplied: from where, and how far. */
  readonly #firstColumn: Local;
  readonly #firstInner: Local;
  readonly #firstRow: Local;
  readonly #depth: Local;
  readonly #lastColumn: Local;
  readonly #lastRow: Local;
  /** The tile that is multiplied: its place, and its size. */
  readonly #column: Local;
  readonly #row: Local;
  readonly #wide: Local;
  readonly #high: Local;
  readonly #tileA: Local;
  readonly #tileB: Local;
  readonly #tileC: Local;
  /** Addresses of a pack. */
  readonly #from: Local;
  readonly #to: Local;

  constructor(body: Body, layout: Layout, sizes: Sizes | null, callees: ProductCallees, around: Around) {
    const { type, fma, transposeA, transposeB, packA, packB } = layout;
    this.#body = body;
    this.#layout = layout;
    this.#callees = callees;
    this.#around = around;
    this.#blocking = blockingOf(type, fma);
    this.#lanes = lanesOf[type];
    this.#bytes = bytesOf[type];
    [this.#a, this.#b] = [body.parameter(0), body.parameter(1)];
    [this.#c, this.#scratch] = [body.parameter(2), body.parameter(3)];
    const [m, k, n] =
      sizes === null
        ? ([body.parameter(6), body.parameter(7), body.parameter(8)] as const)
        : ([i32(sizes.m), i32(sizes.k), i32(sizes.n)] as const);
    [this.#m, this.#k, this.#n] = [m, k, n];
    const held = (value: Expression): Expression => (value.constant === undefined ? body.let(value) : value);
    this.#rowA = held(times(transposeA ? m : k, this.#bytes));
    this.#rowB = held(times(transposeB ? k : n, this.#bytes));
    this.#rowC = held(times(n, this.#bytes));
    const { blockColumns, columns } = this.#blocking;
    this.#panelsA =
      packA && packB
        ? body.let(
            plus(this.#scratch, held(times(ceiling(body, least(n, i32(blockColumns)), columns), BLOCK * this.#bytes))),
          )
        : this.#scratch;
    const local = (): Local => body.local("i32");
    [this.#firstColumn, this.#firstInner, this.#firstRow] = [local(), local(), local()];
    [this.#column, this.#row] = [local(), local()];
    [this.#depth, this.#lastColumn, this.#lastRow] = [local(), local(), local()];
    [this.#wide, this.#high] = [local(), local()];
    [this.#from, this.#to] = [local(), local()];
    [this.#tileA, this.#tileB, this.#tileC] = [local(), local(), local()];
  }

  emit(): void {
    const body = this.#body;
    const [rowBegin, rowEnd] = this.#rows;
    body.if(
      op("i32.eqz", this.#k),
      () => {
        const bytes = op("i32.mul", minus(rowEnd, rowBegin), this.#rowC);
        body.fillMemory(this.#at(this.#c, rowBegin, this.#rowC, i32(0)), i32(0), bytes);
        this.#finish(rowBegin, rowEnd);
      },
      () => this.#overBlocksOfColumns(),
    );
  }

  #overBlocksOfColumns(): void {
    const body = this.#body;
    const [columnBegin, columnEnd] = this.#columns;
    body.set(this.#firstColumn, columnBegin);
    body.while(op("i32.lt_s", this.#firstColumn, columnEnd), () => {
      body.set(this.#lastColumn, least(body.let(plus(this.#firstColumn, this.#blocking.blockColumns)), columnEnd));
      body.set(this.#firstInner, i32(0));
      body.while(op("i32.lt_s", this.#firstInner, this.#k), () => {
        body.set(this.#depth, least(body.let(minus(this.#k, this.#firstInner)), i32(BLOCK)));
        if (this.#layout.packB) this.#pack(this.#packingOfB, this.#firstColumn, this.#lastColumn);
        this.#overBlocksOfRows();
        body.set(this.#firstInner, plus(this.#firstInner, BLOCK));
      });
      body.set(this.#firstColumn, this.#lastColumn);
    });
  }

  #overBlocksOfRows(): void {
    const body = this.#body;
    const { packA, packB } = this.#layout;
    const [rowBegin, rowEnd] = this.#rows;
    const [, columnEnd] = this.#columns;
    const isLast = (): Expression =>
      op(
        "i32.and",
        op("i32.ge_s", this.#lastColumn, columnEnd),
        op("i32.ge_s", plus(this.#firstInner, this.#depth), this.#k),
      );
    body.set(this.#firstRow, rowBegin);
    body.while(op("i32.lt_s", this.#firstRow, rowEnd), () => {
      body.set(this.#lastRow, least(body.let(plus(this.#firstRow, this.#blocking.blockRows)), rowEnd));
      this.#prepare();
      if (packA) this.#pack(this.#packingOfA, this.#firstRow, this.#lastRow);
      body.set(this.#column, this.#firstColumn);
      if (packB) body.set(this.#tileB, this.#scratch);
      for (let r = 0; r < this.#callees.wideTiles.length; r++) this.#overWideTiles(r);
      this.#overColumns();
      if (this.#around.finish !== null) body.if(isLast(), () => this.#finish(this.#firstRow, this.#lastRow));
      body.set(this.#firstRow, this.#lastRow);
    });
  }

  /** Has a block of rows prepared before any of A is read there. */
  #prepare(): void {
    const { prepare } = this.#around;
    if (prepare === null) return;
    this.#body.if(op("i32.eqz", op("i32.or", this.#firstColumn, this.#firstInner)), () =>
      this.#body.call(prepare, this.#a, this.#b, this.#c, this.#scratch, this.#firstRow, this.#lastRow),
    );
  }

  #finish(from: Expression, to: Expression): void {
    const { finish, part } = this.#around;
    if (finish === null) return;
    const columns = part === "columns" ? this.#columns : [];
    this.#body.call(finish, this.#a, this.#b, this.#c, this.#scratch, from, to, ...columns);
  }

  /**
   * All tiles of a product of `r + 1` rows that are wholly covered; what is left of the columns is left to the
   * others.
   */
  #overWideTiles(r: number): void {
    const body = this.#body;
    body.if(op("i32.eq", minus(this.#lastRow, this.#firstRow), i32(r + 1)), () => {
      body.set(this.#row, this.#firstRow);
      body.set(this.#high, i32(r + 1));
      body.set(this.#wide, i32((8 / (r + 1)) * this.#lanes));
      body.while(op("i32.le_s", plus(this.#column, this.#wide), this.#lastColumn), () => {
        body.set(this.#tileA, this.#startOfA());
        body.set(this.#tileB, this.#at(this.#b, this.#firstInner, this.#rowB, this.#column));
        body.set(this.#tileC, this.#at(this.#c, this.#row, this.#rowC, this.#column));
        this.#call(this.#callees.wideTiles[r]!, i32(this.#lanes));
        body.set(this.#column, plus(this.#column, this.#wide));
      });
    });
  }

  #overColumns(): void {
    const body = this.#body;
    const { packA, packB } = this.#layout;
    const { columns, panelB } = this.#blocking;
    body.while(op("i32.lt_s", this.#column, this.#lastColumn), () => {
      body.set(this.#wide, least(body.let(minus(this.#lastColumn, this.#column)), i32(columns)));
      if (!packB) body.set(this.#tileB, this.#at(this.#b, this.#firstInner, this.#rowB, this.#column));
      body.set(this.#row, this.#firstRow);
      if (packA) body.set(this.#tileA, this.#panelsA);
      this.#overRows();
      if (packB) body.set(this.#tileB, plus(this.#tileB, BLOCK * panelB));
      body.set(this.#column, plus(this.#column, columns));
    });
  }

  #overRows(): void {
    const body = this.#body;
    const { packA } = this.#layout;
    const { rows, panelA } = this.#blocking;
    body.while(op("i32.lt_s", this.#row, this.#lastRow), () => {
      const high = this.#high;
      body.set(high, minus(this.#lastRow, this.#row));
      if (packA) body.set(high, least(high, i32(rows)));
      // Two tiles of about equal height are faster than a full one and a low one.
      else
        body.if(op("i32.gt_s", high, i32(rows)), () =>
          body.set(
            high,
            select(op("i32.ge_s", high, i32(2 * rows - 1)), i32(rows), op("i32.shr_u", plus(high, 1), i32(1))),
          ),
        );
      if (!packA) body.set(this.#tileA, this.#startOfA());
      body.set(this.#tileC, this.#at(this.#c, this.#row, this.#rowC, this.#column));
      this.#multiply();
      if (packA) body.set(this.#tileA, plus(this.#tileA, BLOCK * panelA));
      body.set(this.#row, plus(this.#row, high));
    });
  }

  /** Calls the tile of the height and width that are wanted. */
  #multiply(): void {
    const body = this.#body;
    const { tiles } = this.#callees;
    const ofWidth = (vectors: number): void => {
      const ofHeight = tiles.get(vectors)!;
      const choose = (k: number): void => {
        const [height, tile] = ofHeight[k]!;
        const run = (): void => this.#call(tile, plus(this.#wide, (1 - vectors) * this.#lanes));
        if (k === ofHeight.length - 1) run();
        else body.if(op("i32.eq", this.#high, i32(height)), run, () => choose(k + 1));
      };
      choose(0);
    };
    if (tiles.size === 1) ofWidth([...tiles.keys()][0]!);
    else
      body.if(
        op("i32.gt_s", this.#wide, i32(this.#lanes)),
        () => ofWidth(2),
        () => ofWidth(1),
      );
  }

  /** Calls a tile, of whose last vector some lanes are columns of C. */
  #call(tile: Callee, lanes: Expression): void {
    const { transposeA, packA, packB } = this.#layout;
    const { panelA, panelB } = this.#blocking;
    const call: TileCall = {
      a: this.#tileA,
      b: this.#tileB,
      c: this.#tileC,
      depth: this.#depth,
      accumulate: this.#firstInner,
      aRow: this.#rowA,
      aInner: packA ? i32(panelA) : transposeA ? this.#rowA : i32(this.#bytes),
      bInner: packB ? i32(panelB) : this.#rowB,
      cRow: this.#rowC,
      lanes,
    };
    this.#body.call(tile, ...tileOperands(this.#callees.steps, call));
  }

  get #packingOfA(): Packing {
    const { panelA: panel, rows: most } = this.#blocking;
    const { packsOfA: packs } = this.#callees;
    const isStraight = this.#layout.transposeA;
    return { base: this.#a, row: this.#rowA, panels: this.#panelsA, panel, most, packs, isStraight };
  }

  get #packingOfB(): Packing {
    const { panelB: panel, columns: most } = this.#blocking;
    const { packsOfB: packs } = this.#callees;
    const isStraight = !this.#layout.transposeB;
    return { base: this.#b, row: this.#rowB, panels: this.#scratch, panel, most, packs, isStraight };
  }

  /** Packs rows of A or columns of B of a block into panels. */
  #pack(packing: Packing, first: Expression, last: Expression): void {
    const body = this.#body;
    body.set(this.#to, packing.panels);
    body.for(this.#row, first, last, packing.most, () => {
      const left = body.let(minus(last, this.#row));
      if (packing.isStraight) this.#packStraight(packing, left);
      else this.#packTransposed(packing, left);
      body.set(this.#to, plus(this.#to, BLOCK * packing.panel));
    });
  }

  #packStraight({ base, row, most, packs }: Packing, left: Local): void {
    const body = this.#body;
    const vectors = Math.ceil(most / this.#lanes);
    body.set(this.#from, this.#at(base, this.#firstInner, row, this.#row));
    const copy = (count: number): void => body.call(packs[count - 1]!, this.#from, this.#to, this.#depth, row);
    const choose = (count: number): void => {
      if (count === vectors) copy(count);
      else
        body.if(
          op("i32.le_s", left, i32(count * this.#lanes)),
          () => copy(count),
          () => choose(count + 1),
        );
    };
    choose(1);
  }

  #packTransposed({ base, row, most, packs }: Packing, left: Local): void {
    const body = this.#body;
    body.set(this.#from, this.#at(base, this.#row, row, this.#firstInner));
    for (let v = 0; v < Math.ceil(most / this.#lanes); v++) {
      const behind = v * this.#lanes;
      const copy = (): void => {
        const from = plus(this.#from, times(row, behind));
        body.call(packs[0]!, from, plus(this.#to, 16 * v), this.#depth, row, plus(left, -behind));
      };
      if (v === 0) copy();
      else body.if(op("i32.gt_s", left, i32(behind)), copy);
    }
  }

  get #rows(): readonly [Expression, Expression] {
    return this.#around.part === "rows" ? [this.#body.parameter(4), this.#body.parameter(5)] : [i32(0), this.#m];
  }

  get #columns(): readonly [Expression, Expression] {
    return this.#around.part === "columns" ? [this.#body.parameter(4), this.#body.parameter(5)] : [i32(0), this.#n];
  }

  #startOfA(): Expression {
    return this.#layout.transposeA
      ? this.#at(this.#a, this.#firstInner, this.#rowA, this.#row)
      : this.#at(this.#a, this.#row, this.#rowA, this.#firstInner);
  }

  /** The address of an entry. */
  #at(base: Expression, row: Expression, step: Expression, column: Expression): Expression {
    const start = step.constant === undefined ? op("i32.mul", row, step) : times(row, step.constant);
    return plus(base, plus(start, times(column, this.#bytes)));
  }
}
