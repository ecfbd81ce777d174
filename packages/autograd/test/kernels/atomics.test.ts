/** Atomic changes of memory: what they write, what they give, and where they trap. */

import { describe, expect, it } from "vitest";
import { atomic, EmitError, f64, i32 } from "../../src/backends/wasm/assembler/expressions.ts";
import { wasmHost } from "../../src/backends/wasm/host.ts";
import { ModuleBuilder } from "../../src/backends/wasm/assembler/module.ts";
import { readModifyWrites } from "../../src/backends/wasm/assembler/opcodes.ts";

const wasm = wasmHost()!;

/** What each instruction leaves behind. */
const meanings: Readonly<Record<string, (before: number, value: number) => number>> = {
  "i32.atomic.rmw.add": (before, value) => (before + value) | 0,
};

/** What the instruction gives for word `at`, and memory after it. */
function changed(
  name: string,
  before: number,
  value: number,
  at: number,
  shared: boolean,
): { readonly given: number; readonly words: Int32Array } {
  const builder = new ModuleBuilder({ initial: 1, maximum: 1, shared });
  builder.function(
    "run",
    ["i32", "i32"],
    "i32",
    (body) => body.result(atomic(name, body.parameter(0), body.parameter(1), 8)),
    true,
  );
  const memory = new wasm.Memory({ initial: 1, maximum: 1, shared });
  const words = new Int32Array(memory.buffer, 0, 16).fill(0x55555555);
  words[at / 4 + 2] = before;
  const run = new wasm.Instance(new wasm.Module(builder.finish()), { host: { memory } }).exports["run"] as (
    at: number,
    value: number,
  ) => number;
  return { given: run(at, value), words };
}

describe.each([...readModifyWrites.keys()])("%s", (name) => {
  it.each([false, true])("gives what was there and leaves its result, no more; shared memory: %s", (shared) => {
    for (const before of [0, 1, -1, 12345, 2 ** 31 - 1, -(2 ** 31)]) {
      for (const value of [1, -1, 6789, 2 ** 31 - 1]) {
        const { given, words } = changed(name, before, value, 12, shared);
        expect(given).toBe(before);
        expect([...words]).toEqual(
          Array.from({ length: 16 }, (_, k) => (k === 5 ? meanings[name]!(before, value) : 0x55555555)),
        );
      }
    }
  });

  it("traps where it is not aligned", () => {
    expect(() => changed(name, 1, 1, 13, true)).toThrow();
  });

  it("is refused with operands of another type", () => {
    expect(() => atomic(name, f64(0), i32(1))).toThrow(EmitError);
    expect(() => atomic(name, i32(0), f64(1))).toThrow(EmitError);
  });
});

it("an atomic instruction that is not there is refused", () => {
  expect(() => atomic("i32.atomic.rmw.mul", i32(0), i32(1))).toThrow("no instruction i32.atomic.rmw.mul");
});
