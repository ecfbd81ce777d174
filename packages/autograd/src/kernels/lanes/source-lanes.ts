/** Lanes read as JavaScript: a graph of terms, each computed once, in the source of a function body. */

import type { Lanes, LaneType } from "./lanes.ts";
import { nearest } from "./number-lanes.ts";

/** One operation on others, which have smaller ids. */
export interface Term {
  readonly id: number;
  readonly operands: readonly Term[];
  /** The source of an expression, from the sources of the operands. */
  readonly write: (...operands: string[]) => string;
  /** `first ? second : third`, where one of two is computed. */
  readonly choice: boolean;
  /** A constant or a variable, which needs no further name. */
  readonly plain: boolean;
}

const doubles = new Float64Array(1);
const singles = new Float32Array(1);

/**
 * The names that the source refers to, besides `host`, which holds the functions of `Externals`: functions, powers of
 * two by exponent, and memory in which the bits of a number are looked at.
 */
export const sourceScope = {
  fround: Math.fround,
  floor: Math.floor,
  trunc: Math.trunc,
  sqrt: Math.sqrt,
  abs: Math.abs,
  min: Math.min,
  max: Math.max,
  imul: Math.imul,
  nearest,
  /** 2ⁿ at n + 1023. */
  powers: Float64Array.from({ length: 2047 }, (_, k) => 2 ** (k - 1023)),
  doubles,
  words: new Int32Array(doubles.buffer),
  singles,
  ints: new Int32Array(singles.buffer),
};

/** A number as source; -0 keeps its sign, and a negative number its place in any expression. */
function literal(value: number): string {
  if (Object.is(value, -0)) return "(-0)";
  return value < 0 ? `(${value})` : String(value);
}

/** Collects the terms of one formula. */
export class SourceLanes implements Lanes<Term, Term> {
  readonly type: LaneType;
  /** True if a function of the host is called for every entry. */
  callsHost = false;
  /** A term of the same operation on the same operands is the same term. */
  readonly #known = new Map<string, Term>();

  constructor(type: LaneType) {
    this.type = type;
  }

  #term(key: string, operands: readonly Term[], write: Term["write"], kind?: "choice" | "plain"): Term {
    const full = `${key} ${operands.map(({ id }) => id).join(" ")}`;
    const known = this.#known.get(full);
    if (known !== undefined) return known;
    const term = { id: this.#known.size, operands, write, choice: kind === "choice", plain: kind === "plain" };
    this.#known.set(full, term);
    return term;
  }

  /** A variable of the surrounding source, or any short expression over such. */
  variable(source: string): Term {
    return this.#term(source, [], () => source, "plain");
  }

