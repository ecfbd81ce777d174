/**
 * Products by the BLAS of this machine, where there is one: right within their rounding errors, and proved to have been
 * computed there.
 */

import { afterAll, afterEach, describe, expect, it } from "vitest";
import {
  compile,
  grad,
  matmul as product,
  mul,
  scan,
  sigmoid,
  softmax,
  sum,
  tanh,
  tensor,
  valueAndGrad,
  variable,
  zeros,
  type Tensor,
} from "../../src/index.ts";
import { useBlas } from "../../src/blas/index.ts";
import type { Elements } from "../../src/graph/dtype.ts";
import { BLOCK } from "../../src/kernels/sums.ts";
import { matmul, matmulByDefinition, type Absorbing } from "../../src/kernels/matmul.ts";
import { nativeProducts, setNativeProducts, type NativeProducts } from "../../src/kernels/native.ts";
import { expectSame, magnitudes } from "../kernels/products.ts";
import { random } from "../ops/sampling.ts";
import { report } from "../report.ts";

const blas = await useBlas({ threads: 1 });
const found = setNativeProducts(null);
if (!blas.found) console.log(`no BLAS, so its products are not tested here:\n  ${blas.reasons.join("\n  ")}`);

let compared = 0;
afterEach(() => {
  setNativeProducts(null);
});
afterAll(() =>
  report(
    "checks",
    compared,
    blas.found ? `BLAS: ${blas.library}, ${blas.path}` : "BLAS: none found, its products are untested",
  ),
);

const Types = { float64: Float64Array, float32: Float32Array } as const;
type Name = keyof typeof Types;
const names = ["float64", "float32"] as const;
const flags = [false, true];
const next = random(9);
const numbers = (dtype: Name, count: number): Elements => new Types[dtype](count).map(() => 2 * next() - 1);

/** The library for every product, however small. */
function always(): NativeProducts {
  return { ...found!, leastWork: 1, leastWorkInProgram: 1 };
}

/** What `run` gives with every product in the library, and how many there were. */
function natively<R>(run: () => R, library = always()): readonly [result: R, products: number] {
  const before = library.products();
  const former = setNativeProducts(library);
  try {
    return [run(), library.products() - before];
  } finally {
    setNativeProducts(former);
  }
}

/**
 * Refuses what is further from the definition than both may be from the exact sum: k products in whatever order, each
 * term rounded at most k + 1 times, and by the definition BLOCK + k / BLOCK + 1 times. What is not finite must be the
 * same.
 */
function expectWithin(what: string, got: Elements, expected: Elements, k: number, magnitude: Float64Array): void {
  if (got.length !== expected.length)
    throw new Error(`${what}: ${got.length} entries where ${expected.length} are expected`);
  const unit = got instanceof Float32Array ? 2 ** -24 : 2 ** -53;
  const rounded = k + 1 + Math.min(k, BLOCK) + Math.ceil(k / BLOCK) + 1;
  for (let i = 0; i < expected.length; i++) {
    if (Object.is(got[i], expected[i])) continue;
    const finite = Number.isFinite(got[i]) && Number.isFinite(expected[i]);
    if (!finite || !(Math.abs(got[i]! - expected[i]!) <= (rounded * unit * magnitude[i]!) / (1 - rounded * unit)))
      throw new Error(`${what}: entry ${i} is ${got[i]!} where ${expected[i]!} is right`);
  }
  compared++;
}

/**
 * A product against the definition; operands and result lie a little into their memory, and nothing beside the result
 * is written.
 */
