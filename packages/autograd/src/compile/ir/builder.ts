/** The IR builder: makes the values of a program, equal ones once, with constants folded and views of views joined. */

import { isFloat, store, type DType, type Elements } from "../../graph/dtype.ts";
import type { CastPurpose, ControlLowering, PickForm, ProductForm, StridedView } from "../../graph/lowering.ts";
import type { ElementwiseOp, JointOp } from "../../graph/op.ts";
import { broadcastShapes, checkShape, countOf, sameShape, SCALAR, stridesOf } from "../../graph/shape.ts";
import { leafOf, type Control, type Part } from "../../graph/control.ts";
import type { Shape } from "../../types/shape.ts";
import { abs, add } from "../../ops/arithmetic.ts";
import { equal, less, where } from "../../ops/comparison.ts";
import { buildControl, outputOf, type BuiltControl, type Whole } from "./control.ts";
import { besideEachOther, fillOf } from "./beside.ts";
import { foldScalars, isNumber, numberOf, passes } from "./fold.ts";
import { joinViews } from "./join-views.ts";
import { constantKey, mapKey } from "./keys.ts";
import { rulesOf } from "./kinds/table.ts";
import { MapTable } from "./map-table.ts";
import { runsOf } from "./runs.ts";
import { NO_NUMBERS, simplify, withoutMark } from "./simplify.ts";
import { isDense, sourceOf, type Definition, type Source, type Value } from "./value.ts";

/** Collects values. */
export class Builder implements ControlLowering<Value> {
  readonly values: Value[] = [];
  readonly #known = new Map<string, Value>();
  readonly #maps = new MapTable(this.values);
  /** Scalars of each type by their numbers, of which a map makes no difference between zeros. */
  readonly #scalars: { [type in DType]?: Map<number, Value> } = {};
  readonly #controls = new Map<string, BuiltControl>();
  readonly #wholes = new Map<Value, Whole>();
  readonly #results = new Map<Value, readonly Value[]>();
  /** A text for each value, but for maps, whose text is read from their operands. */
  readonly #keys: (string | null)[] = [];
  /** The source that is being lowered. */
  origin: Source = { op: "input", call: null };

