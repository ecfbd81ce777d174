/** A: what goes wrong in BP1, δ^L = ∇_v C ⊙ σ'(u^L). */

import { costOf, costText, type CostName } from "../../network/cost.ts";
import { isPlain } from "../../network/costs/masses.ts";
import { factorOf, type Told } from "../../network/costs/record.ts";
import { bp1, collapses, probabilities } from "../local.ts";
import { costSlope, massesIn, type Setting } from "../setting.ts";
import { output } from "../sigma.ts";
import { deltaName, errorText, factorText, squaresText, vName } from "../text.ts";
import { transpose, exact, type Tracked } from "../tracked.ts";
import { byOutputs, candidate, scaled, type Candidate, type Factor } from "./candidate.ts";
import { gates } from "./gates.ts";
import { gateProducts } from "./products.ts";
import { targetMistakes } from "./targets.ts";

interface Base {
  readonly id: string | null;
  readonly key: string;
  readonly text: string;
  readonly value: Tracked;
  readonly term: string;
}

/** The candidates for δ^L, `observed` in the person's hand; the correct formula is not among them. */
export function outputMistakes(setting: Setting, observed: Tracked | null = null): Candidate[] {
  const { by, last, samples, outputs, problem } = setting;
  const { name: cost, record, told } = costOf(problem.cost);
  const p = probabilities(setting);
  const pn = cost === "softmaxCrossEntropy" ? `softmax(${vName(last)})` : vName(last);
  const probability = problem.activations[last - 1] === "softmax" || cost === "softmaxCrossEntropy";
  const collapsed = collapses(setting);
  const t = massesIn(setting);
  const ones = exact(samples, outputs, new Float64Array(samples * outputs).fill(1));
  const minusT = by.scale(t, -1);
  const difference: Base = { id: null, key: "v-t", text: `(${pn} − t)`, value: by.sub(p, t), term: "" };
  const slope: Base = { id: null, key: "slope", text: "∇ᵥC", value: costSlope(setting), term: "" };
  const squares = record.squares?.scale(outputs);
  const plain = collapsed || squares !== undefined;
  const correct: Base = squares !== undefined ? { ...difference, text: squaresText(setting)!, value: by.scale(difference.value, squares) }
    : collapsed && !isPlain(told) ? { ...difference, text: `(${errorText(setting)})`, value: bp1(setting) } : plain ? difference : slope;
  const bases: Base[] = [
    correct,
    { id: "A11", key: "v", text: `${squares === undefined || squares === 1 ? "" : factorText(squares)}${pn}`, value: by.scale(p, squares ?? 1), term: "− t" },
    ...(cost === "mae" ? [] : [{ id: "A17", key: "sign", text: `sign(${pn} − t)`, value: by.map(difference.value, Math.sign, () => 0), term: "sign" }]),
    ...forgotten(setting),
  ];
  // Of costs of classes v − t is what is left where σ' cancels; of others it is the squares'.
  if (!plain && record.targets !== "numbers" && record.targets !== "signs" && record.targets !== "one class") bases.push({ ...difference, id: "A2" });
  else if (!plain) bases.push(...others(setting, record.confused ?? []));

  const factors: Factor[] = [
    { id: null, key: "1", c: 1 },
    { id: "A1", key: "-1", c: -1 },
    { id: "A4", key: "2", c: 2 },
    { id: "A4", key: "1/2", c: 0.5 },
    ...(outputs > 1 ? [{ id: "A5", key: "1/K", c: 1 / outputs }, { id: "A5", key: "2/K", c: 2 / outputs }].filter(({ c }) => c !== 1) : []),
    ...(averaged(setting) ? [{ id: "A5", key: "K", c: outputs }] : byOutputs(setting, "A5").slice(0, 1)),
    ...(samples > 1 ? [{ id: "A6", key: "N", c: samples }, { id: "A7", key: "1/N", c: 1 / samples }] : []),
  ];
  const name = deltaName(last);
  const found: Candidate[] = [];
  for (const base of bases) {
    for (const gate of gates(setting, last, "BP1")) {
      const own = collapsed ? (gate.text === "" || gate.value.value.every((g) => g === 1) ? null : misplacedGate(probability, gate.id)) : gate.id;
      const ids = [base.id, own].filter((id) => id !== null);
      if (ids.length > 1) continue;
      const formula = gate.text === "" ? base.text : `${base.text} ⊙ ${gate.text}`;
      const edit = base.id !== null ? { kind: "insert" as const, term: base.term } : collapsed ? { kind: "delete" as const, term: `⊙ ${gate.text}` } : gate.edit;
      found.push(...scaled(setting, factors, ids, `${base.key}|${gate.key}`, name, formula, edit, () => by.mul(base.value, gate.value)));
    }
  }
  found.push(...targetMistakes(setting, observed));
  if (!collapsed && problem.activations[last - 1] !== "softmax") {
    found.push(...gateProducts(setting, last, name, correct.text, () => correct.value));
    return found;
  }

  const replace = (term: string) => ({ kind: "replace" as const, term: `${term} → ${pn} − t` });
  if (probability) {
    // −t ⊘ p is ∂C/∂v; times p (1 − p), the diagonal of the Jacobian, it is −t (1 − p).
    found.push(...scaled(setting, factors, ["A12"], "-t/p", name, `−t ⊘ ${pn}`, replace("−t ⊘ p"), () => by.div(minusT, p)));
    found.push(...scaled(setting, factors, ["A13"], "-t(1-p)", name, `−t ⊙ (1 − ${pn})`, replace("−t ⊙ (1 − p)"), () => by.mul(minusT, by.sub(ones, p))));
    const logits = cost === "softmaxCrossEntropy" ? setting.v[last]! : setting.u[last]!;
    const sideways = (): Tracked => by.sub(transpose(output(by, "softmax", transpose(logits))), t);
    found.push(candidate(["A16"], "batch", `${name} = softmax over the samples − t`, replace("softmax over the samples"), sideways));
  } else {
    found.push(...scaled(setting, factors, ["A2"], "slope", name, "∇ᵥC", { kind: "insert", term: "⊙ σ'" }, () => slope.value));
    found.push(...scaled(setting, factors, ["A15"], "-t(1-v)", name, `−t ⊙ (1 − ${pn})`, replace("−t ⊙ (1 − v)"), () => by.mul(minusT, by.sub(ones, p))));
  }
  return found;
}

