/** Reads the words of a command line, and says of those that it cannot read what was probably meant. */

import { parseArgs } from "node:util";
import type { Command, Option } from "./usage.ts";

/** The command was called in a way that it does not know: exit status 64. */
export class UsageError extends Error {
  readonly advice: string;

  constructor(message: string, advice: string) {
    super(message);
    this.name = "UsageError";
    this.advice = advice;
  }
}

/** What was asked for. */
export interface Words {
  /** The values of options by name; a switch has "". Where an option is repeated the last one counts. */
  readonly options: ReadonlyMap<string, string>;
  readonly operands: readonly string[];
}

/** How many letters must change, be added, be left out or change places to make one word of the other. */
function distance(a: string, b: string): number {
  const rows = Array.from({ length: a.length + 1 }, (_, i) => [i, ...new Array<number>(b.length).fill(0)]);
  rows[0] = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i++) {
    for (let j = 1; j <= b.length; j++) {
      const change = rows[i - 1]![j - 1]! + (a[i - 1] === b[j - 1] ? 0 : 1);
      rows[i]![j] = Math.min(change, rows[i - 1]![j]! + 1, rows[i]![j - 1]! + 1);
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]) rows[i]![j] = Math.min(rows[i]![j]!, rows[i - 2]![j - 2]! + 1);
    }
  }
  return rows[a.length]![b.length]!;
}

/** The word that was probably meant; `null` where none is near. */
export function nearest(word: string, words: readonly string[]): string | null {
  const given = word.toLowerCase();
  const begun = words.filter((one) => given.length >= 2 && one.toLowerCase().startsWith(given));
  if (begun.length === 1) return begun[0]!;
  const ranked = words.map((one) => [distance(given, one.toLowerCase()), one] as const).sort(([a], [b]) => a - b);
  const [first] = ranked;
  return first !== undefined && given.length > 1 && first[0] <= Math.max(1, Math.floor(given.length / 3)) ? first[1] : null;
}

/** `; did you mean …?` where that can be guessed. */
export function guess(word: string, words: readonly string[], written: (word: string) => string = String): string {
  const meant = nearest(word, words);
  return meant === null ? "" : `; did you mean ${written(meant)}?`;
}

const pageOf = (command: Command): string => `chainrule ${command.name} --help lists what there is`;

/**
 * Gives each option whose file may be missing a value of its own: `-`, stdout, unless the next word is such a file and the
 * command still has something to read without it.
 */
export function settleFiles(words: readonly string[], command: Command): string[] {
  const optional = new Map<string, string>(command.options.flatMap(({ name, optionalFile }) => (optionalFile === undefined ? [] : [[`--${name}`, optionalFile] as const])));
  const valued = new Set(command.options.filter(({ value, optionalFile }) => value !== undefined && optionalFile === undefined).map(({ name }) => `--${name}`));
  const end = words.includes("--") ? words.indexOf("--") : words.length;
  const isFileOf = (at: number): boolean => {
    const ending = optional.get(words[at - 1] ?? "");
    return ending !== undefined && words[at]!.endsWith(ending);
  };
  const isOperand = (at: number): boolean => at > end || (!words[at]!.startsWith("-") && !valued.has(words[at - 1] ?? "") && !isFileOf(at));
  const hasInput = words.some((word, at) => isOperand(at) || /^--example(=|$)/.test(word));
  const settled: string[] = [];
  for (let at = 0; at < words.length; at++) {
    const word = words[at]!;
    const ending = at < end ? optional.get(word) : undefined;
    if (ending === undefined) {
      settled.push(word);
      continue;
    }
    const next = words[at + 1];
    const takes = next === "-" || (next !== undefined && !next.startsWith("-") && next.endsWith(ending) && hasInput);
    settled.push(`${word}=${takes ? next : "-"}`);
    if (takes) at++;
  }
  return settled;
}

function checkValue(option: Option, value: string, command: Command): void {
  if (option.choices !== undefined && !option.choices.includes(value)) {
    throw new UsageError(`--${option.name} ${value} is unknown${guess(value, option.choices)}`, `give one of ${option.choices.join(", ")}`);
  }
  if (option.value !== undefined && option.optionalFile === undefined && value === "") throw new UsageError(`--${option.name} has an empty value`, pageOf(command));
}

/** The options and operands among the words after a subcommand. */
export function read(words: readonly string[], command: Command): Words {
  const known = new Map(command.options.map((option) => [option.name, option]));
  const { tokens } = parseArgs({
    args: settleFiles(words, command),
    options: Object.fromEntries(command.options.map(({ name, value }) => [name, name === "help" ? { type: "boolean" as const, short: "h" } : { type: value === undefined ? ("boolean" as const) : ("string" as const) }])),
    strict: false,
    allowPositionals: true,
    tokens: true,
  });
  const options = new Map<string, string>();
  const operands: string[] = [];
  for (const token of tokens) {
    if (token.kind === "positional") operands.push(token.value);
    if (token.kind !== "option") continue;
    const option = known.get(token.name);
    if (option === undefined) throw new UsageError(`unknown option ${token.rawName}${guess(token.name, [...known.keys()], (name) => `--${name}`)}`, pageOf(command));
    if (option.value === undefined) {
      if (token.value !== undefined) throw new UsageError(`--${option.name} takes no value`, pageOf(command));
      options.set(option.name, "");
      continue;
    }
    // A word that looks like an option is one: the value was left out.
    if (token.value === undefined || (!token.inlineValue && token.value.startsWith("--"))) throw new UsageError(`--${option.name} needs a value: ${option.value}`, option.about);
    checkValue(option, token.value, command);
    options.set(option.name, token.value);
  }
  return { options, operands };
}

/** A number in a range. */
export function numberOf(words: Words, name: string, { least, most, whole }: { readonly least: number; readonly most: number; readonly whole: boolean }): number | null {
  const text = words.options.get(name);
  if (text === undefined) return null;
  const value = Number(text);
  if (text.trim() === "" || !(value >= least && value <= most) || (whole && !Number.isInteger(value))) {
    throw new UsageError(`--${name} ${text} is no ${whole ? "whole " : ""}number from ${least} to ${most}`, `such as --${name} ${Math.max(least, 1)}`);
  }
  return value;
}
