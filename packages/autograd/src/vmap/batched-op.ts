/**
 * An op for all examples at once: its value is the batched reading of what it is made of, its derivatives are its own
 * rules, batched.
 */

import { GraphError } from "../errors.ts";
import type { Lowering } from "../graph/lowering.ts";
import type { BilinearOp, CustomOp, LinearOp, Recorded } from "../graph/op.ts";
import { Tensor } from "../graph/tensor.ts";
import type { Call } from "../graph/tracing.ts";
import { apply } from "../ops/apply.ts";
import { repeatTo, sumCotangent, sumTo } from "../ops/expansion.ts";
import { BatchedLowering, type Batched } from "../primitives/batched.ts";
import { Eager } from "../primitives/eager.ts";
import { jvpFromVjp } from "../sweep/transposition.ts";

/** An op that is batched by what it is made of. */
export type Structural = LinearOp | BilinearOp | CustomOp;

/** Attributes of a batched op. */
export interface BatchedAttributes {
  /** Those of the op itself. */
  readonly own: unknown;
  /** Which inputs have the examples along a leading axis, and which tensors among the attributes. */
  readonly mapped: readonly boolean[];
  readonly heldMapped: readonly boolean[];
  readonly size: number;
  readonly call: Call;
}

/** Runs a function of one example for all of them: of tensors that are mapped or not, giving such. */
export type RunBatched = (
  name: string,
  size: number,
  given: readonly Batched<Tensor>[],
  f: (example: readonly Tensor[]) => readonly (Tensor | null)[],
) => readonly (Batched<Tensor> | null)[];

/** A tensor with the examples along its leading axis, also where all are equal. */
export function spread({ value, mapped }: Batched<Tensor>, size: number): Tensor {
  return mapped ? value : repeatTo(value, [size, ...value.shape]);
}

/** The share that a rule gives for an input: of one that is the same for every example, the sum over these. */
export function shareFor(found: Batched<Tensor> | null, mapped: boolean, size: number): Tensor | null {
  if (found === null) return null;
  return mapped ? spread(found, size) : sumCotangent(spread(found, size), [0], false);
}

/** Makes the batched forms of ops; `run` is how their rules are batched. */
export function batchedOps(run: RunBatched): (op: Structural) => Structural {
  const known = new WeakMap<Structural, Structural>();
  return (op) => {
    const found = known.get(op) ?? make(op, run);
    known.set(op, found);
    return found;
  };
}

function valueFor<V>(
  op: Structural,
  l: Lowering<V>,
  inputs: readonly V[],
  { own, mapped, size }: BatchedAttributes,
  joins: boolean,
): V {
  if (op.lower === undefined) {
    throw new GraphError({
      op: op.name,
      problem: "cannot be batched: it does not say what it is made of",
      hint: "compute this part outside of vmap",
      code: "NOT_BATCHABLE",
    });
  }
  const batched = new BatchedLowering(l, size, joins);
  return batched.spread(
    op.lower(
      batched,
      inputs.map((value, k) => ({ value, mapped: mapped[k]! })),
      own,
    ),
  );
}

/** The op of the same kind whose every rule is that of the op, run for all examples. */
function make(op: Structural, run: RunBatched): Structural {
  const common = {
    name: op.name,
    needs: op.needs,
    evaluate(inputs: readonly Tensor[], attributes: BatchedAttributes) {
      const value = valueFor(op, new Eager(attributes.call), inputs, attributes, false);
      // What an op records is a tensor of its own, also where it is made of nothing, as the identity is.
      return inputs.includes(value) ? new Tensor(value.shape, value.dtype, value.storage) : value;
    },
    ...(op.lower === undefined
      ? {}
      : {
          lower: <V>(l: Lowering<V>, inputs: readonly V[], attributes: BatchedAttributes) =>
            valueFor(op, l, inputs, attributes, true),
        }),
  };
  const batch = rulesOf(op, run);
  switch (op.kind) {
    case "linear":
      return linear(op, common, batch) as LinearOp;
    case "bilinear":
      return bilinear(op, common, batch) as BilinearOp;
    case "custom":
      return custom(op, common, batch) as CustomOp;
  }
}

/** A rule of an op for one example, by what it is given beside what was recorded. */
type Rule = (given: readonly (Tensor | null)[], recorded: Recorded<unknown>) => readonly (Tensor | null)[];

/** Runs a rule for all examples. What it is given beside what was recorded is mapped as `givenMapped` says. */
type BatchRule = (
  recorded: Recorded<BatchedAttributes>,
  given: readonly (Tensor | null)[],
  givenMapped: readonly boolean[],
  rule: Rule,
) => readonly (Batched<Tensor> | null)[];

