/**
 * What README says of jax-js and TensorFlow.js, asked of the versions that are installed: each fact is printed as it
 * comes.
 */

import { grad, tensor, where, type Tensor } from "@chainrule/autograd";
import * as jax from "@jax-js/jax";
import * as tf from "@tensorflow/tfjs-core";
import { jaxNumbers, startLibraries } from "../peers/libraries.ts";

/** Something that was asked, and what came. */
export interface Fact {
  readonly asked: string;
  readonly came: string;
}

type JaxFunction = (x: jax.Array) => jax.Array;
type TensorFunction = (x: tf.Tensor) => tf.Tensor;

/** What came, or the error instead. */
async function answer(asked: string, work: () => Promise<string> | string): Promise<Fact> {
  try {
    return { asked, came: await work() };
  } catch (error) {
    return { asked, came: String(error).split("\n")[0]! };
  }
}

const { numpy: np } = jax;

/** The largest error of a function of float64 on points of [0.1, 4.1], as a share of the value or of 1. */
function errorOf(device: "cpu" | "wasm", name: string, f: JaxFunction, right: (x: number) => number): Promise<Fact> {
  const points = Float64Array.from({ length: 501 }, (_, i) => 0.1 + 0.008 * i);
  return answer(`jax-js, ${device}: ${name} of float64, largest error`, async () => {
    jax.defaultDevice(device);
    const got = await jaxNumbers(f(np.array(points)));
    return points
      .reduce((most, x, i) => Math.max(most, Math.abs(got[i]! - right(x)) / Math.max(1, Math.abs(right(x)))), 0)
      .toExponential(0);
  });
}

const chain =
  (length: number): JaxFunction =>
  (x) => {
    let y = x;
    for (let i = 0; i < length; i++) y = y.mul(1.0001);
    return y;
  };

const secondDerivatives: readonly (readonly [name: string, f: TensorFunction, right: number])[] = [
  ["x eˣ", (x) => tf.mul(x, tf.exp(x)), 2.5 * Math.exp(0.5)],
  ["x σ(x)", (x) => tf.mul(x, tf.sigmoid(x)), 0.4485123849],
  ["x² tanh x", (x) => tf.mul(tf.mul(x, x), tf.tanh(x)), 2.1596138716],
  ["eˣ alone", (x) => tf.exp(x), Math.exp(0.5)],
  ["tanh x alone", (x) => tf.tanh(x), -2 * Math.tanh(0.5) * (1 - Math.tanh(0.5) ** 2)],
  ["x³", (x) => tf.mul(tf.mul(x, x), x), 3],
  ["sin x", (x) => tf.sin(x), -Math.sin(0.5)],
];

/** Chains of products, which take seconds. */
async function chains(long: boolean): Promise<Fact[]> {
  const found: Fact[] = [];
  const lengths = (all: readonly number[]): readonly number[] => (long ? all : []);
  // From the longest on: what has run before has smaller frames.
  for (const length of lengths([3000, 2000, 1500])) {
    found.push(
      await answer(`jax-js, derivative of a chain of ${length} products without jit`, async () =>
        String((await jaxNumbers(jax.grad(chain(length))(np.array(1))))[0]!),
      ),
    );
  }
  for (const length of lengths([500, 1000, 3000])) {
    found.push(
      await answer(`jax-js, value of a chain of ${length} products in jit`, async () =>
        String((await jaxNumbers(jax.jit(chain(length))(np.array(1))))[0]!),
      ),
    );
  }
  return found;
}

/** All facts; `long` adds those that take seconds. */
export async function facts(long: boolean): Promise<Fact[]> {
  // Engines that lack the type have no such array either.
  (globalThis as { Float16Array?: unknown }).Float16Array ??= class {
    readonly length = 0;
  };
  await startLibraries();
  const found: Fact[] = [];
  for (const device of ["cpu", "wasm"] as const) {
    for (const [name, f, right] of [
      ["exp", np.exp, Math.exp],
      ["log", np.log, Math.log],
      ["sin", np.sin, Math.sin],
      ["tanh", np.tanh, Math.tanh],
    ] as const) {
      found.push(await errorOf(device, name, f as JaxFunction, right));
    }
  }
  found.push(
    await answer("chainrule, gradient of where(x > 0, ln x, 0) at 0", () =>
      String(grad((x: Tensor<[]>) => where(x.greater(0), x.log(), 0))(tensor(0)).item()),
    ),
    await answer("jax-js, the same", async () =>
      String((await jaxNumbers(jax.grad((x: jax.Array) => np.where(x.ref.greater(0), np.log(x), 0))(np.array(0))))[0]!),
    ),
    await answer("TensorFlow.js, the same", () =>
      String(
        tf
          .grad((x: tf.Tensor) => tf.where(tf.scalar(false, "bool"), tf.log(x), tf.zerosLike(x)))(tf.scalar(0))
          .dataSync()[0]!,
      ),
    ),
  );
  for (const [name, library] of [
    ["jax-js", jax],
    ["TensorFlow.js", tf],
  ] as const)
    found.push(await answer(`${name} has vmap`, () => ("vmap" in library ? "yes" : "no")));
  for (const [name, f, right] of secondDerivatives) {
    found.push(
      await answer(`TensorFlow.js, second derivative of ${name} at 0.5 (${right.toFixed(4)})`, () =>
        tf
          .grad((x: tf.Tensor) => tf.grad(f)(x))(tf.scalar(0.5))
          .dataSync()[0]!
          .toFixed(4),
      ),
    );
  }
  return [...found, ...(await chains(long))];
}

/** Prints the facts. */
export async function runClaims(smoke: boolean): Promise<void> {
  console.log("\nWhat the README says of other libraries\n");
  for (const { asked, came } of await facts(!smoke)) console.log(`  ${asked}: ${came}`);
}
