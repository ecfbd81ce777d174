/** A training step of a network of dense layers: forward, gradient, update, in each library. */

import { compile, tensor, valueAndGrad, variable, type Tensor } from "@chainrule/autograd";
import { Random } from "@chainrule/nn";
import { backprop, type Activation, type Cost } from "@chainrule/nn/equations";
import * as jax from "@jax-js/jax";
import * as tf from "@tensorflow/tfjs-core";
import { CHAINRULE, CHAINRULE_EAGER, JAX_JS, jaxNumbers, TENSORFLOW_JS } from "../libraries.ts";
import { float32, type Field, type Program, type Values, type Work } from "../work.ts";

/**
 * A network's layers, as each library computes them from one layer's input to its output, and the mean cost of the
 * outputs.
 */
export interface Model {
  readonly id: string;
  readonly title: string;
  readonly sizes: readonly number[];
  readonly batch: number;
  readonly eta: number;
  readonly tolerance: number;
  /** Names in the equations that say what must come of it; the last layer's activation by itself. */
  readonly equations: { readonly hidden: Activation; readonly last: Activation; readonly cost: Cost };
  /** A target for each sample, `random` being the seeded stream for it. */
  readonly targets: (random: Random) => number[];
  readonly chainrule: { readonly hidden: (u: Tensor) => Tensor; readonly cost: (u: Tensor, t: Tensor) => Tensor };
  readonly jaxJs: {
    readonly hidden: (u: jax.Array) => jax.Array;
    readonly cost: (u: jax.Array, t: jax.Array) => jax.Array;
  };
  readonly tensorflow: {
    readonly hidden: (u: tf.Tensor) => tf.Tensor;
    readonly cost: (u: tf.Tensor, t: tf.Tensor) => tf.Tensor;
  };
}

type Data = Readonly<Record<string, Field>>;

/** W1, b1, W2, …: `W` is in × out, as every library here multiplies from the left. */
function makeData({ sizes, batch, targets }: Model): Data {
  const random = new Random(11);
  const data: Record<string, Field> = {
    x: float32([batch, sizes[0]!], random.split("x").uniformArray(batch * sizes[0]!)),
    t: float32([batch, sizes.at(-1)!], targets(random.split("t"))),
  };
  for (let l = 1; l < sizes.length; l++) {
    const [below, units] = [sizes[l - 1]!, sizes[l]!];
    const scale = Math.sqrt(1 / below);
    data[`W${l}`] = float32(
      [below, units],
      random
        .split("W", l)
        .normalArray(below * units)
        .map((w) => w * scale),
    );
    data[`b${l}`] = float32(
      [units],
      random
        .split("b", l)
        .normalArray(units)
        .map((b) => b * scale),
    );
  }
  return data;
}

function parameterNames(data: Data): string[] {
  return Object.keys(data).filter((name) => /^[Wb]\d/.test(name));
}

function rowsOf({ shape, numbers }: Field): number[][] {
  const [rows, columns] = [shape[0]!, shape[1]!];
  return Array.from({ length: rows }, (_, n) => Array.from(numbers.subarray(n * columns, (n + 1) * columns)));
}

/** The cost and η ∂C/∂w by the equations of back-propagation in plain loops. */
function expected({ sizes, equations, eta }: Model, data: Data): Values {
  const layers = sizes.slice(1).map((_, k) => k + 1);
  const transposed = (rows: readonly number[][]): number[][] => rows[0]!.map((_, j) => rows.map((row) => row[j]!));
  const plain = {
    weights: layers.map((l) => transposed(rowsOf(data[`W${l}`]!))),
    biases: layers.map((l) => Array.from(data[`b${l}`]!.numbers)),
    activations: layers.map((l) => (l === layers.length ? equations.last : equations.hidden)),
    cost: equations.cost,
  };
  const { cost, layers: gradients } = backprop(plain, rowsOf(data["x"]!), rowsOf(data["t"]!));
  const moved: Record<string, number[]> = { cost: [cost] };
  for (const l of layers) {
    const { gradW, gradB } = gradients[l - 1]!;
    moved[`W${l}`] = transposed(gradW)
      .flat()
      .map((slope) => eta * slope);
    moved[`b${l}`] = gradB.map((slope) => eta * slope);
  }
  return moved;
}

