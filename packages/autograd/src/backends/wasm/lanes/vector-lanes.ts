/** Lanes read as WebAssembly of whole vectors. */

import { callOf, type Body, type Callee } from "../assembler/body.ts";
import { extract, i32, op, repeated, replace, type Expression } from "../assembler/expressions.ts";
import { comparisons, ofFloats, refuseFloat, refuseWhole } from "./instructions.ts";
import type { Lanes, LaneType } from "../../../kernels/lanes/lanes.ts";
import { laneCount, laneShape } from "../../../kernels/lanes/machine-types.ts";
import { negationOf, plain, sharer, type Negation, type WasmLanesOptions } from "./sharing.ts";

/** The type that is read, and its constants. */
interface Reading {
  readonly body: Body;
  readonly type: LaneType;
  readonly constant: (value: number) => Expression;
  readonly bits32: (value: number) => Expression;
  readonly bits64: (value: bigint) => Expression;
}

const zero = repeated.i32(0);
const isZero = (x: Expression): boolean => x.key === zero.key;

/** a where the condition holds, else b. */
function select(condition: Expression, a: Expression, b: Expression): Expression {
  if (isZero(a)) return op("v128.andnot", b, condition);
  return isZero(b) ? op("v128.and", a, condition) : op("v128.bitselect", a, b, condition);
}

/** x · 2ⁿ */
function scale({ type, constant }: Reading, x: Expression, n: Expression): Expression {
  // Adding 1.5 · 2²³ leaves the whole number in the lowest bits, here with the bias, and the shift drops all others.
  if (type === "f32") return op("f32x4.mul", x, op("i32x4.shl", op("f32x4.add", n, constant(12582912 + 127)), i32(23)));
  // Adding 1.5 · 2⁵² does so in float64.
  return op("f64x2.mul", x, op("i64x2.shl", op("f64x2.add", n, constant(6755399441055744 + 1023)), i32(52)));
}

/** ⌊log₂ |x|⌋ */
function exponent({ type, constant, bits32, bits64 }: Reading, x: Expression): Expression {
  if (type === "f32") return op("f32x4.convert_i32x4_s", op("i32x4.sub", op("i32x4.shr_u", x, i32(23)), bits32(127)));
  // The biased exponent in the lowest bits of 2⁵² is 2⁵² + e + 1023.
  const biased = op("v128.or", op("i64x2.shr_u", x, i32(52)), bits64(0x4330000000000000n));
  return op("f64x2.sub", biased, constant(2 ** 52 + 1023));
}

/** |x| / 2^exponent, from 1 up to 2 */
function significand({ type, constant, bits32, bits64 }: Reading, x: Expression): Expression {
  if (type === "f32") return op("v128.or", op("v128.and", x, bits32(0x7fffff)), constant(1));
  return op("v128.or", op("v128.and", x, bits64((1n << 52n) - 1n)), constant(1));
}

/** Every entry of a vector through a function of the host. */
function eachLane({ body, type }: Reading, callee: Callee, ...operands: readonly Expression[]): Expression {
  const shape = laneShape[type];
  const result = body.let(operands[0]!);
  for (let lane = 0; lane < laneCount[type]; lane++) {
    const numbers = operands.map((x) => {
      const number = extract(`${shape}.extract_lane`, x, lane);
      return type === "f64" ? number : op("f64.promote_f32", number);
    });
    const value = callOf(callee, numbers);
    const entry = type === "f64" ? value : op("f32.demote_f64", value);
    body.set(result, replace(`${shape}.replace_lane`, result, lane, entry));
  }
  return result;
}

/** The bits of each x turned to the left, and those of y exclusively or'ed into them. */
function turned(x: Expression, n: number, y: Expression): Expression {
  const bits = n === 0 ? x : op("v128.or", op("i32x4.shl", x, i32(n)), op("i32x4.shr_u", x, i32(32 - n)));
  return op("v128.xor", bits, y);
}

export function vectorLanes(options: WasmLanesOptions): Lanes<Expression, Expression> {
  const { body, type, fused, external, computed } = options;
  const shape = laneShape[type];
  const whole = type === "i32";
  const signed = whole ? "_s" : "";
  const two = (name: string) => (a: Expression, b: Expression) => op(`${shape}.${name}`, a, b);
  // A zero is one instruction wherever it stands.
  const constant = (value: number): Expression => {
    const vector = repeated[type](value);
    return isZero(vector) ? plain(vector) : body.constant(vector);
  };
  const bits32 = (value: number): Expression => body.constant(repeated.i32(value));
  const share = sharer(body, computed);
  const bits64 = (value: bigint): Expression => body.constant(repeated.i64(value));
  const reading: Reading = { body, type, constant, bits32, bits64 };
  return {
    type,
    constant,
    share,
    shareMask: share,
    add: two("add"),
    sub: two("sub"),
    mul: two("mul"),
    neg: (a): Negation => Object.assign(op(`${shape}.neg`, a), { negationOf: a }),
    // |-a| = |a|: so that functions of the magnitude find what the other sign has computed.
    abs: (a) => op(`${shape}.abs`, whole ? a : (negationOf(a, computed) ?? a)),
    min: two(`min${signed}`),
    max: two(`max${signed}`),
    atMost: two(whole ? "min_s" : "pmin"),
    atLeast: two(whole ? "max_s" : "pmax"),
    ...comparisons(shape, type),
    and: (a, b) => op("v128.and", a, b),
    or: (a, b) => op("v128.or", a, b),
    not: (a) => op("v128.not", a),
    select,
    fromMask: (condition) => op("v128.and", condition, constant(1)),
    turn: (x, n, y) => (whole ? turned(share(x), n, y) : refuseFloat(type, "turn")),
    ...ofFloats(shape, type),
    isMark: whole
      ? () => refuseWhole(type, "isMark")
      : (a) => (type === "f32" ? op("i32x4.eq", a, bits32(-(2 ** 31))) : op("i64x2.eq", a, bits64(-(2n ** 63n)))),
    copySign: (a, b) => op("v128.bitselect", b, a, type === "f32" ? bits32(-(2 ** 31)) : bits64(-(2n ** 63n))),
    multiplyAdd: (a, b, c) =>
      whole || !fused ? op(`${shape}.add`, op(`${shape}.mul`, a, b), c) : op(`${shape}.relaxed_madd`, a, b, c),
    scale: (x, n) => scale(reading, x, n),
    exponent: (x) => exponent(reading, x),
    significand: (x) => significand(reading, x),
    upper: (x) => op("v128.and", x, type === "f32" ? bits32(-(2 ** 12)) : bits64(-(2n ** 27n))),
    external(name, needed, x, otherwise) {
      const result = body.let(otherwise);
      const mask = share(needed);
      const argument = share(x);
      body.if(op("v128.any_true", mask), () => {
        body.set(result, op("v128.bitselect", eachLane(reading, external(name), argument), result, mask));
      });
      return result;
    },
    external2: (name, a, b) => eachLane(reading, external(name), share(a), share(b)),
  };
}
