/**
 * A page that does not compile may load the kernels in vectors when it likes: in a chunk of their own where its bundler
 * makes some.
 */

import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";
import { expect, it } from "vitest";

it.each([true, false])(
  "vectors that are loaded later compute the same bits, split from the page: %s",
  async (splitting) => {
    const folder = mkdtempSync(join(tmpdir(), "chainrule-later-"));
    try {
      const { metafile } = await build({
        entryPoints: [fileURLToPath(new URL("fixtures/later.ts", import.meta.url))],
        outdir: folder,
        outExtension: { ".js": ".mjs" },
        bundle: true,
        splitting,
        format: "esm",
        platform: "neutral",
        metafile: true,
        logLevel: "error",
      });
      const [page] = Object.values(metafile.outputs).filter(({ entryPoint }) =>
        entryPoint?.endsWith("fixtures/later.ts"),
      );
      expect(Object.keys(page!.inputs).some((path) => path.endsWith("backends/wasm/eager/loops.ts"))).toBe(!splitting);
      const printed = execFileSync(process.execPath, [join(folder, "later.mjs")], { encoding: "utf8" });
      expect(JSON.parse(printed)).toEqual({ before: 0, after: 2, same: true });
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  },
);
