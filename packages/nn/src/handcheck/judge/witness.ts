/**
 * Before anything is said: autograd, the equations of the check and one difference quotient in plain loops agree about
 * the truth.
 */

import { grad, tensor, type Tensor } from "@chainrule/autograd";
import { costOf } from "../../network/cost.ts";
import { neuronOf } from "../../network/activation.ts";
import type { Network } from "../../network/network.ts";
import type { NetworkParameters } from "../../network/initialize.ts";
import { Random } from "../../random.ts";
import { sampleCost } from "../equations/costs.ts";
import { forward } from "../equations/forward.ts";
import type { PlainNetwork } from "../equations/network.ts";
import { bp3, bp4, trueDeltas } from "../claims/local.ts";
import type { Report } from "../report.ts";
import { settle, type Problem, type Setting } from "../claims/setting.ts";
import { dot } from "../bounds/sums.ts";
import { overTolerance } from "../bounds/tolerance.ts";
import type { Tracked } from "../bounds/tracked.ts";

/** Central differences carry their own rounding, about ε^(2/3) of the cost. */
const DIFFERENCE = 1e-6;

/** A direction among the parameters, laid out as they are. */
interface Direction {
  readonly W: readonly Float64Array[];
  readonly b: readonly Float64Array[];
}

/** Holds what was found before anybody asked. A problem says its network; the parameters are its own. */
const known = new WeakMap<Problem, { readonly seed: number | string; readonly seen: Report["witness"] }>();

/** Compares the three on numbers whose report is not asked for yet, once. */
export function witnessAhead(network: Network, problem: Problem, seed: number | string): void {
  if (known.get(problem)?.seed === seed) return;
  known.set(problem, { seed, seen: compared(network, settle(problem), seed) });
}

/** Compares the three; `truth` is the setting that the report's own numbers come from, in full precision. */
export function witness(network: Network, truth: Setting, seed: number | string): Report["witness"] {
  const before = known.get(truth.problem);
  return before?.seed === seed ? before.seen : compared(network, truth, seed);
}

function compared(network: Network, truth: Setting, seed: number | string): Report["witness"] {
  const { last, W, b, v, t } = truth;
  const parameters: Record<string, Tensor> = {};
  for (let l = 1; l <= last; l++) {
    parameters[`W${l}`] = matrix(W[l]!);
    parameters[`b${l}`] = tensor(b[l]!.value);
  }
  const gradient = grad((w: NetworkParameters) => network.loss(w, matrix(v[0]!), matrix(t)))(
    parameters as NetworkParameters,
  );

  // One random direction d: the slope of C along it, by our gradient and by C itself.
  const random = new Random(seed).split("direction");
  const direction = {
    W: W.map(({ value }) => signs(random, value.length)),
    b: b.map(({ value }) => signs(random, value.length)),
  };
  const deltas = trueDeltas(truth);
  let [autograd, along] = [0, 0];
  for (let l = 1; l <= last; l++) {
    const [ours, oursB] = [bp4(truth, l, deltas[l]!), bp3(truth, deltas[l]!)];
    const theirs = { ...ours, value: gradient[`W${l}`]!.toTypedArray() as Float64Array };
    const theirsB = { ...oursB, value: gradient[`b${l}`]!.toTypedArray() as Float64Array };
    autograd = Math.max(autograd, overTolerance(theirs, ours), overTolerance(theirsB, oursB));
    along += product(ours, direction.W[l]!) + product(oursB, direction.b[l]!);
  }
  const difference = quotient(truth, direction, along);
  // At a kink no step is small enough, and nothing can be said by differences.
  const agrees = autograd <= 1 && (difference === null || difference <= DIFFERENCE);
  return { autograd, difference: difference ?? 0, agrees, ...(difference === null ? { noDifference: true } : {}) };
}

function product({ value }: Tracked, d: Float64Array): number {
  return dot(value, 0, 1, d, 0, value.length);
}

