/**
 * Primitives, read for what each entry may depend on: for every entry of a value the entries of the argument from which
 * a path of derivatives leads to it, whatever the numbers are. What is said of a path is never too little.
 */

import { SizeError } from "../errors.ts";
import { isFloat, type DType, type Elements } from "../graph/dtype.ts";
import type { Lowering, PickForm, ProductForm, StridedView } from "../graph/lowering.ts";
import type { ElementwiseOp } from "../graph/op.ts";
import { countOf, stridesOf } from "../graph/shape.ts";
import { shapes } from "../graph/shapes-only.ts";
import type { Shape } from "../types/shape.ts";

/** Sets of whole numbers in a row, each sorted: those of the k-th stand from `starts[k]` up to `starts[k + 1]`. */
export interface Sets {
  readonly starts: Int32Array;
  readonly items: Int32Array;
}

/** A value: what its entries depend on, `null` where none of them does, and its numbers where they are known. */
export interface Dependence {
  readonly shape: Shape;
  readonly dtype: DType;
  readonly sets: Sets | null;
  readonly elements: Elements | null;
}

/** More are no sparse matrix, and would not fit into memory. */
const MOST_ITEMS = 2 ** 26;

/** Sets that grow one behind the other. */
class Collector {
  readonly #starts: Int32Array;
  #items = new Int32Array(1024);
  #set = 0;
  #count = 0;

  constructor(count: number) {
    this.#starts = new Int32Array(count + 1);
  }

  /** Adds all of a set to the one that is open. */
  add({ starts, items }: Sets, at: number): void {
    const [from, to] = [starts[at]!, starts[at + 1]!];
    this.#reserve(to - from);
    this.#items.set(items.subarray(from, to), this.#count);
    this.#count += to - from;
  }

