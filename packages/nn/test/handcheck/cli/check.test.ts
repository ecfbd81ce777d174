/**
 * `chainrule check`: exit statuses, JSON whatever happens, outputs, watching, help; most in the process, what needs one
 * as a process.
 */

import { existsSync, mkdirSync, readFileSync, realpathSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { mistakeGroups } from "../../../src/handcheck/catalogue/mistakes.ts";
import { columnsOf } from "../../../src/handcheck/report/width.ts";
import { violations } from "../report/schema.ts";
import { chainrule, example, examples, newFolder, patient, put, spawned, start } from "./command.ts";
import { backprop, forgotten, mazur, withLine } from "./files.ts";

const folder = newFolder();
const here = { cwd: folder };

/** Checks a file with this text; gives what was printed. */
async function check(name: string, text: string, ...words: readonly string[]) {
  return chainrule(["check", put(folder, name, text), ...words], here);
}

describe.concurrent("the exit status", () => {
  it("is 0 where everything is right", async () => {
    const { status, stdout, stderr } = await check("right.mjs", backprop());
    expect(stdout).toContain("Right: every equation that you gave holds.  6 of 6 equations right.");
    expect([status, stderr]).toEqual([0, ""]);
  });

  it("is 1 where an equation is wrong, which is named", async () => {
    const { status, stdout } = await check("forgotten.js", forgotten);
    expect(status).toBe(1);
    expect(stdout).toContain("BP2 at layer 1");
    expect(stdout).toContain("[B1]");
    expect(stdout).toContain("↳ inherited");
    expect(stdout).not.toContain("\u001b");
    for (const line of stdout.split("\n")) expect(columnsOf(line)).toBeLessThanOrEqual(80);
  });

  it("is 2 where the forward pass is wrong", async () => {
    const { status, stdout } = await check(
      "forward.json",
      mazur({ v: { 1: [[0.9, 0.9]], 2: [[0.7513650695523157, 0.7729284653214625]] } }),
    );
    expect(status).toBe(2);
    expect(stdout).toContain("forward pass");
  });

  it("is 3 where it cannot be judged", async () => {
    const { status, stdout } = await check(
      "nan.json",
      mazur({
        gradW: {
          1: [
            [1, 2],
            [3, 4],
          ],
        },
      }).replace("[[1,2],[3,4]]", "[[1,2],[3,null]]"),
    );
    expect(status).toBe(3);
    expect(stdout).toContain("cannot be judged");
  });

  it("is 4 where nothing was given that could decide", async () => {
    const { status, stdout } = await check(
      "nothing.json",
      mazur({ eta: 0.5, cost: null }).replace('"cost":null', '"gradW":{}'),
    );
    expect(status, stdout).toBe(4);
  });

  it("is 64 for a wrong call, with what was probably meant", async () => {
    const calls: readonly (readonly [readonly string[], string])[] = [
      [["check", "right.mjs", "--hint", "1"], "unknown option --hint; did you mean --hints?"],
      [["check", "right.mjs", "--lang", "fr"], "--lang fr is unknown"],
      [["check", "right.mjs", "--net"], "--net needs a value"],
      [["check", "right.mjs", "--net", "--watch"], "--net needs a value"],
      [["check", "right.mjs", "--watch=1"], "--watch takes no value"],
      [["check", "right.mjs", "--digits", "six"], "--digits six is no whole number from 1 to 17"],
      [["check", "right.mjs", "--net", "3-4-2:sigmod"], "unknown activation sigmod; did you mean sigmoid?"],
      [["check", "right.mjs", "--net", "3"], "--net 3 is no network"],
      [["check", "right.mjs", "--net", "3-4-2:relu,relu,relu"], "3 activations for 2 layers"],
      [["check", "right.mjs", "--cost", "quadratc"], "did you mean quadratic?"],
      [["check", "absent.mjs"], "there is no such file"],
      [["check"], "no FILE"],
      [["check", "a.json", "b.json"], "one FILE at a time"],
      [["check", "--latex", "--md", "right.mjs"], "cannot both go to stdout"],
      [["check", "--example", "mazur", "--watch"], "--watch needs a FILE"],
      [["chek", "right.mjs"], "unknown command chek; did you mean check?"],
      [["--verison"], "unknown option --verison; did you mean --version?"],
      [[], "no command"],
    ];
    put(folder, "right.mjs", backprop());
    for (const [words, said] of calls) {
      const { status, stdout, stderr } = await chainrule(words, here);
      expect([status, stdout], words.join(" ")).toEqual([64, ""]);
      expect(stderr).toContain(said);
      expect(stderr.trimEnd().split("\n")).toHaveLength(2);
    }
  });

  it("is 3 where no network is known, with the line that says it", async () => {
    const { status, stdout } = await check("homeless.mjs", backprop([["export const network", "const network"]]));
    expect([status, stdout]).toEqual([3, expect.stringContaining("nothing says which network it is")]);
  });
});

describe.concurrent("a text", () => {
  const lines = "delta2 = v2 - t\ndelta1 = (W2^T delta2) .* (1 - v1.^2)\n";

  it.each([
    ["comment", "# net 3-4-2:tanh,softmax\n", 0],
    ["colon", "net: 3-4-2:tanh,softmax\ncost: categoricalCrossEntropy\n", 0],
    ["percent", "% net 3-4-2:tanh,sigmoid\n% cost crossEntropy\n", 0],
    ["slip", "# net 3-4-2:tanh,sigmoid\n", 1],
  ])("names its network: %s", async (file, heading, exit) => {
    const { status, stderr } = await check(`named-${file}.txt`, heading + lines);
    expect([status, stderr]).toEqual([exit, ""]);
  });

  it("that names none cannot be judged, and is told how to", async () => {
    const { status, stdout } = await check("nameless.txt", lines);
    expect(status).toBe(3);
    expect(stdout).toContain("no network is known");
    expect(stdout.replace(/\s+/g, " ")).toContain("# net 3-4-2:tanh,softmax");
    expect((await check("odd.txt", `# net 3-4-2:tang\n${lines}`)).stdout).toContain("unknown activation tang");
  });
});

describe.concurrent("JSON", () => {
  it("is on stdout, alone and valid, whatever happens", async () => {
    put(folder, "right.mjs", backprop());
    put(folder, "wrong.mjs", forgotten);
    put(folder, "throws.mjs", withLine('throw new Error("no");'));
    put(
      folder,
      "numbers.json",
      mazur({
        gradW: {
          1: [
            [0.000438567734474347, 0.000877135468948693],
            [0.00049771273526086, 0.00099542547052172],
          ],
        },
      }),
    );
    const calls: readonly (readonly [readonly string[], number])[] = [
      [["right.mjs", "--json"], 0],
      [["--json", "wrong.mjs"], 1],
      [["--json", "-", "wrong.mjs", "--hints", "1"], 1],
      [["wrong.mjs", "--json=-", "--hints", "0"], 1],
      [["throws.mjs", "--json"], 3],
      // The one JSON file that there is, is what is checked.
      [["--json", "numbers.json"], 0],
      [["right.mjs", "--json", "--hint", "1"], 64],
      [["absent.mjs", "--json"], 64],
      [["--json"], 64],
    ];
    for (const [words, exit] of calls) {
      const { status, stdout } = await chainrule(["check", ...words], here);
      expect(violations(stdout), words.join(" ")).toEqual([]);
      expect(JSON.parse(stdout)).toMatchObject({ schema: "handcheck/1", exit });
      expect(status).toBe(exit);
    }
  });

  it("is on stdout alone where the file prints, and where the command is a process", async () => {
    put(folder, "loud.mjs", withLine('console.log("so far so good");'));
    const { status, stdout, stderr } = await spawned(["check", "loud.mjs", "--json", ...patient], here);
    expect(violations(stdout)).toEqual([]);
    expect([status, stderr]).toEqual([0, expect.stringContaining("so far so good")]);
  });

  it("goes to a file beside the text, and never over what is no report", async () => {
    put(folder, "wrong.mjs", forgotten);
    const first = await chainrule(["check", "wrong.mjs", "--json", "report.json"], here);
    expect([first.status, first.stderr]).toEqual([1, "wrote report.json\n"]);
    expect(first.stdout).toContain("BP2 at layer 1");
    expect(violations(readFileSync(join(folder, "report.json"), "utf8"))).toEqual([]);
    expect((await chainrule(["check", "wrong.mjs", "--json", "report.json"], here)).status).toBe(1);
    put(folder, "homework.json", "{}");
    const second = await chainrule(["check", "wrong.mjs", "--json", "homework.json"], here);
    expect([second.status, readFileSync(join(folder, "homework.json"), "utf8")]).toEqual([64, "{}"]);
    expect(second.stderr).toContain("not overwritten");
    put(folder, "own.json", mazur({ delta: { 2: [[0.138498562, -0.0380982365]] } }));
    expect((await chainrule(["check", "own.json", "--json=own.json"], here)).status).toBe(64);
  });
});

describe.concurrent("files and folders", () => {
  it("may have spaces and other letters in their names", async () => {
    mkdirSync(join(folder, "my homework"), { recursive: true });
    const { status, stdout } = await check(
      "my homework/反向 传播.mjs",
      forgotten,
      "--html",
      "my homework/out put.html",
    );
    expect([status, existsSync(join(folder, "my homework/out put.html"))]).toEqual([1, true]);
    expect(stdout).toContain("BP2 at layer 1");
  });

  it("in TypeScript have their own lines in a clone, and say what is missing elsewhere", async () => {
    put(
      folder,
      "throws.ts",
      "const a: number = 1;\ntype Unused = number;\nexport function backward(): void {\n  throw new Error(`line ${a}`);\n}\n",
    );
    const words = ["check", "throws.ts", "--net", "2-2-1", ...patient];
    const line = /throws\.ts:4:\d+: line 1/;
    expect((await spawned(words, { ...here, clone: true })).stdout).toMatch(line);
    const { status, stdout } = await spawned(words, here);
    const strips = (process.features as { typescript?: unknown }).typescript;
    expect([status, stdout]).toEqual([
      3,
      strips === undefined || strips === false
        ? expect.stringContaining("cannot read TypeScript")
        : expect.stringMatching(line),
    ]);
  });

  it("in TypeScript that need nothing but themselves are strict scripts of their own name, and all others are for tsx", async () => {
    const alone = join(folder, "alone");
    put(folder, "alone/package.json", JSON.stringify({ type: "module" }));
    put(folder, "alone/helper.ts", "export const where = (kind: string): string => kind;\n");
    // A script has arguments of its own, a module has none.
    put(
      folder,
      "alone/alone.ts",
      "enum Kind { One = 1 }\nconst kind: string = typeof arguments;\nexport function backward(): void {\n  throw new Error(`line ${Kind.One} ${kind}`);\n}\n",
    );
    put(
      folder,
      "alone/needs.ts",
      'import { where } from "./helper.ts";\nconst kind: string = await Promise.resolve(typeof arguments);\n\nexport function backward(): void {\n  throw new Error(where(kind));\n}\n',
    );
    put(
      folder,
      "alone/waits.ts",
      "const kind: string = await Promise.resolve(typeof arguments);\nexport function backward(): void {\n  throw new Error(kind);\n}\n",
    );
    mkdirSync(join(alone, "node_modules"));
    symlinkSync(realpathSync(join(examples, "../../node_modules/tsx")), join(alone, "node_modules/tsx"));
    const said = async (name: string): Promise<string> =>
      (await spawned(["check", name, "--net", "2-2-1", ...patient], { cwd: alone })).stdout;
    const own = (process.features as { typescript?: unknown }).typescript;
    if (own === undefined || own === false) expect(await said("alone.ts")).toMatch(/alone\.ts:4:\d+: line 1 object/);
    expect(await said("needs.ts")).toMatch(/needs\.ts:5:\d+: undefined/);
    expect(await said("waits.ts")).toMatch(/waits\.ts:3:\d+: undefined/);
  });

  it("are asked for all that is wanted at once, and for nothing behind a call that throws", async () => {
    put(
      folder,
      "second.mjs",
      'let calls = 0;\nexport function backward() {\n  console.log(`call ${++calls}`);\n  if (calls === 2) throw new Error("the second");\n  return { gradB: { 1: [0, 0], 2: [0] } };\n}\n',
    );
    const { status, stdout, stderr } = await spawned(["check", "second.mjs", "--net", "2-2-1", ...patient], here);
    expect([status, stdout, stderr]).toEqual([3, expect.stringContaining("the second"), "call 1\ncall 2\n"]);
  });

  it("that exceed the reader's patience may be cut off", async () => {
    put(folder, "wrong.mjs", forgotten);
    const child = start(["check", "wrong.mjs", "--json", ...patient], here);
    child.stdout.destroy();
    let stderr = "";
    child.stderr.on("data", (text: Buffer) => (stderr += text.toString()));
    const status = await new Promise((resolve) => child.on("close", resolve));
    expect([status, stderr]).toEqual([1, ""]);
  });
});

describe.concurrent("the report", () => {
  it("comes as Markdown, LaTeX and HTML, in either language and with few hints", async () => {
    put(folder, "wrong.mjs", forgotten);
    const markdown = await chainrule(["check", "wrong.mjs", "--md"], here);
    expect(markdown.stdout).toMatch(/^## ❌ One mistake: BP2 at layer 1\./);
    const latex = await chainrule(["check", "wrong.mjs", "--latex", "out.tex", "--lang", "zh", "--hints", "2"], here);
    expect(latex.stdout).toContain("第 1 层的 BP2：你的式子里少了点什么。");
    expect(latex.stdout).not.toContain("B1");
    expect(readFileSync(join(folder, "out.tex"), "utf8")).toContain("ctexart");
    const html = await chainrule(["check", "wrong.mjs", "--html", "out.html"], here);
    expect(html.stderr).toBe("wrote out.html\n");
    expect(readFileSync(join(folder, "out.html"), "utf8")).toContain('class="heat"');
    expect((await chainrule(["check", "wrong.mjs", "--html", "no/such/folder.html"], here)).status).toBe(64);
  });

  it("takes conventions, types and networks from the command line", async () => {
    put(folder, "net.json", '{ "sizes": [3, 4, 2], "activations": "sigmoid" }');
    put(folder, "homeless.mjs", backprop([["export const network", "const network"]]));
    for (const words of [
      ["--net", "3-4-2"],
      ["--net", "net.json"],
      ["--net", "3-4-2:sigmoid,sigmoid", "--cost", "quadratic"],
      ["--net", "3-4-2", "--convention", "nielsen", "--seed", "7"],
      ["--net", "3-4-2", "--dtype", "f32"],
    ]) {
      expect((await chainrule(["check", "homeless.mjs", ...words], here)).status, words.join(" ")).toBe(0);
    }
    const { status, stdout } = await chainrule(
      ["check", "homeless.mjs", "--net", "3-4-2", "--cost", "crossEntropy"],
      here,
    );
    expect([status, stdout]).toEqual([1, expect.stringContaining("A3")]);
  });

  it.each(["mazur", "nielsen-ch1", "ex4", "cs231n"])(
    "of the built-in %s is that its author was right",
    async (name) => {
      const { status, stdout } = await chainrule(["check", "--example", name], here);
      expect([status, stdout]).toEqual([0, expect.stringContaining("Right")]);
    },
  );
});

describe.concurrent("the examples of the clone", () => {
  it.each([
    ["right.ts", 0, "6 of 6"],
    ["forgotten.ts", 1, "[B1]"],
    ["mazur.json", 1, "[B1]"],
    ["formulas.txt", 1, "[B3]"],
  ])("%s end with %i", async (name, exit, says) => {
    const { status, stdout } = await chainrule([
      "check",
      example(name),
      ...(name === "formulas.txt" ? ["--net", "3-4-2"] : []),
    ]);
    expect([status, stdout]).toEqual([exit, expect.stringContaining(says)]);
  });

  it("run from the sources as they are", async () => {
    const { status, stdout, stderr } = await spawned(["check", "forgotten.ts", ...patient], {
      cwd: examples,
      clone: true,
    });
    expect([status, stdout, stderr]).toEqual([1, expect.stringContaining("[B1]"), ""]);
  });
});

describe.concurrent("--watch", () => {
  it("checks again when the file changes", async () => {
    put(folder, "watched.mjs", forgotten);
    const child = start(["check", "watched.mjs", "--watch", ...patient], here);
    let said = "";
    let complained = "";
    child.stdout.setEncoding("utf8").on("data", (text: string) => (said += text));
    child.stderr.setEncoding("utf8").on("data", (text: string) => (complained += text));
    const until = async (text: string): Promise<void> => {
      while (!said.includes(text)) {
        expect(child.exitCode, said).toBeNull();
        expect(complained.replace(/^watching .*\n/gm, ""), said).toBe("");
        await new Promise((resolve) => setTimeout(resolve, 20));
      }
    };
    try {
      await until("One mistake");
      writeFileSync(join(folder, "watched.mjs"), backprop());
      await until("Right: every equation");
    } finally {
      child.kill();
    }
  });
});

describe.concurrent("help", () => {
  const pages = [
    ["--help"],
    ["-h"],
    ["help"],
    ["check", "--help"],
    ["help", "check"],
    ["derive", "-h"],
    ["completion", "--help"],
  ];

  it.each([60, 80, 120])("is as wide as a terminal of %d columns, and is itself no error", async (width) => {
    for (const words of [...pages, ["help", "mistakes"]]) {
      const { status, stdout, stderr } = await chainrule(words, { ...here, width });
      expect([status, stderr], words.join(" ")).toEqual([0, ""]);
      if (words[1] !== "mistakes") expect(stdout).toContain("Usage: chainrule");
      const columns = stdout.split("\n").map(columnsOf);
      expect(Math.max(...columns), stdout).toBeLessThanOrEqual(width);
      // What has much to say makes use of the room.
      if (words.includes("check")) expect(Math.max(...columns)).toBeGreaterThan(width - 8);
    }
    const check = (await chainrule(["check", "--help"], { ...here, width })).stdout.replace(/\s+/g, " ");
    for (const said of [
      "leakyRelu(0.2)",
      "one of quadratic, crossEntropy",
      "backward(parameters, x, t)",
      "of several submissions 0 if all are right",
    ])
      expect(check).toContain(said);
  });

  it("writes commands so that a shell takes them over several lines", async () => {
    const { stdout } = await chainrule(["check", "--help"], { ...here, width: 60 });
    expect(stdout).toMatch(/^ {2}chainrule check hw1\/ .* \\\n {6}\S/m);
  });

  it("says the version", async () => {
    expect((await chainrule(["--version"], here)).stdout).toMatch(/^\d+\.\d+\.\d+\n$/);
  });

  it("lists every mistake that has a name", async () => {
    const { status, stdout } = await chainrule(["help", "mistakes"], here);
    expect(status).toBe(0);
    for (const { id, short } of mistakeGroups.flatMap(({ mistakes }) => mistakes))
      expect(stdout).toMatch(new RegExp(`^  ${id} +${short.slice(0, 20).replaceAll(/[|()*+.]/g, "\\$&")}`, "mu"));
    for (const line of stdout.split("\n")) expect(columnsOf(line), line).toBeLessThanOrEqual(80);
    expect((await chainrule(["help", "mistake"], here)).stderr).toContain("mistakes");
  });

  it.each(["bash", "zsh", "fish"])("completes in %s", async (shell) => {
    const { status, stdout } = await chainrule(["completion", shell], here);
    expect(status).toBe(0);
    for (const word of ["check", "derive", "hints", "nielsen-ch1"]) expect(stdout).toContain(word);
  });
});
