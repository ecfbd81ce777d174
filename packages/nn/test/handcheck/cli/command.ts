/**
 * Runs the command: here in the process, from JavaScript as it is published; or as people do, as a process, of that or
 * of the sources of the clone.
 */

import { execFileSync, spawn, type ChildProcessWithoutNullStreams } from "node:child_process";
import { createHash } from "node:crypto";
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { basename, dirname, join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { transformSync } from "esbuild";
import type { runCommand } from "../../../src/cli/command.ts";
import type { Programs } from "../../../src/cli/bridge.ts";
import type { Submission, thrownText } from "../../../src/cli/javascript/submission.ts";
import type { Run, run as runApart } from "../../../src/cli/run.ts";
import type { answerOf } from "../../../src/cli/work.ts";
import type { Watch } from "../../../src/handcheck/intake/sources/process/group.ts";

/** The examples of the clone. */
export const examples = fileURLToPath(new URL("../../../../../examples/handcheck", import.meta.url));

const workspace = fileURLToPath(new URL("../../../../../", import.meta.url));

const sourcesOf = (name: string): string[] =>
  readdirSync(join(workspace, "packages", name, "src"), { recursive: true, encoding: "utf8" }).filter((file) =>
    file.endsWith(".ts"),
  );

/** What other programs run, and what `init` writes. */
const besideOf = (name: string): string[] =>
  ["python", "octave", "templates"].flatMap((folder) => {
    const path = join(workspace, "packages", name, folder);
    return existsSync(path) ? readdirSync(path).map((file) => join(folder, file)) : [];
  });

interface Manifest {
  readonly scripts: { readonly bundle: string };
  readonly publishConfig: { readonly exports: object; readonly bin?: object };
}

/** Modules of the command that tests run in their own process. */
const TESTED = ["command", "work", "javascript/submission", "run"].map((name) => `cli/${name}`);

const asJavaScript = (text: string): string =>
  transformSync(text, {
    loader: "ts",
    format: "esm",
    target: "es2022",
    tsconfigRaw: { compilerOptions: { verbatimModuleSyntax: true } },
  }).code;

/** The packages as npm would unpack them, made once for each state of the sources. */
export function published(): string {
  const packages = ["autograd", "nn"] as const;
  const hash = createHash("sha256");
  for (const name of packages) {
    for (const file of [
      "package.json",
      "../bundle.mjs",
      ...besideOf(name),
      ...sourcesOf(name).map((one) => join("src", one)),
    ]) {
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
    for (const beside of ["python", "octave", "templates"]) {
      const folder = join(workspace, "packages", name, beside);
      if (existsSync(folder)) cpSync(folder, join(target, beside), { recursive: true });
    }
    // By the words of its own script, with the modules beside that tests ask themselves.
    const [script, ...flags] = manifest.scripts.bundle.split(" ").slice(1);
    const asked = name === "nn" ? TESTED : [];
    execFileSync(process.execPath, [script!, ...flags, ...asked, "--outdir", join(target, "dist")], {
      cwd: join(workspace, "packages", name),
    });
  }
  for (const old of readdirSync(cache)) {
    // Another run may be using a state of an hour ago; not one of yesterday.
    if (Date.now() - statSync(join(cache, old)).mtimeMs > 86_400_000)
      rmSync(join(cache, old), { recursive: true, force: true });
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
  /** What is on its standard input, for `spawned`. */
  readonly input?: string;
  /** The sources, through tsx, instead of the published JavaScript. */
  readonly clone?: boolean;
}

/** Starts the command. */
export function start(
  words: readonly string[],
  { cwd = tmpdir(), env = {}, clone = false }: RunOptions = {},
): ChildProcessWithoutNullStreams {
  const entry = clone
    ? [
        "--import",
        new URL("../../../../../node_modules/tsx/dist/loader.mjs", import.meta.url).href,
        join(workspace, "packages/nn/src/cli/main.ts"),
      ]
    : [join(published(), "node_modules/@chainrule/nn/dist/cli/start.cjs")];
  const { NO_COLOR: _, FORCE_COLOR: __, ...surroundings } = process.env;
  return spawn(process.execPath, [...entry, ...words], { cwd, env: { ...surroundings, ...env } });
}

/** What a check of the command is given where the machine may be busy: no limit of time decides a test. */
export const patient = ["--timeout", "100000"] as const;

/** Runs the command to its end, as a process. */
export function spawned(words: readonly string[], options: RunOptions = {}): Promise<Ran> {
  return new Promise((resolve, reject) => {
    const child = start(words, options);
    let [stdout, stderr] = ["", ""];
    child.stdout.setEncoding("utf8").on("data", (text: string) => (stdout += text));
    child.stderr.setEncoding("utf8").on("data", (text: string) => (stderr += text));
    child.on("error", reject);
    child.on("close", (status) => resolve({ status, stdout, stderr }));
    child.stdin.end(options.input ?? "");
  });
}

/** A module of the published command, loaded by Node itself: what user code throws has the lines of its own file. */
export const publishedModule = (name: string): Promise<unknown> =>
  import(pathToFileURL(join(published(), "node_modules/@chainrule/nn/dist/cli", `${name}.js`)).href);

interface Command {
  readonly runCommand: typeof runCommand;
  readonly answerOf: typeof answerOf;
  readonly Submission: typeof Submission;
  readonly thrownText: typeof thrownText;
}

/** Modules in this process: what goes in and out is written and read as if they had one of their own. */
const modulesHere = ({ Submission: Module, thrownText: textOf }: Command): Programs => ({
  ask: (name) => {
    throw new Error(`${name}: other languages have processes, as with runAside`);
  },
  begin: (name) => {
    throw new Error(`${name}: other languages have processes, as in spawned`);
  },
  way: () => {
    const module = new Module();
    const reply = (ok: string): object => ({ ok: JSON.parse(ok) as unknown });
    const error = (thrown: unknown): object => ({
      error: JSON.parse(textOf(thrown, (one) => module.isOurs(one))) as unknown,
    });
    const ask: ReturnType<Programs["way"]>["ask"] = (request) => {
      try {
        return reply(module.answer(request));
      } catch (thrown) {
        return error(thrown);
      }
    };
    // There is no other process: it is asked where the answer is wanted.
    return { open: (request) => module.open(request).then(reply, error), ask, begin: (request) => () => ask(request) };
  },
});

let loaded: Promise<Command> | null = null;

const command = (): Promise<Command> =>
  (loaded ??= Promise.all(["command", "work", "javascript/submission"].map(publishedModule)).then(
    (parts) => Object.assign({}, ...parts) as Command,
  ));

/** The work, in this process. What crosses between threads is a copy. */
export const runHere: Run = async (job) => {
  const all = await command();
  return structuredClone(await all.answerOf(structuredClone(job), modulesHere(all)));
};

/**
 * The work as the command does it: the judge in a thread of its own, the person's code in a process of its own. What
 * that prints is this process's.
 */
export const runAside: Run = async (job, milliseconds) =>
  ((await publishedModule("run")) as { readonly run: typeof runApart }).run(job, milliseconds);

/**
 * Runs the command to its end here, and the work with it, or, with `runAside`, beside it. There is no limit of time,
 * and nothing between the work and this process:
 * code that never ends, that ends the process or that speaks another language is for `runAside`, and what is printed
 * for `spawned`.
 */
export async function chainrule(
  words: readonly string[],
  {
    cwd = tmpdir(),
    run = runHere,
    width = 80,
    lang = "en",
  }: { readonly cwd?: string; readonly run?: Run; readonly width?: number; readonly lang?: "en" | "zh" } = {},
): Promise<Ran> {
  let [stdout, stderr] = ["", ""];
  const terminal = {
    from: cwd,
    print: (text: string) => void (stdout += text),
    tell: (text: string) => void (stderr += text),
    interactive: false,
    color: false,
    width,
    lang,
  };
  const status = await (await command()).runCommand(words, terminal, run);
  return { status, stdout, stderr };
}

/** An example of the clone beside the published packages, its types taken off. */
export function example(name: string): string {
  const text = readFileSync(join(examples, name), "utf8");
  const folder = mkdtempSync(join(published(), "example-"));
  if (!name.endsWith(".ts")) return join(folder, put(folder, name, text));
  return join(folder, put(folder, name.replace(/\.ts$/, ".mjs"), asJavaScript(text)));
}

/** A file that was handed in, beside the published packages and what it imports from beside it, its types taken off. */
export function strangersFile(path: string): string {
  const folder = mkdtempSync(join(published(), "stranger-"));
  const place = (one: string): string => {
    const text = readFileSync(one, "utf8");
    for (const [, beside] of text.matchAll(/ from "\.\/([^"]+)"/g)) place(join(dirname(one), beside!));
    const code = one.endsWith(".ts") ? asJavaScript(text).replace(/( from "\.\/[^"]+)\.ts"/g, '$1.mjs"') : text;
    return join(folder, put(folder, basename(one).replace(/\.ts$/, ".mjs"), code));
  };
  return place(path);
}

/** What a file that never ends says first: `head` imports what `line` calls before the loop. */
export interface Beginning {
  readonly head: string;
  readonly line: string;
}

/**
 * Checks files that never end, in processes, with a clock of its own: the three seconds are over as soon as the loop
 * has begun.
 */
export const overtimeIn =
  (folder: string) =>
  async (name: string, text: (beginning: Beginning) => string): Promise<Ran> => {
    const begun = join(folder, `${name} has begun`);
    put(
      folder,
      name,
      text({
        head: 'import { writeFileSync } from "node:fs";\n',
        line: `writeFileSync(${JSON.stringify(begun)}, "");`,
      }),
    );
    const { run } = (await publishedModule("run")) as { readonly run: typeof runApart };
    const watch: Watch = (_, { milliseconds }, ring) => {
      if (milliseconds !== 3000) throw new Error(`a limit of ${milliseconds} ms`);
      const looking = setInterval(() => {
        if (!existsSync(begun)) return;
        clearInterval(looking);
        ring("time");
      }, 5);
      return () => clearInterval(looking);
    };
    return chainrule(["check", name, "--timeout", "3"], {
      cwd: folder,
      run: (job, milliseconds) => run(job, milliseconds, watch),
    });
  };

/** Writes a file into a folder, and gives its name. A module is loaded once: no other text may come under its name. */
export function put(folder: string, name: string, text: string): string {
  const path = join(folder, name);
  mkdirSync(dirname(path), { recursive: true });
  if (existsSync(path) && /\.[cm]?[jt]s$/.test(name) && readFileSync(path, "utf8") !== text)
    throw new Error(`${name} was written with another text`);
  writeFileSync(path, text);
  return name;
}
