/** WebAssembly as a backend: modules in one memory, on the threads of a pool. */

import { scratchOf } from "./emit/scratch.ts";
import { WasmExecutable } from "./executable.ts";
import { HeapLease } from "./memory/lease.ts";
import { HeapPlace } from "./memory/place.ts";
import { HeapResidence } from "./memory/residence.ts";
import { mostThreads, pool, whyOneThread } from "./threads/pool.ts";
import { obstacleToPrograms, relaxedSimd } from "./host.ts";
import type { Backend } from "../backend.ts";

export const wasm: Backend = {
  name: "WebAssembly",
  obstacle: obstacleToPrograms,
  canFuse: relaxedSimd,
  threadsOf: mostThreads,
  available: (threads) => (pool() === null ? 1 : threads),
  whyOneThread,
  scratchOf,
  lease: (ended) => new HeapLease(ended),
  residence: (dtype, count) => new HeapResidence(dtype, count),
  place: (dtype, address, count) => new HeapPlace(dtype, address, count),
  compile: (program) => new WasmExecutable(program),
};
