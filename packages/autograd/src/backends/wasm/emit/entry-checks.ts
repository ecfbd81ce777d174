/**
 * Checks of entry-wise work: entries that have no value in their type are refused, found by the vectors of a step,
 * named from their numbers.
 */

import { holds, isFloat, isInt32 } from "../../../graph/dtype.ts";
import type { Call } from "../../../graph/tracing.ts";
import type { LaneType } from "../../../kernels/lanes/lanes.ts";
import { laneTypeOf } from "../../../kernels/lanes/machine-types.ts";
import type { Expression } from "../assembler/expressions.ts";
import type { NumberParts, PartsEmitter } from "../lanes/parts.ts";
import { refuseCast, refuseNumber, refuseOverflow } from "../../../graph/refusals.ts";
import type { Value } from "../../../compile/ir/value.ts";

/** A check of each entry of a value. */
export interface EntryCheck {
  /** Emits whether any of the first `valid` entries of a step is refused: an i32 that is not 0 then. */
  readonly refuses: (emitter: PartsEmitter, operands: readonly NumberParts[], valid: number) => Expression;
  /** The error, where the numbers of a step that has such an entry are given, and the place of its first entry. */
  readonly error: (call: Call, numbers: (type: LaneType, operand: number) => readonly number[], first: number) => Error;
}

/** The check that a value needs; `null` where it needs none. */
export function entryCheckOf({ definition, dtype }: Value): EntryCheck | null {
  if (definition.kind !== "cast") return null;
  const {
    inputs: [{ dtype: from }],
    purpose,
  } = definition;
  const exactly = purpose === "number";
  if (!isFloat(from) || (dtype !== "int32" && !(exactly && dtype === "bool"))) return null;
  return {
    refuses(emitter, [x], valid) {
      const numbers = emitter.keepValid(x!, valid, 0);
      return exactly ? emitter.hasOther(numbers, dtype) : emitter.hasNoInt32(numbers);
    },
    error(call, numbers, first) {
      const given = numbers(laneTypeOf(from), 0);
      const lane = given.findIndex((x) => !(exactly ? holds(dtype, x) : isInt32(x)));
      if (exactly) return refuseNumber(call, given[lane]!, dtype);
      return (purpose === "result" ? refuseOverflow : refuseCast)(call, given[lane]!, first + lane);
    },
  };
}