  /** A pattern in which `a`, `b` and `c` stand for the operands. */
  #plainly(pattern: string, ...operands: readonly Term[]): Term {
    return this.#term(
      pattern,
      operands,
      (a, b, c) => `(${pattern.replace(/\b[abc]\b/g, (name) => ({ a, b, c })[name as "a" | "b" | "c"]!)})`,
    );
  }

  /** The same, rounded to the type. */
  #rounded(pattern: string, ...operands: readonly Term[]): Term {
    return this.#plainly({ f64: pattern, f32: `fround(${pattern})`, i32: `(${pattern}) | 0` }[this.type], ...operands);
  }

  /** An operation of float types. */
  #float(pattern: string, ...operands: readonly Term[]): Term {
    return this.#byType(`fround(${pattern})`, pattern, ...operands);
  }

  #byType(single: string, double: string, ...operands: readonly Term[]): Term {
    if (this.type === "i32") throw new TypeError(`${double} is not defined for i32`);
    return this.#plainly(this.type === "f32" ? single : double, ...operands);
  }

  #both(pattern: string, x: Term): Term {
    return this.#byType(pattern, pattern, x);
  }

  constant(value: number): Term {
    const rounded = this.type === "f32" ? Math.fround(value) : this.type === "i32" ? value | 0 : value;
    return this.variable(literal(rounded));
  }

  share = (x: Term): Term => x;
  shareMask = (x: Term): Term => x;
  add = (a: Term, b: Term): Term => this.#rounded("a + b", a, b);
  sub = (a: Term, b: Term): Term => this.#rounded("a - b", a, b);
  mul = (a: Term, b: Term): Term =>
    this.type === "i32" ? this.#plainly("imul(a, b)", a, b) : this.#rounded("a * b", a, b);
  neg = (a: Term): Term => (this.type === "i32" ? this.#rounded("-a", a) : this.#plainly("-a", a));
  abs = (a: Term): Term => (this.type === "i32" ? this.#rounded("abs(a)", a) : this.#plainly("abs(a)", a));
  min = (a: Term, b: Term): Term => this.#plainly("min(a, b)", a, b);
  max = (a: Term, b: Term): Term => this.#plainly("max(a, b)", a, b);
  atMost = (x: Term, bound: Term): Term => this.select(this.gt(x, bound), bound, x);
  atLeast = (x: Term, bound: Term): Term => this.select(this.lt(x, bound), bound, x);
  eq = (a: Term, b: Term): Term => this.#plainly("a === b", a, b);
  ne = (a: Term, b: Term): Term => this.#plainly("a !== b", a, b);
  lt = (a: Term, b: Term): Term => this.#plainly("a < b", a, b);
  le = (a: Term, b: Term): Term => this.#plainly("a <= b", a, b);
  gt = (a: Term, b: Term): Term => this.#plainly("a > b", a, b);
  ge = (a: Term, b: Term): Term => this.#plainly("a >= b", a, b);
  and = (a: Term, b: Term): Term => this.#plainly("a && b", a, b);
  or = (a: Term, b: Term): Term => this.#plainly("a || b", a, b);
  not = (a: Term): Term => this.#plainly("!a", a);
  select = (condition: Term, a: Term, b: Term): Term =>
    this.#term("?", [condition, a, b], (c, x, y) => `(${c!} ? ${x!} : ${y!})`, "choice");
  fromMask = (condition: Term): Term => this.select(condition, this.constant(1), this.constant(0));
  turn = (x: Term, n: number, y: Term): Term => this.#plainly(`(a<<${n}|a>>>-${n})^b`, x, y);
  div = (a: Term, b: Term): Term => this.#float("a / b", a, b);
  sqrt = (a: Term): Term => this.#float("sqrt(a)", a);
  floor = (a: Term): Term => this.#both("floor(a)", a);
  trunc = (a: Term): Term => this.#both("trunc(a)", a);
  nearest = (a: Term): Term => this.#both("nearest(a)", a);

  isMark = (a: Term): Term => this.#both("a === 0 && 1 / a < 0", a);

  /** A sign is read off 1 / b where b is 0. */
  copySign = (a: Term, b: Term): Term => {
    const size = this.abs(a);
    return this.select(this.or(this.lt(b, this.constant(0)), this.isMark(b)), this.neg(size), size);
  };

  multiplyAdd = (a: Term, b: Term, c: Term): Term => this.add(this.mul(a, b), c);
  scale = (x: Term, n: Term): Term => this.#float("a * powers[(b + 1023) | 0]", x, n);
  exponent = (x: Term): Term =>
    this.#byType("singles[0] = a, (ints[0] >>> 23) - 127", "doubles[0] = a, (words[1] >>> 20) - 1023", x);
  // For float64 a product, because writing half of a number and then reading the whole stalls the processor.
  significand = (x: Term): Term =>
    this.type === "f32"
      ? this.#plainly("singles[0] = a, ints[0] = ints[0] & 0x7fffff | 0x3f800000, singles[0]", x)
      : this.#float("doubles[0] = a, b * powers[2046 - (words[1] >>> 20)]", x, x);
  upper = (x: Term): Term =>
    this.#byType(
      "singles[0] = a, ints[0] &= -0x1000, singles[0]",
      "doubles[0] = a, words[0] &= -0x8000000, doubles[0]",
      x,
    );
  external = (name: string, needed: Term, x: Term, otherwise: Term): Term =>
    this.select(needed, this.#float(`host.${name}(a)`, x), otherwise);
  external2 = (name: string, a: Term, b: Term): Term => {
    this.callsHost = true;
    return this.#float(`host.${name}(a, b)`, a, b);
  };
}

/** The statements of a body, and the expression of its result. */
export interface Source {
  readonly statements: string;
  readonly result: string;
  /** How many operations there are; one that occurs again counts once. */
  readonly operations: number;
}

/** The block into which statements go: the body, or one branch of a choice. */
interface Block {
  readonly parent: Block | null;
  readonly depth: number;
  readonly terms: Term[];
}

function commonBlock(a: Block, b: Block): Block {
  let [x, y] = [a, b];
  while (x !== y) {
    if (x.depth >= y.depth) x = x.parent!;
    else y = y.parent!;
  }
  return x;
}

/** Writes a term and what it is made of; what only one branch of a choice needs is computed in that branch. */
export function writeSource(result: Term): Source {
  const reached = new Set([result]);
  for (const term of reached) for (const operand of term.operands) reached.add(operand);
  const ascending = [...reached].sort((a, b) => a.id - b.id);
  const body: Block = { parent: null, depth: 0, terms: [] };
  const home = new Map<Term, Block>([[result, body]]);
  const branches = new Map<Term, readonly [Block, Block]>();
  const uses = new Map<Term, number>();
  for (const term of [...ascending].reverse()) {
    const block = home.get(term)!;
    const branch = (): Block => ({ parent: block, depth: block.depth + 1, terms: [] });
    const inside = term.choice ? ([branch(), branch()] as const) : null;
    if (inside !== null) branches.set(term, inside);
    term.operands.forEach((operand, k) => {
      const place = inside === null || k === 0 ? block : inside[k - 1]!;
      const former = home.get(operand);
      home.set(operand, former === undefined ? place : commonBlock(former, place));
      uses.set(operand, (uses.get(operand) ?? 0) + 1);
    });
  }
  const named = new Set<Term>();
  for (const term of ascending) {
    const parted = branches.get(term)?.some(({ terms }) => terms.length > 0) === true;
    if (term.plain || (!parted && (uses.get(term) ?? 0) < 2)) continue;
    named.add(term);
    home.get(term)!.terms.push(term);
  }
  const expression = (term: Term): string => term.write(...term.operands.map(reference));
  const reference = (term: Term): string => (named.has(term) ? `t${term.id}` : expression(term));
  const statement = (term: Term): string => {
    const [first, second] = branches.get(term) ?? [];
    if (first === undefined || second === undefined || first.terms.length + second.terms.length === 0)
      return `const t${term.id} = ${expression(term)};`;
    const [condition, a, b] = term.operands as [Term, Term, Term];
    const assign = (block: Block, value: Term): string =>
      `${block.terms.map(statement).join(" ")} t${term.id} = ${reference(value)};`;
    return `let t${term.id}; if (${reference(condition)}) { ${assign(first, a)} } else { ${assign(second, b)} }`;
  };
  return {
    statements: body.terms.map(statement).join("\n"),
    result: reference(result),
    operations: ascending.filter(({ plain }) => !plain).length,
  };
}
