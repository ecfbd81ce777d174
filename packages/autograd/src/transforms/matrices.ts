/** Derivatives as arrays: the Jacobian by rows or by columns, the Hessian, and its product with a vector. */

import { ArgumentError, DTypeError } from "../errors.ts";
import { isFloat, type DType } from "../graph/dtype.ts";
import { tensor, zerosLike } from "../graph/create.ts";
import { countOf } from "../graph/shape.ts";
import { isTensor, Tensor } from "../graph/tensor.ts";
import { refuseLeaked } from "../graph/tracing.ts";
import { checkOptions, describe, option, refuseExtra, type OptionKinds } from "../options.ts";
import { stack } from "../ops/assembly.ts";
import { castTo } from "../ops/conversion.ts";
import { reshapeTo, transpose } from "../ops/layout.ts";
import { forwardSweep } from "../sweep/forward.ts";
import type { Order } from "../sweep/order.ts";
import { reverseSweep } from "../sweep/reverse.ts";
import { differentiate } from "./grad.ts";
import { refuseLeft } from "./left-graph.ts";
import { pushForward } from "./products.ts";
import type {
  Argnums,
  DirectionOf,
  GradientOf,
  HessianOf,
  JacobianOf,
  LossGuard,
  ShapeOfResult,
} from "./signatures.ts";
import { checkArgnums, checkFunction, orderBetween, resultOf, trace, type AnyFunction } from "./trace.ts";
import type { LooseAll } from "./tree.ts";

/** How a Jacobian is computed. */
export interface JacobianOptions<N extends Argnums = Argnums> {
  /**
   * `"reverse"` costs one sweep for each output, `"forward"` one for each input; the cheaper one where nothing is said.
   */
  readonly mode?: "forward" | "reverse";
  /** Which argument, or several; negative ones count from the end, 0 where nothing is said. */
  readonly argnums?: N;
}

/** By which arguments second derivatives are taken. */
export interface HessianOptions<N extends Argnums = Argnums> {
  /** Which argument, or several; negative ones count from the end, 0 where nothing is said. */
  readonly argnums?: N;
}

const jacobianKinds: OptionKinds<JacobianOptions> = {
  mode: option.oneOf("forward", "reverse"),
  argnums: option.argnums,
};
const hessianKinds: OptionKinds<HessianOptions> = { argnums: option.argnums };

/** The tensor with a single 1 at one entry; nothing is asked of the others. */
function unit(like: Tensor, at: number): Tensor {
  const numbers = new Float64Array(countOf(like.shape)).fill(-0);
  numbers[at] = 1;
  return tensor(numbers, { shape: like.shape, dtype: like.dtype });
}

const flat = (x: Tensor): Tensor => reshapeTo(x, [countOf(x.shape)]);

/** A sweep from one tensor, by its seed, to others; what comes out is plain, unless it is said that it need not be. */
export type Sweep = (seed: Tensor, plain?: boolean) => readonly (Tensor | null)[];

/**
 * Sweeps from every entry of a tensor at once, giving rows for each of the others; `null` where one by one is as quick.
 */
export type SweepAtOnce = (order: Order, from: Tensor, to: readonly Tensor[], sweep: Sweep) => readonly Tensor[] | null;

let sweepAtOnce: SweepAtOnce = () => null;

/** Says how sweeps run at once: `@chainrule/autograd/vmap` does, which a page of first derivatives need not load. */
export function sweepAtOnceBy(next: SweepAtOnce): SweepAtOnce {
  const former = sweepAtOnce;
  sweepAtOnce = next;
  return former;
}

/** A row for each entry of a tensor: what a sweep from there gives for one of the others, in a type. */
function rowsOf(order: Order, from: Tensor, to: readonly Tensor[], sweep: Sweep): (b: number, dtype: DType) => Tensor {
  const size = countOf(from.shape);
  const all = sweepAtOnce(order, from, to, sweep);
  if (all !== null) return (b, dtype) => reshapeTo(castTo(all[b]!, dtype), [size, countOf(to[b]!.shape)]);
  const lines = Array.from({ length: size }, (_, entry) => sweep(unit(from, entry)));
  return (b, dtype) => stack(lines.map((found) => flat(castTo(resultOf(found[b], to[b]!), dtype)))) as Tensor;
}

