/**
 * All activations: a new one is a file with a record, a row here and in `paper.ts`, a name in the locales,
 * and a row in the plain loops of `handcheck/equations`.
 */

import { elu } from "./elu.ts";
import { gelu } from "./gelu.ts";
import { geluTanh } from "./gelu-tanh.ts";
import { hardSigmoid } from "./hard-sigmoid.ts";
import { leakyRelu } from "./leaky-relu.ts";
import { linear } from "./linear.ts";
import type { ActivationRecord } from "./record.ts";
import { relu } from "./relu.ts";
import { selu } from "./selu.ts";
import { sigmoid } from "./sigmoid.ts";
import { silu } from "./silu.ts";
import { softplus } from "./softplus.ts";
import { softsign } from "./softsign.ts";
import { tanh } from "./tanh.ts";

export const neurons = {
  sigmoid,
  tanh,
  relu,
  linear,
  leakyRelu,
  elu,
  selu,
  gelu,
  geluTanh,
  silu,
  softplus,
  softsign,
  hardSigmoid,
} satisfies Record<string, ActivationRecord>;

/** The activations whose output depends on its own input alone. */
export type NeuronName = keyof typeof neurons;

/** Those that take a number. */
export type WithParameter = "leakyRelu" | "elu" | "hardSigmoid";
