/**
 * Costs by the names that people give them: what each can mean above a last layer, and which of it the numbers must
 * decide.
 */

import { intake } from "../../locales/intake.ts";
import type { Words } from "../../locales/words.ts";
import { isFault } from "../../network/activation.ts";
import { costNamed, costNames, costOf, costSaid, costText } from "../../network/cost.ts";
import type { BaseCost } from "../../network/costs/table.ts";
import { spokenOf } from "../../network/spoken.ts";
import type { Activation, Cost } from "../equations/network.ts";
import { guess } from "../nearest.ts";
import type { NumberArray } from "./given.ts";

/** Holds what is known besides the name: how many outputs there are, and the targets, one sample in each row. */
interface Beside {
  readonly outputs: number;
  readonly t?: NumberArray;
}

/** The costs that a record's name can mean above a last layer, the likeliest first. */
function meaningsOf(name: BaseCost, above: Activation, { outputs, t }: Beside): readonly BaseCost[] {
  switch (name) {
    // What everybody calls cross-entropy is of classes above a softmax, of two classes above sigmoids.
    case "crossEntropy":
      if (above === "softmax") return ["categoricalCrossEntropy", "bce"];
      return above === "linear" ? ["softmaxCrossEntropy"] : ["crossEntropy"];
    case "bce":
      return [above === "softmax" ? "bce" : "crossEntropy"];
    // A softmax is usually taken once; a program that takes it twice has other gradients.
    case "softmaxCrossEntropy":
      return above === "softmax" ? ["categoricalCrossEntropy", "softmaxCrossEntropy"] : ["softmaxCrossEntropy"];
    case "categoricalCrossEntropy":
      return above === "linear" ? ["softmaxCrossEntropy"] : ["categoricalCrossEntropy"];
    // Sum or mean is never decided by the name.
    case "mse":
      return outputs === 1 ? ["mse"] : ["mse", "quadratic"];
    case "sse":
      return outputs === 1 ? ["sse"] : ["sse", "mse"];
    case "hinge":
      return outputs === 1 || (t !== undefined && t.data.every((one) => Math.abs(one) === 1))
        ? ["hinge"]
        : t === undefined
          ? ["hinge", "multiclassHinge"]
          : ["multiclassHinge"];
    default:
      return [name];
  }
}

/**
 * A cost with what else it may be told: sums in place of means over the outputs, and class weights over their mean, as
 * PyTorch has them.
 */
function variants(cost: Cost, { outputs, t }: Beside): readonly Cost[] {
  const { name, record, told } = costOf(cost);
  const found: Cost[] = [cost];
  if (record.averages !== undefined && told.outputs === null && outputs > 1)
    found.push(costText(name, { ...told, outputs: record.averages ? "sum" : "mean" }));
  const { classWeights } = told;
  if (classWeights !== null && t !== undefined) {
    const samples = t.data.length / outputs;
    const two = outputs === 1 && classWeights.length === 2;
    const total = t.data.reduce(
      (sum, one, i) =>
        sum + (two ? classWeights[1]! * one + classWeights[0]! * (1 - one) : classWeights[i % outputs]! * one),
      0,
    );
    if (total > 0 && total !== samples)
      found.push(costText(name, { ...told, classWeights: classWeights.map((one) => (one * samples) / total) }));
  }
  return found;
}

/** The costs that may have been meant where none was told, the usual one first. */
function possibleCosts(above: Activation): readonly Cost[] {
  switch (above) {
    case "softmax":
      return ["categoricalCrossEntropy", "quadratic"];
    case "sigmoid":
      return ["quadratic", "crossEntropy"];
    case "linear":
      return ["quadratic", "softmaxCrossEntropy"];
    default:
      return ["quadratic"];
  }
}

/** The costs that were told, or may have been meant. */
export function costsOf(
  told: string | undefined,
  above: Activation,
  refused: Words[],
  beside: Beside,
): readonly Cost[] {
  if (told === undefined) return possibleCosts(above);
  const word = spokenOf(told)?.word ?? "";
  const logits = word.startsWith("bcewithlogits");
  if (logits && above === "linear") {
    refused.push(intake.sigmoidInCost({ told }));
    return [];
  }
  const name = logits ? "bce" : costNamed(word);
  if (name === undefined) {
    refused.push(intake.unknownCost({ told, near: guess(told, costNames), known: costNames }));
    return [];
  }
  const found = meaningsOf(name, above, beside).flatMap((one) => {
    const said = costSaid(told, above, one);
    if (!isFault(said)) return variants(said, beside);
    // What is told may be for the likeliest alone: the others of a name take less.
    if (one === meaningsOf(name, above, beside)[0]) {
      refused.push(intake.costOptions({ told, problem: said.problem, hint: said.hint }));
    }
    return [];
  });
  const [first] = found;
  if (first !== undefined) unsuited(first, told, beside, refused);
  return found;
}

/** Returns what the targets or the number of weights say against a cost. */
function unsuited(cost: Cost, told: string, { outputs, t }: Beside, refused: Words[]): void {
  const {
    name,
    record,
    told: { classWeights },
  } = costOf(cost);
  if (name === "hinge" && t !== undefined && t.data.some((one) => one === 0)) {
    refused.push(intake.signsAsTargets({ told }));
  }
  if (
    classWeights !== null &&
    classWeights.length !== outputs &&
    !(outputs === 1 && classWeights.length === 2 && record.targets === "shares")
  ) {
    refused.push(intake.classWeightCount({ count: classWeights.length, outputs }));
  }
}
