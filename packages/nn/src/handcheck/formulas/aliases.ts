/**
 * Names that people give to the quantities of a network where they have no letters: `output`, `hidden`, `syn1`,
 * `l2_delta`.
 */

import type { Layer, Quantity } from "./ast.ts";
import type { Numbering } from "./numbering.ts";

/** Holds what a name means. */
export interface Role {
  readonly name: Quantity;
  readonly layer: Layer;
}

const L: Layer = { base: "L", offset: 0 };
const hidden: Layer = { base: "hidden", offset: 0 };
const numbered = (text: string, shift: number): Layer => ({ base: "number", offset: Number(text) + shift });

type Make = (number: string, numbering: Numbering) => Role;

const outputWord = "(?:outputs?|out|output_layer|final|final_outputs?|predictions?|preds?|predicted(?:_output)?|guess)";
const hiddenWord = "(?:hidden|hid|hidden_?layer1?)";
const layerWord = "(?:l|layer_?|h|hidden_?|hidden_?layer_?|a_?|act_?|activations?_?|out_?|output_?|o_?)";

/** By the name in small letters; the number in it is handed on. */
const table: readonly (readonly [RegExp, Make])[] = [
  // What a layer gives.
  [
    new RegExp(
      `^(?:${outputWord}(?:_(?:outputs?|activations?))?|probs?|probabilities|p|o|a_out|yout|y_out|softmax_out|final_output)$`,
    ),
    () => ({ name: "v", layer: L }),
  ],
  [
    new RegExp(
      `^(?:${hiddenWord}(?:_?(?:outputs?|activations?|out|act|layer_outputs?|layer_activations?))?|h|hiddenlayer_activations)$`,
    ),
    () => ({ name: "v", layer: hidden }),
  ],
  [
    /^(?:inputs?|input_layer|input_data|data|features|l_?in)$/,
    () => ({ name: "v", layer: { base: "number", offset: 0 } }),
  ],
  [
    new RegExp(`^${layerWord}(\\d+)(?:_(?:out|outputs?|activations?))?$`),
    (number, { v }) => ({ name: "v", layer: numbered(number, v) }),
  ],
  // What it is given.
  [
    /^(?:scores?|logits?|(?:final|output)(?:_layer)?_?inputs?|(?:output|out)_?(?:z|sum|net|in))$/,
    () => ({ name: "u", layer: L }),
  ],
  [
    /^(?:hidden(?:_layer)?_?(?:inputs?|z|sum|net|in)|h_?pre(?:_?act(?:ivation)?)?|pre_?act(?:ivation)?)$/,
    () => ({ name: "u", layer: hidden }),
  ],
  [
    /^(?:layer_?|l|hidden_?)(\d+)_?(?:inputs?|z|sum|net|in)$/,
    (number, { u }) => ({ name: "u", layer: numbered(number, u) }),
  ],
  // Parameters.
  [/^(?:syn|synapse|synapses|weights?|kernel)_?(\d+)$/, (number, { W }) => ({ name: "W", layer: numbered(number, W) })],
  [/^(?:bias|biases)_?(\d+)$/, (number, { W }) => ({ name: "b", layer: numbered(number, W) })],
  [
    /^(?:w|weights?)_?(?:hidden|h|in|input|1_?h|ih|xh|input_?hidden|hidden_?layer)$/,
    () => ({ name: "W", layer: hidden }),
  ],
  [/^(?:w|weights?)_?(?:out|output|o|ho|hy|hidden_?output|output_?layer)$/, () => ({ name: "W", layer: L })],
  [/^(?:b|bias)_?(?:hidden|h|in|hidden_?layer)$/, () => ({ name: "b", layer: hidden })],
  [/^(?:b|bias)_?(?:out|output|o|y|output_?layer)$/, () => ({ name: "b", layer: L })],
  // Gradients of them.
  [
    /^(?:d_?|grad_?|gradient_?)(?:syn|synapse_?|weights?_?|kernel_?)(\d+)$/,
    (number, { W }) => ({ name: "gradW", layer: numbered(number, W) }),
  ],
  [
    /^(?:syn|synapse_?|weights?_?|w_?)(\d+)_(?:updates?|grad(?:ient)?s?|derivatives?|delta|d)$/,
    (number, { W }) => ({ name: "gradW", layer: numbered(number, W) }),
  ],
  [
    /^(?:bias_?|b_?)(\d+)_(?:updates?|grad(?:ient)?s?|derivatives?|delta|d)$/,
    (number, { W }) => ({ name: "gradB", layer: numbered(number, W) }),
  ],
  // δ.
  [
    /^(?:l|layer_?|z|a|h|hidden_?|out_?)(\d+)_?delta$/,
    (number, { delta }) => ({ name: "delta", layer: numbered(number, delta) }),
  ],
  [
    /^(?:delta|d)_?(?:l|layer_?|z|h|hidden_?|out_?)(\d+)$/,
    (number, { delta }) => ({ name: "delta", layer: numbered(number, delta) }),
  ],
  [
    new RegExp(
      `^(?:${outputWord}_deltas?|deltas?_?${outputWord}|delta_?(?:o|k)|d_?${outputWord}(?:_layer)?|d_?scores|d_?logits)$`,
    ),
    () => ({ name: "delta", layer: L }),
  ],
  [
    new RegExp(
      `^(?:${hiddenWord}_deltas?|deltas?_?${hiddenWord}|delta_?(?:h)|d_?h_?pre(?:_?act(?:ivation)?)?|d_?pre_?act(?:ivation)?|d_${hiddenWord}|d_hidden_?layer)$`,
    ),
    () => ({ name: "delta", layer: hidden }),
  ],
];

/** Lists of one entry for each layer: `activations[-2]`, `zs[l]`, `deltas[0]`. */
const lists: readonly (readonly [RegExp, Quantity, keyof Omit<Numbering, "says">])[] = [
  [/^(?:activations?|acts?|layers?|layer_outputs?|outputs?|hs?)$/, "v", "v"],
  [/^(?:zs|pre_?activations?|nets?|inputs?|weighted_inputs?)$/, "u", "u"],
  [/^(?:weights?|ws|thetas?|synapses?)$/, "W", "W"],
  [/^(?:biases|bias|bs)$/, "b", "W"],
  [/^(?:deltas?|dzs)$/, "delta", "delta"],
  [/^(?:d_?weights|dws|grads?_w|weight_grad(?:ient)?s|gradients?_w(?:eights)?|delta_nabla_w)$/, "gradW", "W"],
  [/^(?:d_?biases|dbs|grads?_b|bias_grad(?:ient)?s|gradients?_b(?:iases)?|delta_nabla_b)$/, "gradB", "W"],
];

/** Returns what a name of the person's own means; null where it says nothing. `layer` is that of an entry of a list. */
export function roleOf(name: string, layer: Layer | null, numbering: Numbering): Role | null {
  const small = name.toLowerCase();
  if (layer !== null) {
    const list = lists.find(([pattern]) => pattern.test(small));
    if (list === undefined) return null;
    const shifted = layer.base === "number" ? { ...layer, offset: layer.offset + numbering[list[2]] } : layer;
    return { name: list[1], layer: shifted };
  }
  for (const [pattern, make] of table) {
    const found = pattern.exec(small);
    if (found !== null) return make(found[1] ?? "", numbering);
  }
  return null;
}
