/** Says what a comparison of three ways to one gradient says, as data. */

/** How far two gradients are apart. */
export interface Difference {
  /** The largest |a - b|. */
  readonly absolute: number;
  /** That over the largest |b|; 0 where both are 0 throughout. */
  readonly relative: number;
}

/** One equation at one layer. */
export interface EquationRow {
  readonly equation: "BP1" | "BP2" | "BP3" | "BP4";
  readonly layer: number;
  /** Says what the equation gives: `δ²`, `∂C/∂b²`, `∂C/∂W²`. */
  readonly quantity: string;
  /** How many numbers that is. */
  readonly entries: number;
  /** Autograd against the closed form; `null` where a function of the user's own has none. */
  readonly closedForm: Difference | null;
  /** Autograd against central differences. */
  readonly differences: Difference;
  /** How many of the entries the differences were taken at. */
  readonly sampled: number;
}

/** Holds what one way costs for the gradient by all weights and biases. */
export interface WayRow {
  readonly way: "autograd" | "closed form" | "forward difference" | "central difference";
  /** How often C is evaluated; a backward pass, where there is one, costs about two evaluations more. */
  readonly evaluations: number;
  readonly backwardPasses: number;
  /** Time in milliseconds; scaled up from the entries sampled where `estimated`. */
  readonly milliseconds: number;
  readonly estimated: boolean;
  /**
   * The largest relative difference from autograd over all equations for weights and biases; `null` for autograd
   * itself.
   */
  readonly worst: number | null;
}

/** The comparison, as data and as text. */
export interface Comparison {
  readonly sizes: readonly number[];
  readonly samples: number;
  /** The number of weights and biases. */
  readonly parameters: number;
  /** C by autograd's network; and by the plain loops, `null` where there are none. */
  readonly cost: number;
  readonly plainCost: number | null;
  readonly equations: readonly EquationRow[];
  readonly ways: readonly WayRow[];
  /** True if every closed form agrees to 1e-12 and every difference to what differences can show (1e-5). */
  readonly agrees: boolean;
  /** The two tables, 80 columns wide. */
  toText(): string;
}
