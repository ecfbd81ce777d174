/**
 * Loops that run together over the same rows, behind products of matrices and by themselves: which do, and that every
 * bit is the engine's, on any number of threads.
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
  min,
  mul,
  neg,
  relu,
  sigmoid,
  softmax,
  sub,
  sum,
  tanh,
  tensor,
  transpose,
  valueAndGrad,
  variable,
  where,
  type DType,
  type Tensor,
} from "../../src/index.ts";
import { random } from "../ops/sampling.ts";
import { report } from "../report.ts";
import { isTried } from "../size.ts";
import { expectBits, listed, type Result } from "./bits.ts";
import { compileDivided } from "./divided.ts";
import { filled } from "./operands.ts";
import { settled } from "./pool.ts";

beforeAll(() => settled(3));

let programs = 0;

afterAll(() => {
  report("compiled", programs, `epilogues: ${programs.toLocaleString("en-US")} programs with the bits of the engine`);
});

/** Compares the bits, on one thread and on three, and the kernels on one, each as its kind with the ops behind it. */
function check(
  what: string,
  f: (...inputs: Tensor[]) => Result,
  inputs: readonly Tensor[],
  kernels: readonly string[] | null = null,
): void {
  const key = `${what} ${inputs.map(({ shape, dtype }) => `${shape.join("×")} ${dtype}`).join()} ${f.toString()}`;
  const tried = [1, 3].filter((threads) => isTried(6, `${key} ${threads}`));
  if (tried.length === 0) return;
  const expected = listed(f(...inputs));
  for (const threads of tried) {
    const program = compileDivided(f, { threads });
    program(...inputs);
    expectBits(`${what} on ${threads}`, program(...inputs) as Result, expected);
    programs++;
    if (threads > 1 || kernels === null) continue;
    const names = program
      .explain()
      .kernels.map(({ kind, epilogue }) => [kind, ...epilogue.map(([name]) => name)].join(" "));
    expect(names, what).toEqual(kernels);
  }
}

const floats = ["float64", "float32"] as const;
/** Around vectors, tiles, blocks of columns and rows, and blocks of the inner size. */
const sizes = [
  [1, 1, 1],
  [1, 5, 9],
  [2, 3, 4],
  [5, 7, 3],
  [4, 5, 2],
  [13, 300, 9],
  [97, 16, 33],
  [130, 3, 1],
  [128, 4, 64],
  [270, 30, 6],
  [140, 260, 530],
] as const;

