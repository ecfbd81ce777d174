/** What a user decides about derivatives: a rule by hand, no recording at all, a value held constant. */

import { ArgumentError, GraphError } from "../errors.ts";
import type { CustomOp } from "../graph/op.ts";
import { withoutRecording } from "../graph/record.ts";
import { isTensor, type Tensor } from "../graph/tensor.ts";
import { sameValue } from "../graph/tracing.ts";
import { apply } from "../ops/apply.ts";
import { asTensor } from "../ops/elementwise.ts";
import { refuseExtra } from "../options.ts";
import type { Shape } from "../types/shape.ts";

/** What a hand-written rule may look at. */
export interface RuleContext {
  /** The operands, as tensors that may be tracked themselves: a rule in the library's ops can be differentiated again. */
  readonly inputs: readonly Tensor[];
  /** What `forward` gave. */
  readonly output: Tensor;
}

/** An op by hand: a value, and at least one direction of its derivative. */
export interface CustomGradient {
  /** The name in messages and drawings. */
  readonly name: string;
  /** The value; what happens inside is not recorded. */
  forward(...inputs: Tensor[]): Tensor;
  /** Jᵀ·cotangent: one tensor for each input in its shape, `null` for one without influence; a single tensor where there is one input. */
  vjp?(cotangent: Tensor, context: RuleContext): Tensor | readonly (Tensor | null)[];
  /** J·tangents; the tangent of an input that is not differentiated is `null`. */
  jvp?(tangents: readonly (Tensor | null)[], context: RuleContext): Tensor;
}

/**
 * Makes an op with a derivative by hand. A missing direction is derived from the other one where that is written in the
 * library's ops, and refused by name where it is not.
 *
 * @param definition - `name`, `forward`, and `vjp` or `jvp` or both
 * @returns a function of tensors and numbers
 * @throws ArgumentError where neither direction is given
 *
 * @example
 * const square = customGradient({ name: "square", forward: (x) => x.mul(x), vjp: (g, { inputs: [x] }) => g.mul(x!).mul(2) })
 * grad((x: Tensor<[]>) => square(x))(3).item() // => 6
 */
export function customGradient(definition: CustomGradient): (...inputs: (Tensor | number)[]) => Tensor {
  const { name } = definition;
  const given = definition as Partial<CustomGradient>;
  if (typeof given.forward !== "function" || (given.vjp === undefined && given.jvp === undefined)) {
    throw new ArgumentError({ op: given.name ?? "customGradient", problem: "a forward and a vjp or a jvp are needed", hint: "give { name, forward, vjp }" });
  }
  const op: CustomOp<null> = {
    kind: "custom",
    name,
    needs: "both",
    evaluate(inputs) {
      const output: unknown = withoutRecording(() => definition.forward(...inputs));
      if (!isTensor(output)) throw new ArgumentError({ op: name, problem: "forward gives no tensor", hint: "return one tensor" });
      // A fresh tensor: forward may hand an input through.
      return sameValue(output);
    },
    ...(given.vjp === undefined
      ? {}
      : {
          vjp(g, recorded) {
            const shares = definition.vjp!(g, recorded);
            const list = isTensor(shares) ? [shares] : shares;
            if (Array.isArray(list) && list.length === recorded.inputs.length) return list as readonly (Tensor | null)[];
            throw new GraphError({
              op: name,
              problem: `vjp gives ${Array.isArray(list) ? `${list.length} cotangents` : typeof list} for ${recorded.inputs.length} inputs`,
              hint: "return one for each input, null for none",
              code: "BAD_RULE",
            });
          },
        }),
    ...(given.jvp === undefined ? {} : { jvp: (tangents, recorded) => definition.jvp!(tangents, recorded) }),
  };
  return (...inputs) => apply(op, inputs.map((x) => asTensor(name, x)), null);
}

/**
 * Runs `body` without recording: everything inside counts as constant for every derivative outside.
 *
 * @example
 * grad((x: Tensor<[]>) => mul(x, noGrad(() => mul(x, 2))))(3).item() // => 6
 */
export function noGrad<R>(body: () => R): R {
  return withoutRecording(body);
}

/**
 * The value of `x` as a constant.
 *
 * @example
 * grad((x: Tensor<[]>) => mul(x, stopGradient(x)))(3).item() // => 3
 */
export function stopGradient<S extends Shape>(x: Tensor<S>): Tensor<S>;
export function stopGradient(x: Tensor, extra?: unknown, list?: unknown): Tensor {
  refuseExtra("stopGradient", extra, "stopGradient(x)", list, x);
  return sameValue(asTensor("stopGradient", x));
}
