/** The verdict of differences on one derivative: that it agrees, that it does not, or why they cannot tell. */

import { central, fourthOrder, oneSided, STEP, type Line } from "./finite-difference.ts";
import { within } from "./same.ts";

/**
 * The finding, the number that differences give (NaN where they give none), and how far from it counted as the same.
 * `kink`: the slopes on the two sides differ, or the function jumps. `noise`: the differences vary more than the
 * deviation in question. `undefined`: there is no value on either side to take differences of.
 */
export interface Verdict {
  readonly kind: "agrees" | "differs" | "kink" | "noise" | "undefined";
  readonly expected: number;
  readonly allowed: number;
}

const EPSILON = 2 ** -52;

/** Steps for the fourth-order formula, from where the function bends little to where kinks nearby are out of reach. */
const LADDER = [-7, -10, -13, -16, -19, -22, -25].map((power) => 2 ** power);

/** Bounds what rounding of the values makes of a slope. */
const noiseOf = (line: Line, t: number, size: number): number => (4 * EPSILON * size) / Math.abs(line.shift(t));

/** How far the slopes on the two sides are apart: proportional to the step where the function is smooth. */
const gapOf = (line: Line, t: number, r: number): number => Math.abs(oneSided(line, t, r) - oneSided(line, -t, r));

/** How much of an entry is below anything that differences of values of this size could show. */
const floor = (size: number): number => 1e-12 * Math.max(1, size);

/**
 * Judges one derivative by the values of the function along a line.
 *
 * The tolerance is rtol·|expected| + atol, where atol counts only as far as the differences themselves are uncertain: a
 * small derivative with a wrong sign is not let through because it is small.
 *
 * @param got - the derivative in question
 * @param r - which reading of the line
 * @param size - the size of the values whose rounding the differences see
 */
export function judge(got: number, line: Line, r: number, size: number, atol: number, rtol: number): Verdict {
  const value = line.at(0)[r]!;
  const [right, left] = [oneSided(line, STEP, r), oneSided(line, -STEP, r)];
  // An infinite value that stays, as of a masked entry, shows no more than that nothing depends on this input.
  if (Math.abs(value) === Infinity && line.at(STEP)[r] === value && line.at(-STEP)[r] === value) {
    return { kind: got === 0 ? "agrees" : "undefined", expected: 0, allowed: 0 };
  }
  if (Number.isNaN(value)) return { kind: Number.isNaN(got) ? "agrees" : "undefined", expected: NaN, allowed: 0 };
  if (!Number.isFinite(right) || !Number.isFinite(left) || !Number.isFinite(got))
    return atEdge(got, line, r, size, atol, rtol);
  const gap = gapOf(line, STEP, r);
  const bent = gap > 1e-3 * Math.max(Math.abs(right), Math.abs(left)) + 100 * noiseOf(line, STEP, size);
  // Where the function is smooth, the slopes on the two sides come together eight times as close.
  if (bent && gapOf(line, STEP / 8, r) > 0.5 * gap) return atEdge(got, line, r, size, atol, rtol);
  const expected = central(line, STEP, r);
  const allowed = rtol * Math.abs(expected) + floor(size);
  if (within(got, expected, allowed)) return { kind: "agrees", expected, allowed };
  // Where rounding makes up the values, differences of them show nothing.
  const far = LADDER[0]!;
  const shown = Math.max(Math.abs(value), Math.abs(line.at(far)[r]!), Math.abs(line.at(-far)[r]!));
  if (4 * EPSILON * size > 0.1 * shown) return { kind: "noise", expected, allowed };
  return confirm(got, line, r, size, atol, rtol);
}

/**
 * Fourth-order differences at several steps; of those that resolve the function, the two neighbors that agree best are
 * the reference.
 */
function confirm(got: number, line: Line, r: number, size: number, atol: number, rtol: number): Verdict {
  let expected = NaN;
  let uncertain = Infinity;
  let former = NaN;
  let formerGap = NaN;
  let formerResolved = false;
  for (const t of LADDER) {
    const [estimate, gap, noise] = [fourthOrder(line, t, r), gapOf(line, t, r), noiseOf(line, t, size)];
    const spread = Math.abs(estimate - former) + noise;
    // Steps across a kink, or over whole periods of an oscillation, agree on nothing that is a derivative.
    const resolved = gap <= Math.max(0.5 * formerGap, 100 * noise);
    if (resolved && formerResolved && spread < uncertain) [expected, uncertain] = [estimate, spread];
    [former, formerGap, formerResolved] = [estimate, gap, resolved];
  }
  if (Number.isNaN(expected)) return { kind: "noise", expected, allowed: 0 };
  return decide(got, expected, uncertain, size, atol, rtol);
}

