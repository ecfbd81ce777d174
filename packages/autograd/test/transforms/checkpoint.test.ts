/** checkpoint: the same bits as without, in every way of asking, and less that is kept. */

import { describe, expect, it } from "vitest";
import {
  add,
  checkpoint,
  compile,
  customGradient,
  detectAnomaly,
  gather,
  grad,
  jvp,
  linearize,
  log,
  matmul,
  mul,
  relu,
  scan,
  sin,
  sqrt,
  stopGradient,
  sum,
  tanh,
  tensor,
  variable,
  vjp,
  whileLoop,
  less,
  cond,
  greater,
  type Tensor,
} from "../../src/index.ts";
import { gradientCheck } from "../../src/check/index.ts";
import { Builder } from "../../src/compile/ir/builder.ts";
import type { Value } from "../../src/compile/ir/value.ts";
import type { Node } from "../../src/graph/node.ts";
import type { ElementwiseOp } from "../../src/graph/op.ts";
import { bytesOf } from "../../src/kernels/lanes/machine-types.ts";
import { after } from "../../src/ops/after.ts";
import { vmap } from "../../src/vmap/index.ts";
import { differenceOf } from "../compile/bits.ts";
import { refusalOf } from "../refusal.ts";

type F = (...args: Tensor[]) => Tensor;
/** A wrapper around a part of a function: a checkpoint, or nothing. */
type Around = <G extends (...args: never[]) => unknown>(g: G) => G;

const plainly: Around = (g) => g;
const loose = <G>(g: unknown): G => g as G;

const W = tensor([
  [0.5, -1, 2],
  [3, 0.25, -1],
  [1, 1, 0.125],
]) as Tensor;
const x = tensor([0, 4, 0.25]) as Tensor;
const v = tensor([1, -0.5, 0.75]) as Tensor;

const swish = customGradient<Tensor>({
  name: "swish",
  forward: (y) => {
    const s = y.sigmoid();
    return [y.mul(s) as Tensor, s];
  },
  vjp: (g, { output, residuals: s }) => g.mul(s.add(output.mul(s.mul(-1).add(1)))),
});

/** Functions of two vectors with a part that may be a checkpoint. */
const functions: Readonly<Record<string, (around: Around) => F>> = {
  "one part": (around) => (a, b) => sum(mul(around((y: Tensor) => sin(matmul(W, y)))(a!), b!)) as Tensor,
  "what is read of outside": (around) => (a, b) =>
    sum(mul(around((y: Tensor) => mul(sin(mul(y, b!)), add(y, b!)) as Tensor)(a!), add(a!, b!))) as Tensor,
  "one tensor many times": (around) => (a, b) =>
    sum(
      mul(
        mul(sin(a!), around((y: Tensor, z: Tensor) => mul(mul(y, a!), tanh(mul(z, y))) as Tensor)(a!, a!)),
        mul(a!, b!),
      ),
    ) as Tensor,
  "a chain": (around) => (a, b) => {
    const part = around((y: Tensor) => tanh(matmul(W, mul(y, b!))));
    return sum(part(part(part(a!)))) as Tensor;
  },
  nested: (around) => (a, b) => {
    const inner = around((y: Tensor) => sin(mul(y, b!)));
    return sum(around((y: Tensor) => mul(inner(inner(y)), y) as Tensor)(a!)) as Tensor;
  },
  "several results": (around) => (a, b) => {
    const { y, more, name } = around((p: Tensor) => {
      const y = sin(p);
      return { y, more: [mul(y, b!) as Tensor, p, stopGradient(p)] as const, name: "results" };
    })(a!);
    expect(name).toBe("results");
    return sum(mul(mul(y, more[0]), mul(more[1], more[2]))) as Tensor;
  },
  "a pole, and what is dropped": (around) => (a, b) =>
    sum(mul(around((y: Tensor) => relu(log(y)))(a!), around((y: Tensor) => gather(sqrt(y), [1, 1, 2]))(a!))).add(
      sum(b!),
    ) as Tensor,
  "a rule by hand": (around) => (a, b) => sum(around((y: Tensor) => mul(swish(y), b!) as Tensor)(a!)) as Tensor,
  "a gradient inside": (around) => (a, b) =>
    sum(
      mul(around((y: Tensor) => grad((z: Tensor) => sum(mul(sin(mul(z, y)), b!)) as Tensor<[]>)(b!) as Tensor)(a!), a!),
    ) as Tensor,
  "a loop": (around) => (a, b) =>
    sum(
      scan(
        around((c: Tensor, row: Tensor) => [mul(sin(add(c, row)), b!) as Tensor, sum(c) as Tensor] as const),
        a!,
        W as never,
      ).ys as Tensor,
    ) as Tensor,
  "a loop inside": (around) => (a, b) =>
    sum(
      around(
        (y: Tensor) =>
          scan((c: Tensor, row: Tensor) => [mul(sin(add(c, row)), b!) as Tensor, null] as const, y, W as never)
            .carry as Tensor,
      )(a!),
    ) as Tensor,
  branches: (around) => (a, b) =>
    sum(
      around((y: Tensor) => {
        const big = cond(
          greater(sum(y), 0),
          (z: Tensor) => mul(z, b!) as Tensor,
          (z: Tensor) => sin(z),
          y,
        ) as Tensor;
        return whileLoop(
          (z: Tensor) => less(sum(mul(z, z)), 100),
          (z: Tensor) => mul(z, 2) as Tensor,
          big,
          { maxSteps: 9 },
        ) as Tensor;
      })(a!),
    ) as Tensor,
};

