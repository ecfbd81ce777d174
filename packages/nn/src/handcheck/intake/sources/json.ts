/** Reads JSON as somebody wrote it: how each number was written is kept, and an error has its line and column. */

import { textErrors } from "../../../locales/text-errors.ts";
import { alike, type Words } from "../../../locales/words.ts";
import { SourceError, type Given, type Source } from "../given.ts";
import { bracketed, isRecord, numberOf, recordOf } from "../values.ts";

/** Deeper than any list of matrices: whoever nests more is no person. */
const DEEPEST = 64;

const ESCAPES: Readonly<Record<string, string>> = {
  '"': '"',
  "\\": "\\",
  "/": "/",
  b: "\b",
  f: "\f",
  n: "\n",
  r: "\r",
  t: "\t",
};

/** Numbers of JSON, and what Python's json writes where JSON has none. */
const NUMBER = /-?(?:(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][-+]?\d+)?|Infinity)|NaN/y;
const WORD = /[A-Za-z_$][\w$]*/y;
const PLAIN = /[^"\\\u0000-\u001f]*/y;
const SPACE = /[ \t\r\n\ufeff]*/y;

/** One entry of a row of numbers alone. */
const ENTRY = /^[ \t\r\n\ufeff]*(?:-?(?:(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][-+]?\d+)?|Infinity)|NaN)[ \t\r\n\ufeff]*$/;

/** A text with a place in it. */
class Reader {
  readonly #text: string;
  #at = 0;

  constructor(text: string) {
    this.#text = text;
  }

  document(): Given {
    this.#space();
    const value = this.#value(0);
    this.#space();
    if (this.#at < this.#text.length)
      this.#fail(textErrors.behindTheEnd({ shown: this.#shown() }), textErrors.oneValue);
    return value;
  }

  #fail(why: Words, advises = textErrors.jsonRules): never {
    const before = this.#text.slice(0, this.#at).split("\n");
    throw new SourceError(textErrors.noJson({ why }), advises, {
      line: before.length,
      column: before.at(-1)!.length + 1,
    });
  }

  #missing(what: Words): never {
    return this.#fail(textErrors.missingBefore({ what, shown: this.#shown() }));
  }

  #shown(): Words {
    const next = this.#text.codePointAt(this.#at);
    return next === undefined ? textErrors.theEnd : alike(JSON.stringify(String.fromCodePoint(next)));
  }

  #take(pattern: RegExp): string | null {
    pattern.lastIndex = this.#at;
    const found = pattern.exec(this.#text);
    if (found === null) return null;
    this.#at += found[0].length;
    return found[0];
  }

  #space(): void {
    this.#take(SPACE);
  }

  #next(character: string): boolean {
    if (this.#text[this.#at] !== character) return false;
    this.#at++;
    this.#space();
    return true;
  }

  #value(depth: number): Given {
    if (depth > DEEPEST) this.#fail(textErrors.tooDeep({ deepest: DEEPEST }), textErrors.rowsInLists);
    if (this.#next("[")) return this.#list(depth);
    if (this.#next("{")) return this.#record(depth);
    if (this.#text[this.#at] === '"') return this.#string();
    const number = this.#take(NUMBER);
    if (number !== null) return this.#number(number);
    const from = this.#at;
    const word = this.#take(WORD);
    if (word === "true" || word === "false") return word === "true";
    if (word === "null") return null;
    this.#at = from;
    return word === null ? this.#missing(textErrors.aValue) : this.#fail(textErrors.noValue({ word }));
  }

  #number(text: string): Given {
    const after = this.#text[this.#at];
    if (after !== undefined && /[\w.]/.test(after)) {
      this.#at -= text.length;
      this.#fail(textErrors.noNumber({ text: text + after }), textErrors.numbersAre);
    }
    return numberOf(Number(text), text, "json");
  }

  /** A list of numbers alone, in one go; `null`, and nothing is taken, where it holds anything else. */
  #row(): Given | null {
    const end = this.#text.indexOf("]", this.#at);
    // Where a list begins, a row does not.
    if (end < 0 || this.#text[this.#at] === "[" || this.#text[this.#at] === "{") return null;
    const texts = this.#text.slice(this.#at, end).split(",");
    for (const text of texts) if (!ENTRY.test(text)) return null;
    this.#at = end;
    this.#next("]");
    return {
      kind: "numbers",
      shape: [texts.length],
      data: Float64Array.from(texts, Number),
      texts: texts.map((text) => text.trim()),
      printer: "json",
      type: null,
    };
  }

  #list(depth: number): Given {
    const entries: Given[] = [];
    if (this.#next("]")) return { kind: "list", entries };
    const row = this.#row();
    if (row !== null) return row;
    for (;;) {
      entries.push(this.#value(depth + 1));
      this.#space();
      if (this.#next("]")) return bracketed(entries);
      if (!this.#next(",")) this.#missing(textErrors.either({ one: ",", other: "]" }));
    }
  }

  #record(depth: number): Given {
    const entries = new Map<string, Given>();
    if (this.#next("}")) return recordOf(entries);
    for (;;) {
      if (this.#text[this.#at] !== '"') this.#missing(textErrors.aQuotedName);
      const from = this.#at;
      const name = this.#string();
      if (entries.has(name)) {
        this.#at = from;
        this.#fail(textErrors.twiceInObject({ name: JSON.stringify(name) }), textErrors.eachNameOnce);
      }
      this.#space();
      if (!this.#next(":")) this.#missing(alike(":"));
      entries.set(name, this.#value(depth + 1));
      this.#space();
      if (this.#next("}")) return recordOf(entries);
      if (!this.#next(",")) this.#missing(textErrors.either({ one: ",", other: "}" }));
    }
  }

  #string(): string {
    this.#at++;
    let text = "";
    for (;;) {
      text += this.#take(PLAIN) ?? "";
      const next = this.#text[this.#at];
      if (next === '"') {
        this.#at++;
        return text;
      }
      if (next !== "\\")
        this.#fail(next === undefined ? textErrors.openText : textErrors.brokenText, textErrors.lineBreakIs);
      text += this.#escape();
    }
  }

  #escape(): string {
    const letter = this.#text[this.#at + 1] ?? "";
    const plain = ESCAPES[letter];
    const code = /^u([0-9a-fA-F]{4})/.exec(this.#text.slice(this.#at + 1, this.#at + 6))?.[1];
    if (plain === undefined && code === undefined)
      this.#fail(textErrors.noCharacter({ letter }), textErrors.backslashIs);
    this.#at += plain === undefined ? 6 : 2;
    return plain ?? String.fromCharCode(Number.parseInt(code!, 16));
  }
}

/** Returns what a JSON file hands in, by name. */
export function readJson(name: string, text: string): Source {
  const values = new Reader(text).document();
  if (!isRecord(values))
    throw new SourceError(
      textErrors.noObject,
      alike('{ "network": { "sizes": … }, "data": { "x": …, "t": … }, "hand": { "gradW": … } }'),
    );
  return { name, values, notes: [] };
}
