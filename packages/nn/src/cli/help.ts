/** The pages of help: 80 columns, made from the table of options. */

import { columnsOf, pad, wrap } from "../handcheck/report/width.ts";
import { mistakeGroups } from "../handcheck/catalogue/mistakes.ts";
import { commands, type Command, type Option } from "./usage.ts";

const WIDTH = 80;

const written = ({ name, value }: Option): string => `${name === "help" ? "-h, " : ""}--${name}${value === undefined ? "" : ` ${value}`}`;

/** Two columns: terms, and what they mean, wrapped beside them. */
function definitions(rows: readonly (readonly [string, string])[]): string[] {
  const widest = Math.min(22, Math.max(...rows.map(([term]) => columnsOf(term))));
  return rows.flatMap(([term, meaning]) => {
    const lines = wrap(meaning, WIDTH - widest - 4);
    const first = columnsOf(term) > widest ? [`  ${term}`, `  ${" ".repeat(widest)}  ${lines[0]!}`] : [`  ${pad(term, widest)}  ${lines[0]!}`];
    return [...first, ...lines.slice(1).map((line) => `  ${" ".repeat(widest)}  ${line}`)];
  });
}

const meaning = ({ about, choices, name }: Option): string =>
  choices === undefined || name === "hints" ? about : `${about}; one of ${choices.join(", ")}`;

const examples = (rows: Command["examples"]): string[] => rows.flatMap(([command, says]) => [`  ${command}`, `      ${says}`]);

/** The page of one command. */
export function page(command: Command): string {
  return [
    `Usage: ${command.synopsis}`,
    "",
    ...wrap(command.about, WIDTH),
    "",
    ...(command.details === undefined ? [] : [command.details, ""]),
    "Options:",
    ...definitions(command.options.map((option) => [written(option), meaning(option)])),
    "",
    "Examples:",
    ...examples(command.examples),
    "",
  ].join("\n");
}

/** The page of all mistakes that have a name. */
export function mistakes(): string {
  return [
    "The mistakes that have a name, by the ids that reports give",
    ...mistakeGroups.flatMap(({ letter, name, mistakes: all }) => ["", `${letter}, ${name}:`, ...definitions(all.map(({ id, short }) => [id, short]))]),
    "",
  ].join("\n");
}

/** The page of the whole program. */
export function overview(): string {
  return [
    "chainrule: is a backprop derived by hand right? If not, which equation is wrong?",
    "",
    "Usage: chainrule COMMAND [options]",
    "",
    "Commands:",
    ...definitions(commands.map(({ name, about }) => [name, about])),
    "",
    "Options:",
    ...definitions([["-h, --help", "this page; chainrule COMMAND --help for a command's"], ["--version", "the version"]]),
    "",
    "Examples:",
    ...examples(commands.flatMap((command) => command.examples.slice(0, 2)).slice(0, 4)),
    "",
  ].join("\n");
}
