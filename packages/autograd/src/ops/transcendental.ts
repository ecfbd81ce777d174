/** Exponentials, logarithms, roots, the trigonometric functions, and the activations built on them. */

import * as circular from "../kernels/lanes/circular.ts";
import * as elementary from "../kernels/lanes/elementary.ts";
import { unary, type Unary } from "./declare.ts";

/**
 * eˣ.
 *
 * @example
 * exp(tensor([0])).toArray() // => [1]
 */
// y = e^x        dy/dx = y
export const exp: Unary = unary("exp", {
  lanes: { value: elementary.exp },
  partials: [(_, __, y) => y],
  needs: "output",
});

/**
 * The natural logarithm; -∞ at 0, NaN below.
 *
 * @example
 * log(tensor([1])).toArray() // => [0]
 */
// y = ln x        dy/dx = 1 / x
export const log: Unary = unary("log", {
  lanes: { value: elementary.log },
  partials: [(m, x) => m.div(1, x)],
  needs: "inputs",
});

/**
 * √x; NaN below 0, derivative ∞ at 0.
 *
 * @example
 * sqrt(tensor([9])).toArray() // => [3]
 */
// y = √x        dy/dx = 1 / (2 y)
export const sqrt: Unary = unary("sqrt", {
  value: (x) => Math.sqrt(x),
  lanes: { value: (l, x) => l.sqrt(x) },
  partials: [(m, _, y) => m.div(0.5, y)],
  needs: "output",
});

/**
 * sin x, x in radians.
 *
 * @example
 * sin(tensor([0])).toArray() // => [0]
 */
// y = sin x        dy/dx = cos x
export const sin: Unary = unary("sin", {
  lanes: { value: circular.sin },
  partials: [(m, x) => m.cos(x)],
  needs: "inputs",
});

/**
 * cos x, x in radians.
 *
 * @example
 * cos(tensor([0])).toArray() // => [1]
 */
// y = cos x        dy/dx = -sin x
export const cos: Unary = unary("cos", {
  lanes: { value: circular.cos },
  partials: [(m, x) => m.neg(m.sin(x))],
  needs: "inputs",
});

/**
 * tan x, x in radians.
 *
 * @example
 * tan(tensor([0])).toArray() // => [0]
 */
// y = tan x        dy/dx = 1 + y²
export const tan: Unary = unary("tan", {
  lanes: { value: circular.tan },
  partials: [(m, _, y) => m.add(1, m.mul(y, y))],
  needs: "output",
});

/**
 * The hyperbolic tangent.
 *
 * @example
 * tanh(tensor([0])).toArray() // => [0]
 */
// y = tanh x = 2 σ(2x) - 1        dy/dx = 1 - y² = 4 σ(2x) σ(-2x), which keeps its digits where y rounds to ±1
export const tanh: Unary = unary("tanh", {
  lanes: { value: elementary.tanh },
  partials: [
    (m, x) => {
      const twice = m.mul(2, x);
      return m.mul(4, m.mul(m.sigmoid(twice), m.sigmoid(m.neg(twice))));
    },
  ],
  needs: "inputs",
});

/**
 * The logistic function σ(x) = 1 / (1 + e⁻ˣ), the neuron of the document.
 *
 * @example
 * sigmoid(tensor([0])).toArray() // => [0.5]
 */
// y = σ(x)        dy/dx = y (1 - y) = σ(x) σ(-x), which keeps its digits where y rounds to 1
export const sigmoid: Unary = unary("sigmoid", {
  lanes: { value: elementary.sigmoid },
  partials: [(m, x, y) => m.mul(y, m.sigmoid(m.neg(x)))],
  needs: "both",
});

/**
 * max(x, 0); the derivative at 0 is 0, NaN stays NaN with derivative 0.
 *
 * @example
 * relu(tensor([-1, 2])).toArray() // => [0, 2]
 */
// y = max(x, 0)        dy/dx = 1 where x > 0, else 0
export const relu: Unary = unary("relu", {
  value: (x) => (x <= 0 ? 0 : x),
  lanes: { value: (l, x) => l.select(l.le(x, l.constant(0)), l.constant(0), x) },
  partials: [{ gate: (m, x) => m.greater(x, 0) }],
  needs: "inputs",
  takes: "number",
});

/**
 * ln(1 + eˣ), without overflow.
 *
 * @example
 * softplus(tensor([1000])).toArray() // => [1000]
 */
// y = ln(1 + e^x)        dy/dx = σ(x)
export const softplus: Unary = unary("softplus", {
  lanes: { value: elementary.softplus },
  partials: [(m, x) => m.sigmoid(x)],
  needs: "inputs",
});

/**
 * ln σ(x), without underflow.
 *
 * @example
 * logSigmoid(tensor([-1000])).toArray() // => [-1000]
 */
// y = ln σ(x)        dy/dx = σ(-x)
export const logSigmoid: Unary = unary("logSigmoid", {
  lanes: { value: elementary.logSigmoid },
  partials: [(m, x) => m.sigmoid(m.neg(x))],
  needs: "inputs",
});

/** e^(-x²), to the last digit where squaring first would lose some: what the derivative of erf is made of. */
// y = e^(-x²)        dy/dx = -2 x y
export const gaussian: Unary = unary("gaussian", {
  lanes: { value: elementary.gaussian },
  partials: [(m, x, y) => m.mul(-2, m.mul(x, y))],
  needs: "both",
});

/**
 * The error function 2/√π ∫₀ˣ e^(-t²) dt.
 *
 * @example
 * erf(tensor([0])).toArray() // => [0]
 */
// y = erf x        dy/dx = 2/√π e^(-x²)
export const erf: Unary = unary("erf", {
  lanes: { value: elementary.erf },
  partials: [(m, x) => m.mul(1.1283791670955126, m.gaussian(x))],
  needs: "inputs",
});
