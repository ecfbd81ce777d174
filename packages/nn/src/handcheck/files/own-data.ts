/** A `backward` whose file has data: they are one more probe, and the one that is shown. */

import { handcheck } from "../judge/handcheck.ts";
import type { HandcheckOptions } from "../judge/options.ts";
import { copy, type Backward } from "../judge/probe.ts";
import type { AnyReport, Diagnosis, Hand, Report } from "../report.ts";
import type { Problem } from "../claims/setting.ts";
import { cli } from "../../locales/cli.ts";
import type { Network } from "../../network/network.ts";

/** Holds what is shown, and the answer on the own data where it is about that. */
export interface OnOwnData {
  readonly report: AnyReport;
  readonly hand: Hand | null;
}

/** The name that the check's own numbers gave to the same mistake, where a few numbers leave a choice. */
function settled(root: Diagnosis, { roots }: Report): Diagnosis {
  if (root.alternatives.length === 0 && root.id !== "unknown") return root;
  const there = roots.find(({ equation, layer }) => equation === root.equation && layer === root.layer);
  return there === undefined || there.id === "unknown"
    ? root
    : { ...there, example: root.example, features: root.features };
}

/** Puts the report on the file's own data before that on the check's probes. */
export function withOwnData(
  generic: Report,
  problem: Problem,
  backward: Backward,
  options: HandcheckOptions,
  net: Network,
): OnOwnData {
  // What could not be called on other data is not called on these.
  if (generic.verdict === "contract") return { report: generic, hand: null };
  const hand: unknown = backward(...copy(problem, options));
  if (typeof hand !== "object" || hand === null) return { report: generic, hand: null };
  const report = handcheck(net, { x: problem.x, t: problem.t }, hand as Hand, options);
  if (report.verdict === "correct" && generic.verdict !== "correct") {
    const note = cli.onYourData;
    return { report: { ...generic, notes: [note] }, hand: null };
  }
  // What one sample cannot show, the check's own numbers have shown.
  return {
    report: { ...report, roots: report.roots.map((root) => settled(root, generic)), blindness: generic.blindness },
    hand: hand as Hand,
  };
}
