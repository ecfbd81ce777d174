// Forward-mode differentiation of order two: every number carries its gradient, its Hessian and bounds for their
// rounding errors.

import { rules } from "./dual-rules.ts";
import type { OperationName, Rule } from "./dual-rules.ts";

export type { OperationName } from "./dual-rules.ts";

export interface Dual {
  readonly value: number;
  /** Derivatives by the k leaves. */
  readonly gradient: number[];
  /** Second derivatives, k × k in row-major order; absent in a run of order one. */
  readonly hessian: number[] | undefined;
  /** Σ over all paths from the leaf of the absolute product of the local derivatives. */
  readonly pathBound: number[];
  /** The same for the Hessian: every term of its chain rule by absolute value. */
  readonly hessianBound: number[] | undefined;
  /**
   * Two correct implementations may differ by this multiple of the machine epsilon in the value; 0 means not at all.
   */
  readonly valueError: number;
  /**
   * The same for each gradient entry: rounding in the sweep, and in the points where the local derivatives are taken.
   */
  readonly gradientError: number[];
  /** Value and gradient depend on finite local derivatives only. */
  readonly finite: boolean;
  readonly hessianFinite: boolean;
  /** Rounding decides: a kink or an edge of a domain too near to tell the side, or a value with too few digits left. */
  readonly ambiguous: boolean;
  /** The largest absolute local derivative or path sum that the gradient rests on. */
  readonly largest: number;
}

/** Roundings allowed for a library function: both sides within two units in the last place. */
const FUNCTION_ERROR = 4;
/** How many error bounds from a kink a number must be for both sides to agree about its side. */
const KINK_MARGIN = 8;
/** The error bounds are of low order; past this absolute error of a value they say nothing. */
const LARGEST_ERROR = 1e-3;

const zeros = (n: number): number[] => {
  const a: number[] = [];
  for (let i = 0; i < n; i++) a.push(0);
  return a;
};

/** Leaf `index` of k: an exact number. */
export const leaf = (value: number, index: number, k: number, order: 1 | 2 = 1): Dual => {
  const gradient = zeros(k);
  gradient[index] = 1;
  return {
    value,
    gradient,
    pathBound: [...gradient],
    valueError: 0,
    gradientError: zeros(k),
    finite: Number.isFinite(value),
    hessian: order === 2 ? zeros(k * k) : undefined,
    hessianBound: order === 2 ? zeros(k * k) : undefined,
    hessianFinite: Number.isFinite(value),
    ambiguous: false,
    largest: 1,
  };
};

/** A constant among duals of the same k and order as `like`. */
export const constant = (value: number, like: Dual): Dual => {
  const k = like.gradient.length;
  const dual = leaf(value, 0, k, like.hessian ? 2 : 1);
  return { ...dual, gradient: zeros(k), pathBound: zeros(k), largest: 0 };
};

