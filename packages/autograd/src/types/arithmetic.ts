/**
 * Sums, products and quotients of dimensions at compile time, by the long arithmetic of decimal digits: its cost grows
 * with the digits, not with the number.
 */

import type { IsLiteral, Shape } from "./shape.ts";

/** A natural number, least significant digit first, possibly with zeros behind. */
type Digits = readonly Digit[];
type Digit = keyof Tallies;

/** A digit as a tuple of that length: lengths of concatenated tuples are the only addition the compiler has. */
interface Tallies {
  readonly "0": [];
  readonly "1": [1];
  readonly "2": [1, 1];
  readonly "3": [1, 1, 1];
  readonly "4": [1, 1, 1, 1];
  readonly "5": [1, 1, 1, 1, 1];
  readonly "6": [1, 1, 1, 1, 1, 1];
  readonly "7": [1, 1, 1, 1, 1, 1, 1];
  readonly "8": [1, 1, 1, 1, 1, 1, 1, 1];
  readonly "9": [1, 1, 1, 1, 1, 1, 1, 1, 1];
}
type Ten = [...Tallies["9"], 1];

interface Copies<T extends 1[]> {
  readonly "0": [];
  readonly "1": T;
  readonly "2": [...T, ...T];
  readonly "3": [...T, ...T, ...T];
  readonly "4": [...T, ...T, ...T, ...T];
  readonly "5": [...T, ...T, ...T, ...T, ...T];
  readonly "6": [...T, ...T, ...T, ...T, ...T, ...T];
  readonly "7": [...T, ...T, ...T, ...T, ...T, ...T, ...T];
  readonly "8": [...T, ...T, ...T, ...T, ...T, ...T, ...T, ...T];
  readonly "9": [...T, ...T, ...T, ...T, ...T, ...T, ...T, ...T, ...T];
}

/** The sum of two dimensions, or `number` where one is not a literal. */
export type Add<A extends number, B extends number> = [ToDigits<A>, ToDigits<B>] extends [
  infer X extends Digits,
  infer Y extends Digits,
]
  ? TextToNumber<ToText<MultiplyAdd<X, "1", Y>>>
  : number;

/**
 * How many elements a shape has, in digits without leading zeros, or `undefined` where its rank or a dimension is not
 * known.
 */
export type ElementCount<S extends Shape, Count extends Digits = readonly ["1"]> = S extends readonly [
  infer D extends number,
  ...infer Others extends Shape,
]
  ? ToDigits<D> extends infer X extends Digits
    ? ElementCount<Others, Count extends readonly ["1"] ? X : X extends readonly ["1"] ? Count : Multiply<Count, X>>
    : undefined
  : number extends S["length"]
    ? undefined
    : ToText<Count>;

/** The difference of two dimensions, `never` where it is negative, `number` where one is not a literal. */
export type Minus<A extends number, B extends number> = [ToDigits<A>, ToDigits<B>] extends [
  infer X extends Digits,
  infer Y extends Digits,
]
  ? Subtract<X, Y> extends infer Left
    ? [Left] extends [never]
      ? never
      : Left extends Digits
        ? TextToNumber<ToText<Left>>
        : never
    : never
  : number;

/** The quotient of two counts, `number` where the divisor is zero, `never` where the division leaves a remainder. */
export type Quotient<Count extends string, Divisor extends string> = Divisor extends "0"
  ? number
  : Divisor extends "1"
    ? TextToNumber<Count>
    : ParseDigits<Divisor> extends infer D extends Digits
      ? LongDivision<Count, D, readonly "0"[]>
      : number;

/** The quotient of two dimensions without its remainder, `number` where one is not a literal or the divisor is zero. */
export type FloorQuotient<A extends number, B extends number> = [ToDigits<A>, ToDigits<B>] extends [
  Digits,
  infer D extends Digits,
]
  ? D extends readonly "0"[]
    ? number
    : LongDivision<`${A}`, D, Digits>
  : number;

type ToDigits<N extends number> = IsLiteral<N> extends true ? ParseDigits<`${N}`> : undefined;

