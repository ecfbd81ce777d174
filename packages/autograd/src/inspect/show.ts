/** A tensor as text: shape, type, and as many numbers as fit. */

import type { Tensor } from "../graph/tensor.ts";

const EDGE = 3;
const WIDEST = 8;

function number(value: number, dtype: string): string {
  if (dtype === "bool") return value === 1 ? "true" : "false";
  if (Number.isInteger(value) || !Number.isFinite(value)) return Object.is(value, -0) ? "-0" : String(value);
  return String(Number(value.toPrecision(6)));
}

/**
 * A tensor as one readable text: `tensor float64 [2, 2] [[1, 2], [3, 4]]`. Long axes are shortened in the middle.
 */
export function showTensor(x: Tensor): string {
  const { shape, dtype, storage } = x;
  const head = `tensor ${dtype} [${shape.join(", ")}]`;
  if (storage === null) return `${head} (value not kept)`;
  if (typeof storage === "number") return `${head} ${number(storage, dtype)}`;
  const show = (axis: number, at: number, count: number): string => {
    if (axis === shape.length) return number(storage[at]!, dtype);
    const size = shape[axis]!;
    const inner = size === 0 ? 0 : count / size;
    const entry = (i: number): string => show(axis + 1, at + i * inner, inner);
    const all = Array.from({ length: size }, (_, i) => i);
    const parts = size <= WIDEST ? all.map(entry) : [...all.slice(0, EDGE).map(entry), "…", ...all.slice(-EDGE).map(entry)];
    return `[${parts.join(", ")}]`;
  };
  return `${head} ${show(0, 0, storage.length)}`;
}
