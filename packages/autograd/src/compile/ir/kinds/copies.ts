/** The numbers of one other value: in another type, in other memory, along a view. */

import { isFloat, type DType } from "../../../graph/dtype.ts";
import { boxAlong, positionsOf } from "../box.ts";
import { sourceOf, type Definition, type Value } from "../value.ts";
import type { KindRules } from "./rules.ts";
import { stepOf, withAxis } from "./stacked.ts";

type Of<K extends Definition["kind"]> = Extract<Definition, { kind: K }>;

export const cast: KindRules<Of<"cast">> = {
  isPassive: false,
  readsViews: true,
  kernel: (_, count) => (count > 0 ? "loop" : null),
  entries: (_, count) => count,
  isUnmarked: ({ inputs: [x] }, _, dtype) => x.unmarked && !mayVanish(x, dtype),
  seesSign: (_, __, isSeen, dtype) => isSeen || !isFloat(dtype),
  again: (builder, { dtype }, { purpose }, [x]) => builder.cast(x!, dtype, purpose),
  atOnce: {
    operation: ({ purpose }) => `cast ${purpose}`,
    starts: () => [],
    mayMerge: (_, [first], most) => first!.count <= most,
    merge: (builder, { purpose }, values, [x]) =>
      builder.cast(withAxis(builder, x!, values.length), values[0]!.dtype, purpose),
    copiesSaved: 1,
  },
  known: null,
  box: () => null,
};

/** True if a cast may make a 0 of another number. What is summed of float32 are multiples of its least number. */
function mayVanish({ definition, dtype: from }: Value, to: DType): boolean {
  if (from !== "float64" || to !== "float32") return false;
  return !((definition.kind === "reduce" || definition.kind === "cast") && definition.inputs[0].dtype === "float32");
}

export const copy: KindRules<Of<"copy">> = {
  isPassive: false,
  readsViews: true,
  kernel: (_, count) => (count > 0 ? "loop" : null),
  entries: (_, count) => count,
  isUnmarked: ({ inputs: [x] }) => x.unmarked,
  seesSign: (_, __, isSeen) => isSeen,
  again: (builder, _, __, [x]) => builder.result(x!),
  atOnce: {
    operation: () => "copy",
    starts: () => [],
    mayMerge: (_, [first], most) => first!.count <= most,
    merge: (builder, _, values, [x]) => builder.dense(withAxis(builder, x!, values.length)),
    copiesSaved: 1,
  },
  known: null,
  box: () => null,
};

export const view: KindRules<Of<"view">> = {
  isPassive: true,
  readsViews: true,
  kernel: () => null,
  entries: (_, count) => count,
  isUnmarked: ({ inputs: [x] }) => x.unmarked,
  seesSign: (_, __, isSeen) => isSeen,
  again: (builder, { shape }, { view }, [x]) => builder.view(x!, shape, view),
  atOnce: {
    operation: ({ view }) => `view ${view.strides.join()}`,
    starts: ({ view }) => [view.offset],
    mayMerge: () => true,
    merge(builder, { view }, values, [x]) {
      const { value, shared } = x!;
      const length = values.length;
      const between = stepOf(values.map((one) => sourceOf(one).view.offset))! + (shared ? 0 : value.count / length);
      return builder.view(value, [length, ...values[0]!.shape], {
        offset: view.offset,
        strides: [between, ...view.strides],
      });
    },
    copiesSaved: 0,
  },
  known: {
    needsInputs: true,
    floatsOnly: true,
    note({ view }, { shape }, [x], found) {
      const from = positionsOf(shape, view);
      for (let at = 0; at < from.length; at++) {
        found.kinds[at] = x!.kinds[from[at]!]!;
        found.numbers[at] = x!.numbers[from[at]!]!;
      }
    },
  },
  box(boxes, _, { inputs: [source], view }, { starts, shape }) {
    const offset = starts.reduce((sum, start, axis) => sum + start * view.strides[axis]!, view.offset);
    const within = boxes.isKnown(source) ? boxAlong(source.shape, shape, { offset, strides: view.strides }) : null;
    if (within === null) return boxes.builder.view(boxes.whole(source), shape, { offset, strides: view.strides });
    return boxes.builder.view(boxes.of(source, within.box), shape, { offset: 0, strides: within.strides });
  },
};
