/** Before anything is said: autograd, the plain loops and one difference quotient agree about the truth. */

import { cast, grad, tensor } from "@chainrule/autograd";
import type { Network } from "../network/network.ts";
import type { NetworkParameters } from "../network/initialize.ts";
import { Random } from "../random.ts";
import { bp3, bp4 } from "./local.ts";
import { costOf } from "./forward-check.ts";
import { trueDeltas } from "./mistakes/hidden.ts";
import type { Report } from "./report.ts";
import { settle, type Problem, type Setting } from "./setting.ts";
import { overTolerance } from "./tolerance.ts";

/** Central differences carry their own rounding, about ε^(2/3) of the cost. */
const DIFFERENCE = 1e-6;

/** Compares the three; `truth` is the setting that the report's own numbers come from. */
export function witness(network: Network, truth: Setting, seed: number | string): Report["witness"] {
  const { problem, last } = truth;
  const parameters: Record<string, ReturnType<typeof cast>> = {};
  for (let l = 1; l <= last; l++) {
    parameters[`W${l}`] = tensor(problem.W[l]!.map((row) => [...row]), { dtype: "float64" });
    parameters[`b${l}`] = tensor([...problem.b[l]!], { dtype: "float64" });
  }
  const [x, t] = [tensor(problem.x.map((row) => [...row]), { dtype: "float64" }), tensor(problem.t.map((row) => [...row]), { dtype: "float64" })];
  const gradient = grad((w: NetworkParameters) => network.loss(w, x, t))(parameters as NetworkParameters);

  // One random direction d: the slope of C along it, by our gradient and by C itself.
  const random = new Random(seed).split("direction");
  // Signs are as good as normal numbers: no entry can hide, and they cost a bit each.
  const signs = (row: readonly number[]): number[] => row.map(() => (random.uniform() < 0.5 ? -1 : 1));
  const direction = { W: problem.W.map((rows) => rows.map(signs)), b: problem.b.map(signs) };
  const deltas = trueDeltas(truth);
  let [autograd, along] = [0, 0];
  for (let l = 1; l <= last; l++) {
    const [ours, oursB] = [bp4(truth, l, deltas[l]!), bp3(truth, deltas[l]!)];
    const theirs = { ...ours, value: Float64Array.from(gradient[`W${l}`]!.toTypedArray()) };
    const theirsB = { ...oursB, value: Float64Array.from(gradient[`b${l}`]!.toTypedArray()) };
    autograd = Math.max(autograd, overTolerance(theirs, ours), overTolerance(theirsB, oursB));
    along += dot(ours.value, direction.W[l]!.flat()) + dot(oursB.value, direction.b[l]!);
  }
  const difference = quotient(truth, problem, direction, along);
  // At a kink no step is small enough, and nothing can be said by differences.
  const agrees = autograd <= 1 && (difference === null || difference <= DIFFERENCE);
  return { autograd, difference: difference ?? 0, agrees };
}

function dot(a: Float64Array, b: readonly number[]): number {
  return a.reduce((sum, x, i) => sum + x * b[i]!, 0);
}

/** |(C(w + hd) − C(w − hd)) / 2h − ∇C·d| over their sizes; `null` where every step crosses a kink. */
function quotient(truth: Setting, problem: Problem, direction: { W: number[][][]; b: number[][] }, along: number): number | null {
  let size = 0;
  for (const rows of problem.W) for (const row of rows) for (const w of row) size = Math.max(size, Math.abs(w));
  const norm = Math.sqrt(direction.W.flat(2).concat(direction.b.flat()).reduce((sum, d) => sum + d * d, 0));
  const moved = (h: number): Setting => settle({
    ...problem,
    W: problem.W.map((rows, l) => rows.map((row, j) => row.map((w, k) => w + h * direction.W[l]![j]![k]!))),
    b: problem.b.map((row, l) => row.map((entry, j) => entry + h * direction.b[l]![j]!)),
  });
  let h = (Math.cbrt(Number.EPSILON) * Math.max(1, size)) / Math.max(1, norm);
  for (let halvings = 0; halvings <= 6; halvings++, h /= 2) {
    const [up, down] = [moved(h), moved(-h)];
    const crosses = problem.activations.some((activation, index) => activation === "relu" && up.u[index + 1]!.value.some((u, i) => u > 0 !== down.u[index + 1]!.value[i]! > 0));
    if (crosses) continue;
    const [above, below] = [costOf(up), costOf(down)];
    const slope = (above - below) / (2 * h);
    // What the subtraction of two nearly equal costs can show at best.
    const grain = (64 * Number.EPSILON * Math.max(Math.abs(above), Math.abs(below), costOf(truth))) / h;
    return Math.max(0, Math.abs(slope - along) - grain) / Math.max(Math.abs(slope), Math.abs(along), 1e-300);
  }
  return null;
}
