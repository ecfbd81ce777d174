/**
 * Element-wise ops are declared here: a name, a formula and its derivatives become a function that can be called, and
 * swept.
 */

import type { ElementwiseOp, Needs, Partial } from "../graph/op.ts";
import type { Tensor } from "../graph/tensor.ts";
import { readForms, type LaneForms } from "../kernels/lanes/forms.ts";
import type { LaneType } from "../kernels/lanes/lanes.ts";
import { makeFunction, type Entry, type NumberFunction } from "../kernels/loops.ts";
import type { Broadcast, BroadcastResult } from "../types/broadcast.ts";
import type { Guard, Result, Shape } from "../types/shape.ts";

/** The declaration of an element-wise op. */
export interface ElementwiseDeclaration {
  /** The definition. */
  readonly lanes: LaneForms;
  /** The same for numbers in float64, where it is short; it is made from the formula otherwise. */
  readonly value?: NumberFunction;
  /** dy/dx for each input. */
  readonly partials: readonly Partial[];
  /** Values that the partials read. */
  readonly needs: Needs;
  readonly result?: "bool";
  /** `"float"` (the default), `"number"` (int32 as well), or `"any"` (bool as well). */
  readonly takes?: "float" | "number" | "any";
  /** True if int32 may not have the result for operands that it has. */
  readonly mayOverflow?: boolean;
}

/** An op whose functions are replaced by made ones when they are first called. */
type Unmade = { -readonly [K in keyof ElementwiseOp]: ElementwiseOp[K] };

function declare(name: string, declaration: ElementwiseDeclaration): ElementwiseOp {
  const kinds = (inputs: readonly number[]): Entry["operands"] =>
    inputs.map((_, k) => (k === 0 && op.lanes.choose !== undefined ? "condition" : "number"));
  const op: Unmade = {
    kind: "elementwise",
    name,
    result: "same",
    takes: "float",
    mayOverflow: false,
    loops: [],
    value: (...inputs) => (op.value = makeFunction(entryOf(op, "f64", kinds(inputs))))(...inputs),
    narrow: (...inputs) => (op.narrow = makeFunction(entryOf(op, "f32", kinds(inputs))))(...inputs),
    ...declaration,
  };
  return op;
}

/** The formula of an op, in a type, for operands of these kinds. */
export function entryOf(op: ElementwiseOp, type: LaneType, operands: Entry["operands"]): Entry {
  return { type, operands, read: (l, inputs) => readForms(op.lanes, l, inputs) };
}

/** A function of one operand, entry by entry. */
export interface Unary {
  <S extends Shape>(x: Tensor<S>): Tensor<S>;
  (x: number): Tensor<[]>;
  readonly op: ElementwiseOp;
}

/** A function of two operands whose shapes broadcast. */
export interface Binary {
  <A extends Shape = [], B extends Shape = []>(
    a: number | Tensor<A>,
    b: number | (Tensor<B> & Guard<Broadcast<A, B>>),
  ): Tensor<BroadcastResult<A, B>>;
  readonly op: ElementwiseOp;
}

/** The shape of three operands broadcast together. */
export type Broadcast3<A extends Shape, B extends Shape, C extends Shape> = Broadcast<Result<Broadcast<A, B>>, C>;

/** A function of a condition and two operands whose shapes broadcast. */
export interface Ternary {
  <A extends Shape = [], B extends Shape = [], C extends Shape = []>(
    a: number | boolean | Tensor<A>,
    b: number | (Tensor<B> & Guard<Broadcast<A, B>>),
    c: number | (Tensor<C> & Guard<Broadcast3<A, B, C>>),
  ): Tensor<Result<Broadcast3<A, B, C>>>;
  readonly op: ElementwiseOp;
}

/** The ways to apply an op; `extra` and `list` are arguments that no op has. */
interface Application {
  readonly unary: (op: ElementwiseOp, x: unknown, extra: unknown, list: unknown) => Tensor;
  readonly binary: (op: ElementwiseOp, a: unknown, b: unknown, extra: unknown) => Tensor;
  readonly ternary: (
    op: ElementwiseOp,
    a: unknown,
    b: unknown,
    c: unknown,
    extra: unknown,
    conditional: boolean,
  ) => Tensor;
}

let application: Application;

/**
 * Says what a call of an op does. Apart from the declarations, so that a page of scalars alone does not load what
 * tensors take.
 */
export function applyBy(next: Application): void {
  application = next;
}

/** Declares y = f(x). */
/* @__NO_SIDE_EFFECTS__ */
export function unary(name: string, declaration: ElementwiseDeclaration): Unary {
  const op = declare(name, declaration);
  const call = (x: unknown, extra?: unknown, list?: unknown): Tensor => application.unary(op, x, extra, list);
  return Object.assign(call, { op }) as Unary;
}

/** Declares y = f(a, b). */
/* @__NO_SIDE_EFFECTS__ */
export function binary(name: string, declaration: ElementwiseDeclaration): Binary {
  const op = declare(name, declaration);
  const call = (a: unknown, b: unknown, extra?: unknown): Tensor => application.binary(op, a, b, extra);
  return Object.assign(call, { op }) as Binary;
}

/** Declares y = f(a, b, c); with `conditional` the first operand is bool. */
/* @__NO_SIDE_EFFECTS__ */
export function ternary(name: string, declaration: ElementwiseDeclaration, conditional: boolean): Ternary {
  const op = declare(name, declaration);
  const call = (a: unknown, b: unknown, c: unknown, extra?: unknown): Tensor =>
    application.ternary(op, a, b, c, extra, conditional);
  return Object.assign(call, { op }) as Ternary;
}
