/** A: what goes wrong in BP1, δ^L = ∇_v C ⊙ σ'(u^L). */

import { collapses, probabilities } from "../local.ts";
import { costSlope, type Setting } from "../setting.ts";
import { output } from "../sigma.ts";
import { deltaName, vName } from "../text.ts";
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
  const { by, last, samples, outputs, t, problem } = setting;
  const p = probabilities(setting);
  const pn = problem.cost === "softmaxCrossEntropy" ? `softmax(${vName(last)})` : vName(last);
  const probability = problem.activations[last - 1] === "softmax" || problem.cost === "softmaxCrossEntropy";
  const collapsed = collapses(setting);
  const ones = exact(samples, outputs, new Float64Array(samples * outputs).fill(1));
  const minusT = by.scale(t, -1);
  const difference: Base = { id: null, key: "v-t", text: `(${pn} − t)`, value: by.sub(p, t), term: "" };
  const slope: Base = { id: null, key: "slope", text: "∇ᵥC", value: costSlope(setting), term: "" };
  const plain = collapsed || problem.cost === "quadratic";
  const correct = plain ? difference : slope;
  const bases: Base[] = [
    correct,
    { id: "A11", key: "v", text: pn, value: p, term: "− t" },
    { id: "A17", key: "sign", text: `sign(${pn} − t)`, value: by.map(difference.value, Math.sign, () => 0), term: "sign" },
  ];
  if (!plain) bases.push({ ...difference, id: "A2" });

  const factors: Factor[] = [
    { id: null, key: "1", c: 1 },
    { id: "A1", key: "-1", c: -1 },
    { id: "A4", key: "2", c: 2 },
    { id: "A4", key: "1/2", c: 0.5 },
    ...(outputs > 1 ? [{ id: "A5", key: "1/K", c: 1 / outputs }, { id: "A5", key: "2/K", c: 2 / outputs }].filter(({ c }) => c !== 1) : []),
    ...byOutputs(setting, "A5").slice(0, 1),
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
    const logits = problem.cost === "softmaxCrossEntropy" ? setting.v[last]! : setting.u[last]!;
    const sideways = (): Tracked => by.sub(transpose(output(by, "softmax", transpose(logits))), t);
    found.push(candidate(["A16"], "batch", `${name} = softmax over the samples − t`, replace("softmax over the samples"), sideways));
  } else {
    found.push(...scaled(setting, factors, ["A2"], "slope", name, "∇ᵥC", { kind: "insert", term: "⊙ σ'" }, () => slope.value));
    found.push(...scaled(setting, factors, ["A15"], "-t(1-v)", name, `−t ⊙ (1 − ${pn})`, replace("−t ⊙ (1 − v)"), () => by.mul(minusT, by.sub(ones, p))));
  }
  return found;
}

/** A gate where σ' has cancelled: any of them is one too many. */
function misplacedGate(probability: boolean, id: string | null): string {
  if (!probability) return id === null ? "A3" : id;
  return "A14";
}
