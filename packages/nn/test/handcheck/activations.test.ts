// Activations beyond the first five: three ways to one gradient, right work as people write it, another slope named, and corners.
import { describe, expect, it } from "vitest";
import { compareBackprop, network, Random, type ActivationName } from "../../src/index.ts";
import { backprop } from "../../src/handcheck/equations/index.ts";
import { handcheck } from "../../src/handcheck/index.ts";
import type { Hand } from "../../src/handcheck/report.ts";

const further = ["leakyRelu", "elu", "silu", "softplus"] as const;
const random = new Random("activations");
const rows = (height: number, width: number): number[][] => Array.from({ length: height }, () => Array.from(random.normalArray(width)));
const batch = { x: rows(5, 3), t: rows(5, 2) };
const parameters = { W1: rows(4, 3), b1: rows(1, 4)[0]!, W2: rows(2, 4), b2: rows(1, 2)[0]! };

const netOf = (activation: ActivationName) => network({ sizes: [3, 4, 2], activations: [activation, "linear"], parameters });
type Slope = (u: number, v: number) => number;
/** σ and σ′ as people write them, σ′ from u or from v. */
const written: Readonly<Record<(typeof further)[number], readonly [value: (u: number) => number, slopes: readonly Slope[]]>> = {
  leakyRelu: [(u) => (u > 0 ? u : 0.01 * u), [(u) => (u > 0 ? 1 : 0.01), (_, v) => (v > 0 ? 1 : 0.01)]],
  elu: [(u) => (u > 0 ? u : Math.exp(u) - 1), [(u) => (u > 0 ? 1 : Math.exp(u)), (u, v) => (u > 0 ? 1 : v + 1)]],
  silu: [(u) => u / (1 + Math.exp(-u)), [(u) => (1 + Math.exp(-u) + u * Math.exp(-u)) / (1 + Math.exp(-u)) ** 2, (u, v) => v + (1 - v) / (1 + Math.exp(-u))]],
  softplus: [(u) => Math.log(1 + Math.exp(u)), [(u) => 1 / (1 + Math.exp(-u)), (_, v) => 1 - Math.exp(-v)]],
};

/** Backprop of the mean of half the squares with any σ. */
function byHand(value: (u: number) => number, slope: Slope): Hand {
  const { W1, b1, W2, b2 } = parameters;
  const layer = (W: number[][], b: number[], x: number[]): number[] => W.map((row, j) => row.reduce((sum, w, k) => sum + w * x[k]!, b[j]!));
  const u = batch.x.map((x) => layer(W1, b1, x));
  const v = u.map((row) => row.map(value));
  const top = v.map((row, n) => layer(W2, b2, row).map((out, j) => out - batch.t[n]![j]!));
  const low = top.map((d, n) => u[n]!.map((x, i) => d.reduce((sum, one, j) => sum + one * W2[j]![i]!, 0) * slope(x, v[n]![i]!)));
  const mean = (d: number[][], below: number[][]): number[][] => d[0]!.map((_, j) => below[0]!.map((__, k) => d.reduce((sum, row, n) => sum + row[j]! * below[n]![k]!, 0) / d.length));
  return { delta: { 1: low, 2: top }, gradW: { 1: mean(low, batch.x), 2: mean(top, v) } };
}

describe.each(further)("%s", (name) => {
  const net = netOf(name);
  const [value, slopes] = written[name];

  it("has one gradient by autograd, closed forms and differences", () => {
    expect(compareBackprop(net, batch).agrees).toBe(true);
  });

  it("is right in each way that people write it, in few decimals as well", () => {
    for (const slope of slopes) expect(handcheck(net, batch, byHand(value, slope)).verdict).toBe("correct");
    const { delta } = byHand(value, slopes[0]!);
    const short = (d: number[][]): number[][] => d.map((row) => row.map((x) => Number(x.toFixed(4))));
    expect(handcheck(net, batch, { delta: { 1: short(delta![1] as number[][]), 2: short(delta![2] as number[][]) }, decimals: 4 }).roots).toEqual([]);
  });

  it("with the slope of ReLU in its place is told so", () => {
    const { roots } = handcheck(net, batch, byHand(value, (u) => (u > 0 ? 1 : 0)));
    expect(roots.map(({ id, equation, layer }) => `${id} ${equation}@${layer}`)).toEqual(["B11 BP2@1"]);
  });
});

describe("leaky ReLU at 0", () => {
  const at = network({ sizes: [1, 1, 1], activations: ["leakyRelu", "linear"], parameters: { W1: [[1]], b1: [0], W2: [[2]], b2: [1] } });
  const data = { x: [[0]], t: [[0]] };
  it.each([0.02, 1, 2])("has any slope between its sides: δ = %d", (d) => {
    expect(handcheck(at, data, { delta: { 2: [[1]], 1: [[d]] } }).verdict).toBe("correct");
  });
  it("has none below or above them", () => {
    for (const d of [-0.123456789012345, 2.123456789012345]) expect(handcheck(at, data, { delta: { 2: [[1]], 1: [[d]] } }).verdict).toBe("mistake");
    expect(backprop({ weights: [[[1]], [[2]]], biases: [[0], [1]], activations: ["leakyRelu", "linear"], cost: "quadratic" }, data.x, data.t).layers[0]!.delta).toEqual([[0.02]]);
  });
});
