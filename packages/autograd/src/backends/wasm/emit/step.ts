/** One step of a loop: what it reads, computes, gathers and writes of some entries, in registers. */

import type { ElementwiseOp } from "../../../graph/op.ts";
import { laneTypeOf } from "../../../kernels/lanes/machine-types.ts";
import type { Body, Local } from "../assembler/body.ts";
import { PartsEmitter, type NumberParts, type Parts } from "../lanes/parts.ts";
import type { Member, Operand } from "../../../compile/schedule/loop-members.ts";
import type { Value } from "../../../compile/ir/value.ts";
import type { EmitContext } from "./context.ts";
import type { Cursors } from "./cursors.ts";
import type { LoopNest } from "./nest.ts";
import { gatherer, type Gatherer } from "./sum.ts";

/** A value of which a step refuses some numbers, if the variable is not 0. */
interface Refused {
  readonly value: Value;
  readonly refused: Local;
  readonly operands: readonly NumberParts[];
}

/** The registers of the step that is being written. */
interface Registers {
  /** How many of the entries exist. */
  readonly valid: number;
  /** The values of members, and what was read from memory. */
  readonly members: Map<Value, Parts>;
  readonly loaded: Map<string | number, Parts>;
  /** How many numbers of the loop were met. */
  numbers: number;
}

export class StepEmitter {
  readonly emitter: PartsEmitter;
  readonly gatherers: ReadonlyMap<Value, Gatherer>;
  readonly #body: Body;
  readonly #nest: LoopNest;
  readonly #cursors: Cursors;
  readonly #context: EmitContext;

  constructor(body: Body, nest: LoopNest, cursors: Cursors, context: EmitContext) {
    this.#body = body;
    this.#nest = nest;
    this.#cursors = cursors;
    this.#context = context;
    this.emitter = new PartsEmitter(body, nest.step, context.fused, context.external);
    this.gatherers = new Map(
      nest.reductions.map((value) => {
        const { reduction, inputs } = value.definition as {
          readonly reduction: "sum" | "max" | "min";
          readonly inputs: readonly [Value];
        };
        return [value, gatherer(this.emitter, reduction, laneTypeOf(inputs[0].dtype))];
      }),
    );
  }

  /** Emits everything for one step of entries, of which the first `valid` exist. */
  emit(valid: number): void {
    const traps: Refused[] = [];
    this.#body.straight(() => this.#compute(valid, traps));
    for (const { value, refused, operands } of traps) {
      const numbers = operands.map(({ parts }) => parts);
      this.#body.if(refused, () => this.#context.traps.note(this.#body, value, this.#cursors.entry!, numbers));
    }
  }

  #compute(valid: number, traps: Refused[]): void {
    const { members, stored, checks, exact, step } = this.#nest;
    this.emitter.computed.clear();
    const registers: Registers = { valid, members: new Map(), loaded: new Map(), numbers: 0 };
    for (const member of members) {
      const { value } = member;
      const { inputs } = value.definition as { readonly inputs: readonly Value[] };
      const parts = member.operands.map((operand, k) => this.#read(operand, inputs[k]!, registers));
      const check = checks.get(value);
      if (check !== undefined) {
        const operands = parts as NumberParts[];
        traps.push({ value, refused: this.#body.let(check.refuses(this.emitter, operands, valid)), operands });
      }
      this.#computeMember(member, parts, registers);
    }
    for (const value of stored) {
      const target = this.#cursors.ofTarget(value);
      this.emitter.store(value.dtype, target, registers.members.get(value)!, exact ? valid : step);
    }
  }

  #computeMember({ value }: Member, parts: readonly Parts[], { valid, members }: Registers): void {
    const { definition } = value;
    if (definition.kind === "reduce") this.gatherers.get(value)!.add(parts[0]!, valid);
    else if (definition.kind === "copy") members.set(value, parts[0]!);
    else if (definition.kind === "cast") members.set(value, this.emitter.convert(parts[0]!, value.dtype));
    else if (definition.kind === "map") members.set(value, this.#map(definition.op, parts));
  }

  #read(operand: Operand, like: Value, registers: Registers): Parts {
    const { access, strides, offset } = operand;
    const { valid, loaded } = registers;
    if (access.kind === "number") {
      const { numbers } = this.#context;
      const place = like.dtype === "bool" ? undefined : numbers?.offsets.get(registers.numbers++);
      if (place === undefined) return this.emitter.number(access.number, like.dtype);
      return this.emitter.load(like.dtype, { cursor: numbers!.row, offset: place }, 0, valid);
    }
    if (access.kind === "member") return registers.members.get(access.value)!;
    const { rank, exact, step } = this.#nest;
    const { source } = access;
    const key = strides.length === 0 && offset === 0 ? source.id : `${source.id} ${offset} ${strides.join()}`;
    const found = loaded.get(key);
    if (found !== undefined) return found;
    const stride = rank === 0 ? 1 : this.#nest.along(strides, rank - 1);
    const parts = this.emitter.load(source.dtype, this.#cursors.ofOperand(operand), stride, exact ? valid : step);
    loaded.set(key, parts);
    return parts;
  }

  #map(op: ElementwiseOp, parts: readonly Parts[]): Parts {
    const called = this.emitter.vector ? null : this.#context.formulas.call(op, parts);
    if (called !== null) return { ...called, parts: called.parts.map((part) => this.#body.let(part)) };
    return this.emitter.formula(op.lanes, parts);
  }
}
