/**
 * Reads the local derivative of an element-wise op and multiplies it by a cotangent or tangent: fused loops, or
 * recorded ops.
 */

import { dtypeIndex, type Elements } from "../graph/dtype.ts";
import type { Node } from "../graph/node.ts";
import type { ElementwiseOp, Partial } from "../graph/op.ts";
import { elementsOf } from "../graph/read.ts";
import { isTracked } from "../graph/record.ts";
import { countOf, sameShape } from "../graph/shape.ts";
import { isWeak, Tensor } from "../graph/tensor.ts";
import { isTraced } from "../graph/tracing.ts";
import { allocateUnwritten } from "../graph/unwritten.ts";
import { ElementwiseLoop } from "../kernels/elementwise.ts";
import { readForms, type LaneOperand } from "../kernels/lanes/forms.ts";
import type { Lanes } from "../kernels/lanes/lanes.ts";
import { laneTypeOf } from "../kernels/lanes/machine-types.ts";
import { laneAlgebra, narrowNumbers, numbers, tensors } from "../ops/algebras.ts";
import { add } from "../ops/arithmetic.ts";
import { castTo } from "../ops/conversion.ts";
import { kindOf } from "../ops/elementwise.ts";
import { absorb, absorbBoth, isMark, negated, pass } from "../ops/marks.ts";
import { formulaOf, type Read } from "../ops/partials.ts";
import type { Constants } from "./order.ts";

const NOT_KEPT = new Float64Array([NaN]);

/** A formula as scalars call it, the algebra first. */
type NumericFormula = (m: typeof numbers, ...inputsAndOutput: number[]) => number;

/**
 * Says of the input at a position whether it is a constant of the sweep, and one whose zeros drop what they multiply.
 */
export type IsConstant = (k: number) => boolean;

/**
 * How a formula meets a cotangent: as a number, as a gate, or as something whose -0, or whose 0, drops the product as
 * well.
 */
type Meeting = "number" | "gate" | "dropped" | "annulled";

function meetingOf(partial: Read, isConstant: IsConstant): Meeting {
  if (typeof partial === "function") return "number";
  if ("gate" in partial) return "gate";
  if ("dropped" in partial) return "dropped";
  return isConstant(partial.factor) ? "annulled" : "number";
}

/**
 * g · ∂y/∂x_k for scalars: plain numbers. `edges` from `start` on say which inputs are constants: those without a
 * place.
 */
export function scalarProduct(
  partial: Partial,
  g: number,
  node: Node,
  edges: Int32Array,
  start: number,
  constants: Constants,
): number {
  if (partial === 1) return g;
  if (partial === null || isMark(g)) return -0;
  if (partial === -1) return g === 0 ? g : -g;
  const { output } = node;
  const narrow = output.dtype === "float32";
  let p: number;
  if (typeof partial === "function") p = numericOf(partial, node, narrow);
  else if ("gate" in partial) return numericOf(partial.gate, node, narrow) !== 0 ? g : -0;
  else if ("dropped" in partial) {
    p = numericOf(partial.dropped, node, narrow);
    if (isMark(p)) return -0;
  } else {
    const { factor, rule } = partial;
    const value = node.inputs[factor]!.storage as number;
    if (value === 0 && constants === "annul" && edges[start + factor]! < 0) return -0;
    p = rule === undefined ? value : numericOf(rule, node, narrow);
  }
  return (narrow ? Math.fround(g * p) : g * p) + 0;
}

/** A formula at the numbers of a scalar node. */
function numericOf(formula: NumericFormula, { inputs, output }: Node, narrow: boolean): number {
  const m = narrow ? narrowNumbers : numbers;
  const y = output.storage as number;
  const a = inputs[0]!.storage as number;
  switch (inputs.length) {
    case 1:
      return formula(m, a, y);
    case 2:
      return formula(m, a, inputs[1]!.storage as number, y);
    default:
      return formula(m, a, inputs[1]!.storage as number, inputs[2]!.storage as number, y);
  }
}

