/** Loops that follow a product of matrices: which of them run behind it, on each block of its rows while that is in the cache. */

import { countOf, sameShape, stridesOf } from "../graph/shape.ts";
import { fitsReduction, inOrder, reaches, squeezed, type Kernel } from "./fuse.ts";
import { membersOf } from "./loop-members.ts";
import type { Value } from "./value.ts";

/** The sizes of the axes that count the rows of a product; none where it has one row. */
export function rowAxesOf({ members: [product] }: Kernel): readonly number[] {
  return squeezed(product!.shape.slice(0, -1));
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

/** Whether a loop reads of some values, in each of its rows, nothing but their same row. */
function staysInRows(loop: Kernel, rowAxes: readonly number[], values: ReadonlySet<Value>): boolean {
  const rows = countOf(rowAxes);
  return membersOf(loop).every(({ operands }) => operands.every(({ access, strides }) => {
    if (access.kind !== "memory" || !values.has(access.source)) return true;
    // With steps of a row from row to row, what left the first or the last row would leave the memory.
    const own = stridesOf([...rowAxes, access.source.count / rows]);
    return rowAxes.every((_, axis) => strides[axis] === own[axis]);
  }));
}

/**
 * Kernels in which products have taken in the loops that read them row by row, and the loops behind those. A loop that more
 * threads would run than its product stays alone.
 */
export function withPasses(kernels: readonly Kernel[], threadsOf: (kernel: Kernel) => number): Kernel[] {
  const taken = new Map<Kernel, Kernel>();
  const left: Kernel[] = [];
  for (const kernel of kernels) {
    const needs = new Set([...kernel.needs].map((below) => taken.get(below) ?? below));
    kernel.needs.clear();
    for (const below of needs) kernel.needs.add(below);
    const products = kernel.kind === "loop" ? left.filter((below) => below.kind === "matmul" && needs.has(below)).reverse() : [];
    const product = products.find((one) => mayTake(one, kernel, threadsOf));
    if (product === undefined) {
      left.push(kernel);
      continue;
    }
    product.passes.push(byRows(kernel, rowAxesOf(product))!);
    for (const member of kernel.members) {
      product.members.push(member);
      product.memberSet.add(member);
    }
    for (const below of needs) if (below !== product) product.needs.add(below);
    taken.set(kernel, product);
  }
  return inOrder(left);
}

function mayTake(product: Kernel, loop: Kernel, threadsOf: (kernel: Kernel) => number): boolean {
  const rowAxes = rowAxesOf(product);
  const pass = byRows(loop, rowAxes);
  if (pass === null || !staysInRows(pass, rowAxes, product.memberSet) || threadsOf(loop) > threadsOf(product)) return false;
  return [...loop.needs].every((below) => below === product || !reaches(below, product));
}
