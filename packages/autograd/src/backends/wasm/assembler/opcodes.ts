/** The instructions that the kernels use: their bytes, and the types that they take and give. */

/** The types of values in WebAssembly. */
export type ValueType = "i32" | "i64" | "f32" | "f64" | "v128";

/** One instruction without immediate operands. */
export interface Opcode {
  readonly bytes: readonly number[];
  readonly takes: readonly ValueType[];
  readonly gives: ValueType;
}

/** A number of up to 14 bits as the format writes it after a prefix. */
function leb(code: number): readonly number[] {
  return code < 128 ? [code] : [(code & 127) | 128, code >> 7];
}

/** Instructions of one signature whose codes follow each other; `_` leaves a code out. */
function run(prefix: number | null, first: number, signature: string, names: string): [string, Opcode][] {
  const [takes, gives] = signature.split(">");
  const types = takes!.split(" ") as ValueType[];
  return names.split(" ").flatMap((name, k): [string, Opcode][] => {
    const code = first + k;
    return name === "_"
      ? []
      : [[name, { bytes: prefix === null ? [code] : [prefix, ...leb(code)], takes: types, gives: gives as ValueType }]];
  });
}

const SIMD = 0xfd;
const each = (type: string, names: string): string => names.replace(/[a-z]\S*/g, (name) => `${type}.${name}`);

const integerCompare = "eq ne lt_s lt_u gt_s gt_u le_s le_u ge_s ge_u";
const floatCompare = "eq ne lt gt le ge";
const integerMath = "add sub mul div_s div_u rem_s rem_u and or xor shl shr_s shr_u rotl rotr";

