/** The bodies of loops and branches: traced once into a graph of their own, and computed again from other inputs. */

import type { Body, Leaf, Step } from "../graph/control.ts";
import { isFloat } from "../graph/dtype.ts";
import type { Looped, PartAttributes } from "../graph/op.ts";
import type { Node } from "../graph/node.ts";
import { isTracked, record, recordLeaf, withoutRecording, withScope } from "../graph/record.ts";
import { Rooms } from "../graph/rooms.ts";
import { strong } from "../graph/shape.ts";
import type { Tensor } from "../graph/tensor.ts";
import {
  isTraced,
  Origins,
  sameValue,
  traced,
  tracing,
  withCall,
  withTrace,
  type Origin,
  type Trace,
} from "../graph/tracing.ts";
import { apply } from "../ops/apply.ts";
import { evaluateTraced } from "../ops/apply-traced.ts";
import { castTo } from "../ops/conversion.ts";
import { applyElementwise } from "../ops/elementwise.ts";
import { partOf, wholeOf } from "./control-op.ts";

/** A function that was traced, before what it reads of outside has become parameters. */
export interface Recording {
  readonly trace: Trace;
  readonly parameters: readonly Tensor[];
  readonly results: readonly Tensor[];
  /** Tensors that may be asked for later beside the results. */
  readonly beside?: readonly Tensor[];
}

/**
 * Runs `f` once on tensors without numbers. Its parameters are leaves of a scope, so that the nodes that it records say
 * how its results depend on them: what it holds constant stays constant in every derivative that is taken later.
 *
 * @param f - takes the parameters; `grow` makes one more
 * @param rooms - of its loops, where it is traced by itself
 */
export function recordBody(
  op: string,
  parameters: readonly Leaf[],
  f: (
    leaves: readonly Tensor[],
    grow: (leaf: Leaf) => { readonly parameter: Tensor; readonly leaf: Tensor },
  ) => readonly Tensor[],
  rooms = new Rooms(),
): Recording {
  const outer = tracing();
  const trace: Trace = {
    name: outer?.name ?? op,
    rooms: outer?.rooms ?? rooms,
    origins: new Origins(),
    evaluate: evaluateTraced,
    isReplayed: outer?.isReplayed ?? outer === null,
    ...(outer === null ? { states: new Map() } : { states: outer.states, outer }),
  };
  return withTrace(trace, () =>
    withScope((scope) => {
      const grow = ({ shape, dtype }: Leaf): { readonly parameter: Tensor; readonly leaf: Tensor } =>
        withTrace(trace, () => {
          const parameter = traced(strong(shape), dtype, { kind: "argument", index: -1 });
          return { parameter, leaf: isFloat(dtype) ? recordLeaf(parameter, scope) : parameter };
        });
      const inputs = parameters.map(grow);
      const results = f(
        inputs.map(({ leaf }) => leaf),
        grow,
      );
      return { trace, parameters: inputs.map(({ parameter }) => parameter), results };
    }),
  );
}

/**
 * Makes bodies of functions that take the same parameters: what they read of outside stands behind these, in all of
 * them.
 */
export function closeBodies(recordings: readonly Recording[]): {
  readonly bodies: readonly Body[];
  readonly captured: readonly Tensor[];
} {
  const captured = new Set<Tensor>();
  const steps = recordings.map((one) => neededSteps(one, captured));
  return {
    bodies: recordings.map(({ trace, parameters, results }, k) => ({
      parameters: [...parameters, ...captured],
      steps: steps[k]!,
      results,
      trace,
    })),
    captured: [...captured],
  };
}

/** Which parameters the results need. */
export function usedParameters(recording: Recording): ReadonlySet<Tensor> {
  const used = new Set<Tensor>();
  neededSteps(recording, new Set(), used);
  return used;
}

