/**
 * What the pages say that a command prints is what it prints: every block is run and compared, times, dates and the
 * machine masked.
 */

import * as autograd from "@chainrule/autograd";
import * as check from "@chainrule/autograd/check";
import * as nn from "@chainrule/nn";
import * as handcheck from "@chainrule/nn/handcheck";
import { cpSync, existsSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, it, vi } from "vitest";
import {
  chainrule,
  example as published,
  newFolder,
  patient,
  put,
  runAside,
} from "../../../nn/test/handcheck/cli/command.ts";
import type { Run } from "../../../nn/src/cli/run.ts";
import { pythonWithNumPy } from "../../../nn/test/handcheck/intake/programs.ts";
import { filesBelow, runExample } from "./examples.ts";
import { masked, missingFrom, textBlocks, type Block } from "./printed.ts";

const root = fileURLToPath(new URL("../../../../", import.meta.url));
const pages = [
  "README.md",
  "ARCHITECTURE.md",
  "CONTRIBUTING.md",
  "packages/autograd/README.md",
  "packages/nn/README.md",
].map((name) => join(root, name));
const blocks = [...pages, ...filesBelow(join(root, "docs"), ".md")].flatMap((path) => textBlocks(path, root));
const names = { ...autograd, ...check, ...nn, ...handcheck };

/** The text of what a program of the clone prints, run here. */
async function printedBy(program: string): Promise<string> {
  const lines: string[] = [];
  const log = vi.spyOn(console, "log").mockImplementation((...words: unknown[]) => void lines.push(words.join(" ")));
  try {
    await import(/* @vite-ignore */ join(root, program));
  } finally {
    log.mockRestore();
  }
  expect(process.exitCode ?? 0).toBe(0);
  return lines.join("\n");
}

let ofClass: string | null = null;

/** A folder with the class of the clone. */
function classFolder(): string {
  if (ofClass === null) {
    ofClass = newFolder();
    cpSync(join(root, "examples/class"), ofClass, { recursive: true });
  }
  return ofClass;
}

const answers = new Map<string, ReturnType<Run>>();

/** The work on a submission of the class, which several commands write in their forms. */
const judgedOnce: Run = (job, milliseconds) => {
  const key = JSON.stringify(job);
  const answer = answers.get(key) ?? runAside(job, milliseconds);
  answers.set(key, answer);
  return answer.then((one) => structuredClone(one));
};

const outputs = new Map<string, Promise<string>>();

/** What a command of the pages prints; the same command on the same file is run once. */
function outputOf(block: Block): Promise<string> {
  const key = `${block.source}\n${block.file}`;
  const output = outputs.get(key) ?? runCommand(block);
  outputs.set(key, output);
  return output;
}

async function runCommand({ source: command, file: text }: Block): Promise<string> {
  const words = command.replace(/^npx (?:pnpm@10 (?:--silent )?|(?=@chainrule\/nn ))/, "").split(" ");
  if (words.join(" ") === "start") return printedBy("examples/start.ts");
  if (words[0] !== "chainrule" && words[0] !== "@chainrule/nn")
    throw new Error(`${command}: these tests do not know how to run it`);
  // A file of the clone, read from JavaScript as it is published; the text says nothing of the way there.
  const file = words.findIndex((word) => word.startsWith("examples/handcheck/"));
  const name = words[file]?.slice("examples/handcheck/".length);
  const folder = newFolder();
  const own = words.find((word) => /\.(?:mjs|py|txt)$/.test(word) && !word.startsWith("examples/"));
  if (own !== undefined) put(folder, own, text);
  // The class of the clone lies where the command is called.
  if (words.some((word) => word.startsWith("submissions"))) {
    return (
      await chainrule([...words.slice(1), "--python", pythonWithNumPy!, ...patient], {
        cwd: classFolder(),
        run: judgedOnce,
      })
    ).stdout.replaceAll("\r\n", "\n");
  }
  if (own?.endsWith(".py") === true)
    return (
      await chainrule([...words.slice(1), "--python", pythonWithNumPy!, ...patient], { cwd: folder, run: runAside })
    ).stdout;
  return (
    await chainrule(
      words.slice(1).map((word, k) => (k + 1 === file ? published(name!) : word)),
      { cwd: folder },
    )
  ).stdout;
}

