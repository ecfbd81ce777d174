/** The op behind a definition of a user: its primitives over any reading, and its rules by hand. */

import { GraphError } from "../errors.ts";
import { droppedLike } from "../graph/create.ts";
import { isFloat } from "../graph/dtype.ts";
import type { Lowering } from "../graph/lowering.ts";
import type { CustomOp, LinearOp } from "../graph/op.ts";
import { Tensor } from "../graph/tensor.ts";
import { describe, type OptionKinds } from "../options.ts";
import { apply } from "../ops/apply.ts";
import { unmarked } from "../ops/unmarked.ts";
import { Eager } from "../primitives/eager.ts";
import { primitivesOver, type Primitives } from "../primitives/open.ts";
import { pullFromPush, pushFromPull } from "../sweep/transposition.ts";
import type { RuleContext } from "./custom.ts";
import { rulesByHand, severalByHand } from "./custom-rules.ts";
import { ForwardRun } from "./custom-run.ts";
import { applySeveral, type SeveralOp, type SeveralRecord } from "./several.ts";

/** The context that a rule of an op may look at. */
export interface OpContext<O = object> extends Omit<RuleContext, "residuals"> {
  /** The options of the call. */
  readonly options: O;
}

/** The context of a rule of an op with several results. */
export interface SeveralContext<O = object> extends Omit<OpContext<O>, "output"> {
  readonly outputs: readonly Tensor[];
}

interface AnyDefinition<O extends object> {
  /** The name in messages, drawings and reports. */
  readonly name: string;
  /** How many tensors it takes. */
  readonly inputs: number;
  /** The kind of each option of a call, as {@link checkOptions} reads it. */
  readonly options?: OptionKinds<O>;
}

/** An op: what it is made of, and at least one direction of its derivative, or its transpose. */
export interface OpDefinition<O extends object = object> extends AnyDefinition<O> {
  readonly results?: undefined;
  /** The value, made of primitives. It sees shapes and types, and no numbers. */
  lower<V>(p: Primitives<V>, inputs: readonly V[], options: O): V;
  /** Jᵀ·cotangent: one tensor for each input in its shape, `null` for one without influence. */
  vjp?(cotangent: Tensor, context: OpContext<O>): Tensor | null | readonly (Tensor | null)[];
  /** J·tangents; the tangent of an input that is not differentiated is `null`. */
  jvp?(tangents: readonly (Tensor | null)[], context: OpContext<O>): Tensor;
  /** Lᵀ·cotangent of an op that is linear in its floats, in place of `vjp` and `jvp`: forward mode is the op itself. */
  transpose?(cotangent: Tensor, context: OpContext<O>): Tensor | null | readonly (Tensor | null)[];
}

/** An op that gives several tensors, with the same parts. */
export interface SeveralDefinition<O extends object = object> extends AnyDefinition<O> {
  /** How many tensors it gives. */
  readonly results: number;
  /** The values, made of primitives. It sees shapes and types, and no numbers. */
  lower<V>(p: Primitives<V>, inputs: readonly V[], options: O): readonly V[];
  /** Σ Jₖᵀ·cotangentₖ; the cotangent of a result that nothing reads, or that is no float, is `null`. */
  vjp?(cotangents: readonly (Tensor | null)[], context: SeveralContext<O>): Tensor | null | readonly (Tensor | null)[];
  /** Jₖ·tangents for each result, `null` for one that has no derivative. */
  jvp?(tangents: readonly (Tensor | null)[], context: SeveralContext<O>): readonly (Tensor | null)[];
  /** Σ Lₖᵀ·cotangentₖ of an op that is linear in its floats, in place of `vjp` and `jvp`. */
  transpose?(
    cotangents: readonly (Tensor | null)[],
    context: SeveralContext<O>,
  ): Tensor | null | readonly (Tensor | null)[];
}

/** The op with one result. */
export function opOf(definition: OpDefinition): CustomOp<object> | LinearOp<object> {
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
    beside: [output],
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

/** The op with several results. */
export function severalOpOf(definition: SeveralDefinition): SeveralOp<object> {
  const { name } = definition;
  const forward = new ForwardRun(name, []);
  const isLinear = definition.transpose !== undefined;
  const rules = isLinear
    ? { vjp: (gs: readonly (Tensor | null)[], context: SeveralContext) => definition.transpose!(gs, context) }
    : definition;
  const { pull, push } = severalByHand<SeveralRecord<object>, SeveralContext>(
    name,
    rules,
    ({ inputs, outputs, given: options }) => ({ context: { inputs, outputs, options }, forward, beside: outputs }),
  );
  const op: SeveralOp<object> = {
    name,
    lower: <V>(l: Lowering<V>, inputs: readonly V[], options: object): readonly V[] =>
      definition.lower(primitivesOver(l), inputs, options),
    pull: (gs, recorded, wanted) =>
      pull === null
        ? pullFromPush(named(recorded), recorded.inputs, (leaves) => push!(leaves, recorded), gs, wanted)
        : pull(gs, recorded),
    push: (tangents, recorded) =>
      isLinear
        ? pushLinear(tangents, recorded)
        : push === null
          ? pushFromPull(named(recorded), recorded.outputs, (leaves) => pull!(leaves, recorded), tangents)
          : checkTangents(name, push(tangents, recorded), recorded.outputs.length),
  };
  const named = ({ line }: SeveralRecord<object>): { name: string; line: string | null } => ({ name, line });
  /** The op on tangents. What its primitives make of a mark is not known: nothing counts as dropped. */
  const pushLinear = (
    tangents: readonly (Tensor | null)[],
    { inputs, given }: SeveralRecord<object>,
  ): readonly (Tensor | null)[] => {
    const plain = inputs.map((x, k) => (isFloat(x.dtype) ? unmarked(tangents[k] ?? droppedLike(x)) : x));
    return applySeveral(op, plain, given).map((x) => (isFloat(x.dtype) ? unmarked(x) : null));
  };
  return op;
}

function checkTangents(name: string, tangents: unknown, count: number): readonly (Tensor | null)[] {
  if (Array.isArray(tangents) && tangents.length === count) return tangents as readonly (Tensor | null)[];
  throw new GraphError({
    op: name,
    problem: `jvp gives ${Array.isArray(tangents) ? `${tangents.length} tangents` : describe(tangents)} for ${count} results`,
    hint: "return one for each result, null for none",
    code: "BAD_RULE",
  });
}
