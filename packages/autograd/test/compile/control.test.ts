/**
 * Loops and branches as programs: the bits of plain loops, derivatives in both modes and of second order, refusals, and
 * size.
 */

import { describe, expect, it } from "vitest";
import {
  add,
  cast,
  compile,
  cond,
  gather,
  GraphError,
  grad,
  greater,
  hvp,
  IndexRangeError,
  jvp,
  less,
  matmul,
  mul,
  scan,
  ShapeError,
  sin,
  slice,
  sub,
  sum,
  tanh,
  Tensor,
  tensor,
  variable,
  whileLoop,
} from "../../src/index.ts";
import { isTried } from "../size.ts";
import { cases, faults, plain, type Constructs } from "../transforms/control-cases.ts";
import { differenceOf } from "./bits.ts";

const library = { scan, whileLoop, cond } as unknown as Constructs;

const thrown = (body: () => unknown): GraphError => {
  try {
    body();
  } catch (error) {
    return error as GraphError;
  }
  throw new Error("nothing was thrown");
};

/** A direction for each argument. */
const direction = (x: Tensor, phase: number): Tensor => sin(add(mul(x, 3), phase));

/** The first entry farther off than rounding explains, in units of the largest entry; `null` where there is none. */
const farthest = (found: readonly Tensor[], expected: readonly Tensor[], bound: number): string | null => {
  for (const [k, x] of found.entries()) {
    const y = expected[k]!;
    if (differenceOf("", x, y) === null) continue;
    if (x.shape.join() !== y.shape.join() || x.dtype !== y.dtype)
      return `${k}: ${x.dtype} [${x.shape.join()}] and not ${y.dtype} [${y.shape.join()}]`;
    const [a, b] = [x.toTypedArray(), y.toTypedArray()];
    const largest = Math.max(...Array.from(b, Math.abs), 1e-3);
    for (let i = 0; i < b.length; i++)
      if (!(Math.abs(a[i]! - b[i]!) <= bound * largest)) return `${k}: entry ${i} is ${a[i]!} and not ${b[i]!}`;
  }
  return null;
};

describe.each(cases.map((one) => [one.name, one] as const))("%s", (name, { run, args }) => {
  const bound = args.some((x) => x.dtype === "float32") ? 1e-5 : 1e-13;
  const places = args.map((__, k) => k);
  const tangents = args.map((x, k) => direction(x, k));
  const loss =
    (c: Constructs) =>
    (...list: Tensor[]): Tensor =>
      run(c, ...list);
  const gradient =
    (c: Constructs) =>
    (...list: Tensor[]): Tensor[] =>
      grad(loss(c), { argnums: places })(...list) as Tensor[];
  const forward =
    (c: Constructs) =>
    (...list: Tensor[]): Tensor =>
      jvp(loss(c), list, tangents).tangent;
  const product =
    (c: Constructs) =>
    (...list: Tensor[]): Tensor[] =>
      jvp(gradient(c), list, tangents).tangent;
  const along =
    (c: Constructs) =>
    (...list: Tensor[]): Tensor =>
      gradient(c)(...list)
        .map((x, k): Tensor => cast(sum(mul(x, tangents[k]!)), "float64"))
        .reduce((a, b): Tensor => add(a, b));
  const twice =
    (c: Constructs) =>
    (...list: Tensor[]): Tensor[] =>
      grad(along(c), { argnums: places })(...list) as Tensor[];

  const results = new Map<unknown, readonly Tensor[]>();
  /** What a form of the derivatives gives as a program, which is made once. */
  const compiled = (form: (c: Constructs) => (...list: Tensor[]) => Tensor[]): readonly Tensor[] => {
    const found = results.get(form) ?? compile(form(library))(...args);
    results.set(form, found);
    return found;
  };
  const tangent =
    (c: Constructs) =>
    (...list: Tensor[]): Tensor[] => [forward(c)(...list)];

  it("has the bits of the plain loop, eagerly and compiled", () => {
    const expected = loss(plain)(...args);
    expect(differenceOf("eager", loss(library)(...args), expected)).toBeNull();
    expect(differenceOf("compiled", compile(loss(library))(...args), expected)).toBeNull();
  });

  it("has its gradient", () => {
    const expected = gradient(plain)(...args);
    expect(farthest(gradient(library)(...args), expected, bound)).toBeNull();
    expect(farthest(compiled(gradient), expected, bound)).toBeNull();
  });

  it("has its tangent", () => {
    expect(farthest(compiled(tangent), tangent(plain)(...args), bound)).toBeNull();
  });

  it("has the bits of the eager loop in derivatives", () => {
    const mixed =
      (c: Constructs) =>
      (...list: Tensor[]): Tensor[] =>
        grad((...x: Tensor[]) => cast(forward(c)(...x), "float64"), { argnums: places })(...list) as Tensor[];
    const thrice =
      (c: Constructs) =>
      (...list: Tensor[]): Tensor[] =>
        grad(
          (...x: Tensor[]) =>
            twice(c)(...x)
              .map((g, k): Tensor => cast(sum(mul(g, tangents[k]!)), "float64"))
              .reduce((a, b): Tensor => add(a, b)),
          { argnums: places },
        )(...list) as Tensor[];
    for (const form of [gradient, product, twice, mixed, tangent, ...(isTried(4, name) ? [thrice] : [])]) {
      const expected = form(library)(...args);
      compiled(form).forEach((x, k) => expect(differenceOf(`by argument ${k}`, x, expected[k]!)).toBeNull());
    }
  });

  it("has its second derivatives, forward over reverse and reverse over reverse", () => {
    expect(farthest(compiled(product), product(plain)(...args), 100 * bound)).toBeNull();
    expect(farthest(compile(twice(library), { verify: true })(...args), twice(plain)(...args), 100 * bound)).toBeNull();
  });
});

