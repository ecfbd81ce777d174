/** Lanes read as WebAssembly of single numbers. */

import { callOf } from "../assembler/body.ts";
import { f32, f64, i32, i64, op, select as choose, type Expression } from "../assembler/expressions.ts";
import { comparisons, ofFloats, refuseFloat, refuseWhole } from "./instructions.ts";
import type { Lanes, LaneType } from "../../../kernels/lanes/lanes.ts";
import { plain, sharer, type WasmLanesOptions } from "./sharing.ts";

type Unary = (x: Expression) => Expression;

/** The bits of a float as a whole number, and back. */
const bits32: Unary = (x) => op("i32.reinterpret_f32", x);
const bits64: Unary = (x) => op("i64.reinterpret_f64", x);
const float32: Unary = (x) => op("f32.reinterpret_i32", x);
const float64: Unary = (x) => op("f64.reinterpret_i64", x);

/** x · 2ⁿ */
function scale32(x: Expression, n: Expression): Expression {
  return op("f32.mul", x, float32(op("i32.shl", op("i32.add", op("i32.trunc_sat_f32_s", n), i32(127)), i32(23))));
}

function scale64(x: Expression, n: Expression): Expression {
  const biased = op("i64.extend_i32_s", op("i32.add", op("i32.trunc_sat_f64_s", n), i32(1023)));
  return op("f64.mul", x, float64(op("i64.shl", biased, i64(52n))));
}

/** ⌊log₂ |x|⌋ */
const exponent32: Unary = (x) => op("f32.convert_i32_s", op("i32.sub", op("i32.shr_u", bits32(x), i32(23)), i32(127)));
const exponent64: Unary = (x) =>
  op("f64.convert_i64_s", op("i64.sub", op("i64.shr_u", bits64(x), i64(52n)), i64(1023n)));

/** |x| / 2^exponent, from 1 up to 2 */
const significand32: Unary = (x) => float32(op("i32.or", op("i32.and", bits32(x), i32(0x7fffff)), i32(0x3f800000)));
const significand64: Unary = (x) =>
  float64(op("i64.or", op("i64.and", bits64(x), i64((1n << 52n) - 1n)), i64(1023n << 52n)));

/** x without the lower half of its digits */
const upper32: Unary = (x) => float32(op("i32.and", bits32(x), i32(-(2 ** 12))));
const upper64: Unary = (x) => float64(op("i64.and", bits64(x), i64(-(2n ** 27n))));

/** True of -0 alone. */
const isMark32: Unary = (x) => op("i32.eq", bits32(x), i32(-(2 ** 31)));
const isMark64: Unary = (x) => op("i64.eq", bits64(x), i64(-(2n ** 63n)));

/** |x| of a whole number */
const magnitude: Unary = (x) => choose(op("i32.lt_s", x, i32(0)), op("i32.sub", i32(0), x), x);

/** Constants of a type, each made once. */
function constantsOf(type: LaneType): (value: number) => Expression {
  const made = new Map<number, Expression>();
  return (value) => {
    // A map makes no difference between zeros.
    const known = value === 0 ? undefined : made.get(value);
    if (known !== undefined) return known;
    const one = plain(type === "f32" ? f32(value) : type === "f64" ? f64(value) : i32(value));
    if (value !== 0) made.set(value, one);
    return one;
  };
}

export function scalarLanes({ body, type, external, computed }: WasmLanesOptions): Lanes<Expression, Expression> {
  const whole = type === "i32";
  const signed = whole ? "_s" : "";
  const two = (name: string) => (a: Expression, b: Expression) => op(`${type}.${name}`, a, b);
  const constant = constantsOf(type);
  const share = sharer(body, computed);
  const extremum =
    (name: string, compare: string) =>
    (a: Expression, b: Expression): Expression => {
      if (!whole) return op(`${type}.${name}`, a, b);
      const [x, y] = [share(a), share(b)];
      return choose(op(`i32.${compare}`, x, y), x, y);
    };
  const within =
    (beyond: string) =>
    (a: Expression, b: Expression): Expression => {
      const [x, bound] = [share(a), share(b)];
      return choose(op(`${type}.${beyond}${signed}`, x, bound), bound, x);
    };
  const wide = (x: Expression): Expression => (type === "f64" ? x : op("f64.promote_f32", x));
  const narrow = (x: Expression): Expression => (type === "f64" ? x : op("f32.demote_f64", x));
  return {
    type,
    constant,
    share,
    shareMask: share,
    add: two("add"),
    sub: two("sub"),
    mul: two("mul"),
    neg: (a) => (whole ? op("i32.sub", i32(0), a) : op(`${type}.neg`, a)),
    abs: (a) => (whole ? magnitude(share(a)) : op(`${type}.abs`, a)),
    min: extremum("min", "lt_s"),
    max: extremum("max", "gt_s"),
    atMost: within("gt"),
    atLeast: within("lt"),
    ...comparisons(type, type),
    and: (a, b) => op("i32.and", a, b),
    or: (a, b) => op("i32.or", a, b),
    not: (a) => op("i32.eqz", a),
    select: (condition, a, b) => choose(condition, a, b),
    fromMask: (condition) => (whole ? condition : op(`${type}.convert_i32_u`, condition)),
    turn: (x, n, y) => (whole ? op("i32.xor", op("i32.rotl", x, i32(n)), y) : refuseFloat(type, "turn")),
    ...ofFloats(type, type),
    isMark: whole ? () => refuseWhole(type, "isMark") : type === "f32" ? isMark32 : isMark64,
    copySign: two("copysign"),
    multiplyAdd: (a, b, c) => op(`${type}.add`, op(`${type}.mul`, a, b), c),
    scale: type === "f32" ? scale32 : scale64,
    exponent: type === "f32" ? exponent32 : exponent64,
    significand: type === "f32" ? significand32 : significand64,
    upper: type === "f32" ? upper32 : upper64,
    external(name, needed, x, otherwise) {
      const result = body.let(otherwise);
      const argument = share(x);
      body.if(needed, () => body.set(result, narrow(callOf(external(name), [wide(argument)]))));
      return result;
    },
    external2: (name, a, b) => narrow(callOf(external(name), [wide(a), wide(b)])),
  };
}
