/** Gradients of a scalar loss: grad and valueAndGrad. */

import { ArgumentError } from "../errors.ts";
import { SCALAR } from "../graph/shape.ts";
import { Tensor } from "../graph/tensor.ts";
import { checkOptions, option, refuseExtra, type OptionKinds } from "../options.ts";
import { reverseSweep } from "../sweep/reverse.ts";
import {
  checkArgnums,
  checkFunction,
  leave,
  leaveAll,
  orderBetween,
  resultOf,
  scalarResult,
  trace,
  type AnyFunction,
} from "./trace.ts";
import { refuseLeft } from "./left-graph.ts";
import type { Argnums, GradientOf, LossAndExtraGuard } from "./signatures.ts";
import type { LooseAll } from "./tree.ts";

/** Options for what is differentiated, and what else the function gives. */
export interface GradOptions<N extends Argnums = Argnums, Aux extends boolean = boolean> {
  /**
   * The position of the argument to differentiate, or several; negative ones count from the end, 0 where nothing is
   * said.
   */
  readonly argnums?: N;
  /** True if the function gives `[loss, extra]`; the extra is handed back untouched. */
  readonly aux?: Aux;
}

const gradKinds: OptionKinds<GradOptions> = { argnums: option.argnums, aux: option.flag };

/** The second of the two things that a function with `aux` gives. */
type AuxOf<R> = R extends readonly [unknown, infer A] ? A : never;

/** The loss, its gradient, and the extra where one was asked for. */
export type ValueAndGradient<P extends readonly unknown[], R, N, Aux> = {
  /** The loss. */
  value: Tensor<[]>;
  /** ∂loss/∂argument, in the structure of the argument. */
  gradient: GradientOf<P, N>;
} & (Aux extends true ? { aux: AuxOf<R> } : unknown);

/** The gradient alone, or with the extra beside it. */
export type Gradient<P extends readonly unknown[], R, N, Aux> = Aux extends true
  ? { gradient: GradientOf<P, N>; aux: AuxOf<R> }
  : GradientOf<P, N>;

/**
 * A function that computes a loss and its gradient in one forward and one reverse sweep.
 *
 * @param f - gives a scalar tensor; with `aux`, `[scalar, anything]`
 * @param options - `argnums`, `aux`
 * @returns a function of the same arguments giving `{ value, gradient }`; an argument that the loss does not use has
 * gradient 0
 * @throws GraphError (`NON_SCALAR`) where the loss is no scalar; ArgumentError for an async function
 *
 * @example
 * valueAndGrad((x: Tensor<[]>) => mul(x, x))(3).gradient.item() // => 6
 */
export function valueAndGrad<
  P extends readonly unknown[] = readonly Tensor[],
  R = unknown,
  const N extends Argnums = 0,
  Aux extends boolean = false,
>(
  f: (...args: P) => R & LossAndExtraGuard<R, Aux>,
  options?: GradOptions<N, Aux>,
): (...args: LooseAll<P>) => ValueAndGradient<P, R, N, Aux>;
export function valueAndGrad(
  f: AnyFunction,
  options?: GradOptions,
  extra?: unknown,
): (...args: readonly unknown[]) => unknown {
  checkFunction("valueAndGrad", f);
  readOptions("valueAndGrad", options, extra);
  return (...args) => differentiate("valueAndGrad", f, args, options);
}

/**
 * A function that computes the gradient of a loss by one of its arguments, by several, or by nested objects of
 * parameters.
 *
 * @param f - gives a scalar tensor; with `aux`, `[scalar, anything]`
 * @param options - `argnums`, `aux`
 * @returns a function of the same arguments giving the gradient, or `{ gradient, aux }` with `aux`
 * @throws GraphError (`NON_SCALAR`) where the loss is no scalar; ArgumentError for an async function
 *
 * @example
 * grad((x: Tensor<[]>) => mul(x, x))(3).item() // => 6
 */
export function grad<
  P extends readonly unknown[] = readonly Tensor[],
  R = unknown,
  const N extends Argnums = 0,
  Aux extends boolean = false,
>(
  f: (...args: P) => R & LossAndExtraGuard<R, Aux>,
  options?: GradOptions<N, Aux>,
): (...args: LooseAll<P>) => Gradient<P, R, N, Aux>;
export function grad(f: AnyFunction, options?: GradOptions, extra?: unknown): (...args: readonly unknown[]) => unknown {
  checkFunction("grad", f);
  readOptions("grad", options, extra);
  return (...args) => {
    const { gradient, aux } = differentiate("grad", f, args, options);
    return options?.aux === true ? { gradient, aux } : gradient;
  };
}

function readOptions(op: string, options: GradOptions | undefined, extra: unknown): void {
  const call = `${op}(f, { argnums, aux }), and then the function that it gives with the arguments`;
  refuseExtra(op, extra, call);
  checkOptions(op, options, gradKinds, { call });
}

/** One trace and one reverse sweep; of several arguments, the gradient is a list. */
export function differentiate(
  op: string,
  f: AnyFunction,
  args: readonly unknown[],
  options: GradOptions | undefined,
): { value: Tensor; gradient: unknown; aux?: unknown } {
  const traced = trace(op, f, args, checkArgnums(op, options?.argnums, args.length));
  const { inputs, leaves, result } = traced;
  if (options?.aux === true && !(Array.isArray(result) && result.length === 2)) {
    throw new ArgumentError({
      op,
      problem: "aux is set, and the function does not give a pair",
      hint: "return [loss, extra]",
    });
  }
  const loss = scalarResult(op, options?.aux === true ? (result as readonly unknown[])[0] : result);
  const order = orderBetween(leaves, [loss]);
  const shares = reverseSweep(order, [new Tensor(SCALAR, loss.dtype, 1)], { plain: true });
  refuseLeft(op, f, args, traced, order, [loss], undefined, options?.aux === true);
  let next = 0;
  const gradients = inputs.map((flat) => flat.rebuild(flat.leaves.map((leaf) => resultOf(shares[next++], leaf))));
  const gradient = Array.isArray(options?.argnums) ? gradients : gradients[0];
  const value = leave(loss);
  return options?.aux === true
    ? { value, gradient, aux: leaveAll((result as readonly unknown[])[1]) }
    : { value, gradient };
}
