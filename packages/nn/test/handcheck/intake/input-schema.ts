/** The JSON schema of what can be handed in, for editors, made of the table of names. */

import { recordNames } from "../../../src/network/activation.ts";
import { costNames } from "../../../src/network/cost.ts";
import { decayForms } from "../../../src/handcheck/claims/decay.ts";
import {
  containers,
  gradientPrefixes,
  gradientSuffixes,
  layerPrefixes,
  layerWords,
  outputs,
  singles,
  stems,
  stepAffixes,
} from "../../../src/handcheck/intake/names.ts";

type Schema = Readonly<Record<string, unknown>>;

/** What may stand between letters: names are compared without it. */
const between = "[\\W_]*";

/** A word in either case, with separators in it. */
const word = (text: string): string =>
  Array.from(text, (letter) =>
    /[a-z]/.test(letter) ? `[${letter.toUpperCase()}${letter}]` : letter.replace(/[$/]/g, "\\$&"),
  ).join(between);

const oneOf = (words: readonly string[]): string =>
  `(?:${[...new Set(words)]
    .sort((a, b) => b.length - a.length || a.localeCompare(b))
    .map(word)
    .join("|")})`;

/**
 * Every name that is taken for something: a quantity of a layer, a single thing, a layer, a module, what holds further
 * names.
 */
function namePattern(): string {
  const stem = oneOf([...Object.values(stems).flat(), ...Object.values(outputs).flat()]);
  const layer = `(?:${oneOf(Object.values(layerWords).flat())}|\\d+)`;
  const before = `(?:${oneOf([...gradientPrefixes, ...stepAffixes])}${between})?`;
  const behind = `(?:${between}${oneOf([...gradientSuffixes, ...stepAffixes])})?`;
  const prefix = oneOf(layerPrefixes);
  const quantity = `${before}(?:${prefix}${between})?(?:${layer}${between})?${stem}(?:${between}${layer})?${behind}`;
  const single = oneOf([...Object.values(singles).flat(), ...Object.values(containers).flat()]);
  const module = ".*[^.\\s/][./](?:weight|kernel|bias)(?::0)?(?:[._]?grad)?";
  const key = `(?:${prefix}${between})?${layer}`;
  const inputs = `${before}${oneOf(singles.x)}`;
  return `^(?:${between}(?:${quantity}|${single}|${key}|${inputs})${between}|${module})$`;
}

const numbers: Schema = { $ref: "#/$defs/numbers" };
const byLayer: Schema = { $ref: "#/$defs/byLayer" };
const names: Schema = { $ref: "#/$defs/names" };
const about = (description: string, schema: Schema): Schema => ({ description, ...schema });

/** The names that the documentation uses, with what each is. */
const own: Schema = {
  $schema: { type: "string" },
  network: about("Sizes, activations, cost, and the parameters.", {
    anyOf: [names, { type: "string" }, { type: "array" }],
  }),
  sizes: about("The units of each layer, the input first: [2, 3, 1].", {
    type: "array",
    items: { type: "integer", minimum: 1 },
  }),
  activations: about(
    `One for each layer after the input, or one for all, some with a number as in leakyRelu(0.2): ${recordNames.join(", ")}.`,
    { $ref: "#/$defs/value" },
  ),
  cost: about(`${costNames.join(", ")}, some with what they are told, as in huber(0.5); in the hand its value.`, {
    anyOf: [{ type: ["string", "number", "null"] }, { $ref: "#/$defs/named" }],
  }),
  biases: about("false for a network without; otherwise the biases by layer.", {
    anyOf: [{ type: "boolean" }, byLayer],
  }),
  parameters: about("W1, b1, …, or under other names.", names),
  data: about("x and t, one sample in each row or in each column; t may be numbers of classes.", names),
  x: about("The inputs.", numbers),
  t: about("The targets.", numbers),
  hand: about("What was derived: delta, gradW, gradB, u, v, cost, next, any part of it.", names),
  delta: about("∂C/∂u by layer.", byLayer),
  gradW: about("∂C/∂W by layer.", byLayer),
  gradB: about("∂C/∂b by layer.", byLayer),
  u: about("The inputs of the layers.", byLayer),
  v: about("Their outputs.", byLayer),
  next: about("W and b after a step.", names),
  eta: about("The rate of the step.", { type: "number" }),
  lambda: about("λ of (λ/2n) Σ w².", { type: "number" }),
  momentum: about("μ of the step.", { type: "number" }),
  digits: about("The significant digits that the numbers were copied with.", { type: "number" }),
  decimals: about("The decimals that the numbers were copied with.", { type: "number" }),
  convention: { $ref: "#/$defs/convention" },
  formulas: about("Equations as text, in place of numbers.", { type: "string" }),
};

const convention: Schema = {
  description: "What is known of the person's conventions; the rest is found out.",
  anyOf: [
    { enum: ["auto", "ours"] },
    {
      type: "object",
      properties: {
        weights: { enum: ["out×in", "in×out", "out x in", "in x out"] },
        samples: { enum: ["rows", "columns"] },
        layerBase: { enum: [0, 1] },
        deltaSign: { enum: [1, -1] },
        reduction: { enum: ["sum", "mean"] },
        delta: { enum: ["perSample", "reduced"] },
        half: { type: "boolean" },
        decay: { enum: [...decayForms] },
      },
      additionalProperties: false,
    },
  ],
};

/** The whole schema. */
export const inputSchema = (): Schema => ({
  $schema: "https://json-schema.org/draft/2020-12/schema",
  title: "handcheck-input/1",
  description:
    "What `chainrule check FILE.json` reads: a network, data, and what was derived by hand. Names may be written otherwise: case and separators do not count.",
  $ref: "#/$defs/names",
  $defs: {
    numbers: {
      anyOf: [
        { type: "number" },
        { type: "array", items: { anyOf: [numbers, { type: "null" }] } },
        { description: "As a library prints it.", type: "string" },
      ],
    },
    byLayer: {
      anyOf: [
        numbers,
        { type: "null" },
        { type: "object", additionalProperties: { anyOf: [numbers, { type: "null" }] } },
      ],
    },
    named: {
      description:
        'A name with what it is told: { name: "huber", delta: 0.5 }, { name: "crossEntropy", labelSmoothing: 0.1, classWeights: [1, 2] }.',
      type: "object",
      properties: { name: { type: "string" } },
      required: ["name"],
      additionalProperties: {
        anyOf: [{ type: ["number", "string", "boolean"] }, { type: "array", items: { type: "number" } }],
      },
    },
    value: {
      anyOf: [{ type: ["number", "string", "boolean", "null"] }, { type: "array" }, { $ref: "#/$defs/named" }, names],
    },
    convention,
    names: {
      type: "object",
      properties: own,
      patternProperties: { [namePattern()]: { $ref: "#/$defs/value" } },
      additionalProperties: false,
    },
  },
});
