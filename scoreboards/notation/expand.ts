/**
 * A problem of one size, each residual written out: numbers, parameters and functions of them, no names, sums or
 * ranges.
 */

import { parseRule, type Range, type Rule, type Tree } from "./parse.ts";

export type Expression =
  | { readonly kind: "number"; readonly text: string }
  /** A parameter, counted from 0. */
  | { readonly kind: "x"; readonly at: number }
  | { readonly kind: "call"; readonly name: string; readonly of: readonly Expression[] }
  /** The value of the first case whose two sides compare so; the last one stands for all others. */
  | { readonly kind: "if"; readonly cases: readonly (readonly [comparison: Comparison | null, value: Expression])[] };

export interface Comparison {
  readonly name: string;
  readonly left: Expression;
  readonly right: Expression;
}

/** What a problem is made of, as the data say it. */
export interface Texts {
  readonly residuals: readonly string[];
  readonly definitions?: readonly string[];
  readonly data?: { readonly [name: string]: readonly number[] };
}

const number = (text: string | number): Expression => ({ kind: "number", text: String(text) });
const call = (name: string, ...of: readonly Expression[]): Expression => ({ kind: "call", name, of });

/** The plain number of an expression without parameters; functions in float64. */
export function numberOf(e: Expression): number | null {
  if (e.kind === "number") return Number(e.text);
  if (e.kind !== "call") return null;
  const of = e.of.map(numberOf);
  return of.includes(null) ? null : evaluate(e.name, of as number[]);
}

export function evaluate(name: string, [a, b]: readonly number[]): number {
  switch (name) {
    case "+":
      return a! + b!;
    case "-":
      return a! - b!;
    case "*":
      return a! * b!;
    case "/":
      return a! / b!;
    case "^":
      return a! ** b!;
    case "neg":
      return -a!;
    case "min":
      return Math.min(a!, b!);
    case "max":
      return Math.max(a!, b!);
    case "mod":
      return a! % b!;
    case "odd":
      return a! % 2;
    case "pi":
      return Math.PI;
    case "ln":
      return Math.log(a!);
    case "abs":
    case "sqrt":
    case "exp":
    case "sin":
    case "cos":
    case "atan":
    case "sign":
      return Math[name](a!);
    default:
      return compare(name, a!, b!) ? 1 : 0;
  }
}

export function compare(name: string, a: number, b: number): boolean {
  switch (name) {
    case "=":
      return a === b;
    case "!=":
      return a !== b;
    case "<":
      return a < b;
    case ">":
      return a > b;
    case "<=":
      return a <= b;
    case ">=":
      return a >= b;
    default:
      throw new SyntaxError(`notation: there is no function ${name}`);
  }
}

type Names = ReadonlyMap<string, number>;

/** Writes out the residuals of a problem with n parameters and m residuals. */
export function expand(texts: Texts, n: number, m: number): Expression[] {
  const writer = new Writer(texts, n, m);
  const out = new Array<Expression>(m);
  for (const rule of texts.residuals.map(parseRule)) {
    for (const names of writer.each(rule.range))
      out[writer.indexOf(rule.left, names) - 1] = writer.write(rule.value, names);
  }
  for (let i = 0; i < m; i++) if (out[i] === undefined) throw new RangeError(`notation: residual ${i + 1} has no rule`);
  return out;
}

/** The start by its rule, for any n. */
export function startBy(rule: string, texts: Texts, n: number, m: number): number[] {
  const writer = new Writer(texts, n, m);
  const { value } = parseRule(rule);
  return Array.from({ length: n }, (_, j) => numberOf(writer.write(value, new Map([["j", j + 1]])))!);
}

class Writer {
  readonly #data: { readonly [name: string]: readonly number[] };
  readonly #rules = new Map<string, Rule[]>();
  readonly #sizes: Names;
  readonly #known = new Map<string, Expression>();
  readonly #n: number;

