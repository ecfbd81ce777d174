/** The libraries that run inside this process, made ready, with their versions and threads. */

import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { availableParallelism } from "node:os";
import { dirname } from "node:path";
import * as jax from "@jax-js/jax";
import * as tf from "@tensorflow/tfjs-core";
// The core has no gradients in Node until the layers register them.
import "@tensorflow/tfjs-layers";
import { getThreadsCount, setWasmPaths } from "@tensorflow/tfjs-backend-wasm";

/** A library that takes part. */
export interface Library {
  readonly name: string;
  readonly version: string;
  /** What does the arithmetic. */
  readonly engine: string;
  readonly threads: number;
}

/** The names as they stand in every table. */
export const CHAINRULE = "chainrule";
export const CHAINRULE_EAGER = "chainrule, eager";
export const JAX_JS = "jax-js";
export const TENSORFLOW_JS = "TensorFlow.js";

/** The numbers of a jax-js array, which this consumes; its own type names arrays that the compiler's library lacks. */
export function jaxNumbers(x: jax.Array): Promise<ArrayLike<number>> {
  return x.data() as Promise<unknown> as Promise<ArrayLike<number>>;
}

function versionIn(place: string): string {
  const { version } = JSON.parse(readFileSync(new URL(place, import.meta.url), "utf8")) as { version: string };
  return version;
}

/** Starts the WebAssembly backends and says who is there. */
export async function startLibraries(): Promise<Library[]> {
  await jax.init("wasm");
  jax.defaultDevice("wasm");
  setWasmPaths(`${dirname(createRequire(import.meta.url).resolve("@tensorflow/tfjs-backend-wasm"))}/`);
  await tf.setBackend("wasm");
  return [
    {
      name: CHAINRULE,
      version: versionIn("../../packages/autograd/package.json"),
      engine: "compiled, WASM",
      threads: Math.min(8, availableParallelism()),
    },
    { name: CHAINRULE_EAGER, version: versionIn("../../packages/autograd/package.json"), engine: "eager", threads: 1 },
    // jax-js starts one worker for each core where the platform has web workers; Node has none.
    {
      name: JAX_JS,
      version: versionIn("../node_modules/@jax-js/jax/package.json"),
      engine: "WASM, jit",
      threads: "Worker" in globalThis ? availableParallelism() : 1,
    },
    { name: TENSORFLOW_JS, version: tf.version_core, engine: "WASM, eager", threads: getThreadsCount() },
  ];
}
