/** The objective, as optimizers see it: numbers in; value, gradient, Hessian and its products with a direction out. */

import { NonFiniteError } from "../errors.ts";
import { elementsOf } from "../graph/read.ts";
import { withOutsideClosed, withWatch } from "../graph/record.ts";
import { strong } from "../graph/shape.ts";
import { Tensor } from "../graph/tensor.ts";
import { differentiate } from "../transforms/grad.ts";
import { hessian, hvp } from "../transforms/matrices.ts";
import { scalarResult, type AnyFunction } from "../transforms/trace.ts";
import type { Parameters } from "./parameters.ts";
import { runnerOf, type CompileChoice, type ListFunction } from "./runner.ts";

/** A point with what is known of it. Optimizers make new ones and change none. */
export interface Point {
  /** The parameters, as they can be held: those of float32 are rounded. */
  readonly x: Float64Array;
  readonly value: number;
  readonly gradient: Float64Array;
}

/** How often what was computed. */
export interface Counts {
  /** Values, whether or not a gradient came with them. */
  values: number;
  gradients: number;
  hessians: number;
  /** Products of the Hessian with a direction. */
  products: number;
}

/** A function of the parameters. Derivatives that surround the call see none of its runs. */
export interface Objective {
  readonly op: string;
  readonly parameters: Parameters;
  readonly counts: Counts;
  /** The value at a point; `x` is rounded in place to what the parameters hold, here and below. */
  value(x: Float64Array): number;
  at(x: Float64Array): Point;
  /** ∂²f/∂x_i∂x_j, row by row: `size`² numbers. */
  hessian(x: Float64Array): Float64Array;
  /** Hv. */
  product(x: Float64Array, direction: Float64Array): Float64Array;
  /** The value as a tensor, for derivatives that surround the call. */
  loss(leaves: readonly Tensor[]): Tensor;
  /** The gradient as a tensor of shape `[size]`, likewise. */
  slopes(leaves: readonly Tensor[]): Tensor;
  /** The error that says why the function, or its gradient, is not finite at a point, naming parameter, op and line. */
  notFinite(point: Point, where: string): NonFiniteError;
}

/**
 * The objective of a function of a tree.
 *
 * @param op - who asks, for messages
 * @param f - gives a scalar tensor
 * @throws what the transforms throw where `f` gives no scalar, when it is first asked for something
 */
export function objectiveOf(op: string, f: AnyFunction, parameters: Parameters, choice: CompileChoice): Objective {
  const counts: Counts = { values: 0, gradients: 0, hessians: 0, products: 0 };
  const loss = (...leaves: readonly Tensor[]): Tensor =>
    scalarResult(op, f(...([parameters.rebuild(leaves)] as never[])));
  const argnums = parameters.leaves.map((_, k) => k);
  const run = (name: string, body: ListFunction): ListFunction => {
    const runner = runnerOf(`${op}: ${name}`, body, choice);
    return (...given) => withOutsideClosed(() => runner(...given));
  };
  const values = run("value", (...leaves) => [loss(...leaves)]);
  const gradients = run("gradient", (...leaves) => {
    const { value, gradient } = differentiate(op, loss, leaves, { argnums });
    return [value, ...(gradient as readonly Tensor[])];
  });
  const second = hessian(loss as (...args: readonly Tensor[]) => Tensor<[]>, { argnums }) as (
    ...leaves: readonly Tensor[]
  ) => readonly (readonly Tensor[])[];
  const hessians = run("hessian", (...leaves) => second(...leaves).flat());
  const along: unknown = hvp(loss as (...args: readonly Tensor[]) => Tensor<[]>, { argnums });
  const pushed = along as (...given: readonly unknown[]) => readonly Tensor[];
  const products = run("product", (...given) => pushed(...given.slice(0, argnums.length), given.slice(argnums.length)));
  const leavesAt = (x: Float64Array): readonly Tensor[] => {
    parameters.round(x);
    return parameters.split(x);
  };
  return {
    op,
    parameters,
    counts,
    value(x) {
      counts.values++;
      return elementsOf(values(...leavesAt(x))[0]!)[0]!;
    },
    at(x) {
      counts.values++;
      counts.gradients++;
      const [value, ...parts] = gradients(...leavesAt(x));
      return { x, value: elementsOf(value!)[0]!, gradient: parameters.gather(parts) };
    },
    hessian(x) {
      counts.hessians++;
      return blocksToMatrix(hessians(...leavesAt(x)), parameters);
    },
    product(x, direction) {
      counts.products++;
      const tangents = parameters.split(direction).map((t) => new Tensor(strong(t.shape), t.dtype, t.storage));
      return parameters.gather(products(...leavesAt(x), ...tangents));
    },
    loss: (leaves) => {
      counts.values++;
      return loss(...leaves);
    },
    slopes: (leaves) =>
      parameters.joinLeaves(differentiate(op, loss, leaves, { argnums }).gradient as readonly Tensor[]),
    notFinite: (point, where) => notFinite(op, loss, point, where, parameters),
  };
}

/** Blocks by pairs of leaves, each of shape `[...row, ...column]`, as one square matrix in row-major order. */
function blocksToMatrix(blocks: readonly Tensor[], { size, leaves, offsets }: Parameters): Float64Array {
  const matrix = new Float64Array(size * size);
  blocks.forEach((block, at) => {
    const [row, column] = [Math.floor(at / leaves.length), at % leaves.length];
    const [top, left] = [offsets[row]!, offsets[column]!];
    const [height, width] = [offsets[row + 1]! - top, offsets[column + 1]! - left];
    const numbers = elementsOf(block);
    for (let i = 0; i < height; i++) matrix.set(numbers.subarray(i * width, (i + 1) * width), (top + i) * size + left);
  });
  return matrix;
}

/** Runs the function once more in anomaly mode, which knows the op and the line. */
function notFinite(
  op: string,
  loss: AnyFunction,
  { x, value, gradient }: Point,
  where: string,
  parameters: Parameters,
): NonFiniteError {
  const entry = gradient.findIndex((one) => !Number.isFinite(one));
  const what = Number.isFinite(value)
    ? `the derivative by ${parameters.name(Math.max(0, entry))} is ${gradient[entry]!}`
    : `the function gives ${value}`;
  const problem = `${what} ${where}`;
  const hint = "begin elsewhere, or write the function so that it has a value and a derivative there";
  try {
    const argnums = parameters.leaves.map((_, k) => k);
    withOutsideClosed(() => withWatch(() => differentiate(op, loss, parameters.split(x), { argnums })));
  } catch (error) {
    if (!(error instanceof NonFiniteError)) throw error;
    const cause = error.message.split("\n")[0]!;
    return Object.assign(new NonFiniteError({ op, problem: `${problem} (${cause})`, hint, at: error.at }), {
      cause: error,
    });
  }
  return new NonFiniteError({ op, problem, hint });
}
