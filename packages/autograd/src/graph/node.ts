/** A node: one recorded operation, its inputs and its output, in the order of recording. */

import type { Op } from "./op.ts";
import type { Tensor } from "./tensor.ts";

/**
 * The extent of one transform. While `live`, what depends on its arguments is recorded; afterwards it counts as
 * constant.
 * Scopes nest, and an outer one has the smaller id and outlives the inner ones.
 */
export interface Scope {
  readonly id: number;
  live: boolean;
  /** The scope that was open around it. */
  readonly outer: Scope | null;
}

/** The scope of tensors made with `requiresGrad`: open for the whole program. */
export const TAPE: Scope = { id: 0, live: true, outer: null };

/** One recorded operation. Nodes are born in `record.ts` only. */
export class Node {
  /** Grows with every node, so that inputs have smaller ids than what is computed from them. */
  readonly id: number;
  readonly op: Op;
  /**
   * The tensors that it was computed from; where no rule reads a value, a tensor without storage. Emptied when the
   * graph is freed.
   */
  inputs: readonly Tensor[];
  /** The tensor that was computed, likewise. */
  output: Tensor;
  readonly attributes: unknown;
  /** The outermost scope on which the output depends. */
  readonly scope: Scope;
  /** The user's line, kept in anomaly mode. */
  readonly line: string | null;
  /** Which ordering visited the node last, and the place that it gave it; scratch of `order.ts`. */
  mark: number;
  position: number;

  constructor(
    id: number,
    op: Op,
    inputs: readonly Tensor[],
    output: Tensor,
    attributes: unknown,
    scope: Scope,
    line: string | null,
  ) {
    this.id = id;
    this.op = op;
    this.inputs = inputs;
    this.output = output;
    this.attributes = attributes;
    this.scope = scope;
    this.line = line;
    this.mark = 0;
    this.position = -1;
  }
}
