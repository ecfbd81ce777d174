/** Loops and branches under vmap: each example takes its own way, and its derivatives are those of its own way. */

import { describe, expect, it } from "vitest";
import {
  add,
  cast,
  compile,
  cond,
  div,
  exp,
  gather,
  grad,
  greater,
  hessian,
  jvp,
  less,
  log,
  matmul,
  mul,
  scan,
  sin,
  sqrt,
  sub,
  sum,
  tanh,
  tensor,
  vjp,
  whileLoop,
  type Tensor,
} from "../../src/index.ts";
import { vmap } from "../../src/vmap/index.ts";
import { differenceOf } from "../compile/bits.ts";
import { refusalOf } from "../refusal.ts";
import { isTried } from "../size.ts";
import { exampleOf, onEach } from "./definition.ts";

type F = (...leaves: Tensor[]) => Tensor;

const numbers = (shape: readonly number[], seed = 1): Tensor =>
  tensor(
    Float64Array.from(
      { length: shape.reduce((n, size) => n * size, 1) },
      (_, i) => Math.sin((i + 1) * 12.9898 * seed) * 1.5,
    ),
    { shape },
  ) as Tensor;
const ints = (list: readonly number[]): Tensor => tensor(list, { dtype: "int32" }) as Tensor;

function examplesOf(batch: readonly Tensor[], axes: readonly (number | null)[]): Tensor[][] {
  const size = batch.find((_, k) => axes[k] !== null)!.shape[0]!;
  return Array.from({ length: size }, (_, k) => batch.map((x, place) => (axes[place] === null ? x : exampleOf(x, k))));
}

/** Expects the bits of the function on each example: at once, and compiled. */
function expectEach(
  what: string,
  f: F,
  batch: readonly Tensor[],
  axes: readonly (number | null)[] = batch.map(() => 0),
): void {
  const expected = onEach(f, examplesOf(batch, axes));
  const batched = vmap(f, { inAxes: axes }) as F;
  for (const [how, found] of [
    ["at once", batched],
    ["compiled", compile(batched)],
  ] as const) {
    expect(differenceOf(`${what}, ${how}`, found(...batch), expected) ?? "the same bits").toBe("the same bits");
  }
}

/** Expects two functions of tensors to give nearly the same. */
function expectNear(what: string, found: Tensor, expected: Tensor): void {
  expect(found.shape, what).toEqual(expected.shape);
  const [a, b] = [found.toTypedArray(), expected.toTypedArray()];
  a.forEach((x, i) =>
    expect(
      Object.is(x, b[i]) || Math.abs(x - b[i]!) <= 1e-12 * (1 + Math.abs(b[i]!)),
      `${what}: entry ${i} is ${x}, not ${b[i]!}`,
    ).toBe(true),
  );
}

/** Expects all derivatives by the first argument: within vmap, in both modes and to second order, and around it. */
function expectDerivatives(
  what: string,
  f: F,
  batch: readonly Tensor[],
  axes: readonly (number | null)[] = batch.map(() => 0),
): void {
  expectEach(what, f, batch, axes);
  const along =
    (g: F): F =>
    (x, ...rest) =>
      jvp((y: Tensor) => g(y, ...rest), [x!], [mul(x!, 0.5) as Tensor]).tangent;
  const total =
    (g: F): F =>
    (x, ...rest) =>
      grad((y: Tensor) => sum(mul(g(y, ...rest), 1.5)) as Tensor<[]>)(x!) as Tensor;
  const derivatives = [
    ["tangent", along],
    ["gradient", total],
    ["tangent of the gradient", (g: F): F => along(total(g))],
    ["gradient of the gradient", (g: F): F => total(total(g))],
  ] as const;
  for (const [order, of] of derivatives) {
    const expected = onEach(of(f), examplesOf(batch, axes));
    const outer = vmap(f, { inAxes: axes }) as F;
    const ways: readonly (readonly [string, F])[] = [
      ["inside", vmap(of(f), { inAxes: axes }) as F],
      ...(axes[0] === null ? [] : [["outside", of(outer)] as const]),
    ];
    for (const [way, g] of ways) {
      if (isTried(3, `${what} ${order} ${way}`)) expectNear(`${what}, ${order} ${way}`, g(...batch), expected);
      if (isTried(6, `${what} ${order} ${way} compiled`))
        expectNear(`${what}, ${order} ${way}, compiled`, compile(g)(...batch), expected);
    }
  }
  if (axes[0] === null) return;
  if (isTried(2, `${what} around a tangent`))
    expectNear(
      `${what}, gradient around a tangent`,
      total(vmap(along(f), { inAxes: axes }) as F)(...batch),
      onEach(total(along(f)), examplesOf(batch, axes)),
    );
  if (isTried(2, `${what} around a gradient`))
    expectNear(
      `${what}, gradient around a gradient`,
      total(vmap(total(f), { inAxes: axes }) as F)(...batch),
      onEach(total(total(f)), examplesOf(batch, axes)),
    );
}

