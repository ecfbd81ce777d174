/**
 * The repair of a product of cotangents once its sums are there: the entries in which something dropped counted, or
 * nothing did.
 */

import type { Dropping } from "../../../kernels/matmul.ts";
import { BLOCK } from "../../../kernels/sums.ts";
import type { Body, Callee, Local } from "../assembler/body.ts";
import {
  f32,
  f64,
  i32,
  i64,
  load,
  op,
  plus,
  repeated,
  select,
  times,
  type Expression,
} from "../assembler/expressions.ts";
import type { ModuleBuilder } from "../assembler/module.ts";
import type { Product } from "../../../compile/schedule/product.ts";
import type { Value } from "../../../compile/ir/value.ts";

/**
 * C[i, j] = Σ A[i, k] B[k, j], where some numbers of a cotangent drop their terms: looks for NaN and 0 in C, and
 * computes these entries again, each by itself: (A, B, C, rowBegin, rowEnd, columnBegin, columnEnd).
 *
 * @param marks - true if it matters which zeros were dropped; else only NaN is looked for
 */
export function emitRepair(builder: ModuleBuilder, value: Value, byColumns: boolean, marks: boolean): Callee {
  return builder.function(`repair ${value.id}`, new Array<"i32">(7).fill("i32"), null, (body) =>
    new Repair(body, value, marks).emit(byColumns),
  );
}

/** The body of the repair of one product. */
class Repair {
  readonly #body: Body;
  readonly #product: Product;
  readonly #marks: boolean;
  readonly #type: "f32" | "f64";
  readonly #zero: Expression;
  readonly #mark: Expression;
  /** The entry that is looked at, and the term of it. */
  readonly #row: Local;
  readonly #column: Local;
  readonly #block: Local;
  readonly #inner: Local;
  readonly #total: Local;
  readonly #sum: Local;
  /** A number of A and one of B; x is also one of C. */
  readonly #x: Local;
  readonly #y: Local;
  /** Flags of a row or a column, and of an entry. */
  readonly #isAllDropped: Local;
  readonly #isLooked: Local;
  readonly #isDropped: Local;
  readonly #isNaN: Local;