describe("the cases", () => {
  it.each(Object.entries(faults))("see that %s", (_, faulty) => {
    const seen = cases.some(({ run, args }) => {
      const all = (c: Constructs): Tensor[] => [
        run(c, ...args),
        ...(grad((...list: Tensor[]) => run(c, ...list), { argnums: args.map((__, k) => k) })(...args) as Tensor[]),
      ];
      return farthest(all(faulty), all(plain), 1e-6) !== null;
    });
    expect(seen).toBe(true);
  });
});

/** A scalar recurrence of so many steps. */
const logistic =
  (length: number) =>
  (r: Tensor): Tensor =>
    scan((x: Tensor) => [mul(mul(r, x), sub(1, x)), null] as const, tensor(0.3) as Tensor, null, { length }).carry;

describe("derivatives", () => {
  it("of a recurrent network over 200 steps have the bits of the plain loop", () => {
    const cell = (w: Tensor, h: Tensor, x: Tensor): Tensor => tanh(add(matmul(w, h), x));
    const xs = sin(
      tensor(
        Float64Array.from({ length: 1200 }, (_, i) => i),
        { shape: [200, 6] },
      ),
    ) as Tensor;
    const w = mul(
      sin(
        tensor(
          Float64Array.from({ length: 36 }, (_, i) => i * i),
          { shape: [6, 6] },
        ),
      ),
      0.3,
    ) as Tensor;
    const start = tensor([0, 0, 0, 0, 0, 0]) as Tensor;
    const loss =
      (c: Constructs) =>
      (m: Tensor): Tensor =>
        sum(c.scan<Tensor, Tensor, Tensor>((h, x) => [cell(m, h, x), mul(h, x)], start, xs).ys);
    expect(differenceOf("gradient", compile(grad(loss(library)))(w), grad(loss(plain))(w))).toBeNull();
    const compiled = compile((m: Tensor, d: Tensor) => hvp(loss(library))(m, d));
    expect(farthest([compiled(w, cast(w, "float64"))], [hvp(loss(plain))(w, w)], 1e-11)).toBeNull();
  });

  it("of third order come out right", () => {
    const third = (f: (r: Tensor) => Tensor) => grad((r: Tensor) => grad((s: Tensor) => grad(f)(s))(r));
    const unrolled = (r: Tensor): Tensor => {
      let x: Tensor = tensor(0.3);
      for (let k = 0; k < 5; k++) x = mul(mul(r, x), sub(1, x));
      return x;
    };
    const expected = third(unrolled)(tensor(1.9));
    expect(farthest([compile(third(logistic(5)))(tensor(1.9))], [expected], 1e-12)).toBeNull();
    const bounded = (r: Tensor): Tensor =>
      whileLoop(
        (c: { x: Tensor; k: Tensor }) => less(c.k, 5),
        ({ x, k }) => ({ x: mul(mul(r, x), sub(1, x)), k: add(k, 1) }),
        { x: tensor(0.3) as Tensor, k: tensor(0) as Tensor },
        { maxSteps: 7 },
      ).x;
    expect(farthest([compile(third(bounded))(tensor(1.9))], [expected], 1e-12)).toBeNull();
    const branched = (r: Tensor): Tensor =>
      cond(
        greater(r, 1),
        () => unrolled(r),
        () => r,
      );
    expect(farthest([compile(third(branched))(tensor(1.9))], [expected], 1e-12)).toBeNull();
  });

  it("of an unbounded loop go both ways", () => {
    const root = (a: Tensor): Tensor =>
      whileLoop(
        (x: Tensor) => greater(mul(sub(mul(x, x), a), sub(mul(x, x), a)), 1e-20),
        (x) => mul(0.5, add(x, a.div(x))),
        tensor(1) as Tensor,
      );
    const compiled = compile((a: Tensor, t: Tensor) => jvp(root, [a], [t]));
    const { value, tangent } = compiled(tensor(2), tensor(1));
    expect(value.item()).toBe(root(tensor(2)).item());
    expect(tangent.item()).toBeCloseTo(0.5 / Math.SQRT2, 9);
    expect(grad(root)(tensor(2)).item()).toBeCloseTo(0.5 / Math.SQRT2, 9);
    expect(compile(grad(root))(tensor(2)).item()).toBe(grad(root)(tensor(2)).item());
  });
});

