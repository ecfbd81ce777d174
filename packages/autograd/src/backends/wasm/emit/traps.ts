/**
 * Traps of a program while it runs: the first refusal that it meets is written down, with its numbers, and the run goes
 * on with something harmless.
 */

import { countsSteps, tooManySteps } from "../../../graph/control.ts";
import { MoreSteps } from "../../../graph/rooms.ts";
import type { Call } from "../../../graph/tracing.ts";
import type { LaneType } from "../../../kernels/lanes/lanes.ts";
import { callOf, type Body, type Callee } from "../assembler/body.ts";
import { atomic, i32, load, op, type Expression } from "../assembler/expressions.ts";
import type { ModuleBuilder } from "../assembler/module.ts";
import { refuseIndex } from "../../../ops/selection.ts";
import { heap } from "../memory/heap.ts";
import { loopsIn, type Kernel } from "../../../compile/schedule/kernel.ts";
import type { Value } from "../../../compile/ir/value.ts";
import { entryCheckOf } from "./entry-checks.ts";

/**
 * The layout of the record, in bytes: which value is refused (from 1 on), how many threads have tried, the entry, the
 * numbers.
 */
const SITE = 0;
const TRIED = 4;
const ENTRY = 8;
const NUMBERS = 16;
/** Room for the numbers of one operand: a step of the widest. */
const OPERAND_BYTES = 64;
const MOST_OPERANDS = 2;

/** Bytes of the record of a program that may refuse something. */
export const RECORD_BYTES = NUMBERS + MOST_OPERANDS * OPERAND_BYTES;

/** True if every index of a list is known to lie within an axis. */
function liesWithin({ definition }: Value, size: number): boolean {
  const fits = (index: number): boolean => index >= 0 && index < size;
  return definition.kind === "scalar"
    ? fits(definition.number)
    : definition.kind === "constant" && definition.elements.every(fits);
}

/** True if a program may have to refuse a value. */
export function canRefuse(value: Value): boolean {
  const { definition } = value;
  if (definition.kind === "take" || definition.kind === "addAt")
    return !liesWithin(definition.inputs[1], definition.size);
  if (definition.kind === "control") {
    const { control } = definition.built;
    return control.kind === "while" && (control.bound.room === null || countsSteps(control.bound));
  }
  return entryCheckOf(value) !== null;
}

/** The values that kernels compute and may have to refuse. */
export function refusableIn(kernels: readonly Kernel[]): Value[] {
  return kernels.flatMap((kernel) => [
    ...kernel.members.filter(canRefuse),
    ...loopsIn(kernel).flatMap(({ members }) => members.filter(canRefuse)),
  ]);
}

/** The error for what is not refused entry by entry. */
function errorOf(
  definition: Value["definition"],
  call: Call,
  numbers: (type: LaneType, operand: number) => readonly number[],
  entry: number,
): Error | null {
  if (definition.kind === "take" || definition.kind === "addAt")
    return refuseIndex(call, numbers("i32", 0)[0]!, entry, definition.size);
  if (definition.kind !== "control" || definition.built.control.kind !== "while") return null;
  const { bound } = definition.built.control;
  return bound.room === null ? tooManySteps(bound) : new MoreSteps(bound, bound.before + entry);
}

/** Refusals that a program may make, and the record of the one that it made. */
export class Traps {
  readonly #sites: readonly Value[];
  /** The number of each in the record. */
  readonly #numbers: ReadonlyMap<Value, number>;
  /** The address of the record; 0 where nothing is ever refused. */
  readonly address: number;
  #first: Callee | null = null;

  constructor(sites: readonly Value[], address: number) {
    this.#sites = sites;
    this.#numbers = new Map(sites.map((value, k) => [value, k + 1]));
    this.address = address;
  }

  /** Emits the function that says whether it is the first to refuse something. */
  declare(builder: ModuleBuilder, threads: number): void {
    if (this.address === 0) return;
    const { address } = this;
    this.#first = builder.function("first refusal", ["i32", "i32"], "i32", (body) => {
      const taken =
        threads > 1
          ? atomic("i32.atomic.rmw.add", i32(address + TRIED), i32(1))
          : load("i32.load", i32(address + SITE));
      const isFirst = body.let(op("i32.eqz", taken));
      body.if(isFirst, () => {
        body.store("i32.store", i32(address + SITE), body.parameter(0));
        body.store("i32.store", i32(address + ENTRY), body.parameter(1));
      });
      body.result(isFirst);
    });
  }

  /**
   * Emits that an entry of a value is refused, with the numbers that it is computed from, vectors of neighbors or
   * single ones.
   * What is first stays.
   */
  note(body: Body, value: Value, entry: Expression, operands: readonly (readonly Expression[])[]): void {
    const site = this.#numbers.get(value);
    if (site === undefined || this.#first === null)
      throw new Error(`internal: ${value.origin.op} was not known to refuse anything`);
    body.if(callOf(this.#first, [i32(site), entry]), () =>
      operands.forEach((parts, operand) =>
        parts.forEach((part, k) => {
          body.store(`${part.type}.store`, i32(this.address + NUMBERS + operand * OPERAND_BYTES + 16 * k), part);
        }),
      ),
    );
  }

  /** Forgets what was refused. */
  clear(): void {
    if (this.address !== 0) new Uint8Array(heap().memory.buffer, this.address, RECORD_BYTES).fill(0);
  }

  /** The error for what the last run refused; `null` where that is nothing. */
  take(): Error | null {
    if (this.address === 0) return null;
    const { buffer } = heap().memory;
    const [site, , entry] = new Int32Array(buffer, this.address, 3) as unknown as readonly [number, number, number];
    if (site === 0) return null;
    const value = this.#sites[site - 1]!;
    const call: Call = value.origin.call ?? { op: value.origin.op, line: null };
    const from = this.address + NUMBERS;
    const { definition } = value;
    const numbers = (type: LaneType, operand: number): readonly number[] => {
      const Numbers = { f64: Float64Array, f32: Float32Array, i32: Int32Array }[type];
      return Array.from(new Numbers(buffer, from + operand * OPERAND_BYTES, OPERAND_BYTES / Numbers.BYTES_PER_ELEMENT));
    };
    const error = errorOf(definition, call, numbers, entry) ?? entryCheckOf(value)!.error(call, numbers, entry);
    this.clear();
    return error;
  }
}
