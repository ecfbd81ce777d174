/** Rows taken at indices, and rows added at them: of outer × size × inner. */

import { inputsOf, type Definition } from "../value.ts";
import type { AtOnce, KindRules } from "./rules.ts";
import { withAxis } from "./stacked.ts";

type Pick = Extract<Definition, { kind: "take" | "addAt" }>;

const atOnce: AtOnce<Pick> = {
  operation: ({ kind, outer, size, inner }) => `${kind} ${outer} ${size} ${inner}`,
  starts: () => [],
  mayMerge: ({ inputs: [, indices] }, values, most) =>
    values[0]!.count <= most && values.every((value) => inputsOf(value)[1] === indices),
  merge(builder, definition, values, [x, indices]) {
    const { shape, dtype } = values[0]!;
    const length = values.length;
    return builder.define([length, ...shape], dtype, {
      ...definition,
      inputs: [builder.dense(withAxis(builder, x!, length)), builder.dense(indices!.value)],
      outer: length * definition.outer,
    });
  },
  copiesSaved: 4,
};

const pick: Omit<KindRules<Pick>, "isUnmarked"> = {
  isPassive: false,
  readsViews: false,
  kernel: ({ kind }) => kind,
  entries: (_, count) => count,
  seesSign: (_, k, isSeen) => isSeen || k > 0,
  again: (builder, { shape, dtype }, definition, [x, indices]) =>
    builder.define(shape, dtype, { ...definition, inputs: [builder.dense(x!), builder.dense(indices!)] }),
  atOnce,
  known: null,
  box: () => null,
};

export const take: KindRules<Extract<Definition, { kind: "take" }>> = {
  ...pick,
  isUnmarked: ({ inputs: [x] }) => x.unmarked,
};

export const addAt: KindRules<Extract<Definition, { kind: "addAt" }>> = { ...pick, isUnmarked: () => false };
