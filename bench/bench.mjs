/** Runs the benchmarks, of this checkout alone or beside those of another commit. */

import { join } from "node:path";
import { bundle, here } from "./bundle.mjs";

const words = process.argv.slice(2);
const at = words.findIndex((word) => word === "--against" || word.startsWith("--against="));
if (at >= 0 && !words.includes("--help")) {
  const inOne = words[at].startsWith("--against=");
  const commit = inOne ? words[at].slice("--against=".length) : words[at + 1];
  const { runAgainst } = await import("./against.mjs");
  await runAgainst(commit, [...words.slice(0, at), ...words.slice(at + (inOne ? 1 : 2))]);
} else {
  await bundle(
    [
      { in: "run.ts", out: "run" },
      { in: "suites/first-call.ts", out: "first-call" },
    ],
    join(here, "dist"),
  );
  await import("./dist/run.js");
}
