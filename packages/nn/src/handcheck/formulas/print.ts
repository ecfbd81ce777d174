/** Formulas back to text and to LaTeX, in one form for every way of writing them; both forms can be read again. */

import type { Expr, Formula, Index, Layer, PartialNode, Quantity, SymbolNode } from "./ast.ts";
import { arrayFunctions, namedFunction } from "./names.ts";
import { plainName } from "./versions.ts";

/** How tightly a node holds together; a part that holds less than its place asks for parentheses. */
const GREATER = 5;
const SUM = 10;
const PREFIX = 15;
const TIMES = 20;
const BESIDE = 30;
const PRIMARY = 50;

/** One of the two forms. */
interface Style {
  readonly letter: Readonly<Partial<Record<Quantity, string>>>;
  readonly raised: (layer: Layer) => string;
  readonly lowered: (indices: readonly Index[], local: boolean) => string;
  readonly derivative: (of: string, by: string) => string;
  readonly next: (symbol: string) => string;
  readonly parentheses: (inner: string) => string;
  readonly transpose: (inner: string, bare: boolean) => string;
  readonly hadamard: string;
  readonly times: string;
  readonly quotient: (left: string, right: string) => string;
  /** True if a quotient holds together by itself, and its parts need no parentheses. */
  readonly stacked: boolean;
  readonly power: (left: string, right: string) => string;
  readonly sum: (index: string | null) => string;
  readonly word: (name: string) => string;
  readonly sigma: string;
}

const letters = { u: "u", v: "v", t: "t", error: "e", cost: "C", N: "N" } as const;
const difference = (offset: number): string => (offset === 0 ? "" : offset > 0 ? `+${offset}` : `-${-offset}`);
const layerText = ({ base, offset }: Layer): string =>
  base === "number" ? String(offset) : `${base}${difference(offset)}`;
const RAISED = "⁰¹²³⁴⁵⁶⁷⁸⁹";

const text: Style = {
  letter: { ...letters, delta: "δ", eta: "η", lambda: "λ" },
  raised(layer) {
    if (layer.base === "number") return Array.from(String(layer.offset), (digit) => RAISED[Number(digit)]!).join("");
    return layer.offset === 0 ? `^${layer.base}` : `^{${layerText(layer)}}`;
  },
  lowered: (indices, local) => {
    const shown =
      indices.some((index) => typeof index === "number") && indices.length > 1 ? indices.join(",") : indices.join("");
    return local || shown.length > 1 ? `_{${shown}}` : `_${shown}`;
  },
  derivative: (of, by) => `∂${of}/∂${by}`,
  next: (symbol) => `${symbol}^{new}`,
  parentheses: (inner) => `(${inner})`,
  transpose: (inner, bare) => (bare ? `${inner}ᵀ` : `(${inner})ᵀ`),
  hadamard: "⊙",
  times: "·",
  quotient: (left, right) => `${left} / ${right}`,
  stacked: false,
  power: (left, right) => `${left} .^ ${right}`,
  sum: (index) => (index === null ? "Σ" : `Σ_${index}`),
  word: (name) => name,
  sigma: "σ",
};

const latex: Style = {
  letter: { ...letters, delta: "\\delta", eta: "\\eta", lambda: "\\lambda" },
  raised: (layer) => `^{${layerText(layer)}}`,
  lowered: (indices) =>
    `_{${indices.some((index) => typeof index === "number") && indices.length > 1 ? indices.join(",") : indices.join("")}}`,
  derivative: (of, by) => `\\frac{\\partial ${of}}{\\partial ${by}}`,
  next: (symbol) => `{${symbol}}^{new}`,
  parentheses: (inner) => `\\left(${inner}\\right)`,
  transpose: (inner) => `\\left(${inner}\\right)^{\\top}`,
  hadamard: "\\odot",
  times: "\\cdot",
  quotient: (left, right) => `\\frac{${left}}{${right}}`,
  stacked: true,
  power: (left, right) => `${left}^{${right}}`,
  sum: (index) => (index === null ? "\\sum" : `\\sum_{${index}}`),
  word: (name) => (name.length === 1 ? name : `\\mathrm{${name}}`),
  sigma: "\\sigma",
};

/** The formula in text: `δ^l = (W^{l+1}ᵀ δ^{l+1}) ⊙ σ′(u^l)`. */
export function formulaText(formula: Formula): string {
  return print(formula, text);
}

/** The formula in LaTeX, without dollar signs. */
export function formulaLatex(formula: Formula): string {
  return print(formula, latex);
}

/** An expression in text. */
export function exprText(expr: Expr): string {
  return show(expr, 0, text);
}

function print({ target, values }: Formula, style: Style): string {
  return [show(target, SUM, style), ...values.map((value) => show(value, 0, style))].join(" = ");
}

const gradientBy: Readonly<Partial<Record<Quantity, Quantity>>> = { gradW: "W", gradB: "b", gradV: "v" };
const stepBy: Readonly<Partial<Record<Quantity, Quantity>>> = { stepW: "W", stepB: "b" };
const nextBy: Readonly<Partial<Record<Quantity, Quantity>>> = { nextW: "W", nextB: "b" };

