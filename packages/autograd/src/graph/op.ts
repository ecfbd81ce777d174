/** The statements of an op: its value, and its local derivative in the least form that its kind needs. */

import type { ElementwiseLoop } from "../kernels/elementwise.ts";
import type { JointLoop } from "../kernels/joint.ts";
import type { LaneForms } from "../kernels/lanes/forms.ts";
import type { Algebra } from "./algebra.ts";
import type { Part, Region } from "./control.ts";
import type { ControlLowering, Lowering } from "./lowering.ts";
import type { Tensor } from "./tensor.ts";
import type { DType } from "./dtype.ts";

/** The values that the derivative reads; the rest of a node's values may be freed. */
export type Needs = "nothing" | "inputs" | "output" | "both";

/** The record that a rule may look at. A value that `needs` does not name has a shape and a dtype but no numbers. */
export interface Recorded<A> {
  readonly inputs: readonly Tensor[];
  readonly output: Tensor;
  readonly attributes: A;
  /** The user's line, in anomaly mode. */
  readonly line: string | null;
}

/** A local derivative dy/dx as a formula, in whatever algebra it is read: numbers, tensors, text. */
export type Formula = <T>(m: Algebra<T>, ...inputsAndOutput: T[]) => T | number;

/**
 * The local derivative of an element-wise op in one input: a constant 1 or -1; a formula of the inputs and the output;
 * a gate, which passes the cotangent where its condition holds and drops it elsewhere, whatever it is; a formula that
 * is a cotangent itself, so that what was dropped from it (-0) drops the product (`dropped`); one input, or a formula
 * of which one input is a `factor`: where that is a constant and exactly 0, no path leads through the product; or
 * `null`: no derivative.
 */
export type Partial =
  | 1
  | -1
  | Formula
  | { readonly gate: Formula }
  | { readonly dropped: Formula }
  | { readonly factor: number; readonly rule?: Formula }
  | null;

interface Common {
  readonly name: string;
  readonly needs: Needs;
}

/** y_i = f(a_i, b_i, …) with broadcasting. */
export interface ElementwiseOp extends Common {
  readonly kind: "elementwise";
  /** The definition, as formulas over lanes: what loops and programs are made from. */
  readonly lanes: LaneForms;
  /** The same in float64, numbers in, one number out. */
  readonly value: (...inputs: number[]) => number;
  /** The same in float32, rounded to it after every operation. */
  readonly narrow: (...inputs: number[]) => number;
  readonly partials: readonly Partial[];
  /** `"bool"` for comparisons; else the common type of the operands. */
  readonly result: "same" | "bool";
  /** Which types of numbers it takes. */
  readonly takes: "float" | "number" | "any";
  /**
   * True if a result of whole numbers may be one that int32 does not have: it is then computed in float64, and checked.
   */
  readonly mayOverflow: boolean;
  /** Specialized loops, made when first needed: the value by dtype, then each partial by dtype. */
  readonly loops: (ElementwiseLoop | undefined)[];
}

/** (y, z, …)_i = f(a_i, b_i, …) with broadcasting: a formula of several results, which have no derivative. */
export interface JointOp {
  readonly name: string;
  /** The loop of all of them, made when first needed. */
  readonly loop: () => JointLoop;
  /** Each of them by itself: the definition, and what programs are made from. */
  readonly ops: readonly ElementwiseOp[];
}

/** The parts that an op has as well if it is not element-wise. */
interface Lowered<A> {
  evaluate(inputs: readonly Tensor[], attributes: A): Tensor;
  /**
   * The same value in the operations of a program, to the bit; also where the shape of a value that is only traced
   * comes from.
   */
  lower?<V>(l: Lowering<V>, inputs: readonly V[], attributes: A): V;
}

/** y = L(x): the forward rule is the op itself, where nothing else is said, the reverse rule its transpose. */
export interface LinearOp<A = unknown> extends Common, Lowered<A> {
  readonly kind: "linear";
  /**
   * L applied to tangents, where the op itself would lose or forge a mark: where it divides, rounds, or fills with
   * zeros.
   */
  push?(tangents: readonly Tensor[], recorded: Recorded<A>): Tensor;
  /** Lᵀ g for each input that is wanted. */
  transpose(cotangent: Tensor, recorded: Recorded<A>, wanted: readonly boolean[]): readonly (Tensor | null)[];
}

/**
 * y = B(a, b), linear in each: the reverse rules are the transposes in each argument, the forward rules the product
 * with each tangent.
 */
