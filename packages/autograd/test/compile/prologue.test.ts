/**
 * Loops that compute the rows of a left operand right before these are multiplied: which do, and that every bit is the
 * engine's, on any number of threads.
 */

import { afterAll, beforeAll, describe, expect, it } from "vitest";
import {
  abs,
  add,
  cast,
  exp,
  flip,
  grad,
  greater,
  logSoftmax,
  matmul,
  max,
  mean,
  mul,
  neg,
  relu,
  scan,
  softmax,
  sub,
  sum,
  tanh,
  tensor,
  transpose,
  valueAndGrad,
  where,
  type Tensor,
} from "../../src/index.ts";
import { random } from "../ops/sampling.ts";
import { report } from "../report.ts";
import { isTried, nightly, seed, sized } from "../size.ts";
import { expectBits, listed, type Result } from "./bits.ts";
import { compileDivided } from "./divided.ts";
import { filled } from "./operands.ts";
import { settled } from "./pool.ts";

beforeAll(() => settled(8));

let programs = 0;

afterAll(() => {
  report("compiled", programs, `prologues: ${programs.toLocaleString("en-US")} programs with the bits of the engine`);
});

/** What a program has in it: each kernel as its kind, with the ops before and behind a product around it. */
function kernelsOf(program: {
  explain(): {
    readonly kernels: readonly {
      readonly kind: string;
      readonly prologue: readonly (readonly [string, number])[];
      readonly epilogue: readonly (readonly [string, number])[];
    }[];
  };
}): string[] {
  return program
    .explain()
    .kernels.map(({ kind, prologue, epilogue }) =>
      [...prologue.map(([name]) => name), kind, ...epilogue.map(([name]) => name)].join(" "),
    );
}

/** Compares the bits on some numbers of threads, three times in a row, and the kernels on one. */
function compare(
  what: string,
  f: (...inputs: Tensor[]) => Result,
  inputs: readonly Tensor[],
  kernels: readonly string[] | null,
  on: readonly number[],
): void {
  const expected = listed(f(...inputs));
  for (const threads of on) {
    const program = compileDivided(f, { threads });
    for (let run = 0; run < 3; run++) {
      expectBits(`${what} on ${threads}`, program(...inputs) as Result, expected);
    }
    programs++;
    if (threads === 1 && kernels !== null) expect(kernelsOf(program), what).toEqual(kernels);
  }
}

/** The same for about one in four cases of the grid. */
function check(
  what: string,
  f: (...inputs: Tensor[]) => Result,
  inputs: readonly Tensor[],
  kernels: readonly string[] | null = null,
  on: readonly number[] = [1, 3],
): void {
  const key = `${what} ${inputs.map(({ shape, dtype }) => `${shape.join("×")} ${dtype}`).join()}`;
  const tried = on.filter((threads) => isTried(8, `${key} ${threads}`));
  if (tried.length > 0) compare(what, f, inputs, kernels, tried);
}

const floats = ["float64", "float32"] as const;
/**
 * Around vectors, tiles, blocks of rows, columns and the inner size; right operands that are small, packed, and large.
 */
const sizes = [
  [1, 1, 1],
  [1, 5, 9],
  [2, 3, 4],
  [5, 7, 3],
  [4, 5, 2],
  [13, 300, 9],
  [97, 16, 33],
  [130, 3, 1],
  [7, 600, 1],
  [129, 784, 10],
  [270, 30, 6],
  [47, 300, 270],
  [140, 260, 530],
  [70, 520, 1030],
] as const;

