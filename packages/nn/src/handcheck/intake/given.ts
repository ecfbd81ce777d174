/**
 * Values as they came in: names, arrays and words, before anybody says what they mean. A source yields them and knows
 * nothing of networks.
 */

import { alike, type Words } from "../../locales/words.ts";

/** The types that numbers come in. */
export type NumberType = "float64" | "float32" | "float16" | "int" | "bool";

/**
 * Who wrote the numbers down, which says how they may have been rounded: `python` is the repr of numbers, which rounds
 * nothing.
 */
export type Printer =
  "json" | "python" | "numpy" | "torch" | "jax" | "tensorflow" | "matlab" | "csv" | "text" | "binary" | "code";

/** An array of numbers by rows. */
export interface NumberArray {
  readonly kind: "numbers";
  /** `[]` for a single number. */
  readonly shape: readonly number[];
  readonly data: Float64Array;
  /** How each number was written; `null` where it came in binary, or out of somebody's code. */
  readonly texts: readonly string[] | null;
  readonly printer: Printer;
  /** The type that is written beside it, or that it has in the file; `null` where nothing says it. */
  readonly type: NumberType | null;
}

/**
 * A value with nothing known of its role: numbers in one shape are an array, whatever else stands in brackets is a
 * list.
 */
export type Given = NumberArray | string | boolean | null | GivenList | GivenRecord;

export interface GivenList {
  readonly kind: "list";
  readonly entries: readonly Given[];
}

export interface GivenRecord {
  readonly kind: "record";
  /** In the order in which they stood. */
  readonly entries: ReadonlyMap<string, Given>;
}

/** Everything that one source handed in. */
export interface Source {
  /** The file's name without its path, or what stands for it: `standard input`. */
  readonly name: string;
  readonly values: GivenRecord;
  /** Says what the report says of how it was read: a common factor that was multiplied in, a pass that was taken. */
  readonly notes: readonly Words[];
  /**
   * The arrays that a script had in sight, not all of which somebody handed in: the λ of a cost may be in none of its
   * gradients, and a step may add what others subtract.
   */
  readonly pass?: { readonly adds: boolean };
}

/** Says that what was handed in cannot be read; the words are for the person who wrote it. */
export class SourceError extends Error {
  readonly says: Words;
  /** Says what to do about it; empty where nothing is known. */
  readonly advises: Words;
  readonly place: { readonly line: number; readonly column: number } | null;

  constructor(says: Words, advises: Words | null, place: SourceError["place"] = null) {
    super(says.en);
    this.name = "SourceError";
    this.says = says;
    this.advises = advises ?? alike("");
    this.place = place;
  }

  /** The advice in English, as the message is. */
  get advice(): string {
    return this.advises.en;
  }
}
