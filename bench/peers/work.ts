/** What a work is: the same data for everybody, what each library does with it, and what must come of it. */

/** Numbers of one array, in the precision in which the work is done. */
export type Numbers = Float32Array<ArrayBuffer> | Float64Array<ArrayBuffer>;

/** One array that a work begins with. */
export interface Field {
  readonly shape: readonly number[];
  readonly numbers: Numbers;
}

/** What came of a work, by name. */
export type Values = Readonly<Record<string, ArrayLike<number>>>;

/** A work as one library does it inside this process. */
export interface Program {
  /** Goes back to where every round begins; outside the clock. */
  readonly begin?: () => void;
  /** The work once, to its end: a lazy library is made to finish in here, as its user would have to. */
  readonly once: () => unknown;
  /** What came of the latest `once`. */
  readonly values: () => Values | Promise<Values>;
}

/** A library, and how it gets ready for the work. */
export interface Runner {
  /** `"chainrule"`, `"jax-js"`, `"TensorFlow.js"`. */
  readonly name: string;
  readonly start: () => Program | Promise<Program>;
}

/** One row of the comparison. */
export interface Work {
  /** Also the name of the Python function that does it. */
  readonly id: string;
  readonly title: string;
  /** How many floating-point operations it is, where GFLOP/s are the figure to print. */
  readonly operations?: number;
  /** Set where only one thread may be used. */
  readonly oneThread?: true;
  readonly data: Readonly<Record<string, Field>>;
  /** Numbers that are no data: a length, a learning rate. */
  readonly settings: Readonly<Record<string, number>>;
  /**
   * chainrule first: the others are compared with it. One more way is one more entry, and a column in `startLibraries`.
   */
  readonly runners: readonly Runner[];
  /** What must come of it, in float64 and by other means than those which are timed. */
  readonly expected: () => Values;
  /** What is compared with it, where that is not what a runner gives. */
  readonly compared?: (given: Values) => Values;
  /** The largest deviation, relative to the largest number of the array: float32 has 6e-8 for one operation. */
  readonly tolerance: number;
  /** Another one for an array of this name. */
  readonly tolerances?: Readonly<Record<string, number>>;
}

/** An array of a work's data in float32. */
export function float32(shape: readonly number[], numbers: ArrayLike<number>): Field {
  return { shape, numbers: Float32Array.from(numbers) };
}

/** How far an array of this name may be off. */
export function toleranceOf({ tolerance, tolerances }: Work, name: string): number {
  return tolerances?.[name] ?? tolerance;
}

/** Throws where something is not what must come of the work. */
export function validate(work: Work, expected: Values, given: Values): void {
  const got = work.compared === undefined ? given : work.compared(given);
  for (const [name, right] of Object.entries(expected)) {
    const found = got[name];
    if (found === undefined) throw new Error(`there is no ${name}`);
    if (found.length !== right.length) throw new Error(`${name} has ${found.length} entries, not ${right.length}`);
    let largest = 0;
    for (let i = 0; i < right.length; i++) largest = Math.max(largest, Math.abs(right[i]!));
    for (let i = 0; i < right.length; i++) {
      // Written so that NaN does not pass.
      if (Math.abs(found[i]! - right[i]!) <= toleranceOf(work, name) * largest) continue;
      throw new Error(`${name}[${i}] is ${found[i]!}, not ${right[i]!}`);
    }
  }
}
