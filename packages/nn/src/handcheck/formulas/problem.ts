/**
 * Says what is wrong with a formula as written, with its place: line, column, and the line itself with a mark below it.
 */

import { sense } from "../../locales/sense.ts";
import type { Words } from "../../locales/words.ts";

/** A stretch of the text, from the first character to before the last. */
export interface Span {
  readonly start: number;
  readonly end: number;
}

/** `syntax` cannot be read; `name`, `layer`, `index`, `shape` can be read and mean nothing for this network. */
export type ProblemKind = "syntax" | "name" | "layer" | "index" | "shape";

/** One problem, before it is placed in a text. */
export interface Problem extends Span {
  readonly kind: ProblemKind;
  readonly says: Words;
  /** The place holds something that may simply be taken away. */
  readonly superfluous?: boolean;
  /** A line that looks like a formula was left aside. */
  readonly unused?: boolean;
}

/** Holds where a stretch of text lies: line and column count from 1. */
export interface Place {
  readonly line: number;
  readonly column: number;
  /** The line, and below it a caret under every character of the stretch. */
  readonly mark: string;
}

/** A formula that cannot be read or evaluated: the only error that reading formulas throws. */
export class FormulaError extends Error implements Place {
  readonly kind: ProblemKind;
  readonly line: number;
  readonly column: number;
  readonly mark: string;
  readonly says: Words;
  readonly start: number;
  readonly end: number;

  constructor(text: string, problem: Problem) {
    const place = placeOf(text, problem);
    super(`formulas: line ${place.line}, column ${place.column}: ${problem.says.en}\n${place.mark}`);
    this.name = "FormulaError";
    this.kind = problem.kind;
    this.line = place.line;
    this.column = place.column;
    this.mark = place.mark;
    this.says = problem.says;
    this.start = problem.start;
    this.end = problem.end;
  }
}

/** How reading and evaluating give up: caught where the text is known, and turned into a `FormulaError`. */
export class Stop extends Error {
  readonly problem: Problem;
  constructor(problem: Problem) {
    super(problem.says.en);
    this.problem = problem;
  }
}

/** Stops with a problem at a stretch of the text. */
export function stop(kind: ProblemKind, { start, end }: Span, says: Words): never {
  throw new Stop({ kind, start, end, says });
}

/** Line, column and mark of a stretch of text. */
export function placeOf(text: string, { start, end }: Span): Place {
  const from = Math.min(start, text.length);
  const lineStart = text.slice(0, from).lastIndexOf("\n") + 1;
  const newline = text.indexOf("\n", from);
  const shown = text.slice(lineStart, newline < 0 ? text.length : newline).replace(/\r$/, "");
  const column = from - lineStart;
  // A stretch over several lines is marked to the end of its first.
  const width = Math.max(1, Math.min(end - from, shown.length - column));
  const indent = Array.from(shown.slice(0, column), (c) => (c === "\t" ? "\t" : " ")).join("");
  const line = text.slice(0, lineStart).split("\n").length;
  return { line, column: column + 1, mark: `  ${shown}\n  ${indent}${"^".repeat(width)}` };
}

/** Returns what a problem says, with its line and column, in both languages. */
export function placedWords(text: string, problem: Problem): Words {
  const { line, column } = placeOf(text, problem);
  return sense.placed({ line, column, says: problem.says });
}
