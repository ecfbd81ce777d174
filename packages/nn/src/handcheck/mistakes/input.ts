/** B18: what goes wrong in the gradient of the input, ∂C/∂x = (W¹)ᵀ δ¹, which has no σ'. */

import type { Setting } from "../setting.ts";
import { slopeOf } from "../sigma.ts";
import { exact, type Tracked } from "../tracked.ts";
import { candidate, scaled, type Candidate, type Factor } from "./candidate.ts";
import { wirings, type Above } from "./hidden.ts";

/** The name of ∂C/∂x in a report. */
export const INPUT_NAME = "δ⁰";

/** The candidates for ∂C/∂x; the correct formula is not among them. */
export function inputMistakes(setting: Setting, above: Pick<Above, "delta" | "further">): Candidate[] {
  const { by, samples, u, W, eta, nextW } = setting;
  const x = u[0]!;
  const factors: Factor[] = [
    { id: null, key: "1", c: 1 }, { id: "B14", key: "-1", c: -1 },
    ...(samples > 1 ? [{ id: "B13", key: "1/N", c: 1 / samples }, { id: "B21", key: "N", c: samples }] : []),
    { id: "B21", key: "2", c: 2 }, { id: "B21", key: "1/2", c: 0.5 },
  ];
  const ones = exact(x.rows, x.cols, new Float64Array(x.value.length).fill(1));
  const gates: readonly (readonly [string, () => Tracked])[] = [
    ["x(1 − x)", () => by.mul(x, by.sub(ones, x))],
    ["(1 − x²)", () => by.sub(ones, by.mul(x, x))],
    ["sigmoid'(x)", () => slopeOf(by, "sigmoid", x)],
    ["tanh'(x)", () => slopeOf(by, "tanh", x)],
    ["1[x > 0]", () => slopeOf(by, "relu", x)],
    ["x", () => x],
  ];
  const found: Candidate[] = [];
  for (const { ids, key, text, term, value } of wirings(setting, 0, { ...above, gradW: null, observed: null })) {
    found.push(...scaled(setting, factors, ids, key, INPUT_NAME, text, { kind: "replace", term }, value));
    if (ids.length > 0) continue;
    for (const [gate, slopes] of gates) {
      found.push(candidate(["B18"], gate, `${INPUT_NAME} = (${text}) ⊙ ${gate}`, { kind: "delete", term: `⊙ ${gate}` }, () => by.mul(value(), slopes())));
    }
  }
  const updated = nextW[1];
  if (updated !== undefined && updated.rows === W[1]!.rows && updated.cols === W[1]!.cols && eta !== null) {
    found.push(candidate(["B7"], "next", `${INPUT_NAME} = (new W¹)ᵀ δ¹`, { kind: "replace", term: "new W¹ → W¹" }, () => by.matmul(above.delta, updated)));
  }
  return found;
}
