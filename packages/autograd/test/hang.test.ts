/** A file that loops without end ends the run, and says which it was and where it was. */

import { spawn } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { fileURLToPath } from "node:url";
import { expect, it } from "vitest";

// The loop is written in a way that only the watch can end: no timer of its process fires again.
it.concurrent.each([
  ["for (;;);", "it has told of no test"],
  ["await new Promise(() => setInterval(() => {}, 1000));", "the last test that it told of: never ends"],
])("a file that never ends is ended, and named: %s", async (body, last) => {
  const folder = mkdtempSync(fileURLToPath(new URL("../../../node_modules/.cache/hang-", import.meta.url)));
  try {
    writeFileSync(
      join(folder, "endless.test.mjs"),
      `import { it } from "vitest";\nit("never ends", async () => { ${body} }, 60_000);\n`,
    );
    writeFileSync(
      join(folder, "vitest.config.ts"),
      `import { HangWatch } from ${JSON.stringify(fileURLToPath(new URL("./hang.ts", import.meta.url)))};\nexport default { test: { include: ["endless.test.mjs"], reporters: [new HangWatch(3000)] } };\n`,
    );
    const vitest = fileURLToPath(new URL("../../../node_modules/vitest/vitest.mjs", import.meta.url));
    const child = spawn(process.execPath, [vitest, "run", "--root", folder], { stdio: ["ignore", "ignore", "pipe"] });
    const status = new Promise((resolve) => child.once("exit", resolve));
    const said = `endless.test.mjs has not ended within 0.05 minutes (${last}): the run is ended`;
    const ended = await Promise.all([status, text(child.stderr)]);
    expect(ended).toEqual([1, expect.stringContaining(said)]);
  } finally {
    rmSync(folder, { recursive: true });
  }
});
