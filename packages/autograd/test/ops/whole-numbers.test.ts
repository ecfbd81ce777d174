/** int32 and bool hold what they are given or refuse it by name: never cut, never wrapped, eager and compiled alike. */

import { describe, expect, it } from "vitest";
import {
  abs,
  add,
  arange,
  cast,
  compile,
  cond,
  DTypeError,
  full,
  gather,
  greater,
  isAutogradError,
  less,
  mul,
  neg,
  ones,
  OverflowError,
  pad,
  prod,
  scan,
  scatterAdd,
  sub,
  sum,
  tensor,
  variable,
  where,
  whileLoop,
  zeros,
  type DType,
  type Tensor,
} from "../../src/index.ts";
import { setGeneratedLoops } from "../../src/kernels/loops.ts";
import { setWasmLoops } from "../../src/kernels/elementwise.ts";
import { random } from "./sampling.ts";

const LOW = -(2 ** 31);
const HIGH = 2 ** 31 - 1;

const whole = (numbers: number | readonly number[] | readonly (readonly number[])[]): Tensor =>
  tensor(numbers as readonly number[], { dtype: "int32" }) as Tensor;
const messageOf = (call: () => unknown): string => {
  try {
    call();
  } catch (error) {
    if (isAutogradError(error)) return `${error.name}: ${error.message.split("\n")[0]!}`;
    throw error;
  }
  return "no error";
};

interface Case {
  readonly name: string;
  readonly f: (...x: Tensor[]) => Tensor;
  /** What fits exactly, and what is one too much. */
  readonly fits: readonly Tensor[];
  readonly gives: unknown;
  readonly beyond: readonly Tensor[];
  readonly says: string;
}

