/** Activations and costs by the names that people give them. */

import type { Activation, Cost } from "../equations/index.ts";
import { guess } from "../nearest.ts";
import type { Words } from "../report.ts";
import { plainName } from "./meaning.ts";

/** `ce` is what everybody calls cross-entropy: of classes above a softmax, of two classes above sigmoids. */
const costs: Readonly<Record<Cost | "ce", readonly string[]>> = {
  quadratic: ["quadratic", "halfmse", "halfsse", "halfsquarederror", "squares", "quadraticcost", "leastsquares", "sse", "sumofsquares", "sumofsquarederrors", "sumsquarederror"],
  crossEntropy: ["binarycrossentropy", "bce", "bceloss", "logloss", "logisticloss", "binaryce"],
  categoricalCrossEntropy: ["categoricalcrossentropy", "loglikelihood", "nll", "negativeloglikelihood", "nllloss", "multiclasscrossentropy", "categoricalce"],
  softmaxCrossEntropy: ["softmaxcrossentropy", "crossentropywithlogits", "softmaxloss", "crossentropyloss", "softmaxcrossentropywithlogits"],
  ce: ["crossentropy", "ce", "xent", "crossentropycost", "entropy", "crossentropyerror"],
};

/** The costs that a name can mean above a last layer, the likeliest first; none where it is not known. */
function costsNamed(name: string, above: Activation): readonly Cost[] {
  const { text } = plainName(name);
  const found = (Object.keys(costs) as (Cost | "ce")[]).find((one) => costs[one].includes(text)) ?? null;
  if (found === null) return [];
  // A softmax is usually taken once; a program that takes it twice has other gradients.
  if (found === "softmaxCrossEntropy") return above === "softmax" ? ["categoricalCrossEntropy", "softmaxCrossEntropy"] : ["softmaxCrossEntropy"];
  if (found !== "ce") return [found];
  if (above === "softmax") return ["categoricalCrossEntropy", "crossEntropy"];
  return above === "linear" ? ["softmaxCrossEntropy"] : ["crossEntropy"];
}

const costNames: readonly Cost[] = ["quadratic", "crossEntropy", "categoricalCrossEntropy", "softmaxCrossEntropy"];

/** The costs that may have been meant where none was told, the usual one first. */
function possibleCosts(above: Activation): readonly Cost[] {
  switch (above) {
    case "softmax": return ["categoricalCrossEntropy", "quadratic"];
    case "sigmoid": return ["quadratic", "crossEntropy"];
    case "linear": return ["quadratic", "softmaxCrossEntropy"];
    default: return ["quadratic"];
  }
}

/** The costs that were told, or may have been meant. */
export function costsOf(told: string | undefined, above: Activation, refused: Words[]): readonly Cost[] {
  if (told === undefined) return possibleCosts(above);
  const found = costsNamed(told, above);
  if (found.length === 0) refused.push({ en: `the cost ${told} is not known${guess(told, costNames)}: give one of ${costNames.join(", ")}`, zh: `不认识代价函数 ${told}：可用的有 ${costNames.join("、")}` });
  return found;
}
