// The reference arrays against small cases that NumPy computed, and against the adjoint identities between them.

import { describe, expect, it } from "vitest";
import * as np from "./arrays.ts";
import type { NDArray, Nested } from "./arrays.ts";

const A = np.fromNested([
  [1.5, -2, 0.25],
  [4, 0.5, -3],
]);
/** (7n mod 11) − 4 over n = 0 … 23 */
const C = np.array(
  [2, 3, 4],
  Array.from({ length: 24 }, (_, n) => ((7 * n) % 11) - 4),
);
const vector = (...data: number[]): NDArray => np.array([data.length], data);

const expectArray = (got: NDArray, shape: number[], nested: Nested): void => {
  expect(got.shape).toEqual(shape);
  const expected = np.fromNested(nested).data;
  expect(got.data.length).toBe(expected.length);
  got.data.forEach((x, i) => {
    const error = Math.abs(x - expected[i]!);
    expect(error, `entry ${i}: ${x} for ${expected[i]}`).toBeLessThanOrEqual(4e-15 * Math.abs(expected[i]!));
  });
};

const inner = (a: NDArray, b: NDArray): number => a.data.reduce((total, x, i) => total + x * b.data[i]!, 0);

describe("reference arrays", () => {
  it("convert from and to nested lists", () => {
    expect(A).toEqual({ shape: [2, 3], data: [1.5, -2, 0.25, 4, 0.5, -3] });
    expect(np.toNested(A)).toEqual([
      [1.5, -2, 0.25],
      [4, 0.5, -3],
    ]);
    expect([np.fromNested(3), np.toNested(np.array([], [3]))]).toEqual([{ shape: [], data: [3] }, 3]);
    expect([np.fromNested([]), np.toNested(np.full([2, 0], 1))]).toEqual([{ shape: [0], data: [] }, [[], []]]);
    expect(() => np.fromNested([[1, 2], [3]])).toThrow(RangeError);
    expect(() => np.array([2], [1])).toThrow(RangeError);
  });

  it("broadcast element by element and sum back", () => {
    expectArray(
      np.elementwise((x, y) => x + y, A, np.fromNested([[10], [20]])),
      [2, 3],
      [
        [11.5, 8, 10.25],
        [24, 20.5, 17],
      ],
    );
    expectArray(
      np.elementwise((x, y, z) => x * y + z, vector(1, 2), np.array([], [3]), np.fromNested([[1], [0]])),
      [2, 2],
      [
        [4, 7],
        [3, 6],
      ],
    );
    expect(np.elementwise((x, y) => x + y, np.full([0, 3], 1), np.full([1, 3], 1))).toEqual({
      shape: [0, 3],
      data: [],
    });
    expectArray(
      np.broadcastTo(np.fromNested([[1], [2]]), [2, 2, 3]),
      [2, 2, 3],
      [
        [
          [1, 1, 1],
          [2, 2, 2],
        ],
        [
          [1, 1, 1],
          [2, 2, 2],
        ],
      ],
    );
    expectArray(np.sumTo(C, [3, 1]), [3, 1], np.toNested(np.sum(C, { axes: [0, 2], keepDims: true })));
    expect(() => np.broadcastTo(A, [3, 3])).toThrow(RangeError);
    expect(() => np.elementwise((x, y) => x + y, vector(1, 2), vector(1, 2, 3))).toThrow(RangeError);
    expect(() => np.sumTo(A, [3, 3])).toThrow(RangeError);
  });

  it("reduce over any axes", () => {
    expectArray(np.sum(C, { axes: [0, 2] }), [3], [14, 7, 0]);
    expectArray(np.sum(C, { axes: [-1, 0], keepDims: true }), [1, 3, 1], [[[14], [7], [0]]]);
    const means = [
      [-5 / 3, 5 / 3, 4 / 3, 1],
      [5 / 3, 4 / 3, 1, 2 / 3],
    ];
    expectArray(np.mean(C, { axes: 1 }), [2, 4], means);
    expectArray(np.prod(A, { axes: 0 }), [3], [6, -1, -0.75]);
    expectArray(np.max(C, { axes: [1, 2] }), [2], [6, 6]);
    expectArray(
      np.min(C, { axes: 0 }),
      [3, 4],
      [
        [-4, -1, -1, 2],
        [-2, -2, 1, -3],
        [-3, 0, -4, -4],
      ],
    );
    expectArray(np.variance(A, { axes: 1, ddof: 1 }), [2], [3.145833333333333, 12.25]);
    expectArray(
      np.variance(C, { axes: [0, 1] }),
      [4],
      [9.666666666666666, 6.916666666666667, 11.805555555555555, 11.805555555555555],
    );
    expectArray(np.norm(C, { axes: [0, 2] }), [3], [10.583005244258363, 8.54400374531753, 9.055385138137417]);
    expectArray(np.logSumExp(A, { axes: 1 }), [2], [1.775130262247635, 4.030635179426975]);
    expect(np.sum(A).shape).toEqual([]);
    expect(np.sum(A, { axes: [] })).toEqual(A);
    expect(() => np.sum(A, { axes: [0, -2] })).toThrow(RangeError);
    expect(() => np.sum(A, { axes: 2 })).toThrow(RangeError);
  });

  it("reduce nothing, infinities, NaN and sizes out of range as declared", () => {
    const empty = np.full([0, 2], 0);
    expect(np.sum(empty, { axes: 0 }).data).toEqual([0, 0]);
    expect(np.prod(empty).data).toEqual([1]);
    expect(np.mean(empty).data).toEqual([NaN]);
    expect(np.logSumExp(empty).data).toEqual([-Infinity]);
    expect(np.norm(empty).data).toEqual([0]);
    expect(() => np.max(empty)).toThrow(RangeError);
    expect(np.max(vector(1, NaN, 2)).data).toEqual([NaN]);
    expect(np.logSumExp(vector(-Infinity, -Infinity)).data).toEqual([-Infinity]);
    expect(np.logSumExp(vector(1000, 1000)).data).toEqual([1000 + Math.LN2]);
    expectArray(np.norm(vector(3e200, 4e200)), [], 5e200);
    expectArray(np.norm(vector(3e-200, 4e-200)), [], 5e-200);
    expect(np.norm(vector(-Infinity, 1)).data).toEqual([Infinity]);
    expect(np.norm(vector(NaN, 1)).data).toEqual([NaN]);
    expect(np.variance(vector(2), { ddof: 1 }).data).toEqual([NaN]);
    expect(np.softmax(empty)).toEqual(empty);
  });

  it("normalize with softmax over any axes", () => {
    expectArray(
      np.softmax(A, 1),
      [2, 3],
      [
        [0.7594731860969824, 0.022934102999540434, 0.2175927109034773],
        [0.9698293222336911, 0.029286307897698052, 0.0008843698686108626],
      ],
    );
    expectArray(
      np.logSoftmax(A),
      [2, 3],
      [
        [-2.630318152482273, -6.130318152482273, -3.880318152482273],
        [-0.13031815248227296, -3.630318152482273, -7.130318152482273],
      ],
    );
    expectArray(
      np.softmax(
        np.elementwise((x) => x / 4, C),
        [0, 2],
      ),
      [2, 3, 4],
      [
        [
          [0.021934691380228185, 0.12622543371402095, 0.04643574201633696, 0.2672192452695244],
          [0.12797763518426697, 0.04708034091403085, 0.270928655811144, 0.09966908249713369],
          [0.043893346850438955, 0.2525887712443837, 0.09292221601156517, 0.034184172898746645],
        ],
        [
          [0.12622543371402095, 0.04643574201633696, 0.2672192452695244, 0.09830446662000722],
          [0.04708034091403085, 0.270928655811144, 0.09966908249713369, 0.03666620637111593],
          [0.2525887712443837, 0.09292221601156517, 0.034184172898746645, 0.19671633284017],
        ],
      ],
    );
    expect(np.softmax(vector(1e5, 1e5)).data).toEqual([0.5, 0.5]);
  });

  it("move entries", () => {
    expectArray(
      np.reshape(A, [3, 2]),
      [3, 2],
      [
        [1.5, -2],
        [0.25, 4],
        [0.5, -3],
      ],
    );
    expectArray(
      np.transpose(A),
      [3, 2],
      [
        [1.5, 4],
        [-2, 0.5],
        [0.25, -3],
      ],
    );
    expectArray(
      np.transpose(C, [2, 0, 1]),
      [4, 2, 3],
      [
        [
          [-4, 2, -3],
          [3, -2, 4],
        ],
        [
          [3, -2, 4],
          [-1, 5, 0],
        ],
        [
          [-1, 5, 0],
          [6, 1, -4],
        ],
        [
          [6, 1, -4],
          [2, -3, 3],
        ],
      ],
    );
    expectArray(
      np.slice(C, [0, 1, 0], [2, 3, 4], [1, 1, 3]),
      [2, 2, 2],
      [
        [
          [2, 1],
          [-3, -4],
        ],
        [
          [-2, -3],
          [4, 3],
        ],
      ],
    );
    expectArray(np.slice(A, [1, 0]), [1, 3], [[4, 0.5, -3]]);
    expectArray(
      np.pad(A, [1, 0], [0, 2], 9),
      [3, 5],
      [
        [9, 9, 9, 9, 9],
        [1.5, -2, 0.25, 9, 9],
        [4, 0.5, -3, 9, 9],
      ],
    );
    expectArray(
      np.flip(A),
      [2, 3],
      [
        [-3, 0.5, 4],
        [0.25, -2, 1.5],
      ],
    );
    expectArray(
      np.slice(np.flip(C, [0, 2]), [1, 0, 0]),
      [1, 3, 4],
      [
        [
          [6, -1, 3, -4],
          [1, 5, -2, 2],
          [-4, 0, 4, -3],
        ],
      ],
    );
    expect(() => np.transpose(C, [0, 0, 1])).toThrow(RangeError);
    expect(() => np.reshape(A, [4])).toThrow(RangeError);
  });

  it("join and part", () => {
    const double = np.elementwise((x) => 2 * x, A);
    const negative = np.elementwise((x) => -x, A);
    expectArray(
      np.concat([A, double], 1),
      [2, 6],
      [
        [1.5, -2, 0.25, 3, -4, 0.5],
        [4, 0.5, -3, 8, 1, -6],
      ],
    );
    expectArray(
      np.stack([A, negative], 1),
      [2, 2, 3],
      [
        [
          [1.5, -2, 0.25],
          [-1.5, 2, -0.25],
        ],
        [
          [4, 0.5, -3],
          [-4, -0.5, 3],
        ],
      ],
    );
    expect(np.stack([A, negative], -1).shape).toEqual([2, 3, 2]);
    const [left, right] = np.split(C, 2, 2) as [NDArray, NDArray];
    expectArray(
      left,
      [2, 3, 2],
      [
        [
          [-4, 3],
          [2, -2],
          [-3, 4],
        ],
        [
          [3, -1],
          [-2, 5],
          [4, 0],
        ],
      ],
    );
    expectArray(
      right,
      [2, 3, 2],
      [
        [
          [-1, 6],
          [5, 1],
          [0, -4],
        ],
        [
          [6, 2],
          [1, -3],
          [-4, 3],
        ],
      ],
    );
    expect(np.concat(np.split(C, [1, 0, 3], -1), 2)).toEqual(C);
    expect(() => np.split(C, 2, 1)).toThrow(RangeError);
    expect(() => np.concat([A, C])).toThrow(RangeError);
    expect(() => np.concat([])).toThrow(RangeError);
    expect(() => np.stack([])).toThrow(RangeError);
  });

  it("gather along an axis with indices of any shape and scatter back", () => {
    const indices = np.fromNested([
      [0, 2],
      [1, 1],
    ]);
    expectArray(
      np.gather(C, indices, 1),
      [2, 2, 2, 4],
      [
        [
          [
            [-4, 3, -1, 6],
            [-3, 4, 0, -4],
          ],
          [
            [2, -2, 5, 1],
            [2, -2, 5, 1],
          ],
        ],
        [
          [
            [3, -1, 6, 2],
            [4, 0, -4, 3],
          ],
          [
            [-2, 5, 1, -3],
            [-2, 5, 1, -3],
          ],
        ],
      ],
    );
    expectArray(np.gather(A, np.array([], [1])), [3], [4, 0.5, -3]);
    expectArray(
      np.scatterAdd(
        [3, 2],
        vector(0, 2, 0),
        np.fromNested([
          [1, 2],
          [3, 4],
          [5, 6],
        ]),
      ),
      [3, 2],
      [
        [6, 8],
        [0, 0],
        [3, 4],
      ],
    );
    const updates = np.array([2, 2, 2], [0, 1, 2, 3, 4, 5, 6, 7]);
    expectArray(
      np.scatterAdd(
        [2, 3],
        np.fromNested([
          [2, 2],
          [0, 2],
        ]),
        updates,
        1,
      ),
      [2, 3],
      [
        [2, 0, 4],
        [6, 0, 16],
      ],
    );
    expect(() => np.gather(A, vector(2))).toThrow(RangeError);
    expect(() => np.gather(A, vector(-1))).toThrow(RangeError);
    expect(() => np.scatterAdd([3, 2], vector(0), updates)).toThrow(RangeError);
  });

  it("multiply matrices, vectors and batches", () => {
    expectArray(
      np.matmul(A, np.transpose(A)),
      [2, 2],
      [
        [6.3125, 4.25],
        [4.25, 25.25],
      ],
    );
    const right = np.array([4, 2], [0, 1, 2, 3, 4, 5, 6, 7]);
    expectArray(
      np.matmul(C, right),
      [2, 3, 2],
      [
        [
          [38, 42],
          [22, 28],
          [-16, -19],
        ],
        [
          [34, 44],
          [-4, -3],
          [2, 5],
        ],
      ],
    );
    const batches = np.array(
      [1, 3, 4, 2],
      Array.from({ length: 24 }, (_, n) => ((5 * n) % 7) - 3),
    );
    const rows = np.reshape(np.slice(C, [0, 0, 0], [2, 2, 4]), [2, 1, 2, 4]);
    expectArray(
      np.matmul(rows, batches),
      [2, 3, 2, 2],
      [
        [
          [
            [3, -33],
            [8, 10],
          ],
          [
            [-33, 22],
            [10, -9],
          ],
          [
            [22, 14],
            [-9, -21],
          ],
        ],
        [
          [
            [7, 8],
            [12, -4],
          ],
          [
            [8, -5],
            [-4, 8],
          ],
          [
            [-5, -25],
            [8, 6],
          ],
        ],
      ],
    );
    expectArray(
      np.matmul(vector(1, 2, -1), C),
      [2, 4],
      [
        [3, -5, 9, 12],
        [-5, 9, 12, -7],
      ],
    );
    expectArray(
      np.matmul(C, vector(1, 0, -1, 2)),
      [2, 3],
      [
        [9, -1, -11],
        [1, -9, 14],
      ],
    );
    expectArray(np.matmul(vector(1, 2, 3), vector(4, 5, 6)), [], 32);
    expectArray(np.dot(vector(1, 2, 3), vector(4, 5, 6)), [], 32);
    expectArray(
      np.outer(vector(1, 2, 3), vector(4, 5)),
      [3, 2],
      [
        [4, 5],
        [8, 10],
        [12, 15],
      ],
    );
    expectArray(
      np.matmul(np.full([2, 0], 1), np.full([0, 3], 1)),
      [2, 3],
      [
        [0, 0, 0],
        [0, 0, 0],
      ],
    );
    expect(() => np.matmul(A, A)).toThrow(RangeError);
    expect(() => np.matmul(A, np.array([], [1]))).toThrow(RangeError);
    expect(() => np.dot(A, A)).toThrow(RangeError);
    expect(() => np.outer(A, A)).toThrow(RangeError);
  });

  it("keep the adjoint identities of linear operations", () => {
    const indices = np.fromNested([
      [0, 2, 2],
      [1, 1, 0],
    ]);
    const gathered = np.gather(C, indices, 1);
    const weights = np.build(gathered.shape, (index) => Math.sin(np.offsetOf(gathered.shape, index)));
    expect(inner(gathered, weights)).toBeCloseTo(inner(C, np.scatterAdd(C.shape, indices, weights, 1)), 12);
    const wide = np.broadcastTo(A, [4, 2, 3]);
    const wideWeights = np.build(wide.shape, (index) => Math.cos(np.offsetOf(wide.shape, index)));
    expect(inner(wide, wideWeights)).toBeCloseTo(inner(A, np.sumTo(wideWeights, A.shape)), 12);
  });
});
