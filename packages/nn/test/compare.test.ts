/** Autograd, the closed forms and finite differences agree on every activation, every cost and every size. */

import { softplus, tensor, type Tensor } from "@chainrule/autograd";
import {
  compareBackprop,
  network,
  Random,
  type ActivationName,
  type Comparison,
  type CostName,
  type Network,
} from "@chainrule/nn";
import { describe, expect, it } from "vitest";
import { isTried, nightly } from "../../autograd/test/size.ts";

const activations: readonly ActivationName[] = ["sigmoid", "tanh", "relu", "linear", "softmax"];
const costs: readonly CostName[] = ["quadratic", "crossEntropy", "categoricalCrossEntropy", "softmaxCrossEntropy"];

/** Targets that a cost has a meaning for: shares where it reads them as such. */
function batch(sizes: readonly number[], samples: number, seed: number): { x: Tensor; t: Tensor } {
  const random = new Random(seed);
  const outputs = sizes.at(-1)!;
  const raw = random.split("t").uniformArray(samples * outputs);
  const t = Float64Array.from(raw, (value, i) => {
    const row = Math.floor(i / outputs) * outputs;
    let total = 0;
    for (let k = 0; k < outputs; k++) total += raw[row + k]!;
    return outputs === 1 ? value : value / total;
  });
  return {
    x: tensor(random.split("x").normalArray(samples * sizes[0]!), { shape: [samples, sizes[0]!] }),
    t: tensor(t, { shape: [samples, outputs] }),
  };
}

function worstClosed(comparison: Comparison): number {
  return Math.max(...comparison.equations.map((row) => row.closedForm!.relative));
}

/** Outputs inside (0, 1), so that a logarithm of v and of 1 - v exists. */
function insideUnitInterval(net: Network, x: Tensor): boolean {
  return [...net.predict(net.parameters, x).toTypedArray()].every((v) => v > 0.02 && v < 0.98);
}

/** The network of the first seed whose outputs the cost can be taken at; `null` where none of two hundred is. */
function firstUsable(options: Parameters<typeof network>[0], x: Tensor): Network | null {
  for (let seed = 0; seed < 200; seed++) {
    const net = network({ ...options, seed });
    if ((options.cost !== "crossEntropy" && options.cost !== "categoricalCrossEntropy") || insideUnitInterval(net, x))
      return net;
  }
  return null;
}

