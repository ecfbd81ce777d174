/** Lanes read as WebAssembly: vectors of 128 bits, or single numbers, instruction by instruction. */

import { callOf, type Body, type Callee, type Local } from "../wasm/body.ts";
import {
  EmitError,
  extract,
  f32,
  f64,
  i32,
  i64,
  op,
  repeated,
  replace,
  select as choose,
  type Expression,
} from "../wasm/expressions.ts";
import type { Computed } from "./computed.ts";
import type { External2Name, ExternalName, Lanes, LaneType } from "./lanes.ts";

/** What a reading needs to know. */
export interface WasmLanesOptions {
  readonly body: Body;
  readonly type: LaneType;
  /** Whole vectors, or one number at a time. */
  readonly vector: boolean;
  /** Whether a · b + c may be rounded once. */
  readonly fused: boolean;
  /** The imported functions that formulas call. */
  readonly external: (name: ExternalName | External2Name) => Callee;
  /** Where what is shared is looked up; to be emptied where straight code ends. */
  readonly computed?: Computed;
}

/** How many numbers of a type a vector holds. */
export const laneCount: Readonly<Record<LaneType, number>> = { f32: 4, f64: 2, i32: 4 };

/** The name of a vector type in instructions. */
export const laneShape: Readonly<Record<LaneType, string>> = { f32: "f32x4", f64: "f64x2", i32: "i32x4" };

/** The reading of one type. A shared value becomes a local of the function. */
export function wasmLanes(options: WasmLanesOptions): Lanes<Expression, Expression> {
  return options.vector ? vectorLanes(options) : scalarLanes(options);
}

/** The negation of a value, which remembers it. */
interface Negation extends Expression {
  readonly negationOf: Expression;
}

/** What a value is the negation of; `null` where that is not known. */
function negationOf(x: Expression, computed: Computed | undefined): Expression | null {
  if ("negationOf" in x) return (x as Negation).negationOf;
  return "index" in x ? (computed?.negated.get((x as Local).index) ?? null) : null;
}

/**
 * Constants and locals may be used again as they are; everything else goes into a local first, the same into the same.
 */
function sharer(body: Body, computed: Computed | undefined): (x: Expression) => Expression {
  return (x) => {
    if ("index" in x || "plain" in x) return x;
    if (computed === undefined || x.pure !== true) return body.let(x);
    const number = computed.numberOf(x);
    const known = computed.localOf(number);
    if (known !== undefined) return known;
    const local = body.let(x);
    computed.note(number, local);
    if ("negationOf" in x) computed.negated.set(local.index, (x as Negation).negationOf);
    return local;
  };
}

/** A constant, marked as cheap to repeat. */
const plain = (x: Expression): Expression => ({ ...x, plain: true }) as Expression;

function refuseWhole(type: LaneType, name: string): never {
  throw new EmitError(`${name} is not defined for ${type}`);
}