describe.each(floats)("%s", (dtype) => {
  it.each(sizes)("bias, function and mask behind %i×%i×%i, transposed or not", (m, k, n) => {
    const [row, column] = [filled([n], dtype, 3), filled([m, 1], dtype, 4)];
    for (const transposeA of [false, true])
      for (const transposeB of [false, true]) {
        const [a, b] = [filled(transposeA ? [k, m] : [m, k], dtype, 1), filled(transposeB ? [n, k] : [k, n], dtype, 2)];
        const product = (x: Tensor, y: Tensor): Tensor => matmul(x, y, { transposeA, transposeB });
        check("layer", (x, y, z) => relu(add(product(x, y), z)), [a, b, row], ["matmul add relu"]);
        check(
          "layer and mask",
          (x, y, z) => {
            const v = add(product(x, y), z);
            return [relu(v), greater(v, 0)];
          },
          [a, b, row],
          ["matmul add relu greater"],
        );
        check("column", (x, y, z) => tanh(mul(product(x, y), z)), [a, b, column], ["matmul mul tanh"]);
        check("both and a number", (x, y, z, w) => sigmoid(add(mul(product(x, y), z), add(w, 0.5))), [
          a,
          b,
          row,
          column,
        ]);
        check(
          "the product as well",
          (x, y) => {
            const v = product(x, y);
            return [v, exp(v), sum(exp(v), 1)];
          },
          [a, b],
        );
      }
  });

  it.each(sizes)("what lies beside %i×%i×%i", (m, k, n) => {
    const [a, b, c] = [filled([m, k], dtype, 1), filled([k, n], dtype, 2), filled([m, n], dtype, 3)];
    check("update", (x, y, w) => sub(w, mul(matmul(x, y), 0.1)), [a, b, c], ["matmul mul sub"]);
    check("two products", (x, y, w) => mul(matmul(x, y), matmul(x, add(y, w))), [a, b, filled([n], dtype, 4)]);
    check(
      "a transpose",
      (x, y, w) => add(matmul(x, y), transpose(w)),
      [a, b, filled([n, m], dtype, 4)],
      ["matmul add"],
    );
    check("a row backwards", (x, y) => flip(matmul(x, y), 1), [a, b]);
    check(
      "of other types",
      (x, y, w) => where(greater(w, 0), matmul(x, y), cast(w, dtype)),
      [a, b, filled([m, n], "int32", 4)],
      ["matmul greater cast where"],
    );
    check(
      "to other types",
      (x, y) => [
        cast(matmul(x, y), "int32"),
        cast(matmul(x, y), dtype === "float32" ? "float64" : "float32"),
        greater(matmul(x, y), 0),
      ],
      [a, b],
      ["matmul cast greater"],
    );
    check(
      "the same product often",
      (x, y) => [neg(matmul(x, y)), abs(matmul(x, y)), matmul(x, y)],
      [a, b],
      ["matmul neg abs"],
    );
    check(
      "parts of a row",
      (x, y) =>
        matmul(x, y)
          .reshape([m, n, 1])
          .mul(filled([1, 1, 3], dtype, 5))
          .sum(2),
      [a, b],
    );
  });

  it.each(sizes)("rows of %i×%i×%i that are summed, and what follows from the sums", (m, k, n) => {
    const inputs = [filled([m, k], dtype, 1), filled([k, n], dtype, 2)];
    check("sums", (x, y) => sum(exp(matmul(x, y)), 1), inputs);
    check("extremes", (x, y) => sub(max(matmul(x, y), 1), min(abs(matmul(x, y)), 1)), inputs);
    check("softmax", (x, y) => softmax(matmul(x, y), 1), inputs);
    check(
      "logarithm and gradient",
      (x, y) => valueAndGrad((v: Tensor) => mean(mul(logSoftmax(matmul(v, y), 1), matmul(x, y))))(x).gradient,
      inputs,
    );
    if (m > 1 && n > 1) check("one kernel", (x, y) => softmax(matmul(x, y), 1), inputs, ["matmul softmax"]);
  });

  it.each([
    [[3], []],
    [[2, 1], [3]],
    [[9], [9]],
    [[1], [1]],
    [[2], [1]],
  ] as const)("batches [%s] · [%s]", (batchA, batchB) => {
    for (const [m, k, n] of [
      [5, 7, 3],
      [1, 4, 6],
      [4, 2, 1],
      [37, 300, 10],
      [1, 1, 1],
    ] as const) {
      const inputs = [filled([...batchA, m, k], dtype, 1), filled([...batchB, k, n], dtype, 2)];
      const rank = Math.max(batchA.length, batchB.length) + 2;
      check("layer", (x, y, z) => relu(add(matmul(x, y), z)), [...inputs, filled([n], dtype, 3)], ["matmul add relu"]);
      check(
        "a matrix for all",
        (x, y, z) => add(matmul(x, y), z),
        [...inputs, filled([m, n], dtype, 3)],
        ["matmul add"],
      );
      check("entry by entry", (x, y) => [exp(matmul(x, y)), greater(matmul(x, y), 0)], inputs, ["matmul exp greater"]);
      check("rows", (x, y) => softmax(matmul(x, y), rank - 1), inputs);
      check("sums of rows", (x, y) => neg(sum(matmul(x, y), rank - 1)), inputs);
    }
  });
});