describe.each(floats)("%s", (dtype) => {
  it.each(sizes)("a mask, a mean, a function before %i×%i×%i", (m, k, n) => {
    const on = [1, 2, 3, 8];
    const [x, mask, w, row, column] = [
      filled([m, k], dtype, 1),
      filled([m, k], dtype, 2),
      filled([k, n], dtype, 3),
      filled([k], dtype, 4),
      filled([m, 1], dtype, 5),
    ];
    check("mask", (a, b, y) => matmul(where(greater(a, 0), b, 0), y), [mask, x, w], ["greater where matmul"], on);
    check("function", (a, y) => matmul(relu(a), y), [x, w], ["relu matmul"], on);
    check("mean", (a, b, y) => matmul(sub(a, b), y), [x, row, w], ["sub matmul"], on);
    check("column", (a, b, y) => matmul(mul(exp(a), b), y), [x, column, w], ["exp mul matmul"]);
    check(
      "both sides of a product",
      (a, b, y) => relu(add(matmul(tanh(a), y), b)),
      [x, column, w],
      ["tanh matmul add relu"],
      on,
    );
    check(
      "B transposed",
      (a, y) => matmul(relu(a), y, { transposeB: true }),
      [x, filled([n, k], dtype, 3)],
      ["relu matmul"],
    );
    check("cast", (a, y) => matmul(cast(greater(a, 0), dtype), y), [x, w], ["greater cast matmul"]);
    check("the operand as well", (a, y) => [relu(a), matmul(relu(a), y)], [x, w], ["relu matmul"], on);
    check(
      "read again behind",
      (a, y) => [matmul(tanh(a), y), mul(tanh(a), sum(matmul(tanh(a), y), 1).reshape([m, 1]))],
      [x, w],
      null,
      on,
    );
    check(
      "more than the operand",
      (a, b, y) => {
        const h = tanh(add(a, b));
        return [matmul(h, y), sub(1, mul(h, h))];
      },
      [x, mask, w],
      ["add tanh mul sub matmul"],
    );
  });

  it.each(sizes)("rows that are summed before %i×%i×%i", (m, k, n) => {
    const [x, w] = [filled([m, k], dtype, 1), filled([k, n], dtype, 3)];
    check(
      "softmax",
      (a, y) => matmul(softmax(a, 1), y),
      [x, w],
      m > 1 && k > 1 ? ["softmax matmul"] : null,
      [1, 2, 3, 8],
    );
    check("centered", (a, y) => matmul(sub(a, mean(a, 1).reshape([m, 1])), y), [x, w]);
    check("norms as a result", (a, y) => [matmul(mul(a, max(abs(a), 1).reshape([m, 1])), y), max(abs(a), 1)], [x, w]);
    check(
      "sums themselves",
      (a, y) =>
        matmul(
          sum(
            exp(a)
              .reshape([m, k, 1])
              .mul(filled([1, 1, 3], dtype, 7)),
            2,
          ),
          y,
        ),
      [x, w],
    );
    check("gradient", (a, y) => grad((v: Tensor) => sum(matmul(softmax(v, 1), y)))(a) as Tensor, [x, w]);
    check(
      "gradient by weights",
      (a, y) =>
        valueAndGrad((v: Tensor) => mean(mul(logSoftmax(matmul(relu(a), v), 1), matmul(a, v))))(y).gradient as Tensor,
      [x, w],
    );
  });

  it.each([
    [[3], []],
    [[2, 1], [3]],
    [[9], [9]],
    [[1], [1]],
    [[2], [1]],
    [
      [2, 3],
      [2, 3],
    ],
  ] as const)("batches [%s] · [%s]", (batchA, batchB) => {
    for (const [m, k, n] of [
      [5, 7, 3],
      [1, 4, 6],
      [4, 2, 1],
      [37, 300, 10],
      [64, 20, 40],
      [1, 1, 1],
    ] as const) {
      const [x, w, row] = [
        filled([...batchA, m, k], dtype, 1),
        filled([...batchB, k, n], dtype, 2),
        filled([k], dtype, 3),
      ];
      const own = batchA.join() === batchB.join() || batchB.length === 0 || batchB.join() === "1";
      check("function", (a, y) => matmul(tanh(a), y), [x, w], own ? ["tanh matmul"] : ["loop", "matmul"], [1, 2, 3, 8]);
      check("row", (a, y, z) => matmul(add(a, z), y), [x, w, row]);
      check(
        "both sides",
        (a, y, z) => exp(neg(matmul(add(a, z), y))),
        [x, w, row],
        own ? ["add matmul neg exp"] : null,
      );
      check("rows", (a, y) => matmul(softmax(a, batchA.length + 1), y), [x, w]);
      check("read again", (a, y) => [matmul(tanh(a), y), tanh(a)], [x, w]);
    }
  });

  it("zeros of a cotangent absorb what is not finite", () => {
    for (const [m, k, n] of [
      [2, 3, 4],
      [30, 9, 7],
      [300, 70, 13],
      [129, 300, 10],
      [64, 13, 530],
    ] as const) {
      const rows = (x: Tensor, width: number): Tensor =>
        tensor(
          Float64Array.from(x.toTypedArray(), (one, i) =>
            Math.floor(i / width) % 2 === 1 ? [NaN, Infinity, -Infinity][i % 3]! : one,
          ),
          { shape: x.shape, dtype },
        ) as Tensor;
      const keep = tensor(
        Float64Array.from({ length: n }, (_, i) => (i + 1) % 2),
        { shape: [n], dtype },
      ) as Tensor;
      // The weights that meet zeros are not finite: (g ∘ keep) Vᵀ, with g computed before it.
      const f = (x: Tensor, on: Tensor, v: Tensor): Tensor =>
        grad((u: Tensor) => sum(where(greater(on, 0), exp(mul(matmul(u, transpose(v)), 0.1)), 0)))(x) as Tensor;
      check("left", f, [filled([m, k], dtype, 1), keep, rows(filled([n, k], dtype, 2), k)]);
      const g = (x: Tensor, on: Tensor, v: Tensor, t: Tensor): Tensor =>
        grad((u: Tensor) => sum(mul(mul(matmul(u, v), t), on)))(x) as Tensor;
      const holed = tensor(
        Float64Array.from(filled([k, n], dtype, 3).toTypedArray(), (one, i) =>
          (i % n) % 2 === 1 ? [NaN, Infinity][i % 2]! : one,
        ),
        { shape: [k, n], dtype },
      ) as Tensor;
      check("columns", g, [filled([m, k], dtype, 1), keep, holed, filled([m, n], dtype, 4)]);
      expect(
        g(filled([m, k], dtype, 1), keep, holed, filled([m, n], dtype, 4))
          .toTypedArray()
          .every((one) => Number.isFinite(one)),
      ).toBe(true);
      const program = compileDivided(g, { threads: 1 });
      program(filled([m, k], dtype, 1), keep, holed, filled([m, n], dtype, 4));
      expect(kernelsOf(program).at(-1)).toMatch(/^.*absorb.* matmul add$/);
      // What is not finite in the operand itself.
      check(
        "operand",
        (x, w) => matmul(exp(mul(x, 400)), w),
        [rows(filled([m, k], dtype, 1), k), filled([k, n], dtype, 2)],
        ["mul exp matmul"],
      );
    }
  });
});

