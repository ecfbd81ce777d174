/** Functions with one planted fault each: what a check of derivatives exists to find. */

import {
  add,
  cast,
  cos,
  customGradient,
  div,
  exp,
  gather,
  matmul,
  mul,
  neg,
  sin,
  slice,
  sqrt,
  stopGradient,
  sub,
  sum,
  tanh,
  tensor,
  transpose,
  type CustomGradient,
  type Tensor,
} from "../../src/index.ts";

/** A function that is wrong at a point, and the comparison that must say so first. */
export interface Fault {
  readonly name: string;
  readonly f: (...args: never[]) => unknown;
  readonly at: readonly unknown[];
  readonly found: string;
}

/** Numbers that look random and are always the same, between -1 and 1. */
export function numbers(count: number, seed = 1): Float64Array {
  let state = seed * 7919;
  return Float64Array.from({ length: count }, () => {
    state = (state * 1103515245 + 12345) % 2 ** 31;
    return (state / 2 ** 30 - 1) * 0.9 + 0.05;
  });
}

export const vector = (count: number, seed = 1): Tensor => tensor(numbers(count, seed)) as Tensor;
export const matrix = (rows: number, columns: number, seed = 1): Tensor =>
  tensor(numbers(rows * columns, seed), { shape: [rows, columns] }) as Tensor;

/** y = x² with another rule. */
const square = (rule: Partial<CustomGradient>): ((x: Tensor) => Tensor) =>
  customGradient({ name: "square", forward: (x) => mul(x, x), ...rule });

/** A factor that is 1 but at one entry. */
const nudge = (shape: readonly number[], entry: number, factor: number): Tensor => {
  const ones = new Float64Array(shape.reduce((count, size) => count * size, 1)).fill(1);
  ones[entry] = factor;
  return tensor(ones, { shape }) as Tensor;
};

/** y = W x, one entry of the derivative by x off by a factor. */
const product = (size: number, factor: number): ((x: Tensor) => Tensor) => {
  const w = matrix(size, size, 3);
  const wrong = mul(w, nudge([size, size], size + 17, factor)) as Tensor;
  return customGradient({
    name: "product",
    forward: (x) => matmul(w, x) as Tensor,
    vjp: (g) => matmul(transpose(wrong), g) as Tensor,
    jvp: ([t]) => matmul(w, t!) as Tensor,
  });
};

/** y = √x with a rule of its own at 0. */
const root = (atZero: number): ((x: Tensor) => Tensor) =>
  customGradient({
    name: "root",
    forward: (x) => sqrt(x),
    vjp: (g, { inputs: [x] }) => {
      const slopes = Float64Array.from(x!.toTypedArray(), (value) => (value === 0 ? atZero : 0.5 / Math.sqrt(value)));
      return tensor(
        Float64Array.from(g.toTypedArray(), (seed, i) => (seed === 0 ? 0 : seed * slopes[i]!)),
        { shape: x!.shape },
      ) as Tensor;
    },
  });

/** y = max(x, 0) with a rule of its own at 0. */
const ramp = (atZero: number): ((x: Tensor) => Tensor) => {
  const slope = (x: Tensor): Tensor =>
    tensor(
      Float64Array.from(x.toTypedArray(), (value) => (value > 0 ? 1 : value < 0 ? 0 : atZero)),
      { shape: x.shape },
    ) as Tensor;
  return customGradient({
    name: "ramp",
    forward: (x) =>
      tensor(
        Float64Array.from(x.toTypedArray(), (value) => Math.max(0, value)),
        { shape: x.shape },
      ) as Tensor,
    vjp: (g, { inputs: [x] }) => mul(g, slope(x!)) as Tensor,
  });
};

let runs = 0;
/** 1e-15 in every second run. */
const jitter = (): number => (runs++ % 2) * 1e-15;

const at3 = [tensor([0.5, -1.25, 2])];
const differences = "reverse vs differences";
const modes = "forward vs reverse";
const again = "one run vs another";
const linear = "reverse of a sum vs its parts";