function rulesOf(op: Structural, run: RunBatched): BatchRule {
  return ({ inputs, output, attributes, line }, given, givenMapped, rule) => {
    const { own, mapped, heldMapped, size } = attributes;
    const held = op.kind === "custom" && op.held !== undefined ? op.held(own) : [];
    const present = given.flatMap((value, k) => (value === null ? [] : [{ value, mapped: givenMapped[k]! }]));
    const recorded = [
      ...inputs.map((value, k) => ({ value, mapped: mapped[k]! })),
      { value: output, mapped: true },
      ...held.map((value, k) => ({ value, mapped: heldMapped[k]! })),
    ];
    return run(op.name, size, [...present, ...recorded], (example) => {
      const rest = [...example];
      const own1 = given.map((x) => (x === null ? null : rest.shift()!));
      const [ins, [out], kept] = [rest.splice(0, inputs.length), rest.splice(0, 1), rest];
      const withKept =
        op.kind === "custom" && op.withHeld !== undefined && kept.length > 0 ? op.withHeld(own, kept) : own;
      return rule(own1, { inputs: ins, output: out!, attributes: withKept, line });
    });
  };
}

type Common = Pick<LinearOp<BatchedAttributes>, "name" | "needs" | "evaluate" | "lower">;

function linear(op: LinearOp, common: Common, batch: BatchRule): LinearOp<BatchedAttributes> {
  return {
    ...common,
    kind: "linear",
    push(tangents, recorded) {
      const {
        attributes: { mapped, size },
      } = recorded;
      const [found] = batch(recorded, tangents, mapped, (given, one) => [
        op.push === undefined ? apply(op, given as Tensor[], one.attributes) : op.push(given as Tensor[], one),
      ]);
      return spread(found!, size);
    },
    transpose(cotangent, recorded, wanted) {
      const {
        attributes: { mapped, size },
      } = recorded;
      const shares = batch(recorded, [cotangent], [true], ([g], one) => op.transpose(g!, one, wanted));
      return mapped.map((one, k) => shareFor(shares[k] ?? null, one, size));
    },
  };
}

function bilinear(op: BilinearOp, common: Common, batch: BatchRule): BilinearOp<BatchedAttributes> {
  /** The cotangent of an input, in its shape: what was broadcast is summed for each example. */
  const pull = (
    k: 0 | 1,
    cotangent: Tensor,
    other: Tensor,
    recorded: Recorded<BatchedAttributes>,
    rule: (g: Tensor, other: Tensor, one: Recorded<unknown>) => Tensor,
  ): Tensor => {
    const {
      attributes: { mapped, size },
    } = recorded;
    const [share] = batch(recorded, [cotangent, other], [true, mapped[1 - k]!], ([g, x], one) => [
      sumTo(rule(g!, x!, one), one.inputs[k]!.shape),
    ]);
    return shareFor(share!, mapped[k]!, size)!;
  };
  const push = (
    first: Tensor,
    second: Tensor,
    recorded: Recorded<BatchedAttributes>,
    rule: (a: Tensor, b: Tensor, one: Recorded<unknown>) => Tensor,
  ): Tensor => {
    const {
      attributes: { mapped, size },
    } = recorded;
    const [found] = batch(recorded, [first, second], mapped, ([a, b], one) => [rule(a!, b!, one)]);
    return spread(found!, size);
  };
  return {
    ...common,
    kind: "bilinear",
    transposeLeft: (g, right, recorded, constant, plain) =>
      pull(0, g, right, recorded, (one, other, at) => op.transposeLeft(one, other, at, constant, plain)),
    transposeRight: (g, left, recorded, constant, plain) =>
      pull(1, g, left, recorded, (one, other, at) => op.transposeRight(one, other, at, constant, plain)),
    pushLeft: (tangent, right, recorded, constant) =>
      push(tangent, right, recorded, (t, b, at) => op.pushLeft(t, b, at, constant)),
    pushRight: (left, tangent, recorded, constant) =>
      push(left, tangent, recorded, (a, t, at) => op.pushRight(a, t, at, constant)),
  };
}

function custom(op: CustomOp, common: Common, batch: BatchRule): CustomOp<BatchedAttributes> {
  return {
    ...common,
    kind: "custom",
    vjp(cotangent, recorded, wanted) {
      const {
        attributes: { mapped, size },
      } = recorded;
      const shares = batch(recorded, [cotangent], [true], ([g], one) => op.vjp(g!, one, wanted));
      return mapped.map((one, k) => shareFor(shares[k] ?? null, one, size));
    },
    jvp(tangents, recorded) {
      const {
        attributes: { mapped, size },
      } = recorded;
      const [found] = batch(recorded, tangents, mapped, (given, one) => [
        op.jvp === undefined ? jvpFromVjp(op, one, given) : op.jvp(given, one),
      ]);
      return spread(found!, size);
    },
    ...(op.held === undefined ? {} : { held: ({ own }) => op.held!(own) }),
    ...(op.withHeld === undefined
      ? {}
      : { withHeld: (attributes, held) => ({ ...attributes, own: op.withHeld!(attributes.own, held) }) }),
  };
}

/** The inputs of an op for all examples, and what is known of them. */
export function attributesOf(
  op: Structural,
  own: unknown,
  inputs: readonly Batched<Tensor>[],
  held: readonly Batched<Tensor>[],
  size: number,
  call: Call,
): BatchedAttributes {
  const flags = (list: readonly Batched<Tensor>[]): boolean[] => list.map(({ mapped }) => mapped);
  const attributes =
    op.kind === "custom" && op.withHeld !== undefined && held.length > 0
      ? op.withHeld(
          own,
          held.map(({ value }) => value),
        )
      : own;
  return { own: attributes, mapped: flags(inputs), heldMapped: flags(held), size, call };
}
