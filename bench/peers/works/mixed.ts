/** A scalar function of 300 operations, value and derivative: short graphs; float64 in chainrule, PyTorch and JAX. */

import { add, sin } from "@chainrule/autograd";
import * as jax from "@jax-js/jax";
import * as tf from "@tensorflow/tfjs-core";
import type { Values, Work } from "../work.ts";
import { scalarRunners } from "./scalar.ts";

/** y ← (sin y + x)/2 − 0.1 and y′ ← (cos y · y′ + 1)/2, in plain numbers. */
function expected(rounds: number, x: number): Values {
  let [value, derivative] = [x, 1];
  for (let i = 0; i < rounds; i++) {
    derivative = (Math.cos(value) * derivative + 1) * 0.5;
    value = (Math.sin(value) + x) * 0.5 - 0.1;
  }
  return { value: [value], derivative: [derivative] };
}

/** y ← (sin y + x)/2 − 0.1, again and again: four operations each. */
export function mixed(smoke: boolean): Work {
  const rounds = smoke ? 10 : 75;
  const x = 0.7;
  const repeat = <T>(start: T, next: (y: T) => T): T => {
    let y = start;
    for (let i = 0; i < rounds; i++) y = next(y);
    return y;
  };
  return {
    id: "mixed",
    title: `a scalar function of ${4 * rounds} operations: value and derivative`,
    data: { x: { shape: [], numbers: Float64Array.of(x) } },
    settings: { rounds },
    runners: scalarRunners(
      {
        chainrule: (at) => repeat(at, (y) => add(sin(y), at).mul(0.5).sub(0.1)),
        jaxJs: (at) => {
          const y = repeat(at.ref, (last) => jax.numpy.sin(last).add(at.ref).mul(0.5).sub(0.1));
          at.dispose();
          return y;
        },
        tensorflow: (at) => repeat(at, (y) => tf.sub(tf.mul(tf.add(tf.sin(y), at), 0.5), 0.1)),
      },
      x,
    ),
    expected: () => expected(rounds, x),
    tolerance: 1e-5,
  };
}
