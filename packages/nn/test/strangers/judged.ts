/** A stranger's file through the command, and what is wrong with the answer. */

import { copyFileSync, mkdtempSync, readFileSync } from "node:fs";
import { basename, join } from "node:path";
import { fileURLToPath } from "node:url";
import { chainrule, newFolder, patient, spawned, strangersFile } from "../handcheck/cli/command.ts";
import { pythonWithNumPy } from "../handcheck/intake/programs.ts";

export interface Case {
  readonly file: string;
  /** What stands on the command line beside the file: texts name no network. */
  readonly args?: readonly string[];
  readonly exit: number;
  /** Equation, layer and id of the catalogue; `A|B` where either will do. */
  readonly roots?: readonly string[];
  readonly note?: string;
}

interface Found {
  readonly equation?: string;
  readonly layer?: number;
  /** Of a kernel: the gradients that it explains. */
  readonly of?: readonly string[];
  readonly id: string;
}

const here = fileURLToPath(new URL(".", import.meta.url));

/** Verdicts of a folder beside this file, or of this one. */
export const casesOf = (folder = ""): readonly Case[] =>
  JSON.parse(readFileSync(join(here, folder, "verdicts.json"), "utf8")) as readonly Case[];

/** A program that another process runs. */
export const isProgram = ({ file }: Case): boolean => /\.(?:py|ipynb|m)$/.test(file);

/** The file in a folder of its own, or beside the published packages where it imports them. */
function placed(file: string): string {
  if (file.endsWith(".ts")) return strangersFile(join(here, file));
  const folder = mkdtempSync(join(newFolder(), "case-"));
  const path = join(folder, basename(file));
  copyFileSync(join(here, file), path);
  return path;
}

/** Where a root is: an equation at a layer, or a gradient of a kernel by its name. */
const placeOf = ({ equation, layer, of = [] }: Found): string =>
  layer === undefined ? of.join(",") : `${equation ?? ""}@${layer}`;

/** What is wrong with what was found; nothing where it is as it should be. */
function misses(expected: readonly string[], found: readonly Found[]): string[] {
  const wanted = expected.map((text) => {
    const [first = "", second] = text.split(" ");
    const isPlace = first.includes("@") || second !== undefined;
    return { text, place: isPlace ? first : null, ids: (isPlace ? second : first)?.split("|") ?? null };
  });
  const matches = ({ place, ids }: (typeof wanted)[number], root: Found): boolean =>
    (place === null || place === placeOf(root)) && (ids === null || root.id.split("+").some((id) => ids.includes(id)));
  return [
    ...wanted.filter((one) => !found.some((root) => matches(one, root))).map(({ text }) => `${text} is missing`),
    ...found
      .filter((root) => !wanted.some((one) => matches(one, root)))
      .map((root) => `${placeOf(root)} ${root.id} is too much`),
  ];
}

/** Runs a case as a person would; gives what is wrong with the answer. */
export async function judged({ file, args = [], exit, roots }: Case): Promise<string[]> {
  const words = ["check", placed(file), ...args, "--json"];
  const python = pythonWithNumPy === null ? [] : ["--python", pythonWithNumPy];
  const { status, stdout, stderr } = isProgram({ file, exit })
    ? await spawned([...words, ...(file.endsWith(".m") ? [] : python), ...patient])
    : await chainrule(words);
  if (status !== exit) return [`exit ${status} for ${exit}: ${(stdout + stderr).slice(0, 300)}`];
  if (roots === undefined) return [];
  return misses(roots, (JSON.parse(stdout) as { readonly roots?: readonly Found[] }).roots ?? []);
}
