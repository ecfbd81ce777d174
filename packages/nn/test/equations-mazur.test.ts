// Mazur's worked example; expected values were computed with 60 digits and rounded to float64.
import { describe, expect, it } from "vitest";
import {
  backprop,
  bp1,
  bp1Hadamard,
  costGradient,
  costOfSample,
  forward,
  gradientBelow,
  hiddenChain,
  learnNetwork,
  outputChain,
  sampleCost,
  slope,
} from "../src/handcheck/equations/index.ts";
import type { LayerGradient, PlainNetwork } from "../src/handcheck/equations/index.ts";
import { expectClose, mazur, mazurInput, mazurTarget } from "./equations-support.ts";

const ULPS = 1e-15;
const linear: PlainNetwork = { ...mazur, activations: ["sigmoid", "linear"] };
const run = (net: PlainNetwork) => backprop(net, [mazurInput], [mazurTarget]);

describe("Mazur's network, forward", () => {
  const { u, v } = forward(mazur, mazurInput);

  it("has the inputs and outputs of both layers", () => {
    expectClose(u[1]!, [0.3775, 0.39249999999999996], ULPS);
    expectClose(v[1]!, [0.5932699921071872, 0.596884378259767], ULPS);
    expectClose(u[2]!, [1.1059059670597702, 1.2249214040964655], ULPS);
    expectClose(v[2]!, [0.7513650695523157, 0.7729284653214626], ULPS);
  });

  it("starts at the input, which has no net input of its own", () => {
    expect(v[0]).toEqual(mazurInput);
    expect(u[0]).toEqual([]);
  });

  it("has the cost of each output and of both", () => {
    const parts = u[2]!.map((uj, j) => sampleCost("quadratic", "sigmoid", [uj], [mazurTarget[j]!]));
    expectClose(parts, [0.27481108317615494, 0.023560025583847732], ULPS);
    expectClose([costOfSample(mazur, mazurInput, mazurTarget)], [0.29837110876000267], ULPS);
  });
});

describe("Mazur's network, backward", () => {
  const { u, v } = forward(mazur, mazurInput);
  const [hidden, output] = run(mazur).layers as [LayerGradient, LayerGradient];

  it("has ∂C/∂v, σ′ and δ of the output layer", () => {
    const gradV = costGradient("quadratic", v[2]!, mazurTarget);
    expectClose(gradV, [0.7413650695523157, -0.2170715346785374], ULPS);
    expectClose(
      u[2]!.map((uj) => slope("sigmoid", uj)),
      [0.18681560180895948, 0.1755100528172712],
      ULPS,
    );
    expectClose(bp1Hadamard(gradV, "sigmoid", u[2]!), [0.13849856162855698, -0.038098236516556215], ULPS);
    expect(output.delta).toEqual([bp1("quadratic", "sigmoid", u[2]!, mazurTarget)]);
  });

  it("has ∂C/∂v of the hidden layer, term by term", () => {
    const delta = output.delta[0]!;
    expectClose([0.4 * delta[0]!, 0.5 * delta[1]!], [0.055399424651422786, -0.019049118258278108], ULPS);
    expectClose(gradientBelow(mazur.weights[1]!, delta, 2), [0.03635030639314468, 0.04137032264874472], 2 * ULPS);
  });

  it("has σ′ and δ of the hidden layer", () => {
    expectClose(
      u[1]!.map((uj) => slope("sigmoid", uj)),
      [0.24130070857232522, 0.24061341724921836],
      ULPS,
    );
    expectClose(hidden.delta[0]!, [0.008771354689486935, 0.009954254705217202], ULPS);
  });

  it("has the gradients of all eight weights", () => {
    expectClose(
      output.gradW.flat(),
      [0.08216704056423078, 0.08266762784753326, -0.02260254047747506, -0.02274024221597821],
      ULPS,
    );
    expectClose(
      hidden.gradW.flat(),
      [0.0004385677344743468, 0.0008771354689486936, 0.0004977127352608601, 0.0009954254705217202],
      ULPS,
    );
  });

  it("has δ as the gradients of the biases", () => {
    expect(hidden.gradB).toEqual(hidden.delta[0]);
    expect(output.gradB).toEqual(output.delta[0]);
    expectClose(
      [hidden.gradB[0]! + hidden.gradB[1]!, output.gradB[0]! + output.gradB[1]!],
      [0.018725609394704138, 0.10040032511200075],
      ULPS,
    );
  });

  it("is the document's product of chain-rule factors", () => {
    const chains = [0, 1].map((j) => outputChain(0, j, "sigmoid", u[2]!, v[1]!, mazurTarget));
    expectClose(
      chains.map((chain) => chain.costByError),
      [-0.7413650695523157, 0.2170715346785374],
      ULPS,
    );
    expect(chains.map((chain) => chain.errorByOutput)).toEqual([-1, -1]);
    expect(chains.map((chain) => chain.delta)).toEqual(output.delta[0]);
    expect(chains.map((chain) => chain.gradient)).toEqual(output.gradW.map((row) => row[0]));
    const below = [0, 1].map((i) => hiddenChain(1, i, mazur.weights[1]!, output.delta[0]!, "sigmoid", u[1]!, v[0]!));
    expect(below.map((chain) => chain.delta)).toEqual(hidden.delta[0]);
    expect(below.map((chain) => chain.gradient)).toEqual(hidden.gradW.map((row) => row[1]));
  });
});

