/** B18: what goes wrong in the gradient of the input, ∂C/∂x = (W¹)ᵀ δ¹, which has no σ'. */

import { slopeOf } from "../claims/sigma.ts";
import type { Tracked } from "../bounds/tracked.ts";
import { mistakeOf } from "./catalogue.ts";
import { scalesOf, wiringsOf } from "./grammar.ts";
import { candidate, oneMinus, scaled, type Candidate, type Scene } from "./mistake.ts";

/** The name of ∂C/∂x in a report. */
export const INPUT_NAME = "δ⁰";

/** The candidates for ∂C/∂x, in the scene of layer 0; the correct formula is not among them. */
export function wrongInputs(scene: Scene): Candidate[] {
  const { setting, above } = scene;
  const { by, u, W, eta, nextW } = setting;
  const x = u[0]!;
  const gates: readonly (readonly [string, () => Tracked])[] = [
    ["x(1 − x)", () => by.mul(x, oneMinus(scene, x))],
    ["(1 − x²)", () => oneMinus(scene, by.mul(x, x))],
    ["sigmoid'(x)", () => slopeOf(by, "sigmoid", x)],
    ["tanh'(x)", () => slopeOf(by, "tanh", x)],
    ["1[x > 0]", () => slopeOf(by, "relu", x)],
    ["x", () => x],
  ];
  const right = wiringsOf(scene)[0]!;
  const found = wiringsOf(scene).flatMap(({ mistake, key, text, value }) =>
    scaled(setting, scalesOf("BP2", scene), mistake === null ? [] : [mistake], key, INPUT_NAME, text, { kind: "replace", term: mistake === null ? "" : `${text} → ${right.text}` }, value));
  found.push(...gates.map(([gate, slopes]) => candidate([mistakeOf("B18")], gate, `${INPUT_NAME} = (${right.text}) ⊙ ${gate}`, { kind: "delete", term: `⊙ ${gate}` }, () => by.mul(right.value(), slopes()))));
  const updated = nextW[1];
  if (updated !== undefined && updated.rows === W[1]!.rows && updated.cols === W[1]!.cols && eta !== null) {
    found.push(candidate([mistakeOf("B7")], "next", `${INPUT_NAME} = (new W¹)ᵀ δ¹`, { kind: "replace", term: "new W¹ → W¹" }, () => by.matmul(above!, updated)));
  }
  return found;
}
