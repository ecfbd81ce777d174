/** What can be wrong with a file that somebody hands in, and what they hear of it: their line, never one of ours. */

import { describe, expect, it } from "vitest";
import { chainrule, newFolder, overtimeIn, patient, put, runAside, spawned } from "./command.ts";
import { backprop, mazur, withLine } from "./files.ts";

const folder = newFolder();
const here = { cwd: folder };
const overtime = overtimeIn(folder);

/** Checks a file with this text; gives what was printed. */
async function check(name: string, text: string, ...words: readonly string[]) {
  return chainrule(["check", put(folder, name, text), ...words], here);
}

const linear = (weights: string, extra = ""): string =>
  `{ "network": { "sizes": [1, 1], "activations": "linear", "parameters": ${weights} }, "data": { "x": [[2]], "t": [[0]] }, "hand": { "delta": { "1": [[6]] }, "gradW": { "1": [[12]] }${extra} } }`;

describe.concurrent("a file that", () => {
  const faults: readonly (readonly [title: string, name: string, text: string, says: RegExp])[] = [
    [
      "throws",
      "throws.js",
      withLine('throw new TypeError("no such layer");'),
      /throws\.js:7:\d+: TypeError: no such layer/,
    ],
    ["throws a text", "text.js", withLine('throw "enough";'), /text\.js: it throws "enough"/],
    [
      "reads what is not there",
      "reads.js",
      withLine("t[9][0];"),
      /reads\.js:7:\d+: TypeError: Cannot read properties of undefined/,
    ],
    ["throws while it is loaded", "load.js", 'null.x;\nexport const formulas = "";\n', /load\.js:1:\d+: TypeError/],
    ["is no JavaScript", "syntax.js", "export const hand = {\n  delta: 1 1\n};\n", /syntax\.js:2:\d+: SyntaxError/],
    ["returns a Promise", "promise.js", backprop([["export function", "export async function"]]), /promise/i],
    [
      "returns nothing",
      "returns.js",
      backprop([
        ["return { delta", "({ delta"],
        ["outer(delta2, v1) } };", "outer(delta2, v1) } });"],
      ]),
      /undefined/,
    ],
    ["returns NaN", "nan.js", backprop([["(v - t[n][j])", "(v - t[n][j + 9])"]]), /NaN/],
    ["changes its inputs", "mutates.js", withLine("x[0][0] = 0;"), /changes (?:its inputs|what it was given)/],
    [
      "draws at random",
      "random.js",
      backprop([["(v - t[n][j])", "(v - t[n][j] + Math.random())"]]),
      /different answers|two answers/,
    ],
    ["exports nothing", "empty.js", "", /it exports nothing/],
    ["exports something else", "other.js", "export const bakward = () => 0;\n", /did you mean backward\?/],
    [
      "exports two things",
      "two.js",
      backprop([["export const network", 'export const formulas = "";\nexport const network']]),
      /backward and formulas/,
    ],
    ["exports a number", "number.js", "export const backward = 1;\n", /backward is number, no function/],
    ["imports what is not there", "imports.js", 'import "./nowhere.js";\n', /Cannot find module/],
    [
      "has numbers without data",
      "dataless.json",
      '{ "network": { "sizes": [1, 1] }, "hand": { "gradW": { "1": [[1]] } } }',
      /no data/,
    ],
    ["is no JSON", "comma.json", '{\n  "hand": 1,\n}\n', /comma\.json:3:1: no JSON/],
    [
      "has data that do not fit",
      "data.json",
      linear('{ "W1": [[3]], "b1": [0] }').replace('"x": [[2]]', '"x": [[2, 3]]'),
      /x has shape \[1, 2\]/,
    ],
    ["has weights that do not fit", "weights.json", linear('{ "W1": [[3, 4]], "b1": [0] }'), /W1 has shape \[1, 2\]/],
    [
      "has a wrong shape",
      "shape.json",
      mazur({
        gradW: {
          1: [
            [1, 2, 3],
            [4, 5, 6],
            [7, 8, 9],
          ],
        },
      }),
      /shape/,
    ],
  ];
  it.each(faults)("%s cannot be judged, and hears why", async (_, name, text, says) => {
    const { status, stdout, stderr } = await check(name, text);
    const flat = stdout.replace(/\n\s*/g, " ");
    expect(flat).toMatch(says);
    // No frame of ours.
    expect(stdout + stderr).not.toMatch(/node_modules|\bat .*\.js:\d+:\d+\)|worker\.js/);
    expect(status, stdout + stderr).toBe(3);
  });

  it("never ends is ended", async () => {
    const working = await overtime("endless.mjs", ({ head, line }) => head + withLine(`${line} for (;;);`));
    expect([working.status, working.stdout]).toEqual([
      3,
      expect.stringContaining("backward did not finish within 3 s"),
    ]);
    const loading = await overtime("endless-load.mjs", ({ head, line }) => `${head}${line}\nfor (;;);\n`);
    expect([loading.status, loading.stdout]).toEqual([
      3,
      expect.stringContaining("the file did not finish within 3 s"),
    ]);
  });

  it("never ends is ended by the clock of the machine, too", async () => {
    put(folder, "endless.js", withLine("for (;;);"));
    const { status, stdout } = await spawned(["check", "endless.js", "--timeout", "0.5"], here);
    expect([status, stdout]).toEqual([3, expect.stringContaining("did not finish within 0.5 s")]);
  });

  it("ends the process cannot be judged", async () => {
    put(folder, "exits.js", withLine("process.exit(0);"));
    const { status, stdout } = await chainrule(["check", "exits.js", ...patient], { ...here, run: runAside });
    expect([status, stdout]).toEqual([3, expect.stringContaining("process.exit(0)")]);
    const chinese = await chainrule(["check", "exits.js", "--lang", "zh", ...patient], { ...here, run: runAside });
    expect(chinese.stdout.replace(/\n\s*/g, "")).toMatch(
      /exits\.js：它自己结束了进程：process\.exit\(0\)：请返回数，或抛出错误/,
    );
  });

  it("cannot be read hears it in Chinese where that is asked for, by LANG too", async () => {
    const flat = async (words: readonly string[], lang: "en" | "zh" = "en"): Promise<string> =>
      (await chainrule(["check", put(folder, "ragged.csv", "1,2\n3\n"), ...words], { ...here, lang })).stdout.replace(
        /\n\s*/g,
        "",
      );
    const chinese = /ragged\.csv:2:1：这一行有 1 个数，上面各行有 2 个：数组各行的长度必须相同/;
    expect(await flat(["--lang", "zh"])).toMatch(chinese);
    expect(await flat([], "zh")).toMatch(chinese);
    expect(await flat(["--lang", "en"], "zh")).toContain("a row of 1 numbers under rows of 2");
  });

  it("prints does so on stderr", async () => {
    put(folder, "prints.js", withLine('console.log("here");'));
    const { status, stdout, stderr } = await spawned(["check", "prints.js", ...patient], here);
    expect([status, stderr]).toEqual([0, expect.stringContaining("here")]);
    expect(stdout).not.toContain("here");
  });
});
