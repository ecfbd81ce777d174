/** V: what goes wrong in a forward pass, as formulas of u, of v and of the cost. */

import { everyActivation } from "../../network/activation.ts";
import { costNames, costOf } from "../../network/cost.ts";
import { costs } from "../../network/costs/table.ts";
import { repeat, type Tracked } from "../bounds/tracked.ts";
import { costsIn } from "../claims/cost.ts";
import type { Setting } from "../claims/setting.ts";
import { output } from "../claims/sigma.ts";
import { raised, vName, wName } from "../claims/text.ts";
import { mistakeOf } from "./catalogue.ts";
import { candidate, type Candidate } from "./mistake.ts";

/** Returns what u^l = W^l v^{l-1} + b^l may have been. */
export function inputMistakes(setting: Setting, l: number): Candidate[] {
  const { by, W, b, v, samples } = setting;
  const { sizes } = setting.problem;
  const [name, w, below, bias] = [`u${raised(l)}`, wName(l), vName(l - 1), `b${raised(l)}`];
  const product = (): Tracked => by.matmul(v[l - 1]!, W[l]!, false, true);
  const biases = (c: number): Tracked => by.scale(repeat(b[l]!, samples), c);
  const make = (id: string, key: string, text: string, edit: Candidate["edit"], value: () => Tracked): Candidate =>
    candidate([mistakeOf(id)], key, `${name} = ${text}`, edit, value);
  const transposed = (): Tracked => by.add(by.matmul(v[l - 1]!, W[l]!), biases(1));
  const withWeights = (k: number): Candidate =>
    make(
      "V5",
      `weights ${k - l}`,
      `${wName(k)} ${below} + ${bias}`,
      { kind: "replace", term: `${wName(k)} → ${w}` },
      () => by.add(by.matmul(v[l - 1]!, W[k]!, false, true), biases(1)),
    );
  return [
    make("V1", "no bias", `${w} ${below}`, { kind: "insert", term: `+ ${bias}` }, product),
    make("V4", "bias subtracted", `${w} ${below} − ${bias}`, { kind: "replace", term: "− → +" }, () =>
      by.add(product(), biases(-1)),
    ),
    make("V4", "bias twice", `${w} ${below} + 2${bias}`, { kind: "delete", term: bias }, () =>
      by.add(product(), biases(2)),
    ),
    ...(sizes[l] === sizes[l - 1]
      ? [make("V2", "transposed", `(${w})ᵀ ${below} + ${bias}`, { kind: "delete", term: "ᵀ" }, transposed)]
      : []),
    ...[l - 1, l + 1].filter((k) => k >= 1 && W[k]?.rows === sizes[l] && W[k]?.cols === sizes[l - 1]).map(withWeights),
  ];
}

/** V3: another activation than the layer's own. */
function otherActivations(setting: Setting, l: number): Candidate[] {
  const { by, u } = setting;
  const own = setting.problem.activations[l - 1]!;
  return everyActivation
    .filter((name) => name !== own)
    .map((name) =>
      candidate(
        [mistakeOf("V3")],
        name,
        `${vName(l)} = ${name === "linear" ? `u${raised(l)}` : `${name}(u${raised(l)})`}`,
        { kind: "replace", term: `${name} → ${own}` },
        () => output(by, name, u[l]!),
      ),
    );
}

/** Returns what v^l = σ(u^l) may have been; where u was not handed in, v shows what went wrong in it. */
export function outputMistakes(setting: Setting, l: number, isInputKnown: boolean): Candidate[] {
  const { by, problem } = setting;
  const through = (one: Candidate): Candidate => ({
    ...one,
    value: () => output(by, problem.activations[l - 1]!, one.value()),
  });
  return [...otherActivations(setting, l), ...(isInputKnown ? [] : inputMistakes(setting, l).map(through))];
}

/** Returns what the cost may have been: scaled, or another. */
export function costMistakes(setting: Setting): Candidate[] {
  const { problem, samples, outputs } = setting;
  const { times, by } = costsIn(setting);
  const { batch } = costOf(problem.cost).record;
  const scale = (key: string, c: number, text: string): Candidate =>
    candidate([mistakeOf("V6")], key, `C = ${text}`, { kind: "replace", term: text }, () => times(c));
  const others = costNames.filter(
    (cost, at) =>
      costs[cost].batch !== batch && costNames.findIndex((other) => costs[other].batch === costs[cost].batch) === at,
  );
  return [
    scale("1/K", 1 / outputs, "C/K: the mean over the outputs too"),
    scale("2/K", 2 / outputs, "2C/K: the mean over the outputs, without the ½"),
    scale("1/2", 0.5, "C/2"),
    scale("2", 2, "2C"),
    scale("1/N", 1 / samples, "C/N: the mean is taken twice"),
    scale("-1", -1, "−C"),
    scale("log2", 1 / Math.LN2, "C with log₂"),
    ...others.map((cost) =>
      candidate([mistakeOf("V7")], cost, `C = ${cost}`, { kind: "replace", term: `${cost} → ${problem.cost}` }, () =>
        by(cost),
      ),
    ),
  ];
}
