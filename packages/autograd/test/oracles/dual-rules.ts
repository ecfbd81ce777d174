// Local derivatives up to order two of every scalar operation, each by a formula that keeps its relative accuracy.

/** f, f′, f″ */
export type UnaryJet = readonly [number, number, number];
/** f, ∂f/∂a, ∂f/∂b, ∂²f/∂a², ∂²f/∂a∂b, ∂²f/∂b² */
export type BinaryJet = readonly [number, number, number, number, number, number];

interface Shared {
  /** The value is the same bit for bit in every correct implementation: IEEE arithmetic or a selection. */
  readonly exact: boolean;
  /** The rule changes where the difference of the two operands is zero. */
  readonly compares?: true;
}
export interface UnaryRule extends Shared {
  readonly arity: 1;
  readonly jet: (x: number, params: readonly number[]) => UnaryJet;
  /** Signed distance to the nearest kink or edge of the domain. */
  readonly edge?: (x: number, params: readonly number[]) => number;
}
export interface BinaryRule extends Shared {
  readonly arity: 2;
  readonly jet: (a: number, b: number) => BinaryJet;
  readonly edge?: (a: number, b: number) => number;
}
/** where(a ∘ b, c, d) over the operands a, b, c, d */
export interface WhereRule extends Shared {
  readonly arity: 4;
  readonly compares: true;
  readonly holds: (a: number, b: number) => boolean;
}
export type Rule = UnaryRule | BinaryRule | WhereRule;

const self = (x: number): number => x;

/** e^(−x²), with x² split into an exact square and a small rest so that its rounding is not magnified. */
const gauss = (x: number): number => {
  if (Math.abs(x) > 28) return 0;
  const head = Math.fround(x);
  return Math.exp(-head * head) * Math.exp(-(x - head) * (x + head));
};

const TWO_OVER_ROOT_PI = 1.1283791670955126;

/** erf, by its series of positive terms up to 3/2 and by the continued fraction of 1 − erf beyond. */
export const erf = (x: number): number => {
  const z = Math.abs(x);
  if (Number.isNaN(z)) return NaN;
  if (z > 6) return Math.sign(x);
  if (z < 1.5) {
    // 2/√π · e^(−x²) · x · Σ (2x²)ⁿ / (3·5···(2n + 1))
    let sum = 1;
    for (let n = 40; n >= 1; n--) sum = 1 + (sum * 2 * z * z) / (2 * n + 1);
    return TWO_OVER_ROOT_PI * gauss(x) * sum * x;
  }
  // 1 − erf z = e^(−z²)/√π · 1/(z + (1/2)/(z + (2/2)/(z + (3/2)/(z + ···))))
  let tail = z;
  // Its n-th convergent is off by about e^(−4z√(n/2)), so that n = 200/z² leaves e^(−40).
  for (let n = Math.ceil(200 / (z * z)); n >= 1; n--) tail = z + n / 2 / tail;
  return Math.sign(x) * (1 - ((TWO_OVER_ROOT_PI / 2) * gauss(z)) / tail);
};

/** 1/(1 + e^(−x)), with the exponential that cannot overflow */
const sigmoid = (x: number): number => {
  const q = Math.exp(-Math.abs(x));
  return x >= 0 ? 1 / (1 + q) : q / (1 + q);
};

/** ln(1 + eˣ) = max(x, 0) + ln(1 + e^(−|x|)) */
const softplus = (x: number): number => Math.max(x, 0) + Math.log1p(Math.exp(-Math.abs(x)));

/** 1/cosh² x = 4q/(1 + q)² with q = e^(−2|x|) */
const sech2 = (x: number): number => {
  const q = Math.exp(-2 * Math.abs(x));
  return (4 * q) / (1 + q) ** 2;
};

/** c · x^n, and 0 where c = 0 although the power is infinite there */
const term = (c: number, x: number, n: number): number => (c === 0 ? 0 : c * x ** n);

/** x^y with the derivatives in y continued to x = 0, where x^y ln x → 0 for y > 0 */
const powJet = (x: number, y: number): BinaryJet => {
  const v = x ** y;
  const edge = x === 0 && y >= 0;
  const ln = Math.log(x);
  const mixed = x === 0 && y > 1 ? 0 : x ** (y - 1) * (1 + (y === 0 ? 0 : y * ln));
  return [v, term(y, x, y - 1), edge ? 0 : v * ln, term(y * (y - 1), x, y - 2), mixed, edge ? 0 : v * ln * ln];
};

const divJet = (a: number, b: number): BinaryJet => {
  const v = a / b;
  return [v, 1 / b, -v / b, 0, -1 / b / b, (2 * v) / b / b];
};