/** ∂output/∂input for each pair, from sweeps that they share; each in the type of its input, as a gradient is. */
function blocksOf(
  order: Order,
  outputs: readonly Tensor[],
  inputs: readonly Tensor[],
  mode: "forward" | "reverse",
): Tensor[][] {
  const [from, to] = mode === "reverse" ? [outputs, inputs] : [inputs, outputs];
  // A forward sweep goes along one input, a reverse sweep along one output.
  const sweeps = from.map((x, a): Sweep => {
    const seeded = (seed: Tensor): (Tensor | null)[] => from.map((_, other) => (other === a ? seed : null));
    if (mode === "reverse") return (seed, plain = true) => reverseSweep(order, seeded(seed), { plain });
    const own = inputs.length === 1 ? order : orderBetween([x], outputs);
    return (seed, plain = true) => forwardSweep(own, [seed], { plain });
  });
  const rowsFrom = from.map((x, a) => rowsOf(order, x, to, sweeps[a]!));
  return outputs.map((output, i) =>
    inputs.map((input, j) => {
      const [a, b] = mode === "reverse" ? [i, j] : [j, i];
      const shape = [...output.shape, ...input.shape];
      if (countOf(shape) === 0) return zerosLike(new Tensor(shape, input.dtype, null));
      const rows = rowsFrom[a]!(b, input.dtype);
      return reshapeTo(mode === "reverse" ? rows : transpose(rows), shape);
    }),
  );
}

/** The Jacobians of tensors by tensors: a row for each output, in it one for each argument. */
function jacobians(
  op: string,
  f: AnyFunction,
  args: readonly unknown[],
  places: readonly number[],
  mode: "forward" | "reverse" | undefined,
): Tensor[][] {
  const traced = trace(op, f, args, places);
  const { inputs, leaves, result } = traced;
  const treelike = inputs.findIndex((one) => one.leaves.length !== 1 || one.paths[0] !== "");
  if (treelike >= 0) {
    throw new ArgumentError({
      op,
      problem: `argument ${places[treelike]!} is no single tensor`,
      hint: "pick an argument that is one with argnums; for trees use vjp or jvp",
    });
  }
  const outputs: readonly unknown[] = Array.isArray(result) && op === "hessian" ? result : [result];
  for (const output of outputs) checkOutput(op, output);
  const known = outputs as readonly Tensor[];
  const order = orderBetween(leaves, known);
  refuseLeft(op, f, args, traced, order, known);
  const count = (list: readonly Tensor[]): number => list.reduce((sum, x) => sum + countOf(x.shape), 0);
  return blocksOf(order, known, leaves, mode ?? (count(leaves) < count(known) ? "forward" : "reverse"));
}

function checkOutput(op: string, output: unknown): void {
  if (!isTensor(output)) {
    const number = typeof output === "number";
    throw new ArgumentError({
      op,
      problem: `the function gives ${number ? `the number ${output}` : output === undefined ? "nothing" : describe(output)}, not a tensor`,
      hint: number
        ? "a number has left the graph: compute with tensors to the end, x.mul(2) and not x.item() * 2"
        : "return one tensor; for trees use vjp or jvp",
    });
  }
  refuseLeaked(op, output);
  if (!isFloat(output.dtype)) {
    throw new DTypeError({
      op,
      problem: `the function gives ${output.dtype}, which has no derivative`,
      hint: 'return float64 or float32: cast(x, "float64")',
      shapes: [output.shape],
    });
  }
}

/**
 * A function that computes all derivatives of all outputs: entry `[i…, j…]` is ∂f_i/∂x_j. Its type is that of the
 * argument, as for `grad`, whatever the mode: where `f` casts float32 to float64, the Jacobian is float32.
 *
 * @param f - gives one tensor of a float type
 * @param options - `mode`, `argnums`
 * @returns a function of the same arguments giving a tensor of shape `[...output, ...input]`; a list of them for a list
 * of `argnums`
 * @throws DTypeError for an argument or an output that is no float; GraphError (`LEFT_GRAPH`) where the output depends
 * on an argument that was read as a number
 *
 * @example
 * jacobian((x: Tensor<[2]>) => mul(x, x))(tensor([1, 2])).toArray() // => [[2, 0], [0, 4]]
 * jacobian((x, y) => mul(x, y), { argnums: [0, 1] })(2, 3).map((one) => one.item()) // => [3, 2]
 */
export function jacobian<
  P extends readonly unknown[] = readonly Tensor[],
  R extends Tensor = Tensor,
  const N extends Argnums = 0,
