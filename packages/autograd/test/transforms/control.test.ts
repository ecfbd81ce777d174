/**
 * Loops and branches as a caller sees them outside of compiled functions: results, trees, derivatives, types, refusals.
 */

import { describe, expect, it } from "vitest";
import {
  abs,
  add,
  ArgumentError,
  backward,
  cast,
  cond,
  ConfigError,
  detectAnomaly,
  div,
  DTypeError,
  grad,
  greater,
  hvp,
  IndexRangeError,
  jvp,
  less,
  mul,
  scan,
  ShapeError,
  sqrt,
  sub,
  sum,
  tanh,
  Tensor,
  tensor,
  vjp,
  whileLoop,
} from "../../src/index.ts";
import { gradientCheck } from "../../src/check/index.ts";

const thrown = (body: () => unknown): Error & { readonly hint: string; readonly at: string | null } => {
  try {
    body();
  } catch (error) {
    return error as Error & { readonly hint: string; readonly at: string | null };
  }
  throw new Error("nothing was thrown");
};

describe("scan", () => {
  it("hands a carry on and stacks what the steps give", () => {
    const { carry, ys } = scan(
      (total, x) => [total.add(x), { before: total, square: mul(x, x) }],
      10,
      tensor([1, 2, 3]),
    );
    expect(carry.item()).toBe(16);
    expect([ys.before.toArray(), ys.square.toArray()]).toEqual([
      [10, 11, 13],
      [1, 4, 9],
    ]);
  });

  it("takes rows of a tree, and keeps the structure of the carry", () => {
    const { carry, ys } = scan(
      ({ a, list: [b] }, { x, y: [z] }) => [{ a: add(a, sum(x)), list: [mul(b, z)] }, null],
      { a: 0, list: [1] },
      {
        x: tensor([
          [1, 2],
          [3, 4],
        ]),
        y: [tensor([5, 6])],
      },
    );
    expect([carry.a.item(), carry.list[0].item(), ys]).toEqual([10, 30, null]);
  });

  it("needs no rows where a length is given", () => {
    expect(scan((x, row) => [row === null ? mul(x, 2) : x, x], 1, null, { length: 4 }).ys.toArray()).toEqual([
      1, 2, 4, 8,
    ]);
  });

  it("goes from the last row to the first with reverse, and leaves outputs where their rows stand", () => {
    const running = (xs: Tensor<[3]>) => scan((h, x) => [add(mul(h, 2), x), h], 1, xs, { reverse: true });
    const { carry, ys } = running(tensor([10, 20, 30]));
    expect([carry.item(), ys.toArray()]).toEqual([((2 + 30) * 2 + 20) * 2 + 10, [84, 32, 1]]);
    expect(grad((xs: Tensor<[3]>) => running(xs).carry)(tensor([10, 20, 30])).toArray()).toEqual([1, 2, 4]);
    expect(
      jvp((xs: Tensor<[3]>) => running(xs).ys, [tensor([10, 20, 30])], [tensor([0, 0, 1])]).tangent.toArray(),
    ).toEqual([2, 1, 0]);
    expect(scan((h) => [mul(h, 2), h], 1, null, { length: 3, reverse: true }).ys.toArray()).toEqual([4, 2, 1]);
    expect(scan((h) => [mul(h, 2), h], 1, null, { length: 0, reverse: true }).ys.shape).toEqual([0]);
    expect(scan((h, x) => [add(h, x), h], 1, tensor([1, 2]), { reverse: false }).ys.toArray()).toEqual([1, 2]);
    expect(thrown(() => scan((h) => [h, null], 1, null, { length: 3, reverse: 1 as never }))).toBeInstanceOf(
      ArgumentError,
    );
  });

  it("hands on what a step gives, and copies what it was given", () => {
    const start = Object.freeze({ h: tensor(1), k: tensor(0) });
    const seen: unknown[] = [];
    const { carry } = scan(
      (c) => {
        seen.push(c);
        return [{ h: mul(c.h, 2), k: 5 }, null];
      },
      start,
      null,
      { length: 3 },
    );
    expect([carry.h.item(), carry.k.item(), new Set(seen).size]).toEqual([8, 5, 3]);
    expect(
      thrown(() => scan((c) => [Object.assign({ [Symbol("extra")]: c.h }, c), null], start, null, { length: 2 }))
        .message,
    ).toMatch(/^scan: the next carry has \[Symbol\(extra\)\] where the initial carry has nothing more/);
    expect(
      thrown(() =>
        scan((c) => [Object.defineProperty({ ...c }, "extra", { value: c.h }), null], start, null, { length: 2 }),
      ).message,
    ).toMatch(/^scan: the next carry\.extra is not enumerable/);
  });

  it("leaves the carry where there is no step, and gives empty outputs of the shapes that it would give", () => {
    const rows = tensor(new Float64Array(0), { shape: [0, 3] });
    const { carry, ys } = scan((h, row) => [add(h, sum(row)), { row, flag: greater(row, 0) }], 5, rows);
    expect([carry.item(), ys.row.shape, ys.flag.shape, ys.flag.dtype]).toEqual([5, [0, 3], [0, 3], "bool"]);
    expect(scan((h) => [h, tensor([1, 2])], 5, null, { length: 0 }).ys.shape).toEqual([0, 2]);
    expect(grad((h: Tensor<[]>) => scan((c) => [mul(c, c), null], h, null, { length: 0 }).carry)(3).item()).toBe(1);
  });

  it("has derivatives in both modes, by everything that it reads", () => {
    const loss = (w: Tensor<[2]>, start: Tensor<[2]>, xs: Tensor<[3, 2]>): Tensor<[]> =>
      sum(
        scan(
          (h, x) => {
            const next = tanh(add(mul(h, w), x));
            return [next, mul(next, next)];
          },
          start,
          xs,
        ).ys,
      );
    const args: [Tensor<[2]>, Tensor<[2]>, Tensor<[3, 2]>] = [
      tensor([0.5, -0.3]),
      tensor([0.1, 0.2]),
      tensor([
        [1, 2],
        [0.5, -1],
        [0.3, 0.2],
      ]),
    ];
    expect(gradientCheck(loss, args).ok).toBe(true);
    const tangents: [Tensor<[2]>, Tensor<[2]>, Tensor<[3, 2]>] = [
      tensor([1, 2]),
      tensor([0.5, 1]),
      tensor([
        [1, 0],
        [0, 1],
        [1, 1],
      ]),
    ];
    const gradient = grad(loss, { argnums: [0, 1, 2] })(...args);
    const along = gradient.reduce((total, g, k) => total + sum(mul(g as Tensor, tangents[k]! as Tensor)).item(), 0);
    expect(jvp(loss, args, tangents).tangent.item()).toBeCloseTo(along, 13);
    const { pullback } = vjp(loss, ...args);
    expect(pullback(tensor(1) as never)[0].toArray()).toEqual(gradient[0].toArray());
    expect(hvp((w: Tensor<[2]>) => loss(w, args[1], args[2]))(args[0], tensor([1, 0])).toArray()).toHaveLength(2);
  });

  it("records on the tape, and is watched in anomaly mode", () => {
    const w = tensor(2, { requiresGrad: true });
    backward(scan((c) => [mul(c, w), null], 1, null, { length: 5 }).carry);
    expect(w.grad!.item()).toBe(80);
    expect(() => detectAnomaly(() => scan((c) => [sqrt(sub(c, 1)), null], 1.5, null, { length: 3 }))).toThrow(/sqrt/);
  });

  it("has the types of its parts", () => {
    const { carry, ys } = scan(
      (h, x) => {
        const row: Tensor<[2]> = x;
        const state: Tensor<[2]> = h;
        return [add(state, row), sum(row)];
      },
      tensor([0, 0]),
      tensor([
        [1, 2],
        [3, 4],
        [5, 6],
      ]),
    );
    const last: Tensor<[2]> = carry;
    const outputs: Tensor<[3]> = ys;
    expect([last.toArray(), outputs.toArray()]).toEqual([
      [9, 12],
      [3, 7, 11],
    ]);
  });

  it("refuses what it cannot run, by name", () => {
    const x = tensor([1, 2, 3]);
    expect(thrown(() => scan((h) => [add(h, x), null], 0, x)).message).toMatch(
      /^scan: the next carry has shape \[3\] where the initial carry has \[\]: a loop carries the same/,
    );
    expect(thrown(() => scan((h) => [{ ...h, b: cast(h.b, "float32") }, null], { a: x, b: x }, x)).message).toMatch(
      /^scan: the next carry\.b is float32 \[3\] where the initial carry\.b is float64 \[3\]/,
    );
    expect(
      thrown(() => scan((h: { a: Tensor }) => [{ c: h.a } as unknown as { a: Tensor }, null], { a: x as Tensor }, x))
        .message,
    ).toMatch(/^scan: the next carry has \.c where the initial carry has \.a/);
    expect(thrown(() => scan((h) => h as never, 0, x))).toBeInstanceOf(ArgumentError);
    expect(thrown(() => scan((h) => h as never, 0, x)).message).toMatch(
      /^scan: the function gives a tensor, not a carry and an output: return \[carry, y\]/,
    );
    expect(thrown(() => scan((h) => [h, "x"], 0, x)).message).toMatch(/^scan: the output is "x"/);
    let calls = 0;
    expect(thrown(() => scan((h) => [h, calls++ === 0 ? x : h], 0, x)).message).toMatch(
      /^scan: the output has shape \[\] where the first output has \[3\]/,
    );
    expect(thrown(() => scan((h) => [h, null], 0, { a: x, b: tensor([1]) })).message).toMatch(
      /^scan: xs\.b has 1 rows \[1\] where xs\.a says 3/,
    );
    expect(thrown(() => scan((h) => [h, null], 0, x, { length: 4 })).message).toMatch(
      /xs has 3 rows \[3\] where length says 4/,
    );
    expect(thrown(() => scan((h) => [h, null], 0, tensor(1))).message).toMatch(/^scan: xs is a scalar/);
    expect(thrown(() => scan((h) => [h, null], 0, null))).toBeInstanceOf(IndexRangeError);
    expect(thrown(() => scan((h) => [h, null], 0, null, { length: 1.5 }))).toBeInstanceOf(ArgumentError);
    expect(thrown(() => scan(3 as never, 0, x))).toBeInstanceOf(ArgumentError);
    expect(thrown(() => scan((h) => [add(h, x), null], 0, x)).at).toMatch(/control\.test\.ts/);
  });
});