const cases: readonly Case[] = [
  {
    name: "add",
    f: (a, b) => add(a!, b!),
    fits: [whole([1, HIGH - 1]), whole([2, 1])],
    gives: [3, HIGH],
    beyond: [whole([1, HIGH]), whole([2, 1])],
    says: "add: the result 2147483648 at entry 1 is no int32",
  },
  {
    name: "add downward",
    f: (a, b) => add(a!, b!),
    fits: [whole([LOW + 1]), whole([-1])],
    gives: [LOW],
    beyond: [whole([LOW]), whole([-1])],
    says: "add: the result -2147483649 at entry 0",
  },
  {
    name: "sub",
    f: (a, b) => sub(a!, b!),
    fits: [whole([-2, 0]), whole([HIGH, HIGH])],
    gives: null,
    beyond: [whole([-2, -2]), whole([HIGH - 1, HIGH])],
    says: "sub: the result -2147483649 at entry 1",
  },
  {
    name: "mul",
    f: (a, b) => mul(a!, b!),
    fits: [whole([2 ** 16, -(2 ** 16)]), whole([2 ** 15 - 1, 2 ** 15])],
    gives: [2147418112, LOW],
    beyond: [whole([3, 3]), whole([2, 2 ** 30])],
    says: "mul: the result 3221225472 at entry 1",
  },
  {
    name: "the largest product",
    f: (a, b) => mul(a!, b!),
    fits: [whole([LOW]), whole([1])],
    gives: [LOW],
    beyond: [whole([LOW]), whole([LOW])],
    says: "mul: the result 4611686018427388000 at entry 0",
  },
  {
    name: "neg",
    f: (a) => neg(a!),
    fits: [whole([HIGH, LOW + 1])],
    gives: [-HIGH, HIGH],
    beyond: [whole([0, LOW])],
    says: "neg: the result 2147483648 at entry 1",
  },
  {
    name: "abs",
    f: (a) => abs(a!),
    fits: [whole([-HIGH])],
    gives: [HIGH],
    beyond: [whole([LOW])],
    says: "abs: the result 2147483648 at entry 0",
  },
  {
    name: "a scalar",
    f: (a) => mul(a!, 2),
    fits: [whole(2 ** 30 - 1)],
    gives: 2 ** 31 - 2,
    beyond: [whole(2 ** 30)],
    says: "mul: the result 2147483648 at entry 0",
  },
  {
    name: "a broadcast",
    f: (a, b) => add(a!, b!),
    fits: [whole([[1], [2]]), whole([1, HIGH - 2])],
    gives: [
      [2, HIGH - 1],
      [3, HIGH],
    ],
    beyond: [whole([[1], [3]]), whole([1, HIGH - 2])],
    says: "add: the result 2147483648 at entry 3",
  },
  {
    name: "sum",
    f: (a) => sum(a!),
    fits: [whole([HIGH, HIGH, LOW, LOW])],
    gives: -2,
    beyond: [whole([2 ** 30, 2 ** 30, 2 ** 30])],
    says: "sum: the result 3221225472 at entry 0",
  },
  {
    name: "sum over axis 0",
    f: (a) => sum(a!, 0),
    fits: [
      whole([
        [HIGH, 1],
        [LOW, 1],
      ]),
    ],
    gives: [-1, 2],
    beyond: [
      whole([
        [1, HIGH],
        [1, 1],
      ]),
    ],
    says: "sum: the result 2147483648 at entry 1",
  },
  {
    name: "sum over axis 1",
    f: (a) => sum(a!, 1),
    fits: [
      whole([
        [HIGH, LOW],
        [1, 1],
      ]),
    ],
    gives: [-1, 2],
    beyond: [
      whole([
        [1, 1],
        [LOW, -1],
      ]),
    ],
    says: "sum: the result -2147483649 at entry 1",
  },
  {
    name: "prod",
    f: (a) => prod(a!),
    fits: [whole([2 ** 15, 2 ** 15])],
    gives: 2 ** 30,
    beyond: [whole([2 ** 15, 2 ** 16])],
    says: "mul: the result 2147483648 at entry 0",
  },
  {
    name: "scatterAdd",
    f: (a, b) => scatterAdd(a!, [0, 0, 1], b!),
    fits: [whole([0, 0]), whole([HIGH, LOW, 5])],
    gives: [-1, 5],
    beyond: [whole([0, 0]), whole([1, HIGH, 5])],
    says: "scatterAdd: the result 2147483648 at entry 0",
  },
  {
    name: "scatterAdd onto",
    f: (a, b) => scatterAdd(a!, [0, 1], b!),
    fits: [whole([1, 1]), whole([1, HIGH - 1])],
    gives: [2, HIGH],
    beyond: [whole([1, 1]), whole([1, HIGH])],
    says: "add: the result 2147483648 at entry 1",
  },
  {
    name: "a chain",
    f: (a) => sub(mul(a!, a!), 1),
    fits: [whole([46340])],
    gives: [2147395599],
    beyond: [whole([46341])],
    says: "mul: the result 2147488281 at entry 0",
  },
  {
    name: "a sum of products",
    f: (a, b) => sum(mul(a!, b!)),
    fits: [whole([HIGH, LOW]), whole([1, 1])],
    gives: -1,
    beyond: [whole([2 ** 20, 1]), whole([2 ** 20, 1])],
    says: "mul: the result 1099511627776 at entry 0",
  },
  {
    name: "a loop",
    f: (a) => scan((c: Tensor, x: Tensor) => [mul(c, x), 0], whole(1), a!).carry as Tensor,
    fits: [whole([2 ** 10, 2 ** 20])],
    gives: 2 ** 30,
    beyond: [whole([2 ** 11, 2 ** 20])],
    says: "mul: the result 2147483648 at entry 0",
  },
  {
    name: "a while loop",
    f: (a) =>
      whileLoop(
        (c: Tensor) => less(c, 2 ** 30),
        (c: Tensor) => mul(c, 2),
        a!,
      ) as Tensor,
    fits: [whole(1)],
    gives: 2 ** 30,
    beyond: [whole(-1)],
    says: "mul: the result -4294967296 at entry 0",
  },
  {
    name: "a branch",
    f: (a) =>
      cond(
        greater(a!, 0),
        (x: Tensor) => add(x, 1),
        (x: Tensor) => sub(x, 1),
        a!,
      ) as Tensor,
    fits: [whole(5)],
    gives: 6,
    beyond: [whole(HIGH)],
    says: "add: the result 2147483648 at entry 0",
  },
  {
    name: "cast",
    f: (a) => cast(a!, "int32"),
    fits: [tensor([HIGH + 0.5, LOW - 0.5])],
    gives: [HIGH, LOW],
    beyond: [tensor([0, 2 ** 31])],
    says: "cast: 2147483648 at entry 1 has no int32 value",
  },
];

