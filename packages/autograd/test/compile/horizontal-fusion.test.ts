/**
 * Equal parts of a program are computed at once: with the bits of the engine, in as many kernels for many parts as for
 * few.
 */

import { describe, expect, it } from "vitest";
import {
  cast,
  compile,
  concat,
  flip,
  gather,
  grad,
  hessian,
  jacobian,
  matmul,
  max,
  mul,
  relu,
  scan,
  slice,
  softmax,
  stack,
  sum,
  tanh,
  tensor,
  transpose,
  where,
  greater,
  exp,
  pad,
  sigmoid,
  variable,
  type Tensor,
} from "../../src/index.ts";
import type { ProgramReport } from "../../src/compile/explain.ts";
import { isTried } from "../size.ts";
import { differenceOf } from "./bits.ts";

/** Numbers that no two entries share, of both signs. */
const numbers = (shape: readonly number[], dtype: "float32" | "float64" = "float64"): Tensor => {
  const count = shape.reduce((product, size) => product * size, 1);
  return tensor(
    Array.from({ length: count }, (_, k) => Math.sin(3 * k + 1) * 1.5),
    { shape, dtype },
  ) as Tensor;
};

/** The same with zeros of both signs and what is not finite in between. */
const unusual = (shape: readonly number[], dtype: "float32" | "float64" = "float64"): Tensor => {
  const special = [0, -0, NaN, Infinity, -Infinity, 1e300, 5e-324];
  const values = Array.from(numbers(shape, dtype).toTypedArray());
  return tensor(
    values.map((x, k) => (k % 3 === 1 ? special[((k / 3) % special.length) | 0]! : x)),
    { shape, dtype },
  ) as Tensor;
};

/** What a compiled function differs in from the function; `null` where in nothing. */
const check = (
  f: (...x: Tensor[]) => Tensor,
  leaves: readonly Tensor[],
): { readonly report: ProgramReport; readonly difference: string | null } => {
  const expected = f(...leaves);
  const compiled = compile(f, { threads: 1 });
  compiled(...leaves);
  return { difference: differenceOf("result", compiled(...leaves), expected), report: compiled.explain() };
};

/** How many values of an op the kernels of a program compute. */
const countOf = ({ kernels }: ProgramReport, op: string): number =>
  kernels.flatMap(({ ops }) => ops).reduce((total, [name, times]) => total + (name === op ? times : 0), 0);

interface Case {
  readonly name: string;
  readonly f: (x: Tensor) => Tensor;
  /** The shape of the argument for a number of parts. */
  readonly shape: (parts: number) => readonly number[];
  /** It stays part by part. */
  readonly single?: true;
}

const vector = (parts: number): readonly number[] => [parts];
const weights = ({ shape: [n], dtype }: Tensor): Tensor => numbers([n!, n!], dtype as "float32" | "float64");

