/** Constants as people write them: small fractions, roots and logarithms of small numbers. */

/** How a constant is written, and how far-fetched it is. */
interface Constant {
  readonly text: string;
  readonly cost: number;
}

const fractionOf = (c: number, near: (x: number) => boolean, most: number): string | null => {
  for (let q = 1; q <= most; q++) {
    const p = Math.round(c * q);
    if (p !== 0 && Math.abs(p) <= 4096 && near(p / q)) return q === 1 ? String(p) : `${p}/${q}`;
  }
  return null;
};

/** The constant to a relative precision; what is no known number is written in digits. */
export function constantOf(c: number, precision: number): Constant {
  const near = (x: number): boolean => Math.abs(c - x) <= precision * Math.abs(x);
  const size = Math.abs(c);
  const sign = c < 0 ? "−" : "";
  if (near(1) || near(-1)) return { text: sign, cost: 0 };
  const positive = (x: number): boolean => Math.abs(size - x) <= precision * x;
  // Coarse numbers would find a fraction for everything.
  const fraction = fractionOf(size, positive, precision < 1e-5 ? 64 : 8);
  if (fraction !== null) return { text: `${sign}${fraction}`, cost: fraction.length > 3 ? 1 : 0.5 };
  for (let n = 2; n <= 64; n++) {
    if (positive(Math.sqrt(n))) return { text: `${sign}√${n}`, cost: 1 };
    if (positive(1 / Math.sqrt(n))) return { text: `${sign}1/√${n}`, cost: 1 };
  }
  for (let n = 4; n <= 40; n++) {
    if (positive(Math.log(n / 2))) return { text: `${sign}ln ${n / 2}`, cost: 1 };
    if (positive(1 / Math.log(n / 2))) return { text: `${sign}1/ln ${n / 2}`, cost: 1 };
  }
  return { text: `${sign}${Number(size.toPrecision(6))}`, cost: 2 };
}

/** A constant in front of a product: nothing for 1. */
export const before = (constant: string, product: string): string =>
  product === ""
    ? constant === "" || constant === "−"
      ? `${constant}1`
      : constant
    : constant === "" || constant === "−"
      ? `${constant}${product}`
      : `${constant} ${product}`;

/** Numbers of the problem that a constant may be made of: N samples, K outputs. */
export interface Meanings {
  readonly samples?: number;
  readonly outputs?: number;
}

/**
 * A constant to five digits as the small fraction that it is, with its meaning where it has one: 0.1666… = 1/6 = 1/N.
 */
export function rational(c: number, { samples = NaN, outputs = NaN }: Meanings): string {
  const near = (x: number): boolean => Math.abs(c - x) <= 1e-5 * Math.abs(x);
  const meanings: readonly (readonly [number, string])[] = [
    [samples, "N"],
    [1 / samples, "1/N"],
    [1 / outputs, "1/K"],
    [2 / outputs, "2/K"],
    [outputs, "K"],
  ];
  const meaning = meanings.find(([x]) => x !== 1 && near(x));
  const fraction = fractionOf(c, near, 64);
  if (fraction === null) return meaning?.[1] ?? String(Number(c.toPrecision(9)));
  return meaning === undefined ? fraction : `${fraction} = ${meaning[1]}`;
}
