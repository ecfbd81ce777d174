/** Value and derivative of a function of one number, in each library: what one recorded operation costs. */

import { compile, valueAndGrad, type Tensor } from "@chainrule/autograd";
import * as jax from "@jax-js/jax";
import * as tf from "@tensorflow/tfjs-core";
import { CHAINRULE, CHAINRULE_EAGER, JAX_JS, jaxNumbers, TENSORFLOW_JS } from "../libraries.ts";
import type { Program, Runner } from "../work.ts";

/** The same function in each library. */
export interface ScalarFunction {
  readonly chainrule: (x: Tensor<[]>) => Tensor<[]>;
  readonly jaxJs: (x: jax.Array) => jax.Array;
  readonly tensorflow: (x: tf.Tensor) => tf.Tensor;
}

function chainrule({ chainrule: function_ }: ScalarFunction, x: number, compiled: boolean): Program {
  const plain = valueAndGrad(function_);
  const f = compiled ? compile(plain) : plain;
  let [value, derivative] = [NaN, NaN];
  return {
    once: () => {
      const result = f(x);
      [value, derivative] = [result.value.item(), result.gradient.item()];
    },
    values: () => ({ value: [value], derivative: [derivative] }),
  };
}

function jaxJs({ jaxJs: function_ }: ScalarFunction, x: number): Program {
  const f = jax.jit((at: jax.Array): [jax.Array, jax.Array] => jax.valueAndGrad(function_)(at));
  let [value, derivative] = [NaN, NaN];
  return {
    once: async () => {
      const [v, d] = f(jax.numpy.array(x));
      [value, derivative] = [(await jaxNumbers(v))[0]!, (await jaxNumbers(d))[0]!];
    },
    values: () => ({ value: [value], derivative: [derivative] }),
  };
}

function tensorflow({ tensorflow: function_ }: ScalarFunction, x: number): Program {
  const f = tf.valueAndGrad(function_);
  let [value, derivative] = [NaN, NaN];
  return {
    once: async () => {
      const at = tf.scalar(x);
      const result = f(at);
      [value, derivative] = [(await result.value.data())[0]!, (await result.grad.data())[0]!];
      tf.dispose([at, result]);
    },
    values: () => ({ value: [value], derivative: [derivative] }),
  };
}

/** The runners of a scalar function at one point. */
export function scalarRunners(functions: ScalarFunction, x: number): Runner[] {
  return [
    { name: CHAINRULE, start: () => chainrule(functions, x, true) },
    { name: CHAINRULE_EAGER, start: () => chainrule(functions, x, false) },
    { name: JAX_JS, start: () => jaxJs(functions, x) },
    { name: TENSORFLOW_JS, start: () => tensorflow(functions, x) },
  ];
}
