/** C: what goes wrong in BP3, ∂C/∂b^l = (1/N) Σ_n δ^l_n. */

import { bp3 } from "../local.ts";
import { slopeOf, type Setting } from "../setting.ts";
import { deltaName, gradBName, meanText, raised } from "../text.ts";
import { exact, repeat, row, type Tracked } from "../tracked.ts";
import { candidate, scaled, type Candidate, type Factor } from "./candidate.ts";

/** The candidates for ∂C/∂b^l; the correct formula is not among them. */
export function biasMistakes(setting: Setting, l: number, delta: Tracked): Candidate[] {
  const { by, samples, problem, b, v, decay, lambda } = setting;
  const [name, d] = [gradBName(l), deltaName(l)];
  const units = problem.sizes[l]!;
  const correct = (): Tracked => bp3(setting, delta);
  const sum = meanText(setting);
  const factor = (c: number, key: string): Factor => ({ id: "C9", key, c });
  const factors: Factor[] = [
    ...(samples > 1 ? [{ id: "C1", key: "N", c: samples }, { id: "C1", key: "1/N", c: 1 / samples }] : []),
    factor(-1, "-1"), factor(2, "2"), factor(0.5, "1/2"), factor(4, "4"), factor(0.25, "1/4"), factor(3, "3"),
  ];
  const found = scaled(setting, factors, [], "bias", name, `${sum}${d}`, { kind: "delete", term: "" }, correct);

  found.push(candidate(["C5"], "zero", `${name} = 0`, { kind: "replace", term: `0 → ${sum}${d}` }, () => exact(1, units, new Float64Array(units))));
  if (samples > 1) {
    // The last sample first: a loop that overwrites ends with it.
    for (const n of sampleOrder(samples)) {
      for (const c of [1, 1 / samples]) {
        const which = n === samples - 1 ? "last" : String(n);
        found.push(candidate(["C2"], `sample ${which} ${c === 1 ? "" : "/N"}`, `${name} = ${c === 1 ? "" : "(1/N) "}${d} of sample ${n + 1} alone`, { kind: "insert", term: "Σₙ" }, () => by.scale(row(delta, n), c)));
      }
    }
    const each = (c: number): Tracked => by.scale(delta, c);
    found.push(candidate(["C4"], "rows", `${name} = ${d}, one row for each sample`, { kind: "insert", term: "Σₙ" }, () => each(1)));
    found.push(candidate(["C4"], "rows/N", `${name} = (1/N) ${d}, one row for each sample`, { kind: "insert", term: "Σₙ" }, () => each(1 / samples)));
  }
  if (units > 1) {
    const ones = (cols: number): Tracked => exact(units, cols, new Float64Array(units * cols).fill(1));
    const add = (key: string, text: string, cols: number, c: number): void => {
      found.push(candidate(["C3"], key, `${name} = ${text}`, { kind: "delete", term: "Σⱼ" }, () => by.scale(by.matmul(correct(), ones(cols)), c)));
    };
    add("features", `${sum}Σⱼ ${d}_j for every unit`, units, 1);
    add("features mean", `${sum}(1/d) Σⱼ ${d}_j for every unit`, units, 1 / units);
    add("scalar", `${sum}Σⱼ ${d}_j, one number`, 1, 1);
    add("scalar mean", `${sum}(1/d) Σⱼ ${d}_j, one number`, 1, 1 / units);
  }
  if (decay !== null && lambda !== 0) {
    const edit = { kind: "delete" as const, term: `(λ/n) b${raised(l)}` };
    for (const [key, c] of [["", decay], ["lambda", decay * samples]] as const) {
      if (key === "" || samples > 1) found.push(candidate(["C6"], `decay ${key}`, `${name} = ${sum}${d} + ${key === "" ? "(λ/n)" : "λ"} b${raised(l)}`, edit, () => by.add(correct(), by.scale(b[l]!, c))));
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

/** The last sample, the first, then the others; of many samples only those two. */
export function sampleOrder(samples: number): number[] {
  const ends = samples > 1 ? [samples - 1, 0] : [0];
  return samples > 16 ? ends : [...ends, ...Array.from({ length: Math.max(0, samples - 2) }, (_, n) => n + 1)];
}
