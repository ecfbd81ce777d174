/** What every instruction of the emitter means, written down once more in plain numbers: the reference of its tests. */

/** A type of lanes by its name: how many there are, and whether they are integers. */
const shapes = {
  i8x16: { count: 16, bits: 8, whole: true },
  i16x8: { count: 8, bits: 16, whole: true },
  i32x4: { count: 4, bits: 32, whole: true },
  i64x2: { count: 2, bits: 64, whole: true },
  f32x4: { count: 4, bits: 32, whole: false },
  f64x2: { count: 2, bits: 64, whole: false },
} as const;

export type Shape = keyof typeof shapes;

/** A value of an instruction: 4, 8 or 16 bytes. */
export type Value = Uint8Array;

const viewOf = (bytes: Value): DataView => new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);

const signed = (x: bigint, bits: number): bigint => BigInt.asIntN(bits, x);
const unsigned = (x: bigint, bits: number): bigint => BigInt.asUintN(bits, x);

/** Integers of `bits` bits that lie one after another, as signed numbers. */
export function integersOf(bytes: Value, bits: number): bigint[] {
  return Array.from({ length: (8 * bytes.length) / bits }, (_, k) => {
    let x = 0n;
    for (let j = bits / 8 - 1; j >= 0; j--) x = (x << 8n) | BigInt(bytes[(k * bits) / 8 + j]!);
    return signed(x, bits);
  });
}

export function bytesOfIntegers(numbers: readonly bigint[], bits: number): Value {
  const out = new Uint8Array((numbers.length * bits) / 8);
  numbers.forEach((x, k) => {
    for (let j = 0; j < bits / 8; j++) out[(k * bits) / 8 + j] = Number((unsigned(x, bits) >> BigInt(8 * j)) & 255n);
  });
  return out;
}

export function floatsOf(bytes: Value, bits: number): number[] {
  const view = viewOf(bytes);
  return Array.from({ length: (8 * bytes.length) / bits }, (_, k) =>
    bits === 32 ? view.getFloat32(4 * k, true) : view.getFloat64(8 * k, true),
  );
}

export function bytesOfFloats(numbers: readonly number[], bits: number): Value {
  const out = new Uint8Array((numbers.length * bits) / 8);
  const view = viewOf(out);
  numbers.forEach((x, k) => (bits === 32 ? view.setFloat32(4 * k, x, true) : view.setFloat64(8 * k, x, true)));
  return out;
}

const truth = (condition: boolean): bigint => (condition ? -1n : 0n);

/** n ≥ 0 leading, trailing or all bits. */
const leading = (x: bigint, bits: number): number =>
  bits - (unsigned(x, bits) === 0n ? 0 : unsigned(x, bits).toString(2).length);
const trailing = (x: bigint, bits: number): number =>
  x === 0n ? bits : /0*$/.exec(unsigned(x, bits).toString(2))![0].length;
const population = (x: bigint, bits: number): number => unsigned(x, bits).toString(2).replaceAll("0", "").length;

type Whole = (a: bigint, b: bigint, bits: number) => bigint;

const wholeCompare: Readonly<Record<string, (a: bigint, b: bigint, bits: number) => boolean>> = {
  eq: (a, b) => a === b,
  ne: (a, b) => a !== b,
  lt_s: (a, b) => a < b,
  gt_s: (a, b) => a > b,
  le_s: (a, b) => a <= b,
  ge_s: (a, b) => a >= b,
  lt_u: (a, b, bits) => unsigned(a, bits) < unsigned(b, bits),
  gt_u: (a, b, bits) => unsigned(a, bits) > unsigned(b, bits),
  le_u: (a, b, bits) => unsigned(a, bits) <= unsigned(b, bits),
  ge_u: (a, b, bits) => unsigned(a, bits) >= unsigned(b, bits),
};

