/** Runs emitted matrix products in a memory of which every byte outside the result is watched. */

import type { Elements } from "../../src/graph/dtype.ts";
import { BLOCK } from "../../src/kernels/sums.ts";
import type { Callee } from "../../src/kernels/wasm/body.ts";
import { wasmHost } from "../../src/kernels/wasm/host.ts";
import { emitMatmul, emitProduct, scratchBytesOf, scratchBytes, type Layout, type MatmulSpec, type Sizes } from "../../src/kernels/wasm/matmul.ts";
import { ModuleBuilder } from "../../src/kernels/wasm/module.ts";

export const arrays = { f32: Float32Array, f64: Float64Array } as const;

/** A product that is compiled; the sizes are given with each run, and must be those of the module where it has its own. */
export interface Compiled {
  readonly type: "f32" | "f64";
  readonly scratch: (m: number, n: number) => number;
  readonly run: (a: number, b: number, c: number, scratch: number, rowBegin: number, rowEnd: number, sizes: Sizes) => void;
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

/** A product of fixed sizes, as programs contain it; the hooks make what is called with rows that are to be read, and that are whole. */
export function compileFixed(spec: MatmulSpec, makeFinish: MakeHook = null, makePrepare: MakeHook = null, part: "rows" | "all" = "rows"): Compiled {
  const run = instantiate((builder) => {
    const product = emitMatmul(builder, spec, { prepare: makePrepare?.(builder) ?? null, finish: makeFinish?.(builder) ?? null, part });
    builder.function("run", product.takes, null, (body) => body.call(product, ...product.takes.map((_, k) => body.parameter(k))), true);
  });
  return { type: spec.type, scratch: () => scratchBytes(spec), run: (a, b, c, scratch, begin, end) => run(a, b, c, scratch, begin, end) };
}

/** A product whose sizes come with each call, with packing as it is told. */
export function compileOpen(layout: Layout): Compiled {
  const run = instantiate((builder) => {
    const product = emitProduct(builder, layout, null, {});
    builder.function("run", product.takes, null, (body) => body.call(product, ...product.takes.map((_, k) => body.parameter(k))), true);
  });
  return {
    type: layout.type,
    scratch: (m, n) => scratchBytesOf(layout, m, n),
    run: (a, b, c, scratch, begin, end, { m, k, n }) => run(a, b, c, scratch, begin, end, m, k, n),
  };
}

/**
 * Computes the rows of a product. C lies between two canaries without a gap, and so do the operands; a byte that changed
 * outside C's rows and the scratch memory is an error.
 */
export function compute({ type, scratch, run }: Compiled, a: Elements, b: Elements, sizes: Sizes, begin = 0, end = sizes.m): Elements {
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
  const watched: [number, number][] = [[0, rowsStart], [rowsEnd, scratchStart], [scratchEnd, all.length]];
  for (const [from, to] of watched) {
    if (!Buffer.from(buffer, from, to - from).equals(before.subarray(from, to))) throw new Error(`a byte outside the product was written, between ${from} and ${to}`);
  }
  return new Type(buffer, cStart, sizes.m * sizes.n).slice(begin * sizes.n, end * sizes.n);
}

/** Refuses two results that differ in any bit, but for the bits of a NaN. */
export function expectSame(what: string, got: Elements, expected: Elements): void {
  if (got.length !== expected.length) throw new Error(`${what}: ${got.length} entries where ${expected.length} are expected`);
  for (let i = 0; i < expected.length; i++) {
    if (!Object.is(got[i], expected[i])) throw new Error(`${what}: entry ${i} is ${got[i]} where ${expected[i]} is expected`);
  }
}

/** Σ |a| |b| for each entry: what rounding errors are measured by. */
export function magnitudes(a: Elements, b: Elements, { m, k, n }: Sizes, transposeA: boolean, transposeB: boolean): Float64Array {
  const out = new Float64Array(m * n);
  for (let row = 0; row < m; row++) for (let column = 0; column < n; column++) {
    for (let i = 0; i < k; i++) out[row * n + column]! += Math.abs(a[transposeA ? i * m + row : row * k + i]! * b[transposeB ? column * k + i : i * n + column]!);
  }
  return out;
}

/**
 * Refuses a result that is further from another than both may be from the exact one: in a sum of k products, of which at
 * most BLOCK are added one by one, each term is rounded at most BLOCK + k / BLOCK + 1 times.
 */
export function expectNear(what: string, got: Elements, expected: Elements, sizes: Sizes, magnitude: Float64Array): void {
  const unit = got instanceof Float32Array ? 2 ** -24 : 2 ** -53;
  const rounded = Math.min(sizes.k, BLOCK) + Math.ceil(sizes.k / BLOCK) + 1;
  for (let i = 0; i < expected.length; i++) {
    if (Object.is(got[i], expected[i])) continue;
    const bound = (2 * rounded * unit * magnitude[i]!) / (1 - rounded * unit);
    if (!(Math.abs(got[i]! - expected[i]!) <= bound)) throw new Error(`${what}: entry ${i} is ${got[i]}, more than ${bound} from ${expected[i]}`);
  }
}