/** The value of an expression behind the example above its block, or what it throws. */
async function evaluated({ example, source }: Block): Promise<unknown> {
  let result: unknown;
  await runExample(
    { place: "", code: `${example}\n__result(() => (${source}));` },
    {
      ...names,
      __result: (f: () => unknown) => {
        try {
          result = f();
        } catch (error) {
          result = error;
        }
      },
    },
  );
  return result;
}

const textOf = async (block: Block): Promise<string> => {
  if (block.kind === "$") return outputOf(block);
  const value = await evaluated(block);
  if (block.kind === "=") return String(value);
  expect(value).toBeInstanceOf(Error);
  return (value as Error).message;
};

describe("the blocks of text on the pages", () => {
  it("all say where they come from", () => {
    expect(blocks.length).toBeGreaterThan(6);
    expect(blocks.filter(({ kind }) => kind === "$").length).toBeGreaterThan(1);
    expect(
      blocks.filter(({ kind }) => !["$", "=", "throws", "no-run"].includes(kind)).map(({ place }) => place),
    ).toEqual([]);
  });

  const needsPython = ({ source }: Block): boolean => / \S+\.py /.test(`${source} `);
  const shown = blocks.filter((block) => block.kind !== "no-run" && (pythonWithNumPy !== null || !needsPython(block)));

  it.each(shown.map((block) => [block.place, block] as const))("%s is what comes", async (_, block) => {
    const came = await textOf(block);
    // An error is one paragraph, which a page breaks where its lines end.
    const whole = (text: string): string => (block.kind === "throws" ? text.replace(/\s+/g, " ") : text);
    expect(missingFrom(whole(came), whole(block.text)), `\`${block.source}\` prints now:\n${came}`).toBeNull();
  });

  it("that list files and folders list what is there", () => {
    const listed = blocks
      .filter(({ kind, text }) => kind === "no-run" && /^(?:packages|examples)\//m.test(text))
      .flatMap(({ text }) => pathsOf(text));
    expect(listed.length).toBeGreaterThan(30);
    expect(listed.filter((path) => !existsSync(join(root, path)))).toEqual([]);
  });
});

/** The paths of a listing: a line that is indented lies in the folder of the line above that is indented less. */
function pathsOf(listing: string): string[] {
  const folders: { readonly indent: number; readonly path: string }[] = [];
  const paths: string[] = [];
  for (const line of listing.split("\n")) {
    const [, space, entries] = /^( *)([\w./-]+(?:, [\w./-]+)*)/.exec(line) ?? [];
    if (space === undefined || entries === undefined) continue;
    while (folders.length > 0 && folders.at(-1)!.indent >= space.length) folders.pop();
    const parent = folders.at(-1)?.path ?? "";
    const here = entries.split(", ").map((entry) => join(parent, entry));
    paths.push(...here);
    folders.push({ indent: space.length, path: /\.\w+$/.test(here[0]!) ? dirname(here[0]!) : here[0]! });
  }
  return paths;
}

describe("the comparison", () => {
  it("masks times, dates and machines, and the widths that follow from them", () => {
    expect(masked("took  1.38 ms on Node 20.20.2, 2026-11-23")).toBe(masked("took 340 s on Node v24.1, 2027-01-01"));
    expect(masked("accuracy 97.0 %")).not.toBe(masked("accuracy 96.0 %"));
    expect(masked("6.9e-17  4.7e-16")).not.toBe(masked("6.9e-17  4.8e-16"));
    expect(masked("3 samples")).not.toBe(masked("4 samples"));
  });

  it("finds a line that is wrong, missing, too many or elsewhere", () => {
    const printed = "one\ntwo\nthree\nfour\n";
    for (const right of ["one\ntwo\nthree\nfour\n", "…\nthree\nfour\n", "one\n…\n", "one\n…\nfour\n", "…\ntwo\n…\n"])
      expect(missingFrom(printed, right), right).toBeNull();
    for (const wrong of [
      "one\ntwo\nthree\n",
      "two\nthree\nfour\n",
      "one\nfour\n",
      "…\nfour\n…\none\n…\n",
      "…\nfive\n…\n",
      "one\n…\nthree\n",
      "one\n…\nwo\n…\n",
    ])
      expect(missingFrom(printed, wrong), wrong).not.toBeNull();
  });
});
