/** defineOp: an op of a user's own, by what it is made of and how it is differentiated. */

import { ArgumentError } from "../errors.ts";
import { isFloat } from "../graph/dtype.ts";
import type { Lowering } from "../graph/lowering.ts";
import type { CustomOp, LinearOp } from "../graph/op.ts";
import { isWeak, Tensor } from "../graph/tensor.ts";
import { checkOptions, option, refuseExtra, type OptionKinds } from "../options.ts";
import { apply } from "../ops/apply.ts";
import { besideType } from "../ops/conversion.ts";
import { asTensor } from "../ops/elementwise.ts";
import { unmarked } from "../ops/unmarked.ts";
import { Checked } from "../primitives/checked.ts";
import { Eager } from "../primitives/eager.ts";
import { primitivesOver, type Primitives } from "../primitives/open.ts";
import type { RuleContext } from "./custom.ts";
import { rulesByHand } from "./custom-rules.ts";
import { ForwardRun } from "./custom-run.ts";

/** The context that a rule of an op may look at. */
export interface OpContext<O = object> extends Omit<RuleContext, "residuals"> {
  /** The options of the call. */
  readonly options: O;
}

/** An op: what it is made of, and at least one direction of its derivative, or its transpose. */
export interface OpDefinition<O extends object = object> {
  /** The name in messages, drawings and reports. */
  readonly name: string;
  /** How many tensors it takes. */
  readonly inputs: number;
  /** The kind of each option of a call, as {@link checkOptions} reads it. */
  readonly options?: OptionKinds<O>;
  /** The value, made of primitives. It sees shapes and types, and no numbers. */
  lower<V>(p: Primitives<V>, inputs: readonly V[], options: O): V;
  /** Jᵀ·cotangent: one tensor for each input in its shape, `null` for one without influence. */
  vjp?(cotangent: Tensor, context: OpContext<O>): Tensor | null | readonly (Tensor | null)[];
  /** J·tangents; the tangent of an input that is not differentiated is `null`. */
  jvp?(tangents: readonly (Tensor | null)[], context: OpContext<O>): Tensor;
  /** Lᵀ·cotangent of an op that is linear in its floats, in place of `vjp` and `jvp`: forward mode is the op itself. */
  transpose?(cotangent: Tensor, context: OpContext<O>): Tensor | null | readonly (Tensor | null)[];
}

const definitionKinds: OptionKinds<OpDefinition> = {
  name: option.text,
  inputs: option.whole(1),
  options: option.record,
  lower: option.callback,
  vjp: option.callback,
  jvp: option.callback,
  transpose: option.callback,
};

/**
 * Makes an op that is read in all ways that the library's own are: it computes, knows its shapes in a trace, is a part
 * of programs, runs for a batch in `vmap`, is drawn by its name, and is differentiated to any order by its rule, in
 * both modes. Its value is written in primitives: `p.map(exp, x)` is a function of the library entry by entry, `p.view`
 * a walk through memory, `p.reduce`, `p.matmul`, `p.take` and so on what they are called.
 *
 * The rule is written in the library's ops, and is what a derivative reads: nothing is taken from the primitives.
 * `gradientCheck` finds one that does not fit the value.
 *
 * @param definition - `name`, `inputs`, `lower`, `vjp` or `jvp` or both, or of a linear op `transpose`, and `options`
 * @returns a function of so many tensors or numbers, and of the options where there are some
 * @throws ArgumentError, DTypeError, ShapeError, IndexRangeError, when it is called, for primitives that do not fit
 * what they are given; GraphError (`BAD_RULE`) for a result of a rule that does not fit
 *
 * @example
 * const hypot = defineOp({
 *   name: "hypot",
 *   inputs: 2,
 *   lower: (p, [x, y]) => p.map(sqrt, p.map(add, p.map(mul, x!, x!), p.map(mul, y!, y!))),
 *   vjp: (g, { inputs: [x, y], output }) => [g.mul(x!.div(output)), g.mul(y!.div(output))],
 * })
 * hypot(3, 4).item() // => 5
 * grad((x: Tensor<[]>) => hypot(x, 4) as Tensor<[]>)(3).item() // => 0.6
 */
