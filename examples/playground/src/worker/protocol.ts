/** What the page asks of the check, and what it is told: plain data, since it goes to a worker and back. */

import type { Hints, Language, LineStatus, Verdict, Words } from "@chainrule/nn/handcheck";

export interface Question {
  readonly id: number;
  readonly net: string;
  readonly cost: string;
  readonly text: string;
  readonly lang: Language;
  readonly hints: Hints;
}

/** How the equation of a line of the text fares. */
export interface Mark {
  readonly line: number;
  readonly status: LineStatus;
  readonly says: string;
}

/** A stretch of the text that cannot be read. */
export interface Fault {
  readonly says: Words;
  readonly line: number;
  readonly start: number;
  readonly end: number;
}

export type Answer =
  | { readonly kind: "report"; readonly id: number; readonly verdict: Verdict; readonly html: string; readonly marks: readonly Mark[] }
  | { readonly kind: "fault"; readonly id: number; readonly fault: Fault | null; readonly says: Words };
