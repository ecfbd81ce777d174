/** Every instruction does what its name says, and would be found out if it were any other of the same signature. */

import { setFlagsFromString } from "node:v8";
import { describe, expect, it } from "vitest";
import { load, type Expression } from "../../src/backends/wasm/assembler/expressions.ts";
import { wasmHost } from "../../src/backends/wasm/host.ts";
import { ModuleBuilder } from "../../src/backends/wasm/assembler/module.ts";
import { opcodes, type Opcode, type ValueType } from "../../src/backends/wasm/assembler/opcodes.ts";
import { bytesOfFloats, bytesOfIntegers, floatsOf, meaningOf, type Value } from "./opcode-meanings.ts";

const wasm = wasmHost()!;

setFlagsFromString("--experimental-wasm-relaxed-simd");

const size: Readonly<Record<ValueType, number>> = { i32: 4, i64: 8, f32: 4, f64: 8, v128: 16 };

const whole32 = [
  0n,
  1n,
  -1n,
  2n,
  7n,
  31n,
  33n,
  0x12345678n,
  -0x12345678n,
  2n ** 31n - 1n,
  -(2n ** 31n),
  0xffff0001n,
  16777217n,
  3000000001n,
];
const whole64 = [
  0n,
  1n,
  -1n,
  3n,
  63n,
  65n,
  0x123456789abcdef0n,
  -0x123456789abcdefn,
  2n ** 63n - 1n,
  -(2n ** 63n),
  0xffffffff00000001n,
  2n ** 53n + 1n,
];
const floats = [
  0,
  -0,
  1,
  -1,
  0.5,
  -0.5,
  1.5,
  -1.5,
  2.5,
  -2.5,
  1.25,
  -1.75,
  3,
  1e10,
  -1e10,
  2147483648,
  4294967296,
  Infinity,
  -Infinity,
  NaN,
  2 ** -140,
  1 / 3,
];

/** Vectors that make sense as lanes of many kinds. */
const vectors: readonly Value[] = [
  ...[
    [1.5, -2.5, 0.5, -0.5],
    [0, -0, 1, -1],
    [NaN, Infinity, -Infinity, 3],
    [1e10, -1e10, 0.75, -3.25],
    [4, 9, -16, 2],
  ].map((x) => bytesOfFloats(x, 32)),
  ...[
    [1.5, -2.5],
    [0.5, -0.5],
    [0, -0],
    [NaN, 7],
    [Infinity, -Infinity],
    [1e10, -3.7],
    [-0, 0],
    [4, -0.25],
    [3000000000.5, 1],
  ].map((x) => bytesOfFloats(x, 64)),
  ...[
    [0n, 1n, -1n, 2n],
    [2n ** 31n - 1n, -(2n ** 31n), 65536n, -65537n],
    [127n, 128n, 255n, 256n],
    [32767n, 32768n, 65535n, -32769n],
    [1n, 2n, 3n, 4n],
  ].map((x) => bytesOfIntegers(x, 32)),
  ...[
    [0n, -1n],
    [2n ** 63n - 1n, -(2n ** 63n)],
    [1n, 2n ** 32n + 1n],
    [1n, 2n],
  ].map((x) => bytesOfIntegers(x, 64)),
  Uint8Array.from({ length: 16 }, (_, k) => (k * 37 + 5) & 255),
  Uint8Array.from({ length: 16 }, (_, k) => 15 - k),
  Uint8Array.from({ length: 16 }, (_, k) => (k % 3 === 0 ? 0 : 200 + k)),
  Uint8Array.from({ length: 16 }, (_, k) => (k % 2 === 0 ? 128 : 127)),
  new Uint8Array(16).fill(1),
  new Uint8Array(16).fill(255),
];

const values: Readonly<Record<ValueType, readonly Value[]>> = {
  i32: whole32.map((x) => bytesOfIntegers([x], 32)),
  i64: whole64.map((x) => bytesOfIntegers([x], 64)),
  f32: floats.map((x) => bytesOfFloats([x], 32)),
  f64: floats.concat(1e300, 1 + 2 ** -40).map((x) => bytesOfFloats([x], 64)),
  v128: vectors,
};

/** The operands for a signature: all of one, all pairs, and a shifted walk through triples. */
function operandsOf(takes: readonly ValueType[]): Value[][] {
  const [first, second, third] = takes;
  if (third !== undefined)
    return vectors.flatMap((a, k) => vectors.map((b, j) => [a, b, vectors[(5 * k + 3 * j + 1) % vectors.length]!]));
  if (second !== undefined) return values[first!].flatMap((a) => values[second].map((b) => [a, b]));
  return values[first!].map((a) => [a]);
}

/** Division by zero traps, and so does the one quotient of signed numbers that is too large. */
function traps(name: string, [a, b]: readonly Value[]): boolean {
  if (!/^i(32|64)\.(div|rem)_/.test(name)) return false;
  const lowest = a!.every((byte, k) => byte === (k === a!.length - 1 ? 128 : 0));
  return b!.every((byte) => byte === 0) || (name.includes("div_s") && lowest && b!.every((byte) => byte === 255));
}

/**
 * The operands whose products and sums are exact in float32, so that it does not matter how often a multiply-add
 * rounds.
 */
