/** The shapes of what is cut out of a tensor: at, slice, split. */

import type { Add, FloorQuotient, Minus, Quotient } from "./arithmetic.ts";
import type { AxisIndex } from "./axis.ts";
import type { Anonymous, IsLiteral, IsUnknownRank, Shape, ShapeMismatch, Show } from "./shape.ts";

/** From where up to but not including where along an axis, and every how many entries: `[start]` is open at the end. */
export type Bounds = readonly [start?: number | undefined, end?: number | undefined, step?: number | undefined];

/** Bounds by axis, `{ 0: [1, 3], [-1]: [2] }`; axes that are not named are taken whole. */
export interface BoundsByAxis {
  readonly [axis: number]: Bounds;
  readonly length?: never;
}

/** The shape without the leading axes that are indexed; a negative index counts from the end. */
export type At<S extends Shape, Indices extends readonly unknown[]> = S extends Shape
  ? IsUnknownRank<S> extends true
    ? Shape
    : number extends Indices["length"]
      ? Shape
      : DropIndexed<S, Indices, S>
  : never;

type DropIndexed<S extends Shape, Indices extends readonly unknown[], Whole extends Shape> = Indices extends readonly [
  infer Index,
  ...infer More,
]
  ? S extends readonly [infer D extends number, ...infer Rest extends Shape]
    ? Index extends number
      ? [FromFront<D, Index, 0>] extends [never]
        ? OutOfRange<Index, Whole>
        : FromFront<D, Index, 0> extends D
          ? IsLiteral<D> extends true
            ? IsLiteral<Index> extends true
              ? OutOfRange<Index, Whole>
              : DropIndexed<Rest, More, Whole>
            : DropIndexed<Rest, More, Whole>
          : DropIndexed<Rest, More, Whole>
      : DropIndexed<Rest, More, Whole>
    : ShapeMismatch<`at: more indices than axes in ${Show<Whole>}`>
  : { -readonly [I in keyof S]: S[I] };

type OutOfRange<
  Index extends number,
  Whole extends Shape,
> = ShapeMismatch<`at: index ${Index} is out of range in ${Show<Whole>}`>;

/**
 * A bound counted from the front: `number` where it is not known, `never` where it lies outside an axis of `D` entries.
 */
type FromFront<D extends number, B, Missing extends number> = [B] extends [undefined]
  ? Missing
  : B extends number
    ? IsLiteral<B> extends true
      ? `${B}` extends `-${infer FromEnd extends number}`
        ? Minus<D, FromEnd>
        : [Minus<D, B>] extends [never]
          ? never
          : B
      : number
    : number;

/** How many entries lie between two bounds, or a message. */
type Between<D extends number, B extends readonly unknown[]> = [FromFront<D, B[0], 0>, FromFront<D, B[1], D>] extends [
  infer Start extends number,
  infer End extends number,
]
  ? [Start] extends [never]
    ? "start"
    : [End] extends [never]
      ? "end"
      : [Start, B[2]] extends [0, undefined | 1]
        ? End
        : [Minus<End, Start>] extends [never]
          ? 0
          : Stepped<Minus<End, Start>, B[2]>
  : number;

/** Every how many of `Count` entries: ⌈count / step⌉. */
type Stepped<Count extends number, Step> = [Step] extends [undefined | 1]
  ? Count
  : Step extends number
    ? IsLiteral<Step> extends true
      ? FloorQuotient<Minus<Add<Count, Step>, 1>, Step>
      : number
    : number;

type CutAxis<D extends number, B extends readonly unknown[]> = number extends B["length"] ? number : Between<D, B>;

/** The shape of a box, its bounds given by axis. */
export type SliceByAxis<S extends Shape, B extends BoundsByAxis> = S extends Shape
  ? IsUnknownRank<S> extends true
    ? Shape
    : number extends keyof B
      ? Anonymous<S>
      : [Exclude<keyof B, number | "length">] extends [never]
        ? [Strangers<S, keyof B>] extends [never]
          ? CutEach<S, { [I in keyof S]: BoundsOf<S, B, I> }, S>
          : ShapeMismatch<`slice: axis ${Strangers<S, keyof B>} is out of range in ${Show<S>}`>
        : ShapeMismatch<"slice: bounds belong to axes, by their numbers">
  : never;

/** Named axes that the shape does not have. */
type Strangers<S extends Shape, Names> = Names extends number
  ? [AxisIndex<S, Names>] extends [never]
    ? Names
    : never
  : never;

