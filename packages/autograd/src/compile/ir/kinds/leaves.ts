/** Values that are computed from no others. */

import { hasMark } from "../../../ops/unmarked.ts";
import type { Definition } from "../value.ts";
import { KNOWN, type KindRules } from "./rules.ts";

type Of<K extends Definition["kind"]> = Extract<Definition, { kind: K }>;

const leaf: Omit<KindRules, "isUnmarked" | "known" | "box"> = {
  isPassive: true,
  readsViews: false,
  kernel: () => null,
  entries: (_, count) => count,
  seesSign: () => true,
  again: (_, value) => value,
  atOnce: null,
};

/** Values that are handed in before a program runs. */
const given: KindRules = { ...leaf, isUnmarked: () => false, known: null, box: () => null };

export const argument: KindRules<Of<"argument">> = given;

export const state: KindRules<Of<"state">> = given;

export const constant: KindRules<Of<"constant">> = {
  ...leaf,
  isUnmarked: ({ elements }) => !hasMark(elements),
  known: {
    needsInputs: false,
    floatsOnly: false,
    note({ elements }, _, __, { kinds, numbers }) {
      kinds.fill(KNOWN);
      numbers.set(elements);
    },
  },
  box({ builder }, { shape, dtype }, { elements }, box) {
    if (!box.isRunIn(shape)) return null;
    const { offset } = box.viewIn(shape);
    return builder.constant(box.shape, dtype, elements.slice(offset, offset + box.count));
  },
};

export const scalar: KindRules<Of<"scalar">> = {
  ...leaf,
  isUnmarked: ({ number }) => !Object.is(number, -0),
  known: {
    needsInputs: false,
    floatsOnly: false,
    note({ number }, _, __, { kinds, numbers }) {
      kinds.fill(KNOWN);
      numbers.fill(number);
    },
  },
  box: () => null,
};
