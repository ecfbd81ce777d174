/** The pages of help, as wide as the terminal, made from the table of options. */

import { columnsOf, pad, wrap } from "../handcheck/report/width.ts";
import { mistakeGroups } from "../handcheck/catalogue/mistakes.ts";
import { commands, type Command, type Definitions, type Meaning, type Option } from "./usage.ts";

const written = ({ name, value }: Option): string =>
  `${name === "help" ? "-h, " : ""}--${name}${value === undefined ? "" : ` ${value}`}`;

/** Of a narrow page terms have a third. */
const widestTerm = (width: number): number => Math.min(22, Math.floor(width / 3));

/** Paragraphs, and definitions among them. */
const linesOf = (meaning: Meaning, width: number): string[] =>
  typeof meaning === "string" ? wrap(meaning, width) : meaning.flatMap((part) => partOf(part, width));

const partOf = (part: string | Definitions, width: number): string[] =>
  typeof part === "string" ? wrap(part, width) : definitions(part, width);

/** Two columns: terms, and what they mean, wrapped beside them. */
function definitions(rows: Definitions, width: number): string[] {
  const widest = Math.min(widestTerm(width), Math.max(...rows.map(([term]) => columnsOf(term))));
  const beside = `  ${" ".repeat(widest)}  `;
  return rows.flatMap(([term, meaning]) => {
    const lines = linesOf(meaning, width - widest - 4);
    const fits = columnsOf(term) <= widest;
    const above = [...wrap(`  ${term}`, width, "    "), `${beside}${lines[0]!}`];
    const first = fits ? [`  ${pad(term, widest)}  ${lines[0]!}`] : above;
    return [...first, ...lines.slice(1).map((line) => `${beside}${line}`)];
  });
}

const meaningOf = ({ about, choices, name }: Option): string =>
  choices === undefined || name === "hints" ? about : `${about}; one of ${choices.join(", ")}`;

/** A command that a shell takes as it stands, over several lines where it must be. */
const commandLines = (command: string, width: number): string[] =>
  wrap(`  ${command}`, width - 2, "      ").map((line, index, all) => (index < all.length - 1 ? `${line} \\` : line));

const examples = (rows: Command["examples"], width: number): string[] =>
  rows.flatMap(([command, says]) => [...commandLines(command, width), ...wrap(`      ${says}`, width, "      ")]);

/** The page of one command. */
export function page(command: Command, width: number): string {
  const details = (command.details ?? []).flatMap((part) => [...partOf(part, width), ""]);
  return [
    ...wrap(`Usage: ${command.synopsis}`, width, "         "),
    "",
    ...wrap(command.about, width),
    "",
    ...details,
    "Options:",
    ...definitions(
      command.options.map((option) => [written(option), meaningOf(option)]),
      width,
    ),
    "",
    "Examples:",
    ...examples(command.examples, width),
    "",
  ].join("\n");
}

/** The page of all mistakes that have a name. */
export function mistakes(width: number): string {
  return [
    ...wrap("The mistakes that have a name, by the ids that reports give", width),
    ...mistakeGroups.flatMap(({ letter, name, mistakes: all }) => [
      "",
      ...wrap(`${letter}, ${name}:`, width),
      ...definitions(
        all.map(({ id, short }) => [id, short]),
        width,
      ),
    ]),
    "",
  ].join("\n");
}

const ownOptions: Definitions = [
  ["-h, --help", "this page; chainrule COMMAND --help for a command's"],
  ["--version", "the version"],
];

/** The page of the whole program. */
export function overview(width: number): string {
  return [
    ...wrap("chainrule: is a backprop derived by hand right? If not, which equation is wrong?", width),
    "",
    "Usage: chainrule COMMAND [options]",
    "",
    "Commands:",
    ...definitions(
      commands.map(({ name, about }) => [name, about]),
      width,
    ),
    "",
    "Options:",
    ...definitions(ownOptions, width),
    "",
    "Examples:",
    ...examples(commands.flatMap((command) => command.examples.slice(0, 2)).slice(0, 4), width),
    "",
  ].join("\n");
}
