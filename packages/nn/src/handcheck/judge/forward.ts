/** The forward pass first: a gradient is not judged against a forward pass that the person does not have. */

import { everyActivation } from "../../network/activation.ts";
import { costNames, costOf } from "../../network/cost.ts";
import { costs } from "../../network/costs/table.ts";
import { sampleCost } from "../equations/costs.ts";
import type { Canonical } from "../claims/conventions.ts";
import { itself, nameOf, type Place } from "./diagnosis.ts";
import { featuresOf } from "../relations/features.ts";
import { bp1 } from "../claims/local.ts";
import { mistakeOf } from "../catalogue/catalogue.ts";
import { candidate, type Candidate } from "../catalogue/mistake.ts";
import type { Diagnosis, Line } from "../report.ts";
import { input, type Setting } from "../claims/setting.ts";
import { once } from "../once.ts";
import { output } from "../claims/sigma.ts";
import { raised, vName, wName } from "../claims/text.ts";
import { fits, residual } from "../bounds/tolerance.ts";
import { shownOf } from "./unnamed.ts";
import { repeat, sameShape, toRows, type Tracked } from "../bounds/tracked.ts";

/** What the forward check found, and the forward pass that the backward check goes on with. */
export interface ForwardCheck {
  readonly lines: readonly Line[];
  readonly isRight: boolean;
  readonly setting: Setting;
  /** Their names are looked for when they are asked for. */
  readonly roots: () => readonly Diagnosis[];
}

/** Checks u, v and the cost as far as they are given. */
export function checkForward(truth: Setting, hand: Canonical): ForwardCheck {
  const lines: Line[] = [];
  const roots: (() => Diagnosis)[] = [];
  const u = [...truth.u];
  const v = [...truth.v];
  let tainted = false;
  const judge = (
    l: number,
    name: string,
    formula: string,
    yours: Tracked,
    local: Tracked,
    global: Tracked,
    candidates: (setting: Setting) => Candidate[],
  ): void => {
    const ok = fits(yours, local);
    const here: Setting = { ...truth, u, v };
    if (!ok) {
      const place: Place = {
        equation: "forward",
        layer: l,
        correct: formula,
        factor: 1,
        elsewhere: () => candidates(truth),
      };
      // What candidates read of `here` is settled before this layer's turn is over.
      roots.push(() =>
        nameOf(
          itself(yours, local),
          candidates(here),
          place,
          featuresOf(shownOf(yours, local), truth).map(({ words }) => words),
        ),
      );
    }
    lines.push({
      equation: "forward",
      layer: l,
      name,
      formula,
      status: !ok ? "root" : tainted && !fits(yours, global) ? "inherited" : "ok",
      local: residual(yours, local),
      global: residual(yours, global),
    });
    tainted ||= !ok;
  };
  for (let l = 1; l <= truth.last; l++) {
    const localU = input(truth, l, v[l - 1]!);
    const activation = truth.problem.activations[l - 1]!;
    const givenU = activation === "softmax" ? unshifted(hand.u[l], localU) : hand.u[l];
    const givenV = hand.v[l];
    u[l] = localU;
    if (givenU !== undefined) {
      judge(l, `u${raised(l)}`, inputText(l), givenU, localU, truth.u[l]!, (setting) => inputMistakes(setting, l));
      if (sameShape(givenU, localU)) u[l] = fits(givenU, localU) ? allowing(localU, givenU) : givenU;
    }
    const localV = output(truth.by, activation, u[l]!);
    v[l] = localV;
    if (givenV !== undefined) {
      // Without u of its own, a wrong v may come from a wrong u.
      const candidates = (setting: Setting): Candidate[] => [
        ...outputMistakes(setting, l),
        ...(givenU === undefined
          ? inputMistakes(setting, l).map((one) => ({
              ...one,
              value: () => output(setting.by, activation, one.value()),
            }))
          : []),
      ];
      judge(l, vName(l), outputText(l), givenV, localV, truth.v[l]!, candidates);
      if (sameShape(givenV, localV)) v[l] = fits(givenV, localV) ? allowing(localV, givenV) : givenV;
    }
  }
  const setting = { ...truth, u, v };
  if (hand.cost !== null) judgeCost(setting, hand, hand.cost, lines, roots, meanCostOf(truth));
  return { lines, isRight: roots.length === 0, setting, roots: once(() => roots.map((name) => name())) };
}