describe("a loop that is not over after maxSteps", () => {
  const halve =
    (maxSteps: number) =>
    (x: Tensor): Tensor =>
      whileLoop(
        (h: Tensor) => greater(h, 1),
        (h) => mul(h, 0.5),
        x,
        { maxSteps },
      );
  const inScan = (x: Tensor): Tensor =>
    scan((h: Tensor, row: Tensor) => [halve(2)(mul(h, row)), h] as const, x, tensor([1, 2])).carry;
  const forms: Readonly<Record<string, (f: (x: Tensor) => Tensor) => (x: Tensor) => unknown>> = {
    value: (f) => f,
    gradient: (f) => grad(f) as (x: Tensor) => unknown,
    tangent: (f) => (x) => jvp(f, [x], [tensor(1) as Tensor]).tangent,
    "forward over reverse": (f) => (x) => hvp(f)(x, tensor(1)),
    "reverse over reverse": (f) => grad(grad(f) as (x: Tensor) => Tensor) as (x: Tensor) => unknown,
    "reverse over forward": (f) => grad((x: Tensor) => jvp(f, [x], [x]).tangent) as (x: Tensor) => unknown,
    "third order": (f) =>
      grad(grad(grad(f) as (x: Tensor) => Tensor) as (x: Tensor) => Tensor) as (x: Tensor) => unknown,
  };
  const functions: Readonly<Record<string, (x: Tensor) => Tensor>> = {
    alone: halve(2),
    "in a scan": inScan,
    "in a branch": (x) =>
      cond(
        greater(x, 0),
        () => halve(2)(x),
        () => x,
      ),
    squared: (x) => mul(halve(2)(x), x),
  };

  it.each(
    Object.entries(functions).flatMap(([where, f]) =>
      Object.entries(forms).map(([what, form]) => [where, what, form(f)] as const),
    ),
  )("is refused %s, for its %s", (_, __, f) => {
    const compiled = compile(f);
    const error = thrown(() => compiled(tensor(9) as Tensor));
    expect([error.name, error.op, error.code]).toEqual(["ConfigError", "whileLoop", "MAX_STEPS"]);
    expect(error.message).toMatch(
      /^whileLoop: the condition still holds after 2 steps, which is maxSteps: raise maxSteps, or count the steps in the carry and let the condition end the loop\n {4}at .*control\.test\.ts/,
    );
    expect(thrown(() => f(tensor(9) as Tensor)).message.split("\n")[0]).toBe(error.message.split("\n")[0]);
    // The next call works, and so does a loop that takes just as many steps.
    expect((compiled(tensor(1.5) as Tensor) as Tensor).item()).toBe((f(tensor(1.5) as Tensor) as Tensor).item());
  });

  it("leaves variables as they were", () => {
    const w = variable(tensor(1) as Tensor);
    const f = compile((x: Tensor) => w.assign(halve(2)(x)));
    expect(thrown(() => f(tensor(9))).code).toBe("MAX_STEPS");
    expect(w.read().item()).toBe(1);
    f(tensor(3));
    expect(w.read().item()).toBe(0.75);
  });
});

