/** Long formulas of single numbers: the first are written where they stand, the others are calls: code stays short. */

import type { External2Name, ExternalName, LaneType } from "../../../kernels/lanes/lanes.ts";
import { callOf, type Callee } from "../assembler/body.ts";
import type { Expression } from "../assembler/expressions.ts";
import type { ModuleBuilder } from "../assembler/module.ts";
import { PartsEmitter, type NumberParts, type Parts } from "../lanes/parts.ts";
import type { ElementwiseOp } from "../../../graph/op.ts";
import { weightOfOp } from "../../../compile/ir/weight.ts";

/** A formula of fewer operations is as short as its call. */
const LEAST_WEIGHT = 16;
/** So many operations of long formulas are written where they stand. */
const MOST_WRITTEN = 4000;
/** About so many cycles pass until a call gives its number. */
const CYCLES = 40;

/** The formulas of one module. */
export class Formulas {
  readonly #builder: ModuleBuilder;
  readonly #external: (name: ExternalName | External2Name) => Callee;
  readonly #functions = new Map<string, Callee>();
  readonly #names = new Map<ElementwiseOp, number>();
  #written = 0;

  constructor(builder: ModuleBuilder, external: (name: ExternalName | External2Name) => Callee) {
    this.#builder = builder;
    this.#external = external;
  }

  /** The call of a formula for single numbers; `null` where it is to be written in full. */
  call(op: ElementwiseOp, operands: readonly Parts[]): NumberParts | null {
    const weight = weightOfOp(op);
    if (weight < LEAST_WEIGHT || op.lanes.value === undefined || op.result === "bool") return null;
    const [first] = operands as readonly NumberParts[];
    if (!operands.every((x) => x.kind === "numbers" && x.type === first!.type)) return null;
    this.#written += weight;
    if (this.#written <= MOST_WRITTEN) return null;
    const { type } = first!;
    const numbers = (operands as readonly NumberParts[]).map(({ parts }) => parts[0]!);
    const called = callOf(this.#functionOf(op, type, operands.length), numbers);
    return { kind: "numbers", type, parts: [{ ...called, cycles: CYCLES } satisfies Expression] };
  }

  #functionOf(op: ElementwiseOp, type: LaneType, count: number): Callee {
    const number = this.#names.get(op) ?? this.#names.size;
    this.#names.set(op, number);
    const key = `${number} ${type}`;
    const found = this.#functions.get(key);
    if (found !== undefined) return found;
    const made = this.#builder.function(
      op.name,
      Array.from({ length: count }, () => type),
      type,
      (body) => {
        const emitter = new PartsEmitter(body, 1, false, this.#external);
        const parameter = (k: number): NumberParts => ({ kind: "numbers", type, parts: [body.parameter(k)] });
        const numbers = Array.from({ length: count }, (_, k) => parameter(k));
        body.result(emitter.formula(op.lanes, numbers).parts[0]!);
      },
    );
    this.#functions.set(key, made);
    return made;
  }
}
