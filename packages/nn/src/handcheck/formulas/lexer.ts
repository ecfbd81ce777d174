/** Text to tokens: words, numbers and signs of plain text, Unicode and LaTeX become the same few tokens. */

import { syntax } from "../../locales/syntax.ts";
import { commands, skippedCommands, skippedWithArgument, superscripts, subscripts, unicode } from "./characters.ts";
import { isIndexable, isWholeName } from "./names.ts";
import { stop, type Span } from "./problem.ts";

/** `end` closes a formula, `eof` the text. */
type TokenKind = "number" | "word" | "operator" | "open" | "close" | "end" | "eof";

export interface Token extends Span {
  readonly kind: TokenKind;
  /** Says what it means, the same for every way of writing it: `odot` for ⊙, ∘, `\odot`. */
  readonly text: string;
  /** As it stands in the text. */
  readonly source: string;
  /** True if it touches the token before it. */
  readonly tight: boolean;
}

/** Signs of plain text, the longest first. */
const signs: readonly (readonly [string, string])[] = [
  ["**", ".^"],
  [".*", "odot"],
  ["./", "./"],
  [".^", ".^"],
  [".'", "'"],
  ["+=", "+="],
  ["-=", "-="],
  ["*=", "*="],
  ["/=", "/="],
  [":=", "="],
  ["<-", "="],
  ["==", "=="],
  [">=", ">="],
  ["<=", "<="],
  ["<", "<"],
  ["+", "+"],
  ["-", "-"],
  ["*", "*"],
  ["@", "@"],
  ["/", "/"],
  ["^", "^"],
  ["_", "_"],
  ["'", "'"],
  ["=", "="],
  [",", ","],
  [">", ">"],
];

/**
 * After one of these a formula goes on in the next line, and a line that begins with one goes on with the formula
 * before it.
 */
const joining = new Set(["+", "-", "*", "odot", "./", ".^", "@", "/", "=", "cdot"]);

/** Reads a stretch of a text into tokens; `$` begins and ends LaTeX. Prose has been blanked before. */
export function tokenize(text: string, start = 0, limit = text.length): Token[] {
  const tokens: Token[] = [];
  new Scanner(text, tokens, start, limit).scan();
  const end = start + text.slice(start, limit).trimEnd().length;
  tokens.push({ kind: "eof", text: "", source: "", start: end, end: end + 1, tight: false });
  return tokens;
}

/** One stretch of text from which tokens are taken one after another. */
class Scanner {
  readonly #text: string;
  readonly #tokens: Token[];
  readonly #limit: number;
  /** Between dollars: LaTeX, and a line is no end. */
  #math = false;
  #at: number;
  #depth = 0;
  #latex = false;
  #tight = false;

  constructor(text: string, tokens: Token[], start: number, limit: number) {
    this.#text = text;
    this.#tokens = tokens;
    this.#limit = limit;
    this.#at = start;
  }

  scan(): void {
    this.#enterLine();
    while (this.#at < this.#limit) this.#next();
  }

  /** In LaTeX every letter is a symbol of its own; elsewhere letters make words. A line with a command is LaTeX. */
  #enterLine(): void {
    const newline = this.#text.indexOf("\n", this.#at);
    const line = this.#text.slice(this.#at, newline < 0 ? this.#limit : newline);
    this.#latex = this.#math || /\\[A-Za-z]/.test(line);
  }

