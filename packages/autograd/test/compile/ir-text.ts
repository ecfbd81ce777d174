/** The values of a program as text: equal texts are equal programs, whatever their values are numbered. */

import { createHash } from "node:crypto";
import type { BuiltControl } from "../../src/compile/ir/control.ts";
import type { Value } from "../../src/compile/ir/value.ts";

/** The first 16 digits of a SHA-256. */
export function digestOf(...texts: readonly (string | Uint8Array)[]): string {
  const hash = createHash("sha256");
  for (const text of texts) hash.update(text);
  return hash.digest("hex").slice(0, 16);
}

const numberText = (x: number): string => (Object.is(x, -0) ? "-0" : String(x));

/** The digest of numbers, to twelve digits: engines differ in the last bit of a sine. */
const digestOfNumbers = (numbers: Iterable<number>): string =>
  digestOf(Array.from(numbers, (x) => numberText(Number(x.toPrecision(12)))).join());

const controlText = ({ control, bodies, inputs, places }: BuiltControl, nameOf: (value: Value) => string): string => {
  const form =
    control.kind === "scan"
      ? [control.length, control.backwards, control.carries, control.rows]
      : control.kind === "while"
        ? [control.carries, control.bound?.most, control.bound?.before]
        : [];
  const texts = bodies.map(({ values, results }) => `{\n${textOf(values, results)}}`);
  return `${control.kind} ${form.join()} (${inputs.map(nameOf).join()}) at ${places.join()} ${texts.join(" ")}`;
};

/** A field of a definition: values by their names, ops by theirs, long lists of numbers by their digest. */
const fieldText = (field: unknown, nameOf: (value: Value) => string): string => {
  if (typeof field === "number") return numberText(field);
  if (ArrayBuffer.isView(field)) return digestOfNumbers(field as unknown as Iterable<number>);
  if (Array.isArray(field)) return `[${field.map((one) => fieldText(one, nameOf)).join()}]`;
  if (field === null || typeof field !== "object") return String(field);
  if ("definition" in field) return nameOf(field as Value);
  if ("bodies" in field) return controlText(field as BuiltControl, nameOf);
  if ("lanes" in field) return (field as unknown as { readonly name: string }).name;
  const { kind, value, ...rest } = field as { readonly kind?: unknown; readonly value?: Value };
  // What derivatives read of a body is a value of that body.
  const own = kind === "kept" ? { kind, count: value!.count, op: value!.origin.op, ...rest } : field;
  return `{${Object.entries(own)
    .map(([name, one]) => `${name}: ${fieldText(one, nameOf)}`)
    .join()}}`;
};

/** Values in their order, and the results. */
export function textOf(values: readonly Value[], results: readonly (Value | null)[]): string {
  const names = new Map(values.map((value, k) => [value, `%${k}`]));
  const nameOf = (value: Value): string => names.get(value) ?? "%?";
  const lines = values.map(({ definition, dtype, shape, unmarked, origin }, k) => {
    const { kind, ...fields } = definition;
    const list = Object.entries(fields).map(([name, field]) => `${name}: ${fieldText(field, nameOf)}`);
    return `%${k} = ${kind} ${dtype} [${shape.join()}]${unmarked ? " unmarked" : ""} ${list.join(" ")} ; ${origin.op}\n`;
  });
  return `${lines.join("")}return ${results.map((one) => (one === null ? "-" : nameOf(one))).join()}\n`;
}
