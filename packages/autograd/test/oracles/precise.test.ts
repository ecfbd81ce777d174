// The precise functions against 780-digit values computed elsewhere, against identities, and against Math within an ulp
// or two.

import { describe, expect, it } from "vitest";
import { precise, ulpDistance, ulpDistance32 } from "./precise.ts";

type Unary = Exclude<keyof typeof precise, "pow">;

/** [argument, correctly rounded value] */
const known: Record<Unary, [number, number][]> = {
  exp: [
    [1, 2.718281828459045],
    [-1, 0.36787944117144233],
    [1e-8, 1.00000001],
    [0.5, 1.6487212707001282],
    [-20.25, 1.6052280551856116e-9],
    [700.1, 1.120899771073261e304],
    [-744.4, 5e-324],
    [1e-300, 1],
    [88.72, 3.39317637416317e38],
  ],
  log: [
    [2, 0.6931471805599453],
    [10, 2.302585092994046],
    [0.9999999999999999, -1.1102230246251565e-16],
    [1.0000000000000002, 2.2204460492503128e-16],
    [5e-324, -744.4400719213812],
    [1.7976931348623157e308, 709.782712893384],
    [0.75, -0.2876820724517809],
    [1e-8, -18.420680743952367],
    [2.718281828459045, 1],
  ],
  sqrt: [
    [2, 1.4142135623730951],
    [3, 1.7320508075688772],
    [5e-324, 2.2227587494850775e-162],
    [1e308, 1e154],
    [0.1, 0.31622776601683794],
  ],
  sin: [
    [1, 0.8414709848078965],
    [Math.PI, 1.2246467991473532e-16],
    [1e6, -0.34999350217129294],
    [-1e6, 0.34999350217129294],
    [-355, 3.014435335948845e-5],
    [1e22, -0.8522008497671888],
    [5.319372648326541e255, 1],
    [1e-8, 1e-8],
    [1e-300, 1e-300],
    [11, -0.9999902065507035],
    [0.7853981633974483, 0.7071067811865475],
  ],
  cos: [
    [1, 0.5403023058681398],
    [Math.PI / 2, 6.123233995736766e-17],
    [1e6, 0.9367521275331447],
    [-355, -0.999999999545659],
    [1e22, 0.523214785395139],
    [5.319372648326541e255, -4.687165924254628e-19],
    [1e-8, 1],
    [11, 0.004425697988050785],
  ],
  tan: [
    [1, 1.5574077246549023],
    [Math.PI / 2, 1.633123935319537e16],
    [1e6, -0.373624453987599],
    [-355, -3.0144353373184265e-5],
    [1e22, -1.6287782256068988],
    [1e-8, 1e-8],
    [11, -225.95084645419513],
    [0.7853981633974483, 0.9999999999999999],
  ],
  tanh: [
    [20, 1],
    [0.5, 0.46211715726000974],
    [-0.1, -0.09966799462495582],
    [1e-8, 1e-8],
    [18.9, 0.9999999999999999],
    [-3, -0.9950547536867305],
    [1e-300, 1e-300],
  ],
  sigmoid: [
    [1, 0.7310585786300049],
    [-1, 0.2689414213699951],
    [20, 0.9999999979388464],
    [-20, 2.0611536181902037e-9],
    [-745, 5e-324],
    [36.7, 0.9999999999999999],
    [1e-8, 0.5000000025],
    [-300.5, 3.1225412772322846e-131],
  ],
  softplus: [
    [1, 1.3132616875182228],
    [-1, 0.3132616875182228],
    [20.5, 20.500000001250154],
    [-40, 4.248354255291589e-18],
    [-745, 5e-324],
    [36.7, 36.7],
    [1e-8, 0.6931471855599454],
    [300.5, 300.5],
  ],
  logSigmoid: [
    [1, -0.3132616875182228],
    [-1, -1.3132616875182228],
    [20.5, -1.2501528656053015e-9],
    [-40, -40],
    [745, -5e-324],
    [36.7, -1.1518409493076095e-16],
    [1e-8, -0.6931471755599453],
    [300.5, -3.1225412772322846e-131],
  ],
  erf: [
    [0.5, 0.5204998778130465],
    [1, 0.8427007929497149],
    [-2, -0.9953222650189527],
    [3, 0.9999779095030014],
    [5.8, 0.9999999999999998],
    [5.95, 1],
    [1e-8, 1.1283791670955126e-8],
    [1e-300, 1.1283791670955126e-300],
    [-0.1, -0.1124629160182849],
  ],
  gaussian: [
    [1e-5, 0.9999999999],
    [0.1, 0.9900498337491681],
    [-1 / 3, 0.8948393168143698],
    [1.5, 0.10539922456186433],
    [3, 0.00012340980408667956],
    [7.25, 1.4872921816512705e-23],
    [26.5, 1.0392022621430825e-305],
  ],
  log1p: [
    [1e-8, 9.999999950000001e-9],
    [-0.5, -0.6931471805599453],
    [-0.9999999999999999, -36.7368005696771],
    [1e300, 690.7755278982137],
    [1, 0.6931471805599453],
    [-1e-300, -1e-300],
    [0.3, 0.26236426446749106],
  ],
  expm1: [
    [1e-8, 1.0000000050000001e-8],
    [-0.5, -0.3934693402873666],
    [1, 1.7182818284590453],
    [-40, -1],
    [700.1, 1.120899771073261e304],
    [-1e-300, -1e-300],
    [0.3, 0.3498588075760031],
    [-0.24, -0.2133721389334466],
  ],
};

