/**
 * vmap as a user meets it: axes and trees, itself within itself, other transforms within it and around it, what it
 * refuses.
 */

import { describe, expect, it } from "vitest";
import {
  add,
  compile,
  cond,
  customGradient,
  detectAnomaly,
  dot,
  exp,
  gather,
  grad,
  greater,
  hessian,
  hvp,
  jacobian,
  jvp,
  log,
  matmul,
  mul,
  noGrad,
  pow,
  relu,
  scan,
  softmax,
  sqrt,
  stopGradient,
  sum,
  tanh,
  tensor,
  valueAndGrad,
  variable,
  vjp,
  where,
  zeros,
  type Tensor,
} from "../../src/index.ts";
import { recordBody, type Recording } from "../../src/transforms/control-body.ts";
import { vmap } from "../../src/vmap/index.ts";
import { refusalOf } from "../refusal.ts";
import { differenceOf } from "../compile/bits.ts";
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

/** Expects the bits of the function on each example: at once, and compiled. */
function expectEach(f: F, batch: readonly Tensor[], axes: readonly (number | null)[] = batch.map(() => 0)): void {
  const size = batch.find((_, k) => axes[k] !== null)!.shape[axes.find((axis) => axis !== null)!]!;
  const examples = Array.from({ length: size }, (_, k) =>
    batch.map((x, place) => (axes[place] === null ? x : exampleOf(x, k, axes[place]!))),
  );
  const expected = onEach(f, examples);
  const batched = vmap(f, { inAxes: axes }) as F;
  expect(differenceOf("at once", batched(...batch), expected) ?? "the same bits").toBe("the same bits");
  expect(differenceOf("compiled", compile(batched)(...batch), expected) ?? "the same bits").toBe("the same bits");
}

const W = numbers([4, 3], 2);
const layer = (w: Tensor, x: Tensor): Tensor => tanh(matmul(w, x));
const loss = (w: Tensor, x: Tensor): Tensor<[]> => sum(mul(layer(w, x), layer(w, x)));

describe("axes", () => {
  it("stand where they are said to, of arguments and of results", () => {
    const [x, y] = [numbers([3, 5]), numbers([5, 4])];
    const f = vmap((a: Tensor, b: Tensor) => ({ outer: a.reshape([3, 1]).mul(b), both: [a, b] }), {
      inAxes: [1, -2],
      outAxes: { outer: 2, both: [-1, 0] },
    }) as (a: Tensor, b: Tensor) => { outer: Tensor; both: Tensor[] };
    const { outer, both } = f(x, y);
    expect(outer.shape).toEqual([3, 4, 5]);
    expect(both[0]!.toArray()).toEqual(x.toArray());
    expect(both[1]!.toArray()).toEqual(y.toArray());
    expect(exampleOf(outer, 3, 2).toArray()).toEqual(exampleOf(x, 3, 1).reshape([3, 1]).mul(exampleOf(y, 3)).toArray());
  });

  it("of trees: one for all, or one for each entry", () => {
    const p = { w: numbers([5, 4, 3]), b: numbers([4]) };
    const f = (own: { w: Tensor; b: Tensor }, x: Tensor): { y: Tensor; b: Tensor } => ({
      y: matmul(own.w, x).add(own.b),
      b: own.b,
    });
    const { y, b } = vmap(f, { inAxes: [{ w: 0, b: null }, null], outAxes: { y: 0, b: null } })(
      p as never,
      numbers([3]) as never,
    ) as { y: Tensor; b: Tensor };
    expect(y.shape).toEqual([5, 4]);
    expect(b.toArray()).toEqual(p.b.toArray());
    const both = vmap(f, { inAxes: [0, null] })({ w: p.w, b: numbers([5, 4]) } as never, numbers([3]) as never) as {
      y: Tensor;
      b: Tensor;
    };
    expect(both.b.shape).toEqual([5, 4]);
  });

  it("null stands for an argument of any kind, which the function gets as it is", () => {
    const f = vmap(
      (x: Tensor, how: (y: Tensor) => Tensor, twice: boolean, by: number) => (twice ? how(how(x)) : how(x)).mul(by),
      { inAxes: [0, null, null, null] },
    );
    expect((f as (...args: unknown[]) => Tensor)(tensor([1, 2]), (y: Tensor) => y.add(1), true, 2).toArray()).toEqual([
      6, 8,
    ]);
  });

  it("repeats what does not depend on the example, and takes no example at all", () => {
    expect((vmap(() => tensor([1, 2])) as F)(zeros([3])).toArray()).toEqual([
      [1, 2],
      [1, 2],
      [1, 2],
    ]);
    expect((vmap((x: Tensor) => tanh(x).sum()) as F)(zeros([0, 3]))).toMatchObject({ shape: [0] });
  });
});

