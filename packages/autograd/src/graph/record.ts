/**
 * The only birthplace of nodes: decides whether an operation is recorded, gives the next id, keeps what the rule needs.
 */

import { callerLine } from "../caller.ts";
import { NonFiniteError, showShape } from "../errors.ts";
import { isFloat } from "./dtype.ts";
import { Node, TAPE, type Scope } from "./node.ts";
import type { LeafOp, Needs, Op, PartOp } from "./op.ts";
import { running, lookAt } from "./runs.ts";
import { Tensor } from "./tensor.ts";
import { sameValue } from "./tracing.ts";

let nextId = 1;
let nextScope = 1;
/** The scope that was opened last and is still open. */
let innermost: Scope | null = null;
let recording = true;
let watching = false;
/** Kept instead of what each rule needs, where a drawing shows every number. */
let keep: Needs | null = null;
/** In anomaly mode, while a rule runs: the line of the node that it belongs to. */
let ruleLine: string | null | undefined;

/** True if a derivative may be asked of this tensor: it depends on something whose scope is open. */
export function isTracked(x: Tensor): boolean {
  return recording && x.node !== null && x.node.scope.live;
}

/** No node; nothing is ever added. */
const NONE: ReadonlySet<Node> = new Set();
/** While a transform runs its function: the nodes whose numbers were read, as by `item()`. */
let reads: ReadonlySet<Node> | null = null;

function addRead(node: Node): void {
  if (reads === NONE) reads = new Set();
  (reads as Set<Node>).add(node);
}

/** Notes that the numbers of a tensor leave the graph. */
export function noteRead(x: Tensor): void {
  if (reads !== null && isTracked(x)) addRead(x.node!);
}

/** Runs `body` and says of which nodes it has read the numbers. */
export function withReads<R>(body: () => R): { readonly result: R; readonly reads: ReadonlySet<Node> } {
  const outside = reads;
  reads = NONE;
  try {
    const result = body();
    return { result, reads };
  } finally {
    const own = reads;
    reads = outside;
    if (outside !== null) for (const node of own) addRead(node);
  }
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
  if (watching || running !== null) look(op, inputs, output);
  if (!recording) return output;
  const scope = scopeOf(inputs);
  if (scope === null || !isFloat(output.dtype)) return output;
  const node = new Node(nextId++, op, inputs, output, attributes, scope, watching ? lineNow() : null);
  output.node = node;
  // Numbers inside scalars cost nothing to keep.
  if (op.kind !== "elementwise" || typeof output.storage !== "number") letGo(node, keep ?? op.needs);
  return output;
}

/** Looks at what is computed, in anomaly mode or in a run of what a user wrote. */
function look(op: Op, inputs: readonly Tensor[], output: Tensor): void {
  // What a rule computes on its way may be infinite where its result is not; the sweep looks at the result.
  if (watching && ruleLine === undefined) watchValue(op, inputs, output);
  lookAt(inputs, "op");
}

/** Lets go of memory that no rule reads. */
function letGo(node: Node, needs: Needs): void {
  const { inputs, output } = node;
  const isLight = (x: Tensor): boolean => typeof x.storage === "number" || x.storage === null;
  if (needs !== "inputs" && needs !== "both" && !inputs.every(isLight)) {
    node.inputs = inputs.map((x) => (isLight(x) ? x : withoutNumbers(x)));
  }
  if (typeof output.storage !== "number" && output.storage !== null && needs !== "output" && needs !== "both")
    node.output = withoutNumbers(output);
}

const leaf: LeafOp = { kind: "leaf", name: "input", needs: "nothing" };

/**
 * A new tensor with the value of `x` from which a scope's graph grows. Where `x` itself is tracked outside, the leaf is
 * the identity on it, so that outer derivatives pass through.
 */
export function recordLeaf(x: Tensor, scope: Scope): Tensor {
  const output = sameValue(x);
  const outer = isTracked(x) ? x.node!.scope : scope;
  output.node = new Node(nextId++, leaf, [withoutNumbers(x)], withoutNumbers(output), null, outer, lineNow());
  return output;
}

