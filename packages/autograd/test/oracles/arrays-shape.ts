// Moving entries of the reference arrays: every operation says which source index an output index reads.

import { array, at, axesOf, axisOf, build, full, indicesOf, offsetOf } from "./arrays-core.ts";
import type { NDArray } from "./arrays-core.ts";

export const reshape = (a: NDArray, shape: readonly number[]): NDArray => array(shape, a.data);

/** Output axis i is input axis perm[i]; the axes in reverse by default. */
export const transpose = (a: NDArray, perm: readonly number[] = a.shape.map((_, axis) => axis).reverse()): NDArray => {
  const axes = perm.map((axis) => axisOf(a.shape.length, axis));
  if (axes.length !== a.shape.length || new Set(axes).size !== axes.length)
    throw new RangeError(`[${perm}] is no permutation`);
  const shape = axes.map((axis) => a.shape[axis]!);
  return build(shape, (index) => {
    const source = a.shape.map(() => 0);
    axes.forEach((axis, i) => (source[axis] = index[i]!));
    return at(a, source);
  });
};

/** Entries start, start + step, … below the end along each axis; ends default to the sizes and steps to 1. */
export const slice = (
  a: NDArray,
  starts: readonly number[],
  ends: readonly number[] = a.shape,
  steps: readonly number[] = a.shape.map(() => 1),
): NDArray => {
  const kept = a.shape.map((n, axis) => {
    const positions: number[] = [];
    for (let i = starts[axis]!; i < Math.min(ends[axis]!, n); i += steps[axis]!) positions.push(i);
    return positions;
  });
  return build(
    kept.map((positions) => positions.length),
    (index) =>
      at(
        a,
        index.map((i, axis) => kept[axis]![i]!),
      ),
  );
};

/** `before` and `after` entries of `value` around each axis. */
export const pad = (a: NDArray, before: readonly number[], after: readonly number[], value = 0): NDArray =>
  build(
    a.shape.map((n, axis) => before[axis]! + n + after[axis]!),
    (index) => {
      const source = index.map((i, axis) => i - before[axis]!);
      return source.every((i, axis) => i >= 0 && i < a.shape[axis]!) ? at(a, source) : value;
    },
  );

const replaced = (list: readonly number[], place: number, ...values: readonly number[]): number[] => [
  ...list.slice(0, place),
  ...values,
  ...list.slice(place + 1),
];

export const concat = (arrays: readonly NDArray[], axis = 0): NDArray => {
  const first = arrays[0];
  if (first === undefined) throw new RangeError("concat: no arrays");
  const along = axisOf(first.shape.length, axis);
  for (const { shape } of arrays) {
    if (replaced(shape, along).join() !== replaced(first.shape, along).join() || shape.length !== first.shape.length)
      throw new RangeError(`concat: [${shape}] beside [${first.shape}] along axis ${axis}`);
  }
  const size = arrays.reduce((total, { shape }) => total + shape[along]!, 0);
  return build(replaced(first.shape, along, size), (index) => {
    let position = index[along]!;
    let source = 0;
    while (position >= arrays[source]!.shape[along]!) position -= arrays[source++]!.shape[along]!;
    return at(arrays[source]!, replaced(index, along, position));
  });
};

/** The arrays side by side along a new axis. */
export const stack = (arrays: readonly NDArray[], axis = 0): NDArray => {
  const first = arrays[0];
  if (first === undefined) throw new RangeError("stack: no arrays");
  const along = axisOf(first.shape.length + 1, axis);
  const opened = arrays.map((a) => reshape(a, [...a.shape.slice(0, along), 1, ...a.shape.slice(along)]));
  return concat(opened, along);
};

/** A number of equal sections, or the size of each section. */
export const split = (a: NDArray, sections: number | readonly number[], axis = 0): NDArray[] => {
  const along = axisOf(a.shape.length, axis);
  const n = a.shape[along]!;
  const sizes = typeof sections === "number" ? Array<number>(sections).fill(n / sections) : sections;
  if (sizes.some((size) => !Number.isInteger(size)) || sizes.reduce((total, size) => total + size, 0) !== n)
    throw new RangeError(`split: sections [${sizes}] of ${n}`);
  let start = 0;
  return sizes.map((size) => {
    const starts = replaced(
      a.shape.map(() => 0),
      along,
      start,
    );
    start += size;
    return slice(a, starts, replaced(a.shape, along, start));
  });
};

export const flip = (a: NDArray, axes?: number | readonly number[]): NDArray => {
  const flipped = axesOf(a.shape.length, axes);
  return build(a.shape, (index) =>
    at(
      a,
      index.map((i, axis) => (flipped.includes(axis) ? a.shape[axis]! - 1 - i : i)),
    ),
  );
};

/** The index array, of any shape, takes the place of the axis. */
export const gather = (a: NDArray, indices: NDArray, axis = 0): NDArray => {
  const along = axisOf(a.shape.length, axis);
  const rank = indices.shape.length;
  return build(replaced(a.shape, along, ...indices.shape), (index) => {
    const picked = at(indices, index.slice(along, along + rank));
    return at(a, [...index.slice(0, along), picked, ...index.slice(along + rank)]);
  });
};

/** The adjoint of gather: zeros of a shape with every slice of the updates added where it was taken. */
export const scatterAdd = (shape: readonly number[], indices: NDArray, updates: NDArray, axis = 0): NDArray => {
  const along = axisOf(shape.length, axis);
  const rank = indices.shape.length;
  const expected = replaced(shape, along, ...indices.shape);
  if (updates.shape.join() !== expected.join())
    throw new RangeError(`scatterAdd: updates [${updates.shape}], needs [${expected}]`);
  const result = full(shape, 0);
  for (const index of indicesOf(updates.shape)) {
    const picked = at(indices, index.slice(along, along + rank));
    const target = [...index.slice(0, along), picked, ...index.slice(along + rank)];
    result.data[offsetOf(shape, target)]! += at(updates, index);
  }
  return result;
};
