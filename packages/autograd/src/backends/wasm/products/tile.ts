/**
 * The innermost loop of a matrix product: a tile of C held in registers while one block of the inner size is summed.
 */

import { bytesOf, lanesOf, type FloatType } from "../../../kernels/product-layout.ts";
import type { Body, Callee, Local } from "../assembler/body.ts";
import { i32, load, op, plus, times, type Expression } from "../assembler/expressions.ts";
import type { ModuleBuilder } from "../assembler/module.ts";

/** The name of a vector type in instructions. */
export const shapeOf = { f32: "f32x4", f64: "f64x2" } as const;

/** Steps between numbers in bytes; `null` where they are parameters of the tile. */
export interface Steps {
  /** From one row of A to the next, where they lie apart. */
  readonly aRow: number | null;
  /** From one inner index to the next, in A and in B. */
  readonly aInner: number | null;
  readonly bInner: number | null;
  readonly cRow: number | null;
}

/** A tile, apart from its steps. */
export interface Tile {
  readonly type: FloatType;
  readonly fma: boolean;
  readonly rows: number;
  readonly vectors: number;
  /** The rows of A lie side by side, as in a packed panel or a transposed matrix. */
  readonly adjacent: boolean;
}

/** The operands of a call of a tile; steps that the tile knows are left out by `tileOperands`. */
export interface TileCall {
  readonly a: Expression;
  readonly b: Expression;
  readonly c: Expression;
  /** Products in each sum, at least 1. */
  readonly depth: Expression;
  readonly aRow: Expression;
  readonly aInner: Expression;
  readonly bInner: Expression;
  readonly cRow: Expression;
  /** Not 0: the sums are added to what C holds. */
  readonly accumulate: Expression;
  /** How many lanes of the last vector are columns of C. */
  readonly lanes: Expression;
}

const stepNames = ["aRow", "aInner", "bInner", "cRow"] as const;

/** The operands of a call in the order of the parameters of a tile with these steps. */
export function tileOperands(steps: Steps, call: TileCall): Expression[] {
  const open = stepNames.filter((name) => steps[name] === null).map((name) => call[name]);
  return [call.a, call.b, call.c, call.depth, call.accumulate, call.lanes, ...open];
}

/** A function that stores the first lanes of a vector: fewer than all. */
export function emitPartialStore(builder: ModuleBuilder, type: FloatType): Callee {
  return builder.function("partialStore", ["i32", "v128", "i32"], null, (body) => {
    const [address, vector, lanes] = [0, 1, 2].map((k) => body.parameter(k)) as [Local, Local, Local];
    storeLanes(body, type, address, vector, lanes);
  });
}

/** Stores the first lanes of a vector, 1 to all but one of them. */
function storeLanes(body: Body, type: FloatType, address: Expression, vector: Expression, lanes: Expression): void {
  if (type === "f64") return body.storeLane("v128.store64_lane", address, vector, 0);
  const one = op("i32.eq", lanes, i32(1));
  body.if(
    one,
    () => body.storeLane("v128.store32_lane", address, vector, 0),
    () => {
      body.storeLane("v128.store64_lane", address, vector, 0);
      body.if(op("i32.eq", lanes, i32(3)), () => body.storeLane("v128.store32_lane", address, vector, 2, 8));
    },
  );
}

/** C[rows, vectors] = (C +) Σ A B over one block of the inner size, each sum from 0 and in order. */
export function emitTile(builder: ModuleBuilder, tile: Tile, steps: Steps, partialStore: Callee): Callee {
  const { rows, vectors, adjacent } = tile;
  const open = stepNames.filter((name) => steps[name] === null);
  const takes = new Array<"i32">(6 + open.length).fill("i32");
  const name = `tile${rows}x${vectors}${adjacent ? "adjacent" : "apart"}`;
  return builder.function(name, takes, null, (body) => {
    const emitter = new TileEmitter(body, tile, steps);
    emitter.emitSums();
    emitter.emitStores(partialStore);
  });
}

class TileEmitter {
  readonly #body: Body;
  readonly #tile: Tile;
  readonly #steps: Steps;
  /** By row, then by vector. */
  readonly #sums: readonly Local[];
  readonly #right: readonly Local[];
  readonly #left: Local;

