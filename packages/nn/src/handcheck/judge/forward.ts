/** The forward pass first: a gradient is not judged against a forward pass that the person does not have. */

import { costMistakes, inputMistakes, outputMistakes } from "../catalogue/forward.ts";
import type { Candidate } from "../catalogue/mistake.ts";
import type { Canonical } from "../claims/conventions.ts";
import { forwardClaims, type ForwardClaim } from "../claims/of-forward.ts";
import { byBounds } from "../claims/of-network.ts";
import type { Setting } from "../claims/setting.ts";
import { residual } from "../bounds/tolerance.ts";
import type { Tracked } from "../bounds/tracked.ts";
import { once } from "../once.ts";
import { featuresOf } from "../relations/features.ts";
import type { Diagnosis, Line } from "../report.ts";
import { itself, nameOf } from "./diagnosis.ts";
import { shownOf } from "./unnamed.ts";
import { fails, statusOf, walk, type Met } from "./walk.ts";

/** Holds what the forward check found, and the forward pass that the backward check goes on with. */
export interface ForwardCheck {
  readonly lines: readonly Line[];
  readonly isRight: boolean;
  readonly setting: Setting;
  /** Their names are looked for when they are asked for. */
  readonly roots: () => readonly Diagnosis[];
}

type MetHere = Met<Tracked, ForwardClaim>;

/** Returns what may have been computed in the place of a claim. */
function candidates(setting: Setting, { rule, layer }: ForwardClaim, hand: Canonical): Candidate[] {
  switch (rule) {
    case "u":
      return inputMistakes(setting, layer);
    case "v":
      return outputMistakes(setting, layer, hand.u[layer] !== undefined);
    case "cost":
      return costMistakes(setting);
  }
}

/** The name of a root; a cost is one number, which shows nothing by itself. */
function rootOf({ claim, given, local }: MetHere, own: Setting, truth: Setting, hand: Canonical): Diagnosis {
  const { rule, layer, formula } = claim;
  const isCost = rule === "cost";
  const elsewhere = (): Candidate[] => (isCost ? [] : candidates(truth, claim, hand));
  const features = isCost ? [] : featuresOf(shownOf(given!, local!), truth).map(({ words }) => words);
  const place = { equation: "forward", layer, correct: formula, factor: 1, elsewhere } as const;
  return nameOf(itself(given!, local!), candidates(own, claim, hand), place, features);
}

/** The line of a claim: a cost that is scaled by a convention is told from one that is its own. */
function lineOf(met: MetHere): Line {
  const { claim, given, local, truth } = met;
  const { layer, name, formula } = claim;
  const status = statusOf(met, byBounds);
  return {
    equation: "forward",
    layer,
    name,
    formula,
    status: status === "kink" ? "convention" : status,
    local: residual(given!, local!),
    global: residual(given!, truth()),
  };
}

/** Checks u, v and the cost as far as they are given. */
export function checkForward(truth: Setting, hand: Canonical): ForwardCheck {
  const pass = { u: [...truth.u], v: [...truth.v] };
  const setting: Setting = { ...truth, ...pass };
  const lines: Line[] = [];
  const wrong: MetHere[] = [];
  for (const met of walk(forwardClaims(truth, setting, hand), byBounds)) {
    const { rule, layer } = met.claim;
    if (rule !== "cost") pass[rule][layer] = met.seen!;
    if (met.given === undefined) continue;
    lines.push(lineOf(met));
    if (fails(met)) wrong.push(met);
  }
  const roots = once(() => wrong.map((met) => rootOf(met, setting, truth, hand)));
  return { lines, isRight: wrong.length === 0, setting, roots };
}
