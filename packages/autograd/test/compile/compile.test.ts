/**
 * What a compiled function promises its caller: arguments, states, captured values, refusals, what it keeps and what it
 * shows.
 */

import { describe, expect, it, vi } from "vitest";
import {
  add,
  cast,
  compile,
  customGradient,
  detectAnomaly,
  div,
  gather,
  grad,
  GraphError,
  greater,
  IndexRangeError,
  matmul,
  mul,
  noGrad,
  NonFiniteError,
  relu,
  sigmoid,
  stopGradient,
  sub,
  sum,
  tensor,
  valueAndGrad,
  variable,
  where,
  type Tensor,
} from "../../src/index.ts";

const error = (body: () => unknown): GraphError => {
  try {
    body();
  } catch (thrown) {
    return thrown as GraphError;
  }
  throw new Error("nothing was thrown");
};

describe("arguments and results", () => {
  it("are trees of tensors and numbers; the structure of the result is the function's", () => {
    const f = compile((p: { w: Tensor; list: readonly [Tensor, number] }) => ({
      total: sum(mul(p.w, p.list[0])),
      again: [p.w, mul(p.w, p.list[1])],
      name: "f",
      none: null,
    }));
    const { total, again, name, none } = f({ w: tensor([1, 2]), list: [tensor([3, 4]), 10] });
    expect(total.item()).toBe(11);
    expect(again.map((x) => x.toArray())).toEqual([
      [1, 2],
      [10, 20],
    ]);
    expect([name, none]).toEqual(["f", null]);
  });

  it("change from call to call, numbers too, without another program", () => {
    const f = compile((x: Tensor, scale: number) => x.mul(scale));
    expect(f(tensor([1, 2]), 3).toArray()).toEqual([3, 6]);
    expect(f(tensor([1, 2]), -0.5).toArray()).toEqual([-0.5, -1]);
    expect(f.programs()).toBe(1);
  });

  it("take the type of the tensor beside them where they are numbers", () => {
    const f = compile((x: Tensor, rate: number) => x.sub(mul(mul(rate, 2), x)));
    const result = f(tensor([1, 2], { dtype: "float32" }), 0.1);
    expect(result.dtype).toBe("float32");
    expect(result.toArray()).toEqual([1, 2].map((x) => Math.fround(x - Math.fround(Math.fround(0.2) * x))));
  });

  it("get a program for each shape, type and setting", () => {
    const f = compile((x: Tensor, mode: string) => (mode === "double" ? x.mul(2) : x.neg()));
    expect(f(tensor([1, 2]), "double").toArray()).toEqual([2, 4]);
    expect(f(tensor([1, 2]), "negative").toArray()).toEqual([-1, -2]);
    expect(f(tensor([1, 2, 3]), "double").toArray()).toEqual([2, 4, 6]);
    expect(f(tensor([1, 2], { dtype: "float32" }), "double").dtype).toBe("float32");
    expect(f.programs()).toBe(4);
  });

  it("keep no more than 32 programs", () => {
    const f = compile((x: Tensor) => x.add(1));
    for (let n = 1; n <= 40; n++)
      expect(f(tensor(new Float64Array(n))).toArray()).toEqual(Array.from({ length: n }, () => 1));
    expect(f.programs()).toBe(32);
  });

  it("are tensors of their own: a later call changes none of them", () => {
    const f = compile((x: Tensor) => x.mul(2));
    const first = f(tensor([1, 2]));
    f(tensor([5, 6]));
    expect(first.toArray()).toEqual([2, 4]);
  });

  it("of 16 KiB or more are not copied again where they come again, and nothing else is written to their places", () => {
    const large = (shift: number): Tensor => tensor(Float64Array.from({ length: 2048 }, (_, k) => Math.sin(k + shift)));
    // Several kernels, with values that would fit into places that are no longer read.
    const f = (x: Tensor, y: Tensor): Tensor => {
      const total = sum(mul(x, y));
      const scaled = y.mul(total);
      return scaled.sub(sum(scaled)).mul(x);
    };
    const compiled = compile(f);
    const [a, b, c] = [large(0), large(1), large(2)];
    for (const [x, y] of [
      [a, b],
      [a, b],
      [c, b],
      [a, b],
      [b, a],
      [b, b],
      [b, a],
    ] as const)
      expect(compiled(x, y).toArray()).toEqual(f(x, y).toArray());
    // A tensor never changes; changed behind the library's back it shows that nobody read it.
    const before = compiled(b, a).toArray();
    (b.storage as Float64Array)[7] = 1e9;
    expect(compiled(b, a).toArray()).toEqual(before);
  });

  it("may be handed through, be constant, or be the same twice", () => {
    const f = compile((x: Tensor) => [x, tensor([7, 8]), tensor(3), x, x.reshape([2, 1]), x.mul(0).add(1)]);
    expect(f(tensor([1, 2])).map((y) => y.toArray())).toEqual([[1, 2], [7, 8], 3, [1, 2], [[1], [2]], [1, 1]]);
  });

  it("may be empty, or nothing at all", () => {
    expect(compile((x: Tensor) => sum(x))(tensor([])).item()).toBe(0);
    expect(compile((x: Tensor) => x.add(1))(tensor([])).toArray()).toEqual([]);
    expect(compile(() => tensor([1, 2]).add(1))().toArray()).toEqual([2, 3]);
    expect(compile(() => null)()).toBeNull();
  });
});

