/** Right backprops as people hand them in: one network, written under somebody's names and in somebody's layout. */

import { genericProblem } from "../../../src/handcheck/claims/generic.ts";
import { bp3, bp4, trueDeltas } from "../../../src/handcheck/claims/local.ts";
import { settle, type Problem } from "../../../src/handcheck/claims/setting.ts";
import { toRows } from "../../../src/handcheck/bounds/tracked.ts";
import type { Random } from "../../../src/random.ts";

type Rows = readonly (readonly number[])[];

/** Everything that is right of a network, by layer from 1: index 0 is the input's. */
export interface Truth {
  readonly problem: Problem;
  readonly last: number;
  readonly u: readonly Rows[];
  readonly v: readonly Rows[];
  readonly delta: readonly Rows[];
  readonly gradW: readonly Rows[];
  readonly gradB: readonly (readonly number[])[];
}

const shapes = [
  [2, 3, 1],
  [3, 4, 2],
  [2, 2, 2],
  [1, 1],
  [3, 2],
  [3, 3, 3],
  [2, 1, 2],
  [4, 3, 2, 2],
] as const;
const lastLayers = [
  ["sigmoid", "quadratic"],
  ["sigmoid", "crossEntropy"],
  ["softmax", "categoricalCrossEntropy"],
  ["linear", "quadratic"],
  ["tanh", "quadratic"],
] as const;

/** A network with generic numbers and all that is right of it; as many samples as units now and then. */
export function drawTruth(random: Random, biases: boolean): Truth {
  const sizes = [...shapes[random.integer(shapes.length)]!];
  const last = sizes.length - 1;
  const [activation, cost] = lastLayers[random.integer(lastLayers.length)]!;
  // A softmax of one unit is 1 whatever goes in.
  const [output, costs] =
    activation === "softmax" && sizes[last] === 1
      ? (["sigmoid", "crossEntropy"] as const)
      : ([activation, cost] as const);
  const hidden = random.integer(2) === 0 ? "tanh" : "sigmoid";
  const activations = sizes.slice(1).map((_, l) => (l === last - 1 ? output : hidden));
  const drawn = genericProblem(
    { sizes, activations, cost: costs },
    1 + random.integer(5),
    `handed ${random.integer(1e9)}`,
  );
  const problem = biases ? drawn : { ...drawn, b: drawn.b.map((entries) => entries.map(() => 0)) };
  const setting = settle(problem);
  const deltas = trueDeltas(setting);
  const layers = sizes.map((_, l) => l);
  return {
    problem,
    last,
    u: layers.map((l) => (l === 0 ? [] : toRows(setting.u[l]!))),
    v: layers.map((l) => toRows(setting.v[l]!)),
    delta: layers.map((l) => (l === 0 ? [] : toRows(deltas[l]!))),
    gradW: layers.map((l) => (l === 0 ? [] : toRows(bp4(setting, l, deltas[l]!)))),
    gradB: layers.map((l) => (l === 0 ? [] : toRows(bp3(setting, deltas[l]!))[0]!)),
  };
}

const turn = (rows: Rows): number[][] => rows[0]!.map((_, k) => rows.map((entries) => entries[k]!));

/** How one person lays things out. */
export interface Manner {
  readonly inOut: boolean;
  readonly columns: boolean;
  readonly bias: "flat" | "column" | "row" | "first" | "last" | "none";
  readonly names: (typeof namings)[number];
}

export const namings = [
  "ours",
  "top",
  "coursera",
  "ng",
  "zero",
  "torch",
  "sequential",
  "lists",
  "grads",
  "nielsen",
  "layers",
] as const;
const biasForms = ["flat", "column", "row", "first", "last", "none"] as const;

export const drawManner = (random: Random): Manner => ({
  inOut: random.integer(2) === 0,
  columns: random.integer(2) === 0,
  bias: biasForms[random.integer(biasForms.length)]!,
  names: namings[random.integer(namings.length)]!,
});

/** The arrays of a network in that person's layout. */
function laidOut({ problem: { W, b, x, t }, delta, gradW, gradB, v }: Truth, { inOut, columns, bias }: Manner) {
  const samples = (rows: Rows): Rows => (columns ? turn(rows) : rows);
  const biasOf = (entries: readonly number[]): unknown =>
    bias === "column" ? entries.map((one) => [one]) : bias === "row" ? [entries] : entries;
  const joined = (rows: Rows, entries: readonly number[]): Rows => {
    const whole =
      bias === "first"
        ? rows.map((row, j) => [entries[j]!, ...row])
        : bias === "last"
          ? rows.map((row, j) => [...row, entries[j]!])
          : rows;
    return inOut ? turn(whole) : whole;
  };
  const apart = bias === "flat" || bias === "column" || bias === "row";
  return {
    W: W.map((rows, l) => (l === 0 ? [] : joined(rows, b[l]!))),
    b: apart ? b.map(biasOf) : null,
    gradW: gradW.map((rows, l) => (l === 0 ? [] : joined(rows, gradB[l]!))),
    gradB: apart ? gradB.map(biasOf) : null,
    delta: delta.map((rows, l) => (l === 0 ? [] : samples(rows))),
    v: v.map(samples),
    x: samples(x),
    t: samples(t),
  };
}