/** True if something can be asked of a tensor later: a derivative, or its value. */
function isLater(x: Tensor): boolean {
  return isTracked(x) || isTraced(x);
}

/** True if nothing of a product can be asked for later: it is one loop, without intermediate tensors. */
export function isFused(g: Tensor, { inputs, output }: Node): boolean {
  return !isLater(g) && !inputs.some(isLater) && !isLater(output);
}

/**
 * g · ∂y/∂x_k for tensors, in the shape of the output. `g` may be of any shape that broadcasts to it: the cotangent of
 * the output, or the tangent of the input.
 *
 * @param plain - whether the marks of the product are not needed: one loop then leaves none
 */
export function localProduct(
  partial: Partial,
  k: number,
  g: Tensor,
  node: Node,
  isConstant: IsConstant,
  plain = false,
): Tensor | null {
  if (partial === null) return null;
  if (partial === 1) return g;
  if (partial === -1) return negated(g);
  const meeting = meetingOf(partial, isConstant);
  if (isFused(g, node)) return fusedProduct(partial, meeting, k, g, node, plain);
  const p = formulaOf(partial, meeting === "annulled")(tensors, ...node.inputs, node.output);
  if (meeting === "gate") return pass(p as Tensor, g);
  // A choice between plain numbers has no type of its own; a number of the caller takes that of a cotangent which has
  // one.
  const factor =
    typeof p === "number" ? new Tensor([], g.dtype, p) : p.dtype === g.dtype && !isWeak(g) ? p : castTo(p, g.dtype);
  return meeting === "number" ? absorb(g, factor) : absorbBoth(g, factor);
}

function fusedProduct(partial: Read, meeting: Meeting, k: number, g: Tensor, node: Node, plain: boolean): Tensor {
  const op = node.op as ElementwiseOp;
  const { shape, dtype } = node.output;
  const operands = [g, ...node.inputs, node.output];
  // After the four loops of the value, four for each input, four where its factor is a constant, and both without
  // marks.
  const index = 4 * (1 + 4 * k + (meeting === "annulled" ? 1 : 0) + (plain ? 2 : 0)) + dtypeIndex(dtype);
  const loop = (op.loops[index] ??= makeProduct(partial, meeting, operands, plain));
  const memory = operands.map((x): Elements => (x.storage === null ? NOT_KEPT : elementsOf(x)));
  const out = allocateUnwritten(dtype, countOf(shape));
  if (operands.every((x) => x.storage !== null && sameShape(x.shape, shape)) && shape.length > 0) {
    loop.dense(out, ...memory);
  } else {
    loop.broadcast(
      out,
      shape,
      memory,
      operands.map((x) => (x.storage === null ? [] : x.shape)),
    );
  }
  return new Tensor(shape, dtype, shape.length === 0 ? out[0]! : out);
}

/**
 * The loop of g · p: the formulas of `absorb`, `absorbBoth` and `pass`, as the recorded sweep would run them one by
 * one, plus 0 where it is plain.
 */
function makeProduct(partial: Read, meeting: Meeting, operands: readonly Tensor[], plain: boolean): ElementwiseLoop {
  const product = <V, M>(l: Lanes<V, M>, g: LaneOperand<V, M>, factor: LaneOperand<V, M>): LaneOperand<V, M> =>
    meeting === "gate"
      ? readForms(pass.op.lanes, l, [factor, g, { value: l.constant(-0) }])
      : readForms((meeting === "number" ? absorb : absorbBoth).op.lanes, l, [g, factor]);
  return new ElementwiseLoop({
    type: laneTypeOf(operands[0]!.dtype),
    operands: operands.map(kindOf),
    read<V, M>(l: Lanes<V, M>, [g, ...rest]: readonly LaneOperand<V, M>[]): LaneOperand<V, M> {
      const p = formulaOf(partial, meeting === "annulled")(laneAlgebra(l), ...rest);
      const result = product(l, g!, typeof p === "number" ? { value: l.constant(p) } : p);
      return plain ? readForms(add.op.lanes, l, [result, { value: l.constant(0) }]) : result;
    },
  });
}