const W = numbers([3, 3], 2);
const x = numbers([4, 3]);

describe("a scan of each example", () => {
  const rnn: F = (h, rows) =>
    scan(
      (c: Tensor, row: Tensor) => {
        const next = tanh(add(matmul(W, c), row)) as Tensor;
        return [next, sum(next)] as const;
      },
      h!,
      rows!,
    ).ys as Tensor;

  it("over rows of its own, over rows of all, and from either end", () => {
    expectDerivatives("own rows", rnn, [x, numbers([4, 5, 3], 3)]);
    expectDerivatives("rows of all", rnn, [x, numbers([5, 3], 3)], [0, null]);
    expectDerivatives("a carry of all", rnn, [numbers([3]), numbers([4, 5, 3], 3)], [null, 0]);
    expectDerivatives(
      "last",
      (h, rows) =>
        scan((c: Tensor, row: Tensor) => [sin(add(mul(c, row), c)) as Tensor, null] as const, h!, rows!, {
          reverse: true,
        }).carry as Tensor,
      [x, numbers([4, 5, 3], 3)],
    );
  });

  it("whose carry begins the same for all, counters beside", () => {
    expectDerivatives(
      "counted",
      (a) => {
        const { carry } = scan(
          ({ c, n }: { c: Tensor; n: Tensor }, _: null) =>
            [{ c: add(mul(c, a!), sin(cast(n, "float64"))) as Tensor, n: add(n, 1) as Tensor }, null] as const,
          { c: tensor(1) as Tensor, n: tensor(0, { dtype: "int32" }) as Tensor },
          null,
          { length: 3 },
        );
        return (carry as { c: Tensor }).c;
      },
      [numbers([4])],
    );
  });

  it("within another one, and around a batch of its own", () => {
    expectDerivatives(
      "nested",
      (a) =>
        scan(
          (c: Tensor, _: null) =>
            [
              scan((d: Tensor, row: Tensor) => [mul(sin(d), row) as Tensor, null] as const, c, a!).carry as Tensor,
              c,
            ] as const,
          sum(a!) as Tensor,
          null,
          { length: 2 },
        ).carry as Tensor,
      [x],
    );
    expectEach(
      "around",
      (a) =>
        scan((c: Tensor, _: null) => [(vmap((d: Tensor) => sin(mul(d, d))) as F)(c), sum(c)] as const, a!, null, {
          length: 3,
        }).ys as Tensor,
      [x],
    );
  });
});

