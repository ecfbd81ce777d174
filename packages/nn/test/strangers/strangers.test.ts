/** Backprops of strangers, each with the verdict that is right for it: exit status, and the roots where they are settled. */

import { mkdtempSync, readFileSync } from "node:fs";
import { basename, join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { chainrule, newFolder, put, strangersFile } from "../handcheck/cli/command.ts";
import { pending } from "./pending.ts";

interface Case {
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
const cases = JSON.parse(readFileSync(join(here, "verdicts.json"), "utf8")) as readonly Case[];

/** The file in a folder of its own, or beside the published packages where it imports them. */
function placed(file: string): string {
  if (file.endsWith(".ts")) return strangersFile(join(here, file));
  const text = readFileSync(join(here, file), "utf8");
  const folder = mkdtempSync(join(newFolder(), "case-"));
  return join(folder, put(folder, basename(file), text));
}

/** Where a root is: an equation at a layer, or a gradient of a kernel by its name. */
const placeOf = ({ equation, layer, of = [] }: Found): string => (layer === undefined ? of.join(",") : `${equation ?? ""}@${layer}`);

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
    ...found.filter((root) => !wanted.some((one) => matches(one, root))).map((root) => `${placeOf(root)} ${root.id} is too much`),
  ];
}

/** Runs a case as a person would; gives what is wrong with the answer. */
async function judged({ file, args = [], exit, roots }: Case): Promise<string[]> {
  const { status, stdout, stderr } = await chainrule(["check", placed(file), ...args, "--json"]);
  if (status !== exit) return [`exit ${status} for ${exit}: ${(stdout + stderr).slice(0, 300)}`];
  if (roots === undefined) return [];
  return misses(roots, (JSON.parse(stdout) as { readonly roots?: readonly Found[] }).roots ?? []);
}

describe.concurrent("backprops of strangers", () => {
  it("are all there", () => {
    expect(cases.length).toBe(115);
    const files = new Set(cases.map(({ file }) => file));
    expect(pending.filter((file) => !files.has(file))).toEqual([]);
  });

  for (const one of cases) {
    const waits = pending.includes(one.file);
    it(`${one.file}${waits ? ": still waits" : ""}`, async () => {
      const wrong = await judged(one);
      // What is right now must not wait any longer.
      if (waits) expect(wrong.length, "it is right now: take it off the list").toBeGreaterThan(0);
      else expect(wrong).toEqual([]);
    });
  }
});
