/** The IR: the values of a program, what is computed from what, before it is decided how and where. */

import type { DType, Elements } from "../../graph/dtype.ts";
import type { CastPurpose, ProductForm, StridedView } from "../../graph/lowering.ts";
import type { ElementwiseOp } from "../../graph/op.ts";
import { stridesOf } from "../../graph/shape.ts";
import type { Call } from "../../graph/tracing.ts";
import type { Shape } from "../../types/shape.ts";
import { Marks } from "./by-id.ts";
import type { BuiltControl } from "./control.ts";

/** How a value comes about. */
export type Definition =
  | { readonly kind: "argument"; readonly index: number }
  | { readonly kind: "state"; readonly index: number }
  | { readonly kind: "constant"; readonly elements: Elements }
  /** One number, the same for every entry. */
  | { readonly kind: "scalar"; readonly number: number }
  | { readonly kind: "map"; readonly op: ElementwiseOp; readonly inputs: readonly Value[] }
  | { readonly kind: "cast"; readonly inputs: readonly [Value]; readonly purpose: CastPurpose }
  /** A copy, where a view cannot be read along its axes any further. */
  | { readonly kind: "copy"; readonly inputs: readonly [Value] }
  /** The memory of another value, read along a view; never of another view. */
  | { readonly kind: "view"; readonly inputs: readonly [Value]; readonly view: StridedView }
  /** Over the middle axis of outer × size × inner. */
  | {
      readonly kind: "reduce";
      readonly reduction: "sum" | "max" | "min";
      readonly inputs: readonly [Value];
      readonly outer: number;
      readonly size: number;
      readonly inner: number;
    }
  | {
      readonly kind: "matmul";
      readonly inputs: readonly [Value, Value];
      readonly form: ProductForm;
      readonly sizes: MatmulSizes;
    }
  /** One number throughout, into which parts are written. */
  | {
      readonly kind: "assemble";
      readonly inputs: readonly Value[];
      readonly views: readonly StridedView[];
      readonly fill: number;
    }
  | {
      readonly kind: "take";
      readonly inputs: readonly [Value, Value];
      readonly outer: number;
      readonly size: number;
      readonly inner: number;
    }
  | {
      readonly kind: "addAt";
      readonly inputs: readonly [Value, Value];
      readonly outer: number;
      readonly size: number;
      readonly inner: number;
    }
  /**
   * One of the tensors that a loop or a branch gives, which is run once for all of them; `null` stands for the whole,
   * which has no memory.
   */
  | {
      readonly kind: "control";
      readonly built: BuiltControl;
      readonly output: Output | null;
      readonly inputs: readonly Value[];
    };

/** An output of a loop or a branch: a result, or a value of one of its bodies. */
export type Output =
  | { readonly kind: "result"; readonly index: number }
  | { readonly kind: "kept"; readonly body: number; readonly value: Value };

/** The sizes of a product of matrices, and where each of a batch of them lies. */
export interface MatmulSizes {
  readonly m: number;
  readonly k: number;
  readonly n: number;
  /** The leading axes of the result, and the steps of each operand along them, counted in matrices. */
  readonly batch: Shape;
  readonly stepsA: readonly number[];
  readonly stepsB: readonly number[];
}

/**
 * The source of a value: the op of the library, for `explain`, and the call of it in the user's function, for errors.
 */
export interface Source {
  readonly op: string;
  readonly call: Call | null;
}

/** The source of values that are made for the results alone. */
export const RESULT: Source = { op: "result", call: null };

/** One value: row-major, immutable. Ids grow, so that inputs have smaller ids. */
export interface Value {
  readonly id: number;
  readonly shape: Shape;
  readonly count: number;
  readonly dtype: DType;
  readonly definition: Definition;
  /** True if no entry can be -0, as the definition shows: nothing in it is marked as dropped. */
  readonly unmarked: boolean;
  readonly origin: Source;
}

const NOTHING: readonly Value[] = [];

/** The values that one is computed from. */
export function inputsOf({ definition }: Value): readonly Value[] {
  switch (definition.kind) {
    case "argument":
    case "state":
    case "constant":
    case "scalar":
      return NOTHING;
    default:
      return definition.inputs;
  }
}

/** The values that results need, in their order; `values` are all of a builder, or those of them that may be needed. */
export function reachable(values: readonly Value[], roots: readonly Value[]): Value[] {
  const needed = new Marks(values.length, roots);
  for (let at = values.length - 1; at >= 0; at--) {
    const value = values[at]!;
    if (!needed.has(value)) continue;
    const inputs = inputsOf(value);
    for (let k = 0; k < inputs.length; k++) needed.add(inputs[k]!);
  }
  const found: Value[] = [];
  for (let at = 0; at < values.length; at++) if (needed.has(values[at]!)) found.push(values[at]!);
  return found;
}

const AT_ONE_PLACE: StridedView = { offset: 0, strides: [] };

/** The value whose memory is read, and along which view. */
export function sourceOf(x: Value): { source: Value; view: StridedView } {
  const { definition } = x;
  if (definition.kind === "view") return { source: definition.inputs[0], view: definition.view };
  return { source: x, view: x.shape.length === 0 ? AT_ONE_PLACE : { offset: 0, strides: stridesOf(x.shape) } };
}

/** True if a view over a box of this shape visits memory in order, each position once. */
export function isDense(shape: Shape, { offset, strides }: StridedView): boolean {
  if (offset !== 0) return false;
  let step = 1;
  for (let axis = shape.length - 1; axis >= 0; axis--) {
    if (shape[axis] !== 1 && strides[axis] !== step) return false;
    step *= shape[axis]!;
  }
  return true;
}
