/** Says what every way to check a network is told, and what it finds. */

import { option, type OptionKinds } from "@chainrule/autograd";
import type { NetworkParameters } from "../../network/initialize.ts";
import type { ConventionChoice, Diagnosis, Doubt, Line, Report, Verdict } from "../report.ts";

/** How a check is made. */
export interface HandcheckOptions {
  /** Other parameters than the network's first ones. */
  readonly parameters?: NetworkParameters;
  /** How many significant digits the numbers were copied with; also a property of the hand. */
  readonly digits?: number;
  /** Or how many decimals. */
  readonly decimals?: number;
  /** Says what is known of the person's conventions; the rest is found out. */
  readonly convention?: ConventionChoice;
  readonly seed?: number | string;
}

/** Holds what the options of all ways to check take. */
export const handcheckKinds: OptionKinds<HandcheckOptions> = {
  parameters: option.record,
  digits: option.finite(0),
  decimals: option.finite(0),
  convention: option.checkedLater,
  seed: option.seed,
};

/** Holds what was found, before anybody asked for all of it. */
export interface Examined {
  /** The verdict, if the references agree with each other. */
  readonly verdict: Verdict;
  readonly lines: readonly Line[];
  readonly roots: readonly Diagnosis[];
  readonly undecided: readonly Doubt[];
  /** The whole report: now the references are held against each other. `roots` stand in for the ones found. */
  readonly report: (roots?: readonly Diagnosis[]) => Report;
}