  constructor(body: Body, value: Value, marks: boolean) {
    this.#body = body;
    this.#product = value.definition as Product;
    this.#marks = marks;
    const type = (this.#type = value.dtype === "float64" ? "f64" : "f32");
    this.#zero = type === "f64" ? f64(0) : f32(0);
    this.#mark = type === "f64" ? f64(-0) : f32(-0);
    [this.#row, this.#column] = [body.local("i32"), body.local("i32")];
    [this.#block, this.#inner] = [body.local("i32"), body.local("i32")];
    [this.#total, this.#sum] = [body.local(type), body.local(type)];
    [this.#x, this.#y] = [body.local(type), body.local(type)];
    [this.#isAllDropped, this.#isLooked] = [body.local("i32"), body.local("i32")];
    [this.#isDropped, this.#isNaN] = [body.local("i32"), body.local("i32")];
  }

  emit(byColumns: boolean): void {
    const body = this.#body;
    const [rowBegin, rowEnd] = [body.parameter(3), body.parameter(4)];
    // Rows that are whole lie behind each other.
    if (!byColumns) {
      const all = this.#hasSuspect(this.#entry(rowBegin, i32(0)), this.#entry(rowEnd, i32(0)));
      body.if(op("i32.eqz", all), () => body.return());
    }
    this.#markRows();
    this.#mendColumns();
  }

  /** Marks rows that are dropped; in the others a kernel may have left a -0 that is no mark. */
  #markRows(): void {
    const body = this.#body;
    const [rowBegin, rowEnd, columnBegin, columnEnd] = this.#borders;
    const { left } = this.#product.form.absorbing!;
    body.for(this.#row, rowBegin, rowEnd, 1, () => {
      const suspect = this.#hasSuspect(this.#entry(this.#row, columnBegin), this.#entry(this.#row, columnEnd));
      body.if(suspect, () => {
        this.#findAllDropped(() => this.#readLeft(), this.#x, left);
        body.for(this.#column, columnBegin, columnEnd, 1, () => {
          body.if(
            this.#isAllDropped,
            () => this.#write(this.#mark),
            () => {
              this.#readEntry();
              body.if(op(`${this.#type}.eq`, this.#x, this.#zero), () => this.#write(this.#zero));
            },
          );
        });
      });
    });
  }

  /** Marks what a column drops, and computes again what is not dropped as a whole. */
  #mendColumns(): void {
    const body = this.#body;
    const [rowBegin, rowEnd, columnBegin, columnEnd] = this.#borders;
    const { right } = this.#product.form.absorbing!;
    body.for(this.#column, columnBegin, columnEnd, 1, () => {
      body.set(this.#isLooked, i32(0));
      body.for(this.#row, rowBegin, rowEnd, 1, () => {
        this.#readEntry();
        // A mark was set above.
        body.if(op("i32.and", this.#isSuspect(this.#x), op("i32.eqz", this.#isMark(this.#x))), () => {
          body.if(op("i32.eqz", this.#isLooked), () => this.#findAllDropped(() => this.#readRight(), this.#y, right));
          body.set(this.#isLooked, i32(1));
          body.if(
            this.#isAllDropped,
            () => this.#write(this.#mark),
            () => this.#computeAgain(),
          );
        });
      });
    });
  }

  /** Computes an entry from the terms that are not dropped: a mark where there are none. */
  #computeAgain(): void {
    const body = this.#body;
    const { k } = this.#product.sizes;
    const type = this.#type;
    body.set(this.#total, this.#zero);
    body.set(this.#isDropped, i32(1));
    body.set(this.#isNaN, op(`${type}.ne`, this.#x, this.#x));
    body.for(this.#block, i32(0), i32(k), BLOCK, () => {
      body.set(this.#sum, this.#zero);
      body.set(this.#inner, this.#block);
      // A 0 is what it is as soon as one term is left.
      const goesOn = op("i32.or", this.#isNaN, this.#isDropped);
      const isInside = op("i32.lt_s", this.#inner, i32(k));
      const isInBlock = op("i32.lt_s", this.#inner, plus(this.#block, BLOCK));
      body.while(op("i32.and", goesOn, op("i32.and", isInside, isInBlock)), () => this.#addTerm());
      body.set(this.#total, op(`${type}.add`, this.#total, this.#sum));
    });
    this.#write(select(this.#isDropped, this.#mark, select(this.#isNaN, this.#total, this.#zero)));
  }

  #addTerm(): void {
    const body = this.#body;
    const type = this.#type;
    const { left, right } = this.#product.form.absorbing!;
    this.#readLeft();
    this.#readRight();
    body.if(op("i32.eqz", op("i32.or", this.#drops(this.#x, left), this.#drops(this.#y, right))), () => {
      body.set(this.#isDropped, i32(0));
      body.set(this.#sum, op(`${type}.add`, this.#sum, op(`${type}.mul`, this.#x, this.#y)));
    });
    body.set(this.#inner, plus(this.#inner, 1));
  }

  /** Finds if a row of A or a column of B is dropped as a whole, which ends at its first number that is not. */
  #findAllDropped(read: () => void, one: Local, what: Dropping): void {
    const body = this.#body;
    body.set(this.#isAllDropped, i32(what === null ? 0 : 1));
    if (what === null) return;
    body.set(this.#inner, i32(0));
    const isInside = op("i32.lt_s", this.#inner, i32(this.#product.sizes.k));
    body.while(op("i32.and", this.#isAllDropped, isInside), () => {
      read();
      body.set(this.#isAllDropped, this.#drops(one, what));
      body.set(this.#inner, plus(this.#inner, 1));
    });
  }

  /** Rows and columns that are looked at: from, to, from, to. */
  get #borders(): readonly [Local, Local, Local, Local] {
    const body = this.#body;
    return [body.parameter(3), body.parameter(4), body.parameter(5), body.parameter(6)];
  }

  #entry(row: Expression, column: Expression): Expression {
    return plus(this.#body.parameter(2), times(plus(times(row, this.#product.sizes.n), column), this.#bytes));
  }

  #write(number: Expression): void {
    this.#body.store(`${this.#type}.store`, this.#entry(this.#row, this.#column), number);
  }

  #readEntry(): void {
    this.#body.set(this.#x, load(`${this.#type}.load`, this.#entry(this.#row, this.#column)));
  }

  #readLeft(): void {
    const {
      form,
      sizes: { m, k },
    } = this.#product;
    const at = form.transposeA ? plus(times(this.#inner, m), this.#row) : plus(times(this.#row, k), this.#inner);
    this.#body.set(this.#x, load(`${this.#type}.load`, plus(this.#body.parameter(0), times(at, this.#bytes))));
  }

  #readRight(): void {
    const {
      form,
      sizes: { k, n },
    } = this.#product;
    const at = form.transposeB ? plus(times(this.#column, k), this.#inner) : plus(times(this.#inner, n), this.#column);
    this.#body.set(this.#y, load(`${this.#type}.load`, plus(this.#body.parameter(1), times(at, this.#bytes))));
  }

  /** True if a number drops its term. */
  #drops(x: Expression, what: Dropping): Expression {
    if (what === null) return i32(0);
    return what === "marks" ? this.#isMark(x) : op(`${this.#type}.eq`, x, this.#zero);
  }

  #isMark(x: Expression): Expression {
    return this.#type === "f64"
      ? op("i64.eq", op("i64.reinterpret_f64", x), i64(-(2n ** 63n)))
      : op("i32.eq", op("i32.reinterpret_f32", x), i32(-(2 ** 31)));
  }

  #isSuspect(x: Expression): Expression {
    const unordered = op(`${this.#type}.ne`, x, x);
    return this.#marks ? op("i32.or", unordered, op(`${this.#type}.eq`, x, this.#zero)) : unordered;
  }

  #hasSuspect(from: Expression, to: Expression): Expression {
    return hasSuspect(this.#body, this.#type, from, to, this.#marks);
  }

  get #bytes(): number {
    return this.#type === "f64" ? 8 : 4;
  }
}

/** True if a number from one address to another is NaN, or 0 where that matters. */
function hasSuspect(body: Body, type: "f32" | "f64", from: Expression, to: Expression, marks: boolean): Expression {
  const [at, end, bytes] = [body.let(from), body.let(to), type === "f64" ? 8 : 4];
  const [found, one, x] = [body.let(repeated.i32(0)), body.let(i32(0)), body.local(type)];
  const vectors = [0, 1, 2, 3].map(() => body.local("v128"));
  const shape = type === "f64" ? "f64x2" : "f32x4";
  body.while(op("i32.le_u", plus(at, 64), end), () => {
    vectors.forEach((vector, k) => body.set(vector, load("v128.load", at, 16 * k)));
    for (const vector of vectors) {
      const unordered = op(`${shape}.ne`, vector, vector);
      body.set(
        found,
        op("v128.or", found, marks ? op("v128.or", unordered, op(`${shape}.eq`, vector, repeated.i32(0))) : unordered),
      );
    }
    body.set(at, plus(at, 64));
  });
  body.while(op("i32.lt_u", at, end), () => {
    body.set(x, load(`${type}.load`, at));
    const unordered = op(`${type}.ne`, x, x);
    body.set(
      one,
      op(
        "i32.or",
        one,
        marks ? op("i32.or", unordered, op(`${type}.eq`, x, type === "f64" ? f64(0) : f32(0))) : unordered,
      ),
    );
    body.set(at, plus(at, bytes));
  });
  return body.let(op("i32.or", one, op("v128.any_true", found)));
}