function compare(
  dtype: Name,
  m: number,
  k: number,
  n: number,
  transposeA: boolean,
  transposeB: boolean,
  spoil: (x: Elements) => void = () => undefined,
): void {
  const a = { elements: numbers(dtype, m * k + 3), offset: 3 };
  const b = { elements: numbers(dtype, k * n + 2), offset: 2 };
  for (const { elements } of [a, b]) spoil(elements);
  const [got, expected] = [new Types[dtype](m * n + 7).fill(-9), new Types[dtype](m * n + 7).fill(-9)];
  const [, products] = natively(() => matmul(got, 5, a, b, m, k, n, transposeA, transposeB, null));
  const what = `${dtype} ${m}×${k}×${n} ${transposeA}/${transposeB}`;
  if (products !== (m * k * n > 0 ? 1 : 0)) throw new Error(`${what}: the library computed ${products} products`);
  matmulByDefinition(expected, 5, a, b, m, k, n, transposeA, transposeB, null);
  const edges = [0, 1, 2, 3, 4, m * n + 5, m * n + 6];
  for (const at of edges) expect(got[at], what).toBe(-9);
  const magnitude = magnitudes(a.elements.slice(3), b.elements.slice(2), { m, k, n }, transposeA, transposeB);
  expectWithin(what, got.subarray(5, 5 + m * n), expected.subarray(5, 5 + m * n), k, magnitude);
}

describe.skipIf(found === null)("a product of tensors in BLAS", () => {
  it.each(names)("is right at every small size, and leaves empty ones alone, in %s", (dtype) => {
    for (let m = 0; m <= 5; m++)
      for (let k = 0; k <= 5; k++)
        for (let n = 0; n <= 5; n++)
          for (const transposeA of flags)
            for (const transposeB of flags) compare(dtype, m, k, n, transposeA, transposeB);
  });

  it.each(names)("is right at odd sizes, for rows, for columns, and for long sums in %s", (dtype) => {
    const sizes = [
      [7, 9, 11],
      [17, 33, 15],
      [64, 64, 64],
      [65, 63, 67],
      [128, 100, 31],
      [1, 300, 40],
      [40, 300, 1],
      [1, 5000, 1],
      [90, 1, 70],
      [3, 2000, 2],
      [10, 784, 30],
    ] as const;
    for (const [m, k, n] of sizes)
      for (const transposeA of flags) for (const transposeB of flags) compare(dtype, m, k, n, transposeA, transposeB);
  });

  it.each(names)("lets NaN and infinities through as the definition does in %s", (dtype) => {
    for (const bad of [[NaN], [Infinity], [-Infinity], [Infinity, -Infinity], [Infinity, 0, NaN]])
      for (const [m, k, n] of [
        [5, 6, 7],
        [1, 40, 9],
        [9, 40, 1],
        [20, 33, 18],
      ] as const) {
        const spoil = (x: Elements): void =>
          bad.forEach((value) => {
            x[3 + Math.floor((x.length - 3) * next())] = value;
          });
        for (const transposeA of flags)
          for (const transposeB of flags) compare(dtype, m, k, n, transposeA, transposeB, spoil);
      }
  });

  it.each(names)("drops what was dropped with what is not finite, and nothing else, in %s", (dtype) => {
    for (const side of ["left", "right"] as const)
      for (const transposeA of flags)
        for (const transposeB of flags)
          for (const bad of [Infinity, -Infinity, NaN])
            for (const size of [1, 2, 5, 16]) {
              const [a, b] = [numbers(dtype, size * size), numbers(dtype, size * size)];
              const [zero, other] = side === "right" ? [b, a] : [a, b];
              const absorbing = { left: null, right: null, [side]: "marks" } as NonNullable<Absorbing>;
              zero.fill(-0);
              other[size - 1] = bad;
              const run = (multiply: typeof matmul, how: Absorbing): Elements => {
                const out = new Types[dtype](size * size);
                multiply(
                  out,
                  0,
                  { elements: a, offset: 0 },
                  { elements: b, offset: 0 },
                  size,
                  size,
                  size,
                  transposeA,
                  transposeB,
                  how,
                );
                return out;
              };
              const [absorbed, products] = natively(() => run(matmul, absorbing));
              expect(products).toBe(1);
              expectSame("all dropped", absorbed, new Types[dtype](size * size).fill(-0));
              expectSame("without absorption", natively(() => run(matmul, null))[0], run(matmulByDefinition, null));
              expect(run(matmulByDefinition, null).some((x: number) => Number.isNaN(x))).toBe(true);
              zero.fill(1);
              expect(natively(() => run(matmul, absorbing))[0].some((x: number) => !Number.isFinite(x))).toBe(true);
              compared += 3;
            }
  });

  it("goes through batches, also where an operand is repeated", () => {
    for (const dtype of names)
      for (const [batchA, batchB, count] of [
        [[3], [3], 3],
        [[4], [], 4],
        [[], [4], 4],
        [[3, 1], [2], 6],
        [[0], [], 0],
      ] as const) {
        const [m, k, n] = [5, 7, 3];
        const size = (batch: readonly number[]): number => batch.reduce((total, one) => total * one, 1);
        const a = tensor(numbers(dtype, size(batchA) * m * k), { shape: [...batchA, m, k], dtype }) as Tensor;
        const b = tensor(numbers(dtype, size(batchB) * k * n), { shape: [...batchB, k, n], dtype }) as Tensor;
        const expected = product(a, b) as Tensor;
        const [got, products] = natively(() => product(a, b) as Tensor);
        expect(products).toBe(count);
        expect(got.shape).toEqual(expected.shape);
        expectWithin(
          "batch",
          got.toTypedArray(),
          expected.toTypedArray(),
          k,
          new Float64Array(expected.toTypedArray().length).fill(k),
        );
      }
  });

  it("is not made where it is too small to pay", () => {
    const [a, b] = [
      tensor(numbers("float32", 16), { shape: [4, 4], dtype: "float32" }),
      tensor(numbers("float32", 65536), { shape: [256, 256], dtype: "float32" }),
    ] as [Tensor, Tensor];
    expect(natively(() => product(a, a), found!)[1]).toBe(0);
    expect(natively(() => product(b, b), found!)[1]).toBe(1);
  });

  it("stays in WebAssembly where nothing was asked for, and once it is switched off", async () => {
    const x = tensor(numbers("float64", 4096), { shape: [64, 64] }) as Tensor;
    const before = found!.products();
    const first = product(x, x) as Tensor;
    await useBlas();
    product(x, x);
    expect(found!.products()).toBe(before + 1);
    await useBlas({ enabled: false });
    expectSame("afterwards", (product(x, x) as Tensor).toTypedArray(), first.toTypedArray());
    expect(found!.products()).toBe(before + 1);
  });

  it("runs on as many threads as it is told to, where it can be told", async () => {
    for (const threads of [2, 1]) {
      const told = await useBlas({ threads });
      if (!told.found) throw new Error("the library is gone");
      if (told.threads !== null) expect(told.threads).toBe(threads);
      expect(nativeProducts()).toBe(found);
    }
  });
});

