/**
 * Primitives, read for all examples at once: a value may carry one more leading axis, over the examples, and each
 * primitive has one rule that says what it is then. The table is total by type. It is written over any other reading,
 * so that what an op is made of for a batch has a shape, a value, and a program, and can be batched again.
 */

import type { DType, Elements } from "../graph/dtype.ts";
import type { Lowering, PickForm, ProductForm, StridedView } from "../graph/lowering.ts";
import type { ElementwiseOp, JointOp } from "../graph/op.ts";
import { countOf, stridesOf } from "../graph/shape.ts";
import type { Absorbing } from "../kernels/matmul.ts";
import { add, mul } from "../ops/arithmetic.ts";
import { absorb, absorbBoth, annul } from "../ops/marks.ts";
import type { Shape } from "../types/shape.ts";

/** A value, the same for every example or `mapped`: with the examples along a leading axis. */
export interface Batched<V> {
  readonly value: V;
  readonly mapped: boolean;
}

/** The same operands in each other's places. */
function mirrored(absorbing: Absorbing): Absorbing {
  return absorbing === null ? null : { ...absorbing, left: absorbing.right, right: absorbing.left };
}

/**
 * The reading of a batch of `size` examples, over another reading. Shapes and axes that it is given are those of one
 * example.
 */
export class BatchedLowering<V> implements Lowering<Batched<V>> {
  readonly #l: Lowering<V>;
  readonly #size: number;
  readonly #joins: boolean;

  /**
   * @param joins - whether the reading below joins entry-wise values with what they are made of, as a program does, so
   * that they cost no memory
   */
  constructor(l: Lowering<V>, size: number, joins: boolean) {
    this.#l = l;
    this.#size = size;
    this.#joins = joins;
  }

  shapeOf({ value, mapped }: Batched<V>): Shape {
    const shape = this.#l.shapeOf(value);
    return mapped ? shape.slice(1) : shape;
  }

  dtypeOf({ value }: Batched<V>): DType {
    return this.#l.dtypeOf(value);
  }

  /** The value with the examples along its leading axis, also where all are equal. */
  spread(x: Batched<V>): V {
    if (x.mapped) return x.value;
    const shape = this.shapeOf(x);
    return this.#l.view(x.value, [this.#size, ...shape], { offset: 0, strides: [0, ...stridesOf(shape)] });
  }

