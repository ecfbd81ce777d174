/** What stands, rightly or wrongly, where σ'(u^l) should. */

import { neuronOf, type ElementwiseName } from "../../network/activation.ts";
import { ownSlope, type Setting } from "../setting.ts";
import { slopeOf } from "../sigma.ts";
import { raised, slopeText, vName } from "../text.ts";
import { exact, type Tracked } from "../tracked.ts";
import type { Part } from "./candidate.ts";

/** Ids differ between the output error and a hidden one. */
interface GateIds {
  readonly none: string;
  readonly atOutput: string;
  readonly other: string;
}

const ids: Readonly<Record<"BP1" | "BP2", GateIds>> = {
  BP1: { none: "A2", atOutput: "A8", other: "A10" },
  BP2: { none: "B1", atOutput: "B9", other: "B11" },
};

/** Every factor for layer l, the correct one first; a softmax has no elementwise slope, so all of its gates are wrong. */
export function gates(setting: Setting, l: number, equation: "BP1" | "BP2"): Part[] {
  const { by, problem, u, v, samples } = setting;
  const activation = problem.activations[l - 1]!;
  const [input, out] = [u[l]!, v[l]!];
  const [un, vn] = [`u${raised(l)}`, vName(l)];
  const id = ids[equation];
  // A linear layer has σ' = 1, which nobody writes.
  const own = activation === "linear" ? "" : slopeText(un);
  const ones = exact(samples, input.cols, new Float64Array(input.value.length).fill(1));
  const part = (name: string | null, text: string, value: Tracked): Part => ({
    id: name, key: text.replaceAll(un, "u").replaceAll(vn, "v"), text, value,
    edit: text === "" ? { kind: "insert", term: `⊙ ${own}` } : { kind: "replace", term: `${text} → ${own}` },
  });
  const oneMinus = (x: Tracked): Tracked => by.sub(ones, x);
  const list: Part[] = [];
  const elementwise = activation === "softmax" ? null : setting.rounded ? ownSlope(setting, l, activation) : slopeOf(by, activation, input);
  if (elementwise !== null) list.push(part(null, own, elementwise));
  if (activation !== "linear") list.push(part(id.none, "", ones));
  if (elementwise !== null && activation !== "softmax" && activation !== "linear") {
    list.push(part(id.atOutput, slopeText(vn), slopeOf(by, activation, out)));
    list.push(part("B10", `${own}²`, by.mul(elementwise, elementwise)));
  }
  list.push(part("A9", `${un}(1 − ${un})`, by.mul(input, oneMinus(input))));
  list.push(part("A9", `(1 − (${un})²)`, oneMinus(by.mul(input, input))));
  const confused = activation === "softmax" ? [] : (neuronOf(activation).confused ?? []) as readonly ElementwiseName[];
  const others: readonly (readonly [ElementwiseName, string, Tracked])[] = [
    ["sigmoid", `${vn}(1 − ${vn})`, by.mul(out, oneMinus(out))],
    ["tanh", `(1 − (${vn})²)`, oneMinus(by.mul(out, out))],
    ["sigmoid", `sigmoid'(${un})`, slopeOf(by, "sigmoid", input)],
    ["tanh", `tanh'(${un})`, slopeOf(by, "tanh", input)],
    ["relu", `1[${un} > 0]`, slopeOf(by, "relu", input)],
    ...confused.map((one) => [one, `${one}'(${un})`, slopeOf(by, one, input)] as const),
  ];
  for (const [of, text, value] of others) if (of !== activation) list.push(part(id.other, text, value));
  list.push(part("B9", vn, out), part("B9", `(1 − ${vn})`, oneMinus(out)), part("B9", `(${vn})²`, by.mul(out, out)));
  for (const k of [l + 1, l - 1]) {
    const near = problem.activations[k - 1];
    if (near === undefined || near === "softmax" || problem.sizes[k] !== problem.sizes[l]) continue;
    list.push({ ...part("B5", slopeText(`u${raised(k)}`), slopeOf(by, near, u[k]!)), key: k > l ? "above" : "below" });
  }
  return list;
}