describe("a kernel of its own", () => {
  const [x, y] = [filled([9, 9], "float64", 1), filled([9, 9], "float64", 2)];

  it("computes a right operand, or one that is read transposed", () => {
    check("right", (a, b) => matmul(a, relu(b)), [x, y], ["loop", "matmul"]);
    check("both", (a, b) => matmul(tanh(a), relu(b)), [x, y]);
    check("transposed", (a, b) => matmul(relu(a), b, { transposeA: true }), [x, y], ["loop", "matmul"]);
    check("a transpose", (a, b) => matmul(transpose(relu(a)), b), [x, y], ["loop", "matmul"]);
  });

  it("computes a left operand that several products of a batch read", () => {
    check("for all", (a, b) => matmul(relu(a), b), [filled([4, 5]), filled([3, 5, 2])], ["loop", "matmul"]);
    check("for some", (a, b) => matmul(relu(a), b), [filled([2, 1, 4, 5]), filled([3, 5, 2])], ["loop", "matmul"]);
  });

  it("computes what the right operand reads as well", () => {
    check("square", (a) => matmul(relu(a), relu(a)), [x], ["loop", "matmul"]);
    check("with its transpose", (a) => matmul(relu(a), transpose(relu(a))), [x], ["loop", "matmul"]);
    check("beside it in one loop", (a, b) => matmul(relu(a), add(a, b)), [x, y], ["loop", "matmul"]);
    check("through a sum", (a, b) => matmul(relu(a), mul(b, sum(relu(a)))), [x, y]);
    check(
      "through columns",
      (a, b) => matmul(relu(a), mul(b, sum(relu(a), 0))),
      [x, y],
      ["loop", "columns", "loop", "matmul"],
    );
    check("through a product", (a, b) => matmul(relu(a), matmul(b, relu(a))), [x, y], ["loop", "matmul", "matmul"]);
  });

  it("is what has other rows, or all of them, and what runs behind another product", () => {
    check("upside down", (a, b) => matmul(flip(relu(a), 0), b), [x, y], null);
    check(
      "upside down in each of a batch",
      (a, b, z) => {
        const h = tanh(add(a, z));
        return matmul(add(flip(h, 1), h), b);
      },
      [filled([3, 5, 4]), filled([4, 2]), filled([5, 1])],
      ["rows", "matmul"],
    );
    check("a total", (a, b) => matmul(mul(a, sum(exp(a))), b), [x, y], ["loop", "mul matmul"]);
    check("columns", (a, b) => matmul(softmax(a, 0), b), [x, y]);
    check("behind", (a, b) => matmul(relu(matmul(a, b)), b), [x, y], ["matmul relu", "matmul"]);
    check(
      "attention",
      (a, b) => matmul(softmax(matmul(a, b, { transposeB: true }), 1), b),
      [x, y],
      ["matmul softmax", "matmul"],
    );
    check("a part", (a, b) => matmul(relu(a).slice([0, 0], [4, 9]), b), [x, y]);
  });

  it("is what more threads would run than the product", () => {
    const f = (a: Tensor, b: Tensor): Tensor => matmul(exp(a).reshape([3, 3000]), b);
    const inputs = [filled([9000]), filled([3000, 1], "float64", 2)] as const;
    for (const [threads, kernels] of [
      [1, ["exp matmul"]],
      [3, ["loop", "matmul"]],
    ] as const) {
      const program = compileDivided(f, { threads });
      expectBits("thin", program(...inputs), [f(...inputs)]);
      expect(kernelsOf(program)).toEqual(kernels);
    }
  });
});