describe("a loop of its own", () => {
  const inputs = [filled([9, 5], "float64", 1), filled([5, 9], "float64", 2)];

  it("is what reads other rows, or sums them", () => {
    check("transposed", (x, y) => add(transpose(matmul(x, y)), 1), inputs, ["matmul", "loop"]);
    check("upside down", (x, y) => flip(matmul(x, y), 0), inputs, ["matmul", "loop"]);
    check("all", (x, y) => sum(matmul(x, y)), inputs, ["matmul", "loop"]);
    check(
      "all of one column",
      (x, y) => sum(matmul(x, y)),
      [filled([40, 5]), filled([5, 1], "float64", 2)],
      ["matmul", "loop"],
    );
    check("all sums", (x, y) => sum(exp(max(matmul(x, y), 1))), inputs, ["matmul max", "loop"]);
    check("columns", (x, y) => sum(matmul(x, y), 0), inputs, ["matmul", "columns"]);
    check("other rows", (x, y) => add(matmul(x, y).reshape([27, 3]), filled([3], "float64", 3)), inputs, [
      "matmul",
      "loop",
    ]);
    check("one entry", (x, y) => mul(matmul(x, y), matmul(x, y).slice([0, 0], [1, 1])), inputs, ["matmul", "loop"]);
  });

  it("is what depends on the product on another way as well", () => {
    check("its sum", (x, y) => mul(matmul(x, y), sum(matmul(x, y))), inputs, ["matmul", "loop", "loop"]);
    check("its columns", (x, y) => softmax(matmul(x, y), 0), inputs, ["matmul", "columns", "loop", "columns", "loop"]);
    check(
      "a product of it",
      (x, y) => add(matmul(x, y), matmul(y, matmul(y, x))),
      [filled([6, 6]), filled([6, 6], "float64", 2)],
      ["matmul", "matmul", "matmul add"],
    );
  });

  it("is what more threads would run than the product", () => {
    const f = (x: Tensor, y: Tensor): Tensor => exp(matmul(x, y));
    const thin = [filled([4, 2]), filled([2, 9000], "float64", 2)] as const;
    for (const [threads, kinds] of [
      [1, ["matmul"]],
      [3, ["matmul", "loop"]],
    ] as const) {
      const program = compileDivided(f, { threads });
      expectBits("thin", program(...thin), [f(...thin)]);
      expect(program.explain().kernels.map(({ kind }) => kind)).toEqual(kinds);
    }
  });
});

describe.each(floats)("rows without a product in %s", (dtype) => {
  it.each([
    [2, 2],
    [3, 10],
    [4, 7],
    [13, 513],
    [70, 33],
    [2100, 3],
    [5, 1100],
  ] as const)("%i of %i", (m, n) => {
    const [x, t] = [filled([m, n], dtype, 1), filled([m, n], dtype, 2)];
    check("softmax", (v) => softmax(v, 1), [x], ["rows"]);
    check("logarithm", (v) => logSoftmax(v, 1), [x], ["rows"]);
    check(
      "gradient",
      (v, w) => grad((u: Tensor) => sum(mul(logSoftmax(u, 1), w)))(v) as Tensor,
      [x, t],
      ["rows", "rows"],
    );
    check(
      "value as well",
      (v, w) => {
        const { value, gradient } = valueAndGrad((u: Tensor) => mean(mul(logSoftmax(u, 1), w)))(v);
        return [value, gradient as Tensor];
      },
      [x, t],
    );
    check(
      "normalized",
      (v, w) => {
        const centered = sub(v, mean(v, 1).reshape([m, 1]));
        return mul(mul(centered, exp(neg(mean(mul(centered, centered), 1))).reshape([m, 1])), w);
      },
      [x, t],
      ["rows"],
    );
    check("sums of both", (v, w) => [add(sum(v, 1), max(w, 1)), mul(v, sum(w, 1).reshape([m, 1]))], [x, t]);
    check("matrices", (v) => softmax(v.reshape([m, 1, n]).broadcastTo([m, 3, n]).add(1), 2), [x]);
    check("columns", (v) => softmax(v, 0), [x]);
    check("upside down", (v) => flip(softmax(v, 1), 0), [x]);
    check("a total between", (v) => softmax(mul(v, sum(exp(v))), 1), [x]);
  });
});

