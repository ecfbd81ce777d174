/** A place in a list of tokens, with the questions that a parser asks there. */

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
      stop("syntax", found, `${open.text} is closed by ${found.text}: expected ${partner}`, `${open.text} 被 ${found.text} 关闭：应为 ${partner}`);
    }
    if (this.isOver() || this.is("operator", "=")) {
      stop("syntax", open, `this ${open.text} is never closed: one ${partner} is missing`, `这个 ${open.text} 没有关闭：缺少一个 ${partner}`);
    }
    return unexpected(found, `an operator or ${partner}`, `运算符或 ${partner}`);
  }
}

const partners: ReadonlyMap<string, string> = new Map([["(", ")"], ["[", "]"], ["{", "}"]]);

/** A token as messages name it. */
function named(token: Token): readonly [string, string] {
  if (token.kind === "eof") return ["the end of the text", "文本结束"];
  if (token.kind === "end") return ["the end of the formula", "公式结束"];
  return [token.source, token.source];
}

/** Stops at a token that does not belong there, with what was expected. */
export function unexpected(token: Token, expected: string, expectedZh: string): never {
  const [en, zh] = named(token);
  if (token.kind === "close") {
    const [parenthesis, zhParenthesis] = token.text === ")" ? ["parenthesis", "右括号"] : token.text === "]" ? ["bracket", "右方括号"] : ["brace", "右花括号"];
    const says = { en: `one closing ${parenthesis} too many: nothing is open here`, zh: `多了一个${zhParenthesis}：此处没有与之配对的左括号` };
    throw new Stop({ kind: "syntax", start: token.start, end: token.end, says, superfluous: true });
  }
  stop("syntax", token, `expected ${expected}, found ${en}`, `应为${expectedZh}，却是 ${zh}`);
}

/** From the start of one stretch to the end of another. */
export function across(from: Span, to: Span): Span {
  return { start: from.start, end: to.end };
}
