/** What a program refuses while it runs: the error that the engine gives, with op, index, value and the user's line. */

import { describe, expect, it } from "vitest";
import {
  add,
  cast,
  compile,
  concat,
  cond,
  div,
  gather,
  grad,
  IndexRangeError,
  jacobian,
  less,
  matmul,
  mul,
  NonFiniteError,
  scan,
  scatterAdd,
  sin,
  sum,
  Tensor,
  tensor,
  valueAndGrad,
  variable,
  whileLoop,
} from "../../src/index.ts";
import { settled } from "./pool.ts";
import { refusalOf } from "../refusal.ts";

const whole = (...numbers: number[]): Tensor => tensor(numbers, { dtype: "int32" }) as Tensor;
const x = tensor([10, 20, 30]) as Tensor;

/** The line of what called the caller, as errors name it. */
function lineOfCaller(): string {
  const frame = new Error().stack!.split("\n")[3]!;
  return /([^/]*:\d+):\d+\)?$/.exec(frame)![1]!;
}

/** A function that is refused on its marked line, with arguments that it takes and arguments that it does not. */
interface Case {
  readonly name: string;
  readonly f: (...args: Tensor[]) => unknown;
  readonly good: readonly Tensor[];
  readonly bad: readonly Tensor[];
  readonly op: string;
  readonly message: string;
}

let marked = "";
/** The op on the line where this stands is the one that is refused. */
const mark = <T>(value: T): T => {
  marked = lineOfCaller();
  return value;
};

const outside = "index 3 at position 1 lies outside an axis of size 3";
const cases: readonly Case[] = [
  {
    name: "gather",
    f: (a, i) => gather(mark(a!), i!),
    good: [x, whole(0, 2)],
    bad: [x, whole(0, 3)],
    op: "gather",
    message: outside,
  },
  {
    name: "a negative index",
    f: (a, i) => gather(mark(a!), i!),
    good: [x, whole(0, 2)],
    bad: [x, whole(0, 2, -1)],
    op: "gather",
    message: "index -1 at position 2 lies outside an axis of size 3",
  },
  {
    name: "scatterAdd",
    f: (a, i) => scatterAdd(mark(a!), i!, tensor([1, 2])),
    good: [x, whole(0, 2)],
    bad: [x, whole(0, 3)],
    op: "scatterAdd",
    message: outside,
  },
  {
    name: "gather along another axis",
    f: (a, i) => gather(mark(a!), i!, 1),
    good: [tensor([[1, 2, 3]]) as Tensor, whole(0, 2)],
    bad: [tensor([[1, 2, 3]]) as Tensor, whole(0, 3)],
    op: "gather",
    message: outside,
  },
  {
    name: "the derivative of gather",
    f: (a, i) => grad((v: Tensor) => sum(gather(mark(v), i!)) as Tensor<[]>)(a!),
    good: [x, whole(0, 2)],
    bad: [x, whole(0, 3)],
    op: "gather",
    message: outside,
  },
  {
    name: "its second derivative",
    f: (a, i) =>
      jacobian(grad((v: Tensor) => sum(sin(gather(mark(v), i!))) as Tensor<[]>) as (v: Tensor) => Tensor)(a!),
    good: [x, whole(0, 2)],
    bad: [x, whole(0, 3)],
    op: "gather",
    message: outside,
  },
  {
    name: "indices that are computed",
    f: (a, i) => gather(mark(a!), add(i!, 1) as Tensor),
    good: [x, whole(0, 1)],
    bad: [x, whole(0, 2)],
    op: "gather",
    message: outside,
  },
  {
    name: "cast",
    f: (a) => cast(mark(div(1, a!)), "int32"),
    good: [tensor([1, 0.5])],
    bad: [tensor([1, 0])],
    op: "cast",
    message: "Infinity at entry 1 has no int32 value",
  },
  {
    name: "cast of a number",
    f: (a) => cast(mark(mul(a!, 2)), "int32"),
    good: [tensor(1)],
    bad: [tensor(NaN)],
    op: "cast",
    message: "NaN at entry 0 has no int32 value",
  },
  {
    name: "cast in float32",
    f: (a) => cast(mark(mul(a!, 2)), "int32"),
    good: [tensor([1, 2, 3, 4, 5], { dtype: "float32" })],
    bad: [tensor([1, 2, 3, 4, 2 ** 30], { dtype: "float32" })],
    op: "cast",
    message: "2147483648 at entry 4 has no int32 value",
  },
  {
    name: "cast before a sum",
    f: (a) => sum(cast(mark(mul(a!, 2)), "int32"), 1),
    good: [
      tensor([
        [1, 2, 3],
        [4, 5, 6],
      ]),
    ],
    bad: [
      tensor([
        [1, 2, 3],
        [4, -3e9, 6],
      ]),
    ],
    op: "cast",
    message: "-6000000000 at entry 4 has no int32 value",
  },
  {
    name: "cast of what is broadcast",
    f: (a, b) => cast(mark(mul(a!, b!)), "int32"),
    good: [tensor([[1], [2]]), x],
    bad: [tensor([[1], [1e9]]), x],
    op: "cast",
    message: "10000000000 at entry 3 has no int32 value",
  },
  {
    name: "cast behind a product of matrices",
    f: (a, b) => cast(mark(matmul(a as Tensor<[2, 2]>, b as Tensor<[2, 2]>)), "int32"),
    good: [
      tensor([
        [1, 2],
        [3, 4],
      ]),
      tensor([
        [1, 2],
        [3, 4],
      ]),
    ],
    bad: [
      tensor([
        [1, 2],
        [3, 4],
      ]),
      tensor([
        [1, 2],
        [3, 4e9],
      ]),
    ],
    op: "cast",
    message: "8000000002 at entry 1 has no int32 value",
  },
  {
    name: "gather in a scan",
    f: (a, is) =>
      scan((h: Tensor, i: Tensor) => [add(h, gather(mark(a!), i)) as Tensor, null] as const, tensor(0) as Tensor, is!)
        .carry,
    good: [x, whole(0, 2)],
    bad: [x, whole(0, -4)],
    op: "gather",
    message: "index -4 at position 0 lies outside an axis of size 3",
  },
  {
    name: "the derivative of gather in a scan",
    good: [x, whole(0, 2)],
    bad: [x, whole(0, -4)],
    op: "gather",
    message: "index -4 at position 0 lies outside an axis of size 3",
    f: (a, is) =>
      valueAndGrad(
        (v: Tensor) =>
          scan(
            (h: Tensor, i: Tensor) => [add(h, gather(mark(v), i)) as Tensor, null] as const,
            tensor(0) as Tensor,
            is!,
          ).carry as Tensor<[]>,
      )(a!).gradient,
  },
  {
    name: "cast in a while",
    f: (a) =>
      whileLoop(
        (h: Tensor) => less(h, 100),
        (h: Tensor) => add(h, cast(cast(mark(div(h, a!)), "int32"), "float64")) as Tensor,
        tensor(7) as Tensor,
      ),
    good: [tensor(2)],
    bad: [tensor(0)],
    op: "cast",
    message: "Infinity at entry 0 has no int32 value",
  },
  {
    name: "gather in a branch",
    f: (a, i) =>
      cond(
        less(sum(i!), 9),
        () => gather(mark(a!), i!),
        () => a!,
      ),
    good: [x, whole(0, 1, 2)],
    bad: [x, whole(0, 1, 5)],
    op: "gather",
    message: "index 5 at position 2 lies outside an axis of size 3",
  },
];

