/**
 * What leaves a sweep has no marks: each is found where there may be some, and none is looked for where a product
 * leaves none.
 */

import { workOf } from "../work.ts";
import { describe, expect, it } from "vitest";
import { add, grad, jacobian, matmul, mul, relu, sum, tensor, zeros, type Tensor } from "../../src/index.ts";
import { Tensor as Made } from "../../src/graph/tensor.ts";
import { unmarked } from "../../src/ops/unmarked.ts";

/** Numbers that share bits with -0: its sign, or one half of a float64. */
const halves = new Float64Array(new BigUint64Array([0x80000000n, 0x8000000080000000n, 0x8000000000000001n]).buffer);
const types = [
  ["float64", Float64Array, [0, -1, ...halves]],
  ["float32", Float32Array, [0, -1, -(2 ** -149)]],
] as const;

const marksOf = (x: Tensor): number => x.toTypedArray().filter((one: number) => Object.is(one, -0)).length;
const product = matmul as (a: Tensor, b: Tensor) => Tensor;
const scalarOf = (f: (x: Tensor) => Tensor) => f as (x: Tensor) => Tensor<[]>;

describe("a mark", () => {
  it.each(types)(
    "is found at every place of every length, and nothing else is taken for one, in %s",
    (dtype, Type, others) => {
      for (let length = 1; length <= 9; length++)
        for (let before = 0; before < 3; before++)
          for (let at = -1; at < length; at++) {
            // Marks around the numbers are none of theirs.
            const numbers = new Type(before + length + 1).fill(-0).subarray(before, before + length);
            for (let k = 0; k < length; k++) numbers[k] = k === at ? -0 : others[k % others.length]!;
            const x: Tensor = new Made([length], dtype, numbers);
            const result = unmarked(x);
            expect(result === x).toBe(at < 0);
            expect(marksOf(result)).toBe(0);
            expect([...result.toTypedArray()]).toEqual([...numbers].map((one) => one + 0));
          }
    },
  );

  const side = 40;
  const w = tensor(new Float64Array(side * side).fill(-1), { shape: [side, side] });
  const x = tensor(new Float64Array(3 * side).fill(1).fill(Infinity, 0, 2), { shape: [3, side] });

  it("is not looked for in what a product of the sweep makes, which has none", () => {
    const lossOf = (a: Tensor) => scalarOf((b) => sum(relu(product(a, b))));
    const work = (f: (one: Tensor) => Tensor<[]>): number => workOf(() => void grad(f)(w), "ops/unmarked.ts");
    // What grew with the entries would count thousands, as it does where there may be marks.
    for (const loss of [lossOf(x), scalarOf((a) => sum(mul(a, a))), scalarOf((a) => sum(relu(a)))])
      expect(work(loss)).toBeLessThan(side);
    expect(work(scalarOf((a) => sum(add(a, 1))))).toBeGreaterThan(side * side);
    // Nothing is chosen: each term is dropped, also the infinite ones.
    expect(grad(lossOf(x))(w).toTypedArray()).toEqual(new Float64Array(side * side));
    expect(grad(scalarOf((a) => sum(relu(a))))(w).toTypedArray()).toEqual(new Float64Array(side * side));
    expect(
      grad(lossOf(mul(x, -1)))(w)
        .toTypedArray()
        .every((one: number) => one <= -1),
    ).toBe(true);
  });

  it("is left in no sum of a product and something that was dropped", () => {
    const loss = scalarOf((b) => sum(product(zeros([1, 2]), b)).add(sum(relu(b))));
    expect(
      grad(loss)(
        tensor([
          [-1, -2],
          [-3, 4],
        ]),
      ).toArray(),
    ).toEqual([
      [0, 0],
      [0, 1],
    ]);
    const rows = jacobian((b: Tensor) => relu(product(tensor([[1, 1]]), b)))(
      tensor([
        [-1, 2],
        [-3, 4],
      ]),
    );
    expect(rows.toArray()).toEqual([
      [
        [
          [0, 0],
          [0, 0],
        ],
        [
          [0, 1],
          [0, 1],
        ],
      ],
    ]);
  });
});