const wholeTwo: Readonly<Record<string, Whole>> = {
  add: (a, b) => a + b,
  sub: (a, b) => a - b,
  mul: (a, b) => a * b,
  div_s: (a, b) => a / b,
  rem_s: (a, b) => a % b,
  div_u: (a, b, bits) => unsigned(a, bits) / unsigned(b, bits),
  rem_u: (a, b, bits) => unsigned(a, bits) % unsigned(b, bits),
  and: (a, b) => a & b,
  or: (a, b) => a | b,
  xor: (a, b) => a ^ b,
  shl: (a, b, bits) => a << (unsigned(b, 64) % BigInt(bits)),
  shr_s: (a, b, bits) => a >> (unsigned(b, 64) % BigInt(bits)),
  shr_u: (a, b, bits) => unsigned(a, bits) >> (unsigned(b, 64) % BigInt(bits)),
  rotl: (a, b, bits) =>
    (unsigned(a, bits) << (unsigned(b, 64) % BigInt(bits))) |
    (unsigned(a, bits) >> (BigInt(bits) - (unsigned(b, 64) % BigInt(bits)))),
  rotr: (a, b, bits) =>
    (unsigned(a, bits) >> (unsigned(b, 64) % BigInt(bits))) |
    (unsigned(a, bits) << (BigInt(bits) - (unsigned(b, 64) % BigInt(bits)))),
  min_s: (a, b) => (a < b ? a : b),
  max_s: (a, b) => (a > b ? a : b),
  min_u: (a, b, bits) => (unsigned(a, bits) < unsigned(b, bits) ? a : b),
  max_u: (a, b, bits) => (unsigned(a, bits) > unsigned(b, bits) ? a : b),
};

const wholeOne: Readonly<Record<string, (a: bigint, bits: number) => bigint>> = {
  neg: (a) => -a,
  abs: (a) => (a < 0n ? -a : a),
  clz: (a, bits) => BigInt(leading(a, bits)),
  ctz: (a, bits) => BigInt(trailing(a, bits)),
  popcnt: (a, bits) => BigInt(population(a, bits)),
};

const toEven = (x: number): number => {
  if (!Number.isFinite(x) || Math.abs(x) >= 2 ** 52) return x;
  const low = Math.floor(x);
  const rest = x - low;
  const rounded = rest < 0.5 || (rest === 0.5 && low % 2 === 0) ? low : low + 1;
  return rounded === 0 && (x < 0 || Object.is(x, -0)) ? -0 : rounded;
};

const floatOne: Readonly<Record<string, (a: number) => number>> = {
  abs: Math.abs,
  neg: (a) => -a,
  ceil: Math.ceil,
  floor: Math.floor,
  trunc: Math.trunc,
  nearest: toEven,
  sqrt: Math.sqrt,
};

const floatTwo: Readonly<Record<string, (a: number, b: number) => number>> = {
  add: (a, b) => a + b,
  sub: (a, b) => a - b,
  mul: (a, b) => a * b,
  div: (a, b) => a / b,
  min: Math.min,
  max: Math.max,
  pmin: (a, b) => (b < a ? b : a),
  pmax: (a, b) => (a < b ? b : a),
  copysign: (a, b) => (b < 0 || Object.is(b, -0) ? -Math.abs(a) : Math.abs(a)),
};

const floatCompare: Readonly<Record<string, (a: number, b: number) => boolean>> = {
  eq: (a, b) => a === b,
  ne: (a, b) => a !== b,
  lt: (a, b) => a < b,
  gt: (a, b) => a > b,
  le: (a, b) => a <= b,
  ge: (a, b) => a >= b,
};

/** The nearest whole number towards zero within a range; 0 for NaN. */
function saturated(x: number, low: number, high: number): bigint {
  return Number.isNaN(x) ? 0n : BigInt(Math.min(Math.max(Math.trunc(x), low), high));
}

const clamp = (x: bigint, low: bigint, high: bigint): bigint => (x < low ? low : x > high ? high : x);

const single = (bits: number, x: bigint): Value => bytesOfIntegers([x], bits);

