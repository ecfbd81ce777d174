/** Judging one gradient on all probes: right, wrong, a corner, or nothing that can be judged. */

import { residualOf } from "./compare.ts";
import { keepsSums, type Corner } from "./corners.ts";
import { sameShape, type Numbers } from "./numbers.ts";
import type { JudgedLine } from "../report.ts";

/** What is right, what it may be off, and the slopes that are as right at a corner. */
export interface Truth {
  readonly value: Numbers;
  readonly allowed: number;
  readonly corners: Corner["ranges"];
  /** Sums that every choice at the corners leaves as they are. */
  readonly sums?: Corner["sums"];
}

/** The numbers with what is accepted at corners put in place of the truth. */
function atCorners(yours: Numbers, { value, allowed, corners, sums = [] }: Truth): { readonly value: Numbers; readonly used: boolean } {
  if (corners.size === 0 || !sameShape(yours.shape, value.shape)) return { value, used: false };
  if (!keepsSums(yours, value, { ranges: corners, sums }, allowed + 1e-7 * Math.max(...value.data.map(Math.abs)))) return { value, used: false };
  const data = value.data.slice();
  for (const [i, [low, high]] of corners) data[i] = Math.min(Math.max(yours.data[i]!, low - allowed), high + allowed);
  return { value: { data, shape: value.shape }, used: true };
}

/** The numbers, with what is right in the place of NaN. */
const numbersOf = (yours: Numbers, { data }: Numbers): Numbers => ({ shape: yours.shape, data: yours.data.map((x, i) => (Number.isFinite(x) ? x : (data[i] ?? x))) });

/** The line of one gradient: its worst probe. */
export function judgeLine(name: string, formula: string, given: readonly { readonly yours: Numbers; readonly truth: Truth }[]): JudgedLine {
  const line = (status: JudgedLine["status"], global: JudgedLine["global"]): JudgedLine => ({ name, formula, status, local: global, global });
  if (given.length === 0) return line("missing", null);
  let worst: JudgedLine["global"] = null;
  let cornered = false;
  for (const { yours, truth } of given) {
    // Where the forward gives no number there is no derivative to compare with.
    if (!truth.value.data.every(Number.isFinite)) continue;
    if (yours.data.some((x) => !Number.isFinite(x))) {
      // Where the numbers that there are are wrong, that is what is to be mended first.
      const judged = residualOf(numbersOf(yours, truth.value), truth.value, truth.allowed);
      if (judged === null || judged.overTolerance <= 1) return line("nan", null);
      if (worst === null || judged.overTolerance > worst.overTolerance) worst = judged;
      continue;
    }
    const { value, used } = atCorners(yours, truth);
    const residual = residualOf(yours, value, truth.allowed);
    if (residual === null) return line("shape", null);
    cornered ||= used;
    if (worst === null || residual.overTolerance > worst.overTolerance) worst = residual;
  }
  if (worst === null) return line("nan", null);
  return line(worst.overTolerance > 1 ? "root" : cornered ? "kink" : "ok", worst);
}