describe("the program", () => {
  it("is as large for 10,000 steps as for 10", () => {
    const sizeOf = (f: (r: Tensor) => unknown): { bytes: number; kernels: number } => {
      const compiled = compile(f);
      compiled(tensor(1.9) as Tensor);
      return { bytes: compiled.explain().codeBytes, kernels: compiled.explain().kernels.length };
    };
    for (const f of [
      logistic,
      (length: number) => grad(logistic(length)),
      (length: number) => grad(grad(logistic(length)) as never),
    ] as const) {
      const [short, long] = [sizeOf(f(10) as never), sizeOf(f(10000) as never)];
      expect(long.kernels).toBe(short.kernels);
      // Numbers of more digits take more bytes.
      expect(Math.abs(long.bytes - short.bytes)).toBeLessThan(100);
    }
  });

  it("runs a loop once for all that is asked of it, and bodies that are traced twice are one", () => {
    const f = compile(
      grad((w: Tensor) =>
        sum(
          scan((h: Tensor, x: Tensor) => [tanh(mul(h, mul(w, x))), h] as const, tensor(1) as Tensor, tensor([1, 2, 3]))
            .ys as Tensor,
        ),
      ),
    );
    f(tensor(0.5) as Tensor);
    expect(f.explain().kernels.filter(({ kind }) => kind === "scan")).toHaveLength(2);
    const twice = compile((w: Tensor) =>
      [1, 2].map(() => scan((h: Tensor) => [mul(h, w), null] as const, w, null, { length: 4 }).carry),
    );
    expect(twice(tensor(2) as Tensor).map((x) => x.item())).toEqual([32, 32]);
    expect(twice.explain().kernels.filter(({ kind }) => kind === "scan")).toHaveLength(1);
  });

  it("keeps loops apart that differ in a loop inside, in length, in a constant, or in what they read", () => {
    const nested =
      (length: number, factor: number) =>
      (w: Tensor): Tensor =>
        scan(
          (h: Tensor) =>
            [scan((g: Tensor) => [mul(g, factor), null] as const, h, null, { length }).carry, null] as const,
          w,
          null,
          { length: 2 },
        ).carry;
    const f = compile((w: Tensor, v: Tensor) => [nested(1, 2)(w), nested(2, 2)(w), nested(1, 3)(w), nested(1, 2)(v)]);
    expect(f(tensor(1) as Tensor, tensor(5) as Tensor).map((x) => x.item())).toEqual([4, 16, 9, 20]);
  });

  it("says what its loops are made of", () => {
    const f = compile((w: Tensor, xs: Tensor) =>
      scan(
        (h: Tensor, x: Tensor) =>
          [
            tanh(add(matmul(w, h), x)),
            cond(
              greater(sum(h), 0),
              () => h,
              () => sin(h),
            ),
          ] as const,
        tensor([0, 0]) as Tensor,
        xs,
      ),
    );
    f(
      tensor([
        [0.1, 0.2],
        [0.3, 0.4],
      ]) as Tensor,
      tensor([
        [1, 2],
        [3, 4],
        [5, 6],
      ]) as Tensor,
    );
    const report = f.explain();
    const [loop] = report.kernels;
    expect([loop!.kind, loop!.sizes, loop!.inside.map(({ kind }) => kind).sort()]).toEqual([
      "scan",
      [3],
      ["cond", "loop", "loop", "matmul"],
    ]);
    expect(
      loop!.inside.find(({ kind }) => kind === "cond")!.inside.map(({ ops }) => ops.map(([name]) => name)),
    ).toEqual([["sin"]]);
    expect(report.bodyBytes).toBeGreaterThan(0);
    expect(String(report)).toMatch(/bodies .*\n {2}0 {2}scan {5}3 .*\n {5,}matmul/);
  });
});