export function defineOp<O extends object = object>(
  definition: OpDefinition<O>,
): (...inputs: (Tensor | number | O)[]) => Tensor;
export function defineOp(definition: OpDefinition, extra?: unknown): (...inputs: unknown[]) => Tensor {
  const how = "defineOp({ name, inputs, lower, vjp, jvp, transpose, options })";
  refuseExtra("defineOp", extra, how);
  const given: Partial<OpDefinition> = checkOptions(
    "defineOp",
    definition as OpDefinition | undefined,
    definitionKinds,
    {
      call: how,
    },
  );
  const { name, inputs: count, lower } = given;
  if (name === undefined || count === undefined || lower === undefined)
    throw new ArgumentError({
      op: name ?? "defineOp",
      problem: "a name, inputs and lower are needed",
      hint: `write ${how}`,
    });
  const isLinear = given.transpose !== undefined;
  if (isLinear === (given.vjp !== undefined || given.jvp !== undefined))
    throw new ArgumentError({
      op: name,
      problem: isLinear ? "there is a transpose and another rule" : "there is no rule",
      hint: "give a vjp or a jvp, in the library's ops, or of a linear op its transpose alone",
    });
  const op = opOf(definition);
  const { options: kinds } = definition;
  const call = `${name}(${Array.from({ length: count }, (_, k) => `x${k}`).join(", ")}${kinds === undefined ? "" : ", { … }"})`;
  return (...args) => {
    const isGiven = kinds !== undefined && args.length > count;
    const options = isGiven
      ? checkOptions(name, args[count] as object | undefined, kinds as OptionKinds<object>, { call })
      : {};
    const rest = args.slice(0, isGiven ? count : args.length);
    if (rest.length !== count || args.length > count + 1)
      throw new ArgumentError({ op: name, problem: `${rest.length} inputs for ${count}`, hint: `write ${call}` });
    const list = besideOthers(
      name,
      rest.map((x) => asTensor(name, x)),
    );
    const checked = new Checked(name);
    const own = list.map((x) => checked.own(x));
    checked.check("the result", definition.lower(checked, own, options));
    return apply(op, list, options);
  };
}

/** Numbers of the caller in the type of the tensors beside them. */
function besideOthers(name: string, inputs: readonly Tensor[]): readonly Tensor[] {
  const typed = inputs.find((x) => !isWeak(x));
  return typed === undefined ? inputs : inputs.map((x) => besideType(name, x, typed.dtype));
}

function opOf(definition: OpDefinition): CustomOp<object> | LinearOp<object> {
  const { name } = definition;
  const isLinear = definition.transpose !== undefined;
  const lower = <V>(l: Lowering<V>, inputs: readonly V[], options: object): V =>
    definition.lower(primitivesOver(l), inputs, options);
  const forward = new ForwardRun(name, []);
  const common = {
    name,
    needs: "both",
    evaluate(inputs: readonly Tensor[], options: object): Tensor {
      const value = lower(new Eager({ op: name, line: null }), inputs, options);
      // What an op records is a tensor of its own, also where it is made of nothing, as the identity is.
      return inputs.includes(value) ? new Tensor(value.shape, value.dtype, value.storage) : value;
    },
    lower,
  } as const;
  const own = isLinear ? { vjp: (g: Tensor, context: OpContext) => definition.transpose!(g, context) } : definition;
  const rules = rulesByHand<object, OpContext>(name, own, ({ inputs, output, attributes: options }) => ({
    context: { inputs, output, options },
    forward,
    beside: [],
  }));
  if (!isLinear) return { ...common, kind: "custom", ...rules };
  const op: LinearOp<object> = {
    ...common,
    kind: "linear",
    transpose: rules.vjp,
    // What its primitives make of a mark is not known: nothing counts as dropped.
    push: (tangents, { attributes }) => {
      const plain = tangents.map((x) => (isFloat(x.dtype) ? unmarked(x) : x));
      return unmarked(apply(op, plain, attributes));
    },
  };
  return op;
}
