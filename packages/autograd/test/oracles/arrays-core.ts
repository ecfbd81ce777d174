// The reference array, its indices, and element-wise functions with broadcasting.

export interface NDArray {
  readonly shape: number[];
  /** Row-major: the last index runs fastest. */
  readonly data: number[];
}

export type Nested = number | Nested[];

export const sizeOf = (shape: readonly number[]): number => shape.reduce((product, n) => product * n, 1);

export const array = (shape: readonly number[], data: readonly number[]): NDArray => {
  if (data.length !== sizeOf(shape)) throw new RangeError(`array: ${data.length} entries for the shape [${shape}]`);
  return { shape: [...shape], data: [...data] };
};

export const full = (shape: readonly number[], value: number): NDArray =>
  array(shape, Array<number>(sizeOf(shape)).fill(value));

/** An array from nested lists of equal lengths. */
export const fromNested = (nested: Nested): NDArray => {
  if (typeof nested === "number") return array([], [nested]);
  const parts = nested.map(fromNested);
  const inner = parts[0]?.shape ?? [];
  if (parts.some(({ shape }) => shape.join() !== inner.join()))
    throw new RangeError("fromNested: the lists are ragged");
  return array(
    [parts.length, ...inner],
    parts.flatMap(({ data }) => data),
  );
};

export const toNested = ({ shape, data }: NDArray): Nested => {
  const [n, ...inner] = shape;
  if (n === undefined) return data[0]!;
  const step = sizeOf(inner);
  return Array.from({ length: n }, (_, i) => toNested(array(inner, data.slice(i * step, (i + 1) * step))));
};

/** All indices of a shape in row-major order. */
export const indicesOf = (shape: readonly number[]): number[][] =>
  shape.reduce<number[][]>(
    (indices, n) => indices.flatMap((index) => Array.from({ length: n }, (_, i) => [...index, i])),
    [[]],
  );

/** Where an index stands in row-major data. */
export const offsetOf = (shape: readonly number[], index: readonly number[]): number =>
  shape.reduce((offset, n, axis) => {
    const i = index[axis]!;
    if (!(i >= 0 && i < n)) throw new RangeError(`index [${index}] is outside of the shape [${shape}]`);
    return offset * n + i;
  }, 0);

export const at = (a: NDArray, index: readonly number[]): number => a.data[offsetOf(a.shape, index)]!;

/** The array of a shape whose entry at each index is what `entry` says. */
export const build = (shape: readonly number[], entry: (index: number[]) => number): NDArray =>
  array(shape, indicesOf(shape).map(entry));

/** An axis counted from the front; −1 is the last one. */
export const axisOf = (rank: number, axis: number): number => {
  const counted = axis < 0 ? axis + rank : axis;
  if (!(Number.isInteger(counted) && counted >= 0 && counted < rank))
    throw new RangeError(`axis ${axis} of rank ${rank}`);
  return counted;
};

/** Axes counted from the front in rising order; all of them by default. */
export const axesOf = (rank: number, axes?: number | readonly number[]): number[] => {
  if (axes === undefined) return Array.from({ length: rank }, (_, i) => i);
  const counted = (typeof axes === "number" ? [axes] : axes).map((axis) => axisOf(rank, axis));
  if (new Set(counted).size < counted.length) throw new RangeError(`axes [${axes}] repeat`);
  return counted.sort((a, b) => a - b);
};

/** Shapes aligned at their last axes, where equal sizes match and 1 matches everything. */
export const broadcastShape = (...shapes: (readonly number[])[]): number[] => {
  const rank = Math.max(0, ...shapes.map((shape) => shape.length));
  return Array.from({ length: rank }, (_, axis) => {
    let size = 1;
    for (const shape of shapes) {
      const n = shape[axis - rank + shape.length] ?? 1;
      if (n !== 1 && size !== 1 && n !== size)
        throw new RangeError(`shapes [${shapes.join("] and [")}] do not broadcast`);
      if (n !== 1) size = n;
    }
    return size;
  });
};

/** The index that a broadcast index reads from: surplus axes in front are dropped, and an axis of size 1 stays at 0. */
const sourceIndex = (shape: readonly number[], index: readonly number[]): number[] =>
  shape.map((n, axis) => (n === 1 ? 0 : index[axis - shape.length + index.length]!));

export const broadcastTo = (a: NDArray, shape: readonly number[]): NDArray => {
  if (broadcastShape(a.shape, shape).join() !== shape.join())
    throw new RangeError(`[${a.shape}] does not broadcast to [${shape}]`);
  return build(shape, (index) => at(a, sourceIndex(a.shape, index)));
};

/** f of the entries that meet at each index after broadcasting. */
export const elementwise = (f: (...x: number[]) => number, ...arrays: readonly NDArray[]): NDArray =>
  build(broadcastShape(...arrays.map(({ shape }) => shape)), (index) =>
    f(...arrays.map((a) => at(a, sourceIndex(a.shape, index)))),
  );

/** The adjoint of broadcasting: the sum over everything that was read from one place. */
export const sumTo = (a: NDArray, shape: readonly number[]): NDArray => {
  if (broadcastShape(a.shape, shape).join() !== a.shape.join())
    throw new RangeError(`[${a.shape}] does not sum to [${shape}]`);
  const result = full(shape, 0);
  for (const index of indicesOf(a.shape)) result.data[offsetOf(shape, sourceIndex(shape, index))]! += at(a, index);
  return result;
};
