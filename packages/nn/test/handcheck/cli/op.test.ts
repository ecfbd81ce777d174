/**
 * `chainrule check` of kernels and of graphs: exit statuses, the schema, every form, and what can be wrong with their
 * files.
 */

import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { columnsOf } from "../../../src/handcheck/report/width.ts";
import { violations } from "../report/schema.ts";
import { chainrule, example, newFolder, overtimeIn, put } from "./command.ts";

const folder = newFolder();
const here = { cwd: folder };
const overtime = overtimeIn(folder);

async function check(name: string, text: string, ...words: readonly string[]) {
  return chainrule(["check", put(folder, name, text), ...words], here);
}

/** A softmax of every row; `gradient` is its backward. */
const softmax = (
  gradient = "p * (g[i][j] - row.reduce((s, q, k) => s + q * g[i][k], 0))",
  extra = "",
  around = "",
): string => `
const soft = (x) => x.map((row) => { const e = row.map(Math.exp); const s = e.reduce((a, b) => a + b); return e.map((v) => v / s); });
${around}
export const op = {
  name: "my softmax",
  forward(x) { return soft(x); },
  backward(g, x) { ${extra} return soft(x).map((row, i) => row.map((p, j) => ${gradient})); },
  family: "softmax",
};
`;

/** h = tanh(x W), C = Σ h²/2; `dh` and `back` are its gradients. */
const graph = (back = "v * (1 - h[n][j] ** 2)", extra = ""): string => `
export const inputs = { x: [[0.5, -1.2], [1.1, 0.4], [-0.3, 0.8]], W: [[0.3, -0.4], [0.2, 0.9]] };
export const graph = ({ x, W }, tap) => {
  const u = tap("u", x.matmul(W));
  const h = tap("h", u.tanh());
  return h.mul(h).mul(0.5).sum();
};
export const hand = ({ x, W }) => {
  ${extra}
  const h = x.map((row) => W[0].map((_, j) => Math.tanh(row.reduce((s, v, k) => s + v * W[k][j], 0))));
  const dh = h;
  const du = dh.map((row, n) => row.map((v, j) => ${back}));
  const dW = W.map((row, k) => row.map((_, j) => x.reduce((s, one, n) => s + one[k] * du[n][j], 0)));
  return { dh, du, dW };
};
`;

