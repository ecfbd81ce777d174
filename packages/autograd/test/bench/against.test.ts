/**
 * `bench --against COMMIT`: what it refuses, what it compares, and that nothing is left of the checkout, also after
 * Ctrl-C.
 */

import { execFileSync, spawn, spawnSync } from "node:child_process";
import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, it } from "vitest";

const root = fileURLToPath(new URL("../../../../", import.meta.url));
const script = join(root, "bench", "bench.mjs");

let temporary = "";
beforeAll(() => {
  temporary = mkdtempSync(join(tmpdir(), "against-test-"));
});
afterAll(() => rmSync(temporary, { recursive: true }));

const environment = (): NodeJS.ProcessEnv => ({ ...process.env, TMPDIR: temporary });
const bench = (
  ...words: string[]
): { readonly status: number | null; readonly stdout: string; readonly stderr: string } =>
  spawnSync(process.execPath, [script, ...words], { cwd: root, encoding: "utf8", env: environment() });

const isRepository = spawnSync("git", ["rev-parse", "HEAD"], { cwd: root }).status === 0;
const worktrees = (): string =>
  execFileSync("git", ["worktree", "list", "--porcelain"], { cwd: root, encoding: "utf8" });
const left = (): readonly string[] => [
  ...readdirSync(temporary).filter((name) => name.startsWith("chainrule-bench-")),
  ...worktrees()
    .split("\n")
    .filter((line) => line.includes(temporary)),
];

describe.skipIf(!isRepository)("bench --against", () => {
  it.each([
    [["--against"], "--against needs a commit"],
    [["--against", "no-such-commit"], "git knows no commit no-such-commit here"],
    [["--against=--help-me"], "--against needs a commit"],
    [["nothing", "--against", "HEAD"], "there is no nothing to compare"],
  ])("%j is refused with the usage", (words, problem) => {
    const { status, stderr } = bench(...words);
    expect([status, stderr]).toEqual([64, expect.stringContaining(problem)]);
    expect(stderr).toContain("usage: pnpm bench [suite …] --against COMMIT");
  });

  it("compares suites in turns, validated on both sides, and removes the checkout", () => {
    const { status, stdout } = bench("eager", "--against", "HEAD", "--smoke");
    expect(stdout).toMatch(/now {3}[0-9a-f]{7,} .*\nthen {2}[0-9a-f]{7,} /);
    expect(stdout).toMatch(/add of 256 float64\n.*×\d/);
    expect(stdout).toMatch(/\d+ cases validated in both and run once/);
    expect([status, left()]).toEqual([0, []]);
  });

  it("leaves nothing behind where it is interrupted", async () => {
    const child = spawn(process.execPath, [script, "--against", "HEAD", "--smoke"], {
      cwd: root,
      env: environment(),
      stdio: "ignore",
    });
    const ended = new Promise<number | null>((resolve) => child.on("exit", resolve));
    while (left().length === 0 && child.exitCode === null) await new Promise((resolve) => setTimeout(resolve, 2));
    child.kill("SIGINT");
    expect(await ended).toBe(130);
    expect(left()).toEqual([]);
  });
});
