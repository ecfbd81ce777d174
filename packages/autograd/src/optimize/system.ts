/** Equations as solvers see them: as many numbers in as out, and their Jacobian. */

import { elementsOf } from "../graph/read.ts";
import { withOutsideClosed } from "../graph/record.ts";
import type { Tensor } from "../graph/tensor.ts";
import { jacobian } from "../transforms/matrices.ts";
import type { Parameters } from "./parameters.ts";
import { runnerOf, type CompileChoice, type ListFunction } from "./runner.ts";

export interface System {
  readonly op: string;
  readonly parameters: Parameters;
  /** How often the equations were computed, with or without their Jacobian. */
  readonly evaluations: () => number;
  /** The numbers that are to become 0; `x` is rounded in place to what the parameters hold. */
  residuals(x: Float64Array): Float64Array;
  /** ∂r_i/∂x_j, row by row. */
  jacobian(x: Float64Array): Float64Array;
  /** The residuals of a tensor of shape `[size]`, by the library's ops. */
  equations(x: Tensor): Tensor;
}

/**
 * The system of a function of leaves.
 *
 * @param residual - gives a tensor of shape `[size]`
 */
export function systemOf(
  op: string,
  parameters: Parameters,
  residual: (leaves: readonly Tensor[]) => Tensor,
  choice: CompileChoice,
): System {
  let count = 0;
  const { size, leaves, offsets } = parameters;
  const argnums = leaves.map((_, k) => k);
  const run = (name: string, body: ListFunction): ((x: Float64Array) => readonly Tensor[]) => {
    const runner = runnerOf(`${op}: ${name}`, body, choice);
    return (x) => {
      count++;
      parameters.round(x);
      return withOutsideClosed(() => runner(...parameters.split(x)));
    };
  };
  const values = run("residuals", (...given) => [residual(given)]);
  const all: unknown = jacobian((...given: readonly Tensor[]) => residual(given), { argnums });
  const blocks = run("jacobian", all as ListFunction);
  return {
    op,
    parameters,
    evaluations: () => count,
    residuals: (x) => Float64Array.from(elementsOf(values(x)[0]!)),
    jacobian(x) {
      const matrix = new Float64Array(size * size);
      blocks(x).forEach((block, k) => {
        const [left, width] = [offsets[k]!, offsets[k + 1]! - offsets[k]!];
        const numbers = elementsOf(block);
        for (let i = 0; i < size; i++) matrix.set(numbers.subarray(i * width, (i + 1) * width), i * size + left);
      });
      return matrix;
    },
    equations: (x) => residual(parameters.cut(x)),
  };
}
