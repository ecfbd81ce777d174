/** How activations and costs are written: in sentences, as formulas, as code. */

import { additions, namesOfActivations, phrasesOfCosts } from "../locales/network.ts";
import type { Words } from "../locales/words.ts";
import { partsOf, type ActivationName, type ElementwiseName } from "./activation.ts";
import { onPaper } from "./activations/paper.ts";
import type { Code, Writer } from "./activations/record.ts";
import { costOf, withTold, type CostName } from "./cost.ts";
import { costsOnPaper } from "./costs/paper.ts";
import type { CostOnPaper } from "./costs/record.ts";
import { numberText } from "./spoken.ts";

/** How an activation is called in a sentence: leaky ReLU (0.2). */
export function activationWords(activation: ActivationName): Words {
  const name = namesOfActivations[activation === "softmax" ? activation : partsOf(activation).name];
  const value = /\((.*)\)$/.exec(activation)?.[1];
  return value === undefined ? name : additions.parameter({ name, value });
}

/** σ(u) of an activation, with its parameter. */
export function valueOnPaper<E>(activation: ElementwiseName, by: Writer<E>, u: E): E {
  const { name, parameter } = partsOf(activation);
  return onPaper[name].value(by, u, parameter);
}

/** σ′(u), by u or by v, whichever is usual. */
export function slopeOnPaper<E>(activation: ElementwiseName, by: Writer<E>, u: E, v: E): E {
  const { name, parameter } = partsOf(activation);
  return onPaper[name].slope(by, u, v, parameter);
}

/** The code of an activation, with its parameter. */
export function codeOf(activation: ElementwiseName): Code {
  const { name, parameter } = partsOf(activation);
  return onPaper[name].code(numberText(parameter));
}

/** The formulas of a cost. */
export const costOnPaper = (cost: CostName): CostOnPaper => costsOnPaper[costOf(cost).name];

/** How a sentence calls a cost: half the sum of squares. */
export const costPhrase = (cost: CostName): Words => withTold(phrasesOfCosts[costOf(cost).name], costOf(cost).told);
