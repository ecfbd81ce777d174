/** Values of WebAssembly that are used more than once: each stands in one local, the same in the same. */

import type { Body, Callee, Local } from "../assembler/body.ts";
import type { Expression } from "../assembler/expressions.ts";
import type { Computed } from "./computed.ts";
import type { External2Name, ExternalName, LaneType } from "../../../kernels/lanes/lanes.ts";

/** The function that a reading writes into, and how. */
export interface WasmLanesOptions {
  readonly body: Body;
  readonly type: LaneType;
  /** Whole vectors, or one number at a time. */
  readonly vector: boolean;
  /** True if a · b + c may be rounded once. */
  readonly fused: boolean;
  /** The imported functions that formulas call. */
  readonly external: (name: ExternalName | External2Name) => Callee;
  /** Values that are shared, by what they compute; to be emptied where straight code ends. */
  readonly computed?: Computed;
}

/** The negation of a value, which remembers it. */
export interface Negation extends Expression {
  readonly negationOf: Expression;
}

/** The value of which another is the negation; `null` where that is not known. */
export function negationOf(x: Expression, computed: Computed | undefined): Expression | null {
  if ("negationOf" in x) return (x as Negation).negationOf;
  return "index" in x ? (computed?.negated.get((x as Local).index) ?? null) : null;
}

/**
 * Constants and locals may be used again as they are; everything else goes into a local first, the same into the same.
 */
export function sharer(body: Body, computed: Computed | undefined): (x: Expression) => Expression {
  return (x) => {
    if ("index" in x || "plain" in x) return x;
    if (computed === undefined || x.pure !== true) return body.let(x);
    const number = computed.numberOf(x);
    const known = computed.localOf(number);
    if (known !== undefined) return known;
    const local = body.let(x);
    computed.note(number, local);
    if ("negationOf" in x) computed.negated.set(local.index, (x as Negation).negationOf);
    return local;
  };
}

/** A constant, marked as cheap to repeat. */
export const plain = (x: Expression): Expression => ({ ...x, plain: true }) as Expression;