describe("a result that int32 does not have", () => {
  it.each(cases.map((one) => [one.name, one] as const))(
    "is refused by name, eager and compiled: %s",
    (_, { f, fits, gives, beyond, says }) => {
      const compiled = compile(f);
      if (gives !== null) {
        expect(f(...fits).toArray()).toEqual(gives);
        expect(compiled(...fits).toArray()).toEqual(gives);
        expect(compiled(...fits).dtype).toBe("int32");
      }
      expect(messageOf(() => f(...beyond))).toContain(says);
      expect(messageOf(() => compiled(...beyond))).toContain(says);
      // What was refused leaves the program as it was.
      if (gives !== null) expect(compiled(...fits).toArray()).toEqual(gives);
    },
  );

  it("is an OverflowError with the user's line, in a program too", () => {
    const f = (x: Tensor): Tensor => mul(x, 2);
    for (const call of [f, compile(f)]) {
      let caught: unknown;
      try {
        call(whole([2 ** 30]));
      } catch (error) {
        caught = error;
      }
      expect(caught).toBeInstanceOf(OverflowError);
      expect(caught).toBeInstanceOf(RangeError);
      expect((caught as OverflowError).code).toBe("OVERFLOW");
      expect((caught as OverflowError).at).toContain("whole-numbers.test.ts");
    }
  });

  it("is found by every kind of loop, at any length, and no other is", () => {
    const next = random(3);
    const lengths = [1, 3, 16, 100, 3000];
    const make = (length: number): Int32Array =>
      Int32Array.from({ length }, () => Math.floor((next() - 0.5) * 2 ** 31));
    for (const [generated, wasm] of [
      [true, "never"],
      [true, "always"],
      [false, "never"],
    ] as const) {
      const former = [setGeneratedLoops(generated), setWasmLoops(wasm)] as const;
      try {
        for (const length of lengths) {
          const [a, b] = [make(length), make(length)];
          const right = a.map((x, i) => x + b[i]!);
          expect(add(tensor(a), tensor(b)).toTypedArray()).toEqual(right);
          const bad = Math.floor(next() * length);
          a[bad] = b[bad] = 2 ** 30 + 5;
          expect(messageOf(() => add(tensor(a), tensor(b)))).toContain(
            `the result 2147483658 at entry ${bad} is no int32`,
          );
          expect(messageOf(() => compile((x: Tensor, y: Tensor) => add(x, y))(tensor(a), tensor(b)))).toContain(
            `at entry ${bad}`,
          );
        }
      } finally {
        setGeneratedLoops(former[0]);
        setWasmLoops(former[1]);
      }
    }
  });

  it("is none where only what is not chosen is out of range, as the type of the choice has it", () => {
    const f = (x: Tensor): Tensor => where(greater(x, 0), x, neg(x));
    expect(f(whole([5, -3])).toArray()).toEqual([5, 3]);
    expect(messageOf(() => f(whole([5, LOW])))).toContain("neg: the result 2147483648");
  });

  it("is exact in sums of millions, where partial sums pass 2³¹", () => {
    const numbers = Int32Array.from({ length: 5_000_000 }, (_, i) => (i % 2 === 0 ? HIGH : LOW));
    expect(sum(tensor(numbers)).item()).toBe(-2_500_000);
    expect(messageOf(() => sum(tensor(numbers.fill(HIGH))))).toContain("sum: the result 10737418235000000 at entry 0");
    expect(messageOf(() => compile((x: Tensor) => sum(x))(tensor(numbers)))).toMatch(
      /sum: the result (NaN|10737418235000000) at entry 0/,
    );
  });

  it("counts truths", () => {
    const mask = tensor([
      [true, false],
      [true, true],
    ]) as Tensor;
    expect(sum(mask, 0).toArray()).toEqual([2, 1]);
    expect(compile((x: Tensor) => [sum(x), sum(x, 1), sum(x, 0)])(mask).map((x) => x.toArray())).toEqual([
      3,
      [1, 2],
      [2, 1],
    ]);
  });

  it("folds constants as the program would compute them", () => {
    const two = whole(2);
    const f = (x: Tensor): Tensor => add(x, mul(two, two));
    expect(compile(f)(whole([1])).toArray()).toEqual([5]);
    const g = (x: Tensor): Tensor => add(x, mul(whole(2 ** 30), 4));
    expect(messageOf(() => compile(g)(whole([1])))).toContain("mul: the result 4294967296 at entry 0 is no int32");
  });
});

