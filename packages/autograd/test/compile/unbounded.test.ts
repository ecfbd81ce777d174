/**
 * Reverse mode of loops that nobody has bounded: the bits of the same loops outside of programs, whatever the number of
 * steps, and memory that grows with it and no further.
 */

import { describe, expect, it } from "vitest";
import { heap } from "../../src/backends/wasm/memory/heap.ts";
import {
  add,
  cast,
  checkpoint,
  compile,
  cond,
  grad,
  greater,
  hvp,
  jvp,
  less,
  logicalAnd,
  mul,
  pow,
  scan,
  sin,
  stopGradient,
  sub,
  sum,
  tensor,
  variable,
  whileLoop,
  type Tensor,
} from "../../src/index.ts";
import { vmap } from "../../src/vmap/index.ts";
import { externals } from "../../src/kernels/special.ts";

type F = (x: Tensor) => Tensor;

const T = (value: number | number[]): Tensor => tensor(value as number[]) as Tensor;

/** A while with a counter: c ↦ f(c) as long as it has taken fewer than `steps` steps. */
const repeated = (f: F, x: Tensor, steps: number | Tensor, maxSteps?: number): Tensor =>
  whileLoop(
    ({ k }: { h: Tensor; k: Tensor }) => less(k, steps),
    ({ h, k }) => ({ h: f(h), k: add(k, 1) as Tensor }),
    { h: x, k: T(0) },
    maxSteps === undefined ? {} : { maxSteps },
  ).h;

const wave =
  (a: Tensor): F =>
  (h) =>
    sin(add(mul(h, 0.9), a)) as Tensor;

/** As many steps as the entries of n say; both may change from call to call. */
const waves = (a: Tensor, n: Tensor): Tensor => repeated(wave(a), mul(a, 0.3) as Tensor, n);

const first = (f: (...x: Tensor[]) => Tensor): ((...x: Tensor[]) => Tensor) => grad(f as never) as never;

const forms: Readonly<Record<string, (f: F) => F>> = {
  gradient: first,
  "forward over reverse": (f) => (x) =>
    (hvp(f as never) as unknown as (x: Tensor, v: Tensor) => Tensor)(x, sin(x) as Tensor),
  "reverse over reverse": (f) => first((x) => sum(mul(first(f)(x), sin(x))) as Tensor),
  "reverse over forward": (f) => first((x) => jvp(f, [x], [mul(x, x) as Tensor]).tangent),
};

/** Loops in each other; the number of steps of inner ones changes from step to step, and passes the first room. */
const nested: Readonly<Record<string, F>> = {
  alone: (x) => sum(repeated(wave(x), x, 40)) as Tensor,
  "in a scan": (x) =>
    sum(scan((h: Tensor, n: Tensor) => [repeated(wave(h), x, n), h] as const, x, T([1, 35, 0, 50])).carry) as Tensor,
  "in a loop": (x) =>
    whileLoop(
      ({ k }: { h: Tensor; k: Tensor }) => less(k, 34),
      ({ h, k }) => ({ h: repeated(wave(h), mul(x, 0.5) as Tensor, k), k: add(k, 11) as Tensor }),
      { h: x, k: T(3) },
    ).h.sum() as Tensor,
  "in a branch": (x) =>
    cond(
      greater(sum(x), 0),
      () => sum(repeated(wave(x), x, 33)) as Tensor,
      () => sum(x) as Tensor,
    ),
  "with values computed again": (x) => sum(repeated(checkpoint(wave(x)) as F, x, 33)) as Tensor,
  twice: (x) =>
    sum(
      mul(
        repeated(wave(x), x, 70),
        repeated((h) => sin(h) as Tensor, x, 3),
      ),
    ) as Tensor,
};

