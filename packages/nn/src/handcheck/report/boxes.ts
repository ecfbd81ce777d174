/** Boxes of characters: two-dimensional formulas in plain text, joined along their base lines. */

import { elided, type Formula, type Name } from "./formula.ts";
import { columnsOf, pad } from "./width.ts";

/** Rows of one width; `base` is the row that stands on the line. */
export interface Box {
  readonly rows: readonly string[];
  readonly base: number;
  readonly width: number;
}

const centered = (text: string, width: number): string => {
  const left = Math.floor((width - columnsOf(text)) / 2);
  return pad(" ".repeat(Math.max(0, left)) + text, width);
};

export function box(text: string): Box {
  return { rows: [text], base: 0, width: columnsOf(text) };
}

/** Boxes side by side on one line. */
export function beside(boxes: readonly Box[]): Box {
  const above = Math.max(0, ...boxes.map(({ base }) => base));
  const below = Math.max(0, ...boxes.map(({ rows, base }) => rows.length - 1 - base));
  const rows = Array.from({ length: above + 1 + below }, (_, y) =>
    boxes.map((one) => one.rows[y - above + one.base] ?? " ".repeat(one.width)).join(""),
  );
  return { rows, base: above, width: boxes.reduce((width, one) => width + one.width, 0) };
}

