/** Gathers values into kernels: whatever walks the same entries goes into one loop, and is kept in memory only where something else reads it. */

import { inputsOf, isDense, sourceOf, type Value } from "../values/value.ts";
import type { Control } from "../../graph/control.ts";
import type { Walk } from "../../graph/lowering.ts";
import { countOf, sameShape } from "../../graph/shape.ts";

/** One pass over memory, or one product of matrices. */
export interface Kernel {
  kind: "loop" | "rows" | "columns" | "matmul" | "assemble" | "take" | "addAt" | Control["kind"];
  /** What it computes, in order; a product of matrices stands first. */
  readonly members: Value[];
  readonly memberSet: Set<Value>;
  /** The sizes of the loops around each other; the outermost first. Empty for one entry. */
  frame: readonly number[];
  /** Whether `frame` is demanded by a member, or only the count matters. */
  framed: boolean;
  /** Kernels whose results it reads. */
  readonly needs: Set<Kernel>;
  /** Loops that compute the left operand of a product, one after another on each block of its rows before these are multiplied. */
  readonly prologue: Kernel[];
  /** What the prologue computes for this kernel alone, and keeps for one block of rows. */
  readonly passing: Set<Value>;
  /** Loops that run one after another on each block of its rows: those behind a product, all that there is of "rows". */
  readonly passes: Kernel[];
}

/** How a member of a loop reads an input. */
export type Access =
  | { readonly kind: "number"; readonly number: number }
  /** What the same kernel has computed for the same entry. */
  | { readonly kind: "member"; readonly value: Value }
  /** Memory, along a walk over the shape of the input. */
  | { readonly kind: "memory"; readonly source: Value; readonly walk: Walk };

const MOST_MEMBERS = 1000;
const LOOK_BACK = 12;

/** Whether a value is computed entry by entry, so that it can share a loop. */
function isLooped({ definition, count }: Value): boolean {
  switch (definition.kind) {
    case "map":
    case "cast":
    case "copy":
      return count > 0;
    case "reduce":
      return definition.inner === 1 && definition.size > 0 && count > 0;
    default:
      return false;
  }
}

/** The number of entries that the loop of a value walks. */
function entriesOf({ definition, count }: Value): number {
  return definition.kind === "reduce" ? definition.outer * definition.size : count;
}

/** How a looped value reads its k-th input when it stands in a kernel. */
export function accessOf(kernel: Kernel, member: Value, k: number): Access {
  const x = inputsOf(member)[k]!;
  if (x.definition.kind === "scalar") return { kind: "number", number: x.definition.number };
  const { source, walk } = sourceOf(x);
  if (source.count === x.count && isDense(x.shape, walk) && kernel.memberSet.has(source) && source.definition.kind !== "reduce") return { kind: "member", value: source };
  return { kind: "memory", source, walk };
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

/** Whether the innermost loop of a frame is the run that a reduction sums. */
export function fitsReduction(frame: readonly number[], { outer, size }: { readonly outer: number; readonly size: number }): boolean {
  return (frame.at(-1) ?? 1) === size && countOf(frame.slice(0, -1)) === outer;
}

/** Whether a kernel needs another, itself or through others. */
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

/** What is asked of a kernel for each value that might join it. */
interface Known {
  readonly order: number;
  readonly reductions: Reduction[];
  /** What its members read. */
  readonly sources: Set<Value>;
}

/** The kernels of a program, each after those whose results it reads. */
export function fuse(values: readonly Value[]): Kernel[] {
  const kernels: Kernel[] = [];
  const home = new Map<Value, Kernel>();
  const known = new Map<Kernel, Known>();
  const open = (kind: Kernel["kind"], value: Value): Kernel => {
    const kernel: Kernel = { kind, members: [], memberSet: new Set(), frame: [], framed: false, needs: new Set(), prologue: [], passing: new Set(), passes: [] };
    known.set(kernel, { order: kernels.push(kernel), reductions: [], sources: new Set() });
    join(kernel, value);
    return kernel;
  };
  /** The kernels that compute what a value reads. */
  const producers = (value: Value): { source: Value; kernel: Kernel; same: boolean }[] =>
    inputsOf(value).flatMap((x) => {
      const { source, walk } = sourceOf(x);
      const kernel = home.get(source);
      if (kernel === undefined) return [];
      return [{ source, kernel, same: source.count === x.count && isDense(x.shape, walk) && source.definition.kind !== "reduce" }];
    });
  const join = (kernel: Kernel, value: Value): void => {
    for (const { kernel: below } of producers(value)) if (below !== kernel) kernel.needs.add(below);
    kernel.members.push(value);
    kernel.memberSet.add(value);
    home.set(value, kernel);
    const { reductions, sources } = known.get(kernel)!;
    if (value.definition.kind === "reduce") reductions.push(value.definition);
    for (const x of inputsOf(value)) if (x.definition.kind !== "scalar") sources.add(sourceOf(x).source);
  };
  /** The frame that a kernel and a value agree on; `null` where they do not. */
  const agree = (kernel: Kernel, value: Value): { frame: readonly number[]; framed: boolean } | null => {
    if (kernel.kind !== "loop" || kernel.members.length >= MOST_MEMBERS) return null;
    if (countOf(kernel.frame) !== entriesOf(value)) return null;
    const demanded = frameOf(value);
    if (demanded !== null && kernel.framed && !sameShape(demanded, kernel.frame)) return null;
    const frame = demanded !== null ? demanded : kernel.frame;
    const { definition } = value;
    const fits = (definition.kind !== "reduce" || fitsReduction(frame, definition)) && known.get(kernel)!.reductions.every((one) => fitsReduction(frame, one));
    return fits ? { frame, framed: kernel.framed || demanded !== null } : null;
  };
  const mayJoin = (kernel: Kernel, value: Value): boolean => {
    for (const { kernel: below, same } of producers(value)) {
      if (below === kernel ? !same : reaches(below, kernel)) return false;
    }
    return true;
  };
  const sharesInput = (kernel: Kernel, value: Value): boolean => {
    const { sources } = known.get(kernel)!;
    return inputsOf(value).some((x) => sources.has(sourceOf(x).source));
  };
  for (const value of values) {
    const { definition } = value;
    if (!isLooped(value)) {
      if (definition.kind === "matmul" || definition.kind === "assemble" || definition.kind === "take" || definition.kind === "addAt") open(definition.kind, value);
      else if (definition.kind === "reduce") open("columns", value);
      else if (definition.kind === "control") {
        const shared = kernels.find(({ members: [first] }) => first!.definition.kind === "control" && first!.definition.built === definition.built);
        if (shared === undefined) open(definition.built.control.kind, value);
        else join(shared, value);
      }
      continue;
    }
    const beside = [...new Set(producers(value).map(({ kernel }) => kernel))].sort((a, b) => known.get(b)!.order - known.get(a)!.order);
    const near = kernels.slice(-LOOK_BACK).reverse().filter((kernel) => !beside.includes(kernel) && kernel.kind === "loop" && (countOf(kernel.frame) === 1 || sharesInput(kernel, value)));
    const chosen = [...beside, ...near].find((kernel) => agree(kernel, value) !== null && mayJoin(kernel, value));
    if (chosen === undefined) {
      const kernel = open("loop", value);
      const demanded = frameOf(value);
      kernel.framed = demanded !== null;
      kernel.frame = demanded ?? squeezed([entriesOf(value)]);
      continue;
    }
    Object.assign(chosen, agree(chosen, value));
    join(chosen, value);
  }
  return inOrder(kernels);
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
