/**
 * Products of matrices in which every entry is a sum of one term at most: outer products, and cotangents of which each
 * row drops all but one of its numbers, as seeds do. They cost what writing them costs.
 */

import type { Elements } from "../graph/dtype.ts";
import { drops, type Absorbing, type Dropping } from "./matmul.ts";
import type { Product } from "./vectors.ts";

let count = 0;

/** How many products were found to be sums of single terms. */
export function singleTermProducts(): number {
  return count;
}

/** The place of the one number of each row that drops no term, -1 where there is none; `null` where a row has two. */
function placesOf({ a, aAt, m, k, transposeA }: Product, what: Dropping): Int32Array | null {
  const [rowStep, step] = transposeA ? [1, m] : [k, 1];
  const everyZero = what === "zeros";
  const places = new Int32Array(m);
  for (let row = 0; row < m; row++) {
    let place = -1;
    for (let i = 0, at = aAt + row * rowStep; i < k; i++, at += step) {
      const x = a[at]!;
      if (x === 0 && (everyZero || Object.is(x, -0))) continue;
      if (place >= 0) return null;
      place = i;
    }
    places[row] = place;
  }
  return places;
}

/** True if one of `n` numbers, a step apart, is 0. */
function hasZero(y: Elements, from: number, step: number, n: number): boolean {
  for (let j = 0, at = from; j < n; j++, at += step) if (y[at] === 0) return true;
  return false;
}

// out_j = 0 + x y_j, four at a time, which takes half as long as one at a time
function scale64(out: Elements, outAt: number, x: number, y: Elements, from: number, step: number, n: number): void {
  let [to, at] = [outAt, from];
  const end = outAt + n;
  for (; to + 3 < end; to += 4, at += 4 * step) {
    out[to] = x * y[at]! + 0;
    out[to + 1] = x * y[at + step]! + 0;
    out[to + 2] = x * y[at + 2 * step]! + 0;
    out[to + 3] = x * y[at + 3 * step]! + 0;
  }
  for (; to < end; to++, at += step) out[to] = x * y[at]! + 0;
}

// The same, each product rounded to float32 before it is added
function scale32(out: Elements, outAt: number, x: number, y: Elements, from: number, step: number, n: number): void {
  const round = Math.fround;
  let [to, at] = [outAt, from];
  const end = outAt + n;
  for (; to + 3 < end; to += 4, at += 4 * step) {
    out[to] = round(x * y[at]!) + 0;
    out[to + 1] = round(x * y[at + step]!) + 0;
    out[to + 2] = round(x * y[at + 2 * step]!) + 0;
    out[to + 3] = round(x * y[at + 3 * step]!) + 0;
  }
  for (; to < end; to++, at += step) out[to] = round(x * y[at]!) + 0;
}

/**
 * C = op(A)·op(B), if each of its entries is a sum of one term at most; else nothing is done, and the answer is false.
 * A term that is dropped is left out, whatever it would be, and leaves -0, or 0 where the product is plain.
 */
export function multiplySingleTerms(product: Product, absorbing: Absorbing): boolean {
  const { out, outAt, a, aAt, b, bAt, m, k, n, transposeA, transposeB } = product;
  const { left, right, plain = false } = absorbing ?? { left: null, right: null };
  if (k !== 1 && left === null) return false;
  const places = k === 1 ? null : placesOf(product, left);
  if (k !== 1 && places === null) return false;
  const scale = out instanceof Float32Array ? scale32 : scale64;
  const [bRow, step] = transposeB ? [1, k] : [n, 1];
  const dropped = plain ? 0 : -0;
  /** Of an outer product all rows are multiples of one, which is looked at once. */
  let mayDrop: boolean | null = null;
  for (let row = 0; row < m; row++) {
    const to = outAt + row * n;
    const place = places === null ? 0 : places[row]!;
    const x = place < 0 ? -0 : a[aAt + (transposeA ? place * m + row : row * k + place)]!;
    if (place < 0 || drops(x, left)) {
      out.fill(dropped, to, to + n);
      continue;
    }
    const from = bAt + place * bRow;
    scale(out, to, x, b, from, step, n);
    if (right === null) continue;
    mayDrop = (places === null ? mayDrop : null) ?? hasZero(b, from, step, n);
    if (mayDrop) for (let j = 0; j < n; j++) if (drops(b[from + j * step]!, right)) out[to + j] = dropped;
  }
  count++;
  return true;
}