/** The steps that lead to the results; what lies outside and is not a constant is added to `captured`. */
function neededSteps(
  { trace: { origins }, results, beside = [] }: Recording,
  captured: Set<Tensor>,
  needed = new Set<Tensor>(),
): Step[] {
  const homes = new Map<Node, Tensor>();
  for (const x of origins.keys()) if (x.node !== null) homes.set(x.node, x);
  const need = (x: Tensor): void => {
    if (origins.has(x)) needed.add(x);
    else if (isTraced(x) || isTracked(x)) captured.add(x);
  };
  results.forEach(need);
  beside.forEach(need);
  const steps: Step[] = [];
  // Origins stand in the order of recording: walked backwards, what needs a value comes before the value.
  for (const [tensor, origin] of origins.backwards()) {
    if (!needed.has(tensor)) continue;
    const sources =
      origin.kind === "alias" && tensor.node !== null && tensor.node.op.kind !== "leaf"
        ? behind(tensor.node).map((x) => homeOf(x, homes))
        : null;
    for (const x of [...sourcesOf(origin), ...(sources ?? [])]) need(x);
    steps.push({ tensor, origin, sources });
  }
  return steps.reverse();
}

/** The tensors that a derivative of a node reads: its inputs, and what an op by hand holds beside them. */
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
 * Computes a body for inputs of the shapes and types of its parameters, and gives the value of each of its tensors.
 * What it recorded is recorded again, and nothing else: a value that it held constant is a constant here too, and an op
 * with a rule by hand keeps it.
 */
export function replay({ parameters, steps }: Body, inputs: readonly Tensor[]): (x: Tensor) => Tensor {
  const values = new Map<Tensor, Tensor>(parameters.map((x, k) => [x, inputs[k]!]));
  const valueOf = (x: Tensor): Tensor => values.get(x) ?? x;
  for (const step of steps) {
    if (step.origin.kind === "op" || step.origin.kind === "alias")
      values.set(step.tensor, repeatStep(step, step.origin, valueOf));
  }
  return valueOf;
}

/** Runs `make` where a body was traced. What it makes, of what is in the body alone, are steps more of the body. */
export function extend({ trace, parameters, steps }: Body, make: () => Tensor): Tensor {
  const made = withTrace(trace, make);
  const there = new Set([...parameters, ...steps.map(({ tensor }) => tensor)]);
  const needed = new Set([made]);
  const found: Step[] = [];
  for (const [tensor, origin] of trace.origins.backwards()) {
    if (!needed.has(tensor) || there.has(tensor)) continue;
    const sources = origin.kind === "alias" && tensor.node !== null ? tensor.node.inputs : null;
    for (const x of [...sourcesOf(origin), ...(sources ?? [])]) needed.add(x);
    found.push({ tensor, origin, sources });
  }
  steps.push(...found.reverse());
  return made;
}

function repeatStep(
  { tensor, sources }: Step,
  origin: Extract<Origin, { kind: "op" | "alias" }>,
  valueOf: (x: Tensor) => Tensor,
): Tensor {
  const { node, dtype } = tensor;
  if (origin.kind === "op") {
    const { op, inputs, attributes, call } = origin;
    const run = (): Tensor => {
      if (op.kind === "elementwise") return applyElementwise(op, inputs.map(valueOf));
      if (op.kind === "leaf") return valueOf(inputs[0]!);
      if (op.kind === "control") return wholeOf(op, (attributes as Looped).control, inputs.map(valueOf));
      if (op.kind === "part") return partOf(valueOf(inputs[0]!), (attributes as PartAttributes).part);
      return apply(op, inputs.map(valueOf), attributes);
    };
    return withCall(call, () => (node === null ? withoutRecording(run) : run()));
  }
  const of = valueOf(origin.of);
  // Where a transform inside began, a sum of cotangents begins; a parameter of the body is what it is handed.
  if (node?.op.kind === "leaf") return origin.of.node !== null && isTracked(of) ? recordLeaf(of, of.node!.scope) : of;
  const value = withoutRecording(() => (of.dtype === dtype ? sameValue(of) : castTo(of, dtype)));
  if (node === null || sources === null) return value;
  const [inputs, held] = [sources.slice(0, node.inputs.length), sources.slice(node.inputs.length)];
  const { op, attributes } = node;
  return record(
    op,
    inputs.map(valueOf),
    op.kind === "custom" && op.withHeld !== undefined ? op.withHeld(attributes, held.map(valueOf)) : attributes,
    value,
  );
}
