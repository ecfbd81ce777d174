/**
 * A program of its own for `threads-loss.test.ts`: works on three threads, and then ends in the way that it is told.
 */

import { add, compile, exp, mul, sum, tensor, type Tensor } from "../../src/index.ts";
import { heap } from "../../src/backends/wasm/memory/heap.ts";
import { i32 } from "../../src/backends/wasm/assembler/expressions.ts";
import { ModuleBuilder } from "../../src/backends/wasm/assembler/module.ts";
import { poolOf, settled } from "./pool.ts";

const way = process.argv[2]!;
const x = tensor(new Float64Array(200_000).fill(0.5), { shape: [200_000] });
const g = compile((a: Tensor) => sum(mul(exp(a), add(a, 1))), { threads: 3 });
g(x);
await settled(3);
g(x);
if (
  poolOf()
    .begun()
    .every((jobs) => jobs > 0)
)
  console.log("two workers have begun");
if (way.endsWith("without end")) {
  const builder = new ModuleBuilder({ initial: 1, maximum: 65536, shared: true });
  builder.function("run", ["i32", "i32"], null, (body) => body.loop((again) => again(i32(1))), true);
  const bytes = builder.finish();
  const code = heap().allocate(bytes.length, "test");
  new Uint8Array(heap().memory.buffer).set(bytes, code);
  poolOf().run({ op: "test", program: -1, code, codeBytes: bytes.length, entry: -1, threads: 3 }, () => undefined);
}
if (way.startsWith("exits")) process.exit(3);
if (way === "throws") throw new Error("as it was told");
if (way === "is interrupted") {
  setImmediate(() => process.kill(process.pid, "SIGINT"));
  setInterval(() => g(x), 1);
}
