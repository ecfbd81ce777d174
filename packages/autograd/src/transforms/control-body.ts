/** The bodies of loops and branches: traced once into a graph of their own, and computed again from other inputs. */

import type { Body, Leaf, Step } from "../graph/control.ts";
import { isFloat } from "../graph/dtype.ts";
import type { Node } from "../graph/node.ts";
import { isTracked, record, recordLeaf, withoutRecording, withScope } from "../graph/record.ts";
import { strong } from "../graph/shape.ts";
import type { Tensor } from "../graph/tensor.ts";
import { isTraced, sameValue, traced, tracing, withCall, withTrace, type Origin, type Trace } from "../graph/tracing.ts";
import { apply } from "../ops/apply.ts";
import { castTo } from "../ops/conversion.ts";
import { applyElementwise } from "../ops/elementwise.ts";

/** A function that was traced, before what it reads of outside has become parameters. */
export interface Recording {
  readonly trace: Trace;
  readonly parameters: readonly Tensor[];
  readonly results: readonly Tensor[];
}

/**
 * Runs `f` once on tensors without numbers. Its parameters are leaves of a scope, so that the nodes that it records say how
 * its results depend on them: what it holds constant stays constant in every derivative that is taken later.
 */
export function recordBody(op: string, parameters: readonly Leaf[], f: (leaves: readonly Tensor[]) => readonly Tensor[]): Recording {
  const outer = tracing();
  const trace: Trace = {
    name: outer?.name ?? op,
    origins: new Map(),
    ...(outer === null ? { states: new Map() } : { states: outer.states, outer }),
  };
  return withTrace(trace, () => withScope((scope) => {
    const inputs = parameters.map(({ shape, dtype }, index) => traced(strong(shape), dtype, { kind: "argument", index }));
    const results = f(inputs.map((x) => (isFloat(x.dtype) ? recordLeaf(x, scope) : x)));
    return { trace, parameters: inputs, results };
  }));
}

/** Makes bodies of functions that take the same parameters: what they read of outside stands behind these, in all of them. */
export function closeBodies(recordings: readonly Recording[]): { readonly bodies: readonly Body[]; readonly captured: readonly Tensor[] } {
  const captured = new Set<Tensor>();
  const steps = recordings.map((one) => neededSteps(one, captured));
  return {
    bodies: recordings.map(({ parameters, results }, k) => ({ parameters: [...parameters, ...captured], steps: steps[k]!, results })),
    captured: [...captured],
  };
}

/** The steps that lead to the results; what lies outside and is not a constant is added to `captured`. */
function neededSteps({ trace: { origins }, results }: Recording, captured: Set<Tensor>): Step[] {
  const homes = new Map<Node, Tensor>();
  for (const x of origins.keys()) if (x.node !== null) homes.set(x.node, x);
  const needed = new Set<Tensor>();
  const need = (x: Tensor): void => {
    if (origins.has(x)) needed.add(x);
    else if (isTraced(x) || isTracked(x)) captured.add(x);
  };
  results.forEach(need);
  const steps: Step[] = [];
  // Origins stand in the order of recording: walked backwards, what needs a value comes before the value.
  for (const [tensor, origin] of [...origins].reverse()) {
    if (!needed.has(tensor)) continue;
    const sources = origin.kind === "alias" && tensor.node !== null && tensor.node.op.kind !== "leaf" ? behind(tensor.node).map((x) => homeOf(x, homes)) : null;
    for (const x of [...sourcesOf(origin), ...(sources ?? [])]) need(x);
    steps.push({ tensor, origin, sources });
  }
  return steps.reverse();
}

/** What a derivative of a node reads: its inputs, and what an op by hand holds beside them. */
function behind({ op, inputs, attributes }: Node): readonly Tensor[] {
  return op.kind === "custom" && op.held !== undefined ? [...inputs, ...op.held(attributes)] : inputs;
}

/** The tensor that a node was recorded for, where only its place in the graph was kept. */
function homeOf(x: Tensor, homes: ReadonlyMap<Node, Tensor>): Tensor {
  return (x.node === null ? undefined : homes.get(x.node)) ?? x;
}

function sourcesOf(origin: Origin): readonly Tensor[] {
  return origin.kind === "alias" ? [origin.of] : origin.kind === "op" ? origin.inputs : [];
}

/**
 * The results of a body for inputs of the shapes and types of its parameters. What it recorded is recorded again, and nothing
 * else: a value that it held constant is a constant here too, and an op with a rule by hand keeps it.
 */
export function replay({ parameters, steps, results }: Body, inputs: readonly Tensor[]): Tensor[] {
  const values = new Map<Tensor, Tensor>(parameters.map((x, k) => [x, inputs[k]!]));
  const valueOf = (x: Tensor): Tensor => values.get(x) ?? x;
  for (const step of steps) {
    if (step.origin.kind === "op" || step.origin.kind === "alias") values.set(step.tensor, repeatStep(step, step.origin, valueOf));
  }
  return results.map(valueOf);
}

function repeatStep({ tensor, sources }: Step, origin: Extract<Origin, { kind: "op" | "alias" }>, valueOf: (x: Tensor) => Tensor): Tensor {
  const { node, dtype } = tensor;
  if (origin.kind === "op") {
    const { op, inputs, attributes, call } = origin;
    const run = (): Tensor => {
      if (op.kind === "elementwise") return applyElementwise(op, inputs.map(valueOf));
      if (op.kind === "leaf") return valueOf(inputs[0]!);
      return apply(op, inputs.map(valueOf), attributes);
    };
    return withCall(call, () => (node === null ? withoutRecording(run) : run()));
  }
  const of = valueOf(origin.of);
  if (node?.op.kind === "leaf") return of;
  const value = withoutRecording(() => (of.dtype === dtype ? sameValue(of) : castTo(of, dtype)));
  if (node === null || sources === null) return value;
  const [inputs, held] = [sources.slice(0, node.inputs.length), sources.slice(node.inputs.length)];
  const { op, attributes } = node;
  return record(op, inputs.map(valueOf), op.kind === "custom" && op.withHeld !== undefined ? op.withHeld(attributes, held.map(valueOf)) : attributes, value);
}
