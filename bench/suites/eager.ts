/**
 * Eager operations on 256 numbers, with nothing recorded, a gradient of many, and calls on so few numbers that the call
 * is what they cost.
 */

import {
  add,
  exp,
  gather,
  grad,
  jvp,
  matmul,
  mul,
  reshape,
  slice,
  sum,
  tensor,
  transpose,
  type Tensor,
} from "@chainrule/autograd";
import { Random } from "@chainrule/nn";
import { expectClose, type Case } from "../suite.ts";

const random = new Random(1);
const [first, second] = [random.normalArray(256), random.normalArray(256)];
const x = tensor(first);
const y = tensor(second);
const x32 = tensor(first, { shape: [256], dtype: "float32" });
const y32 = tensor(second, { shape: [256], dtype: "float32" });
const many = tensor(random.normalArray(20_000)) as Tensor;
const squares = grad((a: Tensor) => sum(mul(a, a)) as Tensor<[]>);
const square = tensor(random.normalArray(64 * 64), { shape: [64, 64] });

function expectEach(what: string, got: ArrayLike<number>, expected: (i: number) => number, relative: number): void {
  for (let i = 0; i < got.length; i++) expectClose(`${what}[${i}]`, got[i]!, expected(i), relative);
}

const small = tensor([
  [1, 2, 3],
  [4, 5, 6],
]) as Tensor;
const cube = (a: Tensor<[]>): Tensor<[]> => mul(mul(a, a), a);
const curvature = grad(grad(cube));

/** A call on a few numbers. */
function call(name: string, run: () => Tensor, expected: readonly number[]): Case {
  return {
    name,
    units: 1,
    unit: "call",
    validate: () => expectEach(name, run().toTypedArray(), (i) => expected[i]!, 0),
    run,
  };
}

const calls: readonly Case[] = [
  call("tensor of a number", () => tensor(3), [3]),
  call("tensor of a list of 3", () => tensor([1, 2, 3]), [1, 2, 3]),
  call("reshape of 2 × 3", () => reshape(small, [3, 2]), [1, 2, 3, 4, 5, 6]),
  call("transpose of 2 × 3", () => transpose(small), [1, 4, 2, 5, 3, 6]),
  call("slice of 2 × 3", () => slice(small, [0, 1], [2, 3]), [2, 3, 5, 6]),
  call("gather of 2 rows out of 2", () => gather(small, [1, 0]), [4, 5, 6, 1, 2, 3]),
  call("jvp of x³", () => jvp(cube, [2], [1]).tangent, [12]),
  call("the second derivative of x³", () => curvature(2), [12]),
];

/** The cases, by what they show. */
export const eager: readonly Case[] = [
  {
    name: "add of 256 float64",
    units: 1,
    unit: "op",
    reach: 2000,
    validate: () => expectEach("add", add(x, y).toTypedArray(), (i) => first[i]! + second[i]!, 0),
    run: () => add(x, y),
  },
  {
    name: "mul of 256 float32",
    units: 1,
    unit: "op",
    reach: 2000,
    validate: () =>
      expectEach(
        "mul",
        mul(x32, y32).toTypedArray(),
        (i) => Math.fround(Math.fround(first[i]!) * Math.fround(second[i]!)),
        0,
      ),
    run: () => mul(x32, y32),
  },
  {
    name: "exp of 256 float64",
    units: 1,
    unit: "op",
    // Both are within an ulp of the truth, so within two of each other.
    validate: () => expectEach("exp", exp(x).toTypedArray(), (i) => Math.exp(first[i]!), 2 * Number.EPSILON),
    run: () => exp(x),
  },
  {
    name: "sum of 256 float64",
    units: 1,
    unit: "op",
    reach: 2000,
    validate: () =>
      expectClose(
        "sum",
        sum(x).item(),
        first.reduce((total, value) => total + value, 0),
        1e-12,
      ),
    run: () => sum(x),
  },
  {
    name: "matmul of 64 × 64 float64",
    units: 1,
    unit: "op",
    validate: () => {
      const product = matmul(square, square).toTypedArray();
      const numbers = square.toTypedArray();
      let entry = 0;
      for (let k = 0; k < 64; k++) entry += numbers[3 * 64 + k]! * numbers[k * 64 + 5]!;
      expectClose("entry [3, 5]", product[3 * 64 + 5]!, entry, 1e-12);
    },
    run: () => matmul(square, square),
  },
  {
    name: "sum over the rows of 64 × 64 float64",
    units: 1,
    unit: "op",
    validate: () => {
      const numbers = square.toTypedArray();
      let total = 0;
      for (let row = 0; row < 64; row++) total += numbers[row * 64 + 5]!;
      expectClose("entry 5", sum(square, 0).toTypedArray()[5]!, total, 1e-12);
    },
    run: () => sum(square, 0),
  },
  {
    name: "the gradient of Σ x² for 20,000 float64",
    units: 1,
    unit: "gradient",
    validate: () => {
      const numbers = many.toTypedArray();
      expectEach("gradient", squares(many).toTypedArray(), (i) => 2 * numbers[i]!, 0);
    },
    run: () => squares(many),
  },
  ...calls,
];