const alphabet = (plain: string, small: string): Readonly<Record<string, string>> => {
  const letters = Array.from(small);
  return Object.fromEntries(Array.from(plain).map((letter, k) => [letter, letters[k]!]));
};
const superscripts = alphabet("0123456789+−()lLMIJTn", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁽⁾ˡᴸᴹᴵᴶᵀⁿ");
const subscripts = alphabet("0123456789+−()ehijklmnoprstuvx′", "₀₁₂₃₄₅₆₇₈₉₊₋₍₎ₑₕᵢⱼₖₗₘₙₒₚᵣₛₜᵤᵥₓ′");

function small(text: string, signs: Readonly<Record<string, string>>, mark: string): string {
  const letters = Array.from(text).map((letter) => signs[letter]);
  if (letters.every((letter) => letter !== undefined)) return letters.join("");
  return letters.length === 1 ? `${mark}${text}` : `${mark}{${text}}`;
}

const superscript = (text: string): string => small(text, superscripts, "^");
const subscript = (text: string): string => small(text, subscripts, "_");

/** A name on one line: wₘᵢ, δ⁽²⁾ⱼ, W2[d,j]. */
function nameText(name: Name): string {
  // Letters run together; numbers of two digits would not be told apart.
  const apart = name.indices.some((index) => index.length > 1 && /^\d/.test(index)) ? "," : "";
  const indices =
    name.indices.length === 0
      ? ""
      : name.indexMark === "brackets"
        ? `[${name.indices.join(",")}]`
        : name.indices.map(subscript).join(apart);
  const marks = {
    superscript: superscript(name.layer),
    parentheses: superscript(`(${name.layer})`),
    brackets: `[${name.layer}]`,
    suffix: name.layer,
  };
  const layer = name.layer === "" ? "" : marks[name.layerMark];
  const sample =
    name.sample === "" ? "" : name.sampleMark === "parentheses" ? `(${name.sample})` : subscript(name.sample);
  return `${name.base}${name.layerMark === "brackets" || name.layerMark === "suffix" ? layer + indices : indices + layer}${sample}${name.after}`;
}

/**
 * A formula as a box; `flat` keeps everything on one line, without the notes under symbols, for formulas among words.
 */
export function boxOf(formula: Formula, flat: boolean): Box {
  const part = (one: Formula): Box => boxOf(one, flat);
  switch (formula.kind) {
    case "row":
      return beside(formula.parts.map(part));
    case "name":
      return box(nameText(formula.name));
    case "sigma":
      return box(`${formula.base}${subscript(formula.layer)}${formula.slope ? "′" : ""}`);
    case "number":
      return box(
        formula.exponent === null
          ? formula.digits
          : `${formula.digits}·10${superscript(String(formula.exponent).replace("-", "−"))}`,
      );
    case "word":
      return box(formula.text);
    case "sign":
      return box(
        formula.sign === "" ? " " : formula.sign === "," ? ", " : formula.spaced ? ` ${formula.sign} ` : formula.sign,
      );
    case "fraction":
      return flat
        ? beside([simple(part(formula.top)), box("/"), simple(part(formula.bottom))])
        : stacked(part(formula.top), part(formula.bottom));
    case "raised":
      return beside([part(formula.base), box(superscript(part(formula.exponent).rows[0]!))]);
    case "sum":
      return box(`Σ${subscript(formula.over)} `);
    case "fenced": {
      const inside = part(formula.inside);
      return beside([
        fence(formula.fence, inside, flat),
        inside,
        fence(formula.fence === "(" ? ")" : "]", inside, flat),
      ]);
    }
    case "matrix":
      return matrixBox(
        formula.rows.map((row) => row.map(part)),
        flat,
      );
    case "under":
      return flat ? part(formula.of) : noted(part(formula.of), formula.note);
    case "line":
      return box(formula.text);
  }
}

/** A formula on one line. */
export const flatText = (formula: Formula): string => boxOf(formula, true).rows[0]!;

/** Parentheses around what would otherwise be read apart. */
function simple(piece: Box): Box {
  return piece.rows.length === 1 && / [+·*] | − |⊙/.test(piece.rows[0]!) ? beside([box("("), piece, box(")")]) : piece;
}

function stacked(top: Box, bottom: Box): Box {
  const width = Math.max(top.width, bottom.width);
  const rows = [
    ...top.rows.map((row) => centered(row, width)),
    "─".repeat(width),
    ...bottom.rows.map((row) => centered(row, width)),
  ];
  return { rows, base: top.rows.length, width };
}

const tall: Readonly<Record<string, readonly [string, string, string]>> = {
  "(": ["⎛", "⎜", "⎝"],
  ")": ["⎞", "⎟", "⎠"],
  "[": ["⎡", "⎢", "⎣"],
  "]": ["⎤", "⎥", "⎦"],
};

/** A parenthesis as high as what it holds; a note under the line does not make it higher. */
function fence(sign: string, inside: Box, flat: boolean): Box {
  const height = inside.rows.length;
  if (flat || height === 1 || (inside.base === 0 && height === 2)) return box(sign);
  const [first, middle, last] = tall[sign]!;
  return {
    rows: Array.from({ length: height }, (_, y) => (y === 0 ? first : y === height - 1 ? last : middle)),
    base: inside.base,
    width: 1,
  };
}

/** Matrices with more rows or columns than this are printed with dots in their middle. */
const MOST = 5;

function matrixBox(rows: readonly (readonly Box[])[], flat: boolean): Box {
  const dots = (rows[0] ?? []).map(() => box("⋮"));
  const shown = elided(rows, dots, MOST).map((row) => elided(row, box("⋯"), MOST));
  if (flat) return box(`[${shown.map((row) => row.map((cell) => cell.rows[0]!).join(" ")).join("; ")}]`);
  const widths = (shown[0] ?? []).map((_, k) => Math.max(...shown.map((row) => row[k]!.width)));
  const lines = shown.map((row) =>
    row.map((cell, k) => " ".repeat(widths[k]! - cell.width) + cell.rows[0]!).join("  "),
  );
  const body: Box = { rows: lines, base: Math.floor((lines.length - 1) / 2), width: columnsOf(lines[0] ?? "") };
  // A matrix has its own brackets even on a single row.
  const edge = (sign: "[" | "]"): Box => (lines.length === 1 ? box(sign) : fenceOf(sign, body));
  return beside([edge("["), body, edge("]")]);
}

function fenceOf(sign: "[" | "]", body: Box): Box {
  const [first, middle, last] = tall[sign]!;
  const height = body.rows.length;
  return {
    rows: body.rows.map((_, y) => (y === 0 ? first : y === height - 1 ? last : middle)),
    base: body.base,
    width: 1,
  };
}

function noted(piece: Box, note: string): Box {
  const width = Math.max(piece.width, columnsOf(note));
  return { rows: [...piece.rows.map((row) => centered(row, width)), centered(note, width)], base: piece.base, width };
}
