/** Numbers to be explained, and the constant by which a product of known arrays explains them. */

/** Numbers of all probes in one, with what each may be off. */
export interface Target {
  readonly data: Float64Array;
  readonly slack: Float64Array;
  /** The entries that are numbers. */
  readonly use: Int32Array;
  /** The entry that says most, which gives the constant. */
  readonly pivot: number;
  /** Another one: most products fail there already. */
  readonly second: number;
  /** How many decades of agreement an explanation with one constant would show: chance shows none. */
  readonly decades: number;
}

/** The numbers as a target; `null` where there is nothing in them but rounding. */
export function targetOf(data: Float64Array, slack: Float64Array): Target | null {
  const use = Int32Array.from(Array.from(data.keys()).filter((i) => Number.isFinite(data[i]!)));
  let [pivot, most, second, next, decades] = [-1, 0, -1, 0, 0];
  const seen = new Set<number>();
  for (const i of use) {
    const [x, room] = [Math.abs(data[i]!), slack[i]!];
    // The same number twice says nothing new.
    const key = Number(data[i]!.toPrecision(6));
    if (x > room && !seen.has(key)) decades += Math.log10(x / (room + 1e-300));
    seen.add(key);
    if (x > most) [second, next, pivot, most] = [pivot, most, i, x];
    else if (x > next && x !== most) [second, next] = [i, x];
  }
  if (pivot < 0 || most <= 4 * slack[pivot]!) return null;
  return {
    data,
    slack,
    use,
    pivot,
    second: second < 0 ? pivot : second,
    decades: decades - Math.log10(most / (slack[pivot]! + 1e-300)),
  };
}

/** How precisely a constant comes out. */
export const precisionOf = ({ data, slack, pivot }: Target): number =>
  Math.max(1e-9, (4 * slack[pivot]!) / Math.abs(data[pivot]!));

/**
 * c with target = c a b d, to rounding; `null` where there is none. Written with three factors, since most of them fail
 * at once.
 */
export function constantIn(
  { data, slack, use, pivot, second }: Target,
  a: Float64Array,
  b: Float64Array,
  d: Float64Array,
): number | null {
  const c = data[pivot]! / (a[pivot]! * b[pivot]! * d[pivot]!);
  if (!(Math.abs(data[second]! - c * a[second]! * b[second]! * d[second]!) <= 2 * slack[second]!) || c === 0)
    return null;
  for (const i of use) {
    // Written so that NaN fails.
    if (!(Math.abs(data[i]! - c * a[i]! * b[i]! * d[i]!) <= 2 * slack[i]!)) return null;
  }
  return Number.isFinite(c) ? c : null;
}
