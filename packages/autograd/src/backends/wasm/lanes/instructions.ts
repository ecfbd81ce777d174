/** Operations of lanes that are one instruction, in vectors as in single numbers. */

import { EmitError, op, type Expression } from "../assembler/expressions.ts";
import type { Lanes, LaneType } from "../../../kernels/lanes/lanes.ts";

type WasmLanes = Lanes<Expression, Expression>;

export function refuseFloat(type: LaneType, name: string): never {
  throw new EmitError(`${name} is defined for i32 alone, not for ${type}`);
}

export function refuseWhole(type: LaneType, name: string): never {
  throw new EmitError(`${name} is not defined for ${type}`);
}

/** Comparisons of a shape, such as `f64` or `f64x2`. */
export function comparisons(shape: string, type: LaneType): Pick<WasmLanes, "eq" | "ne" | "lt" | "le" | "gt" | "ge"> {
  const two = (name: string) => (a: Expression, b: Expression) => op(`${shape}.${name}`, a, b);
  const signed = type === "i32" ? "_s" : "";
  return {
    eq: two("eq"),
    ne: two("ne"),
    lt: two(`lt${signed}`),
    le: two(`le${signed}`),
    gt: two(`gt${signed}`),
    ge: two(`ge${signed}`),
  };
}

/** Operations that floats alone have. */
export function ofFloats(
  shape: string,
  type: LaneType,
): Pick<WasmLanes, "div" | "sqrt" | "floor" | "trunc" | "nearest"> {
  const one = (name: string) => (a: Expression) =>
    type === "i32" ? refuseWhole(type, name) : op(`${shape}.${name}`, a);
  return {
    div: (a, b) => (type === "i32" ? refuseWhole(type, "div") : op(`${shape}.div`, a, b)),
    sqrt: one("sqrt"),
    floor: one("floor"),
    trunc: one("trunc"),
    nearest: one("nearest"),
  };
}