  #push(kind: TokenKind, text: string, length: number, start = this.#at): void {
    this.#tokens.push({
      kind,
      text,
      source: this.#text.slice(start, start + length),
      start,
      end: start + length,
      tight: this.#tight,
    });
    this.#tight = true;
    if (kind === "open") this.#depth += 1;
    if (kind === "close") this.#depth = Math.max(0, this.#depth - 1);
    this.#at = start + length;
  }

  #last(): Token | undefined {
    return this.#tokens[this.#tokens.length - 1];
  }

  #skip(length: number): void {
    this.#at += length;
    this.#tight = false;
  }

  /** Returns what stands here, by a pattern that matches at this place only. */
  #match(pattern: RegExp): string | null {
    pattern.lastIndex = this.#at;
    const found = pattern.exec(this.#text)?.[0];
    return found === undefined || this.#at + found.length > this.#limit ? null : found;
  }

  #next(): void {
    const c = this.#text[this.#at]!;
    const pair = this.#text.slice(this.#at, this.#at + 2);
    if (c === "\n") return this.#newline();
    if (c === "$") return this.#dollar();
    if (/[\s\u00a0\u3000~&]/.test(c)) return this.#skip(1);
    if (c === "#" || c === "%" || pair === "//")
      return this.#skip(this.#match(/[^\n]*/y)?.length ?? this.#limit - this.#at);
    // J(W, b; x, y) goes on behind its semicolon.
    if (c === ";" && this.#depth > 0) return this.#push("operator", ",", 1);
    if (c === ";" || c === "；") return this.#push("end", ";", 1);
    if (c === "\\") return this.#command();
    if (c === "[" && this.#key()) return;
    if (c === ":" && this.#depth > 0) return this.#push("operator", ":", 1);
    if ("([{（".includes(c)) return this.#push("open", c === "（" ? "(" : c, 1);
    if (")]}）".includes(c)) return this.#push("close", c === "）" ? ")" : c, 1);
    const script = superscripts.has(c) ? superscripts : subscripts.has(c) ? subscripts : null;
    if (script !== null) return this.#script(script);
    const number = this.#match(
      this.#latex && this.#afterScript() ? /\d/y : /(?:\d+(?:\.\d+)?|\.\d+)(?:[eE][+-]?\d+)?|\d+\.(?=\s|\))/y,
    );
    if (number !== null) {
      if (!Number.isFinite(Number(number))) {
        stop("syntax", { start: this.#at, end: this.#at + number.length }, syntax.hugeNumber);
      }
      return this.#push("number", number, number.length);
    }
    const known = unicode.get(c);
    if (known !== undefined) return this.#push(known[0], known[1], 1);
    if (c === "…" || this.#text.startsWith("...", this.#at)) return this.#skip(c === "…" ? 1 : 3);
    const method = this.#match(this.#latex ? /\.[A-Za-z]+/y : /\.[A-Za-z]\w*/y);
    if (method !== null) return this.#push("operator", method, method.length);
    if (/[A-Za-z\u0370-\u03ff]/.test(c)) return this.#word();
    const letter = mathLetter(this.#text.codePointAt(this.#at)!);
    if (letter !== null) return this.#push("word", letter, 2);
    for (const [sign, meaning] of signs)
      if (this.#text.startsWith(sign, this.#at)) return this.#push("operator", meaning, sign.length);
    // A full stop or a comma after a formula is punctuation of the sentence around it.
    if (/[.。，、]/.test(c) && this.#match(/[.。，、](?=\s|\$|$)/y) !== null) return this.#skip(1);
    const whole = String.fromCodePoint(this.#text.codePointAt(this.#at)!);
    stop("syntax", { start: this.#at, end: this.#at + whole.length }, syntax.noMeaning({ text: whole }));
  }

  #newline(): void {
    const last = this.#last();
    const following = this.#match(/\s*(?:[*+\-/=@⊙∘·×]|\.[*/^]|\\odot|\\cdot|\\circ|&)/y);
    const open = this.#depth > 0 || this.#math;
    const joined = following !== null || (last?.kind === "operator" && joining.has(last.text));
    if (!open && !joined && last !== undefined && last.kind !== "end") this.#push("end", "\n", 1);
    else this.#at += 1;
    this.#tight = false;
    this.#enterLine();
  }

  #dollar(): void {
    this.#math = !this.#math;
    this.#depth = 0;
    if (!this.#math) this.#push("end", "$", 1);
    else this.#at += 1;
    this.#tight = false;
    this.#enterLine();
  }

  #afterScript(): boolean {
    const last = this.#last();
    return last?.kind === "operator" && (last.text === "^" || last.text === "_");
  }

  /** `params["W2"]` and `grads['dW2']` are called what stands in the quotes. */
  #key(): boolean {
    const key = this.#match(/\[\s*(?:"\w+"|'\w+')\s*\]/y);
    const last = this.#last();
    if (key === null || last?.kind !== "word" || last.end !== this.#at) return false;
    this.#tokens.pop();
    const end = this.#at + key.length;
    const source = this.#text.slice(last.start, end);
    this.#tokens.push({ ...last, text: memberOf(last.text, /\w+/.exec(key)![0]), source, end });
    this.#at = end;
    return true;
  }

  /** A run of raised or lowered characters is a script in braces, all at the place of its first character. */
  #script(table: ReadonlyMap<string, string>): void {
    const start = this.#at;
    const sign = table === superscripts ? "^" : "_";
    if (this.#last()?.text !== sign) this.#push("operator", sign, 0);
    this.#push("open", "{", 0);
    while (this.#at < this.#limit) {
      const meaning = table.get(this.#text[this.#at]!);
      if (meaning === undefined) break;
      const digits = this.#latex ? null : this.#match(table === superscripts ? /[⁰¹²³⁴-⁹]+/y : /[₀-₉]+/y);
      if (digits !== null)
        this.#push("number", Array.from(digits, (digit) => table.get(digit)!).join(""), digits.length);
      else
        this.#push(
          /\d/.test(meaning)
            ? "number"
            : /[a-zA-Z]/.test(meaning)
              ? "word"
              : meaning === "("
                ? "open"
                : meaning === ")"
                  ? "close"
                  : "operator",
          meaning,
          1,
        );
    }
    // The closing brace touches what follows only if that touches the script.
    this.#push("close", "}", 0, Math.max(this.#at, start));
  }

  #word(): void {
    // After ^ one letter is the script, as in W^T delta.
    const last = this.#last();
    if (last?.kind === "operator" && last.text === "^" && last.end === this.#at)
      return this.#push("word", this.#text[this.#at]!, 1);
    if (this.#afterScript() && !this.#latex) {
      const letters = this.#match(/[A-Za-z0-9]+/y);
      if (letters !== null) return this.#push("word", letters, letters.length);
    }
    if (this.#latex) {
      // Code in the middle of LaTeX keeps its words.
      const code = this.#match(
        /(?:np|numpy|torch|tf)(?=\.[a-z])|(?:axis|dim|keepdims|keepdim|True|False|None)(?![A-Za-z])|(?:sum|mean|dot|matmul|sigmoid|tanh|relu|softmax|diag|max|exp|log)(?=\s*\()/y,
      );
      const name = code ?? this.#match(/d[WwbBZzAaUuVv](?![A-Za-z])|[A-Za-z]|[\u0370-\u03ff]/y)!;
      return this.#push("word", name, name.length);
    }
    const greek = this.#match(/[\u0370-\u03ff]\d*/y);
    if (greek !== null) return this.#push("word", greek, greek.length);
    const owner = this.#match(
      /(?:self|this|model|net|nn|network|params|parameters|cache|grads|gradients|layer)\.(?=[A-Za-z_])(?!(?:T|t|dot|sum|mean|shape|size|copy|transpose|matmul|mm)\b)_*/y,
    );
    if (owner !== null) this.#skip(owner.length);
    const whole = this.#match(/[A-Za-z][A-Za-z0-9]*(?:_[A-Za-z0-9]+)*/y);
    if (whole === null) return;
    const name = nameOf(whole);
    this.#push("word", memberOf(owner ?? "", name), name.length);
  }

  #command(): void {
    const spacing = this.#match(/\\[,;:! >]/y);
    if (spacing !== null) return this.#skip(spacing.length);
    const separator = this.#match(/\\[\\()[\]]/y);
    if (separator !== null) {
      if (this.#depth > 0 && separator === "\\\\") return this.#skip(2);
      // A line of an alignment that begins with an operator goes on with the formula of the line before.
      const goesOn = /^\s*&?\s*(=|\+|-|\\odot|\\cdot)/.test(this.#text.slice(this.#at + 2, this.#limit));
      return goesOn ? this.#skip(2) : this.#push("end", separator, 2);
    }
    const brace = this.#match(/\\[{}]/y);
    if (brace !== null) return this.#push(brace === "\\{" ? "open" : "close", brace === "\\{" ? "[" : "]", 2);
    const name = this.#match(/\\[A-Za-z]+/y);
    if (name === null) stop("syntax", { start: this.#at, end: this.#at + 1 }, syntax.emptyCommand);
    const bare = name.slice(1);
    const withArgument = skippedWithArgument.has(bare) ? this.#match(/\\[A-Za-z]+\*?\s*\{[^{}\n]*\}/y) : null;
    if (withArgument !== null) return this.#skip(withArgument.length);
    if (skippedCommands.has(bare))
      return this.#skip(
        name.length + (/^(?:left|right)$/.test(bare) && this.#text[this.#at + name.length] === "." ? 1 : 0),
      );
    // \mathrm{sigmoid} and \operatorname{diag}: the letters make one word.
    const upright = this.#match(
      /\\(?:mathrm|operatorname|text|textrm|mathsf|mathit|mathbf|boldsymbol|bm|vec)\*?\s*\{\s*[A-Za-z][A-Za-z0-9_]*\s*\}/y,
    );
    if (upright !== null) {
      const word = /\{\s*(\w+)\s*\}/.exec(upright)![1]!;
      return this.#push("word", word, upright.length);
    }
    if (/^(?:mathrm|operatorname|text|textrm|mathsf|mathit|mathbf|boldsymbol|bm|vec|bar)$/.test(bare))
      return this.#skip(name.length);
    const meaning = commands.get(bare);
    if (meaning === undefined) {
      stop("syntax", { start: this.#at, end: this.#at + name.length }, syntax.unknownCommand({ name }));
    }
    this.#push(meaning[0], meaning[1], name.length);
  }
}

/** Returns what stands in a dictionary of gradients under W2 is dW2. */
const memberOf = (owner: string, name: string): string =>
  /^grad/.test(owner) && /^[WwBb]/.test(name) ? `d${name}` : name;

/** A word without the script behind its underscore, which is read on its own. */
function nameOf(whole: string): string {
  if (isWholeName(whole)) return whole;
  const base = /^[A-Za-z0-9]+/.exec(whole)![0];
  return isIndexable(base, whole.slice(base.length + 1)) ? base : whole;
}

/** The plain letter behind a mathematical italic or bold one, as 𝑊 and 𝛿 are. */
function mathLetter(code: number): string | null {
  if (code < 0x1d400 || code > 0x1d7cb) return null;
  const plain = String.fromCodePoint(code).normalize("NFKC");
  return /^[A-Za-z\u0370-\u03ff]$/.test(plain) ? plain : null;
}
