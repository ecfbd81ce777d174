/** Derivatives as arrays: the Jacobian by rows or by columns, the Hessian, and its product with a vector. */

import { ConfigError } from "../errors.ts";
import { countOf } from "../graph/shape.ts";
import { tensor, zerosLike } from "../graph/create.ts";
import { isTensor, Tensor } from "../graph/tensor.ts";
import { stack } from "../ops/assembly.ts";
import { reshapeTo, transpose } from "../ops/layout.ts";
import { forwardSweep } from "../sweep/forward.ts";
import { reverseSweep } from "../sweep/reverse.ts";
import type { Shape } from "../types/shape.ts";
import { differentiate } from "./grad.ts";
import { jvp } from "./products.ts";
import { checkArgnums, checkFunction, orderBetween, trace } from "./trace.ts";
import { flattenTree, type Lifted, type Loose, type LooseAll } from "./tree.ts";

/** How a Jacobian is computed. */
export interface JacobianOptions {
  /** `"reverse"` costs one sweep for each output, `"forward"` one for each input; the cheaper one where nothing is said. */
  readonly mode?: "forward" | "reverse";
  /** Which argument; 0 where nothing is said. */
  readonly argnum?: number;
}

/** The tensor with a single 1 at one entry. */
function unit(like: Tensor, at: number): Tensor {
  const numbers = new Float64Array(countOf(like.shape));
  numbers[at] = 1;
  return tensor(numbers, { shape: like.shape, dtype: like.dtype });
}

/**
 * A function that computes all derivatives of all outputs: entry `[i…, j…]` is ∂f_i/∂x_j.
 *
 * @param f - gives one tensor
 * @param options - `mode`, `argnum`
 * @returns a function of the same arguments giving a tensor of shape `[...output, ...input]`
 *
 * @example
 * jacobian((x: Tensor<[2]>) => mul(x, x))(tensor([1, 2])).toArray() // => [[2, 0], [0, 4]]
 */
export function jacobian<P extends readonly unknown[]>(f: (...args: P) => Tensor, options?: JacobianOptions): (...args: LooseAll<P>) => Tensor {
  checkFunction("jacobian", f);
  const mode = options?.mode;
  if (mode !== undefined && mode !== "forward" && mode !== "reverse") {
    throw new ConfigError({ op: "jacobian", problem: `mode is ${String(mode)}`, hint: 'use "forward" or "reverse"' });
  }
  return (...args) => {
    const [position] = checkArgnums("jacobian", options?.argnum, args.length);
    const { inputs, leaves, result } = trace("jacobian", f, args, [position!]);
    const input = inputs[0]!.leaves[0];
    const output = flattenTree("jacobian", "the result", result).leaves[0];
    if (inputs[0]!.leaves.length !== 1 || input === undefined || output === undefined || !isTensor(result)) {
      throw new ConfigError({ op: "jacobian", problem: "takes one tensor to one tensor", hint: "pick the argument with argnum; for trees use vjp or jvp" });
    }
    const order = orderBetween(leaves, [output]);
    const [rows, columns] = [countOf(output.shape), countOf(input.shape)];
    const shape: Shape = [...output.shape, ...input.shape];
    if (rows === 0 || columns === 0) return zerosLike(new Tensor(shape, output.dtype, null));
    const flat = (x: Tensor): Tensor => reshapeTo(x, [countOf(x.shape)]);
    if ((mode ?? (columns < rows ? "forward" : "reverse")) === "reverse") {
      const lines = Array.from({ length: rows }, (_, i) => flat(reverseSweep(order, [unit(output, i)])[0] ?? zerosLike(input)));
      return reshapeTo(stack(lines), shape);
    }
    const lines = Array.from({ length: columns }, (_, j) => flat(forwardSweep(order, [unit(input, j)])[0] ?? zerosLike(output)));
    return reshapeTo(transpose(stack(lines) as Tensor), shape);
  };
}

/**
 * A function that computes all second derivatives of a loss, forward over reverse: entry `[i…, j…]` is ∂²f/∂x_i∂x_j.
 *
 * @param f - gives a scalar
 * @param options - `argnum`
 * @returns a function of the same arguments giving a tensor of shape `[...input, ...input]`
 *
 * @example
 * hessian((x: Tensor<[2]>) => sum(mul(x, mul(x, x))))(tensor([1, 2])).toArray() // => [[6, 0], [0, 12]]
 */
export function hessian<P extends readonly unknown[]>(f: (...args: P) => Tensor, options?: { readonly argnum?: number }): (...args: LooseAll<P>) => Tensor {
  checkFunction("hessian", f);
  const argnum = options?.argnum ?? 0;
  const gradient = (...args: P): Tensor => differentiate("hessian", f, args, { argnums: argnum }).gradient as Tensor;
  return jacobian(gradient, { mode: "forward", argnum });
}

/**
 * The product of the Hessian with a direction, forward over reverse, without the Hessian itself.
 *
 * @param f - gives a scalar; of one argument, a tensor or a tree of parameters
 * @returns a function of the point and the direction, giving the product in their structure
 *
 * @example
 * hvp((x: Tensor<[2]>) => sum(mul(x, mul(x, x))))(tensor([1, 2]), tensor([1, 1])).toArray() // => [6, 12]
 */
export function hvp<T>(f: (x: T) => Tensor): (x: Loose<T>, direction: Loose<T>) => Lifted<T> {
  checkFunction("hvp", f);
  const gradient = (x: T): Lifted<T> => differentiate("hvp", f, [x], undefined).gradient as Lifted<T>;
  return (x, direction) => jvp(gradient, [x], [direction]).tangent;
}
