/** The words that the sections share, in both languages. */

import { derivation } from "../../../locales/derivation.ts";
import type { Words } from "../../../locales/words.ts";
import { layerName } from "./names.ts";
import { isLast, type Subject } from "./subject.ts";

/** "layer J" */
export function layerWords(subject: Subject, layer: number): Words {
  const name = layerName(layer, subject);
  return derivation.layer({ name });
}

/** "the last layer, J" */
export function whichLayer(subject: Subject, layer: number): Words {
  const name = layerWords(subject, layer);
  return isLast(subject, layer) ? derivation.outputLayer({ layer: name }) : derivation.hiddenLayer({ layer: name });
}
