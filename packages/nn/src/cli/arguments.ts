/** Reads the words of a command line, and says of those that it cannot read what was probably meant. */

import { parseArgs } from "node:util";
import { usageErrors } from "../locales/usage-errors.ts";
import { near } from "./near.ts";
import { UsageError } from "./usage-error.ts";
import type { Command, Option } from "./usage.ts";

/** The words of a command line, read. */
export interface Words {
  /** The values of options by name; a switch has "". Where an option is repeated the last one counts. */
  readonly options: ReadonlyMap<string, string>;
  readonly operands: readonly string[];
}

const pageOf = ({ name }: Command): ReturnType<typeof usageErrors.help> => usageErrors.help({ command: name });

/**
 * Gives each option whose file may be missing a value of its own: `-`, stdout, unless the next word is such a file and
 * the command still has something to read without it.
 */
export function settleFiles(words: readonly string[], command: Command): string[] {
  const optional = new Map<string, string>(
    command.options.flatMap(({ name, optionalFile }) =>
      optionalFile === undefined ? [] : [[`--${name}`, optionalFile] as const],
    ),
  );
  const valued = new Set(
    command.options
      .filter(({ value, optionalFile }) => value !== undefined && optionalFile === undefined)
      .map(({ name }) => `--${name}`),
  );
  const end = words.includes("--") ? words.indexOf("--") : words.length;
  const isFileOf = (at: number): boolean => {
    const ending = optional.get(words[at - 1] ?? "");
    return ending !== undefined && words[at]!.endsWith(ending);
  };
  const isOperand = (at: number): boolean =>
    at > end || (!words[at]!.startsWith("-") && !valued.has(words[at - 1] ?? "") && !isFileOf(at));
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

async function checkValue(option: Option, value: string, command: Command): Promise<void> {
  const { choices, accepts } = (await option.names?.()) ?? { choices: option.choices, accepts: (): boolean => false };
  if (choices !== undefined && !choices.includes(value) && !accepts(value)) {
    throw new UsageError(
      usageErrors.unknownValue({ name: option.name, value, near: near(value, choices) }),
      usageErrors.giveOneOf({ choices }),
    );
  }
  if (option.value !== undefined && option.optionalFile === undefined && value === "")
    throw new UsageError(usageErrors.emptyValue({ name: option.name }), pageOf(command));
}

/** The options and operands among the words after a subcommand. */
export async function read(words: readonly string[], command: Command): Promise<Words> {
  const known = new Map(command.options.map((option) => [option.name, option]));
  const { tokens } = parseArgs({
    args: settleFiles(words, command),
    options: Object.fromEntries(
      command.options.map(({ name, value }) => [
        name,
        name === "help"
          ? { type: "boolean" as const, short: "h" }
          : { type: value === undefined ? ("boolean" as const) : ("string" as const) },
      ]),
    ),
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
    if (option === undefined)
      throw new UsageError(
        usageErrors.unknownOption({
          name: token.rawName,
          near: near(token.name, [...known.keys()], (name) => `--${name}`),
        }),
        pageOf(command),
      );
    if (option.value === undefined) {
      if (token.value !== undefined)
        throw new UsageError(usageErrors.takesNoValue({ name: option.name }), pageOf(command));
      options.set(option.name, "");
      continue;
    }
    // A word that looks like an option is one: the value was left out.
    if (token.value === undefined || (!token.inlineValue && token.value.startsWith("--")))
      throw new UsageError(
        usageErrors.needsValue({ name: option.name, value: option.value }),
        usageErrors.valueIs({ about: option.about, command: command.name }),
      );
    await checkValue(option, token.value, command);
    options.set(option.name, token.value);
  }
  return { options, operands };
}

/** A number in a range. */
export function numberOf(
  words: Words,
  name: string,
  { least, most, whole }: { readonly least: number; readonly most: number; readonly whole: boolean },
): number | null {
  const text = words.options.get(name);
  if (text === undefined) return null;
  const value = Number(text);
  if (text.trim() === "" || !(value >= least && value <= most) || (whole && !Number.isInteger(value))) {
    throw new UsageError(
      usageErrors.noNumber({ name, text, whole, least, most }),
      usageErrors.suchAs({ example: `--${name} ${Math.max(least, 1)}` }),
    );
  }
  return value;
}
