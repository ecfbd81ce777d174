/** Runs emitted matrix products in a memory of which every byte outside the result is watched. */

import type { Elements } from "../../src/graph/dtype.ts";
import { matmulByDefinition } from "../../src/kernels/matmul.ts";
import { BLOCK } from "../../src/kernels/sums.ts";
import type { Callee } from "../../src/backends/wasm/assembler/body.ts";
import { wasmHost } from "../../src/backends/wasm/host.ts";
import { emitMatmul, emitProduct } from "../../src/backends/wasm/products/matmul.ts";
import {
  scratchBytesOf,
  scratchBytes,
  type Layout,
  type MatmulSpec,
  type Sizes,
} from "../../src/kernels/product-layout.ts";
import { ModuleBuilder } from "../../src/backends/wasm/assembler/module.ts";

export const arrays = { f32: Float32Array, f64: Float64Array } as const;

/**
 * A product that is compiled; the sizes are given with each run, and must be those of the module where it has its own.
 */
export interface Compiled {
  readonly type: "f32" | "f64";
  readonly scratch: (m: number, n: number) => number;
  readonly run: (
    a: number,
    b: number,
    c: number,
    scratch: number,
    rowBegin: number,
    rowEnd: number,
    sizes: Sizes,
  ) => void;
}

const CANARY = 0xa5;
let memory: { readonly buffer: ArrayBuffer } | null = null;

function sharedMemory(): { readonly buffer: ArrayBuffer } {
  memory ??= new (wasmHost()!.Memory)({ initial: 256, maximum: 256 });
  return memory;
}

function instantiate(write: (builder: ModuleBuilder) => void): (...operands: number[]) => void {
  const host = wasmHost()!;
  const builder = new ModuleBuilder({ initial: 1, maximum: 65536, shared: false });
  write(builder);
  const { exports } = new host.Instance(new host.Module(builder.finish()), { host: { memory: sharedMemory() } });
  return exports["run"] as (...operands: number[]) => void;
}

/** What makes a function that a product calls with a block of rows. */
export type MakeHook = ((builder: ModuleBuilder) => Callee) | null;

/**
 * A product of fixed sizes, as programs contain it; the hooks make what is called with rows that are to be read, and
 * that are whole.
 */
export function compileFixed(
  spec: MatmulSpec,
  makeFinish: MakeHook = null,
  makePrepare: MakeHook = null,
  part: "rows" | "all" = "rows",
): Compiled {
  const run = instantiate((builder) => {
    const product = emitMatmul(builder, spec, {
      prepare: makePrepare?.(builder) ?? null,
      finish: makeFinish?.(builder) ?? null,
      part,
    });
    builder.function(
      "run",
      product.takes,
      null,
      (body) => body.call(product, ...product.takes.map((_, k) => body.parameter(k))),
      true,
    );
  });
  return {
    type: spec.type,
    scratch: () => scratchBytes(spec),
    run: (a, b, c, scratch, begin, end) => run(a, b, c, scratch, begin, end),
  };
}

/** A product whose sizes come with each call, with packing as it is told. */
export function compileOpen(layout: Layout): Compiled {
  const run = instantiate((builder) => {
    const product = emitProduct(builder, layout, null, {});
    builder.function(
      "run",
      product.takes,
      null,
      (body) => body.call(product, ...product.takes.map((_, k) => body.parameter(k))),
      true,
    );
  });
  return {
    type: layout.type,
    scratch: (m, n) => scratchBytesOf(layout, m, n),
    run: (a, b, c, scratch, begin, end, { m, k, n }) => run(a, b, c, scratch, begin, end, m, k, n),
  };
}

/**
 * Computes the rows of a product. C lies between two canaries without a gap, and so do the operands; a byte that
 * changed outside C's rows and the scratch memory is an error.
 */
export function compute(
  { type, scratch, run }: Compiled,
  a: Elements,
  b: Elements,
  sizes: Sizes,
  begin = 0,
  end = sizes.m,
): Elements {
  const Type = arrays[type];
  const bytes = Type.BYTES_PER_ELEMENT;
  const { buffer } = sharedMemory();
  // Starts that are multiples of the size of a number, and of no more.
  const aStart = 64 + bytes;
  const bStart = aStart + a.length * bytes + 16;
  const cStart = bStart + b.length * bytes + 16;
  const scratchStart = Math.ceil((cStart + sizes.m * sizes.n * bytes + 32) / 16) * 16;
  const scratchEnd = scratchStart + scratch(sizes.m, sizes.n);
  const all = new Uint8Array(buffer, 0, scratchEnd + 64).fill(CANARY);
  new Type(buffer, aStart, a.length).set(a);
  new Type(buffer, bStart, b.length).set(b);
  const before = all.slice();
  run(aStart, bStart, cStart, scratchStart, begin, end, sizes);
  const rowsStart = cStart + begin * sizes.n * bytes;
  const rowsEnd = cStart + end * sizes.n * bytes;
  const watched: [number, number][] = [
    [0, rowsStart],
    [rowsEnd, scratchStart],
    [scratchEnd, all.length],
  ];
  for (const [from, to] of watched) {
    if (!Buffer.from(buffer, from, to - from).equals(before.subarray(from, to)))
      throw new Error(`a byte outside the product was written, between ${from} and ${to}`);
  }
  return new Type(buffer, cStart, sizes.m * sizes.n).slice(begin * sizes.n, end * sizes.n);
}

