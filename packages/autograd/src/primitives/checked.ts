/**
 * Primitives of a user's op, looked at: read for shapes and types, each refuses what would read or write outside of its
 * operands. What an op is made of depends on shapes alone, so that other readings need not look again.
 */

import { ArgumentError, DTypeError, GraphError, IndexRangeError, ShapeError, showShape } from "../errors.ts";
import { isFloat, type DType } from "../graph/dtype.ts";
import type { StridedView } from "../graph/lowering.ts";
import { isTracked } from "../graph/record.ts";
import { broadcastShapes, checkSizes, countOf } from "../graph/shape.ts";
import { shapes, type Outline } from "../graph/shapes-only.ts";
import { isTensor, type Tensor } from "../graph/tensor.ts";
import { isTraced } from "../graph/tracing.ts";
import { describe } from "../options.ts";
import type { Shape } from "../types/shape.ts";
import { primitivesOver, type Entrywise, type Placed, type Primitives } from "./open.ts";

const dtypes: readonly unknown[] = ["float64", "float32", "int32", "bool"] satisfies DType[];

/** The reading of one call of an op, whose inputs it makes. */
export class Checked implements Primitives<Outline> {
  readonly #op: string;
  readonly #own = new WeakSet<Outline>();
  readonly #read = primitivesOver(shapes);

  constructor(op: string) {
    this.#op = op;
  }

  /** A value of this call. */
  own(x: Outline): Outline {
    const own = { shape: x.shape, dtype: x.dtype };
    this.#own.add(own);
    return own;
  }

