/** D and E: what goes wrong in BP4, ∂C/∂W^l = (1/N) Σ_n δ^l_n (v^{l-1}_n)ᵀ, and in its regularization (λ/n) W^l. */

import { bp4 } from "../local.ts";
import { costSlope, type Setting } from "../setting.ts";
import { hasSlope, slopeOf } from "../sigma.ts";
import { decayShare } from "../decay.ts";
import { decayText, deltaName, gradWName, meanText, raised, vName, wName } from "../text.ts";
import { exact, row, transpose, type Tracked } from "../tracked.ts";
import { sampleOrder } from "./bias.ts";
import { outerProducts } from "./products.ts";
import { byOutputs, candidate, scaled, type Candidate, type Factor } from "./candidate.ts";

/** The candidates for ∂C/∂W^l; `above` is δ^{l+1}. The correct formula is not among them. */
export function weightMistakes(setting: Setting, l: number, delta: Tracked, above: Tracked | null): Candidate[] {
  const { W, decay, lambda } = setting;
  let memo: Tracked | undefined;
  const data = (): Tracked => (memo ??= bp4(setting, l, delta));
  const found = dataMistakes(setting, l, delta, above, data);
  if (decay === null || decay === 0) return found;
  // A wrong data part beside the right regularization.
  const tail = ` + ${decayText(setting, l)}`;
  const both = found.map((one) => ({ ...one, yours: one.yours + tail, value: (): Tracked => sumWhereShaped(setting, one.value(), W[l]!, decay) }));
  return [...both, ...decayMistakes(setting, l, data, decay, lambda)];
}

function sumWhereShaped({ by }: Setting, data: Tracked, W: Tracked, decay: number): Tracked {
  return data.rows === W.rows && data.cols === W.cols ? by.add(data, by.scale(W, decay)) : data;
}

/** D: the outer product itself. */
function dataMistakes(setting: Setting, l: number, delta: Tracked, above: Tracked | null, data: () => Tracked): Candidate[] {
  const { by, samples, v, u, problem } = setting;
  const [name, d, below] = [gradWName(l), deltaName(l), vName(l - 1)];
  const sum = meanText(setting);
  const correct = `${sum}${d} (${below})ᵀ`;
  const factors: Factor[] = [
    ...(samples > 1 ? [{ id: "D7", key: "N", c: samples }, { id: "D7", key: "1/N", c: 1 / samples }] : []),
    { id: "D10", key: "-1", c: -1 },
    ...[2, 0.5, 4, 0.25, 3].map((c) => ({ id: "D8", key: String(c), c })),
    ...byOutputs(setting, "D8"),
  ];
  const found = scaled(setting, factors, [], "weights", name, correct, { kind: "delete", term: "" }, data);
  const swap = (term: string) => ({ kind: "replace" as const, term: `${term} → ${correct}` });
  const one: Factor = { id: null, key: "1", c: 1 };
  const batch: Factor[] = samples > 1 ? [one, { id: "D7", key: "N", c: samples }] : [one];
  const outer = (id: string, key: string, text: string, left: () => Tracked, right: () => Tracked): void => {
    const product = (): Tracked => by.scale(by.matmul(left(), right(), true), 1 / samples);
    found.push(...scaled(setting, batch, [id], key, name, sum + text, swap(text), product));
  };
  found.push(...scaled(setting, batch, ["D1"], "transpose", name, `${sum}${below} (${d})ᵀ`, swap(`${below} (${d})ᵀ`), () => transpose(data())));
  if (problem.sizes[l] === problem.sizes[l - 1]) outer("D2", "own v", `${d} (${vName(l)})ᵀ`, () => delta, () => v[l]!);
  if (l > 1 && problem.activations[l - 2] !== "linear") outer("D3", "u", `${d} (u${raised(l - 1)})ᵀ`, () => delta, () => u[l - 1]!);
  const activation = problem.activations[l - 1]!;
  if (activation !== "linear") {
    const error = `∂C/∂v${raised(l)} (${below})ᵀ`;
    if (above !== null) outer("D4", "error", error, () => by.matmul(above, setting.W[l + 1]!), () => v[l - 1]!);
    else outer("D4", "error", error, () => costSlope(setting), () => v[l - 1]!);
    if (activation !== "softmax" && hasSlope(activation)) outer("D4", "d/s", error, () => by.div(delta, slopeOf(by, activation, u[l]!)), () => v[l - 1]!);
  }
  if (above !== null && above.cols === delta.cols) outer("D9", "above", `${deltaName(l + 1)} (${below})ᵀ`, () => above, () => v[l - 1]!);
  if (samples > 1) {
    for (const n of sampleOrder(samples)) {
      for (const c of [1, 1 / samples]) {
        const which = n === samples - 1 ? "last" : String(n);
        found.push(candidate(["D5"], `sample ${which}${c === 1 ? "" : " /N"}`, `${name} = ${c === 1 ? "" : "(1/N) "}${d} (${below})ᵀ of sample ${n + 1} alone`, { kind: "insert", term: "Σₙ" }, () => by.scale(by.matmul(row(delta, n), row(v[l - 1]!, n), true), c)));
      }
    }
    for (const [key, text, c] of [["", "", 1], ["N", "N·", samples], ["1/N", "(1/N) ", 1 / samples], ["N²", "N²·", samples ** 2]] as const) {
      const means = (): Tracked => by.scale(by.matmul(by.columnSums(delta), by.columnSums(v[l - 1]!), true), c / samples ** 2);
      found.push(candidate(["D6"], `means ${key}`, `${name} = ${text}mean(${d}) mean(${below})ᵀ`, { kind: "replace", term: "mean · mean → mean of the products" }, means));
    }
  }
  const { rows, cols } = setting.W[l]!;
  if (rows > 1 && cols > 1) {
    // Read out by columns and filled in by rows, or read out by rows and filled in by columns.
    found.push(candidate(["D11"], "reshape", `${name} = reshape(${correct}), read by columns`, { kind: "replace", term: "reshape → transpose" }, () => ({ ...transpose(data()), rows, cols })));
    found.push(candidate(["D11"], "refill", `${name} = reshape(${correct}), filled by columns`, { kind: "replace", term: "reshape → transpose" }, () => transpose({ ...data(), rows: cols, cols: rows })));
  }
  found.push(...outerProducts(setting, l, name, delta, [d, below]));
  found.push(candidate(["D8"], "zero", `${name} = 0`, { kind: "replace", term: `0 → ${correct}` }, () => exact(rows, cols, new Float64Array(rows * cols))));
  return found;
}

