/**
 * The nightly run: what is random or exhaustive has its large size, and docs/nightly.md is written with the date, the
 * figures and what failed.
 * With paths it runs these alone; of those that had failed the page then says that they pass.
 */

import { execFileSync, spawn } from "node:child_process";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { pageOf, withSecondRun } from "./nightly-page.mjs";

const root = fileURLToPath(new URL("../../../", import.meta.url));
const page = new URL("../../../docs/nightly.md", import.meta.url);
const paths = process.argv.slice(2);
const begun = new Date();
const commit = execFileSync("git", ["rev-parse", "--short", "HEAD"], { cwd: root, encoding: "utf8" }).trim();
const child = spawn(process.execPath, ["node_modules/vitest/vitest.mjs", "run", "--mode", "nightly", ...paths], {
  cwd: root,
  stdio: ["inherit", "pipe", "inherit"],
});

let printed = "";
child.stdout.on("data", (part) => {
  process.stdout.write(part);
  printed += part;
});

child.on("close", (status) => {
  process.exitCode = status ?? 1;
  // A run that was ended from outside has no totals.
  if (!printed.includes("chainrule: ")) return;
  if (paths.length === 0) writeFileSync(page, pageOf({ printed, begun, commit }));
  else if (status === 0 && existsSync(page))
    writeFileSync(page, withSecondRun(readFileSync(page, "utf8"), paths, { begun, commit }));
  else return;
  console.log("wrote docs/nightly.md");
});
