/**
 * Before a run a folder for what its files write, which goes when it ends; after it one summary of what they counted: a
 * partial run prints only what ran.
 */

import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { TestProject } from "vitest/node";
import type { Counted } from "./report.ts";

const folder = new URL("../../../node_modules/.cache/chainrule-report/", import.meta.url);
// Runs side by side keep their counts apart.
const file = new URL(`${process.pid}.jsonl`, folder);

const DAY = 86_400_000;

/** What the temporary folders of runs begin with. */
const PREFIX = "chainrule-tests-";
const surroundings = tmpdir();
let temporary: string;

/** The order of the summary; other kinds follow. */
const kinds = ["ops", "checks", "traps", "fuzzed graphs"];

/** Removes what a run that was killed left behind. */
function removeOld(paths: readonly string[]): void {
  for (const path of paths) {
    const found = statSync(path, { throwIfNoEntry: false });
    if (found !== undefined && Date.now() - found.mtimeMs > DAY) rmSync(path, { recursive: true, force: true });
  }
}

export function setup(project: TestProject): void {
  mkdirSync(folder, { recursive: true });
  removeOld(readdirSync(folder).map((name) => fileURLToPath(new URL(name, folder))));
  removeOld(
    readdirSync(surroundings)
      .filter((name) => name.startsWith(PREFIX))
      .map((name) => join(surroundings, name)),
  );
  // What a test, or a process that it starts, writes to the system's temporary folder goes with the run.
  temporary = mkdtempSync(join(surroundings, PREFIX));
  process.env["TMPDIR"] = temporary;
  const clear = (): void => writeFileSync(file, "");
  clear();
  project.onTestsRerun(clear);
  project.provide("reportFile", fileURLToPath(file));
}

export function teardown(): void {
  const lines = readFileSync(file, "utf8")
    .split("\n")
    .filter((line) => line !== "");
  rmSync(file);
  // A browser that has just ended may still write into its profile.
  rmSync(temporary, { recursive: true, force: true, maxRetries: 20, retryDelay: 100 });
  const totals = new Map<string, number>();
  const details: string[] = [];
  for (const line of lines) {
    const { kind, count, detail } = JSON.parse(line) as Counted;
    totals.set(kind, (totals.get(kind) ?? 0) + count);
    if (detail !== undefined) details.push(detail);
  }
  if (totals.size === 0) return;
  const place = (kind: string): number => (kinds.includes(kind) ? kinds.indexOf(kind) : kinds.length);
  const counts = [...totals]
    .sort(([a], [b]) => place(a) - place(b))
    .map(([kind, count]) => `${count.toLocaleString("en-US")} ${kind}`);
  console.log([`chainrule: ${counts.join(" · ")}`, ...details.sort().map((detail) => `  ${detail}`)].join("\n"));
}