describe("reverse mode of a loop without a bound", () => {
  it.each(
    Object.entries(nested).flatMap(([where, f]) =>
      Object.entries(forms).map(([what, form]) => [where, what, form(f)] as const),
    ),
  )("has the bits of the plain loop: %s, %s", (_, __, f) => {
    compile((y: Tensor) => f(y), { verify: true })(T([0.3, -0.2]));
  });

  it.each(Object.entries(nested))("has the bits of the plain loop in float32: %s", (_, f) => {
    compile(first(f) as F, { verify: true })(cast(T([0.3, -0.2]), "float32") as Tensor);
  });

  it("shows a sweep that forgets the steps for which there was no room at first", () => {
    const after =
      (f: F): F =>
      (x) =>
        whileLoop(
          ({ k }: { h: Tensor; k: Tensor }) => less(k, 40),
          ({ h, k }) => ({
            h: cond(
              less(k, 32),
              () => wave(x)(h),
              () => wave(x)(f(h)),
            ),
            k: add(k, 1) as Tensor,
          }),
          { h: x, k: T(0) },
        ).h;
    const [right, planted] = [after((h) => h), after((h) => stopGradient(h) as Tensor)];
    const slopeOf = (f: F): number => (compile(first(f) as never) as unknown as F)(T(0.3)).item() as number;
    expect(slopeOf(right)).toBe(first(right)(T(0.3)).item());
    expect(slopeOf(planted)).not.toBe(slopeOf(right));
  });

  it("takes none, one, and a hundred thousand steps, more or fewer from call to call", () => {
    const slope = compile(first(waves as never) as never) as unknown as (a: Tensor, n: Tensor) => Tensor;
    for (const n of [0, 1, 31, 32, 33, 0, 500, 2])
      expect(slope(T(0.2), T(n)).item(), `${n} steps`).toBe(
        (first(waves as never) as never as typeof slope)(T(0.2), T(n)).item(),
      );
    const many = 100_000;
    const bounded = compile(
      first((a) => repeated(wave(a), mul(a, 0.3) as Tensor, many, many)) as never,
    ) as unknown as F;
    expect(slope(T(0.2), T(many)).item()).toBe(bounded(T(0.2)).item());
    expect(slope(T(0.2), T(3)).item()).toBe((first(waves as never) as never as typeof slope)(T(0.2), T(3)).item());
  });

  it("ends where a carry is not a number, and gives that on", () => {
    const f: F = (x) =>
      whileLoop(
        (h: Tensor) => less(h, 1e300),
        (h) => mul(h, mul(h, x)) as Tensor,
        mul(x, 1) as Tensor,
      );
    const slope = compile(first(f as never) as never) as unknown as F;
    for (const at of [1.5, NaN, 1e200]) {
      expect(slope(T(at)).item(), `${at}`).toBe((first(f as never) as unknown as F)(T(at)).item());
    }
  });

  it("has for each example of a batch what the function has for it alone", () => {
    const f = (a: Tensor, n: Tensor): Tensor => (first(waves as never) as never as typeof waves)(a, n);
    const [at, steps] = [
      [0.2, -0.4, 0.7, 1],
      [40, 3, 0, 35],
    ];
    const alone = at.map((a, k) => f(T(a), T(steps[k]!)).item());
    expect((vmap(f) as typeof f)(T(at), T(steps)).toArray()).toEqual(alone);
    const compiled = compile(vmap(f) as typeof f);
    expect(compiled(T(at), T(steps)).toArray()).toEqual(alone);
    const outside = (a: Tensor): Tensor => sum((vmap(waves) as typeof waves)(a, T(steps))) as Tensor;
    expect((compile(first(outside as never) as never) as unknown as F)(T(at)).toArray()).toEqual(alone);
  });

  it("assigns variables once, however often the program is made anew", () => {
    const total = variable(T(0));
    const f = compile((a: Tensor, n: Tensor) => {
      total.assign(add(total.read(), 1) as Tensor);
      return first(((x: Tensor) => waves(x, n)) as never)(a);
    });
    for (const n of [40, 300, 5]) f(T(0.3), T(n));
    expect(total.read().item()).toBe(3);
    expect(f.programs()).toBe(1);
  });

  it("needs no more memory from call to call", () => {
    const slope = compile(first(waves as never) as never) as unknown as (a: Tensor, n: Tensor) => Tensor;
    slope(T(0.2), T(900));
    const { used } = heap();
    for (let k = 0; k < 40; k++) slope(T(0.2), T(25 * k));
    expect(heap().used).toBe(used);
    slope(T(0.2), T(5000));
    expect(heap().used).toBeGreaterThan(used);
  });

  it("is refused by name where its steps do not fit into memory; the next call works", () => {
    const f = (x: Tensor, n: Tensor): Tensor =>
      sum(
        scan((h: Tensor) => [repeated((y) => mul(y, sub(1, y)) as Tensor, h, n), null] as const, x, null, {
          length: 50,
        }).carry,
      ) as Tensor;
    const slope = compile(first(f as never) as never) as unknown as typeof f;
    const x = tensor(Float64Array.from({ length: 1024 }, (_, k) => k / 1024)) as Tensor;
    const expected = slope(x, T(2)).toArray();
    let message = "";
    try {
      slope(x, T(12_000));
    } catch (error) {
      message = (error as Error).message;
    }
    expect(message).toMatch(
      /^whileLoop: the loop has taken 12000 steps, of which reverse mode keeps what its rules read, and \d+ bytes do not fit beside the \d+ in use: .*checkpoint.*\n {4}at .*unbounded\.test\.ts/,
    );
    expect(slope(x, T(2)).toArray()).toEqual(expected);
  });
});