/** The bounds that name the axis `I`, from either end. */
type BoundsOf<S extends Shape, B extends BoundsByAxis, I> = {
  [K in keyof B]: K extends number ? (`${AxisIndex<S, K>}` extends I ? B[K] : never) : never;
}[keyof B] extends infer Found
  ? [Found] extends [never]
    ? []
    : Found
  : never;

/** The shape of a box, its bounds given as lists of starts, ends and steps. */
export type SliceByLists<S extends Shape, Starts, Ends, Steps> = S extends Shape
  ? IsUnknownRank<S> extends true
    ? Shape
    : IsOpenList<Starts> | IsOpenList<Ends> | IsOpenList<Steps> extends false
      ? CutEach<S, { [I in keyof S]: [EntryOf<Starts, I>, EntryOf<Ends, I>, EntryOf<Steps, I>] }, S>
      : Anonymous<S>
  : never;

/** True if a list has a length that only the run knows. */
type IsOpenList<L> = L extends readonly unknown[] ? (number extends L["length"] ? true : false) : false;

type EntryOf<L, I> = I extends keyof L ? L[I] : undefined;

type CutEach<
  S extends Shape,
  B extends readonly unknown[],
  Whole extends Shape,
  Out extends number[] = [],
> = S extends readonly [infer D extends number, ...infer Rest extends Shape]
  ? B extends readonly [infer First extends readonly unknown[], ...infer More]
    ? CutAxis<D, First> extends infer Size
      ? Size extends number
        ? CutEach<Rest, More, Whole, [...Out, Size]>
        : ShapeMismatch<`slice: the ${Size & string} along axis ${Out["length"]} is out of range in ${Show<Whole>}`>
      : never
    : never
  : Out;

/** So many parts are listed one by one in a type; of more only their common shape is known. */
type MostListed = 256;

/** The shapes of the parts of a tensor that is cut along an axis: a tuple where their number is known. */
export type Split<S extends Shape, Sections, Axis extends number = 0> = S extends Shape
  ? IsUnknownRank<S> extends true
    ? Shape[]
    : IsLiteral<Axis> extends true
      ? [AxisIndex<S, Axis>] extends [never]
        ? ShapeMismatch<`split: axis ${Axis} is out of range in ${Show<S>}`>
        : Sections extends number
          ? EqualParts<S, Sections, AxisIndex<S, Axis>>
          : Sections extends Shape
            ? ListedParts<S, Sections, AxisIndex<S, Axis>>
            : Shape[]
      : Anonymous<S>[]
  : never;

type WithAxis<S extends Shape, Index extends number, D extends number> = {
  -readonly [I in keyof S]: I extends `${Index}` ? D : S[I];
};

type EqualParts<S extends Shape, Count extends number, Index extends number> =
  IsLiteral<Count> extends true
    ? PartSize<S[Index], Count> extends infer D
      ? [D] extends [never]
        ? ShapeMismatch<`split: ${Count} equal parts do not fill axis ${Index} of ${Show<S>}`>
        : D extends number
          ? [Minus<MostListed, Count>] extends [never]
            ? WithAxis<S, Index, D>[]
            : Repeat<WithAxis<S, Index, D>, Count>
          : never
      : never
    : WithAxis<S, Index, number>[];

type PartSize<D extends number, Count extends number> =
  IsLiteral<D> extends true ? Quotient<`${D}`, `${Count}`> : number;

type Repeat<S extends Shape, Count extends number, Out extends Shape[] = []> = number extends Count
  ? S[]
  : Out["length"] extends Count
    ? Out
    : Repeat<S, Count, [...Out, S]>;

type ListedParts<S extends Shape, Sizes extends Shape, Index extends number> = number extends Sizes["length"]
  ? WithAxis<S, Index, number>[]
  : Disagree<Total<Sizes>, S[Index]> extends true
    ? ShapeMismatch<`split: parts ${Show<Sizes>} do not add up to axis ${Index} of ${Show<S>}`>
    : { -readonly [I in keyof Sizes]: WithAxis<S, Index, Sizes[I]> };

type Total<Sizes extends Shape, Sum extends number = 0> = Sizes extends readonly [
  infer D extends number,
  ...infer Rest extends Shape,
]
  ? Total<Rest, Add<Sum, D>>
  : Sum;

type Disagree<A extends number, B extends number> = [IsLiteral<A>, IsLiteral<B>] extends [true, true]
  ? [A] extends [B]
    ? false
    : true
  : false;

/** Joined to a parameter's type: refuses it where the rule for a list of parts yields a mismatch. */
export type GuardParts<R> = R extends readonly Shape[] ? unknown : R;

/** The shapes of the parts; of any shapes after a mismatch. */
export type PartsOf<R> = R extends readonly Shape[] ? R : Shape[];
