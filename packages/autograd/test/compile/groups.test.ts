/** Groups of equal parts take few kernels, whatever their number and order, with the bits of the engine. */

import { describe, expect, it } from "vitest";
import {
  compile,
  concat,
  exp,
  jacobian,
  less,
  sin,
  slice,
  split,
  stack,
  sum,
  tanh,
  tensor,
  where,
  type Tensor,
} from "../../src/index.ts";
import { nightly, sized } from "../size.ts";
import { differenceOf } from "./bits.ts";

type Computation = (...x: Tensor[]) => Tensor;

/** Numbers that no two entries share, of both signs. */
const numbers = (...shape: readonly number[]): Tensor => {
  const count = shape.reduce((product, size) => product * size, 1);
  return tensor(
    Array.from({ length: count }, (_, k) => Math.sin(3 * k + 1) * 1.5),
    { shape },
  ) as Tensor;
};

/** The kernels of a program, whose results have the bits of the engine. */
const kernelsOf = (f: Computation, ...x: readonly Tensor[]): number => {
  const compiled = compile(f, { threads: 1 });
  expect(differenceOf("result", compiled(...x), f(...x))).toBeNull();
  return compiled.explain().kernels.length;
};

const modes = ["forward", "reverse"] as const;

const derived = (f: Computation, mode: (typeof modes)[number]): Computation =>
  jacobian(f as (x: Tensor) => Tensor, { mode }) as unknown as Computation;

const listed = <T>(count: number, give: (k: number) => T): T[] => Array.from({ length: count }, (_, k) => give(k));

describe.each(modes)("in %s mode", (mode) => {
  it("1 to 40 groups of a vector take a bounded number of kernels in either order", () => {
    const group = (x: Tensor, c: number): Tensor => sin(x.mul(c + 1).add(c + 1)) as Tensor;
    const totals =
      (count: number): Computation =>
      (x) =>
        stack(listed(count, (c) => sum(group(x!, c)))) as Tensor;
    const wholes =
      (count: number): Computation =>
      (x) =>
        concat(listed(count, (c) => group(x!, count - 1 - c)) as Tensor<[number]>[]) as Tensor;
    for (const count of nightly ? listed(40, (k) => k + 1) : [2, 3, 4, 13]) {
      expect(kernelsOf(derived(totals(count), mode), numbers(30)), `${count} totals`).toBeLessThan(10);
      expect(kernelsOf(derived(wholes(count), mode), numbers(5)), `${count} vectors`).toBeLessThan(8);
    }
  });

  it("1 to 30 outputs of three kinds by turns take a bounded number of kernels", () => {
    const kinds: readonly ((row: Tensor) => Tensor)[] = [
      (row) => tanh(row),
      (row) => exp(row.mul(row)),
      (row) => row.mul(sum(row)),
    ];
    const byTurns =
      (count: number): Computation =>
      (x) =>
        concat(listed(count, (k) => kinds[k % 3]!(slice(x!, [k], [k + 1]))) as Tensor<[number, number]>[]) as Tensor;
    for (const count of nightly ? listed(30, (k) => k + 1) : [5, 13])
      expect(kernelsOf(derived(byTurns(count), mode), numbers(count, 2)), `${count} outputs`).toBeLessThan(13);
  });

  it("each camera of a bundle adjustment takes the kernels of the others", () => {
    const points = sized(2, 20);
    const counts = nightly ? [2, 3, 4, 5, 6] : [2, 4];
    const kernels = counts.map((cameras) =>
      kernelsOf(derived(residuals(cameras, points), mode), numbers(6 * cameras + 3 * points)),
    );
    expect(kernels[0]).toBeLessThan(45);
    expect(new Set(kernels).size).toBe(1);
  });
});

it("what was joined is joined again, also where it has more than 1,024 entries", () => {
  const groups =
    (count: number): Computation =>
    (x) =>
      concat(listed(count, (c) => sin(x!.mul(c + 1)).mul(sum(x!.mul(x!)).add(c))) as Tensor<[number]>[]) as Tensor;
  const kernels = [2, 9].map((count) => kernelsOf(derived(groups(count), "forward"), numbers(40)));
  expect(kernels[1]).toBe(kernels[0]);
});

it("parts that are one number are left out of what they cover together, zeros of both signs apart", () => {
  const beside = (x: Tensor, number: number): Tensor =>
    concat([x, tensor([number, number, number])] as unknown as readonly Tensor<[number]>[]) as Tensor;
  for (const number of [0, -0, 7, NaN]) {
    const f: Computation = (x) => beside(exp(x!), number).add(beside(x!.neg(), -0)) as Tensor;
    expect(kernelsOf(f, numbers(3)), `${number}`).toBeLessThan(5);
  }
  // Of nothing but -0 nothing is computed.
  const none: Computation = () => tanh(beside(tensor([-0, -0, -0]) as Tensor, -0));
  expect(kernelsOf(none, numbers(3))).toBe(0);
});

type Columns = readonly [Tensor, Tensor, Tensor];

/** w × x for each row of x. */
function cross(w: Tensor, x: Tensor): Tensor {
  const [[a0, a1, a2], [b0, b1, b2]] = [split(w, 3, -1) as never as Columns, split(x, 3, -1) as never as Columns];
  const parts = [a1.mul(b2).sub(a2.mul(b1)), a2.mul(b0).sub(a0.mul(b2)), a0.mul(b1).sub(a1.mul(b0))];
  return concat(parts as never, -1) as Tensor;
}

/** Rodrigues' formula: x + sin θ/θ w × x + (1 - cos θ)/θ² w × (w × x), by series where θ is next to 0. */
function rotated(w: Tensor, x: Tensor): Tensor {
  const square = sum(w.mul(w));
  const small = less(square, 1e-12);
  const angle = square.sqrt();
  const first = where(small, square.div(-6).add(1), angle.sin().div(angle));
  const second = where(small, square.div(-24).add(0.5), angle.cos().neg().add(1).div(square));
  const once = cross(w, x);
  return x.add(once.mul(first)).add(cross(w, once).mul(second)) as Tensor;
}

/** The places where cameras see points, each camera with a turn and a place; by all of these numbers. */
function residuals(cameras: number, points: number): Computation {
  return (scene) => {
    const places = slice(scene!, [6 * cameras]).reshape([points, 3]) as Tensor;
    const seen = listed(cameras, (k) => {
      const turn = slice(scene!, [6 * k], [6 * k + 3]).reshape([1, 3]) as Tensor;
      const moved = rotated(turn, places).add(slice(scene!, [6 * k + 3], [6 * k + 6])) as Tensor;
      return slice(moved, [0, 0], [points, 2]).div(slice(moved, [0, 2], [points, 3])) as Tensor;
    });
    return stack(seen).reshape([2 * points * cameras]) as Tensor;
  };
}
