/**
 * Single matrix products through WebAssembly: a working memory of the library's own, operands copied in, the result
 * out.
 */

import { OutOfMemoryError } from "../../../errors.ts";
import type { Elements } from "../../../graph/dtype.ts";
import type { Absorbing } from "../../../kernels/matmul.ts";
import { multiplySingleTerms } from "../../../kernels/single-terms.ts";
import type { Product } from "../../../kernels/vectors.ts";
import { f32, f64, i32, load, op, plus, repeated } from "../assembler/expressions.ts";
import { wasmHost, type WasmHost, type WasmMemory } from "../host.ts";
import { bytesOf, layoutOf, scratchBytesOf, type FloatType, type Layout } from "../../../kernels/product-layout.ts";
import { shapeOf } from "../products/tile.ts";
import { emitProduct } from "../products/matmul.ts";
import { ModuleBuilder } from "../assembler/module.ts";

const PAGE = 65536;
/** The memory grows in steps of 1 MiB, up to what 32-bit addresses reach. */
const GROWTH = 16;
const MOST_PAGES = 65536;
/** A memory above 64 MiB that was idle for a second is let go. */
const LARGE_PAGES = 1024;
const IDLE_MILLISECONDS = 1000;
/** A matrix of which each number is used once is copied in parts that stay in the cache until they are used. */
const PART_BYTES = 256 * 1024;

type Multiply = (
  a: number,
  b: number,
  c: number,
  scratch: number,
  rowBegin: number,
  rowEnd: number,
  m: number,
  k: number,
  n: number,
) => void;
/** The entries that are looked for in a product. */
type Sought = "nothing" | "NaN" | "NaN and 0";
type HasSuspect = (address: number, bytes: number, zeros: number) => number;
interface Kernel {
  readonly multiply: Multiply;
  readonly hasSuspect: HasSuspect;
}

/** A memory with what was made for it. */
class Workspace {
  readonly memory: WasmMemory;
  readonly kernels: (Kernel | undefined)[] = [];
  float32 = new Float32Array(0);
  float64 = new Float64Array(0);

  constructor(host: WasmHost) {
    this.memory = new host.Memory({ initial: GROWTH, maximum: MOST_PAGES });
  }

  /** Makes room for so many bytes; the views are made anew where the memory moved. */
  reserve(bytes: number): void {
    const pages = this.memory.buffer.byteLength / PAGE;
    const missing = Math.ceil(bytes / PAGE) - pages;
    if (missing > 0) {
      try {
        this.memory.grow(Math.min(Math.ceil(missing / GROWTH) * GROWTH, Math.max(MOST_PAGES - pages, missing)));
      } catch {
        throw new OutOfMemoryError({
          op: "matmul",
          problem: `${(bytes / 2 ** 20).toFixed(0)} MiB for the operands and the product were refused`,
          hint: "multiply fewer rows of the left operand at a time and join the results",
        });
      }
    }
    if (this.float64.buffer !== this.memory.buffer) {
      this.float32 = new Float32Array(this.memory.buffer);
      this.float64 = new Float64Array(this.memory.buffer);
    }
  }
}

/**
 * Modules by the number of their layout: compiled once, with sizes as parameters, and kept when the memory is let go.
 */
const modules: (object | undefined)[] = [];
let workspace: Workspace | null = null;
let available = true;
let used = false;
let waiting = false;

const numberOf = ({ type, transposeA, transposeB, packA, packB }: Layout): number =>
  (type === "f64" ? 1 : 0) + (transposeA ? 2 : 0) + (transposeB ? 4 : 0) + (packA ? 8 : 0) + (packB ? 16 : 0);

/**
 * A function (address, bytes, zeros) that tells whether one of the numbers there is NaN, or 0 where `zeros` is -1;
 * reads up to 15 bytes more.
 */
function emitHasSuspect(builder: ModuleBuilder, type: FloatType): void {
  const zero = type === "f64" ? f64(0) : f32(0);
  builder.function(
    "hasSuspect",
    ["i32", "i32", "i32"],
    "i32",
    (body) => {
      const at = body.parameter(0);
      const end = body.let(plus(at, body.parameter(1)));
      const whole = body.let(plus(at, op("i32.and", body.parameter(1), i32(-16))));
      const [found, vector, number] = [body.local("v128"), body.local("v128"), body.local(type)];
      const scalar = body.local("i32");
      const zeros = body.let(op("i32x4.splat", body.parameter(2)));
      body.while(op("i32.ne", at, whole), () => {
        body.set(vector, load("v128.load", at));
        body.set(
          found,
          op(
            "v128.or",
            found,
            op(
              "v128.or",
              op(`${shapeOf[type]}.ne`, vector, vector),
              op("v128.and", zeros, op(`${shapeOf[type]}.eq`, vector, repeated.i32(0))),
            ),
          ),
        );
        body.set(at, plus(at, 16));
      });
      body.while(op("i32.ne", at, end), () => {
        body.set(number, load(`${type}.load`, at));
        body.set(
          scalar,
          op(
            "i32.or",
            scalar,
            op(
              "i32.or",
              op(`${type}.ne`, number, number),
              op("i32.and", body.parameter(2), op(`${type}.eq`, number, zero)),
            ),
          ),
        );
        body.set(at, plus(at, bytesOf[type]));
      });
      body.result(op("i32.or", op("v128.any_true", found), scalar));
    },
    true,
  );
}

