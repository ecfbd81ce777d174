/** Matrices that know how wrong they may be: every operation carries a running bound of its rounding error along. */

import type { Matrix } from "../equations/network.ts";
import { addBoth, addMultiple, addTwo, AT_ONCE, dot, dotOfSizes, dots } from "./sums.ts";

/** A matrix by rows; `error` bounds |value - exact| entry by entry, `null` where the entries are exact. */
export interface Tracked {
  readonly rows: number;
  readonly cols: number;
  readonly value: Float64Array;
  readonly error: Float64Array | null;
  /** Each entry was rounded to the nearest, by itself: in a long sum such errors do not add up to the worst. */
  readonly rounded?: boolean;
}

/** A matrix whose entries are exact. */
export function exact(rows: number, cols: number, value: Float64Array): Tracked {
  return { rows, cols, value, error: null };
}

/** Rows of numbers as a matrix. */
export function fromRows(rows: Matrix): Tracked {
  const [height, width] = [rows.length, rows[0]?.length ?? 0];
  const value = new Float64Array(height * width);
  for (let i = 0; i < height; i++) for (let j = 0; j < width; j++) value[i * width + j] = rows[i]![j]!;
  return exact(height, width, value);
}

/** A matrix as rows of numbers. */
export function toRows({ rows, cols, value }: Tracked): number[][] {
  return Array.from({ length: rows }, (_, i) => Array.from(value.subarray(i * cols, (i + 1) * cols)));
}

/** True if two matrices can stand on both sides of an equation. */
export function sameShape(a: Tracked, b: Tracked): boolean {
  return a.rows === b.rows && a.cols === b.cols;
}

/** Rows become columns. */
export function transpose({ rows, cols, value, error, rounded = false }: Tracked): Tracked {
  const turn = (from: Float64Array): Float64Array => {
    const to = new Float64Array(from.length);
    for (let i = 0; i < rows; i++) for (let j = 0; j < cols; j++) to[j * rows + i] = from[i * cols + j]!;
    return to;
  };
  return { rows: cols, cols: rows, value: turn(value), error: error && turn(error), rounded };
}

/** One row, as a matrix of one row. */
export function row({ cols, value, error }: Tracked, i: number): Tracked {
  return {
    rows: 1,
    cols,
    value: value.slice(i * cols, (i + 1) * cols),
    error: error && error.slice(i * cols, (i + 1) * cols),
  };
}

/** The one row of `a`, `rows` times. */
export function repeat(a: Tracked, rows: number): Tracked {
  const tile = (from: Float64Array): Float64Array => {
    const to = new Float64Array(rows * a.cols);
    for (let i = 0; i < rows; i++) to.set(from, i * a.cols);
    return to;
  };
  return { rows, cols: a.cols, value: tile(a.value), error: a.error && tile(a.error) };
}

/** Sums of so many terms are not bounded by the worst case where each term was rounded by itself. */
const WIDE = 32;
/** P(|Σ aᵢrᵢ| > 7σ) ≤ 2 exp(−49/2) for independent roundings rᵢ, which are uniform: sub-Gaussian with σ² = h²/3. */
const SIGMAS = 7 / Math.sqrt(3);

/** A row of a matrix, or a column, as a product reads it. */
interface RowOf {
  readonly from: number;
  readonly step: number;
  readonly inner: number;
}

type Bounded = Pick<Tracked, "value"> & { readonly error: Float64Array };

/** From so many terms on several sums at once pay: for fewer the engine compiles more than it saves. */
const MANY = 1e6;

const sums = new Float64Array(2 * AT_ONCE);

/** The operations, for numbers that were computed with machine precision `epsilon`. */
export class Arithmetic {
  readonly epsilon: number;
  /** Bounds what underflows: it is off by so much, however small it is; float64 goes far below whatever is checked. */
  readonly floor: number;

  constructor(epsilon: number) {
    this.epsilon = epsilon;
    this.floor = epsilon > 1e-12 ? 2 ** -126 : 0;
  }

  /** f(x) entry by entry; `slope` is f', through which an error of x reaches f(x). */
  map(a: Tracked, f: (x: number) => number, slope: (x: number) => number): Tracked {
    const { value, error, rows, cols } = a;
    const out = new Float64Array(value.length);
    const bound = new Float64Array(value.length);
    for (let i = 0; i < value.length; i++) {
      const x = value[i]!;
      out[i] = f(x);
      // An elementary function is good to a few units in the last place.
      bound[i] =
        this.floor +
        4 * this.epsilon * Math.abs(out[i]!) +
        (error === null || error[i] === 0 ? 0 : Math.abs(slope(x)) * error[i]!);
    }
    return { rows, cols, value: out, error: bound };
  }