/** Vector to vector; each has as many outputs as inputs, or one for each row. */
const cases: readonly Case[] = [
  { name: "entry by entry", shape: vector, f: (x) => tanh(x.mul(x)).add(exp(x)) },
  { name: "a choice", shape: vector, f: (x) => where(greater(x, 0), x.mul(x), x.neg()) },
  { name: "slices", shape: vector, f: (x) => slice(x, [1]).sub(slice(x, [0], [-1]).mul(slice(x, [0], [-1]))) },
  {
    name: "concat",
    shape: vector,
    f: (x) => concat([x.mul(x) as Tensor<[number]>, sigmoid(x) as Tensor<[number]>]).mul(2),
  },
  { name: "flip and pad", shape: vector, f: (x) => pad(flip(x).mul(x), [1], [2]) },
  { name: "a sum", shape: vector, f: (x) => x.mul(sum(x.mul(x))) },
  { name: "sums of rows", shape: (n) => [n, 3], f: (x) => sum(x.mul(x), 1).mul(sum(x)) },
  { name: "sums of columns", shape: (n) => [3, n], f: (x) => sum(tanh(x), 0) },
  { name: "an extreme", shape: vector, f: (x) => x.div(max(x)) },
  { name: "softmax", shape: vector, f: (x) => softmax(x, 0) },
  { name: "softmax of rows", shape: (n) => [2, n], f: (x) => softmax(x, 1).mul(x) },
  {
    name: "a product with a matrix",
    shape: vector,
    f: (x) => tanh(matmul(x.reshape([1, x.shape[0]!]), weights(x))).reshape([x.shape[0]!]),
  },
  { name: "a matrix times it", shape: vector, f: (x) => tanh(matmul(weights(x), x.reshape([x.shape[0]!, 1]))) },
  { name: "a product with itself", shape: (n) => [n, 2], f: (x) => matmul(x, transpose(x)) },
  { name: "rows by index", shape: vector, f: (x) => gather(x, tensor([1, 0, 1], { dtype: "int32" })).mul(sum(x)) },
  { name: "float32 and back", shape: vector, f: (x) => cast(tanh(cast(x, "float32")), x.dtype).mul(x) },
  {
    name: "a loop",
    shape: vector,
    f: (x) =>
      (
        scan((v: Tensor, row: Tensor) => [v.mul(row).add(row) as Tensor, v], tensor(1, { dtype: x.dtype }), x)
          .carry as Tensor
      ).mul(x),
    single: true,
  },
];

describe("all derivatives of a function", () => {
  for (const { name, f, shape, single } of cases) {
    for (const mode of ["forward", "reverse"] as const) {
      it(`${name}, ${mode}: bits of the engine for 2 to 33 parts`, () => {
        for (const parts of [2, 3, 5, 8, 33]) {
          for (const [kind, x] of Object.entries({
            usual: numbers(shape(parts)),
            unusual: unusual(shape(parts)),
            float32: numbers(shape(parts), "float32"),
          })) {
            if (isTried(6, `${name} ${mode} ${parts} ${kind}`))
              expect(check((y) => jacobian(f, { mode })(y) as Tensor, [x]).difference).toBeNull();
          }
        }
      });
    }

    it(`${name}: second derivatives have the bits of the engine`, () => {
      for (const parts of [2, 3, 7]) {
        for (const [kind, x] of Object.entries({ usual: numbers(shape(parts)), unusual: unusual(shape(parts)) })) {
          if (isTried(4, `${name} second ${parts} ${kind}`))
            expect(check((y) => hessian((z: Tensor) => sum(mul(f(z), f(z))))(y) as Tensor, [x]).difference).toBeNull();
        }
      }
    });

    if (single !== true)
      it(`${name}: has as many kernels for 12 parts as for 7`, () => {
        for (const mode of ["forward", "reverse"] as const) {
          const kernels = [7, 12].map(
            (parts) => check((y) => jacobian(f, { mode })(y) as Tensor, [numbers(shape(parts))]).report.kernels.length,
          );
          expect(kernels[1], mode).toBe(kernels[0]);
          expect(kernels[1], mode).toBeLessThan(13);
        }
        const second = [7, 12].map(
          (parts) =>
            check((y) => hessian((z: Tensor) => sum(mul(f(z), f(z))))(y) as Tensor, [numbers(shape(parts))]).report
              .kernels.length,
        );
        expect(second[1], "second").toBe(second[0]);
      });
  }
});