/** `undefined` for what is not a natural number in plain notation: `-1`, `0.5`, `1e+21`. */
type ParseDigits<Text extends string, Out extends Digits = []> = Text extends `${infer Head}${infer Rest}`
  ? Head extends Digit
    ? ParseDigits<Rest, [Head, ...Out]>
    : undefined
  : Out;

type ToText<N extends Digits, Out extends string = ""> = N extends readonly [
  infer Head extends Digit,
  ...infer Rest extends Digits,
]
  ? ToText<Rest, `${Head}${Out}`>
  : StripZeros<Out>;

type StripZeros<Text extends string> = Text extends `0${infer Rest}`
  ? Rest extends ""
    ? "0"
    : StripZeros<Rest>
  : Text;

/** Digits beyond what a JavaScript number holds do not survive the round trip and give `number`. */
type TextToNumber<Text extends string> = Text extends `${infer Value extends number}` ? Value : number;

/** Horner's scheme over the digits of `B`, most significant first. */
type Multiply<A extends Digits, B extends Digits, Out extends Digits = []> = B extends readonly [
  ...infer Rest extends Digits,
  infer Last extends Digit,
]
  ? Multiply<A, Rest, MultiplyAdd<A, Last, ["0", ...Out]>>
  : Out;

/** `A · D + C`: one column adds at most 9 · 9 + 9 + 9 = 99, so that the carry is one digit. */
type MultiplyAdd<
  A extends Digits,
  D extends Digit,
  C extends Digits,
  Carry extends 1[] = [],
  Out extends Digits = [],
> = [A, C] extends [readonly [], readonly []]
  ? [...Out, ...Column<Carry>]
  : Column<[...Copies<Tallies[First<A>]>[D], ...Tallies[First<C>], ...Carry]> extends readonly [
        infer Units extends Digit,
        infer Tens extends Digit,
      ]
    ? MultiplyAdd<Rest<A>, D, Rest<C>, Tallies[Tens], [...Out, Units]>
    : never;

/** The units and tens of a tally below 100. */
type Column<T extends 1[]> = `${T["length"]}` extends `${infer High}${infer Low}`
  ? Low extends Digit
    ? High extends Digit
      ? [Low, High]
      : never
    : High extends Digit
      ? [High, "0"]
      : never
  : never;

type First<N extends Digits> = N extends readonly [infer Head extends Digit, ...Digits] ? Head : "0";
type Rest<N extends Digits> = N extends readonly [Digit, ...infer Tail extends Digits] ? Tail : [];

/** `never` where what is left over is none of the remainders that are `Allowed`. */
type LongDivision<
  Count extends string,
  Divisor extends Digits,
  Allowed extends Digits,
  Remainder extends Digits = [],
  Out extends Digits = [],
> = Count extends `${infer Head extends Digit}${infer Tail}`
  ? SubtractOften<[Head, ...Remainder], Divisor> extends [infer Left extends Digits, infer Q extends Digit]
    ? LongDivision<Tail, Divisor, Allowed, Left, [Q, ...Out]>
    : never
  : Remainder extends Allowed
    ? TextToNumber<ToText<Out>>
    : never;

/** The rest of `A` once `B` has been taken away as often as it fits, at most nine times, and how often that was. */
type SubtractOften<A extends Digits, B extends Digits, Times extends unknown[] = []> =
  Subtract<A, B> extends infer Left
    ? [Left] extends [never]
      ? [A, `${Times["length"]}`]
      : Left extends Digits
        ? SubtractOften<Left, B, [...Times, 1]>
        : never
    : never;

/** `A − B`, or `never` where that is negative. */
type Subtract<A extends Digits, B extends Digits, Borrow extends 1[] = [], Out extends Digits = []> = [A, B] extends [
  readonly [],
  readonly [],
]
  ? Borrow extends []
    ? Out
    : never
  : Tallies[First<A>] extends [...Tallies[First<B>], ...Borrow, ...infer Left extends 1[]]
    ? Subtract<Rest<A>, Rest<B>, [], [...Out, Column<Left>[0]]>
    : [...Ten, ...Tallies[First<A>]] extends [...Tallies[First<B>], ...Borrow, ...infer Left extends 1[]]
      ? Subtract<Rest<A>, Rest<B>, [1], [...Out, Column<Left>[0]]>
      : never;
