/**
 * The command `chainrule` in any surroundings: finds the subcommand, and turns whatever goes wrong into a line and an
 * exit status.
 */

import { readFileSync } from "node:fs";
import { guess } from "../handcheck/nearest.ts";
import { settleFiles, UsageError } from "./arguments.ts";
import { runCheck } from "./check.ts";
import type { Terminal } from "./output.ts";
import type { Run } from "./run.ts";

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
      `unknown command ${name}${guess(name, names)}`,
      `the commands are ${names.join(", ")}; help also knows ${topics.join(", ")}`,
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
      argv[0] === undefined ? "no shell" : `unknown shell ${argv[0]}${guess(argv[0], shells)}`,
      commands.find(({ name }) => name === "completion")!.synopsis,
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
      throw new UsageError("no command", "chainrule check FILE, or chainrule --help");
    default: {
      const kind = name.startsWith("-") ? "option" : "command";
      throw new UsageError(
        `unknown ${kind} ${name}${guess(name, kind === "option" ? ["--help", "--version"] : names)}`,
        "chainrule --help",
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

async function failed(thrown: unknown, argv: readonly string[], { print, tell }: Terminal): Promise<number> {
  const usage = thrown instanceof UsageError;
  const message = thrown instanceof Error ? thrown.message : String(thrown);
  const advice = usage
    ? thrown.advice
    : "this is a fault of chainrule, not of yours: please report it with the command and the file";
  if (await speaksJson(argv)) {
    const { toJson } = await import("../handcheck/report/json.ts");
    print(
      toJson({
        schema: "handcheck/1",
        verdict: usage ? "usage" : "internal",
        exit: usage ? USAGE : INTERNAL,
        error: { message, advice },
      }),
    );
  } else {
    const stack =
      thrown instanceof Error && !usage
        ? `${typeof thrown.cause === "string" ? thrown.cause : (thrown.stack ?? "")}\n`
        : "";
    tell(`chainrule: ${message}\n  ${advice}\n${stack}`);
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
export const runCommand = (argv: readonly string[], terminal: Terminal, run: Run): Promise<number> =>
  dispatch(argv, terminal, run).catch((thrown: unknown) => failed(thrown, argv, terminal));
