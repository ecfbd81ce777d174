/** The ways of a report: to the terminal, to stdout as data, to files; and what is said when there is none. */

import { existsSync, readFileSync, writeFileSync } from "node:fs";
import type { Language } from "../locales/words.ts";
import { progress, usageErrors } from "../locales/usage-errors.ts";
import { UsageError } from "./usage-error.ts";

/** The terminal with which the command speaks. */
export interface Terminal {
  /** The folder in which the user stands. */
  readonly from: string;
  /** Writes to stdout. */
  readonly print: (text: string) => void;
  /** Writes to stderr: what is not the report. */
  readonly tell: (text: string) => void;
  /** True if stdout is a screen that can be cleared. */
  readonly interactive: boolean;
  readonly color: boolean;
  /** Columns of a line. */
  readonly width: number;
  /** The language of the surroundings. */
  readonly lang: Language;
}

/** A line that is longer than this is hard to read, however wide the screen is; a narrower one holds no table. */
const [NARROWEST, WIDEST] = [40, 120];

/** The columns of a terminal, `COLUMNS` where it is none that tells, else 80. */
export function widthOf(stream: { readonly columns?: number }, env: NodeJS.ProcessEnv = process.env): number {
  const told = stream.columns ?? Number(env["COLUMNS"] ?? NaN);
  return Number.isFinite(told) && told > 0 ? Math.min(Math.max(told, NARROWEST), WIDEST) : 80;
}

/** The language that the surroundings ask for, where reports have it. */
export function languageOf(env: NodeJS.ProcessEnv = process.env): Language {
  const told = [env["LC_ALL"], env["LC_MESSAGES"], env["LANG"]].find((one) => one !== undefined && one !== "");
  return told !== undefined && /^zh/i.test(told) ? "zh" : "en";
}

/** True if a stream shows colors, as people and terminals say. */
export function hasColor(stream: { readonly isTTY?: boolean }): boolean {
  const { NO_COLOR, FORCE_COLOR, TERM } = process.env;
  if (NO_COLOR !== undefined && NO_COLOR !== "") return false;
  if (FORCE_COLOR !== undefined && FORCE_COLOR !== "") return FORCE_COLOR !== "0";
  return stream.isTTY === true && TERM !== "dumb";
}

/** The beginning of a file that this command has written, or a part of it. */
const ours = /"(?:handcheck|opcheck|class)\/1"|"output_format": "text"|^file,verdict,passed,given,|<testsuites>/;

/** Writes a report to a file; data that are no report are somebody's work and stay. */
export function writeReport(path: string, name: string, text: string, { tell, lang }: Terminal): void {
  if (/\.(?:json|csv|xml)$/i.test(path) && existsSync(path) && !ours.test(readFileSync(path, "utf8"))) {
    throw new UsageError(usageErrors.noReport({ name }), usageErrors.otherName);
  }
  try {
    writeFileSync(path, text);
  } catch (error) {
    const why = (error as NodeJS.ErrnoException).code ?? String(error);
    throw new UsageError(usageErrors.notWritten({ name, why }), usageErrors.folderExists);
  }
  tell(`${progress.wrote({ name })[lang]}\n`);
}