describe("a loop of the user over rows that ends in a stack", () => {
  const rows = (x: Tensor): Tensor[] =>
    Array.from({ length: x.shape[0]! }, (_, k) => slice(x, [k], [k + 1]).reshape([x.shape[1]!]));
  const together = (list: readonly Tensor[], axis = 0): Tensor =>
    stack(list as readonly Tensor<[number]>[], axis as 0) as Tensor;

  it("runs at once, along any axis, read in any order", () => {
    for (const count of [2, 3, 9]) {
      const x = numbers([count, 5]);
      for (const axis of [0, 1]) {
        const { report, difference } = check(
          (y) =>
            together(
              rows(y).map((row) => softmax(row, 0).mul(row)),
              axis,
            ).mul(2),
          [x],
        );
        expect(difference).toBeNull();
        expect(report.kernels.every(({ kind }) => kind === "loop" || kind === "rows")).toBe(true);
        expect(report.kernels.length).toBeLessThan(6);
      }
      const reversed = check(
        (y) =>
          together(
            rows(y)
              .reverse()
              .map((row) => tanh(row).mul(row)),
          ),
        [x],
      );
      expect(reversed.report.kernels.length).toBe(1);
      expect(reversed.difference).toBeNull();
    }
  });

  it("runs at once where only some of the rows are alike, and the others stay", () => {
    const f = (x: Tensor): Tensor =>
      together([
        rows(x)[0]!.neg(),
        ...rows(x)
          .slice(1)
          .map((row) => tanh(row).mul(row)),
        rows(x)[0]!.mul(3),
      ]);
    const { report, difference } = check(f, [numbers([12, 4])]);
    expect(difference).toBeNull();
    expect(report.kernels.length).toBeLessThan(5);
  });

  it("has products of a matrix for each row, and of one for all", () => {
    const one = (x: Tensor, w: Tensor): Tensor =>
      together(rows(x).map((row) => relu(matmul(row.reshape([1, 4]), w)).reshape([3])));
    const shared = check(one as (...x: Tensor[]) => Tensor, [numbers([6, 4]), numbers([4, 3])]);
    expect(shared.difference).toBeNull();
    expect(shared.report.kernels.filter(({ kind }) => kind === "matmul").map(({ sizes }) => sizes)).toEqual([
      [6, 4, 3],
    ]);
    const each = (x: Tensor, w: Tensor): Tensor =>
      together(
        rows(x).map((row, k) => matmul(slice(w, [k], [k + 1]).reshape([3, 4]), row.reshape([4, 1])).reshape([3])),
      );
    const own = check(each as (...x: Tensor[]) => Tensor, [numbers([6, 4]), numbers([6, 3, 4])]);
    expect(own.difference).toBeNull();
    expect(own.report.kernels.filter(({ kind }) => kind === "matmul").map(({ sizes }) => sizes)).toEqual([
      [6, 3, 4, 1],
    ]);
  });

  it("copies arguments side by side where much is done with them, and leaves them where little is", () => {
    const much = (...x: Tensor[]): Tensor => together(x.map((one) => tanh(one.mul(2)).mul(exp(one)).add(sum(one))));
    const little = (...x: Tensor[]): Tensor => together(x.map((one) => one.neg()));
    const leaves = Array.from({ length: 8 }, (_, k) => numbers([3]).mul(k + 1) as Tensor);
    const [a, b] = [check(much, leaves), check(little, leaves)];
    expect([a.difference, b.difference]).toEqual([null, null]);
    expect(a.report.kernels.length).toBeLessThan(5);
    expect(countOf(b.report, "neg")).toBe(8);
  });

  it("runs at once where a row is read otherwise, as a part of all rows", () => {
    const used = (x: Tensor): Tensor => {
      const list = rows(x).map((row) => tanh(row));
      return together(list).add(list[1]!.mul(2));
    };
    const { report, difference } = check(used, [numbers([4, 3])]);
    expect(difference).toBeNull();
    expect(countOf(report, "tanh")).toBe(1);
  });

  it("is left alone where a stack of rows would need itself", () => {
    const long = (x: Tensor): Tensor => {
      let y = x;
      for (let k = 0; k < 6; k++) y = tanh(y.mul(y)).add(y);
      return y;
    };
    const crossed = (x: Tensor): Tensor => {
      const [first, second] = rows(x) as [Tensor, Tensor];
      const [a, b] = [long(first), exp(long(second))];
      const [c, d] = [long(b), exp(long(a))];
      return together([together([a, c]), together([b, d])]);
    };
    expect(check(crossed, [numbers([2, 3])]).difference).toBeNull();
  });

  it("is left alone where each row needs the one before, and where rows are long", () => {
    const chain = (x: Tensor): Tensor => {
      const list: Tensor[] = [x];
      for (let k = 0; k < 8; k++) list.push(tanh(list.at(-1)!).mul(x));
      return together(list.slice(1));
    };
    const long = (x: Tensor): Tensor => together(rows(x).map((row) => tanh(row).mul(row)));
    for (const [f, x] of [
      [chain, numbers([5])],
      [long, numbers([2, 5000])],
    ] as const) {
      const { report, difference } = check(f, [x]);
      expect(difference).toBeNull();
      expect(countOf(report, "tanh")).toBe(f === chain ? 8 : 2);
    }
  });

  it("is cut where it would take much memory", () => {
    const f = jacobian((x: Tensor) => tanh(x).mul(sum(x)));
    const { report, difference } = check((x) => f(x) as Tensor, [numbers([300])]);
    expect(difference).toBeNull();
    expect(report.kernels.length).toBeLessThan(30);
    expect(report.arenaBytes).toBeLessThan(1.3 * report.lowerBoundBytes);
  });

  it("goes into a loop, into an index, and into products", () => {
    const f = (x: Tensor): Tensor => {
      const all = together(
        rows(x).map((row) => tanh(row).mul(row)),
        1,
      );
      const carry = scan(
        (v: Tensor, row: Tensor) => [v.mul(row).add(row) as Tensor, v],
        tensor([1, 1, 1, 1, 1]),
        together(rows(x).map((row) => exp(row).sub(row))),
      ).carry as Tensor;
      return matmul(all, transpose(all))
        .add(carry)
        .add(
          gather(all, tensor([1, 0, 1, 3, 2], { dtype: "int32" }))
            .mul(matmul(transpose(all), all).sum())
            .sum(),
        );
    };
    const { report, difference } = check(f, [numbers([6, 5])]);
    expect(difference).toBeNull();
    expect(report.kernels.length).toBeLessThan(12);
  });

  it("gives long slices as a view", () => {
    const f = (x: Tensor): Tensor =>
      concat([slice(x, [50_000]), slice(x, [0], [50_000])] as unknown as readonly Tensor<[number]>[]).mul(2) as Tensor;
    const { report, difference } = check(f, [numbers([100_000])]);
    expect(difference).toBeNull();
    expect(report.kernels.length).toBe(1);
  });

  it("does not end at deep functions", () => {
    const deep = (x: Tensor): Tensor => {
      let y = x;
      for (let k = 0; k < 300; k++) y = y.mul(x).add(1);
      return y;
    };
    expect(check((x) => jacobian(deep, { mode: "forward" })(x) as Tensor, [numbers([6])]).difference).toBeNull();
    expect(
      check(
        (x) => jacobian((y: Tensor) => slice(deep(y), [1]).add(slice(y, [0], [-1])), { mode: "forward" })(x) as Tensor,
        [numbers([6])],
      ).difference,
    ).toBeNull();
  });

  it("goes into a variable, and with several results", () => {
    const state = variable(
      tensor([
        [0, 0, 0],
        [0, 0, 0],
      ]),
    );
    const step = compile((x: Tensor) => {
      const next = together(rows(x).map((row) => tanh(row).mul(row).add(sum(row))));
      state.assign(next.add(state.read()) as never);
      return { next, last: rows(next).at(-1)!, first: x };
    });
    const x = numbers([2, 3]);
    const result = step(x);
    const expected = together(rows(x).map((row) => tanh(row).mul(row).add(sum(row))));
    expect(differenceOf("next", result.next, expected)).toBeNull();
    expect(differenceOf("last", result.last, rows(expected)[1]!)).toBeNull();
    expect(differenceOf("state", state.read() as Tensor, expected)).toBeNull();
  });
});