describe("whileLoop", () => {
  const root = (a: Tensor<[]>): Tensor<[]> =>
    whileLoop(
      (x) => greater(abs(sub(mul(x, x), a)), 1e-12),
      (x) => mul(0.5, add(x, div(a, x))),
      1,
    );

  it("runs while its condition holds, and has derivatives in both modes", () => {
    expect(root(tensor(2)).item()).toBeCloseTo(Math.SQRT2, 15);
    expect(grad(root)(2).item()).toBeCloseTo(0.5 / Math.SQRT2, 12);
    expect(jvp(root, [2], [1]).tangent.item()).toBeCloseTo(0.5 / Math.SQRT2, 12);
  });

  it("may take maxSteps, and no more; may not begin at all", () => {
    const doubled = (most: number, maxSteps: number): number =>
      whileLoop(
        (x) => less(x, most),
        (x) => mul(x, 2),
        1,
        { maxSteps },
      ).item();
    expect([doubled(1, 0), doubled(2, 1), doubled(32, 5), doubled(32, 9)]).toEqual([1, 2, 32, 32]);
    expect(
      whileLoop(
        (x) => less(x, 0),
        (x) => mul(x, 2),
        1,
      ).item(),
    ).toBe(1);
    const most: readonly (readonly [number, number, string])[] = [
      [2, 0, "0 steps"],
      [4, 1, "1 step"],
      [33, 5, "5 steps"],
    ];
    for (const [end, maxSteps, steps] of most) {
      const error = thrown(() => doubled(end, maxSteps));
      expect(error).toBeInstanceOf(ConfigError);
      expect(error).toMatchObject({ op: "whileLoop", code: "MAX_STEPS" });
      expect(error.message).toMatch(
        `whileLoop: the condition still holds after ${steps}, which is maxSteps: raise maxSteps, or count the steps in the carry and let the condition end the loop`,
      );
      expect(error.at).toMatch(/control\.test\.ts/);
    }
  });

  it("refuses a condition that is no bool scalar and a carry that changes", () => {
    const x = tensor([1, 2]);
    expect(
      thrown(() =>
        whileLoop(
          (h) => less(h, 3),
          (h) => h,
          x,
        ),
      ),
    ).toBeInstanceOf(ShapeError);
    expect(
      thrown(() =>
        whileLoop(
          (h) => sum(h),
          (h) => h,
          x,
        ),
      ),
    ).toBeInstanceOf(DTypeError);
    expect(
      thrown(() =>
        whileLoop(
          (h) => less(sum(h), 9),
          (h) => sum(h),
          x,
        ),
      ).message,
    ).toMatch(/^whileLoop: the next carry has shape \[\] where the initial carry has \[2\]/);
    expect(
      thrown(() =>
        whileLoop(
          () => true,
          (h) => h,
          x,
          { maxSteps: -1 },
        ),
      ),
    ).toBeInstanceOf(ArgumentError);
    expect(
      thrown(() =>
        whileLoop(
          () => "yes" as never,
          (h) => h,
          x,
        ),
      ),
    ).toBeInstanceOf(ArgumentError);
  });
});