  /** Refuses what is no value of this call. */
  check(what: string, x: Outline): Outline {
    if (typeof x === "object" && x !== null && this.#own.has(x)) return x;
    const given = x === undefined ? "nothing" : isTensor(x) ? "a tensor" : describe(x);
    const hint = isTensor(x)
      ? "numbers that are known are p.constant(tensor), and others are inputs"
      : "give an input, or what a method of p gave in the same call";
    throw new ArgumentError({ op: this.#op, problem: `${what} is given ${given}, which is no value of lower`, hint });
  }

  #refuse(what: string, problem: string, hint: string, list: readonly Outline[] = []): never {
    const given = { op: this.#op, problem: `${what} ${problem}`, hint, shapes: list.map(({ shape }) => shape) };
    throw new ShapeError(given);
  }

  #float(what: string, ...list: readonly Outline[]): void {
    list.forEach((x) => this.check(what, x));
    const [first] = list;
    const other = list.find(({ dtype }) => dtype !== first!.dtype || !isFloat(dtype));
    if (other === undefined) return;
    const types = list.map(({ dtype }) => dtype).join(" and ");
    throw new DTypeError({
      op: this.#op,
      problem: `${what} of ${types}`,
      hint: "cast them to one type of floats: p.cast(x, dtype)",
    });
  }

  #axis(what: string, x: Outline, axis: number): void {
    if (Number.isInteger(axis) && axis >= 0 && axis < x.shape.length) return;
    const problem = `${what}: there is no axis ${describe(axis)} in ${showShape(x.shape)}`;
    throw new IndexRangeError({ op: this.#op, problem, hint: "axes count from 0 here", shapes: [x.shape] });
  }

  #dtype(what: string, dtype: DType): void {
    if (dtypes.includes(dtype)) return;
    const problem = `${what}: ${describe(dtype)} is no type of numbers`;
    throw new DTypeError({ op: this.#op, problem, hint: `give one of ${dtypes.join(", ")}` });
  }

  /** Refuses a view over a box that leaves a memory of `count` entries. */
  #walk(what: string, box: Shape, view: StridedView, count: number, memory: Shape): void {
    const { offset, strides } = view;
    const whole = [offset, ...strides];
    if (strides.length !== box.length || !whole.every(Number.isSafeInteger))
      this.#refuse(
        what,
        `has strides ${showShape(strides)} for a box ${showShape(box)}`,
        "give a whole number for each axis",
      );
    if (countOf(box) === 0) return;
    const ends = box.map((size, axis) => (size - 1) * strides[axis]!);
    const lowest = ends.reduce((sum, end) => sum + Math.min(end, 0), offset);
    const highest = ends.reduce((sum, end) => sum + Math.max(end, 0), offset);
    if (lowest >= 0 && highest < count) return;
    const problem = `${what} reaches from entry ${lowest} to ${highest} of ${showShape(memory)}, which has ${count}`;
    throw new IndexRangeError({ op: this.#op, problem, hint: "look at the offset and the strides", shapes: [memory] });
  }

  shapeOf(x: Outline): Shape {
    return this.check("shapeOf", x).shape;
  }

  dtypeOf(x: Outline): DType {
    return this.check("dtypeOf", x).dtype;
  }

  scalar(value: number, dtype: DType): Outline {
    this.#dtype("scalar", dtype);
    if (typeof value !== "number")
      throw new ArgumentError({ op: this.#op, problem: `scalar is given ${describe(value)}`, hint: "give a number" });
    return this.own(this.#read.scalar(value, dtype));
  }

  constant(x: Tensor): Outline {
    if (!isTensor(x))
      throw new ArgumentError({ op: this.#op, problem: `constant is given ${describe(x)}`, hint: "give a tensor" });
    if (isTracked(x) || isTraced(x))
      throw new GraphError({
        op: this.#op,
        problem: "constant is given a tensor that is differentiated, or computed by a program",
        hint: "hand it in as an input of the op",
        code: "CAPTURED",
        shapes: [x.shape],
      });
    return this.own({ shape: x.shape, dtype: x.dtype });
  }

  map(f: Entrywise, ...inputs: Outline[]): Outline {
    const op = (f as Entrywise | undefined)?.op;
    if (op?.kind !== "elementwise")
      throw new ArgumentError({
        op: this.#op,
        problem: `map is given ${describe(f)}, which works on no entries`,
        hint: "give a function of the library such as add, exp or where: p.map(add, a, b)",
      });
    inputs.forEach((x) => this.check(op.name, x));
    const count = op.partials.length;
    if (inputs.length !== count)
      this.#refuse(
        op.name,
        `takes ${count} ${count === 1 ? "value" : "values"}, and is given ${inputs.length}`,
        `p.map(${op.name}, …)`,
        inputs,
      );
    const own = op.lanes.choose !== undefined ? inputs.slice(1) : inputs;
    if (own !== inputs && inputs[0]!.dtype !== "bool")
      throw new DTypeError({
        op: this.#op,
        problem: `${op.name} chooses by ${inputs[0]!.dtype}`,
        hint: "give a condition of bool",
      });
    const taken: readonly DType[] = op.takes === "any" ? (own[0]!.dtype === "bool" ? ["bool"] : []) : [];
    const { dtype } = own[0]!;
    const isTaken = isFloat(dtype) || taken.includes(dtype) || (dtype === "int32" && op.takes !== "float");
    if (!isTaken || own.some((x) => x.dtype !== dtype))
      throw new DTypeError({
        op: this.#op,
        problem: `${op.name} of ${own.map((x) => x.dtype).join(" and ")}`,
        hint: "cast them to one type that it takes: p.cast(x, dtype)",
      });
    this.#broadcast(op.name, inputs);
    return this.own(this.#read.map(f, ...inputs));
  }

  #broadcast(what: string, inputs: readonly Outline[], shapesOf = (x: Outline): Shape => x.shape): void {
    inputs.reduce((shape: Shape, x) => broadcastShapes(`${this.#op}: ${what}`, shape, shapesOf(x)), []);
  }

  cast(x: Outline, dtype: DType): Outline {
    this.#dtype("cast", dtype);
    return this.own(this.#read.cast(this.check("cast", x), dtype));
  }

  reshape(x: Outline, shape: Shape): Outline {
    this.check("reshape", x);
    if (countOf(checkSizes(this.#op, shape)) !== countOf(x.shape))
      this.#refuse("reshape", `makes ${showShape(shape)} of ${showShape(x.shape)}`, "keep the number of entries", [x]);
    return this.own(this.#read.reshape(x, shape));
  }

  view(x: Outline, shape: Shape, view: StridedView): Outline {
    this.#walk("view", checkSizes(this.#op, shape), view, countOf(this.check("view", x).shape), x.shape);
    return this.own(this.#read.view(x, shape, view));
  }

  assemble(shape: Shape, dtype: DType, parts: readonly Placed<Outline>[], fill?: number): Outline {
    this.#dtype("assemble", dtype);
    const count = countOf(checkSizes(this.#op, shape));
    for (const { value, view } of parts) {
      this.#walk("assemble", this.check("assemble", value).shape, view, count, shape);
      if (value.dtype !== dtype)
        throw new DTypeError({
          op: this.#op,
          problem: `assemble puts ${value.dtype} into ${dtype}`,
          hint: `p.cast(x, "${dtype}")`,
        });
    }
    return this.own(this.#read.assemble(shape, dtype, parts, fill));
  }

  reduce(kind: "sum" | "max" | "min", x: Outline, axes: readonly number[]): Outline {
    this.check("reduce", x);
    for (const axis of axes) this.#axis("reduce", x, axis);
    const empty = axes.find((axis) => x.shape[axis] === 0);
    if (kind !== "sum" && empty !== undefined)
      this.#refuse(
        `reduce("${kind}")`,
        `runs over axis ${empty} of ${showShape(x.shape)}, which is empty`,
        "nothing is largest there",
        [x],
      );
    if (x.dtype === "bool")
      throw new DTypeError({ op: this.#op, problem: "reduce of bool", hint: 'p.cast(x, "int32")' });
    return this.own(this.#read.reduce(kind, x, axes));
  }

  matmul(a: Outline, b: Outline, form: { readonly transposeA?: boolean; readonly transposeB?: boolean } = {}): Outline {
    this.#float("matmul", a, b);
    const inner = a.shape.at(form.transposeA === true ? -2 : -1);
    if (a.shape.length < 2 || b.shape.length < 2 || inner !== b.shape.at(form.transposeB === true ? -1 : -2))
      this.#refuse(
        "matmul",
        `of ${showShape(a.shape)} and ${showShape(b.shape)}`,
        "give matrices, as many columns as rows",
        [a, b],
      );
    this.#broadcast("matmul", [a, b], ({ shape }) => shape.slice(0, -2));
    return this.own(this.#read.matmul(a, b, form));
  }

  #indices(what: string, indices: Outline): void {
    if (this.check(what, indices).dtype === "int32") return;
    throw new DTypeError({
      op: this.#op,
      problem: `${what} at indices of ${indices.dtype}`,
      hint: 'p.cast(indices, "int32")',
    });
  }

  take(x: Outline, indices: Outline, axis: number): Outline {
    this.#axis("take", this.check("take", x), axis);
    this.#indices("take", indices);
    return this.own(this.#read.take(x, indices, axis));
  }

  addAt(x: Outline, indices: Outline, axis: number, size: number): Outline {
    this.#indices("addAt", indices);
    checkSizes(this.#op, [size]);
    const to = axis + indices.shape.length;
    const own = this.check("addAt", x).shape.slice(axis, to);
    if (!Number.isInteger(axis) || axis < 0 || own.join() !== indices.shape.join())
      this.#refuse(
        "addAt",
        `has ${showShape(x.shape)} for indices ${showShape(indices.shape)} at axis ${String(axis)}`,
        "give x the axes of the indices there",
        [x, indices],
      );
    return this.own(this.#read.addAt(x, indices, axis, size));
  }
}
