/**
 * What is done with a product of cotangents once its sums are there: the entries in which something dropped counted, or
 * nothing did.
 */

import type { Dropping } from "../../kernels/matmul.ts";
import { bytesOf } from "../../kernels/lanes/machine-types.ts";
import { BLOCK } from "../../kernels/sums.ts";
import type { Body, Callee, Local } from "../../kernels/wasm/body.ts";
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
} from "../../kernels/wasm/expressions.ts";
import type { ModuleBuilder } from "../../kernels/wasm/module.ts";
import type { Product } from "../plan/product.ts";
import type { Value } from "../values/value.ts";

/**
 * C[i, j] = Σ A[i, k] B[k, j], where some numbers of a cotangent drop their terms: looks for NaN and 0 in C, and
 * computes these entries again, each by itself: (A, B, C, rowBegin, rowEnd, columnBegin, columnEnd).
 *
 * @param marks - whether it matters which zeros were dropped; else only NaN is looked for
 */
export function emitRepair(builder: ModuleBuilder, value: Value, byColumns: boolean, marks: boolean): Callee {
  const {
    form,
    sizes: { m, k, n },
  } = value.definition as Product;
  const { left, right } = form.absorbing!;
  const type = value.dtype === "float64" ? "f64" : "f32";
  const bytes = bytesOf(value.dtype);
  const zero = type === "f64" ? f64(0) : f32(0);
  const mark = type === "f64" ? f64(-0) : f32(-0);
  const isMark = (x: Expression): Expression =>
    type === "f64"
      ? op("i64.eq", op("i64.reinterpret_f64", x), i64(-(2n ** 63n)))
      : op("i32.eq", op("i32.reinterpret_f32", x), i32(-(2 ** 31)));
  /** True if a number drops its term. */
  const drops = (x: Expression, what: Dropping): Expression =>
    what === null ? i32(0) : what === "marks" ? isMark(x) : op(`${type}.eq`, x, zero);
  return builder.function(`repair ${value.id}`, new Array<"i32">(7).fill("i32"), null, (body) => {
    const [a, b, c, rowBegin, rowEnd, columnBegin, columnEnd] = [0, 1, 2, 3, 4, 5, 6].map((parameter) =>
      body.parameter(parameter),
    ) as [Local, Local, Local, Local, Local, Local, Local];
    const [row, column, block, inner] = [body.local("i32"), body.local("i32"), body.local("i32"), body.local("i32")];
    const [total, sum, x, y] = [body.local(type), body.local(type), body.local(type), body.local(type)];
    const [isAllDropped, isLooked, isDropped, isNaN] = [
      body.local("i32"),
      body.local("i32"),
      body.local("i32"),
      body.local("i32"),
    ];
    const entry = (atRow: Expression, atColumn: Expression): Expression =>
      plus(c, times(plus(times(atRow, n), atColumn), bytes));
    const readLeft = (): void =>
      body.set(
        x,
        load(
          `${type}.load`,
          plus(a, times(form.transposeA ? plus(times(inner, m), row) : plus(times(row, k), inner), bytes)),
        ),
      );
    const readRight = (): void =>
      body.set(
        y,
        load(
          `${type}.load`,
          plus(b, times(form.transposeB ? plus(times(column, k), inner) : plus(times(inner, n), column), bytes)),
        ),
      );
    const isSuspect = (value: Expression): Expression => {
      const unordered = op(`${type}.ne`, value, value);
      return marks ? op("i32.or", unordered, op(`${type}.eq`, value, zero)) : unordered;
    };
    /** Finds whether a row of A or a column of B is dropped as a whole, which ends at its first number that is not. */
    const lookAt = (read: () => void, one: Local, what: Dropping): void => {
      body.set(isAllDropped, i32(what === null ? 0 : 1));
      if (what === null) return;
      body.set(inner, i32(0));
      body.while(op("i32.and", isAllDropped, op("i32.lt_s", inner, i32(k))), () => {
        read();
        body.set(isAllDropped, drops(one, what));
        body.set(inner, plus(inner, 1));
      });
    };
    const settle = (): void => {
      body.set(total, zero);
      body.set(isDropped, i32(1));
      body.set(isNaN, op(`${type}.ne`, x, x));
      body.for(block, i32(0), i32(k), BLOCK, () => {
        body.set(sum, zero);
        body.set(inner, block);
        // A 0 is what it is as soon as one term is left.
        const goesOn = op("i32.or", isNaN, isDropped);
        body.while(
          op(
            "i32.and",
            goesOn,
            op("i32.and", op("i32.lt_s", inner, i32(k)), op("i32.lt_s", inner, plus(block, BLOCK))),
          ),
          () => {
            readLeft();
            readRight();
            body.if(op("i32.eqz", op("i32.or", drops(x, left), drops(y, right))), () => {
              body.set(isDropped, i32(0));
              body.set(sum, op(`${type}.add`, sum, op(`${type}.mul`, x, y)));
            });
            body.set(inner, plus(inner, 1));
          },
        );
        body.set(total, op(`${type}.add`, total, sum));
      });
      body.store(`${type}.store`, entry(row, column), select(isDropped, mark, select(isNaN, total, zero)));
    };
    // Rows that are whole lie behind each other.
    if (!byColumns)
      body.if(op("i32.eqz", hasSuspect(body, type, entry(rowBegin, i32(0)), entry(rowEnd, i32(0)), marks)), () =>
        body.return(),
      );
    // Rows that are dropped; in the others a kernel may have left a -0 that is no mark.
    body.for(row, rowBegin, rowEnd, 1, () => {
      body.if(hasSuspect(body, type, entry(row, columnBegin), entry(row, columnEnd), marks), () => {
        lookAt(readLeft, x, left);
        body.for(column, columnBegin, columnEnd, 1, () => {
          body.if(
            isAllDropped,
            () => body.store(`${type}.store`, entry(row, column), mark),
            () => {
              body.set(x, load(`${type}.load`, entry(row, column)));
              body.if(op(`${type}.eq`, x, zero), () => body.store(`${type}.store`, entry(row, column), zero));
            },
          );
        });
      });
    });
    body.for(column, columnBegin, columnEnd, 1, () => {
      body.set(isLooked, i32(0));
      body.for(row, rowBegin, rowEnd, 1, () => {
        body.set(x, load(`${type}.load`, entry(row, column)));
        // A mark was set above.
        body.if(op("i32.and", isSuspect(x), op("i32.eqz", isMark(x))), () => {
          body.if(op("i32.eqz", isLooked), () => lookAt(readRight, y, right));
          body.set(isLooked, i32(1));
          body.if(isAllDropped, () => body.store(`${type}.store`, entry(row, column), mark), settle);
        });
      });
    });
  });
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
