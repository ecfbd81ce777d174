/**
 * Jacobians and Hessians outside of programs by one sweep of a batch of seeds: the bits of one sweep after the other,
 * and a proof that it ran.
 */

import { afterAll, describe, expect, it } from "vitest";
import {
  customGradient,
  detectAnomaly,
  exp,
  grad,
  hessian,
  jacobian,
  log,
  matmul,
  mul,
  relu,
  scan,
  sin,
  softmax,
  sqrt,
  sum,
  tanh,
  tensor,
  vjp,
  where,
  greater,
  type Tensor,
} from "../../src/index.ts";
import { sweepAtOnceBy } from "../../src/transforms/matrices.ts";
import { vmap } from "../../src/vmap/index.ts";
import { batchesOf, sweepsAtOnce } from "../../src/vmap/seeds.ts";
import { differenceOf } from "../compile/bits.ts";
import { applyTo, casesOf } from "../ops/sampling.ts";
import { table } from "../ops/table/index.ts";
import { refusalOf } from "../refusal.ts";
import { report } from "../report.ts";
import { isTried } from "../size.ts";

let compared = 0;

afterAll(() =>
  report(
    "seeds",
    compared,
    `${compared.toLocaleString("en-US")} Jacobians and Hessians by sweeps of batches, with the bits of one sweep after the other`,
  ),
);

const numbers = (shape: readonly number[], seed = 1): Tensor =>
  tensor(
    Float64Array.from(
      { length: shape.reduce((n, size) => n * size, 1) },
      (_, i) => Math.sin((i + 1) * 12.9898 * seed) * 1.5,
    ),
    { shape },
  ) as Tensor;

/**
 * Runs with sweeps of batches of at least so many seeds, of so many numbers at most; `null` for one sweep after the
 * other.
 */
function by<R>(batches: Parameters<typeof batchesOf> | null, run: () => R): R {
  const former = sweepAtOnceBy(batches === null ? () => null : batchesOf(...batches));
  try {
    return run();
  } finally {
    sweepAtOnceBy(former);
  }
}

/**
 * Expects the same bits both ways, and the sweeps of batches to run so often; any number of times where nothing is
 * said.
 */
function expectSame(
  label: string,
  run: () => Tensor,
  sweeps: number | null = null,
  batches: Parameters<typeof batchesOf> = [1],
): void {
  const before = sweepsAtOnce();
  const found = by(batches, run);
  if (sweeps === null) expect(sweepsAtOnce(), label).toBeGreaterThan(before);
  else expect(sweepsAtOnce() - before, label).toBe(sweeps);
  expect(differenceOf(label, found, by(null, run))).toBeNull();
  compared++;
}

it.each(table.map((row) => [row.name, row] as const))("%s", (_, row) => {
  for (const dtype of row.dtypes.filter((one) => one === "float64" || one === "float32")) {
    for (const one of casesOf(row, dtype)) {
      const leaves = one.leaves.map((leaf) => leaf.tensor);
      const of =
        (k: number) =>
        (x: Tensor): Tensor =>
          applyTo(
            one,
            leaves.map((leaf, place) => (place === k ? x : leaf)),
          );
      one.leaves.forEach((leaf, k) => {
        if (!leaf.differentiable || leaf.tensor.dtype !== dtype || !isTried(25, `${one.label} ${k}`)) return;
        const value = of(k)(leaf.tensor);
        if (value.dtype !== dtype || value.shape.includes(0) || leaf.tensor.shape.includes(0)) return;
        expectSame(`${one.label}, reverse`, () => jacobian(of(k), { mode: "reverse" })(leaf.tensor) as Tensor);
        expectSame(`${one.label}, forward`, () => jacobian(of(k), { mode: "forward" })(leaf.tensor) as Tensor);
        if (row.order === 2)
          expectSame(
            `${one.label}, Hessian`,
            () => hessian((x: Tensor) => sum(mul(of(k)(x), 0.75)) as Tensor<[]>)(leaf.tensor) as Tensor,
          );
      });
    }
  }
});