>(f: (...args: P) => R, options?: JacobianOptions<N>): (...args: LooseAll<P>) => JacobianOf<P, ShapeOfResult<R>, N>;
export function jacobian(
  f: AnyFunction,
  options?: JacobianOptions,
  extra?: unknown,
): (...args: readonly unknown[]) => unknown {
  checkFunction("jacobian", f);
  const call = "jacobian(f, { mode, argnums }), and then the function that it gives with the arguments";
  refuseExtra("jacobian", extra, call);
  const { mode, argnums } = checkOptions("jacobian", options, jacobianKinds, { call });
  return (...args) => {
    const [row] = jacobians("jacobian", f, args, checkArgnums("jacobian", argnums, args.length), mode);
    return Array.isArray(argnums) ? row! : row![0]!;
  };
}

/**
 * A function that computes all second derivatives of a loss, forward over reverse: entry `[i…, j…]` is ∂²f/∂x_i∂x_j, in
 * the type of x_i's argument where several are asked for.
 *
 * @param f - gives a scalar
 * @param options - `argnums`
 * @returns a function of the same arguments giving a tensor of shape `[...input, ...input]`; for a list of `argnums` a
 * list of rows, the entry `[k][l]` by the k-th and the l-th of them
 * @throws GraphError (`NON_SCALAR`) where the loss is no scalar; DTypeError for an argument that is no float
 *
 * @example
 * hessian((x: Tensor<[2]>) => sum(mul(x, mul(x, x))))(tensor([1, 2])).toArray() // => [[6, 0], [0, 12]]
 */
export function hessian<P extends readonly unknown[] = readonly Tensor[], R = unknown, const N extends Argnums = 0>(
  f: (...args: P) => R & LossGuard<R>,
  options?: HessianOptions<N>,
): (...args: LooseAll<P>) => HessianOf<P, N>;
export function hessian(
  f: AnyFunction,
  options?: HessianOptions,
  extra?: unknown,
): (...args: readonly unknown[]) => unknown {
  checkFunction("hessian", f);
  const call = "hessian(f, { argnums }), and then the function that it gives with the arguments";
  refuseExtra("hessian", extra, call);
  const { argnums } = checkOptions("hessian", options, hessianKinds, { call });
  return (...args) => {
    const places = checkArgnums("hessian", argnums, args.length);
    const gradient = (...point: readonly unknown[]): unknown =>
      differentiate("hessian", f, point, { argnums: places }).gradient;
    const rows = jacobians("hessian", gradient, args, places, "forward");
    return Array.isArray(argnums) ? rows : rows[0]![0]!;
  };
}

/**
 * The product of the Hessian with a direction, forward over reverse, without the Hessian itself.
 *
 * @param f - gives a scalar; its arguments are tensors or trees of parameters
 * @param options - `argnums`: by which argument, or by which several; 0 where nothing is said
 * @returns a function of the arguments and, behind them, the direction, giving the product in the structure of the
 * argument;
 * for a list of `argnums` both are lists
 *
 * @example
 * hvp((x: Tensor<[2]>) => sum(mul(x, mul(x, x))))(tensor([1, 2]), tensor([1, 1])).toArray() // => [6, 12]
 * hvp((x, y) => mul(x, mul(y, y)), { argnums: 1 })(2, 3, 1).item() // => 4
 */
export function hvp<P extends readonly unknown[] = readonly Tensor[], R = unknown, const N extends Argnums = 0>(
  f: (...args: P) => R & LossGuard<R>,
  options?: HessianOptions<N>,
): (...argsAndDirection: [...args: LooseAll<P>, direction: DirectionOf<P, N>]) => GradientOf<P, N>;
export function hvp(
  f: AnyFunction,
  options?: HessianOptions,
  extra?: unknown,
): (...given: readonly unknown[]) => unknown {
  checkFunction("hvp", f);
  const call = "hvp(f, { argnums }), and then the function that it gives with the arguments and the direction";
  refuseExtra("hvp", extra, call);
  const { argnums } = checkOptions("hvp", options, hessianKinds, { call });
  return (...given) => {
    const [args, direction] = [given.slice(0, -1), given.at(-1)];
    const places = checkArgnums("hvp", argnums, args.length);
    const several = Array.isArray(argnums);
    if (several && !(Array.isArray(direction) && direction.length === places.length)) {
      throw new ArgumentError({
        op: "hvp",
        problem: `there is not one direction for each of ${places.length} arguments`,
        hint: "give them as a list behind the arguments",
      });
    }
    const gradient = (...point: readonly unknown[]): unknown =>
      differentiate("hvp", f, point, { argnums: places }).gradient;
    const directions = several ? (direction as readonly unknown[]) : [direction];
    const tangent = pushForward("hvp", gradient, args, places, directions).tangent as readonly unknown[];
    return several ? tangent : tangent[0];
  };
}
