/**
 * A spectrum of 12 pseudo-Voigt peaks: what exact derivatives change for `ml-levenberg-marquardt`, and the fit of
 * `curveFit` as a picture.
 */

import { writeFileSync } from "node:fs";
import { add, at, div, exp, mul, neg, reshape, sub, sum, tensor, transpose, type Tensor } from "@chainrule/autograd";
import { compiledJacobian, curveFit } from "@chainrule/autograd/optimize";
import { levenbergMarquardt } from "ml-levenberg-marquardt";
import { drawFit } from "./plot/fit.ts";

const PEAKS = 12;
const POINTS = 1024;
const x = Array.from({ length: POINTS }, (_, i) => (i * 100) / (POINTS - 1));
/** Center, height, width and share of Lorentz's curve of each peak. */
const truth = Array.from({ length: PEAKS }, (_, k) => [
  4 + 8.2 * k,
  1 + ((k * 5) % 7) / 3,
  1 + (k % 3) * 0.4,
  0.2 + (k % 4) * 0.2,
]).flat();
const start = truth.map((value, j) => value * [1.01, 0.8, 1.25, 0.9][j % 4]!);

// h (η / (1 + z²) + (1 − η) e^(−z² ln 2)), z = (x − c) / w
const plain =
  (p: readonly number[]) =>
  (x: number): number => {
    let total = 0;
    for (let k = 0; k < p.length; k += 4) {
      const z = (x - p[k]!) / p[k + 2]!;
      total += p[k + 1]! * (p[k + 3]! / (1 + z * z) + (1 - p[k + 3]!) * Math.exp(-z * z * Math.LN2));
    }
    return total;
  };

/** The same for all points and peaks at once: a row for each point, a column for each peak. */
function model(x: Tensor<[number]>, p: Tensor<[number]>): Tensor<[number]> {
  const columns = transpose(reshape(p, [PEAKS, 4])) as Tensor<[4, 12]>;
  const [c, h, w, share] = [0, 1, 2, 3].map((row) => at(columns, row) as Tensor<[12]>) as [
    Tensor<[12]>,
    Tensor<[12]>,
    Tensor<[12]>,
    Tensor<[12]>,
  ];
  const z = div(sub(reshape(x, [x.shape[0], 1]), c), w);
  const square = mul(z, z);
  return sum(mul(h, add(div(share, add(1, square)), mul(sub(1, share), exp(neg(mul(square, Math.LN2)))))), 1) as Tensor<
    [number]
  >;
}

/** Noise that is the same in each run. */
let state = 7;
const noise = (): number => {
  let total = -6;
  for (let k = 0; k < 12; k++) {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    total += state / 2 ** 32;
  }
  return 0.02 * total;
};
const y = x.map((one) => plain(truth)(one) + noise());

// Validated first: against derivatives by hand.
const byHand = (p: readonly number[], x: number): number[] =>
  Array.from({ length: PEAKS }, (_, k) => {
    const [c, h, w, share] = p.slice(4 * k, 4 * k + 4) as [number, number, number, number];
    const z = (x - c) / w;
    const [lorentz, gauss] = [1 / (1 + z * z), Math.exp(-z * z * Math.LN2)];
    const slope = h * (share * -2 * z * lorentz * lorentz + (1 - share) * -2 * z * Math.LN2 * gauss);
    return [-slope / w, share * lorentz + (1 - share) * gauss, (-slope * z) / w, h * (lorentz - gauss)];
  }).flat();
const jacobianFunction = compiledJacobian(model, { points: x });
const exact = jacobianFunction(start);
const wrong = Math.max(...x.flatMap((one) => byHand(start, one).map((value, j) => Math.abs(exact(one)[j]! - value))));
if (!(wrong < 1e-12)) throw new Error(`the derivatives differ from those by hand by ${wrong}`);
const values = model(tensor(x), tensor(start)).toTypedArray();
const off = Math.max(...x.map((one, i) => Math.abs(plain(start)(one) - values[i]!)));
if (!(off < 1e-12)) throw new Error(`the two models differ by ${off}`);

// Then timed in turns: the same fit, with differences and with exact derivatives. It is time of the processor: on a
// machine that does other things besides, what takes longer is interrupted more often, and a clock would count that
// against it.
const clock = (): number => {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
};
const ITERATIONS = 20;
const ROUNDS = 5;
const fit = (exactly: boolean): { readonly milliseconds: number; readonly sum: number } => {
  const begun = clock();
  const options = { initialValues: start, maxIterations: ITERATIONS, errorTolerance: 0, damping: 0.01 };
  const { parameterError } = levenbergMarquardt(
    { x, y },
    plain,
    exactly ? { ...options, jacobianFunction } : { ...options, gradientDifference: 1e-6 },
  );
  return { milliseconds: clock() - begun, sum: parameterError };
};
const median = (list: readonly number[]): number => [...list].sort((a, b) => a - b)[Math.floor(list.length / 2)]!;
const rounds = Array.from({ length: ROUNDS }, (_, round) => {
  const first = fit(round % 2 === 1);
  const second = fit(round % 2 === 0);
  return round % 2 === 1 ? { exact: first, differences: second } : { exact: second, differences: first };
});
const ratio = median(rounds.map(({ exact, differences }) => differences.milliseconds / exact.milliseconds));
console.log(
  `${4 * PEAKS} parameters, ${POINTS} points, ${ITERATIONS} iterations of ml-levenberg-marquardt, processor time, median of ${ROUNDS} rounds in turns:`,
);
console.log(
  `  finite differences     ${median(rounds.map(({ differences }) => differences.milliseconds)).toFixed(0)} ms, sum ${rounds[0]!.differences.sum.toPrecision(6)}`,
);
console.log(
  `  compiledJacobian       ${median(rounds.map(({ exact }) => exact.milliseconds)).toFixed(0)} ms, sum ${rounds[0]!.exact.sum.toPrecision(6)}`,
);
// The Jacobian alone, as each iteration asks for it: differences call the model once more for each parameter.
const CALLS = 10;
const alone = Array.from({ length: 2 * ROUNDS }, () => {
  const begun = clock();
  for (let call = 0; call < CALLS; call++) {
    const at = jacobianFunction(start);
    for (const one of x) at(one);
  }
  const between = clock();
  for (let j = 0; j < start.length; j++) {
    const moved = plain(start.map((value, k) => (k === j ? value + 1e-6 : value)));
    for (const one of x) moved(one);
  }
  return (CALLS * (clock() - between)) / (between - begun);
});
console.log(
  `  differences take ${ratio.toFixed(2)} times as long; for the Jacobian alone ${median(alone).toFixed(2)} times`,
);

const begun = clock();
const { parameters, standardDeviations, residuals, residualSum, message, iterations } = curveFit(
  model,
  x,
  y,
  tensor(start),
);
console.log(
  `curveFit: sum ${residualSum.toPrecision(6)} after ${iterations} iterations and ${(clock() - begun).toFixed(0)} ms; ${message}`,
);
console.log(
  `  first peak at ${parameters.at(0).item().toFixed(4)} ± ${standardDeviations.at(0).item().toFixed(4)}, true ${truth[0]!}`,
);
const curve = model(tensor(x), parameters).toTypedArray();
writeFileSync(
  new URL("../docs/images/fit.svg", import.meta.url),
  drawFit(x.map((one, i) => ({ x: one, measured: y[i]!, fitted: curve[i]!, residual: residuals.at(i).item() }))),
);