describe("what is read from outside", () => {
  it("are numbers of the caller in the type of what is beside them", () => {
    const f = compile(
      (x: Tensor, rate: number) =>
        scan(
          (h: Tensor, row: Tensor) => [add(mul(h, rate), row), null] as const,
          slice(x, [0], [1]).reshape([2]) as Tensor,
          x,
        ).carry,
    );
    const x = tensor(
      [
        [1, 2],
        [3, 4],
      ],
      { dtype: "float32" },
    );
    expect(f(x, 0.5).toArray()).toEqual([3.75, 5.5]);
    expect(f(x, 2).toArray()).toEqual([9, 16]);
  });

  it("are variables, with the value that they have when the loop begins", () => {
    const w = variable(tensor(2) as Tensor);
    const f = compile((x: Tensor) => {
      const before = scan((h: Tensor) => [mul(h, w.read()), null] as const, x, null, { length: 3 }).carry;
      w.assign(add(w.read(), 1));
      return [
        before,
        scan((h: Tensor) => [mul(h, w.read()), null] as const, x, null, { length: 3 }).carry,
        cond(
          greater(x, 0),
          () => w.read(),
          () => x,
        ),
      ];
    });
    expect(f(tensor(1)).map((x) => x.item())).toEqual([8, 27, 3]);
    expect(f(tensor(1)).map((x) => x.item())).toEqual([27, 64, 4]);
    expect(w.read().item()).toBe(4);
  });

  it("cannot be assigned inside", () => {
    const w = variable(tensor(2) as Tensor);
    const error = thrown(() =>
      compile((x: Tensor) =>
        scan(
          (h: Tensor) => {
            w.assign(h);
            return [h, null] as const;
          },
          x,
          null,
          { length: 3 },
        ),
      )(tensor(1)),
    );
    expect(error.message).toMatch(/^assign: a variable is assigned inside the body/);
  });

  it("are constants that only a derivative inside makes variable", () => {
    const f = compile((xs: Tensor) =>
      grad((w: Tensor) =>
        sum(scan((h: Tensor, x: Tensor) => [add(mul(h, mul(w, 2)), x), mul(h, w)] as const, w, xs).ys as Tensor),
      )(tensor(0.5)),
    );
    const plainly = (xs: Tensor): Tensor =>
      grad((w: Tensor) =>
        sum(plain.scan<Tensor, Tensor, Tensor>((h, x) => [add(mul(h, mul(w, 2)), x), mul(h, w)], w, xs).ys),
      )(tensor(0.5));
    expect(differenceOf("gradient", f(tensor([1, 2, 3])), plainly(tensor([1, 2, 3])))).toBeNull();
  });

  it("are refused where they are differentiated outside of the compiled function", () => {
    const f = (w: Tensor): Tensor =>
      compile((x: Tensor) => scan((h: Tensor) => [mul(h, w), null] as const, x, null, { length: 2 }).carry)(tensor(1));
    expect(thrown(() => grad(f)(tensor(2))).code).toBe("CAPTURED");
  });

  it("may be used beside the loop as well, and by several loops", () => {
    const f = compile((x: Tensor) => {
      const y = sin(x);
      const first = scan((h: Tensor) => [mul(h, y), add(h, y)] as const, x, null, { length: 3 });
      return [
        first.carry,
        sum(first.ys as Tensor),
        scan((h: Tensor, row: Tensor) => [add(h, row), null] as const, y, first.ys as Tensor).carry,
      ];
    });
    const s = Math.sin(2);
    const [carry, total, again] = f(tensor(2)).map((x) => x.item());
    expect(carry).toBe(2 * s * s * s);
    expect(total).toBeCloseTo(2 + 2 * s + 2 * s * s + 3 * s, 14);
    expect(again).toBeCloseTo(total! + s, 14);
  });
});

