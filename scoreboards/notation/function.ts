/** Residuals as a function of plain numbers, made of its source: what a rival is given. */

import type { Expression } from "./expand.ts";
import { javascriptSource } from "./source.ts";

/** The residuals for parameters. */
export type PlainFunction = (x: ArrayLike<number>) => Float64Array;

export function plainFunction(residuals: readonly Expression[]): PlainFunction {
  const { body, data } = javascriptSource(residuals);
  const names = Object.keys(data);
  const make = new Function(...names, `return (x) => {\n${body}\n};`) as (
    ...arrays: readonly ArrayLike<number>[]
  ) => PlainFunction;
  return make(
    ...names.map((name) => (name.startsWith("at") ? Int32Array.from(data[name]!) : Float64Array.from(data[name]!))),
  );
}
