/**
 * One line that is written anew at each iteration on a terminal; some plain lines where the output is a file or a pipe.
 */

import { ConfigError } from "../errors.ts";
import type { OptionKind } from "../options.ts";

/** The part of a stream of Node that is needed here; anything with `write` will do. */
export interface ProgressStream {
  write(text: string): unknown;
  readonly isTTY?: boolean;
  readonly columns?: number;
}

/** The numbers of a line. */
export interface ProgressNumbers {
  readonly iteration: number;
  readonly value: number;
  readonly slope: number;
  readonly step: number;
}

export interface Progress {
  show(numbers: ProgressNumbers): void;
  end(): void;
}

const isStream = (value: unknown): value is ProgressStream =>
  typeof value === "object" && value !== null && "write" in value && typeof value.write === "function";

export const progressOption: OptionKind = {
  takes: "true, false, or a stream with write",
  type: "boolean",
  accepts: (value) => typeof value === "boolean" || isStream(value),
};

/** A terminal that does not say how wide it is. */
const COLUMNS = 80;
/** Erases what stands in the line, and goes to its beginning. */
const ANEW = "\r\u001B[2K";

/**
 * Shows progress where it is wanted.
 *
 * @param op - what stands at the beginning of the line
 * @throws ConfigError where there is no terminal to write to
 */
export function progressOf(op: string, wanted: boolean | ProgressStream | undefined): Progress | null {
  if (wanted === undefined || wanted === false) return null;
  const stream = wanted === true ? errorStream(op) : wanted;
  const isTerminal = stream.isTTY === true;
  let last: ProgressNumbers | null = null;
  let shown = -1;
  const line = (numbers: ProgressNumbers): string =>
    progressLine(op, numbers, isTerminal ? (stream.columns ?? COLUMNS) - 1 : Infinity);
  const write = (numbers: ProgressNumbers): void => {
    shown = numbers.iteration;
    stream.write(isTerminal ? `${ANEW}${line(numbers)}` : `${line(numbers)}\n`);
  };
  return {
    show(numbers) {
      last = numbers;
      if (isTerminal || isRound(numbers.iteration)) write(numbers);
    },
    end() {
      if (last === null) return;
      if (shown !== last.iteration) write(last);
      if (isTerminal) stream.write("\n");
    },
  };
}

/** 0, 1, …, 9, 10, 20, …, 90, 100, 200, …: a file gets a few lines for each power of ten. */
function isRound(iteration: number): boolean {
  return iteration < 10 || iteration % 10 ** Math.floor(Math.log10(iteration)) === 0;
}

/**
 * Iteration, value, slope and step, as many of them as fit into a width: a part that does not is left out, never cut in
 * two.
 */
export function progressLine(op: string, { iteration, value, slope, step }: ProgressNumbers, width: number): string {
  const parts = [
    `${iteration}`.padStart(4),
    `value ${show(value, 10)}`,
    `step ${show(step, 1)}`,
    `slope ${show(slope, 1)}`,
  ];
  let line = op;
  for (const part of parts) {
    if (line.length + 2 + part.length > width) break;
    line += `  ${part}`;
  }
  return line.slice(0, Math.max(0, width));
}

function show(value: number, digits: number): string {
  return Number.isFinite(value) ? value.toExponential(digits) : String(value);
}

function errorStream(op: string): ProgressStream {
  const host = (globalThis as { readonly process?: { readonly stderr?: unknown } }).process?.stderr;
  if (isStream(host)) return host;
  throw new ConfigError({
    op,
    problem: "progress is true, and there is no terminal here",
    hint: "give a stream: { progress: { write: (text) => … } }, or a callback",
  });
}