  constructor(texts: Texts, n: number, m: number) {
    this.#data = texts.data ?? {};
    this.#n = n;
    this.#sizes = new Map([
      ["n", n],
      ["m", m],
    ]);
    for (const text of texts.definitions ?? []) {
      // The polynomials of Chebyshev are known here.
      if (text.startsWith("T(i, z)")) continue;
      const rule = parseRule(text);
      const name = rule.left.kind === "entry" || rule.left.kind === "name" ? rule.left.name : "";
      this.#rules.set(name, [...(this.#rules.get(name) ?? []), rule]);
    }
  }

  each(range: Range | null, names: Names = this.#sizes): Names[] {
    if (range === null) return [names];
    const [from, to] = [this.#whole(range.from, names), this.#whole(range.to, names)];
    return Array.from({ length: Math.max(0, to - from + 1) }, (_, k) => new Map([...names, [range.name, from + k]]));
  }

  indexOf(left: Tree, names: Names): number {
    if (left.kind !== "entry") throw new SyntaxError("notation: a residual is f1 or f[i]");
    return this.#whole(left.index, names);
  }

  write(tree: Tree, given: Names): Expression {
    const names = given.has("n") ? given : new Map([...this.#sizes, ...given]);
    switch (tree.kind) {
      case "number":
        return number(tree.text);
      case "name":
        return this.#name(tree.name, names);
      case "entry":
        return this.#entry(tree.name, this.#whole(tree.index, names));
      case "call":
        return tree.name === "T"
          ? this.#chebyshev(this.#whole(tree.of[0]!, names), this.write(tree.of[1]!, names))
          : call(tree.name, ...tree.of.map((one) => this.write(one, names)));
      case "fold":
        return this.#fold(tree, names);
      case "if":
        return this.#cases(tree.cases, names);
    }
  }

  #whole(tree: Tree, names: Names): number {
    const value = numberOf(this.write(tree, names));
    if (value === null || !Number.isInteger(value)) throw new RangeError("notation: an index is no whole number");
    return value;
  }

  #name(name: string, names: Names): Expression {
    const value = names.get(name);
    if (value !== undefined) return number(value);
    if (name === "pi") return call("pi");
    const rule = this.#rules.get(name)?.[0];
    if (rule === undefined) throw new SyntaxError(`notation: ${name} is not defined`);
    return this.write(rule.value, this.#sizes);
  }

  #entry(name: string, index: number): Expression {
    const key = `${name}[${index}]`;
    const known = this.#known.get(key) ?? this.#find(name, index);
    this.#known.set(key, known);
    return known;
  }

  #find(name: string, index: number): Expression {
    if (name === "x" && index >= 1 && index <= this.#n) return { kind: "x", at: index - 1 };
    const datum = this.#data[name]?.[index - 1];
    if (datum !== undefined) return number(datum);
    for (const rule of this.#rules.get(name) ?? []) {
      if (rule.left.kind !== "entry") continue;
      // `x[0] = 0` has no range, `t[i] = i/10, i = 1..m` has one.
      for (const names of this.each(rule.range))
        if (this.#whole(rule.left.index, names) === index) return this.write(rule.value, names);
    }
    throw new RangeError(`notation: ${name}[${index}] is not defined`);
  }

  /** T₀ = 1, T₁ = z, T_{k+1} = 2 z T_k − T_{k−1} */
  #chebyshev(degree: number, z: Expression): Expression {
    let [before, now] = [number(1), z];
    if (degree === 0) return before;
    for (let k = 1; k < degree; k++) [before, now] = [now, call("-", call("*", call("*", number(2), z), now), before)];
    return now;
  }

  #fold(tree: Tree & { readonly kind: "fold" }, names: Names): Expression {
    const chosen = this.each(tree.range, names).filter(
      (one) => tree.condition === null || numberOf(this.write(tree.condition, one)) === 1,
    );
    const terms = chosen.map((one) => this.write(tree.body, one));
    const sign = tree.name === "sum" ? "+" : "*";
    return terms.length === 0 ? number(tree.name === "sum" ? 0 : 1) : terms.reduce((a, b) => call(sign, a, b));
  }

  #cases(cases: readonly (readonly [Tree | null, Tree])[], names: Names): Expression {
    const open: (readonly [Comparison | null, Expression])[] = [];
    for (const [condition, value] of cases) {
      const test = condition === null ? number(1) : this.write(condition, names);
      const known = numberOf(test);
      if (known === 0) continue;
      const comparison =
        known === null && test.kind === "call" ? { name: test.name, left: test.of[0]!, right: test.of[1]! } : null;
      if (comparison === null && open.length === 0) return this.write(value, names);
      open.push([comparison, this.write(value, names)]);
      if (comparison === null) break;
    }
    return { kind: "if", cases: open };
  }
}
