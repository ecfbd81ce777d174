/**
 * Files as a page hands them in: numbers, tables, formulas; the network beside them stands in where they say nothing of
 * theirs.
 */

import { describe, expect, it } from "vitest";
import { checkFiles, FormulaError, Refusal, reportHtml } from "../../src/handcheck/index.ts";

/** δ of one layer 2-2 of sigmoids without σ′. */
const printed = "W1 = [[1, 2], [3, 4]]\nb1 = [0, 0]\nx = [[1, 0]]\nt = [[1, 0]]\ndelta1 = [[-0.26894142, 0.95257413]]";
const square = { sizes: [2, 2], activations: "sigmoid", cost: "quadratic" };
const work = (content: string, name = "work.txt") => [{ name, content }];

describe("files", () => {
  it("of printed numbers are checked, with the numbers behind the report", async () => {
    const { report, network, tensors } = await checkFiles(work(printed), { network: square });
    expect(report.roots.map(({ id }) => id)).toEqual(["A2"]);
    expect(network.sizes).toEqual([2, 2]);
    expect(tensors.map(({ equation, layer }) => [equation, layer])).toEqual([["BP1", 1]]);
    expect(reportHtml(report, { tensors })).toContain("data-v");
  });

  it("know their sizes better than the network beside them", async () => {
    const { report } = await checkFiles(work(printed), {
      network: { sizes: [3, 4, 2], activations: ["tanh", "sigmoid"], cost: "quadratic" },
    });
    expect(report.network).toMatchObject({ sizes: [2, 2], activations: ["sigmoid"], cost: "crossEntropy" });
  });

  it("may be several, of an array each, as bytes too", async () => {
    const arrays = { W1: "1,2\n3,4", b1: "0\n0", x: "1,0", t: "1,0", delta1: "-0.26894142,0.95257413" };
    const files = Object.entries(arrays).map(([name, text]) => ({
      name: `${name}.csv`,
      content: new TextEncoder().encode(text),
    }));
    expect((await checkFiles(files, { network: square })).report.roots.map(({ id }) => id)).toEqual(["A2"]);
  });

  it("of formulas name their network, or take the one beside them", async () => {
    const text = "delta1 = (W2^T delta2)";
    const own = await checkFiles(work(`# net 4-3-2:tanh\n${text}`), {
      network: { sizes: [2, 2, 2], activations: "sigmoid" },
    });
    expect([own.network.sizes, own.network.activations, own.report.roots[0]!.id]).toEqual([
      [4, 3, 2],
      ["tanh", "tanh"],
      "B1",
    ]);
    const beside = await checkFiles(work(text), {
      network: { sizes: [5, 4, 3], activations: "relu", cost: "quadratic" },
    });
    expect(beside.network.sizes).toEqual([5, 4, 3]);
  });

  it("are refused in words", async () => {
    await expect(checkFiles(work(""))).rejects.toThrow(Refusal);
    await expect(checkFiles(work("# net 4-3-2:nosuch\ndelta1 = 1"))).rejects.toThrow(/nosuch/);
    await expect(checkFiles(work("dW1 = ("), { network: square })).rejects.toThrow(FormulaError);
    await expect(checkFiles(work("dW1 = [[1, 2]]"))).rejects.toThrow(Refusal);
  });
});
