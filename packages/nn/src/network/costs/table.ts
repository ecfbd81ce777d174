/**
 * All costs: a new one is a record, a row here and in `paper.ts`, its names in the locales,
 * and a row in the plain loops of `handcheck/equations`.
 */

import { huber, mae } from "./absolute.ts";
import { bce, categoricalCrossEntropy, crossEntropy, softmaxCrossEntropy } from "./entropies.ts";
import { hinge, multiclassHinge } from "./hinges.ts";
import type { CostRecord } from "./record.ts";
import { mse, quadratic, sse } from "./squares.ts";

export const costs = {
  quadratic,
  crossEntropy,
  categoricalCrossEntropy,
  softmaxCrossEntropy,
  bce,
  sse,
  mse,
  mae,
  huber,
  hinge,
  multiclassHinge,
} satisfies Record<string, CostRecord>;

/** The costs without what they are told. */
export type BaseCost = keyof typeof costs;
