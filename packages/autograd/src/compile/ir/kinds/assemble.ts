/** Parts written into one number throughout. */

import { countOf, stridesOf } from "../../../graph/shape.ts";
import { Box, boxAlong, positionsOf } from "../box.ts";
import type { Definition, Value } from "../value.ts";
import { KNOWN, UNKNOWN, type Boxes, type KindRules } from "./rules.ts";
import { stepOf, withAxis } from "./stacked.ts";

type Assembly = Extract<Definition, { kind: "assemble" }>;

function startsOf({ views }: Assembly): readonly number[] {
  return views.map(({ offset }) => offset);
}

export const assemble: KindRules<Assembly> = {
  isPassive: false,
  readsViews: true,
  kernel: () => "assemble",
  entries: (_, count) => count,
  isUnmarked({ inputs, fill }, shape) {
    const covered = inputs.reduce((sum, part) => sum + part.count, 0);
    return inputs.every((part) => part.unmarked) && (!Object.is(fill, -0) || covered >= countOf(shape));
  },
  seesSign: (_, __, isSeen) => isSeen,
  again: (builder, { shape, dtype }, { views, fill }, inputs) =>
    builder.assemble(
      shape,
      dtype,
      inputs.map((value, k) => ({ value, view: views[k]! })),
      fill,
    ),
  atOnce: {
    operation: ({ views, fill }) =>
      `assemble ${views.map(({ strides }) => strides.join()).join("|")} ${Object.is(fill, -0) ? "-0" : fill}`,
    starts: startsOf,
    mayMerge: (_, [first], most) => first!.count <= most,
    merge(builder, { views, fill }, values, inputs) {
      const { shape, count, dtype } = values[0]!;
      const length = values.length;
      const starts = values.map(({ definition }) => startsOf(definition as Assembly));
      const parts = views.map(({ offset, strides }, k) => ({
        value: withAxis(builder, inputs[k]!, length),
        view: { offset, strides: [count + stepOf(starts.map((list) => list[k]!))!, ...strides] },
      }));
      return builder.assemble([length, ...shape], dtype, parts, fill);
    },
    copiesSaved: 4,
  },
  known: {
    needsInputs: false,
    floatsOnly: true,
    note({ inputs, views, fill }, _, knowledge, found) {
      found.kinds.fill(KNOWN);
      found.numbers.fill(fill);
      inputs.forEach((part, k) => {
        const known = knowledge[k]!;
        const to = positionsOf(part.shape, views[k]!);
        for (let at = 0; at < to.length; at++) {
          found.kinds[to[at]!] = known === null ? UNKNOWN : known.kinds[at]!;
          found.numbers[to[at]!] = known === null ? 0 : known.numbers[at]!;
        }
      });
    },
  },
  box,
};

/** A box of an assembly; `null` where its parts do not lie along its axes. */
function box(boxes: Boxes, { shape, dtype }: Value, { inputs, views, fill }: Assembly, around: Box): Value | null {
  boxes.count(around.count);
  const { builder } = boxes;
  const dense = stridesOf(around.shape);
  const pieces: { readonly value: Value; readonly view: Assembly["views"][number] }[] = [];
  for (const [k, part] of inputs.entries()) {
    const image = boxAlong(shape, part.shape, views[k]!);
    if (image === null || image.box.count !== part.count) return null;
    const common = image.box.cut(around);
    if (common.count === 0) continue;
    const at = (axis: number): number => image.axes[axis]!;
    const own = new Box(
      part.shape.map((_, axis) => (at(axis) < 0 ? 0 : common.starts[at(axis)]! - image.box.starts[at(axis)]!)),
      part.shape.map((_, axis) => (at(axis) < 0 ? 1 : common.shape[at(axis)]!)),
    );
    const strides = part.shape.map((_, axis) => (at(axis) < 0 ? 0 : dense[at(axis)]!));
    const offset = common.starts.reduce((sum, start, axis) => sum + (start - around.starts[axis]!) * dense[axis]!, 0);
    pieces.push({ value: boxes.of(part, own), view: { offset, strides } });
  }
  const [first] = pieces;
  if (first === undefined) return builder.repeat(fill, around.shape, dtype);
  const { value, view } = first;
  const inOrder = view.strides.every(
    (stride, axis) => value.shape[axis] === 1 || stride === stridesOf(value.shape)[axis],
  );
  if (pieces.length === 1 && value.count === around.count && inOrder) return builder.reshape(value, around.shape);
  return builder.assemble(around.shape, dtype, pieces, fill);
}
