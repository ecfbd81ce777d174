/** Formulas in MathML, which browsers set without scripts, fonts or network. */

import { elided, piecesOf, type Formula, type Name, type Piece } from "../formula.ts";

/** HTML's own characters, made harmless. */
export function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}

const operator = (sign: string): string => `<mo>${escapeHtml(sign)}</mo>`;
const row = (parts: readonly string[]): string => `<mrow>${parts.join("")}</mrow>`;
const identifiers = (names: readonly string[], apart: string): string =>
  row(
    names.flatMap((name, k) => [
      ...(k > 0 && apart !== "" ? [operator(apart)] : []),
      /^\d+$/.test(name) ? `<mn>${name}</mn>` : `<mi>${escapeHtml(name)}</mi>`,
    ]),
  );

function nameMathml(name: Name): string {
  const code = name.code || name.layerMark === "suffix";
  const text = escapeHtml(name.base === "ℰ_av" ? "ℰ" : code ? `${name.base}${name.layer}` : name.base);
  const plain = `<mi${name.code ? ' mathvariant="normal"' : ""}>${text}</mi>`;
  const base = name.base === "ℰ_av" ? `<msub>${plain}<mi>av</mi></msub>` : plain;
  const apart = name.indices.some((index) => /^\d\d/.test(index)) || name.indexMark === "brackets" ? "," : "";
  const neurons = name.indices.length === 0 ? "" : identifiers(name.indices, apart);
  const marks = { superscript: name.layer, parentheses: `(${name.layer})`, brackets: `[${name.layer}]`, suffix: "" };
  const above = [
    name.layer === "" ? "" : marks[name.layerMark],
    name.sample !== "" && name.sampleMark === "parentheses" ? `(${name.sample})` : "",
    name.after === "′" ? "′" : "",
  ].join("");
  const sample = name.sample !== "" && name.sampleMark === "subscript" ? `<mi>${name.sample}</mi>` : "";
  const below = `${name.indexMark === "brackets" ? "" : neurons}${sample}`;
  const inside = name.indexMark === "brackets" && neurons !== "" ? `${operator("[")}${neurons}${operator("]")}` : "";
  const after = name.after.startsWith("(") ? `<mrow><mo>(</mo><mi>τ</mi><mo>+</mo><mn>1</mn><mo>)</mo></mrow>` : "";
  return row([attached(base, below, above), inside, after]);
}

function attached(base: string, below: string, above: string): string {
  const [under, over] = [
    `<mrow>${below}</mrow>`,
    `<mrow>${/^\d+$/.test(above) ? `<mn>${above}</mn>` : `<mi>${escapeHtml(above)}</mi>`}</mrow>`,
  ];
  if (below !== "" && above !== "") return `<msubsup>${base}${under}${over}</msubsup>`;
  if (below !== "") return `<msub>${base}${under}</msub>`;
  return above === "" ? base : `<msup>${base}${over}</msup>`;
}

function numberMathml(digits: string, exponent: number | null): string {
  const magnitude = `<mn>${digits.replace("−", "")}</mn>`;
  const signed = digits.startsWith("−") ? row([operator("−"), magnitude]) : magnitude;
  return exponent === null
    ? signed
    : row([
        signed,
        operator("·"),
        `<msup><mn>10</mn><mrow>${exponent < 0 ? operator("−") : ""}<mn>${Math.abs(exponent)}</mn></mrow></msup>`,
      ]);
}

function matrixMathml(rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]): string =>
    `<mtr>${elided(cells, "<mo>⋯</mo>")
      .map((cell) => `<mtd>${cell}</mtd>`)
      .join("")}</mtr>`;
  const dots = line((rows[0] ?? []).map(() => "<mo>⋮</mo>"));
  return row([operator("["), `<mtable>${elided(rows.map(line), dots).join("")}</mtable>`, operator("]")]);
}