function vectorLanes({ body, type, fused, external, computed }: WasmLanesOptions): Lanes<Expression, Expression> {
  const shape = laneShape[type];
  const whole = type === "i32";
  const signed = whole ? "_s" : "";
  const two = (name: string) => (a: Expression, b: Expression) => op(`${shape}.${name}`, a, b);
  const one = (name: string) => (a: Expression) => op(`${shape}.${name}`, a);
  const float = (name: string) => (whole ? (): never => refuseWhole(type, name) : one(name));
  const zero = repeated.i32(0);
  const isZero = (x: Expression): boolean => x.key === zero.key;
  // A zero is one instruction wherever it stands.
  const constant = (value: number): Expression => {
    const vector = repeated[type](value);
    return isZero(vector) ? plain(vector) : body.constant(vector);
  };
  const bits32 = (value: number): Expression => body.constant(repeated.i32(value));
  const share = sharer(body, computed);
  const bits64 = (value: bigint): Expression => body.constant(repeated.i64(value));
  /** Every entry of a vector through a function of the host. */
  const eachLane = (callee: Callee, ...operands: readonly Expression[]): Expression => {
    const result = body.let(operands[0]!);
    for (let lane = 0; lane < laneCount[type]; lane++) {
      const numbers = operands.map((x) => {
        const number = extract(`${shape}.extract_lane`, x, lane);
        return type === "f64" ? number : op("f64.promote_f32", number);
      });
      const value = callOf(callee, numbers);
      body.set(
        result,
        replace(`${shape}.replace_lane`, result, lane, type === "f64" ? value : op("f32.demote_f64", value)),
      );
    }
    return result;
  };
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
    eq: two("eq"),
    ne: two("ne"),
    lt: two(`lt${signed}`),
    le: two(`le${signed}`),
    gt: two(`gt${signed}`),
    ge: two(`ge${signed}`),
    and: (a, b) => op("v128.and", a, b),
    or: (a, b) => op("v128.or", a, b),
    not: (a) => op("v128.not", a),
    select(condition, a, b) {
      if (isZero(a)) return op("v128.andnot", b, condition);
      return isZero(b) ? op("v128.and", a, condition) : op("v128.bitselect", a, b, condition);
    },
    fromMask: (condition) => op("v128.and", condition, constant(1)),
    div: whole ? () => refuseWhole(type, "div") : two("div"),
    sqrt: float("sqrt"),
    floor: float("floor"),
    trunc: float("trunc"),
    nearest: float("nearest"),
    isMark: whole
      ? () => refuseWhole(type, "isMark")
      : (a) => (type === "f32" ? op("i32x4.eq", a, bits32(-(2 ** 31))) : op("i64x2.eq", a, bits64(-(2n ** 63n)))),
    copySign(a, b) {
      const sign = type === "f32" ? bits32(-(2 ** 31)) : bits64(-(2n ** 63n));
      return op("v128.bitselect", b, a, sign);
    },
    multiplyAdd(a, b, c) {
      if (whole || !fused) return op(`${shape}.add`, op(`${shape}.mul`, a, b), c);
      return op(`${shape}.relaxed_madd`, a, b, c);
    },
    scale(x, n) {
      if (type === "f32") {
        // Adding 1.5 · 2²³ leaves the whole number in the lowest bits, here with the bias, and the shift drops all
        // others.
        return op("f32x4.mul", x, op("i32x4.shl", op("f32x4.add", n, constant(12582912 + 127)), i32(23)));
      }
      // Adding 1.5 · 2⁵² leaves the whole number in the lowest bits, and the shift drops all others.
      return op("f64x2.mul", x, op("i64x2.shl", op("f64x2.add", n, constant(6755399441055744 + 1023)), i32(52)));
    },
    exponent(x) {
      if (type === "f32")
        return op("f32x4.convert_i32x4_s", op("i32x4.sub", op("i32x4.shr_u", x, i32(23)), bits32(127)));
      // The biased exponent in the lowest bits of 2⁵² is 2⁵² + e + 1023.
      const biased = op("v128.or", op("i64x2.shr_u", x, i32(52)), bits64(0x4330000000000000n));
      return op("f64x2.sub", biased, constant(2 ** 52 + 1023));
    },
    significand(x) {
      if (type === "f32") return op("v128.or", op("v128.and", x, bits32(0x7fffff)), constant(1));
      return op("v128.or", op("v128.and", x, bits64((1n << 52n) - 1n)), constant(1));
    },
    upper(x) {
      return op("v128.and", x, type === "f32" ? bits32(-(2 ** 12)) : bits64(-(2n ** 27n)));
    },
    external(name, needed, x, otherwise) {
      const result = body.let(otherwise);
      const mask = share(needed);
      const argument = share(x);
      body.if(op("v128.any_true", mask), () => {
        body.set(result, op("v128.bitselect", eachLane(external(name), argument), result, mask));
      });
      return result;
    },
    external2: (name, a, b) => eachLane(external(name), share(a), share(b)),
  };
}