/** A softmax does not see what is added to all of a sample's inputs: whoever takes off the largest has the same. */
function unshifted(given: Tracked | undefined, own: Tracked): Tracked | undefined {
  if (given === undefined || !sameShape(given, own)) return given;
  const { rows, cols } = own;
  const shifts = Array.from({ length: rows }, (_, n) => {
    let sum = 0;
    for (let j = 0; j < cols; j++) sum += given.value[n * cols + j]! - own.value[n * cols + j]!;
    return sum / cols;
  });
  const back = { ...given, value: given.value.map((x, i) => x - shifts[Math.floor(i / cols)]!) };
  const largest = Math.max(...shifts.map(Math.abs), ...Array.from(given.value, Math.abs));
  // Where nothing is shifted, the numbers stay what they are; taking off the shift leaves the rounding of what was
  // larger.
  if (fits(given, own)) return given;
  const error = Float64Array.from(back.value, (_, i) => (given.error?.[i] ?? 0) + 4 * Number.EPSILON * largest * cols);
  return fits({ ...back, error }, own) ? own : given;
}

/** What is right, with room for somebody who went on with the rounded numbers that were handed in. */
function allowing(own: Tracked, given: Tracked): Tracked {
  return { ...own, error: own.value.map((x, i) => Math.max(own.error?.[i] ?? 0, Math.abs(given.value[i]! - x))) };
}

const inputText = (l: number): string => `u${raised(l)} = ${wName(l)} ${vName(l - 1)} + b${raised(l)}`;
const outputText = (l: number): string => `${vName(l)} = σ(u${raised(l)})`;

/** V: what goes wrong in u^l = W^l v^{l-1} + b^l. */
function inputMistakes(setting: Setting, l: number): Candidate[] {
  const {
    by,
    W,
    b,
    v,
    samples,
    problem: { sizes },
  } = setting;
  const [name, w, below, bias] = [`u${raised(l)}`, wName(l), vName(l - 1), `b${raised(l)}`];
  const product = (): Tracked => by.matmul(v[l - 1]!, W[l]!, false, true);
  const biases = (c: number): Tracked => by.scale(repeat(b[l]!, samples), c);
  const make = (id: string, key: string, text: string, edit: Candidate["edit"], value: () => Tracked): Candidate =>
    candidate([mistakeOf(id)], key, `${name} = ${text}`, edit, value);
  return [
    make("V1", "no bias", `${w} ${below}`, { kind: "insert", term: `+ ${bias}` }, product),
    make("V4", "bias subtracted", `${w} ${below} − ${bias}`, { kind: "replace", term: "− → +" }, () =>
      by.add(product(), biases(-1)),
    ),
    make("V4", "bias twice", `${w} ${below} + 2${bias}`, { kind: "delete", term: bias }, () =>
      by.add(product(), biases(2)),
    ),
    ...(sizes[l] === sizes[l - 1]
      ? [
          make("V2", "transposed", `(${w})ᵀ ${below} + ${bias}`, { kind: "delete", term: "ᵀ" }, () =>
            by.add(by.matmul(v[l - 1]!, W[l]!), biases(1)),
          ),
        ]
      : []),
    ...[l - 1, l + 1]
      .filter((k) => k >= 1 && W[k]?.rows === sizes[l] && W[k]?.cols === sizes[l - 1])
      .map((k) =>
        make(
          "V5",
          `weights ${k - l}`,
          `${wName(k)} ${below} + ${bias}`,
          { kind: "replace", term: `${wName(k)} → ${w}` },
          () => by.add(by.matmul(v[l - 1]!, W[k]!, false, true), biases(1)),
        ),
      ),
  ];
}

/** V3: another activation than the layer's own. */
function outputMistakes(setting: Setting, l: number): Candidate[] {
  const {
    by,
    u,
    problem: { activations },
  } = setting;
  return everyActivation
    .filter((name) => name !== activations[l - 1])
    .map((name) =>
      candidate(
        [mistakeOf("V3")],
        name,
        `${vName(l)} = ${name === "linear" ? `u${raised(l)}` : `${name}(u${raised(l)})`}`,
        { kind: "replace", term: `${name} → ${activations[l - 1]!}` },
        () => output(by, name, u[l]!),
      ),
    );
}