/** The questions to a function of two vectors. */
const ways: Readonly<Record<string, (f: F) => Tensor>> = {
  value: (f) => f(x, v),
  "grad by the first": (f) => loose<F>(grad(f as never))(x, v),
  "grad by the second": (f) => loose<F>(grad(f as never, { argnums: 1 }))(x, v),
  jvp: (f) => loose<{ tangent: Tensor }>(jvp(f as never, [x, v] as never, [v, x] as never)).tangent,
  linearize: (f) => loose<{ pushforward: F }>(linearize(f as never, ...([x, v] as never[]))).pushforward(v, x),
  compiled: (f) => loose<F>(compile(f as never))(x, v),
  "grad, compiled": (f) => loose<F>(compile(grad(f as never) as never))(x, v),
  "grad by the second, compiled": (f) => loose<F>(compile(grad(f as never, { argnums: 1 }) as never))(x, v),
  "jvp, compiled": (f) =>
    loose<F>(
      compile(
        (a: Tensor, b: Tensor) => loose<{ tangent: Tensor }>(jvp(f as never, [a, b] as never, [b, a] as never)).tangent,
      ),
    )(x, v),
  "vmap of grad": (f) => loose<F>(vmap(grad(f as never) as never, { inAxes: [0, null] }))(W.mul(W), v),
  "vmap of grad, compiled": (f) =>
    loose<F>(compile(vmap(grad(f as never) as never, { inAxes: [null, 0] }) as never))(x, W),
  "grad of vmap": (f) =>
    loose<F>(grad(((a: Tensor, b: Tensor) => sum(loose<F>(vmap(f as never))(a, b))) as never))(W.mul(W), W),
  "the tape": (f) => {
    const [a, b] = [x, v].map((one) => tensor(one.toTypedArray(), { shape: [3], requiresGrad: true }) as Tensor);
    f(a!, b!).backward();
    return b!.grad!;
  },
};

describe("a checkpoint has the bits of the function without it", () => {
  for (const [name, make] of Object.entries(functions)) {
    it.each(Object.entries(ways))(`${name}: %s`, (_, way) => {
      let runs = 0;
      const counted: Around = (g) =>
        checkpoint(
          loose<typeof g>((...args: never[]) => {
            runs++;
            return g(...args);
          }),
        );
      expect(differenceOf(name, way(make(counted)), way(make(plainly)))).toBeNull();
      expect(runs).toBeGreaterThan(0);
    });

    it(`${name}: second order`, () => {
      const second = (f: F): number[] =>
        loose<F>(
          grad(((a: Tensor, b: Tensor) => sum(mul(loose<F>(grad(f as never))(a, b), sin(a)))) as never, { argnums: 1 }),
        )(x, v).toArray() as number[];
      const [found, expected] = [second(make(checkpoint)), second(make(plainly))];
      const compiled = loose<F>(
        compile(
          grad(((a: Tensor, b: Tensor) => sum(mul(loose<F>(grad(make(checkpoint) as never))(a, b), sin(a)))) as never, {
            argnums: 1,
          }) as never,
        ),
      )(x, v).toArray() as number[];
      expected.forEach((y, k) => {
        for (const own of [found[k]!, compiled[k]!]) {
          if (Number.isFinite(y)) expect(Math.abs(own - y)).toBeLessThanOrEqual(1e-13 * (1 + Math.abs(y)));
          else expect(own).toBe(y);
        }
      });
    });
  }
});