  /** A mapped value with axes of size 1 behind that of the examples, so that its own ones number `rank`. */
  #aligned(x: Batched<V>, rank: number): V {
    const shape = this.shapeOf(x);
    if (!x.mapped || shape.length === rank) return x.value;
    return this.#l.reshape(x.value, [this.#size, ...new Array<number>(rank - shape.length).fill(1), ...shape]);
  }

  /** The axes of a value in another order. */
  #permuted(x: V, order: readonly number[]): V {
    const shape = this.#l.shapeOf(x);
    const strides = stridesOf(shape);
    return this.#l.view(
      x,
      order.map((axis) => shape[axis]!),
      { offset: 0, strides: order.map((axis) => strides[axis]!) },
    );
  }

  scalar(value: number, dtype: DType): Batched<V> {
    return { value: this.#l.scalar(value, dtype), mapped: false };
  }

  constant(shape: Shape, dtype: DType, elements: Elements): Batched<V> {
    return { value: this.#l.constant(shape, dtype, elements), mapped: false };
  }

  map(op: ElementwiseOp, ...inputs: Batched<V>[]): Batched<V> {
    const rank = Math.max(...inputs.map((x) => this.shapeOf(x).length));
    return {
      value: this.#l.map(op, ...inputs.map((x) => this.#aligned(x, rank))),
      mapped: inputs.some(({ mapped }) => mapped),
    };
  }

  mapAll(op: JointOp, ...inputs: Batched<V>[]): Batched<V>[] {
    const rank = Math.max(...inputs.map((x) => this.shapeOf(x).length));
    const mapped = inputs.some((x) => x.mapped);
    return this.#l.mapAll(op, ...inputs.map((x) => this.#aligned(x, rank))).map((value) => ({ value, mapped }));
  }

  cast({ value, mapped }: Batched<V>, dtype: DType, purpose?: Parameters<Lowering<V>["cast"]>[2]): Batched<V> {
    return { value: this.#l.cast(value, dtype, purpose), mapped };
  }

  reshape({ value, mapped }: Batched<V>, shape: Shape): Batched<V> {
    return { value: this.#l.reshape(value, this.#outside(shape, mapped)), mapped };
  }

  view(x: Batched<V>, shape: Shape, { offset, strides }: StridedView): Batched<V> {
    const { value, mapped } = x;
    const view = mapped ? { offset, strides: [countOf(this.shapeOf(x)), ...strides] } : { offset, strides };
    return { value: this.#l.view(value, this.#outside(shape, mapped), view), mapped };
  }

  /** The shape of a value whose examples have a shape. */
  #outside(shape: Shape, mapped: boolean): Shape {
    return mapped ? [this.#size, ...shape] : shape;
  }

  assemble(
    shape: Shape,
    dtype: DType,
    parts: readonly { readonly value: Batched<V>; readonly view: StridedView }[],
    fill?: number,
  ): Batched<V> {
    const mapped = parts.some(({ value }) => value.mapped);
    const count = countOf(shape);
    const placed = parts.map(({ value, view }) =>
      mapped
        ? { value: this.spread(value), view: { offset: view.offset, strides: [count, ...view.strides] } }
        : { value: value.value, view },
    );
    return { value: this.#l.assemble(this.#outside(shape, mapped), dtype, placed, fill), mapped };
  }

  reduce(kind: "sum" | "max" | "min", { value, mapped }: Batched<V>, axes: readonly number[]): Batched<V> {
    return { value: this.#l.reduce(kind, value, mapped ? axes.map((axis) => axis + 1) : axes), mapped };
  }

  matmul(a: Batched<V>, b: Batched<V>, form: ProductForm): Batched<V> {
    const value = this.#rowsAtOnce(a, b, form) ?? this.#columnsAtOnce(a, b, form);
    if (value !== null) return { value, mapped: true };
    if (this.#joins && this.shapeOf(a).at(form.transposeA ? -2 : -1) === 1) return this.#outer(a, b, form);
    const rank = Math.max(this.shapeOf(a).length, this.shapeOf(b).length);
    return {
      value: this.#l.matmul(this.#aligned(a, rank), this.#aligned(b, rank), form),
      mapped: a.mapped || b.mapped,
    };
  }

  /** The rows of all examples, times the one matrix of all of them, as one product. */
  #rowsAtOnce(a: Batched<V>, b: Batched<V>, form: ProductForm): V | null {
    const [left, right] = [this.shapeOf(a), this.shapeOf(b)];
    if (!a.mapped || b.mapped || right.length !== 2) return null;
    const k = right[form.transposeB ? 1 : 0]!;
    // Of one row, what lies transposed lies as it is.
    if (form.transposeA && left.at(-1) !== 1) return null;
    const batch = [this.#size, ...left.slice(0, -2), form.transposeA ? 1 : left.at(-2)!];
    const product = this.#l.matmul(this.#l.reshape(a.value, [countOf(batch), k]), b.value, {
      ...form,
      transposeA: false,
    });
    return this.#l.reshape(product, [...batch, this.#l.shapeOf(product)[1]!]);
  }

  /** One matrix times a column of each example: these as rows, times the matrix transposed. */
  #columnsAtOnce(a: Batched<V>, b: Batched<V>, { transposeA, transposeB, absorbing }: ProductForm): V | null {
    const [left, right] = [this.shapeOf(a), this.shapeOf(b)];
    if (a.mapped || !b.mapped || left.length !== 2 || right.at(transposeB ? -2 : -1) !== 1) return null;
    const batch = [this.#size, ...right.slice(0, -2)];
    const rows = this.#l.reshape(b.value, [countOf(batch), left[transposeA ? 0 : 1]!]);
    const product = this.#l.matmul(rows, a.value, {
      transposeA: false,
      transposeB: !transposeA,
      absorbing: mirrored(absorbing),
    });
    return this.#l.reshape(product, [...batch, this.#l.shapeOf(product)[1]!, 1]);
  }

  /**
   * Products of a column and a row for each example: sums of one term, of which nothing is left where it is dropped.
   */
  #outer(a: Batched<V>, b: Batched<V>, { transposeA, transposeB, absorbing }: ProductForm): Batched<V> {
    const [left, right] = [this.shapeOf(a), this.shapeOf(b)];
    const column = this.reshape(a, [...left.slice(0, -2), left.at(transposeA ? -1 : -2)!, 1]);
    const row = this.reshape(b, [...right.slice(0, -2), 1, right.at(transposeB ? -2 : -1)!]);
    const zero = this.scalar(0, this.dtypeOf(a));
    if (absorbing === null) return this.map(add.op, this.map(mul.op, column, row), zero);
    const [g, h] = [
      [column, absorbing.left],
      [row, absorbing.right],
    ].map(([x, dropping]) => (dropping === "zeros" ? this.map(annul.op, x as Batched<V>) : (x as Batched<V>))) as [
      Batched<V>,
      Batched<V>,
    ];
    const product =
      absorbing.left === null
        ? this.map(absorb.op, h, g)
        : this.map((absorbing.right === null ? absorb : absorbBoth).op, g, h);
    return absorbing.plain === true ? this.map(add.op, product, zero) : product;
  }

  take(x: Batched<V>, indices: Batched<V> | Elements, form: PickForm, shape: Shape): Batched<V> {
    const { outer, size, inner } = form;
    const own = this.#picks(x, indices, shape);
    if (own !== null)
      return {
        value: this.#l.take(x.value, own.indices, { ...form, outer: own.outer * outer }, own.shape),
        mapped: x.mapped,
      };
    const list = indices as Batched<V>;
    const count = countOf(this.shapeOf(list));
    const from = x.mapped ? this.#l.reshape(x.value, [this.#size, outer, size, inner]) : null;
    const positions =
      from === null
        ? this.#l.reshape(list.value, [this.#size * count])
        : this.#l.reshape(this.#ofExamples(list, size), [this.#size * count]);
    // The examples side by side along the axis that is picked from, or each with its own picks of the one array.
    const rows =
      from === null ? x.value : this.#l.reshape(this.#permuted(from, [1, 0, 2, 3]), [outer, this.#size * size, inner]);
    const picked = this.#l.take(rows, positions, { outer, size: from === null ? size : this.#size * size, inner }, [
      outer,
      this.#size,
      count,
      inner,
    ]);
    return { value: this.#l.reshape(this.#permuted(picked, [1, 0, 2, 3]), [this.#size, ...shape]), mapped: true };
  }

  addAt(x: Batched<V>, indices: Batched<V> | Elements, form: PickForm, shape: Shape): Batched<V> {
    const { outer, size, inner } = form;
    const own = this.#picks(x, indices, shape);
    if (own !== null)
      return {
        value: this.#l.addAt(x.value, own.indices, { ...form, outer: own.outer * outer }, own.shape),
        mapped: x.mapped,
      };
    const list = indices as Batched<V>;
    const count = countOf(this.shapeOf(list));
    const rows = this.#l.reshape(
      this.#permuted(this.#l.reshape(this.spread(x), [this.#size, outer, count, inner]), [1, 0, 2, 3]),
      [outer, this.#size * count, inner],
    );
    const positions = this.#l.reshape(this.#ofExamples(list, size), [this.#size * count]);
    const added = this.#l.addAt(rows, positions, { outer, size: this.#size * size, inner }, [
      outer,
      this.#size,
      size,
      inner,
    ]);
    return { value: this.#l.reshape(this.#permuted(added, [1, 0, 2, 3]), [this.#size, ...shape]), mapped: true };
  }

  /**
   * How positions that are the same for every example are used: the examples are so many more runs. `null` for others.
   */
  #picks(
    x: Batched<V>,
    indices: Batched<V> | Elements,
    shape: Shape,
  ): { readonly indices: V | Elements; readonly outer: number; readonly shape: Shape } | null {
    const isKnown = ArrayBuffer.isView(indices);
    if (!isKnown && indices.mapped) return null;
    return {
      indices: isKnown ? indices : indices.value,
      outer: x.mapped ? this.#size : 1,
      shape: this.#outside(shape, x.mapped),
    };
  }

  /**
   * Positions along an axis where the examples lie one behind the other. They are first looked up in a list of
   * themselves, since a position that lies outside of its own axis may lie within the next one.
   */
  #ofExamples(list: Batched<V>, size: number): V {
    const own = this.#l.constant(
      [size],
      "int32",
      Int32Array.from({ length: size }, (_, k) => k),
    );
    const shape = this.#l.shapeOf(list.value);
    const within = this.#l.reshape(
      this.#l.take(own, this.#l.reshape(list.value, [countOf(shape)]), { outer: 1, size, inner: 1 }, [countOf(shape)]),
      shape,
    );
    const starts = this.#l.constant(
      [this.#size, ...shape.slice(1).map(() => 1)],
      "int32",
      Int32Array.from({ length: this.#size }, (_, k) => k * size),
    );
    return this.#l.map(add.op, within, starts);
  }
}