/** Compares with a reference that is uncertain itself. */
function decide(got: number, expected: number, uncertain: number, size: number, atol: number, rtol: number): Verdict {
  const allowed = rtol * Math.abs(expected) + Math.max(floor(size), Math.min(atol, 10 * uncertain));
  if (within(got, expected, allowed)) return { kind: "agrees", expected, allowed };
  return { kind: Math.abs(got - expected) <= 10 * uncertain ? "noise" : "differs", expected, allowed };
}

/** The slope on one side as the step shrinks: a number, an infinity, or NaN where there are no values. */
interface Side {
  readonly slope: number;
  /** How far the slope is from settled; 0 for an infinite one. */
  readonly uncertain: number;
  /** True if the slope grows like 1/h: the function jumps. */
  readonly jump: boolean;
}

const SHRINK = 2 ** 7;

function sideOf(line: Line, sign: 1 | -1, r: number, size: number): Side {
  const slopes: number[] = [];
  for (let t = STEP; t >= STEP / SHRINK ** 3; t /= SHRINK) {
    const slope = oneSided(line, sign * t, r);
    if (Math.abs(slope) === Infinity && !Number.isFinite(line.at(0)[r]!)) return { slope, uncertain: 0, jump: false };
    if (!Number.isFinite(slope) || Math.abs(slope) < 25 * noiseOf(line, t, size)) break;
    slopes.push(slope);
  }
  const first = oneSided(line, sign * STEP, r);
  if (!Number.isFinite(first)) return { slope: slopes[0] ?? NaN, uncertain: Infinity, jump: false };
  const growth = slopes.slice(1).map((slope, k) => slope / slopes[k]!);
  // Like a power of 1/h or like its logarithm: steadily, as an oscillation does not.
  const grows = growth.every(
    (ratio, k) => ratio > 1.15 && (k === 0 || (ratio > growth[k - 1]! / 2 && ratio < growth[k - 1]! * 2)),
  );
  if (slopes.length === 4 && grows) {
    return { slope: Math.sign(slopes[3]!) * Infinity, uncertain: 0, jump: slopes[3]! / slopes[2]! > SHRINK / 2 };
  }
  // (4 f(h) - 3 f(0) - f(2h)) / 2h, at two steps.
  const settled = (t: number): number => 2 * oneSided(line, sign * t, r) - oneSided(line, sign * 2 * t, r);
  const slope = settled(STEP);
  return { slope, uncertain: Math.abs(slope - settled(8 * STEP)) + 4 * noiseOf(line, STEP, size), jump: false };
}

/** At the boundary of the domain, at a pole, or at a kink. */
function atEdge(got: number, line: Line, r: number, size: number, atol: number, rtol: number): Verdict {
  const sides = [sideOf(line, 1, r, size), sideOf(line, -1, r, size)].filter((side) => !Number.isNaN(side.slope));
  const [one, other] = sides;
  if (one === undefined) return { kind: "undefined", expected: NaN, allowed: 0 };
  const same = other === undefined || one.slope === other.slope;
  if (same && Math.abs(one.slope) === Infinity && !one.jump) {
    return { kind: Object.is(got, one.slope) ? "agrees" : "differs", expected: one.slope, allowed: 0 };
  }
  if (other === undefined && !one.jump) return decide(got, one.slope, one.uncertain, size, atol, rtol);
  const slopes = sides.map((side) => side.slope);
  const expected = (slopes[0]! + slopes.at(-1)!) / 2;
  const gap = Math.abs(slopes[0]! - slopes.at(-1)!);
  if (sides.some((side) => side.jump)) return { kind: Number.isNaN(got) ? "differs" : "kink", expected, allowed: 0 };
  if (sides.some((side) => side.uncertain > 0.25 * gap))
    return { kind: Number.isNaN(got) ? "differs" : "noise", expected, allowed: 0 };
  // A choice between the slopes on the two sides is defensible; anything outside is not.
  const slack = 1e-3 * Math.max(...slopes.map((slope) => (Number.isFinite(slope) ? Math.abs(slope) : 0))) + atol;
  const between = got >= Math.min(...slopes) - slack && got <= Math.max(...slopes) + slack;
  return { kind: between ? "kink" : "differs", expected, allowed: slack };
}