describe("what a function captures", () => {
  it("is a constant of the program, as the documentation says", () => {
    let rate = 2;
    const f = compile((x: Tensor) => x.mul(rate));
    f(tensor([1]));
    rate = 3;
    expect(f(tensor([1])).toArray()).toEqual([2]);
  });

  it("is found out by `verify` where it has changed", () => {
    let rate = 2;
    const f = compile((x: Tensor) => x.mul(rate), { verify: true });
    expect(f(tensor([1])).toArray()).toEqual([2]);
    rate = 3;
    const thrown = error(() => f(tensor([1])));
    expect(thrown.code).toBe("VERIFY");
    expect(thrown.message).toContain("the function gives 3, the program 2");
  });

  it("must not be a tensor that is being differentiated", () => {
    const thrown = error(() =>
      grad((x: Tensor<[]>) => compile((y: Tensor<[]>) => y.mul(x))(tensor(2)) as Tensor<[]>)(3),
    );
    expect(thrown.code).toBe("CAPTURED");
    const w = tensor([1], { requiresGrad: true });
    expect(error(() => compile((x: Tensor) => x.mul(w))(tensor([2]))).code).toBe("CAPTURED");
  });
});

describe("variables", () => {
  it("are read and assigned, in programs and outside, in any order", () => {
    const w = variable(tensor([1, 2]));
    const step = compile((x: Tensor) => {
      w.assign(w.read().add(x));
      return w.read().mul(10);
    });
    expect(step(tensor([1, 1])).toArray()).toEqual([20, 30]);
    expect(w.read().toArray()).toEqual([2, 3]);
    w.assign(tensor([0, 0]));
    expect(step(tensor([1, 1])).toArray()).toEqual([10, 10]);
    expect(step(tensor([1, 1])).toArray()).toEqual([20, 20]);
    expect(w.read().toArray()).toEqual([2, 2]);
  });

  it("are shared by programs, and may be swapped", () => {
    const [a, b] = [variable(tensor([1])), variable(tensor([2]))];
    const swap = compile(() => {
      const former = a.read();
      a.assign(b.read());
      b.assign(former);
    });
    const total = compile(() => a.read().mul(10).add(b.read()));
    expect(total().toArray()).toEqual([12]);
    swap();
    expect(total().toArray()).toEqual([21]);
    swap();
    expect(total().toArray()).toEqual([12]);
  });

  it("keep their shape and type", () => {
    const w = variable(tensor([1, 2]));
    expect(() => w.assign(tensor([1, 2, 3]))).toThrow("a variable keeps its shape");
    expect(() => w.assign(tensor([1, 2], { dtype: "float32" }))).toThrow('cast(value, "float64")');
    expect(() => compile(() => w.assign(tensor([1])))()).toThrow("a variable keeps its shape");
    const rate = variable(tensor(0.5, { dtype: "float32" }));
    rate.assign(0.1);
    expect(rate.read().item()).toBe(Math.fround(0.1));
    compile(() => {
      rate.assign(0.3);
    })();
    expect(rate.read().item()).toBe(Math.fround(0.3));
    expect(() => rate.assign("0.1" as unknown as number)).toThrow("an operand is string");
  });

  it("pass no derivative on", () => {
    const w = variable(tensor(0));
    const f = grad((x: Tensor<[]>) => {
      w.assign(x.mul(x));
      return w.read().mul(x) as Tensor<[]>;
    });
    expect((f(3) as Tensor).item()).toBe(9);
    expect((compile(f)(3) as Tensor).item()).toBe(9);
  });

  it("are verified as well", () => {
    const w = variable(tensor([1]));
    const step = compile(
      (x: Tensor) => {
        w.assign(w.read().mul(x));
      },
      { verify: true },
    );
    step(tensor([3]));
    step(tensor([3]));
    expect(w.read().toArray()).toEqual([9]);
  });

  it("train: a step with its gradient and its update gives the bits of the engine", () => {
    const rows = (n: number, m: number, seed: number) =>
      tensor(
        Float64Array.from({ length: n * m }, (_, i) => Math.sin(seed + 3 * i)),
        { shape: [n, m], dtype: "float32" },
      ) as Tensor;
    const [x, t] = [rows(10, 20, 1), rows(10, 3, 2)];
    const learn =
      (read: () => Tensor[], write: (next: Tensor[]) => void) =>
      (inputs: Tensor, targets: Tensor, rate: number): Tensor => {
        const { value, gradient } = valueAndGrad((p: Tensor[]) => {
          const v = sigmoid(
            matmul(sigmoid(matmul(inputs, p[0]!, { transposeB: true }).add(p[1]!)), p[2]!, { transposeB: true }).add(
              p[3]!,
            ),
          );
          const e = sub(v, targets);
          return sum(mul(e, e)).mul(0.05) as Tensor<[]>;
        })(read());
        write(read().map((p, k) => p.sub(mul(rate, (gradient as Tensor[])[k]!))));
        return value;
      };
    const first = [rows(7, 20, 3), rows(1, 7, 4).reshape([7]), rows(3, 7, 5), rows(1, 3, 6).reshape([3])];
    let plain: Tensor[] = first;
    const eager = learn(
      () => plain,
      (next) => (plain = next),
    );
    const states = first.map((p) => variable(p));
    const compiled = compile(
      learn(
        () => states.map((s) => s.read()),
        (next) => states.forEach((s, k) => s.assign(next[k]!)),
      ),
    );
    for (let step = 0; step < 5; step++) {
      // A rate that is a number beside float32 is rounded to it in both.
      expect(compiled(x, t, 0.5).item()).toBe(eager(x, t, 0.5).item());
    }
    states.forEach((s, k) => expect([...s.read().toTypedArray()]).toEqual([...plain[k]!.toTypedArray()]));
    expect(compiled.programs()).toBe(1);
  });
});

