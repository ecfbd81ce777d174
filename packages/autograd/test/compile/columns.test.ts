/** Products that threads divide by columns: which are, and that every bit is the engine's, on any number of threads. */

import { afterAll, beforeAll, describe, expect, it } from "vitest";
import {
  add,
  exp,
  flip,
  grad,
  greater,
  matmul,
  mul,
  relu,
  softmax,
  sub,
  sum,
  tanh,
  tensor,
  variable,
  where,
  type Tensor,
} from "../../src/index.ts";
import { report } from "../report.ts";
import { isTried } from "../size.ts";
import { expectBits, listed, type Result } from "./bits.ts";
import { compileDivided } from "./divided.ts";
import { filled } from "./operands.ts";
import { settled } from "./pool.ts";

beforeAll(() => settled(8));

let programs = 0;

afterAll(() => {
  report("compiled", programs, `columns: ${programs.toLocaleString("en-US")} programs with the bits of the engine`);
});

type Division = "products" | "rows" | "columns" | null;
/** Compares the bits on one thread and on several, and how the products are divided. */
function check(
  what: string,
  f: (...inputs: Tensor[]) => Result,
  inputs: readonly Tensor[],
  divisions: readonly Division[],
): void {
  const expected = listed(f(...inputs));
  const key = `${what} ${inputs.map(({ shape, dtype }) => `${shape.join("×")} ${dtype}`).join()} ${f.toString()}`;
  for (const threads of [1, 2, 3, 8].filter((count) => isTried(4, `${key} ${count}`))) {
    const program = compileDivided(f, { threads });
    expectBits(`${what} on ${threads}`, program(...inputs) as Result, expected);
    programs++;
    const products = program.explain().kernels.filter(({ kind }) => kind === "matmul");
    expect(
      products.map(({ division }) => division),
      what,
    ).toEqual(threads === 1 ? products.map(() => null) : divisions);
  }
}

/** Around pieces, lines of the cache, blocks of the inner size and of columns. */
const sizes = [
  [16, 300, 256],
  [50, 130, 257],
  [48, 64, 300],
  [128, 784, 512],
  [100, 513, 1000],
  [60, 30, 2100],
] as const;

describe.each(["float64", "float32"] as const)("%s", (dtype) => {
  it.each(sizes)("%i×%i×%i with few rows is divided by columns, with what is behind each entry", (m, k, n) => {
    for (const transposeB of [false, true]) {
      const [a, b, row, column] = [
        filled([m, k], dtype, 1),
        filled(transposeB ? [n, k] : [k, n], dtype, 2),
        filled([n], dtype, 3),
        filled([m, 1], dtype, 4),
      ];
      const product = (x: Tensor, y: Tensor): Tensor => matmul(x, y, { transposeB });
      check("alone", product, [a, b], ["columns"]);
      check(
        "layer and mask",
        (x, y, z) => {
          const v = add(product(x, y), z);
          return [relu(v), greater(v, 0)];
        },
        [a, b, row],
        ["columns"],
      );
      check("a number for each row", (x, y, z) => tanh(mul(product(x, y), z)), [a, b, column], ["columns"]);
      check(
        "a matrix beside it",
        (x, y, w) => sub(w, mul(product(x, y), 0.1)),
        [a, b, filled([m, n], dtype, 5)],
        ["columns"],
      );
    }
  });

  it("a batch of few is, one of many by products", () => {
    for (const [count, division] of [
      [3, "columns"],
      [9, "products"],
    ] as const) {
      check(
        `batch of ${count}`,
        (x, y, z) => relu(add(matmul(x, y), z)),
        [filled([count, 50, 300], dtype, 1), filled([count, 300, 272], dtype, 2), filled([272], dtype, 3)],
        [division],
      );
    }
  });

  it("zeros of a cotangent have no influence in any column", () => {
    const [x, w] = [filled([60, 70], dtype, 1), filled([300, 70], dtype, 2)];
    const weights = tensor(
      w.toTypedArray().map((value, i) => (i % 997 === 3 ? NaN : i % 1009 === 5 ? Infinity : value)),
      { shape: [300, 70], dtype },
    ) as Tensor;
    const cost = (a: Tensor, b: Tensor): Tensor<[]> =>
      sum(where(greater(matmul(a, b, { transposeB: true }), 1), matmul(a, b, { transposeB: true }), 0)) as Tensor<[]>;
    const wide = filled([70, 300], dtype, 3);
    check("gradient", (a, b) => grad((v: Tensor) => cost(v, b))(a), [x, weights], ["columns", "rows"]);
    // The gradient of an operand of 300 columns is a product of few rows and many columns itself.
    check(
      "gradient of the wide one",
      (a, b) => grad((v: Tensor) => sum(relu(matmul(v, b))) as Tensor<[]>)(a),
      [
        filled([40, 300], dtype, 4),
        tensor(
          filled([300, 70], dtype, 5)
            .toTypedArray()
            .map((value, i) => (i % 499 === 1 ? Infinity : value)),
          { shape: [300, 70], dtype },
        ) as Tensor,
      ],
      ["rows", "columns"],
    );
    check("forward", (a, b) => matmul(a, b), [x, wide], ["columns"]);
  });
});

describe("rows remain", () => {
  const [a, b] = [filled([32, 100], "float32"), filled([100, 512], "float32")];

  it("where what is behind a product looks at other entries of a row", () => {
    check("softmax", (x, y) => softmax(matmul(x, y), 1), [a, b], ["rows"]);
    check("sums", (x, y) => sum(exp(matmul(x, y)), 1), [a, b], ["rows"]);
    check(
      "sums that are not rounded",
      (x, y) => sum(exp(matmul(x, y)), 1),
      [filled([32, 100], "float64"), filled([100, 512], "float64")],
      ["rows"],
    );
    check("backwards", (x, y) => flip(matmul(x, y), 1), [a, b], ["rows"]);
  });

  it("where something runs before a product", () => {
    check("prologue", (x, y) => matmul(exp(x), y), [a, b], ["rows"]);
  });

  it("where there are more of them than columns, or few of both", () => {
    check("tall", (x, y) => matmul(x, y), [filled([600, 100], "float32"), b], ["rows"]);
    check("narrow", (x, y) => matmul(x, y), [a, filled([100, 200], "float32")], ["rows"]);
    check("not packed", (x, y) => matmul(x, y), [filled([12, 100], "float32"), b], ["rows"]);
  });
});

it("a step of gradient descent has the same bits on any number of threads", () => {
  const [x, t] = [filled([64, 100], "float32"), filled([64, 300], "float32")];
  const run = (threads: number | null): readonly Tensor[] => {
    const w = variable(filled([100, 300], "float32", 7));
    const step = (): Tensor => {
      const gradient = grad((v: Tensor) => {
        const e = sub(relu(matmul(x, v)), t);
        return sum(mul(e, e)) as Tensor<[]>;
      })(w.read() as Tensor);
      w.assign(sub(w.read() as Tensor, mul(gradient, 1e-4)));
      return sum(gradient);
    };
    const call = threads === null ? step : compileDivided(step, { threads });
    return [call(), call(), call(), w.read() as Tensor];
  };
  const expected = run(null);
  for (const threads of [1, 2, 3, 8]) {
    expectBits(`step on ${threads}`, run(threads), expected);
    programs++;
  }
});