describe.skipIf(found === null)("a compiled product in BLAS", () => {
  it.each(names)("is right in every transposition, with batches and without, in %s", (dtype) => {
    for (const [m, k, n] of [
      [1, 1, 1],
      [5, 7, 3],
      [1, 40, 9],
      [9, 40, 1],
      [33, 31, 35],
      [64, 300, 16],
    ] as const)
      for (const transposeA of flags)
        for (const transposeB of flags)
          for (const batch of [[], [3]]) {
            const count = batch.length === 0 ? 1 : 3;
            const a = tensor(numbers(dtype, count * m * k), {
              shape: [...batch, ...(transposeA ? [k, m] : [m, k])],
              dtype,
            }) as Tensor;
            const b = tensor(numbers(dtype, k * n), { shape: transposeB ? [n, k] : [k, n], dtype }) as Tensor;
            const plain = (x: Tensor, y: Tensor): Tensor => product(x, y, { transposeA, transposeB }) as Tensor;
            const compiled = compile(plain);
            const [got, products] = natively(() => compiled(a, b));
            expect(products).toBe(count);
            expectWithin(
              `${m}×${k}×${n}`,
              got.toTypedArray(),
              plain(a, b).toTypedArray(),
              k,
              new Float64Array(count * m * n).fill(k),
            );
          }
  });

  it("is another program than that without: switching is possible at any time", () => {
    const f = compile((x: Tensor) => product(x, x) as Tensor);
    const x = tensor(numbers("float32", 1024), { shape: [32, 32], dtype: "float32" }) as Tensor;
    const without = f(x).toTypedArray();
    expect(f.explain().kernels.map(({ runsIn }) => runsIn)).toEqual(["WebAssembly"]);
    const library = always();
    for (let turn = 0; turn < 3; turn++) {
      const [got, products] = natively(() => f(x).toTypedArray(), library);
      expect(products).toBe(1);
      expectWithin("with", got, without, 32, new Float64Array(1024).fill(32));
      expect(f.explain().kernels.map(({ runsIn }) => runsIn)).toEqual([found!.library]);
      expect(f.explain().toString()).toContain(`${found!.library}: matmul`);
      expectSame("without", f(x).toTypedArray(), without);
    }
    expect(f.programs()).toBe(2);
  });

  it("stays in WebAssembly where it is too small to pay", () => {
    const f = compile((x: Tensor, y: Tensor) => [product(x, x), product(y, y)]);
    const square = (size: number): Tensor => tensor(numbers("float64", size * size), { shape: [size, size] }) as Tensor;
    expect(natively(() => f(square(8), square(64)), found!)[1]).toBe(1);
    expect(f.explain().kernels.map(({ sizes, runsIn }) => [sizes[0], runsIn])).toEqual([
      [8, "WebAssembly"],
      [64, found!.library],
    ]);
  });

  it("keeps the gradient of rows that a zero weight switches off finite", () => {
    const x = tensor([
      [1, 2],
      [Infinity, NaN],
    ]) as Tensor;
    const keep = tensor([[1], [0]]) as Tensor;
    const gradient = compile(
      (x: Tensor, keep: Tensor, w: Tensor) =>
        grad((v: Tensor) => sum(mul(product(x, v), keep)) as Tensor<[]>)(w) as Tensor,
    );
    const [got, products] = natively(() => gradient(x, keep, zeros([2, 2]) as Tensor));
    expect(products).toBeGreaterThan(0);
    expect(got.toArray()).toEqual([
      [1, 1],
      [2, 2],
    ]);
  });

  it.each(names)(
    "is between the loops before and behind it, in batches, loops and where zeros absorb, in %s",
    (dtype) => {
      const filled = (...shape: number[]): Tensor =>
        tensor(
          numbers(
            dtype,
            shape.reduce((count, size) => count * size, 1),
          ),
          { shape, dtype },
        ) as Tensor;
      const holed = tensor(
        [
          [1, 2, 3],
          [NaN, Infinity, 1],
        ],
        { dtype },
      ) as Tensor;
      const cases: readonly (readonly [
        f: (...inputs: Tensor[]) => Tensor,
        inputs: readonly Tensor[],
        kernels: readonly string[],
      ])[] = [
        [
          (x, y, z) => sigmoid(product(x, y).add(z)) as Tensor,
          [filled(33, 20), filled(20, 7), filled(7)],
          ["matmul add sigmoid"],
        ],
        [
          (x, y, z) => sigmoid(product(x, y).add(z)) as Tensor,
          [filled(3, 5, 20), filled(20, 7), filled(7)],
          ["matmul add sigmoid"],
        ],
        [
          (x, y, z) =>
            scan((h: Tensor) => [sigmoid(product(x, h).add(y)) as Tensor, null] as const, z, null, { length: 3 })
              .carry as Tensor,
          [filled(6, 6), filled(4), filled(6, 4)],
          ["scan"],
        ],
        [
          (x, keep, w) =>
            w.sub((grad((v: Tensor) => sum(mul(product(x, v), keep)) as Tensor<[]>)(w) as Tensor).mul(0.5)) as Tensor,
          [holed, tensor([[1], [0]], { dtype }) as Tensor, filled(3, 2)],
          ["loop", "matmul mul sub"],
        ],
        [
          (x, y, z) => sigmoid(product(tanh(x), y).add(z)) as Tensor,
          [filled(33, 20), filled(20, 7), filled(7)],
          ["tanh matmul add sigmoid"],
        ],
        [(x, y) => product(softmax(x, 1), y) as Tensor, [filled(15, 20), filled(20, 7)], ["softmax matmul"]],
        [
          (x, y) => sigmoid(product(tanh(x), y)) as Tensor,
          [filled(3, 15, 20), filled(3, 20, 7)],
          ["tanh matmul sigmoid"],
        ],
      ];
      for (const [f, inputs, kernels] of cases) {
        const compiled = compile(f, { threads: 1 });
        const [got, products] = natively(() => compiled(...inputs));
        expect(products).toBeGreaterThan(0);
        expect(
          compiled
            .explain()
            .kernels.map(({ kind, prologue, epilogue }) =>
              [...prologue.map(([name]) => name), kind, ...epilogue.map(([name]) => name)].join(" "),
            ),
        ).toEqual(kernels);
        const expected = f(...inputs).toTypedArray();
        expectWithin(kernels[0]!, got.toTypedArray(), expected, 20, new Float64Array(expected.length).fill(20));
      }
    },
  );

  it("finds its operands after the memory has grown and moved", () => {
    const f = compile((x: Tensor) => product(x, x) as Tensor);
    const x = tensor(numbers("float64", 400), { shape: [20, 20] }) as Tensor;
    const [first] = natively(() => f(x).toTypedArray());
    const large = variable(zeros([1 << 21]) as Tensor);
    expectSame("after growth", natively(() => f(x).toTypedArray())[0], first);
    expect(large.read().shape).toEqual([1 << 21]);
  });

  it("goes there from within a loop of the program, at every turn", () => {
    const f = compile(
      (w: Tensor, start: Tensor) =>
        scan((x: Tensor) => [sigmoid(product(w, x) as Tensor) as Tensor, null] as const, start, null, { length: 12 })
          .carry as Tensor,
    );
    const [w, start] = [
      tensor(numbers("float64", 24 * 24), { shape: [24, 24] }),
      tensor(numbers("float64", 24 * 22), { shape: [24, 22] }),
    ] as [Tensor, Tensor];
    const without = f(w, start).toTypedArray();
    const [got, products] = natively(() => f(w, start).toTypedArray());
    expect(products).toBe(12);
    // A turn enlarges the rounding errors of the one before, or damps them: far less than this bound in either case.
    got.forEach((x, i) => expect(Math.abs(x - without[i]!)).toBeLessThan(1e-12));
    compared++;
  });

  it("may be verified: the bound is that of rounding", () => {
    const f = compile((x: Tensor) => product(x, x) as Tensor, { verify: true });
    const x = tensor(numbers("float32", 4096), { shape: [64, 64], dtype: "float32" }) as Tensor;
    // The function itself runs in WebAssembly, so that the last bits differ.
    expect(natively(() => f(x), { ...found!, leastWork: Infinity })[1]).toBe(1);
  });

  it("trains a network as WebAssembly does, but for rounding", () => {
    const [x, t] = [
      tensor(numbers("float64", 64 * 40), { shape: [64, 40] }),
      tensor(numbers("float64", 64 * 5), { shape: [64, 5] }),
    ] as [Tensor, Tensor];
    const start = {
      v: tensor(numbers("float64", 40 * 30), { shape: [40, 30] }) as Tensor,
      w: tensor(numbers("float64", 30 * 5), { shape: [30, 5] }) as Tensor,
    };
    const step = compile(
      valueAndGrad(({ v, w }: { v: Tensor; w: Tensor }) => {
        const error = (product(sigmoid(product(x, v) as Tensor), w) as Tensor).sub(t) as Tensor;
        return sum(mul(error, error)) as Tensor<[]>;
      }),
    );
    const train = (): number => {
      let { v, w } = start;
      let value = 0;
      for (let turn = 0; turn < 20; turn++) {
        const { value: cost, gradient: slope } = step({ v, w });
        value = cost.item();
        [v, w] = [v.sub(slope.v.mul(0.0005)) as Tensor, w.sub(slope.w.mul(0.0005)) as Tensor];
      }
      return value;
    };
    const [got, products] = natively(train);
    expect(products).toBe(20 * 5);
    const expected = train();
    expect(expected).toBeLessThan(64 * 5);
    expect(Math.abs(got - expected)).toBeLessThan(1e-10 * expected);
    compared++;
  });
});
