/** Decisions of a user about derivatives: a rule by hand, no recording at all, a value held constant. */

import { flatten, type Flattened } from "../compile/signature.ts";
import { ArgumentError } from "../errors.ts";
import type { CustomOp } from "../graph/op.ts";
import { isFollowedOutside, isTracked, recordLeaf, withoutRecording } from "../graph/record.ts";
import { lookAt, withRun } from "../graph/runs.ts";
import { isTensor, type Tensor } from "../graph/tensor.ts";
import { isTraced, sameValue, traced, tracing } from "../graph/tracing.ts";
import { checkOptions, describe, option, refuseExtra, type OptionKinds } from "../options.ts";
import { apply } from "../ops/apply.ts";
import { asTensor } from "../ops/elementwise.ts";
import type { Shape } from "../types/shape.ts";
import { checkFunction } from "./trace.ts";
import { rulesByHand } from "./custom-rules.ts";
import { ForwardRun, refuseOpaque } from "./custom-run.ts";

/** The context of a hand-written rule. */
export interface RuleContext<R = undefined> {
  /**
   * The operands, as tensors that may be tracked themselves: a rule in the library's ops can be differentiated again.
   */
  readonly inputs: readonly Tensor[];
  /** The value of `forward`. */
  readonly output: Tensor;
  /** The rest of what `forward` gave, tracked as the operands are; `undefined` where it gave a tensor alone. */
  readonly residuals: R;
}

/** An op by hand: a value, and at least one direction of its derivative. */
export interface CustomGradient<R = undefined> {
  /** The name in messages and drawings. */
  readonly name: string;
  /**
   * The value, or `[value, residuals]`: what the rules need of the way to it, a tensor or any tree of tensors. No
   * derivative of the value passes through what happens inside.
   */
  forward(...inputs: Tensor[]): Tensor | readonly [output: Tensor, residuals: R];
  /**
   * Jᵀ·cotangent: one tensor for each input in its shape, `null` for one without influence; a single tensor where there
   * is one input.
   */
  vjp?(cotangent: Tensor, context: RuleContext<R>): Tensor | null | readonly (Tensor | null)[];
  /** J·tangents; the tangent of an input that is not differentiated is `null`. */
  jvp?(tangents: readonly (Tensor | null)[], context: RuleContext<R>): Tensor;
}

const customKinds: OptionKinds<CustomGradient> = {
  name: option.text,
  forward: option.callback,
  vjp: option.callback,
  jvp: option.callback,
};

const isPair = (value: unknown): value is readonly [unknown, unknown] => Array.isArray(value) && value.length === 2;

/** Stands for the output among residuals. */
const OUTPUT = -1;

/** All that one call of `forward` has left for the rules. */
interface Applied {
  readonly forward: ForwardRun;
  readonly output: Tensor;
  /** The tensors among the residuals, and for each leaf which of them it is, {@link OUTPUT}, or a number. */
  readonly tensors: readonly Tensor[];
  readonly leaves: readonly (number | { readonly number: number })[];
  readonly tree: Flattened;
}

/**
 * Makes an op with a derivative by hand. A missing direction is derived from the other one where that is written in the
 * library's ops, and refused by name where it is not.
 *
 * What the rules need of the way to the value, `forward` returns beside it: `[value, residuals]`. Derivatives of the
 * rules pass through residuals and inputs, by the ordinary rules of the ops that computed them. A tensor that `forward`
 * keeps in an outer variable instead is refused where another call, or an outer derivative, would make a wrong number
 * of it.
 *
 * @param definition - `name`, `forward`, and `vjp` or `jvp` or both
 * @returns a function of tensors and numbers
 * @throws ArgumentError where neither direction is given
 * @throws GraphError, when it is differentiated: `BAD_RULE` for a result of a rule that does not fit; `STALE` for a
 * tensor of another call, or one that should be a residual; `CAPTURED` where `forward` uses what is differentiated and
 * is no input; `OPAQUE` where numbers were read that an outer derivative follows
 *
 * @example
 * const square = customGradient({
 *   name: "square",
 *   forward: (x) => x.mul(x),
 *   vjp: (g, { inputs: [x] }) => g.mul(x!).mul(2),
 * })
 * grad((x: Tensor<[]>) => square(x))(3).item() // => 6
 * const swish = customGradient({
 *   name: "swish",
 *   forward: (x) => { const s = x.sigmoid(); return [x.mul(s), s] },
 *   vjp: (g, { output, residuals: s }) => g.mul(s.add(output.mul(s.mul(-1).add(1)))),
 * })
 * grad(grad((x: Tensor<[]>) => swish(x) as Tensor<[]>))(0).item() // => 0.5
 */