/** Which operands lie transposed. */
export interface Flags {
  readonly transposeA: boolean;
  readonly transposeB: boolean;
}

/** A product by the library's own definition. */
export function defined(
  type: "f32" | "f64",
  a: Elements,
  b: Elements,
  { m, k, n }: Sizes,
  { transposeA, transposeB }: Flags,
): Elements {
  const out = new arrays[type](m * n);
  matmulByDefinition(
    out,
    0,
    { elements: a, offset: 0 },
    { elements: b, offset: 0 },
    m,
    k,
    n,
    transposeA,
    transposeB,
    null,
  );
  return out;
}

/**
 * The same sums in loops that know their type, for products of millions of terms: the definition asks at each term what
 * it drops and how it rounds.
 */
export function summed(type: "f32" | "f64", a: Elements, b: Elements, sizes: Sizes, how: Flags): Elements {
  return type === "f32"
    ? summed32(a as Float32Array, b as Float32Array, sizes, how)
    : summed64(a as Float64Array, b as Float64Array, sizes, how);
}

/** How far the numbers of a row of A, and of a column of B, lie apart, and how far the rows and the columns. */
const steps = ({ m, k, n }: Sizes, { transposeA, transposeB }: Flags): readonly [number, number, number, number] => [
  transposeA ? m : 1,
  transposeB ? 1 : n,
  transposeA ? 1 : k,
  transposeB ? k : 1,
];

function summed32(a: Float32Array, b: Float32Array, sizes: Sizes, how: Flags): Float32Array {
  const { m, k, n } = sizes;
  const out = new Float32Array(m * n);
  const [aStep, bStep, aRow, bColumn] = steps(sizes, how);
  for (let row = 0; row < m; row++)
    for (let column = 0; column < n; column++) {
      let total = 0;
      for (let block = 0; block < k; block += BLOCK) {
        let sum = 0;
        for (let i = block, end = Math.min(k, block + BLOCK); i < end; i++) {
          sum = Math.fround(sum + Math.fround(a[row * aRow + i * aStep]! * b[column * bColumn + i * bStep]!));
        }
        total = Math.fround(total + sum);
      }
      out[row * n + column] = total;
    }
  return out;
}

function summed64(a: Float64Array, b: Float64Array, sizes: Sizes, how: Flags): Float64Array {
  const { m, k, n } = sizes;
  const out = new Float64Array(m * n);
  const [aStep, bStep, aRow, bColumn] = steps(sizes, how);
  for (let row = 0; row < m; row++)
    for (let column = 0; column < n; column++) {
      let total = 0;
      for (let block = 0; block < k; block += BLOCK) {
        let sum = 0;
        for (let i = block, end = Math.min(k, block + BLOCK); i < end; i++)
          sum += a[row * aRow + i * aStep]! * b[column * bColumn + i * bStep]!;
        total += sum;
      }
      out[row * n + column] = total;
    }
  return out;
}

/** Refuses two results that differ in any bit, but for the bits of a NaN. */
export function expectSame(what: string, got: Elements, expected: Elements): void {
  if (got.length !== expected.length)
    throw new Error(`${what}: ${got.length} entries where ${expected.length} are expected`);
  for (let i = 0; i < expected.length; i++) {
    if (!Object.is(got[i], expected[i]))
      throw new Error(`${what}: entry ${i} is ${got[i]} where ${expected[i]} is expected`);
  }
}

/** Σ |a| |b| for each entry: what rounding errors are measured by. */
export function magnitudes(
  a: Elements,
  b: Elements,
  { m, k, n }: Sizes,
  transposeA: boolean,
  transposeB: boolean,
): Float64Array {
  const out = new Float64Array(m * n);
  for (let row = 0; row < m; row++)
    for (let column = 0; column < n; column++) {
      for (let i = 0; i < k; i++)
        out[row * n + column]! += Math.abs(
          a[transposeA ? i * m + row : row * k + i]! * b[transposeB ? column * k + i : i * n + column]!,
        );
    }
  return out;
}

/**
 * Refuses a result that is further from another than both may be from the exact one: in a sum of k products, of which
 * at most BLOCK are added one by one, each term is rounded at most BLOCK + k / BLOCK + 1 times.
 */
export function expectNear(
  what: string,
  got: Elements,
  expected: Elements,
  sizes: Sizes,
  magnitude: Float64Array,
): void {
  const unit = got instanceof Float32Array ? 2 ** -24 : 2 ** -53;
  const rounded = Math.min(sizes.k, BLOCK) + Math.ceil(sizes.k / BLOCK) + 1;
  for (let i = 0; i < expected.length; i++) {
    if (Object.is(got[i], expected[i])) continue;
    const bound = (2 * rounded * unit * magnitude[i]!) / (1 - rounded * unit);
    if (!(Math.abs(got[i]! - expected[i]!) <= bound))
      throw new Error(`${what}: entry ${i} is ${got[i]}, more than ${bound} from ${expected[i]}`);
  }
}