describe("sweeps leave out the steps that were not taken", () => {
  /** How often programs ask the host for something while `f` runs; those that are made meanwhile. */
  const callsDuring = (f: () => unknown): number => {
    const own = externals as { pow: (x: number, y: number) => number };
    const { pow: former } = own;
    let calls = 0;
    own.pow = (x, y) => {
      calls++;
      return former(x, y);
    };
    try {
      f();
    } finally {
      own.pow = former;
    }
    return calls;
  };

  /** Powers are computed by the host. */
  const growing = (x: Tensor): Tensor =>
    whileLoop(
      (h: Tensor) => less(pow(h, 1.1), 1),
      (h) => mul(h, add(1, pow(h, 1.3))) as Tensor,
      x,
      { maxSteps: 1000 },
    );

  it("of which there may be many more", () => {
    const calls = callsDuring(() => {
      expect((compile(first(growing as never) as never) as unknown as F)(T(0.5)).item()).toBe(
        (first(growing as never) as unknown as F)(T(0.5)).item(),
      );
    });
    expect(calls).toBeGreaterThan(0);
    expect(calls).toBeLessThan(100);
  });

  it("of a batch those that no example has taken", () => {
    const f = vmap(first(growing as never)) as unknown as F;
    const numbers = [0.5, 0.2, 2];
    const at = T(numbers);
    const alone = numbers.map((a) => (first(growing as never) as unknown as F)(T(a)).item());
    const calls = callsDuring(() => expect((compile(f as never) as unknown as F)(at).toArray()).toEqual(alone));
    expect(calls).toBeGreaterThan(0);
    expect(calls).toBeLessThan(600);
    expect(f(at).toArray()).toEqual(alone);
  });
});

it("goes on beside a loop that is bounded, which is refused as ever", () => {
  const f = (x: Tensor, n: Tensor): Tensor =>
    whileLoop(
      ({ h, k }: { h: Tensor; k: Tensor }) => logicalAnd(less(k, n), less(h, 100)),
      ({ h, k }) => ({ h: add(h, mul(0.01, x)) as Tensor, k: add(k, 1) as Tensor }),
      { h: waves(x, n), k: T(0) },
      { maxSteps: 60 },
    ).h;
  const slope = compile(first(f as never) as never) as unknown as typeof f;
  expect(slope(T(0.5), T(50)).item()).toBe((first(f as never) as unknown as typeof f)(T(0.5), T(50)).item());
  expect(() => slope(T(0.5), T(70))).toThrow(/after 60 steps, which is maxSteps/);
  expect(slope(T(0.5), T(60)).item()).toBe((first(f as never) as unknown as typeof f)(T(0.5), T(60)).item());
});