describe("a branch of each example", () => {
  const root: F = (a) =>
    cond(
      greater(sum(a!), 0),
      () => sqrt(sum(mul(a!, a!))) as Tensor,
      () => mul(sum(a!), 2) as Tensor,
    );

  it("goes its own way", () => {
    expectDerivatives("root", root, [x]);
    expectEach(
      "of what all share",
      (a, b) =>
        cond(
          greater(b!, 0),
          () => mul(a!, b!) as Tensor,
          () => a!,
        ),
      [numbers([3]), numbers([4])],
      [null, 0],
    );
    expectEach(
      "trees",
      (a) => {
        const { p, q } = cond(
          greater(sum(a!), 0),
          () => ({ p: a!, q: tensor([1, 2, 3]) as Tensor }),
          () => ({ p: tensor([0, 0, 0]) as Tensor, q: a! }),
        ) as { p: Tensor; q: Tensor };
        return add(p, mul(q, 2)) as Tensor;
      },
      [x],
    );
  });

  it("passes nothing on of the side that was not taken, whatever it is there", () => {
    const at = tensor([0, 4, -1, 0.25]) as Tensor;
    const f: F = (a) =>
      cond(
        greater(a!, 0),
        () => log(sqrt(a!)) as Tensor,
        () => mul(a!, 3) as Tensor,
      );
    expectEach("value", f, [at]);
    const slopes = [3, 0.125, 3, 2];
    expect((vmap(grad(f as never)) as F)(at).toArray()).toEqual(slopes);
    expect(grad(((a: Tensor) => sum((vmap(f) as F)(a))) as never)(at as never)).toMatchObject({ shape: [4] });
    expect((grad(((a: Tensor) => sum((vmap(f) as F)(a))) as never)(at as never) as Tensor).toArray()).toEqual(slopes);
    expect((compile(grad(((a: Tensor) => sum((vmap(f) as F)(a))) as never) as never) as F)(at).toArray()).toEqual(
      slopes,
    );
    expect(jvp((a: Tensor) => (vmap(f) as F)(a), [at], [tensor([1, 1, 1, 1]) as Tensor]).tangent.toArray()).toEqual(
      slopes,
    );
  });

  it("by what all share is one branch, and the other side does not run", () => {
    const f: F = (a, p) =>
      cond(
        greater(p!, 0),
        () => mul(a!, p!) as Tensor,
        () => add(a!, gather(a!, cast(mul(p!, 100), "int32"))) as Tensor,
      );
    expectEach("shared", (a, p) => f(a!, p!), [x, tensor(2) as Tensor], [0, null]);
    const all = vmap(f, { inAxes: [0, null] }) as F;
    expect(compile(all)(x, tensor(2) as Tensor).shape).toEqual([4, 3]);
    expectDerivatives(
      "shared, derived",
      (a, p) =>
        cond(
          greater(p!, 0),
          () => sin(mul(a!, p!)) as Tensor,
          () => a!,
        ),
      [x, tensor(2) as Tensor],
      [0, null],
    );
    const inside = compile((a: Tensor, p: Tensor) =>
      (
        vmap(
          grad(((b: Tensor) =>
            sum(
              cond(
                greater(p, 0),
                () => sin(mul(b, p)) as Tensor,
                () => exp(b) as Tensor,
              ),
            )) as never),
        ) as F
      )(a),
    );
    expectNear(
      "compiled",
      inside(x, tensor(2) as Tensor),
      mul(2, sin(add(mul(x, 2), Math.PI / 2)) as Tensor) as Tensor,
    );
    expectNear("compiled", inside(x, tensor(-2) as Tensor), exp(x) as Tensor);
  });
});

