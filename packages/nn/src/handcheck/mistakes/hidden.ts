/** B: what goes wrong in BP2, δ^l = ((W^{l+1})ᵀ δ^{l+1}) ⊙ σ'(u^l). */

import { costOf } from "../../network/cost.ts";
import { bp2, bp4 } from "../local.ts";
import { costSlope, throughActivation, type Setting } from "../setting.ts";
import { hasSlope, slopeOf } from "../sigma.ts";
import { deltaName, raised, wName } from "../text.ts";
import { exact, sameShape, type Tracked } from "../tracked.ts";
import { byOutputs, candidate, scaled, type Candidate, type Factor } from "./candidate.ts";
import { gates } from "./gates.ts";
import { gateProducts, weightProducts } from "./products.ts";

/** What lies above a hidden layer: the person's own δ and gradient where they are given. */
export interface Above {
  /** δ^{l+1} */
  readonly delta: Tracked;
  /** δ^{l+2}, where there is such a layer. */
  readonly further: Tracked | null;
  /** ∂C/∂W^{l+1} as the person has it. */
  readonly gradW: Tracked | null;
  /** What the person has in place of δ^l, for the one candidate with a number to fit. */
  readonly observed: Tracked | null;
}

interface Wired {
  readonly ids: readonly string[];
  readonly key: string;
  readonly text: string;
  readonly term: string;
  readonly value: () => Tracked;
}

/** The candidates for δ^l; the correct formula is not among them. */
export function hiddenMistakes(setting: Setting, l: number, above: Above): Candidate[] {
  const { by, samples, problem } = setting;
  const name = deltaName(l);
  const factors: Factor[] = [
    { id: null, key: "1", c: 1 },
    { id: "B14", key: "-1", c: -1 },
    ...(samples > 1 ? [{ id: "B13", key: "1/N", c: 1 / samples }, { id: "B21", key: "N", c: samples }] : []),
    { id: "B21", key: "2", c: 2 },
    { id: "B21", key: "1/2", c: 0.5 },
    ...byOutputs(setting, "B21"),
  ];
  const found: Candidate[] = [];
  const wired = wirings(setting, l, above);
  const softmax = problem.activations[l - 1] === "softmax";
  const slopes = gates(setting, l, "BP2");
  for (const { ids, key, text, term, value } of wired) {
    let memo: Tracked | undefined;
    const product = (): Tracked => (memo ??= value());
    if (softmax) found.push(...scaled(setting, factors, ids, key, name, `(∂v/∂u)ᵀ (${text})`, { kind: "replace", term }, () => throughActivation(setting, l, product())));
    for (const gate of slopes) {
      const all = gate.id === null ? ids : [...ids, gate.id];
      if (all.length > 2) continue;
      const formula = gate.text === "" ? text : `(${text}) ⊙ ${gate.text}`;
      const edit = ids.length > 0 ? { kind: "replace" as const, term } : gate.edit;
      // Three mistakes in one formula are no longer a hypothesis.
      const own = all.length > 1 ? factors.slice(0, 1) : factors;
      found.push(...scaled(setting, own, all, `${key}|${gate.key}`, name, formula, edit, () => by.mul(product(), gate.value)));
    }
  }
  const clipped = (): Tracked => by.map(by.matmul(above.delta, setting.W[l + 1]!), (x) => Math.max(0, x), (x) => (x > 0 ? 1 : 0));
  const product = `(${wName(l + 1)})ᵀ ${deltaName(l + 1)}`;
  found.push(candidate(["B12"], "clip", `${name} = max(0, ${product})`, { kind: "replace", term: `max(0, ·) → ⊙ σ'(u${raised(l)})` }, clipped));
  found.push(candidate(["B12"], "clip gated", `${name} = max(0, ${product}) ⊙ σ'(u${raised(l)})`, { kind: "delete", term: "max(0, ·)" }, () => throughActivation(setting, l, clipped())));
  found.push(...updated(setting, l, above));
  found.push(...gateProducts(setting, l, name, product, () => by.matmul(above.delta, setting.W[l + 1]!)), ...weightProducts(setting, l, name, above.delta));
  return found;
}