export function customGradient<R = undefined>(
  definition: CustomGradient<R>,
): (...inputs: (Tensor | number)[]) => Tensor;
export function customGradient<R>(
  definition: CustomGradient<R>,
  extra?: unknown,
): (...inputs: (Tensor | number)[]) => Tensor {
  const call = "customGradient({ name, forward, vjp, jvp })";
  refuseExtra("customGradient", extra, call);
  if (definition === undefined)
    throw new ArgumentError({ op: "customGradient", problem: "there is no definition", hint: `write ${call}` });
  checkOptions("customGradient", definition, customKinds, { call });
  const { name } = definition;
  const given = definition as Partial<CustomGradient<R>>;
  if (typeof given.forward !== "function" || (given.vjp === undefined && given.jvp === undefined)) {
    throw new ArgumentError({
      op: given.name ?? "customGradient",
      problem: "a forward and a vjp or a jvp are needed",
      hint: "give { name, forward, vjp }",
    });
  }
  const op: CustomOp<Applied> = {
    kind: "custom",
    name,
    needs: "both",
    // Forward has run already.
    evaluate: (_, { output }) => output,
    held: ({ tensors }) => tensors,
    withHeld: (applied, tensors) => ({ ...applied, tensors }),
    ...rulesByHand<Applied, RuleContext<R>>(name, definition, ({ inputs, output, attributes }, isFollowed) => {
      if (isFollowed) refuseOpaque(name, attributes.forward, leavesOf(attributes, output));
      const context = { inputs, output, residuals: residualsOf(attributes, output) as R };
      return { context, forward: attributes.forward, beside: [output, ...attributes.tensors] };
    }),
  };
  return (...inputs) => {
    const tensors = inputs.map((x) => asTensor(name, x));
    return apply(
      op,
      tensors,
      runForward(name, tensors, (list) => definition.forward(...list)),
    );
  };
}

/**
 * Runs `forward` on inputs of its own: where no outer derivative can follow residuals, on constants. What else it uses
 * that is being differentiated comes from outside, also where it is the same tensor.
 */
function runForward(name: string, inputs: readonly Tensor[], forward: (inputs: readonly Tensor[]) => unknown): Applied {
  const isFollowed = tracing() !== null || isFollowedOutside(inputs);
  const handed = inputs.map((x) => (!isTracked(x) ? x : isFollowed ? recordLeaf(x, x.node!.scope) : sameValue(x)));
  const run = new ForwardRun(name, handed);
  try {
    const given = withRun(run, () => {
      const given = forward(handed);
      const value = isPair(given) ? given[0] : given;
      if (isTensor(value)) lookAt([value], "op");
      return given;
    });
    const [value, residuals] = isPair(given) ? given : [given, undefined];
    if (!isTensor(value)) {
      throw new ArgumentError({
        op: name,
        problem: `forward gives ${describe(value)}, no tensor`,
        hint: "return one tensor, or [output, residuals]",
      });
    }
    const flat = flatten(name, "the residuals", residuals, true);
    const tensors = flat.leaves.filter((x): x is Tensor => typeof x !== "number" && x !== value);
    const leaves = flat.leaves.map((x) =>
      typeof x === "number" ? { number: x } : x === value ? OUTPUT : tensors.indexOf(x),
    );
    // A fresh tensor: forward may hand an input through. What does not depend on traced inputs is part of the program
    // all the same.
    const isConstant = tracing() !== null && inputs.some(isTraced) && !isTraced(value);
    const output = isConstant ? traced(value.shape, value.dtype, { kind: "alias", of: value }) : sameValue(value);
    return { forward: run, output, tensors, leaves, tree: flat };
  } finally {
    run.end();
  }
}

function leavesOf({ leaves, tensors }: Applied, output: Tensor): (Tensor | number)[] {
  return leaves.map((at) => (typeof at !== "number" ? at.number : at === OUTPUT ? output : tensors[at]!));
}

function residualsOf(applied: Applied, output: Tensor): unknown {
  return applied.tree.rebuild(leavesOf(applied, output));
}

/**
 * Runs `body` without recording: everything inside counts as constant for every derivative outside.
 *
 * @example
 * grad((x: Tensor<[]>) => mul(x, noGrad(() => mul(x, 2))))(3).item() // => 6
 */
export function noGrad<R>(body: () => R): R;
export function noGrad<R>(body: () => R, extra?: unknown): R {
  refuseExtra("noGrad", extra, "noGrad(() => …)");
  checkFunction("noGrad", body);
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
