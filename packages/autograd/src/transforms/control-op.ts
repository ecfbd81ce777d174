/** The ops of loops and branches: one for each type of number that they give, its tensors one behind the other. */

import { bodiesOf } from "../compile/values/control.ts";
import { leavesOf, packingOf, type Control, type Leaf, type Part } from "../graph/control.ts";
import type { DType } from "../graph/dtype.ts";
import { zerosLike } from "../graph/create.ts";
import type { CustomOp, Recorded } from "../graph/op.ts";
import { countOf } from "../graph/shape.ts";
import { Tensor } from "../graph/tensor.ts";
import { outermost, traceOp, tracing } from "../graph/tracing.ts";
import { apply } from "../ops/apply.ts";
import { concat, sliceAxis } from "../ops/assembly.ts";
import { reshapeTo } from "../ops/layout.ts";

/** Which tensor of which loop. */
export interface Asked<C extends Control = Control> {
  readonly control: C;
  readonly part: Part;
  readonly dtype: DType;
}

/** An op whose value a program computes; its derivatives are loops and branches again. */
export function controlOp<C extends Control>(
  name: string,
  rules: {
    /** The cotangents of the inputs for those of the leaves of one type, `null` for leaves of other types. */
    pull(cotangents: readonly (Tensor | null)[], recorded: Recorded<Asked<C>>, wanted: readonly boolean[]): readonly (Tensor | null)[];
    /** The tangents of all leaves for those of the inputs; what comes for leaves of other types is not looked at. */
    push(tangents: readonly (Tensor | null)[], recorded: Recorded<Asked<C>>): readonly Tensor[];
  },
): CustomOp<Asked<C>> {
  return {
    kind: "custom",
    name,
    needs: "inputs",
    // Only ever called inside a trace, where what has no traced input is computed by the program all the same.
    evaluate(inputs, asked) {
      const { count } = packingOf(leavesOf(asked.control, asked.part), asked.dtype);
      return traceOp(this, inputs, asked, [count], asked.dtype);
    },
    lower: (l, inputs, { control, part, dtype }) => l.control(control, inputs, part, dtype),
    vjp(g, recorded, wanted) {
      const { control, part, dtype } = recorded.attributes;
      noteRegrouping(control);
      return rules.pull(unpacked(g, leavesOf(control, part), dtype), recorded, wanted);
    },
    jvp(tangents, recorded) {
      const { control, part, dtype } = recorded.attributes;
      return packed(rules.push(tangents, recorded), leavesOf(control, part), dtype);
    },
  };
}

/** Notes that the sums of a cotangent do not run in the order of the loop written out. */
function noteRegrouping(control: Control): void {
  const trace = tracing();
  if (trace === null) return;
  const isSingle = bodiesOf(control).bodies.some(({ parameters, steps }) => [...parameters, ...steps.map(({ tensor }) => tensor)].some(({ dtype }) => dtype === "float32"));
  const whole = outermost(trace);
  whole.regrouped = isSingle || whole.regrouped === "float32" ? "float32" : "float64";
}

/** All leaves of a part: an op for each type among them. */
export function outputsOf<C extends Control>(op: CustomOp<Asked<C>>, control: C, inputs: readonly Tensor[], part: Part): Tensor[] {
  const leaves = leavesOf(control, part);
  const types = new Set(leaves.filter(({ shape }) => countOf(shape) > 0).map(({ dtype }) => dtype));
  const found = new Map([...types].map((dtype) => [dtype, unpacked(apply(op, inputs, { control, part, dtype }), leaves, dtype)]));
  return leaves.map((leaf, k) => found.get(leaf.dtype)?.[k] ?? zerosOf(leaf));
}

/** Zeros of a shape and type. */
export function zerosOf({ shape, dtype }: Leaf): Tensor {
  return zerosLike(new Tensor(shape, dtype, null));
}

/** Takes the leaves of one type apart. */
function unpacked(x: Tensor, leaves: readonly Leaf[], dtype: DType): (Tensor | null)[] {
  return packingOf(leaves, dtype).starts.map((start, k) => {
    const { shape } = leaves[k]!;
    return start < 0 ? null : reshapeTo(sliceAxis(x, 0, start, start + countOf(shape)), shape);
  });
}

/** Puts the leaves of one type one behind the other. */
function packed(values: readonly Tensor[], leaves: readonly Leaf[], dtype: DType): Tensor {
  const flat = values.filter((_, k) => leaves[k]!.dtype === dtype).map((x) => reshapeTo(x, [countOf(x.shape)]));
  return flat.length === 1 ? flat[0]! : (concat(flat) as Tensor);
}
