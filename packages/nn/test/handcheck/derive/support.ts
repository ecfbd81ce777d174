// What the tests of the derivation share: Mazur's network, networks of every kind, and the proof that an equation
// holds.
import { expect } from "vitest";
import { network, Random, type ActivationName, type CostName, type Network } from "../../../src/index.ts";
import type { Block, Expression, Letter, Section } from "../../../src/handcheck/derive/language/ast.ts";
import { evaluate, unitsOf, withNeuron } from "../../../src/handcheck/derive/values/evaluate.ts";
import type { Scope, Value } from "../../../src/handcheck/derive/values/symbols.ts";
import type { World } from "../../../src/handcheck/derive/values/world.ts";

export const mazurNetwork = network({
  sizes: [2, 2, 2],
  parameters: {
    W1: [
      [0.15, 0.2],
      [0.25, 0.3],
    ],
    b1: [0.35, 0.35],
    W2: [
      [0.4, 0.45],
      [0.5, 0.55],
    ],
    b2: [0.6, 0.6],
  },
});
export const mazurNumbers = { x: [0.05, 0.1], t: [0.01, 0.99], eta: 0.5 };

export interface Case {
  readonly sizes: readonly number[];
  readonly activations: readonly ActivationName[];
  readonly cost: CostName;
}

/** Every pair of cost and last activation that has finite values on outputs of that activation, over various depths. */
export const cases: readonly Case[] = [
  { sizes: [2, 3, 4], activations: ["sigmoid", "sigmoid"], cost: "quadratic" },
  { sizes: [3, 2, 4], activations: ["tanh", "linear"], cost: "quadratic" },
  { sizes: [3, 4, 2], activations: ["relu", "softmax"], cost: "quadratic" },
  { sizes: [2, 4, 3], activations: ["relu", "sigmoid"], cost: "crossEntropy" },
  { sizes: [2, 4, 3], activations: ["tanh", "softmax"], cost: "crossEntropy" },
  { sizes: [2, 4, 3], activations: ["relu", "softmax"], cost: "categoricalCrossEntropy" },
  { sizes: [3, 2, 4], activations: ["softmax", "softmax"], cost: "categoricalCrossEntropy" },
  { sizes: [3, 2, 4], activations: ["tanh", "sigmoid"], cost: "categoricalCrossEntropy" },
  { sizes: [2, 4, 3], activations: ["sigmoid", "linear"], cost: "softmaxCrossEntropy" },
  { sizes: [2, 4, 3], activations: ["sigmoid", "softmax"], cost: "softmaxCrossEntropy" },
  { sizes: [2, 4, 3], activations: ["linear", "tanh"], cost: "softmaxCrossEntropy" },
  { sizes: [4, 3], activations: ["softmax"], cost: "categoricalCrossEntropy" },
  { sizes: [3, 1], activations: ["sigmoid"], cost: "crossEntropy" },
  { sizes: [2, 4, 3, 5], activations: ["tanh", "relu", "sigmoid"], cost: "quadratic" },
  { sizes: [2, 3, 3, 2], activations: ["leakyRelu", "elu", "silu"], cost: "quadratic" },
  { sizes: [2, 3, 2], activations: ["elu", "softplus"], cost: "quadratic" },
  { sizes: [2, 3, 3], activations: ["tanh", "sigmoid"], cost: "sse" },
  { sizes: [2, 3, 3], activations: ["tanh", "softmax"], cost: "mse" },
  { sizes: [2, 3, 3], activations: ["tanh", "linear"], cost: "mae" },
  { sizes: [2, 3, 3], activations: ["tanh", "linear"], cost: "huber(0.5)" },
  { sizes: [2, 3, 3], activations: ["tanh", "linear"], cost: "hinge" },
  { sizes: [2, 3, 3], activations: ["tanh", "linear"], cost: "multiclassHinge" },
  { sizes: [2, 3, 3], activations: ["tanh", "softmax"], cost: "bce" },
  { sizes: [2, 3, 3], activations: ["tanh", "softmax"], cost: "categoricalCrossEntropy(labelSmoothing=0.1)" },
  {
    sizes: [2, 3, 3],
    activations: ["tanh", "softmax"],
    cost: "categoricalCrossEntropy(labelSmoothing=0.1,classWeights=[1,2,0.5])",
  },
  {
    sizes: [2, 3, 3],
    activations: ["tanh", "sigmoid"],
    cost: "crossEntropy(labelSmoothing=0.1,classWeights=[1,2,0.5])",
  },
  { sizes: [2, 3, 1], activations: ["tanh", "sigmoid"], cost: "crossEntropy(classWeights=[0.5,2])" },
  { sizes: [2, 3, 3], activations: ["tanh", "linear"], cost: "softmaxCrossEntropy(classWeights=[1,2,0.5])" },
  { sizes: [2, 3, 3, 2], activations: ["gelu", "leakyRelu(0.2)", "softsign"], cost: "quadratic" },
  { sizes: [2, 3, 3, 2], activations: ["selu", "hardSigmoid(1/6)", "geluTanh"], cost: "quadratic" },
  { sizes: [2, 3, 2, 4, 3], activations: ["sigmoid", "softmax", "tanh", "softmax"], cost: "categoricalCrossEntropy" },
];

