/** The structure of an expression on paper, once for all formats: what stands where, and which parts need parentheses. */

import type { Expression, Index, SymbolNode } from "../language/ast.ts";
import { indexName, nameOf, sigmaName, type Name } from "../language/names.ts";
import { shapeText } from "../language/shapes.ts";
import type { Subject } from "../language/subject.ts";
import { digitsOf } from "./digits.ts";

/** What a format can do; `T` is a piece of its output. */
export interface Painter<T> {
  readonly name: (name: Name) => T;
  /** σ, or σ′ with `slope`, of a layer. */
  readonly sigma: (base: string, layer: string, slope: boolean) => T;
  readonly number: (digits: string, exponent: number | null) => T;
  /** The name of a function: exp, ln, tanh, sum. */
  readonly word: (text: string) => T;
  /** A sign; `spaced` between two operands. */
  readonly sign: (sign: string, spaced: boolean) => T;
  readonly row: (parts: readonly T[]) => T;
  readonly fraction: (top: T, bottom: T) => T;
  readonly raised: (base: T, exponent: T) => T;
  readonly sum: (letter: string) => T;
  readonly parentheses: (inside: T) => T;
  readonly brackets: (inside: T) => T;
  readonly matrix: (rows: readonly (readonly T[])[]) => T;
  /** A note, such as a shape, under a symbol. */
  readonly under: (piece: T, note: string) => T;
}

/** What a drawing needs besides its expression. */
export interface Pen<T> {
  readonly paint: Painter<T>;
  readonly subject: Subject;
  readonly shapes: boolean;
}

/** How tightly a form holds together; looser forms inside tighter ones need parentheses. */
const tightness = { plus: 1, sum: 2, sampleSum: 2, negative: 2, times: 3, matmul: 4, hadamard: 3, fraction: 5, partial: 5 } as const;

function tightnessOf(node: Expression): number {
  if (node.kind === "number") return node.value < 0 ? 2 : digitsOf(node.value).exponent === null ? 9 : 3;
  return node.kind in tightness ? tightness[node.kind as keyof typeof tightness] : 9;
}

/** The expression as one piece. */
export function draw<T>(node: Expression, pen: Pen<T>): T {
  return pen.paint.row(pieces(node, pen));
}

/** The expression as pieces between which a line may be broken. */
export function pieces<T>(node: Expression, pen: Pen<T>): T[] {
  const { paint } = pen;
  switch (node.kind) {
    case "plus":
      // A sum within a sum needs no parentheses.
      return node.terms.flatMap((term) => (term.kind === "plus" ? term.terms : [term])).map((term, k) => signedTerm(term, k, pen));
    case "times":
      return between(node.factors, pen, tightness.times, scalarSign(node.factors, pen));
    case "matmul":
      return between(node.factors, pen, tightness.matmul, pen.subject.notation.products === "code" ? paint.sign("@", true) : paint.sign("", false));
    case "hadamard":
      return between(node.factors, pen, tightness.matmul + 1, paint.sign(pen.subject.notation.products === "code" ? "*" : "⊙", true));
    case "negative": {
      // The sign stays with the first piece.
      const [first, ...rest] = node.of.kind === "sum" || tightnessOf(node.of) > tightness.sum ? pieces(node.of, pen) : [paint.parentheses(draw(node.of, pen))];
      return [paint.row([paint.sign("−", false), first!]), ...rest];
    }
    case "sum":
      return summed(paint.sum(node.over.letter), node.of, pen);
    case "sampleSum":
      return summed(paint.sum(pen.subject.notation.sample), node.of, pen);
    default:
      return [whole(node, pen)];
  }
}

function summed<T>(sign: T, of: Expression, pen: Pen<T>): T[] {
  const [first, ...rest] = of.kind === "plus" ? [pen.paint.parentheses(draw(of, pen))] : pieces(of, pen);
  return [pen.paint.row([sign, first!]), ...rest];
}

function signedTerm<T>(term: Expression, k: number, pen: Pen<T>): T {
  const { paint } = pen;
  if (k === 0) return inside(term, tightness.plus, pen);
  const negated = term.kind === "negative" ? term.of : term.kind === "number" && term.value < 0 ? { ...term, value: -term.value } : null;
  const sign = paint.sign(negated === null ? "+" : "−", true);
  // Numbers below 0 within a product are in parentheses already.
  return paint.row([sign, inside(negated ?? term, negated === null ? tightness.plus + 1 : tightness.sum, pen)]);
}

/** Factors with a sign between them; every sign stays with the factor after it. */
function between<T>(factors: readonly Expression[], pen: Pen<T>, tight: number, sign: T): T[] {
  return factors.map((factor, k) => {
    // A sum runs to the end of its product: only the last factor may be one without parentheses.
    const open = k === factors.length - 1 && (factor.kind === "sum" || factor.kind === "sampleSum");
    const piece = open ? draw(factor, pen) : inside(factor, tight, pen);
    return k === 0 ? piece : pen.paint.row([sign, piece]);
  });
}

