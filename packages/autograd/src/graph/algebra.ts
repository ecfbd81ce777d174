/** The operations in which local derivatives are written, over any kind of thing that can be computed with. */

/**
 * A formula written against this interface can be read with numbers (one fused loop), with tensors (recorded, so that
 * it can be differentiated again) or with text (printed). It is stated once.
 */
export interface Algebra<T> {
  add(a: T | number, b: T | number): T;
  sub(a: T | number, b: T | number): T;
  mul(a: T | number, b: T | number): T;
  div(a: T | number, b: T | number): T;
  pow(a: T | number, b: T | number): T;
  /** g · p, dropped (-0) where g is -0, whatever p is. */
  absorb(g: T | number, p: T | number): T;
  /** x, and -0 where it is 0. */
  annul(x: T | number): T;
  neg(a: T | number): T;
  exp(a: T | number): T;
  log(a: T | number): T;
  sqrt(a: T | number): T;
  abs(a: T | number): T;
  sign(a: T | number): T;
  sin(a: T | number): T;
  cos(a: T | number): T;
  tan(a: T | number): T;
  tanh(a: T | number): T;
  sigmoid(a: T | number): T;
  /** e^(-a²). */
  gaussian(a: T | number): T;
  greater(a: T | number, b: T | number): T;
  greaterEqual(a: T | number, b: T | number): T;
  less(a: T | number, b: T | number): T;
  lessEqual(a: T | number, b: T | number): T;
  equal(a: T | number, b: T | number): T;
  notEqual(a: T | number, b: T | number): T;
  and(a: T | number, b: T | number): T;
  or(a: T | number, b: T | number): T;
  not(a: T | number): T;
  where(condition: T | number, a: T | number, b: T | number): T;
}