  constructor(body: Body, tile: Tile, steps: Steps) {
    const { rows, vectors } = tile;
    this.#body = body;
    this.#tile = tile;
    this.#steps = steps;
    this.#sums = Array.from({ length: rows * vectors }, () => body.local("v128"));
    this.#right = Array.from({ length: vectors }, () => body.local("v128"));
    this.#left = body.local("v128");
  }

  /** Emits the loop over the inner size. */
  emitSums(): void {
    const body = this.#body;
    const { type, rows, adjacent } = this.#tile;
    const [a, b, depth] = [body.parameter(0), body.parameter(1), body.parameter(3)];
    // Rows at distances that are known are read from one address; others have an address each.
    const fixedRow = adjacent ? bytesOf[type] : this.#steps.aRow;
    const starts = [a];
    if (fixedRow === null)
      for (let r = 1; r < rows; r++) starts.push(body.let(plus(starts[r - 1]!, this.#step("aRow"))));
    const splat = type === "f32" ? "v128.load32_splat" : "v128.load64_splat";
    const end = body.let(plus(b, times(depth, this.#step("bInner"))));
    body.loop((again) => {
      // A single row uses each vector of B once: it need not be held.
      if (rows > 1) this.#right.forEach((vector, v) => body.set(vector, load("v128.load", b, 16 * v)));
      for (let r = 0; r < rows; r++) {
        body.set(this.#left, fixedRow === null ? load(splat, starts[r]!) : load(splat, a, r * fixedRow));
        this.#addRow(r, b);
      }
      for (const start of starts) body.set(start, plus(start, this.#step("aInner")));
      body.set(b, plus(b, this.#step("bInner")));
      again(op("i32.ne", b, end));
    });
  }

  /** Adds the products of one number of A with a row of B. */
  #addRow(r: number, b: Local): void {
    const { type, fma, rows, vectors } = this.#tile;
    const shape = shapeOf[type];
    for (let v = 0; v < vectors; v++) {
      const sum = this.#sums[r * vectors + v]!;
      const factor = rows > 1 ? this.#right[v]! : load("v128.load", b, 16 * v);
      const next = fma
        ? op(`${shape}.relaxed_madd`, this.#left, factor, sum)
        : op(`${shape}.add`, sum, op(`${shape}.mul`, this.#left, factor));
      this.#body.set(sum, next);
    }
  }

  /** Emits what becomes of the sums: added to C or not, of the last vector the first lanes. */
  emitStores(partialStore: Callee): void {
    const body = this.#body;
    const { type, rows, vectors } = this.#tile;
    const { cRow } = this.#steps;
    const [c, accumulate, lanes] = [body.parameter(2), body.parameter(4), body.parameter(5)];
    const starts = [c];
    if (cRow === null) for (let r = 1; r < rows; r++) starts.push(body.let(plus(starts[r - 1]!, this.#step("cRow"))));
    const each = (from: number, to: number, use: (sum: Local, start: Expression, offset: number) => void): void => {
      for (let r = 0; r < rows; r++)
        for (let v = from; v < to; v++) {
          const [start, offset] = cRow === null ? [starts[r]!, 0] : [c, r * cRow];
          use(this.#sums[r * vectors + v]!, start, offset + 16 * v);
        }
    };
    const store = (sum: Local, start: Expression, offset: number): void => body.store("v128.store", start, sum, offset);
    body.if(accumulate, () =>
      each(0, vectors, (sum, start, offset) =>
        body.set(sum, op(`${shapeOf[type]}.add`, load("v128.load", start, offset), sum)),
      ),
    );
    each(0, vectors - 1, store);
    body.if(
      op("i32.eq", lanes, i32(lanesOf[type])),
      () => each(vectors - 1, vectors, store),
      () =>
        each(vectors - 1, vectors, (sum, start, offset) => body.call(partialStore, plus(start, offset), sum, lanes)),
    );
  }

  /** A step, which is known or a parameter. */
  #step(which: (typeof stepNames)[number]): Expression {
    const fixed = this.#steps[which];
    if (fixed !== null) return i32(fixed);
    const open = stepNames.filter((name) => this.#steps[name] === null);
    return this.#body.parameter(6 + open.indexOf(which));
  }
}