describe("groups of equal parts", () => {
  /** Row by row one of three functions of a row, its number among them. */
  const byTurns = (x: Tensor): Tensor => {
    const kinds: readonly ((row: Tensor) => Tensor)[] = [
      (row) => tanh(row),
      (row) => exp(row.mul(row)),
      (row) => row.mul(sum(row)),
    ];
    return concat(
      Array.from({ length: x.shape[0]! }, (_, k) => kinds[k % kinds.length]!(slice(x, [k], [k + 1]))) as Tensor<
        [number, number]
      >[],
    );
  };

  it.each([byTurns, jacobian(byTurns, { mode: "forward" })])(
    "take no more kernels where they lie by turns and are more: %#",
    (f) => {
      const [few, many] = [check(f, [numbers([9, 2])]), check(f, [numbers([24, 2])])];
      expect(few.difference ?? many.difference).toBeNull();
      expect(many.report.kernels.length).toBeLessThanOrEqual(few.report.kernels.length);
    },
  );

  it("take as many kernels for any number of groups", () => {
    const groups =
      (count: number) =>
      (x: Tensor): Tensor =>
        stack(Array.from({ length: count }, (_, c) => sum(tanh(x.mul(c + 1).add(c + 1))))) as Tensor;
    const kernels = (count: number, mode: "forward" | "reverse"): number => {
      const { difference, report } = check(jacobian(groups(count), { mode }), [numbers([30])]);
      expect(difference).toBeNull();
      return report.kernels.length;
    };
    for (const mode of ["forward", "reverse"] as const)
      expect(kernels(11, mode)).toBeLessThanOrEqual(Math.max(kernels(3, mode), kernels(4, mode)));
  });

  it("leave out in reverse mode what an output does not depend on", () => {
    const kernels = (count: number): number => {
      const { difference, report } = check(jacobian(byTurns, { mode: "reverse" }), [numbers([count, 2])]);
      expect(difference).toBeNull();
      // Products with cotangents of other rows are none.
      expect(countOf(report, "absorb")).toBeLessThanOrEqual(2 * count);
      return report.kernels.length;
    };
    expect(kernels(9)).toBeLessThan(32);
    expect(kernels(24)).toBeLessThan(10);
  });

  it("compute once what several of them read", () => {
    const one = (w: Tensor, points: Tensor, k: number): Tensor => {
      const turn = tanh(slice(w, [k, 0], [k + 1, 2])).mul(exp(slice(w, [k, 1], [k + 1, 3])));
      return points.mul(turn).add(turn.mul(turn)) as Tensor;
    };
    const all = (w: Tensor, points: Tensor): Tensor => {
      const list = Array.from({ length: w.shape[0]! }, (_, k) => one(w, points, k));
      const [sums, products] = [list.map((y) => sum(tanh(y))), list.map((y) => sum(y.mul(y)))];
      return stack([...sums, ...products] as Tensor<[]>[]) as Tensor;
    };
    const kernels = [3, 9].map((count) => {
      const { difference, report } = check(all as (...x: Tensor[]) => Tensor, [numbers([count, 3]), numbers([5, 2])]);
      expect(difference).toBeNull();
      return report.kernels.length;
    });
    expect(kernels[1]).toBe(kernels[0]);
  });

  it("join gradients of the pieces of what was split without adding them", () => {
    const f = (x: Tensor): Tensor => {
      const pieces = Array.from({ length: 4 }, (_, k) => slice(x, [0, 2 * k], [3, 2 * k + 2]));
      return sum(tanh(pieces[0]!).mul(exp(pieces[1]!)).add(sigmoid(pieces[2]!).mul(pieces[3]!)));
    };
    const gradient = grad(f as (x: Tensor) => Tensor<[]>) as (x: Tensor) => Tensor;
    const { difference, report } = check(gradient, [numbers([3, 8])]);
    expect(difference).toBeNull();
    expect(check(gradient, [unusual([3, 8])]).difference).toBeNull();
    expect(report.kernels.filter(({ kind }) => kind === "assemble").length).toBe(1);
  });
});

it("unit vectors of all directions take the memory of one window", () => {
  const f = hessian((x: Tensor) => sum(mul(mul(x, x), x)));
  const { report, difference } = check((x) => f(x) as Tensor, [numbers([100])]);
  expect(difference).toBeNull();
  expect(report.arenaBytes).toBeLessThan(2.2 * 80_000);
});