/** The chain rule for f(u₀, …): p holds ∂f/∂uᵢ, and q holds ∂²f/∂uᵢ∂uⱼ in row-major order. */
const chain = (
  value: number,
  inputs: readonly Dual[],
  p: readonly number[],
  q: readonly number[],
  exact: boolean,
): Dual => {
  const k = inputs[0]!.gradient.length;
  const n = inputs.length;
  const gradient = zeros(k);
  const pathBound = zeros(k);
  const gradientError = zeros(k);
  let valueError = 0;
  let finite = Number.isFinite(value);
  let hessianFinite = finite;
  let largest = 0;
  for (let i = 0; i < n; i++) {
    const u = inputs[i]!;
    const pi = p[i]!;
    let slopeError = FUNCTION_ERROR * Math.abs(pi);
    let curved = false;
    for (let j = 0; j < n; j++) {
      const qij = q[i * n + j]!;
      if (qij === 0) continue;
      curved = true;
      const v = inputs[j]!;
      if (v.valueError > 0) {
        slopeError += Math.abs(qij) * v.valueError;
        // Near a stationary point, as of u·u at 0, the second order is all there is.
        if (u.valueError > 0) valueError += 0.5 * Number.EPSILON * Math.abs(qij) * u.valueError * v.valueError;
      }
      if (!Number.isFinite(qij)) hessianFinite = false;
    }
    if ((pi !== 0 || curved) && !(u.hessianFinite && u.finite)) hessianFinite = false;
    for (let l = 0; l < k; l++) {
      const carried = u.pathBound[l]! + Number.EPSILON * u.gradientError[l]!;
      if (slopeError > 0 && carried > 0) gradientError[l]! += slopeError * carried;
    }
    // A factor of exactly zero cuts the path: what lies behind it, even an infinity, has no influence.
    if (pi === 0) continue;
    if (!u.finite || !Number.isFinite(pi)) finite = false;
    const size = Math.abs(pi);
    if (u.valueError > 0) valueError += size * u.valueError;
    largest = Math.max(largest, u.largest, size);
    for (let l = 0; l < k; l++) {
      gradient[l]! += pi * u.gradient[l]!;
      pathBound[l]! += size * u.pathBound[l]!;
      gradientError[l]! += size * u.gradientError[l]!;
    }
  }
  for (let l = 0; l < k; l++) largest = Math.max(largest, pathBound[l]!);
  if (Number.isNaN(valueError)) valueError = Infinity;
  if (!exact || valueError > 0) valueError += (exact ? 1 : FUNCTION_ERROR) * Math.abs(value);
  const second = inputs[0]!.hessian ? chainSecond(inputs, p, q, k) : undefined;
  return {
    value,
    gradient,
    pathBound,
    gradientError,
    valueError,
    finite,
    largest,
    hessian: second?.hessian,
    hessianBound: second?.hessianBound,
    hessianFinite: hessianFinite && finite,
    ambiguous: false,
  };
};

/** ∂²f/∂xₗ∂xₘ = Σᵢ pᵢ ∂²uᵢ/∂xₗ∂xₘ + Σᵢⱼ qᵢⱼ ∂uᵢ/∂xₗ ∂uⱼ/∂xₘ */
const chainSecond = (inputs: readonly Dual[], p: readonly number[], q: readonly number[], k: number) => {
  const hessian = zeros(k * k);
  const hessianBound = zeros(k * k);
  for (let i = 0; i < inputs.length; i++) {
    const u = inputs[i]!;
    const pi = p[i]!;
    for (let lm = 0; pi !== 0 && lm < k * k; lm++) {
      hessian[lm]! += pi * u.hessian![lm]!;
      hessianBound[lm]! += Math.abs(pi) * u.hessianBound![lm]!;
    }
    for (let j = 0; j < inputs.length; j++) {
      const v = inputs[j]!;
      const qij = q[i * inputs.length + j]!;
      if (qij === 0) continue;
      for (let l = 0; l < k; l++) {
        for (let m = 0; m < k; m++) {
          hessian[l * k + m]! += qij * u.gradient[l]! * v.gradient[m]!;
          hessianBound[l * k + m]! += Math.abs(qij) * u.pathBound[l]! * v.pathBound[m]!;
        }
      }
    }
  }
  return { hessian, hessianBound };
};

/** The number whose sign the rule depends on; an operand compared with itself is a tie for everyone. */
const edgeOf = (rule: Rule, inputs: readonly Dual[], params: readonly number[]): number => {
  const [a, b] = inputs as [Dual, Dual];
  if (rule.compares) return a === b && !Number.isNaN(a.value) ? Infinity : a.value - b.value;
  if (rule.arity === 1 && rule.edge) return rule.edge(a.value, params);
  if (rule.arity === 2 && rule.edge) return rule.edge(a.value, b.value);
  return Infinity;
};

