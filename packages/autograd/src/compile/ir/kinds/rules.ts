/** One record for each kind of value: its properties and rules, which the passes read; none may be missing. */

import type { Control } from "../../../graph/control.ts";
import type { DType } from "../../../graph/dtype.ts";
import type { Shape } from "../../../types/shape.ts";
import type { Box } from "../box.ts";
import type { Builder } from "../builder.ts";
import type { BuiltControl } from "../control.ts";
import type { Definition, Value } from "../value.ts";
import type { Stacked } from "./stacked.ts";

/** Properties and rules of a kind whose definitions are these. */
export interface KindRules<D extends Definition = Definition> {
  /** True if nothing is computed for it. */
  readonly isPassive: boolean;
  /** True if it reads a part of memory as well as memory of its own. */
  readonly readsViews: boolean;
  /** The kind of kernel that computes it; `null` where none does. */
  kernel(definition: D, count: number): KernelKind | null;
  /** The number of entries that its loop walks. */
  entries(definition: D, count: number): number;
  /** True if no entry of it can be -0. */
  isUnmarked(definition: D, shape: Shape, dtype: DType): boolean;
  /** True if it sees the sign of a 0 of its k-th input, where signs of its own zeros are seen or not. */
  seesSign(definition: D, k: number, isSeen: boolean, dtype: DType): boolean;
  /** The value over other inputs; `controls` are loops and branches over theirs. */
  again(
    builder: Builder,
    value: Value,
    definition: D,
    inputs: readonly Value[],
    controls: Map<BuiltControl, BuiltControl>,
  ): Value;
  /** How several are computed at once; `null` where they are not. */
  readonly atOnce: AtOnce<D> | null;
  /** How entries are known before a program runs; `null` where none is. */
  readonly known: Known<D> | null;
  /** Computes a box of a value alone; `null` where it is read from the whole. */
  box(boxes: Boxes, value: Value, definition: D, box: Box): Value | null;
}

/** A kind of kernel as values are gathered, before loops run together with others. */
export type KernelKind = "loop" | "columns" | "matmul" | "assemble" | "take" | "addAt" | Control["kind"];

/** Computing several values of a kind at once, that differ in their inputs. */
export interface AtOnce<D extends Definition = Definition> {
  /** The operation as text: equal for values that differ in their inputs alone. */
  operation(definition: D): string;
  /** The places in memory of which each may move by equal steps from one value to the next. */
  starts(definition: D): readonly number[];
  /** True if values of one operation whose inputs are alike, of at most so many entries, can be computed at once. */
  mayMerge(definition: D, values: readonly Value[], most: number): boolean;
  /** Does once what all values do: the definition with an axis more, in front. */
  merge(builder: Builder, definition: D, values: readonly Value[], inputs: readonly Stacked[]): Value;
  /**
   * The copies of a part that computing a value with others saves: entry-wise work shares a kernel with its neighbors,
   * the rest has one of its own.
   */
  readonly copiesSaved: 0 | 1 | 4;
}

export const UNKNOWN = 0;
export const KNOWN = 1;

/** Knowledge of each entry of a value: whether it is known, and its number. */
export interface Entries {
  readonly kinds: Uint8Array;
  readonly numbers: Float64Array;
}

/** Knowledge of entries, from that of inputs. */
export interface Known<D extends Definition = Definition> {
  /** True if nothing is known where nothing is of any input. */
  readonly needsInputs: boolean;
  /** True if nothing is known of other types. */
  readonly floatsOnly: boolean;
  /** Notes what is known, in entries of which nothing is known yet. */
  note(definition: D, value: Value, inputs: readonly (Entries | null)[], found: Entries): void;
}

/** Boxes of values, as they are made for one stack. */
export interface Boxes {
  readonly builder: Builder;
  /** A box of a value. */
  of(value: Value, box: Box): Value;
  /** The whole of a value, of which a part is read. */
  whole(value: Value): Value;
  /** True if anything is known of a value. */
  isKnown(value: Value): boolean;
  /** Counts entries that are computed. */
  count(entries: number): void;
}
