/** A file that loops without end ends the run, and says which it was. */

import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, it } from "vitest";

it("a file that never ends is ended, and named", () => {
  const folder = mkdtempSync(fileURLToPath(new URL("../../../node_modules/.cache/hang-", import.meta.url)));
  try {
    // The loop is written in a way that only the watch can end: no timer of its process fires again.
    writeFileSync(
      join(folder, "endless.test.mjs"),
      'import { it } from "vitest";\nit("never ends", () => { for (;;); });\n',
    );
    writeFileSync(
      join(folder, "vitest.config.ts"),
      `import { HangWatch } from ${JSON.stringify(fileURLToPath(new URL("./hang.ts", import.meta.url)))};\nexport default { test: { include: ["endless.test.mjs"], reporters: [new HangWatch(3000)] } };\n`,
    );
    const vitest = fileURLToPath(new URL("../../../node_modules/vitest/vitest.mjs", import.meta.url));
    const { status, stderr } = spawnSync(process.execPath, [vitest, "run", "--root", folder], { encoding: "utf8" });
    expect([status, stderr]).toEqual([
      1,
      expect.stringContaining("endless.test.mjs has not ended within 0.05 minutes: the run is ended"),
    ]);
  } finally {
    rmSync(folder, { recursive: true });
  }
});
