/**
 * Broken inputs to everything that makes, moves or reads tensors: each is refused by name, before any work, or it is
 * data.
 */

import { spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import * as api from "../../src/index.ts";
import { isAutogradError, tensor, type Tensor } from "../../src/index.ts";

type Loose = Readonly<Record<string, (...args: readonly unknown[]) => unknown>>;
const {
  add,
  arange,
  broadcastTo,
  cast,
  clip,
  compile,
  concat,
  eye,
  flip,
  fromJSON,
  full,
  gather,
  grad,
  matmul,
  ones,
  pad,
  reshape,
  scatterAdd,
  slice,
  split,
  stack,
  sum,
  transpose,
  variable,
  where,
  zeros,
} = api as unknown as Loose;
const make = tensor as unknown as (...args: readonly unknown[]) => unknown;

const x = tensor([1, 2, 3]) as Tensor;
const m = tensor([
  [1, 2],
  [3, 4],
]) as Tensor;

const nested = (depth: number, wrap: (inner: unknown) => unknown, first: unknown): unknown => {
  let value = first;
  for (let k = 0; k < depth; k++) value = wrap(value);
  return value;
};
const cyclic: unknown[] = [];
cyclic.push(cyclic);
const sparse: unknown[] = [1, 2];
sparse.length = 4_000_000_000;

/** What is no number, no list of numbers and no shape, and what would take forever to be walked. */
const broken: readonly (readonly [string, unknown])[] = [
  ["an array in itself", cyclic],
  ["20,000 levels", nested(20_000, (inner) => [inner], 1)],
  ["one array again and again", nested(45, (inner) => [inner, inner], [1])],
  ["an empty array again and again", nested(45, (inner) => [inner, inner], [])],
  ["a sparse array of 4·10⁹", sparse],
  ["a text", "abc"],
  ["a BigInt", 1n],
  ["BigInts", [1n, 2n]],
  ["texts", ["1", "2"]],
  ["a symbol", Symbol("s")],
  ["symbols", [Symbol("s")]],
  ["a date", new Date(0)],
  ["a map", new Map()],
  ["a set", new Set([1])],
  ["a promise", Promise.resolve(1)],
  ["a function", () => 1],
  ["a boxed number", new Number(3)],
  ["BigInts in memory", new BigInt64Array(2)],
  ["a view of bytes", new DataView(new ArrayBuffer(8))],
  ["a buffer", new ArrayBuffer(8)],
  ["an object without a prototype", Object.create(null)],
  ["rows beside numbers", [1, [2]]],
  ["an iterator", [1, 2].values()],
];

/** Every function that takes data, a shape, a position or an axis, with the broken value in its place. */
const places: readonly (readonly [string, (value: unknown) => unknown])[] = [
  ["tensor", (v) => make(v)],
  ["an entry of tensor", (v) => make([1, v])],
  ["a shape of tensor", (v) => make([1, 2], { shape: v })],
  ["a dtype of tensor", (v) => make([1], { dtype: v })],
  ["full", (v) => full!([2], v)],
  ["zeros", (v) => zeros!([v])],
  ["ones", (v) => ones!([2, v])],
  ["eye", (v) => eye!(v)],
  ["arange", (v) => arange!(0, v)],
  ["the start of arange", (v) => arange!(v, 3)],
  ["at", (v) => x.at(v as never)],
  ["the start of slice", (v) => slice!(x, [v])],
  ["the end of slice", (v) => slice!(x, [0], [v])],
  ["the step of slice", (v) => slice!(x, [0], [1], [v])],
  ["bounds of slice", (v) => slice!(x, { 0: [v] })],
  ["split", (v) => split!(x, [v])],
  ["an axis of split", (v) => split!(x, 1, v)],
  ["reshape", (v) => reshape!(x, [v])],
  ["transpose", (v) => transpose!(m, [v, 0])],
  ["broadcastTo", (v) => broadcastTo!(x, [v, 3])],
  ["pad", (v) => pad!(x, [v])],
  ["the other side of pad", (v) => pad!(x, [1], [v])],
  ["the value of pad", (v) => pad!(x, [1], [1], v)],
  ["flip", (v) => flip!(m, [v])],
  ["gather", (v) => gather!(x, [[v]])],
  ["an axis of gather", (v) => gather!(x, [0], v)],
  ["scatterAdd", (v) => scatterAdd!(x, [0], v)],
  ["concat", (v) => concat!([x, v])],
  ["an axis of concat", (v) => concat!([x, x], v)],
  ["stack", (v) => stack!([x, v])],
  ["an axis of sum", (v) => sum!(m, v)],
  ["cast", (v) => cast!(x, v)],
  ["add", (v) => add!(x, v)],
  ["a condition", (v) => where!(v, x, x)],
  ["a bound", (v) => clip!(x, v, 1)],
  ["matmul", (v) => matmul!(m, v)],
  ["variable", (v) => variable!(v)],
  ["assign", (v) => (variable!(x) as { assign(value: unknown): void }).assign(v)],
  ["fromJSON", (v) => fromJSON!(v)],
  ["data of fromJSON", (v) => fromJSON!({ dtype: "float64", shape: [1], data: [v] })],
];

/** What a call does: `null` where it is refused by name, else what it gives or throws. */
const fault = (call: () => unknown): string | null => {
  try {
    return `gave ${typeof call()}`;
  } catch (error) {
    return isAutogradError(error) ? null : `threw ${String(error).slice(0, 100)}`;
  }
};

describe("a broken input", () => {
  it.each(broken)("is refused by name wherever it stands: %s", (name, value) => {
    const found = places.flatMap(([place, call]) => {
      const why = fault(() => call(value));
      return why === null ? [] : [`${name} as ${place} ${why}`];
    });
    expect(found).toEqual([]);
  });

  it("is refused before any work where it asks for too much", () => {
    const sizes = [1e9, 1e10, 1e12, 2 ** 31, 2 ** 53, 1e100, -1, 1.5, NaN, Infinity];
    const calls: readonly (readonly [string, (n: number) => unknown])[] = [
      ["zeros", (n) => zeros!([n, n])],
      ["ones", (n) => ones!([n, 1e5])],
      ["full", (n) => full!([1e5, n], 1)],
      ["zeros beside 0", (n) => zeros!([0, 2 ** 53 * n])],
      ["five axes", (n) => zeros!(new Array<number>(5).fill(n))],
      ["eye", (n) => eye!(n)],
      ["broadcastTo", (n) => broadcastTo!(x, [n, 1e5, 3])],
      ["reshape", (n) => reshape!(x, [n === -1 ? -2 : n])],
      ["pad", (n) => pad!(x, [n], [2 ** 53])],
      ["split", (n) => split!(x, n)],
      ["split of nothing", (n) => split!(zeros!([0]), n)],
      ["at", (n) => (n === -1 ? x.at(-4 as number) : x.at(n))],
      ["slice", (n) => slice!(x, [n === -1 ? -4 : n])],
      ["gather", (n) => gather!(x, [n])],
      ["arange", (n) => (n < 2 ? arange!(0, NaN) : arange!(0, 2 * n))],
      ["a shape of tensor", (n) => make([1, 2], { shape: [n] })],
    ];
    const found = calls.flatMap(([name, call]) =>
      sizes.flatMap((n) => {
        const why = fault(() => call(n));
        return why === null ? [] : [`${name} of ${n} ${why}`];
      }),
    );
    expect(found).toEqual([]);
    expect(fault(() => zeros!(new Array<number>(20_000).fill(1)))).toBeNull();
    expect(fault(() => matmul!(zeros!([2 ** 20, 1]), zeros!([1, 2 ** 20])))).toBeNull();
  });

  it.each([
    ["an array in itself", cyclic],
    ["20,000 levels", nested(20_000, (inner) => [inner], 1)],
  ] as const)("is refused as an argument of a compiled function and of a transform: %s", (_, value) => {
    expect(fault(() => (compile!((y: unknown) => y) as (y: unknown) => unknown)(value))).toBeNull();
    expect(fault(() => (grad!((y: Tensor) => y) as (y: unknown) => unknown)(value))).toBeNull();
  });

  it("is none where it is data: every typed array of numbers, of this realm or another", () => {
    for (const Numbers of [
      Float64Array,
      Uint32Array,
      Int16Array,
      Uint16Array,
      Int8Array,
      Uint8Array,
      Uint8ClampedArray,
    ]) {
      const made = tensor(Numbers.from([1, 2]));
      expect([made.dtype, made.toArray()]).toEqual(["float64", [1, 2]]);
    }
    expect(tensor(Float32Array.of(0.1)).dtype).toBe("float32");
    expect(tensor(Int32Array.of(7)).dtype).toBe("int32");
    expect(tensor(Float32Array.of(1, 2), { dtype: "float64", shape: [2, 1] }).toArray()).toEqual([[1], [2]]);
  });
});

describe("frozen built-in prototypes", () => {
  it("are no hindrance: the library loads, computes, compiles, and names its errors", () => {
    const index = new URL("../../src/index.ts", import.meta.url).href;
    const script = `
      const typed = Object.getPrototypeOf(Float64Array);
      for (const C of [Object, Array, Function, Number, String, Boolean, Symbol, Map, Set, WeakMap, WeakSet, WeakRef, Promise, RegExp, Date, Error, TypeError, RangeError, typed,
        Float64Array, Float32Array, Int32Array, Uint8Array, ArrayBuffer, BigInt]) { Object.freeze(C); Object.freeze(C.prototype); }
      for (const one of [Math, JSON, Reflect, Atomics, Object.getPrototypeOf([].values())]) Object.freeze(one);
      const { compile, grad, isAutogradError, tensor, variable, zeros } = await import(${JSON.stringify(index)});
      const f = grad((y) => y.exp().mul(y).sum());
      const w = variable(tensor([1, 2]));
      w.assign(w.read().add(1));
      let said = "";
      try { zeros([1.5]); } catch (error) { said = error.name + " " + isAutogradError(error) + " " + (error instanceof RangeError); }
      console.log(String(f(tensor([0, 1])).sum()) === String(compile(f)(tensor([0, 1])).sum()), String(w), JSON.stringify(tensor(1)), said);`;
    const { stdout, stderr } = spawnSync(
      process.execPath,
      ["--import", fileURLToPath(import.meta.resolve("tsx")), "--input-type=module", "--eval", script],
      { encoding: "utf8" },
    );
    expect(stderr).toBe("");
    expect(stdout.trim()).toBe(
      'true variable float64 [2] [2, 3] {"dtype":"float64","shape":[],"data":[1]} SizeError true true',
    );
  });
});
