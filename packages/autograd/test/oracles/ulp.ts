// Distance in units in the last place: how many representable numbers lie between two floats.

const float64 = new Float64Array(1);
const bits64 = new BigInt64Array(float64.buffer);
const float32 = new Float32Array(1);
const bits32 = new Int32Array(float32.buffer);

/** Position of a float64 on the line of all float64 values; both zeros are at 0. */
const position64 = (x: number): bigint => {
  float64[0] = x;
  const bits = bits64[0]!;
  return bits < 0n ? -(bits & 0x7fffffffffffffffn) : bits;
};

const position32 = (x: number): number => {
  float32[0] = x;
  const bits = bits32[0]!;
  return bits < 0 ? -(bits & 0x7fffffff) : bits;
};

/** Non-finite values are compared by identity before any distance: an infinity is near nothing but itself. */
const distance = (a: number, b: number, between: (a: number, b: number) => number): number => {
  if (Object.is(a, b)) return 0;
  return Number.isFinite(a) && Number.isFinite(b) ? between(a, b) : Infinity;
};

const absolute = (n: bigint): bigint => (n < 0n ? -n : n);

export const ulpDistance = (a: number, b: number): number =>
  distance(a, b, (p, q) => Number(absolute(position64(p) - position64(q))));

/** Both arguments are rounded to float32 first. */
export const ulpDistance32 = (a: number, b: number): number =>
  distance(Math.fround(a), Math.fround(b), (p, q) => Math.abs(position32(p) - position32(q)));
