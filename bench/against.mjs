/**
 * The benchmarks of this checkout with the packages of another commit beside those of this one, in turns in several
 * processes.
 */

import { execFileSync, fork } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { bundle, checkout, here } from "./bundle.mjs";

/** What can be compared: suites that use nothing but what the packages export. */
const suites = ["scalar", "eager", "training", "compiled", "operations"];

/** How V8 compiles a case differs from process to process: one alone may find what is not there. */
const PROCESSES = 5;

const usage = `usage: pnpm bench [suite …] --against COMMIT [--smoke]

  suite      ${suites.join(", ")}; all where none is named
  COMMIT     any name that git knows: a hash, a branch, a tag, HEAD~3; this checkout may have changes that are not committed
  --smoke    validate everything, time next to nothing`;

const git = (...words) =>
  execFileSync("git", words, { cwd: checkout, encoding: "utf8", stdio: ["ignore", "pipe", "pipe"] }).trim();

function refuse(problem) {
  console.error(`bench: ${problem}\n\n${usage}`);
  process.exitCode = 64;
}

/** The full name of a commit; `null` where there is none. */
function commitOf(name) {
  try {
    return git("rev-parse", "--verify", "--quiet", "--end-of-options", `${name}^{commit}`);
  } catch {
    return null;
  }
}

/**
 * Bundles the suites with the packages of a commit, which are checked out for so long; names those that it has nothing
 * for.
 */
async function bundleOf(commit, chosen) {
  const folder = mkdtempSync(join(tmpdir(), "chainrule-bench-"));
  const root = join(folder, "checkout");
  const remove = () => {
    rmSync(folder, { recursive: true, force: true });
    // What git noted of it goes as well, whether or not it came to its end.
    git("worktree", "prune");
  };
  const interrupted = (signal) => {
    remove();
    process.exit(signal === "SIGINT" ? 130 : 143);
  };
  process.on("SIGINT", interrupted).on("SIGTERM", interrupted);
  const missing = new Map();
  try {
    git("worktree", "add", "--detach", root, commit);
    for (const name of chosen) {
      try {
        await bundle([{ in: `suites/${name}.ts`, out: name }], join(here, "dist", "then", name), root, "silent");
      } catch (error) {
        missing.set(name, error.errors?.[0]?.text ?? error.message);
      }
    }
  } finally {
    remove();
    process.off("SIGINT", interrupted).off("SIGTERM", interrupted);
  }
  return missing;
}

/** What a process of its own times of a suite. */
function timed(suite, earlier, smoke) {
  return new Promise((resolve, reject) => {
    let found;
    const child = fork(join(here, "against-run.mjs"), [suite, earlier, String(smoke)]);
    child.on("message", (message) => (found = message)).on("error", reject);
    child.on("exit", (code) =>
      found === undefined ? reject(new Error(`bench: ${suite} ended with ${code}`)) : resolve(found),
    );
  });
}

/** What every process timed, one after the other; which version is loaded first alternates. */
async function runsOf(suite, smoke) {
  const runs = [];
  for (let k = 0; k < (smoke ? 1 : PROCESSES); k++) runs.push(await timed(suite, k % 2 === 0 ? "now" : "then", smoke));
  return runs;
}

/** Compares this checkout with a commit. */
export async function runAgainst(name, words) {
  const smoke = words.includes("--smoke");
  const named = words.filter((word) => word !== "--smoke");
  const unknown = named.filter((word) => !suites.includes(word));
  if (name === undefined || name === "" || name.startsWith("-")) return refuse("--against needs a commit");
  if (unknown.length > 0) return refuse(`there is no ${unknown.join(", ")} to compare`);
  const commit = commitOf(name);
  if (commit === null) return refuse(`git knows no commit ${name} here`);
  const chosen = named.length === 0 ? suites : suites.filter((suite) => named.includes(suite));
  const changed = git("status", "--porcelain") === "" ? "" : " with changes";
  console.log(
    `now   ${git("log", "-1", "--format=%h %s")}${changed}\nthen  ${git("log", "-1", "--format=%h %s", commit)}`,
  );
  const dist = join(here, "dist");
  rmSync(dist, { recursive: true, force: true });
  const missing = await bundleOf(commit, chosen);
  await bundle([{ in: "against.ts", out: "against" }], join(dist, "against"));
  for (const suite of chosen) await bundle([{ in: `suites/${suite}.ts`, out: suite }], join(dist, "now", suite));
  const { Report } = await import("./dist/against/against.js");
  const report = new Report(smoke);
  for (const suite of chosen) {
    const problem = missing.get(suite);
    if (problem !== undefined) console.log(`\n${suite}: cannot be compared: ${problem}`);
    else console.log(report.suite(suite, await runsOf(suite, smoke)));
  }
  console.log(report.summary());
}
