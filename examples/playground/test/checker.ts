/**
 * The course's own checker, in plain loops: ‖grad − gradapprox‖ / (‖grad‖ + ‖gradapprox‖), with differences of ε =
 * 1e-7.
 */

import { NumpyRandomState } from "@chainrule/nn";

type Rows = readonly (readonly number[])[];

const product = (A: Rows, B: Rows): number[][] =>
  A.map((row) => B[0]!.map((_, j) => row.reduce((sum, a, k) => sum + a * B[k]![j]!, 0)));
const turned = (A: Rows): number[][] => A[0]!.map((_, j) => A.map((row) => row[j]!));
const each = (A: Rows, f: (a: number, i: number, j: number) => number): number[][] =>
  A.map((row, i) => row.map((a, j) => f(a, i, j)));
const norm = (v: readonly number[]): number => Math.sqrt(v.reduce((sum, x) => sum + x * x, 0));

const shapes = [
  [5, 4],
  [5, 1],
  [3, 5],
  [3, 1],
  [1, 3],
  [1, 1],
] as const;

/** The exercise's numbers: `np.random.seed(1)`, then x, W1, b1, W2, b2, W3, b3 by `randn`. */
function exercise(): { x: number[][]; y: number[][]; theta: number[] } {
  const random = new NumpyRandomState(1);
  const draw = (rows: number, columns: number): number[][] =>
    Array.from({ length: rows }, () => Array.from({ length: columns }, () => random.randn()));
  return { x: draw(4, 3), y: [[1, 1, 0]], theta: shapes.flatMap(([rows, columns]) => draw(rows, columns).flat()) };
}

function unpacked(theta: readonly number[]): number[][][] {
  let at = 0;
  return shapes.map(([rows, columns]) => Array.from({ length: rows }, () => theta.slice(at, (at += columns))));
}

function forward(theta: readonly number[], x: Rows): { A1: Rows; A2: Rows; A3: Rows } {
  const [W1, b1, W2, b2, W3, b3] = unpacked(theta);
  const layer = (W: Rows, b: Rows, A: Rows, f: (z: number) => number): number[][] =>
    each(product(W, A), (z, i) => f(z + b[i]![0]!));
  const relu = (z: number): number => Math.max(0, z);
  const A1 = layer(W1!, b1!, x, relu);
  const A2 = layer(W2!, b2!, A1, relu);
  return { A1, A2, A3: layer(W3!, b3!, A2, (z) => 1 / (1 + Math.exp(-z))) };
}

function cost(theta: readonly number[], x: Rows, y: Rows): number {
  const [row] = forward(theta, x).A3;
  return row!.reduce((sum, a, n) => sum - Math.log(a) * y[0]![n]! - Math.log(1 - a) * (1 - y[0]![n]!), 0) / row!.length;
}

/** The backward pass that is handed out, with its factors 2 of dW2 and 4 of db1, or without. */
function backward(theta: readonly number[], x: Rows, y: Rows, [two, four]: readonly [number, number]): number[] {
  const [, , W2, , W3] = unpacked(theta);
  const { A1, A2, A3 } = forward(theta, x);
  const m = y[0]!.length;
  const dZ3 = each(A3, (a, i, n) => a - y[i]![n]!);
  const dZ2 = each(product(turned(W3!), dZ3), (d, i, n) => (A2[i]![n]! > 0 ? d : 0));
  const dZ1 = each(product(turned(W2!), dZ2), (d, i, n) => (A1[i]![n]! > 0 ? d : 0));
  const weights = (dZ: Rows, A: Rows, c: number): number[] =>
    product(dZ, turned(A))
      .flat()
      .map((g) => (c * g) / m);
  const biases = (dZ: Rows, c: number): number[] => dZ.map((row) => (c * row.reduce((sum, d) => sum + d, 0)) / m);
  return [
    ...weights(dZ1, x, 1),
    ...biases(dZ1, four),
    ...weights(dZ2, A1, two),
    ...biases(dZ2, 1),
    ...weights(dZ3, A2, 1),
    ...biases(dZ3, 1),
  ];
}

/** What the checker says of the exercise with these two factors. */
export function checkerSays(factors: readonly [two: number, four: number]): number {
  const { x, y, theta } = exercise();
  const epsilon = 1e-7;
  const moved = (k: number, by: number): number =>
    cost(
      theta.map((t, i) => (i === k ? t + by : t)),
      x,
      y,
    );
  const approximate = theta.map((_, k) => (moved(k, epsilon) - moved(k, -epsilon)) / (2 * epsilon));
  const grad = backward(theta, x, y, factors);
  return norm(grad.map((g, k) => g - approximate[k]!)) / (norm(grad) + norm(approximate));
}