/** The node of an op once more, with other values in place of those that it was recorded with. */
export function renewed(node: Node, inputs: readonly Tensor[], output: Tensor, attributes: unknown): Node {
  return new Node(node.id, node.op, inputs, output, attributes, node.scope, node.line);
}

/** A node that stands in a sweep for something that it ends at, where no node of the graph does. */
export function endOf(output: Tensor): Node {
  return new Node(0, leaf, [], output, null, TAPE, null);
}

/** Makes `output` a part of what the node of `whole` computes, which is asked for when a derivative needs it. */
export function recordPart(op: PartOp, whole: Tensor, attributes: unknown, output: Tensor): Tensor {
  if (whole.node !== null && isFloat(output.dtype))
    output.node = new Node(nextId++, op, [whole], output, attributes, whole.node.scope, whole.node.line);
  return output;
}

/** The number of the node that was born last. */
export function newestNode(): number {
  return nextId - 1;
}

/** A leaf of the tape, for `backward`: a tensor whose gradient the user asked for when making it. */
export function recordVariable(x: Tensor): Tensor {
  const output = new Tensor(x.shape, x.dtype, x.storage);
  output.node = new Node(
    nextId++,
    leaf,
    [],
    withoutNumbers(output),
    { gradient: null } satisfies GradientSlot,
    TAPE,
    null,
  );
  return output;
}

/** The slot in which `backward` leaves the gradient of a tensor made with `requiresGrad`. */
export interface GradientSlot {
  gradient: Tensor | null;
}

/** The place for the gradient of a tape leaf; `null` for every other tensor. */
export function gradientSlot(x: Tensor): GradientSlot | null {
  const node = x.node;
  return node !== null && node.op.kind === "leaf" && node.scope === TAPE && node.attributes !== null
    ? (node.attributes as GradientSlot)
    : null;
}

/** Runs `body` inside a new scope, which closes when it ends, however it ends. */
export function withScope<R>(body: (scope: Scope) => R): R {
  const scope: Scope = { id: nextScope++, live: true, outer: innermost };
  // A transform inside `noGrad` differentiates its own function all the same.
  const outside = recording;
  const around = innermost;
  recording = true;
  innermost = scope;
  try {
    return body(scope);
  } finally {
    scope.live = false;
    recording = outside;
    innermost = around;
  }
}

/**
 * True if tensors depend on more than the arguments of the innermost transform. What depends on these alone is constant
 * when that transform sweeps, and nothing else can ask for its derivative.
 */
export function isFollowedOutside(inputs: readonly Tensor[]): boolean {
  const scope = recording ? scopeOf(inputs) : null;
  return scope !== null && scope !== innermost;
}

/**
 * True if what a sweep makes of a tensor may be differentiated again: it depends on more than the arguments of the
 * innermost transform.
 */
