/** The types of number that a kernel may work in: rounding to them, and what an error in them is allowed to be. */

/** The type of a kernel's numbers. */
export type KernelType = "float64" | "float32" | "float16" | "bfloat16";

/** Half the gap between 1 and the next number. */
export const unitOf: Readonly<Record<KernelType, number>> = {
  float64: 2 ** -53,
  float32: 2 ** -24,
  float16: 2 ** -11,
  bfloat16: 2 ** -8,
};

/** x with `bits` bits of significand, ties to even; `lowest` is the exponent below which the gaps stop shrinking. */
function toBits(x: number, bits: number, lowest: number): number {
  if (x === 0 || !Number.isFinite(x)) return x;
  const exponent = Math.max(Math.floor(Math.log2(Math.abs(x))), lowest);
  const gap = 2 ** (exponent - bits + 1);
  const steps = x / gap;
  const below = Math.floor(steps);
  const rest = steps - below;
  return (rest > 0.5 || (rest === 0.5 && below % 2 !== 0) ? below + 1 : below) * gap;
}

/** The number of this type next to x. */
export function roundTo(type: KernelType, x: number): number {
  switch (type) {
    case "float64":
      return x;
    case "float32":
      return Math.fround(x);
    case "float16": {
      const near = toBits(x, 11, -14);
      return Math.abs(near) > 65504 ? Math.sign(near) * Infinity : near;
    }
    case "bfloat16":
      return toBits(x, 8, -126);
  }
}