describe("zeros of a cotangent", () => {
  /** Weights with what is not finite in some of their columns, which a zero cotangent meets. */
  const holed = (m: number, n: number, dtype: DType, every: number): Tensor => {
    const whole = filled([m, n], dtype, 3);
    return tensor(
      Float64Array.from(whole.toTypedArray(), (x, i) =>
        (i % n) % every === 1 ? [Infinity, NaN, -Infinity][i % 3]! : x,
      ),
      { shape: [m, n], dtype },
    ) as Tensor;
  };

  it.each(floats)("absorb before anything follows, in %s", (dtype) => {
    for (const [m, k, n] of [
      [2, 3, 4],
      [9, 5, 7],
      [97, 300, 10],
      [140, 20, 530],
    ] as const) {
      const [x, w, bias] = [filled([m, k], dtype, 1), holed(k, n, dtype, 3), filled([k], dtype, 2)];
      const finite = tensor(
        Float64Array.from({ length: n }, (_, i) => (i % 3 === 1 ? 0 : 1)),
        { shape: [n], dtype },
      ) as Tensor;
      const gradient = (v: Tensor, y: Tensor, z: Tensor, keep: Tensor): Tensor =>
        grad((u: Tensor) => sum(where(greater(keep, 0), matmul(relu(add(u, z)), y), 0)))(v) as Tensor;
      check("relu", gradient, [x, w, bias, finite]);
      expect(
        gradient(x, w, bias, finite)
          .toTypedArray()
          .every((one) => Number.isFinite(one)),
      ).toBe(true);
      const program = compileDivided(gradient, { threads: 1 });
      program(x, w, bias, finite);
      expect(
        program
          .explain()
          .kernels.at(-1)!
          .epilogue.map(([name]) => name),
      ).toEqual(["add", "greater", "pass"]);
      const update = (v: Tensor, y: Tensor, keep: Tensor): Tensor =>
        sub(v, mul(grad((u: Tensor) => sum(where(greater(keep, 0), matmul(u, y), 0)))(v) as Tensor, 0.5));
      check("update", update, [x, w, finite]);
      expect(
        update(x, w, finite)
          .toTypedArray()
          .every((one) => Number.isFinite(one)),
      ).toBe(true);
    }
  });

  it.each(floats)("absorb where a whole row of data is switched off, in %s", (dtype) => {
    for (const [m, k, n] of [
      [2, 3, 4],
      [30, 9, 7],
      [300, 13, 70],
    ] as const) {
      const data = filled([m, k], dtype, 1);
      const x = tensor(
        Float64Array.from(data.toTypedArray(), (one, i) => (Math.floor(i / k) % 2 === 1 ? NaN : one)),
        { shape: [m, k], dtype },
      ) as Tensor;
      const keep = tensor(
        Float64Array.from({ length: m }, (_, i) => (i + 1) % 2),
        { shape: [m, 1], dtype },
      ) as Tensor;
      const f = (v: Tensor, on: Tensor, w: Tensor): Tensor =>
        sub(w, mul(grad((u: Tensor) => sum(mul(tanh(matmul(where(greater(on, 0), v, 0), u)), on)))(w) as Tensor, 0.1));
      check("weights", f, [x, keep, filled([k, n], dtype, 2)]);
      const g = (v: Tensor, on: Tensor, w: Tensor): Tensor =>
        sub(w, mul(grad((u: Tensor) => sum(mul(matmul(v, u), on)))(w) as Tensor, 0.1));
      check("weights of what is not finite", g, [x, keep, filled([k, n], dtype, 2)]);
      expect(
        g(x, keep, filled([k, n], dtype, 2))
          .toTypedArray()
          .every((one) => Number.isFinite(one)),
      ).toBe(true);
    }
  });
});

