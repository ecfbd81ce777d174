/** `--sandbox`: a stranger's module has its own text, the library, and nothing else of the machine. */

import { existsSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { chainrule, newFolder, patient, put, runAside, spawned, type Ran } from "./command.ts";
import { backprop, withLine } from "./files.ts";

const folder = newFolder();

/** Checks a file in the sandbox. */
const check = (name: string, text: string): Promise<Ran> =>
  chainrule(["check", put(folder, name, text), "--sandbox", ...patient], { cwd: folder, run: runAside });

const flat = (text: string): string => text.replace(/\n\s*/g, " ");

/** Tries everything, whatever comes of it, and prints what it could do. */
const attempts: Readonly<Record<string, string>> = {
  read: 'fs.readFileSync("/etc/passwd")',
  list: 'fs.readdirSync("/")',
  home: "fs.readFileSync(process.argv[1] + '/../../../../../../x.json')",
  write: 'fs.writeFileSync("here", "")',
  elsewhere: `fs.writeFileSync(${JSON.stringify(join(folder, "written"))}, "")`,
  link: 'fs.symlinkSync("/etc/passwd", "passwd")',
  spawn: 'spawnSync("ls")',
  fork: "fork(process.argv[1])",
  thread: 'new Worker("1", { eval: true })',
  binding: 'process.binding("fs")',
  library: 'process.dlopen({ exports: {} }, "/lib/x.node")',
  variable: 'if (process.env.SECRET === undefined) throw new Error("none")',
  folder: `if (!process.cwd().includes("chainrule-sandbox")) throw 0; throw new Error(fs.readdirSync(".").filter((name) => name !== "node_modules").join())`,
};

const trying = `import fs from "node:fs";
import { fork, spawnSync } from "node:child_process";
import { Worker } from "node:worker_threads";
${Object.entries(attempts)
  .map(
    ([name, code]) =>
      `try { ${code}; console.log("${name} could"); } catch (error) { console.log("${name} could not:", error.code ?? error.message); }`,
  )
  .join("\n")}
`;

describe.concurrent("in the sandbox a module", () => {
  it("reads, writes, starts and sees nothing, and is judged all the same", async () => {
    const { status, stdout, stderr } = await spawned(
      ["check", put(folder, "tries.mjs", trying + backprop()), "--sandbox", ...patient],
      { cwd: folder, env: { SECRET: "42" } },
    );
    const said = Object.fromEntries(
      stderr
        .trim()
        .split("\n")
        .map((line) => line.split(" could") as [string, string]),
    );
    expect(Object.keys(said)).toEqual(Object.keys(attempts));
    expect(Object.values(said).filter((end) => !end.startsWith(" not:"))).toEqual([]);
    for (const name of ["read", "list", "write", "elsewhere", "spawn", "fork", "thread", "binding"])
      expect(said[name], name).toBe(" not: ERR_ACCESS_DENIED");
    expect([said["variable"], said["folder"]]).toEqual([" not: none", " not: tries.mjs"]);
    expect(existsSync(join(folder, "written"))).toBe(false);
    expect([status, flat(stdout)]).toEqual([
      0,
      expect.stringContaining("run in a sandbox: no files, programs, threads"),
    ]);
    // What this Node cannot close is said.
    expect(flat(stdout).includes("the network is open")).toBe(!process.allowedNodeEnvironmentFlags.has("--allow-net"));
  });

  it("hears in words what it may not, at its line", async () => {
    const reads = await check("reads.mjs", `import fs from "node:fs";\n${withLine('fs.readFileSync("/etc/passwd");')}`);
    expect([reads.status, flat(reads.stdout)]).toEqual([
      3,
      expect.stringMatching(/reads\.mjs:8:\d+: it reads \/etc\/passwd: the sandbox does not allow that/),
    ]);
    const imports = await check("imports.mjs", `import "lodash";\n${backprop()}`);
    expect([imports.status, flat(imports.stdout)]).toEqual([
      3,
      expect.stringContaining("the sandbox has no lodash: it holds this file and @chainrule/autograd"),
    ]);
    const beside = await check("beside.mjs", `import "./reads.mjs";\n${backprop()}`);
    expect([beside.status, flat(beside.stdout)]).toEqual([3, expect.stringContaining("the sandbox has no reads.mjs")]);
  });

  it("imports the library, in what is judged and in its reference", async () => {
    const text =
      'import { tensor } from "@chainrule/autograd";\nexport const op = { forward: (x) => x.map((v) => 2 * v), backward: (g) => g.map((v) => 2 * tensor(v).item()), shapes: [[3]], like: (x) => x.mul(tensor(2)) };\n';
    const { status, stdout, stderr } = await check("library.mjs", text);
    expect([status, stderr]).toEqual([0, ""]);
    expect(flat(stdout)).toContain("the reference in your own file");
  });

  it("is the file itself, in JavaScript or TypeScript", async () => {
    put(folder, "right.mjs", backprop());
    symlinkSync(join(folder, "right.mjs"), join(folder, "link.mjs"));
    const link = await chainrule(["check", "link.mjs", "--sandbox", ...patient], { cwd: folder, run: runAside });
    expect([link.status, flat(link.stdout)]).toEqual([
      3,
      expect.stringContaining("it is a link, and --sandbox takes the file itself"),
    ]);
    for (const name of ["script.py", "notebook.ipynb", "script.m"]) {
      put(folder, name, "");
      const { status, stderr } = await chainrule(["check", name, "--sandbox"], { cwd: folder });
      expect([status, stderr]).toEqual([
        64,
        expect.stringContaining(`--sandbox is for JavaScript and TypeScript, and ${name} is neither`),
      ]);
    }
  });
});
