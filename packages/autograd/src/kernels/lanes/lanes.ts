/**
 * The operations of one machine type, over any kind of thing that can be computed with: what kernels are written in,
 * once.
 */

/** The machine types that have lanes. */
export type LaneType = "f32" | "f64" | "i32";

/** The type of a condition in each reading; kept apart from values, so that the two are not mixed up. */
export interface Lanes<V, M> {
  readonly type: LaneType;
  /** A constant, rounded to the type. */
  constant(value: number): V;
  /** The same value, computed once however often it is used. */
  share(x: V): V;
  shareMask(x: M): M;

  add(a: V, b: V): V;
  sub(a: V, b: V): V;
  mul(a: V, b: V): V;
  neg(a: V): V;
  abs(a: V): V;
  /** NaN where either is; -0 is less than 0. */
  min(a: V, b: V): V;
  max(a: V, b: V): V;
  /** `bound` where x is more or less than it; x elsewhere, also where it is NaN. */
  atMost(x: V, bound: V): V;
  atLeast(x: V, bound: V): V;
  eq(a: V, b: V): M;
  ne(a: V, b: V): M;
  lt(a: V, b: V): M;
  le(a: V, b: V): M;
  gt(a: V, b: V): M;
  ge(a: V, b: V): M;
  and(a: M, b: M): M;
  or(a: M, b: M): M;
  not(a: M): M;
  select(condition: M, a: V, b: V): V;
  /** 1 where the condition holds, else 0. */
  fromMask(condition: M): V;

  /** Of i32 alone: the bits of x turned to the left by n, and those of y exclusively or'ed into them. */
  turn(x: V, n: number, y: V): V;

  // From here on float types only; the reading of i32 refuses them.
  div(a: V, b: V): V;
  sqrt(a: V): V;
  floor(a: V): V;
  trunc(a: V): V;
  /** To the nearest whole number, ties to even. */
  nearest(a: V): V;
  /** True if a is -0. */
  isMark(a: V): M;
  /** |a| with the sign of b. */
  copySign(a: V, b: V): V;
  /** a · b + c, rounded twice: fused where a program allows it. */
  multiplyAdd(a: V, b: V, c: V): V;
  /** x · 2ⁿ for a whole n for which 2ⁿ is a normal number. */
  scale(x: V, n: V): V;
  /** For a positive normal x = m · 2ᵉ with 1 ≤ m < 2: e. */
  exponent(x: V): V;
  /** Likewise m. */
  significand(x: V): V;
  /** x with the lower half of its significand cleared, so that the square of the result is exact. */
  upper(x: V): V;
  /** A function of one number of the host, called entry by entry wherever `needed` holds; `otherwise` elsewhere. */
  external(name: ExternalName, needed: M, x: V, otherwise: V): V;
  /** A function of two numbers of the host, called for every entry. */
  external2(name: External2Name, a: V, b: V): V;
}

/** Functions that have no formula in lanes, or none for arguments of this size. */
export type ExternalName = "sin" | "cos" | "tan";
export type External2Name = "pow";

/** A function of lanes, read in any way. */
export type LaneFormula = <V, M>(l: Lanes<V, M>, ...inputs: V[]) => V;
