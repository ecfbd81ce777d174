/** The gradient of the input, ∂C/∂x = (W¹)ᵀ δ¹, which somebody may hand in as δ⁰. */

import type { Canonical } from "./conventions.ts";
import { search, unknown, type Observation, type Place } from "./diagnose.ts";
import { genericLike } from "./generic.ts";
import { wrongInputs, INPUT_NAME } from "./catalogue/input.ts";
import { sceneAt } from "./catalogue/mistake.ts";
import type { Diagnosis, Line, Words } from "./report.ts";
import type { Setting } from "./setting.ts";
import { overTolerance, residual } from "./tolerance.ts";
import type { Tracked } from "./tracked.ts";

/** What became of δ⁰: nothing where it was not handed in. */
interface InputCheck {
  readonly lines: readonly Line[];
  readonly roots: readonly Diagnosis[];
  readonly contract: readonly Words[];
}

const FORMULA = `${INPUT_NAME} = ∂C/∂x = (W¹)ᵀ δ¹`;

/** Checks δ⁰ from the person's own δ¹; `truth` is the δ¹ that is right. */
export function checkInput(setting: Setting, hand: Canonical, delta: readonly (Tracked | null)[], truth: Tracked): InputCheck {
  const given = hand.delta[0];
  if (given === undefined) return { lines: [], roots: [], contract: [] };
  const { by, W, samples } = setting;
  const own = delta[1] ?? null;
  const global = by.matmul(truth, W[1]!);
  const local = own && by.matmul(own, W[1]!);
  const line = (status: Line["status"]): Line => ({
    equation: "BP2", layer: 0, name: INPUT_NAME, formula: FORMULA, status,
    local: local && residual(given, local, hand.deltaFactor), global: residual(given, global, hand.deltaFactor),
  });
  const right = overTolerance(given, global) <= 1;
  if (local === null) return { lines: [line(right ? "ok" : "inherited")], roots: [], contract: [] };
  if (overTolerance(given, local) <= 1) return { lines: [line(!right ? "inherited" : hand.deltaFactor === 1 ? "ok" : "convention")], roots: [], contract: [] };
  const observation: Observation = { yours: given, correct: local, through: (value) => value };
  const place: Place = {
    equation: "BP2", layer: 0, correct: FORMULA, factor: hand.deltaFactor,
    elsewhere: () => {
      const { other, deltas } = genericLike(setting);
      return wrongInputs(sceneAt(other, 0, deltas));
    },
  };
  const found = search([observation], wrongInputs(sceneAt(setting, 0, delta)), place);
  if (found === null && (given.rows !== global.rows || given.cols !== global.cols)) {
    const [a, b] = [`${given.rows}×${given.cols}`, `${samples}×${global.cols}`];
    return { lines: [line("shape")], roots: [], contract: [{ en: `${INPUT_NAME}: ${a} given, ${b} needed: it is ∂C/∂x, one row for each sample`, zh: `${INPUT_NAME}:给出的是 ${a},应为 ${b}:它是 ∂C/∂x,每个样本一行` }] };
  }
  return { lines: [line("root")], roots: [found?.diagnosis ?? unknown([observation], place, [])], contract: [] };
}