/** The numbers that the graph behind a tensor holds. */
function numbersBehind(root: Tensor): number {
  const arrays = new Set<object>();
  const nodes = new Set<Node>([root.node!]);
  for (const { inputs, output } of nodes) {
    for (const one of [...inputs, output]) {
      if (typeof one.storage === "object" && one.storage !== null) arrays.add(one.storage);
      if (one.node !== null) nodes.add(one.node);
    }
  }
  return [...arrays].reduce((sum, one) => sum + (one as Float64Array).length, 0);
}

interface Mapping {
  map: (this: Builder, op: ElementwiseOp, ...inputs: Value[]) => Value;
}

/** Runs with another reading of `after` in programs. */
function withAfter<R>(read: (x: Value, g: Value) => Value, body: () => R): R {
  const rules = Builder.prototype as unknown as Mapping;
  const map = rules.map;
  rules.map = function (op, ...inputs) {
    return op === after.op ? read(inputs[0]!, inputs[1]!) : map.call(this, op, ...inputs);
  };
  try {
    return body();
  } finally {
    rules.map = map;
  }
}

describe("what a checkpoint keeps", () => {
  const size = 64;
  const start = tensor(Float64Array.from({ length: size }, (_, i) => Math.sin(i)));
  const block = (y: Tensor): Tensor => sin(mul(tanh(mul(sin(y), y)), y));
  const chain =
    (around: Around, length: number, part = around(block)) =>
    (y: Tensor): Tensor =>
      sum(Array.from({ length }).reduce((z: Tensor) => part(z), y)) as Tensor;

  it("is what goes in, for each of a chain", () => {
    const kept = (around: Around): number => {
      const from = tensor(start.toTypedArray(), { requiresGrad: true }) as Tensor;
      return numbersBehind(chain(around, 8)(from)) / size;
    };
    expect(kept(checkpoint)).toBeLessThanOrEqual(9);
    expect(kept(plainly)).toBeGreaterThan(32);
  });

  it("is less in a program, and in the loop of one", () => {
    const arena = (f: F, y: Tensor): number => {
      const program = compile(grad(f as never) as never, { threads: 1 });
      loose<F>(program)(y);
      const { arenaBytes, bodyBytes } = program.explain();
      return (arenaBytes + bodyBytes) / (y.size * bytesOf("float64"));
    };
    const square = tensor(
      Float64Array.from({ length: size * size }, (_, i) => Math.cos(i) / size),
      { shape: [size, size] },
    ) as Tensor;
    const wide = (around: Around): F => {
      const part = around((y: Tensor) => tanh(matmul(square, sin(matmul(square, y)))));
      return (y) => sum(Array.from({ length: 12 }).reduce((z: Tensor) => part(z), y!)) as Tensor;
    };
    expect(arena(wide(checkpoint), square)).toBeLessThan(18);
    expect(arena(wide(plainly), square)).toBeGreaterThan(24);
    // A second run that does not wait for the cotangent is the first one.
    expect(
      withAfter(
        (y) => y,
        () => arena(wide(checkpoint), square),
      ),
    ).toBeGreaterThan(24);
    const looped = (around: Around): F => {
      const part = around(block);
      const run = (y: Tensor): Tensor =>
        scan((c: Tensor) => [part(c), null] as const, y, null, { length: 50 }).carry as Tensor;
      return (y) => sum(run(y!)) as Tensor;
    };
    expect(arena(looped(checkpoint), start as Tensor)).toBeLessThan(110);
    expect(arena(looped(plainly), start as Tensor)).toBeGreaterThan(200);
  });

  it("is computed again once for each sweep, and not where nobody asks for a derivative", () => {
    let runs = 0;
    const part = checkpoint((y: Tensor) => {
      runs++;
      return sin(y);
    });
    part(start as Tensor);
    expect(runs).toBe(1);
    const { pullback } = vjp((y: Tensor) => part(y), start as Tensor);
    expect(runs).toBe(2);
    pullback(start as never);
    pullback(start as never);
    expect(runs).toBe(4);
  });
});