/** What may stand before the gate: other weights, or another error. */
export function wirings(setting: Setting, l: number, { delta, further }: Above): Wired[] {
  const { by, W, samples, problem: { sizes, activations } } = setting;
  const units = sizes[l]!;
  const [w, d] = [wName(l + 1), deltaName(l + 1)];
  const correct = `(${w})ᵀ ${d}`;
  const list: Wired[] = [{ ids: [], key: "W'd", text: correct, term: "", value: () => by.matmul(delta, W[l + 1]!) }];
  const add = (id: string, key: string, text: string, value: () => Tracked): void => {
    list.push({ ids: [id], key, text, term: `${text} → ${correct}`, value });
  };
  const width = delta.cols;
  if (width === units) add("B2", "Wd", `${w} ${d}`, () => by.matmul(delta, W[l + 1]!, false, true));
  if (width === units && sizes[l - 1] === units) add("B3", "lower W'd", `(${wName(l)})ᵀ ${d}`, () => by.matmul(delta, W[l]!));
  if (sizes[l - 1] === width) add("B4", "lower Wd", `${wName(l)} ${d}`, () => by.matmul(delta, W[l]!, false, true));
  const higher = W[l + 2];
  if (higher !== undefined && higher.rows === width && higher.cols === units) add("B3", "upper W'd", `(${wName(l + 2)})ᵀ ${d}`, () => by.matmul(delta, higher));
  if (further !== null && further.cols === width) add("B15", "W'dd", `(${w})ᵀ ${deltaName(l + 2)}`, () => by.matmul(further, W[l + 1]!));
  if (further !== null && higher !== undefined && higher.cols === units) add("B15", "skip", `(${wName(l + 2)})ᵀ ${deltaName(l + 2)}`, () => by.matmul(further, higher));
  if (width === units) add("B2", "d", d, () => delta);

  const errorName = `∂C/∂v${raised(l + 1)}`;
  const through = (error: Tracked): Tracked => by.matmul(error, W[l + 1]!);
  const above = activations[l]!;
  if (above !== "linear") {
    if (l + 1 === setting.last) {
      add("B6", "W'e", `(${w})ᵀ ${errorName}`, () => through(costSlope(setting)));
      if (costOf(setting.problem.cost).record.squares === undefined) add("B6", "W'(v-t)", `(${w})ᵀ (v${raised(l + 1)} − t)`, () => through(by.sub(setting.v[l + 1]!, setting.t)));
    } else if (further !== null && higher !== undefined) add("B6", "W'e", `(${w})ᵀ ${errorName}`, () => through(by.matmul(further, higher)));
    if (above !== "softmax" && hasSlope(above)) add("B6", "W'(d/s)", `(${w})ᵀ ${errorName}`, () => through(by.div(delta, slopeOf(by, above, setting.u[l + 1]!))));
  }
  const chosen = width <= 16 ? Array.from({ length: width }, (_, k) => k) : [0, width - 1];
  if (width > 1) {
    for (const k of chosen) {
      const mask = new Float64Array(samples * width);
      for (let n = 0; n < samples; n++) mask[n * width + k] = 1;
      add("B8", k === width - 1 ? "last" : `only ${k}`, `δ${raised(l + 1)}_k w${raised(l + 1)}_kj with k = ${k + 1} alone`, () => by.matmul(by.mul(delta, exact(samples, width, mask)), W[l + 1]!));
    }
  }
  return list;
}

/** B7: the weights after the step, given, or from the person's own gradient with η known or fitted. */
function updated(setting: Setting, l: number, { delta, gradW, observed }: Above): Candidate[] {
  const { by, W, nextW, eta, samples } = setting;
  const found: Candidate[] = [];
  const [w, d] = [wName(l + 1), deltaName(l + 1)];
  const edit = { kind: "replace" as const, term: `new ${w} → ${w}` };
  const make = (key: string, weights: () => Tracked): Candidate =>
    candidate(["B7"], key, `${deltaName(l)} = ((new ${w})ᵀ ${d}) ⊙ σ'(u${raised(l)})`, edit, () => throughActivation(setting, l, by.matmul(delta, weights())));
  const given = nextW[l + 1];
  if (given !== undefined && sameShape(given, W[l + 1]!)) found.push(make("next", () => given));
  const slope = gradW ?? bp4(setting, l + 1, delta);
  if (eta !== null) {
    for (const [key, rate] of [["eta", eta], ["eta N", eta * samples], ["eta/N", eta / samples]] as const) {
      if (key === "eta" || samples > 1) found.push(make(key, () => by.sub(W[l + 1]!, by.scale(slope, rate))));
    }
  }
  if (observed !== null && observed.value.length >= 4) {
    // With η unknown: observed = correct − η · (gᵀδ) ⊙ σ', one number for all entries.
    const shift = throughActivation(setting, l, by.matmul(delta, slope)).value;
    const correct = bp2(setting, l, delta).value;
    let [top, bottom] = [0, 0];
    for (let i = 0; i < shift.length; i++) {
      top += (correct[i]! - observed.value[i]!) * shift[i]!;
      bottom += shift[i]! ** 2;
    }
    const rate = top / bottom;
    if (rate > 0 && Number.isFinite(rate)) found.push(make("fitted eta", () => by.sub(W[l + 1]!, by.scale(slope, rate))));
  }
  return found;
}
