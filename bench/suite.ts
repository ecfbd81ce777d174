/** What a benchmark is: a case that is proved right before it is timed, and a line of figures printed after. */

import benny from "benny";

/** One thing to time. */
export interface Case {
  readonly name: string;
  /** How many units one run does: ops, entries, steps. */
  readonly units: number;
  /** What a unit is, for the figure: `"op"`. */
  readonly unit: string;
  /** What the figure should not exceed, in nanoseconds for each unit. */
  readonly reach?: number;
  /** Throws where the result is wrong; runs once, before any timing. */
  readonly validate: () => void;
  /** The work; its result is consumed, so that no engine can skip it. */
  readonly run: () => unknown;
}

/** A timed case. */
export interface Figure {
  readonly name: string;
  readonly unit: string;
  readonly nanoseconds: number;
  /** Relative margin of error, in percent. */
  readonly margin: number;
  readonly reach: number | null;
}

let sink: unknown;

/** What was computed last; reading it is what keeps the work alive. */
export function consumed(): unknown {
  return sink;
}

/** Refuses a benchmark of something wrong. */
export function expectClose(what: string, got: number, expected: number, relative = 1e-12): void {
  if (Math.abs(got - expected) <= relative * Math.abs(expected)) return;
  throw new Error(`${what}: ${got} where ${expected} is right; nothing is timed`);
}

/** Validates every case, then times them one after another with benny. */
export async function runSuite(name: string, cases: readonly Case[], smoke: boolean): Promise<Figure[]> {
  for (const one of cases) one.validate();
  const options = smoke
    ? { minSamples: 1, maxTime: 0.05, minTime: 0.01, initCount: 1 }
    : { minSamples: 20, maxTime: 3 };
  const timed = cases.map((one) =>
    benny.add(
      one.name,
      () => {
        sink = one.run();
      },
      options,
    ),
  );
  const summary = await benny.suite(name, ...timed);
  return summary.results.map((result, k) => {
    const { units, unit, reach } = cases[k]!;
    return {
      name: result.name,
      unit,
      nanoseconds: (result.details.median * 1e9) / units,
      margin: result.margin,
      reach: reach ?? null,
    };
  });
}
