/**
 * Two ways to do the same, timed in turns in one run: what others do to the machine meets both alike, and the ratio
 * stays.
 */

/** The time of each, round by round, in milliseconds. */
export interface Rounds {
  readonly first: readonly number[];
  readonly second: readonly number[];
}

/** How long the first took beside the second. */
export interface Comparison {
  /** The median time of each, in milliseconds. */
  readonly first: number;
  readonly second: number;
  /** First beside second: the ratio of each round, of which a quarter lies below `low` and a quarter above `high`. */
  readonly ratio: number;
  readonly low: number;
  readonly high: number;
}

/** A sample of half a millisecond is long beside the clock and short beside a time slice. */
const SAMPLE_MILLISECONDS = 0.5;

let sink: unknown;

/** What was computed last; reading it is what keeps the work alive. */
export function lastOfTurns(): unknown {
  return sink;
}

function timeOf(run: () => unknown, calls: number): number {
  const begin = performance.now();
  for (let k = 0; k < calls; k++) sink = run();
  return (performance.now() - begin) / calls;
}

/** How many calls make a sample; the calls that find out warm the function up. */
function callsFor(run: () => unknown): number {
  let calls = 1;
  while (timeOf(run, calls) * calls < SAMPLE_MILLISECONDS && calls < 1 << 16) calls *= 2;
  return calls;
}

const quantile = (sorted: readonly number[], share: number): number =>
  sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))]!;

/**
 * Times two functions in so many rounds; whichever came first comes second in the next. The event loop turns after
 * every round.
 */
export async function timeInTurns(first: () => unknown, second: () => unknown, rounds: number): Promise<Rounds> {
  const calls = Math.max(callsFor(first), callsFor(second));
  const [a, b]: [number[], number[]] = [[], []];
  for (let round = 0; round < rounds; round++) {
    if (round % 2 === 0) a.push(timeOf(first, calls));
    b.push(timeOf(second, calls));
    if (round % 2 === 1) a.push(timeOf(first, calls));
    await new Promise((resolve) => setImmediate(resolve));
  }
  return { first: a, second: b };
}

/** Sums up rounds of one process or of several. */
export function compare({ first, second }: Rounds): Comparison {
  const sorted = (list: readonly number[]): number[] => [...list].sort((x, y) => x - y);
  const ratios = sorted(first.map((time, k) => time / second[k]!));
  return {
    first: quantile(sorted(first), 0.5),
    second: quantile(sorted(second), 0.5),
    ratio: quantile(ratios, 0.5),
    low: quantile(ratios, 0.25),
    high: quantile(ratios, 0.75),
  };
}

/** Times two functions in turns, and sums up. */
export async function interleave(first: () => unknown, second: () => unknown, rounds: number): Promise<Comparison> {
  return compare(await timeInTurns(first, second, rounds));
}

/** A time with its unit. */
export function showTime(milliseconds: number): string {
  if (milliseconds < 1e-3) return `${(milliseconds * 1e6).toPrecision(3)} ns`;
  if (milliseconds < 1) return `${(milliseconds * 1e3).toPrecision(3)} µs`;
  return milliseconds < 999.5 ? `${milliseconds.toPrecision(3)} ms` : `${(milliseconds / 1e3).toPrecision(3)} s`;
}