/** Values at −∞, −0, 0, ∞. */
const limits: Record<Unary, [number, number, number, number]> = {
  exp: [0, 1, 1, Infinity],
  log: [NaN, -Infinity, -Infinity, Infinity],
  sqrt: [NaN, -0, 0, Infinity],
  sin: [NaN, -0, 0, NaN],
  cos: [NaN, 1, 1, NaN],
  tan: [NaN, -0, 0, NaN],
  tanh: [-1, -0, 0, 1],
  sigmoid: [0, 0.5, 0.5, 1],
  softplus: [0, Math.LN2, Math.LN2, Infinity],
  logSigmoid: [-Infinity, -Math.LN2, -Math.LN2, -0],
  erf: [-1, -0, 0, 1],
  gaussian: [0, 1, 1, 0],
  log1p: [NaN, -0, 0, Infinity],
  expm1: [-1, -0, 0, Infinity],
};

/** A fixed sequence of n points spread over [from, to]. */
const points = (from: number, to: number, n = 400): number[] =>
  Array.from({ length: n }, (_, i) => from + (to - from) * ((i * 0.6180339887498949) % 1));

describe("precise functions", () => {
  for (const name of Object.keys(known) as Unary[]) {
    it(`give the correctly rounded ${name} at known points`, () => {
      for (const [x, value] of known[name]) expect(precise[name](x), `${name}(${x})`).toBe(value);
    });
    it(`give the limits of ${name} and keep NaN`, () => {
      expect([-Infinity, -0, 0, Infinity].map((x) => precise[name](x))).toEqual(limits[name]);
      expect(precise[name](NaN)).toBeNaN();
    });
  }

  it("give powers with ties rounded to even", () => {
    const rows: [number, number, number][] = [
      [2, 0.5, Math.SQRT2],
      [10, -5, 1e-5],
      [0.1, 0.1, 0.7943282347242815],
      [1.0000000000000002, 1e15, 1.2486270715390861],
      [3, 34, 16677181699666568],
      [5, 28, 37252902984619140000],
      [7, -300.5, 1.1169634850613753e-254],
      [1e-200, 1.5, 1e-300],
      [0.9999999999999999, -1e16, 3.035035206549264],
      [2, -1074, 5e-324],
      [2, 1024, Infinity],
      [2, -1076, 0],
      [3, 0, 1],
    ];
    for (const [x, y, value] of rows) expect(precise.pow(x, y), `${x}^${y}`).toBe(value);
    expect(() => precise.pow(0, 1)).toThrow(RangeError);
    expect(() => precise.pow(2, Infinity)).toThrow(RangeError);
  });

  it("reject the outside of the domain with NaN", () => {
    expect([precise.log(-1), precise.sqrt(-1), precise.log1p(-1.5)]).toEqual([NaN, NaN, NaN]);
    expect(precise.log1p(-1)).toBe(-Infinity);
  });

  it("overflow and underflow at the last doubles that do not", () => {
    expect(precise.exp(709.782712893384)).toBe(1.7976931348622732e308);
    expect(precise.exp(709.7827128933841)).toBe(Infinity);
    expect(precise.exp(-745.1332191019411)).toBe(5e-324);
    expect(precise.exp(-745.1332191019412)).toBe(0);
  });

  it("satisfy the identities that tie them together", () => {
    for (const x of points(-12, 12)) {
      expect(precise.sin(x) ** 2 + precise.cos(x) ** 2).toBeCloseTo(1, 15);
      expect(ulpDistance(precise.tan(x), precise.sin(x) / precise.cos(x))).toBeLessThanOrEqual(2);
      expect(ulpDistance(precise.exp(x) * precise.exp(-x), 1)).toBeLessThanOrEqual(4);
      expect(precise.sigmoid(x) + precise.sigmoid(-x)).toBeCloseTo(1, 15);
      expect(ulpDistance(precise.tanh(x), precise.expm1(2 * x) / (precise.expm1(2 * x) + 2))).toBeLessThanOrEqual(4);
      expect(precise.softplus(x) - precise.softplus(-x)).toBeCloseTo(x, 14);
      expect(precise.logSigmoid(x)).toBe(-precise.softplus(-x));
      expect(precise.erf(-x)).toBe(-precise.erf(x));
      expect(precise.pow(2, x) * precise.pow(2, -x)).toBeCloseTo(1, 14);
    }
    for (const x of points(0.001, 1e6)) {
      expect(precise.sqrt(x)).toBe(Math.sqrt(x));
      expect(precise.pow(x, 2)).toBe(x * x);
      expect(precise.pow(x, 0.5)).toBe(Math.sqrt(x));
      expect(precise.pow(x, -1)).toBe(1 / x);
    }
  });

  it("agree with the functions of the runtime within two units in the last place", () => {
    for (const name of ["exp", "expm1", "sin", "cos", "tan", "tanh"] as const) {
      for (const x of [...points(-30, 30), ...points(-1e-3, 1e-3)])
        expect(ulpDistance(precise[name](x), Math[name](x)), `${name}(${x})`).toBeLessThanOrEqual(2);
    }
    for (const name of ["log", "log1p"] as const) {
      for (const x of [...points(0.001, 3), ...points(1, 1e300)])
        expect(ulpDistance(precise[name](x), Math[name](x)), `${name}(${x})`).toBeLessThanOrEqual(2);
    }
  });
});