describe("compareBackprop", () => {
  it("agrees to 1e-12 for every activation with every cost that has a value there", () => {
    let compared = 0;
    for (const hidden of activations) {
      for (const last of activations) {
        for (const cost of costs) {
          const which = `${hidden}, ${last}, ${cost}`;
          if (!isTried(3, which)) continue;
          const sizes = [4, 5, 3];
          const data = batch(sizes, 4, 7);
          // Biases and seeds are tried until the logarithms of the cost exist at the outputs.
          const usable = firstUsable({ sizes, activations: [hidden, last], cost }, data.x);
          if (usable === null) {
            // Only tanh, relu and linear outputs under a logarithm may find no seed.
            expect(which).toMatch(/, (?:tanh|relu|linear), (?:categoricalC|c)rossEntropy$/);
            continue;
          }
          const comparison = compareBackprop(usable, data);
          expect(worstClosed(comparison), which).toBeLessThanOrEqual(1e-12);
          expect(comparison.agrees, comparison.toText()).toBe(true);
          expect(Math.abs(comparison.cost - comparison.plainCost!)).toBeLessThanOrEqual(
            1e-14 * Math.abs(comparison.cost),
          );
          compared++;
        }
      }
    }
    expect(compared).toBeGreaterThanOrEqual(nightly ? 80 : 1);
  });

  it.each([
    [[1, 1], 1],
    [[1, 1], 3],
    [[2, 3, 2], 5],
    [[3, 1, 4, 1, 5], 4],
    [[4, 4, 4, 4, 3], 7],
    [[10, 20, 30, 5], 8],
    [[64, 30, 10], 10],
  ] as const)("agrees for sizes %j and %i samples", (sizes, samples) => {
    for (const activation of ["sigmoid", "tanh", "relu"] as const) {
      const net = network({ sizes: [...sizes], activations: activation, seed: 11 });
      const comparison = compareBackprop(net, batch(sizes, samples, 13), { entries: 300 });
      expect(worstClosed(comparison)).toBeLessThanOrEqual(1e-12);
      expect(comparison.agrees, comparison.toText()).toBe(true);
    }
  });

  it("agrees for 784-30-10, taking differences at a sample of the entries", () => {
    const net = network({ sizes: [784, 30, 10], seed: 1 });
    const comparison = compareBackprop(net, batch([784, 30, 10], 10, 3), { entries: 50 });
    expect(worstClosed(comparison)).toBeLessThanOrEqual(1e-12);
    expect(comparison.agrees, comparison.toText()).toBe(true);
    expect(comparison.parameters).toBe(23_860);
    expect(comparison.ways.map((way) => way.evaluations)).toEqual([1, 1, 23_861, 47_720]);
    expect(comparison.ways[3]!.estimated).toBe(true);
    expect(comparison.equations.find((row) => row.quantity === "∂C/∂W¹")).toMatchObject({
      entries: 23_520,
      sampled: 50,
    });
  });

  it("names every equation at every layer once, from the output down", () => {
    const { equations } = compareBackprop(network({ sizes: [2, 3, 4, 1] }), batch([2, 3, 4, 1], 2, 1));
    expect(equations.map((row) => `${row.equation} ${row.quantity}`)).toEqual([
      "BP1 δ³",
      "BP3 ∂C/∂b³",
      "BP4 ∂C/∂W³",
      "BP2 δ²",
      "BP3 ∂C/∂b²",
      "BP4 ∂C/∂W²",
      "BP2 δ¹",
      "BP3 ∂C/∂b¹",
      "BP4 ∂C/∂W¹",
    ]);
    expect(equations.map((row) => row.entries)).toEqual([2, 1, 4, 8, 4, 12, 6, 3, 6]);
  });

  it("disagrees where a rule of the user's own is wrong", async () => {
    const { customGradient } = await import("@chainrule/autograd");
    // The sigmoid with its slope forgotten: the commonest slip in BP2.
    const forgetful = customGradient({ name: "forgetful", forward: (u) => u.sigmoid(), vjp: (g) => g });
    const net = network({ sizes: [2, 3, 1], activations: [(u) => forgetful(u), "sigmoid"], seed: 2 });
    const comparison = compareBackprop(net, batch([2, 3, 1], 3, 5));
    expect(comparison.agrees).toBe(false);
    expect(comparison.toText()).toContain("do NOT agree");
    const right = comparison.equations.filter((row) => row.layer === 2);
    expect(Math.max(...right.map((row) => row.differences.relative))).toBeLessThan(1e-8);
    expect(comparison.equations.find((row) => row.equation === "BP2")!.differences.relative).toBeGreaterThan(0.1);
  });

  it("compares functions of the user's own with differences alone, and says so", () => {
    const net = network({ sizes: [2, 2, 1], activations: [(u) => softplus(u), "linear"] });
    const comparison = compareBackprop(net, batch([2, 2, 1], 2, 9));
    expect(comparison.agrees).toBe(true);
    expect(comparison.plainCost).toBeNull();
    expect(comparison.ways.map((way) => way.way)).toEqual(["autograd", "forward difference", "central difference"]);
    expect(comparison.toText()).toContain("–");
  });

  it("compares a float32 network in float64", () => {
    const net = network({ sizes: [3, 4, 2], dtype: "float32", seed: 1 });
    const comparison = compareBackprop(net, { x: [[0.5, 0.25, 1]], t: [[0, 1]] });
    expect(worstClosed(comparison)).toBeLessThanOrEqual(1e-12);
  });

  it("prints within 80 columns", () => {
    const texts = [
      [64, 30, 10],
      [2, 2, 2],
      [784, 30, 10],
    ].map((sizes) => compareBackprop(network({ sizes }), batch(sizes, 2, 1), { entries: 5 }).toText());
    for (const text of texts) for (const line of text.split("\n")) expect(line.length).toBeLessThanOrEqual(80);
    expect(texts[1]).toContain("Network 2-2-2, 12 parameters, 2 samples");
  });

  it("refuses an empty batch", () => {
    expect(() =>
      compareBackprop(network({ sizes: [2, 1] }), {
        x: tensor([], { shape: [0, 2] }),
        t: tensor([], { shape: [0, 1] }),
      }),
    ).toThrow(/the batch is empty/);
  });
});
