// Arrays as NumPy and PyTorch print them, number by number: what a person copies.
import type { NumberArray, Printer } from "../../../src/handcheck/intake/given.ts";
import type { Rows } from "../plain.ts";

export type Printing = "full" | "float32" | "numpy" | "precision=4" | "torch" | "3 digits";
export const printings: readonly Printing[] = ["full", "float32", "numpy", "precision=4", "torch", "3 digits"];

/** The shortest digits that tell a number from all others of its type, and the exponent of the first. */
function shortest(x: number, single: boolean): { readonly digits: string; readonly exponent: number } {
  const size = Math.abs(x);
  let text = size.toExponential();
  // Nine digits tell all numbers of float32 apart.
  if (single)
    for (let count = 0; count < 9; count++) if (Math.fround(Number((text = size.toExponential(count)))) === size) break;
  const [mantissa = "", exponent] = text.split("e");
  return { digits: mantissa.replace(".", ""), exponent: Number(exponent) };
}

/** How many decimals the number needs to be told from all others, with an exponent or without, up to `most`. */
function needed(x: number, most: number, single: boolean, scientific: boolean): number {
  if (x === 0) return 0;
  const { digits, exponent } = shortest(x, single);
  const count = Math.min(most, Math.max(0, scientific ? digits.length - 1 : digits.length - 1 - exponent));
  const [mantissa = ""] = (scientific ? x.toExponential(count) : x.toFixed(count)).split("e");
  return count === 0 ? 0 : mantissa.replace(/0+$/, "").split(".")[1]!.length;
}

/** NumPy's own rule of when an exponent is written. */
function wantsExponent(sizes: readonly number[]): boolean {
  const [most, least] = [Math.max(0, ...sizes), Math.min(Infinity, ...sizes)];
  return sizes.length > 0 && (most >= 1e8 || least < 1e-4 || most / least > 1000);
}

const twoPlaces = (text: string): string => text.replace(/e([-+])(\d)$/, "e$10$2");
const withPoint = (text: string): string => (text.includes(".") ? text : text.replace(/(?=e|$)/, "."));

function numpy(entries: readonly number[], precision: number, single: boolean): string[] {
  const scientific = wantsExponent(entries.map(Math.abs).filter((x) => x > 0));
  const each = entries.map((x) => needed(x, precision, single, scientific));
  if (!scientific) return entries.map((x, i) => withPoint(x.toFixed(each[i])));
  // With exponents all have as many as the longest needs.
  const decimals = Math.max(...each);
  return entries.map((x) => twoPlaces(withPoint(x.toExponential(decimals))));
}

function torch(entries: readonly number[]): string[] {
  if (entries.every(Number.isInteger)) return entries.map((x) => `${x}.`);
  const sizes = entries.map(Math.abs).filter((x) => x > 0);
  const [most, least] = [Math.max(...sizes), Math.min(...sizes)];
  const scientific = most / least > 1000 || most > 1e8 || least < 1e-4;
  return entries.map((x) => (scientific ? twoPlaces(x.toExponential(4)) : x.toFixed(4)));
}

function textsOf(entries: readonly number[], how: Printing, single: boolean): string[] {
  switch (how) {
    case "full":
      return entries.map(String);
    case "float32":
    case "numpy":
      return numpy(entries, 8, single);
    case "precision=4":
      return numpy(entries, 4, single);
    case "torch":
      return torch(entries);
    case "3 digits":
      return entries.map((x) => (x === 0 ? "0" : String(Number(x.toPrecision(3)))));
  }
}

const printer: Readonly<Record<Printing, Printer>> = {
  full: "json",
  float32: "numpy",
  numpy: "numpy",
  "precision=4": "numpy",
  torch: "torch",
  "3 digits": "text",
};

/** Rows as they are printed. */
export function printed(rows: Rows, how: Printing, single = false): NumberArray {
  const texts = textsOf(rows.flat(), how, single);
  return {
    kind: "numbers",
    shape: [rows.length, rows[0]!.length],
    data: Float64Array.from(texts, Number),
    texts,
    printer: printer[how],
    type: null,
  };
}
