/** The only birthplace of nodes: decides whether an operation is recorded, gives the next id, keeps what the rule needs. */

import { callerLine, NonFiniteError, showShape } from "../errors.ts";
import { isFloat } from "./dtype.ts";
import { Node, TAPE, type Scope } from "./node.ts";
import type { LeafOp, Op } from "./op.ts";
import { Tensor } from "./tensor.ts";

let nextId = 1;
let nextScope = 1;
let recording = true;
let watching = false;

/** Whether a derivative may be asked of this tensor: it depends on something whose scope is open. */
export function isTracked(x: Tensor): boolean {
  return recording && x.node !== null && x.node.scope.live;
}

/** A tensor with the shape and the place in the graph of `x`, but without its numbers. */
function withoutNumbers(x: Tensor): Tensor {
  const ghost = new Tensor(x.shape, x.dtype, null);
  ghost.node = x.node;
  return ghost;
}

/** The outermost open scope among the inputs; `null` where nothing is to be recorded. */
function scopeOf(inputs: readonly Tensor[]): Scope | null {
  let scope: Scope | null = null;
  for (let i = 0; i < inputs.length; i++) {
    const node = inputs[i]!.node;
    if (node !== null && node.scope.live && (scope === null || node.scope.id < scope.id)) scope = node.scope;
  }
  return scope;
}

/**
 * Attaches to a fresh output the node that says how it was computed, where some derivative may be asked of it.
 * Every op passes through here once, after its value is known.
 */
export function record(op: Op, inputs: readonly Tensor[], attributes: unknown, output: Tensor): Tensor {
  if (watching) watchValue(op, inputs, output);
  if (!recording) return output;
  const scope = scopeOf(inputs);
  if (scope === null || !isFloat(output.dtype)) return output;
  const { needs } = op;
  // Numbers inside scalars cost nothing to keep; memory that no rule reads is let go.
  let kept = inputs;
  if (needs !== "inputs" && needs !== "both") {
    for (let i = 0; i < inputs.length; i++) {
      const x = inputs[i]!;
      if (typeof x.storage === "number" || x.storage === null) continue;
      if (kept === inputs) kept = inputs.slice();
      (kept as Tensor[])[i] = withoutNumbers(x);
    }
  }
  const node = new Node(nextId++, op, kept, output, attributes, scope, watching ? callerLine() : null);
  output.node = node;
  if (typeof output.storage !== "number" && needs !== "output" && needs !== "both") node.output = withoutNumbers(output);
  return output;
}

const leaf: LeafOp = { kind: "leaf", name: "input", needs: "nothing" };

/**
 * A new tensor with the value of `x` from which a scope's graph grows. Where `x` itself is tracked outside, the leaf is the
 * identity on it, so that outer derivatives pass through.
 */
export function recordLeaf(x: Tensor, scope: Scope): Tensor {
  const output = new Tensor(x.shape, x.dtype, x.storage);
  const outer = isTracked(x) ? x.node!.scope : scope;
  output.node = new Node(nextId++, leaf, [withoutNumbers(x)], withoutNumbers(output), null, outer, watching ? callerLine() : null);
  return output;
}

/** A leaf of the tape, for `backward`: a tensor whose gradient the user asked for when making it. */
export function recordVariable(x: Tensor): Tensor {
  const output = new Tensor(x.shape, x.dtype, x.storage);
  output.node = new Node(nextId++, leaf, [], withoutNumbers(output), { gradient: null } satisfies GradientSlot, TAPE, null);
  return output;
}

/** Where `backward` leaves the gradient of a tensor made with `requiresGrad`. */
export interface GradientSlot {
  gradient: Tensor | null;
}

/** The place for the gradient of a tape leaf; `null` for every other tensor. */
export function gradientSlot(x: Tensor): GradientSlot | null {
  const node = x.node;
  return node !== null && node.op.kind === "leaf" && node.scope === TAPE && node.attributes !== null ? (node.attributes as GradientSlot) : null;
}

/** Runs `body` inside a new scope, which closes when it ends, however it ends. */
export function withScope<R>(body: (scope: Scope) => R): R {
  const scope: Scope = { id: nextScope++, live: true };
  // A transform inside `noGrad` differentiates its own function all the same.
  const outside = recording;
  recording = true;
  try {
    return body(scope);
  } finally {
    scope.live = false;
    recording = outside;
  }
}

/** Runs `body` while tensors of the tape count as constants. */
export function withTapeClosed<R>(body: () => R): R {
  const former = TAPE.live;
  TAPE.live = false;
  try {
    return body();
  } finally {
    TAPE.live = former;
  }
}

/** Runs `body` without recording anything. */
export function withoutRecording<R>(body: () => R): R {
  const former = recording;
  recording = false;
  try {
    return body();
  } finally {
    recording = former;
  }
}

/** Runs `body` in anomaly mode; see `inspect/anomaly.ts`. */
export function withWatch<R>(body: () => R): R {
  const former = watching;
  watching = true;
  try {
    return body();
  } finally {
    watching = former;
  }
}

export function isWatching(): boolean {
  return watching;
}

/** The first entry that is not finite, or `null`. */
export function firstNonFinite(x: Tensor): { readonly index: number; readonly value: number } | null {
  const { storage } = x;
  if (storage === null || !isFloat(x.dtype)) return null;
  if (typeof storage === "number") return Number.isFinite(storage) ? null : { index: 0, value: storage };
  const index = storage.findIndex((value: number) => !Number.isFinite(value));
  return index < 0 ? null : { index, value: storage[index]! };
}

function watchValue(op: Op, inputs: readonly Tensor[], output: Tensor): void {
  const found = firstNonFinite(output);
  // A value that was not finite before this op is the fault of an earlier one, or of the data.
  if (found === null || inputs.some((x) => firstNonFinite(x) !== null)) return;
  throw new NonFiniteError({
    op: op.name,
    problem: `the value has ${found.value} at entry ${found.index} of ${showShape(output.shape)}, and every input is finite`,
    hint: "look at the inputs of this op",
    shapes: [...inputs.map((x) => x.shape), output.shape],
  });
}
