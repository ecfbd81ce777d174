/** The words that the sections share, in both languages. */

import type { CostName } from "../../../network/cost.ts";
import { layerName } from "./names.ts";
import { isLast, type Subject } from "./subject.ts";

export const costWords: Readonly<Record<CostName, { readonly en: string; readonly zh: string }>> = {
  quadratic: { en: "half the sum of squares", zh: "平方和的一半" },
  crossEntropy: { en: "the cross-entropy", zh: "交叉熵" },
  categoricalCrossEntropy: { en: "the categorical cross-entropy", zh: "多类交叉熵" },
  softmaxCrossEntropy: { en: "the cross-entropy of a softmax that is part of the cost", zh: "内含 softmax 的交叉熵" },
};

/** "layer J", "第 J 层" */
export function layerWords(subject: Subject, layer: number): { readonly en: string; readonly zh: string } {
  const name = layerName(layer, subject);
  return { en: `layer ${name}`, zh: `第 ${name} 层` };
}

/** "the last layer, J" */
export function whichLayer(subject: Subject, layer: number): { readonly en: string; readonly zh: string } {
  const { en, zh } = layerWords(subject, layer);
  return isLast(subject, layer) ? { en: `the output ${en}`, zh: `输出层（${zh}）` } : { en: `the hidden ${en}`, zh: `隐含层（${zh}）` };
}
