/** Numbers as the part shows them. */

const trimmed = (text: string): string =>
  text
    .replace("-", "−")
    .replace(/e\+?(-?)(\d+)$/, (_, sign: string, digits: string) => `e${sign === "" ? "" : "−"}${digits}`);

/** With so many significant digits. */
export function digits(x: number, count: number): string {
  if (!Number.isFinite(x)) return Number.isNaN(x) ? "NaN" : x > 0 ? "∞" : "−∞";
  if (x === 0) return "0";
  const size = Math.abs(x);
  return trimmed(
    size < 1e-4 || size >= 1e6
      ? x.toExponential(count - 1)
      : x
          .toPrecision(count)
          .replace(/(\.\d*?)0+(e|$)/, "$1$2")
          .replace(/\.(e|$)/, "$1"),
  );
}

export const shortNumber = (x: number): string => digits(x, 4);
export const longNumber = (x: number): string => digits(x, 10);

/** Microseconds, in the unit that reads best. */
export function time(micros: number): string {
  if (micros < 1000) return `${digits(micros, 3)} µs`;
  return micros < 1e6 ? `${digits(micros / 1000, 3)} ms` : `${digits(micros / 1e6, 3)} s`;
}