describe("refusals name the op, the line, and what to do", () => {
  it.each<[string, (x: Tensor) => unknown]>([
    ["item", (x) => sum(x).item()],
    ["toArray", (x) => x.toArray()],
    ["toTypedArray", (x) => x.toTypedArray()],
    ["read", (x) => customGradient({ name: "mine", forward: (y) => tensor(y.toTypedArray()), vjp: (g) => g })(x)],
  ])("reading a value: %s", (_, f) => {
    const thrown = error(() => compile(f)(tensor([1, 2])));
    expect(thrown.code).toBe("TRACED");
    expect(thrown.hint).toContain("where(condition, a, b)");
    expect(thrown.at).toContain("compile.test.ts");
  });

  it("a comparison in JavaScript", () => {
    expect(() => compile((x: Tensor) => ((x as unknown as number) > 0 ? x : x.neg()))(tensor([1]))).toThrow(
      "a tensor stands where JavaScript wants a number",
    );
  });

  it("a value that leaks", () => {
    let leaked: Tensor | null = null;
    compile((x: Tensor) => (leaked = x.mul(2)))(tensor([1]));
    expect(error(() => leaked!.toArray()).message).toContain("without being returned");
  });

  it("an async function, a function that is none, an argument that is none", () => {
    expect(() => compile(async (x: Tensor) => Promise.resolve(x))(tensor([1]))).toThrow("must not be async");
    expect(() => compile(3 as unknown as () => Tensor)).toThrow("not a function");
    expect(() => compile((x: Tensor) => x)(new Map() as unknown as Tensor)).toThrow("is Map");
    expect(() => compile((x: Tensor) => x)((() => 1) as unknown as Tensor)).toThrow("is a function");
  });

  it("shapes that do not fit, when the program is made", () => {
    expect(() => compile((x: Tensor, y: Tensor) => x.add(y))(tensor([1, 2]), tensor([1, 2, 3]))).toThrow(
      "cannot broadcast [2] with [3]",
    );
  });

  it("an index outside its axis, when the program runs", () => {
    const pick = compile((x: Tensor, at: Tensor) => gather(x, at));
    expect(pick(tensor([5, 6, 7]), tensor([2, 0], { dtype: "int32" })).toArray()).toEqual([7, 5]);
    expect(() => pick(tensor([5, 6, 7]), tensor([2, 3], { dtype: "int32" }))).toThrow(IndexRangeError);
    expect(pick(tensor([5, 6, 7]), tensor([1, 1], { dtype: "int32" })).toArray()).toEqual([6, 6]);
  });

  it("a cast of what int32 does not have, in every lane and on every thread; what lies beyond the last entry is none of its business", () => {
    for (const dtype of ["float64", "float32"] as const) {
      for (const [shape, threads] of [
        [[], 1],
        [[3], 1],
        [[9], 1],
        [[7, 3], 1],
        [[70_001], 1],
        [[70_001], 3],
      ] as const) {
        const count = shape.reduce((product: number, size) => product * size, 1);
        // Beyond the end 1/x is infinite.
        const whole = compile((x: Tensor) => cast(mul(div(1, x), 8), "int32"), { threads });
        const right = (change: (numbers: Float64Array) => void): Tensor => {
          const numbers = new Float64Array(count).fill(4);
          change(numbers);
          return tensor(numbers, { shape, dtype });
        };
        const good = right(() => undefined);
        expect(
          whole(good)
            .toTypedArray()
            .every((x) => x === 2),
        ).toBe(true);
        for (const at of [0, Math.floor(count / 2), count - 1]) {
          for (const bad of [NaN, 0, -0, 1e-10, -1e-10]) {
            expect(() => whole(right((numbers) => (numbers[at] = bad)))).toThrow(NonFiniteError);
          }
          // −2³¹ is the least that there is.
          expect(whole(right((numbers) => (numbers[at] = -(2 ** -28)))).toTypedArray()[at]).toBe(-(2 ** 31));
        }
        expect(
          whole(good)
            .toTypedArray()
            .every((x) => x === 2),
        ).toBe(true);
      }
    }
  });

  it("leave variables as they were", () => {
    const count = variable(tensor([1, 2]));
    const step = compile((x: Tensor, at: Tensor) => count.assign(count.read().add(gather(x, at))));
    expect(() => step(tensor([5, 6]), tensor([0, 2], { dtype: "int32" }))).toThrow(IndexRangeError);
    expect(count.read().toArray()).toEqual([1, 2]);
    step(tensor([5, 6]), tensor([0, 1], { dtype: "int32" }));
    expect(count.read().toArray()).toEqual([6, 8]);
  });

  it("an explanation before the first call", () => {
    expect(() => compile((x: Tensor) => x).explain()).toThrow("call the compiled function first");
  });
});

