// The complex step: the cost of every kind of network, read at complex numbers, and its derivatives without a rule.
import { describe, expect, it } from "vitest";
import { isTried } from "../../../../autograd/test/size.ts";
import { backprop } from "../../../src/handcheck/equations/backprop.ts";
import { costOfBatch } from "../../../src/handcheck/equations/forward.ts";
import type { PlainNetwork } from "../../../src/handcheck/equations/network.ts";
import { flattenGradients, flattenParameters } from "../../../src/handcheck/equations/parameters.ts";
import { complexCostOfParameters } from "../../../src/handcheck/complex/cost.ts";
import { complexDifference } from "../../../src/handcheck/complex/difference.ts";
import { batchOf, cases, networkOf, type Case } from "./support.ts";

function plainOf(one: Case): PlainNetwork {
  const { parameters, activations, cost } = networkOf(one);
  const layers = activations.map((_, l) => l + 1);
  return {
    weights: layers.map((l) => parameters[`W${l}`]!.toArray() as number[][]),
    biases: layers.map((l) => parameters[`b${l}`]!.toArray() as number[]),
    activations: activations as PlainNetwork["activations"],
    cost: cost as PlainNetwork["cost"],
  };
}

const distance = (a: readonly number[], b: readonly number[]): number =>
  Math.hypot(...a.map((value, k) => value - b[k]!)) / (Math.hypot(...a) + Math.hypot(...b));

describe("the complex step", () => {
  const tried = cases.filter((one) => isTried(2, JSON.stringify(one)));
  it.each(tried)("has the cost and the gradient of $activations and $cost", (one) => {
    const net = plainOf(one);
    const { x, t } = batchOf(one, 3);
    const at = complexCostOfParameters(net, x, t);
    const parameters = flattenParameters(net);
    const real = at(parameters.map((re) => ({ re, im: 0 })));
    expect(real.im).toBe(0);
    expect(Math.abs(real.re - costOfBatch(net, x, t))).toBeLessThan(1e-14 * Math.max(1, Math.abs(real.re)));
    const { gradient, evaluations } = complexDifference(at, parameters);
    expect(evaluations).toBe(parameters.length);
    expect(distance(gradient, flattenGradients(backprop(net, x, t).layers))).toBeLessThan(1e-14);
  });

  it("is off by the square of its step, however large the step, for functions of every kind", () => {
    const curved = cases.filter(({ activations }) => /gelu|tanh|sigmoid|softmax/.test(activations.join()));
    for (const one of curved.slice(0, 8)) {
      const net = plainOf(one);
      const { x, t } = batchOf(one, 2);
      const at = complexCostOfParameters(net, x, t);
      const exact = flattenGradients(backprop(net, x, t).layers);
      const point = flattenParameters(net);
      const off = (epsilon: number): number => distance(complexDifference(at, point, epsilon).gradient, exact);
      const ratio = off(1e-2) / off(1e-3);
      expect(ratio, JSON.stringify(one)).toBeGreaterThan(95);
      expect(ratio, JSON.stringify(one)).toBeLessThan(105);
    }
  });
});