/** How far each parameter moved: a wrong gradient is not hidden behind the weight that it hardly changes. */
function movements(data: Data, given: Values): Values {
  const moved: Record<string, ArrayLike<number>> = { cost: given["cost"]! };
  for (const name of parameterNames(data))
    moved[name] = data[name]!.numbers.map((before, i) => before - given[name]![i]!);
  return moved;
}

function eager({ sizes, eta, chainrule }: Model, data: Data): Program {
  const numbers = (name: string): Tensor => tensor(data[name]!.numbers, { shape: data[name]!.shape, dtype: "float32" });
  const [x, t] = [numbers("x"), numbers("t")];
  const initial: Readonly<Record<string, Tensor>> = Object.fromEntries(
    parameterNames(data).map((name) => [name, numbers(name)]),
  );
  const last = sizes.length - 1;
  const loss = (w: Readonly<Record<string, Tensor>>): Tensor => {
    let v = x;
    for (let l = 1; l < last; l++) v = chainrule.hidden(v.matmul(w[`W${l}`]!).add(w[`b${l}`]!));
    return chainrule.cost(v.matmul(w[`W${last}`]!).add(w[`b${last}`]!), t);
  };
  const differentiate = valueAndGrad(loss);
  let [parameters, cost] = [initial, NaN];
  return {
    begin: () => {
      parameters = initial;
    },
    once: () => {
      const { value, gradient } = differentiate(parameters);
      parameters = Object.fromEntries(
        Object.entries(parameters).map(([name, w]) => [name, w.sub(gradient[name]!.mul(eta))]),
      );
      cost = value.item();
    },
    values: () => ({
      cost: [cost],
      ...Object.fromEntries(Object.entries(parameters).map(([name, w]) => [name, w.toTypedArray()])),
    }),
  };
}

/** The parameters stay in the program; the cost comes out at every step, as in the others. */
function compiled({ sizes, eta, chainrule }: Model, data: Data): Program {
  const numbers = (name: string): Tensor => tensor(data[name]!.numbers, { shape: data[name]!.shape, dtype: "float32" });
  const names = parameterNames(data);
  const states = new Map(names.map((name) => [name, variable(numbers(name))]));
  const [inputs, targets] = [numbers("x"), numbers("t")];
  const last = sizes.length - 1;
  const step = compile(
    (x: Tensor, t: Tensor) => {
      const loss = (w: Readonly<Record<string, Tensor>>): Tensor => {
        let v = x;
        for (let l = 1; l < last; l++) v = chainrule.hidden(v.matmul(w[`W${l}`]!).add(w[`b${l}`]!));
        return chainrule.cost(v.matmul(w[`W${last}`]!).add(w[`b${last}`]!), t);
      };
      const parameters: Readonly<Record<string, Tensor>> = Object.fromEntries(
        names.map((name) => [name, states.get(name)!.read()]),
      );
      const { value, gradient } = valueAndGrad(loss)(parameters);
      for (const [name, state] of states) state.assign(state.read().sub(gradient[name]!.mul(eta)));
      return value;
    },
    { fusedMultiplyAdd: true },
  );
  let cost = NaN;
  return {
    begin: () => {
      for (const [name, state] of states) state.assign(numbers(name));
    },
    once: () => {
      cost = step(inputs, targets).item();
    },
    values: () => ({
      cost: [cost],
      ...Object.fromEntries([...states].map(([name, state]) => [name, state.read().toTypedArray()])),
    }),
  };
}

type JaxParameters = Record<string, jax.Array>;

