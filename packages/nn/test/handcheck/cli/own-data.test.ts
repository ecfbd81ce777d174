/** A `backward` whose file has data and parameters of its own: they are one more probe, and the one that is shown. */

import { describe, expect, it } from "vitest";
import { chainrule, newFolder, put } from "./command.ts";
import { backprop } from "./files.ts";

const folder = newFolder();
const here = { cwd: folder };

const data = "export const data = { x: [[0.3, -1.1, 0.8], [1.2, 0.4, -0.6]], t: [[1, 0], [0, 1]] };";
const parameters =
  "export const parameters = { W1: [[0.1, 0.2, -0.3], [0.4, -0.5, 0.6], [0.7, 0.8, 0.9], [-0.2, 0.3, 0.1]], b1: [0.1, -0.1, 0.2, 0], W2: [[0.3, -0.4, 0.5, 0.1], [-0.6, 0.7, 0.2, -0.1]], b2: [0.05, -0.05] };";

const check = async (name: string, text: string, ...words: readonly string[]) =>
  chainrule(["check", put(folder, name, text), ...words], here);

describe.concurrent("data in the file of a backward", () => {
  it("are what is shown", async () => {
    const right = await check("right.mjs", `${backprop()}\n${data}\n${parameters}\n`);
    expect([right.status, right.stdout]).toEqual([0, expect.stringContaining("2 samples")]);
    const wrong = await check(
      "wrong.mjs",
      `${backprop([["W2[j][k] * d, 0) * v * (1 - v)", "W2[j][k] * d, 0)"]])}\n${data}\n${parameters}\n`,
      "--json",
    );
    const report = JSON.parse(wrong.stdout) as {
      network: { samples: number };
      roots: { id: string; example: { correct: number } }[];
    };
    expect([wrong.status, report.network.samples, report.roots.map(({ id }) => id)]).toEqual([1, 2, ["B1"]]);
    // The number is that of the file's own weights and data.
    const other = await check(
      "other.mjs",
      `${backprop([["W2[j][k] * d, 0) * v * (1 - v)", "W2[j][k] * d, 0)"]])}\n${data}\n${parameters.replace("0.1, 0.2, -0.3", "0.9, 0.2, -0.3")}\n`,
      "--json",
    );
    expect((JSON.parse(other.stdout) as typeof report).roots[0]!.example.correct).not.toBe(
      report.roots[0]!.example.correct,
    );
  });

  it("do not hide what other data show", async () => {
    // One sample cannot tell a sum from a mean.
    const one = "export const data = { x: [[0.3, -1.1, 0.8]], t: [[1, 0]] };";
    const { status, stdout } = await check(
      "single.mjs",
      `${backprop([["sum + row[j], 0) / delta.length", "sum + row[j], 0)"]])}\n${one}\n`,
    );
    expect([status, stdout.replace(/\n\s*/g, " ")]).toEqual([
      1,
      expect.stringContaining("On the data of your file everything holds"),
    ]);
  });

  it("that do not fit are said to be so, and what the code throws on them has its line", async () => {
    const misfit = await check("misfit.mjs", `${backprop()}\nexport const data = { x: [[1, 2]], t: [[1, 0]] };\n`);
    expect([misfit.status, misfit.stdout]).toEqual([
      3,
      expect.stringContaining("x has shape [1, 2], and the network 3 inputs"),
    ]);
    const throws = await check(
      "throws.mjs",
      `${backprop([["  const v1 = layer(W1, b1, x);", '  if (x.length === 2) throw new Error("two");\n  const v1 = layer(W1, b1, x);']])}\n${data}\n`,
    );
    expect([throws.status, throws.stdout]).toEqual([3, expect.stringMatching(/throws\.mjs:7:\d+: two/)]);
  });
});
