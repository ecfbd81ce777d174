/** Says what is written about each activation. */

import { eluOnPaper } from "./elu.ts";
import { geluOnPaper } from "./gelu.ts";
import { geluTanhOnPaper } from "./gelu-tanh.ts";
import { hardSigmoidOnPaper } from "./hard-sigmoid.ts";
import { leakyReluOnPaper } from "./leaky-relu.ts";
import { linearOnPaper } from "./linear.ts";
import { reluOnPaper } from "./relu.ts";
import { seluOnPaper } from "./selu.ts";
import { sigmoidOnPaper } from "./sigmoid.ts";
import { siluOnPaper } from "./silu.ts";
import { softplusOnPaper } from "./softplus.ts";
import { softsignOnPaper } from "./softsign.ts";
import { tanhOnPaper } from "./tanh.ts";
import type { OnPaper } from "./record.ts";
import type { NeuronName } from "./table.ts";

export const onPaper: Readonly<Record<NeuronName, OnPaper>> = {
  sigmoid: sigmoidOnPaper,
  tanh: tanhOnPaper,
  relu: reluOnPaper,
  linear: linearOnPaper,
  leakyRelu: leakyReluOnPaper,
  elu: eluOnPaper,
  selu: seluOnPaper,
  gelu: geluOnPaper,
  geluTanh: geluTanhOnPaper,
  silu: siluOnPaper,
  softplus: softplusOnPaper,
  softsign: softsignOnPaper,
  hardSigmoid: hardSigmoidOnPaper,
};
