/**
 * Epilogue and prologue fusion: loops over the same rows, before or behind a product of matrices or behind each other,
 * run together, on one block of rows after another.
 */

import { countOf, sameShape, stridesOf } from "../../graph/shape.ts";
import { fitsReduction, inOrder, reaches, squeezed, type Node } from "./fuse.ts";
import type { Kernel, LoopKernel, Members, ProductKernel, RowsKernel } from "./kernel.ts";
import { membersOf } from "./loop-members.ts";
import { isDense, sourceOf, type Value } from "../ir/value.ts";

/**
 * The sizes of the axes that count the rows of a kernel: none where a product has one row, `null` where there are no
 * rows.
 */
function rowAxesOf(kernel: Kernel): readonly number[] | null {
  if (kernel.kind === "matmul") return squeezed(kernel.members[0]!.shape.slice(0, -1));
  if (kernel.kind === "rows") return kernel.frame.slice(0, 1);
  return kernel.kind === "loop" && kernel.framed && kernel.frame.length > 1 ? kernel.frame.slice(0, 1) : null;
}

/** A loop with the axes of the rows as the first of its frame; `null` where it does not walk them. */
function byRows(loop: LoopKernel, rowAxes: readonly number[]): LoopKernel | null {
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
function staysInRows(loop: LoopKernel, rowAxes: readonly number[], values: ReadonlySet<Value>): boolean {
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
export function withEpilogues(nodes: readonly Node[], threadsOf: (kernel: Kernel) => number): Kernel[] {
  const taken = new Map<Node, Node>();
  const left: Node[] = [];
  /** In which order kernels were left. */
  const places = new Map<Node, number>();
  const keep = (node: Node): void => {
    places.set(node, places.size);
    left.push(node);
  };
  const latestFirst = (some: Iterable<Node>): Node[] =>
    [...some].filter((node) => places.has(node)).sort((a, b) => places.get(b)! - places.get(a)!);
  const resolve = (node: Node): Node => {
    let found = node;
    while (taken.has(found)) found = taken.get(found)!;
    return found;
  };
  const take = (first: Node, other: Node, kernel: Kernel): void => {
    first.kernel = kernel;
    for (const below of other.needs) first.needs.add(below);
    first.needs.delete(first);
    first.needs.delete(other);
    taken.set(other, first);
  };
  for (const node of nodes) {
    const needs = new Set([...node.needs].map(resolve));
    node.needs.clear();
    for (const below of needs) node.needs.add(below);
    const ahead = firstWith(needs, (below) => preceded(node, below, threadsOf));
    if (ahead !== null) {
      take(node, ahead.node, ahead.kernel);
      left.splice(left.indexOf(ahead.node), 1);
      for (const other of left) if (other.needs.delete(ahead.node)) other.needs.add(node);
    }
    const first = firstWith(latestFirst(needs), (below) => followed(below, node, threadsOf));
    if (first === null) keep(node);
    else take(first.node, node, first.kernel);
  }
  return inOrder(left).map(({ kernel }) => kernel);
}

/** The first of some nodes of which a kernel can be made, and this. */
function firstWith(
  nodes: Iterable<Node>,
  make: (node: Node) => Kernel | null,
): { readonly node: Node; readonly kernel: Kernel } | null {
  for (const node of nodes) {
    const kernel = make(node);
    if (kernel !== null) return { node, kernel };
  }
  return null;
}

/** The members of a kernel, and behind them those of another. */
function joined(first: Members, other: Members): Members {
  const members = [...first.members, ...other.members];
  return { members, memberSet: new Set(members) };
}

/**
 * The loops of a kernel with the axes of the rows first; `null` where one of them does not walk them, or reads other
 * rows of another.
 */
function loopsOf(kernel: LoopKernel | RowsKernel, rowAxes: readonly number[]): LoopKernel[] | null {
  const loops = (kernel.kind === "rows" ? kernel.passes : [kernel]).map((loop) => byRows(loop, rowAxes));
  return loops.every((loop) => loop !== null && staysInRows(loop, rowAxes, kernel.memberSet))
    ? (loops as LoopKernel[])
    : null;
}

/**
 * A product with loops before it on each block of rows; `null` where they may not run so: they compute its left operand
 * row by row, a row of it for each of the result, so that no thread computes what another one does.
 */
function preceded(node: Node, ahead: Node, threadsOf: (kernel: Kernel) => number): ProductKernel | null {
  const [product, loops] = [node.kernel, ahead.kernel];
  if (product.kind !== "matmul" || (loops.kind !== "loop" && loops.kind !== "rows")) return null;
  if (product.members[0]!.count === 0) return null;
  const {
    inputs: [A, B],
    form,
    sizes,
  } = product.definition;
  const { source, view } = sourceOf(A);
  if (!loops.memberSet.has(source) || loops.memberSet.has(sourceOf(B).source)) return null;
  // Every product of a batch has its own.
  const isOwn =
    source.count === countOf(sizes.batch) * sizes.m * sizes.k &&
    isDense(A.shape, view) &&
    isDense(sizes.batch, { offset: 0, strides: sizes.stepsA });
  if (form.transposeA || !isOwn) return null;
  const prologue = loopsOf(loops, rowAxesOf(product)!);
  if (prologue === null || threadsOf(loops) > threadsOf(product)) return null;
  if ([...node.needs].some((below) => below !== ahead && reaches(below, ahead))) return null;
  return { ...product, ...joined(product, loops), prologue };
}

/** A loop as the first of some over the same rows. */
function together(loop: LoopKernel): RowsKernel {
  const { members, memberSet, frame } = loop;
  return { kind: "rows", members, memberSet, frame, passes: [loop] };
}

/** A kernel with a loop behind it on each block of rows; `null` where that may not run so. */
function followed(first: Node, node: Node, threadsOf: (kernel: Kernel) => number): Kernel | null {
  const [kernel, loop] = [first.kernel, node.kernel];
  const rows = kernel.kind === "loop" ? together(kernel) : kernel;
  if (loop.kind !== "loop" || (rows.kind !== "rows" && rows.kind !== "matmul")) return null;
  const rowAxes = rowAxesOf(kernel);
  const pass = rowAxes === null ? null : byRows(loop, rowAxes);
  if (pass === null || !staysInRows(pass, rowAxes!, kernel.memberSet)) return null;
  const most = threadsOf(rows);
  if (threadsOf(loop) > most || threadsOf(kernel) > most) return null;
  if ([...node.needs].some((below) => below !== first && reaches(below, first))) return null;
  return { ...rows, ...joined(rows, loop), passes: [...rows.passes, pass] };
}
