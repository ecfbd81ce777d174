/** Runs every example in a process of its own and fails where one fails. */

import { spawnSync } from "node:child_process";
import { readdirSync } from "node:fs";
import { fileURLToPath } from "node:url";

const folder = fileURLToPath(new URL(".", import.meta.url));
// The rest are parts of examples.
const parts = new Set(["all.ts", "digits.ts"]);
const files = readdirSync(folder)
  .filter((name) => name.endsWith(".ts") && !parts.has(name))
  .sort();
const failed: string[] = [];
for (const file of files) {
  const started = performance.now();
  const { status } = spawnSync(process.execPath, ["--import", "tsx", file], {
    cwd: folder,
    stdio: ["ignore", "inherit", "inherit"],
  });
  console.log(
    `\n— ${file}: ${status === 0 ? "ran" : `FAILED (${status ?? "killed"})`} in ${((performance.now() - started) / 1000).toFixed(1)} s\n`,
  );
  if (status !== 0) failed.push(file);
}
if (failed.length > 0) {
  console.error(`examples: ${failed.join(", ")} failed`);
  process.exitCode = 1;
}
