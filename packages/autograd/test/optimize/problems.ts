/** Some problems of Moré, Garbow and Hillstrom (ACM TOMS 7, 1981): functions, starts, and the value at the minimum. */

import { add, at, concat, div, exp, gather, mul, pow, sqrt, sub, sum, tensor, type Tensor } from "../../src/index.ts";

type Scalar = Tensor<[]>;

export interface Problem {
  readonly name: string;
  readonly f: (x: Tensor) => Scalar;
  readonly start: readonly number[];
  readonly minimum: number;
}

const squares = (...parts: readonly Tensor[]): Scalar =>
  parts.map((part) => mul(part, part)).reduce((total, part) => add(total, part)) as Scalar;
const entries = (x: Tensor): Tensor[] => Array.from({ length: x.shape[0]! }, (_, k) => at(x, k) as Tensor);

const rosenbrock = (x: Tensor): Scalar => {
  const [a, b] = entries(x) as [Tensor, Tensor];
  return squares(mul(10, sub(b, mul(a, a))), sub(1, a));
};

const powellSingular = (x: Tensor): Scalar => {
  const [a, b, c, d] = entries(x) as [Tensor, Tensor, Tensor, Tensor];
  return squares(
    add(a, mul(10, b)),
    mul(Math.sqrt(5), sub(c, d)),
    pow(sub(b, mul(2, c)), 2),
    mul(Math.sqrt(10), pow(sub(a, d), 2)),
  );
};

const wood = (x: Tensor): Scalar => {
  const [a, b, c, d] = entries(x) as [Tensor, Tensor, Tensor, Tensor];
  const [r90, r10] = [Math.sqrt(90), Math.sqrt(10)];
  return squares(
    mul(10, sub(b, mul(a, a))),
    sub(1, a),
    mul(r90, sub(d, mul(c, c))),
    sub(1, c),
    mul(r10, sub(add(b, d), 2)),
    div(sub(b, d), r10),
  );
};

const brownBadlyScaled = (x: Tensor): Scalar => {
  const [a, b] = entries(x) as [Tensor, Tensor];
  return squares(sub(a, 1e6), sub(b, 2e-6), sub(mul(a, b), 2));
};

const brownDennis = (x: Tensor): Scalar => {
  const [a, b, c, d] = entries(x) as [Tensor, Tensor, Tensor, Tensor];
  const t = Array.from({ length: 20 }, (_, i) => (i + 1) / 5);
  const [times, powers, sines, cosines] = [t, t.map(Math.exp), t.map(Math.sin), t.map(Math.cos)].map((list) =>
    tensor(Float64Array.from(list)),
  ) as unknown as [Tensor, Tensor, Tensor, Tensor];
  const first = sub(add(a, mul(times, b)), powers);
  const second = sub(add(c, mul(sines, d)), cosines);
  const r = add(mul(first, first), mul(second, second));
  return sum(mul(r, r)) as Scalar;
};

const penaltyOne = (x: Tensor): Scalar =>
  add(mul(1e-5, sum(pow(sub(x, 1), 2))), pow(sub(sum(mul(x, x)), 0.25), 2)) as Scalar;

const helicalBowl = (x: Tensor): Scalar => {
  const [a, b, c] = entries(x) as [Tensor, Tensor, Tensor];
  return squares(mul(10, sub(sqrt(add(mul(a, a), mul(b, b))), 1)), c, sub(a, 1));
};

const trigonometric = (x: Tensor): Scalar => {
  const n = x.shape[0]!;
  const i = tensor(Float64Array.from({ length: n }, (_, k) => k + 1));
  const cosines = x.cos();
  const r = sub(add(sub(n, sum(cosines)), mul(i, sub(1, cosines))), x.sin());
  return sum(mul(r, r)) as Scalar;
};

/** Rosenbrock's function in pairs of parameters. */
export const extendedRosenbrock = (x: Tensor): Scalar => {
  const n = x.shape[0]!;
  const [odd, even] = [0, 1].map((from) =>
    gather(
      x,
      Array.from({ length: n / 2 }, (_, k) => 2 * k + from),
    ),
  ) as [Tensor, Tensor];
  const r = concat([mul(10, sub(even, mul(odd, odd))), sub(1, odd)] as never) as Tensor;
  return sum(mul(r, r)) as Scalar;
};

const jennrichSampson = (x: Tensor): Scalar => {
  const i = Array.from({ length: 10 }, (_, k) => k + 1);
  const r = sub(
    sub(tensor(Float64Array.from(i, (k) => 2 + 2 * k)), exp(mul(tensor(Float64Array.from(i)), at(x, 0)))),
    exp(mul(tensor(Float64Array.from(i)), at(x, 1))),
  );
  return sum(mul(r, r)) as Scalar;
};

export const problems: readonly Problem[] = [
  { name: "Rosenbrock", f: rosenbrock, start: [-1.2, 1], minimum: 0 },
  { name: "Powell singular", f: powellSingular, start: [3, -1, 0, 1], minimum: 0 },
  { name: "Wood", f: wood, start: [-3, -1, -3, -1], minimum: 0 },
  { name: "Brown badly scaled", f: brownBadlyScaled, start: [1, 1], minimum: 0 },
  { name: "Brown and Dennis", f: brownDennis, start: [25, 5, -5, -1], minimum: 85822.20162635626 },
  { name: "Penalty I", f: penaltyOne, start: [1, 2, 3, 4], minimum: 2.2499775008999372e-5 },
  { name: "a helical bowl", f: helicalBowl, start: [-1, 0.5, 2], minimum: 0 },
  { name: "Trigonometric", f: trigonometric, start: new Array<number>(5).fill(0.2), minimum: 0 },
  { name: "Extended Rosenbrock", f: extendedRosenbrock, start: [-1.2, 1, -1.2, 1, -1.2, 1], minimum: 0 },
  { name: "Jennrich and Sampson", f: jennrichSampson, start: [0.3, 0.4], minimum: 124.36218235561489 },
];