const list: readonly [string, Opcode][] = [
  ...run(null, 0x45, "i32>i32", "i32.eqz"),
  ...run(null, 0x46, "i32 i32>i32", each("i32", integerCompare)),
  ...run(null, 0x50, "i64>i32", "i64.eqz"),
  ...run(null, 0x51, "i64 i64>i32", each("i64", integerCompare)),
  ...run(null, 0x5b, "f32 f32>i32", each("f32", floatCompare)),
  ...run(null, 0x61, "f64 f64>i32", each("f64", floatCompare)),
  ...run(null, 0x67, "i32>i32", each("i32", "clz ctz popcnt")),
  ...run(null, 0x6a, "i32 i32>i32", each("i32", integerMath)),
  ...run(null, 0x79, "i64>i64", each("i64", "clz ctz popcnt")),
  ...run(null, 0x7c, "i64 i64>i64", each("i64", integerMath)),
  ...run(null, 0x8b, "f32>f32", each("f32", "abs neg ceil floor trunc nearest sqrt")),
  ...run(null, 0x92, "f32 f32>f32", each("f32", "add sub mul div min max copysign")),
  ...run(null, 0x99, "f64>f64", each("f64", "abs neg ceil floor trunc nearest sqrt")),
  ...run(null, 0xa0, "f64 f64>f64", each("f64", "add sub mul div min max copysign")),
  ...run(null, 0xa7, "i64>i32", "i32.wrap_i64"),
  ...run(null, 0xac, "i32>i64", "i64.extend_i32_s i64.extend_i32_u"),
  ...run(null, 0xb2, "i32>f32", "f32.convert_i32_s f32.convert_i32_u"),
  ...run(null, 0xb6, "f64>f32", "f32.demote_f64"),
  ...run(null, 0xb7, "i32>f64", "f64.convert_i32_s f64.convert_i32_u"),
  ...run(null, 0xb9, "i64>f64", "f64.convert_i64_s f64.convert_i64_u"),
  ...run(null, 0xbb, "f32>f64", "f64.promote_f32"),
  ...run(null, 0xbc, "f32>i32", "i32.reinterpret_f32"),
  ...run(null, 0xbd, "f64>i64", "i64.reinterpret_f64"),
  ...run(null, 0xbe, "i32>f32", "f32.reinterpret_i32"),
  ...run(null, 0xbf, "i64>f64", "f64.reinterpret_i64"),
  ...run(0xfc, 0x00, "f32>i32", "i32.trunc_sat_f32_s i32.trunc_sat_f32_u"),
  ...run(0xfc, 0x02, "f64>i32", "i32.trunc_sat_f64_s i32.trunc_sat_f64_u"),
  ...run(SIMD, 0x0e, "v128 v128>v128", "i8x16.swizzle"),
  ...run(SIMD, 0x0f, "i32>v128", "i8x16.splat i16x8.splat i32x4.splat"),
  ...run(SIMD, 0x12, "i64>v128", "i64x2.splat"),
  ...run(SIMD, 0x13, "f32>v128", "f32x4.splat"),
  ...run(SIMD, 0x14, "f64>v128", "f64x2.splat"),
  ...run(SIMD, 0x23, "v128 v128>v128", each("i8x16", integerCompare)),
  ...run(SIMD, 0x37, "v128 v128>v128", each("i32x4", integerCompare)),
  ...run(SIMD, 0x41, "v128 v128>v128", each("f32x4", floatCompare)),
  ...run(SIMD, 0x47, "v128 v128>v128", each("f64x2", floatCompare)),
  ...run(SIMD, 0x4d, "v128>v128", "v128.not"),
  ...run(SIMD, 0x4e, "v128 v128>v128", each("v128", "and andnot or xor")),
  ...run(SIMD, 0x52, "v128 v128 v128>v128", "v128.bitselect"),
  ...run(SIMD, 0x53, "v128>i32", "v128.any_true"),
  ...run(SIMD, 0x5e, "v128>v128", "f32x4.demote_f64x2_zero f64x2.promote_low_f32x4"),
  ...run(SIMD, 0x63, "v128>i32", "i8x16.all_true i8x16.bitmask"),
  ...run(SIMD, 0x65, "v128 v128>v128", "i8x16.narrow_i16x8_s i8x16.narrow_i16x8_u"),
  ...run(SIMD, 0x67, "v128>v128", each("f32x4", "ceil floor trunc nearest")),
  ...run(SIMD, 0x74, "v128>v128", "f64x2.ceil f64x2.floor"),
  ...run(SIMD, 0x7a, "v128>v128", "f64x2.trunc"),
  ...run(SIMD, 0x85, "v128 v128>v128", "i16x8.narrow_i32x4_s i16x8.narrow_i32x4_u"),
  ...run(
    SIMD,
    0x87,
    "v128>v128",
    each("i16x8", "extend_low_i8x16_s extend_high_i8x16_s extend_low_i8x16_u extend_high_i8x16_u"),
  ),
  ...run(SIMD, 0x94, "v128>v128", "f64x2.nearest"),
  ...run(SIMD, 0xa0, "v128>v128", "i32x4.abs i32x4.neg"),
  ...run(SIMD, 0xa3, "v128>i32", "i32x4.all_true i32x4.bitmask"),
  ...run(
    SIMD,
    0xa7,
    "v128>v128",
    each("i32x4", "extend_low_i16x8_s extend_high_i16x8_s extend_low_i16x8_u extend_high_i16x8_u"),
  ),
  ...run(SIMD, 0xab, "v128 i32>v128", each("i32x4", "shl shr_s shr_u")),
  ...run(SIMD, 0xae, "v128 v128>v128", each("i32x4", "add _ _ sub _ _ _ mul min_s min_u max_s max_u")),
  ...run(SIMD, 0xc3, "v128>i32", "i64x2.all_true i64x2.bitmask"),
  ...run(
    SIMD,
    0xc7,
    "v128>v128",
    each("i64x2", "extend_low_i32x4_s extend_high_i32x4_s extend_low_i32x4_u extend_high_i32x4_u"),
  ),
  ...run(SIMD, 0xcb, "v128 i32>v128", each("i64x2", "shl shr_s shr_u")),
  ...run(SIMD, 0xce, "v128 v128>v128", each("i64x2", "add _ _ sub _ _ _ mul eq ne lt_s gt_s le_s ge_s")),
  ...run(SIMD, 0xe0, "v128>v128", each("f32x4", "abs neg _ sqrt")),
  ...run(SIMD, 0xe4, "v128 v128>v128", each("f32x4", "add sub mul div min max pmin pmax")),
  ...run(SIMD, 0xec, "v128>v128", each("f64x2", "abs neg _ sqrt")),
  ...run(SIMD, 0xf0, "v128 v128>v128", each("f64x2", "add sub mul div min max pmin pmax")),
  ...run(
    SIMD,
    0xf8,
    "v128>v128",
    "i32x4.trunc_sat_f32x4_s i32x4.trunc_sat_f32x4_u f32x4.convert_i32x4_s f32x4.convert_i32x4_u",
  ),
  ...run(
    SIMD,
    0xfc,
    "v128>v128",
    "i32x4.trunc_sat_f64x2_s_zero i32x4.trunc_sat_f64x2_u_zero f64x2.convert_low_i32x4_s f64x2.convert_low_i32x4_u",
  ),
  // Relaxed SIMD: a·b + c and c - a·b with one rounding, where the engine has it.
  ...run(
    SIMD,
    0x105,
    "v128 v128 v128>v128",
    "f32x4.relaxed_madd f32x4.relaxed_nmadd f64x2.relaxed_madd f64x2.relaxed_nmadd",
  ),
];

