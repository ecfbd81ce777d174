/**
 * C = A·B for one matrix each, any of them transposed: what a sum is, plain loops, and the choice of a faster kernel.
 */

import type { Elements } from "../graph/dtype.ts";
import { isNative, nativeProducts, type Floats, type NativeProducts } from "./native.ts";
import { BLOCK } from "./sums.ts";
import { vectorKernels } from "./vectors.ts";

/** The place of a matrix, and how it is walked. */
export interface Matrix {
  readonly elements: Elements;
  readonly offset: number;
}

/**
 * Which numbers of an operand drop the terms that they stand in: -0, which marks what was dropped, or every 0 of a
 * constant.
 */
export type Dropping = "marks" | "zeros" | null;

/**
 * The sides that drop terms in a product of cotangents, and whether the product leaves no marks (`plain`): an entry
 * that is dropped is then 0; `null` in a product of values.
 */
export type Absorbing = { readonly left: Dropping; readonly right: Dropping; readonly plain?: boolean } | null;

/** True if a number drops its term. */
export function drops(x: number, what: Dropping): boolean {
  return x === 0 && (what === "zeros" || (what === "marks" && 1 / x < 0));
}

/**
 * C[row, column] by the definition that every kernel keeps to the last bit: products are summed one after another from
 * 0, `BLOCK` of them at a time, and the sums of the blocks are added in their order; each product and each sum is
 * rounded to the type of C. A term that an operand drops is left out; where no term is left, the entry is dropped as
 * well.
 */
function entry(
  float32: boolean,
  row: number,
  column: number,
  a: Matrix,
  b: Matrix,
  m: number,
  k: number,
  n: number,
  transposeA: boolean,
  transposeB: boolean,
  absorbing: Absorbing,
): number {
  const round = float32 ? Math.fround : (x: number): number => x;
  let total = 0;
  let isDropped = absorbing !== null;
  for (let block = 0; block < k; block += BLOCK) {
    let sum = 0;
    for (let i = block; i < k && i < block + BLOCK; i++) {
      const x = a.elements[a.offset + (transposeA ? i * m + row : row * k + i)]!;
      const y = b.elements[b.offset + (transposeB ? column * k + i : i * n + column)]!;
      if (absorbing !== null && (drops(x, absorbing.left) || drops(y, absorbing.right))) continue;
      isDropped = false;
      sum = round(sum + round(x * y));
    }
    total = round(total + sum);
  }
  return isDropped && absorbing?.plain !== true ? -0 : total;
}

/** True if every number of a row drops its term: `count` of them, a step apart. */
function isDroppedRow({ elements }: Matrix, from: number, step: number, count: number, what: Dropping): boolean {
  if (what === null) return false;
  for (let i = 0, at = from; i < count; i++, at += step) if (!drops(elements[at]!, what)) return false;
  return true;
}

/**
 * Brings the entries of a product of cotangents that are NaN or 0 to what the definition says; the others are right,
 * since only what is not finite makes a term that is dropped anything but 0.
 */
function repair(
  out: Elements,
  outAt: number,
  a: Matrix,
  b: Matrix,
  m: number,
  k: number,
  n: number,
  transposeA: boolean,
  transposeB: boolean,
  absorbing: NonNullable<Absorbing>,
): void {
  const float32 = out instanceof Float32Array;
  /** For each column of B whether it is dropped, once that is known. */
  const columns = new Int8Array(n).fill(-1);
  for (let row = 0; row < m; row++) {
    let isRowDropped: boolean | null = null;
    for (let column = 0; column < n; column++) {
      const at = outAt + row * n + column;
      const value = out[at]!;
      if (value === value && value !== 0) continue;
      // A library of the system may have left a -0.
      if (value === 0 && absorbing.plain === true) {
        out[at] = 0;
        continue;
      }
      isRowDropped ??= isDroppedRow(a, a.offset + (transposeA ? row : row * k), transposeA ? m : 1, k, absorbing.left);
      if (columns[column] === -1)
        columns[column] = isDroppedRow(
          b,
          b.offset + (transposeB ? column * k : column),
          transposeB ? 1 : n,
          k,
          absorbing.right,
        )
          ? 1
          : 0;
      if (isRowDropped || columns[column] === 1) out[at] = absorbing.plain === true ? 0 : -0;
      else out[at] = entry(float32, row, column, a, b, m, k, n, transposeA, transposeB, absorbing);
    }
  }
}

