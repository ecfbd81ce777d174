// The appendix: what difference quotients agree with, how closely, and at what price.
import { describe, expect, it } from "vitest";
import {
  backprop,
  centralDifference,
  costOfParameters,
  flattenGradients,
  flattenParameters,
  forwardDifference,
  withParameters,
} from "../src/handcheck/equations/index.ts";
import type { Activation, Cost } from "../src/handcheck/equations/index.ts";
import { Random } from "../src/random.ts";
import { mazur, mazurInput, mazurTarget, randomNetwork, relativeDistance } from "./equations-support.ts";

describe("difference quotients on Mazur's twelve parameters", () => {
  const cost = costOfParameters(mazur, [mazurInput], [mazurTarget]);
  const parameters = flattenParameters(mazur);
  const exact = flattenGradients(backprop(mazur, [mazurInput], [mazurTarget]).layers);
  type Row = readonly [epsilon: number, published: string];

  // Truncation decides these entries: both printed digits hold.
  const forwardExact: Row[] = [
    [1e-2, "9.2e-4"],
    [1e-3, "9.2e-5"],
    [1e-4, "9.2e-6"],
    [1e-5, "9.2e-7"],
  ];
  const centralExact: Row[] = [
    [1e-2, "3.9e-6"],
    [1e-3, "3.9e-8"],
    [1e-4, "3.9e-10"],
  ];
  // Rounding decides these, so the last bits of exp do: within a factor of 3.
  const forwardRounded: Row[] = [
    [1e-6, "9.3e-8"],
    [1e-7, "1.1e-8"],
    [1e-8, "5.8e-8"],
    [1e-9, "5.5e-7"],
    [1e-10, "3.5e-6"],
    [1e-12, "3.9e-4"],
  ];
  const centralRounded: Row[] = [
    [1e-5, "2.8e-11"],
    [1e-6, "2.9e-10"],
    [1e-7, "3.1e-9"],
    [1e-8, "2.9e-8"],
    [1e-9, "1.7e-7"],
    [1e-10, "2.6e-6"],
    [1e-12, "3.4e-4"],
  ];

  it.each(forwardExact)("the forward quotient with ε = %s is off by %s", (epsilon, published) => {
    const { gradient, evaluations } = forwardDifference(cost, parameters, epsilon);
    expect(relativeDistance(exact, gradient).toExponential(1)).toBe(published);
    expect(evaluations).toBe(13);
  });

  it.each(centralExact)("the central quotient with ε = %s is off by %s", (epsilon, published) => {
    const { gradient, evaluations } = centralDifference(cost, parameters, epsilon);
    expect(relativeDistance(exact, gradient).toExponential(1)).toBe(published);
    expect(evaluations).toBe(24);
  });

  it.each(forwardRounded)("the forward quotient with ε = %s is off by about %s", (epsilon, published) => {
    const distance = relativeDistance(exact, forwardDifference(cost, parameters, epsilon).gradient);
    expect(distance / Number(published)).toBeGreaterThan(1 / 3);
    expect(distance / Number(published)).toBeLessThan(3);
  });

  it.each(centralRounded)("the central quotient with ε = %s is off by about %s", (epsilon, published) => {
    const distance = relativeDistance(exact, centralDifference(cost, parameters, epsilon).gradient);
    expect(distance / Number(published)).toBeGreaterThan(1 / 3);
    expect(distance / Number(published)).toBeLessThan(3);
  });

  it("without an ε each quotient takes one near its best", () => {
    expect(relativeDistance(exact, forwardDifference(cost, parameters).gradient)).toBeLessThan(1e-7);
    expect(relativeDistance(exact, centralDifference(cost, parameters).gradient)).toBeLessThan(1e-10);
  });
});

describe("parameters in one flat list", () => {
  it("come back as the same network", () => {
    const net = randomNetwork(new Random(5), [3, 1, 4], ["tanh", "linear"], "quadratic");
    expect(withParameters(net, flattenParameters(net))).toEqual(net);
  });

  it("are refused when their number is wrong", () => {
    expect(() => withParameters(mazur, [1, 2, 3])).toThrow(
      "network: 3 parameters but it has 12 weights and biases: give them all in one flat list",
    );
  });
});

describe("every activation under every cost", () => {
  const activations: Activation[] = ["sigmoid", "tanh", "relu", "linear", "softmax"];
  const costs: Cost[] = ["quadratic", "crossEntropy", "categoricalCrossEntropy", "softmaxCrossEntropy"];
  const pairs = activations.flatMap((last) => costs.map((cost) => [last, cost] as const));

  it.each(pairs)("a last layer of %s under %s agrees with central differences", (last, cost) => {
    const random = new Random("pairs").split(last, cost);
    for (const hidden of activations) {
      const drawn = randomNetwork(random, [3, 4, 2, 3], [hidden, "tanh", last], cost, 0.1);
      // Cross-entropy takes the logarithm of v and of 1 − v: keep a linear output between 0 and 1.
      const net = { ...drawn, biases: [...drawn.biases.slice(0, 2), [0.4, 0.5, 0.6]] };
      const x = [random.normalArray(3), random.normalArray(3)];
      const t = [random.uniformArray(3), Float64Array.of(0, 1, 0)];
      const exact = flattenGradients(backprop(net, x, t).layers);
      const { gradient } = centralDifference(costOfParameters(net, x, t), flattenParameters(net));
      expect(exact.every(Number.isFinite)).toBe(true);
      expect(relativeDistance(exact, gradient), `hidden ${hidden}`).toBeLessThan(1e-8);
    }
  });
});
