/** Lanes read with plain numbers: the slow definition that every other reading must match to the bit. */

import type { External2Name, ExternalName, Lanes, LaneType } from "./lanes.ts";

/** The functions of the host that kernels call. */
export interface Externals
  extends Record<ExternalName, (x: number) => number>, Record<External2Name, (a: number, b: number) => number> {}

/** A word of 64 bits. A float32 is its lower half. */
const words = new BigUint64Array(1);

function copySign(a: number, b: number): number {
  return b < 0 || Object.is(b, -0) ? -Math.abs(a) : Math.abs(a);
}

/** To the nearest whole number: adding and taking off 2⁵² rounds to even; the sign of a zero stays. */
export function nearest(a: number): number {
  return Math.abs(a) < 2 ** 52 ? copySign(Math.abs(a) + 2 ** 52 - 2 ** 52, a) : a;
}

/** The reading of one type; results are rounded to it after every operation. */
export function numberLanes(type: LaneType, externals: Externals): Lanes<number, boolean> {
  const isHalf = type === "f32";
  const round = isHalf ? Math.fround : type === "f64" ? (x: number): number => x : (x: number): number => x | 0;
  const floats = new (isHalf ? Float32Array : Float64Array)(words.buffer);
  // The bias of the exponent, the width of the fraction and of its lower half.
  const [bias, width, cleared] = isHalf ? ([127, 23n, 12n] as const) : ([1023, 52n, 27n] as const);
  const toBits = (x: number): bigint => {
    words[0] = 0n;
    floats[0] = x;
    return words[0];
  };
  const fromBits = (bits: bigint): number => {
    words[0] = bits;
    return floats[0]!;
  };
  return {
    type,
    constant: round,
    share: (x) => x,
    shareMask: (x) => x,
    add: (a, b) => round(a + b),
    sub: (a, b) => round(a - b),
    mul: (a, b) => (type === "i32" ? Math.imul(a, b) : round(a * b)),
    neg: (a) => round(-a),
    abs: (a) => round(Math.abs(a)),
    min: Math.min,
    max: Math.max,
    atMost: (x, bound) => (x > bound ? bound : x),
    atLeast: (x, bound) => (x < bound ? bound : x),
    eq: (a, b) => a === b,
    ne: (a, b) => a !== b,
    lt: (a, b) => a < b,
    le: (a, b) => a <= b,
    gt: (a, b) => a > b,
    ge: (a, b) => a >= b,
    and: (a, b) => a && b,
    or: (a, b) => a || b,
    not: (a) => !a,
    select: (condition, a, b) => (condition ? a : b),
    fromMask: Number,
    turn: (x, n, y) => ((x << n) | (x >>> -n)) ^ y,
    div: (a, b) => round(a / b),
    sqrt: (a) => round(Math.sqrt(a)),
    floor: Math.floor,
    trunc: Math.trunc,
    nearest,
    isMark: (a) => Object.is(a, -0),
    copySign,
    multiplyAdd: (a, b, c) => round(round(a * b) + c),
    scale: (x, n) => round(x * 2 ** n),
    exponent: (x) => Number(toBits(x) >> width) - bias,
    significand: (x) => fromBits((toBits(x) & ((1n << width) - 1n)) | (BigInt(bias) << width)),
    upper: (x) => fromBits((toBits(x) >> cleared) << cleared),
    external: (name, needed, x, otherwise) => (needed ? round(externals[name](x)) : otherwise),
    external2: (name, a, b) => round(externals[name](a, b)),
  };
}