/** The mean cost of a forward pass, by the cost that is asked for. */
function meanCostOf({ problem, u, last, samples }: Setting, cost = problem.cost): number {
  return (
    toRows(u[last]!).reduce(
      (sum, entries, n) => sum + sampleCost(cost, problem.activations[last - 1]!, entries, problem.t[n]!),
      0,
    ) / samples
  );
}

/** What the cost may be off where parameters or data were rounded: Σ (|δ| + Δδ) Δu, and Δt through its slope. */
function costError(setting: Setting): number {
  const { problem, u, v, t, last, samples, rounded } = setting;
  if (!rounded) return 0;
  const { record, told } = costOf(problem.cost);
  const heaviest = Math.max(1, ...(told.classWeights ?? []));
  const delta = bp1(setting);
  let sum = 0;
  for (let i = 0; i < delta.value.length; i++) {
    const [out, dt] = [v[last]!.value[i]!, t.error?.[i] ?? 0];
    const byTarget = dt === 0 ? 0 : heaviest * record.byTarget(out, t.value[i]!) + dt;
    sum += (Math.abs(delta.value[i]!) + (delta.error?.[i] ?? 0)) * (u[last]!.error?.[i] ?? 0) + dt * byTarget;
  }
  return sum / samples;
}

function judgeCost(
  setting: Setting,
  hand: Canonical,
  yours: number,
  lines: Line[],
  roots: (() => Diagnosis)[],
  truth: number,
): void {
  const { problem, samples, outputs, last, by } = setting;
  // A cost sums many terms, each with a logarithm or a square: more than its own last digit.
  const slack = 64 * (samples + outputs) * by.epsilon;
  const own = meanCostOf(setting);
  const share = costError(setting) / (Math.abs(own) + 1e-300);
  const scalar = (value: number): Tracked => ({
    rows: 1,
    cols: 1,
    value: Float64Array.of(value),
    error: Float64Array.of(Math.abs(value) * (slack + share)),
  });
  const given: Tracked = { rows: 1, cols: 1, value: Float64Array.of(yours), error: Float64Array.of(hand.costError) };
  const local = scalar(own);
  const { record } = costOf(problem.cost);
  const formula = record.batch;
  const matches = (c: number): boolean => fits(given, scalar(c * own));
  const conventional = [
    samples,
    ...(record.squares === undefined ? [] : record.squares.half ? [2, 2 * samples] : [0.5, 0.5 * samples]),
    hand.gradientFactor,
  ].some(matches);
  const ok = matches(1);
  if (!ok && !conventional) {
    const scale = (key: string, c: number, text: string): Candidate =>
      candidate([mistakeOf("V6")], key, `C = ${text}`, { kind: "replace", term: text }, () => scalar(c * own));
    const others = costNames.filter(
      (cost, at) =>
        costs[cost].batch !== record.batch &&
        costNames.findIndex((other) => costs[other].batch === costs[cost].batch) === at,
    );
    const candidates = (): Candidate[] => [
      scale("1/K", 1 / outputs, "C/K: the mean over the outputs too"),
      scale("2/K", 2 / outputs, "2C/K: the mean over the outputs, without the ½"),
      scale("1/2", 0.5, "C/2"),
      scale("2", 2, "2C"),
      scale("1/N", 1 / samples, "C/N: the mean is taken twice"),
      scale("-1", -1, "−C"),
      scale("log2", 1 / Math.LN2, "C with log₂"),
      ...others.flatMap((cost) => [
        candidate([mistakeOf("V7")], cost, `C = ${cost}`, { kind: "replace", term: `${cost} → ${problem.cost}` }, () =>
          scalar(meanCostOf(setting, cost)),
        ),
      ]),
    ];
    const place: Place = { equation: "forward", layer: last, correct: formula, factor: 1, elsewhere: () => [] };
    roots.push(() => nameOf(itself(given, local), candidates(), place));
  }
  lines.push({
    equation: "forward",
    layer: last,
    name: "C",
    formula,
    status: ok ? "ok" : conventional ? "convention" : "root",
    local: residual(given, local),
    global: residual(given, scalar(truth)),
  });
}
