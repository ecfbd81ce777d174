/** The command speaks the language that is asked for, also where it refuses: what is wrong, and what to do. */

import { mkdirSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { chainrule, newFolder, put } from "./command.ts";
import { backprop, forgotten } from "./files.ts";

const folder = newFolder();
const right = put(folder, "right.js", backprop([]));
put(folder, "odd.xyz", "1");
put(folder, "data.json", '{ "mine": 1 }');
put(folder, "net.json", "{}");
put(folder, "empty.js", "");
put(folder, "wrong.mjs", forgotten);
mkdirSync(join(folder, "class"));
mkdirSync(join(folder, "class", "nobody"));

const isChinese = (text: string): boolean => /\p{Script=Han}/u.test(text);

/** Four words in a row are English prose; code and commands have none. */
const isEnglish = (text: string): boolean => /(?:\b[a-z]{2,} ){3}[a-z]{2,}/.test(text);

/** A line that every language writes alike: a command, or what stands in a file. */
const isCode = (text: string): boolean => /^ *(?:chainrule |print\(|\{ "sizes)/.test(text) && !isEnglish(text);

const calls: readonly (readonly string[])[] = [
  [],
  ["chekc"],
  ["--hlep"],
  ["help", "chekc"],
  ["completion"],
  ["completion", "bush"],
  ["init"],
  ["init", "nunpy"],
  ["init", "numpy", "a.py", "b.py"],
  ["init", "numpy", "right.js"],
  ["derive"],
  ["derive", "right.js"],
  ["derive", "--net", "2-1:hardSigmoid"],
  ["check"],
  ["check", "--nte", "2-1", "right.js"],
  ["check", "right.js", "--hints", "9"],
  ["check", "right.js", "--net"],
  ["check", "right.js", "--net="],
  ["check", "right.js", "--watch=1"],
  ["check", "right.js", "--digits", "99"],
  ["check", "right.js", "--timeout", "0"],
  ["check", "right.js", "--digits", "3", "--decimals", "3"],
  ["check", "none.js"],
  ["check", "odd.xyz"],
  ["check", "right.js", "wrong.mjs"],
  ["check", "class", "--html", "a.html"],
  ["check", "class"],
  ["check", "right.js", "--reference", "class"],
  ["check", "right.js", "--reference", "wrong.mjs", "--example", "mazur"],
  ["check", "right.js", "--reference", "wrong.mjs"],
  ["check", "right.js", "--reference", "empty.js"],
  ["check", "right.js", "--reference", "right.js", "--points", "BP9=1"],
  ["check", "right.js", "--points", "much"],
  ["check", "right.js", "--points", "BP1=1,BP1=2"],
  ["check", "right.js", "--out", "marks"],
  ["check", "right.js", "--md=-", "--html=-"],
  ["check", "right.js", "--html", "right.js"],
  ["check", "right.js", "--json=data.json"],
  ["check", "right.js", "--md=nowhere/a.md"],
  ["check", "--watch", "--example", "mazur"],
  ["check", "right.js", "--net", "4"],
  ["check", "right.js", "--net", "none.json"],
  ["check", "right.js", "--net", "net.json"],
  ["check", "right.js", "--net", "odd.json"],
];

describe.concurrent("a call that is refused", () => {
  it.each(calls.map((words) => [words.join(" "), words] as const))(
    "as chainrule %s is so in the language of the terminal",
    async (_, words) => {
      const [english, chinese] = await Promise.all(
        (["en", "zh"] as const).map((lang) => chainrule(words, { cwd: folder, lang })),
      );
      expect([english!.status, chinese!.status]).toEqual([64, 64]);
      const [says = "", advises = ""] = chinese!.stderr.split("\n");
      expect(isChinese(says) && !isEnglish(says)).toBe(true);
      expect((isChinese(advises) && !isEnglish(advises)) || isCode(advises)).toBe(true);
      expect(isChinese(english!.stderr)).toBe(false);
      expect(english!.stderr.split("\n").length).toBe(3);
    },
  );

  it("is so in the language of --lang, and in both in JSON", async () => {
    const { stderr } = await chainrule(["check", "none.js", "--lang", "zh"], { cwd: folder });
    expect(stderr).toContain("none.js：没有这个文件");
    const { stderr: other } = await chainrule(["check", "none.js", "--lang=en"], { cwd: folder, lang: "zh" });
    expect(other).toContain("none.js: there is no such file");
    const { stdout } = await chainrule(["check", "none.js", "--json"], { cwd: folder });
    expect(JSON.parse(stdout)).toMatchObject({
      error: { message: "none.js: there is no such file", zh: { message: "none.js：没有这个文件" } },
    });
  });
});

const modules: readonly (readonly [what: string, text: string])[] = [
  ["nothing", ""],
  ["another name", "export const bakward = 1;\n"],
  ["two things", 'export const hand = {};\nexport const formulas = "";\n'],
  ["a number", "export const backward = 1;\n"],
  ["formulas that are none", "export const formulas = 1;\n"],
  ["a list", "export const network = { sizes: [1, 1] };\nexport const hand = [];\n"],
  ["a promise", "export const hand = Promise.resolve({});\n"],
  ["an activation", "export const network = { sizes: [1, 1], activations: (u) => u };\nexport const hand = {};\n"],
  ["a cost", "export const network = { sizes: [1, 1], cost: (v) => v };\nexport const hand = {};\n"],
  ["a kernel that is none", "export const op = 1;\n"],
  ["a kernel in part", "export const op = { forward: () => 0 };\n"],
  ["a kernel with more", "export const op = { forward: () => 0, backward: () => 0, tolerence: 1 };\n"],
  ["a kernel without numbers", "export const op = { forward: () => 0, backward: () => 0 };\n"],
  ["a graph that is none", "export const graph = 1;\n"],
  ["a graph without inputs", "export const graph = () => 0;\n"],
  ["a graph without gradients", "export const graph = () => 0;\nexport const inputs = {};\n"],
  ["what throws a text", 'throw "enough";\n'],
];

describe.concurrent("a file that exports", () => {
  it.each(modules)("%s is refused in the language of the terminal", async (what, text) => {
    const name = put(folder, `${what.replaceAll(" ", "-")}.mjs`, text);
    const [english, chinese] = await Promise.all(
      (["en", "zh"] as const).map((lang) => chainrule(["check", name], { cwd: folder, lang })),
    );
    expect([english!.status, chinese!.status]).toEqual([3, 3]);
    const said = chinese!.stdout.replace(/\n\s*/g, "");
    expect(isChinese(said)).toBe(true);
    expect(said.replace(/export [^，：。；]*/g, "")).not.toMatch(/(?:\b[a-z]{2,} ){3}[a-z]{2,}/);
    expect(isChinese(english!.stdout)).toBe(false);
  });
});

describe("the command", () => {
  it("says what is alike in every language of commands and code alone", () => {
    const source = fileURLToPath(new URL("../../../src/cli/", import.meta.url));
    const said = readdirSync(source, { recursive: true, encoding: "utf8" })
      .filter((name) => name.endsWith(".ts"))
      .flatMap((name) => [...readFileSync(join(source, name), "utf8").matchAll(/\balike\(\s*(["'`])(.*?)\1/g)])
      .map(([, , text]) => text!);
    expect(said.length).toBeGreaterThan(5);
    expect(
      said.filter((text) => isEnglish(text.replace(/^chainrule [a-z]+|^export const|^export function/, ""))),
    ).toEqual([]);
  });

  it("tells where it wrote, and what to do with a template, in the language of the terminal", async () => {
    const { stdout } = await chainrule(["init", "numpy", "fresh.py"], { cwd: folder, lang: "zh" });
    expect(stdout).toContain("已写好 fresh.py");
    const { stderr } = await chainrule(["check", right, "--md=report.md"], { cwd: folder, lang: "zh" });
    expect(stderr).toBe("已写入 report.md\n");
  });
});
