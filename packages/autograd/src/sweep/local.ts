/** Reads the local derivative of an element-wise op and multiplies it by a cotangent or tangent: fused loops, or recorded ops. */

import { GraphError } from "../errors.ts";
import { allocate, dtypeIndex, type Elements } from "../graph/dtype.ts";
import type { Node } from "../graph/node.ts";
import type { ElementwiseOp, Partial } from "../graph/op.ts";
import { elementsOf } from "../graph/read.ts";
import { isTracked } from "../graph/record.ts";
import { countOf, sameShape } from "../graph/shape.ts";
import { Tensor } from "../graph/tensor.ts";
import { makeLoop, type StridedLoop } from "../kernels/loops.ts";
import { numbers, tensors } from "../ops/algebras.ts";
import { absorb, absorbBoth, neg } from "../ops/arithmetic.ts";
import { where } from "../ops/comparison.ts";
import { runLoopOn } from "../ops/elementwise.ts";

const NOT_KEPT = new Float64Array([NaN]);

/** A formula as the loops call it, the algebra first. */
type NumericFormula = (m: typeof numbers, ...inputsAndOutput: number[]) => number;

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
  const formula: NumericFormula = typeof partial === "function" ? partial : "gate" in partial ? partial.gate : partial.dropped;
  const a = inputs[0]!.storage as number;
  const p =
    inputs.length === 1
      ? formula(numbers, a, y)
      : inputs.length === 2
        ? formula(numbers, a, inputs[1]!.storage as number, y)
        : formula(numbers, a, inputs[1]!.storage as number, inputs[2]!.storage as number, y);
  if (typeof partial !== "function" && "gate" in partial) return p !== 0 ? g : 0;
  if (p === 0 && g - g !== 0 && (direction === "forward" || typeof partial !== "function")) return 0;
  return g === 0 && p - p !== 0 ? 0 : g * p;
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
  if (!isTracked(g) && !node.inputs.some(isTracked)) return fusedProduct(partial, k, g, node, direction);
  const operands = [...node.inputs, node.output];
  if (typeof partial === "function") {
    const p = partial(tensors, ...operands);
    return (direction === "forward" ? absorbBoth : absorb)(g, typeof p === "number" ? new Tensor([], g.dtype, p) : p);
  }
  if ("dropped" in partial) return absorbBoth(g, partial.dropped(tensors, ...operands) as Tensor);
  return where(partial.gate(tensors, ...operands) as Tensor, g, 0);
}

function fusedProduct(partial: Exclude<Partial, number | null>, k: number, g: Tensor, node: Node, direction: Direction): Tensor {
  const op = node.op as ElementwiseOp;
  const { shape, dtype } = node.output;
  // After the four loops of the value, four for each input and direction.
  const index = 4 * (1 + 2 * k + (direction === "forward" ? 1 : 0)) + dtypeIndex(dtype);
  const loop = (op.loops[index] ??= makeProduct(partial, node.inputs.length + 2, direction));
  const operands = [g, ...node.inputs, node.output];
  const memory = operands.map((x): Elements => (x.storage === null ? NOT_KEPT : elementsOf(x)));
  const out = allocate(dtype, countOf(shape));
  if (operands.every((x) => x.storage !== null && sameShape(x.shape, shape)) && shape.length > 0) {
    loop(out, 0, out.length, ...memory.flatMap((numbers) => [numbers, 0, 1]));
  } else {
    runLoopOn(loop, out, shape, memory, operands.map((x) => (x.storage === null ? [] : x.shape)));
  }
  return new Tensor(shape, dtype, shape.length === 0 ? out[0]! : out);
}

function makeProduct(partial: Exclude<Partial, number | null>, arity: number, direction: Direction): StridedLoop {
  if (typeof partial === "function") return makeLoop(direction === "forward" ? "dropped" : "partial", arity, partial satisfies NumericFormula, numbers);
  if ("gate" in partial) return makeLoop("gate", arity, partial.gate satisfies NumericFormula, numbers);
  return makeLoop("dropped", arity, partial.dropped satisfies NumericFormula, numbers);
}
