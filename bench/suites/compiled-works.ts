/** What is compiled: the training step that everybody knows, a Hessian, and a function of one number. */

import {
  add,
  compile,
  exp,
  hessian,
  log,
  sigmoid,
  sin,
  slice,
  sub,
  sum,
  tanh,
  tensor,
  valueAndGrad,
  variable,
  type Compiled,
  type CompileOptions,
  type Tensor,
} from "@chainrule/autograd";
import { network, Random, type NetworkParameters } from "@chainrule/nn";

const SIZES = [784, 30, 10];
const BATCH = 10;
const RATE = 0.5;

/** Entries of the loops over single numbers: what they read and write stays in the second cache. */
export const ENTRIES = 16384;

/** A function to compile with what it is called with, and one number of its result. */
export interface CompiledWork {
  readonly compiled: () => () => unknown;
  readonly plain: () => unknown;
  readonly number: (result: unknown) => number;
}

const item = (result: unknown): number => (result as Tensor).item();

/** 784-30-10, sigmoid, ½Σe², batch 10, float32: forward, gradient and update. */
export function trainingStep(): CompiledWork {
  const net = network({ sizes: SIZES, activations: "sigmoid", cost: "quadratic", seed: 1, dtype: "float32" });
  const random = new Random(2);
  const x = tensor(random.uniformArray(BATCH * SIZES[0]!), { shape: [BATCH, SIZES[0]!], dtype: "float32" });
  const t = tensor(random.uniformArray(BATCH * SIZES[2]!), { shape: [BATCH, SIZES[2]!], dtype: "float32" });
  const loss = (parameters: NetworkParameters): Tensor<[]> => net.loss(parameters, x, t);
  return {
    compiled: () => {
      const states = Object.entries(net.parameters).map(([name, value]) => [name, variable(value as Tensor)] as const);
      const step = compile((inputs: Tensor, targets: Tensor) => {
        const parameters = Object.fromEntries(states.map(([name, state]) => [name, state.read()])) as NetworkParameters;
        const { value, gradient } = valueAndGrad((at: NetworkParameters) => net.loss(at, inputs, targets))(parameters);
        for (const [name, state] of states)
          state.assign(state.read().sub((gradient as Readonly<Record<string, Tensor>>)[name]!.mul(RATE)));
        return value;
      });
      return () => step(x, t);
    },
    plain: () => valueAndGrad(loss)(net.parameters).value,
    number: item,
  };
}

/** The sum over the Hessian of Rosenbrock's function of 100 variables. */
export function rosenbrockHessian(): CompiledWork {
  const at = tensor(new Random(17).normalArray(100));
  const f = hessian((x: Tensor) => {
    const here = slice(x, [0], [-1]);
    const bend = slice(x, [1]).sub(here.mul(here));
    const rest = sub(1, here);
    return bend.mul(bend).mul(100).add(rest.mul(rest)).sum();
  });
  return {
    compiled: () => {
      const compiled: Compiled<[Tensor], Tensor> = compile((x: Tensor) => f(x).sum());
      return () => compiled(at);
    },
    plain: () => f(at).sum(),
    number: item,
  };
}

/** y ← (sin y + x)/2 − 0.1, 75 times: 300 operations on one number, with the derivative. */
export function scalarFunction(): CompiledWork {
  const f = valueAndGrad((x: Tensor<[]>) => {
    let y = x;
    for (let k = 0; k < 75; k++) y = add(sin(y), x).mul(0.5).sub(0.1);
    return y;
  });
  return {
    compiled: () => {
      const compiled = compile(f);
      return () => compiled(0.7);
    },
    plain: () => f(0.7),
    number: (result) => {
      const { value, gradient } = result as { readonly value: Tensor; readonly gradient: Tensor };
      return value.item() + gradient.item();
    },
  };
}

function loop(
  f: (x: Tensor, w: Tensor) => Tensor,
  dtype: "float32" | "float64",
  options: CompileOptions = {},
): CompiledWork {
  const random = new Random(13);
  const numbers = (name: string): Tensor =>
    tensor(
      random
        .split(name)
        .uniformArray(ENTRIES)
        .map((u) => 0.1 + 2 * u),
      { dtype },
    );
  const [x, w] = [numbers("x"), numbers("w")];
  return {
    compiled: () => {
      const compiled = compile(f, { ...options, threads: 1 });
      return () => compiled(x, w);
    },
    plain: () => f(x, w),
    number: (result) => (result as Tensor).toTypedArray()[ENTRIES - 1]!,
  };
}

const functions = { exp, log, tanh, sigmoid };

/** Loops over `ENTRIES` numbers on one thread. */
export const loops: readonly (readonly [name: string, work: CompiledWork])[] = [
  ...(["float32", "float64"] as const).flatMap((dtype) =>
    Object.entries(functions).map(([name, f]) => [`${name}, ${dtype}`, loop((x) => f(x), dtype)] as const),
  ),
  [
    "Σ σ(xw + 1) tanh(x) exp(−w²), its gradient by x, float32",
    loop(
      (x, w) =>
        valueAndGrad((at: Tensor) =>
          sum(
            sigmoid(at.mul(w).add(1))
              .mul(tanh(at))
              .mul(exp(w.mul(w).neg())),
          ),
        )(x).gradient,
      "float32",
    ),
  ],
];
