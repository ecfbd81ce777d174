// Complex functions against 180-digit values off the axis, and complex steps against closed-form derivatives.

import { describe, expect, it } from "vitest";
import * as c from "./complex.ts";
import type { Complex } from "./complex.ts";
import { precise, ulpDistance } from "./precise.ts";

const places = [c.complex(0.75, -1.25), c.complex(-2.5, 0.5), c.complex(3.5, 2)];

/** [re, im] at each of the places */
const known: Record<string, [(z: Complex) => Complex, [number, number][]]> = {
  exp: [
    c.exp,
    [
      [0.6675374464291316, -2.009000454940949],
      [0.07203636338512882, 0.03935364467658794],
      [-13.780890573438677, 30.111795254208403],
    ],
  ],
  log: [
    c.log,
    [
      [0.3768859011881901, -1.0303768265243125],
      [0.9359010884507957, 2.9441970937399127],
      [1.3940464543878732, 0.5191461142465229],
    ],
  ],
  sqrt: [
    c.sqrt,
    [
      [1.050651696260784, -0.594868882070379],
      [0.1573368310288351, 1.5889477267670564],
      [1.9405062321658844, 0.5153294451849587],
    ],
  ],
  sin: [
    c.sin,
    [
      [1.2872229100264918, -1.1721063598927026],
      [-0.6748527291443561, -0.4174721770877947],
      [-1.3197151477182962, -3.3963976827985656],
    ],
  ],
  cos: [
    c.cos,
    [
      [1.3817387306342588, 1.0919301355539746],
      [-0.9033903427500408, 0.3118610247613492],
      [-3.523133313811886, 1.2722418002442684],
    ],
  ],
  tan: [
    c.tan,
    [
      [0.16080778591620642, -0.9753632850312356],
      [0.5249366599491873, 0.643331497240894],
      [0.02341185360997297, 0.9724818553276325],
    ],
  ],
  tanh: [
    c.tanh,
    [
      [1.3726075705337832, -0.3857959526097507],
      [-0.9926817603046373, 0.01125709914625195],
      [1.0011918484035776, -0.0013818752668270378],
    ],
  ],
  sigmoid: [
    c.sigmoid,
    [
      [0.7553769713265477, -0.2947146865855311],
      [0.06845114681305348, 0.03419645435481561],
      [1.0119439607906413, 0.02813998756859068],
    ],
  ],
  softplus: [
    c.softplus,
    [
      [0.9596924335241863, -0.8780087249048103],
      [0.07023331386928386, 0.03669276813146637],
      [3.4877403164854424, 1.9721993127182582],
    ],
  ],
  logSigmoid: [
    c.logSigmoid,
    [
      [-0.20969243352418637, -0.3719912750951897],
      [-2.570233313869284, 0.4633072318685336],
      [0.012259683514557458, 0.027800687281741825],
    ],
  ],
  erf: [
    c.erf,
    [
      [1.9447876391656378, -0.46251697347917764],
      [-1.0004602414355217, 0.0002318197199098071],
      [1.0000125859819409, 3.369461013273329e-5],
    ],
  ],
  log1p: [
    c.log1p,
    [
      [0.7657381854821943, -0.6202494859828215],
      [0.45814536593707755, 2.819842099193151],
      [1.594208308691746, 0.4182243295792291],
    ],
  ],
  "z^(3/2 − i/2)": [
    (z) => c.pow(z, c.complex(1.5, -0.5)),
    [
      [-0.17084315915634105, -1.0374458992064028],
      [-12.274938594559645, -12.810705895911717],
      [10.457316807057826, 0.8562261007496419],
    ],
  ],
  "z^−3": [
    (z) => c.pow(z, c.complex(-3)),
    [
      [-0.322409932831264, 0.01628332994097293],
      [-0.05006827492034593, -0.033682294037323625],
      [0.00020391442876649976, -0.015264451524806554],
    ],
  ],
  "z/(1/4 + 2i)": [
    (z) => c.div(z, c.complex(0.25, 2)),
    [
      [-0.5692307692307692, -0.4461538461538462],
      [0.09230769230769231, 1.2615384615384615],
      [1.2, -1.6],
    ],
  ],
};

