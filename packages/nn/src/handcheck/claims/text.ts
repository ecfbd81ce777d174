/** The equations as the report prints them, with the layer as a superscript. */

import { costOf } from "../../network/cost.ts";
import { collapses, type Setting } from "./setting.ts";

const superscripts = "⁰¹²³⁴⁵⁶⁷⁸⁹";

/** A layer's number as it is written: l². */
export function raised(layer: number): string {
  return String(layer).replace(/\d/g, (digit) => superscripts[Number(digit)]!);
}

/** δ² */
export const deltaName = (l: number): string => `δ${raised(l)}`;
/** δ⁰, as ∂C/∂x is called in a report. */
export const INPUT_NAME = "δ⁰";
/** ∂C/∂W² */
export const gradWName = (l: number): string => `∂C/∂W${raised(l)}`;
/** ∂C/∂b² */
export const gradBName = (l: number): string => `∂C/∂b${raised(l)}`;
/** The output of a layer: v², and x for the input. */
export const vName = (l: number): string => (l === 0 ? "x" : `v${raised(l)}`);
/** W² */
export const wName = (l: number): string => `W${raised(l)}`;

/** A number as it stands in a formula: a small fraction where it is one. */
export function factorText(c: number): string {
  if (c === -1) return "−";
  for (let q = 1; q <= 64; q++) {
    const p = c * q;
    if (Math.abs(p - Math.round(p)) <= 1e-9 * Math.max(1, Math.abs(p)) && Math.abs(p) < 1e6) {
      const top = String(Math.round(p)).replace("-", "−");
      return q === 1 ? `${top}·` : `${top}/${q}·`;
    }
  }
  return `${Number(c.toPrecision(6))}·`;
}

/** σ'(u²), named by nothing but its argument: the network says which σ it is. */
export const slopeText = (argument: string): string => `σ'(${argument})`;

/** Returns what stands for t: the target, smoothed and weighted as the cost is told. */
function targetText({ problem, outputs }: Pick<Setting, "problem" | "outputs">): string {
  const {
    record,
    told: { labelSmoothing: s, classWeights },
  } = costOf(problem.cost);
  const short = (x: number): string => String(Number(x.toPrecision(4)));
  const smooth = s === 0 ? "t" : `(${short(1 - s)}t + ${short(s / (record.targets === "shares" ? 2 : outputs))})`;
  return classWeights === null ? smooth : `c ⊙ ${smooth}`;
}

/** p of the last layer, and what δ is where σ' cancels. */
export function errorText(setting: Pick<Setting, "problem" | "outputs" | "last">): string {
  const { problem, last } = setting;
  const { name, record, told } = costOf(problem.cost);
  const [out, target] = [name === "softmaxCrossEntropy" ? `softmax(${vName(last)})` : vName(last), targetText(setting)];
  if (told.classWeights === null) return `${out} − ${target}`;
  if (record.targets !== "shares") return `${out} Σ ${target} − ${target}`;
  return setting.outputs === 1 && told.classWeights.length === 2
    ? `c_t ⊙ (${out} − ${target.replace("c ⊙ ", "")})`
    : `c ⊙ (${out} − ${target.replace("c ⊙ ", "")})`;
}

/** c (v − t) of a cost of squares; `null` of others. */
export function squaresText({ problem, outputs, last }: Pick<Setting, "problem" | "outputs" | "last">): string | null {
  const scale = costOf(problem.cost).record.squares?.scale(outputs);
  return scale === undefined ? null : `${scale === 1 ? "" : factorText(scale)}(${vName(last)} − t)`;
}

/** BP1 as this network has it. */
export function bp1Text(setting: Setting): string {
  const { last, problem } = setting;
  if (collapses(setting)) return `${deltaName(last)} = ${errorText(setting)}`;
  const slope = squaresText(setting) ?? "∇ᵥC";
  const activation = problem.activations[last - 1]!;
  if (activation === "softmax") return `${deltaName(last)} = (∂v/∂u)ᵀ ${slope}`;
  return `${deltaName(last)} = ${slope}${activation === "linear" ? "" : ` ⊙ ${slopeText(`u${raised(last)}`)}`}`;
}

/** BP2 at layer l. */
export function bp2Text({ problem }: Setting, l: number): string {
  const product = `(${wName(l + 1)})ᵀ ${deltaName(l + 1)}`;
  const activation = problem.activations[l - 1]!;
  if (activation === "linear") return `${deltaName(l)} = ${product}`;
  if (activation === "softmax") return `${deltaName(l)} = (∂v/∂u)ᵀ (${product})`;
  return `${deltaName(l)} = (${product}) ⊙ ${slopeText(`u${raised(l)}`)}`;
}

/** (1/N) Σₙ before what is summed over the samples; nothing where there is one. */
export function meanText({ samples }: Pick<Setting, "samples">): string {
  return samples === 1 ? "" : "(1/N) Σₙ ";
}

/** BP3 at layer l. */
export function bp3Text(setting: Setting, l: number): string {
  return `${gradBName(l)} = ${meanText(setting)}${setting.problem.tiedBiases === true ? "Σⱼ " : ""}${deltaName(l)}`;
}

/** `(λ/n) W²`, `2λ W²` */
export const decayText = ({ decayForm }: Pick<Setting, "decayForm">, l: number): string =>
  `${decayForm.includes("/") ? `(${decayForm})` : decayForm} ${wName(l)}`;

/** BP4 at layer l, with its regularization where there is one. */
export function bp4Text(setting: Setting, l: number): string {
  return `${gradWName(l)} = ${meanText(setting)}${deltaName(l)} (${vName(l - 1)})ᵀ${setting.decay === null ? "" : ` + ${decayText(setting, l)}`}`;
}