function symbolOf(node: SymbolNode, style: Style): string {
  const by = gradientBy[node.name];
  if (by !== undefined) return style.derivative(style.letter.cost!, symbolOf({ ...node, name: by }, style));
  const stepped = stepBy[node.name];
  if (stepped !== undefined)
    return `${style === latex ? "\\Delta " : "Δ"}${symbolOf({ ...node, name: stepped }, style)}`;
  const next = nextBy[node.name];
  if (next !== undefined) return style.next(symbolOf({ ...node, name: next }, style));
  // One weight is a small w, as in the document.
  const letter =
    node.name === "W"
      ? node.indices.length > 0
        ? "w"
        : "W"
      : node.name === "b"
        ? "b"
        : node.name === "local"
          ? style.word(plainName(node.local))
          : style.letter[node.name]!;
  if (node.layer?.base === "input") return "x";
  const lowered = node.indices.length === 0 ? "" : style.lowered(node.indices, node.name === "local");
  return `${letter}${lowered}${node.layer === null ? "" : style.raised(node.layer)}`;
}

function partialOf({ of, by }: PartialNode, style: Style): string {
  return style.derivative(symbolOf(of, style), symbolOf(by, style));
}

function tightness(expr: Expr, style: Style): number {
  switch (expr.kind) {
    case "binary":
      switch (expr.operator) {
        case "greater":
          return GREATER;
        case "add":
        case "subtract":
          return SUM;
        case "hadamard":
          return TIMES;
        case "matmul":
          return besideIsRead(expr.left, expr.right) ? BESIDE : TIMES;
        case "divide":
          return style.stacked ? PRIMARY : BESIDE;
        case "power":
          return PREFIX + TIMES;
      }
      break;
    case "unary":
      return expr.operator === "negate" ? PREFIX : PRIMARY;
    case "sigma":
      return PREFIX;
    case "symbol":
    case "number":
    case "call":
    case "reduce":
    case "partial":
      return PRIMARY;
  }
}

/** A variable called s or sum before a parenthesis would be read as a function: then the product has its sign. */
function besideIsRead(left: Expr, right: Expr): boolean {
  let last = left;
  while (last.kind === "binary" && last.operator !== "power") last = last.right;
  if (last.kind !== "symbol" || last.name !== "local") return right.kind !== "number" || left.kind !== "number";
  return (
    namedFunction(last.local) === null &&
    !arrayFunctions.has(last.local) &&
    last.local !== "Delta" &&
    last.local !== "hat"
  );
}

function show(expr: Expr, place: number, style: Style): string {
  const inner = bare(expr, style);
  return tightness(expr, style) < place ? style.parentheses(inner) : inner;
}

function bare(expr: Expr, style: Style): string {
  switch (expr.kind) {
    case "symbol":
      return symbolOf(expr, style);
    case "number":
      return String(expr.value);
    case "partial":
      return partialOf(expr, style);
    case "unary": {
      if (expr.operator === "negate") return `-${show(expr.of, PREFIX + 1, style)}`;
      if (expr.operator === "diagonal") return `${style.word("diag")}(${show(expr.of, 0, style)})`;
      const plain =
        expr.of.kind === "symbol" && gradientBy[expr.of.name] === undefined && stepBy[expr.of.name] === undefined;
      return style.transpose(show(expr.of, 0, style), plain);
    }
    case "call": {
      const name = expr.name === "activation" ? style.sigma : style.word(expr.name);
      const layer = expr.layer === null ? "" : `_{${layerText(expr.layer)}}`;
      if (expr.form === "output") return `${style.word(`${expr.name}_derivative`)}(${show(expr.of, 0, style)})`;
      return `${name}${layer}${expr.prime ? (style === latex ? "'" : "′") : ""}(${show(expr.of, 0, style)})`;
    }
    case "sigma":
      return `${style.sum(expr.index)} ${show(expr.of, TIMES, style)}`;
    case "reduce":
      if (expr.axis === "samples") return `${style.word(expr.how)}(${show(expr.of, 0, style)})`;
      return `${style.word(expr.how)}(${show(expr.of, 0, style)}, ${style.word("axis")}=${expr.axis ?? style.word("None")})`;
    case "binary": {
      const { operator, left, right } = expr;
      switch (operator) {
        case "greater":
          return `${show(left, GREATER, style)} > ${show(right, GREATER + 1, style)}`;
        case "add":
          return `${show(left, SUM, style)} + ${show(right, SUM + 1, style)}`;
        case "subtract":
          return `${show(left, SUM, style)} - ${show(right, SUM + 1, style)}`;
        case "hadamard":
          return `${show(left, TIMES, style)} ${style.hadamard} ${show(right, TIMES + 1, style)}`;
        case "matmul":
          return besideIsRead(left, right)
            ? `${show(left, BESIDE, style)} ${show(right, BESIDE + 1, style)}`
            : `${show(left, TIMES, style)} ${style.times} ${show(right, TIMES + 1, style)}`;
        case "divide":
          return style.stacked
            ? style.quotient(show(left, 0, style), show(right, 0, style))
            : style.quotient(show(left, BESIDE, style), show(right, BESIDE + 1, style));
        case "power":
          return powerOf(left, right, style);
      }
    }
  }
}

function powerOf(left: Expr, right: Expr, style: Style): string {
  const base =
    style === latex && left.kind !== "number" ? style.parentheses(show(left, 0, style)) : show(left, PRIMARY, style);
  // Behind the sign of a power only one operand is read: a transpose there would be that of the power.
  const isTransposed = right.kind === "unary" && right.operator === "transpose";
  return style.power(
    base,
    style === latex ? show(right, 0, style) : show(right, isTransposed ? PRIMARY + 1 : PRIMARY, style),
  );
}
