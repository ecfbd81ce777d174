/**
 * Σ σ(xw + 1)·tanh(x)·exp(−w²), value and gradient by x and by w, in float32: memory, and functions of single numbers.
 */

import { compile, exp, sigmoid, tanh, tensor, valueAndGrad, type Tensor } from "@chainrule/autograd";
import { Random } from "@chainrule/nn";
import * as jax from "@jax-js/jax";
import * as tf from "@tensorflow/tfjs-core";
import { CHAINRULE, CHAINRULE_EAGER, JAX_JS, jaxNumbers, TENSORFLOW_JS } from "../libraries.ts";
import { float32, type Field, type Program, type Values, type Work } from "../work.ts";

interface Data {
  readonly x: Field;
  readonly w: Field;
}

/** ∂/∂x = [σ'(u) w tanh x + σ(u) (1 − tanh² x)] e^(−w²),  ∂/∂w = [σ'(u) x − 2 w σ(u)] tanh x e^(−w²),  u = xw + 1 */
function expected({ x, w }: Data): Values {
  const count = x.numbers.length;
  const [byX, byW] = [new Float64Array(count), new Float64Array(count)];
  let value = 0;
  for (let i = 0; i < count; i++) {
    const [a, b] = [x.numbers[i]!, w.numbers[i]!];
    const s = 1 / (1 + Math.exp(-(a * b + 1)));
    const slope = s * (1 - s);
    const [t, e] = [Math.tanh(a), Math.exp(-b * b)];
    value += s * t * e;
    byX[i] = (slope * b * t + s * (1 - t * t)) * e;
    byW[i] = (slope * a - 2 * b * s) * t * e;
  }
  return { value: [value], x: byX, w: byW };
}

function chainrule({ x, w }: Data, compiled: boolean): Program {
  const [a, b] = [
    tensor(x.numbers, { shape: x.shape, dtype: "float32" }),
    tensor(w.numbers, { shape: w.shape, dtype: "float32" }),
  ];
  const plain = valueAndGrad(
    (u: Tensor, v: Tensor) =>
      sigmoid(u.mul(v).add(1))
        .mul(tanh(u))
        .mul(exp(v.mul(v).neg()))
        .sum(),
    { argnums: [0, 1] },
  );
  const f = compiled ? compile(plain, { fusedMultiplyAdd: true }) : plain;
  let result = f(a, b);
  return {
    once: () => {
      result = f(a, b);
    },
    values: () => ({
      value: [result.value.item()],
      x: result.gradient[0].toTypedArray(),
      w: result.gradient[1].toTypedArray(),
    }),
  };
}

function jaxJs({ x, w }: Data): Program {
  const { numpy: np, nn } = jax;
  const [a, b] = [np.array(x.numbers), np.array(w.numbers)];
  const loss = (u: jax.Array, v: jax.Array): jax.Array =>
    nn
      .sigmoid(u.ref.mul(v.ref).add(1))
      .mul(np.tanh(u))
      .mul(np.exp(np.square(v).neg()))
      .sum();
  const f = jax.jit((u: jax.Array, v: jax.Array) => {
    const [value, [byU, byV]] = jax.valueAndGrad(loss, { argnums: [0, 1] })(u, v);
    return [value, byU, byV] as [jax.Array, jax.Array, jax.Array];
  });
  let result = f(a.ref, b.ref);
  return {
    once: async () => {
      for (const one of result) one.dispose();
      result = f(a.ref, b.ref);
      await jax.blockUntilReady(result);
    },
    values: async () => ({
      value: await jaxNumbers(result[0].ref),
      x: await jaxNumbers(result[1].ref),
      w: await jaxNumbers(result[2].ref),
    }),
  };
}

function tensorflow({ x, w }: Data): Program {
  const [a, b] = [tf.tensor(x.numbers), tf.tensor(w.numbers)];
  const f = tf.valueAndGrads((u: tf.Tensor, v: tf.Tensor) =>
    tf.sum(tf.mul(tf.mul(tf.sigmoid(tf.add(tf.mul(u, v), 1)), tf.tanh(u)), tf.exp(tf.neg(tf.square(v))))),
  );
  let result = f([a, b]);
  return {
    once: async () => {
      tf.dispose(result);
      result = f([a, b]);
      await result.value.data();
    },
    values: () => ({ value: result.value.dataSync(), x: result.grads[0]!.dataSync(), w: result.grads[1]!.dataSync() }),
  };
}

/** The sum over `count` entries: x from 0 to 2, w normal. */
export function elementwise(smoke: boolean): Work {
  const count = smoke ? 1000 : 1_000_000;
  const random = new Random(13);
  const data = {
    x: float32(
      [count],
      random
        .split("x")
        .uniformArray(count)
        .map((u) => 2 * u),
    ),
    w: float32([count], random.split("w").normalArray(count)),
  };
  return {
    id: "elementwise",
    title: `Σ σ(xw + 1)·tanh(x)·exp(−w²), ${count.toLocaleString("en-US")} entries, float32: value and gradient`,
    data: { ...data },
    settings: {},
    runners: [
      { name: CHAINRULE, start: () => chainrule(data, true) },
      { name: CHAINRULE_EAGER, start: () => chainrule(data, false) },
      { name: JAX_JS, start: () => jaxJs(data) },
      { name: TENSORFLOW_JS, start: () => tensorflow(data) },
    ],
    expected: () => expected(data),
    tolerance: 1e-5,
    // A sum that adds a million numbers one after another in float32 is off by 2.5e-4.
    tolerances: { value: 1e-3 },
  };
}
