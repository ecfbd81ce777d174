/** C: what goes wrong in BP3, ∂C/∂b^l = (1/N) Σ_n δ^l_n. */

import { bp3 } from "../local.ts";
import type { Setting } from "../setting.ts";
import { slopeOf } from "../sigma.ts";
import { deltaName, gradBName, meanText, raised } from "../text.ts";
import { exact, repeat, row, type Tracked } from "../tracked.ts";
import { byOutputs, candidate, scaled, type Candidate, type Factor } from "./candidate.ts";
import { catalogue } from "./words.ts";

/** The candidates for ∂C/∂b^l; the correct formula is not among them. */
export function biasMistakes(setting: Setting, l: number, delta: Tracked): Candidate[] {
  const { by, samples, problem, b, v, decay, lambda } = setting;
  const [name, d] = [gradBName(l), deltaName(l)];
  const units = problem.sizes[l]!;
  const tied = problem.tiedBiases === true;
  const correct = (): Tracked => bp3(setting, delta);
  const sum = meanText(setting);
  const factor = (c: number, key: string): Factor => ({ id: "C9", key, c });
  const factors: Factor[] = [
    ...(samples > 1 ? [{ id: "C1", key: "N", c: samples }, { id: "C1", key: "1/N", c: 1 / samples }] : []),
    factor(-1, "-1"), factor(2, "2"), factor(0.5, "1/2"), factor(4, "4"), factor(0.25, "1/4"), factor(3, "3"),
    ...byOutputs(setting, "C9"),
  ];
  const found = tied && units > 1 ? perUnit(setting, l, delta) : [];
  found.push(...scaled(setting, factors, [], "bias", name, `${sum}${d}`, { kind: "delete", term: "" }, correct));

  found.push(candidate(["C5"], "zero", `${name} = 0`, { kind: "replace", term: `0 → ${sum}${d}` }, () => exact(1, tied ? 1 : units, new Float64Array(tied ? 1 : units))));
  if (samples > 1) {
    // The last sample first: a loop that overwrites ends with it.
    for (const n of sampleOrder(samples)) {
      for (const c of [1, 1 / samples]) {
        const which = n === samples - 1 ? "last" : String(n);
        found.push(candidate(["C2"], `sample ${which} ${c === 1 ? "" : "/N"}`, `${name} = ${c === 1 ? "" : "(1/N) "}${d} of sample ${n + 1} alone`, { kind: "insert", term: "Σₙ" }, () => by.scale(tied ? by.matmul(row(delta, n), exact(units, 1, new Float64Array(units).fill(1))) : row(delta, n), c)));
      }
    }
    const each = (c: number): Tracked => by.scale(delta, c);
    found.push(candidate(["C4"], "rows", `${name} = ${d}, one row for each sample`, { kind: "insert", term: "Σₙ" }, () => each(1)));
    found.push(candidate(["C4"], "rows/N", `${name} = (1/N) ${d}, one row for each sample`, { kind: "insert", term: "Σₙ" }, () => each(1 / samples)));
  }
  if (units > 1 && !tied) {
    const ones = (cols: number): Tracked => exact(units, cols, new Float64Array(units * cols).fill(1));
    const add = (key: string, text: string, cols: number, c: number): void => {
      const one = candidate(["C3"], key, `${name} = ${text}`, { kind: "delete", term: "Σⱼ" }, () => by.scale(by.matmul(correct(), ones(cols)), c));
      // Biases that are all the same may be one bias.
      const alike = b[l]!.value.every((bias) => bias === b[l]!.value[0]);
      found.push(alike ? { ...one, says: catalogue["C3 tied"]! } : one);
    };
    add("features", `${sum}Σⱼ ${d}_j for every unit`, units, 1);
    add("features mean", `${sum}(1/d) Σⱼ ${d}_j for every unit`, units, 1 / units);
    add("scalar", `${sum}Σⱼ ${d}_j, one number`, 1, 1);
    add("scalar mean", `${sum}(1/d) Σⱼ ${d}_j, one number`, 1, 1 / units);
  }
  if (decay !== null && lambda !== 0) {
    const edit = { kind: "delete" as const, term: `(λ/n) b${raised(l)}` };
    for (const [key, c] of [["", decay], ["lambda", decay * samples]] as const) {
      if (key === "" || samples > 1) found.push(candidate(["C6"], `decay ${key}`, `${name} = ${sum}${d} + ${key === "" ? "(λ/n)" : "λ"} b${raised(l)}`, edit, () => by.add(correct(), by.scale(tied ? { ...b[l]!, cols: 1, value: b[l]!.value.slice(0, 1) } : b[l]!, c))));
    }
  }
  const times = (key: string, text: string, factorOf: () => Tracked): void => {
    found.push(candidate(["C7"], key, `${name} = ${sum}${text}`, { kind: "delete", term: text.replace(d, "").trim() }, () => bp3(setting, by.mul(delta, factorOf()))));
  };
  times("b", `${d} ⊙ b${raised(l)}`, () => repeat(b[l]!, samples));
  times("v", `${d} ⊙ v${raised(l)}`, () => v[l]!);
  if (problem.sizes[l - 1] === units) times("v below", `${d} ⊙ v${raised(l - 1)}`, () => v[l - 1]!);
  const activation = problem.activations[l - 1]!;
  if (activation !== "softmax" && activation !== "linear") {
    times("slope", `${d} ⊙ σ'(u${raised(l)})`, () => slopeOf(by, activation, setting.u[l]!));
    found.push(candidate(["C7"], "error", `${name} = ${sum}∂C/∂v${raised(l)}`, { kind: "insert", term: `⊙ σ'(u${raised(l)})` }, () => bp3(setting, by.div(delta, slopeOf(by, activation, setting.u[l]!)))));
  }
  return found;
}

/** C8: one bias for all units of a layer, treated as one for each. */
function perUnit({ by, samples }: Setting, l: number, delta: Tracked): Candidate[] {
  const [name, d] = [gradBName(l), `${samples === 1 ? "" : "(1/N) Σₙ "}${deltaName(l)}`];
  const make = (key: string, text: string, value: () => Tracked): Candidate => candidate(["C8"], key, `${name} = ${text}`, { kind: "insert", term: "Σⱼ" }, value);
  const means = (): Tracked => by.scale(by.columnSums(delta), 1 / samples);
  const each = Array.from({ length: Math.min(delta.cols, 16) }, (_, j) =>
    make(`unit ${j}`, `${d}_j of unit ${j + 1} alone`, () => by.matmul(means(), exact(delta.cols, 1, Float64Array.from({ length: delta.cols }, (__, k) => Number(k === j))))));
  const average = (): Tracked => by.matmul(means(), exact(delta.cols, 1, new Float64Array(delta.cols).fill(1 / delta.cols)));
  return [make("per unit", `${d}, one for each unit`, means), make("mean", `(1/d) Σⱼ ${d}_j, their mean`, average), ...each];
}

/** The last sample, the first, then the others; of many samples only those two. */
export function sampleOrder(samples: number): number[] {
  const ends = samples > 1 ? [samples - 1, 0] : [0];
  return samples > 16 ? ends : [...ends, ...Array.from({ length: Math.max(0, samples - 2) }, (_, n) => n + 1)];
}