/** Instructions that change the type. */
const conversions: Readonly<Record<string, (x: Value) => Value>> = {
  "i32.wrap_i64": (x) => x.slice(0, 4),
  "i64.extend_i32_s": (x) => single(64, integersOf(x, 32)[0]!),
  "i64.extend_i32_u": (x) => single(64, unsigned(integersOf(x, 32)[0]!, 32)),
  "f32.convert_i32_s": (x) => bytesOfFloats([Number(integersOf(x, 32)[0]!)], 32),
  "f32.convert_i32_u": (x) => bytesOfFloats([Number(unsigned(integersOf(x, 32)[0]!, 32))], 32),
  "f64.convert_i32_s": (x) => bytesOfFloats([Number(integersOf(x, 32)[0]!)], 64),
  "f64.convert_i32_u": (x) => bytesOfFloats([Number(unsigned(integersOf(x, 32)[0]!, 32))], 64),
  "f64.convert_i64_s": (x) => bytesOfFloats([Number(integersOf(x, 64)[0]!)], 64),
  "f64.convert_i64_u": (x) => bytesOfFloats([Number(unsigned(integersOf(x, 64)[0]!, 64))], 64),
  "f32.demote_f64": (x) => bytesOfFloats(floatsOf(x, 64), 32),
  "f64.promote_f32": (x) => bytesOfFloats(floatsOf(x, 32), 64),
  "i32.trunc_sat_f32_s": (x) => single(32, saturated(floatsOf(x, 32)[0]!, -(2 ** 31), 2 ** 31 - 1)),
  "i32.trunc_sat_f32_u": (x) => single(32, saturated(floatsOf(x, 32)[0]!, 0, 2 ** 32 - 1)),
  "i32.trunc_sat_f64_s": (x) => single(32, saturated(floatsOf(x, 64)[0]!, -(2 ** 31), 2 ** 31 - 1)),
  "i32.trunc_sat_f64_u": (x) => single(32, saturated(floatsOf(x, 64)[0]!, 0, 2 ** 32 - 1)),
  "i32x4.trunc_sat_f32x4_s": (x) =>
    bytesOfIntegers(
      floatsOf(x, 32).map((a) => saturated(a, -(2 ** 31), 2 ** 31 - 1)),
      32,
    ),
  "i32x4.trunc_sat_f32x4_u": (x) =>
    bytesOfIntegers(
      floatsOf(x, 32).map((a) => saturated(a, 0, 2 ** 32 - 1)),
      32,
    ),
  "i32x4.trunc_sat_f64x2_s_zero": (x) =>
    bytesOfIntegers([...floatsOf(x, 64).map((a) => saturated(a, -(2 ** 31), 2 ** 31 - 1)), 0n, 0n], 32),
  "i32x4.trunc_sat_f64x2_u_zero": (x) =>
    bytesOfIntegers([...floatsOf(x, 64).map((a) => saturated(a, 0, 2 ** 32 - 1)), 0n, 0n], 32),
  "f32x4.convert_i32x4_s": (x) => bytesOfFloats(integersOf(x, 32).map(Number), 32),
  "f32x4.convert_i32x4_u": (x) =>
    bytesOfFloats(
      integersOf(x, 32).map((a) => Number(unsigned(a, 32))),
      32,
    ),
  "f64x2.convert_low_i32x4_s": (x) => bytesOfFloats(integersOf(x, 32).slice(0, 2).map(Number), 64),
  "f64x2.convert_low_i32x4_u": (x) =>
    bytesOfFloats(
      integersOf(x, 32)
        .slice(0, 2)
        .map((a) => Number(unsigned(a, 32))),
      64,
    ),
  "f32x4.demote_f64x2_zero": (x) => bytesOfFloats([...floatsOf(x, 64), 0, 0], 32),
  "f64x2.promote_low_f32x4": (x) => bytesOfFloats(floatsOf(x, 32).slice(0, 2), 64),
  "v128.not": (x) => x.map((byte) => ~byte),
  "v128.any_true": (x) => single(32, x.some((byte) => byte !== 0) ? 1n : 0n),
};

const bytewise =
  (combine: (a: number, b: number) => number) =>
  (a: Value, b: Value): Value =>
    a.map((byte, k) => combine(byte, b[k]!));

const bits: Readonly<Record<string, (a: Value, b: Value) => Value>> = {
  "v128.and": bytewise((a, b) => a & b),
  "v128.andnot": bytewise((a, b) => a & ~b),
  "v128.or": bytewise((a, b) => a | b),
  "v128.xor": bytewise((a, b) => a ^ b),
  "i8x16.swizzle": (a, b) => a.map((_, k) => (b[k]! < 16 ? a[b[k]!]! : 0)),
};

