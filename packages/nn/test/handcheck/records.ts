// What every record of an activation must show, as a list of faults: none for a right one.
import { cast, grad, sum, tensor, type DType, type Tensor } from "@chainrule/autograd";
import { onPaper } from "../../src/network/activations/paper.ts";
import type { Neuron, OnPaper, Writer } from "../../src/network/activations/record.ts";
import { erf, neuron as plain, type NeuronActivation } from "../../src/handcheck/equations/index.ts";
import { Random } from "../../src/index.ts";
import { partsOf } from "../../src/network/activation.ts";

/** The formulas of a record as numbers. */
export const numbers: Writer<number> = {
  number: (value) => value,
  plus: (...terms) => terms.reduce((a, b) => a + b),
  minus: (a, b) => a - b,
  negative: (a) => -a,
  scaled: (c, a) => c * a,
  times: (...factors) => factors.reduce((a, b) => a * b),
  over: (a, b) => a / b,
  square: (a) => a * a,
  apply: (name, a) =>
    ({
      exp: Math.exp,
      ln: Math.log,
      tanh: Math.tanh,
      erf,
      abs: Math.abs,
      sign: Math.sign,
      positivePart: (x: number) => Math.max(0, x),
    })[name](a),
  positive: (a) => (a > 0 ? 1 : 0),
};

/** Inputs of both signs and all sizes that a network meets. */
export function inputs(seed: string, count: number): number[] {
  const random = new Random("records").split(seed);
  return [...Array.from(random.normalArray(count), (x) => 2 * x), -7.25, -1e-3, 1e-3, 0.9, 7.25];
}

const slopesOf = (record: Neuron, at: readonly number[], dtype: DType): number[] => [
  ...cast(grad((u: Tensor) => sum(record.tensor(u)))(tensor([...at], { dtype })), "float64").toTypedArray(),
];

/** Where a value is off by more than so much of 1 + |u|. */
function off(
  what: string,
  at: readonly number[],
  got: readonly number[],
  expected: (u: number) => number,
  limit: number,
): string[] {
  const worst = at.find(
    (u, i) => !(Math.abs(got[i]! - expected(u)) <= limit * (1 + Math.abs(u)) * Math.max(1, Math.abs(expected(u)))),
  );
  return worst === undefined ? [] : [`${what} at u = ${worst}: ${got[at.indexOf(worst)]!}, not ${expected(worst)}`];
}

/** The faults of a record, held against the plain loops, against differences, and against itself. */
export function faultsOf(
  name: NeuronActivation,
  record: Neuron,
  seed: string,
  count: number,
  change: Partial<OnPaper> = {},
): string[] {
  const { name: base, parameter } = partsOf(name);
  const paper = { ...onPaper[base], ...change };
  const { value, slope } = plain(name);
  const corners = record.corners ?? [];
  const at = inputs(seed, count).filter((u) => corners.every((corner) => Math.abs(u - corner.at) > 1e-4));
  const faults: string[] = [];
  // Values and slopes: tensors in both types, and the formulas on paper.
  for (const dtype of ["float64", "float32"] as const) {
    const own = at.map((u) => (dtype === "float32" ? Math.fround(u) : u));
    const limit = dtype === "float32" ? 1e-6 : 1e-14;
    faults.push(
      ...off(
        `σ in ${dtype}`,
        own,
        [...cast(record.tensor(tensor(own, { dtype })), "float64").toTypedArray()],
        value,
        limit,
      ),
    );
    faults.push(...off(`σ′ by autograd in ${dtype}`, own, slopesOf(record, own, dtype), slope, limit));
  }
  faults.push(
    ...off(
      "σ as written",
      at,
      at.map((u) => paper.value(numbers, u, parameter)),
      value,
      1e-13,
    ),
  );
  faults.push(
    ...off(
      "σ′ as written",
      at,
      at.map((u) => paper.slope(numbers, u, value(u), parameter)),
      slope,
      1e-13,
    ),
  );
  const { ofOutput } = record;
  if (ofOutput !== undefined)
    faults.push(
      ...off(
        "σ′ of v",
        at,
        at.map((u) => ofOutput(value(u))),
        slope,
        1e-13,
      ),
    );
  // Slopes by differences of the plain loops, which share nothing with either.
  faults.push(
    ...off(
      "σ′ by differences",
      at,
      at.map((u) => (value(u + 1e-5) - value(u - 1e-5)) / 2e-5),
      slope,
      1e-8,
    ),
  );
  // σ″ by autograd: 0 all over only where nothing is bent.
  const { straight = false, bends = [], largest, turns = [] } = record.bounds;
  const second = grad((u: Tensor) => sum(grad((w: Tensor) => sum(record.tensor(w)))(u)))(
    tensor([...at]),
  ).toTypedArray();
  if (straight !== second.every((bent) => bent === 0)) faults.push(straight ? "σ is bent" : "σ is straight");
  // Corners: the slopes of both sides, and no other place where σ′ jumps.
  for (const { at: u, below, above } of corners) {
    if (Math.abs(slope(u - 1e-9) - below) > 1e-6 || Math.abs(slope(u + 1e-9) - above) > 1e-6)
      faults.push(`corner at ${u}: ${slope(u - 1e-9)} and ${slope(u + 1e-9)}, not ${below} and ${above}`);
  }
  for (let u = -8.0005; u < 8; u += 1e-3) {
    if (
      Math.abs(slope(u + 1e-3) - slope(u)) > 0.01 &&
      !corners.some((corner) => corner.at >= u && corner.at <= u + 1e-3)
    )
      faults.push(`σ′ jumps near ${u}, where no corner is told`);
  }
  // Bounds: σ and σ′ turn only where they say.
  for (const u of at) {
    for (const du of [1e-3, 0.03, 0.4, 2]) {
      if (corners.some((corner) => Math.abs(corner.at - u) <= du)) continue;
      if (!turns.some((turn) => Math.abs(turn - u) < du) && slope(u - du) * slope(u + du) < 0)
        faults.push(`σ turns between ${u - du} and ${u + du}`);
      const [before, here, after] = [u - du, u, u + du].map(slope) as [number, number, number];
      if (!bends.some((bend) => Math.abs(bend - u) < du) && (here - before) * (after - here) < -1e-20)
        faults.push(`σ′ turns between ${u - du} and ${u + du}`);
    }
    if (largest !== undefined && !(slope(u) >= 0 && slope(u) <= largest))
      faults.push(`σ′(${u}) is not between 0 and ${largest}`);
  }
  return faults;
}
