/** What the address keeps of this part: ε, by its exponent. */

export const ways = ["forward", "central", "complex"] as const;
export type Way = (typeof ways)[number];

/** The exponents of ε that are tried, four to a decade. */
export const exponents: readonly number[] = Array.from({ length: 65 }, (_, k) => -16 + k / 4);

/** What courses' checkers take where nothing is said. */
const FIRST = -7;

export function exponentOf(at: string): number {
  const said = at === "" ? FIRST : Number(at);
  return exponents.includes(said) ? said : FIRST;
}

export const atOf = (exponent: number): string => (exponent === FIRST ? "" : String(exponent));