/** The definition for every entry. */
export function matmulByDefinition(
  out: Elements,
  outAt: number,
  a: Matrix,
  b: Matrix,
  m: number,
  k: number,
  n: number,
  transposeA: boolean,
  transposeB: boolean,
  absorbing: Absorbing,
): void {
  const float32 = out instanceof Float32Array;
  for (let row = 0; row < m; row++) {
    for (let column = 0; column < n; column++) {
      out[outAt + row * n + column] = entry(float32, row, column, a, b, m, k, n, transposeA, transposeB, absorbing);
    }
  }
}

/**
 * Four columns at a time in float64; steps are of numbers. The last columns repeat one another where fewer are left.
 */
function columns64(
  out: Elements,
  outAt: number,
  a: Matrix,
  b: Matrix,
  m: number,
  k: number,
  n: number,
  aRow: number,
  aInner: number,
  bInner: number,
  bColumn: number,
): void {
  const { elements: A } = a;
  const { elements: B } = b;
  for (let row = 0; row < m; row++) {
    const to = outAt + row * n;
    for (let column = 0; column < n; column += 4) {
      const left = n - column;
      const b0 = b.offset + column * bColumn;
      const step1 = left > 1 ? bColumn : 0;
      const step2 = left > 2 ? step1 + bColumn : step1;
      const step3 = left > 3 ? step2 + bColumn : step2;
      let total0 = 0;
      let total1 = 0;
      let total2 = 0;
      let total3 = 0;
      for (let block = 0; block < k; block += BLOCK) {
        const end = Math.min(k, block + BLOCK);
        let s0 = 0;
        let s1 = 0;
        let s2 = 0;
        let s3 = 0;
        let aAt = a.offset + row * aRow + block * aInner;
        let bAt = b0 + block * bInner;
        for (let i = block; i < end; i++) {
          const x = A[aAt]!;
          s0 += x * B[bAt]!;
          s1 += x * B[bAt + step1]!;
          s2 += x * B[bAt + step2]!;
          s3 += x * B[bAt + step3]!;
          aAt += aInner;
          bAt += bInner;
        }
        total0 += s0;
        total1 += s1;
        total2 += s2;
        total3 += s3;
      }
      out[to + column] = total0;
      if (left > 1) out[to + column + 1] = total1;
      if (left > 2) out[to + column + 2] = total2;
      if (left > 3) out[to + column + 3] = total3;
    }
  }
}

/** The same in float32: V8 rounds where it is told to. */
function columns32(
  out: Elements,
  outAt: number,
  a: Matrix,
  b: Matrix,
  m: number,
  k: number,
  n: number,
  aRow: number,
  aInner: number,
  bInner: number,
  bColumn: number,
): void {
  const { elements: A } = a;
  const { elements: B } = b;
  const round = Math.fround;
  for (let row = 0; row < m; row++) {
    const to = outAt + row * n;
    for (let column = 0; column < n; column += 4) {
      const left = n - column;
      const b0 = b.offset + column * bColumn;
      const step1 = left > 1 ? bColumn : 0;
      const step2 = left > 2 ? step1 + bColumn : step1;
      const step3 = left > 3 ? step2 + bColumn : step2;
      let total0 = 0;
      let total1 = 0;
      let total2 = 0;
      let total3 = 0;
      for (let block = 0; block < k; block += BLOCK) {
        const end = Math.min(k, block + BLOCK);
        let s0 = 0;
        let s1 = 0;
        let s2 = 0;
        let s3 = 0;
        let aAt = a.offset + row * aRow + block * aInner;
        let bAt = b0 + block * bInner;
        for (let i = block; i < end; i++) {
          const x = A[aAt]!;
          s0 = round(s0 + round(x * B[bAt]!));
          s1 = round(s1 + round(x * B[bAt + step1]!));
          s2 = round(s2 + round(x * B[bAt + step2]!));
          s3 = round(s3 + round(x * B[bAt + step3]!));
          aAt += aInner;
          bAt += bInner;
        }
        total0 = round(total0 + s0);
        total1 = round(total1 + s1);
        total2 = round(total2 + s2);
        total3 = round(total3 + s3);
      }
      out[to + column] = total0;
      if (left > 1) out[to + column + 1] = total1;
      if (left > 2) out[to + column + 2] = total2;
      if (left > 3) out[to + column + 3] = total3;
    }
  }
}

