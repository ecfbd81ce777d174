/** Formulas and derivations from outside: what is read, what is printed, where it stands in a report. */

import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { violations } from "../report/schema.ts";
import { chainrule, newFolder, put } from "./command.ts";
import { forgotten } from "./files.ts";

const folder = newFolder();
const here = { cwd: folder };

/** Checks a file with this text; gives what was printed. */
async function check(name: string, text: string, ...words: readonly string[]) {
  return chainrule(["check", put(folder, name, text), ...words], here);
}

describe.concurrent("formulas", () => {
  it("are read from a file, an export and JSON", async () => {
    const slip = "delta2 = (v2 - t) .* s'(u2)\ndelta1 = W2^T delta2\n";
    put(folder, "notes.txt", slip);
    put(folder, "notes.mjs", `export const formulas = \`${slip}\`;\n`);
    put(folder, "notes.json", JSON.stringify({ formulas: slip }));
    for (const name of ["notes.txt", "notes.mjs", "notes.json"]) {
      const { status, stdout } = await chainrule(["check", name, "--net", "3-4-2", "--json"], here);
      expect(violations(stdout), name).toEqual([]);
      expect([status, (JSON.parse(stdout) as { roots: { id: string }[] }).roots[0]!.id], name).toEqual([1, "B1"]);
    }
  });

  it("that cannot be read say where", async () => {
    const { status, stdout } = await check("open.txt", "delta2 = (v2 - t\n", "--net", "2-2-2");
    expect([status, stdout]).toEqual([3, expect.stringMatching(/open\.txt:1:10: .*\n.*delta2 = \(v2 - t\n {13}\^/)]);
    const inside = await check("open.mjs", "export const formulas = 'delta2 = (v2 - t';\n", "--net", "2-2-2");
    expect([inside.status, inside.stdout]).toEqual([
      3,
      expect.stringContaining("open.mjs: formulas, line 1, column 10"),
    ]);
  });

  it("of the document have the slip that its BP2 has in print", async () => {
    const { status, stdout } = await chainrule(["check", "--example", "document"], here);
    expect([status, stdout]).toEqual([1, expect.stringContaining("[B4]")]);
  });
});

describe.concurrent("the derivation", () => {
  it("is printed in every format", async () => {
    const starts = {
      text: /^Back-propagation/,
      markdown: /^# /,
      latex: /\\documentclass/,
      mathml: /<math/,
      typescript: /function|const/,
      json: /^\{/,
    };
    for (const [format, begins] of Object.entries(starts)) {
      const { status, stdout, stderr } = await chainrule(["derive", "--net", "2-2-1", "--format", format], here);
      expect([status, stderr], format).toEqual([0, ""]);
      expect(stdout, format).toMatch(begins);
    }
    const { stdout } = await chainrule(["derive", "--example", "mazur", "--lang", "zh", "--notation", "nielsen"], here);
    expect(stdout).toContain("反向传播");
    expect(stdout).toContain("0.1384985");
  });

  it("stands with the report where that is asked for", async () => {
    put(folder, "wrong.mjs", forgotten);
    const text = await chainrule(["check", "wrong.mjs", "--derive", "--html", "derived.html"], here);
    expect(text.stdout.indexOf("Back-propagation")).toBeLessThan(text.stdout.indexOf("One mistake"));
    expect(readFileSync(join(folder, "derived.html"), "utf8")).toContain('<div class="derivation">');
    const json = await chainrule(["check", "wrong.mjs", "--derive", "--json"], here);
    expect(violations(json.stdout)).toEqual([]);
    expect(JSON.parse(json.stdout)).toHaveProperty("derivation");
    const latex = await chainrule(["check", "wrong.mjs", "--derive", "--latex"], here);
    expect(latex.stdout.match(/\\begin\{document\}/g)).toHaveLength(1);
  });

  it("of no network is a wrong call", async () => {
    expect((await chainrule(["derive"], here)).status).toBe(64);
    expect((await chainrule(["derive", "notes.txt", "--net", "2-1"], here)).status).toBe(64);
    const { status, stdout } = await chainrule(["derive", "--net", "2-2-softmax", "--json"], here);
    expect([status, violations(stdout)]).toEqual([64, []]);
  });
});