describe("ulp distances", () => {
  it("count the representable numbers in between", () => {
    expect(ulpDistance(1, 1 + Number.EPSILON)).toBe(1);
    expect(ulpDistance(1, 1 - Number.EPSILON)).toBe(2);
    expect(ulpDistance(-5e-324, 5e-324)).toBe(2);
    expect(ulpDistance(-0, 0)).toBe(0);
    expect(ulpDistance(Number.MAX_VALUE, -Number.MAX_VALUE)).toBe(Number(2n * 0x7fefffffffffffffn));
    expect(ulpDistance32(1, 1 + 2 ** -23)).toBe(1);
    expect(ulpDistance32(1, 1 + 2 ** -30)).toBe(0);
    expect(ulpDistance32(-(2 ** -149), 2 ** -149)).toBe(2);
    expect(ulpDistance32(-0, 0)).toBe(0);
  });

  it("compare non-finite values by identity", () => {
    for (const of of [ulpDistance, ulpDistance32]) {
      expect(of(NaN, NaN)).toBe(0);
      expect(of(Infinity, Infinity)).toBe(0);
      expect([of(NaN, 1), of(Infinity, -Infinity), of(Infinity, 3e38), of(1, NaN)]).toEqual(Array(4).fill(Infinity));
    }
  });
});
