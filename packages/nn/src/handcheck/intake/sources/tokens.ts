/** Tokens of printed values: numbers, words, strings, brackets, each with its place. */

import type { Words } from "../../../locales/words.ts";
import { SourceError } from "../given.ts";

interface Token {
  readonly kind: "number" | "word" | "string" | "dots" | "mark" | "end";
  readonly text: string;
  /** Says where it begins in the text. */
  readonly at: number;
  /** White space stands before it. */
  readonly spaced: boolean;
}

const patterns = [
  ["dots", /\.\.\.|…/y],
  ["number", /[+\-−]?(?:(?:\d+\.?\d*|\.\d+)(?:[eE][+\-−]?\d+)?|(?:nan|NaN|inf|Inf|infinity|Infinity)(?![\w.]))/y],
  ["string", /'(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*"/y],
  ["word", /[\p{L}_][\p{L}\p{N}_]*(?:\.[\p{L}\p{N}_]+)*/uy],
  ["mark", /[()[\]{},:;=<>*@/|~^&!?%$#+\-−]/y],
] as const;

/** Line and column of a place in a text, from 1. */
export function placeAt(text: string, at: number): { readonly line: number; readonly column: number } {
  const before = text.slice(0, at).split("\n");
  return { line: before.length, column: before.at(-1)!.length + 1 };
}

/** Reads a text token by token; what is behind the current one has not been looked at. */
export class Tokens {
  readonly text: string;
  #at: number;
  #next: Token | null = null;

  constructor(text: string, at = 0) {
    this.text = text;
    this.#at = at;
  }

  /** Returns where the next token begins, white space left out. */
  get at(): number {
    return this.peek().at;
  }

  peek(): Token {
    return (this.#next ??= this.#read());
  }

  take(): Token {
    const token = this.peek();
    this.#next = null;
    this.#at = token.at + token.text.length;
    return token;
  }

  /** Takes the next token where it is this mark. */
  takes(mark: string): boolean {
    const { kind, text } = this.peek();
    if (kind !== "mark" || text !== mark) return false;
    this.take();
    return true;
  }

  /** The text goes on behind what stands here. */
  skipTo(at: number): void {
    this.#at = at;
    this.#next = null;
  }

  fail(says: Words, advises: Words, at = this.at): never {
    throw new SourceError(says, advises, placeAt(this.text, at));
  }

  #read(): Token {
    const space = /\s*/y;
    space.lastIndex = this.#at;
    const skipped = space.exec(this.text)![0].length;
    const at = this.#at + skipped;
    const spaced = skipped > 0;
    if (at >= this.text.length) return { kind: "end", text: "", at, spaced };
    for (const [kind, pattern] of patterns) {
      pattern.lastIndex = at;
      const found = pattern.exec(this.text);
      if (found !== null) return { kind, text: found[0], at, spaced };
    }
    return { kind: "mark", text: this.text[at]!, at, spaced };
  }
}
