/**
 * Gathers values into kernels: whatever walks the same entries goes into one loop, and is kept in memory only where
 * something else reads it.
 */

import { straightIn } from "./straight.ts";
import { ById } from "../values/by-id.ts";
import type { KernelKind } from "../values/kinds/rules.ts";
import { rulesOf } from "../values/kinds/table.ts";
import { inputsOf, isDense, sourceOf, type Value } from "../values/value.ts";
import type { BuiltControl } from "../values/control.ts";
import type { Walk } from "../../graph/lowering.ts";
import { countOf, sameShape } from "../../graph/shape.ts";

/** One pass over memory, or one product of matrices. */
export interface Kernel {
  kind: KernelKind | "rows";
  /** Values that it computes, in order; a product of matrices stands first. */
  readonly members: Value[];
  readonly memberSet: Set<Value>;
  /** The sizes of the loops around each other; the outermost first. Empty for one entry. */
  frame: readonly number[];
  /** True if `frame` is demanded by a member; else only the count matters. */
  framed: boolean;
  /** Kernels whose results it reads. */
  readonly needs: Set<Kernel>;
  /**
   * Loops that compute the left operand of a product, one after another on each block of its rows before these are
   * multiplied.
   */
  readonly prologue: Kernel[];
  /** Values that the prologue computes for this kernel alone, and keeps for one block of rows. */
  passing: ReadonlySet<Value>;
  /**
   * Loops that run one after another on each block of its rows: those behind a product, all that there is of "rows".
   */
  readonly passes: Kernel[];
}

/** How a member of a loop reads an input. */
export type Access =
  | { readonly kind: "number"; readonly number: number }
  /** A value that the same kernel has computed for the same entry. */
  | { readonly kind: "member"; readonly value: Value }
  /** Memory, along a walk over the shape of the input. */
  | { readonly kind: "memory"; readonly source: Value; readonly walk: Walk };

const NOTHING: ReadonlySet<Value> = new Set();

const MOST_MEMBERS = 1000;
const LOOK_BACK = 12;

/** The kind of kernel that computes a value. */
const kernelOf = ({ definition, count }: Value): KernelKind | null => rulesOf(definition).kernel(definition, count);

/** The number of entries that the loop of a value walks. */
const entriesOf = ({ definition, count }: Value): number => rulesOf(definition).entries(definition, count);

/** True if a loop reads what a kernel has computed for the same entry. */
export function isOfSameEntry({ memberSet }: Kernel, x: Value): boolean {
  if (x.definition.kind !== "view") return x.definition.kind !== "reduce" && memberSet.has(x);
  const { source, walk } = sourceOf(x);
  return (
    memberSet.has(source) && source.definition.kind !== "reduce" && source.count === x.count && isDense(x.shape, walk)
  );
}

/** How a looped value reads its k-th input when it stands in a kernel. */
export function accessOf(kernel: Kernel, member: Value, k: number): Access {
  const x = inputsOf(member)[k]!;
  if (x.definition.kind === "scalar") return { kind: "number", number: x.definition.number };
  const { source, walk } = sourceOf(x);
  return isOfSameEntry(kernel, x) ? { kind: "member", value: source } : { kind: "memory", source, walk };
}

export const squeezed = (shape: readonly number[]): readonly number[] => shape.filter((size) => size !== 1);