export interface BilinearOp<A = unknown> extends Common, Lowered<A> {
  readonly kind: "bilinear";
  /**
   * In both directions `constant` says that the other operand is one, so that its zeros drop what they multiply;
   * `plain`, that the marks of what comes out are not needed: numbers that are computed at once then have none.
   */
  transposeLeft(cotangent: Tensor, right: Tensor, recorded: Recorded<A>, constant: boolean, plain: boolean): Tensor;
  transposeRight(cotangent: Tensor, left: Tensor, recorded: Recorded<A>, constant: boolean, plain: boolean): Tensor;
  pushLeft(tangent: Tensor, right: Tensor, recorded: Recorded<A>, constant: boolean): Tensor;
  pushRight(left: Tensor, tangent: Tensor, recorded: Recorded<A>, constant: boolean): Tensor;
}

/**
 * An op whose derivative is better or more stable by hand. A missing forward direction is derived from the other one.
 */
export interface CustomOp<A = unknown> extends Common, Lowered<A> {
  readonly kind: "custom";
  vjp(cotangent: Tensor, recorded: Recorded<A>, wanted: readonly boolean[]): readonly (Tensor | null)[];
  jvp?(tangents: readonly (Tensor | null)[], recorded: Recorded<A>): Tensor;
  /** Tensors among the attributes, which are other ones where a body that was traced is computed again. */
  held?(attributes: A): readonly Tensor[];
  /** The attributes with other ones in their places. */
  withHeld?(attributes: A, held: readonly Tensor[]): A;
}

/** A point where a transform or the tape begins: the identity, seen from outside. */
export interface LeafOp extends Common {
  readonly kind: "leaf";
}

/** The cotangents that a reverse sweep has gathered, by the places of its order. */
export interface Gathered {
  has(place: number): boolean;
  /** The sum so far. */
  tensor(place: number, dtype: DType): Tensor;
  add(place: number, value: Tensor): void;
  /** Says of a place that something has come to it, which is kept elsewhere. */
  hold(place: number): void;
  release(place: number): void;
}

/** A share of the cotangent of an input; or its `total`, to which what had come before was added already. */
export interface Share {
  readonly input: number;
  readonly value: Tensor;
  readonly isTotal: boolean;
}

/**
 * The attributes of the nodes of loops and branches: in a body that is computed at another point also where its parts
 * are found, and whether something outside follows what is made there.
 */
export interface Looped<C extends Region = Region> {
  readonly control: C;
  readonly part: ((part: Part) => Tensor) | null;
  readonly isFollowed: boolean | null;
}

/**
 * A loop or a branch in a trace, or a checkpoint. It gives several tensors; each of them is a node of its own
 * (`PartOp`), and a sweep gathers theirs for the whole, so that it runs through the loop once.
 */
export interface ControlOp<C extends Region = Region> extends Common {
  readonly kind: "control";
  lower<V>(l: ControlLowering<V>, inputs: readonly V[], attributes: Looped<C>): V;
  /** Shares in the order in which they are added; `before` gives what an input has gathered so far. */
  pull(
    cotangents: ReadonlyMap<Part, Tensor>,
    recorded: Recorded<Looped<C>>,
    wanted: readonly boolean[],
    before: (k: number) => Tensor | null,
  ): readonly Share[];
  push(tangents: readonly (Tensor | null)[], recorded: Recorded<Looped<C>>): (part: Part) => Tensor | null;
  /** Adds to the inputs, by their places, what the cotangents that parts have gathered at a place come to. */
  gather(recorded: Recorded<Looped<C>>, place: number, placeOf: (k: number) => number, gathered: Gathered): void;
  /** Finds parts that it does not keep itself. */
  elsewhere?(control: C, inputs: readonly Tensor[]): ((part: Part) => Tensor | null) | null;
}

export interface PartAttributes {
  readonly control: Region;
  readonly part: Part;
}

/** One of the tensors that a loop or a branch gives, whose node is the input. */
export interface PartOp extends Common {
  readonly kind: "part";
  lower<V>(l: ControlLowering<V>, inputs: readonly V[], attributes: PartAttributes): V;
  /** Adds a cotangent of this part to those of the whole, which has a place. */
  gather(cotangent: Tensor, attributes: PartAttributes, place: number, gathered: Gathered): void;
}

/** Any op. The method notation lets an op of known attributes stand where they are unknown. */
export type Op = ElementwiseOp | LinearOp | BilinearOp | CustomOp | ControlOp | PartOp | LeafOp;
