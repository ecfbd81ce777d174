/** Judging one gradient on all probes: right, wrong, a corner, or nothing that can be judged. */

import { residualOf } from "./compare.ts";
import { keepsSums, type Corner } from "./corners.ts";
import { sameShape, type Numbers } from "./numbers.ts";
import type { OpLine } from "./report.ts";

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

/** The line of one gradient: its worst probe. */
export function judgeLine(name: string, formula: string, given: readonly { readonly yours: Numbers; readonly truth: Truth }[]): OpLine {
  const line = (status: OpLine["status"], global: OpLine["global"]): OpLine => ({ name, formula, status, local: global, global });
  if (given.length === 0) return line("missing", null);
  let worst: OpLine["global"] = null;
  let cornered = false;
  for (const { yours, truth } of given) {
    if (yours.data.some((x) => !Number.isFinite(x)) && truth.value.data.every(Number.isFinite)) return line("nan", null);
    const { value, used } = atCorners(yours, truth);
    const residual = residualOf(yours, value, truth.allowed);
    if (residual === null) return line("shape", null);
    cornered ||= used;
    if (worst === null || residual.overTolerance > worst.overTolerance) worst = residual;
  }
  return line(worst!.overTolerance > 1 ? "root" : cornered ? "kink" : "ok", worst);
}
