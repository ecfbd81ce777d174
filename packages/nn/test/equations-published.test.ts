// Numbers that others published: Nielsen's one neuron, the gradient check of Coursera's exercise 4, the neuron of
// CS231n.
import { describe, expect, it } from "vitest";
import {
  backprop,
  bp1Hadamard,
  bp4,
  centralDifference,
  costOfParameters,
  flattenParameters,
  forward,
  gradientBelow,
  learnNetwork,
} from "../src/handcheck/equations/index.ts";
import type { Cost, PlainNetwork } from "../src/handcheck/equations/index.ts";
import { expectClose, relativeDistance } from "./equations-support.ts";

describe("Nielsen's one neuron, x = 1 and t = 0", () => {
  const neuron = (w: number, b: number, cost: Cost): PlainNetwork => ({
    weights: [[[w]]],
    biases: [[b]],
    activations: ["sigmoid"],
    cost,
  });
  const outputs = (net: PlainNetwork, eta: number, at: readonly number[]): number[] => {
    const seen: number[] = [];
    for (let n = 0; n <= 300; n++) {
      if (at.includes(n)) seen.push(forward(net, [1]).v[1]![0]!);
      net = learnNetwork(net, backprop(net, [[1]], [[0]]).layers, eta);
    }
    return seen;
  };
  const firstGradient = (net: PlainNetwork): number => backprop(net, [[1]], [[0]]).layers[0]!.gradW[0]![0]!;

  it("learns at once from w = 0.6, b = 0.9 with the quadratic cost", () => {
    const net = neuron(0.6, 0.9, "quadratic");
    expectClose([firstGradient(net)], [0.12193833242754276], 1e-15);
    expectClose(
      outputs(net, 0.15, [0, 50, 150, 300]),
      [0.8175744761936437, 0.38701044441977656, 0.15273988563341817, 0.09395569486364722],
      1e-14,
    );
  });

  it("learns slowly from w = b = 2 with the quadratic cost, since σ′ is small there", () => {
    const net = neuron(2, 2, "quadratic");
    expectClose([firstGradient(net)], [0.017345021070840124], 1e-15);
    expectClose(
      outputs(net, 0.15, [0, 50, 150, 300]),
      [0.9820137900379085, 0.9759333969488283, 0.9334174725573292, 0.20284842426777666],
      1e-12,
    );
  });

  it("learns from either start with cross-entropy, whose first gradient is the output itself", () => {
    const near = neuron(0.6, 0.9, "crossEntropy");
    const far = neuron(2, 2, "crossEntropy");
    expectClose(outputs(near, 0.005, [0, 300]), [0.8175744761936437, 0.4176792995988869], 1e-14);
    expectClose(outputs(far, 0.005, [0, 300]), [0.9820137900379085, 0.7795870642061689], 1e-14);
    expectClose([firstGradient(near), firstGradient(far)], [0.8175744761936437, 0.9820137900379085], 1e-15);
  });
});

