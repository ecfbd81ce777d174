/**
 * Random compositions of the library's functions: the check must pass all of them, and none with a fault at its end.
 */

import { expect, test } from "vitest";
import { gradientCheck } from "../../src/check/index.ts";
import * as A from "../../src/index.ts";
import { jacobian, tensor, type Tensor } from "../../src/index.ts";
import { sized } from "../size.ts";

type Function1 = (x: Tensor) => Tensor;
type Function2 = (a: Tensor, b: Tensor) => Tensor;

const ones: readonly Function1[] = [
  A.sin,
  A.cos,
  A.tanh,
  A.sigmoid,
  A.relu,
  A.softplus,
  A.logSigmoid,
  A.erf,
  A.abs,
  A.neg,
  A.softmax,
  A.logSoftmax,
  (x) => A.exp(A.tanh(x)),
  (x) => A.log(A.add(A.mul(x, x), 0.5)) as Tensor,
  (x) => A.sqrt(A.add(A.abs(x), 0.1)) as Tensor,
  (x) => A.sub(x, A.mean(x)) as Tensor,
  (x) => A.div(x, A.add(A.norm(x), 1)) as Tensor,
  (x) => A.clip(x, -1, 1),
];

const twos: readonly Function2[] = [
  A.add as Function2,
  A.sub as Function2,
  A.maximum as Function2,
  A.minimum as Function2,
  (a, b) => A.mul(A.tanh(a), b) as Tensor,
  (a, b) => A.div(a, A.add(A.mul(b, b), 1)) as Tensor,
  (a, b) => A.pow(A.add(A.abs(A.sin(a)), 0.3), A.tanh(b)) as Tensor,
  (a, b) => A.where(A.greater(a, b), a, A.mul(2, b)) as Tensor,
];

/** Numbers in [0, 1), always the same. */
function randomFrom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state * 48271) % 2147483647;
    return state / 2147483647;
  };
}

function composition(random: () => number): Function2 {
  const program = Array.from(
    { length: 2 + Math.floor(random() * 7) },
    () => [random(), random(), random(), random()] as const,
  );
  return (x, y) => {
    const values = [x, y];
    // Later values are chosen more often, so that the compositions are deep.
    const pick = (at: number): Tensor => values[Math.floor((1 - at * at) * values.length * 0.999)]!;
    for (const [kind, which, first, second] of program) {
      values.push(
        kind < 0.55
          ? ones[Math.floor(which * ones.length)]!(pick(first))
          : twos[Math.floor(which * twos.length)]!(pick(first), pick(second)),
      );
    }
    return values.at(-1)!;
  };
}

const random = randomFrom(20_260);
const trials = Array.from({ length: sized(125, 250) }, () => {
  const size = 1 + Math.floor(random() * 4);
  const point = (): Tensor => tensor(Float64Array.from({ length: size }, () => 4 * random() - 2)) as Tensor;
  return { f: composition(random), at: [point(), point()] as [Tensor, Tensor] };
});

test("the derivatives of random compositions are not found wrong", () => {
  let passed = 0;
  for (const { f, at } of trials) {
    const report = gradientCheck(f, at);
    expect(report.status, report.message).not.toBe("failed");
    if (report.ok) passed++;
  }
  expect(passed).toBeGreaterThan(0.9 * trials.length);
});

test("a factor of 1.0005 behind random compositions is found wherever there is a derivative", () => {
  const wrong = A.customGradient({
    name: "wrong",
    forward: (x) => A.mul(x, 1) as Tensor,
    vjp: (g) => A.mul(g, 1.0005) as Tensor,
  });
  let found = 0;
  for (const { f, at } of trials) {
    const report = gradientCheck((x: Tensor, y: Tensor) => wrong(f(x, y)), at, { order: 1 });
    if (report.status === "failed") found++;
    if (report.status !== "passed") continue;
    for (const argnum of [0, 1]) {
      const entries = jacobian(f, { argnums: argnum })(...at).toTypedArray();
      expect(
        entries.every((x: number) => Math.abs(x) < 1e-8),
        report.message,
      ).toBe(true);
    }
  }
  expect(found).toBeGreaterThan(0.8 * trials.length);
});
