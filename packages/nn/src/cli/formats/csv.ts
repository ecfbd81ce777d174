/** Marks as CSV (RFC 4180): a line for each file, for a spreadsheet. */

import type { Judged } from "./judged.ts";

const columns = ["file", "verdict", "passed", "given", "points", "open", "of", "roots", "says"] as const;

/** A field in quotes where it needs them; one that a spreadsheet would compute is text. */
function field(value: string | number | null): string {
  const text = String(value ?? "").replace(/\s*\n\s*/g, " ");
  const harmless = typeof value === "string" && /^[=+\-@\t\r]/.test(text) ? `'${text}` : text;
  return /[",\r\n]|^\s|\s$/.test(harmless) ? `"${harmless.replaceAll('"', '""')}"` : harmless;
}

const row = ({ file, verdict, passed, given, points, roots, sentence }: Judged): (string | number | null)[] => [
  file,
  verdict,
  passed,
  given,
  points?.gained ?? null,
  points?.open ?? null,
  points?.of ?? null,
  roots.join("; "),
  sentence,
];

/** The table, its lines ended as spreadsheets end them. */
export const csv = (all: readonly Judged[]): string =>
  [columns, ...all.map(row)].map((fields) => `${fields.map(field).join(",")}\r\n`).join("");
