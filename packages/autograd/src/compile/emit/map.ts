/** One op of a step of a loop. */

import { readForms } from "../../kernels/lanes/forms.ts";
import type { Value } from "../values/value.ts";
import type { NumberParts, Parts, PartsEmitter } from "./parts.ts";

/** One op, part by part. */
export function emitMap(emitter: PartsEmitter, value: Value, operands: readonly Parts[]): Parts {
  const { op: rule } = value.definition as Extract<Value["definition"], { kind: "map" }>;
  const numbers = operands.find((x): x is NumberParts => x.kind === "numbers");
  // Conditions alone may be of either width; a step of two entries has only the wider one.
  const wide = emitter.step === 2 || operands.every((x) => x.kind === "mask" && x.width === 64);
  const type = numbers?.type ?? (wide ? "f64" : "f32");
  const results = Array.from({ length: emitter.partCount(type) }, (_, part) =>
    readForms(rule.lanes, emitter.lanes(type), operands.map((x) => emitter.operand(x, type, part))),
  );
  if (value.dtype === "bool") {
    const parts = results.map((one) => emitter.lanes(type).share("mask" in one ? one.mask : one.value));
    return { kind: "mask", width: type === "f64" ? 64 : 32, parts };
  }
  const parts = results.map((one) => emitter.lanes(type).share("value" in one ? one.value : one.mask));
  return { kind: "numbers", type, parts };
}