const local = (op: OperationName, rule: Rule, inputs: readonly Dual[], params: readonly number[]): Dual => {
  const [a, b, c, d] = inputs as [Dual, Dual, Dual, Dual];
  if (rule.arity === 1) {
    const [value, p, q] = rule.jet(a.value, params);
    const result = chain(value, inputs, [p], [q], rule.exact);
    // The only rule whose value moves with its operand while its derivative is zero.
    return op === "detach" ? { ...result, valueError: a.valueError } : result;
  }
  if (rule.arity === 2) {
    const [value, pa, pb, qaa, qab, qbb] = rule.jet(a.value, b.value);
    return chain(value, inputs, [pa, pb], [qaa, qab, qab, qbb], rule.exact);
  }
  return rule.holds(a.value, b.value) ? c : d;
};

/** One operation on duals of the same leaves and order. */
export const apply = (op: OperationName, inputs: readonly Dual[], params: readonly number[] = []): Dual => {
  const rule = rules[op];
  if (inputs.length !== rule.arity) throw new RangeError(`${op}: takes ${rule.arity} operands, got ${inputs.length}`);
  const result = local(op, rule, inputs, params);
  const edge = edgeOf(rule, inputs, params);
  let error = inputs[0]!.valueError;
  if (rule.arity > 1) error += inputs[1]!.valueError;
  const undecided = error > 0 && Math.abs(edge) <= KINK_MARGIN * Number.EPSILON * error;
  const lost = result.valueError * Number.EPSILON > LARGEST_ERROR;
  const ambiguous = undecided || lost || inputs.some((input) => input.ambiguous);
  const comparable = !Number.isNaN(edge);
  if (ambiguous === result.ambiguous && comparable) return result;
  return {
    ...result,
    ambiguous,
    finite: result.finite && comparable,
    hessianFinite: result.hessianFinite && comparable,
  };
};

export interface Instruction {
  readonly op: OperationName;
  /** Indices of earlier values: the leaves first, then one value per instruction. */
  readonly operands: readonly number[];
  readonly params?: readonly number[];
}

/** A straight-line program; its result is the last value. */
export interface Program {
  readonly leaves: readonly number[];
  readonly instructions: readonly Instruction[];
}

/**
 * The result of a program with its derivatives by the leaves, and by pairs of leaves in order two.
 * With `noise`, the value of each library function is off by that many machine epsilons, as another implementation's
 * may be.
 */
export const runDual = (program: Program, order: 1 | 2 = 1, noise?: () => number): Dual => {
  const k = program.leaves.length;
  const values = program.leaves.map((value, index) => leaf(value, index, k, order));
  for (const { op, operands, params } of program.instructions) {
    const inputs = operands.map((operand) => {
      const value = values[operand];
      if (value === undefined) throw new RangeError(`${op}: operand ${operand} is not an earlier value`);
      return value;
    });
    const result = apply(op, inputs, params);
    const off = noise && !rules[op].exact;
    values.push(off ? { ...result, value: result.value * (1 + noise() * Number.EPSILON) } : result);
  }
  const result = values.at(-1);
  if (result === undefined) throw new RangeError("runDual: the program has no values");
  return result;
};

/**
 * How far each Hessian entry may move between correct implementations: the largest move seen under a few fixed patterns
 * of rounding, eight times over, and a share of its terms. Unlike the gradient's bound it is an estimate.
 */
export const hessianTolerance = (program: Program, exact: Dual = runDual(program, 2)): number[] => {
  const tolerance = exact.hessianBound!.map((bound) => 1e-12 * bound + 1e-200);
  // Signs that alternate singly, in pairs, in fours, and never: two errors that cancel in one pattern add up in
  // another.
  for (const shift of [0, 1, 2, 30]) {
    let step = 0;
    const moved = runDual(program, 2, () => ((step++ >> shift) % 2 === 0 ? 2 : -2)).hessian!;
    moved.forEach((h, i) => (tolerance[i] = Math.max(tolerance[i]!, 8 * Math.abs(h - exact.hessian![i]!))));
  }
  return tolerance;
};

/**
 * The gradient check is meaningful: finite, with nothing that rounding decides, and with no local derivative or path
 * sum beyond `limit`.
 */
export const isComparable = (result: Dual, limit = 1e12): boolean =>
  result.finite && !result.ambiguous && result.largest <= limit;
