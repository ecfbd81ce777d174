/** Ops with several results: one node for the call, and one for each result, so that a sweep runs a rule once. */

import type { Leaf, Part, Several } from "../graph/control.ts";
import type { Lowering } from "../graph/lowering.ts";
import type { Node } from "../graph/node.ts";
import type { ControlOp, Looped, Recorded, Share } from "../graph/op.ts";
import { isTracked, isWatching, watchResult, withinRule, withWatch } from "../graph/record.ts";
import { shapes } from "../graph/shapes-only.ts";
import { lookAt } from "../graph/runs.ts";
import { strong } from "../graph/shape.ts";
import { isWeak, Tensor } from "../graph/tensor.ts";
import { isTraced } from "../graph/tracing.ts";
import { asOwn } from "../ops/own.ts";
import { Eager } from "../primitives/eager.ts";
import { fit as fitTangent, watchTangent } from "../sweep/forward.ts";
import { fit as fitShare, watchCotangent } from "../sweep/reverse.ts";
import { controlOp, partOf, partsOf, wholeOf } from "./control-op.ts";

/** The record of a call that a rule may look at. */
export interface SeveralRecord<A> {
  readonly inputs: readonly Tensor[];
  readonly outputs: readonly Tensor[];
  /** All that the call was given beside its inputs. */
  readonly given: A;
  readonly line: string | null;
}

/** (y₀, y₁, …) = f(x₀, x₁, …) */
export interface SeveralOp<A = unknown> {
  readonly name: string;
  /** The results, in the operations of a program. */
  lower<V>(l: Lowering<V>, inputs: readonly V[], given: A): readonly V[];
  /** Σ Jₖᵀ gₖ for each input that is wanted; the cotangent of a result that nothing reads is `null`. */
  pull(
    cotangents: readonly (Tensor | null)[],
    recorded: SeveralRecord<A>,
    wanted: readonly boolean[],
  ): readonly (Tensor | null | undefined)[];
  /** Jₖ t for each result, `null` for one that has no tangent. */
  push(tangents: readonly (Tensor | null)[], recorded: SeveralRecord<A>): readonly (Tensor | null)[];
}

const made = new WeakMap<SeveralOp, ControlOp<Several>>();
const origins = new WeakMap<ControlOp, SeveralOp>();

/** The op with several results that a node or a trace calls; `null` for loops and branches. */
export function severalOf(op: ControlOp): SeveralOp | null {
  return origins.get(op) ?? null;
}

/** The results of a call, each a tensor of its own. */
export function applySeveral<A>(op: SeveralOp<A>, inputs: readonly Tensor[], given: A): readonly Tensor[] {
  if (!isWatching() && !inputs.some((x) => isTraced(x) || isTracked(x))) return atOnce(op as SeveralOp, inputs, given);
  const results = op.lower(shapes, inputs, given).map(({ shape, dtype }): Leaf => ({ shape, dtype }));
  const whole = wholeOf(nodeOpOf(op as SeveralOp), { kind: "several", results, given }, inputs);
  const outputs = results.map((_, k) => partOf(whole, k));
  if (isWatching()) for (const x of outputs) watchResult(op.name, inputs, x);
  return outputs;
}

/** The results where no derivative can be asked for. */
function atOnce(op: SeveralOp, inputs: readonly Tensor[], given: unknown): readonly Tensor[] {
  lookAt(inputs, "op");
  return valuesOf(op, inputs, given);
}

/** The results, read at once: tensors of their own, which keep their type beside others. */
function valuesOf(op: SeveralOp, inputs: readonly Tensor[], given: unknown): readonly Tensor[] {
  const results = op.lower(new Eager({ op: op.name, line: null }), inputs, given);
  const isTaken = (x: Tensor, k: number): boolean => isWeak(x) || inputs.includes(x) || results.indexOf(x) !== k;
  return results.map((x, k) => (isTaken(x, k) ? new Tensor(strong(x.shape), x.dtype, x.storage) : x));
}

function nodeOpOf(op: SeveralOp): ControlOp<Several> {
  const found = made.get(op) ?? make(op);
  made.set(op, found);
  return found;
}

function make(op: SeveralOp): ControlOp<Several> {
  const own: ControlOp<Several> = {
    ...controlOp<Several>(op.name, {
      pull: (cotangents, recorded, wanted) => pull(op, cotangents, recorded, wanted),
      push: (tangents, recorded) => push(op, tangents, recorded),
      elsewhere: ({ given }, inputs) => (inputs.some(isTraced) ? null : computed(op, inputs, given)),
    }),
    lower: (l, inputs, { control }) => l.several(op.lower(l, inputs, control.given)),
  };
  origins.set(own as ControlOp, op);
  return own;
}

/** The results of a call outside of traces, all of them computed where the first is asked for. */
function computed(op: SeveralOp, inputs: readonly Tensor[], given: unknown): (part: Part) => Tensor {
  let results: readonly Tensor[] | null = null;
  // In anomaly mode the results are looked at, by the name of the op, and not what it computes on its way.
  const compute = (): readonly Tensor[] => withWatch(() => valuesOf(op, inputs, given), false);
  return (part) => (results ??= compute())[part as number]!;
}

function recordOf(recorded: Recorded<Looped<Several>>): SeveralRecord<unknown> {
  const { inputs, attributes, line } = recorded;
  const { results, given } = attributes.control;
  const output = partsOf(recorded as Recorded<Looped>);
  return { inputs, outputs: results.map((_, k) => output(k)), given, line };
}

// y = f(x)     x̄ += Σ Jₖᵀ ȳₖ over the results that something reads
function pull(
  op: SeveralOp,
  cotangents: ReadonlyMap<Part, Tensor>,
  recorded: Recorded<Looped<Several>>,
  wanted: readonly boolean[],
): Share[] {
  // What is swept is the node itself.
  const node = recorded as unknown as Node;
  const gs = recorded.attributes.control.results.map((_, k) => cotangents.get(k) ?? null);
  const shares = within(node, () => {
    const given = op.pull(gs, recordOf(recorded), wanted);
    return given.map((share, k) =>
      share === null || share === undefined || !wanted[k] ? null : fitShare(share, k, node),
    );
  });
  if (isWatching()) {
    for (const g of gs) if (g !== null) watchCotangent(g, null, node);
    shares.forEach((share, k) => share === null || watchCotangent(share, k, node));
  }
  return shares.flatMap((share, input) =>
    share === null ? [] : [{ input, value: gs.includes(share) ? asOwn(share) : share, isTotal: false }],
  );
}

// y = f(x)     ẏₖ = Jₖ ẋ
function push(
  op: SeveralOp,
  tangents: readonly (Tensor | null)[],
  recorded: Recorded<Looped<Several>>,
): (part: Part) => Tensor | null {
  const node = recorded as unknown as Node;
  const record = recordOf(recorded);
  const along = within(node, () => op.push(tangents, record)).map((tangent, k) => {
    if (tangent === null) return null;
    const result = { op: node.op, line: node.line, output: record.outputs[k]! };
    const fitted = fitTangent(tangent, result);
    if (isWatching()) watchTangent(fitted, result);
    return fitted;
  });
  return (part) => along[part as number]!;
}

function within<R>(node: Node, body: () => R): R {
  return isWatching() ? withinRule(node, body) : body();
}
