/** Instructions that read and write memory or single lanes: what they touch, and that none stands for another. */

import { describe, expect, it } from "vitest";
import {
  extract,
  f64,
  i32,
  i64,
  load,
  op,
  repeated,
  replace,
  type Expression,
} from "../../src/backends/wasm/assembler/expressions.ts";
import { wasmHost } from "../../src/backends/wasm/host.ts";
import { ModuleBuilder } from "../../src/backends/wasm/assembler/module.ts";
import type { Body } from "../../src/backends/wasm/assembler/body.ts";
import {
  extracts,
  laneStores,
  loads,
  replacements,
  stores,
  type ValueType,
} from "../../src/backends/wasm/assembler/opcodes.ts";

const wasm = wasmHost()!;

const BASE = 64;
const pattern = Uint8Array.from({ length: 256 }, (_, k) => (k * 73 + 129) & 255);

/** Memory after a function has run on the pattern, or `null` where it traps. */
function after(write: (body: Body) => void, shared = false): Uint8Array | null {
  const builder = new ModuleBuilder({ initial: 1, maximum: 1, shared });
  builder.function("run", [], null, write, true);
  const memory = new wasm.Memory({ initial: 1, maximum: 1, shared });
  new Uint8Array(memory.buffer).set(pattern);
  const instance = new wasm.Instance(new wasm.Module(builder.finish()), { host: { memory } });
  try {
    (instance.exports.run as () => void)();
  } catch {
    return null;
  }
  return new Uint8Array(memory.buffer).slice(0, 256);
}

const put = (body: Body, value: Expression): void => body.store(`${value.type}.store`, i32(BASE), value);

const hex = (bytes: ArrayLike<number>): string =>
  Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
const zeros = (count: number): number[] => new Array<number>(count).fill(0);
const at = (address: number, count: number): number[] => [...pattern.subarray(address, address + count)];
const repeat = (bytes: readonly number[], times: number): number[] => Array.from({ length: times }, () => bytes).flat();

/** What each load makes of the bytes at an address. */
const loaded: Readonly<Record<string, (address: number) => readonly number[]>> = {
  "i32.load": (a) => at(a, 4),
  "i64.load": (a) => at(a, 8),
  "f32.load": (a) => at(a, 4),
  "f64.load": (a) => at(a, 8),
  "i32.load8_u": (a) => [...at(a, 1), ...zeros(3)],
  "v128.load": (a) => at(a, 16),
  "v128.load8x8_u": (a) => at(a, 8).flatMap((byte) => [byte, 0]),
  "v128.load32x2_s": (a) =>
    [0, 4].flatMap((k) => [...at(a + k, 4), ...new Array<number>(4).fill(at(a + k + 3, 1)[0]! > 127 ? 255 : 0)]),
  "v128.load8_splat": (a) => repeat(at(a, 1), 16),
  "v128.load32_splat": (a) => repeat(at(a, 4), 4),
  "v128.load64_splat": (a) => repeat(at(a, 8), 2),
  "v128.load32_zero": (a) => [...at(a, 4), ...zeros(12)],
  "v128.load64_zero": (a) => [...at(a, 8), ...zeros(8)],
  "i32.atomic.load": (a) => at(a, 4),
};

describe("a load", () => {
  const gives = (name: string, address: number, offset: number): string | null => {
    const memory = after((body) => put(body, load(name, i32(address), offset)));
    return memory === null ? null : hex(memory.subarray(BASE, BASE + 16));
  };
  const expected = (name: string, address: number): string => {
    const bytes = loaded[name]!(address);
    return hex([...bytes, ...pattern.subarray(BASE + bytes.length, BASE + 16)]);
  };

  it.each([...loads.keys()])("reads its bytes at the address and the offset: %s", (name) => {
    expect(gives(name, 8, 16)).toBe(expected(name, 24));
    expect(gives(name, 0, 4)).toBe(expected(name, 4));
    expect(gives(name, 0, 160)).toBe(expected(name, 160));
  });

  it("reads other bytes than every other load of its type, but that atomic ones trap where they are not aligned", () => {
    for (const [name, { type, atomic }] of loads) {
      expect(gives(name, 17, 0), name).toBe(atomic ? null : expected(name, 17));
      for (const [other, neighbor] of loads) {
        if (other !== name && neighbor.type === type)
          expect([gives(other, 24, 0), gives(other, 17, 0)], `${name} as ${other}`).not.toEqual([
            gives(name, 24, 0),
            gives(name, 17, 0),
          ]);
      }
    }
  });
});

