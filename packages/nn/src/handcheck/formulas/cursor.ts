/** A place in a list of tokens, with the questions that a parser asks there. */

import { syntax } from "../../locales/syntax.ts";
import { alike, type Words } from "../../locales/words.ts";
import type { Token } from "./lexer.ts";
import { stop, Stop, type Span } from "./problem.ts";

export class Cursor {
  readonly tokens: readonly Token[];
  at = 0;

  constructor(tokens: readonly Token[]) {
    this.tokens = tokens;
  }

  /** The token that many places ahead; the end of the text stays where it is. */
  peek(ahead = 0): Token {
    return this.tokens[Math.min(this.at + ahead, this.tokens.length - 1)]!;
  }

  take(): Token {
    const token = this.peek();
    this.at += 1;
    return token;
  }

  /** The token just taken. */
  last(): Token {
    return this.tokens[this.at - 1]!;
  }

  is(kind: Token["kind"], text?: string, ahead = 0): boolean {
    const token = this.peek(ahead);
    return token.kind === kind && (text === undefined || token.text === text);
  }

  accept(kind: Token["kind"], text?: string): Token | null {
    return this.is(kind, text) ? this.take() : null;
  }

  /** The end of the formula, of the text, or of what stands in parentheses. */
  isOver(): boolean {
    return this.is("end") || this.is("eof");
  }

  /** Takes the partner of an opening parenthesis. */
  close(open: Token): Token {
    const partner = partners.get(open.text)!;
    if (this.is("close", partner)) return this.take();
    const found = this.peek();
    if (found.kind === "close") {
      stop("syntax", found, syntax.closedBy({ open: open.text, found: found.text, partner }));
    }
    if (this.isOver() || this.is("operator", "=")) {
      stop("syntax", open, syntax.neverClosed({ open: open.text, partner }));
    }
    return unexpected(found, syntax.operatorOr({ partner }));
  }
}

const partners: ReadonlyMap<string, string> = new Map([
  ["(", ")"],
  ["[", "]"],
  ["{", "}"],
]);

/** A token as messages name it. */
function named(token: Token): Words {
  if (token.kind === "eof") return syntax.endOfText;
  if (token.kind === "end") return syntax.endOfFormula;
  return alike(token.source);
}

/** Stops at a token that does not belong there, with what was expected. */
export function unexpected(token: Token, expected: Words): never {
  if (token.kind === "close") {
    const says = syntax.tooManyClosed({ sign: token.text });
    throw new Stop({ kind: "syntax", start: token.start, end: token.end, says, superfluous: true });
  }
  const found = named(token);
  stop("syntax", token, syntax.expected({ expected, found }));
}

/** From the start of one stretch to the end of another. */
export function across(from: Span, to: Span): Span {
  return { start: from.start, end: to.end };
}
