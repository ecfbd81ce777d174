/** A chain of products of scalars, value and derivative: a long graph; float64 in chainrule, PyTorch and JAX. */

import * as tf from "@tensorflow/tfjs-core";
import type { Work } from "../work.ts";
import { scalarRunners } from "./scalar.ts";

/** A factor that float32 holds exactly. */
const FACTOR = 1 + 2 ** -20;

/** y = x · c^n,  dy/dx = c^n */
export function chain(smoke: boolean): Work {
  const length = smoke ? 100 : 20_000;
  const x = 1.5;
  const repeat = <T>(start: T, next: (y: T) => T): T => {
    let y = start;
    for (let i = 0; i < length; i++) y = next(y);
    return y;
  };
  return {
    id: "chain",
    title: `a chain of ${length.toLocaleString("en-US")} scalar products: value and derivative`,
    data: { x: { shape: [], numbers: Float64Array.of(x) } },
    settings: { length, factor: FACTOR },
    runners: scalarRunners(
      {
        chainrule: (at) => repeat(at, (y) => y.mul(FACTOR)),
        jaxJs: (at) => repeat(at, (y) => y.mul(FACTOR)),
        tensorflow: (at) => repeat(at, (y) => tf.mul(y, FACTOR)),
      },
      x,
    ),
    expected: () => ({ value: [x * FACTOR ** length], derivative: [FACTOR ** length] }),
    // 20,000 roundings to float32 may add up to 1e-3.
    tolerance: 2e-3,
  };
}
