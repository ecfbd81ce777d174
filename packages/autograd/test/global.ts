/** Prints, after a run, one summary of what its test files counted; a partial run prints only what ran. */

import { mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import type { TestProject } from "vitest/node";
import type { Counted } from "./report.ts";

const folder = new URL("../../../node_modules/.cache/chainrule-report/", import.meta.url);
// Runs side by side keep their counts apart.
const file = new URL(`${process.pid}.jsonl`, folder);

const DAY = 86_400_000;

/** The order of the summary; other kinds follow. */
const kinds = ["ops", "checks", "traps", "fuzzed graphs"];

export function setup(project: TestProject): void {
  mkdirSync(folder, { recursive: true });
  // What a run that was killed left behind.
  for (const name of readdirSync(folder)) if (Date.now() - statSync(new URL(name, folder)).mtimeMs > DAY) rmSync(new URL(name, folder), { force: true });
  const clear = (): void => writeFileSync(file, "");
  clear();
  project.onTestsRerun(clear);
  project.provide("reportFile", fileURLToPath(file));
}

export function teardown(): void {
  const lines = readFileSync(file, "utf8").split("\n").filter((line) => line !== "");
  rmSync(file);
  const totals = new Map<string, number>();
  const details: string[] = [];
  for (const line of lines) {
    const { kind, count, detail } = JSON.parse(line) as Counted;
    totals.set(kind, (totals.get(kind) ?? 0) + count);
    if (detail !== undefined) details.push(detail);
  }
  if (totals.size === 0) return;
  const place = (kind: string): number => (kinds.includes(kind) ? kinds.indexOf(kind) : kinds.length);
  const counts = [...totals].sort(([a], [b]) => place(a) - place(b)).map(([kind, count]) => `${count.toLocaleString("en-US")} ${kind}`);
  console.log([`chainrule: ${counts.join(" · ")}`, ...details.sort().map((detail) => `  ${detail}`)].join("\n"));
}