/** E: the regularization. */
function decayMistakes(setting: Setting, l: number, data: () => Tracked, decay: number, lambda: number): Candidate[] {
  const { by, W, samples, decayForm } = setting;
  const [name, w] = [gradWName(l), wName(l)];
  const product = `${meanText(setting)}${deltaName(l)} (${vName(l - 1)})ᵀ`;
  const right = decayText(setting, l);
  // λ/n times whatever the ½ of the data part makes of it.
  const mean = decay / decayShare(decayForm, samples);
  const found: Candidate[] = [];
  const add = (id: string, key: string, text: string, edit: Candidate["edit"], c: number): void => {
    found.push(candidate([id], key, `${name} = ${product}${text}`, edit, () => by.add(data(), by.scale(W[l]!, c))));
  };
  add("E1", "none", "", { kind: "insert", term: `+ ${right}` }, 0);
  add("E3", "sign", ` − ${right}`, { kind: "replace", term: `− → +` }, -decay);
  const wrong: readonly (readonly [string, number])[] = [
    ["(λ/n)", mean],
    ...(samples > 1 ? [["λ", mean * samples], ["(λ/n²)", mean / samples]] as const : []),
    ["2(λ/n)", 2 * mean], ["(λ/2n)", mean / 2],
    ...(samples > 2 ? [["2λ", 2 * mean * samples], ["(λ/2)", (mean * samples) / 2]] as const : []),
  ];
  for (const [text, c] of wrong) if (c !== decay) add("E2", text, ` + ${text} ${w}`, { kind: "replace", term: `${text} → ${decayForm}` }, c);
  const signs = by.map(W[l]!, Math.sign, () => 0);
  for (const [text, c] of [["(λ/n)", mean], ["λ", mean * samples]] as const) {
    if (text === "λ" && samples === 1) continue;
    found.push(candidate(["E4"], text, `${name} = ${product} + ${text} sign(${w})`, { kind: "replace", term: `sign(${w}) → ${w}` }, () => by.add(data(), by.scale(signs, c))));
  }
  return lambda === 0 ? [] : found;
}
