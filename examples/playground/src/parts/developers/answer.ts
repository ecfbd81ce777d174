/** Fits, as the worker computes them. */

import { fit, type FitAsked, type FitTold } from "./fit/answer.ts";
import type { NistAsked, NistTold } from "./nist/answer.ts";

export type DevelopersAsked = FitAsked | NistAsked;
export type DevelopersTold = FitTold | NistTold;

/** The data of NIST's sets are loaded with the first question about them. */
export async function developers(asked: DevelopersAsked): Promise<DevelopersTold> {
  return asked.kind === "fit" ? fit(asked) : (await import("./nist/answer.ts")).nist(asked);
}