function jaxJs({ sizes, eta, jaxJs: model }: Model, data: Data): Program {
  const numbers = (name: string): jax.Array => jax.numpy.array(data[name]!.numbers, { shape: [...data[name]!.shape] });
  const [x, t] = [numbers("x"), numbers("t")];
  const initial = Object.fromEntries(parameterNames(data).map((name) => [name, numbers(name)]));
  const last = sizes.length - 1;
  const loss = (w: JaxParameters, inputs: jax.Array, targets: jax.Array): jax.Array => {
    let v = inputs;
    for (let l = 1; l < last; l++) v = model.hidden(jax.numpy.matmul(v, w[`W${l}`]!).add(w[`b${l}`]!));
    return model.cost(jax.numpy.matmul(v, w[`W${last}`]!).add(w[`b${last}`]!), targets);
  };
  const step = jax.jit((w: JaxParameters, inputs: jax.Array, targets: jax.Array): [jax.Array, JaxParameters] => {
    const [value, gradient] = jax.valueAndGrad(loss)(jax.tree.ref(w), inputs, targets);
    return [
      value,
      Object.fromEntries(Object.entries(w).map(([name, before]) => [name, before.sub(gradient[name]!.mul(eta))])),
    ];
  });
  let parameters = jax.tree.ref(initial);
  let cost = NaN;
  return {
    begin: () => {
      jax.tree.dispose(parameters);
      parameters = jax.tree.ref(initial);
    },
    once: async () => {
      const [value, next] = step(parameters, x.ref, t.ref);
      parameters = next;
      // Reading the cost makes the whole step run, since it is one compiled program.
      cost = (await jaxNumbers(value))[0]!;
    },
    values: async () => {
      const given: Record<string, ArrayLike<number>> = { cost: [cost] };
      for (const [name, w] of Object.entries(parameters)) given[name] = await jaxNumbers(w.ref);
      return given;
    },
  };
}

function tensorflow({ sizes, eta, tensorflow: model }: Model, data: Data): Program {
  const numbers = (name: string): tf.Tensor => tf.tensor(data[name]!.numbers, [...data[name]!.shape]);
  const [x, t] = [numbers("x"), numbers("t")];
  const initial = parameterNames(data).map((name) => numbers(name));
  const parameters = Object.fromEntries(parameterNames(data).map((name, k) => [name, tf.variable(initial[k]!)]));
  const last = sizes.length - 1;
  const loss = (): tf.Scalar => {
    let v = x;
    for (let l = 1; l < last; l++) v = model.hidden(tf.add(tf.matMul(v, parameters[`W${l}`]!), parameters[`b${l}`]!));
    return model.cost(tf.add(tf.matMul(v, parameters[`W${last}`]!), parameters[`b${last}`]!), t) as tf.Scalar;
  };
  const optimizer = tf.train.sgd(eta);
  let cost = NaN;
  return {
    begin: () => {
      Object.values(parameters).forEach((w, k) => {
        w.assign(initial[k]!);
      });
    },
    once: async () => {
      const value = optimizer.minimize(loss, true)!;
      cost = (await value.data())[0]!;
      value.dispose();
    },
    values: () => ({
      cost: [cost],
      ...Object.fromEntries(Object.entries(parameters).map(([name, w]) => [name, w.dataSync()])),
    }),
  };
}

/** The training step of a network as a work. */
export function trainingStep(model: Model): Work {
  const data = makeData(model);
  return {
    id: model.id,
    title: model.title,
    data,
    settings: { layers: model.sizes.length - 1, eta: model.eta },
    runners: [
      { name: CHAINRULE, start: () => compiled(model, data) },
      { name: CHAINRULE_EAGER, start: () => eager(model, data) },
      { name: JAX_JS, start: () => jaxJs(model, data) },
      { name: TENSORFLOW_JS, start: () => tensorflow(model, data) },
    ],
    expected: () => expected(model, data),
    compared: (given) => movements(data, given),
    tolerance: model.tolerance,
  };
}