describe("edges", () => {
  it("no step leaves the carry, and gives empty outputs of the right shapes, also when differentiated", () => {
    const f = (x: Tensor, rows: Tensor): { carry: Tensor; ys: Tensor } =>
      scan((h: Tensor, row: Tensor) => [mul(h, sum(row)), matmul(row, row)] as const, x, rows) as never;
    const rows = tensor(new Float64Array(0), { shape: [0, 2, 2] });
    const { carry, ys } = compile(f)(tensor([1, 2]), rows);
    expect([carry.toArray(), ys.shape]).toEqual([
      [1, 2],
      [0, 2, 2],
    ]);
    expect(
      compile(grad((x: Tensor) => sum(add(f(x, rows).carry, sum(f(x, rows).ys)))))(tensor([1, 2])).toArray(),
    ).toEqual([1, 1]);
  });

  it("rows and carries without entries pass", () => {
    const f = compile((x: Tensor) =>
      scan(
        (h: Tensor, row: Tensor) => [add(h, row), add(sum(row), 1)] as const,
        tensor(new Float64Array(0)) as Tensor,
        x,
      ),
    );
    const { carry, ys } = f(tensor(new Float64Array(0), { shape: [3, 0] }));
    expect([carry.shape, (ys as Tensor).toArray()]).toEqual([[0], [1, 1, 1]]);
  });

  it("an index outside its axis is seen inside a loop, and only on the side of a branch that runs", () => {
    const pick = compile(
      (x: Tensor, k: Tensor) =>
        scan((h: Tensor) => [add(h, gather(x, k)), null] as const, tensor(0) as Tensor, null, { length: 2 }).carry,
    );
    expect(() => pick(tensor([1, 2]), tensor(2, { dtype: "int32" }))).toThrow(IndexRangeError);
    expect(pick(tensor([1, 2]), tensor(1, { dtype: "int32" })).item()).toBe(4);
    const guarded = compile((x: Tensor, k: Tensor) =>
      cond(
        less(k, 2),
        () => gather(x, k),
        () => tensor(-1) as Tensor,
      ),
    );
    expect([0, 5].map((k) => guarded(tensor([1, 2]), tensor(k, { dtype: "int32" })).item())).toEqual([1, -1]);
  });

  it("verify compares loops with plain ones", () => {
    const f = compile(
      (x: Tensor) => scan((h: Tensor, row: Tensor) => [tanh(add(h, row)), h] as const, tensor(0) as Tensor, x),
      { verify: true },
    );
    expect(f(tensor([1, 2, 3])).carry.item()).toBe(Math.tanh(0) + f(tensor([1, 2, 3])).carry.item());
  });

  it("verify finds a number that has changed beside the derivative of a loop, in the last digits that it may have", () => {
    let rate = 1;
    const f = (w: Tensor): Tensor =>
      grad(
        (v: Tensor) =>
          grad((u: Tensor) =>
            sum(
              scan((h: Tensor, row: Tensor) => [tanh(mul(u, add(h, mul(row, rate)))), h] as const, u, tensor([1, 2, 3]))
                .ys as Tensor,
            ),
          )(v) as Tensor,
      )(w) as Tensor;
    const compiled = compile(f, { verify: true });
    expect(compiled(tensor(0.3) as Tensor).item()).toBeCloseTo(f(tensor(0.3) as Tensor).item(), 13);
    rate = 1 + 1e-14;
    expect(thrown(() => compiled(tensor(0.3) as Tensor)).code).toBe("VERIFY");
    const value = compile(
      (w: Tensor) =>
        scan((h: Tensor, row: Tensor) => [mul(h, mul(row, rate)), null] as const, w, tensor([1, 2, 3])).carry,
      { verify: true },
    );
    value(tensor(0.3) as Tensor);
    rate += 1e-13;
    expect(thrown(() => value(tensor(0.3) as Tensor)).code).toBe("VERIFY");
  });

  it("bodies may be large: copies beyond single loads", () => {
    const size = 1000;
    const xs = sin(
      tensor(
        Float64Array.from({ length: 3 * size }, (_, i) => i),
        { shape: [3, size] },
      ),
    ) as Tensor;
    const f =
      (c: Constructs) =>
      (x: Tensor): Tensor =>
        c.scan<Tensor, Tensor, Tensor>(
          (h, row) => [add(mul(h, row), 1), sub(row, h)],
          slice(x, [1], [2]).reshape([size]) as Tensor,
          x,
        ).ys;
    expect(differenceOf("ys", compile(f(library))(xs), f(plain)(xs))).toBeNull();
  });
});