/** A formula within `<math>`. */
export function partMathml(formula: Formula): string {
  const part = partMathml;
  switch (formula.kind) {
    case "row":
      return row(formula.parts.map(part));
    case "name":
      return nameMathml(formula.name);
    case "sigma":
      return attached(
        `<mi>${formula.base}</mi>`,
        formula.layer === "" ? "" : `<mi>${formula.layer}</mi>`,
        formula.slope ? "′" : "",
      );
    case "number":
      return numberMathml(formula.digits, formula.exponent);
    case "word":
      return `<mi>${escapeHtml(formula.text)}</mi>`;
    // Nothing between two factors is an invisible product to whoever reads aloud.
    // A sign that begins a row would be taken for a prefix, without space around it.
    case "sign":
      return formula.spaced && formula.sign !== ","
        ? `<mo form="infix">${escapeHtml(formula.sign)}</mo>`
        : operator(formula.sign === "" ? "\u2062" : formula.sign);
    case "fraction":
      return `<mfrac>${row([part(formula.top)])}${row([part(formula.bottom)])}</mfrac>`;
    case "raised":
      return `<msup>${row([part(formula.base)])}${part(formula.exponent)}</msup>`;
    case "sum":
      return `<munder><mo>∑</mo><mi>${escapeHtml(formula.over)}</mi></munder>`;
    case "fenced":
      return row([operator(formula.fence), part(formula.inside), operator(formula.fence === "(" ? ")" : "]")]);
    case "matrix":
      return matrixMathml(formula.rows.map((cells) => cells.map(part)));
    case "under":
      return `<munder>${row([part(formula.of)])}<mtext>${formula.note}</mtext></munder>`;
    case "line":
      return lineMathml(formula.text);
  }
}

/** Formulas joined by signs of equality, among words; a line of Unicode remains as its text. */
export function formulaMathml(...formulas: readonly Formula[]): string {
  const [first] = formulas;
  return `<math${first?.kind === "line" ? ` aria-label="${escapeHtml(first.text)}"` : ""}>${formulas.map(partMathml).join(operator("="))}</math>`;
}

/** A script as it stands, character by character: what is raised within it is raised already. */
function mathRow(text: string): string {
  return `<mrow>${Array.from(text)
    .map((character) =>
      /\d/.test(character)
        ? `<mn>${character}</mn>`
        : /\p{L}/u.test(character) && character !== "ᵀ"
          ? `<mi>${character}</mi>`
          : lineOperator(character),
    )
    .join("")}</mrow>`;
}

/** Parentheses and slashes of a line keep its height, and a quotient its closeness. */
function lineOperator(base: string): string {
  const shown = base === "ᵀ" ? "⊤" : base === "'" ? "′" : base;
  const attributes = /[Σ∑]/u.test(base) ? ' largeop="false"' : /[/∂∇'⊤ᵀ]/u.test(base) ? ' lspace="0" rspace="0"' : "";
  return `<mo stretchy="false"${attributes}>${escapeHtml(shown)}</mo>`;
}

function mathPiece({ kind, base, sup, sub }: Piece): string {
  if (kind === "space") return "";
  const set =
    kind === "number"
      ? `<mn>${escapeHtml(base)}</mn>`
      : kind === "word"
        ? `<mi mathvariant="normal">${escapeHtml(base)}</mi>`
        : kind === "symbol" && !/[Σ∑ᵀ]/u.test(base)
          ? `<mi>${escapeHtml(base)}</mi>`
          : lineOperator(base);
  if (sup !== "" && sub !== "") return `<msubsup>${set}${mathRow(sub)}${mathRow(sup)}</msubsup>`;
  if (sup !== "") return `<msup>${set}${mathRow(sup)}</msup>`;
  return sub === "" ? set : `<msub>${set}${mathRow(sub)}</msub>`;
}

/** A line of Unicode; the factors of a product stand apart. */
function lineMathml(line: string): string {
  const pieces = piecesOf(line);
  return row(
    pieces.map((piece, k) =>
      divides(pieces[k - 1], piece, pieces[k + 1]) ? '<mspace width="0.25em"/>' : mathPiece(piece),
    ),
  );
}

/** True if a space stands between two factors: operators bring their own room. */
const divides = (left: Piece | undefined, { kind }: Piece, right: Piece | undefined): boolean =>
  kind === "space" &&
  left !== undefined &&
  right !== undefined &&
  (left.kind !== "operator" || /[)\]]/u.test(left.base)) &&
  (right.kind !== "operator" || /[([√]/u.test(right.base));
