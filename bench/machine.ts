/** What the vectors of this machine can do at most, and how that is timed. */

import { i32, load, op, plus } from "../packages/autograd/src/backends/wasm/assembler/expressions.ts";
import { wasmHost, type WasmMemory } from "../packages/autograd/src/backends/wasm/host.ts";
import { lanesOf, tileRows, type FloatType } from "../packages/autograd/src/kernels/product-layout.ts";
import {
  emitPartialStore,
  emitTile,
  shapeOf,
  tileOperands,
} from "../packages/autograd/src/backends/wasm/products/tile.ts";
import { ModuleBuilder } from "../packages/autograd/src/backends/wasm/assembler/module.ts";

/** Something to time: how many multiplications and additions a call does, and the best time seen so far. */
export interface Timed {
  readonly run: () => void;
  readonly flops: number;
  best: number;
  calls: number;
}

/** Not timed yet. */
export const timed = (flops: number, run: () => void): Timed => ({ run, flops, best: Infinity, calls: 1 });
/** The best of what was seen, in GFLOP/s. */
export const rate = ({ flops, best }: Timed): number => flops / best / 1e6;

/** Times one after another, in rounds; other programs on the machine disturb some rounds, hardly all. */
export function measure(all: readonly Timed[], rounds: number): void {
  for (let round = 0; round < rounds; round++) {
    for (const one of all) {
      const begin = performance.now();
      for (let i = 0; i < one.calls; i++) one.run();
      const took = performance.now() - begin;
      one.best = Math.min(one.best, took / one.calls);
      // A sample of half a millisecond is long beside the clock and short beside a time slice.
      if (took < 0.25) one.calls *= 2;
    }
  }
}

/** A module of its own with the one function that `write` exports as `run`. */
export function instance(memory: WasmMemory, write: (builder: ModuleBuilder) => void): (...operands: number[]) => void {
  const host = wasmHost();
  if (host === null) throw new Error("bench: this engine has no WebAssembly with vectors");
  const builder = new ModuleBuilder({ initial: 1, maximum: 65536, shared: false });
  write(builder);
  return new host.Instance(new host.Module(builder.finish()), { host: { memory } }).exports["run"] as (
    ...operands: number[]
  ) => void;
}

/** Memory for so many bytes. */
export function memoryOf(bytes: number): WasmMemory {
  const host = wasmHost();
  if (host === null) throw new Error("bench: this engine has no WebAssembly with vectors");
  return new host.Memory({ initial: Math.ceil(bytes / 65536), maximum: 65536 });
}

/** x ← x y + z for twelve vectors that never leave their registers: as many as hide the time that each takes. */
export function registers(type: FloatType, fma: boolean): Timed {
  const [chains, turns] = [12, 20000];
  const shape = shapeOf[type];
  const run = instance(memoryOf(65536), (builder) => {
    builder.function(
      "run",
      [],
      null,
      (body) => {
        const sums = Array.from({ length: chains }, () => body.local("v128"));
        const [y, z, turn] = [
          body.let(load("v128.load", i32(0))),
          body.let(load("v128.load", i32(16))),
          body.local("i32"),
        ];
        body.loop((again) => {
          for (const sum of sums)
            body.set(
              sum,
              fma ? op(`${shape}.relaxed_madd`, sum, y, z) : op(`${shape}.add`, op(`${shape}.mul`, sum, y), z),
            );
          body.set(turn, plus(turn, 1));
          again(op("i32.lt_u", turn, i32(turns)));
        });
        for (const sum of sums) body.store("v128.store", i32(0), sum, 32);
      },
      true,
    );
  });
  return timed(2 * chains * turns * lanesOf[type], run);
}

/** The innermost tile alone, on panels that stay in the first cache. */
export function tile(type: FloatType, fma: boolean): Timed {
  const [rows, depth, calls] = [tileRows(fma), 256, 40];
  const width = 2 * lanesOf[type];
  const steps = { aRow: 0, aInner: Math.ceil(rows / lanesOf[type]) * 16, bInner: 32, cRow: 32 };
  const memory = memoryOf(65536);
  // Pages that were never written are all the same one of the kernel's, and the cache reads that slower under several
  // addresses.
  new Float64Array(memory.buffer).fill(1.5);
  const run = instance(memory, (builder) => {
    const partial = emitPartialStore(builder, type);
    const kernel = emitTile(builder, { type, fma, rows, vectors: 2, adjacent: true }, steps, partial);
    builder.function(
      "run",
      [],
      null,
      (body) => {
        const turn = body.local("i32");
        body.for(turn, i32(0), i32(calls), 1, () =>
          body.call(
            kernel,
            ...tileOperands(steps, {
              a: i32(0),
              b: i32(12352),
              c: i32(20608),
              depth: i32(depth),
              accumulate: i32(0),
              lanes: i32(lanesOf[type]),
              aRow: i32(0),
              aInner: i32(0),
              bInner: i32(0),
              cRow: i32(0),
            }),
          ),
        );
      },
      true,
    );
  });
  return timed(2 * rows * width * depth * calls, run);
}