describe("inside of vmap", () => {
  const [x, v] = [numbers([5, 3]), numbers([5, 3], 3)];

  it("gradients, products and second derivatives are those of each example", () => {
    expectEach((a) => grad((y: Tensor) => loss(W, y))(a), [x]);
    expectEach((a) => valueAndGrad((y: Tensor) => loss(W, y))(a).value, [x]);
    expectEach((w, a) => grad(loss)(w, a), [W, x], [null, 0]);
    expectEach((a, b) => jvp((y: Tensor) => layer(W, y), [a], [b]).tangent, [x, v]);
    expectEach((a, b) => vjp((y: Tensor) => loss(W, y), a).pullback(sum(b) as never)[0] as Tensor, [x, v]);
    expectEach((a) => jacobian((y: Tensor) => layer(W, y))(a), [x]);
    expectEach((a) => hessian((y: Tensor) => loss(W, y))(a), [x]);
    expectEach((a, b) => hvp((y: Tensor) => loss(W, y))(a as never, b as never), [x, v]);
    expectEach((a) => grad((y: Tensor) => sum(grad((z: Tensor) => loss(W, z))(y)) as Tensor<[]>)(a), [x]);
  });

  it("itself, to any depth and along any axes", () => {
    const [a, b] = [numbers([2, 5, 3]), numbers([4, 3])];
    const pairs = vmap(
      vmap((p: Tensor, q: Tensor) => dot(p, q), { inAxes: [null, 0] }),
      { inAxes: [0, null] },
    ) as F;
    const all = vmap(pairs, { inAxes: [0, null] }) as F;
    expect(
      differenceOf(
        "all pairs",
        all(a, b),
        onEach(
          (one) =>
            onEach(
              (p) =>
                onEach(
                  (q) => dot(p, q),
                  Array.from({ length: 4 }, (_, k) => [exampleOf(b, k)]),
                ),
              Array.from({ length: 5 }, (_, k) => [exampleOf(one, k)]),
            ),
          [[exampleOf(a, 0)], [exampleOf(a, 1)]],
        ),
      ),
    ).toBeNull();
    expect(differenceOf("compiled", compile(all)(a, b), all(a, b))).toBeNull();
    expectEach(vmap((p: Tensor) => softmax(p)) as F, [a]);
    expectEach(vmap(grad((p: Tensor) => loss(W, p))) as F, [a]);
  });

  it("marks of what was dropped: nothing infinite comes back from where nothing was chosen", () => {
    const at = tensor([
      [0, 4],
      [1, 0],
      [0, 0],
    ]);
    expectEach((a) => grad((y: Tensor) => sum(where(greater(y, 0), sqrt(y), 0)) as Tensor<[]>)(a), [at]);
    expectEach((a) => grad((y: Tensor) => sum(mul(relu(log(y)), y)) as Tensor<[]>)(a), [at]);
    expectEach((a) => grad((y: Tensor) => sum(gather(sqrt(y), [1, 1])) as Tensor<[]>)(a), [at]);
    expectEach(
      (a) =>
        jvp(
          (y: Tensor) =>
            matmul(
              tensor([
                [0, 1],
                [0, 2],
              ]),
              sqrt(y),
            ),
          [a],
          [tensor([1, 1])],
        ).tangent,
      [at],
    );
    expectEach(
      (a) =>
        grad(
          (y: Tensor) =>
            sum(
              matmul(
                tensor([
                  [0, 1],
                  [0, 2],
                ]),
                sqrt(y),
              ),
            ) as Tensor<[]>,
        )(a),
      [at],
    );
    expectEach((a) => grad((y: Tensor) => sum(pow(log(y), 0)) as Tensor<[]>)(a), [at]);
  });

  it("gradients that are products leave no marks, without a pass over them that takes these away", () => {
    const w = numbers([3, 4]);
    const gradient = grad((p: Tensor, x: Tensor) => sum(relu(matmul(p, x) as Tensor)) as Tensor<[]>);
    const opsOf = (record: () => Recording): string[] =>
      [...record().trace.origins.backwards()].flatMap(([, origin]) => (origin.kind === "op" ? [origin.op.name] : []));
    const recorded = (): Recording =>
      recordBody("test", [{ shape: [4], dtype: "float64" }], ([x]) => [gradient(w, x!) as Tensor]);
    expect(opsOf(recorded).filter((name) => name === "add")).toEqual([]);
    // In a program it is the compiler that leaves the pass out, where that shows.
    let inside: string[] = [];
    compile((x: Tensor) => {
      inside = opsOf(recorded);
      return x;
    })(numbers([4]));
    expect(inside.filter((name) => name === "add")).toHaveLength(1);
    // A row that relu drops is a plain 0 in the gradients.
    const found = vmap((x: Tensor) => gradient(w, x) as Tensor)(numbers([6, 4], 2)) as Tensor;
    const zeros = [...found.toTypedArray()].filter((x) => x === 0);
    expect(zeros.length).toBeGreaterThan(0);
    expect(zeros.every((x) => Object.is(x, 0))).toBe(true);
  });

  it("rules by hand, with what they keep, and what is held constant", () => {
    const clamped = customGradient({
      name: "clamped",
      forward: (y) => exp(y),
      vjp: (g, { output }) => g.mul(output).clip(-1, 1),
    });
    const swish = customGradient({
      name: "swish",
      forward: (y) => {
        const s = y.sigmoid();
        return [y.mul(s), s];
      },
      vjp: (g, { output, residuals: s }) => g.mul((s as Tensor).add(output.mul((s as Tensor).mul(-1).add(1)))),
    });
    const pushed = customGradient({
      name: "pushed",
      forward: (y) => mul(y, y),
      jvp: ([t], { inputs: [y] }) => mul(t!, mul(y!, 3)),
    });
    for (const op of [clamped, swish, pushed]) {
      expectEach((a) => grad((y: Tensor) => sum(op(mul(y, 2))) as Tensor<[]>)(a), [x]);
      expectEach((a, b) => jvp((y: Tensor) => op(y), [a], [b]).tangent, [x, v]);
      const outside = grad((y: Tensor) => sum(vmap((a: Tensor) => op(a))(y as never)) as Tensor<[]>)(x);
      expect(
        differenceOf(
          "outside",
          outside,
          onEach(
            (a) => grad((y: Tensor) => sum(op(y)) as Tensor<[]>)(a),
            Array.from({ length: 5 }, (_, k) => [exampleOf(x, k)]),
          ),
        ),
      ).toBeNull();
    }
    expectEach((a) => grad((y: Tensor) => sum(mul(y, stopGradient(y))) as Tensor<[]>)(a), [x]);
    expectEach(
      (a) =>
        grad(
          (y: Tensor) =>
            sum(
              mul(
                y,
                noGrad(() => mul(y, 2)),
              ),
            ) as Tensor<[]>,
        )(a),
      [x],
    );
  });

  it("variables, as they are now", () => {
    const scale = variable(tensor([1, 2, 3]));
    const f = vmap((a: Tensor) => a.mul(scale.read())) as F;
    scale.assign(tensor([2, 2, 2]));
    expect(f(x).toArray()).toEqual(x.mul(2).toArray());
    expect(compile(f)(x).toArray()).toEqual(x.mul(2).toArray());
  });
});

