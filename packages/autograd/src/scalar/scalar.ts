/** A number that remembers how it was computed, and ops applied to it: their declarations, without shapes. */

import { ArgumentError, DTypeError } from "../errors.ts";
import type { ElementwiseOp } from "../graph/op.ts";

/** The extent of one transform: what depends on its arguments is recorded while it is live. Outer ids are smaller. */
export interface Scope {
  readonly id: number;
  live: boolean;
}

/** One recorded operation; `op` is `null` where a transform begins, which is the identity seen from outside. */
export interface Node {
  /** Grows with every node, so that inputs have smaller ids than what is computed from them. */
  readonly id: number;
  readonly op: ElementwiseOp | null;
  readonly inputs: readonly Scalar[];
  readonly output: Scalar;
  readonly scope: Scope;
}

let nextId = 1;

/** A number, or a condition, with the node that recorded it. */
export class Scalar {
  readonly #value: number;
  /** @internal Whether it came from a comparison. */
  readonly isCondition: boolean;
  /** @internal How it was computed; `null` for a constant. */
  node: Node | null = null;

  /** @internal Made by the ops. */
  constructor(value: number, isCondition = false) {
    this.#value = value;
    this.isCondition = isCondition;
  }

  /** The number alone, without derivative; 1 or 0 for a condition. */
  item(): number {
    return this.#value;
  }

  /** The number as text, or true and false. */
  toString(): string {
    return String(this.isCondition ? this.#value === 1 : this.#value);
  }

  /** Whatever else JavaScript would make of an object beside an operator is never meant. */
  [Symbol.toPrimitive](hint: string): string {
    if (hint === "string") return this.toString();
    throw new ArgumentError({
      op: "scalar",
      problem: "a recorded number stands where JavaScript wants a plain one (x + 1, x > 0, Math.exp(x))",
      hint: "use add(x, 1), where(greater(x, 0), …), exp(x); or x.item() for the number alone, without derivative",
    });
  }
}

/** True if a derivative may be asked of it: it depends on an argument of a transform that is still open. */
export function isTracked(x: Scalar): boolean {
  return x.node !== null && x.node.scope.live;
}

/** Gives an output the node that says how it was computed. */
export function record(output: Scalar, op: ElementwiseOp | null, inputs: readonly Scalar[], scope: Scope): Scalar {
  output.node = { id: nextId++, op, inputs, output, scope };
  return output;
}

/** A recorded number; a plain one as a constant; refuses everything else by name. */
export function asScalar(op: string, x: unknown): Scalar {
  if (x instanceof Scalar) return x;
  if (typeof x === "number") return new Scalar(x);
  if (typeof x === "boolean") return new Scalar(x ? 1 : 0, true);
  const found = x === null ? "null" : Array.isArray(x) ? "an array" : x instanceof Promise ? "a Promise" : typeof x;
  throw new ArgumentError({
    op,
    problem: `an operand is ${found}, not a number`,
    hint: "tensors are in @chainrule/autograd",
  });
}

/** Applies an op, and records it where a derivative may be asked of the result. */
export function apply(op: ElementwiseOp, given: readonly unknown[]): Scalar {
  const inputs = op.partials.map((_, k) => asScalar(op.name, given[k]));
  const isChoice = op.lanes.choose !== undefined;
  const operands = isChoice ? inputs.slice(1) : inputs;
  const ofConditions = operands[0]!.isCondition;
  const fits = operands.every((x) => x.isCondition === ofConditions) && (!ofConditions || op.takes === "any");
  if (!fits || (isChoice && !inputs[0]!.isCondition)) {
    throw new DTypeError({
      op: op.name,
      problem: isChoice ? "takes a condition and two numbers" : "takes numbers, and an operand is a condition",
      hint: "compare for a condition: greater(x, 0); choose for a number: where(condition, 1, 0)",
    });
  }
  const output = new Scalar(op.value(...inputs.map((x) => x.item())), op.result === "bool" || ofConditions);
  let scope: Scope | null = null;
  for (const { node } of inputs) {
    if (node !== null && node.scope.live && (scope === null || node.scope.id < scope.id)) scope = node.scope;
  }
  return scope === null || output.isCondition ? output : record(output, op, inputs, scope);
}
