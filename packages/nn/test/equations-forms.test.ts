// The forms of the equations against one another, at saturation, over batches; and what is refused.
import { readdirSync, readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import {
  activate,
  backprop,
  bp1,
  bp1Collapsed,
  bp1Hadamard,
  bp1Jacobian,
  bp1Scalar,
  bp2Scalar,
  bp3,
  bp3Scalar,
  bp4,
  bp4Scalar,
  costGradient,
  costOfBatch,
  costOfSample,
  flattenGradients,
  forward,
  hiddenChain,
  learn,
  outputChain,
  sampleCost,
  sampleDeltas,
  sigmoid,
  slope,
  widths,
} from "../src/handcheck/equations/index.ts";
import type { NeuronActivation, PlainNetwork } from "../src/handcheck/equations/index.ts";
import { Random } from "../src/random.ts";
import { expectClose, mazur, randomNetwork } from "./equations-support.ts";

const neuronActivations: NeuronActivation[] = ["sigmoid", "tanh", "relu", "linear"];

/** Twenty networks of 1 to 4 layers with 1 to 6 units each, one sample with its target. */
function ragged(): { net: PlainNetwork & { activations: NeuronActivation[] }; x: Float64Array; t: Float64Array }[] {
  return Array.from({ length: 20 }, (_, n) => {
    const random = new Random("ragged").split(n);
    const units = Array.from({ length: 2 + random.integer(4) }, () => 1 + random.integer(6));
    const activations = units.slice(1).map(() => neuronActivations[random.integer(4)]!);
    const net = { ...randomNetwork(random, units, activations, "quadratic"), activations };
    return { net, x: random.normalArray(units[0]!), t: random.normalArray(units.at(-1)!) };
  });
}

describe("the scalar forms", () => {
  it("give bit for bit what the vector forms of BP1, BP3 and BP4 give", () => {
    for (const { net, x, t } of ragged()) {
      const activity = forward(net, x);
      const deltas = sampleDeltas(net, activity, t);
      const L = net.weights.length;
      const gradV = costGradient(net.cost, activity.v[L]!, t);
      const last = net.activations[L - 1]!;
      expect(gradV.map((_, j) => bp1Scalar(j, gradV, last, activity.u[L]!))).toEqual(
        bp1Hadamard(gradV, last, activity.u[L]!),
      );
      deltas.forEach((delta, index) => {
        const below = activity.v[index]!;
        expect(delta.map((_, j) => bp3Scalar(j, delta))).toEqual(bp3(delta));
        expect(delta.map((_, j) => below.map((__, k) => bp4Scalar(j, k, delta, below)))).toEqual(bp4(delta, below));
      });
    }
  });

  it("give what the vector form of BP2 gives, to the rounding of σ′ inside the sum", () => {
    for (const { net, x, t } of ragged()) {
      const { u, v } = forward(net, x);
      const deltas = sampleDeltas(net, { u, v }, t);
      for (let l = 1; l < net.weights.length; l++) {
        const above = deltas[l]!;
        const weights = net.weights[l]!;
        deltas[l - 1]!.forEach((delta, j) => {
          const size = above.reduce((sum, deltaK, k) => sum + Math.abs(deltaK * weights[k]![j]!), 0);
          const error = Math.abs(bp2Scalar(j, weights, above, net.activations[l - 1]!, u[l]!) - delta);
          expect(error).toBeLessThanOrEqual(1e-15 * size);
        });
      }
    }
  });

  it("give bit for bit what the document's three-layer derivation gives", () => {
    const random = new Random("three layers");
    const net = randomNetwork(random, [3, 5, 2], ["tanh", "sigmoid"], "quadratic");
    const x = random.normalArray(3);
    const t = random.uniformArray(2);
    const { u, v } = forward(net, x);
    const [hidden, output] = backprop(net, [x], [t]).layers;
    const chainsJ = v[2]!.map((_, j) => v[1]!.map((__, i) => outputChain(i, j, "sigmoid", u[2]!, v[1]!, t)));
    expect(chainsJ.map((row) => row.map((chain) => chain.gradient))).toEqual(output!.gradW);
    const deltaJ = chainsJ.map((row) => row[0]!.delta);
    const chainsI = v[1]!.map((_, i) =>
      v[0]!.map((__, m) => hiddenChain(m, i, net.weights[1]!, deltaJ, "tanh", u[1]!, v[0]!).gradient),
    );
    expect(chainsI).toEqual(hidden!.gradW);
  });
});

describe("BP1", () => {
  const u = [0.7, -1.1, 0.3];
  const t = [0.2, 0.5, 0.3];

  it("is the same by the diagonal Jacobian and by the entrywise product", () => {
    for (const activation of neuronActivations) {
      expectClose(bp1Jacobian([1, -2, 3], activation, u), bp1Hadamard([1, -2, 3], activation, u), 0);
    }
  });

  it.each([
    ["sigmoid", "crossEntropy"],
    ["sigmoid", "categoricalCrossEntropy"],
  ] as const)("collapses for %s and %s to what the form as printed gives", (activation, cost) => {
    const printed = bp1Hadamard(costGradient(cost, activate(activation, u), t), activation, u);
    expectClose(bp1Collapsed(cost, activation, u, t)!, printed, 1e-14);
  });

  it("collapses for softmax and categorical cross-entropy to what the Jacobian gives, which is v − t", () => {
    const v = activate("softmax", u);
    const delta = bp1("categoricalCrossEntropy", "softmax", u, t);
    expectClose(delta, bp1Jacobian(costGradient("categoricalCrossEntropy", v, t), "softmax", u), 1e-14);
    expectClose(
      delta,
      v.map((vj, j) => vj - t[j]!),
      1e-14,
    );
  });

  it("gives the same δ and cost for a softmax layer and for the softmax inside the cost", () => {
    expect(bp1("softmaxCrossEntropy", "linear", u, t)).toEqual(bp1("categoricalCrossEntropy", "softmax", u, t));
    expect(sampleCost("softmaxCrossEntropy", "linear", u, t)).toBe(
      sampleCost("categoricalCrossEntropy", "softmax", u, t),
    );
  });

  it("keeps its Jacobian form for targets that do not sum to 1", () => {
    const free = [0.9, 0.8, 0];
    const jacobianForm = bp1Jacobian(
      costGradient("categoricalCrossEntropy", activate("softmax", u), free),
      "softmax",
      u,
    );
    expectClose(bp1("categoricalCrossEntropy", "softmax", u, free), jacobianForm, 1e-14);
  });

  it("leaves quadratic cost to the form as printed", () => {
    expect(bp1Collapsed("quadratic", "sigmoid", u, t)).toBeUndefined();
  });
});

describe("saturated neurons", () => {
  it.each([
    [-740, 4.2e-322],
    [-40, 4.248354255291589e-18],
    [-1.5, 0.14914645207033286],
    [0.1, 0.24937604019289197],
    [20, 2.061153613941849e-9],
    [40, 4.248354255291589e-18],
    [300, 5.148200222412013e-131],
  ])("have σ′(%s) = %s", (u, expected) => {
    expectClose([slope("sigmoid", u)], [expected], 5e-16);
  });

  it.each([
    [-1.5, 0.18070663892364852],
    [20, 1.6993417021166355e-17],
    [40, 7.219405551381661e-35],
    [300, 1.0601586212017243e-260],
    [720, 0],
  ])("have tanh′(%s) = %s", (u, expected) => {
    expectClose([slope("tanh", u)], [expected], 1e-15);
  });

  it("have σ′ = 0 and never NaN at infinity", () => {
    for (const activation of ["sigmoid", "tanh"] as const) {
      expect([slope(activation, -Infinity), slope(activation, Infinity)]).toEqual([0, 0]);
    }
    expect([sigmoid(-Infinity), sigmoid(Infinity)]).toEqual([0, 1]);
  });

  it("keep cross-entropy and its δ exact where the output has rounded to 1", () => {
    expectClose([sampleCost("crossEntropy", "sigmoid", [40], [1])], [4.248354255291589e-18], 1e-15);
    expectClose(
      bp1("crossEntropy", "sigmoid", [40, -40], [1, 0]),
      [-4.248354255291589e-18, 4.248354255291589e-18],
      1e-15,
    );
    expect(sampleCost("crossEntropy", "sigmoid", [800], [0])).toBe(800);
    expect(bp1("crossEntropy", "sigmoid", [800], [0])).toEqual([1]);
  });

  it("keep softmax and its δ exact where one class has taken all", () => {
    expectClose([sampleCost("categoricalCrossEntropy", "softmax", [40, 0], [1, 0])], [4.248354255291589e-18], 1e-15);
    expectClose(
      bp1("softmaxCrossEntropy", "linear", [40, 0], [1, 0]),
      [-4.248354255291589e-18, 4.248354255291589e-18],
      1e-15,
    );
    expect(sampleCost("softmaxCrossEntropy", "linear", [1000, 0], [0, 1])).toBe(1000);
    expectClose(bp1("quadratic", "softmax", [40, 0], [0, 0]), [4.248354255291589e-18, -4.248354255291589e-18], 1e-15);
  });

  it("cost nothing for classes that the target excludes, even at v = 0", () => {
    expect(costGradient("categoricalCrossEntropy", [1, 0], [1, 0])).toEqual([-1, 0]);
    expect(costGradient("crossEntropy", [1, 0], [1, 0])).toEqual([-1, 1]);
    expect(sampleCost("categoricalCrossEntropy", "relu", [1, -1], [1, 0])).toBe(0);
  });

  it("have relu′(0) = 0", () => {
    expect([-1, 0, 1].map((u) => slope("relu", u))).toEqual([0, 0, 1]);
  });

  it("pass NaN on", () => {
    for (const activation of neuronActivations.filter((name) => name !== "linear")) {
      expect(activate(activation, [NaN])).toEqual([NaN]);
      expect(slope(activation, NaN)).toBeNaN();
    }
    expect(activate("softmax", [NaN, 0])).toEqual([NaN, NaN]);
  });
});

describe("a batch", () => {
  const random = new Random("batch");
  const net = randomNetwork(random, [4, 3, 5], ["sigmoid", "softmax"], "categoricalCrossEntropy");
  const x = Array.from({ length: 7 }, () => random.normalArray(4));
  const t = Array.from({ length: 7 }, () => activate("softmax", random.normalArray(5)));
  const each = x.map((row, n) => backprop(net, [row], [t[n]!]));
  const summed = each
    .map(({ layers }) => flattenGradients(layers))
    .reduce((sum, one) => sum.map((value, i) => value + one[i]!));

  it("has the mean of its samples' costs and gradients", () => {
    const all = backprop(net, x, t);
    expectClose([all.cost], [each.reduce((sum, { cost }) => sum + cost, 0) / 7], 1e-15);
    expect(flattenGradients(all.layers)).toEqual(summed.map((value) => value / 7));
  });

  it("has their sum when it is asked for", () => {
    expect(flattenGradients(backprop(net, x, t, "sum").layers)).toEqual(summed);
    expect(costOfBatch(net, x, t, "sum")).toBe(backprop(net, x, t, "sum").cost);
  });

  it("keeps each sample's own δ in a row, whatever the reduction", () => {
    for (const reduction of ["mean", "sum"] as const) {
      const { layers } = backprop(net, x, t, reduction);
      layers.forEach((layer, l) => expect(layer.delta).toEqual(each.map((one) => one.layers[l]!.delta[0])));
    }
  });

  it("has one cost, by back-propagation or by the forward pass alone", () => {
    expect(costOfBatch(net, x, t)).toBe(backprop(net, x, t).cost);
    expect(costOfSample(net, x[0]!, t[0]!)).toBe(each[0]!.cost);
  });
});

describe("what the equations refuse", () => {
  it.each<[string, PlainNetwork, string]>([
    ["no layers", { ...mazur, weights: [] }, "it has no layers"],
    ["a bias vector too few", { ...mazur, biases: [[0, 0]] }, "2 weight matrices, 1 bias vectors and 2 activations"],
    [
      "a ragged row",
      { ...mazur, weights: [mazur.weights[0]!, [[1, 2], [3]]] },
      "row 1 of W^2 has 1 weights but layer 1 has 2 units",
    ],
    [
      "a long bias",
      {
        ...mazur,
        biases: [
          [0, 0],
          [0, 0, 0],
        ],
      },
      "b^2 has 3 entries but W^2 has 2 rows",
    ],
  ])("a network with %s", (_, net, message) => {
    expect(() => widths(net)).toThrow(RangeError);
    expect(() => widths(net)).toThrow(message);
  });

  it("inputs and targets that do not fit", () => {
    expect(() => forward(mazur, [1])).toThrow(
      "network: x has 1 entries but its layer has 2 units: give one entry for each unit",
    );
    expect(() => backprop(mazur, [[1, 2]], [[1]])).toThrow("target 0 has 1 entries");
    expect(() => backprop(mazur, [[1, 2]], [])).toThrow("1 inputs but 0 targets");
    expect(() => backprop(mazur, [], [])).toThrow("the batch is empty");
  });
});

describe("the witness", () => {
  it("imports nothing but its own files", () => {
    const folder = new URL("../src/handcheck/equations/", import.meta.url);
    for (const file of readdirSync(folder)) {
      const sources = [...readFileSync(new URL(file, folder), "utf8").matchAll(/from "([^"]+)"/g)].map(
        (match) => match[1],
      );
      for (const source of sources) expect(source, file).toMatch(/^\.\/[a-z-]+\.ts$/);
    }
  });

  it("learns against the gradient", () => {
    expect(learn(1, 0.5, 0.1)).toBe(0.95);
  });
});