function scalarLanes({ body, type, external, computed }: WasmLanesOptions): Lanes<Expression, Expression> {
  const whole = type === "i32";
  const signed = whole ? "_s" : "";
  const two = (name: string) => (a: Expression, b: Expression) => op(`${type}.${name}`, a, b);
  const one = (name: string) => (a: Expression) => op(`${type}.${name}`, a);
  const float = (name: string) => (whole ? (): never => refuseWhole(type, name) : one(name));
  const made = new Map<number, Expression>();
  const constant = (value: number): Expression => {
    // A map makes no difference between zeros.
    const known = value === 0 ? undefined : made.get(value);
    if (known !== undefined) return known;
    const one = plain(type === "f32" ? f32(value) : type === "f64" ? f64(value) : i32(value));
    if (value !== 0) made.set(value, one);
    return one;
  };
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
    abs(a) {
      if (!whole) return op(`${type}.abs`, a);
      const x = share(a);
      return choose(op("i32.lt_s", x, i32(0)), op("i32.sub", i32(0), x), x);
    },
    min: extremum("min", "lt_s"),
    max: extremum("max", "gt_s"),
    atMost: within("gt"),
    atLeast: within("lt"),
    eq: two("eq"),
    ne: two("ne"),
    lt: two(`lt${signed}`),
    le: two(`le${signed}`),
    gt: two(`gt${signed}`),
    ge: two(`ge${signed}`),
    and: (a, b) => op("i32.and", a, b),
    or: (a, b) => op("i32.or", a, b),
    not: (a) => op("i32.eqz", a),
    select: (condition, a, b) => choose(condition, a, b),
    fromMask: (condition) => (whole ? condition : op(`${type}.convert_i32_u`, condition)),
    div: whole ? () => refuseWhole(type, "div") : two("div"),
    sqrt: float("sqrt"),
    floor: float("floor"),
    trunc: float("trunc"),
    nearest: float("nearest"),
    isMark: whole
      ? () => refuseWhole(type, "isMark")
      : (a) =>
          type === "f32"
            ? op("i32.eq", op("i32.reinterpret_f32", a), i32(-(2 ** 31)))
            : op("i64.eq", op("i64.reinterpret_f64", a), i64(-(2n ** 63n))),
    copySign: two("copysign"),
    multiplyAdd: (a, b, c) => op(`${type}.add`, op(`${type}.mul`, a, b), c),
    scale(x, n) {
      if (type === "f32")
        return op(
          "f32.mul",
          x,
          op("f32.reinterpret_i32", op("i32.shl", op("i32.add", op("i32.trunc_sat_f32_s", n), i32(127)), i32(23))),
        );
      const biased = op("i64.extend_i32_s", op("i32.add", op("i32.trunc_sat_f64_s", n), i32(1023)));
      return op("f64.mul", x, op("f64.reinterpret_i64", op("i64.shl", biased, i64(52n))));
    },
    exponent(x) {
      if (type === "f32")
        return op("f32.convert_i32_s", op("i32.sub", op("i32.shr_u", op("i32.reinterpret_f32", x), i32(23)), i32(127)));
      return op(
        "f64.convert_i64_s",
        op("i64.sub", op("i64.shr_u", op("i64.reinterpret_f64", x), i64(52n)), i64(1023n)),
      );
    },
    significand(x) {
      if (type === "f32")
        return op(
          "f32.reinterpret_i32",
          op("i32.or", op("i32.and", op("i32.reinterpret_f32", x), i32(0x7fffff)), i32(0x3f800000)),
        );
      return op(
        "f64.reinterpret_i64",
        op("i64.or", op("i64.and", op("i64.reinterpret_f64", x), i64((1n << 52n) - 1n)), i64(1023n << 52n)),
      );
    },
    upper(x) {
      if (type === "f32")
        return op("f32.reinterpret_i32", op("i32.and", op("i32.reinterpret_f32", x), i32(-(2 ** 12))));
      return op("f64.reinterpret_i64", op("i64.and", op("i64.reinterpret_f64", x), i64(-(2n ** 27n))));
    },
    external(name, needed, x, otherwise) {
      const result = body.let(otherwise);
      const argument = share(x);
      body.if(needed, () => body.set(result, narrow(callOf(external(name), [wide(argument)]))));
      return result;
    },
    external2: (name, a, b) => narrow(callOf(external(name), [wide(a), wide(b)])),
  };
}
