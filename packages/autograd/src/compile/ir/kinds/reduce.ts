/** Reductions over the middle axis of outer × size × inner. */

import type { Definition } from "../value.ts";
import type { KindRules } from "./rules.ts";
import { withAxis } from "./stacked.ts";

export const reduce: KindRules<Extract<Definition, { kind: "reduce" }>> = {
  isPassive: false,
  readsViews: true,
  kernel: ({ inner, size }, count) => (inner === 1 && size > 0 && count > 0 ? "loop" : "columns"),
  entries: ({ outer, size }) => outer * size,
  // A sum has a term, and starts from -0, which changes none.
  isUnmarked: ({ inputs: [x] }) => x.unmarked,
  seesSign: (_, __, isSeen) => isSeen,
  again(builder, { shape, dtype }, definition, [x]) {
    const source = definition.inner === 1 ? builder.rows(x!, definition.size) : builder.dense(x!);
    return builder.define(shape, dtype, { ...definition, inputs: [source] });
  },
  atOnce: {
    operation: ({ reduction, outer, size, inner }) => `${reduction} ${outer} ${size} ${inner}`,
    starts: () => [],
    mayMerge: ({ inputs: [x] }, _, most) => x.count <= most,
    merge(builder, definition, values, [x]) {
      const { outer, size, inner } = definition;
      const { shape, dtype } = values[0]!;
      const length = values.length;
      const whole = withAxis(builder, x!, length);
      const source = inner === 1 ? builder.rows(whole, size) : builder.dense(whole);
      return builder.define([length, ...shape], dtype, { ...definition, inputs: [source], outer: length * outer });
    },
    copiesSaved: 4,
  },
  known: null,
  box: () => null,
};