describe("Mazur's network, learning with η = 0.5", () => {
  // Mazur leaves the biases as they are.
  const step = (net: PlainNetwork): PlainNetwork => ({
    ...learnNetwork(net, run(net).layers, 0.5),
    biases: net.biases,
  });
  const cost = (net: PlainNetwork): number => costOfSample(net, mazurInput, mazurTarget);

  it("has the weights and the cost after one step", () => {
    const once = step(mazur);
    const flat = once.weights.flatMap((rows) => Array.from(rows).flatMap((row) => Array.from(row)));
    expectClose(flat.slice(4), [0.35891647971788465, 0.4086661860762334, 0.5113012702387375, 0.5613701211079891], ULPS);
    expectClose(
      flat.slice(0, 4),
      [0.1497807161327628, 0.19956143226552567, 0.24975114363236958, 0.29950228726473915],
      ULPS,
    );
    expectClose([cost(once)], [0.29102777369359933], 2 * ULPS);
  });

  it("has the cost after one step with a bias for each neuron, and with one shared by each layer", () => {
    expectClose([cost(learnNetwork(mazur, run(mazur).layers, 0.5))], [0.28047144679143], 1e-13);
    const shared = run(mazur).layers.map((layer) => ({
      ...layer,
      gradB: layer.gradB.map((_, __, all) => all[0]! + all[1]!),
    }));
    expectClose([cost(learnNetwork(mazur, shared, 0.5))], [0.2857508866992965], 1e-13);
  });

  it("has the cost and the outputs after 10 000 steps", () => {
    let net = mazur;
    for (let n = 0; n < 10_000; n++) net = step(net);
    expectClose([cost(net)], [3.510187782978859e-5], 1e-12);
    expectClose(forward(net, mazurInput).v[2]!, [0.01591362044355068, 0.9840642735146238], 1e-13);
  });

  it("gives the published numbers only with the mistake of reading the updated output weights", () => {
    const mistaken = (net: PlainNetwork): PlainNetwork => {
      const { u, v } = forward(net, mazurInput);
      const right = run(net).layers as [LayerGradient, LayerGradient];
      const after = learnNetwork(net, right, 0.5);
      const gradW = [0, 1].map((i) =>
        [0, 1].map((m) => hiddenChain(m, i, after.weights[1]!, right[1].delta[0]!, "sigmoid", u[1]!, v[0]!).gradient),
      );
      return { ...learnNetwork(net, [{ ...right[0], gradW }, right[1]], 0.5), biases: net.biases };
    };
    let net = mistaken(mazur);
    expect(cost(net).toFixed(9)).toBe("0.291027924");
    for (let n = 1; n < 10_000; n++) net = mistaken(net);
    expect(forward(net, mazurInput).v[2]!.map((out) => out.toFixed(9))).toEqual(["0.015912196", "0.984065734"]);
  });
});

describe("Mazur's network with the linear output that the document announces", () => {
  const [hidden, output] = run(linear).layers as [LayerGradient, LayerGradient];

  it("has v = u and δ = v − t at the output", () => {
    const { u, v } = forward(linear, mazurInput);
    expect(v[2]).toEqual(u[2]);
    expectClose([run(linear).cost], [0.6280989773699324], ULPS);
    expectClose(output.delta[0]!, [1.0959059670597702, 0.23492140409646553], ULPS);
  });

  it("has δ of the hidden layer and every weight's gradient", () => {
    expectClose(hidden.delta[0]!, [0.13412050518570606, 0.1497492388766766], ULPS);
    expectClose(
      output.gradW.flat(),
      [0.6501681244277692, 0.6541291517796396, 0.13937181955411945, 0.14022091622403032],
      ULPS,
    );
    expectClose(
      hidden.gradW.flat(),
      [0.006706025259285304, 0.013412050518570608, 0.00748746194383383, 0.01497492388766766],
      ULPS,
    );
  });
});
