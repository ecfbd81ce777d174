/** Eager operations on 256 numbers, with nothing recorded, and a gradient of many. */

import { add, exp, grad, matmul, mul, sum, tensor, type Tensor } from "@chainrule/autograd";
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
    validate: () => expectEach("mul", mul(x32, y32).toTypedArray(), (i) => Math.fround(Math.fround(first[i]!) * Math.fround(second[i]!)), 0),
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
    validate: () => expectClose("sum", sum(x).item(), first.reduce((total, value) => total + value, 0), 1e-12),
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
];
