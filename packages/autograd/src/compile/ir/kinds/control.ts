/** Tensors that a loop or a branch gives. */

import type { Definition } from "../value.ts";
import type { KindRules } from "./rules.ts";

export const control: KindRules<Extract<Definition, { kind: "control" }>> = {
  isPassive: false,
  readsViews: false,
  kernel: ({ built }) => built.control.kind,
  entries: (_, count) => count,
  isUnmarked: () => false,
  seesSign: () => true,
  again(builder, { shape, dtype }, { built, output }, inputs, controls) {
    const again = controls.get(built) ?? { ...built, inputs: inputs.map((x) => builder.dense(x)) };
    controls.set(built, again);
    return builder.define(shape, dtype, { kind: "control", built: again, output, inputs: again.inputs });
  },
  atOnce: null,
  known: null,
  box: () => null,
};
