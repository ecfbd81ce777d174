/** Boxes of characters: two-dimensional formulas in plain text, joined along their base lines. */

import type { Name } from "../language/names.ts";
import type { Painter } from "./draw.ts";

/** Rows of one width; `base` is the row that stands on the line. */
export interface Box {
  readonly rows: readonly string[];
  readonly base: number;
  readonly width: number;
}

/** The columns that a text takes in a terminal: a Chinese character takes two. */
export function columnsOf(text: string): number {
  let columns = 0;
  // Double quotation marks stand among Chinese text only, where they are wide.
  for (const character of text) columns += /[\u2e80-\ua4cf\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60“”]/u.test(character) ? 2 : 1;
  return columns;
}

export const padded = (text: string, width: number): string => text + " ".repeat(Math.max(0, width - columnsOf(text)));

const centered = (text: string, width: number): string => {
  const left = Math.floor((width - columnsOf(text)) / 2);
  return padded(" ".repeat(Math.max(0, left)) + text, width);
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

export const superscript = (text: string): string => small(text, superscripts, "^");
export const subscript = (text: string): string => small(text, subscripts, "_");

/** A name on one line: wₘᵢ, δ⁽²⁾ⱼ, W2[d,j]. */
function nameText(name: Name): string {
  // Letters run together; numbers of two digits would not be told apart.
  const apart = name.indices.some((index) => index.length > 1 && /^\d/.test(index)) ? "," : "";
  const indices = name.indices.length === 0 ? "" : name.indexMark === "brackets" ? `[${name.indices.join(",")}]` : name.indices.map(subscript).join(apart);
  const marks = { superscript: superscript(name.layer), parentheses: superscript(`(${name.layer})`), brackets: `[${name.layer}]`, suffix: name.layer };
  const layer = name.layer === "" ? "" : marks[name.layerMark];
  const sample = name.sample === "" ? "" : name.sampleMark === "parentheses" ? `(${name.sample})` : subscript(name.sample);
  return `${name.base}${name.layerMark === "brackets" || name.layerMark === "suffix" ? layer + indices : indices + layer}${sample}${name.after}`;
}

/** Text pieces; `flat` keeps everything on one line, for formulas among words. */
export function textPainter(flat: boolean): Painter<Box> {
  const wrapped = (left: string, inside: Box, right: string): Box => beside([fence(left, inside, flat), inside, fence(right, inside, flat)]);
  return {
    name: (name) => box(nameText(name)),
    sigma: (base, layer, slope) => box(`${base}${subscript(layer)}${slope ? "′" : ""}`),
    number: (digits, exponent) => box(exponent === null ? digits : `${digits}·10${superscript(String(exponent).replace("-", "−"))}`),
    word: (text) => box(text),
    sign: (sign, spaced) => box(sign === "" ? " " : sign === "," ? ", " : spaced ? ` ${sign} ` : sign),
    row: beside,
    fraction: (top, bottom) => (flat ? beside([simple(top), box("/"), simple(bottom)]) : stacked(top, bottom)),
    raised: (base, exponent) => beside([base, box(superscript(exponent.rows[0]!))]),
    sum: (letter) => box(`Σ${subscript(letter)} `),
    parentheses: (inside) => wrapped("(", inside, ")"),
    brackets: (inside) => wrapped("[", inside, "]"),
    matrix: (rows) => matrixBox(rows, flat),
    under: (piece, note) => noted(piece, note),
  };
}

/** Parentheses around what would otherwise be read apart. */
function simple(piece: Box): Box {
  return piece.rows.length === 1 && / [+·*] | − |⊙/.test(piece.rows[0]!) ? beside([box("("), piece, box(")")]) : piece;
}

function stacked(top: Box, bottom: Box): Box {
  const width = Math.max(top.width, bottom.width);
  const rows = [...top.rows.map((row) => centered(row, width)), "─".repeat(width), ...bottom.rows.map((row) => centered(row, width))];
  return { rows, base: top.rows.length, width };
}

const tall: Readonly<Record<string, readonly [string, string, string]>> = { "(": ["⎛", "⎜", "⎝"], ")": ["⎞", "⎟", "⎠"], "[": ["⎡", "⎢", "⎣"], "]": ["⎤", "⎥", "⎦"] };

/** A parenthesis as high as what it holds; a note under the line does not make it higher. */
function fence(sign: string, inside: Box, flat: boolean): Box {
  const height = inside.rows.length;
  if (flat || height === 1 || (inside.base === 0 && height === 2)) return box(sign);
  const [first, middle, last] = tall[sign]!;
  return { rows: Array.from({ length: height }, (_, y) => (y === 0 ? first : y === height - 1 ? last : middle)), base: inside.base, width: 1 };
}

/** More rows or columns than this are printed with dots in their middle. */
const MOST = 5;

function elided<T>(list: readonly T[], dots: T): T[] {
  return list.length <= MOST ? [...list] : [...list.slice(0, MOST - 2), dots, list.at(-1)!];
}

function matrixBox(rows: readonly (readonly Box[])[], flat: boolean): Box {
  const dots = (rows[0] ?? []).map(() => box("⋮"));
  const shown = elided(rows, dots).map((row) => elided(row, box("⋯")));
  if (flat) return box(`[${shown.map((row) => row.map((cell) => cell.rows[0]!).join(" ")).join("; ")}]`);
  const widths = (shown[0] ?? []).map((_, k) => Math.max(...shown.map((row) => row[k]!.width)));
  const lines = shown.map((row) => row.map((cell, k) => " ".repeat(widths[k]! - cell.width) + cell.rows[0]!).join("  "));
  const body: Box = { rows: lines, base: Math.floor((lines.length - 1) / 2), width: columnsOf(lines[0] ?? "") };
  // A matrix has its own brackets even on a single row.
  const edge = (sign: "[" | "]"): Box => (lines.length === 1 ? box(sign) : fenceOf(sign, body));
  return beside([edge("["), body, edge("]")]);
}

function fenceOf(sign: "[" | "]", body: Box): Box {
  const [first, middle, last] = tall[sign]!;
  const height = body.rows.length;
  return { rows: body.rows.map((_, y) => (y === 0 ? first : y === height - 1 ? last : middle)), base: body.base, width: 1 };
}

function noted(piece: Box, note: string): Box {
  const width = Math.max(piece.width, columnsOf(note));
  return { rows: [...piece.rows.map((row) => centered(row, width)), centered(note, width)], base: piece.base, width };
}