describe("cond", () => {
  it("runs one side, with the operands as tensors", () => {
    const ran: string[] = [];
    const choose = (p: boolean | Tensor): number =>
      cond(
        p,
        (x, { y }) => (ran.push("true"), add(x, y)),
        (x, { y }) => (ran.push("false"), sub(x, y)),
        tensor(5),
        { y: 3 },
      ).item();
    expect([choose(true), choose(greater(tensor(1), 2)), choose(false)]).toEqual([8, 2, 2]);
    expect(ran).toEqual(["true", "false", "false"]);
  });

  it("passes derivatives through the side that runs", () => {
    const f = (x: Tensor<[]>): Tensor<[]> =>
      cond(
        greater(x, 0),
        (y) => mul(y, y),
        (y) => mul(y, 3),
        x,
      );
    expect([grad(f)(4).item(), grad(f)(-4).item(), jvp(f, [4], [2]).tangent.item(), grad(grad(f))(4).item()]).toEqual([
      8, 3, 16, 2,
    ]);
  });

  it("gives tensors for numbers, and trees", () => {
    expect(
      cond(
        true,
        () => ({ a: 1, b: [2] }),
        () => ({ a: 3, b: [4] }),
      ).b[0]!.item(),
    ).toBe(2);
  });

  it("refuses a predicate that is no bool scalar, and what is no tensor", () => {
    const x = tensor([1, 2]);
    expect(
      thrown(() =>
        cond(
          x,
          () => x,
          () => x,
        ),
      ).message,
    ).toMatch(/^cond: the predicate is float64, not bool/);
    expect(
      thrown(() =>
        cond(
          greater(x, 0),
          () => x,
          () => x,
        ),
      ).message,
    ).toMatch(/^cond: the predicate has shape \[2\]/);
    expect(
      thrown(() =>
        cond(
          true,
          () => "x",
          () => "y",
        ),
      ).message,
    ).toMatch(/^cond: what onTrue gives is "x"/);
    expect(thrown(() => cond(true, 3 as never, () => x as never))).toBeInstanceOf(ArgumentError);
  });
});