/** The product by plain loops. */
export function matmulPlain(
  out: Elements,
  outAt: number,
  a: Matrix,
  b: Matrix,
  m: number,
  k: number,
  n: number,
  transposeA: boolean,
  transposeB: boolean,
): void {
  const columns = out instanceof Float32Array ? columns32 : columns64;
  columns(out, outAt, a, b, m, k, n, transposeA ? 1 : k, transposeA ? m : 1, transposeB ? 1 : n, transposeB ? k : 1);
}

/** Which products go through WebAssembly: those where it was measured to be faster, or all or none of them. */
export type WasmProducts = "measured" | "always" | "never";

let mode: WasmProducts = "measured";
let count = 0;
let pending = 0;

/**
 * Measured on an AMD EPYC with Node 20 to 26: from 8 × 8 · 8 × 8 on, the copies into and out of the other memory (0.2
 * µs and more) cost less than the loops save, whatever the shape; at 64 × 64 the loops are 8 (float64) to 16 times
 * slower.
 */
const WORTHWHILE = 8 * 8 * 8;

/**
 * Making the kernels takes a few milliseconds; so much work is awaited first that a program of few products never pays.
 */
const AWAITED = 1 << 21;

/** Sets which products go through WebAssembly, so that the tests can run both ways; returns the former setting. */
export function setWasmProducts(next: WasmProducts): WasmProducts {
  const former = mode;
  mode = next;
  return former;
}

/** How many products WebAssembly has computed. */
export function wasmProducts(): number {
  return count;
}

/** True if a product of `work` terms is to go through WebAssembly. */
function worthwhile(work: number): boolean {
  if (mode !== "measured") return mode === "always" && work > 0;
  if (pending < AWAITED) pending += work;
  return work >= WORTHWHILE && pending >= AWAITED;
}

/** `count` numbers from `at` on, where they lie. */
const part = (elements: Elements, at: number, count: number): Floats =>
  (at === 0 && count === elements.length ? elements : elements.subarray(at, at + count)) as Floats;

/** Has the library of the system compute a product. */
function multiplyNatively(
  native: NativeProducts,
  out: Elements,
  outAt: number,
  a: Matrix,
  b: Matrix,
  m: number,
  k: number,
  n: number,
  transposeA: boolean,
  transposeB: boolean,
): void {
  const operands = {
    out: part(out, outAt, m * n),
    a: part(a.elements, a.offset, m * k),
    b: part(b.elements, b.offset, k * n),
  };
  native.multiply(operands, m, k, n, transposeA, transposeB);
}

/**
 * C = op(A)·op(B), C of m × n, inner size k; a flag says that an operand lies transposed in memory.
 * Where `absorbing` says what drops terms, the entries that are NaN or 0 are computed again without those.
 *
 * @throws OutOfMemoryError where a large product finds no memory to work in
 */
export function matmul(
  out: Elements,
  outAt: number,
  a: Matrix,
  b: Matrix,
  m: number,
  k: number,
  n: number,
  transposeA: boolean,
  transposeB: boolean,
  absorbing: Absorbing,
): void {
  if (n === 1 && m > 1) {
    // A column is a row lying down; several sums then run side by side along the rows of A.
    const mirrored = absorbing === null ? null : { ...absorbing, left: absorbing.right, right: absorbing.left };
    return matmul(out, outAt, b, a, 1, k, m, !transposeB, !transposeA, mirrored);
  }
  let suspect: boolean | null = null;
  const native = nativeProducts();
  const vectors = vectorKernels();
  if (native !== null && isNative(native.leastWork, m, k, n)) {
    multiplyNatively(native, out, outAt, a, b, m, k, n, transposeA, transposeB);
    suspect = absorbing !== null;
  } else if (vectors !== null && worthwhile(m * k * n)) {
    suspect = vectors.multiply(
      { out, outAt, a: a.elements, aAt: a.offset, b: b.elements, bAt: b.offset, m, k, n, transposeA, transposeB },
      absorbing,
    );
    if (suspect !== null) count++;
  }
  if (suspect === null) {
    matmulPlain(out, outAt, a, b, m, k, n, transposeA, transposeB);
    suspect = absorbing !== null;
  }
  if (suspect && absorbing !== null) repair(out, outAt, a, b, m, k, n, transposeA, transposeB, absorbing);
}
