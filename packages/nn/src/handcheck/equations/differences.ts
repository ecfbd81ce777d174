// The document's appendix: gradients by difference quotients, which cost a forward pass per parameter and never name a
// layer.

/** A gradient and how many times the cost was computed for it. */
export interface Differences {
  readonly gradient: number[];
  readonly evaluations: number;
}

/**
 * ∂C/∂w_i ≈ (C(w + ε 1_i) − C(w)) / ε with the unit vector 1_i: n + 1 evaluations, error O(ε).
 *
 * The document names no ε. Truncation grows with ε, rounding with 1/ε; they balance near √ε_mach ≈ 1.5e-8.
 */
export function forwardDifference(
  costOfParameters: (parameters: readonly number[]) => number,
  parameters: readonly number[],
  epsilon = Math.sqrt(Number.EPSILON),
): Differences {
  const { at, evaluations } = counted(costOfParameters, parameters);
  const here = at(0, 0);
  const gradient = parameters.map((_, i) => (at(i, epsilon) - here) / epsilon);
  return { gradient, evaluations: evaluations() };
}

/**
 * ∂C/∂w_i ≈ (C(w + ε 1_i) − C(w − ε 1_i)) / 2ε: 2n evaluations, error O(ε²).
 *
 * The document knows the forward quotient only. The best ε is near ε_mach^(1/3) ≈ 6e-6, and hundreds of times more
 * exact.
 */
export function centralDifference(
  costOfParameters: (parameters: readonly number[]) => number,
  parameters: readonly number[],
  epsilon = Math.cbrt(Number.EPSILON),
): Differences {
  const { at, evaluations } = counted(costOfParameters, parameters);
  const gradient = parameters.map((_, i) => (at(i, epsilon) - at(i, -epsilon)) / (2 * epsilon));
  return { gradient, evaluations: evaluations() };
}

// The cost at w + step · 1_i, and how often it has been asked for.
function counted(
  costOfParameters: (parameters: readonly number[]) => number,
  parameters: readonly number[],
): { at: (i: number, step: number) => number; evaluations: () => number } {
  let count = 0;
  const at = (i: number, step: number): number => {
    const moved = [...parameters];
    if (step !== 0) moved[i]! += step;
    count += 1;
    return costOfParameters(moved);
  };
  return { at, evaluations: () => count };
}
