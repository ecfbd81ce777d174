/**
 * Loop fusion: values are gathered into kernels. Whatever goes over the same entries is one loop, and is kept in memory
 * only where something else reads it.
 */

import type { Kernel } from "./kernel.ts";
import { straightIn } from "./basic-blocks.ts";
import { ById } from "../ir/by-id.ts";
import type { KernelKind } from "../ir/kinds/rules.ts";
import { rulesOf } from "../ir/kinds/table.ts";
import { inputsOf, isDense, sourceOf, type Value } from "../ir/value.ts";
import type { BuiltControl } from "../ir/control.ts";
import { countOf, sameShape } from "../../graph/shape.ts";

const MOST_MEMBERS = 1000;
const LOOK_BACK = 12;

/** The kind of kernel that computes a value. */
const kernelOf = ({ definition, count }: Value): KernelKind | null => rulesOf(definition).kernel(definition, count);

/** The number of entries that the loop of a value walks. */
const entriesOf = ({ definition, count }: Value): number => rulesOf(definition).entries(definition, count);

export const squeezed = (shape: readonly number[]): readonly number[] => shape.filter((size) => size !== 1);

/** The frame that a value demands: none where all that it reads lies as densely as itself, or is one number. */
function frameOf(member: Value): readonly number[] | null {
  const { definition } = member;
  if (definition.kind === "reduce") {
    const { outer, size } = definition;
    const x = definition.inputs[0];
    const { view } = sourceOf(x);
    const rows = squeezed([outer, size]);
    if (isDense(x.shape, view) || x.definition.kind === "scalar") return outer === 1 ? null : rows;
    return squeezed(x.shape);
  }
  for (const x of inputsOf(member)) {
    if (x.definition.kind === "scalar") continue;
    const { source, view } = sourceOf(x);
    const constant = view.strides.every((stride, axis) => stride === 0 || x.shape[axis] === 1);
    if (constant || (isDense(x.shape, view) && source.count === x.count)) continue;
    return squeezed(member.shape);
  }
  return null;
}

/** True if the innermost loop of a frame is the run that a reduction sums. */
export function fitsReduction(
  frame: readonly number[],
  { outer, size }: { readonly outer: number; readonly size: number },
): boolean {
  return (frame.at(-1) ?? 1) === size && countOf(frame.slice(0, -1)) === outer;
}

/** A kernel among others, by those whose results it reads; a stage may put another kernel in its place. */
export interface Node {
  kernel: Kernel;
  readonly needs: Set<Node>;
}

/** True if a kernel needs another, itself or through others. */
export function reaches(from: Node, target: Node): boolean {
  const seen = new Set([from]);
  // A set is walked in the order in which it grows.
  for (const node of seen) {
    if (node === target) return true;
    for (const below of node.needs) seen.add(below);
  }
  return false;
}

type Reduction = Extract<Value["definition"], { kind: "reduce" }>;

/** A kernel that values still join. */
interface Draft {
  readonly kind: KernelKind;
  readonly members: Value[];
  readonly memberSet: Set<Value>;
  frame: readonly number[];
  framed: boolean;
  readonly needs: Set<Draft>;
  readonly order: number;
  readonly reductions: Reduction[];
  /** Values that its members read. */
  readonly sources: Set<Value>;
  /** Larger than that of all drafts that it needs: what is not larger needs nothing of it. */
  level: number;
  /** The drafts that need it. */
  readonly above: Set<Draft>;
  /** True if nothing else joins it. */
  closed: boolean;
}

/** A kernel that a value reads from. */
interface Producer {
  readonly kernel: Draft;
  /** True if it is read entry by entry, in the order in which it is computed. */
  readonly same: boolean;
}

/** Puts values into kernels, one after another. */
class Fuser {
  readonly kernels: Draft[] = [];
  readonly #home = new ById<Draft>();
  readonly #controls = new Map<BuiltControl, Draft>();

  add(value: Value): void {
    const kind = kernelOf(value);
    if (kind === null) return;
    if (kind === "loop") return this.#addLooped(value);
    const { definition } = value;
    if (definition.kind !== "control") {
      this.#open(kind, value);
      return;
    }
    const shared = this.#controls.get(definition.built);
    if (shared !== undefined) this.#join(shared, value, this.#producers(value));
    else this.#controls.set(definition.built, this.#open(kind, value));
  }

