/** A product of two matrices in float32 on one thread: GFLOP/s. */

import { compile, matmul, tensor, type Tensor } from "@chainrule/autograd";
import { Random } from "@chainrule/nn";
import * as jax from "@jax-js/jax";
import * as tf from "@tensorflow/tfjs-core";
import { CHAINRULE, CHAINRULE_EAGER, JAX_JS, jaxNumbers, TENSORFLOW_JS } from "../libraries.ts";
import { float32, type Field, type Program, type Values, type Work } from "../work.ts";

interface Data {
  readonly a: Field;
  readonly b: Field;
}

/** c_ij = Σ_k a_ik b_kj in float64, every entry. */
function expected({ a, b }: Data): Values {
  const [rows, inner, columns] = [a.shape[0]!, a.shape[1]!, b.shape[1]!];
  const c = new Float64Array(rows * columns);
  for (let i = 0; i < rows; i++) {
    for (let k = 0; k < inner; k++) {
      const factor = a.numbers[i * inner + k]!;
      for (let j = 0; j < columns; j++) c[i * columns + j]! += factor * b.numbers[k * columns + j]!;
    }
  }
  return { product: c };
}

function chainrule({ a, b }: Data, compiled: boolean): Program {
  const [left, right] = [
    tensor(a.numbers, { shape: a.shape, dtype: "float32" }),
    tensor(b.numbers, { shape: b.shape, dtype: "float32" }),
  ];
  const plain = (x: Tensor, y: Tensor): Tensor => matmul(x, y);
  const f = compiled ? compile(plain, { fusedMultiplyAdd: true, threads: 1 }) : plain;
  let product: Tensor = left;
  return {
    once: () => {
      product = f(left, right);
    },
    values: () => ({ product: product.toTypedArray() }),
  };
}

function jaxJs({ a, b }: Data): Program {
  const [left, right] = [
    jax.numpy.array(a.numbers, { shape: [...a.shape] }),
    jax.numpy.array(b.numbers, { shape: [...b.shape] }),
  ];
  const f = jax.jit((x: jax.Array, y: jax.Array) => jax.numpy.matmul(x, y));
  let product = left.ref;
  return {
    once: async () => {
      product.dispose();
      product = f(left.ref, right.ref);
      await product.blockUntilReady();
    },
    values: async () => ({ product: await jaxNumbers(product.ref) }),
  };
}

/** Its WebAssembly backend computes at once, so there is nothing to wait for. */
function tensorflow({ a, b }: Data): Program {
  const [left, right] = [tf.tensor(a.numbers, [...a.shape]), tf.tensor(b.numbers, [...b.shape])];
  let product = left.clone();
  return {
    once: () => {
      product.dispose();
      product = tf.matMul(left, right);
    },
    values: () => ({ product: product.dataSync() }),
  };
}

/** The product of a `rows` × `inner` and an `inner` × `columns` matrix. */
export function matrixProduct(rows: number, inner: number, columns: number): Work {
  const random = new Random(19);
  const data = {
    a: float32([rows, inner], random.split("a").normalArray(rows * inner)),
    b: float32([inner, columns], random.split("b").normalArray(inner * columns)),
  };
  return {
    id: "matmul",
    title: `matmul [${rows} × ${inner}] · [${inner} × ${columns}], float32, one thread`,
    operations: 2 * rows * inner * columns,
    oneThread: true,
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
  };
}
