// Activations v = σ(u) of one neuron and their slopes σ′(u), accurate where they saturate; a row for each, with its
// parameter.

/** σ and σ′ of one neuron. */
export interface Neuron {
  readonly value: (u: number) => number;
  readonly slope: (u: number) => number;
}

/** σ(u) = 1 / (1 + e^-u), without overflow on either side. */
export function sigmoid(u: number): number {
  if (u >= 0) return 1 / (1 + Math.exp(-u));
  const power = Math.exp(u);
  return power / (1 + power);
}

/** softplus(u) = ln(1 + e^u), so that −ln σ(u) = softplus(−u) stays exact where σ(u) rounds to 1 or 0. */
export function softplus(u: number): number {
  return Math.max(u, 0) + Math.log1p(Math.exp(-Math.abs(u)));
}

/** φ(u) = e^(−u²/2) / √(2π) */
const density = (u: number): number => Math.exp(-0.5 * u * u) / Math.sqrt(2 * Math.PI);

/**
 * Φ(u) = ½ + φ(u) (u + u³/3 + u⁵/15 + …), and for large |u| by Laplace's continued fraction φ(u)/(u + 1/(u + 2/(u +
 * …))).
 */
export function normalShare(u: number): number {
  if (Number.isNaN(u)) return NaN;
  const x = Math.abs(u);
  if (x > 3) {
    let rest = x;
    for (let k = 120; k >= 1; k--) rest = x + k / rest;
    const tail = x > 40 ? 0 : density(x) / rest;
    return u > 0 ? 1 - tail : tail;
  }
  let [term, sum] = [u, u];
  for (let k = 3; k < 120; k += 2) sum += term *= (u * u) / k;
  return 0.5 + density(u) * sum;
}

/** erf(x) = 2 Φ(√2 x) − 1 */
export const erf = (x: number): number => 2 * normalShare(Math.SQRT2 * x) - 1;

/** 1 − tanh² x = 1 / cosh² x, without the cancellation; squared last, so that cosh² does not overflow. */
function gapOfTanh(x: number): number {
  const reciprocal = 1 / Math.cosh(x);
  return reciprocal * reciprocal;
}

// Written so that NaN stays NaN, and σ′(0) = the slope below 0 by agreement.
const bent = (below: (u: number) => number, slopeBelow: (u: number) => number, scale: number): Neuron => ({
  value: (u) => (u <= 0 ? below(u) : scale * u),
  slope: (u) => (Number.isNaN(u) ? NaN : u > 0 ? scale : slopeBelow(u)),
});

/** SELU's two constants. */
const [ALPHA, LAMBDA] = [1.6732632423543772, 1.0507009873554805];
/** √(2/π), and what GELU by tanh adds of u³. */
const [ROOT, CUBIC] = [Math.sqrt(2 / Math.PI), 0.044715];

const neurons = {
  // The document gives dy/dz = y (1 − y): right, but 1 − y is 0 as soon as y rounds to 1; 1 − σ(u) = σ(−u) is not.
  sigmoid: () => ({ value: sigmoid, slope: (u) => sigmoid(u) * sigmoid(-u) }),
  tanh: () => ({ value: Math.tanh, slope: gapOfTanh }),
  relu: () =>
    bent(
      () => 0,
      () => 0,
      1,
    ),
  linear: () => ({ value: (u) => u, slope: () => 1 }),
  leakyRelu: (leak = 0.01) =>
    bent(
      (u) => leak * u,
      () => leak,
      1,
    ),
  // u above 0, α (e^u − 1) below
  elu: (alpha = 1) =>
    bent(
      (u) => alpha * Math.expm1(u),
      (u) => alpha * Math.exp(u),
      1,
    ),
  selu: () =>
    bent(
      (u) => LAMBDA * ALPHA * Math.expm1(u),
      (u) => LAMBDA * ALPHA * Math.exp(u),
      LAMBDA,
    ),
  // u Φ(u)
  gelu: () => ({ value: (u) => u * normalShare(u), slope: (u) => normalShare(u) + u * density(u) }),
  // ½ u (1 + tanh w), w = √(2/π) (u + 0.044715 u³); ½ (1 + tanh w) is σ(2w)
  geluTanh: () => ({
    value: (u) => u * sigmoid(2 * ROOT * (u + CUBIC * u ** 3)),
    slope: (u) =>
      sigmoid(2 * ROOT * (u + CUBIC * u ** 3)) +
      0.5 * u * gapOfTanh(ROOT * (u + CUBIC * u ** 3)) * ROOT * (1 + 3 * CUBIC * u * u),
  }),
  // u σ(u)
  silu: () => ({ value: (u) => u * sigmoid(u), slope: (u) => sigmoid(u) * (1 + u * sigmoid(-u)) }),
  softplus: () => ({ value: softplus, slope: sigmoid }),
  softsign: () => ({ value: (u) => u / (1 + Math.abs(u)), slope: (u) => 1 / ((1 + Math.abs(u)) * (1 + Math.abs(u))) }),
  // a u + ½, held between 0 and 1; σ′ = 0 at its corners by agreement.
  hardSigmoid: (slope = NaN) => ({
    value: (u) => (slope * u + 0.5 <= 0 ? 0 : slope * u + 0.5 >= 1 ? 1 : slope * u + 0.5),
    slope: (u) => (Number.isNaN(u) ? NaN : slope * u + 0.5 > 0 && slope * u + 0.5 < 1 ? slope : 0),
  }),
} satisfies Record<string, (parameter?: number) => Neuron>;

type Row = keyof typeof neurons;
type Given =
  `${"leakyRelu" | "elu" | "hardSigmoid"}(${number})` | `${"leakyRelu" | "elu" | "hardSigmoid"}(${number}/${number})`;

/** An activation whose v_j depends on u_j alone, some with a number: `leakyRelu(0.2)`, `hardSigmoid(1/6)`. */
export type NeuronActivation = Exclude<Row, "hardSigmoid"> | Given;

const known = new Map<string, Neuron>();

/** σ and σ′ of an activation. */
export function neuron(activation: NeuronActivation): Neuron {
  let found = known.get(activation);
  if (found === undefined) {
    const [, name, top, bottom] = /^(\w+)(?:\(([^/)]+)(?:\/([^)]+))?\))?$/.exec(activation) ?? [];
    const row: ((parameter?: number) => Neuron) | undefined =
      name !== undefined && Object.hasOwn(neurons, name) ? neurons[name as Row] : undefined;
    if (row === undefined)
      throw new RangeError(
        `network: there is no activation ${activation}: use ${Object.keys(neurons).join(", ")} or softmax`,
      );
    found = row(top === undefined ? undefined : Number(top) / Number(bottom ?? 1));
    known.set(activation, found);
  }
  return found;
}