it("a network learns in as many kernels as it has products and sums of columns, and the variables have the engine's bits", () => {
  const shapes = { v: [20, 33], b: [33], w: [33, 10], c: [10] } as const;
  const learn = (threads: number | null): readonly Tensor[] => {
    const state = Object.fromEntries(
      Object.entries(shapes).map(([name, shape], at) => [name, variable(filled(shape, "float32", at))]),
    );
    const step = (x: Tensor, t: Tensor): Tensor => {
      const { value, gradient } = valueAndGrad((p: Record<string, Tensor>) =>
        mean(mul(logSoftmax(add(matmul(relu(add(matmul(x, p["v"]!), p["b"]!)), p["w"]!), p["c"]!), 1), t)),
      )(Object.fromEntries(Object.entries(state).map(([name, one]) => [name, one.read() as Tensor])));
      for (const [name, one] of Object.entries(state))
        one.assign(sub(one.read(), mul((gradient as Record<string, Tensor>)[name]!, 0.1)));
      return value;
    };
    const program = threads === null ? null : compileDivided(step, { threads });
    const costs = Array.from({ length: 5 }, (_, k) =>
      (program ?? step)(filled([50, 20], "float32", k), filled([50, 10], "float32", k + 1)),
    );
    if (threads === 1) {
      const kernels = program!.explain().kernels;
      expect(kernels.filter(({ kind }) => kind === "matmul").map(({ epilogue }) => epilogue.length > 0)).toEqual([
        true,
        true,
        true,
        true,
        true,
      ]);
      expect(kernels.filter(({ kind }) => kind === "columns")).toHaveLength(2);
      expect(kernels.length).toBeLessThanOrEqual(11);
    }
    return [...costs, ...Object.values(state).map((one) => one.read())];
  };
  const expected = learn(null);
  for (const threads of [1, 2, 3]) expectBits(`steps on ${threads}`, learn(threads), expected);
});

it("a product that nothing else reads lies where the result of its epilogue will lie", () => {
  const arena = (f: (x: Tensor, y: Tensor) => Result): number => {
    const program = compileDivided(f);
    program(filled([64, 64]), filled([64, 64], "float64", 2));
    return program.explain().arenaBytes;
  };
  const matrix = 8 * 64 * 64;
  expect(arena((x, y) => exp(matmul(x, y)))).toBeLessThan(3.5 * matrix);
  expect(arena((x, y) => [exp(matmul(x, y)), sum(matmul(x, y), 1)])).toBeLessThan(3.5 * matrix);
  // Here the product is read at other places than the result is written, or is a result itself.
  expect(arena((x, y) => flip(matmul(x, y), 1))).toBeGreaterThan(3.9 * matrix);
  expect(arena((x, y) => [exp(matmul(x, y)), matmul(x, y)])).toBeGreaterThan(3.9 * matrix);
});

it("random chains behind random products", () => {
  const next = random(31);
  const pick = <T>(list: readonly T[]): T => list[Math.floor(next() * list.length)]!;
  for (let run = 0; run < 150; run++) {
    const dtype = pick(floats);
    const [m, k, n] = [1 + Math.floor(next() * 60), 1 + Math.floor(next() * 12), 1 + Math.floor(next() * 25)];
    const batch = pick([[], [], [2], [3, 2]] as const);
    const beside = Array.from({ length: 3 }, (_, at) =>
      filled(pick([[n], [m, 1], [m, n], [1, n], [...batch, m, 1], [...batch, 1, 1]] as const), dtype, run + at),
    );
    const plan = Array.from({ length: 1 + Math.floor(next() * 7) }, () => ({
      kind: Math.floor(next() * 8),
      other: Math.floor(next() * 4),
      of: next(),
    }));
    const f = (x: Tensor, y: Tensor, ...others: Tensor[]): Result => {
      const values = [matmul(x, y)];
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
            values.push(add(value, cast(greater(value, 0), dtype)));
        }
      }
      return values.slice(-2);
    };
    check(`run ${run}: ${batch.join()} ${m}×${k}×${n} ${JSON.stringify(plan)}`, f, [
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
    ]);
  }
});
