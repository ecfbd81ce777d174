/**
 * The nightly run: what is random or exhaustive has its large size, and docs/nightly.md is written with the date and the figures.
 * With paths it runs these alone, and writes nothing.
 */

import { execFileSync, spawn } from "node:child_process";
import { writeFileSync } from "node:fs";
import { cpus } from "node:os";
import { fileURLToPath } from "node:url";
import { stripVTControlCharacters } from "node:util";

const root = fileURLToPath(new URL("../../../", import.meta.url));
const paths = process.argv.slice(2);
const begun = new Date();
const child = spawn(process.execPath, ["node_modules/vitest/vitest.mjs", "run", "--mode", "nightly", ...paths], { cwd: root, stdio: ["inherit", "pipe", "inherit"] });

let printed = "";
child.stdout.on("data", (part) => {
  process.stdout.write(part);
  printed += part;
});

child.on("close", (status) => {
  process.exitCode = status ?? 1;
  if (status !== 0 || paths.length > 0) return;
  const text = stripVTControlCharacters(printed);
  const figure = (name) => new RegExp(`^ *${name} +(.+)$`, "m").exec(text)?.[1] ?? "unknown";
  const [totals = "", ...details] = text.slice(text.indexOf("\nchainrule: ") + 1).trim().split("\n");
  const commit = execFileSync("git", ["rev-parse", "--short", "HEAD"], { cwd: root, encoding: "utf8" }).trim();
  const page = [
    "# The nightly run",
    "`npx pnpm@10 test:nightly` runs every test, what is random or exhaustive at its large size, and writes this page where all of them pass.",
    [
      `- ${begun.toISOString().slice(0, 10)}, after commit ${commit}, Node ${process.versions.node}, ${cpus().length} × ${cpus()[0]?.model.trim() ?? "unknown processor"}`,
      `- ${figure("Tests")} in ${figure("Test Files")} files, ${figure("Duration").replace(/ \(.*/, "")}`,
      `- ${totals.replace(/^chainrule: /, "")}`,
    ].join("\n"),
    "What the tests counted:",
    details.map((line) => `- ${line.trim()}`).join("\n"),
  ];
  writeFileSync(new URL("../../../docs/nightly.md", import.meta.url), `${page.join("\n\n")}\n`);
  console.log("wrote docs/nightly.md");
});