describe.concurrent("a kernel", () => {
  it.each([
    ["right", softmax(), [], 0, "Right: every gradient that you gave is."],
    ["without its Jacobian's row sum", softmax("p * g[i][j]"), [], 1, "[H2]"],
    [
      "with another forward",
      softmax().replace("return soft(x); }", "return soft(x).map((row) => row.map((v) => 2 * v)); }"),
      [],
      2,
      "forward",
    ],
    [
      "that changes its input",
      softmax(
        "(j === 4 ? (() => { const d = p * (g[i][j] - row.reduce((s, q, k) => s + q * g[i][k], 0)); g[i][j] = 9; return d; })() : p * (g[i][j] - row.reduce((s, q, k) => s + q * g[i][k], 0)))",
      ),
      [],
      3,
      "[E10]",
    ],
    ["that draws at random", softmax("p * Math.random()"), [], 3, "[E11]"],
    ["that gives NaN", softmax("NaN"), [], 3, "not finite"],
    ["of another shape", softmax("[p * g[i][j]]"), [], 3, "shape"],
    ["in float32", softmax(), ["--dtype", "f32", "--seed", "4"], 0, "float32"],
    ["in bfloat16", softmax("p * g[i][j]"), ["--dtype", "bf16"], 1, "[H2]"],
  ] as const)("%s", async (title, text, words, exit, says) => {
    const { status, stdout, stderr } = await check(`${title}.mjs`, text, ...words);
    expect(stdout).toContain(says);
    expect([status, stderr]).toEqual([exit, ""]);
    for (const line of stdout.split("\n")) expect(columnsOf(line), line).toBeLessThanOrEqual(80);
  });

  it("may stand as forward and backward beside each other, with shapes alone or a reference of tensors", async () => {
    const square = (backward: string, rest: string): string =>
      `export const forward = (x) => x.map((v) => v * v);\nexport const backward = (g, x) => x.map((v, i) => ${backward});\n${rest}\n`;
    const alone = await check("alone.mjs", square("2 * v * g[i]", "export const shapes = [[5]];"));
    expect([alone.status, alone.stdout]).toEqual([0, expect.stringContaining("differences of your forward")]);
    const like = await check(
      "like.mjs",
      square("v * g[i]", "export const shapes = [[5]];\nexport const like = (x) => x.mul(x);"),
    );
    expect([like.status, like.stdout]).toEqual([1, expect.stringContaining("1/2")]);
    expect(like.stdout.replace(/\n\s*/g, " ")).toContain(
      "like, float64, compared with autograd of the reference in your own file",
    );
    // A network says which it is; its forward is a help of its own.
    const network = await check(
      "net.mjs",
      square("2 * v * g[i]", 'export const network = { sizes: [1, 1], activations: "linear" };'),
    );
    expect(network.stdout).toContain("backward gives a list");
  });

  it("and its file can be wrong in many ways, which are said with their line", async () => {
    const faults: readonly (readonly [name: string, text: string, says: RegExp])[] = [
      [
        "throws.mjs",
        softmax(undefined, 'throw new RangeError("too deep");'),
        /throws\.mjs:7:\d+: RangeError: too deep/,
      ],
      ["promise.mjs", softmax().replace("backward(g, x)", "async backward(g, x)"), /backward gives a Promise/],
      ["nothing.mjs", softmax().replace("return soft(x).map", "soft(x).map"), /backward gave nothing/],
      [
        "text.mjs",
        softmax().replace("return soft(x); }", 'return "soft"; }'),
        /the output of forward is no rectangular array/,
      ],
      ["part.mjs", softmax().replace("family:", "famly:"), /famly that is not known; did you mean family\?/],
      ["family.mjs", softmax().replace('"softmax"', '"sofmax"'), /there is no family sofmax/],
      ["lacks.mjs", 'export const op = { forward: (x) => x, family: "relu" };\n', /op has no backward/],
      ["shapes.mjs", "export const op = { forward: (x) => x, backward: (g) => g };\n", /no numbers to try it on/],
      ["number.mjs", "export const op = 3;\n", /op is number/],
      [
        "unlike.mjs",
        "export const op = { forward: (x) => x, backward: (g) => g, shapes: [[2]], like: (x) => x.nothing() };\n",
        /unlike\.mjs:1:\d+: TypeError/,
      ],
    ];
    for (const [name, text, says] of faults) {
      const { status, stdout, stderr } = await check(name, text);
      expect(stdout.replace(/\n\s*/g, " "), name).toMatch(says);
      expect(stdout + stderr).not.toMatch(/node_modules|worker\.js|op-work/);
      expect(status, name).toBe(3);
    }
    const endless = await overtime(
      "endless.mjs",
      (begin) => `${begin.head}${softmax(undefined, `${begin.line} for (;;);`)}`,
    );
    expect([endless.status, endless.stdout]).toEqual([
      3,
      expect.stringContaining("the kernel did not finish within 3 s"),
    ]);
  });

  it("refuses options that speak of networks", async () => {
    put(folder, "right.mjs", softmax());
    for (const words of [
      ["--net", "2-2"],
      ["--cost", "quadratic"],
      ["--convention", "ng"],
      ["--digits", "5"],
      ["--derive"],
    ]) {
      const { status, stderr } = await chainrule(["check", "right.mjs", ...words], here);
      expect([status, stderr], words.join(" ")).toEqual([
        64,
        expect.stringContaining(`the file exports a kernel: ${words[0]!} has no meaning`),
      ]);
    }
  });
});