describe("around vmap", () => {
  const x = numbers([5, 3]);
  const near = (found: Tensor, expected: Tensor): void => {
    expect(found.shape).toEqual(expected.shape);
    found.toTypedArray().forEach((y, i) => expect(Math.abs(y - expected.toTypedArray()[i]!)).toBeLessThan(1e-12));
  };

  it("derivatives of any order pass through, also by what all examples share", () => {
    const total = (w: Tensor): Tensor<[]> =>
      sum(vmap(loss as F, { inAxes: [null, 0] })(w as never, x as never)) as Tensor<[]>;
    const plain = (w: Tensor): Tensor<[]> =>
      Array.from({ length: 5 }, (_, k) => loss(w, exampleOf(x, k))).reduce((a, b) => add(a, b) as Tensor<[]>);
    near(grad(total)(W), grad(plain)(W));
    near(hessian(total)(W), hessian(plain)(W));
    near(compile(grad(total))(W), grad(plain)(W));
    near(hvp(total)(W as never, numbers([4, 3], 5) as never), hvp(plain)(W as never, numbers([4, 3], 5) as never));
    // A penalty on the gradient of each example.
    const penalty = (w: Tensor): Tensor<[]> =>
      sum(
        pow(vmap(grad(loss as never, { argnums: 1 }) as F, { inAxes: [null, 0] })(w as never, x as never) as Tensor, 2),
      ) as Tensor<[]>;
    const each = (w: Tensor): Tensor<[]> =>
      Array.from(
        { length: 5 },
        (_, k) =>
          sum(pow(grad(loss as never, { argnums: 1 })(w as never, exampleOf(x, k) as never) as Tensor, 2)) as Tensor<
            []
          >,
      ).reduce((a, b) => add(a, b) as Tensor<[]>);
    near(grad(penalty)(W), grad(each)(W));
    near(compile(grad(penalty))(W), grad(each)(W));
  });

  it("the tape: gradients are left in what the function captures", () => {
    const w = tensor([1, -2, 0.5], { requiresGrad: true });
    sum((vmap((row: Tensor) => mul(dot(w, row as Tensor<[3]>), 2)) as F)(x)).backward();
    near(w.grad!, sum(mul(x, 2), 0) as Tensor);
  });

  it("anomaly mode names the op that makes a NaN for an example", () => {
    expect(
      refusalOf(() =>
        detectAnomaly(() =>
          (vmap((row: Tensor) => log(row)) as F)(
            tensor([
              [1, 2],
              [3, -1],
            ]) as Tensor,
          ),
        ),
      ).message,
    ).toMatch(/^log: the value has NaN at entry 3/);
    expect(
      refusalOf(() =>
        detectAnomaly(() =>
          (vmap(grad((row: Tensor) => sum(sqrt(row)) as Tensor<[]>) as never) as F)(
            tensor([
              [1, 2],
              [3, 0],
            ]) as Tensor,
          ),
        ),
      ).message,
    ).toMatch(/^(sqrt|div): /);
  });

  it("in the steps of a scan and the sides of a branch, compiled and not", () => {
    const f = (w: Tensor): Tensor =>
      scan(
        (c: Tensor, row: Tensor) =>
          [add(c, sum(vmap(layer as F, { inAxes: [null, 0] })(w as never, row as never))) as Tensor, c] as const,
        tensor(0) as Tensor,
        x.reshape([5, 1, 3]) as Tensor,
      ).carry as Tensor;
    const branch = (w: Tensor): Tensor =>
      cond(
        greater(sum(w), 0),
        () => sum(vmap((r: Tensor) => sum(r))(w as never)) as Tensor,
        () => sum(w) as Tensor,
      );
    for (const g of [f, branch, (w: Tensor) => grad((y: Tensor) => f(y) as Tensor<[]>)(w)]) {
      expect(differenceOf("compiled", compile(g)(W), g(W))).toBeNull();
    }
  });
});