describe("the gradient check of Coursera's machine learning, exercise 4", () => {
  // debugInitializeWeights: sin(1), sin(2), … down the columns, divided by 10; the first column is the bias.
  const table = (rows: number, columns: number): number[][] =>
    Array.from({ length: rows }, (_, r) => Array.from({ length: columns }, (__, c) => Math.sin(1 + r + rows * c) / 10));
  const thetas = [table(5, 4), table(3, 6)];
  const net: PlainNetwork = {
    weights: thetas.map((theta) => theta.map((row) => row.slice(1))),
    biases: thetas.map((theta) => theta.map((row) => row[0]!)),
    activations: ["sigmoid", "sigmoid"],
    cost: "crossEntropy",
  };
  const x = table(5, 3);
  const t = [1, 2, 0, 1, 2].map((label) => [0, 1, 2].map((k) => (k === label ? 1 : 0)));
  const { cost, layers } = backprop(net, x, t);
  // Gradients down the columns, as Octave's Theta(:) lists them, with (λ/m) Θ added off the bias column.
  const unrolled = (lambda: number): number[] =>
    layers.flatMap(({ gradW, gradB }, l) => [
      ...gradB,
      ...gradW[0]!.flatMap((_, k) => gradW.map((row, j) => row[k]! + (lambda / 5) * thetas[l]![j]![k + 1]!)),
    ]);

  it("has its cost and its 38 gradients", () => {
    expectClose([cost], [2.100950569902465], 1e-15);
    expectClose(
      unrolled(0),
      [
        -0.009278252357988554, 0.008899119595669549, -0.008360107617464878, 0.0076281355108296965,
        -0.0067479837003187266, -3.0497891351971093e-6, 1.4286944253412643e-5, -2.593831000235385e-5,
        3.698832344314112e-5, -4.687597688517053e-5, -0.00017506008234057836, 0.00023314635652461614,
        -0.0002874687293451202, 0.00033532034721619396, -0.0003762155867434089, -9.626606195300448e-5,
        0.00011798266579570963, -0.00013714970603439312, 0.00015324708160012574, -0.00016656029419676017,
        0.31454497005385224, 0.11105658821714426, 0.09740069696443915, 0.16409081879500498, 0.05757364934941238,
        0.050457585486228654, 0.1645679322878899, 0.057786737849711244, 0.05075301729088546, 0.15833933388389226,
        0.05592352960098066, 0.04916208411501155, 0.1511275274662506, 0.053696700910282426, 0.04714562485252804,
        0.14956833471681857, 0.05315420524262195, 0.04655971862593655,
      ],
      2e-13,
    );
  });

  it("has its gradients with weight decay λ = 3, the first of them as printed in the exercise", () => {
    const squares = thetas.flatMap((theta) => theta.flatMap((row) => row.slice(1).map((w) => w * w)));
    expectClose([cost + (3 / 10) * squares.reduce((sum, square) => sum + square, 0)], [2.146359815024358], 1e-15);
    expectClose(
      unrolled(3).slice(5, 12),
      [
        -0.01676797968107075, 0.039433482867380756, 0.059335556487400555, 0.024764097437948534, -0.03268814263024736,
        -0.06017447247538279, -0.03196122872350148,
      ],
      1e-13,
    );
    expect(
      unrolled(3)
        .slice(0, 8)
        .map((g) => g.toPrecision(g > 0.03 ? 3 : 5)),
    ).toEqual(["-0.0092783", "0.0088991", "-0.0083601", "0.0076281", "-0.0067480", "-0.016768", "0.0394", "0.0593"]);
  });

  it("agrees with central differences as closely as the exercise says that it should", () => {
    const flat = layers.flatMap(({ gradW, gradB }) => [...gradW.flat(), ...gradB]);
    const { gradient } = centralDifference(costOfParameters(net, x, t), flattenParameters(net), 1e-4);
    expect(relativeDistance(flat, gradient)).toBeLessThan(5e-11);
  });
});

describe("the neuron circuit of CS231n", () => {
  const w = [2, -3];
  const x = [-1, -2];
  const { u, v } = forward({ weights: [[w]], biases: [[-3]], activations: ["sigmoid"], cost: "quadratic" }, x);
  // The circuit has no cost: ∂f/∂f = 1.
  const delta = bp1Hadamard([1], "sigmoid", u[1]!);

  it("has f and the gradients of inputs, weights and bias", () => {
    expectClose(v[1]!, [0.7310585786300049], 1e-15);
    expectClose(delta, [0.19661193324148185], 1e-15);
    expectClose(gradientBelow([w], delta, 2), [2 * 0.19661193324148185, -3 * 0.19661193324148185], 1e-15);
    expectClose(bp4(delta, x)[0]!, [-0.19661193324148185, -2 * 0.19661193324148185], 1e-15);
  });
});