describe("refusals in a compiled function", () => {
  const x = tensor([1, 2, 3]) as Tensor;
  it("a carry that changes its shape or type", () => {
    const grows = thrown(() =>
      compile(
        (y: Tensor) =>
          scan(
            (h: { a: Tensor; b: Tensor }) => [{ a: h.a, b: add(h.b, y) }, null] as const,
            { a: x, b: tensor(0) as Tensor },
            null,
            { length: 2 },
          ).carry,
      )(x),
    );
    expect(grows).toBeInstanceOf(ShapeError);
    expect(grows.message).toMatch(/^scan: the next carry\.b has shape \[3\] where the initial carry\.b has \[\]/);
    expect(grows.at).toMatch(/control\.test\.ts/);
    const casts = thrown(() =>
      compile((y: Tensor) =>
        whileLoop(
          (h: Tensor) => less(sum(h), 9),
          (h) => cast(h, "float32"),
          y,
        ),
      )(x),
    );
    expect(casts.message).toMatch(
      /^whileLoop: the next carry is float32 \[3\] where the initial carry is float64 \[3\].*cast\(x, "float64"\)/,
    );
  });

  it("a predicate that is no bool scalar", () => {
    expect(
      thrown(() =>
        compile((y: Tensor) =>
          cond(
            greater(y, 0),
            () => y,
            () => y,
          ),
        )(x),
      ).message,
    ).toMatch(/^cond: the predicate has shape \[3\]/);
    expect(
      thrown(() =>
        compile((y: Tensor) =>
          cond(
            sum(y),
            () => y,
            () => y,
          ),
        )(x),
      ).message,
    ).toMatch(/^cond: the predicate is float64, not bool/);
    expect(
      thrown(() =>
        compile((y: Tensor) =>
          whileLoop(
            (h: Tensor) => less(h, 9),
            (h: Tensor) => mul(h, 2),
            y,
          ),
        )(x),
      ).message,
    ).toMatch(/^whileLoop: the condition has shape \[3\]/);
  });

  it("sides of a branch that differ, named both", () => {
    const error = thrown(() =>
      compile((y: Tensor) =>
        cond(
          greater(sum(y), 0),
          () => ({ a: y }),
          () => ({ a: sum(y) }),
        ),
      )(x),
    );
    expect(error.message).toMatch(/^cond: what onFalse gives\.a has shape \[\] where what onTrue gives\.a has \[3\]/);
    const other = thrown(() =>
      compile((y: Tensor) =>
        cond(
          greater(sum(y), 0),
          () => ({ a: y }) as { a: Tensor; b?: Tensor },
          () => ({ a: y, b: y }) as never,
        ),
      )(x),
    );
    expect(other.message).toMatch(/^cond: what onFalse gives has \.b where what onTrue gives has nothing more/);
  });

  it("values read inside a body, and tensors that leave it otherwise than by being returned", () => {
    const read = thrown(() =>
      compile((y: Tensor) => scan((h: Tensor) => [mul(h, h.item()), null] as const, sum(y), null, { length: 2 }))(x),
    );
    expect(read.code).toBe("TRACED");
    const leaked: Tensor[] = [];
    const leak = thrown(() =>
      compile((y: Tensor) => {
        scan(
          (h: Tensor) => {
            leaked.push(mul(h, 2));
            return [h, null] as const;
          },
          sum(y),
          null,
          { length: 2 },
        );
        return add(leaked[0]!, 1);
      })(x),
    );
    expect(leak.code).toBe("TRACED");
  });

  it("results that are no tensors", () => {
    expect(
      thrown(() =>
        compile((y: Tensor) => scan((h: Tensor) => [h, "text" as never] as const, y, null, { length: 2 }))(x),
      ).message,
    ).toMatch(/^scan: the output is "text"/);
    expect(
      thrown(() =>
        compile((y: Tensor) =>
          cond(
            greater(sum(y), 0),
            () => undefined as unknown as Tensor,
            () => y,
          ),
        )(x),
      ).message,
    ).toMatch(/^cond: what onTrue gives is undefined/);
  });
});