/** Derivatives on the real axis, from correctly rounded functions. */
const slopes: [string, (z: Complex) => Complex, (x: number) => number, number[]][] = [
  ["exp", c.exp, precise.exp, [-500, -1, 0, 0.3, 5, 700]],
  ["log", c.log, (x) => 1 / x, [1e-12, 1e-8, 0.5, 0.999, 1, 1.001, 20, 1e250]],
  ["log1p", c.log1p, (x) => 1 / (1 + x), [-0.5, 1e-8, 3]],
  ["sqrt", c.sqrt, (x) => 0.5 / Math.sqrt(x), [1e-12, 0.25, 2, 1e100]],
  ["sin", c.sin, precise.cos, [-20, -0.5, 0, 1, 3, 1000]],
  ["cos", c.cos, (x) => -precise.sin(x), [-20, -0.5, 1, 3, 1000]],
  ["tan", c.tan, (x) => 1 + precise.tan(x) ** 2, [-20, -0.5, 0, 1, 1.5]],
  ["tanh", c.tanh, (x) => 4 * precise.sigmoid(2 * x) * precise.sigmoid(-2 * x), [-20, -0.5, 0, 1e-8, 1, 20, 300]],
  ["sigmoid", c.sigmoid, (x) => precise.sigmoid(x) * precise.sigmoid(-x), [-300, -20, -0.5, 0, 1, 20, 300]],
  ["softplus", c.softplus, precise.sigmoid, [-300, -20, -0.5, 0, 1, 20, 300]],
  ["logSigmoid", c.logSigmoid, (x) => precise.sigmoid(-x), [-300, -20, -0.5, 0, 1, 20, 300]],
  ["erf", c.erf, (x) => (precise.exp(-x * x) * 2) / Math.sqrt(Math.PI), [-6, -3, -0.5, 0, 1e-8, 1, 2, 5, 16]],
  ["x^2.5", (z) => c.pow(z, c.complex(2.5)), (x) => 2.5 * precise.pow(x, 1.5), [1e-8, 0.5, 1, 3, 1e50]],
  ["2.5^x", (z) => c.pow(c.complex(2.5), z), (x) => precise.pow(2.5, x) * precise.log(2.5), [-20, 0.5, 1.5, 30]],
  ["x³", (z) => c.pow(z, c.complex(3)), (x) => 3 * x * x, [-2, -1e-8, 0.5, 20]],
  ["1/x", (z) => c.div(c.complex(1), z), (x) => -1 / x / x, [-1e100, -2, 0.5, 1e-12]],
];

describe("complex functions", () => {
  for (const [name, [f, values]] of Object.entries(known)) {
    it(`give ${name} away from the real axis`, () => {
      places.forEach((z, i) => {
        const [re, im] = values[i]!;
        const got = f(z);
        expect(Math.hypot(got.re - re, got.im - im), `${name} at place ${i}`).toBeLessThanOrEqual(
          1e-15 * Math.hypot(re, im),
        );
      });
    });
  }

  it("give the root of a negative number on both sides of its cut", () => {
    expect(c.sqrt(c.complex(-4, 1e-30))).toEqual({ re: 2.5e-31, im: 2 });
    expect(c.sqrt(c.complex(-4, -1e-30))).toEqual({ re: 2.5e-31, im: -2 });
    expect(c.sqrt(c.complex(0))).toEqual({ re: 0, im: 0 });
  });

  it("give the limits of erf far out and keep NaN", () => {
    expect([c.erf(c.complex(30)).re, c.erf(c.complex(-30)).re]).toEqual([1, -1]);
    expect(c.erf(c.complex(NaN))).toEqual({ re: NaN, im: NaN });
  });
});

describe("complex steps", () => {
  for (const [name, f, slope, at] of slopes) {
    it(`give the derivative of ${name} within four units in the last place`, () => {
      for (const x of at) expect(ulpDistance(c.complexStep(f, x), slope(x)), `${name} at ${x}`).toBeLessThanOrEqual(4);
    });
  }

  it("give the gradient of a function of several variables", () => {
    const f = (x: Complex, y: Complex, z: Complex) => c.add(c.mul(x, c.sin(c.mul(x, y))), c.sub(c.div(z, y), c.neg(z)));
    const [x, y, z] = [0.7, -1.3, 2.1];
    const gradient = c.complexGradient(f, [x, y, z]);
    const exact = [Math.sin(x * y) + x * y * Math.cos(x * y), x * x * Math.cos(x * y) - z / y / y, 1 / y + 1];
    gradient.forEach((g, i) => expect(g).toBeCloseTo(exact[i]!, 14));
  });
});
