/** Whose conventions are whose: what `--convention` says by a name. */

import { ownConvention } from "../handcheck/claims/conventions.ts";
import type { Convention } from "../handcheck/report.ts";
import type { ConventionName } from "./usage.ts";

const named: Readonly<Record<Exclude<ConventionName, "auto">, Partial<Convention>>> = {
  ours: ownConvention,
  // Nielsen's network.py sums over a mini-batch and divides by its size with η.
  nielsen: { weights: "out×in", deltaSign: 1, delta: "perSample", half: true },
  ng: { weights: "out×in", samples: "columns", deltaSign: 1, reduction: "mean", delta: "perSample" },
  haykin: { deltaSign: -1, delta: "perSample", half: true },
  cs231n: { weights: "in×out", samples: "rows", deltaSign: 1, reduction: "mean", delta: "reduced" },
};

/** The parts of a convention that a name declares. */
export const conventionOf = (name: ConventionName): Partial<Convention> | "auto" =>
  name === "auto" ? "auto" : named[name];