export function networkOf({ sizes, activations, cost }: Case, seed = 7): Network {
  return network({ sizes, activations, cost, seed });
}

/** Inputs, and targets that are one of each row's classes. */
export function batchOf({ sizes }: Case, samples: number, seed = 3): { x: number[][]; t: number[][] } {
  const random = new Random(seed);
  const classes = sizes.at(-1)!;
  const x = Array.from({ length: samples }, () => Array.from(random.normalArray(sizes[0]!)));
  return { x, t: x.map((_, n) => Array.from({ length: classes }, (__, j) => (j === n % classes ? 1 : 0))) };
}

export interface Claim {
  readonly left: Expression;
  readonly steps: readonly Expression[];
}

/** Every equation that a derivation prints, those in the reasons of factors among them. */
export function claimsOf(sections: readonly Section[]): Claim[] {
  return sections.flatMap(({ blocks }) =>
    blocks.flatMap((block: Block): Claim[] => {
      if (block.kind === "equation") return [block];
      if (block.kind !== "factors") return [];
      return block.factors.flatMap(({ factor, value, because }) => [
        { left: factor, steps: value },
        { left: because.left, steps: [because.right] },
      ]);
    }),
  );
}

/** The letters of an expression that no sum within it binds. */
export function freeLetters(node: unknown): Letter[] {
  const found = new Map<string, Letter>();
  const visit = (part: unknown, bound: readonly string[]): void => {
    if (Array.isArray(part)) for (const one of part) visit(one, bound);
    else if (typeof part === "object" && part !== null) {
      const fields = part as Record<string, unknown>;
      const over = fields["over"] as Letter | undefined;
      const inner = over === undefined ? bound : [...bound, over.letter];
      if (typeof fields["letter"] === "string" && !bound.includes(fields["letter"]))
        found.set(fields["letter"], part as Letter);
      for (const [name, value] of Object.entries(fields)) if (name !== "over") visit(value, inner);
    }
  };
  visit(node, []);
  return [...found.values()];
}

/** Whether an expression speaks of the layer l. */
function isGeneral(node: unknown): boolean {
  return JSON.stringify(node).includes('"of":"l"');
}

/**
 * Evaluates both sides of a claim for each of the first samples and every layer and neuron that it is about; gives the
 * comparisons made.
 */
export function prove({ left, steps }: Claim, world: World, samples = world.samples.length): number {
  const layers = isGeneral([left, steps])
    ? Array.from({ length: world.subject.layers - 1 }, (_, index) => index + 1)
    : [null];
  const letters = freeLetters([left, steps]);
  let compared = 0;
  for (const l of layers) {
    for (let sample = 0; sample < samples; sample++) {
      let scopes: Scope[] = [{ sample, l, neurons: new Map() }];
      for (const letter of letters) {
        scopes = scopes.flatMap((scope) =>
          Array.from({ length: unitsOf(letter, world, scope) }, (_, k) => withNeuron(scope, letter.letter, k)),
        );
      }
      for (const scope of scopes) {
        const expected = evaluate(left, world, scope);
        for (const step of steps) {
          expectSame(evaluate(step, world, scope), expected, JSON.stringify({ left, step }));
          compared += 1;
        }
      }
    }
  }
  return compared;
}

/** The same shape and, to rounding, the same numbers. */
export function expectSame(got: Value, expected: Value, what: string, tolerance = 1e-11): void {
  const flat = (value: Value): number[] => (typeof value === "number" ? [value] : value.flat());
  const shape = (value: Value): string =>
    typeof value === "number" ? "number" : `${value.length}×${value[0]!.length}`;
  expect(shape(got), what).toBe(shape(expected));
  const scale = Math.max(1e-3, ...flat(expected).map(Math.abs));
  flat(expected).forEach((value, k) => {
    const error = Math.abs(flat(got)[k]! - value);
    if (!(error <= tolerance * scale)) expect.fail(`${flat(got)[k]} instead of ${value} in ${what}`);
  });
}
