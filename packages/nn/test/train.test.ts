/** The learning rule and the loop around it: exact steps, seeded order, online and in batches, and what it reports. */

import { tensor } from "@chainrule/autograd";
import { accuracy, descend, network, step, train, type Progress } from "@chainrule/nn";
import { backprop, learnNetwork } from "@chainrule/nn/equations";
import { describe, expect, it } from "vitest";

const xor = {
  x: tensor([
    [0, 0],
    [0, 1],
    [1, 0],
    [1, 1],
  ]),
  t: tensor([
    [1, 0],
    [0, 1],
    [0, 1],
    [1, 0],
  ]),
};

describe("the learning rule", () => {
  it("moves every weight and bias by -η ∂e/∂w, all gradients being of the old weights", () => {
    const net = network({ sizes: [2, 3, 2], seed: 4 });
    const plain = {
      weights: [net.parameters.W1.toArray() as number[][], net.parameters.W2.toArray() as number[][]],
      biases: [net.parameters.b1.toArray() as number[], net.parameters.b2.toArray() as number[]],
      activations: ["sigmoid", "sigmoid"] as const,
      cost: "quadratic" as const,
    };
    const expected = learnNetwork(
      plain,
      backprop(plain, xor.x.toArray() as number[][], xor.t.toArray() as number[][]).layers,
      0.7,
    );
    const { parameters } = step(net, net.parameters, xor.x, xor.t, 0.7);
    const close = (got: unknown, right: unknown): void => {
      const [a, b] = [got, right].map((value) =>
        JSON.stringify(value, (_, v: unknown) => (typeof v === "number" ? Number(v.toPrecision(13)) : v)),
      );
      expect(a).toBe(b);
    };
    close(parameters.W1.toArray(), expected.weights[0]);
    close(parameters.W2.toArray(), expected.weights[1]);
    close(parameters.b1.toArray(), expected.biases[0]);
    close(parameters.b2.toArray(), expected.biases[1]);
  });

  it("follows Nielsen's single neuron for 300 steps", () => {
    const net = network({ sizes: [1, 1], parameters: { W1: [[0.6]], b1: [0.9] } });
    let { parameters } = net;
    expect(net.predict(parameters, [[1]]).item()).toBeCloseTo(0.8175744761936437, 15);
    for (let n = 0; n < 300; n++) ({ parameters } = step(net, parameters, [[1]], [[0]], 0.15));
    expect(net.predict(parameters, [[1]]).item()).toBeCloseTo(0.09395569486364724, 13);
  });

  it("refuses a learning rate that is none, and a gradient that is missing", () => {
    const { parameters } = network({ sizes: [1, 1] });
    for (const eta of [0, -1, NaN, Infinity])
      expect(() => descend(parameters, parameters, eta)).toThrow(/learning rate/);
    expect(() => descend(parameters, { W1: parameters.W1 }, 0.1)).toThrow(/no gradient for b1/);
  });
});

describe("train", () => {
  const net = network({ sizes: [2, 8, 2], seed: 3, initialization: "large" });

  it("learns what no single layer can", () => {
    const { parameters, costs } = train(net, xor, { epochs: 2000, batchSize: 4, eta: 5 });
    expect(costs.at(-1)!).toBeLessThan(0.01);
    expect(costs[0]!).toBeGreaterThan(costs.at(-1)!);
    expect(accuracy(net, parameters, xor)).toBe(1);
  });

  it("gives the same weights for the same seed, and others for another order", () => {
    const weights = (seed: number): unknown =>
      train(net, xor, { epochs: 3, batchSize: 1, eta: 1, seed }).parameters.W1.toArray();
    expect(weights(1)).toEqual(weights(1));
    expect(weights(1)).not.toEqual(weights(2));
  });

  it("learns online with batches of one, and sees the last, shorter batch", () => {
    const seen: Progress[] = [];
    const onBatch = (progress: Progress): void => void seen.push(progress);
    train(net, xor, { epochs: 2, batchSize: 1, eta: 0.1, onBatch });
    expect(seen.map((progress) => [progress.epoch, progress.batch])).toEqual([
      [1, 1],
      [1, 2],
      [1, 3],
      [1, 4],
      [2, 5],
      [2, 6],
      [2, 7],
      [2, 8],
    ]);
    const epochs: number[] = [];
    train(net, xor, {
      epochs: 3,
      batchSize: 3,
      eta: 0.1,
      onEpoch: ({ epoch, batch, batches }) => epochs.push(epoch, batch, batches),
    });
    expect(epochs).toEqual([1, 2, 6, 2, 4, 6, 3, 6, 6]);
  });

  it("goes on from given parameters as if it had not stopped", () => {
    const both = train(net, xor, { epochs: 1, batchSize: 4, eta: 1 });
    const more = train(net, xor, { epochs: 1, batchSize: 4, eta: 1, parameters: both.parameters });
    const whole = train(net, xor, { epochs: 2, batchSize: 4, eta: 1 });
    const distance = more.parameters.W1.sub(whole.parameters.W1).abs().max().item();
    expect(distance).toBeLessThan(1e-15);
  });

  it("leaves the network as it was", () => {
    const before = net.parameters.W1.toArray();
    train(net, xor, { epochs: 1, batchSize: 2, eta: 1 });
    expect(net.parameters.W1.toArray()).toEqual(before);
  });

  it("refuses settings and data that make no sense", () => {
    const good = { epochs: 1, batchSize: 1, eta: 1 };
    expect(() => train(net, xor, { ...good, epochs: 0 })).toThrow(/epochs is 0/);
    expect(() => train(net, xor, { ...good, batchSize: 1.5 })).toThrow(/batchSize is 1.5/);
    expect(() => train(net, xor, { ...good, eta: -1 })).toThrow(/learning rate is -1/);
    expect(() => train(net, { x: xor.x, t: tensor([[1, 0]]) }, good)).toThrow(/4 inputs and 1 targets/);
    expect(() => train(net, { x: tensor([], { shape: [0, 2] }), t: tensor([], { shape: [0, 2] }) }, good)).toThrow(
      /0 inputs/,
    );
  });
});