describe("beside other transforms", () => {
  const loss = (x: Tensor): Tensor<[]> => sum(mul(sigmoid(x), x)) as Tensor<[]>;

  it("derivatives of any order are taken inside", () => {
    const x = tensor([0.5, -1]);
    const third = grad(
      (a: Tensor) => sum(grad((b: Tensor) => sum(grad(loss)(b) as Tensor) as Tensor<[]>)(a) as Tensor) as Tensor<[]>,
    );
    expect((compile(third)(x) as Tensor).toArray()).toEqual((third(x) as Tensor).toArray());
  });

  it("a derivative outside runs the function itself, and is right", () => {
    const x = tensor([0.5, -1]);
    expect((grad((a: Tensor) => compile(loss)(a))(x) as Tensor).toArray()).toEqual((grad(loss)(x) as Tensor).toArray());
  });

  it("values that count as constant inside do so in the program", () => {
    const f = compile(grad((x: Tensor<[]>) => mul(x, stopGradient(mul(x, x))) as Tensor<[]>));
    expect((f(3) as Tensor).item()).toBe(9);
    const g = compile(
      grad(
        (x: Tensor<[]>) =>
          mul(
            x,
            noGrad(() => mul(x, 2)),
          ) as Tensor<[]>,
      ),
    );
    expect((g(3) as Tensor).item()).toBe(6);
    const h = compile(() => noGrad(() => grad((x: Tensor<[]>) => mul(x, x))(4)));
    expect(h().item()).toBe(8);
  });

  it("rules by hand in the library's ops are compiled", () => {
    const square = customGradient({
      name: "square",
      forward: (x) => x.mul(x),
      vjp: (g, { inputs: [x] }) => g.mul(x!).mul(3),
    });
    expect((compile(grad((x: Tensor<[]>) => square(x) as Tensor<[]>))(2) as Tensor).item()).toBe(6);
  });

  it("a compiled function inside another becomes part of it", () => {
    const inner = compile((x: Tensor) => relu(x));
    const outer = compile((x: Tensor) => inner(x).add(1));
    expect(outer(tensor([-1, 2])).toArray()).toEqual([1, 3]);
    expect(inner.programs()).toBe(0);
  });

  it("anomaly mode sees the ops", () => {
    const f = compile((x: Tensor) => x.log());
    expect(f(tensor([-1])).toArray()).toEqual([NaN]);
    expect(() => detectAnomaly(() => f(tensor([-1])))).toThrow("log");
  });

  it("what the function does beside calling ops happens once", () => {
    const seen = vi.fn();
    const f = compile((x: Tensor) => {
      seen();
      return x.add(1);
    });
    f(tensor([1]));
    f(tensor([2]));
    expect(seen).toHaveBeenCalledTimes(1);
  });
});

