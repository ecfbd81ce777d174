/** The network drawn as SVG, with one badge for each equation that leads to what is said of it. */

import type { Line, LineStatus } from "../../report.ts";
import { escapeHtml } from "../formula.ts";
import { columnsOf } from "../width.ts";
import { keyOf, type Row, type View } from "../view.ts";
import { phrases } from "../words.ts";

/** Layers of more units show the first and the last of them. */
const SHOWN = 6;
const STEP = 44;
const RADIUS = 13;
const BADGE = 24;

interface Column {
  readonly x: number;
  readonly units: number;
  /** The heights of the units that are drawn; `null` is the gap between the first and the last ones. */
  readonly spots: readonly (number | null)[];
}

function column(units: number, x: number, middle: number): Column {
  const count = Math.min(units, SHOWN);
  const top = middle - ((count - 1) * STEP) / 2;
  // The last but one place of a long layer says that units are left out.
  return { x, units, spots: Array.from({ length: count }, (_, k) => (units > SHOWN && k === SHOWN - 2 ? null : top + k * STEP)) };
}

/** What matters more stands in for several lines behind one badge. */
const gravity: readonly LineStatus[] = ["root", "nan", "shape", "undecided", "kink", "inherited", "convention", "missing", "ok"];

const gravest = (rows: readonly Row[]): Row => rows.reduce((worst, row) => (gravity.indexOf(row.status) < gravity.indexOf(worst.status) ? row : worst));

/** A pill with a link: the equation, what it gives, its mark. */
function badge(row: Row, label: string, x: number, y: number, mark: string, says: string): string {
  const text = `${label} ${mark}`;
  const width = columnsOf(text) * 8.4 + 22;
  return (
    `<a href="#${keyOf(row.line)}" class="badge ${row.status}" data-equation="${keyOf(row.line)}"><title>${escapeHtml(says)}</title>` +
    `<rect x="${x - width / 2}" y="${y - BADGE / 2}" width="${width}" height="${BADGE}" rx="${BADGE / 2}"/>` +
    `<text x="${x}" y="${y + 5}" text-anchor="middle">${escapeHtml(text)}</text></a>`
  );
}

/** An edge for each pair of units that are drawn. */
function edges(from: Column, to: Column): string {
  const lines = from.spots.flatMap((y1) => to.spots.map((y2) => (y1 === null || y2 === null ? "" : `M${from.x + RADIUS} ${y1}L${to.x - RADIUS} ${y2}`)));
  return `<path class="edge" d="${lines.join("")}"/>`;
}

function units({ x, units: count, spots }: Column, l: number): string {
  const circles = spots.map((y, k) =>
    y === null
      ? `<text class="gap" x="${x}" y="${spots[k - 1]! + STEP + 6}" text-anchor="middle">⋮</text>`
      : `<circle cx="${x}" cy="${y}" r="${RADIUS}" class="${l === 0 ? "input" : "unit"}"/>`,
  );
  return circles.join("") + (count > SHOWN ? `<text class="count" x="${x + RADIUS + 5}" y="${spots[SHOWN - 3]! + STEP + 4}">${count}</text>` : "");
}

/** The drawing; an empty text where the network is not known. */
export function graphSvg(view: View, sizes: readonly number[]): string {
  if (sizes.length < 2 || view.rows.length === 0) return "";
  const say = phrases[view.lang];
  const layers = sizes.length - 1;
  const gap = Math.max(190, Math.min(280, 760 / layers));
  const width = gap * layers + 190;
  const tallest = Math.min(SHOWN, Math.max(...sizes));
  const top = 96;
  const middle = top + ((tallest - 1) * STEP) / 2 + 26;
  const bottom = middle + ((tallest - 1) * STEP) / 2 + 48;
  const height = bottom + (view.rows.some(({ line }) => line.equation === "forward") ? 56 : 22);
  const columns = sizes.map((size, l) => column(size, 95 + l * gap, middle));

  const at = (test: (line: Line) => boolean): Row | null => {
    const found = view.rows.filter(({ line }) => test(line));
    return found.length === 0 ? null : gravest(found);
  };
  const drawn = (row: Row | null, label: string, x: number, y: number): string =>
    row === null ? "" : badge(row, label, x, y, say.mark[row.status], `${row.line.equation} ${row.line.name}: ${say.status[row.status]}`);

  const badges: string[] = [];
  for (let l = 1; l <= layers; l++) {
    const { x } = columns[l]!;
    const error = at(({ equation, layer }) => layer === l && (equation === "BP1" || equation === "BP2"));
    const between = (columns[l - 1]!.x + x) / 2;
    badges.push(
      drawn(error, `${error?.line.equation ?? ""} ${error?.line.name ?? ""}`, x, 34),
      drawn(at(({ equation, layer }) => layer === l && equation === "BP4"), "BP4 W", between, middle - ((tallest - 1) * STEP) / 2 - 14),
      drawn(at(({ equation, layer }) => layer === l && equation === "BP3"), "BP3 b", x, bottom),
      drawn(at(({ equation, layer }) => layer === l && equation === "forward"), "u v", x, bottom + 34),
      drawn(at(({ equation, layer }) => layer === l && (equation === "REG" || equation === "STEP")), "η λ", between, bottom),
    );
    // δ travels from the outputs down.
    if (l > 1) badges.push(`<path class="flow" marker-end="url(#head)" d="M${x - 66} 34L${columns[l - 1]!.x + 66} 34"/>`);
  }
  return (
    `<svg class="graph" viewBox="0 0 ${width} ${height}" role="group" aria-label="${escapeHtml(say.network)} ${escapeHtml(view.subject.sizes)}">` +
    '<defs><marker id="head" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="7" markerHeight="7" orient="auto"><path d="M0 0L8 4L0 8z" class="head"/></marker></defs>' +
    columns.slice(1).map((to, k) => edges(columns[k]!, to)).join("") +
    columns.map(units).join("") +
    columns.map(({ x }, l) => `<text class="layer" x="${x}" y="${top - 34}" text-anchor="middle">${l === 0 ? "x" : `v${superscript(l)}`}</text>`).join("") +
    `${badges.join("")}</svg>`
  );
}

const superscript = (l: number): string => Array.from(String(l)).map((digit) => "⁰¹²³⁴⁵⁶⁷⁸⁹"[Number(digit)]!).join("");