describe.each([1, 2])("with %i threads", (threads) => {
  it.each(cases)("$name names op, value, place and line", ({ f, good, bad, op, message }) => {
    const compiled = compile(f as (...args: Tensor[]) => Tensor, { threads });
    compiled(...good);
    const line = marked;
    for (let turn = 0; turn < 2; turn++) {
      const error = refusalOf(() => compiled(...bad));
      expect([error.op, error.message.split("\n")[0]]).toEqual([op, expect.stringContaining(message)]);
      expect(error.at).toContain(`${line}:`);
      compiled(...good);
    }
    const eager = refusalOf(() => f(...bad));
    expect(eager).toBeInstanceOf(op === "cast" ? NonFiniteError : IndexRangeError);
    if (eager.op === op)
      expect(refusalOf(() => compiled(...bad)).message.split("\n")[0]).toBe(eager.message.split("\n")[0]);
  });
});

describe("with a refusal", () => {
  it("large tensors name any entry, on every thread, and variables stay", async () => {
    const count = 200_003;
    const last = variable(tensor(new Float64Array(count)) as Tensor);
    const f = compile(
      (a: Tensor, i: Tensor) => {
        last.assign(a);
        return concat([cast(mul(a, 2), "int32") as Tensor<[number]>, cast(gather(a, i), "int32") as Tensor<[number]>]);
      },
      { threads: 3 },
    );
    const numbers = new Float64Array(count).fill(1);
    const indices = new Int32Array(count);
    f(tensor(numbers) as Tensor, tensor(indices, { dtype: "int32" }) as Tensor);
    await settled(3);
    const before = last.read().toTypedArray();
    for (const at of [0, 1, 99_999, count - 2, count - 1]) {
      const bad = numbers.slice();
      bad[at] = -2e9;
      expect(
        refusalOf(() => f(tensor(bad) as Tensor, tensor(indices, { dtype: "int32" }) as Tensor)).message,
      ).toContain(`-4000000000 at entry ${at} has`);
      const outer = indices.slice();
      outer[at] = count;
      expect(
        refusalOf(() => f(tensor(numbers) as Tensor, tensor(outer, { dtype: "int32" }) as Tensor)).message,
      ).toContain(`index ${count} at position ${at} lies`);
    }
    expect(last.read().toTypedArray()).toEqual(before);
    f(tensor(numbers) as Tensor, tensor(indices, { dtype: "int32" }) as Tensor);
  });

  it("a constant that int32 does not have is refused when the program gets there", () => {
    const f = compile((a: Tensor) => cast(mul(tensor([1, 1e10]), add(mul(a, 0), 1)), "int32"));
    expect(refusalOf(() => f(tensor(1))).message).toContain("10000000000 at entry 1 has no int32 value");
    const g = compile((a: Tensor) =>
      cond(
        less(a, 0),
        () => cast(mul(add(tensor(1e10), 0), 1), "int32"),
        () => cast(a, "int32"),
      ),
    );
    expect(() => g(tensor(1))).toThrow("10000000000");
  });
});