  #reserve(more: number): void {
    const needed = this.#count + more;
    if (needed <= this.#items.length) return;
    if (needed > MOST_ITEMS)
      throw new SizeError({
        op: "sparseJacobian",
        problem: `more than ${MOST_ITEMS} pairs of entries depend on each other`,
        hint: "use jacobian where it is not sparse, or give the pattern",
      });
    const longer = new Int32Array(Math.max(needed, 2 * this.#items.length));
    longer.set(this.#items.subarray(0, this.#count));
    this.#items = longer;
  }

  /** Ends the open set: each of its items once, in order. */
  next(): void {
    const begin = this.#starts[this.#set]!;
    const own = this.#items.subarray(begin, this.#count);
    let isSorted = true;
    for (let k = 1; k < own.length; k++) isSorted &&= own[k - 1]! < own[k]!;
    if (!isSorted) {
      own.sort();
      let to = begin;
      for (let k = 0; k < own.length; k++) if (k === 0 || own[k] !== own[k - 1]) this.#items[to++] = own[k]!;
      this.#count = to;
    }
    this.#starts[++this.#set] = this.#count;
  }

  sets(): Sets {
    return { starts: this.#starts, items: this.#items.slice(0, this.#count) };
  }
}

/** The set of each entry of a box; `add` puts together that of one. */
function collect(count: number, add: (collector: Collector, entry: number) => void): Sets {
  const collector = new Collector(count);
  for (let entry = 0; entry < count; entry++) {
    add(collector, entry);
    collector.next();
  }
  return collector.sets();
}

/** The positions of the entries of a box along a view. */
function positionsOf(shape: Shape, { offset, strides }: StridedView): Int32Array {
  let positions = Int32Array.of(offset);
  for (const [axis, size] of shape.entries()) {
    const longer = new Int32Array(positions.length * size);
    for (let row = 0; row < positions.length; row++)
      for (let at = 0; at < size; at++) longer[row * size + at] = positions[row]! + at * strides[axis]!;
    positions = longer;
  }
  return positions;
}

/** The view of an array that is broadcast to a shape. */
function broadcastView(from: Shape, to: Shape): StridedView {
  const [strides, lead] = [stridesOf(from), to.length - from.length];
  return { offset: 0, strides: to.map((_, k) => (k < lead || from[k - lead] === 1 ? 0 : strides[k - lead]!)) };
}

/** All that anything in a list depends on. */
export function unionOf(list: readonly Dependence[]): Sets | null {
  const present = list.flatMap(({ sets }) => (sets === null ? [] : [sets]));
  if (present.length === 0) return null;
  return collect(1, (collector) => {
    for (const sets of present) for (let k = 0; k + 1 < sets.starts.length; k++) collector.add(sets, k);
  });
}

/** A value of which every entry depends on the same; a whole number, or a condition, on nothing. */
export function everywhere(shape: Shape, dtype: DType, one: Sets | null): Dependence {
  const sets = one === null || !isFloat(dtype) ? null : collect(countOf(shape), (collector) => collector.add(one, 0));
  return { shape, dtype, sets, elements: null };
}

/** The reading. */
export const dependences: Lowering<Dependence> = {
  shapeOf: (x) => x.shape,
  dtypeOf: (x) => x.dtype,
  scalar: (value, dtype) => ({ shape: [], dtype, sets: null, elements: Float64Array.of(value) }),
  constant: (shape, dtype, elements) => ({ shape, dtype, sets: null, elements }),
  map(op: ElementwiseOp, ...inputs) {
    const { shape, dtype } = shapes.map(op, ...inputs);
    const moving = inputs.flatMap(({ shape: own, sets }, k) =>
      sets === null || op.partials[k] === null ? [] : [{ sets, at: positionsOf(shape, broadcastView(own, shape)) }],
    );
    if (moving.length === 0 || !isFloat(dtype)) return { shape, dtype, sets: null, elements: null };
    const sets = collect(countOf(shape), (collector, entry) => {
      for (const { sets, at } of moving) collector.add(sets, at[entry]!);
    });
    return { shape, dtype, sets, elements: null };
  },
  mapAll: ({ ops }, ...inputs) => ops.map((op) => dependences.map(op, ...inputs)),
  cast: (x, dtype) => ({ ...x, dtype, sets: isFloat(dtype) ? x.sets : null, elements: null }),
  reshape: (x, shape) => ({ ...x, shape }),
  view({ dtype, sets, elements }, shape, view) {
    const at = positionsOf(shape, view);
    return {
      shape,
      dtype,
      sets: sets === null ? null : collect(at.length, (collector, entry) => collector.add(sets, at[entry]!)),
      elements: elements === null ? null : Float64Array.from(at, (position) => elements[position]!),
    };
  },
  assemble(shape, dtype, parts) {
    const count = countOf(shape);
    const [owner, place] = [new Int32Array(count).fill(-1), new Int32Array(count)];
    for (const [part, { value, view }] of parts.entries())
      positionsOf(value.shape, view).forEach((to, from) => {
        owner[to] = part;
        place[to] = from;
      });
    if (parts.every(({ value }) => value.sets === null)) return { shape, dtype, sets: null, elements: null };
    const sets = collect(count, (collector, entry) => {
      const own = parts[owner[entry]!]?.value.sets ?? null;
      if (own !== null) collector.add(own, place[entry]!);
    });
    return { shape, dtype, sets, elements: null };
  },
  reduce(kind, x, axes) {
    const { shape, dtype } = shapes.reduce(kind, x, axes);
    const { sets } = x;
    if (sets === null) return { shape, dtype, sets: null, elements: null };
    const strides = stridesOf(x.shape);
    const inside = axes.map((axis) => x.shape[axis]!);
    const steps = positionsOf(inside, { offset: 0, strides: axes.map((axis) => strides[axis]!) });
    const begins = positionsOf(shape, { offset: 0, strides });
    const reduced = collect(begins.length, (collector, entry) => {
      for (const step of steps) collector.add(sets, begins[entry]! + step);
    });
    return { shape, dtype, sets: reduced, elements: null };
  },
  matmul(a, b, form: ProductForm) {
    const { shape, dtype } = shapes.matmul(a, b, form);
    if (a.sets === null && b.sets === null) return { shape, dtype, sets: null, elements: null };
    const { transposeA, transposeB } = form;
    const k = a.shape.at(transposeA ? -2 : -1)!;
    const [m, n] = [shape.at(-2)!, shape.at(-1)!];
    const of = (x: Dependence): Int32Array => {
      const batch = shape.slice(0, -2);
      const view = broadcastView(x.shape.slice(0, -2), batch);
      const size = x.shape.at(-2)! * x.shape.at(-1)!;
      return positionsOf(batch, view).map((at) => at * size);
    };
    const [beginA, beginB] = [of(a), of(b)];
    const isZero = ({ sets, elements }: Dependence, at: number): boolean =>
      sets === null && elements !== null && elements[at] === 0;
    const sets = collect(countOf(shape), (collector, entry) => {
      const [batch, i, j] = [Math.floor(entry / (m * n)), Math.floor(entry / n) % m, entry % n];
      for (let t = 0; t < k; t++) {
        const left = beginA[batch]! + (transposeA ? t * m + i : i * k + t);
        const right = beginB[batch]! + (transposeB ? j * k + t : t * n + j);
        // A factor that is a constant 0 drops what it multiplies.
        if (a.sets !== null && !isZero(b, right)) collector.add(a.sets, left);
        if (b.sets !== null && !isZero(a, left)) collector.add(b.sets, right);
      }
    });
    return { shape, dtype, sets, elements: null };
  },
  take({ dtype, sets }, indices, { outer, size, inner }: PickForm, shape) {
    if (sets === null) return { shape, dtype, sets: null, elements: null };
    const list = ArrayBuffer.isView(indices) ? indices : indices.elements;
    const count = countOf(shape) / (outer * inner);
    const taken = collect(countOf(shape), (collector, entry) => {
      const [o, k, i] = [Math.floor(entry / (count * inner)), Math.floor(entry / inner) % count, entry % inner];
      // Positions that are not known may be any.
      const [from, to] = list === null ? [0, size] : [list[k]!, list[k]! + 1];
      for (let at = from; at < to; at++) collector.add(sets, (o * size + at) * inner + i);
    });
    return { shape, dtype, sets: taken, elements: null };
  },
  addAt(x, indices, { outer, size, inner }: PickForm, shape) {
    const { dtype, sets } = x;
    if (sets === null) return { shape, dtype, sets: null, elements: null };
    const list = ArrayBuffer.isView(indices) ? indices : indices.elements;
    const count = countOf(x.shape) / (outer * inner);
    const sources = Array.from({ length: size }, (): number[] => []);
    for (let k = 0; k < count; k++) for (const own of list === null ? sources : [sources[list[k]!]!]) own.push(k);
    const added = collect(countOf(shape), (collector, entry) => {
      const [o, at, i] = [Math.floor(entry / (size * inner)), Math.floor(entry / inner) % size, entry % inner];
      for (const k of sources[at]!) collector.add(sets, (o * count + k) * inner + i);
    });
    return { shape, dtype, sets: added, elements: null };
  },
};