const exact = [
  [1.5, -2.5, 0.5, 3],
  [4, 9, -16, 2],
  [1, 2, 3, -4],
]
  .map((x) => bytesOfFloats(x, 32))
  .concat(
    [
      [1.5, -2.5],
      [4, -0.25],
      [3, 7],
    ].map((x) => bytesOfFloats(x, 64)),
  );

function casesOf(name: string, { takes }: Opcode): Value[][] {
  if (!name.includes("relaxed")) return operandsOf(takes).filter((operands) => !traps(name, operands));
  const own = exact.filter((_, k) => k < 3 === name.startsWith("f32"));
  return own.flatMap((a) => own.flatMap((b) => own.map((c) => [a, b, c])));
}

/**
 * What an instruction of these bytes gives for each case; `null` where it traps or is no instruction of this engine.
 */
function run({ bytes, takes, gives }: Opcode, cases: readonly (readonly Value[])[]): Value[] | null {
  const stride = takes.reduce((sum, type) => sum + size[type], 0);
  const pages = Math.ceil((cases.length * (stride + 16)) / 65536);
  const builder = new ModuleBuilder({ initial: pages, maximum: pages, shared: false });
  builder.function(
    "run",
    ["i32", "i32"],
    null,
    (body) => {
      let offset = 0;
      const inputs = takes.map((type) => {
        const input = load(`${type}.load`, body.parameter(0), offset);
        offset += size[type];
        return input;
      });
      const result: Expression = {
        type: gives,
        write(out) {
          for (const input of inputs) input.write(out);
          out.append(bytes);
        },
      };
      body.store(`${gives}.store`, body.parameter(1), result);
    },
    true,
  );
  const module = builder.finish();
  if (!wasm.validate(module)) return null;
  const memory = new wasm.Memory({ initial: pages, maximum: pages });
  const held = new Uint8Array(memory.buffer);
  cases.forEach((operands, k) => {
    let at = k * stride;
    for (const operand of operands) {
      held.set(operand, at);
      at += operand.length;
    }
  });
  const call = new wasm.Instance(new wasm.Module(module), { host: { memory } }).exports.run as (
    from: number,
    to: number,
  ) => void;
  const results = cases.length * stride;
  try {
    return cases.map((_, k) => {
      call(k * stride, results + 16 * k);
      return held.slice(results + 16 * k, results + 16 * k + size[gives]);
    });
  } catch {
    return null;
  }
}

/** Numbers are compared by their bits, and NaN by being NaN where the result is a float. */
function same(name: string, gives: ValueType, a: Value, b: Value): boolean {
  if (a.every((byte, k) => byte === b[k])) return true;
  const width = gives === "f32" || /^f32x4/.test(name) ? 32 : gives === "f64" || /^f64x2/.test(name) ? 64 : 0;
  if (width === 0 || gives === "i32") return false;
  const [x, y] = [floatsOf(a, width), floatsOf(b, width)];
  return x.every((value, k) => Object.is(value, y[k]));
}

const agree = (name: string, opcode: Opcode, got: readonly Value[] | null, expected: readonly Value[]): boolean =>
  got !== null && got.every((value, k) => same(name, opcode.gives, value, expected[k]!));

describe("an instruction", () => {
  const all = [...opcodes];

  it.each(all)("does what its name says: %s", (name, opcode) => {
    const cases = casesOf(name, opcode);
    const got = run(opcode, cases);
    expect(got, "the engine knows it").not.toBeNull();
    cases.forEach((operands, k) => {
      const expected = meaningOf(name, operands);
      expect(
        same(name, opcode.gives, got![k]!, expected),
        `${name} ${operands.map(String).join(" | ")} gives ${String(got![k])} instead of ${String(expected)}`,
      ).toBe(true);
    });
  });

  it("would be found out if it were another of the same signature", () => {
    const signature = ({ takes, gives }: Opcode): string => `${takes.join()}>${gives}`;
    // Most instructions of a signature are tried on the same operands, so that each needs to run on them only once.
    const known = new Map<string, Value[] | null>();
    const once = (name: string, opcode: Opcode, cases: readonly (readonly Value[])[]): Value[] | null => {
      const key = `${opcode.bytes.join()} on ${/relaxed|div|rem/.test(name) ? name : ""}${cases.length}`;
      if (!known.has(key)) known.set(key, run(opcode, cases));
      return known.get(key)!;
    };
    const unseen: string[] = [];
    let exchanged = 0;
    for (const [name, opcode] of all) {
      const cases = casesOf(name, opcode);
      const expected = cases.map((operands) => meaningOf(name, operands));
      expect(agree(name, opcode, once(name, opcode, cases), expected), name).toBe(true);
      for (const [other, neighbor] of all) {
        if (other === name || signature(neighbor) !== signature(opcode)) continue;
        exchanged++;
        if (agree(name, opcode, once(name, neighbor, cases), expected)) unseen.push(`${name} as ${other}`);
      }
    }
    expect(exchanged).toBeGreaterThan(7_000);
    expect(unseen).toEqual([]);
  });

  it("has bytes of its own", () => {
    expect(new Set(all.map(([, { bytes }]) => bytes.join(" "))).size).toBe(all.length);
  });
});
