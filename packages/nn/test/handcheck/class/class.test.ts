/**
 * `chainrule check` of a class: a folder or several files against one reference; nothing that one of them does keeps
 * the others from being judged.
 */

import { existsSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { basename, join } from "node:path";
import { describe, expect, it } from "vitest";
import type { CheckJob } from "../../../src/cli/job.ts";
import type { Run } from "../../../src/cli/run.ts";
import { columnsOf } from "../../../src/handcheck/report/width.ts";
import { chainrule, newFolder, put, runHere, type Ran } from "../cli/command.ts";
import { backprop, forgotten, mazur, withLine } from "../cli/files.ts";
import { violations } from "../report/schema.ts";

const right = backprop();
const withoutBias1 = backprop([["1: mean(delta1), 2: mean(delta2)", "2: mean(delta2)"]]);
const noNetwork = right.replace(/^export const network.*$/m, "");

/** A folder of submissions beside a reference. */
function classOf(files: Readonly<Record<string, string>>, reference: string = right): string {
  const folder = newFolder();
  put(folder, "solution.mjs", reference);
  mkdirSync(join(folder, "hw"));
  for (const [name, text] of Object.entries(files)) put(folder, join("hw", name), text);
  return folder;
}

const check = (
  cwd: string,
  words: readonly string[],
  options: { readonly run?: Run; readonly width?: number; readonly lang?: "en" | "zh" } = {},
): Promise<Ran> => chainrule(["check", ...words], { cwd, ...options });
const judged = (cwd: string, ...words: readonly string[]): Promise<Ran> =>
  check(cwd, ["hw", "--reference", "solution.mjs", ...words]);

/** The lines of marks, by file. */
async function marks(folder: string, ...words: readonly string[]): Promise<Record<string, string[]>> {
  const { stdout } = await judged(folder, "--format", "csv", ...words);
  return Object.fromEntries(
    stdout
      .trimEnd()
      .split("\r\n")
      .slice(1)
      .map((line) => line.split(","))
      .map(([file, ...rest]) => [file!, rest]),
  );
}

describe.concurrent("a folder", () => {
  const files = {
    "bob.mjs": forgotten,
    "alice.mjs": right,
    "zoe.mjs": "export function backward( {",
    "dan.mjs": noNetwork,
    "eve.mjs": withLine("throw new Error('no, really');"),
  };

  it("is judged file by file, in the order of names, whatever one of them does", async () => {
    const folder = classOf(files);
    const { status, stdout, stderr } = await judged(
      folder,
      "--points",
      "BP1=2,BP2=4,BP3=2,BP4=2",
      "--out",
      "marks.csv",
    );
    expect(status).toBe(3);
    const lines = readFileSync(join(folder, "marks.csv"), "utf8").split("\r\n");
    expect(lines).toEqual([
      "file,verdict,passed,given,points,open,of,roots,says",
      "alice.mjs,correct,6,6,10,0,10,,Right: every equation that you gave holds.",
      "bob.mjs,mistake,5,6,6,0,10,B1 BP2 1,BP2 at layer 1: σ' of the layer is forgotten [B1]",
      "dan.mjs,correct,6,6,10,0,10,,Right: every equation that you gave holds.",
      expect.stringMatching(/^eve\.mjs,contract,0,0,0,0,10,,"?eve\.mjs:\d+:\d+: no, really"?$/),
      expect.stringMatching(/^zoe\.mjs,contract,0,0,0,0,10,,.*SyntaxError/),
      "",
    ]);
    expect(stdout).toContain("5 submissions: 2 right, 1 with mistakes, 2 not judged.");
    expect(stdout).toContain("5.2 of 10 points on average.");
    expect(stderr).toContain("5/5");
    expect(stderr).not.toContain(folder);
    expect(stdout).not.toContain(folder);
  });

  it("is data by its schema, each submission with the report that it has alone", async () => {
    const folder = classOf({ ...files, "same.mjs": forgotten, "README.md": "none" });
    const words = ["--points", "10", "--hints", "2"];
    const { status, stdout } = await judged(folder, ...words, "--json");
    expect(status).toBe(3);
    expect(violations(stdout, "class/1")).toEqual([]);
    const { exit, submissions, same, leftOut } = JSON.parse(stdout) as {
      exit: number;
      submissions: { file: string; path: string; verdict: string; exit: number; report: object }[];
      same: unknown;
      leftOut: { name: string }[];
    };
    expect([exit, same, leftOut.map(({ name }) => name)]).toEqual([3, [["bob.mjs", "same.mjs"]], ["README.md"]]);
    expect(submissions.map(({ file, verdict }) => `${file} ${verdict}`)).toEqual([
      "alice.mjs correct",
      "bob.mjs mistake",
      "dan.mjs correct",
      "eve.mjs contract",
      "same.mjs mistake",
      "zoe.mjs contract",
    ]);
    for (const { path, exit: own, report } of submissions) {
      const alone = await check(folder, [path, "--reference", "solution.mjs", ...words, "--json"]);
      expect([own, report]).toEqual([alone.status, JSON.parse(alone.stdout)]);
    }
  });

  it("is data in a file, beside the table or marks, in no other form", async () => {
    const folder = classOf(files);
    const { stdout } = await judged(folder, "--json", "class.json");
    expect(stdout).toContain("5 submissions:");
    const text = readFileSync(join(folder, "class.json"), "utf8");
    expect(violations(text, "class/1")).toEqual([]);
    const untimed = (own: string): string => own.replace(/"seconds": .*/g, "");
    expect(untimed((await judged(folder, "--format", "json")).stdout)).toBe(untimed(text));
    await judged(folder, "--format", "json", "--out", "class.json");
    expect(untimed(readFileSync(join(folder, "class.json"), "utf8"))).toBe(untimed(text));
    expect((await judged(folder, "--json", "--format", "csv")).stdout).toContain("cannot both go to stdout");
    expect((await judged(folder, "--md")).stderr).toContain("--md is for one file");
  });

  it("has a table as wide as the terminal", async () => {
    const folder = classOf({ ...files, [`${"long-name-".repeat(6)}.mjs`]: forgotten, "也错.mjs": forgotten });
    for (const width of [60, 80, 120]) {
      for (const lang of ["en", "zh"] as const) {
        const { stdout } = await check(folder, ["hw", "--reference", "solution.mjs", "--points", "10"], {
          width,
          lang,
        });
        for (const line of stdout.split("\n")) expect(columnsOf(line), line).toBeLessThanOrEqual(width);
        expect(stdout).toContain("no, really");
        expect(stdout).toContain("B1 BP2");
      }
    }
  });

  it("gives the worst exit status", async () => {
    const statusOf = async (some: Readonly<Record<string, string>>): Promise<number | null> =>
      (await judged(classOf(some))).status;
    expect(await statusOf({ "a.mjs": right, "b.mjs": right })).toBe(0);
    expect(await statusOf({ "a.mjs": right, "b.mjs": withoutBias1 })).toBe(4);
    expect(await statusOf({ "a.mjs": withoutBias1, "b.mjs": forgotten })).toBe(1);
    expect(await statusOf({ "a.mjs": forgotten, "b.mjs": "export const backward = 1;" })).toBe(3);
  });

  it("goes on where the program itself fails, and says so", async () => {
    const folder = classOf({ "a.mjs": right, "b.mjs": right, "c.mjs": right });
    const run: Run = (job) =>
      job.kind === "check" && basename(job.file!) === "b.mjs"
        ? Promise.reject(new Error("out of luck"))
        : runHere(job, 0);
    const { status, stdout } = await check(folder, ["hw", "--reference", "solution.mjs", "--format", "csv"], { run });
    expect([status, stdout.split("\r\n").map((line) => line.split(",")[1])]).toEqual([
      70,
      ["verdict", "correct", "internal", "correct", undefined],
    ]);
    expect(stdout).toContain("a fault of chainrule, not of the file: out of luck");
  });

  it("is judged on the same numbers, by the same reference", async () => {
    const folder = classOf({ "a.mjs": right, "b.mjs": right });
    const jobs: CheckJob[] = [];
    const run: Run = (job) => {
      if (job.kind === "check") jobs.push(job);
      return runHere(job, 0);
    };
    await check(folder, ["hw", "--reference", "solution.mjs", "--seed", "7", "--sandbox"], { run });
    // The teacher's own file needs no sandbox.
    expect(jobs.map(({ file, seed, sandbox }) => [basename(file!), seed, sandbox]).sort()).toEqual([
      ["a.mjs", 7, true],
      ["b.mjs", 7, true],
      ["solution.mjs", 7, false],
    ]);
    // The reference runs once, by itself; what it is about is data from then on.
    const [alone, ...others] = jobs;
    expect([
      alone!.exercise,
      new Set(others.map(({ exercise }) => exercise)).size,
      others[0]!.exercise!.entries.has("network"),
    ]).toEqual([null, 1, true]);
    expect(jobs.every(({ reference }) => reference === null)).toBe(true);
  });

  it("without a reference is judged file by file as each says", async () => {
    const folder = classOf({ "a.mjs": right, "b.mjs": noNetwork });
    const { status, stdout } = await check(folder, ["hw", "--format", "csv"]);
    expect([status, stdout]).toEqual([3, expect.stringMatching(/^a\.mjs,correct,.*\r\nb\.mjs,contract,/m)]);
    expect((await check(folder, ["hw", "--net", "3-4-2"])).status).toBe(0);
  });

  it("shows which files are the same", async () => {
    const { stdout } = await judged(classOf({ "a.mjs": forgotten, "b.mjs": right, "c.mjs": forgotten }));
    expect(stdout).toContain("The same, byte for byte: a.mjs, c.mjs.");
    expect(stdout).toContain("Most often: B1 BP2 (2).");
  });
});

describe.concurrent("what lies in a folder", () => {
  it("is a file for each student, or a folder with one", async () => {
    const folder = classOf({
      "ann/backprop.mjs": right,
      "ben/solution.mjs": forgotten,
      "ben/helper.mjs": "export const two = 2;\n",
      "cat/one.mjs": right,
      "cat/two.mjs": right,
      "dee/notes.pdf": "%PDF",
      "fay/.DS_Store": "",
      "gus/deep/backprop.mjs": right,
      "README.md": "hand in here",
      "photo.png": "PNG",
      ".git/config": "",
      "package.json": "{}",
    });
    const rows = await marks(folder);
    expect(Object.entries(rows).map(([name, [verdict]]) => [name, verdict])).toEqual([
      ["ann/backprop.mjs", "correct"],
      ["ben/solution.mjs", "mistake"],
      ["cat", "contract"],
      ["dee", "contract"],
      ["gus", "contract"],
    ]);
    expect(rows["cat"]!.join(",")).toContain(
      "the folder holds one.mjs, two.mjs: which one is it? call it solution.mjs",
    );
    const { stderr } = await judged(folder);
    for (const said of [
      "README.md, no submission by its name",
      "photo.png, files that end with .png cannot be read",
      "fay, an empty folder",
      "package.json, no submission",
    ])
      expect(stderr).toContain(`left out: ${said}`);
    expect(stderr).not.toContain(".git");
  });

  it("is no submission where it is the reference, or a link", async () => {
    const folder = classOf({ "a.mjs": right });
    put(folder, "hw/solution.mjs", right);
    symlinkSync(join(folder, "solution.mjs"), join(folder, "hw", "b.mjs"));
    const { stdout, stderr } = await check(folder, ["hw", "--reference", "hw/solution.mjs"]);
    expect(stdout).toContain("1 submission: 1 right.");
    expect(stderr).toContain("left out: b.mjs, a link");
    expect(stderr).toContain("left out: solution.mjs, the reference");
  });

  it("may be arrays of one student", async () => {
    const folder = classOf({ "ann/W1.csv": "1,2\n3,4\n", "ann/dW1.csv": "1,2\n3,4\n", "b.mjs": right });
    const rows = await marks(folder);
    expect(rows["ann"]![0]).toBe("contract");
    expect(rows["ann"]!.join(",")).not.toContain("which one is it");
  });

  it("is nothing, which is said", async () => {
    const [empty, useless] = [classOf({}), classOf({ "a.pdf": "%PDF", "b.png": "PNG" })];
    const none = await judged(empty);
    expect([none.status, none.stderr]).toEqual([64, expect.stringContaining("hw: it is empty")]);
    const others = await judged(useless, "--out", "marks.csv");
    expect([others.status, others.stderr]).toEqual([
      64,
      expect.stringContaining("nothing in it can be judged: a.pdf (files that end with .pdf cannot be read), b.png"),
    ]);
    expect(existsSync(join(useless, "marks.csv"))).toBe(false);
  });

  it("is nothing, which Gradescope tells the student", async () => {
    const { status, stdout } = await judged(classOf({ "a.pdf": "%PDF" }), "--points", "10", "--format", "gradescope");
    const results = JSON.parse(stdout) as {
      readonly score: number;
      readonly tests: readonly { readonly status: string; readonly output: string }[];
    };
    expect([status, results.score, new Set(results.tests.slice(1).map((test) => test.status))]).toEqual([
      3,
      0,
      new Set(["failed"]),
    ]);
    expect(results.tests[0]!.output).toContain("hand in one file, such as backprop.py");
  });
});

describe.concurrent("several files", () => {
  it("are told apart by as much of their paths as that takes, and judged once", async () => {
    const folder = newFolder();
    put(folder, "solution.mjs", right);
    for (const name of ["ann/b.mjs", "ben/b.mjs"]) put(folder, name, name.startsWith("ann") ? right : forgotten);
    const { status, stdout, stderr } = await check(folder, [
      "ben/b.mjs",
      "ann/b.mjs",
      "./ann/b.mjs",
      "--reference",
      "solution.mjs",
      "--format",
      "csv",
    ]);
    expect([
      status,
      stdout
        .split("\r\n")
        .slice(1, -1)
        .map((line) => line.split(",").slice(0, 2)),
    ]).toEqual([
      1,
      [
        ["ann/b.mjs", "correct"],
        ["ben/b.mjs", "mistake"],
      ],
    ]);
    expect(stderr).toContain("left out: b.mjs, named twice");
  });

  it("of arrays without a reference stay one submission", async () => {
    const folder = newFolder();
    put(folder, "W1.csv", "0.6\n");
    put(folder, "dW1.csv", "1\n");
    const { stderr, stdout } = await check(folder, ["W1.csv", "dW1.csv", "--net", "1-1"]);
    expect(stdout + stderr).not.toContain("submissions");
  });
});

describe.concurrent("a reference", () => {
  it("that is wrong, broken or absent judges nobody", async () => {
    for (const [reference, said] of [
      [forgotten, "the reference solution.mjs is not right itself: BP2 at layer 1: σ' of the layer is forgotten"],
      ["export const backward = (", "the reference cannot be judged itself: solution.mjs:1"],
      [noNetwork, "the reference cannot be judged itself: solution.mjs"],
      [mazur({ eta: 0.5 }).replace(/^/, "export default ").concat(";"), "the reference"],
    ] as const) {
      const { status, stdout, stderr } = await judged(classOf({ "a.mjs": right }, reference), "--out", "marks.csv");
      expect([status, stdout], said).toEqual([64, ""]);
      expect(stderr).toContain(said);
    }
    const folder = classOf({ "a.mjs": right });
    expect(await check(folder, ["hw", "--reference", "none.mjs"])).toMatchObject({
      status: 64,
      stderr: expect.stringContaining("none.mjs: there is no such file") as string,
    });
    expect(await check(folder, ["hw", "--reference", "hw"])).toMatchObject({ status: 64 });
    expect(await check(folder, ["--example", "mazur", "--reference", "solution.mjs"])).toMatchObject({
      status: 64,
      stderr: expect.stringContaining("both say what it is about") as string,
    });
  });

  it("is what submissions are about: another network is not judged, however right", async () => {
    const rows = await marks(
      classOf({
        "sizes.mjs": backprop([["[3, 4, 2]", "[3, 5, 2]"]]),
        "kernel.mjs":
          "export const op = { forward: (x) => x.map((v) => v * v), backward: (g, x) => x.map((v, i) => 2 * v * g[i]), shapes: [[4]], like: (x) => x.mul(x) };\n",
      }),
      "--points",
      "10",
    );
    expect(rows["sizes.mjs"]!.slice(0, 5)).toEqual(["contract", "0", "0", "0", "0"]);
    expect(rows["sizes.mjs"]!.join(",")).toContain("it says sizes 3-5-2, and the reference solution.mjs sizes 3-4-2");
    expect(rows["kernel.mjs"]![0]).toBe("contract");
  });

  it("has its data and parameters stand for what is left out; numbers of a file's own count, which is said", async () => {
    const gradW = {
      2: [
        [0.08216704056423077, 0.08266762784753325],
        [-0.02260254047747507, -0.022740242215978222],
      ],
    };
    const folder = newFolder();
    put(folder, "solution.json", mazur({ gradW }));
    put(folder, "hw/a.json", JSON.stringify({ hand: { gradW } }));
    put(folder, "hw/b.json", mazur({ gradW }));
    put(folder, "hw/c.json", mazur({ gradW }).replace("[0.05,0.1]", "[0.06,0.1]"));
    put(
      folder,
      "hw/d.json",
      JSON.stringify({ hand: { gradW: { 2: gradW[2].map((row, j) => row.map((x) => (1 + j) * x)) } } }),
    );
    const verdicts: (readonly [number | null, boolean])[] = [];
    for (const name of ["a", "b", "c", "d"]) {
      const { status, stdout } = await check(folder, [`hw/${name}.json`, "--reference", "solution.json"]);
      verdicts.push([
        status,
        stdout.replace(/\s+/g, " ").includes("x: the file's own count, not those that stand beside it"),
      ]);
    }
    expect(verdicts).toEqual([
      [0, false],
      [0, false],
      [1, true],
      [1, false],
    ]);
  });

  it("holds one file as well, in the whole report", async () => {
    const folder = classOf({ "a.mjs": noNetwork, "b.mjs": withoutBias1 });
    const whole = await check(folder, ["hw/a.mjs", "--reference", "solution.mjs", "--points", "10"]);
    expect([whole.status, whole.stdout.replace(/\s+/g, " ")]).toEqual([
      0,
      expect.stringContaining("6 of 6 equations right. 10 of 10 points."),
    ]);
    const part = await check(folder, ["hw/b.mjs", "--reference", "solution.mjs", "--points", "BP3=2,BP4=2"]);
    expect([part.status, part.stdout.replace(/\s+/g, " ")]).toEqual([
      4,
      expect.stringContaining("not all that the reference solution.mjs gives was: ∂C/∂b¹"),
    ]);
    expect(part.stdout.replace(/\s+/g, " ")).toContain("3 of 4 points");
  });

  it("of a kernel judges kernels", async () => {
    const kernel = (slope: string): string =>
      `export const forward = (x) => x.map((v) => v * v);\nexport const backward = (g, x) => x.map((v, i) => ${slope} * g[i]);\n`;
    const folder = classOf(
      { "a.mjs": kernel("2 * v"), "b.mjs": kernel("v"), "c.mjs": right },
      `${kernel("2 * v")}export const shapes = [[4]];\nexport const names = ["x"];\nexport const like = (x) => x.mul(x);\n`,
    );
    const rows = await marks(folder, "--points", "dx=3");
    expect(Object.entries(rows).map(([name, [verdict, , , points]]) => [name, verdict, points])).toEqual([
      ["a.mjs", "correct", "3"],
      ["b.mjs", "mistake", "0"],
      ["c.mjs", "contract", "0"],
    ]);
  });

  it("of a kernel may be nothing but what is right, which a submission may not", async () => {
    const outer = (db: string): string => `export const forward = (a, b, k) => a.map((x) => b.map((y) => k * x * y));
export const backward = (g, a, b, k) => ({ da: a.map((_, i) => b.reduce((sum, y, j) => sum + k * g[i][j] * y, 0)), db: ${db} });
`;
    const like =
      'export const like = (a, b, k) => a.reshape([3, 1]).mul(b).mul(k);\nexport const inputs = [[1, 2, 3], [0.5, -1.5], 2];\nexport const names = ["a", "b", "k"];\nexport const differentiable = [true, true, false];\n';
    const right = "b.map((_, j) => a.reduce((sum, x, i) => sum + k * g[i][j] * x, 0))";
    const folder = classOf({ "a.mjs": outer(right), "b.mjs": outer(right.replace("k * ", "")), "c.mjs": like }, like);
    const rows = await marks(folder, "--points", "da=1,db=2");
    expect(Object.entries(rows).map(([name, [verdict, , , points]]) => [name, verdict, points])).toEqual([
      ["a.mjs", "correct", "3"],
      ["b.mjs", "mistake", "1"],
      ["c.mjs", "contract", "0"],
    ]);
    const wrong = await judged(classOf({ "a.mjs": outer(right) }, like.replace("a.reshape([3, 1])", "a")));
    expect([wrong.status, wrong.stderr]).toEqual([
      64,
      expect.stringContaining("the reference cannot be judged itself: solution.mjs"),
    ]);
  });

  it("has to give what points are for", async () => {
    const { status, stderr } = await judged(classOf({ "a.mjs": right }), "--points", "BP1=1,STEP=2");
    expect([status, stderr]).toEqual([64, expect.stringContaining("the reference solution.mjs gives no STEP")]);
  });
});

describe.concurrent("options of marks", () => {
  it("are refused where they say nothing, or two things", async () => {
    const folder = classOf({ "a.mjs": right });
    for (const [words, said] of [
      [["--points", "many"], "--points many says no points"],
      [["--points", "0"], "says no points"],
      [["--points", "BP1=1,BP1=2"], "says BP1 twice"],
      [["--points", "1.234"], "says no points"],
      [["--out", "marks.txt"], "says no format by its ending"],
      [["--format", "xml"], "--format xml is unknown"],
      [["--html", "x.html"], "--html is for one file"],
      [["--watch"], "--watch is for one file"],
    ] as const) {
      const { status, stderr } = await judged(folder, ...words);
      expect([status, stderr]).toEqual([64, expect.stringContaining(said)]);
    }
    expect(await check(folder, ["hw/a.mjs", "--format", "junit", "--json"])).toMatchObject({
      status: 64,
      stdout: expect.stringContaining("--json and --format junit cannot both go to stdout") as string,
    });
  });

  it("write over what they wrote, and over nobody's work", async () => {
    const folder = classOf({ "a.mjs": right });
    for (const name of ["m.csv", "m.xml", "m.json"]) {
      expect((await judged(folder, "--out", name)).status).toBe(0);
      expect((await judged(folder, "--out", name)).status).toBe(0);
      writeFileSync(join(folder, name), "somebody's own");
      expect(await judged(folder, "--out", name)).toMatchObject({ status: 64 });
      expect(readFileSync(join(folder, name), "utf8")).toBe("somebody's own");
    }
  });

  it("give away no more than the hints", async () => {
    const folder = classOf({ "b.mjs": forgotten });
    for (const format of ["csv", "junit", "gradescope", "github"]) {
      const none = (await judged(folder, "--format", format, "--hints", "0")).stdout;
      expect(none).not.toMatch(/BP2|B1|δ/);
      const where = (await judged(folder, "--format", format, "--hints", "1")).stdout;
      expect(where).toContain("BP2");
      expect(where).not.toMatch(/B1|σ'/);
    }
  });

  it("annotate formulas at the person's line", async () => {
    const folder = classOf({});
    put(folder, "hw/f.txt", "# net 2-3-1\n# cost quadratic\ndelta2 = (v2 - t) .* s'(u2)\ndelta1 = (W2^T delta2)\n");
    const { stdout } = await check(folder, ["hw/f.txt", "--format", "github"]);
    expect(stdout).toContain("::error file=hw/f.txt,line=4,title=BP2 at layer 1%3A δ¹ [B1]::");
    // A log is read: the report stands before.
    expect(stdout).toContain("One mistake: BP2 at layer 1.");
  });
});