/** Instructions on the lanes of a shape, by the name behind the dot. */
function onLanes(shape: Shape, name: string, operands: readonly Value[]): Value | null {
  const { bits: width, count, whole } = shapes[shape];
  const [a, b, c] = operands as [Value, Value, Value];
  if (name === "splat") return new Uint8Array(16).map((_, k) => a[k % (width / 8)]!);
  if (name === "all_true") return single(32, integersOf(a, width).every((x) => x !== 0n) ? 1n : 0n);
  if (name === "bitmask")
    return single(32, BigInt(integersOf(a, width).reduce((mask, x, k) => mask + (x < 0n ? 2 ** k : 0), 0)));
  const part = /^extend_(low|high)_(i\d+x\d+)_([su])$/.exec(name);
  if (part !== null) {
    const narrow = integersOf(a, width / 2).slice(part[1] === "low" ? 0 : count, part[1] === "low" ? count : 2 * count);
    return bytesOfIntegers(part[3] === "s" ? narrow : narrow.map((x) => unsigned(x, width / 2)), width);
  }
  const packed = /^narrow_i\d+x\d+_([su])$/.exec(name);
  if (packed !== null) {
    const [low, high] =
      packed[1] === "s"
        ? [-(1n << BigInt(width - 1)), (1n << BigInt(width - 1)) - 1n]
        : [0n, (1n << BigInt(width)) - 1n];
    return bytesOfIntegers(
      [...integersOf(a, 2 * width), ...integersOf(b, 2 * width)].map((x) => clamp(x, low, high)),
      width,
    );
  }
  if (whole) {
    const [x, y] = [integersOf(a, width), b === undefined ? [] : integersOf(b, width)];
    const right = (k: number): bigint => (b.length === 16 ? y[k]! : integersOf(b, 32)[0]!);
    if (wholeCompare[name] !== undefined)
      return bytesOfIntegers(
        x.map((v, k) => truth(wholeCompare[name]!(v, y[k]!, width))),
        width,
      );
    if (wholeTwo[name] !== undefined)
      return bytesOfIntegers(
        x.map((v, k) => wholeTwo[name]!(v, right(k), width)),
        width,
      );
    return wholeOne[name] === undefined
      ? null
      : bytesOfIntegers(
          x.map((v) => wholeOne[name]!(v, width)),
          width,
        );
  }
  const [x, y] = [floatsOf(a, width), b === undefined ? [] : floatsOf(b, width)];
  if (floatCompare[name] !== undefined)
    return bytesOfIntegers(
      x.map((v, k) => truth(floatCompare[name]!(v, y[k]!))),
      width,
    );
  if (floatTwo[name] !== undefined)
    return bytesOfFloats(
      x.map((v, k) => floatTwo[name]!(v, y[k]!)),
      width,
    );
  // Operands whose products are exact: rounded once or twice, the result is the same.
  if (name === "relaxed_madd")
    return bytesOfFloats(
      x.map((v, k) => v * y[k]! + floatsOf(c, width)[k]!),
      width,
    );
  if (name === "relaxed_nmadd")
    return bytesOfFloats(
      x.map((v, k) => floatsOf(c, width)[k]! - v * y[k]!),
      width,
    );
  return floatOne[name] === undefined ? null : bytesOfFloats(x.map(floatOne[name]!), width);
}

/** Instructions on one number. */
function onNumbers(type: "i32" | "i64" | "f32" | "f64", name: string, [a, b]: readonly Value[]): Value | null {
  const width = type.endsWith("32") ? 32 : 64;
  if (name.startsWith("reinterpret_")) return a!;
  if (type.startsWith("i")) {
    const [x, y] = [integersOf(a!, width)[0]!, b === undefined ? 0n : integersOf(b, width)[0]!];
    if (name === "eqz") return single(32, x === 0n ? 1n : 0n);
    if (wholeCompare[name] !== undefined) return single(32, wholeCompare[name](x, y, width) ? 1n : 0n);
    if (wholeTwo[name] !== undefined) return single(width, wholeTwo[name](x, y, width));
    return wholeOne[name] === undefined ? null : single(width, wholeOne[name](x, width));
  }
  const [x, y] = [floatsOf(a!, width)[0]!, b === undefined ? 0 : floatsOf(b, width)[0]!];
  if (floatCompare[name] !== undefined) return single(32, floatCompare[name](x, y) ? 1n : 0n);
  if (floatTwo[name] !== undefined) return bytesOfFloats([floatTwo[name](x, y)], width);
  return floatOne[name] === undefined ? null : bytesOfFloats([floatOne[name](x)], width);
}

/** What an instruction gives. */
export function meaningOf(instruction: string, operands: readonly Value[]): Value {
  const [type, name] = instruction.split(".") as [string, string];
  const direct = conversions[instruction]?.(operands[0]!) ?? bits[instruction]?.(operands[0]!, operands[1]!);
  if (direct !== undefined) return direct;
  if (instruction === "v128.bitselect")
    return operands[0]!.map((byte, k) => (byte & operands[2]![k]!) | (operands[1]![k]! & ~operands[2]![k]!));
  const found = type in shapes ? onLanes(type as Shape, name, operands) : onNumbers(type as "i32", name, operands);
  if (found === null) throw new Error(`no meaning of ${instruction} is written down`);
  return found;
}
