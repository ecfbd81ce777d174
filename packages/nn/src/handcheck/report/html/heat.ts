/** Three maps of one tensor side by side, yours, correct and their ratio, with the entry that differs most framed. */

import { locales } from "../../../locales/report.ts";
import type { Language } from "../../../locales/words.ts";
import type { Numbers } from "../document.ts";
import { digits, pair, ratio } from "../numbers.ts";
import { escapeHtml } from "./mathml.ts";

/** The most rows and columns that are drawn; of a larger tensor the part around the worst entry. */
const WINDOW = 24;

interface Window {
  readonly row: number;
  readonly column: number;
  readonly rows: number;
  readonly columns: number;
}

function windowOf(compared: Numbers, [i, j]: readonly [number, number]): Window {
  const [height, width] = [compared.correct.length, compared.correct[0]?.length ?? 0];
  const start = (at: number, size: number): number => Math.max(0, Math.min(at - WINDOW / 2, size - WINDOW));
  return {
    row: start(i, height),
    column: start(j, width),
    rows: Math.min(height, WINDOW),
    columns: Math.min(width, WINDOW),
  };
}

interface Shade {
  readonly sign: "plus" | "minus" | "broken";
  /** From 0 to 100. */
  readonly strength: number;
}

const shade = (value: number, largest: number): Shade =>
  Number.isFinite(value)
    ? {
        sign: value < 0 ? "minus" : "plus",
        strength: largest === 0 ? 0 : Math.round(100 * Math.sqrt(Math.min(1, Math.abs(value) / largest))),
      }
    : { sign: "broken", strength: 100 };

/** Of a ratio: nothing where it is 1, strong where it is 16 times too much or too little, or has the wrong sign. */
function ratioShade(yours: number, correct: number): Shade {
  if (yours === correct) return { sign: "plus", strength: 0 };
  const quotient = yours / correct;
  if (Number.isNaN(yours) || Number.isNaN(correct)) return { sign: "broken", strength: 100 };
  if (quotient <= 0 || !Number.isFinite(quotient)) return { sign: "minus", strength: 100 };
  const octaves = Math.log2(quotient);
  return { sign: octaves < 0 ? "minus" : "plus", strength: Math.min(100, Math.round(25 * Math.abs(octaves))) };
}

const CELL = 14;

function map(
  title: string,
  compared: Numbers,
  seen: Window,
  worst: readonly [number, number],
  keys: string,
  shadeAt: (i: number, j: number) => Shade,
  sayAt: (i: number, j: number) => string,
): string {
  const size = Math.max(CELL, Math.min(40, Math.floor(168 / Math.max(seen.rows, seen.columns))));
  let cells = "";
  for (let i = seen.row; i < seen.row + seen.rows; i++) {
    for (let j = seen.column; j < seen.column + seen.columns; j++) {
      const { sign, strength } = shadeAt(i, j);
      const [x, y] = [(j - seen.column) * size + 2, (i - seen.row) * size + 2];
      cells += `<rect class="${sign}" style="--s:${strength}%" x="${x}" y="${y}" width="${size - 1}" height="${size - 1}" data-v="[${i}, ${j}] ${sayAt(i, j)}"/>`;
    }
  }
  const [x, y] = [(worst[1] - seen.column) * size + 1, (worst[0] - seen.row) * size + 1];
  const [width, height] = [seen.columns * size + 4, seen.rows * size + 4];
  return (
    `<figure><figcaption>${escapeHtml(title)}</figcaption><svg class="heat" tabindex="0" data-columns="${seen.columns}" ` +
    `viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" role="img" aria-label="${escapeHtml(`${title}. ${keys}`)}">` +
    `${cells}<rect class="worst" x="${x}" y="${y}" width="${size + 1}" height="${size + 1}"/></svg></figure>`
  );
}

/** As many entries stand in the table: those that differ most. */
const ROWS = 64;

/** The entries as a table, for who does not see the maps or wants the numbers. */
function table({ yours, correct }: Numbers, lang: Language): string {
  const say = locales[lang];
  const all = correct.flatMap((row, i) =>
    row.map((right, j) => {
      const own = yours[i]?.[j] ?? NaN;
      const off = Math.abs(own - right);
      return { i, j, own, right, off: Number.isNaN(off) ? Infinity : off };
    }),
  );
  const shown = all.sort((a, b) => b.off - a.off).slice(0, ROWS);
  const rows = shown.map(({ i, j, own, right }) => {
    const [a, b] = pair(own, right);
    return `<tr><th scope="row">[${i}, ${j}]</th><td>${a}</td><td>${b}</td><td>${ratio(own, right) ?? ""}</td></tr>`;
  });
  const head = [say.entry, say.yours, say.correct, say.ratio]
    .map((title) => `<th scope="col">${escapeHtml(title)}</th>`)
    .join("");
  const summary = escapeHtml(say.entries({ shown: shown.length, all: all.length }));
  const table = `<table><thead><tr>${head}</tr></thead><tbody>${rows.join("")}</tbody></table>`;
  return `<details class="entries"><summary>${summary}</summary>${table}</details>`;
}

/** The three maps and, beneath, the entry under the pointer: at first the worst one. */
export function heatMaps(compared: Numbers, lang: Language): string {
  const say = locales[lang];
  const { worst } = compared;
  const seen = windowOf(compared, worst);
  const yours = (i: number, j: number): number => compared.yours[i]?.[j] ?? NaN;
  const correct = (i: number, j: number): number => compared.correct[i]![j]!;
  let largest = 0;
  for (const row of compared.correct)
    for (const value of row) if (Number.isFinite(value)) largest = Math.max(largest, Math.abs(value));
  const [worstYours, worstCorrect] = pair(yours(...worst), correct(...worst));
  const total = `${compared.correct.length} × ${compared.correct[0]?.length ?? 0}`;
  const part = seen.rows < compared.correct.length || seen.columns < (compared.correct[0]?.length ?? 0);
  const range = part
    ? `, [${seen.row}…${seen.row + seen.rows - 1}, ${seen.column}…${seen.column + seen.columns - 1}]`
    : "";
  const quotient = ratio(yours(...worst), correct(...worst));
  return (
    `<div class="maps">${[
      map(
        say.yours,
        compared,
        seen,
        worst,
        say.keys,
        (i, j) => shade(yours(i, j), largest),
        (i, j) => digits(yours(i, j)),
      ),
      map(
        say.correct,
        compared,
        seen,
        worst,
        say.keys,
        (i, j) => shade(correct(i, j), largest),
        (i, j) => digits(correct(i, j)),
      ),
      map(
        say.ratio,
        compared,
        seen,
        worst,
        say.keys,
        (i, j) => ratioShade(yours(i, j), correct(i, j)),
        (i, j) => ratio(yours(i, j), correct(i, j)) ?? digits(yours(i, j) - correct(i, j)),
      ),
    ].join("")}</div>` +
    `<p class="readout" aria-live="polite">${total}${range} · ${escapeHtml(`[${worst.join(", ")}] ${say.yours} ${worstYours}, ${say.correct} ${worstCorrect}${quotient === null ? "" : `, ${say.ratio} = ${quotient}`}`)}</p>${table(compared, lang)}`
  );
}
