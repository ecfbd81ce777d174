/**
 * A report or a derivation as a document: what it says, in one language and in order, without how it looks. Builders
 * make it, writers write it; it is plain data.
 */

import type { Language } from "../../locales/words.ts";
import type { LineStatus, Verdict } from "../report.ts";
import type { Formula } from "./formula.ts";

/** How much of the answer is given: 0 right or not · 1 + equation and layer · 2 + what sort of slip · 3 everything. */
export type Hints = 0 | 1 | 2 | 3;

/** Holds what every builder of a report is told. */
export interface RenderOptions {
  /** `"en"` where nothing is said. */
  readonly lang?: Language;
  /** 3 where nothing is said. */
  readonly hints?: Hints;
}

/** Words, with formulas among them. */
export type Prose = string | readonly (string | Formula)[];

/** An entry that differs. */
export interface Entry {
  /** `[0, 1]` */
  readonly at: string;
  readonly yours: string;
  readonly correct: string;
}

/** Numbers beside the right ones, with all axes but the last as rows. */
export interface Numbers {
  readonly yours: readonly (readonly number[])[];
  readonly correct: readonly (readonly number[])[];
  /** The entry that differs most. */
  readonly worst: readonly [row: number, column: number];
}

/** One equation or gradient, and how it fares. */
export interface Row {
  /** Its anchor. */
  readonly key: string;
  /** `BP2`; empty where the name says all. */
  readonly label: string;
  /** `layer 1`; empty where it has no place. */
  readonly place: string;
  readonly name: string;
  /** The right-hand side, or the name where the hints hide it; empty where nothing is known of it. */
  readonly equation: string;
  readonly status: LineStatus;
  /** The entry that differs most; `null` where the hints hide it or nothing differs. */
  readonly worst: Entry | null;
  /** The largest difference, `2.8e-17 (1 ulp)`; empty where none was taken or the hints hide it. */
  readonly difference: string;
  /** Says what stands beside its status where there is room for words. */
  readonly remark: string;
  /** The numbers themselves, to look at. */
  readonly numbers: Numbers | null;
}

/** A mistake in words, as much of it as the hints allow. */
export interface Finding {
  /** Says where it is: `BP2 at layer 1`, `dx, dw`. */
  readonly title: string;
  /** The anchor of the row that it is about; `null` for none. */
  readonly key: string | null;
  /** The catalogue's id. */
  readonly id: string | null;
  readonly says: string | null;
  readonly yours: string | null;
  readonly correct: string | null;
  readonly example: (Entry & { readonly ratio: string | null }) | null;
  readonly features: readonly string[];
  readonly alternatives: readonly string[];
}

/** A badge of a drawing: a link to a row, with its mark. */
export interface Badge {
  /** The column it belongs to; what stands between two belongs to the later one. */
  readonly column: number;
  readonly spot: "error" | "between" | "under" | "last" | "step";
  readonly label: string;
  readonly key: string;
  readonly status: LineStatus;
  readonly says: string;
}

/** left = step = step = …, each step in pieces between which a line may break. */
export interface Equation {
  readonly kind: "equation";
  /** The sentence that says why. */
  readonly why: Prose | null;
  readonly left: Formula;
  readonly relation: string;
  readonly steps: readonly (readonly Formula[])[];
  readonly label: string | null;
}

/** One piece of a section. */
export type Block =
  | { readonly kind: "prose"; readonly says: Prose; readonly tone: "plain" | "remark" }
  /**
   * Lists what can be known, what is wrong, what to do; lines of an item after the first show a place as it is written.
   */
  | { readonly kind: "list"; readonly mark: "·" | "✗" | "→"; readonly items: readonly string[] }
  /** With the names of mistakes behind each. */
  | { readonly kind: "grouped"; readonly groups: readonly { readonly says: string; readonly ids: readonly string[] }[] }
  | {
      readonly kind: "rows";
      readonly rows: readonly Row[];
      /** In one line where all of them are right. */ readonly brief: {
        readonly keys: readonly string[];
        readonly says: string;
      } | null;
    }
  | { readonly kind: "findings"; readonly findings: readonly Finding[] }
  /** Formulas as they were understood, by line. */
  | { readonly kind: "readings"; readonly formulas: readonly { readonly line: number; readonly text: string }[] }
  /** Columns of units with badges: for formats that can draw. */
  | {
      readonly kind: "drawing";
      readonly says: string;
      readonly columns: readonly { readonly name: string; readonly units: number }[];
      readonly badges: readonly Badge[];
    }
  | { readonly kind: "table"; readonly head: readonly Prose[]; readonly rows: readonly (readonly Prose[])[] }
  | Equation
  /** Factors of a chain, each with what it is and the equation that it follows from. */
  | {
      readonly kind: "factors";
      readonly factors: readonly { readonly claim: readonly Formula[]; readonly reason: readonly Formula[] }[];
    };

export interface Section {
  /** Empty where the blocks speak for themselves. */
  readonly title: Prose;
  readonly blocks: readonly Block[];
}

/** The whole document. */
export interface Document {
  readonly lang: Language;
  /** `null` where nothing is judged. */
  readonly verdict: Verdict | null;
  readonly headline: Prose;
  /** `5 of 6 equations right`; empty where nothing was judged. */
  readonly score: string;
  /** Says what it is about, piece by piece: `2-2-2 sigmoid`, the cost, `1 sample`. */
  readonly subject: readonly Prose[];
  /** How it was read and by which conventions. */
  readonly asides: readonly { readonly label: string; readonly says: string }[];
  /** They are numbered in a document without a verdict. */
  readonly sections: readonly Section[];
  /** The sentence that the references agree with each other; where they do not it must be said. */
  readonly witness: { readonly agrees: boolean; readonly says: string } | null;
  /** Another document that belongs to it. */
  readonly appendix: Document | null;
  /** The same as data, with the name of its schema. */
  readonly data: { readonly schema: string; readonly [key: string]: unknown };
}
