/** One product, three ways: the definition of its sums, the plain loops, and WebAssembly, all with the same bits. */

import { afterAll, afterEach, describe, expect, it, vi } from "vitest";
import { grad, jacobian, matmul as product, mul, sum, tensor, zeros, type Tensor } from "../../src/index.ts";
import type { Elements } from "../../src/graph/dtype.ts";
import {
  matmul,
  matmulByDefinition,
  matmulPlain,
  setWasmProducts,
  wasmProducts,
  type Absorbing,
  type Matrix,
  type WasmProducts,
} from "../../src/kernels/matmul.ts";
import { singleTermProducts } from "../../src/kernels/single-terms.ts";
import { setNativeProducts, type NativeOperands } from "../../src/kernels/native.ts";
import { heldBytes } from "../../src/backends/wasm/eager/matmul.ts";
import { expectNear, expectSame, magnitudes } from "../kernels/products.ts";
import { report } from "../report.ts";
import { random } from "./sampling.ts";

let compared = 0;

afterEach(() => {
  setWasmProducts("measured");
  vi.useRealTimers();
  vi.unstubAllGlobals();
  vi.resetModules();
});

afterAll(() => {
  report("checks", compared);
});

const next = random(5);
const Types = { float64: Float64Array, float32: Float32Array } as const;
type Name = keyof typeof Types;
const names = ["float64", "float32"] as const;
const flags = [false, true];

function numbers(dtype: Name, count: number): Elements {
  return new Types[dtype](count).map(() => 2 * next() - 1);
}

type Run = typeof matmul;

const plain: Run = (out, outAt, a, b, m, k, n, transposeA, transposeB) =>
  matmulPlain(out, outAt, a, b, m, k, n, transposeA, transposeB);

/** A product through WebAssembly, and proof that it went there. */
const fast: Run = (...operands) => {
  const before = wasmProducts();
  const former = setWasmProducts("always");
  matmul(...operands);
  setWasmProducts(former);
  const [, , , , m, k, n] = operands;
  if (wasmProducts() !== before + (m * k * n > 0 ? 1 : 0))
    throw new Error("the product did not go through WebAssembly");
};

/** A product against the definition; the operands lie a little into their memory, and the result too. */
function compare(
  run: Run,
  dtype: Name,
  m: number,
  k: number,
  n: number,
  transposeA: boolean,
  transposeB: boolean,
): void {
  const a = { elements: numbers(dtype, m * k + 3), offset: 3 };
  const b = { elements: numbers(dtype, k * n + 2), offset: 2 };
  const [got, expected] = [new Types[dtype](m * n + 7), new Types[dtype](m * n + 7)];
  run(got, 5, a, b, m, k, n, transposeA, transposeB, null);
  matmulByDefinition(expected, 5, a, b, m, k, n, transposeA, transposeB, null);
  expectSame(`${dtype} ${m}×${k}×${n} ${transposeA}/${transposeB}`, got, expected);
  compared++;
}

describe.each([
  ["plain loops", plain],
  ["WebAssembly", fast],
] as const)("the matrix product in %s", (_, run) => {
  it.each(names)("has the defined bits at every small size in %s", (dtype) => {
    for (let m = 0; m <= 9; m++)
      for (let k = 0; k <= 9; k++)
        for (let n = 0; n <= 9; n++) {
          for (const transposeA of flags)
            for (const transposeB of flags) compare(run, dtype, m, k, n, transposeA, transposeB);
        }
  });

  it.each(names)("has the defined bits around 64, and around the blocks of its sums, in %s", (dtype) => {
    for (const middle of [64, 256, 512])
      for (let round = 0; round < 4; round++) {
        const [m, k, n] = [60, middle - 4, 60].map((least) => (middle === 64 ? least : 1) + Math.floor(9 * next())) as [
          number,
          number,
          number,
        ];
        for (const transposeA of flags)
          for (const transposeB of flags)
            compare(run, dtype, m, middle === 64 ? k : middle - 5 + k, n, transposeA, transposeB);
      }
  });

  it.each(names)("has the defined bits for long rows and columns in %s", (dtype) => {
    for (const [m, k, n] of [
      [1, 400, 700],
      [400, 700, 1],
      [1, 3000, 1],
      [200, 1, 200],
      [2, 300, 100],
      [1, 70000, 9],
    ] as const) {
      for (const transposeA of flags)
        for (const transposeB of flags) compare(run, dtype, m, k, n, transposeA, transposeB);
    }
  });
});

