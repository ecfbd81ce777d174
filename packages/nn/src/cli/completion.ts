/** Scripts that complete the command in a shell, made from the table of options. */

import { shells, topics, type Command, type Option } from "./usage.ts";

export type Shell = (typeof shells)[number];

const flags = ({ options }: Command): string => options.map(({ name }) => `--${name}`).join(" ");

/** Words that may follow a command and are no options. */
const operandsOf = ({ name }: Command, commands: readonly Command[]): readonly string[] =>
  name === "completion" ? shells : name === "help" ? [...commands.map((one) => one.name), ...topics] : [];

const allOptions = (commands: readonly Command[]): Option[] => [
  ...new Map(commands.flatMap(({ options }) => options).map((option) => [option.name, option])).values(),
];

function bash(commands: readonly Command[]): string {
  const choices = allOptions(commands).flatMap(({ name, choices: words }) =>
    words === undefined ? [] : [`    --${name}) COMPREPLY=($(compgen -W "${words.join(" ")}" -- "$word")); return ;;`],
  );
  const cases = commands.map(
    (command) => `    ${command.name}) words="${[flags(command), ...operandsOf(command, commands)].join(" ")}" ;;`,
  );
  return [
    "_chainrule() {",
    '  local word="${COMP_WORDS[COMP_CWORD]}" words',
    '  case "${COMP_WORDS[COMP_CWORD-1]}" in',
    ...choices,
    "  esac",
    '  case "${COMP_WORDS[1]}" in',
    ...cases,
    `    *) words="${commands.map(({ name }) => name).join(" ")} --help --version" ;;`,
    "  esac",
    '  COMPREPLY=($(compgen -W "$words" -- "$word"))',
    '  [[ "$word" == -* || ${#COMPREPLY[@]} -gt 0 && $COMP_CWORD -eq 1 ]] || COMPREPLY+=($(compgen -f -- "$word"))',
    "}",
    "complete -o filenames -F _chainrule chainrule",
    "",
  ].join("\n");
}

const quoted = (text: string): string => `'${text.replaceAll("'", "'\\''")}'`;

/** Escapes what an argument of `_arguments` may not contain bare. */
const zshText = (text: string): string => text.replace(/[[\]:\\]/g, "\\$&");

function zsh(commands: readonly Command[]): string {
  const argument = ({ name, value, choices, about }: Option): string =>
    quoted(
      `--${name}[${zshText(about)}]${value === undefined ? "" : `:${name}:${choices === undefined ? "_files" : `(${choices.join(" ")})`}`}`,
    );
  const cases = commands.map((command) => {
    const words = operandsOf(command, commands);
    return `    ${command.name}) _arguments ${command.options.map(argument).join(" ")} ${words.length === 0 ? "'*:file:_files'" : quoted(`1:what:(${words.join(" ")})`)} ;;`;
  });
  return [
    "#compdef chainrule",
    "_chainrule() {",
    "  if (( CURRENT == 2 )); then",
    `    compadd ${commands.map(({ name }) => name).join(" ")} --help --version`,
    "    return",
    "  fi",
    "  local command=$words[2]",
    "  shift words; (( CURRENT-- ))",
    '  case "$command" in',
    ...cases,
    "  esac",
    "}",
    "compdef _chainrule chainrule",
    "",
  ].join("\n");
}

function fish(commands: readonly Command[]): string {
  const none = `not __fish_seen_subcommand_from ${commands.map(({ name }) => name).join(" ")}`;
  const lines = commands.flatMap((command) => [
    `complete -c chainrule -n ${quoted(none)} -f -a ${command.name} -d ${quoted(command.about)}`,
    ...command.options.map(
      ({ name, value, choices, about }) =>
        `complete -c chainrule -n '__fish_seen_subcommand_from ${command.name}' -l ${name}${value === undefined ? "" : choices === undefined ? " -r" : ` -x -a ${quoted(choices.join(" "))}`} -d ${quoted(about)}`,
    ),
    ...operandsOf(command, commands).map(
      (word) => `complete -c chainrule -n '__fish_seen_subcommand_from ${command.name}' -f -a ${word}`,
    ),
  ]);
  return [...lines, ""].join("\n");
}

/** The script for a shell. */
export const completionScript = (shell: Shell, commands: readonly Command[]): string =>
  ({ bash, zsh, fish })[shell](commands);