  /** a + b */
  add(a: Tracked, b: Tracked): Tracked {
    return this.#sum(a, b, 1);
  }

  /** a - b */
  sub(a: Tracked, b: Tracked): Tracked {
    return this.#sum(a, b, -1);
  }

  #sum(a: Tracked, b: Tracked, sign: 1 | -1): Tracked {
    const { value: A, error: dA, rows, cols } = a;
    const { value: B, error: dB } = b;
    const [value, error, { epsilon }] = [new Float64Array(A.length), new Float64Array(A.length), this];
    for (let i = 0; i < A.length; i++) {
      const x = A[i]!;
      const y = B[i]!;
      value[i] = x + sign * y;
      error[i] = (dA === null ? 0 : dA[i]!) + (dB === null ? 0 : dB[i]!) + epsilon * (Math.abs(x) + Math.abs(y));
    }
    return { rows, cols, value, error };
  }

  /** a ⊙ b */
  mul(a: Tracked, b: Tracked): Tracked {
    const { value: A, error: dA, rows, cols } = a;
    const { value: B, error: dB } = b;
    const [value, error, { epsilon, floor }] = [new Float64Array(A.length), new Float64Array(A.length), this];
    for (let i = 0; i < A.length; i++) {
      const x = A[i]!;
      const y = B[i]!;
      const dx = dA === null ? 0 : dA[i]!;
      value[i] = x * y;
      error[i] =
        (Math.abs(x) + dx) * (dB === null ? 0 : dB[i]!) + Math.abs(y) * dx + 2 * epsilon * Math.abs(x * y) + floor;
    }
    return { rows, cols, value, error };
  }

  /** a ⊘ b, with 0/0 = 0: what a vanished slope hides stays hidden. */
  div(a: Tracked, b: Tracked): Tracked {
    const { value: A, error: dA, rows, cols } = a;
    const { value: B, error: dB } = b;
    const [value, error, { epsilon }] = [new Float64Array(A.length), new Float64Array(A.length), this];
    for (let i = 0; i < A.length; i++) {
      const x = A[i]!;
      const y = B[i]!;
      if (x === 0) continue;
      value[i] = x / y;
      const size = Math.abs(x / y);
      const dy = dB === null ? 0 : dB[i]!;
      // Of a divisor that may be 0 nothing is known.
      error[i] =
        dy < Math.abs(y)
          ? ((dA === null ? 0 : dA[i]!) + size * dy) / (Math.abs(y) - dy) + 2 * epsilon * size
          : Infinity;
    }
    return { rows, cols, value, error };
  }

  /** c a */
  scale(a: Tracked, c: number): Tracked {
    if (c === 1) return a;
    const { value: from, error } = a;
    const [value, bound, size] = [new Float64Array(from.length), new Float64Array(from.length), Math.abs(c)];
    for (let i = 0; i < from.length; i++) {
      value[i] = c * from[i]!;
      bound[i] = size * ((error === null ? 0 : error[i]!) + this.epsilon * Math.abs(from[i]!));
    }
    return { rows: a.rows, cols: a.cols, value, error: bound };
  }

  /** a b, where `a` and `b` may be read transposed; |error| ≤ |a| Δb + Δa |b| + κ ε |a||b| with κ = 8 + √n. */
  matmul(a: Tracked, b: Tracked, transposeA = false, transposeB = false): Tracked {
    const [inner, rows] = transposeA ? [a.rows, a.cols] : [a.cols, a.rows];
    if (inner > WIDE && ((a.rounded === true && a.error !== null) || (b.rounded === true && b.error !== null)))
      return this.#wide(a, b, transposeA, transposeB);
    const cols = transposeB ? b.rows : b.cols;
    const out = { rows, cols, value: new Float64Array(rows * cols), error: new Float64Array(rows * cols) };
    const [step, next] = transposeA ? [1, a.cols] : [a.cols, 1];
    const together = rows * inner * cols < MANY ? 0 : cols - (cols % AT_ONCE);
    for (let i = 0; i < rows; i++) {
      const row = { from: i * step, step: next, inner };
      if (transposeB) this.#rowOfDots(a, b, row, together, out, i * cols);
      else this.#rowOfMultiples(a, b, row, out, i * cols);
    }
    return out;
  }

  /** A row of a bᵀ, from `to` on: each entry is a sum over a row of b, the first `together` four at once. */
  #rowOfDots(
    { value: A, error: dA }: Tracked,
    { rows: cols, value: B, error: dB }: Tracked,
    { from, step, inner }: RowOf,
    together: number,
    { value, error }: Bounded,
    to: number,
  ): void {
    const rounding = (8 + Math.sqrt(inner)) * this.epsilon;
    for (let j = 0; j < together; j += AT_ONCE) {
      dots(A, from, step, B, j * inner, inner, sums);
      for (let k = 0; k < AT_ONCE; k++) {
        value[to + j + k] = sums[k]!;
        error[to + j + k] = rounding * sums[AT_ONCE + k]!;
      }
    }
    for (let j = together; j < cols; j++) {
      value[to + j] = dot(A, from, step, B, j * inner, inner);
      error[to + j] = rounding * dotOfSizes(A, from, step, B, j * inner, inner);
    }
    for (let j = 0; j < cols; j++) {
      const at = j * inner;
      if (dA !== null) error[to + j]! += dotOfSizes(dA, from, step, B, at, inner);
      if (dB !== null) error[to + j]! += dotOfSizes(A, from, step, dB, at, inner);
      if (dA !== null && dB !== null) error[to + j]! += dot(dA, from, step, dB, at, inner);
      error[to + j]! += inner * this.floor;
    }
  }

  /** A row of a b, from `to` on: multiples of the rows of b add up to it. */
  #rowOfMultiples(
    { value: A, error: dA }: Tracked,
    { cols, value: B, error: dB }: Tracked,
    { from, step, inner }: RowOf,
    { value, error }: Bounded,
    to: number,
  ): void {
    const rounding = (8 + Math.sqrt(inner)) * this.epsilon;
    // A row that waits for another; nothing is made for one of thousands.
    let waiting = -1;
    let cWaiting = 0;
    let sWaiting = 0;
    for (let k = 0; k < inner; k++) {
      const at = from + k * step;
      const c = A[at]!;
      const off = dA === null ? 0 : dA[at]!;
      const s = off + rounding * Math.abs(c);
      if (s === 0) continue;
      if (dB !== null) {
        addBoth(value, error, to, B, k * cols, c, s, cols);
        addMultiple(error, to, Math.abs(c) + off, dB, k * cols, cols);
      } else if (waiting < 0) {
        waiting = k;
        cWaiting = c;
        sWaiting = s;
      } else {
        addTwo(value, error, to, B, waiting * cols, cWaiting, sWaiting, k * cols, c, s, cols);
        waiting = -1;
      }
    }
    if (waiting >= 0) addBoth(value, error, to, B, waiting * cols, cWaiting, sWaiting, cols);
    if (this.floor > 0) for (let j = to; j < to + cols; j++) error[j]! += inner * this.floor;
  }

  /**
   * a b as in `matmul`, where what was rounded entry by entry counts as 7σ of its sum if that is less than the worst
   * case.
   */
  #wide(a: Tracked, b: Tracked, transposeA: boolean, transposeB: boolean): Tracked {
    const sizes = (m: Tracked): Tracked => ({ ...m, error: null, value: m.value.map(Math.abs) });
    const ofErrors = (m: Tracked): Tracked => ({
      ...m,
      error: null,
      value: m.error ?? new Float64Array(m.value.length),
    });
    const product = (x: Tracked, y: Tracked): Tracked =>
      this.matmul({ ...x, error: null }, { ...y, error: null }, transposeA, transposeB);
    const plain = product(a, b);
    const part = (x: Tracked, y: Tracked, isRounded: boolean): Float64Array => {
      const worst = product(x, y).value;
      if (!isRounded) return worst;
      const squares = (m: Tracked): Tracked => ({ ...m, value: m.value.map((one) => one * one) });
      const spread = product(squares(x), squares(y)).value;
      return worst.map((one, i) => Math.min(one, SIGMAS * Math.sqrt(spread[i]!)));
    };
    const [left, right] = [
      part(ofErrors(a), sizes(b), a.rounded === true),
      part(sizes(a), ofErrors(b), b.rounded === true),
    ];
    const both = product(ofErrors(a), ofErrors(b)).value;
    return { ...plain, error: plain.error!.map((bound, i) => bound + left[i]! + right[i]! + both[i]!) };
  }

  /** The sum of the rows, as one row. */
  columnSums(a: Tracked): Tracked {
    return this.matmul(exact(1, a.rows, new Float64Array(a.rows).fill(1)), a);
  }
}