describe.concurrent("a graph", () => {
  it.each([
    ["right", graph(), [], 0, "Right"],
    ["with one wrong line", graph("v * (1 - h[n][j])"), [], 1, "du: 1 − y stands where 1 − y² belongs"],
    ["that throws", graph(undefined, 'throw new Error("no");'), [], 3, "thrown by hand"],
    ["that has no such name", graph().replace("return { dh,", "return { dg: 1, dh,"), [], 3, '"dg" belongs to no tap'],
    [
      "with numbers of three digits",
      graph().replace(
        "return { dh, du, dW }",
        "const r = (a) => a.map((row) => row.map((v) => Number(v.toPrecision(4)))); return { dh: r(dh), du: r(du), dW: r(dW) }",
      ),
      ["--digits", "3"],
      0,
      "3 digits",
    ],
  ] as const)("%s", async (title, text, words, exit, says) => {
    const { status, stdout, stderr } = await check(`graph ${title}.mjs`, text, ...words);
    expect(stdout.replace(/\n\s*/g, " ")).toContain(says);
    expect([status, stderr]).toEqual([exit, ""]);
  });

  it("says what is missing", async () => {
    const missing: readonly (readonly [string, RegExp])[] = [
      ["export const graph = 1;\n", /graph is number, no function/],
      ["export const graph = (x) => x;\n", /inputs is undefined/],
      ["export const graph = (x) => x;\nexport const inputs = {};\n", /hand is undefined/],
      ["export const graph = () => 3;\nexport const inputs = { x: [1] };\nexport const hand = {};\n", /graph/],
    ];
    for (const [text, says] of missing) {
      const { status, stdout } = await check(`missing-${missing.findIndex(([one]) => one === text)}.mjs`, text);
      expect([status, stdout.replace(/\n\s*/g, " ")]).toEqual([3, expect.stringMatching(says)]);
    }
    const endless = await overtime(
      "endless-graph.mjs",
      (begin) => `${begin.head}${graph().replace('const u = tap("u"', `${begin.line} for (;;); const u = tap("u"`)}`,
    );
    expect([endless.status, endless.stdout]).toEqual([3, expect.stringContaining("the graph did not finish")]);
  });
});

describe.concurrent("the report", () => {
  it("is JSON of the schema opcheck/1 at every level of hints, whatever happens", async () => {
    const subjects: readonly (readonly [string, string, number])[] = [
      ["ok.mjs", softmax(), 0],
      ["wrong.mjs", softmax("p * g[i][j]"), 1],
      ["nan.mjs", softmax("NaN"), 3],
      ["chance.mjs", softmax("Math.random()"), 3],
      ["throwing.mjs", softmax(undefined, "null.x;"), 3],
      ["graph.mjs", graph("v"), 1],
    ];
    for (const [name, text, exit] of subjects) {
      for (const hints of ["0", "1", "2", "3"]) {
        const { status, stdout } = await check(name, text, "--json", "--hints", hints);
        expect(violations(stdout, "opcheck/1"), `${name} ${hints}`).toEqual([]);
        expect(JSON.parse(stdout)).toMatchObject({ schema: "opcheck/1", exit, hints: Number(hints) });
        expect(status).toBe(exit);
      }
    }
    // The schema refuses what is none of it.
    const { stdout } = await check("wrong.mjs", softmax("p * g[i][j]"), "--json");
    const report = JSON.parse(stdout) as Record<string, unknown>;
    for (const broken of [
      { ...report, verdict: "fine" },
      { ...report, lines: undefined },
      { ...report, extra: 1 },
      { ...report, hints: 1 },
    ])
      expect(violations(JSON.stringify(broken), "opcheck/1")).not.toEqual([]);
  });

  it("gives no more away than the hints allow", async () => {
    put(folder, "wrong.mjs", softmax("p * g[i][j]"));
    const at = async (hints: string): Promise<string> =>
      (await chainrule(["check", "wrong.mjs", "--hints", hints], here)).stdout;
    expect(await at("0")).not.toMatch(/dx|H2/);
    expect(await at("1")).toMatch(/dx/);
    expect(await at("1")).not.toMatch(/H2|row sum|missing/);
    expect(await at("2")).toMatch(/something is missing from your formula/);
    expect(await at("2")).not.toMatch(/H2|row sum/);
  });

  it("comes as Markdown, LaTeX and a page of its own, in either language, and does not write over what is no report", async () => {
    put(folder, "wrong.mjs", softmax("p * g[i][j]"));
    expect((await chainrule(["check", "wrong.mjs", "--md"], here)).stdout).toMatch(/^## ❌ One mistake: dx\./);
    const latex = await chainrule(["check", "wrong.mjs", "--latex", "--lang", "zh"], here);
    expect(latex.stdout).toContain("\\documentclass{ctexart}");
    expect(latex.stdout).toContain("[H2]");
    const html = await chainrule(["check", "wrong.mjs", "--html", "kernel.html", "--json", "kernel.json"], here);
    expect(html.stderr).toBe("wrote kernel.json\nwrote kernel.html\n");
    const page = readFileSync(join(folder, "kernel.html"), "utf8");
    expect(page).toContain('class="heat"');
    expect(page).not.toMatch(/(?:src|href)="https?:/);
    expect((await chainrule(["check", "wrong.mjs", "--json", "kernel.json"], here)).status).toBe(1);
    expect(existsSync(join(folder, "kernel.json"))).toBe(true);
  });

  it("of the examples of the clone names their slips", async () => {
    for (const [name, says] of [
      ["kernel.ts", "[F3]"],
      ["graph.ts", "[B9]"],
    ] as const) {
      const { status, stdout, stderr } = await chainrule(["check", example(name)]);
      expect([status, stdout, stderr]).toEqual([1, expect.stringContaining(says), ""]);
    }
  });
});