function matrix({ rows, cols, value }: Tracked): Tensor {
  return tensor(value, { shape: [rows, cols] });
}

/** Signs are as good as normal numbers: no entry can hide, and 32 of them cost one draw. */
function signs(random: Random, count: number): Float64Array {
  const drawn = new Float64Array(count);
  let bits = 0;
  for (let i = 0; i < count; i++) {
    if (i % 32 === 0) bits = random.integer(2 ** 32);
    drawn[i] = bits & 1 ? 1 : -1;
    bits >>>= 1;
  }
  return drawn;
}

/** Holds what the plain loops give at a place near the parameters. */
interface Seen {
  readonly cost: number;
  /** The inputs of all layers of all samples. */
  readonly u: readonly (readonly (readonly number[])[])[];
  /** The outputs of the last layer. */
  readonly v: readonly (readonly number[])[];
}

/** C at w + h d, by the plain loops: they share no code with what they judge. */
function plainly({ problem, W, b, last, samples }: Setting, direction: Direction, h: number): Seen {
  const moved = (from: Float64Array, by: Float64Array): Float64Array => {
    const to = new Float64Array(from.length);
    for (let i = 0; i < to.length; i++) to[i] = from[i]! + h * by[i]!;
    return to;
  };
  const { activations, cost } = problem;
  const net: PlainNetwork = {
    weights: W.slice(1).map(({ rows, cols, value }, index) => {
      const all = moved(value, direction.W[index + 1]!);
      return Array.from({ length: rows }, (_, j) => all.subarray(j * cols, (j + 1) * cols));
    }),
    biases: b.slice(1).map(({ value }, index) => moved(value, direction.b[index + 1]!)),
    activations,
    cost,
  };
  const seen = problem.x.map((x) => forward(net, x));
  const u = seen.map((one) => one.u);
  const sum = u.reduce(
    (total, inputs, n) => total + sampleCost(cost, activations[last - 1]!, inputs[last]!, problem.t[n]!),
    0,
  );
  return { cost: sum / samples, u, v: seen.map((one) => one.v[last]!) };
}

/** |(C(w + hd) − C(w − hd)) / 2h − ∇C·d| over their sizes; `null` where every step crosses a kink. */
function quotient(truth: Setting, direction: Direction, along: number): number | null {
  let [size, count] = [0, 0];
  for (const { value } of truth.W) for (let i = 0; i < value.length; i++) size = Math.max(size, Math.abs(value[i]!));
  for (const { value } of [...truth.W, ...truth.b]) count += value.length;
  let h = (Math.cbrt(Number.EPSILON) * Math.max(1, size)) / Math.sqrt(count);
  for (let halvings = 0; halvings <= 6; halvings++, h /= 2) {
    const [up, down] = [plainly(truth, direction, h), plainly(truth, direction, -h)];
    const crosses = truth.problem.activations.some(
      (activation, index) =>
        activation !== "softmax" &&
        (neuronOf(activation).corners ?? []).some(({ at }) =>
          up.u.some((inputs, n) => inputs[index + 1]!.some((u, j) => u > at !== down.u[n]![index + 1]![j]! > at)),
        ),
    );
    const { regions } = costOf(truth.problem.cost).record;
    const crossesCost =
      regions !== undefined &&
      up.v.some((out, n) => {
        const other = regions(down.v[n]!, truth.problem.t[n]!);
        return regions(out, truth.problem.t[n]!).some((region, j) => region !== other[j]);
      });
    if (crosses || crossesCost) continue;
    const slope = (up.cost - down.cost) / (2 * h);
    // What the subtraction of two nearly equal costs can show at best.
    const grain = (64 * Number.EPSILON * Math.max(Math.abs(up.cost), Math.abs(down.cost))) / h;
    return Math.max(0, Math.abs(slope - along) - grain) / Math.max(Math.abs(slope), Math.abs(along), 1e-300);
  }
  return null;
}