describe("what a program keeps", () => {
  it("needs no more memory after 10,000 calls", () => {
    const w = variable(tensor(new Float64Array(100)));
    const step = compile((x: Tensor) => {
      w.assign(w.read().add(x));
      return sum(w.read());
    });
    const x = tensor(new Float64Array(100).fill(1));
    const run = (times: number): void => {
      for (let i = 0; i < times; i++) step(x);
    };
    run(2000);
    const collect = (globalThis as { gc?: () => void }).gc;
    collect?.();
    const before = process.memoryUsage();
    run(10_000);
    collect?.();
    const after = process.memoryUsage();
    expect(w.read().toArray()).toEqual(Array.from({ length: 100 }, () => 12_000));
    expect(after.external - before.external).toBeLessThan(2e6);
    expect(after.heapUsed - before.heapUsed).toBeLessThan(16e6);
  });

  it("fits its lower bound", () => {
    const f = compile((x: Tensor) => {
      let y = x;
      for (let i = 0; i < 12; i++) y = matmul(sigmoid(y), x);
      return y;
    });
    f(tensor(new Float64Array(64 * 64), { shape: [64, 64] }));
    const { arenaBytes, lowerBoundBytes } = f.explain();
    expect(arenaBytes / lowerBoundBytes).toBeLessThan(1.3);
  });

  it("is explained stage by stage: what each took, and how much it gave", () => {
    // Twice the same, and a dead end.
    const f = compile((x: Tensor) => {
      mul(x, 7);
      return add(mul(x, 3), mul(x, 3));
    });
    f(tensor([1, 2]));
    const report = f.explain({ stages: true });
    const sizes = Object.fromEntries(report.stages.map(({ name, size }) => [name, size]));
    expect(Object.keys(sizes)).toEqual(["trace", "ir", "passes", "schedule", "backend"]);
    expect(sizes).toMatchObject({ schedule: report.kernels.length, backend: report.codeBytes });
    expect(sizes["trace"]).toBe(5);
    // The argument, 3, the product, the sum, and the result.
    expect(sizes["ir"]).toBe(5);
    const shown = String(report).split("\n")[1]!;
    expect(shown).toMatch(/^trace 5 ops \d+\.\d ms → ir 5 values .* → schedule 1 kernel \d.* → backend \d+ bytes \d/);
    expect(String(f.explain())).not.toContain("→ ir");
  });

  it("is explained: kernels, what they fuse, sizes, memory, times", () => {
    const f = compile((x: Tensor, w: Tensor) => sum(sigmoid(matmul(x, w).add(1)), 0));
    f(
      tensor([
        [1, 2, 3],
        [4, 5, 6],
      ]),
      tensor([
        [1, 2],
        [3, 4],
        [5, 6],
      ]),
    );
    const report = f.explain({ runs: 3 });
    expect(report.kernels.map(({ kind }) => kind)).toContain("matmul");
    expect(report.kernels[0]!.sizes).toEqual([2, 3, 2]);
    expect(report.kernels[0]!.ops).toEqual([
      ["matmul", 1],
      ["add", 1],
      ["sigmoid", 1],
    ]);
    expect(report.kernels[0]!.epilogue).toEqual([
      ["add", 1],
      ["sigmoid", 1],
    ]);
    expect(report.kernels.every(({ milliseconds }) => milliseconds !== null && milliseconds >= 0)).toBe(true);
    expect(String(report)).toMatch(/kernels, arena .* scratch .* code/);
    for (const line of String(report).split("\n")) expect(line.length).toBeLessThanOrEqual(120);
    expect(f.explain().kernels[0]!.milliseconds).toBeNull();
  });
});

it("fused multiply-add stays within its bound", () => {
  const numbers = (n: number, m: number) =>
    tensor(
      Float64Array.from({ length: n * m }, (_, i) => Math.sin(7 * i)),
      { shape: [n, m], dtype: "float32" },
    ) as Tensor;
  const f = compile((x: Tensor, y: Tensor) => sigmoid(matmul(x, y)), { fusedMultiplyAdd: true, verify: true });
  expect(f(numbers(33, 300), numbers(300, 17)).shape).toEqual([33, 17]);
});

it("conditions go in and out", () => {
  const f = compile((mask: Tensor, x: Tensor) => [where(mask, x, 0), greater(x, 1), cast(mask, "float64"), add(x, 1)]);
  const results = f(tensor([true, false, true]), tensor([1, 2, 3]));
  expect(results.map((y) => y.toArray())).toEqual([
    [1, 0, 3],
    [false, true, true],
    [1, 0, 1],
    [2, 3, 4],
  ]);
});
