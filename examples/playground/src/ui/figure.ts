/** Numbers as short as a drawing or a cell of a table has room for. */

const minus = (text: string): string => text.replace(/-/g, "−");

/** At most six characters: 0.73, −1.2, 3.1e−4. */
export function figureText(value: number): string {
  if (!Number.isFinite(value)) return Number.isNaN(value) ? "NaN" : value > 0 ? "∞" : "−∞";
  const size = Math.abs(value);
  if (size === 0) return "0";
  if (size < 0.005) return minus(value.toExponential(size < 1e-9 ? 0 : 1));
  return size < 99.995
    ? minus(value.toFixed(2))
    : size < 9999.5
      ? minus(value.toFixed(0))
      : minus(value.toExponential(1).replace("e+", "e"));
}

/** So many significant digits, four where nothing is said. */
export function valueText(value: number, digits = 4): string {
  if (!Number.isFinite(value)) return figureText(value);
  const short = Number(value.toPrecision(digits));
  const size = Math.abs(short);
  if (size !== 0 && size < 1e-3)
    return minus(
      String(Number(short.toExponential(digits - 1).split("e")[0])) + short.toExponential().replace(/^[^e]*/, ""),
    );
  return minus(String(short).replace("e+", "e"));
}
