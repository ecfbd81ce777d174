/** How the statuses of equations are marked, colored and weighed, in whatever format and language. */

import type { LineStatus, Verdict } from "../report.ts";

export const marks: Readonly<Record<LineStatus, string>> = {
  ok: "✓",
  root: "✗",
  inherited: "↳",
  convention: "≈",
  kink: "∠",
  undecided: "?",
  missing: "·",
  shape: "✗",
  nan: "✗",
};

/** Good, bad, worth a look, or nothing at all. */
export type Tone = "good" | "bad" | "note" | "faint";

export const tones: Readonly<Record<LineStatus, Tone>> = {
  ok: "good",
  root: "bad",
  inherited: "note",
  convention: "note",
  kink: "note",
  undecided: "note",
  missing: "faint",
  shape: "bad",
  nan: "bad",
};

export const verdictTone = (verdict: Verdict): Tone =>
  verdict === "correct" ? "good" : verdict === "inconclusive" ? "note" : "bad";

/** The order of statuses: what matters more comes first. */
export const gravity: readonly LineStatus[] = [
  "root",
  "nan",
  "shape",
  "undecided",
  "kink",
  "inherited",
  "convention",
  "missing",
  "ok",
];
