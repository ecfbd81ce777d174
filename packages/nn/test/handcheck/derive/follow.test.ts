// One sample followed through a network and back: the order of its steps, and that its numbers are the equations'.
import { describe, expect, it } from "vitest";
import { isTried } from "../../../../autograd/test/size.ts";
import { network } from "../../../src/index.ts";
import { follow } from "../../../src/handcheck/derive/follow.ts";
import { backprop } from "../../../src/handcheck/equations/backprop.ts";
import { subjectOf } from "../../../src/handcheck/derive/language/subject.ts";
import { worldFrom } from "../../../src/handcheck/derive/values/given.ts";
import { batchOf, cases, mazurNetwork, mazurNumbers, networkOf, prove } from "./support.ts";

describe("follow", () => {
  it("goes up neuron by neuron, to the cost, and down again", () => {
    const net = network({ sizes: [2, 1, 2], activations: ["tanh", "softmax"], cost: "categoricalCrossEntropy" });
    const { steps } = follow(net, { x: [1, 0], t: [0, 1] });
    expect(steps.map(({ knows, layer, neuron }) => `${knows.join("+")} ${layer} ${String(neuron)}`)).toEqual([
      "u+v 1 0",
      "u 2 0",
      "u 2 1",
      "v 2 0",
      "v 2 1",
      "cost 2 null",
      "delta 2 0",
      "delta 2 1",
      "gradient 2 0",
      "gradient 2 1",
      "delta 1 0",
      "gradient 1 0",
    ]);
  });

  it("puts the numbers into the formulas, to as many places as are asked for", () => {
    const { steps } = follow(mazurNetwork, mazurNumbers, { notation: "nielsen", places: 3 });
    expect(steps[0]!.equations[0]!.toLatex()).toContain("0.15 \\cdot 0.05 + 0.2 \\cdot 0.1 + 0.35");
    expect(steps[0]!.equations[1]!.toMathML()).toContain("<mn>0.593</mn>");
    const lines = (columns: number): number => steps[0]!.equations[0]!.toMathML({ columns }).match(/<mtr>/g)!.length;
    expect(lines(12)).toBeGreaterThan(lines(80));
  });

  const tried = cases.filter((one) => isTried(3, JSON.stringify(one)));
  it.each(tried)("says what the equations say for $activations and $cost", (one) => {
    const [net, { x, t }] = [networkOf(one), batchOf(one, 1)];
    const { steps, delta, cost, gradients, paths } = follow(net, { x, t }, { notation: "haykin" });
    const world = worldFrom("follow", net, subjectOf(net, "haykin", "mean"), { x, t });
    const all = steps.flatMap(({ equations }) => equations);
    const proved = all.reduce((count, equation) => count + prove(equation, world), 0);
    expect(proved).toBeGreaterThan(2 * steps.length);
    const exact = backprop(world.net, x, t);
    expect(cost).toBe(exact.cost);
    expect(gradients.map(({ W }) => W)).toEqual(exact.layers.map(({ gradW }) => gradW));
    expect(delta.slice(1)).toEqual(exact.layers.map((layer) => layer.delta[0]));
    const found = paths({ layer: 1, to: 0, from: 1 });
    expect(found.paths.length === 0).toBe(found.count > 16);
    prove(found.sum, world);
    for (const path of found.paths) prove(path.equation, world);
    if (found.count > 16) return;
    const total = found.paths.reduce((sum, { value }) => sum + value, 0);
    expect(Math.abs(total - gradients[0]!.W[0]![1]!)).toBeLessThan(1e-12);
  });

  it("says which neurons a path visits", () => {
    const net = network({ sizes: [1, 2, 2], activations: ["tanh", "softmax"], cost: "categoricalCrossEntropy" });
    const followed = follow(net, { x: [1], t: [0, 1] });
    const { count, paths } = followed.paths({ layer: 1, to: 1, from: 0 });
    expect(count).toBe(4);
    const visited = paths.map(({ neurons }) => neurons.map(({ layer, neuron }) => `${layer}:${neuron}`).join(" "));
    expect(visited).toEqual(["1:1 2:0 2:0", "1:1 2:1 2:0", "1:1 2:0 2:1", "1:1 2:1 2:1"]);
    expect(followed.paths({ layer: 2, to: 0, from: 1 }).paths.map(({ neurons }) => neurons.length)).toEqual([2, 2]);
  });

  it.each([
    [
      "a weight that there is not",
      () => follow(mazurNetwork, mazurNumbers).paths({ layer: 2, to: 2, from: 0 }),
      /follow: there is no weight to 2 from 0 in layer 2/,
    ],
    ["digits that are no number", () => follow(mazurNetwork, mazurNumbers, { places: 0 }), /follow: places is 0/],
    ["inputs that do not fit", () => follow(mazurNetwork, { x: [1], t: [0, 1] }), /follow: a row of x has 1 entries/],
    [
      "an unknown notation",
      () => follow(mazurNetwork, mazurNumbers, { notation: "leibniz" as "ng" }),
      /follow: there is no notation leibniz/,
    ],
  ])("refuses %s", (_, call, message) => {
    expect(call).toThrow(message);
  });
});