  #make(shape: Shape, dtype: DType, definition: Definition, key: string | null): Value {
    if (
      countOf(shape) === 0 &&
      definition.kind !== "scalar" &&
      definition.kind !== "argument" &&
      definition.kind !== "state"
    )
      return this.#uniform(shape, dtype, 0);
    const full = key === null ? null : `${key}|${shape.join()}|${dtype}`;
    const found = full === null ? undefined : this.#known.get(full);
    if (found !== undefined) return found;
    const value = this.#push(shape, dtype, definition);
    this.#keys.push(full ?? constantKey(value));
    if (full !== null) this.#known.set(full, value);
    return value;
  }

  #push(shape: Shape, dtype: DType, definition: Definition): Value {
    const unmarked = !isFloat(dtype) || rulesOf(definition).isUnmarked(definition, shape, dtype);
    const value: Value = {
      id: this.values.length,
      shape,
      count: countOf(shape),
      dtype,
      definition,
      unmarked,
      origin: this.origin,
    };
    this.values.push(value);
    return value;
  }

  /** A value by its definition. */
  define(shape: Shape, dtype: DType, definition: Definition): Value {
    return this.#make(checkShape("compile", shape), dtype, definition, null);
  }

  argument(index: number, shape: Shape, dtype: DType): Value {
    return this.#make(shape, dtype, { kind: "argument", index }, `argument ${index}`);
  }

  state(index: number, shape: Shape, dtype: DType): Value {
    return this.#make(shape, dtype, { kind: "state", index }, `state ${index}`);
  }

  constant(shape: Shape, dtype: DType, elements: Elements): Value {
    const first = elements[0];
    if (first !== undefined && elements.every((x) => Object.is(x, first))) return this.#uniform(shape, dtype, first);
    return this.#make(shape, dtype, { kind: "constant", elements }, null);
  }

  #uniform(shape: Shape, dtype: DType, number: number): Value {
    return this.#make(shape, dtype, { kind: "scalar", number }, `scalar ${Object.is(number, -0) ? "-0" : number}`);
  }

  /** A number in every entry. */
  repeat(number: number, shape: Shape, dtype: DType): Value {
    return this.#uniform(shape, dtype, number);
  }

  /** All values as one text: equal for builders that compute the same. */
  get text(): string {
    const keys = this.values.map((value, k) => this.#keys[k] ?? mapKey(value));
    return [...keys, ...this.#controls.keys()].join("\n");
  }

  shapeOf(x: Value): Shape {
    return x.shape;
  }

  dtypeOf(x: Value): DType {
    return x.dtype;
  }

  scalar(number: number, dtype: DType): Value {
    const stored = store(dtype, number);
    if (Object.is(stored, -0)) return this.#uniform(SCALAR, dtype, stored);
    const known = (this.#scalars[dtype] ??= new Map<number, Value>());
    const found = known.get(stored);
    if (found !== undefined) return found;
    const value = this.#uniform(SCALAR, dtype, stored);
    known.set(stored, value);
    return value;
  }

  map(op: ElementwiseOp, ...inputs: Value[]): Value {
    let shape: Shape = SCALAR;
    for (const x of inputs) if (x.shape !== shape) shape = broadcastShapes(op.name, shape, x.shape);
    const dtype = op.result === "bool" ? "bool" : inputs.at(-1)!.dtype;
    if (op.mayOverflow && dtype === "int32")
      return this.cast(this.map(op, ...inputs.map((x) => this.cast(x, "float64"))), "int32", "result");
    const numbers = inputs.some(isNumber) ? inputs.map(numberOf) : NO_NUMBERS;
    if (numbers !== NO_NUMBERS && !numbers.includes(null)) {
      return this.#uniform(
        shape,
        dtype,
        foldScalars(op, inputs[0]!.dtype === "bool" ? dtype : inputs[0]!.dtype, dtype, numbers as number[]),
      );
    }
    const simpler =
      simplify(this, op, inputs, numbers) ?? (op === add.op ? besideEachOther(this, inputs[0]!, inputs[1]!) : null);
    // What is left may be one operand, smaller than the others.
    if (simpler !== null) return this.#broadcast(simpler, shape);
    for (let k = 0; k < inputs.length; k++) inputs[k] = this.#broadcast(inputs[k]!, shape);
    if (countOf(shape) === 0) return this.#uniform(shape, dtype, 0);
    const found = this.#maps.find(op, inputs);
    if (found !== null) return found;
    this.#keys.push(null);
    const made = this.#push(shape, dtype, { kind: "map", op, inputs });
    this.#maps.add(made);
    return made;
  }

  // In a loop equal instructions run once, so that results which are read there share what they have in common.
  mapAll({ ops }: JointOp, ...inputs: Value[]): Value[] {
    return ops.map((op) => this.map(op, ...inputs));
  }

  /** The value in a shape that it broadcasts to. */
  #broadcast(x: Value, shape: Shape): Value {
    if (sameShape(x.shape, shape)) return x;
    const strides = stridesOf(x.shape);
    const lead = shape.length - x.shape.length;
    return this.view(x, shape, {
      offset: 0,
      strides: shape.map((_, axis) => (axis < lead || x.shape[axis - lead] === 1 ? 0 : strides[axis - lead]!)),
    });
  }

  /** The same numbers in a shape that they broadcast to. */
  inShape(x: Value, shape: Shape): Value {
    return this.#broadcast(x, shape);
  }

  cast(x: Value, dtype: DType, purpose: CastPurpose = "cast"): Value {
    if (x.dtype === dtype) return x;
    if (purpose === "cotangent") {
      const rounded = this.cast(x, dtype);
      if (dtype !== "float32") return rounded;
      const plain = withoutMark(this, rounded);
      return x.unmarked ? plain : this.map(where.op, this.map(equal.op, x, this.scalar(0, x.dtype)), rounded, plain);
    }
    // A number that the type does not have is left for the program to refuse.
    if (x.definition.kind === "scalar" && passes(x.definition.number, dtype, purpose))
      return this.#uniform(x.shape, dtype, store(dtype, x.definition.number));
    return this.#make(x.shape, dtype, { kind: "cast", inputs: [x], purpose }, `cast ${purpose} ${x.id}`);
  }

  reshape(x: Value, shape: Shape): Value {
    return sameShape(x.shape, shape)
      ? x
      : this.view(x, checkShape("reshape", shape), { offset: 0, strides: stridesOf(shape) });
  }

  view(x: Value, shape: Shape, view: StridedView): Value {
    const { definition } = x;
    if (definition.kind === "scalar") return this.#uniform(shape, x.dtype, definition.number);
    if (sameShape(x.shape, shape) && isDense(shape, view)) return x;
    if (definition.kind === "view") {
      const source = definition.inputs[0];
      const joined = joinViews(shape, view, x.shape, definition.view);
      if (joined !== null) return this.view(source, shape, joined);
      return this.view(this.#copy(x), shape, view);
    }
    const strides = view.strides.map((stride, axis) => (shape[axis] === 1 ? 0 : stride));
    return this.#make(
      shape,
      x.dtype,
      { kind: "view", inputs: [x], view: { offset: view.offset, strides } },
      `view ${x.id} ${view.offset} ${strides.join()}`,
    );
  }

  #copy(x: Value): Value {
    return this.#make(x.shape, x.dtype, { kind: "copy", inputs: [x] }, `copy ${x.id}`);
  }

  /** The value with its numbers in row-major memory of its own. */
  dense(x: Value): Value {
    if (x.definition.kind !== "view") return x;
    return isDense(x.shape, x.definition.view) && x.definition.inputs[0].count === x.count ? x : this.#copy(x);
  }

  /** The value as a program hands it out: in row-major memory that is not a state's, which may change. */
  result(x: Value): Value {
    const dense = this.dense(x);
    const { source } = sourceOf(dense);
    return source.definition.kind === "state" ? this.#copy(dense) : dense;
  }

  assemble(
    shape: Shape,
    dtype: DType,
    given: readonly { readonly value: Value; readonly view: StridedView }[],
    outside = 0,
  ): Value {
    const fill = fillOf(shape, given, outside);
    const parts = given.filter(({ value }) => !Object.is(numberOf(value), fill));
    if (parts.length === 0 && given.length > 0) return this.#uniform(shape, dtype, fill);
    const inputs = parts.map(({ value }) => value);
    const views = parts.map(({ view }) => view);
    const key = `assemble ${inputs.map(({ id }) => id).join()} ${JSON.stringify(views)} ${Object.is(fill, -0) ? "-0" : fill}`;
    return this.#make(checkShape("compile", shape), dtype, { kind: "assemble", inputs, views, fill }, key);
  }

  reduce(kind: "sum" | "max" | "min", x: Value, axes: readonly number[]): Value {
    if (kind === "sum" && !isFloat(x.dtype)) return this.#wholeSum(this.cast(x, "float64"), axes);
    if (x.dtype === "bool") return this.cast(this.reduce(kind, this.cast(x, "int32"), axes), "bool");
    const shape = x.shape.map((size, axis) => (axes.includes(axis) ? 1 : size));
    const dtype = kind === "sum" ? "float64" : x.dtype;
    const runs = runsOf(this, x, axes);
    const { outer, size, inner } = runs;
    if (countOf(shape) === 0) return this.#uniform(checkShape("compile", shape), dtype, 0);
    if (size === 0)
      return this.#uniform(
        checkShape("compile", shape),
        dtype,
        kind === "sum" ? 0 : kind === "max" ? -Infinity : Infinity,
      );
    // Zeros of one sign have a sum of this sign.
    if (kind === "sum" && numberOf(x) === 0) return this.#uniform(checkShape("compile", shape), dtype, numberOf(x)!);
    // -0 + x, which is what a sum of one term is, is x.
    if (size === 1) return this.reshape(this.cast(x, dtype), shape);
    const source = inner === 1 ? this.rows(runs.source, size) : this.dense(runs.source);
    const definition: Definition = { kind: "reduce", reduction: kind, inputs: [source], outer, size, inner };
    return this.#make(
      checkShape("compile", shape),
      dtype,
      definition,
      `${kind} ${source.id} ${outer} ${size} ${inner}`,
    );
  }

  /**
   * A sum of whole numbers, exact in float64 as long as their magnitudes add up to less than 2⁵³; others are refused.
   */
  #wholeSum(x: Value, axes: readonly number[]): Value {
    const total = this.reduce("sum", x, axes);
    if (countOf(axes.map((axis) => x.shape[axis]!)) <= 2 ** 22) return this.cast(total, "int32", "result");
    const magnitude = this.reduce("sum", this.map(abs.op, x), axes);
    const exact = this.map(
      where.op,
      this.map(less.op, magnitude, this.scalar(2 ** 53, "float64")),
      total,
      this.scalar(NaN, "float64"),
    );
    return this.cast(exact, "int32", "result");
  }

  /** A value whose runs of `size` are its innermost axis, or lie in memory in order. */
  rows(x: Value, size: number): Value {
    if (x.definition.kind !== "view" || x.shape.filter((n) => n !== 1).at(-1) === size) return x;
    return this.dense(x);
  }

  matmul(a: Value, b: Value, form: ProductForm): Value {
    const [A, transposeA] = this.#matrix(a, form.transposeA);
    const [B, transposeB] = this.#matrix(b, form.transposeB);
    const [aRows, aColumns] = [A.shape.at(-2)!, A.shape.at(-1)!];
    const [bRows, bColumns] = [B.shape.at(-2)!, B.shape.at(-1)!];
    const batch = broadcastShapes("matmul", A.shape.slice(0, -2), B.shape.slice(0, -2));
    const steps = (x: Value): number[] => {
      const own = x.shape.slice(0, -2);
      const strides = stridesOf(own);
      const lead = batch.length - own.length;
      return batch.map((_, axis) => (axis < lead || own[axis - lead] === 1 ? 0 : strides[axis - lead]!));
    };
    const sizes = {
      m: transposeA ? aColumns : aRows,
      k: transposeA ? aRows : aColumns,
      n: transposeB ? bRows : bColumns,
      batch,
      stepsA: steps(A),
      stepsB: steps(B),
    };
    const shape = checkShape("matmul", [...batch, sizes.m, sizes.n]);
    if (sizes.k === 0) return this.#uniform(shape, a.dtype, form.absorbing === null ? 0 : -0);
    const actual: ProductForm = { transposeA, transposeB, absorbing: form.absorbing };
    const key = `matmul ${A.id} ${B.id} ${Number(transposeA)}${Number(transposeB)} ${JSON.stringify(form.absorbing)}`;
    return this.#make(shape, a.dtype, { kind: "matmul", inputs: [A, B], form: actual, sizes }, key);
  }

  /** An operand in row-major memory; a transposed view is read transposed instead of copied. */
  #matrix(x: Value, transposed: boolean): [Value, boolean] {
    if (x.definition.kind !== "view") return [x, transposed];
    const {
      inputs: [source],
      view,
    } = x.definition;
    const [rows, columns] = [x.shape.at(-2)!, x.shape.at(-1)!];
    if (
      x.shape.length === 2 &&
      source.count === x.count &&
      view.offset === 0 &&
      (rows === 1 || view.strides[0] === 1) &&
      (columns === 1 || view.strides[1] === rows)
    ) {
      return [this.reshape(source, [columns, rows]), !transposed];
    }
    return [this.dense(x), transposed];
  }

  take(x: Value, indices: Value | Elements, form: PickForm, shape: Shape): Value {
    return this.#pick("take", x, indices, form, shape);
  }

  addAt(x: Value, indices: Value | Elements, form: PickForm, shape: Shape): Value {
    if (x.dtype === "int32")
      return this.cast(this.addAt(this.cast(x, "float64"), indices, form, shape), "int32", "result");
    return this.#pick("addAt", x, indices, form, shape);
  }

  control(control: Control, inputs: readonly Value[]): Value {
    const dense = inputs.map((x) => this.dense(x));
    const { key, built, ids } = buildControl(control, dense, () => new Builder());
    const shared = this.#controls.get(key) ?? { id: this.#controls.size, ...built };
    this.#controls.set(key, shared);
    const whole = this.define(SCALAR, "float64", {
      kind: "control",
      built: shared,
      output: null,
      inputs: shared.inputs,
    });
    this.#wholes.set(whole, { built: shared, inputs: dense, ids });
    return whole;
  }

  several(results: readonly Value[]): Value {
    const whole = this.define(SCALAR, "float64", { kind: "scalar", number: 0 });
    this.#results.set(whole, results);
    return whole;
  }

  part(whole: Value, control: Control, part: Part): Value {
    const results = this.#results.get(whole);
    if (results !== undefined) return results[part as number]!;
    const { built, ...rest } = this.#wholes.get(whole)!;
    const output = outputOf({ built, ...rest }, control, part);
    if ("id" in output) return output;
    const { shape, dtype } = leafOf(control, part);
    const key = output.kind === "result" ? `${output.index}` : `${output.body} ${output.value.id}`;
    return this.#make(
      checkShape("compile", shape),
      dtype,
      { kind: "control", built, output, inputs: built.inputs },
      `control ${built.id} ${output.kind} ${key}`,
    );
  }

  #pick(kind: "take" | "addAt", x: Value, indices: Value | Elements, form: PickForm, shape: Shape): Value {
    // The same list, written again by each use, is one value.
    const list =
      "id" in indices
        ? indices
        : this.#make([indices.length], "int32", { kind: "constant", elements: indices }, `indices ${indices.join()}`);
    const inputs: readonly [Value, Value] = [this.dense(x), this.dense(list)];
    return this.#make(
      checkShape("compile", shape),
      x.dtype,
      { kind, inputs, ...form },
      `${kind} ${inputs[0].id} ${inputs[1].id} ${form.outer} ${form.size} ${form.inner}`,
    );
  }
}