describe("a while of each example", () => {
  const newton: F = (a) =>
    whileLoop(
      (y) => greater(sub(mul(y, y), a!).abs(), 1e-10),
      (y) => mul(add(y, div(a!, y)), 0.5) as Tensor,
      tensor(1) as Tensor,
      { maxSteps: 40 },
    );

  it("ends when its own condition ends", () => {
    const at = tensor([9, 2, 1, 1e6]) as Tensor;
    expectEach("newton", newton, [at]);
    expectEach("tangent", (a) => jvp((b: Tensor) => newton(b), [a!], [tensor(1) as Tensor]).tangent, [at]);
    expectDerivatives("newton", newton, [at]);
    expectDerivatives(
      "doubled",
      (a) =>
        whileLoop(
          (y) => less(sum(y), 10),
          (y) => mul(y, 2) as Tensor,
          a!,
          { maxSteps: 9 },
        ),
      [
        tensor([
          [1, 2],
          [3, 1],
          [20, 0.5],
          [5, 5],
        ]) as Tensor,
      ],
    );
    // Without a bound: a plain loop outside of programs, of which any derivative can be taken from outside.
    const free: F = (a) =>
      whileLoop(
        (y) => less(y, 10),
        (y) => mul(y, y) as Tensor,
        a!,
      );
    expectNear(
      "free",
      grad(((a: Tensor) => sum((vmap(free) as F)(a))) as never)(tensor([2, 3, 20, 1.5]) as never) as Tensor,
      onEach(
        (a) => grad(free as never)(a as never) as Tensor,
        [2, 3, 20, 1.5].map((n) => [tensor(n) as Tensor]),
      ),
    );
  });

  it("counts as many steps for all, where the condition is the same for all", () => {
    expectDerivatives(
      "counted",
      (a) =>
        (
          whileLoop(
            ({ n }: { n: Tensor; y: Tensor }) => less(n, 3),
            ({ n, y }: { n: Tensor; y: Tensor }) => ({ n: add(n, 1) as Tensor, y: sin(mul(y, a!)) as Tensor }),
            { n: tensor(0, { dtype: "int32" }) as Tensor, y: a! },
            { maxSteps: 5 },
          ) as { y: Tensor }
        ).y,
      [numbers([4])],
    );
  });

  it("sees no carry after its end: an index that has passed its array is never looked up", () => {
    const rows = numbers([4, 5], 3);
    const f: F = (list, n) => {
      const { total } = whileLoop(
        ({ k }: { k: Tensor; total: Tensor }) => less(k, n!),
        ({ k, total }: { k: Tensor; total: Tensor }) => ({
          k: add(k, 1) as Tensor,
          total: add(total, gather(list!, k)) as Tensor,
        }),
        { k: tensor(0, { dtype: "int32" }) as Tensor, total: tensor(0) as Tensor },
      ) as { total: Tensor };
      return total;
    };
    expectEach("prefixes", f, [rows, ints([5, 2, 0, 3])]);
  });

  it("is refused where one of them takes more steps than it may", () => {
    const f: F = (a) =>
      whileLoop(
        (y) => less(y, 10),
        (y) => mul(y, 2) as Tensor,
        a!,
        { maxSteps: 3 },
      );
    expect((vmap(f) as F)(tensor([2, 3]) as Tensor).toArray()).toEqual([16, 12]);
    expect(refusalOf(() => (vmap(f) as F)(tensor([2, 1]) as Tensor)).message).toMatch(
      /^whileLoop: the condition still holds after 3 steps, which is maxSteps/,
    );
    expect(refusalOf(() => compile(vmap(f) as F)(tensor([2, 1]) as Tensor)).code).toBe("MAX_STEPS");
  });
});

it("second derivatives of a loss over a loop, of each example", () => {
  const f: F = (a) =>
    hessian(
      (b: Tensor) =>
        scan((c: Tensor, row: Tensor) => [add(c, mul(c, sin(row))) as Tensor, null] as const, sum(b) as Tensor, b)
          .carry as Tensor<[]>,
    )(a!) as Tensor;
  expectNear("hessian", (vmap(f) as F)(x), onEach(f, examplesOf([x], [0])));
  expectNear(
    "vjp",
    (vmap((a: Tensor) => vjp((b: Tensor) => f(b), a).pullback(f(a) as never)[0] as Tensor) as F)(x),
    onEach((a) => vjp((b: Tensor) => f(b), a!).pullback(f(a!) as never)[0] as Tensor, examplesOf([x], [0])),
  );
});
