/**
 * The structure of an expression on paper, once for all formats: what stands where, and which parts need parentheses.
 */

import { flatText } from "../report/boxes.ts";
import type { Formula } from "../report/formula.ts";
import type { Expression, Index, SymbolNode } from "./language/ast.ts";
import { indexName, nameOf, sigmaName } from "./language/names.ts";
import { shapeText } from "./language/shapes.ts";
import type { Subject } from "./language/subject.ts";

/** Holds what a drawing needs besides its expression; `shapes` stand under the symbols. */
export interface Pen {
  readonly subject: Subject;
  readonly shapes: boolean;
  /** Digits behind the point; 8 where nothing is said. */
  readonly places?: number;
}

const row = (...parts: readonly Formula[]): Formula => (parts.length === 1 ? parts[0]! : { kind: "row", parts });
const sign = (text: string, spaced: boolean): Formula => ({ kind: "sign", sign: text, spaced });
const word = (text: string): Formula => ({ kind: "word", text });
const fenced = (inside: Formula, fence: "(" | "[" = "("): Formula => ({ kind: "fenced", fence, inside });
const plain = (digits: string): Formula => ({ kind: "number", digits, exponent: null });
const fraction = (top: Formula, bottom: Formula): Formula => ({ kind: "fraction", top, bottom });
const sumOver = (over: string): Formula => ({ kind: "sum", over });

/** Digits behind the point. */
const PLACES = 8;

/** A number as a teacher writes it: a short one as it is, a long one to so many places. */
export function numberFormula(value: number, places = PLACES): Extract<Formula, { readonly kind: "number" }> {
  const short = (digits: string) => ({ kind: "number", digits: digits.replace("-", "−"), exponent: null }) as const;
  if (!Number.isFinite(value)) return short(Number.isNaN(value) ? "NaN" : value > 0 ? "∞" : "-∞");
  const size = Math.abs(value);
  const shortest = String(value);
  if (!shortest.includes("e") && (shortest.split(".")[1] ?? "").length <= places && size < 1e9) return short(shortest);
  if (size >= 1e6 || size < 1e-4) {
    const [digits, exponent] = value.toExponential(places - 1).split("e");
    return { kind: "number", digits: digits!.replace("-", "−"), exponent: Number(exponent) };
  }
  // Leading zeros are no digits: of eight, 0.00043856773 keeps eight.
  const leading = size >= 1e-3 ? 0 : -Math.floor(Math.log10(size)) - 1;
  return short(value.toFixed(places + leading));
}

/** How tightly a form holds together; looser forms inside tighter ones need parentheses. */
const tightness = {
  plus: 1,
  sum: 2,
  sampleSum: 2,
  negative: 2,
  times: 3,
  matmul: 4,
  hadamard: 3,
  fraction: 5,
  partial: 5,
} as const;

function tightnessOf(node: Expression): number {
  if (node.kind === "number") return node.value < 0 ? 2 : numberFormula(node.value).exponent === null ? 9 : 3;
  return node.kind in tightness ? tightness[node.kind as keyof typeof tightness] : 9;
}

/** The expression as one piece. */
export function draw(node: Expression, pen: Pen): Formula {
  return row(...pieces(node, pen));
}

/** The expression on one line of text. */
export const lineOf = (node: Expression, subject: Subject): string => flatText(draw(node, { subject, shapes: false }));

/** The expression as pieces between which a line may be broken. */
export function pieces(node: Expression, pen: Pen): Formula[] {
  switch (node.kind) {
    case "plus":
      // A sum within a sum needs no parentheses.
      return node.terms
        .flatMap((term) => (term.kind === "plus" ? term.terms : [term]))
        .map((term, k) => signedTerm(term, k, pen));
    case "times":
      return between(node.factors, pen, tightness.times, scalarSign(node.factors, pen));
    case "matmul":
      return between(
        node.factors,
        pen,
        tightness.matmul,
        pen.subject.notation.products === "code" ? sign("@", true) : sign("", false),
      );
    case "hadamard":
      return between(
        node.factors,
        pen,
        tightness.matmul + 1,
        sign(pen.subject.notation.products === "code" ? "*" : "⊙", true),
      );
    case "negative": {
      // The sign stays with the first piece.
      const [first, ...rest] =
        node.of.kind === "sum" || tightnessOf(node.of) > tightness.sum
          ? pieces(node.of, pen)
          : [fenced(draw(node.of, pen))];
      return [row(sign("−", false), first!), ...rest];
    }
    case "sum":
      return summed(sumOver(node.over.letter), node.of, pen);
    case "sampleSum":
      return summed(sumOver(pen.subject.notation.sample), node.of, pen);
    default:
      return [whole(node, pen)];
  }
}

function summed(head: Formula, of: Expression, pen: Pen): Formula[] {
  const [first, ...rest] = of.kind === "plus" ? [fenced(draw(of, pen))] : pieces(of, pen);
  return [row(head, first!), ...rest];
}