  /** Scalars as a kernel of their own, which nothing else joins. */
  addBlock(block: readonly Value[]): void {
    const kernel = this.#make("loop");
    for (const value of block) {
      for (const x of inputsOf(value)) {
        const below = this.#home.get(x.definition.kind === "view" ? sourceOf(x).source : x);
        if (below !== undefined) this.#need(kernel, below);
      }
      kernel.members.push(value);
      kernel.memberSet.add(value);
      this.#home.set(value, kernel);
    }
    kernel.closed = true;
  }

  #addLooped(value: Value): void {
    const producers = this.#producers(value);
    const chosen = this.#choose(value, producers);
    if (chosen === null) {
      const kernel = this.#open("loop", value, producers);
      const demanded = frameOf(value);
      kernel.framed = demanded !== null;
      kernel.frame = demanded ?? squeezed([entriesOf(value)]);
      return;
    }
    Object.assign(chosen.kernel, chosen.agreed);
    this.#join(chosen.kernel, value, producers);
  }

  /**
   * A kernel that a value may join: the latest that computes what it reads, else one of the latest that are beside it.
   */
  #choose(value: Value, producers: readonly Producer[]): { readonly kernel: Draft; readonly agreed: Agreed } | null {
    const beside: Draft[] = [];
    for (const { kernel } of producers) if (!beside.includes(kernel)) beside.push(kernel);
    if (beside.length > 1) beside.sort((a, b) => b.order - a.order);
    for (const kernel of beside) {
      const agreed = this.#agree(kernel, value);
      if (agreed !== null && this.#mayJoin(kernel, producers)) return { kernel, agreed };
    }
    const { kernels } = this;
    for (let at = kernels.length - 1; at >= 0 && at >= kernels.length - LOOK_BACK; at--) {
      const kernel = kernels[at]!;
      if (kernel.kind !== "loop" || beside.includes(kernel)) continue;
      if (countOf(kernel.frame) !== 1 && !this.#sharesInput(kernel, value)) continue;
      const agreed = this.#agree(kernel, value);
      if (agreed !== null && this.#mayJoin(kernel, producers)) return { kernel, agreed };
    }
    return null;
  }

  #make(kind: KernelKind): Draft {
    const draft: Draft = {
      kind,
      members: [],
      memberSet: new Set(),
      frame: [],
      framed: false,
      needs: new Set(),
      order: this.kernels.length,
      reductions: [],
      sources: new Set(),
      level: 0,
      above: new Set(),
      closed: false,
    };
    this.kernels.push(draft);
    return draft;
  }

  #open(kind: KernelKind, value: Value, producers = this.#producers(value)): Draft {
    const kernel = this.#make(kind);
    this.#join(kernel, value, producers);
    return kernel;
  }

  /** Notes that a kernel needs another. */
  #need(kernel: Draft, below: Draft): void {
    if (below === kernel || kernel.needs.has(below)) return;
    kernel.needs.add(below);
    const { above, level } = below;
    above.add(kernel);
    this.#raise(kernel, level + 1);
  }

  /** The kernels that compute what a value reads. */
  #producers(value: Value): Producer[] {
    const found: Producer[] = [];
    for (const x of inputsOf(value)) {
      const isView = x.definition.kind === "view";
      const source = isView ? sourceOf(x).source : x;
      const kernel = this.#home.get(source);
      if (kernel === undefined) continue;
      found.push({
        kernel,
        same:
          source.definition.kind !== "reduce" &&
          (!isView || (source.count === x.count && isDense(x.shape, sourceOf(x).view))),
      });
    }
    return found;
  }

  #join(kernel: Draft, value: Value, producers: readonly Producer[]): void {
    for (const { kernel: below } of producers) this.#need(kernel, below);
    kernel.members.push(value);
    kernel.memberSet.add(value);
    this.#home.set(value, kernel);
    const { reductions, sources } = kernel;
    if (value.definition.kind === "reduce") reductions.push(value.definition);
    // Nobody asks for what loops of one entry read.
    if (entriesOf(value) === 1) return;
    for (const x of inputsOf(value)) if (x.definition.kind !== "scalar") sources.add(sourceOf(x).source);
  }

  /** Lifts a kernel to a level at least, and what needs it above it. */
  #raise(kernel: Draft, level: number): void {
    const pending: [Draft, number][] = [[kernel, level]];
    for (let at = 0; at < pending.length; at++) {
      const [one, least] = pending[at]!;
      if (one.level >= least) continue;
      one.level = least;
      for (const above of one.above) pending.push([above, least + 1]);
    }
  }

  /** True if a kernel needs another, itself or through others, of which only those above it have to be looked at. */
  #reaches(from: Draft, target: Draft): boolean {
    const { level } = target;
    if (from.level <= level) return from === target;
    const seen = new Set([from]);
    for (const kernel of seen) {
      if (kernel === target) return true;
      for (const below of kernel.needs) if (below === target || below.level > level) seen.add(below);
    }
    return false;
  }

  /** The frame that a kernel and a value agree on; `null` where they do not. */
  #agree(kernel: Draft, value: Value): Agreed | null {
    if (kernel.kind !== "loop" || kernel.members.length >= MOST_MEMBERS || kernel.closed) return null;
    if (countOf(kernel.frame) !== entriesOf(value)) return null;
    const demanded = frameOf(value);
    if (demanded !== null && kernel.framed && !sameShape(demanded, kernel.frame)) return null;
    const frame = demanded !== null ? demanded : kernel.frame;
    const { definition } = value;
    const fits =
      (definition.kind !== "reduce" || fitsReduction(frame, definition)) &&
      kernel.reductions.every((one) => fitsReduction(frame, one));
    return fits ? { frame, framed: kernel.framed || demanded !== null } : null;
  }

  #mayJoin(kernel: Draft, producers: readonly Producer[]): boolean {
    for (const { kernel: below, same } of producers) {
      if (below === kernel ? !same : this.#reaches(below, kernel)) return false;
    }
    return true;
  }

  #sharesInput(kernel: Draft, value: Value): boolean {
    const { sources } = kernel;
    return inputsOf(value).some((x) => sources.has(sourceOf(x).source));
  }
}

