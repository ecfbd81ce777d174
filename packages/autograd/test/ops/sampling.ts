/**
 * The operands of a sample: numbers drawn with a fixed seed, one to each cell of the domain, as tensors and as
 * reference arrays.
 */

import { tensor, type DType, type Tensor } from "../../src/index.ts";
import { array, type NDArray } from "../oracles/arrays.ts";
import { invoke, type Domain, type Operand, type Row, type Sample, type Shape } from "./spec.ts";

/** Numbers in [0, 1) from a seed: Marsaglia's xorshift on 32 bits. */
export function random(seed: number): () => number {
  let state = (Math.imul(seed, 0x9e3779b1) ^ 0x6d2b79f5) | 1;
  const next = (): number => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 0) / 2 ** 32;
  };
  for (let i = 0; i < 8; i++) next();
  return next;
}

/** The numbers 0 … n-1 in random order. */
function shuffled(n: number, next: () => number): number[] {
  const order = Array.from({ length: n }, (_, i) => i);
  for (let i = n - 1; i > 0; i--) {
    const j = Math.floor(next() * (i + 1));
    [order[i], order[j]] = [order[j]!, order[i]!];
  }
  return order;
}

/** `count` numbers of a domain, no two from one cell of it. */
export function draw(domain: Domain, count: number, next: () => number): number[] {
  const { low, high, signed, kinks = [], grid } = domain;
  return shuffled(count, next).map((cell) => {
    const drawn = low + ((high - low) * (cell + 0.2 + 0.6 * next())) / count;
    const placed = (signed === true && next() < 0.5 ? -1 : 1) * (grid === true ? Math.round(drawn * 64) / 64 : drawn);
    const kink = kinks.find((at) => Math.abs(placed - at) < 0.02);
    return kink === undefined ? placed : kink + 0.02 + 0.01 * next();
  });
}

function asType(x: number, dtype: DType, domain: Domain): number {
  if (dtype === "float32") return Math.fround(x);
  if (dtype === "int32") return Math.abs(x) < 2 ** 29 ? Math.round(2 * x) : 0;
  if (dtype === "bool") return x > (domain.low + domain.high) / 2 ? 1 : 0;
  return x;
}

/** A sample with its numbers. */
export interface Case {
  readonly row: Row;
  readonly sample: Sample<readonly unknown[]>;
  readonly dtype: DType;
  readonly label: string;
  readonly operands: readonly (Tensor | number)[];
  readonly arrays: readonly NDArray[];
  /** The operands that a derivative is asked of, each with the places where it stands. */
  readonly leaves: readonly Leaf[];
}

export interface Leaf {
  readonly places: readonly number[];
  readonly tensor: Tensor;
  readonly array: NDArray;
  readonly differentiable: boolean;
}

/** A tensor of flat numbers. */
export function tensorOf(shape: Shape, data: ArrayLike<number>, dtype: DType): Tensor {
  return tensor(Float64Array.from(data), { shape, dtype }) as Tensor;
}

const sizeOf = (shape: Shape): number => shape.reduce((size, n) => size * n, 1);

/** Draws the numbers of a sample. */
export function caseOf(row: Row, index: number, dtype: DType, scatter = 0): Case {
  const sample = row.samples[index]!;
  const next = random(1 + index + 1000 * scatter + 7 * row.name.length + row.name.charCodeAt(0));
  const slots = sample.shapes.map((slot, place) => {
    const operand: Operand = row.operands[Math.min(place, row.operands.length - 1)]!;
    return {
      operand,
      shape: slot === "number" ? [] : slot,
      plain: slot === "number",
      place,
      dtype: operand.dtype ?? dtype,
    };
  });
  const drawn = new Map<Domain, number[]>();
  for (const { domain } of slots.map((slot) => slot.operand)) {
    if (drawn.has(domain)) continue;
    const count = slots.reduce((sum, slot) => sum + (slot.operand.domain === domain ? sizeOf(slot.shape) : 0), 0);
    drawn.set(domain, draw(domain, count, next));
  }
  const arrays: NDArray[] = [];
  for (const { operand, shape, place, dtype: own } of slots) {
    if (sample.repeat === true && place > 0) {
      arrays.push(arrays[0]!);
      continue;
    }
    const numbers = sample.data?.[place] ?? drawn.get(operand.domain)!.splice(0, sizeOf(shape));
    arrays.push(
      array(
        shape,
        numbers.map((x) => asType(x, own, operand.domain)),
      ),
    );
  }
  const tensors = slots.map(({ shape, dtype: own, place }) => tensorOf(shape, arrays[place]!.data, own));
  const operands = slots.map(({ plain, place }) =>
    plain ? arrays[place]!.data[0]! : tensors[sample.repeat === true ? 0 : place]!,
  );
  const free = slots.filter((slot) => !slot.plain && slot.operand.dtype === undefined);
  const groups = sample.repeat === true ? [free] : free.map((slot) => [slot]);
  const leaves = groups
    .filter((group) => group.length > 0)
    .map((group) => ({
      places: group.map((slot) => slot.place),
      tensor: operands[group[0]!.place] as Tensor,
      array: arrays[group[0]!.place]!,
      differentiable: group.some((slot) => slot.operand.differentiable),
    }));
  const shown = sample.shapes.map((slot) => (slot === "number" ? "number" : `[${slot.join(", ")}]`)).join(" ");
  const label = `${row.name} ${dtype} on ${sample.repeat === true ? "one " : ""}${shown} ${JSON.stringify(sample.params)}`;
  return { row, sample, dtype, label, operands, arrays, leaves };
}

/** All cases of a row in one type. */
export function casesOf(row: Row, dtype: DType): Case[] {
  return row.samples.map((_, index) => caseOf(row, index, dtype));
}

/** The op as a function of the leaves alone. */
export function applyTo({ row, operands, leaves, sample }: Case, values: readonly Tensor[]): Tensor {
  const replaced = [...operands];
  leaves.forEach((leaf, k) => leaf.places.forEach((place) => (replaced[place] = values[k]!)));
  return invoke(row, replaced, sample.params);
}

/** The reference with one entry of one leaf changed. */
export function referenceWith({ row, arrays, sample }: Case, leaf: Leaf, entry: number, value: number): NDArray {
  const data = [...leaf.array.data];
  data[entry] = value;
  const changed = array(leaf.array.shape, data);
  return row.reference(
    arrays.map((a, place) => (leaf.places.includes(place) ? changed : a)),
    sample.params,
  );
}
