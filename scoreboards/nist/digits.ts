/** How many digits numbers share with what is certified. */

/** What is certified has eleven digits. */
const CERTIFIED = 11;

/** The digits that the worst of several numbers has. */
export function digitsOf(given: readonly number[], certified: readonly number[]): number {
  let digits = CERTIFIED;
  certified.forEach((exact, k) => {
    const error = Math.abs(given[k]! / exact - 1);
    digits = Math.min(digits, Number.isFinite(error) ? Math.max(0, -Math.log10(error)) : 0);
  });
  return digits;
}
