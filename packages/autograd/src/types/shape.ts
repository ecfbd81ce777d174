/** The shape of a tensor as a tuple type, and what a call with shapes that do not fit turns into. */

export type Shape = readonly number[];

/**
 * The type of a call whose shapes do not fit: no tensor has this property, so the editor shows the message at the
 * argument.
 */
export interface ShapeMismatch<Message extends string> {
  readonly "shape mismatch": Message;
}

/**
 * Joined to a parameter's type, `other: Tensor<B> & Guard<Broadcast<A, B>>`: `B` is inferred from the tensor,
 * and the intersection then refuses the argument when the rule yields a mismatch.
 */
export type Guard<R> = R extends Shape ? unknown : R;

/** The shape that a rule yields; `Shape` after a mismatch, so that the one wrong call is the only error. */
export type Result<R> = R extends Shape ? R : Shape;

/** True for `number[]` and for tuples with a rest element: nothing can be said about an axis counted from the end. */
export type IsUnknownRank<S extends Shape> = number extends S["length"] ? true : false;

/** A dimension is checked only where it is one literal: `number` and unions such as `2 | 3` say nothing certain. */
export type IsLiteral<N extends number, Members extends number = N> = number extends N
  ? false
  : N extends unknown
    ? [Members] extends [N]
      ? true
      : false
    : never;

/**
 * The size of a dimension of which both `A` and `B` are true: `number` is compatible with everything, `never` is a
 * contradiction.
 */
export type Agree<A extends number, B extends number> = number extends A ? B : number extends B ? A : A & B;

/** A tuple without the `readonly` that `const` type parameters and `as const` add: results have one form. */
export type Mutable<S extends Shape> = { -readonly [I in keyof S]: S[I] };

/** The same rank with every dimension unknown: an axis was moved or removed, but it is not known which. */
export type Anonymous<S extends Shape> = { -readonly [I in keyof S]: number };

/** A shape as messages print it: `[2, number, 4]`. */
export type Show<S extends Shape> = `[${ShowDimensions<S>}]`;

type ShowDimensions<S extends Shape> = S extends readonly [infer D extends number, ...infer Rest extends Shape]
  ? Rest extends readonly []
    ? ShowDimension<D>
    : `${ShowDimension<D>}, ${ShowDimensions<Rest>}`
  : number extends S["length"]
    ? "..."
    : "";

export type ShowDimension<D extends number> = number extends D ? "number" : `${D}`;
