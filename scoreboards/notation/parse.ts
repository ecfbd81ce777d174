/** The notation of the problems as trees: `f[i] = y[i] - x1*(1 - x2^i), i = 1..3`. */

export type Tree =
  | { readonly kind: "number"; readonly text: string }
  | { readonly kind: "name"; readonly name: string }
  | { readonly kind: "entry"; readonly name: string; readonly index: Tree }
  | { readonly kind: "call"; readonly name: string; readonly of: readonly Tree[] }
  | {
      readonly kind: "fold";
      readonly name: "sum" | "prod";
      readonly range: Range;
      readonly condition: Tree | null;
      readonly body: Tree;
    }
  | { readonly kind: "if"; readonly cases: readonly (readonly [condition: Tree | null, value: Tree])[] };

/** A name that runs over whole numbers, both ends included. */
export interface Range {
  readonly name: string;
  readonly from: Tree;
  readonly to: Tree;
}

/** `left = value`, for each number of a range where there is one. */
export interface Rule {
  readonly left: Tree;
  readonly value: Tree;
  readonly range: Range | null;
}

const TOKEN = /\s*(\d+\.?\d*(?:[eE][-+]?\d+)?|\.\d+|\.\.|[A-Za-z]+|!=|<=|>=|[-+*/^()[\],:;=<>])/y;

function tokensOf(text: string): string[] {
  const tokens: string[] = [];
  TOKEN.lastIndex = 0;
  while (TOKEN.lastIndex < text.trimEnd().length) {
    const at = TOKEN.lastIndex;
    // `1..m` is a range, not the number `1.` and `.m`.
    const range = /\s*(\d+)(?=\.\.)/y;
    range.lastIndex = at;
    const token = range.exec(text) ?? TOKEN.exec(text);
    if (token === null) throw new SyntaxError(`notation: ${text.slice(at)} is not understood`);
    TOKEN.lastIndex = at + token[0].length;
    tokens.push(token[1]!);
  }
  return tokens;
}

const COMPARISONS = ["=", "!=", "<", ">", "<=", ">="];

class Parser {
  readonly #tokens: readonly string[];
  #at = 0;

  constructor(text: string) {
    this.#tokens = tokensOf(text);
  }

  rule(): Rule {
    const left = this.#atom();
    this.#take("=");
    const value = this.sum();
    const range = this.#if(",") ? this.#range() : null;
    this.end();
    return { left, value, range };
  }

  end(): void {
    if (this.#at < this.#tokens.length)
      throw new SyntaxError(`notation: ${this.#tokens.slice(this.#at).join(" ")} is left over`);
  }

  sum(): Tree {
    let left = this.#product();
    for (let sign = this.#one("+", "-"); sign !== null; sign = this.#one("+", "-"))
      left = call(sign, left, this.#product());
    return left;
  }

  #product(): Tree {
    let left = this.#signed();
    for (let sign = this.#one("*", "/"); sign !== null; sign = this.#one("*", "/"))
      left = call(sign, left, this.#signed());
    return left;
  }

  #signed(): Tree {
    if (this.#if("-")) return call("neg", this.#signed());
    const base = this.#atom();
    return this.#if("^") ? call("^", base, this.#signed()) : base;
  }

  #atom(): Tree {
    const token = this.#next();
    if (/^[\d.]/.test(token)) return { kind: "number", text: token };
    if (token === "(") return this.#closed(() => this.sum());
    if (!/^[A-Za-z]/.test(token)) throw new SyntaxError(`notation: ${token} where a value is expected`);
    if (this.#if("[")) {
      const index = this.sum();
      this.#take("]");
      return { kind: "entry", name: token, index };
    }
    if (this.#if("(")) return this.#closed(() => this.#call(token));
    // `x2` is `x[2]`.
    if (/^\d+$/.test(this.#tokens[this.#at] ?? "")) return { kind: "entry", name: token, index: this.#atom() };
    return { kind: "name", name: token };
  }

  #call(name: string): Tree {
    if (name === "if") return { kind: "if", cases: this.#cases() };
    if (name === "sum" || name === "prod") {
      const range = this.#range();
      const condition = this.#if(",") ? this.#condition() : null;
      this.#take(":");
      return { kind: "fold", name, range, condition, body: this.sum() };
    }
    const of = [this.sum()];
    while (this.#if(",")) of.push(this.sum());
    return { kind: "call", name, of };
  }

  #cases(): (readonly [Tree | null, Tree])[] {
    const cases: (readonly [Tree | null, Tree])[] = [];
    do {
      const condition = this.#if("otherwise") ? null : this.#condition();
      this.#take(":");
      cases.push([condition, this.sum()]);
    } while (this.#if(";"));
    return cases;
  }

  #condition(): Tree {
    const left = this.sum();
    const sign = this.#one(...COMPARISONS);
    return sign === null ? left : call(sign, left, this.sum());
  }

  #range(): Range {
    const name = this.#next();
    this.#take("=");
    const from = this.sum();
    this.#take("..");
    return { name, from, to: this.sum() };
  }

  #closed<T>(read: () => T): T {
    const value = read();
    this.#take(")");
    return value;
  }

  #next(): string {
    const token = this.#tokens[this.#at++];
    if (token === undefined) throw new SyntaxError("notation: the text ends too early");
    return token;
  }

  #one(...tokens: readonly string[]): string | null {
    const token = this.#tokens[this.#at];
    if (token === undefined || !tokens.includes(token)) return null;
    this.#at++;
    return token;
  }

  #if(token: string): boolean {
    return this.#one(token) !== null;
  }

  #take(token: string): void {
    if (!this.#if(token))
      throw new SyntaxError(`notation: ${this.#tokens[this.#at] ?? "the end"} where ${token} is expected`);
  }
}

const call = (name: string, ...of: readonly Tree[]): Tree => ({ kind: "call", name, of });

export const parseRule = (text: string): Rule => new Parser(text).rule();
