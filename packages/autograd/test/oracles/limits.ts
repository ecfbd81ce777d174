/** The derivative that a program has at a point, or the limit of its derivatives there from inside its domain. */

import { add, compare, fromNumber, mul, neg, scale, sub, toNumber, top, withPrecision, type Big } from "./bigfloat.ts";
import { ORDERS, type Order } from "./jets.ts";
import { Singular, Undecided } from "./local-rules.ts";
import type { Plain, Tape } from "./tape.ts";

/** A number, ±∞ or 0 among them; or why there is none. */
export type Truth =
  { readonly value: number } | { readonly none: "infinite" | "different sides" | "undecided" | "outside" };

/**
 * How near the point the two evaluations are made, as powers of two, and how many bits that takes: past every number of
 * the program.
 */
const NEARER = [
  {
    beyond: 120,
    at: [
      { step: 150, bits: 1100 },
      { step: 250, bits: 1700 },
    ],
  },
  {
    beyond: 700,
    at: [
      { step: 800, bits: 4000 },
      { step: 1300, bits: 6000 },
    ],
  },
  {
    beyond: 1100,
    at: [
      { step: 1200, bits: 5500 },
      { step: 2000, bits: 8500 },
    ],
  },
] as const;
/** At a regular point the same is computed in two precisions, and once more where they differ. */
const PRECISIONS = [
  [320, 400],
  [1700, 2000],
] as const;

/**
 * Bits that two evaluations have to share: at a regular point all that were promised, at a limit what the distance
 * leaves.
 */
const REGULAR = 200;
const LIMIT = 40;
/** How far limits from different sides may be apart. */
const SIDES = 1e-9;

/** Steps of different lengths, so that nothing cancels by symmetry. */
const LENGTHS = [fromNumber(1), fromNumber(0.75), fromNumber(1.375)];

type Point = readonly number[];

const agree = (a: Big, b: Big, bits: number): boolean => {
  const difference = sub(a, b);
  return difference.m === 0n || top(difference) <= top(b) - bits;
};

const absolute = (a: Big): Big => (a.m < 0n ? neg(a) : a);

type Three<T> = readonly [T, T, T];

const each = <T>(f: (order: Order) => T): Three<T> => [f(1), f(2), f(3)];

/** The first three derivatives along the directions. */
export class Limit {
  readonly #tape: Tape;
  readonly #plain: Pick<Plain, "passed" | "live">;
  readonly #point: Point;
  readonly #directions: readonly number[];

  constructor(tape: Tape, plain: Pick<Plain, "passed" | "live">, point: Point, directions: readonly number[]) {
    this.#tape = tape;
    this.#plain = plain;
    this.#point = point;
    this.#directions = directions;
  }

  /** The derivatives at the point moved by 2^-step in the directions of the signs; at the point itself for no signs. */
  #at(bits: number, signs?: readonly number[], step = 0): Three<Big> {
    return withPrecision(bits, () => {
      const leaves = this.#point.map((x, k) => {
        if (signs === undefined) {
          if (!Number.isFinite(x)) throw new Singular("∞");
          return fromNumber(x);
        }
        const length = LENGTHS[k % LENGTHS.length]!;
        if (!Number.isFinite(x)) return scale(x > 0 ? length : neg(length), step);
        return add(fromNumber(x), scale(mul(length, fromNumber(signs[k]!)), -step));
      });
      const jet = this.#tape.exact(leaves, this.#directions, this.#plain, 3);
      return each((order) => jet[ORDERS[order]] ?? fromNumber(0));
    });
  }

  truths(): Three<Truth> {
    try {
      return this.#regular() ?? this.#limits();
    } catch (error) {
      if (error instanceof Undecided) return each(() => ({ none: "undecided" }));
      throw error;
    }
  }

  #regular(): Three<Truth> | null {
    let found: Three<Truth> = each(() => ({ none: "undecided" }));
    try {
      for (const [fewer, more] of PRECISIONS) {
        const [a, b] = [this.#at(fewer), this.#at(more)];
        found = each((order) =>
          agree(a[order - 1]!, b[order - 1]!, REGULAR) ? { value: toNumber(b[order - 1]!) } : { none: "undecided" },
        );
        if (found.every((truth) => "value" in truth)) break;
      }
      return found;
    } catch (error) {
      if (error instanceof Singular) return null;
      throw error;
    }
  }

  /** The limits over all sides that lie inside the domain, which have to have the same. */
  #limits(): Three<Truth> {
    const scale = Math.max(
      this.#tape.widest(),
      ...this.#point.filter((x) => x !== 0 && Number.isFinite(x)).map((x) => Math.abs(Math.log2(Math.abs(x)))),
    );
    const nearer = (NEARER.find(({ beyond }) => scale < beyond) ?? NEARER[2]).at;
    const found: (readonly [Three<Big>, Three<Big>])[] = [];
    for (const signs of this.#sides()) {
      try {
        found.push([this.#at(nearer[0].bits, signs, nearer[0].step), this.#at(nearer[1].bits, signs, nearer[1].step)]);
      } catch (error) {
        if (!(error instanceof Singular)) throw error;
      }
    }
    return each((order) => this.#together(found.map(([far, near]) => this.#tends(far[order - 1]!, near[order - 1]!))));
  }

  #together([first, ...rest]: readonly Truth[]): Truth {
    if (first === undefined) return { none: "outside" };
    const same = (other: Truth): boolean => {
      if ("none" in first || "none" in other) return "none" in first && "none" in other && first.none === other.none;
      return first.value === other.value || Math.abs(first.value - other.value) <= SIDES * Math.abs(first.value);
    };
    return rest.every(same) ? first : { none: "different sides" };
  }

  /** Where a move matters, both ways. */
  #sides(): number[][] {
    const choices = this.#point.map((x) => (Number.isInteger(x) && Math.abs(x) <= 2 ? [1, -1] : [1]));
    return choices.reduce<number[][]>(
      (sides, signs) => sides.flatMap((side) => signs.map((sign) => [...side, sign])),
      [[]],
    );
  }

  /** What two evaluations, the second nearer, say about the limit. */
  #tends(far: Big, near: Big): Truth {
    if (agree(far, near, LIMIT)) return { value: toNumber(near) };
    if (top(far) < -30 && top(near) < top(far) - 15) return { value: 0 };
    // A logarithm grows by the ratio of the steps, 5/3.
    const grows = compare(absolute(near), mul(absolute(far), fromNumber(1.25))) > 0;
    return { none: grows && top(near) > 3 && far.m < 0n === near.m < 0n ? "infinite" : "undecided" };
  }
}