describe("a sweep of a batch of seeds", () => {
  const [W, b, x] = [numbers([9, 9], 2), numbers([9], 3), numbers([9])];
  const net = (v: Tensor): Tensor => softmax(matmul(W, tanh(matmul(W, v).add(b)))) as Tensor;

  it("runs where there are enough seeds, in parts where what lies on the way is large", () => {
    expectSame("nine", () => jacobian(net, { mode: "reverse" })(x) as Tensor, 1, []);
    expectSame("eight", () => jacobian(net, { mode: "reverse" })(x) as Tensor, 0, [10]);
    expectSame("parts", () => jacobian(net, { mode: "forward" })(x) as Tensor, 3, [2, 40]);
    expectSame("no room", () => jacobian(net)(x) as Tensor, 0, [8, 20]);
    expectSame(
      "several arguments",
      () => (jacobian((p: Tensor, q: Tensor) => mul(net(p), q), { argnums: [0, 1] })(x, b) as readonly Tensor[])[1]!,
      1,
      [],
    );
    expectSame(
      "several, second order",
      () =>
        (
          hessian((p: Tensor, q: Tensor) => sum(mul(net(p), q)) as Tensor<[]>, { argnums: [0, 1] })(
            x,
            b,
          ) as unknown as readonly (readonly Tensor[])[]
        )[1]![0]!,
      2,
      [],
    );
  });

  it("keeps apart what was dropped and what is 0", () => {
    const at = tensor([0, 4, 1, 0, 2, -1, 0, 9, 1]) as Tensor;
    for (const f of [
      (v: Tensor) => where(greater(v, 0), sqrt(v), 0),
      (v: Tensor) => relu(log(v)),
      (v: Tensor) => matmul(W, relu(v)),
      (v: Tensor) => mul(sqrt(v), sqrt(v)),
      (v: Tensor) => exp(log(v)),
    ]) {
      for (const mode of ["forward", "reverse"] as const)
        expectSame(f.toString(), () => jacobian(f as (v: Tensor) => Tensor, { mode })(at) as Tensor, 1, []);
    }
  });

  it("goes through loops, and rules by hand in the library's ops; others run seed by seed", () => {
    expectSame(
      "scan",
      () =>
        jacobian(
          (v: Tensor) => scan((c: Tensor, row: Tensor) => [mul(sin(c), row) as Tensor, c] as const, v, W).ys as Tensor,
        )(x) as Tensor,
      1,
      [],
    );
    const ours = customGradient({
      name: "ours",
      forward: (v) => mul(v, v),
      vjp: (g, { inputs: [v] }) => g.mul(v!).mul(2),
    });
    expectSame("by hand", () => jacobian((v: Tensor) => ours(sin(v)), { mode: "reverse" })(x) as Tensor, 1, []);
    const reading = customGradient({
      name: "reading",
      forward: (v) => mul(v, 2),
      vjp: (g) => tensor(g.toTypedArray().map((y) => 2 * y)) as Tensor,
    });
    expectSame("reads", () => jacobian((v: Tensor) => reading(sin(v)), { mode: "reverse" })(x) as Tensor, 0, []);
    const wrong = customGradient({ name: "wrong", forward: (v) => mul(v, 2), vjp: () => tensor([1]) as Tensor });
    expect(refusalOf(() => jacobian((v: Tensor) => wrong(v), { mode: "reverse" })(x))).toMatchObject({
      op: "wrong",
      code: "BAD_RULE",
    });
  });

  it("leaves to one after the other what is watched, or followed from outside", () => {
    expectSame("watched", () => detectAnomaly(() => jacobian(net)(x) as Tensor), 0, []);
    expectSame(
      "followed",
      () => grad((v: Tensor) => sum(mul(jacobian(net)(v) as Tensor, W)) as Tensor<[]>)(x) as Tensor,
      0,
      [],
    );
  });

  it("is what vmap makes of a pullback of many seeds", () => {
    const { pullback } = vjp(net, x);
    const seeds = numbers([20, 9], 7);
    const found = (vmap((g: Tensor) => (pullback(g as never) as readonly Tensor[])[0]!) as (g: Tensor) => Tensor)(
      seeds,
    );
    for (let k = 0; k < 20; k++)
      expect(found.at(k).toArray()).toEqual((pullback(seeds.at(k) as never) as readonly Tensor[])[0]!.toArray());
  });
});