it("a loop before two products is taken in by the first, and what else reads it waits for that", () => {
  const [x, v, w] = [filled([13, 6], "float64", 1), filled([6, 5], "float64", 2), filled([6, 7], "float64", 3)];
  check("two", (a, b, c) => [matmul(tanh(a), b), matmul(tanh(a), c)], [x, v, w], ["tanh matmul", "matmul"]);
  check("two, and columns", (a, b, c) => [matmul(tanh(a), b), sum(tanh(a), 0), matmul(tanh(a), c)], [x, v, w]);
  check("as the right one of another", (a, b) => [matmul(tanh(a), b), matmul(b, tanh(a))], [
    filled([6, 6]),
    filled([6, 6], "float64", 2),
  ]);
  check(
    "one after another",
    (a, b, c) => matmul(add(a, matmul(matmul(tanh(a), b), transpose(b))), c),
    [x, v, w],
    ["tanh matmul", "matmul add", "matmul"],
  );
  check(
    "its own gradient",
    (a, b) => grad((u: Tensor) => sum(mul(matmul(tanh(u), b), matmul(relu(u), b))))(a) as Tensor,
    [x, v],
  );
});

describe("memory", () => {
  const SIDE = 64;
  const matrix = 8 * SIDE * SIDE;
  const arena = (
    f: (...inputs: Tensor[]) => Result,
    inputs: readonly Tensor[] = [filled([SIDE, SIDE]), filled([SIDE, SIDE], "float64", 2)],
    threads = 1,
  ): number => {
    check("memory", f, inputs, null, [1, 2, 3]);
    const program = compileDivided(f, { threads });
    program(...inputs);
    return program.explain().arenaBytes / matrix;
  };

  it("holds a block of an operand that only the product reads, and all of one that something else reads", () => {
    // Arguments and result alone; beside them the operand.
    const wide = [filled([16 * SIDE, SIDE]), filled([SIDE, 8], "float64", 2)];
    expect(arena((x, y) => matmul(exp(x), y), wide)).toBeLessThan(19);
    expect(arena((x, y) => [matmul(exp(x), y), exp(x)], wide)).toBeGreaterThan(33);
    expect(arena((x, y) => mul(matmul(exp(x), y), sum(exp(x), 1).reshape([16 * SIDE, 1])), wide)).toBeLessThan(20);
    expect(arena((x, y) => [matmul(softmax(x, 1), y)], wide)).toBeLessThan(20);
    expect(arena((x, y) => sub(matmul(exp(x), y), sum(matmul(exp(x), y))), wide)).toBeLessThan(20);
  });

  it("is written over where the operand is computed from what nothing else reads, and not else", () => {
    /** Something that is computed before, and is no product. */
    const before = (x: Tensor): Tensor => tanh(mul(x, sum(x)));
    arena((x, y) => matmul(mul(before(x), sum(before(x))), y));
    arena((x, y) => [matmul(mul(before(x), sum(before(x))), y), mul(before(x), sum(before(x)))]);
    // The right operand and the loop behind are what the left one is computed from.
    arena((x) => matmul(mul(before(x), sum(before(x))), before(x)));
    arena((x) => matmul(mul(before(x), sum(before(x))), transpose(before(x))));
    arena((x, y) => add(matmul(mul(before(x), sum(before(x))), y), before(x)));
    arena((x, y) => add(matmul(mul(before(x), sum(before(x))), y), flip(before(x), 0)));
    arena((x, y) => matmul(add(mul(before(x), sum(before(x))), flip(before(x), 0)), y));
    arena((x, y) => matmul(softmax(mul(before(x), sum(before(x))), 1), y));
    arena((x, y) => matmul(mul(softmax(mul(before(x), sum(before(x))), 1), before(x)), y));
    arena((x, y) => [matmul(mul(softmax(before(x), 1), before(x)), y), mul(softmax(before(x), 1), before(x))]);
  });

  it("is as much as without where the right operand is packed", () => {
    const large = [filled([100, 300]), filled([300, 300], "float64", 2)];
    const size = (100 * 300) / (SIDE * SIDE);
    // The argument, the right operand, the value that the left one is written over, the result.
    expect(arena((x, y) => matmul(mul(tanh(x), sum(tanh(x))), y), large)).toBeLessThan(6.2 * size);
    arena((x, y) => matmul(mul(softmax(mul(tanh(x), sum(tanh(x))), 1), tanh(x)), y), large);
    // What a later loop reads for the last time is still to be multiplied.
    arena((x, y) => {
      const scaled = mul(x, sum(x, 1, { keepDims: true }));
      const again = mul(scaled, sum(scaled, 1, { keepDims: true }));
      return [matmul(scaled, y), again];
    }, large);
    // What lies in the place of the operand until that is written must not lie where the loop still reads.
    arena((x, y, z) => matmul(mul(softmax(x, 1), sum(z, 0)), y), [...large, filled([3, 100, 300])]);
  });
});