/** The larger operand takes the derivative, a tie shares it, and a NaN is its own operand's. */
const extremum =
  (pick: (a: number, b: number) => number) =>
  (a: number, b: number): BinaryJet => {
    const value = pick(a, b);
    const share = a === b ? 0.5 : value === a || Number.isNaN(a) ? 1 : 0;
    return [value, share, 1 - share, 0, 0, 0];
  };

const unary = (jet: UnaryRule["jet"], edge?: UnaryRule["edge"]): UnaryRule => ({
  arity: 1,
  exact: false,
  jet,
  ...(edge && { edge }),
});
const exact1 = (jet: UnaryRule["jet"], edge?: UnaryRule["edge"]): UnaryRule => ({ ...unary(jet, edge), exact: true });
const exact2 = (jet: BinaryRule["jet"], edge?: BinaryRule["edge"]): BinaryRule => ({
  arity: 2,
  exact: true,
  jet,
  ...(edge && { edge }),
});
const where = (holds: WhereRule["holds"]): WhereRule => ({ arity: 4, exact: true, compares: true, holds });

const ruleTable = {
  add: exact2((a, b) => [a + b, 1, 1, 0, 0, 0]),
  sub: exact2((a, b) => [a - b, 1, -1, 0, 0, 0]),
  mul: exact2((a, b) => [a * b, b, a, 0, 1, 0]),
  div: exact2(divJet, (_, b) => b),
  pow: { ...exact2(powJet, self), exact: false },
  maximum: { ...exact2(extremum(Math.max)), compares: true },
  minimum: { ...exact2(extremum(Math.min)), compares: true },

  neg: exact1((x) => [-x, -1, 0]),
  abs: exact1((x) => [Math.abs(x), Math.sign(x), 0], self),
  sign: exact1((x) => [Math.sign(x), 0, 0], self),
  relu: exact1((x) => [x > 0 || Number.isNaN(x) ? x : 0, x > 0 ? 1 : 0, 0], self),
  /** clip to [params[0], params[1]] with the derivative kept on the closed interval */
  clip: exact1(
    (x, [low = NaN, high = NaN]) => [x < low ? low : x > high ? high : x, x >= low && x <= high ? 1 : 0, 0],
    (x, [low = NaN, high = NaN]) => (Math.abs(x - low) < Math.abs(x - high) ? x - low : x - high),
  ),
  /** The value without its dependence on the leaves. */
  detach: exact1((x) => [x, 0, 0]),
  sqrt: exact1((x) => {
    const v = Math.sqrt(x);
    return [v, 0.5 / v, -0.25 / v / x];
  }, self),
  exp: unary((x) => {
    const v = Math.exp(x);
    return [v, v, v];
  }),
  log: unary((x) => [Math.log(x), 1 / x, -1 / x / x], self),
  /** x to the constant power params[0] */
  powConst: unary((x, [n = NaN]) => [x ** n, term(n, x, n - 1), term(n * (n - 1), x, n - 2)], self),
  sin: unary((x) => [Math.sin(x), Math.cos(x), -Math.sin(x)]),
  cos: unary((x) => [Math.cos(x), -Math.sin(x), -Math.cos(x)]),
  tan: unary((x) => {
    const v = Math.tan(x);
    return [v, 1 + v * v, 2 * v * (1 + v * v)];
  }),
  // tanh″ = −2 tanh · tanh′
  tanh: unary((x) => [Math.tanh(x), sech2(x), -2 * Math.tanh(x) * sech2(x)]),
  // σ′ = σ(x) σ(−x),  σ″ = −σ′ tanh(x/2)
  sigmoid: unary((x) => {
    const slope = sigmoid(x) * sigmoid(-x);
    return [sigmoid(x), slope, -slope * Math.tanh(x / 2)];
  }),
  softplus: unary((x) => [softplus(x), sigmoid(x), sigmoid(x) * sigmoid(-x)]),
  logSigmoid: unary((x) => [-softplus(-x), sigmoid(-x), -sigmoid(x) * sigmoid(-x)]),
  erf: unary((x) => {
    const slope = TWO_OVER_ROOT_PI * gauss(x);
    return [erf(x), slope, -2 * x * slope];
  }),

  whereLess: where((a, b) => a < b),
  whereLessEqual: where((a, b) => a <= b),
  whereGreater: where((a, b) => a > b),
  whereGreaterEqual: where((a, b) => a >= b),
  whereEqual: where((a, b) => a === b),
  whereNotEqual: where((a, b) => a !== b),
} as const satisfies Record<string, Rule>;

export type OperationName = keyof typeof ruleTable;
export const rules: Readonly<Record<OperationName, Rule>> = ruleTable;