describe("the definition of a sum", () => {
  it("is within the bound of its rounding errors of the sum in a wider type", () => {
    const [m, k, n] = [5, 900, 6];
    const [a, b] = [numbers("float32", m * k), numbers("float32", k * n)];
    const [got, wide] = [new Float32Array(m * n), new Float64Array(m * n)];
    for (const out of [got, wide])
      matmulByDefinition(out, 0, { elements: a, offset: 0 }, { elements: b, offset: 0 }, m, k, n, false, false, null);
    expectNear("float32", got, wide, { m, k, n }, magnitudes(a, b, { m, k, n }, false, false));
    expect([...got]).not.toEqual([...wide.map(Math.fround)]);
    compared++;
  });

  it("rounds each product and each sum, and starts anew after 256 of them", () => {
    const run = (dtype: Name, a: number[], b: number[]): number => {
      const [out, x, y] = [new Types[dtype](1), new Types[dtype](a), new Types[dtype](b)];
      matmulPlain(out, 0, { elements: x, offset: 0 }, { elements: y, offset: 0 }, 1, a.length, 1, false, false);
      return out[0]!;
    };
    const u = 2 ** -24;
    // (1 + 2⁻¹²)² = 1 + 2⁻¹¹ + 2⁻²⁴: the last bit is lost before 1 + 2⁻¹¹ is taken away.
    expect(run("float32", [1 + 2 ** -12, -1], [1 + 2 ** -12, 1 + 2 ** -11])).toBe(0);
    expect(run("float64", [1 + 2 ** -12, -1], [1 + 2 ** -12, 1 + 2 ** -11])).toBe(u);
    // Numbers too small to move 1 by themselves move it once a block of them is summed.
    const small = new Array<number>(512).fill(u);
    expect(run("float32", [1, ...small.slice(0, 255)], new Array<number>(256).fill(1))).toBe(1);
    expect(run("float32", [1, ...small], new Array<number>(513).fill(1))).toBe(1 + 256 * u);
    compared += 4;
  });
});

/** What drops terms: -0 in a cotangent, every 0 of a constant. */
const dropping: readonly (readonly [name: string, absorbing: NonNullable<Absorbing>, zero: number])[] = [
  ["marks on the left", { left: "marks", right: null }, -0],
  ["marks on the right", { left: null, right: "marks" }, -0],
  ["zeros on the left", { left: "zeros", right: "marks" }, 0],
  ["zeros on the right", { left: "marks", right: "zeros" }, 0],
];