export function mayBeSweptAgain(x: Tensor): boolean {
  return isTracked(x) && x.node!.scope !== (innermost ?? TAPE);
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

/** How many transforms are under way: of so many orders a derivative may be asked for, unless the tape is used. */
export function openScopes(): number {
  let count = 0;
  for (let scope = innermost; scope !== null; scope = scope.outer) if (scope.live) count++;
  return count;
}

/** While `backward` records its sweep, so that it can be swept again. */
let sweptAgain = false;

/**
 * True while `backward` sweeps with `createGraph`: of how many orders derivatives will be asked for is not known then.
 */
export function isSweptAgain(): boolean {
  return sweptAgain;
}

/** Runs the sweep of `backward` with `createGraph`. */
export function withSweptAgain<R>(body: () => R): R {
  const former = sweptAgain;
  sweptAgain = true;
  try {
    return body();
  } finally {
    sweptAgain = former;
  }
}

/** True if a derivative may be asked for by the tape. */
export function isOnTape(x: Tensor): boolean {
  return isTracked(x) && x.node!.scope === TAPE;
}

/**
 * Runs `body` while all that is tracked counts as constant, and transforms inside differentiate their own functions
 * alone.
 */
export function withOutsideClosed<R>(body: () => R): R {
  const closed: Scope[] = [];
  for (let scope = innermost; scope !== null; scope = scope.outer) if (scope.live) closed.push(scope);
  for (const scope of closed) scope.live = false;
  try {
    return withTapeClosed(body);
  } finally {
    for (const scope of closed) scope.live = true;
  }
}

/**
 * Returns what runs a body once more among the transforms that are under way now, although they may have ended by then.
 */
export function amongScopes(): <R>(body: () => R) => R {
  const place = innermost;
  const open = TAPE.live ? [TAPE] : [];
  for (let scope = innermost; scope !== null; scope = scope.outer) if (scope.live) open.push(scope);
  return (body) => {
    const closed = open.filter(({ live }) => !live);
    const [around, outside] = [innermost, recording];
    for (const scope of closed) scope.live = true;
    innermost = place;
    recording = true;
    try {
      return body();
    } finally {
      for (const scope of closed) scope.live = false;
      innermost = around;
      recording = outside;
    }
  };
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

/** Runs `body` while every node keeps its inputs and its output, whatever its rule needs. */
export function withAllKept<R>(body: () => R): R {
  const former = keep;
  keep = "both";
  try {
    return body();
  } finally {
    keep = former;
  }
}

/** Runs `body` in anomaly mode, see `inspect/anomaly.ts`, or out of it. */
export function withWatch<R>(body: () => R, on = true): R {
  const former = watching;
  watching = on;
  try {
    return body();
  } finally {
    watching = former;
  }
}

export function isWatching(): boolean {
  return watching;
}

/** Runs the rule of a node: in anomaly mode, what it records belongs to the line of the node. */
export function withinRule<R>(node: Node, body: () => R): R {
  const former = ruleLine;
  ruleLine = node.line;
  try {
    return body();
  } finally {
    ruleLine = former;
  }
}

/** The line that a node belongs to, which is looked for in anomaly mode only. */
function lineNow(): string | null {
  if (!watching) return null;
  return ruleLine === undefined ? callerLine() : ruleLine;
}

/** The first entry that is not finite, or the first that is NaN; `null` where there is none. */
export function firstNonFinite(x: Tensor, onlyNaN = false): { readonly index: number; readonly value: number } | null {
  const { storage } = x;
  if (storage === null || !isFloat(x.dtype)) return null;
  const bad = onlyNaN ? Number.isNaN : (value: number): boolean => !Number.isFinite(value);
  if (typeof storage === "number") return bad(storage) ? { index: 0, value: storage } : null;
  const index = storage.findIndex(bad);
  return index < 0 ? null : { index, value: storage[index]! };
}

/** Looks at a result of an op that has several. */
export function watchResult(name: string, inputs: readonly Tensor[], output: Tensor): void {
  if (ruleLine === undefined) watchValue({ name }, inputs, output);
}

/**
 * Refuses a value that an op made not finite. Infinite data is taken as meant, as in a mask of -Infinity, and what it
 * leads to passes while it is infinite; a NaN is never meant.
 */
function watchValue(op: Pick<Op, "name">, inputs: readonly Tensor[], output: Tensor): void {
  if (firstNonFinite(output) === null) return;
  const nan = firstNonFinite(output, true);
  const infinite = inputs.some((x) => firstNonFinite(x) !== null);
  if (nan === null && infinite) return;
  const shapes = [...inputs.map((x) => x.shape), output.shape];
  for (const [k, x] of inputs.entries()) {
    const given = firstNonFinite(x, true);
    if (given === null) continue;
    throw new NonFiniteError({
      op: op.name,
      problem: `input ${k} has NaN at entry ${given.index} of ${showShape(x.shape)}, and no op that was watched made it`,
      hint: "look at the data, or watch the ops that computed it as well",
      shapes,
    });
  }
  const found = nan ?? firstNonFinite(output)!;
  throw new NonFiniteError({
    op: op.name,
    problem: `the value has ${found.value} at entry ${found.index} of ${showShape(output.shape)}, and ${infinite ? "no input has a NaN" : "every input is finite"}`,
    hint: "look at the inputs of this op",
    shapes,
  });
}
