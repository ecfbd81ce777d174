/** What of entry-wise work has no value in its type, and is refused: found by the vectors of a step, named from their numbers. */

import { isFloat, isInt32 } from "../../graph/dtype.ts";
import type { Call } from "../../graph/tracing.ts";
import type { LaneType } from "../../kernels/lanes/lanes.ts";
import { laneTypeOf } from "../../kernels/lanes/machine-types.ts";
import type { Expression } from "../../kernels/wasm/expressions.ts";
import type { NumberParts, PartsEmitter } from "../../kernels/wasm/parts.ts";
import { refuseCast } from "../../ops/cast.ts";
import type { Value } from "../values/value.ts";

/** A check of each entry of a value. */
export interface EntryCheck {
  /** Emits whether any of the first `valid` entries of a step is refused: an i32 that is not 0 then. */
  readonly refuses: (emitter: PartsEmitter, operands: readonly NumberParts[], valid: number) => Expression;
  /** The error, where the numbers of a step that has such an entry are given, and the place of its first entry. */
  readonly error: (call: Call, numbers: (type: LaneType, operand: number) => readonly number[], first: number) => Error;
}

/** The check that a value needs; `null` where it needs none. */
export function entryCheckOf({ definition, dtype }: Value): EntryCheck | null {
  if (definition.kind !== "cast" || dtype !== "int32") return null;
  const from = definition.inputs[0].dtype;
  if (!isFloat(from)) return null;
  return {
    refuses: (emitter, [x], valid) => emitter.hasNoInt32(emitter.keepValid(x!, valid, 0)),
    error(call, numbers, first) {
      const given = numbers(laneTypeOf(from), 0);
      const lane = given.findIndex((x) => !isInt32(x));
      return refuseCast(call, given[lane]!, first + lane);
    },
  };
}
