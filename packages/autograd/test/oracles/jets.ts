/** Derivatives up to the third along three directions: numbers with three nilpotent parts, over any arithmetic. */

/**
 * The coefficients of 1, ε₁, ε₂, ε₁ε₂, ε₃, ε₁ε₃, ε₂ε₃, ε₁ε₂ε₃ with ε² = 0, by the bits of the index. `null` is a part
 * that never moves, which is not the same as one that was computed as 0.
 */
export type Jet<T> = readonly (T | null)[];

/** What jets are computed in. */
export interface Arithmetic<T> {
  readonly add: (a: T, b: T) => T;
  readonly mul: (a: T, b: T) => T;
}

/** The value and three derivatives of a function of one number; `null` for one that is 0 everywhere. */
export type Local<T> = readonly [value: T, first: T | null, second: T | null, third: T | null];

/** The index of the coefficient of each order: ε₁, ε₁ε₂, ε₁ε₂ε₃. */
export const ORDERS = { 1: 1, 2: 3, 3: 7 } as const;
export type Order = keyof typeof ORDERS;

const ALL = 7;

/** A part is needed for an order where it is contained in the part of that order. */
const needed = (part: number, order: Order): boolean => (part & ~ORDERS[order]) === 0;

export const constantJet = <T>(value: T): Jet<T> => [value, null, null, null, null, null, null, null];

/** Combines what is there: `null` where nothing moves. */
const both = <T>(combine: (a: T, b: T) => T, a: T | null, b: T | null): T | null =>
  a === null ? b : b === null ? a : combine(a, b);

const times = <T>({ mul }: Arithmetic<T>, a: T | null, b: T | null): T | null =>
  a === null || b === null ? null : mul(a, b);

export const addJets = <T>({ add }: Arithmetic<T>, a: Jet<T>, b: Jet<T>): Jet<T> =>
  a.map((part, k) => both(add, part, b[k]!));

/** (a b)_S = Σ over the parts R of S of a_R b_(S∖R) */
export const mulJets = <T>(arithmetic: Arithmetic<T>, a: Jet<T>, b: Jet<T>, order: Order): Jet<T> =>
  a.map((_, whole) => {
    let sum: T | null = null;
    if (!needed(whole, order)) return null;
    for (let part = 0; part <= whole; part++) {
      if ((part & ~whole) === 0) sum = both(arithmetic.add, sum, times(arithmetic, a[part]!, b[whole ^ part]!));
    }
    return sum;
  });

/** g(a) = g + g′ n + g″ n²/2 + g‴ n³/6 with n = a − a₀: for each set of directions, a sum over its partitions. */
export const chainJet = <T>(
  arithmetic: Arithmetic<T>,
  [value, first, second, third]: Local<T>,
  a: Jet<T>,
  order: Order,
): Jet<T> => {
  const product = (...factors: (T | null)[]): T | null => factors.reduce((x, y) => times(arithmetic, x, y));
  const sum = (...terms: (T | null)[]): T | null => terms.reduce((x, y) => both(arithmetic.add, x, y));
  return a.map((part, whole) => {
    if (whole === 0) return value;
    if (!needed(whole, order)) return null;
    const bits = [1, 2, 4].filter((bit) => (whole & bit) !== 0);
    const [i, j] = bits as [number, number];
    if (bits.length === 1) return product(first, part);
    if (bits.length === 2) return sum(product(first, part), product(second, a[i]!, a[j]!));
    const pairs = bits.map((bit) => product(second, a[bit]!, a[ALL ^ bit]!));
    return sum(product(first, part), ...pairs, product(third, a[1]!, a[2]!, a[4]!));
  });
};
