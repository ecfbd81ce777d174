/** Every mistake that has a name, by the letter of its id: what the docs and the command list. */

import { catalogue } from "./catalogue.ts";
import { kernels } from "./kernels.ts";
import type { Mistake } from "./mistake.ts";

const letters = {
  A: "output error",
  B: "error sent back",
  C: "biases",
  D: "weights",
  E: "learning",
  V: "forward pass",
  F: "normalization",
  G: "convolution and pooling",
  H: "attention and softmax",
  I: "other kernels",
} as const;

/** The mistakes of a letter. */
interface Group {
  readonly letter: string;
  readonly name: string;
  readonly mistakes: readonly Pick<Mistake, "id" | "short">[];
}

/** All of them. */
export const mistakeGroups: readonly Group[] = Object.entries(letters).map(([letter, name]) => ({
  letter,
  name,
  mistakes: [...catalogue, ...kernels].filter(({ id }) => id.startsWith(letter)),
}));
