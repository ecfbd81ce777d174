/** Runs the command as people do: as a process, from JavaScript as it is published, or from the sources of the clone. */

import { spawn, type ChildProcessWithoutNullStreams } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import ts from "typescript";

const workspace = fileURLToPath(new URL("../../../../../", import.meta.url));

const sourcesOf = (name: string): string[] =>
  readdirSync(join(workspace, "packages", name, "src"), { recursive: true, encoding: "utf8" }).filter((file) => file.endsWith(".ts"));

interface Manifest {
  readonly publishConfig: { readonly exports: object; readonly bin?: object };
}

/** The packages as npm would unpack them, made once for each state of the sources. */
function published(): string {
  const packages = ["autograd", "nn"] as const;
  const hash = createHash("sha256");
  for (const name of packages) {
    for (const file of ["package.json", ...sourcesOf(name).map((one) => join("src", one))]) {
      const { mtimeMs, size } = statSync(join(workspace, "packages", name, file));
      hash.update(`${name}/${file} ${mtimeMs} ${size}\n`);
    }
  }
  // Outside the workspace: what is published finds nothing of what stands there.
  const cache = join(tmpdir(), "chainrule-published");
  const folder = join(cache, hash.digest("hex").slice(0, 16));
  if (existsSync(folder)) return folder;
  mkdirSync(cache, { recursive: true });
  const fresh = mkdtempSync(join(cache, "new-"));
  for (const name of packages) {
    const target = join(fresh, "node_modules/@chainrule", name);
    const manifest = JSON.parse(readFileSync(join(workspace, "packages", name, "package.json"), "utf8")) as Manifest;
    mkdirSync(target, { recursive: true });
    writeFileSync(join(target, "package.json"), JSON.stringify({ ...manifest, ...manifest.publishConfig }));
    for (const file of sourcesOf(name)) {
      const { outputText } = ts.transpileModule(readFileSync(join(workspace, "packages", name, "src", file), "utf8"), {
        fileName: file,
        compilerOptions: { module: ts.ModuleKind.ESNext, target: ts.ScriptTarget.ES2022, rewriteRelativeImportExtensions: true, verbatimModuleSyntax: true },
      });
      const output = join(target, "dist", file.replace(/\.ts$/, ".js"));
      mkdirSync(dirname(output), { recursive: true });
      writeFileSync(output, outputText);
    }
  }
  for (const old of readdirSync(cache)) {
    // Another run may be using a state of an hour ago; not one of yesterday.
    if (Date.now() - statSync(join(cache, old)).mtimeMs > 86_400_000) rmSync(join(cache, old), { recursive: true, force: true });
  }
  try {
    renameSync(fresh, folder);
  } catch {
    // A test file beside this one was faster.
    rmSync(fresh, { recursive: true, force: true });
  }
  return folder;
}

/** A folder for the files of one test file, with a space in its name. */
export const newFolder = (): string => mkdtempSync(join(tmpdir(), "chain rule "));

export interface Ran {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface RunOptions {
  /** Where the user stands. */
  readonly cwd?: string;
  readonly env?: Readonly<Record<string, string>>;
  /** The sources, through tsx, instead of the published JavaScript. */
  readonly clone?: boolean;
}

/** Starts the command. */
export function start(words: readonly string[], { cwd = tmpdir(), env = {}, clone = false }: RunOptions = {}): ChildProcessWithoutNullStreams {
  const entry = clone
    ? ["--import", new URL("../../../../../node_modules/tsx/dist/loader.mjs", import.meta.url).href, join(workspace, "packages/nn/src/cli/main.ts")]
    : [join(published(), "node_modules/@chainrule/nn/dist/cli/main.js")];
  const { NO_COLOR: _, FORCE_COLOR: __, ...surroundings } = process.env;
  return spawn(process.execPath, [...entry, ...words], { cwd, env: { ...surroundings, ...env } });
}

/** Runs the command to its end. */
export function chainrule(words: readonly string[], options: RunOptions = {}): Promise<Ran> {
  return new Promise((resolve, reject) => {
    const child = start(words, options);
    let [stdout, stderr] = ["", ""];
    child.stdout.setEncoding("utf8").on("data", (text: string) => (stdout += text));
    child.stderr.setEncoding("utf8").on("data", (text: string) => (stderr += text));
    child.on("error", reject);
    child.on("close", (status) => resolve({ status, stdout, stderr }));
    child.stdin.end();
  });
}

/** Writes a file into a folder, and gives its name. */
export function put(folder: string, name: string, text: string): string {
  mkdirSync(dirname(join(folder, name)), { recursive: true });
  writeFileSync(join(folder, name), text);
  return name;
}
