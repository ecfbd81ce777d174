/**
 * The options of the public functions: an unknown one, one of another kind, and what is no object are refused, with the
 * nearest name.
 */

import { isAutogradError, tensor } from "@chainrule/autograd";
import { describe, expect, it } from "vitest";
import {
  checkOp,
  derive,
  formulas,
  handcheck,
  handcheckGraph,
  plantMistake,
  readFormulas,
  type Kernel,
} from "../src/handcheck/index.ts";
import { compareBackprop, network, train } from "../src/index.ts";

const net = network({ sizes: [2, 2, 1] });
const data = { x: [[1, 2]], t: [[1]] };
const samples = { x: tensor(data.x), t: tensor(data.t) };
const kernel: Kernel = {
  name: "square",
  forward: (x: number[]) => x.map((v) => v * v),
  backward: (g: number[], x: number[]) => g.map((v, k) => 2 * v * x[k]!),
};

/** A function as callers without types call it, one option misspelt and the one that is meant, one of another kind. */
const calls: readonly (readonly [
  name: string,
  call: (options: unknown) => unknown,
  misspelt: object,
  meant: string,
  wrong: object,
])[] = [
  [
    "network",
    (o) => network(o as never),
    { sizes: [2, 1], layer: 3 },
    "write network",
    { sizes: [2, 1], dtype: "int32" },
  ],
  [
    "network",
    (o) => network(o as never),
    { sizes: [2, 1], activation: "tanh" },
    "did you mean activations?",
    { sizes: [2, 1], seed: true },
  ],
  [
    "train",
    (o) => train(net, samples, o as never),
    { epochs: 1, batchSize: 1, lr: 1 },
    "did you mean eta?",
    { epochs: 1, batchSize: 1, eta: 1, onEpoch: 1 },
  ],
  [
    "compareBackprop",
    (o) => compareBackprop(net, data, o as never),
    { entry: 3 },
    "write compareBackprop",
    { entries: 0.5 },
  ],
  ["handcheck", (o) => handcheck(net, data, {}, o as never), { digit: 3 }, "did you mean digits?", { seed: null }],
  [
    "handcheck",
    (o) => handcheck(net, () => ({}), o as never),
    { params: {} },
    "did you mean parameters?",
    { parameters: 1 },
  ],
  [
    "formulas",
    (o) => formulas(net, "delta2 = v2 - t", o as never),
    { starr: "matmul" },
    "did you mean star?",
    { eta: "1" },
  ],
  [
    "readFormulas",
    (o) => readFormulas("delta2 = v2 - t", o as never),
    { stars: "matmul" },
    "did you mean star?",
    { star: "both" },
  ],
  ["checkOp", (o) => checkOp(kernel, o as never), { shape: [[2]] }, "did you mean shapes?", { tolerance: { tol: 1 } }],
  [
    "handcheckGraph",
    (o) => handcheckGraph(() => tensor(1), {}, {}, o as never),
    { names: "a" },
    "did you mean name?",
    { name: 3 },
  ],
  ["plantMistake", (o) => plantMistake(net, o as never), { sample: 3 }, "did you mean samples?", { samples: 0 }],
  ["derive", (o) => derive(net, o as never), { lang: "en" }, "did you mean language?", { reduction: "max" }],
];

const refusalOf = (call: () => unknown): Error => {
  try {
    call();
  } catch (error) {
    return error as Error;
  }
  throw new Error("nothing was refused");
};

describe("options", () => {
  it.each(calls)("of %s", (name, call, misspelt, meant, wrong) => {
    const refusal = refusalOf(() => call(misspelt));
    expect(isAutogradError(refusal), String(refusal)).toBe(true);
    expect(refusal.message).toContain(`${name}: there is no option`);
    expect(refusal.message).toContain(meant);
    for (const options of [wrong, "banana", 7, null, []])
      expect(isAutogradError(refusalOf(() => call(options))), `${name} ${JSON.stringify(options)}`).toBe(true);
  });
});
