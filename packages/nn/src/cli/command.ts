/**
 * The command `chainrule` in any surroundings: finds the subcommand, and turns whatever goes wrong into a line and an
 * exit status.
 */

import { readFileSync } from "node:fs";
import { usageErrors } from "../locales/usage-errors.ts";
import { alike, type Language } from "../locales/words.ts";
import { settleFiles } from "./arguments.ts";
import { runCheck } from "./check.ts";
import { near } from "./near.ts";
import type { Terminal } from "./output.ts";
import type { Run } from "./run.ts";
import { UsageError } from "./usage-error.ts";

const USAGE = 64;
const INTERNAL = 70;

const names = ["check", "derive", "init", "completion", "help"];

function version(): string {
  const { version: text } = JSON.parse(readFileSync(new URL("../../package.json", import.meta.url), "utf8")) as {
    readonly version: string;
  };
  return text;
}

async function help(argv: readonly string[], { print, width }: Terminal): Promise<number> {
  const [{ page, overview, mistakes }, { commands, spelledOut, topics }] = await Promise.all([
    import("./help.ts"),
    import("./usage.ts"),
  ]);
  const [name] = argv.filter((word) => !word.startsWith("-"));
  const command = commands.find((one) => one.name === name);
  if (topics.some((topic) => topic === name)) {
    print(mistakes(width));
    return 0;
  }
  if (name !== undefined && command === undefined)
    throw new UsageError(
      usageErrors.unknownCommand({ name, near: near(name, names) }),
      usageErrors.commandsAre({ names, topics }),
    );
  print(command === undefined ? overview(width) : page(await spelledOut(command), width));
  return 0;
}

async function completion(argv: readonly string[], terminal: Terminal): Promise<number> {
  const [{ completionScript }, { shells, commands, spelledOut }] = await Promise.all([
    import("./completion.ts"),
    import("./usage.ts"),
  ]);
  if (argv.includes("--help") || argv.includes("-h")) return help(["completion"], terminal);
  const shell = shells.find((one) => one === argv[0]);
  if (shell === undefined)
    throw new UsageError(
      argv[0] === undefined
        ? usageErrors.noShell
        : usageErrors.unknownShell({ name: argv[0], near: near(argv[0], shells) }),
      alike(commands.find(({ name }) => name === "completion")!.synopsis),
    );
  terminal.print(completionScript(shell, await Promise.all(commands.map(spelledOut))));
  return 0;
}

async function dispatch([name, ...rest]: readonly string[], terminal: Terminal, run: Run): Promise<number> {
  switch (name) {
    case "check":
      return runCheck(rest, terminal, run);
    case "derive":
      return (await import("./derive.ts")).runDerive(rest, terminal, run);
    case "init":
      return (await import("./init.ts")).runInit(rest, terminal);
    case "completion":
      return completion(rest, terminal);
    case "help":
      return help(rest, terminal);
    case "--help":
    case "-h":
      return help([], terminal);
    case "--version":
    case "-V": {
      terminal.print(`${version()}\n`);
      return 0;
    }
    case undefined:
      throw new UsageError(
        usageErrors.noCommand,
        usageErrors.callOr({ call: "chainrule check FILE", other: "chainrule --help" }),
      );
    default: {
      throw new UsageError(
        name.startsWith("-")
          ? usageErrors.unknownOption({ name, near: near(name, ["--help", "--version"]) })
          : usageErrors.unknownCommand({ name, near: near(name, names) }),
        alike("chainrule --help"),
      );
    }
  }
}

/** True if JSON was asked for on stdout: then whatever happens is said there in JSON. */
async function speaksJson([name, ...rest]: readonly string[]): Promise<boolean> {
  if (name === "derive")
    return rest.some(
      (word, at) => word === "--json" || word === "--format=json" || (word === "json" && rest[at - 1] === "--format"),
    );
  const { check } = await import("./usage.ts");
  return settleFiles(rest, check).includes("--json=-");
}

/** The language that `--lang` asks for, also where something else about the call is wrong. */
function languageIn(argv: readonly string[]): Language | null {
  const told = argv.flatMap((word, at) =>
    word === "--lang" ? [argv[at + 1]] : word.startsWith("--lang=") ? [word.slice("--lang=".length)] : [],
  );
  const last = told.at(-1);
  return last === "en" || last === "zh" ? last : null;
}

async function failed(thrown: unknown, argv: readonly string[], { print, tell, lang }: Terminal): Promise<number> {
  const usage = thrown instanceof UsageError;
  const says = usage ? thrown.says : alike(thrown instanceof Error ? thrown.message : String(thrown));
  const advises = usage ? thrown.advises : usageErrors.ourFault;
  if (await speaksJson(argv)) {
    const { toJson } = await import("../handcheck/report/json.ts");
    print(
      toJson({
        schema: "handcheck/1",
        verdict: usage ? "usage" : "internal",
        exit: usage ? USAGE : INTERNAL,
        error: { message: says.en, advice: advises.en, zh: { message: says.zh, advice: advises.zh } },
      }),
    );
  } else {
    const stack =
      thrown instanceof Error && !usage
        ? `${typeof thrown.cause === "string" ? thrown.cause : (thrown.stack ?? "")}\n`
        : "";
    tell(`chainrule: ${says[lang]}\n  ${advises[lang]}\n${stack}`);
  }
  return usage ? USAGE : INTERNAL;
}

/**
 * Runs the command with its words; gives the exit status. Whatever happens is said on the terminal, nothing is thrown.
 *
 * @param argv - the words behind the name of the command
 * @param terminal - where the user stands, and what is written
 * @param run - who does the work, within limits of time
 */
export function runCommand(argv: readonly string[], surroundings: Terminal, run: Run): Promise<number> {
  const terminal = { ...surroundings, lang: languageIn(argv) ?? surroundings.lang };
  return dispatch(argv, terminal, run).catch((thrown: unknown) => failed(thrown, argv, terminal));
}