function signedTerm(term: Expression, k: number, pen: Pen): Formula {
  if (k === 0) return inside(term, tightness.plus, pen);
  const negated =
    term.kind === "negative"
      ? term.of
      : term.kind === "number" && term.value < 0
        ? { ...term, value: -term.value }
        : null;
  // Numbers below 0 within a product are in parentheses already.
  return row(
    sign(negated === null ? "+" : "−", true),
    inside(negated ?? term, negated === null ? tightness.plus + 1 : tightness.sum, pen),
  );
}

/** Factors with a sign between them; every sign stays with the factor after it. */
function between(factors: readonly Expression[], pen: Pen, tight: number, apart: Formula): Formula[] {
  return factors.map((factor, k) => {
    // A sum runs to the end of its product: only the last factor may be one without parentheses.
    const open = k === factors.length - 1 && (factor.kind === "sum" || factor.kind === "sampleSum");
    const piece = open ? draw(factor, pen) : inside(factor, tight, pen);
    return k === 0 ? piece : row(apart, piece);
  });
}

/** Nothing between symbols, a dot between numbers and derivatives, * in code. */
function scalarSign(factors: readonly Expression[], { subject }: Pen): Formula {
  if (subject.notation.products === "code") return sign("*", true);
  const chained = factors.filter(({ kind }) => kind === "partial").length > 1;
  // On one line t/v is followed by a sign, so that what comes after it is not read as below the line.
  const divided = factors.some(
    (factor, k) => k < factors.length - 1 && factor.kind === "fraction" && factor.top.kind !== "number",
  );
  return chained || divided || factors.some(({ kind }) => kind === "number") ? sign("·", true) : sign("", false);
}

function inside(node: Expression, tight: number, pen: Pen): Formula {
  const piece = draw(node, pen);
  return tightnessOf(node) < tight ? fenced(piece) : piece;
}

function whole(node: Expression, pen: Pen): Formula {
  const { subject, shapes } = pen;
  switch (node.kind) {
    case "number":
      return numberFormula(node.value, pen.places);
    case "symbol":
      return noted({ kind: "name", name: nameOf(node, subject) }, node, pen);
    case "partial": {
      const bare = { ...pen, shapes: false };
      const d = (one: SymbolNode): Formula => row(sign("∂", false), draw(one, bare));
      const piece = fraction(d(node.of), d(node.by));
      return shapes ? noted(piece, node.by, pen) : piece;
    }
    case "transpose":
      return transposed(node.of, pen);
    case "fraction":
      return fraction(draw(node.top, pen), draw(node.bottom, pen));
    case "square":
      return { kind: "raised", base: closed(node.of, pen), exponent: plain("2") };
    case "apply":
      return applied(node, pen);
    case "holds": {
      const side = (one: Expression | Index): Formula =>
        typeof one === "number"
          ? plain(String(node.relation === ">" ? one : one + subject.notation.firstNeuron))
          : "letter" in one
            ? word(indexName(one, subject))
            : draw(one, pen);
      const body = row(
        side(node.left),
        sign(subject.notation.products === "code" && node.relation === "=" ? "==" : node.relation, true),
        side(node.right),
      );
      return fenced(body, subject.notation.products === "code" ? "(" : "[");
    }
    case "matrix":
      return { kind: "matrix", rows: node.rows.map((line) => line.map((one) => numberFormula(one, pen.places))) };
    case "axisSum":
      return row(
        word("sum"),
        fenced(row(draw(node.of, pen), sign(",", true), word("axis"), sign("=", false), plain(String(node.axis)))),
      );
    case "dots":
      return sign("⋯", false);
    default:
      return draw(node, pen);
  }
}

function noted(piece: Formula, node: SymbolNode, { subject, shapes }: Pen): Formula {
  const note = shapes ? shapeText(node, subject) : "";
  return note === "" ? piece : { kind: "under", of: piece, note };
}

function transposed(of: Expression, pen: Pen): Formula {
  const { subject } = pen;
  const piece = draw(of, pen);
  if (subject.notation.products === "code") return row(of.kind === "symbol" ? piece : fenced(piece), word(".T"));
  return { kind: "raised", base: closed(of, pen), exponent: word("T") };
}

/** A base for an exponent: a name that carries its layer above needs parentheses. */
function closed(of: Expression, pen: Pen): Formula {
  const piece = draw(of, pen);
  const raisedAlready = of.kind === "symbol" && nameOf(of, pen.subject).layer !== "";
  return raisedAlready || tightnessOf(of) < 9 ? fenced(piece) : piece;
}

function applied(node: Expression & { kind: "apply" }, pen: Pen): Formula {
  const { subject } = pen;
  const of = draw(node.of, pen);
  switch (node.name) {
    case "sigma":
    case "slope": {
      const { base, layer } = sigmaName(node.layer!, subject);
      return row({ kind: "sigma", base, layer, slope: node.name === "slope" }, fenced(of));
    }
    case "positivePart":
      return row(word("max"), fenced(row(plain("0"), sign(",", true), of)));
    default:
      return row(word(node.name), fenced(of));
  }
}