type Names = Readonly<Record<string, unknown>>;

/** Names with numbers, `dW1` and the like. */
const numbered = (stem: string, list: readonly unknown[], shift = 0, behind = ""): Names =>
  Object.fromEntries(list.slice(1).map((one, i) => [`${stem}${i + 1 + shift}${behind}`, one]));

const byLayer = (list: readonly unknown[]): Names => numbered("", list);

/** The submission as a value for JSON. */
export function handedIn(truth: Truth, manner: Manner): Names {
  const { problem } = truth;
  const { W, b, gradW, gradB, delta, x, t, v } = laidOut(truth, manner);
  const network = { sizes: problem.sizes, activations: problem.activations, cost: problem.cost };
  const data = { x, t };
  const some = (names: (list: readonly unknown[]) => Names, list: readonly unknown[] | null): Names =>
    list === null ? {} : names(list);
  switch (manner.names) {
    case "ours":
      return {
        network: { ...network, parameters: { ...numbered("W", W), ...some((list) => numbered("b", list), b) } },
        data,
        hand: { delta: byLayer(delta), gradW: byLayer(gradW), ...(gradB === null ? {} : { gradB: byLayer(gradB) }) },
      };
    case "top":
      return {
        ...network,
        X: x,
        y: t,
        ...numbered("w", W),
        ...some((list) => numbered("bias", list), b),
        ...numbered("dW", gradW),
        ...some((list) => numbered("db", list), gradB),
        ...numbered("delta", delta),
      };
    case "coursera":
      return {
        network,
        X: x,
        Y: t,
        parameters: { ...numbered("W", W), ...some((list) => numbered("b", list), b) },
        grads: { ...numbered("dW", gradW), ...some((list) => numbered("db", list), gradB), ...numbered("dZ", delta) },
      };
    case "ng":
      return {
        network,
        X: x,
        y: t,
        ...numbered("Theta", W),
        ...some((list) => numbered("b", list), b),
        ...numbered("Theta", gradW, 0, "_grad"),
        ...some((list) => numbered("b", list, 0, "_grad"), gradB),
        ...numbered("delta", delta, 1),
        ...Object.fromEntries(v.map((one, l) => [`a${l + 1}`, one])),
      };
    case "zero":
      return {
        network,
        inputs: x,
        targets: t,
        ...numbered("W", W, -1),
        ...some((list) => numbered("b", list, -1), b),
        ...numbered("dW", gradW, -1),
        ...some((list) => numbered("db", list, -1), gradB),
      };
    case "torch":
      return {
        network,
        data: { inputs: x, targets: t },
        state_dict: { ...numbered("fc", W, 0, ".weight"), ...some((list) => numbered("fc", list, 0, ".bias"), b) },
        ...numbered("fc", gradW, 0, ".weight.grad"),
        ...some((list) => numbered("fc", list, 0, ".bias.grad"), gradB),
      };
    case "sequential":
      return {
        network,
        data: { X: x, y: t },
        parameters: Object.fromEntries(
          W.slice(1).flatMap((one, i) => [
            [`${2 * i}.weight`, one],
            ...(b === null ? [] : [[`${2 * i}.bias`, b[i + 1]]]),
          ]),
        ),
        gradients: Object.fromEntries(
          gradW
            .slice(1)
            .flatMap((one, i) => [
              [`${2 * i}.weight`, one],
              ...(gradB === null ? [] : [[`${2 * i}.bias`, gradB[i + 1]]]),
            ]),
        ),
      };
    case "lists":
      return {
        network: { ...network, weights: W.slice(1), ...some((list) => ({ biases: list.slice(1) }), b) },
        data,
        hand: {
          dW: gradW.slice(1),
          ...some((list) => ({ db: list.slice(1) }), gradB),
          deltas: [null, ...delta.slice(1)],
        },
      };
    case "grads":
      return {
        network,
        data,
        params: { W: byLayer(W), ...some((list) => ({ b: byLayer(list) }), b) },
        hand: { grads: { ...numbered("W", gradW), ...some((list) => numbered("b", list), gradB) } },
      };
    case "nielsen":
      return {
        network,
        data,
        weights: W.slice(1),
        ...some((list) => ({ biases: list.slice(1) }), b),
        nabla_w: gradW.slice(1),
        ...some((list) => ({ nabla_b: list.slice(1) }), gradB),
      };
    case "layers":
      return {
        sizes: problem.sizes,
        cost: problem.cost,
        data,
        layers: problem.activations.map((activation, i) => ({
          W: W[i + 1],
          ...(b === null ? {} : { b: b[i + 1] }),
          activation,
          dW: gradW[i + 1],
          ...(gradB === null ? {} : { db: gradB[i + 1] }),
        })),
      };
  }
}