describe("a store", () => {
  const samples: Readonly<Record<ValueType, Expression>> = {
    i32: i32(0x11223344),
    i64: i64(0x1122334455667788n),
    f32: op("f32.demote_f64", f64(1.7)),
    f64: f64(Math.PI),
    v128: repeated.i64(0x0102030405060708n),
  };
  const sizes: Readonly<Record<string, number>> = {
    "i32.store": 4,
    "i64.store": 8,
    "f32.store": 4,
    "f64.store": 8,
    "i32.store8": 1,
    "v128.store": 16,
    "i32.atomic.store": 4,
  };
  const written: Readonly<Record<ValueType, Uint8Array>> = {
    i32: new Uint8Array(Int32Array.of(0x11223344).buffer),
    i64: new Uint8Array(BigInt64Array.of(0x1122334455667788n).buffer),
    f32: new Uint8Array(Float32Array.of(1.7).buffer),
    f64: new Uint8Array(Float64Array.of(Math.PI).buffer),
    v128: new Uint8Array(BigInt64Array.of(0x0102030405060708n, 0x0102030405060708n).buffer),
  };

  it.each([...stores])("writes its bytes and no others: %s", (name, { type, atomic }) => {
    const expected = pattern.slice();
    expected.set(written[type].subarray(0, sizes[name]!), 40);
    expect(hex(after((body) => body.store(name, i32(8), samples[type], 32))!)).toBe(hex(expected));
    const crooked = after((body) => body.store(name, i32(9), samples[type], 32));
    if (atomic) expect(crooked).toBeNull();
    else expect(crooked![41]).toBe(written[type][0]);
  });

  it.each([...laneStores])("of a lane writes that lane and no other: %s", (name, { width }) => {
    for (const lane of [0, 1]) {
      const expected = pattern.slice();
      expected.set(pattern.subarray(lane * width, (lane + 1) * width), 48);
      expect(
        hex(after((body) => body.storeLane(name, i32(40), load("v128.load", i32(0)), lane, 8))!),
        `lane ${lane}`,
      ).toBe(hex(expected));
    }
  });
});

describe("a lane", () => {
  it.each([...extracts])("is read by %s", (name, [, type, lanes]) => {
    for (let lane = 0; lane < lanes; lane++) {
      const memory = after((body) => put(body, extract(name, load("v128.load", i32(0)), lane)))!;
      const width = 16 / lanes;
      const bytes = name.startsWith("i8x16") ? [...at(lane, 1), 0, 0, 0] : at(lane * width, width);
      expect(hex(memory.subarray(BASE, BASE + bytes.length)), `${type} ${lane}`).toBe(hex(bytes));
    }
    expect(() => extract(name, load("v128.load", i32(0)), lanes)).toThrow(`has no lane ${lanes}`);
  });

  it.each([...replacements])("is replaced by %s", (name, [, type, lanes]) => {
    for (let lane = 0; lane < lanes; lane++) {
      const width = 16 / lanes;
      const memory = after((body) =>
        put(body, replace(name, load("v128.load", i32(0)), lane, load(`${type}.load`, i32(100)))),
      )!;
      const bytes = at(0, 16);
      bytes.splice(lane * width, width, ...at(100, width));
      expect(hex(memory.subarray(BASE, BASE + 16)), `lane ${lane}`).toBe(hex(bytes));
    }
    expect(() => replace(name, load("v128.load", i32(0)), -1, load(`${type}.load`, i32(100)))).toThrow(
      "has no lane -1",
    );
  });
});

describe("ranges of memory", () => {
  it("are copied, even onto themselves", () => {
    const expected = pattern.slice();
    expected.copyWithin(4, 0, 20);
    expect(hex(after((body) => body.copyMemory(i32(4), i32(0), i32(20)))!)).toBe(hex(expected));
  });

  it("are filled with the lowest byte", () => {
    const expected = pattern.slice().fill(0xcd, 3, 14);
    expect(hex(after((body) => body.fillMemory(i32(3), i32(0xabcd), i32(11)))!)).toBe(hex(expected));
  });

  it("can be shared between threads", () => {
    expect(
      hex(
        after((body) => body.store("i32.atomic.store", i32(0), load("i32.atomic.load", i32(4))), true)!.subarray(0, 4),
      ),
    ).toBe(hex(at(4, 4)));
  });
});