/** Nothing between symbols, a dot between numbers and derivatives, * in code. */
function scalarSign<T>(factors: readonly Expression[], { paint, subject }: Pen<T>): T {
  if (subject.notation.products === "code") return paint.sign("*", true);
  const chained = factors.filter(({ kind }) => kind === "partial").length > 1;
  // On one line t/v is followed by a sign, so that what comes after it is not read as below the line.
  const divided = factors.some((factor, k) => k < factors.length - 1 && factor.kind === "fraction" && factor.top.kind !== "number");
  return chained || divided || factors.some(({ kind }) => kind === "number") ? paint.sign("·", true) : paint.sign("", false);
}

function inside<T>(node: Expression, tight: number, pen: Pen<T>): T {
  const piece = draw(node, pen);
  return tightnessOf(node) < tight ? pen.paint.parentheses(piece) : piece;
}

function whole<T>(node: Expression, pen: Pen<T>): T {
  const { paint, subject, shapes } = pen;
  switch (node.kind) {
    case "number": {
      const { digits, exponent } = digitsOf(node.value);
      return paint.number(digits, exponent);
    }
    case "symbol":
      return noted(paint.name(nameOf(node, subject)), node, pen);
    case "partial": {
      const plain = { ...pen, shapes: false };
      const d = (one: SymbolNode): T => paint.row([paint.sign("∂", false), draw(one, plain)]);
      const piece = paint.fraction(d(node.of), d(node.by));
      return shapes ? noted(piece, node.by, pen) : piece;
    }
    case "transpose":
      return transposed(node.of, pen);
    case "fraction":
      return paint.fraction(draw(node.top, pen), draw(node.bottom, pen));
    case "square":
      return paint.raised(closed(node.of, pen), paint.number("2", null));
    case "apply":
      return applied(node, pen);
    case "holds": {
      const side = (one: Expression | Index): T => (typeof one === "number" ? paint.number(String(node.relation === ">" ? one : one + subject.notation.firstNeuron), null) : "letter" in one ? paint.word(indexName(one, subject)) : draw(one, pen));
      const body = paint.row([side(node.left), paint.sign(subject.notation.products === "code" && node.relation === "=" ? "==" : node.relation, true), side(node.right)]);
      return subject.notation.products === "code" ? paint.parentheses(body) : paint.brackets(body);
    }
    case "matrix":
      return paint.matrix(node.rows.map((row) => row.map((value) => {
        const { digits, exponent } = digitsOf(value);
        return paint.number(digits, exponent);
      })));
    case "axisSum":
      return paint.row([paint.word("sum"), paint.parentheses(paint.row([draw(node.of, pen), paint.sign(",", true), paint.word("axis"), paint.sign("=", false), paint.number(String(node.axis), null)]))]);
    case "dots":
      return paint.sign("⋯", false);
    default:
      return draw(node, pen);
  }
}

function noted<T>(piece: T, node: SymbolNode, { paint, subject, shapes }: Pen<T>): T {
  const note = shapes ? shapeText(node, subject) : "";
  return note === "" ? piece : paint.under(piece, note);
}

function transposed<T>(of: Expression, pen: Pen<T>): T {
  const { paint, subject } = pen;
  const piece = draw(of, pen);
  if (subject.notation.products === "code") return paint.row([of.kind === "symbol" ? piece : paint.parentheses(piece), paint.word(".T")]);
  return paint.raised(closed(of, pen), paint.word("T"));
}

/** A base for an exponent: a name that carries its layer above needs parentheses. */
function closed<T>(of: Expression, pen: Pen<T>): T {
  const piece = draw(of, pen);
  const raisedAlready = of.kind === "symbol" && nameOf(of, pen.subject).layer !== "";
  return raisedAlready || tightnessOf(of) < 9 ? pen.paint.parentheses(piece) : piece;
}

function applied<T>(node: Expression & { kind: "apply" }, pen: Pen<T>): T {
  const { paint, subject } = pen;
  const of = draw(node.of, pen);
  switch (node.name) {
    case "sigma":
    case "slope": {
      const { base, layer } = sigmaName(node.layer!, subject);
      return paint.row([paint.sigma(base, layer, node.name === "slope"), paint.parentheses(of)]);
    }
    case "positivePart":
      return paint.row([paint.word("max"), paint.parentheses(paint.row([paint.number("0", null), paint.sign(",", true), of]))]);
    default:
      return paint.row([paint.word(node.name), paint.parentheses(of)]);
  }
}
