/** What the page asks of the check, and what it is told: plain data, since it goes to a worker and back. */

import type {
  BackwardAnswer,
  BackwardCall,
  HandedFile,
  Hints,
  Language,
  LineStatus,
  Verdict,
  Words,
} from "@chainrule/nn/handcheck";
import type { PartWork, WorkingPart } from "../parts/answers.ts";

/**
 * What is checked: files where some were dropped, the text otherwise; the network stands in where they say nothing of
 * theirs.
 */
export interface Subject {
  readonly net: string;
  readonly cost: string;
  readonly text: string;
  readonly files: readonly HandedFile[];
  /** Where the text is a function that has run. */
  readonly code?: CodeRun;
}

/**
 * A function as far as it has run: what it exports beside itself, and what came of the calls that the judge wanted,
 * batch by batch.
 */
export interface CodeRun {
  readonly about: Readonly<Record<string, unknown>>;
  readonly batches: readonly (readonly BackwardAnswer[])[];
}

/** The forms in which a report leaves the page. */
export type Form = "html" | "latex" | "json";

export type Question = { readonly id: number; readonly lang: Language } & (
  | ({ readonly kind: "check"; readonly hints: Hints } & Subject)
  | ({ readonly kind: "download"; readonly form: Form; readonly hints: Hints } & Subject)
  | { readonly kind: "part"; readonly part: WorkingPart; readonly asked: PartWork[WorkingPart]["asked"] }
);

/** How the equation of a line of the text fares. */
export interface Mark {
  readonly line: number;
  readonly status: LineStatus;
  readonly says: string;
}

/** A stretch of the text that cannot be read. */
export interface Fault {
  readonly line: number;
  readonly start: number;
  readonly end: number;
}

/** The network as it was read, where what was handed in names another than the one beside it. */
export interface Read {
  readonly net: string;
  readonly cost: string;
}

/** How arrays fare, by the names that the fields have for them: `gradW1`. */
export type Fares = Readonly<Record<string, LineStatus>>;

export type Answer = { readonly id: number } & (
  | {
      readonly kind: "report";
      readonly verdict: Verdict;
      readonly html: string;
      readonly marks: readonly Mark[];
      readonly fares: Fares;
      readonly read: Read | null;
    }
  | { readonly kind: "fault"; readonly says: readonly Words[]; readonly fault: Fault | null }
  | { readonly kind: "calls"; readonly calls: readonly BackwardCall[] }
  | { readonly kind: "text"; readonly text: string }
  | { readonly kind: "part"; readonly part: WorkingPart; readonly told: PartWork[WorkingPart]["told"] }
);
