/** The fourteen programs, those with a loop in both of its forms, and one of straight code. */

import { arm } from "./arm.ts";
import { autoencoder } from "./autoencoder.ts";
import { bundleAdjustment } from "./bundle-adjustment.ts";
import { convolution } from "./convolution.ts";
import { energy } from "./energy.ts";
import { gaussianMixture } from "./gaussian-mixture.ts";
import { gaussianProcess } from "./gaussian-process.ts";
import { greeks } from "./greeks.ts";
import { kalmanLoop, kalmanScan } from "./kalman-filter.ts";
import { leapfrogSteps } from "./leapfrog.ts";
import { logisticHessian } from "./logistic-hessian.ts";
import { lstmLoop, lstmScan } from "./lstm.ts";
import { nBody } from "./n-body.ts";
import { odeLoop, odeScan } from "./neural-ode.ts";
import type { Program } from "./program.ts";
import { transformer } from "./transformer.ts";

/** In the order in which they are printed. */
export const programs: readonly Program[] = [
  gaussianMixture,
  kalmanLoop,
  kalmanScan,
  odeLoop,
  odeScan,
  logisticHessian,
  lstmLoop,
  lstmScan,
  transformer,
  convolution,
  greeks,
  arm,
  nBody,
  leapfrogSteps,
  bundleAdjustment,
  autoencoder,
  gaussianProcess,
  energy,
];
