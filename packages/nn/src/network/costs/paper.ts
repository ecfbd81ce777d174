/** Says what is written about each cost. */

import { huberOnPaper, maeOnPaper } from "./absolute.ts";
import { categoricalCrossEntropyOnPaper, softmaxCrossEntropyOnPaper, twoClassOnPaper } from "./entropies.ts";
import { hingeOnPaper, multiclassHingeOnPaper } from "./hinges.ts";
import type { CostOnPaper } from "./record.ts";
import { mseOnPaper, quadraticOnPaper, sseOnPaper } from "./squares.ts";
import type { BaseCost } from "./table.ts";

export const costsOnPaper: Readonly<Record<BaseCost, CostOnPaper>> = {
  quadratic: quadraticOnPaper,
  sse: sseOnPaper,
  mse: mseOnPaper,
  mae: maeOnPaper,
  huber: huberOnPaper,
  hinge: hingeOnPaper,
  multiclassHinge: multiclassHingeOnPaper,
  crossEntropy: twoClassOnPaper,
  bce: twoClassOnPaper,
  categoricalCrossEntropy: categoricalCrossEntropyOnPaper,
  softmaxCrossEntropy: softmaxCrossEntropyOnPaper,
};