it("runs in bodies of loops", () => {
  const f = (w: Tensor, xs: Tensor): Tensor =>
    scan(
      (h: Tensor, x: Tensor) => [matmul(tanh(add(h, x)), w), null] as const,
      xs.slice([0, 0, 0], [1, 5, 4]).reshape([5, 4]),
      xs,
    ).carry as Tensor;
  const inputs = [filled([4, 4]), filled([6, 5, 4], "float64", 2)] as const;
  check("scan", f, inputs);
  check("its gradient", (w, xs) => grad((v: Tensor) => sum(f(v, xs)))(w) as Tensor, inputs);
  const program = compileDivided(f, { threads: 1 });
  program(...inputs);
  expect(
    program
      .explain()
      .kernels.flatMap(({ inside }) => inside)
      .filter(({ prologue }) => prologue.length > 0),
  ).toHaveLength(1);
});

it("is explained: what runs before a product, and what behind it", () => {
  const program = compileDivided((x: Tensor, w: Tensor) => relu(matmul(mul(exp(x), exp(x)), w)), { threads: 1 });
  program(filled([5, 4]), filled([4, 3]));
  const report = program.explain();
  expect(report.kernels).toHaveLength(1);
  expect(report.kernels[0]).toMatchObject({
    kind: "matmul",
    sizes: [5, 4, 3],
    prologue: [
      ["exp", 1],
      ["mul", 1],
    ],
    epilogue: [["relu", 1]],
  });
  expect(String(report)).toContain("exp, mul → matmul → relu");
});

