/** The words that the sections share, in both languages. */

import { layerName } from "./names.ts";
import { isLast, type Subject } from "./subject.ts";

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