/** Whether the cost is a mean over several outputs, whose 1/K may be forgotten. */
function averaged({ problem: { cost }, outputs }: Setting): boolean {
  const { name, record, told } = costOf(cost);
  return outputs > 1 && (name === "mse" || factorOf(told, outputs, record.averages === true) !== 1);
}

/** What is left where one of the things that the cost is told is forgotten. */
function forgotten(setting: Setting): Base[] {
  const { problem } = setting;
  const { name, told } = costOf(problem.cost);
  const without = (id: string, key: string, change: Partial<Told>): Base => {
    const other: Setting = { ...setting, problem: { ...problem, cost: costText(name, { ...told, ...change }) } };
    const collapsed = collapses(setting);
    return { id, key, text: collapsed ? `(${errorText(other)})` : "∇ᵥC", value: collapsed ? bp1(other) : costSlope(other), term: key };
  };
  return [
    ...(told.labelSmoothing === 0 ? [] : [without("A18", "labels not smoothed", { labelSmoothing: 0 })]),
    ...(told.classWeights === null ? [] : [without("A19", "class weights", { classWeights: null })]),
  ];
}

/** The slopes of costs that are taken for this one. */
function others(setting: Setting, names: readonly string[]): Base[] {
  const { problem } = setting;
  return (names as readonly CostName[]).map((cost) => ({ id: "A20", key: `∇ of ${cost}`, text: `∇ᵥ(${cost})`, value: costSlope({ ...setting, problem: { ...problem, cost } }), term: cost }));
}

/** A gate where σ' has cancelled: any of them is one too many. */
function misplacedGate(probability: boolean, id: string | null): string {
  if (!probability) return id === null ? "A3" : id;
  return "A14";
}