/** The frame that a value demands: none where all that it reads lies as densely as itself, or is one number. */
function frameOf(member: Value): readonly number[] | null {
  const { definition } = member;
  if (definition.kind === "reduce") {
    const { outer, size } = definition;
    const x = definition.inputs[0];
    const { walk } = sourceOf(x);
    const rows = squeezed([outer, size]);
    if (isDense(x.shape, walk) || x.definition.kind === "scalar") return outer === 1 ? null : rows;
    return squeezed(x.shape);
  }
  for (const x of inputsOf(member)) {
    if (x.definition.kind === "scalar") continue;
    const { source, walk } = sourceOf(x);
    const constant = walk.strides.every((stride, axis) => stride === 0 || x.shape[axis] === 1);
    if (constant || (isDense(x.shape, walk) && source.count === x.count)) continue;
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

/** True if a kernel needs another, itself or through others. */
export function reaches(from: Kernel, target: Kernel): boolean {
  const seen = new Set([from]);
  // A set is walked in the order in which it grows.
  for (const kernel of seen) {
    if (kernel === target) return true;
    for (const below of kernel.needs) seen.add(below);
  }
  return false;
}

type Reduction = Extract<Value["definition"], { kind: "reduce" }>;

/** Facts of a kernel that are asked for each value that might join it. */
interface Known {
  readonly order: number;
  readonly reductions: Reduction[];
  /** Values that its members read. */
  readonly sources: Set<Value>;
  /** Larger than that of all kernels that it needs: what is not larger needs nothing of it. */
  level: number;
  /** The kernels that need it. */
  readonly above: Set<Kernel>;
}

/** A kernel that a value reads from. */
interface Producer {
  readonly kernel: Kernel;
  /** True if it is read entry by entry, in the order in which it is computed. */
  readonly same: boolean;
}

/** Puts values into kernels, one after another. */
class Fuser {
  readonly kernels: Kernel[] = [];
  readonly #home = new ById<Kernel>();
  readonly #known = new Map<Kernel, Known>();
  readonly #controls = new Map<BuiltControl, Kernel>();
  readonly #closed = new Set<Kernel>();

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
    this.#closed.add(kernel);
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
  #choose(value: Value, producers: readonly Producer[]): { readonly kernel: Kernel; readonly agreed: Agreed } | null {
    const beside: Kernel[] = [];
    for (const { kernel } of producers) if (!beside.includes(kernel)) beside.push(kernel);
    if (beside.length > 1) beside.sort((a, b) => this.#known.get(b)!.order - this.#known.get(a)!.order);
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

  #make(kind: Kernel["kind"]): Kernel {
    const kernel: Kernel = {
      kind,
      members: [],
      memberSet: new Set(),
      frame: [],
      framed: false,
      needs: new Set(),
      prologue: [],
      passing: NOTHING,
      passes: [],
    };
    this.#known.set(kernel, {
      order: this.kernels.push(kernel),
      reductions: [],
      sources: new Set(),
      level: 0,
      above: new Set(),
    });
    return kernel;
  }

  #open(kind: Kernel["kind"], value: Value, producers = this.#producers(value)): Kernel {
    const kernel = this.#make(kind);
    this.#join(kernel, value, producers);
    return kernel;
  }

  /** Notes that a kernel needs another. */
  #need(kernel: Kernel, below: Kernel): void {
    if (below === kernel || kernel.needs.has(below)) return;
    kernel.needs.add(below);
    const { above, level } = this.#known.get(below)!;
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
          (!isView || (source.count === x.count && isDense(x.shape, sourceOf(x).walk))),
      });
    }
    return found;
  }

  #join(kernel: Kernel, value: Value, producers: readonly Producer[]): void {
    for (const { kernel: below } of producers) this.#need(kernel, below);
    kernel.members.push(value);
    kernel.memberSet.add(value);
    this.#home.set(value, kernel);
    const { reductions, sources } = this.#known.get(kernel)!;
    if (value.definition.kind === "reduce") reductions.push(value.definition);
    // Nobody asks for what loops of one entry read.
    if (entriesOf(value) === 1) return;
    for (const x of inputsOf(value)) if (x.definition.kind !== "scalar") sources.add(sourceOf(x).source);
  }

  /** Lifts a kernel to a level at least, and what needs it above it. */
  #raise(kernel: Kernel, level: number): void {
    const pending: [Kernel, number][] = [[kernel, level]];
    for (let at = 0; at < pending.length; at++) {
      const [one, least] = pending[at]!;
      const known = this.#known.get(one)!;
      if (known.level >= least) continue;
      known.level = least;
      for (const above of known.above) pending.push([above, least + 1]);
    }
  }

  /** True if a kernel needs another, itself or through others, of which only those above it have to be looked at. */
  #reaches(from: Kernel, target: Kernel): boolean {
    const { level } = this.#known.get(target)!;
    if (this.#known.get(from)!.level <= level) return from === target;
    const seen = new Set([from]);
    for (const kernel of seen) {
      if (kernel === target) return true;
      for (const below of kernel.needs) if (below === target || this.#known.get(below)!.level > level) seen.add(below);
    }
    return false;
  }

  /** The frame that a kernel and a value agree on; `null` where they do not. */
  #agree(kernel: Kernel, value: Value): Agreed | null {
    if (kernel.kind !== "loop" || kernel.members.length >= MOST_MEMBERS || this.#closed.has(kernel)) return null;
    if (countOf(kernel.frame) !== entriesOf(value)) return null;
    const demanded = frameOf(value);
    if (demanded !== null && kernel.framed && !sameShape(demanded, kernel.frame)) return null;
    const frame = demanded !== null ? demanded : kernel.frame;
    const { definition } = value;
    const fits =
      (definition.kind !== "reduce" || fitsReduction(frame, definition)) &&
      this.#known.get(kernel)!.reductions.every((one) => fitsReduction(frame, one));
    return fits ? { frame, framed: kernel.framed || demanded !== null } : null;
  }

  #mayJoin(kernel: Kernel, producers: readonly Producer[]): boolean {
    for (const { kernel: below, same } of producers) {
      if (below === kernel ? !same : this.#reaches(below, kernel)) return false;
    }
    return true;
  }

  #sharesInput(kernel: Kernel, value: Value): boolean {
    const { sources } = this.#known.get(kernel)!;
    return inputsOf(value).some((x) => sources.has(sourceOf(x).source));
  }
}

/** The frame of a loop, and whether a member demands it. */
type Agreed = Pick<Kernel, "frame" | "framed">;

/** The kernels of a program, each after those whose results it reads. */
export function fuse(values: readonly Value[]): Kernel[] {
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
  return inOrder(fuser.kernels);
}

/** Kernels after what they need; those that were opened first come first. */
export function inOrder(kernels: readonly Kernel[]): Kernel[] {
  const ordered: Kernel[] = [];
  const placed = new Set<Kernel>();
  const stack: Kernel[] = [];
  for (const root of kernels) {
    stack.push(root);
    while (stack.length > 0) {
      const kernel = stack.at(-1)!;
      const missing = placed.has(kernel) ? [] : [...kernel.needs].filter((below) => !placed.has(below));
      if (missing.length > 0) {
        stack.push(...missing);
        continue;
      }
      stack.pop();
      if (placed.has(kernel)) continue;
      placed.add(kernel);
      ordered.push(kernel);
    }
  }
  return ordered;
}
