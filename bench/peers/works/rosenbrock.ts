/**
 * The Hessian of Rosenbrock's function: second derivatives; float64 in chainrule, PyTorch and JAX, float32 in the
 * others.
 */

import { compile, hessian, slice, sub, tensor, type Tensor } from "@chainrule/autograd";
import { Random } from "@chainrule/nn";
import * as jax from "@jax-js/jax";
import * as tf from "@tensorflow/tfjs-core";
import { CHAINRULE, CHAINRULE_EAGER, JAX_JS, jaxNumbers, TENSORFLOW_JS } from "../libraries.ts";
import type { Field, Program, Values, Work } from "../work.ts";

/** H_ii = 1200 x_i² − 400 x_(i+1) + 2 [i < n−1] + 200 [i > 0],  H_(i,i+1) = H_(i+1,i) = −400 x_i */
function expected({ numbers: x }: Field): Values {
  const n = x.length;
  const matrix = new Float64Array(n * n);
  for (let i = 0; i < n; i++) {
    if (i > 0) matrix[i * n + i]! += 200;
    if (i === n - 1) continue;
    matrix[i * n + i]! += 1200 * x[i]! ** 2 - 400 * x[i + 1]! + 2;
    matrix[i * n + i + 1] = matrix[(i + 1) * n + i] = -400 * x[i]!;
  }
  return { hessian: matrix };
}

/** f = Σ_i 100 (x_(i+1) − x_i²)² + (1 − x_i)² */
function chainrule({ numbers }: Field, compiled: boolean): Program {
  const point = tensor(numbers);
  const plain = hessian((x: Tensor) => {
    const here = slice(x, [0], [-1]);
    const bend = slice(x, [1]).sub(here.mul(here));
    const rest = sub(1, here);
    return bend.mul(bend).mul(100).add(rest.mul(rest)).sum();
  });
  const f = compiled ? compile(plain, { fusedMultiplyAdd: true }) : plain;
  let result = f(point);
  return {
    once: () => {
      result = f(point);
    },
    values: () => ({ hessian: result.toTypedArray() }),
  };
}

function jaxJs({ numbers }: Field): Program {
  const point = jax.numpy.array(Float32Array.from(numbers));
  const f = jax.jit(
    jax.hessian((x: jax.Array) => {
      const here = x.ref.slice([0, -1]);
      const bend = x.slice([1]).sub(jax.numpy.square(here.ref));
      const rest = here.neg().add(1);
      return jax.numpy.square(bend).mul(100).add(jax.numpy.square(rest)).sum();
    }),
  );
  let result = f(point.ref);
  return {
    once: async () => {
      result.dispose();
      result = f(point.ref);
      await result.blockUntilReady();
    },
    values: async () => ({ hessian: await jaxNumbers(result.ref) }),
  };
}

/** TensorFlow.js has neither a Hessian nor a forward mode: the gradient of each entry of the gradient. */
function tensorflow({ numbers }: Field): Program {
  const n = numbers.length;
  const point = tf.tensor1d(Float32Array.from(numbers));
  const gradient = tf.grad((x: tf.Tensor) => {
    const here = tf.slice(x, [0], [n - 1]);
    const bend = tf.sub(tf.slice(x, [1], [n - 1]), tf.mul(here, here));
    const rest = tf.sub(1, here);
    return tf.sum(tf.add(tf.mul(tf.mul(bend, bend), 100), tf.mul(rest, rest)));
  });
  const rows = Array.from({ length: n }, (_, i) => tf.grad((x: tf.Tensor) => tf.sum(tf.slice(gradient(x), [i], [1]))));
  const f = (): tf.Tensor => tf.tidy(() => tf.stack(rows.map((row) => row(point))));
  let result = f();
  return {
    once: async () => {
      result.dispose();
      result = f();
      await result.data();
    },
    values: () => ({ hessian: result.dataSync() }),
  };
}

/** The Hessian at a point near (1, …, 1). */
export function rosenbrock(smoke: boolean): Work {
  const count = smoke ? 8 : 100;
  const x = {
    shape: [count],
    numbers: new Random(17).normalArray(count).map((z) => 1 + 0.2 * z) as Float64Array<ArrayBuffer>,
  };
  return {
    id: "rosenbrock",
    title: `Hessian of Rosenbrock's function, ${count} variables`,
    data: { x },
    settings: {},
    runners: [
      { name: CHAINRULE, start: () => chainrule(x, true) },
      { name: CHAINRULE_EAGER, start: () => chainrule(x, false) },
      { name: JAX_JS, start: () => jaxJs(x) },
      { name: TENSORFLOW_JS, start: () => tensorflow(x) },
    ],
    expected: () => expected(x),
    tolerance: 1e-5,
  };
}