function compile(host: WasmHost, layout: Layout): object {
  const builder = new ModuleBuilder({ initial: 1, maximum: MOST_PAGES, shared: false });
  emitProduct(builder, layout, null, { exported: true });
  emitHasSuspect(builder, layout.type);
  return new host.Module(builder.finish());
}

/** The workspace and the kernel for a layout; `null` where this engine or page allows none. */
function prepare(layout: Layout): readonly [Workspace, Kernel] | null {
  const host = available ? wasmHost() : null;
  if (host === null) return null;
  try {
    workspace ??= new Workspace(host);
    const number = numberOf(layout);
    let kernel = workspace.kernels[number];
    if (kernel === undefined) {
      const module = (modules[number] ??= compile(host, layout));
      const { matmul, hasSuspect } = new host.Instance(module, { host: { memory: workspace.memory } }).exports;
      kernel = workspace.kernels[number] = { multiply: matmul as Multiply, hasSuspect: hasSuspect as HasSuspect };
    }
    return [workspace, kernel];
  } catch {
    available = false;
    return null;
  }
}

/** Lets a large memory go once it has been idle for a while; a timer, so that a loop keeps its memory. */
function releaseWhenIdle(): void {
  used = true;
  if (waiting || workspace === null || workspace.memory.buffer.byteLength <= LARGE_PAGES * PAGE) return;
  waiting = true;
  const look = (): void => {
    if (used) return wait();
    waiting = false;
    workspace = null;
  };
  const wait = (): void => {
    used = false;
    const timer = setTimeout(look, IDLE_MILLISECONDS) as unknown as { unref?: () => void };
    timer.unref?.();
  };
  wait();
}

/** Bytes of working memory that are held now. */
export function heldBytes(): number {
  return workspace === null ? 0 : workspace.memory.buffer.byteLength;
}

/** The place where the next operand may begin: after 16 bytes that may be read, in a cache line of its own. */
const after = (at: number, bytes: number): number => Math.ceil((at + bytes + 16) / 64) * 64;

function copyIn(memory: Float32Array | Float64Array, at: number, from: Elements, fromAt: number, count: number): void {
  if (count <= 16) for (let i = 0; i < count; i++) memory[at + i] = from[fromAt + i]!;
  else memory.set(fromAt === 0 && count === from.length ? from : from.subarray(fromAt, fromAt + count), at);
}

/**
 * Computes a product, in vectors where its entries are sums of several terms: whether it has entries that dropped terms
 * may have to do with. `null` where WebAssembly is not to be had, and nothing was done.
 */
export function multiply(product: Product, absorbing: Absorbing): boolean | null {
  if (multiplySingleTerms(product, absorbing)) return false;
  return multiplyInWasm(product, absorbing === null ? "nothing" : absorbing.plain === true ? "NaN" : "NaN and 0");
}

/**
 * Computes a product; `null` where WebAssembly is not to be had, and nothing was done.
 *
 * @param sought - what to look for in the result, to say whether it is there
 */
function multiplyInWasm(product: Product, sought: Sought): boolean | null {
  const { out, outAt, a, aAt, b, bAt, m, k, n, transposeA, transposeB } = product;
  const type = out instanceof Float32Array ? "f32" : "f64";
  const rows = Math.ceil(PART_BYTES / (k * bytesOf[type]));
  if (m === 1 && transposeB && n > 2 * rows) {
    let found: boolean | null = false;
    for (let row = 0; row < n && found !== null; row += rows) {
      const part = multiplyInWasm(
        { ...product, outAt: outAt + row, bAt: bAt + row * k, n: Math.min(rows, n - row) },
        sought,
      );
      found = part === null ? null : found || part;
    }
    return found;
  }
  // One row or one column lies in memory as its transpose does.
  const layout = layoutOf({
    type,
    fma: false,
    transposeA: transposeA && m > 1,
    transposeB: transposeB && n > 1,
    m,
    k,
    n,
  });
  const prepared = prepare(layout);
  if (prepared === null) return null;
  const [space, { multiply, hasSuspect }] = prepared;
  const bytes = bytesOf[type];
  const bStart = after(0, m * k * bytes);
  const cStart = after(bStart, k * n * bytes);
  const scratch = after(cStart, m * n * bytes);
  space.reserve(scratch + scratchBytesOf(layout, m, n));
  const memory = type === "f32" ? space.float32 : space.float64;
  copyIn(memory, 0, a, aAt, m * k);
  copyIn(memory, bStart / bytes, b, bAt, k * n);
  multiply(0, bStart, cStart, scratch, 0, m, m, k, n);
  const first = cStart / bytes;
  if (m * n <= 16) for (let i = 0; i < m * n; i++) out[outAt + i] = memory[first + i]!;
  else out.set(memory.subarray(first, first + m * n), outAt);
  releaseWhenIdle();
  return sought !== "nothing" && hasSuspect(cStart, m * n * bytes, sought === "NaN" ? 0 : -1) !== 0;
}
