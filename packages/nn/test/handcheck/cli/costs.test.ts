/**
 * Activations and costs with what they are told, through the command: in modules, texts, words of the command line, and
 * derivations.
 */

import { describe, expect, it } from "vitest";
import { chainrule, newFolder, put } from "./command.ts";
import { backprop } from "./files.ts";

const folder = newFolder();
const check = (name: string, text: string, ...words: readonly string[]) =>
  chainrule(["check", put(folder, name, text), ...words], { cwd: folder });

const leaky = backprop([
  ["1 / (1 + Math.exp(-u))", "(u > 0 ? u : 0.2 * u)"],
  [
    'activations: "sigmoid", cost: "quadratic"',
    'activations: [{ name: "leaky_relu", negative_slope: 0.2 }, "linear"], cost: "nn.MSELoss"',
  ],
  [
    "const v2 = layer(W2, b2, v1);",
    "const v2 = v1.map((row) => W2.map((weights, j) => weights.reduce((sum, w, k) => sum + w * row[k], b2[j])));",
  ],
  ["(v - t[n][j]) * v * (1 - v)", "(v - t[n][j]) * 2 / row.length"],
  ["* v * (1 - v)));", "* (v > 0 ? 1 : 0.2)));"],
]);

describe.concurrent("chainrule check", () => {
  it("reads names with what they are told in a module", async () => {
    const { status, stdout } = await check("leaky.mjs", leaky);
    expect(stdout.replace(/\s+/g, " ")).toContain("3-4-2 leakyRelu(0.2), linear, mean-square cost (1/K)Σ(t − v)²");
    expect(status).toBe(0);
  });

  it("tells the slope of another leak apart", async () => {
    const { status, stdout } = await check("wrong-leak.mjs", leaky.replace("(v > 0 ? 1 : 0.2)", "(v > 0 ? 1 : 0.01)"));
    expect(stdout).toContain("[B11]");
    expect(status).toBe(1);
  });

  it("takes them in the words of the command line, and in a text", async () => {
    const text = "delta2 = a2 - y\ndelta1 = (W2^T delta2) .* gelu'(z1)\ndW1 = delta1 x^T\n";
    const words = await check("words.txt", text, "--net", "3-4-2:gelu,softmax", "--cost", "crossEntropy");
    expect([words.status, words.stdout.includes("categorical cross-entropy")]).toEqual([0, true]);
    const heading = await check(
      "heading.txt",
      `# net 3-4-2:leakyRelu(0.2),linear\n# cost: nn.HuberLoss(delta=0.5)\n${text.split("\n")[1]!.replace("gelu", "leaky_relu")}\n`,
    );
    expect(heading.stdout.replace(/\s+/g, " ")).toContain("leakyRelu(0.2), linear, Huber (δ = 0.5) cost");
    expect(heading.status).toBe(0);
  });

  it("says of code, too, what right hangs on where no cost was told", async () => {
    const { status, stdout } = await check(
      "untold.mjs",
      backprop([
        [', cost: "quadratic"', ""],
        ["(v - t[n][j]) * v * (1 - v)", "v - t[n][j]"],
      ]),
    );
    expect(stdout.replace(/\s+/g, " ")).toContain("Right for cross-entropy; for squares it lacks σ′ (A2).");
    expect(status).toBe(0);
  });

  it("refuses what a cost or an activation cannot be told", async () => {
    const bad = await check("bad.mjs", backprop(), "--cost", "mse(3)");
    expect([bad.status, /does not take/.test(bad.stdout + bad.stderr)]).toEqual([3, true]);
    const open = await chainrule(["derive", "--net", "2-3-2:gelu,hardSigmoid"], { cwd: folder });
    expect([open.status, open.stderr.replace(/\s+/g, " ")]).toEqual([
      64,
      expect.stringContaining("hardSigmoid(1/6) or hardSigmoid(0.2)"),
    ]);
  });
});
