/** The families by name. */

import { ArgumentError } from "@chainrule/autograd";
import { attention } from "./attention.ts";
import { batchNorm } from "./batch-norm.ts";
import { broadcastAdd, broadcastMul, logSumExp } from "./broadcasting.ts";
import { convolution } from "./convolution.ts";
import type { Family, Settings } from "./family.ts";
import { channelsLast } from "./channels-last.ts";
import { layerNorm } from "./layer-norm.ts";
import { maxPool } from "./max-pool.ts";
import { abs, clip, huber, relu } from "./pointwise.ts";
import { rmsNorm } from "./rms-norm.ts";
import { dropout, embedding } from "./selection.ts";
import { softmax } from "./softmax.ts";
import { softmaxLoss } from "./softmax-loss.ts";

/** The name of a family. */
export type FamilyName =
  | "abs"
  | "attention"
  | "batchNorm"
  | "broadcastAdd"
  | "broadcastMul"
  | "clip"
  | "conv2d"
  | "dropout"
  | "embedding"
  | "huber"
  | "layerNorm"
  | "logSumExp"
  | "maxPool"
  | "relu"
  | "rmsNorm"
  | "softmax"
  | "softmaxLoss";

/** Every family that a kernel can be checked as. */
export const families: Readonly<Record<FamilyName, Family>> = {
  abs,
  attention,
  batchNorm,
  broadcastAdd,
  broadcastMul,
  clip,
  conv2d: convolution,
  dropout,
  embedding,
  huber,
  layerNorm,
  logSumExp,
  maxPool,
  relu,
  rmsNorm,
  softmax,
  softmaxLoss,
};

/** The family of a name, in the layout of the settings. */
export function familyOf(name: FamilyName, { layout }: Settings): Family {
  const family: Family | undefined = families[name];
  if (family === undefined)
    throw new ArgumentError({
      op: "checkOp",
      problem: `there is no family ${name}`,
      hint: `use one of ${Object.keys(families).join(", ")}`,
    });
  if (layout === undefined || layout === "nchw") return family;
  if (layout === "nhwc" && name === "conv2d") return channelsLast;
  throw new ArgumentError({
    op: "checkOp",
    problem: `${name} has no layout ${String(layout)}`,
    hint: 'use "nchw" or, for conv2d, "nhwc"',
  });
}