describe("vmap refuses, by name,", () => {
  const m = zeros([3, 2]);
  const sums = (options?: unknown): ((...args: unknown[]) => unknown) =>
    vmap((...list: Tensor[]) => list.reduce((a, b) => add(a, b) as Tensor), options as never) as (
      ...args: unknown[]
    ) => unknown;

  it.each([
    [
      "batches of different size",
      () => sums()(zeros([3, 2]), zeros([4, 2])),
      /^vmap: argument 1 has 4 examples \[4, 2\] where argument 0 has 3 \[3, 2\]: give all arguments as many/,
    ],
    ["a scalar", () => sums()(3), /argument 0 is a scalar and has no axis of examples: say null in inAxes/],
    ["an axis that is not there", () => sums({ inAxes: 2 })(m), /vmap: axis 2 does not exist in a tensor with 2 axes/],
    ["an axis of the result that is not there", () => sums({ outAxes: 2 })(m), /vmap: axis 2 does not exist/],
    ["axes of too few arguments", () => sums({ inAxes: [0] })(m, m), /inAxes has 1 entries for 2 arguments/],
    ["axes of no argument", () => sums({ inAxes: [null] })(m), /inAxes names no axis of examples/],
    [
      "a tree of axes that is another tree",
      () => (vmap(((p: { w: Tensor }) => p.w) as never, { inAxes: [{ v: 0 }] }) as (p: unknown) => unknown)({ w: m }),
      /inAxes names v, which argument 0 does not have: its entries are w/,
    ],
    [
      "a result that depends on the example where none should",
      () => sums({ outAxes: null })(m),
      /outAxes says null for the result, which depends on the example/,
    ],
    ["a fraction for an axis", () => sums({ inAxes: 0.5 }), /inAxes is 0.5: give a whole number, null/],
    ["options of other libraries", () => sums({ in_axes: 0 }), /no option in_axes: did you mean inAxes\?/],
    [
      "random numbers of its own",
      () => sums({ randomness: "different" }),
      /no option randomness: draw random numbers outside/,
    ],
    ["what is no function", () => vmap(3 as never), /the first argument is 3, not a function/],
    ["a promise", () => (vmap(((x: Tensor) => Promise.resolve(x)) as never) as F)(m), /the function gives a Promise/],
    [
      "numbers that are read",
      () => vmap((x: Tensor) => tensor(x.sum().item()))(m as never),
      /item: the value of shape \[\] is not known while vmap is traced: choose with where/,
    ],
    [
      "an assignment to a variable",
      () => {
        const v = variable(tensor(0));
        vmap((x: Tensor) => {
          v.assign(x.sum() as Tensor<[]>);
          return x;
        })(m as never);
      },
      /the function assigns a variable/,
    ],
    [
      "shapes of an example that do not fit",
      () => vmap((x: Tensor) => add(x, zeros([3]) as never) as Tensor)(m as never),
      /add: cannot broadcast \[2\] with \[3\].*\n.*at .*vmap\.test\.ts/,
    ],
    [
      "an index of an example outside of its own axis",
      () =>
        vmap((x: Tensor, i: Tensor) => gather(x, i))(m as never, tensor([[0], [1], [2]], { dtype: "int32" }) as never),
      /gather: index 2 at position 2 lies outside an axis of size 2.*\n.*at .*vmap\.test\.ts/,
    ],
  ])("%s", (_, call, says) => {
    expect(refusalOf(call).message).toMatch(says);
  });
});
