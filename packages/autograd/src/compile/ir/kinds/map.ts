/** Entry-wise ops: what is told by the op stands in tables of ops. */

import type { ElementwiseOp } from "../../../graph/op.ts";
import { where } from "../../../ops/comparison.ts";
import { absorb, absorbBoth, pass, portion } from "../../../ops/marks.ts";
import { foldScalars } from "../fold.ts";
import { seesOperand } from "../sights.ts";
import { unmarkedOps } from "../unmarked.ts";
import type { Definition, Value } from "../value.ts";
import { KNOWN, type Entries, type KindRules } from "./rules.ts";

export const map: KindRules<Extract<Definition, { kind: "map" }>> = {
  isPassive: false,
  readsViews: true,
  kernel: (_, count) => (count > 0 ? "loop" : null),
  entries: (_, count) => count,
  isUnmarked: ({ op, inputs }) => unmarkedOps.get(op)?.(inputs) ?? false,
  seesSign: ({ op, inputs }, k, isSeen) => seesOperand(op, inputs, k, isSeen),
  again: (builder, _, { op }, inputs) => builder.map(op, ...inputs),
  atOnce: {
    operation: ({ op }) => `map ${op.name}`,
    starts: () => [],
    mayMerge: (_, [first], most) => first!.count <= most,
    merge: (builder, { op }, values, inputs) =>
      builder.inShape(builder.map(op, ...inputs.map(({ value }) => value)), [values.length, ...values[0]!.shape]),
    copiesSaved: 1,
  },
  known: {
    needsInputs: true,
    floatsOnly: true,
    note: ({ op, inputs: [x] }, value, inputs, found) => noteMap(op, x!, value, inputs, found),
  },
  box(boxes, { origin }, { op, inputs }, box) {
    const parts = inputs.map((input) => boxes.of(input, box));
    boxes.builder.origin = origin;
    boxes.count(box.count);
    return boxes.builder.inShape(boxes.builder.map(op, ...parts), box.shape);
  },
};

/** Notes of each entry what the op makes of numbers, or of a zero that marks what is dropped. */
function noteMap(
  op: ElementwiseOp,
  { dtype: first }: Value,
  { dtype }: Value,
  inputs: readonly (Entries | null)[],
  { kinds, numbers }: Entries,
): void {
  const operand = first === "bool" ? dtype : first;
  const present = inputs.filter((input) => input !== null);
  const isWhole = present.length === inputs.length;
  const dropping =
    op === absorbBoth.op ? present : (op === absorb.op || op === portion.op) && inputs[0] !== null ? [inputs[0]!] : [];
  const branches = op === pass.op || op === where.op ? inputs.slice(1) : [];
  for (let at = 0; at < kinds.length; at++) {
    // Neighbors are mostly alike.
    if (at > 0 && isSameAsBefore(present, at)) {
      kinds[at] = kinds[at - 1]!;
      numbers[at] = numbers[at - 1]!;
      continue;
    }
    let number: number | null = null;
    if (isWhole && present.every((input) => input.kinds[at] === KNOWN))
      number = foldScalars(
        op,
        operand,
        dtype,
        present.map((input) => input.numbers[at]!),
      );
    else if (dropping.some((input) => input.kinds[at] === KNOWN && Object.is(input.numbers[at], -0))) number = -0;
    else if (
      branches.length > 0 &&
      branches.every((input) => input?.kinds[at] === KNOWN && Object.is(input.numbers[at], branches[0]!.numbers[at]))
    )
      number = branches[0]!.numbers[at]!;
    if (number === null) continue;
    kinds[at] = KNOWN;
    numbers[at] = number;
  }
}

/** True if the same is known of an entry of each input as of the entry before. */
function isSameAsBefore(inputs: readonly Entries[], at: number): boolean {
  for (let k = 0; k < inputs.length; k++) {
    const { kinds, numbers } = inputs[k]!;
    if (kinds[at] !== kinds[at - 1] || !Object.is(numbers[at], numbers[at - 1])) return false;
  }
  return true;
}
