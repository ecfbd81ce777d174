/**
 * The probes by which a Jacobian is looked at: entry by entry while it is small, else along random signed directions
 * and at single entries.
 */

/** One vector: a single 1 at a place, or a full list. */
export type Probe = number | Float64Array;

/** Rows and columns at which a Jacobian is looked at: every pairing uᵀ J v. */
export interface Probes {
  readonly readings: readonly Probe[];
  readonly directions: readonly Probe[];
}

/** A Jacobian up to this many entries is looked at in full. */
const FULL = 4096;
const RANDOM = 8;
const SINGLE = 64;

/** Numbers in [0, 1) from a seed, always the same (Marsaglia's xorshift, 32 bits). */
export function generator(seed: number): () => number {
  let state = (seed ^ 0x9e3779b9) >>> 0 || 1;
  const next = (): number => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    state >>>= 0;
    return state / 2 ** 32;
  };
  for (let k = 0; k < 16; k++) next();
  return next;
}

/** The product of a probe with a list of numbers. */
export function dot(probe: Probe, numbers: Float64Array): number {
  if (typeof probe === "number") return numbers[probe]!;
  let sum = 0;
  for (let i = 0; i < probe.length; i++) sum += probe[i]! * numbers[i]!;
  return sum;
}

/** Σ |probe|·|number| over the finite numbers: the size of the terms of the product. */
export function dotOfSizes(probe: Probe, numbers: Float64Array): number {
  if (typeof probe === "number") return Number.isFinite(numbers[probe]!) ? Math.abs(numbers[probe]!) : 0;
  let sum = 0;
  for (let i = 0; i < probe.length; i++) if (Number.isFinite(numbers[i]!)) sum += Math.abs(probe[i]! * numbers[i]!);
  return sum;
}

/** The largest magnitude among the finite numbers. */
export function largest(numbers: Float64Array): number {
  return numbers.reduce((most, x) => (Number.isFinite(x) ? Math.max(most, Math.abs(x)) : most), 0);
}

/** A probe written out. */
export function dense(probe: Probe, size: number): Float64Array {
  if (typeof probe !== "number") return probe;
  const numbers = new Float64Array(size);
  numbers[probe] = 1;
  return numbers;
}

/** The power of two next below: steps by powers of two are added to a number without rounding. */
function powerOfTwo(x: number): number {
  return 2 ** Math.floor(Math.log2(x));
}

/**
 * A vector of random signs, about as long as 1 in the given units. Never of one sign alone: errors that cancel must
 * not.
 */
export function randomSigns(units: readonly number[], random: () => number): Float64Array {
  const length = powerOfTwo(1 / Math.sqrt(Math.max(1, units.length)));
  return Float64Array.from(units, (unit) => (random() < 0.5 ? -1 : 1) * unit * length);
}

/** The natural step of an entry: max(1, |x|), as a power of two. */
export function unitOf(x: number): number {
  return Number.isFinite(x) ? powerOfTwo(Math.max(1, Math.abs(x))) : 1;
}

/** Distinct places, spread over the tensors so that each is visited. */
function places(sizes: readonly number[], random: () => number): number[] {
  const starts = sizes.map((_, k) => sizes.slice(0, k).reduce((sum, size) => sum + size, 0));
  const filled = sizes.map((_, k) => k).filter((k) => sizes[k]! > 0);
  const chosen = new Set<number>();
  for (let k = 0; k < 4 * SINGLE && chosen.size < SINGLE; k++) {
    const which = filled[k % filled.length]!;
    chosen.add(starts[which]! + Math.floor(random() * sizes[which]!));
  }
  return [...chosen];
}

/**
 * Chooses the probes for a function at a point.
 *
 * @param point - all numbers of the inputs
 * @param inputs - the number of entries of each input
 * @param outputs - likewise of each result
 * @param symmetric - whether rows and columns are to be the same, as for a Hessian
 */
export function chooseProbes(
  point: Float64Array,
  inputs: readonly number[],
  outputs: readonly number[],
  symmetric: boolean,
  random: () => number,
): Probes {
  const rows = outputs.reduce((sum, size) => sum + size, 0);
  if (rows * point.length <= FULL) return { readings: [...Array(rows).keys()], directions: [...point.keys()] };
  const units = Array.from(point, unitOf);
  const directions: Probe[] = [...places(inputs, random)];
  for (let k = 0; k < RANDOM; k++) directions.push(randomSigns(units, random));
  if (symmetric) return { readings: directions, directions };
  const ones = new Array<number>(rows).fill(1);
  const readings: Probe[] = [...places(outputs, random)];
  for (let k = 0; k < RANDOM; k++) readings.push(randomSigns(ones, random));
  return { readings, directions };
}
