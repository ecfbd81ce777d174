/**
 * The scripts of docs/for-teachers.md as they stand there: Gradescope's two, and the steps of GitHub's workflow, with
 * the packages as npm packs them.
 */

import { execFileSync, spawnSync, type SpawnSyncReturns } from "node:child_process";
import {
  chmodSync,
  copyFileSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { afterAll, describe, expect, it } from "vitest";
import { missingFrom, textBlocks } from "../../../../autograd/test/docs/printed.ts";
import { newFolder, published } from "../cli/command.ts";
import { pythonWithNumPy } from "../intake/programs.ts";

const root = fileURLToPath(new URL("../../../../../", import.meta.url));
const examples = join(root, "examples/class");
const page = readFileSync(join(root, "docs/for-teachers.md"), "utf8");

/** A block of the page by the name in its comment. */
function block(language: string, name: string): string {
  const found = [...page.matchAll(new RegExp(`^\`\`\`${language}\n([\\s\\S]*?)^\`\`\`$`, "gm"))]
    .map(([, text]) => text!)
    .find((text) => text.includes(`# ${name}\n`));
  if (found === undefined) throw new Error(`the page has no ${name}`);
  return found;
}

/** The archive of a package: what npm would make of it, but for the types. */
async function packed(name: string, folder: string): Promise<string> {
  const { publishedManifest } = (await import(pathToFileURL(join(root, "packages/pack.mjs")).href)) as {
    readonly publishedManifest: (manifest: object, packages: string) => object;
  };
  const own = join(folder, name, "package");
  cpSync(join(published(), "node_modules/@chainrule", name), own, { recursive: true });
  const manifest = JSON.parse(readFileSync(join(root, "packages", name, "package.json"), "utf8")) as object;
  writeFileSync(join(own, "package.json"), JSON.stringify(publishedManifest(manifest, join(root, "packages"))));
  const archive = join(folder, `${name}.tgz`);
  execFileSync("tar", ["czf", archive, "-C", join(folder, name), "package"]);
  return archive;
}

/** A machine: its folders, and the programs that would ask the network, which say what they were asked. */
class Machine {
  /** Without a space, as /autograder is. */
  readonly folder = mkdtempSync(join(tmpdir(), "chainrule-machine-"));
  readonly autograder = join(this.folder, "autograder");
  readonly #programs = join(this.folder, "programs");

  private constructor(archives: readonly string[]) {
    for (const name of ["source", "submission", "results"]) mkdirSync(join(this.autograder, name), { recursive: true });
    mkdirSync(this.#programs);
    const npm = execFileSync("sh", ["-c", "command -v npm"], { encoding: "utf8" }).trim();
    // What would come from a registry, an archive of the system or the web.
    this.#program("apt-get", 'echo "apt-get $*" >> "$ASKED"');
    this.#program("curl", 'echo "curl $*" >> "$ASKED"');
    this.#program("pip", 'echo "pip $*" >> "$ASKED"');
    this.#program(
      "npm",
      `[ "$1 $2 $4" = "install --prefix @chainrule/nn" ] || { echo "npm $*" >&2; exit 9; }
exec ${npm} install --offline --no-audit --no-fund --loglevel=error --prefix "$3" ${archives.map((path) => `"${path}"`).join(" ")}`,
    );
    this.#program(
      "npx",
      `[ "$1 $2" = "--yes @chainrule/nn" ] || { echo "npx $*" >&2; exit 9; }
shift 2
exec "${this.autograder}/source/node_modules/.bin/chainrule" "$@"`,
    );
    this.#program(
      "python3",
      `exec ${execFileSync("sh", ["-c", `command -v ${pythonWithNumPy!}`], { encoding: "utf8" }).trim()} "$@"`,
    );
  }

  static async start(): Promise<Machine> {
    const folder = newFolder();
    return new Machine([await packed("autograd", folder), await packed("nn", folder)]);
  }

  #program(name: string, text: string): void {
    writeFileSync(join(this.#programs, name), `#!/bin/sh\n${text}\n`);
    chmodSync(join(this.#programs, name), 0o755);
  }

  /**
   * Runs a script of the page; /autograder is a folder of this machine. A step of a workflow ends with what fails first
   * (`-e`).
   */
  run(script: string, cwd = this.folder, options: readonly string[] = []): SpawnSyncReturns<string> {
    const text = script.replaceAll("/autograder/", `${this.autograder}/`);
    const env = {
      ...process.env,
      PATH: `${this.#programs}:${process.env["PATH"]}`,
      ASKED: join(this.folder, "asked"),
      LANG: "en_US.UTF-8",
      LC_ALL: "",
      LC_MESSAGES: "",
    };
    // Where a socket comes in, Bash may take itself for a remote shell and read ~/.bashrc, which sets PATH.
    return spawnSync("bash", [...options, "-c", text], {
      cwd,
      env,
      encoding: "utf8",
      stdio: ["ignore", "pipe", "pipe"],
    });
  }

  /** What the network would have been asked. */
  get asked(): string {
    return readFileSync(join(this.folder, "asked"), "utf8");
  }
}

const shown = (format: string): string =>
  textBlocks(join(root, "docs/for-teachers.md"), root).find(
    ({ source }) => source.includes("submissions/ben.py --reference") && source.endsWith(`--format ${format}`),
  )!.text;

const machine = pythonWithNumPy === null || process.platform === "win32" ? null : await Machine.start();
afterAll(() => {
  if (machine !== null) rmSync(machine.folder, { recursive: true, force: true });
});

describe.skipIf(machine === null)("Gradescope", () => {
  const { autograder } = machine ?? { autograder: "" };
  const results = join(autograder, "results/results.json");

  it("installs by setup.sh what run_autograder runs, and has the results that the page shows", () => {
    const setup = machine!.run(block("sh", "setup.sh"));
    expect([setup.status, setup.stdout, setup.stderr]).toEqual([0, expect.stringContaining("added 2 packages"), ""]);
    expect(machine!.asked).toMatch(
      /apt-get install -y curl python3-numpy[\s\S]*curl -fsSL https:\/\/deb\.nodesource\.com\/setup_22\.x\napt-get install -y nodejs/,
    );
    copyFileSync(join(examples, "solution.py"), join(autograder, "source/solution.py"));
    copyFileSync(join(examples, "submissions/ben.py"), join(autograder, "submission/ben.py"));
    machine!.run(block("sh", "run_autograder"));
    expect(missingFrom(readFileSync(results, "utf8"), shown("gradescope"))).toBeNull();
    expect((JSON.parse(readFileSync(results, "utf8")) as { score: number }).score).toBe(6);
  });

  it("has results whatever was handed in: the student is told that nothing in it can be judged", () => {
    rmSync(join(autograder, "submission"), { recursive: true });
    mkdirSync(join(autograder, "submission"));
    rmSync(results, { force: true });
    machine!.run(block("sh", "run_autograder"));
    expect(existsSync(results)).toBe(true);
    expect(JSON.parse(readFileSync(results, "utf8"))).toMatchObject({
      score: 0,
      tests: expect.arrayContaining([
        expect.objectContaining({
          name: "backprop",
          output: expect.stringContaining("it is empty: hand in one file") as string,
        }),
      ]) as object[],
    });
  });
});

/** The commands of a workflow's steps: what stands behind `run:`, with the lines that go on with it. */
const steps = (workflow: string): string[] =>
  [...workflow.matchAll(/^( *)- run: (.*(?:\n\1 {2,}(?! *- ).*)*)/gm)].map(([, , text]) => text!.replace(/\n */g, " "));

describe.skipIf(machine === null)("GitHub's workflow", () => {
  const run = (name: string): SpawnSyncReturns<string>[] => {
    const checkout = newFolder();
    copyFileSync(join(examples, "submissions", name), join(checkout, "backprop.py"));
    return steps(block("yaml", ".github/workflows/classroom.yml")).map((step) => machine!.run(step, checkout, ["-e"]));
  };

  it("annotates what is wrong, at the function, as far as the hints go, and fails", () => {
    const [pip, check] = run("ben.py");
    expect([pip!.status, machine!.asked]).toEqual([0, expect.stringContaining("pip install numpy")]);
    expect(check!.status).toBe(1);
    expect(check!.stdout).toMatch(/^::error file=backprop\.py,line=4,title=BP2 at layer 1%3A δ¹::/m);
    expect(check!.stdout).toContain("6 of 10 points");
    expect(check!.stdout).not.toContain("B9");
  });

  it("passes where everything is right", () => {
    const [, check] = run("ada.py");
    expect([check!.status, check!.stdout]).toEqual([0, expect.stringContaining("::notice file=backprop.py")]);
  });
});