/** The frame of a loop, and whether a member demands it. */
type Agreed = Pick<Draft, "frame" | "framed">;

/** The kernel that has become of a draft. */
function finished({ kind, members, memberSet, frame, framed }: Draft): Kernel {
  if (kind === "loop") return { kind, members, memberSet, frame, framed };
  const { definition } = members[0]!;
  if (kind === "matmul" && definition.kind === "matmul")
    return { kind, members, memberSet, definition, prologue: [], passing: new Set(), passes: [] };
  if (kind === "columns" && definition.kind === "reduce") return { kind, members, memberSet, definition };
  if (kind === "assemble" && definition.kind === "assemble") return { kind, members, memberSet, definition };
  if (kind === "take" && definition.kind === "take") return { kind, members, memberSet, definition };
  if (kind === "addAt" && definition.kind === "addAt") return { kind, members, memberSet, definition };
  if ((kind === "scan" || kind === "while" || kind === "cond") && definition.kind === "control")
    return { kind, members, memberSet, definition };
  throw new Error(`internal: a kernel of kind ${kind} for ${definition.kind}`);
}

/** The kernels of a program, each after those whose results it reads. */
export function fuse(values: readonly Value[]): Node[] {
  const fuser = new Fuser();
  const straight = straightIn(values, (value) => kernelOf(value) === "loop" && entriesOf(value) === 1);
  for (let at = 0; at < values.length; at++) {
    const found = straight.get(at);
    if (found === undefined) fuser.add(values[at]!);
    else {
      for (const block of found.blocks) fuser.addBlock(block);
      at = found.end - 1;
    }
  }
  const nodes = new Map<Draft, Node>();
  for (const draft of inOrder(fuser.kernels))
    nodes.set(draft, { kernel: finished(draft), needs: new Set([...draft.needs].map((below) => nodes.get(below)!)) });
  return [...nodes.values()];
}

/** Kernels after what they need; those that were opened first come first. */
export function inOrder<N extends { readonly needs: ReadonlySet<N> }>(nodes: readonly N[]): N[] {
  const ordered: N[] = [];
  const placed = new Set<N>();
  const stack: N[] = [];
  for (const root of nodes) {
    stack.push(root);
    while (stack.length > 0) {
      const node = stack.at(-1)!;
      const missing = placed.has(node) ? [] : [...node.needs].filter((below) => !placed.has(below));
      if (missing.length > 0) {
        stack.push(...missing);
        continue;
      }
      stack.pop();
      if (placed.has(node)) continue;
      placed.add(node);
      ordered.push(node);
    }
  }
  return ordered;
}