it("random chains before and behind random products", () => {
  const RUNS = sized(30, 5000);
  const next = random(nightly ? seed : 47);
  const pick = <T>(list: readonly T[]): T => list[Math.floor(next() * list.length)]!;
  let before = 0;
  for (let run = 0; run < RUNS; run++) {
    const dtype = pick(floats);
    const [m, k, n] = [1 + Math.floor(next() * 60), 1 + Math.floor(next() * 40), 1 + Math.floor(next() * 25)];
    const batch = pick([[], [], [2], [3, 2]] as const);
    const beside = Array.from({ length: 3 }, (_, at) =>
      filled(pick([[k], [m, 1], [m, k], [1, k], [...batch, m, 1], [...batch, 1, 1]] as const), dtype, run + at),
    );
    const plan = Array.from({ length: 1 + Math.floor(next() * 6) }, () => ({
      kind: Math.floor(next() * 8),
      other: Math.floor(next() * 4),
      of: next(),
    }));
    const [left, again] = [next(), next()];
    const f = (x: Tensor, y: Tensor, ...others: Tensor[]): Result => {
      const values = [x];
      for (const { kind, other, of } of plan) {
        const value = values[Math.floor(of * values.length)]!;
        const operand = others[other] ?? values[0]!;
        const last = value.shape.length - 1;
        switch (kind) {
          case 0:
            values.push(relu(add(value, operand)));
            break;
          case 1:
            values.push(mul(value, operand));
            break;
          case 2:
            values.push(where(greater(value, operand), value, 0.5));
            break;
          case 3:
            values.push(tanh(value));
            break;
          case 4:
            values.push(sub(value, max(value, last).reshape([...value.shape.slice(0, -1), 1])));
            break;
          case 5:
            values.push(mul(value, sum(value, last).reshape([...value.shape.slice(0, -1), 1])));
            break;
          case 6:
            values.push(flip(value, last));
            break;
          default:
            values.push(mul(value, sum(tanh(value))));
        }
      }
      const product = matmul(values.at(-1)!, y);
      const other = matmul(values[Math.floor(left * values.length)]!, y);
      return again < 0.3
        ? [relu(product)]
        : again < 0.6
          ? [product, values[Math.floor(left * values.length)]!]
          : [mul(product, other), sum(values.at(-1)!)];
    };
    const inputs = [
      filled([...batch, m, k], dtype, 1),
      filled(
        pick([
          [k, n],
          [...batch, k, n],
        ] as const),
        dtype,
        2,
      ),
      ...beside,
    ];
    compare(`run ${run}: ${batch.join()} ${m}×${k}×${n} ${JSON.stringify(plan)}`, f, inputs, null, [
      1,
      pick([2, 3, 8]),
    ]);
    const program = compileDivided(f, { threads: 1 });
    const [x, y, ...others] = inputs as [Tensor, Tensor, ...Tensor[]];
    program(x, y, ...others);
    if (program.explain().kernels.some(({ prologue }) => prologue.length > 0)) before++;
  }
  expect(before).toBeGreaterThan(0.48 * RUNS);
});
