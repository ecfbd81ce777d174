/** The families by name. */

import { attention } from "./attention.ts";
import { batchNorm } from "./batch-norm.ts";
import { broadcastAdd, broadcastMul, logSumExp } from "./broadcasting.ts";
import { convolution } from "./convolution.ts";
import type { Family } from "./family.ts";
import { layerNorm } from "./layer-norm.ts";
import { maxPool } from "./max-pool.ts";
import { clip, huber, relu } from "./pointwise.ts";
import { dropout, embedding } from "./selection.ts";
import { softmax } from "./softmax.ts";
import { softmaxLoss } from "./softmax-loss.ts";

/** The name of a family. */
export type FamilyName =
  | "attention" | "batchNorm" | "broadcastAdd" | "broadcastMul" | "clip" | "conv2d" | "dropout" | "embedding" | "huber"
  | "layerNorm" | "logSumExp" | "maxPool" | "relu" | "softmax" | "softmaxLoss";

/** Every family that a kernel can be checked as. */
export const families: Readonly<Record<FamilyName, Family>> = {
  attention, batchNorm, broadcastAdd, broadcastMul, clip, conv2d: convolution, dropout, embedding, huber, layerNorm, logSumExp, maxPool, relu, softmax, softmaxLoss,
};