describe("a checkpoint", () => {
  it("has other numbers where the wrong one of two values waits for the other", () => {
    const part = checkpoint((y: Tensor) => sin(mul(y, y)));
    const slope = grad(((y: Tensor) => sum(part(part(y)))) as never) as unknown as F;
    const point = tensor(2) as Tensor;
    expect(loose<F>(compile(slope as never))(point).item()).toBe(slope(point).item());
    const wrong = withAfter(
      (_, g) => g,
      () => loose<F>(compile(slope as never))(point).item(),
    );
    expect(wrong).not.toBe(slope(point).item());
  });

  it("takes and gives what is no tensor, and the very tensor that it was given", () => {
    const same = checkpoint((y: Tensor, how: { readonly twice: boolean }, f: F) => ({
      y,
      z: how.twice ? f(f(y)) : f(y),
      n: 3,
    }));
    const given = same(x, { twice: true }, sin as never);
    expect(given.y).toBe(x);
    expect(given.n).toBe(3);
    expect(given.z.toArray()).toEqual(sin(sin(x)).toArray());
  });

  it("may read numbers outside of programs, and a variable in them", () => {
    const steep = checkpoint((y: Tensor) => (sum(y).item() > 0 ? mul(y, y) : y) as Tensor);
    expect(loose<F>(grad(((y: Tensor) => sum(steep(y))) as never))(x).toArray()).toEqual([0, 8, 0.5]);
    const w = variable(v);
    const scaled =
      (around: Around): F =>
      (y) =>
        sum(around((z: Tensor) => sin(mul(z, w.read())))(y!)) as Tensor;
    const [found, expected] = [checkpoint, plainly].map((around) =>
      loose<F>(compile(grad(scaled(around as Around) as never) as never))(x),
    );
    expect(found!.toArray()).toEqual(expected!.toArray());
  });

  it("names the line of an op inside that is not finite", () => {
    const part = checkpoint((y: Tensor) => sqrt(y));
    const error = refusalOf(() => detectAnomaly(() => grad(((y: Tensor) => sum(part(y))) as never)(x as never)));
    expect(error.message).toMatch(/^sqrt: the cotangent of input 0 has Infinity.*checkpoint\.test\.ts/s);
  });

  it("is checked as any function is", () => {
    const cube = checkpoint((y: Tensor) => mul(y, mul(y, y)) as Tensor);
    expect(gradientCheck(cube as never, [v] as never).ok).toBe(true);
  });

  it("refuses what it cannot do", () => {
    expect(refusalOf(() => checkpoint(3 as never)).message).toMatch(
      /^checkpoint: the first argument is 3, not a function/,
    );
    expect(refusalOf(() => loose<(f: unknown, extra: unknown) => void>(checkpoint)(sin, {})).op).toBe("checkpoint");
    expect(refusalOf(() => checkpoint(() => Promise.resolve(x))()).message).toMatch(
      /^checkpoint: the function gives a Promise: it must not be async/,
    );
    let calls = 0;
    const drawn = checkpoint((y: Tensor) => mul(y, ++calls) as Tensor);
    const error = refusalOf(() => grad(((y: Tensor) => sum(drawn(y))) as never)(x as never));
    expect(error.code).toBe("NOT_REPEATED");
    expect(error.message).toMatch(/^checkpoint: the function computes something else when it runs again/);
    const outside = [mul, add];
    const other = checkpoint((y: Tensor) => outside.pop()!(y, y) as Tensor);
    expect(refusalOf(() => jvp(other, [x] as never, [x] as never)).code).toBe("NOT_REPEATED");
  });
});