describe("what is made of numbers", () => {
  const int32 = { dtype: "int32" } as const;
  const bool = { dtype: "bool" } as const;
  const refused: readonly (readonly [string, () => unknown, string])[] = [
    ["a fraction", () => full([2], 1.5, int32), "full: 1.5 at entry 0 is no int32"],
    ["NaN", () => full([2], NaN, int32), "full: NaN at entry 0 is no int32"],
    ["infinity", () => full([], Infinity, int32), "full: Infinity at entry 0 is no int32"],
    ["2³¹", () => full([2], 2 ** 31, int32), "full: 2147483648 at entry 0 is no int32"],
    ["a fraction in data", () => tensor([1, 1.5], int32), "tensor: 1.5 at entry 1 is no int32"],
    [
      "a number of data that is too large",
      () => tensor([[1], [2 ** 31]], int32),
      "tensor: 2147483648 at entry 1 is no int32",
    ],
    ["a typed array", () => tensor(Float64Array.of(0.5), int32), "tensor: 0.5 at entry 0 is no int32"],
    ["a range of fractions", () => arange(0.5, 3, int32), "arange: 0.5 at entry 0 is no int32"],
    ["a range beyond", () => arange(2 ** 31 - 2, 2 ** 31 + 1, int32), "arange: 2147483648 at entry 2 is no int32"],
    ["an assignment", () => variable(whole([1])).assign(tensor([1.5])), "assign: a value of float64"],
    ["an assigned number", () => variable(whole(1)).assign(1.5), "assign: the number 1.5 for a variable of int32"],
    ["an assigned NaN", () => variable(whole(1)).assign(NaN), "assign: the number NaN for a variable of int32"],
    ["an assigned 2³¹", () => variable(whole(1)).assign(2 ** 31), "assign: the number 2147483648"],
    ["a number beside", () => add(whole([1]), 2 ** 31), "add: the number 2147483648 beside an int32 tensor"],
    ["a border", () => pad(whole([1]), [1], [1], 0.5), "pad: the number 0.5 beside an int32 tensor"],
    [
      "a 2 among truths",
      () => tensor([0, 2], bool),
      "tensor: 2 at entry 1 is no bool: give true and false, or compare: notEqual(x, 0)",
    ],
    ["a NaN among truths", () => full([1], NaN, bool), "full: NaN at entry 0 is no bool"],
    ["a 2 beside truths", () => where(tensor(true), tensor([true]), 2), "where: the number 2 beside a bool tensor"],
    [
      "a truth that is assigned 2",
      () => variable(tensor(true)).assign(2),
      "assign: the number 2 for a variable of bool",
    ],
  ];

  it.each(refused)("is refused where the type does not have it: %s", (_, call, says) => {
    expect(messageOf(call)).toContain(`DTypeError: ${says}`);
  });

  it("is held as it is where the type has it", () => {
    expect(full([2], -0, int32).toArray()).toEqual([0, 0]);
    expect(full([2], LOW, int32).toArray()).toEqual([LOW, LOW]);
    expect(tensor([1, 0], bool).toArray()).toEqual([true, false]);
    expect(ones([2], bool).toArray()).toEqual([true, true]);
    expect(zeros([1], bool).toArray()).toEqual([false]);
    expect(pad(tensor([true]), [1]).toArray()).toEqual([false, true, false]);
    expect(pad(whole([[1]]), [0, 1], [1, 0], -3).toArray()).toEqual([
      [-3, 1],
      [-3, -3],
    ]);
    expect(pad(tensor([1, 2]), [1], [1], 7).toArray()).toEqual([7, 1, 2, 7]);
    expect(cast(tensor([0, 0.5, NaN]), "bool").toArray()).toEqual([false, true, true]);
    const w = variable(whole(1));
    w.assign(HIGH);
    expect(w.read().item()).toBe(HIGH);
    expect(gather(tensor([1, 2, 3]), [2, 0]).toArray()).toEqual([3, 1]);
  });

  it("is refused in a program where it is known only then", () => {
    const w = variable(whole(1));
    const set = compile((x: Tensor<[]>) => w.assign(x));
    set(7);
    expect(messageOf(() => set(1.5))).toContain("DTypeError: assign: the number 1.5 beside an int32 tensor");
    expect(w.read().item()).toBe(7);
    set(8);
    expect(w.read().item()).toBe(8);
  });
});

describe("every dtype", () => {
  it("keeps a number that it has, in every function that makes tensors", () => {
    const kinds: readonly DType[] = ["float64", "float32", "int32", "bool"];
    for (const dtype of kinds) {
      for (const made of [
        full([2], 1, { dtype }),
        tensor([1, 1], { dtype }),
        ones([2], { dtype }),
        cast(tensor([1, 1]), dtype),
      ]) {
        expect([...made.toTypedArray()]).toEqual([1, 1]);
        expect(made.dtype).toBe(dtype);
      }
    }
    expect(() => full([1], 0.1, { dtype: "float32" })).not.toThrow(DTypeError);
  });
});
