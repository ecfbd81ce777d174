/** linearize: the function runs once, and is pushed along any number of directions, with the bits of jvp. */

import { describe, expect, it } from "vitest";
import {
  compile,
  grad,
  jvp,
  linearize,
  log,
  matmul,
  mul,
  relu,
  sin,
  sqrt,
  sum,
  tensor,
  zeros,
  type Tensor,
} from "../../src/index.ts";
import { vmap } from "../../src/vmap/index.ts";
import { differenceOf } from "../compile/bits.ts";
import { refusalOf } from "../refusal.ts";

const W = tensor([
  [0, 1, 2],
  [3, 0, -1],
]) as Tensor;
const x = tensor([0, 4, 0.25]) as Tensor;
const directions = [tensor([1, 1, 1]), tensor([0, -2, 3]), tensor([0.5, 0, 0])] as readonly Tensor[];
const functions: readonly ((v: Tensor) => Tensor)[] = [
  (v) => matmul(W, sin(v)),
  (v) => matmul(W, sqrt(v)),
  (v) => mul(relu(log(v)), v) as Tensor,
];

describe("a pushforward", () => {
  it.each(functions.map((f) => [f.toString(), f] as const))("has the bits of jvp along every direction: %s", (_, f) => {
    let runs = 0;
    const { value, pushforward } = linearize((v: Tensor) => {
      runs++;
      return f(v);
    }, x);
    expect(value.toArray()).toEqual(f(x).toArray());
    for (const along of directions) {
      const expected = jvp(f, [x], [along]).tangent;
      expect(differenceOf("plain", pushforward(along), expected)).toBeNull();
      expect(
        differenceOf("compiled", compile((v: Tensor, t: Tensor) => linearize(f, v).pushforward(t))(x, along), expected),
      ).toBeNull();
    }
    expect(runs).toBe(1);
    const all = (vmap((t: Tensor) => pushforward(t)) as (t: Tensor) => Tensor)(
      tensor(directions.map((t) => t.toArray() as number[])) as Tensor,
    );
    directions.forEach((along, k) => expect(all.at(k).toArray()).toEqual(pushforward(along).toArray()));
  });

  it("takes trees and several arguments, and may be differentiated", () => {
    const { pushforward } = linearize(
      ({ a, b }: { a: Tensor; b: Tensor }, c: Tensor<[]>) => ({ y: mul(mul(a, b), c) }),
      { a: tensor([1, 2]) as Tensor, b: tensor([3, 4]) as Tensor },
      2,
    );
    expect(pushforward({ a: tensor([1, 0]) as Tensor, b: zeros([2]) as Tensor }, 0).y.toArray()).toEqual([6, 0]);
    // d/dx of f'(x) t
    const slope = grad(
      (v: Tensor) => sum(linearize((u: Tensor) => sin(u) as Tensor, v).pushforward(directions[0]!)) as Tensor<[]>,
    )(x);
    expect(slope.toArray()).toEqual((sin(x) as Tensor).mul(-1).add(0).toArray());
  });

  it("refuses what does not fit, by name", () => {
    const { pushforward } = linearize((v: Tensor) => sin(v) as Tensor, x);
    expect(refusalOf(() => pushforward(tensor([1, 2]) as Tensor)).message).toMatch(
      /^linearize: tangent 0 has shape \[2\] where \[3\] is needed/,
    );
    expect(refusalOf(() => (pushforward as () => unknown)()).message).toMatch(/^linearize: 0 tangents for 1 arguments/);
    expect(refusalOf(() => linearize((v: Tensor) => v, tensor([1], { dtype: "int32" }) as Tensor)).message).toMatch(
      /^linearize: argument 0 is int32, which has no derivative/,
    );
    expect(refusalOf(() => linearize(3 as never)).op).toBe("linearize");
  });
});
