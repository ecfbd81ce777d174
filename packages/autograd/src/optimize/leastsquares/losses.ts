/**
 * Losses that large residuals move less: ρ(z) of z = (r/scale)², and the linear system whose steps are Gauss–Newton's
 * for them.
 */

export type LossName = "linear" | "huber" | "softL1" | "cauchy" | "arctan";

/** ρ(z) with its first two derivatives. */
type Rho = (z: number) => readonly [value: number, first: number, second: number];

const rhos: { readonly [name in LossName]: Rho } = {
  // ρ = z
  linear: (z) => [z, 1, 0],
  // ρ = z up to 1, then 2√z − 1
  huber: (z) => (z <= 1 ? [z, 1, 0] : [2 * Math.sqrt(z) - 1, 1 / Math.sqrt(z), -0.5 / (z * Math.sqrt(z))]),
  // ρ = 2 (√(1 + z) − 1)
  softL1: (z) => [(2 * z) / (Math.sqrt(1 + z) + 1), 1 / Math.sqrt(1 + z), -0.5 / ((1 + z) * Math.sqrt(1 + z))],
  // ρ = log(1 + z)
  cauchy: (z) => [Math.log1p(z), 1 / (1 + z), -1 / ((1 + z) * (1 + z))],
  // ρ = atan z
  arctan: (z) => [Math.atan(z), 1 / (1 + z * z), (-2 * z) / ((1 + z * z) * (1 + z * z))],
};

/** A loss at the scale where residuals begin to count as large. */
export interface Loss {
  readonly name: LossName;
  readonly scale: number;
}

/** Σ scale² ρ(r²/scale²), which is Σ r² for small residuals. */
export function lossOf({ name, scale }: Loss, residuals: Float64Array): number {
  let sum = 0;
  if (name === "linear") {
    for (const r of residuals) sum += r * r;
    return sum;
  }
  for (const r of residuals) sum += rhos[name]((r / scale) ** 2)[0];
  return scale * scale * sum;
}

/**
 * How much the loss falls from one list of residuals to another; of nearly equal ones without losing the digits of the
 * difference.
 */
export function fallOf(loss: Loss, before: Float64Array, after: Float64Array): number {
  if (loss.name !== "linear") return lossOf(loss, before) - lossOf(loss, after);
  let sum = 0;
  for (let i = 0; i < before.length; i++) sum += (before[i]! - after[i]!) * (before[i]! + after[i]!);
  return sum;
}

/**
 * The part of the weight ρ′ that stands for the curvature where the loss bends the other way: the system keeps its
 * rows, and a step lowers the loss.
 */
const LEAST_CURVATURE = 0.1;

/**
 * Multiplies rows of residuals and Jacobian so that their Gauss–Newton step is the loss's (Triggs et al. 2000): with
 * c = ρ′ + 2 z ρ″, rows of J times √c and r times ρ′/√c, which keeps the gradient ρ′ r ∇r exactly.
 *
 * @param jacobian - column by column; both are changed in place
 */
export function rescale({ name, scale }: Loss, residuals: Float64Array, jacobian: Float64Array): void {
  if (name === "linear") return;
  const rows = residuals.length;
  for (let i = 0; i < rows; i++) {
    const z = (residuals[i]! / scale) ** 2;
    const [, first, second] = rhos[name](z);
    const root = Math.sqrt(Math.max(first + 2 * z * second, LEAST_CURVATURE * first));
    residuals[i]! *= root === 0 ? 0 : first / root;
    for (let at = i; at < jacobian.length; at += rows) jacobian[at]! *= root;
  }
}

/** ψ = ρ′ r and its derivative ψ′ = ρ′ + 2 z ρ″ for each residual: what the variance of the estimate is made of. */
export function influenceOf(
  { name, scale }: Loss,
  residuals: Float64Array,
): { readonly psi: Float64Array; readonly slope: Float64Array } {
  const psi = residuals.slice();
  const slope = new Float64Array(residuals.length);
  for (let i = 0; i < residuals.length; i++) {
    const z = (residuals[i]! / scale) ** 2;
    const [, first, second] = rhos[name](z);
    psi[i]! *= first;
    slope[i] = first + 2 * z * second;
  }
  return { psi, slope };
}
