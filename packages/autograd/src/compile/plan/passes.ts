/**
 * Loops over the same rows, before or behind a product of matrices or behind each other: which of them run together, on
 * one block of rows after another.
 */

import { countOf, sameShape, stridesOf } from "../../graph/shape.ts";
import { fitsReduction, inOrder, reaches, squeezed, type Kernel } from "./fuse.ts";
import { membersOf } from "./loop-members.ts";
import { isDense, sourceOf, type Value } from "../values/value.ts";

/**
 * The sizes of the axes that count the rows of a kernel: none where a product has one row, `null` where there are no
 * rows.
 */
function rowAxesOf({ kind, frame, framed, members: [first] }: Kernel): readonly number[] | null {
  if (kind === "matmul") return squeezed(first!.shape.slice(0, -1));
  return kind === "rows" || (kind === "loop" && framed && frame.length > 1) ? frame.slice(0, 1) : null;
}

/** A loop with the axes of the rows as the first of its frame; `null` where it does not walk them. */
function byRows(loop: Kernel, rowAxes: readonly number[]): Kernel | null {
  const rows = countOf(rowAxes);
  const entries = countOf(loop.frame);
  const reductions = loop.members.flatMap(({ definition }) => (definition.kind === "reduce" ? [definition] : []));
  if (entries % rows !== 0) return null;
  const frame = loop.framed ? loop.frame : [...rowAxes, ...squeezed([entries / rows])];
  if (!sameShape(frame.slice(0, rowAxes.length), rowAxes)) return null;
  // What is summed is a part of a row.
  if (reductions.length > 0 && rows > 1 && frame.length === rowAxes.length) return null;
  return reductions.every((one) => fitsReduction(frame, one)) ? { ...loop, frame, framed: true } : null;
}

/** True if a loop reads of some values, in each of its rows, nothing but their same row. */
function staysInRows(loop: Kernel, rowAxes: readonly number[], values: ReadonlySet<Value>): boolean {
  const rows = countOf(rowAxes);
  return membersOf(loop).every(({ operands }) =>
    operands.every(({ access, strides }) => {
      if (access.kind !== "memory" || !values.has(access.source)) return true;
      // With steps of a row from row to row, what left the first or the last row would leave the memory.
      const own = stridesOf([...rowAxes, access.source.count / rows]);
      return rowAxes.every((_, axis) => strides[axis] === own[axis]);
    }),
  );
}

/**
 * Kernels in which products and loops over rows have taken in the loops that read them row by row, and the loops behind
 * those;
 * products also the loops that compute the rows of their left operand, where nothing else has taken these. Where fewer
 * threads would run them together than one of them alone, they stay apart.
 */
export function withPasses(kernels: readonly Kernel[], threadsOf: (kernel: Kernel) => number): Kernel[] {
  const taken = new Map<Kernel, Kernel>();
  const left: Kernel[] = [];
  /** In which order kernels were left. */
  const places = new Map<Kernel, number>();
  const keep = (kernel: Kernel): void => {
    places.set(kernel, places.size);
    left.push(kernel);
  };
  const latestFirst = (some: Iterable<Kernel>): Kernel[] =>
    [...some].filter((kernel) => places.has(kernel)).sort((a, b) => places.get(b)! - places.get(a)!);
  const resolve = (kernel: Kernel): Kernel => {
    let found = kernel;
    while (taken.has(found)) found = taken.get(found)!;
    return found;
  };
  const take = (first: Kernel, other: Kernel): void => {
    for (const member of other.members) {
      first.members.push(member);
      first.memberSet.add(member);
    }
    for (const below of other.needs) first.needs.add(below);
    first.needs.delete(first);
    first.needs.delete(other);
    taken.set(other, first);
  };
  for (const kernel of kernels) {
    const needs = new Set([...kernel.needs].map(resolve));
    kernel.needs.clear();
    for (const below of needs) kernel.needs.add(below);
    const ahead = [...needs].find((below) => mayPrecede(below, kernel, threadsOf));
    if (ahead !== undefined) {
      kernel.prologue.push(...loopsOf(ahead, rowAxesOf(kernel)!)!);
      take(kernel, ahead);
      left.splice(left.indexOf(ahead), 1);
      keep(kernel);
      for (const other of left) if (other !== kernel && other.needs.delete(ahead)) other.needs.add(kernel);
      continue;
    }
    const first =
      kernel.kind === "loop" ? latestFirst(needs).find((below) => mayTake(below, kernel, threadsOf)) : undefined;
    if (first === undefined) {
      keep(kernel);
      continue;
    }
    const pass = byRows(kernel, rowAxesOf(first)!)!;
    if (first.kind === "loop") Object.assign(first, together(first));
    first.passes.push(pass);
    take(first, kernel);
  }
  return inOrder(left);
}

/**
 * The loops of a kernel with the axes of the rows first; `null` where one of them does not walk them, or reads other
 * rows of another.
 */
function loopsOf(kernel: Kernel, rowAxes: readonly number[]): Kernel[] | null {
  const loops = (kernel.kind === "rows" ? kernel.passes : [kernel]).map((loop) => byRows(loop, rowAxes));
  return loops.every((loop) => loop !== null && staysInRows(loop, rowAxes, kernel.memberSet))
    ? (loops as Kernel[])
    : null;
}

/**
 * True if loops may run before a product on each block of rows: they compute its left operand row by row, a row of it
 * for each of the result, so that no thread computes what another one does.
 */
function mayPrecede(loops: Kernel, product: Kernel, threadsOf: (kernel: Kernel) => number): boolean {
  const { definition, count } = product.members[0]!;
  if (definition.kind !== "matmul" || (loops.kind !== "loop" && loops.kind !== "rows") || count === 0) return false;
  const {
    inputs: [A, B],
    form,
    sizes,
  } = definition;
  const { source, walk } = sourceOf(A);
  if (!loops.memberSet.has(source) || loops.memberSet.has(sourceOf(B).source)) return false;
  // Every product of a batch has its own.
  const isOwn =
    source.count === countOf(sizes.batch) * sizes.m * sizes.k &&
    isDense(A.shape, walk) &&
    isDense(sizes.batch, { offset: 0, strides: sizes.stepsA });
  if (form.transposeA || !isOwn) return false;
  if (loopsOf(loops, rowAxesOf(product)!) === null || threadsOf(loops) > threadsOf(product)) return false;
  return [...product.needs].every((below) => below === loops || !reaches(below, loops));
}

/** A loop as the first of some over the same rows. */
function together(loop: Kernel): Kernel {
  return {
    ...loop,
    kind: "rows",
    members: [...loop.members],
    memberSet: new Set(loop.memberSet),
    passes: [{ ...loop }],
  };
}

function mayTake(first: Kernel, loop: Kernel, threadsOf: (kernel: Kernel) => number): boolean {
  const rowAxes = rowAxesOf(first);
  const pass = rowAxes === null ? null : byRows(loop, rowAxes);
  if (pass === null || !staysInRows(pass, rowAxes!, first.memberSet)) return false;
  const most = threadsOf(first.kind === "loop" ? together(first) : first);
  if (threadsOf(loop) > most || threadsOf(first) > most) return false;
  return [...loop.needs].every((below) => below === first || !reaches(below, first));
}