/** Every instruction without immediate operands, by its name in the text format. */
export const opcodes: ReadonlyMap<string, Opcode> = new Map(list);

/** An instruction that reads or writes memory. */
export interface MemoryOpcode {
  readonly bytes: readonly number[];
  readonly type: ValueType;
  /** How many bytes it touches, a power of two: the alignment that it is promised. */
  readonly width: number;
  /** Atomic instructions trap where the promise of alignment is broken. */
  readonly atomic: boolean;
}

const memory = (bytes: readonly number[], type: ValueType, width: number, atomic = false): MemoryOpcode => ({
  bytes,
  type,
  width,
  atomic,
});

/** Loads, by name. */
export const loads: ReadonlyMap<string, MemoryOpcode> = new Map([
  ["i32.load", memory([0x28], "i32", 4)],
  ["i64.load", memory([0x29], "i64", 8)],
  ["f32.load", memory([0x2a], "f32", 4)],
  ["f64.load", memory([0x2b], "f64", 8)],
  ["i32.load8_u", memory([0x2d], "i32", 1)],
  ["v128.load", memory([SIMD, 0x00], "v128", 16)],
  ["v128.load8x8_u", memory([SIMD, 0x02], "v128", 8)],
  ["v128.load32x2_s", memory([SIMD, 0x05], "v128", 8)],
  ["v128.load8_splat", memory([SIMD, 0x07], "v128", 1)],
  ["v128.load32_splat", memory([SIMD, 0x09], "v128", 4)],
  ["v128.load64_splat", memory([SIMD, 0x0a], "v128", 8)],
  ["v128.load32_zero", memory([SIMD, 0x5c], "v128", 4)],
  ["v128.load64_zero", memory([SIMD, 0x5d], "v128", 8)],
  ["i32.atomic.load", memory([0xfe, 0x10], "i32", 4, true)],
]);

/** Stores, by name. */
export const stores: ReadonlyMap<string, MemoryOpcode> = new Map([
  ["i32.store", memory([0x36], "i32", 4)],
  ["i64.store", memory([0x37], "i64", 8)],
  ["f32.store", memory([0x38], "f32", 4)],
  ["f64.store", memory([0x39], "f64", 8)],
  ["i32.store8", memory([0x3a], "i32", 1)],
  ["v128.store", memory([SIMD, 0x0b], "v128", 16)],
  ["i32.atomic.store", memory([0xfe, 0x17], "i32", 4, true)],
]);

/** Atomic changes of what lies in memory, which give what lay there before, by name. */
export const readModifyWrites: ReadonlyMap<string, MemoryOpcode> = new Map([
  ["i32.atomic.rmw.add", memory([0xfe, 0x1e], "i32", 4, true)],
]);

/** Stores of one lane of a vector, by name. */
export const laneStores: ReadonlyMap<string, MemoryOpcode> = new Map([
  ["v128.store8_lane", memory([SIMD, 0x58], "v128", 1)],
  ["v128.store32_lane", memory([SIMD, 0x5a], "v128", 4)],
  ["v128.store64_lane", memory([SIMD, 0x5b], "v128", 8)],
]);

/** Reading one lane of a vector, by name: code, type of the lane, number of lanes. */
export const extracts: ReadonlyMap<string, readonly [code: number, type: ValueType, lanes: number]> = new Map([
  ["i8x16.extract_lane_u", [0x16, "i32", 16]],
  ["i32x4.extract_lane", [0x1b, "i32", 4]],
  ["i64x2.extract_lane", [0x1d, "i64", 2]],
  ["f32x4.extract_lane", [0x1f, "f32", 4]],
  ["f64x2.extract_lane", [0x21, "f64", 2]],
]);

/** Replacing one lane of a vector, by name. */
export const replacements: ReadonlyMap<string, readonly [code: number, type: ValueType, lanes: number]> = new Map([
  ["i32x4.replace_lane", [0x1c, "i32", 4]],
  ["f32x4.replace_lane", [0x20, "f32", 4]],
  ["f64x2.replace_lane", [0x22, "f64", 2]],
]);

/** The bytes of the types. */
export const typeBytes: Readonly<Record<ValueType, number>> = {
  i32: 0x7f,
  i64: 0x7e,
  f32: 0x7d,
  f64: 0x7c,
  v128: 0x7b,
};
