/** The build of the page: what it warns of ends it, before a browser finds out. */

import { spawnSync } from "node:child_process";
import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";

const at = (path: string): string => fileURLToPath(new URL(path, import.meta.url));

/** Builds a page of these lines alone, with the configuration of ours; what it complains of, "" where it is built. */
function complaintOf(lines: string): string {
  const folder = mkdtempSync(join(tmpdir(), "chainrule-build-"));
  writeFileSync(join(folder, "entry.js"), lines);
  const script = `
    import { build } from "vite";
    import { config } from ${JSON.stringify(at("../build/config.mjs"))};
    const ours = config("folder", ${JSON.stringify(join(folder, "out"))});
    const input = ${JSON.stringify(join(folder, "entry.js"))};
    await build({ ...ours, plugins: ours.plugins.filter(({ name }) => name === "complete"), build: { ...ours.build, rolldownOptions: { ...ours.build.rolldownOptions, input } } });`;
  // Vite is not for the process that tests run in.
  const { status, stderr } = spawnSync(process.execPath, ["--input-type=module", "-e", script], {
    cwd: at("../"),
    encoding: "utf8",
  });
  return status === 0 ? "" : stderr;
}

describe("the build of the page", () => {
  it.each([
    ["a module that is not installed", 'export const later = () => import("not-installed");', /not-installed/],
    ["a module that no browser has", 'import { readFileSync } from "node:fs"; readFileSync("x");', /node:fs/],
  ])("ends at %s", (_, lines, says) => {
    expect(complaintOf(lines)).toMatch(says);
  });

  it("goes on where nothing is missing", () => {
    expect(complaintOf('document.title = "page";')).toBe("");
  });
});
