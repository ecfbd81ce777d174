/**
 * The next trial of a line search from what is known at three steps: Moré and Thuente's safeguarded cubics and secants.
 */

/** A step along a direction: its length, the value there and the slope along the direction. */
export interface Trial {
  readonly t: number;
  readonly value: number;
  readonly slope: number;
}

/** The interval in which a step is looked for. */
export interface Interval {
  /** The end with the least value, and the other one. */
  readonly best: Trial;
  readonly other: Trial;
  /** True once a step that is wanted lies between them. */
  readonly isBracketed: boolean;
  readonly least: number;
  readonly most: number;
}

/**
 * The roots of the derivative of the cubic with these values and slopes at both ends: θ, γ in Moré and Thuente's names.
 */
function cubicOf(a: Trial, b: Trial): { readonly theta: number; readonly gamma: number } {
  const theta = (3 * (a.value - b.value)) / (b.t - a.t) + a.slope + b.slope;
  const s = Math.max(Math.abs(theta), Math.abs(a.slope), Math.abs(b.slope));
  const gamma = s === 0 ? 0 : s * Math.sqrt(Math.max(0, (theta / s) ** 2 - (a.slope / s) * (b.slope / s)));
  return { theta, gamma };
}

/** The minimum of the cubic, seen from `from`, in parts of the way to `to`. */
function cubicStep(from: Trial, to: Trial): number {
  const { theta, gamma: size } = cubicOf(from, to);
  const gamma = to.t < from.t ? -size : size;
  return (gamma - from.slope + theta) / (2 * gamma - from.slope + to.slope);
}

const nearer = (from: number, a: number, b: number): number => (Math.abs(a - from) < Math.abs(b - from) ? a : b);
const further = (from: number, a: number, b: number): number => (Math.abs(a - from) > Math.abs(b - from) ? a : b);

/** The place where the slope would be 0 if it were linear between two trials. */
const secant = (a: Trial, b: Trial): number => a.t + (a.slope / (a.slope - b.slope)) * (b.t - a.t);

/** The length of the next trial. */
function nextLength({ best, other, isBracketed, least, most }: Interval, trial: Trial): number {
  const outward = trial.t > best.t;
  if (trial.value > best.value) {
    // A higher value: a minimum lies between.
    const cubic = best.t + cubicStep(best, trial) * (trial.t - best.t);
    const quadratic =
      best.t + (best.slope / ((best.value - trial.value) / (trial.t - best.t) + best.slope) / 2) * (trial.t - best.t);
    return Math.abs(cubic - best.t) < Math.abs(quadratic - best.t) ? cubic : cubic + (quadratic - cubic) / 2;
  }
  // Slopes of opposite signs: likewise.
  if (trial.slope * Math.sign(best.slope) < 0)
    return further(trial.t, trial.t + cubicStep(trial, best) * (best.t - trial.t), secant(trial, best));
  if (Math.abs(trial.slope) < Math.abs(best.slope)) {
    // The slope becomes less steep: the cubic may have its minimum beyond, or none.
    const { theta, gamma: size } = cubicOf(best, trial);
    const gamma = outward ? -size : size;
    const r = (gamma - trial.slope + theta) / (2 * gamma + best.slope - trial.slope);
    const cubic = r < 0 && gamma !== 0 ? trial.t + r * (best.t - trial.t) : outward ? most : least;
    if (!isBracketed) return Math.min(most, Math.max(least, further(trial.t, cubic, secant(trial, best))));
    const limit = trial.t + 0.66 * (other.t - trial.t);
    const found = nearer(trial.t, cubic, secant(trial, best));
    return outward ? Math.min(limit, found) : Math.max(limit, found);
  }
  if (isBracketed) return trial.t + cubicStep(trial, other) * (other.t - trial.t);
  return outward ? most : least;
}

/** The interval after a trial, and the length of the next one. */
export function narrowed(interval: Interval, trial: Trial): { readonly interval: Interval; readonly next: number } {
  const { best, other, isBracketed } = interval;
  const next = nextLength(interval, trial);
  const turns = trial.slope * Math.sign(best.slope) < 0;
  if (trial.value > best.value) return { interval: { ...interval, other: trial, isBracketed: true }, next };
  return {
    interval: { ...interval, best: trial, other: turns ? best : other, isBracketed: isBracketed || turns },
    next,
  };
}
