/**
 * Answers to rules about the edges of the node that is swept: made once for a sweep, since closures for each node take
 * longer than small rules.
 */

import type { IsConstant } from "./local.ts";
import type { Order, SweepOptions } from "./order.ts";

export class NodeEdges {
  /** The start of the edges of the node. */
  start = 0;
  /** The place of its k-th input in the order; -1 where nothing is asked of it. */
  readonly placeOf: (k: number) => number;
  readonly wants: (k: number) => boolean;
  readonly isConstant: IsConstant;
  /** True where the k-th input is a wanted node, and its share leaves the sweep without marks. */
  readonly isPlain: (k: number) => boolean;

  /** @param leaves - how many wanted nodes stand at the beginning of the order */
  constructor({ edges }: Order, leaves: number, { constants = "annul", plain = false }: SweepOptions) {
    this.placeOf = (k) => edges[this.start + k]!;
    this.wants = (k) => this.placeOf(k) >= 0;
    this.isConstant = (k) => constants === "annul" && this.placeOf(k) < 0;
    this.isPlain = (k) => plain && this.placeOf(k) < leaves;
  }
}
