/** Where the report goes: to the terminal, to stdout as data, to files; and what is said when there is none. */

import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { UsageError } from "./arguments.ts";

/** What the command speaks with. */
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
}

/** Whether a stream shows colors, as people and terminals say. */
export function hasColor(stream: { readonly isTTY?: boolean }): boolean {
  const { NO_COLOR, FORCE_COLOR, TERM } = process.env;
  if (NO_COLOR !== undefined && NO_COLOR !== "") return false;
  if (FORCE_COLOR !== undefined && FORCE_COLOR !== "") return FORCE_COLOR !== "0";
  return stream.isTTY === true && TERM !== "dumb";
}

/** Writes a report to a file; JSON that is no report is somebody's work and stays. */
export function writeReport(path: string, shown: string, text: string, { tell }: Terminal): void {
  if (path.endsWith(".json") && existsSync(path) && !/"(?:handcheck|opcheck)\/1"/.test(readFileSync(path, "utf8"))) {
    throw new UsageError(`${shown} exists and is no report: it is not overwritten`, "give another name");
  }
  try {
    writeFileSync(path, text);
  } catch (error) {
    throw new UsageError(`${shown} cannot be written: ${(error as NodeJS.ErrnoException).code ?? String(error)}`, "does its folder exist?");
  }
  tell(`wrote ${shown}\n`);
}
