/** The ways of laying out a network in matrices: one sample as a column, samples as columns, samples as rows. */

import type { Quantity } from "./ast.ts";

/**
 * `sample`: every formula is for one sample, a column, and W is out × in. `columns`: the samples are the columns of one
 * matrix.
 * `row`: every formula is for one sample, a row, and W is in × out. `rows`: the samples are the rows of one matrix.
 * Behind a comma W is the other way round.
 */
export type Layout =
  "sample" | "columns" | "rows" | "rows, out×in" | "row" | "row, out×in" | "sample, in×out" | "columns, in×out";

/** In the order in which they are preferred where several fit. */
export const layouts: readonly Layout[] = [
  "sample",
  "columns",
  "rows",
  "rows, out×in",
  "row",
  "row, out×in",
  "sample, in×out",
  "columns, in×out",
];

/** True if formulas are for one sample at a time. */
export const isPerSample = (layout: Layout): boolean =>
  layout.startsWith("sample") || layout === "row" || layout === "row, out×in";

/** True if a sample is a row. */
export const hasRows = (layout: Layout): boolean => layout.startsWith("row");

/** True if W is in × out. */
export const isInByOut = (layout: Layout): boolean =>
  layout === "row" || layout === "rows" || layout.endsWith("in×out");

/** The axis along which a sum runs: over the samples it is that of the layout. */
export const axisIn = (axis: 0 | 1 | null | "samples", layout: Layout): 0 | 1 | null =>
  axis === "samples" ? (hasRows(layout) ? 0 : 1) : axis;

/** A size as it is called and as it is: `d2` and 3. The name tells sizes apart that happen to be equal. */
export interface Dim {
  readonly name: string;
  readonly size: number;
}

export type Shape = readonly [rows: Dim, columns: Dim];

export const ONE: Dim = { name: "1", size: 1 };
export const SCALAR: Shape = [ONE, ONE];

/** The size of a layer. */
export const width = (layer: number, sizes: readonly number[]): Dim => ({ name: `d${layer}`, size: sizes[layer]! });

/** Quantities that every sample has its own of. */
export const perSample: ReadonlySet<Quantity> = new Set(["u", "v", "t", "delta", "gradV", "error"]);
export const biasLike: ReadonlySet<Quantity> = new Set(["b", "gradB", "stepB", "nextB"]);
export const weightLike: ReadonlySet<Quantity> = new Set(["W", "gradW", "stepW", "nextW"]);

/** The shape of a whole quantity of a layer. */
export function shapeOf(
  name: Quantity,
  layer: number,
  sizes: readonly number[],
  layout: Layout,
  samples: number,
): Shape {
  const rows = hasRows(layout);
  if (perSample.has(name)) {
    const units = width(layer, sizes);
    const batch: Dim = isPerSample(layout) ? ONE : { name: "N", size: samples };
    return rows ? [batch, units] : [units, batch];
  }
  if (biasLike.has(name)) return rows ? [ONE, width(layer, sizes)] : [width(layer, sizes), ONE];
  if (weightLike.has(name)) {
    const [out, from] = [width(layer, sizes), width(layer - 1, sizes)];
    return isInByOut(layout) ? [from, out] : [out, from];
  }
  return SCALAR;
}

export const showShape = ([rows, columns]: Shape): string => `${rows.name}×${columns.name}`;

export const flipped = ([rows, columns]: Shape): Shape => [columns, rows];

export const isScalar = ([rows, columns]: Shape): boolean => rows.name === "1" && columns.name === "1";
