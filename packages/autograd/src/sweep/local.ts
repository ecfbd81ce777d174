/** Reads the local derivative of an element-wise op and multiplies it by a cotangent or tangent: fused loops, or recorded ops. */

import { GraphError } from "../errors.ts";
import { allocate, dtypeIndex, type Elements } from "../graph/dtype.ts";
import type { Node } from "../graph/node.ts";
import type { ElementwiseOp, Formula, Partial } from "../graph/op.ts";
import { elementsOf } from "../graph/read.ts";
import { isTracked } from "../graph/record.ts";
import { countOf, sameShape } from "../graph/shape.ts";
import { Tensor } from "../graph/tensor.ts";
import { isTraced } from "../graph/tracing.ts";
import { EntryLoop } from "../kernels/entries.ts";
import { readForms, type LaneOperand } from "../kernels/lanes/forms.ts";
import type { Lanes } from "../kernels/lanes/lanes.ts";
import { laneTypeOf } from "../kernels/lanes/machine-types.ts";
import { laneAlgebra, narrowNumbers, numbers, tensors } from "../ops/algebras.ts";
import { absorb, absorbBoth, neg } from "../ops/arithmetic.ts";
import { castTo } from "../ops/conversion.ts";
import { where } from "../ops/comparison.ts";
import { kindOf } from "../ops/elementwise.ts";

const NOT_KEPT = new Float64Array([NaN]);

/** A formula as scalars call it, the algebra first. */
type NumericFormula = (m: typeof numbers, ...inputsAndOutput: number[]) => number;

/** A local derivative that is neither constant nor missing. */
type Read = Exclude<Partial, number | null>;

const formulaOf = (partial: Read): Formula => (typeof partial === "function" ? partial : "gate" in partial ? partial.gate : partial.dropped);

/**
 * Which way a product runs. A cotangent of 0 has no influence whatever the derivative; forward, a derivative of exactly 0 lets
 * nothing of an infinite tangent through either, which is what the reverse sweep of the same graph says.
 */
export type Direction = "reverse" | "forward";

/** g · ∂y/∂x_k for scalars: plain numbers. */
export function scalarProduct(partial: Partial, g: number, node: Node, direction: Direction): number {
  if (typeof partial === "number") return partial * g;
  if (partial === null) return 0;
  const { inputs, output } = node;
  const y = output.storage as number;
  const formula: NumericFormula = formulaOf(partial);
  const narrow = output.dtype === "float32";
  const m = narrow ? narrowNumbers : numbers;
  const a = inputs[0]!.storage as number;
  const p =
    inputs.length === 1
      ? formula(m, a, y)
      : inputs.length === 2
        ? formula(m, a, inputs[1]!.storage as number, y)
        : formula(m, a, inputs[1]!.storage as number, inputs[2]!.storage as number, y);
  if (typeof partial !== "function" && "gate" in partial) return p !== 0 ? g : 0;
  if (p === 0 && g - g !== 0 && (direction === "forward" || typeof partial !== "function")) return 0;
  if (g === 0 && p - p !== 0) return 0;
  return narrow ? Math.fround(g * p) : g * p;
}

/**
 * g · ∂y/∂x_k for tensors, in the shape of the output. `g` may be of any shape that broadcasts to it: the cotangent of the
 * output, or the tangent of the input.
 */
export function localProduct(partial: Partial, k: number, g: Tensor, node: Node, direction: Direction): Tensor | null {
  if (partial === null) return null;
  if (partial === 1) return g;
  if (partial === -1) return neg(g);
  if (typeof partial === "number") {
    throw new GraphError({ op: node.op.name, problem: `internal: a constant derivative of ${partial}`, hint: "write it as a formula" });
  }
  // Nothing of this product can be asked for later: one loop, no intermediate tensors.
  if (!isTracked(g) && !node.inputs.some(isTracked) && !isTraced(g) && !node.inputs.some(isTraced)) return fusedProduct(partial, k, g, node, direction);
  const operands = [...node.inputs, node.output];
  if (typeof partial === "function") {
    const p = partial(tensors, ...operands);
    // A choice between plain numbers has no type of its own.
    return (direction === "forward" ? absorbBoth : absorb)(g, typeof p === "number" ? new Tensor([], g.dtype, p) : castTo(p, g.dtype));
  }
  if ("dropped" in partial) return absorbBoth(g, partial.dropped(tensors, ...operands) as Tensor);
  return where(partial.gate(tensors, ...operands) as Tensor, g, 0);
}

function fusedProduct(partial: Read, k: number, g: Tensor, node: Node, direction: Direction): Tensor {
  const op = node.op as ElementwiseOp;
  const { shape, dtype } = node.output;
  const operands = [g, ...node.inputs, node.output];
  // After the four loops of the value, four for each input and direction.
  const index = 4 * (1 + 2 * k + (direction === "forward" ? 1 : 0)) + dtypeIndex(dtype);
  const loop = (op.loops[index] ??= makeProduct(partial, direction, operands));
  const memory = operands.map((x): Elements => (x.storage === null ? NOT_KEPT : elementsOf(x)));
  const out = allocate(dtype, countOf(shape));
  if (operands.every((x) => x.storage !== null && sameShape(x.shape, shape)) && shape.length > 0) {
    loop.dense(out, ...memory);
  } else {
    loop.broadcast(out, shape, memory, operands.map((x) => (x.storage === null ? [] : x.shape)));
  }
  return new Tensor(shape, dtype, shape.length === 0 ? out[0]! : out);
}

/** The loop of g · p: the formulas of `absorb`, `absorbBoth` and `where`, as the recorded sweep would run them one by one. */
function makeProduct(partial: Read, direction: Direction, operands: readonly Tensor[]): EntryLoop {
  const lossless = typeof partial === "function" && direction === "reverse" ? absorb : absorbBoth;
  return new EntryLoop({
    type: laneTypeOf(operands[0]!.dtype),
    operands: operands.map(kindOf),
    read<V, M>(l: Lanes<V, M>, [g, ...rest]: readonly LaneOperand<V, M>[]): LaneOperand<V, M> {
      const p = formulaOf(partial)(laneAlgebra(l), ...rest);
      const factor = typeof p === "number" ? { value: l.constant(p) } : p;
      if (typeof partial === "function" || "dropped" in partial) return readForms(lossless.op.lanes, l, [g!, factor]);
      return readForms(where.op.lanes, l, [factor, g!, { value: l.constant(0) }]);
    },
  });
}
