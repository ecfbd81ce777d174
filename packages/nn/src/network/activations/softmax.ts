/** softmax: v_j = e^u_j / Σ_k e^u_k over the units of one sample; ∂v_k/∂u_j = v_k ([k = j] − v_j). Bridle 1990. */

import { softmax as softmaxOf, type Tensor } from "@chainrule/autograd";

/**
 * The one activation whose outputs depend on all inputs of their layer: rules for it stand where equations are made.
 */
export const softmax = {
  aliases: ["softmax", "softargmax"],
  tensor: (u: Tensor): Tensor => softmaxOf(u, -1),
} as const;

export const softmaxOnPaper = { source: "Bridle 1990" } as const;