describe("what was dropped", () => {
  it.each(["never", "always"] satisfies WasmProducts[])(
    "drops its products with what is not finite, and nothing else (WebAssembly: %s)",
    (mode) => {
      setWasmProducts(mode);
      for (const dtype of names)
        for (const [name, absorbing, none] of dropping)
          for (const transposeA of flags)
            for (const transposeB of flags)
              for (const bad of [Infinity, -Infinity, NaN]) {
                for (let size = 1; size <= 6; size++) {
                  const [a, b] = [numbers(dtype, size * size), numbers(dtype, size * size)];
                  const [zero, other] = name.endsWith("right") ? [b, a] : [a, b];
                  const both = (how: Absorbing): Elements => {
                    const [got, expected] = [new Types[dtype](size * size), new Types[dtype](size * size)];
                    matmul(
                      got,
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
                    matmulByDefinition(
                      expected,
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
                    expectSame(`${dtype} ${name} ${transposeA}/${transposeB} ${bad} ${size}`, got, expected);
                    compared++;
                    return got;
                  };
                  other[size - 1] = bad;
                  // Single entries are left out of sums that others are in.
                  zero[Math.floor((size * size) / 2)] = none;
                  both(absorbing);
                  zero.fill(none);
                  expect(both(absorbing)).toEqual(new Types[dtype](size * size).fill(-0));
                  expect(both({ ...absorbing, plain: true })).toEqual(new Types[dtype](size * size));
                  expect(both(null).some((x: number) => Number.isNaN(x))).toBe(true);
                  zero.fill(1);
                  expect(both(absorbing).some((x: number) => !Number.isFinite(x))).toBe(true);
                  // A slope that came out as 0 is a number.
                  zero.fill(0);
                  expect(both({ left: "marks", right: "marks" }).some((x: number) => Number.isNaN(x))).toBe(true);
                  other.fill(1);
                  expect(both({ left: "marks", right: "marks" })).toEqual(new Types[dtype](size * size));
                }
              }
    },
  );

  it("leaves no mark in a plain product, whatever a library makes of it", () => {
    const multiply = ({ out }: NativeOperands): void => void out.fill(-0);
    const former = setNativeProducts({
      library: "signed",
      leastWork: 1,
      leastWorkInProgram: 1,
      multiply,
      products: () => 0,
    });
    const [ones, out] = [new Float64Array(4).fill(1), new Float64Array(4).fill(1)];
    matmul(out, 0, { elements: ones, offset: 0 }, { elements: ones, offset: 0 }, 2, 2, 2, false, false, {
      left: "marks",
      right: null,
      plain: true,
    });
    setNativeProducts(former);
    expect(out).toEqual(new Float64Array(4));
    compared++;
  });

  it("is found in single entries beside numbers that sum to 0", () => {
    for (const mode of ["never", "always"] as const) {
      setWasmProducts(mode);
      const [a, b] = [new Float64Array([1, -1, -0, 0, -0, -0]), new Float64Array([1, 2, 1, 2])];
      const out = new Float64Array(6);
      matmul(out, 0, { elements: a, offset: 0 }, { elements: b, offset: 0 }, 3, 2, 2, false, false, {
        left: "marks",
        right: null,
      });
      expect([...out]).toEqual([0, 0, 0, 0, -0, -0]);
      compared++;
    }
  });

  it("counts for columns and rows that are taken for each other", () => {
    for (const mode of ["never", "always"] as const)
      for (const side of ["left", "right"] as const) {
        setWasmProducts(mode);
        const matrix = new Float64Array([1, NaN, 2, 3, Infinity, 4]);
        const column = new Float64Array([1, -0, 1]);
        const out = new Float64Array(2);
        const absorbing = { left: null, right: null, [side]: "marks" } as NonNullable<Absorbing>;
        matmul(
          out,
          0,
          { elements: matrix, offset: 0 },
          { elements: column, offset: 0 },
          2,
          3,
          1,
          false,
          false,
          absorbing,
        );
        expect([...out]).toEqual(side === "right" ? [3, 7] : [NaN, NaN]);
        compared++;
      }
  });

  it("keep the gradient of rows that a zero weight switches off finite", () => {
    for (const mode of ["never", "always"] as const) {
      setWasmProducts(mode);
      const x = tensor([
        [1, 2],
        [Infinity, NaN],
      ]) as Tensor;
      const keep = tensor([[1], [0]]) as Tensor;
      const gradient = grad((w: Tensor) => sum(mul(product(x, w), keep)) as Tensor<[]>)(zeros([2, 2]) as Tensor);
      expect(gradient.toArray()).toEqual([
        [1, 1],
        [2, 2],
      ]);
      compared++;
    }
  });
});

/** Numbers of which each row keeps at most one, at a place of its own; the others drop their terms. */
function seeds(dtype: Name, m: number, k: number, transposed: boolean, none: number): Elements {
  const found = new Types[dtype](m * k).fill(none);
  for (let row = 0; row < m; row++) {
    const place = Math.floor((k + 1) * next());
    if (place < k) found[transposed ? place * m + row : row * k + place] = 2 * next() - 1;
  }
  return found;
}

describe("a product of which every entry is one term at most", () => {
  /** The product beside the definition; whether it was seen to be one of single terms. */
  function isSeen(
    dtype: Name,
    [a, b]: readonly [Elements, Elements],
    [m, k, n]: readonly [number, number, number],
    [transposeA, transposeB]: readonly [boolean, boolean],
    absorbing: Absorbing,
  ): boolean {
    const [got, expected] = [new Types[dtype](m * n + 5).fill(7), new Types[dtype](m * n + 5).fill(7)];
    const [A, B] = [a, b].map((x) => {
      const elements = new Types[dtype](x.length + 3);
      elements.set(x, 3);
      return { elements, offset: 3 };
    }) as [Matrix, Matrix];
    const before = singleTermProducts();
    setWasmProducts("always");
    matmul(got, 2, A, B, m, k, n, transposeA, transposeB, absorbing);
    matmulByDefinition(expected, 2, A, B, m, k, n, transposeA, transposeB, absorbing);
    expectSame(`${dtype} ${m}×${k}×${n} ${transposeA}/${transposeB} ${JSON.stringify(absorbing)}`, got, expected);
    compared++;
    return singleTermProducts() > before;
  }

  const sides = [null, "marks", "zeros"] as const;
  const extremes = [0, -0, Infinity, -Infinity, NaN, 1e-40, -1e-300];
  const flagged = flags.flatMap((a) => flags.map((b) => [a, b] as const));

  it.each(names)("is an outer product, with or without what is dropped, in %s", (dtype) => {
    for (const [m, n] of [
      [2, 2],
      [3, 9],
      [8, 5],
      [30, 17],
    ] as const)
      for (const ways of flagged)
        for (const left of sides)
          for (const right of sides)
            for (const plain of flags) {
              const operands = [numbers(dtype, m), numbers(dtype, n)] as const;
              extremes.forEach((x, i) => (operands[i % 2]![(5 * i) % operands[i % 2]!.length] = x));
              const absorbing = left === null && right === null ? null : { left, right, plain };
              expect(isSeen(dtype, operands, [m, 1, n], ways, absorbing)).toBe(true);
            }
  });

  it.each(names)("has seeds on the left, beside numbers that are finite or not, in %s", (dtype) => {
    for (const [m, k, n] of [
      [2, 2, 2],
      [7, 3, 6],
      [4, 9, 5],
      [16, 16, 16],
    ] as const)
      for (const ways of flagged)
        for (const left of ["marks", "zeros"] as const)
          for (const right of sides)
            for (const plain of flags) {
              const a = seeds(dtype, m, k, ways[0], left === "marks" ? -0 : 0);
              const b = numbers(dtype, k * n);
              extremes.forEach((x, i) => (b[(3 * i) % b.length] = x));
              expect(isSeen(dtype, [a, b], [m, k, n], ways, { left, right, plain })).toBe(true);
            }
  });

  it("has no row with two terms, and none where nothing is dropped, or only computed as 0", () => {
    const size = [5, 6, 7] as const;
    const b = numbers("float64", 42);
    for (const ways of flagged) {
      const marked = seeds("float64", 5, 6, ways[0], -0);
      expect(isSeen("float64", [marked, b], size, ways, { left: null, right: "marks" })).toBe(false);
      expect(isSeen("float64", [marked, b], size, ways, null)).toBe(false);
      const computed = seeds("float64", 5, 6, ways[0], 0);
      expect(isSeen("float64", [computed, b], size, ways, { left: "marks", right: null })).toBe(false);
      marked.fill(1, 28);
      marked.fill(1, 0, 2);
      expect(isSeen("float64", [marked, b], size, ways, { left: "marks", right: null })).toBe(false);
    }
  });

  it("is what the seeds of a Jacobian meet first", () => {
    const w = tensor(numbers("float64", 24 * 24) as Float64Array, { shape: [24, 24] }) as Tensor;
    const x = tensor(numbers("float64", 24) as Float64Array) as Tensor;
    setWasmProducts("always");
    const before = singleTermProducts();
    const rows = jacobian((v: Tensor) => product(w, v) as Tensor, { mode: "reverse" })(x) as Tensor;
    expect(singleTermProducts()).toBeGreaterThan(before);
    expect(rows.toArray()).toEqual(w.toArray());
    compared++;
  });
});

/** A fresh copy of the library's kernels, as a host with this WebAssembly would load them. */
async function loadedWith(
  host: unknown,
): Promise<{ kernels: typeof import("../../src/kernels/matmul.ts"); errors: typeof import("../../src/errors.ts") }> {
  vi.resetModules();
  vi.stubGlobal("WebAssembly", host);
  await import("../../src/backends/wasm/eager/load.ts");
  return { kernels: await import("../../src/kernels/matmul.ts"), errors: await import("../../src/errors.ts") };
}

const real = (globalThis as unknown as { readonly WebAssembly: { readonly Memory: new (limits: object) => object } })
  .WebAssembly;

/** The host's WebAssembly with another constructor of memories or modules. */
const hostWith = (changed: object): object =>
  Object.assign(Object.create(real) as object, { Memory: real.Memory }, changed);

/** As a constructor: one that gives nothing. */
function refuse(): never {
  throw new RangeError("refused");
}

describe("the choice of a kernel", () => {
  const square = (
    size: number,
  ): [Float64Array, { elements: Float64Array; offset: number }, { elements: Float64Array; offset: number }] => [
    new Float64Array(size * size),
    { elements: numbers("float64", size * size) as Float64Array, offset: 0 },
    { elements: numbers("float64", size * size) as Float64Array, offset: 0 },
  ];

  it("takes the plain loops for small products and at first, and WebAssembly for the others", async () => {
    const { kernels } = await loadedWith(real);
    const run = (size: number): number => {
      const before = kernels.wasmProducts();
      const [out, a, b] = square(size);
      kernels.matmul(out, 0, a, b, size, size, size, false, false, null);
      return kernels.wasmProducts() - before;
    };
    expect([run(8), run(64), run(7)]).toEqual([0, 0, 0]);
    expect([run(130), run(64), run(8), run(7)]).toEqual([1, 1, 1, 0]);
  });

  it.each([
    ["there is no WebAssembly", undefined],
    ["it has no vectors", hostWith({ validate: () => false })],
    ["a page's policy forbids modules", hostWith({ Module: refuse })],
    ["no memory is given at all", hostWith({ Memory: refuse })],
  ])("falls back to the plain loops where %s", async (_, host) => {
    const { kernels } = await loadedWith(host);
    kernels.setWasmProducts("always");
    const [out, a, b] = square(20);
    const expected = out.slice();
    kernels.matmul(out, 0, a, b, 20, 20, 20, false, true, null);
    matmulByDefinition(expected, 0, a, b, 20, 20, 20, false, true, null);
    expectSame("without WebAssembly", out, expected);
    expect(kernels.wasmProducts()).toBe(0);
  });

  it("says how much memory was refused, and goes on with smaller products", async () => {
    class Memory {
      readonly buffer: ArrayBuffer;
      constructor(limits: object) {
        const memory = new real.Memory(limits);
        Object.defineProperty(memory, "grow", {
          value: () => {
            throw new RangeError("refused");
          },
        });
        this.buffer = new ArrayBuffer(0);
        return memory as Memory;
      }
    }
    const { kernels, errors } = await loadedWith(hostWith({ Memory }));
    kernels.setWasmProducts("always");
    const [out, a, b] = square(300);
    const refused = (): unknown => {
      try {
        kernels.matmul(out, 0, a, b, 300, 300, 300, false, false, null);
        return null;
      } catch (error) {
        return error;
      }
    };
    const error = refused();
    expect(error).toBeInstanceOf(errors.OutOfMemoryError);
    expect(error).toBeInstanceOf(RangeError);
    expect(errors.isAutogradError(error)).toBe(true);
    expect(error).toMatchObject({ op: "matmul", code: "OUT_OF_MEMORY", name: "OutOfMemoryError" });
    expect((error as Error).message).toMatch(
      /^matmul: 3 MiB for the operands and the product were refused: multiply fewer rows/,
    );
    const [small, x, y] = square(9);
    const expected = small.slice();
    kernels.matmul(small, 0, x, y, 9, 9, 9, false, false, null);
    matmulByDefinition(expected, 0, x, y, 9, 9, 9, false, false, null);
    expectSame("after a refusal", small, expected);
    expect(kernels.wasmProducts()).toBe(1);
  });

  it("lets a large memory go when it is idle, keeps it while it is used, and makes another when it is needed", () => {
    vi.useFakeTimers();
    setWasmProducts("always");
    const k = 3000;
    const [a, b] = [
      { elements: numbers("float64", 2 * k), offset: 0 },
      { elements: new Float64Array(k * k).fill(0.5), offset: 0 },
    ];
    const out = new Float64Array(2 * k);
    const multiply = (): void => matmul(out, 0, a, b, 2, k, k, false, false, null);
    multiply();
    const held = heldBytes();
    expect(held).toBeGreaterThan(8 * k * k);
    vi.advanceTimersByTime(700);
    multiply();
    vi.advanceTimersByTime(700);
    expect(heldBytes()).toBe(held);
    vi.advanceTimersByTime(2000);
    expect(heldBytes()).toBe(0);
    expect(vi.getTimerCount()).toBe(0);
    const first = out.slice();
    multiply();
    expect(heldBytes()).toBe(held);
    expectSame("in a new memory", out, first);
    vi.advanceTimersByTime(3000);
    expect(heldBytes()).toBe(0);
  });
});