export const faults: readonly Fault[] = [
  {
    name: "a wrong sign",
    f: square({ vjp: (g, { inputs: [x] }) => mul(mul(g, x!), -2) as Tensor }),
    at: at3,
    found: differences,
  },
  {
    name: "a factor of 1.0005",
    f: square({ vjp: (g, { inputs: [x] }) => mul(mul(g, x!), 2.001) as Tensor }),
    at: at3,
    found: differences,
  },
  {
    name: "a factor of 1.000001",
    f: square({ vjp: (g, { inputs: [x] }) => mul(mul(g, x!), 2.000002) as Tensor }),
    at: at3,
    found: differences,
  },
  {
    name: "a missing factor",
    f: square({ vjp: (g, { inputs: [x] }) => mul(g, x!) as Tensor }),
    at: at3,
    found: differences,
  },
  {
    name: "one entry of a hundred off by 1e-4",
    f: square({ vjp: (g, { inputs: [x] }) => mul(mul(mul(g, x!), 2), nudge([10, 10], 37, 1.0001)) as Tensor }),
    at: [matrix(10, 10)],
    found: differences,
  },
  {
    name: "digits lost to float32 in the reverse rule",
    f: square({
      vjp: (g, { inputs: [x] }) => mul(mul(g, 2), tensor(Float64Array.from(x!.toTypedArray(), Math.fround))) as Tensor,
      jvp: ([t], { inputs: [x] }) => mul(mul(t!, x!), 2) as Tensor,
    }),
    at: [vector(4)],
    found: modes,
  },
  { name: "NaN for an infinite derivative", f: root(NaN), at: [tensor([0, 1])], found: differences },
  { name: "a finite number for an infinite derivative", f: root(1e300), at: [tensor([0, 1])], found: differences },
  { name: "an infinity of the wrong sign", f: root(-Infinity), at: [tensor([0, 1])], found: differences },
  {
    name: "swapped operands of a product",
    f: customGradient({
      name: "times",
      forward: (a, b) => mul(a, mul(b, b)),
      vjp: (g, { inputs: [a, b] }) => [mul(g, mul(mul(a!, b!), 2)), mul(g, mul(b!, b!))] as Tensor[],
    }),
    at: [vector(3), vector(3, 2)],
    found: differences,
  },
  {
    name: "swapped operands of a quotient",
    f: customGradient({
      name: "over",
      forward: (a, b) => div(a, b),
      vjp: (g, { inputs: [a, b] }) => [div(g, a!), neg(div(mul(g, b!), mul(a!, a!)))] as Tensor[],
    }),
    at: [tensor([1.5, 2]), tensor([0.5, 3])],
    found: differences,
  },
  {
    name: "the transpose of a square derivative",
    f: customGradient({ name: "turn", forward: (x) => transpose(x) as Tensor, vjp: (g) => g }),
    at: [matrix(3, 3)],
    found: differences,
  },
  {
    name: "an untransposed matrix in the rule of a product",
    f: customGradient({
      name: "apply",
      forward: (w, x) => matmul(w, x) as Tensor,
      vjp: (g, { inputs: [w, x] }) => [matmul(g, x!, { transposeB: true }), matmul(w!, g)] as Tensor[],
    }),
    at: [matrix(3, 3), matrix(3, 2, 2)],
    found: differences,
  },
  {
    name: "cotangents in the reverse order",
    f: square({ vjp: (g, { inputs: [x] }) => mul(mul(gather(g, [2, 1, 0]), x!), 2) as Tensor }),
    at: at3,
    found: differences,
  },
  {
    name: "cotangents shifted by one",
    f: square({ vjp: (g, { inputs: [x] }) => gather(mul(mul(g, x!), 2) as Tensor, [1, 2, 0]) }),
    at: at3,
    found: differences,
  },
  {
    name: "a rule that holds a factor constant, wrong only at second order",
    f: square({ vjp: (g, { inputs: [x] }) => mul(mul(g, stopGradient(x!)), 2) as Tensor }),
    at: at3,
    found: `${differences} 2`,
  },
  {
    name: "a rule in plain numbers, wrong only at second order",
    f: (() => {
      let kept = new Float64Array();
      const forward = (x: Tensor): Tensor => {
        const y = exp(x);
        kept = y.toTypedArray() as Float64Array<ArrayBuffer>;
        return y;
      };
      return customGradient({ name: "e", forward, vjp: (g) => mul(g, tensor(kept)) as Tensor });
    })(),
    at: at3,
    found: `${differences} 2`,
  },
  {
    name: "a Hessian that is not symmetric",
    f: (x: Tensor, y: Tensor) =>
      sum(
        customGradient({
          name: "times",
          forward: (a, b) => mul(a, b),
          vjp: (g, { inputs: [a, b] }) => [mul(g, stopGradient(b!)), mul(g, a!)] as Tensor[],
        })(x, y),
      ),
    at: [vector(2), vector(2, 2)],
    found: `${differences} 2`,
  },
  {
    name: "a forward rule that is wrong only at second order",
    f: square({
      vjp: (g, { inputs: [x] }) => mul(mul(g, x!), 2) as Tensor,
      jvp: ([t], { inputs: [x] }) => mul(mul(t!, stopGradient(x!)), 2) as Tensor,
    }),
    at: at3,
    found: "mixed modes vs Hessian 2",
  },
  {
    name: "a wrong sign in forward mode only",
    f: square({
      vjp: (g, { inputs: [x] }) => mul(mul(g, x!), 2) as Tensor,
      jvp: ([t], { inputs: [x] }) => mul(mul(t!, x!), -2) as Tensor,
    }),
    at: at3,
    found: modes,
  },
  {
    name: "a factor of 1.0005 in forward mode only",
    f: square({
      vjp: (g, { inputs: [x] }) => mul(mul(g, x!), 2) as Tensor,
      jvp: ([t], { inputs: [x] }) => mul(mul(t!, x!), 2.001) as Tensor,
    }),
    at: at3,
    found: modes,
  },
  {
    name: "a tangent that is ignored",
    f: (x: Tensor) =>
      square({
        vjp: (g, { inputs: [v] }) => mul(mul(g, v!), 2) as Tensor,
        jvp: (_, { inputs: [v] }) => mul(v!, 2) as Tensor,
      })(x),
    at: [0.75],
    found: "forward of a sum vs its parts",
  },
  {
    name: "a seed that is ignored",
    f: square({ vjp: (_, { inputs: [x] }) => mul(x!, 2) as Tensor }),
    at: [0.75],
    found: linear,
  },
  {
    name: "a seed without its sign",
    f: square({ vjp: (g, { inputs: [x] }) => mul(mul(g.abs(), x!), 2) as Tensor }),
    at: [0.75],
    found: linear,
  },
  {
    name: "a seed that is squared",
    f: square({ vjp: (g, { inputs: [x] }) => mul(mul(mul(g, g), x!), 2) as Tensor }),
    at: [0.75],
    found: linear,
  },
  {
    name: "1e-9 for a seed of 0",
    f: square({ vjp: (g, { inputs: [x] }) => add(mul(mul(g, x!), 2), 1e-9) as Tensor }),
    at: at3,
    found: linear,
  },
  {
    name: "overwriting where repeated entries accumulate",
    f: customGradient({
      name: "pick",
      forward: (x) => gather(x, [0, 0, 2]),
      vjp: (g) => tensor([g.toTypedArray()[1]!, 0, g.toTypedArray()[2]!]) as Tensor,
    }),
    at: at3,
    found: differences,
  },
  {
    name: "one row where a broadcast sums over all",
    f: customGradient({
      name: "plus",
      forward: (x, b) => add(x, b) as Tensor,
      vjp: (g) => [g, slice(g, [0], [1]).reshape([3]) as Tensor],
    }),
    at: [matrix(4, 3), vector(3)],
    found: differences,
  },
  {
    name: "a mean whose rule forgets to divide",
    f: customGradient({
      name: "average",
      forward: (x) => x.mean() as Tensor,
      vjp: (g, { inputs: [x] }) => mul(mul(x!, 0).add(1), g) as Tensor,
    }),
    at: at3,
    found: differences,
  },
  {
    name: "an input said to have no influence",
    f: customGradient({ name: "plus", forward: (a, b) => add(a, b) as Tensor, vjp: (g) => [g, null] }),
    at: [vector(2), vector(2, 2)],
    found: differences,
  },
  {
    name: "1e-15 in every second run of the reverse rule",
    f: square({ vjp: (g, { inputs: [x] }) => add(mul(mul(g, x!), 2), jitter()) as Tensor }),
    at: [0.75],
    found: again,
  },
  {
    name: "1e-15 in every second run of the forward rule",
    f: square({
      vjp: (g, { inputs: [x] }) => mul(mul(g, x!), 2) as Tensor,
      jvp: ([t], { inputs: [x] }) => add(mul(mul(t!, x!), 2), jitter()) as Tensor,
    }),
    at: [0.75],
    found: again,
  },
  { name: "1e-15 in every second run of the value", f: (x: Tensor) => add(sin(x), jitter()), at: [0.75], found: again },
  {
    name: "an input that is overwritten",
    f: customGradient({
      name: "spoil",
      forward: (x) => {
        const y = mul(x, 2) as Tensor;
        (x.storage as Float64Array)[0]! += 2 ** -40;
        return y;
      },
      vjp: (g) => mul(g, 2) as Tensor,
    }),
    at: [tensor([1, 2])],
    found: again,
  },
  {
    name: "a wrong sign where derivatives are 1e-7",
    f: (x: Tensor) => mul(1e-7, square({ vjp: (g, { inputs: [v] }) => mul(mul(g, v!), -2) as Tensor })(x)),
    at: [tensor([0.5])],
    found: differences,
  },
  {
    name: "a wrong sign where derivatives are 1e-10",
    f: (x: Tensor) => mul(1e-10, square({ vjp: (g, { inputs: [v] }) => mul(mul(g, v!), -2) as Tensor })(x)),
    at: [tensor([0.5])],
    found: differences,
  },
  {
    name: "a wrong sign beside derivatives of 1e7",
    f: (x: Tensor) =>
      mul(tensor([1e7, 1]), square({ vjp: (g, { inputs: [v] }) => mul(mul(g, v!), tensor([2, -2])) as Tensor })(x)),
    at: [tensor([0.5, 1])],
    found: differences,
  },
  {
    name: "one field of nested parameters",
    f: (p: { w: Tensor; b: Tensor[] }, x: Tensor) => {
      const bias = customGradient({
        name: "bias",
        forward: (v) => mul(v, 1) as Tensor,
        vjp: (g) => mul(g, 1.001) as Tensor,
      });
      return sum(tanh(add(matmul(p.w, x), bias(p.b[1]!)) as Tensor));
    },
    at: [{ w: matrix(3, 2), b: [vector(3), vector(3, 2)] }, vector(2, 5)],
    found: differences,
  },
  {
    name: "one of several results",
    f: (x: Tensor) => ({ right: sin(x), wrong: [square({ vjp: (g) => g })(x)] }),
    at: at3,
    found: differences,
  },
  { name: "one entry of 300 × 300 off by 200 %", f: product(300, 3), at: [vector(300)], found: modes },
  { name: "one entry of 300 × 300 off by 1e-4", f: product(300, 1.0001), at: [vector(300)], found: modes },
  {
    name: "a slope at a kink that is outside those on both sides",
    f: ramp(2),
    at: [tensor([0, 1])],
    found: differences,
  },
  { name: "NaN at a kink", f: ramp(NaN), at: [tensor([0, 1])], found: differences },
  {
    name: "a branch that is held constant inside the function",
    f: (x: Tensor) => sum(mul(x, stopGradient(cos(x)))),
    at: at3,
    found: differences,
  },
  {
    name: "a factor of 1.0005 in float32",
    f: square({ vjp: (g, { inputs: [x] }) => mul(mul(g, x!), 2.001) as Tensor }),
    at: [cast(vector(3), "float32")],
    found: `${differences} in float64`,
  },
  {
    name: "a rule that is wrong in float32 alone",
    f: square({ vjp: (g, { inputs: [x] }) => mul(mul(g, x!), x!.dtype === "float32" ? 2.0001 : 2) as Tensor }),
    at: [cast(vector(3), "float32")],
    found: "float32 vs float64",
  },
  {
    name: "a difference taken the wrong way round",
    f: customGradient({ name: "minus", forward: (a, b) => sub(a, b) as Tensor, vjp: (g) => [neg(g), g] }),
    at: [1.5, 2],
    found: differences,
  },
];
